/* search.c - bench-search CATALOGUE: how long opening takes, and one search, over every artist: each
 * keystroke of the name, the whole name, and the name with one typing error. Each query runs three times, the
 * best counts. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "catalog/catalog.h"

enum { OPENINGS = 20, RUNS = 3, NAME_BYTES = 512 };

enum kind { KEYSTROKES, EXACT, ONE_EDIT, KINDS };
static const char *const KIND_NAMES[KINDS] = {"every keystroke", "exact name", "one typing error"};

struct times {
    double *us;
    size_t count, capacity;
};

static int by_value(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void add_time(struct times *times, double us) {
    if (times->count == times->capacity) {
        times->capacity = times->capacity ? 2 * times->capacity : 4096;
        times->us = realloc(times->us, times->capacity * sizeof *times->us);
        if (!times->us)
            abort();
    }
    times->us[times->count++] = us;
}

static void print_times(const char *what, struct times *times) {
    if (times->count == 0)
        return;
    qsort(times->us, times->count, sizeof *times->us, by_value);
    printf("%-18s %7zu queries   p50 %7.1f us   p99 %7.1f us   max %7.1f us\n", what, times->count,
           times->us[times->count / 2], times->us[times->count * 99 / 100], times->us[times->count - 1]);
}

static double time_search(const struct li_catalog *catalog, struct li_text query, struct li_arena *arena) {
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
    double best = 1e9;
    size_t count;
    for (int run = 0; run < RUNS; run++) {
        int64_t start = li_clock_monotonic_ns();
        if (li_catalog_search(catalog, query, LI_CATALOG_HITS_MAX, hits, &count, arena, NULL))
            abort();
        double us = (double)(li_clock_monotonic_ns() - start) / 1e3;
        best = us < best ? us : best;
        li_arena_clear(arena);
    }
    return best;
}

/* A letter in the middle replaced. */
static struct li_text misspell(struct li_text name, size_t number, char *out) {
    memcpy(out, name.data, name.size);
    size_t at = name.size ? number * 7919 % name.size : 0;
    if (name.size)
        out[at] = (char)('a' + number % 26);
    return (struct li_text){out, name.size};
}

static void time_artist(const struct li_catalog *catalog, size_t number, struct li_arena *arena,
                        struct times *times) {
    char folded[NAME_BYTES], wrong[NAME_BYTES];
    struct li_text name = li_catalog_at(catalog, number, arena)->name;
    name = (struct li_text){folded, li_text_fold(name, folded, sizeof folded)};
    if (name.size > LI_CATALOG_QUERY_MAX)
        return;
    for (size_t size = 1; size <= name.size; size++) {
        struct li_text typed = {name.data, size};
        if (li_text_valid(typed))
            add_time(&times[KEYSTROKES], time_search(catalog, typed, arena));
    }
    add_time(&times[EXACT], time_search(catalog, name, arena));
    struct li_text misspelt = misspell(name, number, wrong);
    if (li_text_valid(misspelt))
        add_time(&times[ONE_EDIT], time_search(catalog, misspelt, arena));
}

static struct li_catalog *time_opening(const char *path) {
    struct li_catalog *catalog = NULL;
    struct li_error err = {0};
    struct times times = {0};
    for (int i = 0; i < OPENINGS; i++) {
        li_catalog_free(catalog);
        int64_t start = li_clock_monotonic_ns();
        if (li_catalog_open_file(path, &catalog, &err)) {
            fprintf(stderr, "bench-search: %s\n", err.message);
            exit(1);
        }
        add_time(&times, (double)(li_clock_monotonic_ns() - start) / 1e3);
    }
    double first = times.us[0];
    qsort(times.us, times.count, sizeof *times.us, by_value);
    printf("opening: first %.2f ms, median of %d %.2f ms, best %.2f ms\n", first / 1e3, OPENINGS,
           times.us[OPENINGS / 2] / 1e3, times.us[0] / 1e3);
    free(times.us);
    return catalog;
}

int main(int argc, char **argv) {
    struct times times[KINDS] = {0}, all = {0};
    struct li_arena arena = {0};
    struct li_catalog_info info;
    if (argc != 2) {
        fprintf(stderr, "usage: bench-search CATALOGUE\n");
        return 2;
    }
    struct li_catalog *catalog = time_opening(argv[1]);
    li_catalog_get_info(catalog, &info);
    printf("%zu artists, %zu aliases, %zu tracks, %zu genre tags, %zu bytes\n", info.artists, info.aliases,
           info.tracks, info.genre_tags, info.bytes);
    for (size_t i = 0; i < info.artists; i++)
        time_artist(catalog, i, &arena, times);
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < times[kind].count; i++)
            add_time(&all, times[kind].us[i]);
        print_times(KIND_NAMES[kind], &times[kind]);
        free(times[kind].us);
    }
    print_times("all", &all);
    free(all.us);
    li_arena_release(&arena);
    li_catalog_free(catalog);
    return 0;
}
