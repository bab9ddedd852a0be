/* loudness.c - our loudness beside libebur128's, on the same samples.
 *
 *     bench-loudness           sounds made here after EBU Tech 3341 and 3342
 *     bench-loudness FILE...   files that libsndfile reads
 *
 * Prints a line for each: name, ours, libebur128's and their difference in LU, then the same of the loudness
 * range. A sound in one channel counts as the same sound from two speakers, here and there.
 */
#include <ebur128.h>
#include <listening.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FRAMES = 4096, PARTS_MAX = 5 };

/* Both meters side by side. */
struct meters {
    struct li_analyzer *ours;
    ebur128_state *theirs;
};

/* A sound in parts: each with its length and the level of a tone. */
struct vector {
    const char *name;
    int rate_hz, channels;
    double tone_hz; /* 0: white noise */
    struct {
        double seconds, dbfs;
    } part[PARTS_MAX];
};

static const struct vector vectors[] = {
    {"3341-1: 1 kHz, -23 dBFS", 48000, 2, 1000, {{20, -23}}},
    {"3341-2: 1 kHz, -33 dBFS", 48000, 2, 1000, {{20, -33}}},
    {"3341-3: gate, -36 -23 -36", 48000, 2, 1000, {{10, -36}, {60, -23}, {10, -36}}},
    {"3341-4: gate, -72 -36 -23 -36 -72",
     48000,
     2,
     1000,
     {{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}}},
    {"3341-5: gate, -26 -20 -26", 48000, 2, 1000, {{20, -26}, {20.1, -20}, {20, -26}}},
    {"1 kHz at 44.1 kHz", 44100, 2, 1000, {{20, -23}}},
    {"1 kHz at 32 kHz", 32000, 2, 1000, {{20, -23}}},
    {"1 kHz at 22.05 kHz", 22050, 2, 1000, {{20, -23}}},
    {"1 kHz at 96 kHz", 96000, 2, 1000, {{20, -23}}},
    {"100 Hz at 48 kHz", 48000, 2, 100, {{20, -23}}},
    {"8 kHz at 44.1 kHz", 44100, 2, 8000, {{20, -23}}},
    {"1 kHz in one channel", 44100, 1, 1000, {{20, -23}}},
    {"white noise", 44100, 2, 0, {{20, -20}}},
    {"3342-1: range 10, -20 -30", 48000, 2, 1000, {{20, -20}, {20, -30}}},
    {"3342-2: range 5, -20 -15", 48000, 2, 1000, {{20, -20}, {20, -15}}},
    {"3342-3: range 20, -40 -20", 48000, 2, 1000, {{20, -40}, {20, -20}}},
    {"3342-4: range 15, -50 -35 -20 -35 -50",
     48000,
     2,
     1000,
     {{20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}}},
};

static int open_meters(struct meters *meters, int rate_hz, int channels) {
    struct li_error err = {0};
    if (li_analyzer_new(rate_hz, channels, &meters->ours, &err) != LI_OK) {
        fprintf(stderr, "bench-loudness: %s\n", err.message);
        return 1;
    }
    meters->theirs =
        ebur128_init((unsigned)channels, (unsigned long)rate_hz, EBUR128_MODE_I | EBUR128_MODE_LRA);
    if (channels == 1)
        ebur128_set_channel(meters->theirs, 0, EBUR128_DUAL_MONO);
    return 0;
}

static void push(struct meters *meters, const float *samples, size_t frames) {
    li_analyzer_push(meters->ours, samples, frames);
    if (ebur128_add_frames_float(meters->theirs, samples, frames) != EBUR128_SUCCESS)
        fprintf(stderr, "bench-loudness: libebur128 is out of memory\n");
}

static void print_and_close(struct meters *meters, const char *name) {
    struct li_analysis heard;
    struct li_error err = {0};
    double loudness = NAN, range = NAN;
    ebur128_loudness_global(meters->theirs, &loudness);
    ebur128_loudness_range(meters->theirs, &range);
    if (li_analyzer_finish(meters->ours, &heard, &err) == LI_OK) {
        double ours = heard.features.value[LI_LOUDNESS];
        printf("%s\t%.3f\t%.3f\t%.3f\t%.2f\t%.2f\t%.2f\n", name, ours, loudness, ours - loudness,
               heard.loudness_range_lu, range, heard.loudness_range_lu - range);
    } else {
        printf("%s\terror\t%s\n", name, err.message);
    }
    li_analyzer_free(meters->ours);
    ebur128_destroy(&meters->theirs);
}

/* Numerical Recipes' quick generator: enough for noise. */
static double noise(unsigned *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state / 2147483648.0 - 1;
}

static int measure_vector(const struct vector *vector) {
    static float block[BLOCK_FRAMES * 2];
    struct meters meters;
    unsigned state = 1;
    long at = 0;
    if (open_meters(&meters, vector->rate_hz, vector->channels) != 0)
        return 1;
    for (int p = 0; p < PARTS_MAX && vector->part[p].seconds > 0; p++) {
        double level = pow(10, vector->part[p].dbfs / 20);
        long left = lround(vector->part[p].seconds * vector->rate_hz);
        while (left > 0) {
            long frames = left < BLOCK_FRAMES ? left : BLOCK_FRAMES;
            for (long i = 0; i < frames; i++, at++) {
                double phase = 2 * M_PI * vector->tone_hz * (double)at / vector->rate_hz;
                double sample = level * (vector->tone_hz > 0 ? sin(phase) : noise(&state));
                for (int c = 0; c < vector->channels; c++)
                    block[i * vector->channels + c] = (float)sample;
            }
            push(&meters, block, (size_t)frames);
            left -= frames;
        }
    }
    print_and_close(&meters, vector->name);
    return 0;
}

static int measure_file(const char *path) {
    SF_INFO info = {0};
    struct meters meters;
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file) {
        fprintf(stderr, "bench-loudness: libsndfile cannot read %s\n", path);
        return 1;
    }
    float *block = malloc(sizeof *block * BLOCK_FRAMES * (size_t)info.channels);
    int failed = !block || open_meters(&meters, info.samplerate, info.channels);
    if (!failed) {
        sf_count_t frames;
        while ((frames = sf_readf_float(file, block, BLOCK_FRAMES)) > 0)
            push(&meters, block, (size_t)frames);
        const char *slash = strrchr(path, '/');
        print_and_close(&meters, slash ? slash + 1 : path);
    }
    free(block);
    sf_close(file);
    return failed;
}

int main(int argc, char **argv) {
    int failed = 0;
    if (argc == 1)
        for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
            failed |= measure_vector(&vectors[i]);
    for (int i = 1; i < argc; i++)
        failed |= measure_file(argv[i]);
    return failed;
}
