/* decoders.c - what a decoder of its own costs a sound: the same files measured in this process and in
 * decoders, by the clock and of the processor.
 *
 *     bench-decoders ROUNDS FILE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "sandbox/decoders.h"

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rbe");
    char *bytes = malloc((size_t)64 << 20);
    *size = file && bytes ? fread(bytes, 1, (size_t)64 << 20, file) : 0;
    if (file)
        fclose(file);
    return bytes;
}

/* Processor milliseconds of this process and of the children that were waited for. */
static double processor_ms(void) {
    double ms = 0;
    for (int who = 0; who < 2; who++) {
        struct rusage usage;
        getrusage(who ? RUSAGE_CHILDREN : RUSAGE_SELF, &usage);
        ms += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
              (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
    }
    return ms;
}

struct cost {
    double wall_ms, processor_ms; /* the median of the rounds, and the mean */
};

/* Measures a sound so many times, in decoders or here. */
static bool run(bool apart, const void *bytes, size_t size, size_t rounds, struct cost *out) {
    struct li_decoders *decoders = NULL;
    struct li_measured measured;
    struct li_error err = {0};
    int64_t *ns = calloc(rounds, sizeof *ns);
    bool good = ns && (!apart || li_decoders_new(&(struct li_decoders_options){0}, &decoders, &err) == LI_OK);
    double before_ms = processor_ms();
    for (size_t i = 0; good && i < rounds; i++) {
        int64_t start_ns = li_clock_monotonic_ns();
        good = li_decoders_measure(decoders, bytes, size, &measured, &err) == LI_OK;
        ns[i] = li_clock_monotonic_ns() - start_ns;
    }
    li_decoders_free(decoders);
    if (good) {
        qsort(ns, rounds, sizeof *ns, compare);
        *out = (struct cost){(double)ns[rounds / 2] / 1e6, (processor_ms() - before_ms) / (double)rounds};
    } else {
        fprintf(stderr, "bench-decoders: %s\n", err.message);
    }
    free(ns);
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
    for (int i = 2; i < argc; i++) {
        struct cost here, apart;
        size_t size;
        void *bytes = read_file(argv[i], &size);
        if (!size || !run(false, bytes, size, rounds, &here) || !run(true, bytes, size, rounds, &apart))
            return 1;
        printf("%-32s %10.2f %10.2f %13.2f %10.2f %9.1f %% %8.1f %%\n", argv[i], here.wall_ms,
               here.processor_ms, apart.wall_ms, apart.processor_ms, (apart.wall_ms / here.wall_ms - 1) * 100,
               (apart.processor_ms / here.processor_ms - 1) * 100);
        free(bytes);
    }
    return 0;
}
