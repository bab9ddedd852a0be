/* dataset_check.h - importing a text and looking at the catalogue that comes out. */
#ifndef LI_TESTS_DATASET_CHECK_H
#define LI_TESTS_DATASET_CHECK_H

#include "../folder.h"
#include "dataset/dataset.h"

/* One import after another into one catalogue, in a folder of its own. */
struct bench {
    struct folder folder;
    char target[512];
    struct li_catalog *catalog; /* what the last import wrote, or NULL */
    struct li_dataset_report report;
    struct li_arena arena;
    struct li_error err;
    const char *const *maps;
    char mapping[4096]; /* "artist=artists,title=name," of the last text */
};

static inline void bench_open(struct bench *bench) {
    memset(bench, 0, sizeof *bench);
    folder_make(&bench->folder);
    folder_path(&bench->folder, "c.catalog", bench->target);
}

static inline void bench_close(struct bench *bench) {
    li_catalog_free(bench->catalog);
    li_arena_release(&bench->arena);
    folder_remove(&bench->folder);
}

static inline const char *bench_file(struct bench *bench, const char *name, const void *bytes, size_t size) {
    static char path[512];
    file_write(folder_path(&bench->folder, name, path), bytes, size);
    return path;
}

static inline void bench_mapped(void *context, const char *path, const char *format,
                                const struct li_dataset_column *columns, size_t count) {
    struct bench *bench = context;
    (void)path, (void)format;
    bench->mapping[0] = '\0';
    for (size_t c = 0, used = 0; c < count && used < sizeof bench->mapping; c++)
        if (columns[c].field)
            used += (size_t)snprintf(bench->mapping + used, sizeof bench->mapping - used, "%s=%.*s,",
                                     columns[c].field, LI_TEXT_ARG(columns[c].name));
}

/* Imports files, extending what the import before wrote, and opens the result. */
static inline enum li_status bench_import_files(struct bench *bench, const char *const *paths, size_t count) {
    struct li_dataset *dataset = NULL;
    const struct li_dataset_options options = {.path = bench->target,
                                               .before = bench->catalog,
                                               .maps = bench->maps,
                                               .mapped = bench_mapped,
                                               .context = bench};
    enum li_status status = li_dataset_new(&options, &dataset, &bench->err);
    for (size_t i = 0; !status && i < count; i++)
        status = li_dataset_add(dataset, paths[i], &bench->err);
    if (!status)
        status = li_dataset_finish(dataset, &bench->report, &bench->err);
    li_dataset_free(dataset);
    if (status)
        return status;
    li_catalog_free(bench->catalog);
    bench->catalog = NULL;
    return li_catalog_open_file(bench->target, &bench->catalog, &bench->err);
}

static inline enum li_status bench_import_bytes(struct bench *bench, const void *bytes, size_t size) {
    const char *path = bench_file(bench, "in.data", bytes, size);
    return bench_import_files(bench, &path, 1);
}

static inline void bench_import(struct bench *bench, const char *text) {
    if (bench_import_bytes(bench, text, strlen(text)) != LI_OK)
        fail_msg("%s\n%s", bench->err.message, text);
}

static inline const struct li_catalog_artist *bench_artist(struct bench *bench, const char *id) {
    const struct li_catalog_artist *artist = li_catalog_find(bench->catalog, li_text_of(id), &bench->arena);
    if (!artist)
        fail_msg("there is no artist %s", id);
    return artist;
}

/* "a|b|c" */
static inline const char *bench_joined(const struct li_text *texts, size_t count) {
    static char out[4096];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && used < sizeof out; i++)
        used +=
            (size_t)snprintf(out + used, sizeof out - used, "%s%.*s", i ? "|" : "", LI_TEXT_ARG(texts[i]));
    return out;
}

static inline const struct li_catalog_track *bench_track(struct bench *bench, const char *artist,
                                                         const char *title) {
    const struct li_catalog_artist *found = bench_artist(bench, artist);
    for (size_t t = 0; t < found->track_count; t++)
        if (li_text_equal(found->tracks[t].title, li_text_of(title)))
            return &found->tracks[t];
    fail_msg("%s has no track %s", artist, title);
    return NULL;
}

/* Rows are kept or left out for a reason, every one of them. */
static inline void bench_adds_up(const struct bench *bench) {
    uint64_t sum = bench->report.tally.kept;
    for (int r = 0; r < LI_DATASET_VALUE_REASONS; r++)
        sum += bench->report.tally.reasons[r].count;
    assert_int_equal(sum, bench->report.tally.rows);
}

/* The bytes of the catalogue, to be held against those of later; and that they are the same. */
struct bench_bytes {
    char *bytes;
    size_t size;
};

static inline struct bench_bytes bench_keep(const struct bench *bench) {
    struct bench_bytes kept;
    kept.bytes = file_read(bench->target, &kept.size);
    return kept;
}

static inline void bench_unchanged(const struct bench *bench, struct bench_bytes kept) {
    struct bench_bytes now = bench_keep(bench);
    assert_int_equal(kept.size, now.size);
    assert_memory_equal(kept.bytes, now.bytes, kept.size);
    free(kept.bytes);
    free(now.bytes);
}

#endif
