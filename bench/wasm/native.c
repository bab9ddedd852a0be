/* native.c - the native time for bench/wasm/run: raw interleaved stereo floats at 44.1 kHz in, one number
 * out: the milliseconds of processor time that the best of some rounds took from the first sample to the
 * features.
 *
 *   bench-wasm FILE ROUNDS */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <listening.h>

enum { RATE_HZ = 44100, CHANNELS = 2 };

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static float *read_all(const char *path, size_t *frames) {
    FILE *file = fopen(path, "rb");
    long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    float *samples = size > 0 ? malloc((size_t)size) : NULL;
    *frames = samples ? (size_t)size / sizeof(float) / CHANNELS : 0;
    if (samples) {
        rewind(file);
        *frames = fread(samples, sizeof(float) * CHANNELS, *frames, file);
    }
    if (file)
        fclose(file);
    return samples;
}

int main(int argc, char **argv) {
    size_t frames = 0;
    struct li_analyzer *analyzer = NULL;
    struct li_error err = {0};
    float *samples = argc == 3 ? read_all(argv[1], &frames) : NULL;
    if (!samples || li_analyzer_new(RATE_HZ, CHANNELS, &analyzer, &err)) {
        fprintf(stderr, "usage: bench-wasm FILE ROUNDS\n");
        free(samples);
        return 2;
    }
    double best_ms = 1e9;
    for (long round = strtol(argv[2], NULL, 10); round > 0; round--) {
        struct li_analysis heard;
        double start_ms = now_ms();
        li_analyzer_push(analyzer, samples, frames);
        if (li_analyzer_finish(analyzer, &heard, &err)) {
            fprintf(stderr, "bench-wasm: %s\n", err.message);
            break;
        }
        double took_ms = now_ms() - start_ms;
        best_ms = took_ms < best_ms ? took_ms : best_ms;
    }
    printf("%.4f\n", best_ms);
    li_analyzer_free(analyzer);
    free(samples);
    return 0;
}
