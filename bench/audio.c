/* audio.c - what everything costs beside decoding alone, in processor time of one thread.
 *
 *     bench-audio ROUNDS FILE...
 *
 * For each file, in turns: the decoding library alone (the same library, the same options, samples thrown
 * away), a measurer that is kept, as `listening analyze` has one in each thread, and li_analyze_file, which
 * makes everything anew. Prints name, seconds of sound, the median milliseconds of the three, the median of
 * the rounds' ratios of the second to the first, the least and the greatest of them, and the median ratio of
 * the third. MP3 is decoded by libmpg123, Ogg Vorbis by libvorbis, all else by libsndfile, as src/audio/
 * does.
 */
#include <mpg123.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <vorbis/vorbisfile.h>

#include "audio/analyze_file.h"

enum { ROUNDS_MAX = 1001, BLOCK_BYTES = 1 << 15 };

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

static int decode_mp3(const char *path) {
    static unsigned char block[BLOCK_BYTES];
    int failed = 1, status = MPG123_ERR;
    mpg123_handle *handle = mpg123_new(NULL, NULL);
    if (!handle)
        return 1;
    mpg123_param(handle, MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_GAPLESS | MPG123_FORCE_FLOAT, 0);
    if (mpg123_open(handle, path) == MPG123_OK) {
        size_t done;
        do
            status = mpg123_read(handle, block, sizeof block, &done);
        while (status == MPG123_OK || status == MPG123_NEW_FORMAT);
        failed = status != MPG123_DONE;
    }
    mpg123_delete(handle);
    return failed;
}

static int decode_other(const char *path) {
    static float block[BLOCK_BYTES / sizeof(float)];
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file)
        return 1;
    sf_count_t frames = (sf_count_t)(sizeof block / sizeof *block) / info.channels;
    while (sf_readf_float(file, block, frames) > 0)
        continue;
    sf_close(file);
    return 0;
}

static int decode_vorbis(const char *path) {
    OggVorbis_File file;
    float **planes;
    int section;
    long frames;
    if (ov_fopen(path, &file) != 0)
        return 1;
    while ((frames = ov_read_float(&file, &planes, 4096, &section)) > 0)
        continue;
    ov_clear(&file);
    return frames < 0;
}

static int decode(const char *path) {
    const char *dot = strrchr(path, '.');
    if (dot && strcasecmp(dot, ".mp3") == 0)
        return decode_mp3(path);
    return dot && strcasecmp(dot, ".ogg") == 0 ? decode_vorbis(path) : decode_other(path);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, by_size);
    return values[count / 2];
}

/* One round: what the three ways took. */
struct round {
    double alone_ms, kept_ms, anew_ms;
};

static int measure_round(struct li_measurer *measurer, const char *path, struct round *out,
                         double *duration_s) {
    struct li_measured kept;
    struct li_analysis anew;
    struct li_error err = {0};
    double start = now_ms();
    if (decode(path) != 0) {
        fprintf(stderr, "bench-audio: cannot decode %s\n", path);
        return 1;
    }
    double decoded = now_ms();
    enum li_status status = li_measurer_file(measurer, path, &kept, &err);
    double measured = now_ms();
    if (!status)
        status = li_analyze_file(path, &anew, &err);
    double end = now_ms();
    if (status) {
        fprintf(stderr, "bench-audio: %s: %s\n", path, err.message);
        return 1;
    }
    *out = (struct round){decoded - start, measured - decoded, end - measured};
    *duration_s = anew.duration_s;
    return 0;
}

static int measure(struct li_measurer *measurer, const char *path, int rounds) {
    static double alone_ms[ROUNDS_MAX], kept_ms[ROUNDS_MAX], anew_ms[ROUNDS_MAX], kept[ROUNDS_MAX],
        anew[ROUNDS_MAX];
    double duration_s = 0;
    for (int i = -1; i < rounds; i++) { /* the first warms the caches and does not count */
        struct round round;
        if (measure_round(measurer, path, &round, &duration_s) != 0)
            return 1;
        if (i < 0)
            continue;
        alone_ms[i] = round.alone_ms;
        kept_ms[i] = round.kept_ms;
        anew_ms[i] = round.anew_ms;
        kept[i] = round.kept_ms / round.alone_ms;
        anew[i] = round.anew_ms / round.alone_ms;
    }
    const char *slash = strrchr(path, '/');
    double ratio = median(kept, rounds); /* sorts: the ends are the least and the greatest */
    printf("%s\t%.1f\t%.2f\t%.2f\t%.2f\t%.3f\t%.3f\t%.3f\t%.3f\n", slash ? slash + 1 : path, duration_s,
           median(alone_ms, rounds), median(kept_ms, rounds), median(anew_ms, rounds), ratio, kept[0],
           kept[rounds - 1], median(anew, rounds));
    return 0;
}

int main(int argc, char **argv) {
    long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    struct li_measurer *measurer = li_measurer_new();
    int failed = !measurer;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "bench-audio: bench-audio ROUNDS FILE...; rounds 1..%d\n", ROUNDS_MAX);
        li_measurer_free(measurer);
        return 2;
    }
    for (int i = 2; measurer && i < argc; i++)
        failed |= measure(measurer, argv[i], (int)rounds);
    li_measurer_free(measurer);
    return failed;
}
