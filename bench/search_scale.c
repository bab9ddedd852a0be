/* search_scale.c - the catalogue of many artists, for bench/search_scale/run:
 *
 *   bench-search-scale build ARTISTS.tsv CATALOGUE            packs the artists, and says how long that took
 *   bench-search-scale ask CATALOGUE QUERIES.tsv ANSWERS.tsv ROUNDS
 *
 * QUERIES.tsv has kind, sampling, what is typed and who is meant; ANSWERS.tsv gets a line for each query: the
 * microseconds (the best of the rounds; a round asks everything once, so that no query finds its own traces
 * in the processor's caches) and the ids of the first five, best first. Times are the process's own processor
 * time: what a quiet core would take, whatever else the machine does. What is measured goes to standard
 * output as one JSON object. Files that are not as generate.py writes them end the program. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "catalog/catalog.h"

enum { LINE_BYTES = 16384, FIRST = 5, CELLS = 5, OPENINGS = 20, WARM_UP = 100 };

static void stop(const char *why) {
    fprintf(stderr, "bench-search-scale: %s\n", why);
    exit(1);
}

/* Nanoseconds of processor time. */
static int64_t spent_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static double seconds_since(int64_t start_ns) {
    return (double)(spent_ns() - start_ns) / 1e9;
}

/* A figure of /proc/self/status in KiB. */
static long memory_kib(const char *what) {
    char line[256];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, what, strlen(what)) == 0)
            kib = strtol(line + strlen(what) + 1, NULL, 10);
    if (file)
        fclose(file);
    return kib;
}

static FILE *open_or_stop(const char *path, const char *mode) {
    FILE *file = fopen(path, mode);
    if (!file)
        stop(path);
    return file;
}

/* Splits a line at its tabs; cells that are not there are empty. */
static void split(char *line, struct li_text cells[CELLS]) {
    struct li_text rest = li_text_of(line);
    if (rest.size && line[rest.size - 1] == '\n')
        rest.size--;
    for (int i = 0; i < CELLS; i++)
        cells[i] = li_text_cut(&rest, '\t');
}

static size_t list_of(struct li_text cell, struct li_text *out, size_t most) {
    size_t count = 0;
    while (cell.size && count < most)
        out[count++] = li_text_cut(&cell, '|');
    return count;
}

static void add_line(struct li_catalog_writer *writer, char *line) {
    struct li_text cells[CELLS], genres[LI_CATALOG_GENRES_MAX], aliases[LI_CATALOG_ALIASES_MAX];
    struct li_error err = {0};
    long popularity;
    split(line, cells);
    if (!li_text_to_long(cells[2], 0, 100, &popularity))
        stop("a popularity is no number");
    struct li_catalog_artist artist = {.id = cells[0],
                                       .name = cells[1],
                                       .popularity = (int)popularity,
                                       .genres = genres,
                                       .genre_count = list_of(cells[3], genres, LI_CATALOG_GENRES_MAX),
                                       .aliases = aliases,
                                       .alias_count = list_of(cells[4], aliases, LI_CATALOG_ALIASES_MAX)};
    if (li_catalog_writer_add(writer, &artist, &err))
        stop(err.message);
}

static int build(const char *artists, const char *path) {
    char line[LINE_BYTES];
    struct li_error err = {0};
    struct li_catalog_info info = {0};
    struct li_catalog_writer *writer = NULL;
    int64_t start = spent_ns();
    FILE *file = open_or_stop(artists, "r");
    if (li_catalog_writer_new(path, &writer, &err))
        stop(err.message);
    while (fgets(line, sizeof line, file))
        add_line(writer, line);
    fclose(file);
    double added = seconds_since(start);
    if (li_catalog_writer_finish(writer, &info, &err))
        stop(err.message);
    li_catalog_writer_free(writer);
    printf("{\"artists\": %zu, \"aliases\": %zu, \"bytes\": %zu, \"index_bytes\": %zu, \"read_s\": %.3f, "
           "\"build_s\": %.3f, \"peak_kib\": %ld}\n",
           info.artists, info.aliases, info.bytes, info.index_bytes, added, seconds_since(start),
           memory_kib("VmHWM:"));
    return 0;
}

