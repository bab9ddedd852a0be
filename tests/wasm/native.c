/* native.c - what the native library says of sounds, in full precision, for the tests of WebAssembly beside
 * it.
 *
 *   wasm-native < LINES      each line is "raw RATE CHANNELS FILE" (interleaved floats) or "file FILE"
 *
 * One JSON line for each, and one for the profile of all that could be measured. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <listening.h>

#include "wasm/wasm.h"

enum { TRACKS_MAX = 256, LINE_BYTES = 4200 };

static void print_numbers(const char *name, const double *value, size_t count, const char *end) {
    printf("\"%s\":[", name);
    for (size_t i = 0; i < count; i++)
        printf(isfinite(value[i]) ? "%s%.17g" : "%snull", i ? "," : "", value[i]);
    printf("]%s", end);
}

static enum li_status analyze_raw(int rate_hz, int channels, const char *path, struct li_analysis *out,
                                  struct li_error *err) {
    struct li_analyzer *analyzer = NULL;
    enum li_status status = li_analyzer_new(rate_hz, channels, &analyzer, err);
    if (status)
        return status;
    FILE *file = fopen(path, "rb");
    float block[LI_CHANNELS_MAX * 1000];
    size_t frames = 0;
    while (file && (frames = fread(block, sizeof(float) * (size_t)channels, 1000, file)) > 0)
        li_analyzer_push(analyzer, block, frames);
    if (file)
        fclose(file);
    status = li_analyzer_finish(analyzer, out, err);
    li_analyzer_free(analyzer);
    return status;
}

static void print_track(const struct li_analysis *heard) {
    struct li_reading reading;
    const double numbers[] = {
        heard->duration_s,
        heard->key,
        heard->key_confidence,
        heard->time_signature,
        heard->time_signature_confidence,
        heard->tempo_alternative_bpm,
        heard->onset_rate_hz,
        heard->loudness_range_lu,
        heard->peak_dbfs,
        heard->tuning_hz,
        heard->calibrated,
    };
    li_emotion_read(&heard->features, &reading);
    putchar('{');
    print_numbers("feature", heard->features.value, LI_FEATURE_COUNT, ",");
    print_numbers("confidence", heard->confidence, LI_FEATURE_COUNT, ",");
    print_numbers("numbers", numbers, sizeof numbers / sizeof *numbers, ",");
    printf("\"emotions\":{");
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++)
        printf("%s\"%s\":%.17g", i ? "," : "", li_emotion_at(i)->id, reading.p[i]);
    printf("},");
    print_numbers("mood", (double[]){reading.pleasantness, reading.activation}, 2, "}\n");
}

static int print_profile(const double *features, size_t count) {
    static struct li_wasm_reading readings[TRACKS_MAX];
    static struct li_wasm_profile profile;
    char message[LI_WASM_MESSAGE_BYTES];
    if (li_wasm_profile(features, count, readings, &profile, message)) {
        fprintf(stderr, "wasm-native: %s\n", message);
        return 1;
    }
    putchar('{');
    print_numbers("score", profile.score, LI_EMOTION_COUNT, ",");
    print_numbers("order", profile.order, LI_EMOTION_COUNT, ",");
    print_numbers("facts", &profile.confidence, 5, ",");
    print_numbers("mean", profile.mean, LI_FEATURE_COUNT, ",");
    print_numbers("spread", profile.spread, LI_FEATURE_COUNT, ",");
    printf("\"en\":\"%s\",\"fr\":\"%s\"}\n", profile.description[LI_LANG_EN],
           profile.description[LI_LANG_FR]);
    return 0;
}

int main(void) {
    static double features[TRACKS_MAX * LI_FEATURE_COUNT];
    size_t count = 0;
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, stdin)) {
        struct li_analysis heard;
        struct li_error err = {0};
        int rate_hz = 0, channels = 0, path = 0;
        line[strcspn(line, "\n")] = '\0';
        enum li_status status = LI_INVALID;
        if (sscanf(line, "raw %d %d %n", &rate_hz, &channels, &path) == 2 && path)
            status = analyze_raw(rate_hz, channels, line + path, &heard, &err);
        else if (strncmp(line, "file ", 5) == 0)
            status = li_analyze_file(line + 5, &heard, &err);
        if (status) {
            printf("{\"error\":\"%s\"}\n", err.message);
            continue;
        }
        print_track(&heard);
        if (isfinite(heard.features.value[LI_LOUDNESS]) && count < TRACKS_MAX)
            memcpy(features + count++ * LI_FEATURE_COUNT, heard.features.value, sizeof heard.features.value);
    }
    return count ? print_profile(features, count) : 0;
}
