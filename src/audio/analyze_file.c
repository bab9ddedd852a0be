/* analyze_file.c - decodes a sound in blocks and gives them to the analyser. */
#include "audio/analyze_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio.h"

enum {
    BLOCK_SAMPLES = 8192, /* 32 KiB: stays in the first cache levels */
};

/* A file that is so much shorter than its header says was cut. Estimates of headers are allowed to err. */
static const double SHORT_SHARE = 0.95, SHORT_S = 1;

struct li_measurer {
    struct li_analyzer *analyzer; /* of the last format, or NULL */
    int rate_hz, channels;
    float block[BLOCK_SAMPLES];
};

struct li_measurer *li_measurer_new(void) {
    return calloc(1, sizeof(struct li_measurer));
}

void li_measurer_free(struct li_measurer *measurer) {
    if (measurer)
        li_analyzer_free(measurer->analyzer);
    free(measurer);
}

const struct li_analyzer *li_measurer_analyzer(const struct li_measurer *measurer) {
    return measurer->analyzer;
}

/* Sees to it that there is an analyser for this format, without anything of an earlier sound in it. */
static enum li_status make_ready(struct li_measurer *measurer, const struct li_sound *sound,
                                 struct li_error *err) {
    if (measurer->analyzer && measurer->rate_hz == sound->rate_hz && measurer->channels == sound->channels)
        return LI_OK;
    li_analyzer_free(measurer->analyzer);
    measurer->analyzer = NULL;
    measurer->rate_hz = sound->rate_hz;
    measurer->channels = sound->channels;
    return li_analyzer_new(sound->rate_hz, sound->channels, &measurer->analyzer, err);
}

static enum li_status push_all(struct li_measurer *measurer, struct li_decoder *decoder, double *heard_s,
                               struct li_error *err) {
    size_t frames_max = BLOCK_SAMPLES / (size_t)measurer->channels, frames = 0;
    unsigned long long heard = 0;
    enum li_status status;
    while (!(status = li_decoder_read(decoder, measurer->block, frames_max, &frames, err)) && frames) {
        li_analyzer_push(measurer->analyzer, measurer->block, frames);
        heard += frames;
    }
    *heard_s = (double)heard / measurer->rate_hz;
    return status;
}

static bool breaks_off(const struct li_sound *sound, double heard_s) {
    return sound->cut || (heard_s < sound->promised_s * SHORT_SHARE && heard_s < sound->promised_s - SHORT_S);
}

static void warn(const struct li_sound *sound, struct li_measured *out, double heard_s) {
    if (!isfinite(out->analysis.features.value[LI_LOUDNESS]))
        snprintf(out->warning, sizeof out->warning, "this is silence; there is nothing to measure");
    else if (breaks_off(sound, heard_s))
        snprintf(out->warning, sizeof out->warning,
                 "this file breaks off; the numbers are those of the %.1f seconds that are there", heard_s);
}

/* Measures and frees the decoder. An analyser that has heard half a sound is of no more use. */
static enum li_status measure(struct li_measurer *measurer, struct li_decoder *decoder,
                              struct li_measured *out, struct li_error *err) {
    struct li_measured found = {0};
    const struct li_sound *sound = li_decoder_sound(decoder);
    double heard_s = 0;
    enum li_status status = make_ready(measurer, sound, err);
    if (!status)
        status = push_all(measurer, decoder, &heard_s, err);
    if (!status && heard_s <= 0)
        status = li_fail(err, LI_INVALID, "there is no sound in this %s file", sound->format);
    if (!status)
        status = li_analyzer_finish(measurer->analyzer, &found.analysis, err);
    if (status == LI_INVALID && heard_s > 0 && heard_s < LI_SHORTEST_S && breaks_off(sound, heard_s))
        status =
            li_fail(err, LI_INVALID, "this file breaks off after %.1f seconds of sound; three are needed",
                    floor(heard_s * 10) / 10);
    if (status) {
        li_analyzer_free(measurer->analyzer);
        measurer->analyzer = NULL;
    } else {
        memcpy(found.title, sound->title, sizeof found.title);
        memcpy(found.artist, sound->artist, sizeof found.artist);
        found.format = sound->format;
        warn(sound, &found, heard_s);
        *out = found;
    }
    li_decoder_free(decoder);
    return status;
}

enum li_status li_measurer_file(struct li_measurer *measurer, const char *path, struct li_measured *out,
                                struct li_error *err) {
    struct li_decoder *decoder = NULL;
    enum li_status status = li_decoder_open_file(path, &decoder, err);
    return status ? status : measure(measurer, decoder, out, err);
}

enum li_status li_measurer_bytes(struct li_measurer *measurer, const void *bytes, size_t size,
                                 struct li_measured *out, struct li_error *err) {
    struct li_decoder *decoder = NULL;
    enum li_status status = li_decoder_open_bytes(bytes, size, &decoder, err);
    return status ? status : measure(measurer, decoder, out, err);
}

/* One sound with a measurer of its own; path or bytes. */
static enum li_status measure_once(const char *path, const void *bytes, size_t size, struct li_measured *out,
                                   struct li_error *err) {
    struct li_measurer *measurer = li_measurer_new();
    if (!measurer)
        return li_fail(err, LI_NO_MEMORY, "no memory to analyse a sound");
    enum li_status status = path ? li_measurer_file(measurer, path, out, err)
                                 : li_measurer_bytes(measurer, bytes, size, out, err);
    li_measurer_free(measurer);
    return status;
}

enum li_status li_measure_bytes(const void *bytes, size_t size, struct li_measured *out,
                                struct li_error *err) {
    return measure_once(NULL, bytes, size, out, err);
}

enum li_status li_analyze_file(const char *path, struct li_analysis *out, struct li_error *err) {
    struct li_measured measured;
    enum li_status status = measure_once(path, NULL, 0, &measured, err);
    if (!status)
        *out = measured.analysis;
    return status;
}

enum li_status li_analyze_bytes(const void *bytes, size_t size, struct li_analysis *out,
                                struct li_error *err) {
    struct li_measured measured;
    enum li_status status = measure_once(NULL, bytes, size, &measured, err);
    if (!status)
        *out = measured.analysis;
    return status;
}
