/* The analyser on raw floats: a byte for the rate, one for the channels, one for the block size, then samples
 * as they come, repeated until there are three seconds of them. What comes out is finite or unknown, within
 * its range, the same twice, and the same whatever the blocks. */
#include <math.h>
#include <string.h>

#include <listening.h>

#include "target.h"

static void check_analysis(const struct li_analysis *heard) {
    for (size_t i = 0; i < LI_FEATURE_COUNT; i++) {
        double value = heard->features.value[i], confidence = heard->confidence[i];
        check(!isinf(value) && isnan(value) == isnan(confidence));
        check(isnan(confidence) || (confidence >= 0 && confidence <= 1));
        if (i < LI_LOUDNESS || i == LI_MODE)
            check(isnan(value) || (value >= 0 && value <= 1));
    }
    check(heard->key >= -1 && heard->key < 12);
    check(heard->time_signature == 0 || heard->time_signature == 3 || heard->time_signature == 4);
    check(!isinf(heard->peak_dbfs) && !isinf(heard->loudness_range_lu) && !isinf(heard->onset_rate_hz));
}

static bool same(const struct li_analysis *a, const struct li_analysis *b) {
    return memcmp(&a->features, &b->features, sizeof a->features) == 0 && a->key == b->key &&
           memcmp(a->confidence, b->confidence, sizeof a->confidence) == 0;
}

/* False for samples that are refused: those far beyond full scale. */
static bool analyze(struct li_analyzer *analyzer, const float *samples, size_t frames, size_t channels,
                    size_t block, struct li_analysis *out) {
    for (size_t at = 0; at < frames; at += block)
        li_analyzer_push(analyzer, samples + at * channels, frames - at < block ? frames - at : block);
    enum li_status status = li_analyzer_finish(analyzer, out, NULL);
    check(status == LI_OK || status == LI_INVALID);
    if (!status)
        check_analysis(out);
    return !status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int rates_hz[] = {8000, 8001, 11025, 16000, 22050, 31999, 44100, 192000};
    if (size < 3 + sizeof(float))
        return 0;
    int rate_hz = rates_hz[data[0] % 8];
    size_t channels = 1 + data[1] % (rate_hz > 44100 ? 2 : LI_CHANNELS_MAX), block = 1 + data[2] * 37u;
    size_t frames = (size_t)rate_hz * 3 + 100, given = (size - 3) / sizeof(float);
    float *samples = malloc(frames * channels * sizeof *samples);
    check(samples != NULL);
    for (size_t i = 0; i < frames * channels; i++)
        memcpy(&samples[i], data + 3 + i % given * sizeof(float), sizeof(float));
    struct li_analyzer *analyzer = NULL;
    struct li_analysis first, second;
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    check(li_analyzer_new(rate_hz, (int)channels, &analyzer, NULL) == LI_OK);
    bool heard = analyze(analyzer, samples, frames, channels, block, &first);
    check(analyze(analyzer, samples, frames, channels, frames, &second) == heard);
    check(!heard || same(&first, &second));
    li_analyzer_free(analyzer);
    free(samples);
    return 0;
}