struct query {
    struct li_text text;
    double us;
    struct li_text answers[FIRST];
    size_t count;
};

static struct query *read_queries(const char *path, size_t *count, struct li_arena *keep) {
    char line[LINE_BYTES];
    size_t capacity = 1 << 16;
    struct query *queries = malloc(capacity * sizeof *queries);
    FILE *file = open_or_stop(path, "r");
    for (*count = 0; queries && fgets(line, sizeof line, file); ++*count) {
        struct li_text cells[CELLS];
        split(line, cells);
        if (*count == capacity)
            queries = realloc(queries, (capacity *= 2) * sizeof *queries);
        if (!queries)
            break;
        queries[*count] = (struct query){.text = li_arena_copy(keep, cells[2])};
    }
    fclose(file);
    if (!queries)
        stop("no memory");
    return queries;
}

/* One search; its answers are kept in the first round. */
static double ask_one(const struct li_catalog *catalog, struct query *query, bool first,
                      struct li_arena *scratch, struct li_arena *keep) {
    const struct li_catalog_artist *hits[FIRST];
    size_t count = 0;
    int64_t start = spent_ns();
    if (li_catalog_search(catalog, query->text, FIRST, hits, &count, scratch, NULL))
        stop("a search failed");
    double us = (double)(spent_ns() - start) / 1e3;
    for (size_t i = 0; first && i < count; i++)
        query->answers[i] = li_arena_copy(keep, hits[i]->id);
    query->count = count;
    li_arena_clear(scratch);
    return us;
}

static void ask_all(const struct li_catalog *catalog, struct query *queries, size_t count, long rounds,
                    struct li_arena *keep) {
    struct li_arena scratch = {0};
    for (size_t i = 0; i < WARM_UP && i < count; i++)
        ask_one(catalog, &queries[i], false, &scratch, keep);
    for (long round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++) {
            double us = ask_one(catalog, &queries[i], round == 0, &scratch, keep);
            queries[i].us = round == 0 || us < queries[i].us ? us : queries[i].us;
        }
    li_arena_release(&scratch);
}

static struct li_catalog *open_often(const char *path, double *best_us) {
    struct li_catalog *catalog = NULL;
    struct li_error err = {0};
    for (int i = 0; i < OPENINGS; i++) {
        li_catalog_free(catalog);
        int64_t start = spent_ns();
        if (li_catalog_open_file(path, &catalog, &err))
            stop(err.message);
        double us = (double)(spent_ns() - start) / 1e3;
        *best_us = i == 0 || us < *best_us ? us : *best_us;
    }
    return catalog;
}

static int ask(const char *path, const char *queries_path, const char *answers_path, long rounds) {
    struct li_arena keep = {0};
    size_t count;
    double open_us = 0;
    struct query *queries = read_queries(queries_path, &count, &keep);
    long before_kib = memory_kib("RssAnon:") - (long)(keep.used / 1024); /* the answers are not its memory */
    struct li_catalog *catalog = open_often(path, &open_us);
    ask_all(catalog, queries, count, rounds, &keep);
    FILE *file = open_or_stop(answers_path, "w");
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%zu\t%.2f", i, queries[i].us);
        for (size_t j = 0; j < queries[i].count; j++)
            fprintf(file, "\t%.*s", LI_TEXT_ARG(queries[i].answers[j]));
        fputc('\n', file);
    }
    if (fclose(file))
        stop(answers_path);
    printf("{\"open_us\": %.1f, \"anonymous_kib\": %ld, \"mapped_kib\": %ld}\n", open_us,
           memory_kib("RssAnon:") - before_kib - (long)(keep.used / 1024), memory_kib("RssFile:"));
    free(queries);
    li_catalog_free(catalog);
    li_arena_release(&keep);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "build") == 0)
        return build(argv[2], argv[3]);
    if (argc == 6 && strcmp(argv[1], "ask") == 0)
        return ask(argv[2], argv[3], argv[4], strtol(argv[5], NULL, 10));
    fprintf(stderr, "usage: bench-search-scale build ARTISTS.tsv CATALOGUE\n"
                    "       bench-search-scale ask CATALOGUE QUERIES.tsv ANSWERS.tsv ROUNDS\n");
    return 2;
}
