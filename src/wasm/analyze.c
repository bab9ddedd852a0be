/* analyze.c - the analyser behind a block of rows: a browser hands sound out one channel at a time, and the
 * analyser wants it interleaved. */
#include <stdio.h>
#include <stdlib.h>

#include "wasm/wasm.h"

struct li_wasm_analyzer {
    struct li_analyzer *analyzer;
    size_t channels;
    float *rows, *interleaved; /* LI_WASM_BLOCK_FRAMES a channel each; of one channel the same block */
};

void *li_wasm_alloc(size_t bytes) {
    return calloc(1, bytes ? bytes : 1);
}

void li_wasm_free(void *memory) {
    free(memory);
}

static enum li_status say(char *message, enum li_status status, const char *text) {
    snprintf(message, LI_WASM_MESSAGE_BYTES, "%s", text);
    return status;
}

enum li_status li_wasm_analyzer_new(int rate_hz, int channels, struct li_wasm_analyzer **out, char *message) {
    struct li_analyzer *analyzer = NULL;
    struct li_error err = {0};
    enum li_status status = li_analyzer_new(rate_hz, channels, &analyzer, &err);
    if (status)
        return say(message, status, err.message);
    struct li_wasm_analyzer *made = calloc(1, sizeof *made);
    if (made) {
        made->analyzer = analyzer;
        made->channels = (size_t)channels;
        made->rows = calloc(LI_WASM_BLOCK_FRAMES * made->channels, sizeof(float));
        made->interleaved =
            channels == 1 ? made->rows : calloc(LI_WASM_BLOCK_FRAMES * made->channels, sizeof(float));
    }
    if (made && made->rows && made->interleaved) {
        *out = made;
        return LI_OK;
    }
    if (made)
        li_wasm_analyzer_free(made);
    else
        li_analyzer_free(analyzer);
    return say(message, LI_NO_MEMORY, "there is no memory for an analyser of sound");
}

void li_wasm_analyzer_free(struct li_wasm_analyzer *analyzer) {
    if (!analyzer)
        return;
    li_analyzer_free(analyzer->analyzer);
    if (analyzer->interleaved != analyzer->rows)
        free(analyzer->interleaved);
    free(analyzer->rows);
    free(analyzer);
}

float *li_wasm_analyzer_block(struct li_wasm_analyzer *analyzer) {
    return analyzer->rows;
}

static void interleave_pair(const float *restrict a, const float *restrict b, size_t frames,
                            float *restrict out) {
    for (size_t i = 0; i < frames; i++) {
        out[2 * i] = a[i];
        out[2 * i + 1] = b[i];
    }
}

static void interleave(const float *rows, size_t channels, size_t frames, float *out) {
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < frames; i++)
            out[i * channels + c] = rows[c * LI_WASM_BLOCK_FRAMES + i];
}

void li_wasm_analyzer_push(struct li_wasm_analyzer *analyzer, size_t frames) {
    const float *rows = analyzer->rows;
    if (frames > LI_WASM_BLOCK_FRAMES)
        frames = LI_WASM_BLOCK_FRAMES;
    if (analyzer->channels == 2) /* most music; this loop vectorises */
        interleave_pair(rows, rows + LI_WASM_BLOCK_FRAMES, frames, analyzer->interleaved);
    else if (analyzer->channels > 2)
        interleave(rows, analyzer->channels, frames, analyzer->interleaved);
    li_analyzer_push(analyzer->analyzer, analyzer->interleaved, frames);
}

enum li_status li_wasm_analyzer_finish(struct li_wasm_analyzer *analyzer, struct li_wasm_analysis *out,
                                       char *message) {
    struct li_analysis heard;
    struct li_error err = {0};
    enum li_status status = li_analyzer_finish(analyzer->analyzer, &heard, &err);
    if (status)
        return say(message, status, err.message);
    for (size_t i = 0; i < LI_FEATURE_COUNT; i++) {
        out->feature[i] = heard.features.value[i];
        out->confidence[i] = heard.confidence[i];
    }
    out->duration_s = heard.duration_s;
    out->key = heard.key;
    out->key_confidence = heard.key_confidence;
    out->time_signature = heard.time_signature;
    out->time_signature_confidence = heard.time_signature_confidence;
    out->tempo_alternative_bpm = heard.tempo_alternative_bpm;
    out->onset_rate_hz = heard.onset_rate_hz;
    out->loudness_range_lu = heard.loudness_range_lu;
    out->peak_dbfs = heard.peak_dbfs;
    out->tuning_hz = heard.tuning_hz;
    out->calibrated = heard.calibrated;
    return LI_OK;
}
