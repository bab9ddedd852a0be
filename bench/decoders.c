/* decoders.c - what a decoder of its own costs a sound: the same files measured in this process and in
 * decoders by turns, by the clock (the best of the rounds) and of the processor (the mean; all processes,
 * without the start of the room).
 *
 *     bench-decoders ROUNDS FILE...
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "sandbox/decoders.h"

static void *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rbe");
    char *bytes = malloc((size_t)64 << 20);
    *size = file && bytes ? fread(bytes, 1, (size_t)64 << 20, file) : 0;
    if (file)
        fclose(file);
    return bytes;
}

/* Processor milliseconds of this process, or of the children that were waited for. */
static double processor_ms(int who) {
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

struct cost {
    double wall_ms, processor_ms; /* of the quickest round, and of all */
};

/* Measures a sound once more, in a decoder or, with NULL, here. */
static bool measure(struct li_decoders *decoders, const void *bytes, size_t size, struct cost *cost) {
    struct li_measured measured;
    struct li_error err = {0};
    double before_ms = processor_ms(RUSAGE_SELF);
    int64_t start_ns = li_clock_monotonic_ns();
    bool good = li_decoders_measure(decoders, bytes, size, &measured, &err) == LI_OK;
    cost->wall_ms = fmin(cost->wall_ms, (double)(li_clock_monotonic_ns() - start_ns) / 1e6);
    cost->processor_ms += processor_ms(RUSAGE_SELF) - before_ms;
    if (!good)
        fprintf(stderr, "bench-decoders: %s\n", err.message);
    return good;
}

/* What the children take when there is a room and then none; with rounds, while sounds are measured here and
 * in decoders by turns. */
static bool run(const void *bytes, size_t size, size_t rounds, struct cost *here, struct cost *apart,
                double *children_ms) {
    struct li_decoders *decoders = NULL;
    struct li_error err = {0};
    double before_ms = processor_ms(RUSAGE_CHILDREN);
    if (li_decoders_new(&(struct li_decoders_options){0}, &decoders, &err) != LI_OK) {
        fprintf(stderr, "bench-decoders: %s\n", err.message);
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < rounds; i++)
        good = measure(NULL, bytes, size, here) && measure(decoders, bytes, size, apart);
    li_decoders_free(decoders);
    *children_ms = processor_ms(RUSAGE_CHILDREN) - before_ms;
    return good;
}

static bool print_costs(const char *path, size_t rounds) {
    struct cost here = {INFINITY, 0}, apart = {INFINITY, 0};
    double start_ms = 0, children_ms = 0;
    size_t size;
    void *bytes = read_file(path, &size);
    if (!size)
        fprintf(stderr, "bench-decoders: %s cannot be read\n", path);
    bool good = size && run(NULL, 0, 0, &here, &apart, &start_ms) &&
                run(bytes, size, rounds, &here, &apart, &children_ms);
    if (good) {
        const char *slash = strrchr(path, '/');
        double here_ms = here.processor_ms / (double)rounds,
               apart_ms = (apart.processor_ms + children_ms - start_ms) / (double)rounds;
        printf("%-32s %10.2f %10.2f %13.2f %10.2f %9.1f %% %8.1f %%\n", slash ? slash + 1 : path,
               here.wall_ms, here_ms, apart.wall_ms, apart_ms, (apart.wall_ms / here.wall_ms - 1) * 100,
               (apart_ms / here_ms - 1) * 100);
    }
    free(bytes);
    return good;
}

int main(int argc, char **argv) {
    size_t rounds = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (argc == 2 && strcmp(argv[1], LI_DECODERS_COMMAND) == 0)
        return li_decoders_main();
    if (!rounds) {
        fputs("usage: bench-decoders ROUNDS FILE...\n", stderr);
        return 2;
    }
    puts("one sound, milliseconds          here: wall  processor   apart: wall  processor   more: wall  "
         "processor");
    for (int i = 2; i < argc; i++)
        if (!print_costs(argv[i], rounds))
            return 1;
    return 0;
}
