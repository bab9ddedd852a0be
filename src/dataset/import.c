/* import.c - the whole of an import: files are read into staging, staging is merged with the old catalogue
 * into the new one. */
#include <math.h>
#include <stdlib.h>

#include "dataset/dataset_priv.h"

enum { BATCH_ROWS = 20000, BLOCK = 256 * 1024, ADDRESS_SIZE = IDENTITY_SIZE + 24 };

struct li_dataset {
    struct li_dataset_options options;
    struct staging *staging;
    struct li_dataset_report report;
    struct li_arena arena; /* of one record */
    struct row_sink sink;
    struct li_error err; /* the first failure within a row */
    bool stopped;
    /* the text that is read */
    struct input *input;
    const char *path;
    char address[ADDRESS_SIZE];
    struct text_place place;
    uint64_t uncommitted;
    char block[BLOCK];
};

enum li_status li_dataset_stopped(struct li_error *err) {
    return li_fail(err, LI_BUSY, "stopped; the same command goes on from here");
}

static bool tell(struct li_dataset *dataset, enum li_dataset_phase phase, uint64_t done, uint64_t total) {
    const struct li_dataset_progress progress = {phase, dataset->path, done, total,
                                                 dataset->report.tally.rows};
    if (dataset->options.progress && !dataset->options.progress(dataset->options.context, &progress))
        dataset->stopped = true;
    return !dataset->stopped;
}

/* ---- records into staging ---- */

static struct fact fact_of(const struct record *record) {
    struct fact fact = {
        .name = record->credits[0].name,
        .canonical = record->canonical,
        .artist_popularity = record->artist_popularity,
        .position = record->position,
        .count = record->count,
        .genre_count = record->genre_count,
        .alias_count = record->alias_count,
        .title = record->title,
        .year = record->year,
        .popularity = record->popularity,
        .features_from = record->features_from,
        .features = record->features,
        .has_mbid = record->has_mbid,
    };
    memcpy(fact.genres, record->genres, record->genre_count * sizeof *fact.genres);
    memcpy(fact.aliases, record->aliases, record->alias_count * sizeof *fact.aliases);
    memcpy(fact.mbid, record->mbid, MBID_SIZE);
    if (record->shape == SHAPE_ARTISTS) { /* means of an artist have no place in the catalogue */
        fact.title = (struct li_text){0};
        fact.features_from = LI_CATALOG_FEATURES_NONE;
        fact.has_mbid = false;
    }
    return fact;
}

/* The other artists of a row: known by name. */
static enum li_status add_others(struct li_dataset *dataset, const struct record *record) {
    struct li_arena *arena = &dataset->arena;
    enum li_status status = LI_OK;
    for (size_t c = 1; !status && c < record->credit_count; c++) {
        const struct fact fact = {.name = record->credits[c].name,
                                  .artist_popularity = -1,
                                  .position = -1,
                                  .count = -1,
                                  .popularity = -1};
        struct li_text id = {0};
        status = li_identity_of(dataset->staging, &record->credits[c], (struct li_text){0}, arena, &id,
                                &dataset->err);
        if (!status)
            status = li_staging_add_fact(dataset->staging, id, (struct li_text){0},
                                         li_fact_pack(&fact, arena), &dataset->err);
    }
    return status;
}

static enum li_status add_record(struct li_dataset *dataset, const struct record *record) {
    struct li_arena *arena = &dataset->arena;
    struct li_text id = {0}, slug = {0};
    if (record->shape == SHAPE_MEASURES)
        return li_staging_add_measure(dataset->staging, record->mbid, &record->features, &dataset->err);
    struct fact fact = fact_of(record);
    enum li_status status =
        li_identity_of(dataset->staging, &record->credits[0], record->id, arena, &id, &dataset->err);
    if (fact.title.size)
        slug = li_catalog_slug(fact.title, arena);
    if (!status)
        status = li_staging_add_fact(dataset->staging, id, slug, li_fact_pack(&fact, arena), &dataset->err);
    return status ? status : add_others(dataset, record);
}

static void on_record(void *context, const struct record *record) {
    struct li_dataset *dataset = context;
    if (dataset->err.status || dataset->stopped)
        return;
    enum li_status status = add_record(dataset, record);
    if (status && !dataset->err.status)
        dataset->err.status = status;
    li_arena_clear(&dataset->arena);
}

/* ---- batches ---- */

static enum li_status commit(struct li_dataset *dataset, bool begin_again, struct li_error *err) {
    dataset->place.rows = dataset->sink.where.row;
    enum li_status status = li_staging_set_place(dataset->staging, dataset->address, &dataset->place, err);
    if (!status)
        status = li_staging_commit(dataset->staging, &dataset->report.tally, err);
    dataset->uncommitted = 0;
    return status || !begin_again ? status : li_staging_begin(dataset->staging, err);
}

static void on_row_end(void *context, uint64_t offset) {
    struct li_dataset *dataset = context;
    if (dataset->err.status || dataset->stopped)
        return;
    dataset->place.offset = offset;
    if (++dataset->uncommitted >= BATCH_ROWS && commit(dataset, true, &dataset->err) && !dataset->err.status)
        dataset->err.status = LI_IO;
}

static void on_mapped(void *context, const char *format, const struct li_dataset_column *columns,
                      size_t count) {
    struct li_dataset *dataset = context;
    if (dataset->options.mapped)
        dataset->options.mapped(dataset->options.context, dataset->path, format, columns, count);
}

/* ---- a text ---- */

/* Fills the block as far as the text goes. */
static enum li_status read_block(struct li_dataset *dataset, size_t size, size_t *out, struct li_error *err) {
    size_t used = 0, got = 1;
    while (used < size && got) {
        enum li_status status = li_input_read(dataset->input, dataset->block + used, size - used, &got, err);
        if (status)
            return status;
        used += got;
    }
    *out = used;
    return LI_OK;
}

static enum li_status check(struct li_dataset *dataset, struct li_error *err) {
    if (dataset->err.status)
        return li_fail(err, dataset->err.status, "%s", dataset->err.message);
    return dataset->stopped ? li_dataset_stopped(err) : LI_OK;
}

/* From the place where an earlier import stopped, or the start, to the end. */
static enum li_status read_text(struct li_dataset *dataset, struct reader *reader, size_t head,
                                struct li_error *err) {
    uint64_t start = dataset->place.offset;
    enum li_status status = LI_OK;
    size_t got = head;
    if (start < head)
        li_reader_push(reader, dataset->block + start, head - (size_t)start);
    else
        status = li_input_skip(dataset->input, start - head, err);
    while (!status && got) {
        status = read_block(dataset, BLOCK, &got, err);
        if (!status)
            li_reader_push(reader, dataset->block, got);
        (void)tell(dataset, LI_DATASET_READING, li_input_done(dataset->input), li_input_size(dataset->input));
        if (!status)
            status = check(dataset, err);
    }
    if (!status)
        li_reader_finish(reader);
    return status ? status : check(dataset, err);
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* One text of the input. *known: it was read already. */
static enum li_status add_text(struct li_dataset *dataset, size_t index, bool *known, struct li_error *err) {
    struct reader *reader = NULL;
    size_t head = 0;
    const char *entry = li_input_entry(dataset->input);
    snprintf(dataset->address, sizeof dataset->address, "%s#%zu", li_input_identity(dataset->input), index);
    enum li_status status = li_staging_get_place(dataset->staging, dataset->address, &dataset->place, err);
    *known = dataset->place.done;
    if (status || *known)
        return status;
    dataset->sink.where =
        (struct where){&dataset->report.tally, base_name(entry ? entry : dataset->path), dataset->place.rows};
    status = read_block(dataset, HEAD_BYTES, &head, err);
    if (!status)
        status = li_reader_new((struct li_text){dataset->block, head}, dataset->place.offset, &dataset->sink,
                               &reader, err);
    if (status)
        return status;
    status = li_staging_begin(dataset->staging, err);
    if (!status)
        status = read_text(dataset, reader, head, err);
    li_reader_free(reader);
    dataset->place.done = true;
    if (!status)
        status = commit(dataset, false, err);
    if (status)
        li_staging_roll_back(dataset->staging);
    return status;
}

static enum li_status add_texts(struct li_dataset *dataset, struct li_error *err) {
    struct li_error why = {0};
    size_t known_texts = 0, read_texts = 0;
    for (size_t index = 0;; index++) {
        bool found = false, known = false;
        enum li_status status = li_input_next(dataset->input, &found, err);
        if (status)
            return status;
        if (!found)
            break;
        status = add_text(dataset, index, &known, &why);
        known_texts += !status && known;
        read_texts += !status && !known;
        if (status && (status != LI_UNSUPPORTED || !li_input_entry(dataset->input)))
            return li_fail(err, status, "%.60s: %s", dataset->path, why.message);
    }
    if (known_texts + read_texts == 0)
        return li_fail(err, LI_UNSUPPORTED, "%.60s: %s", dataset->path,
                       why.message[0] ? why.message : "there is no file in this archive");
    dataset->report.files++;
    dataset->report.files_known += read_texts == 0;
    return LI_OK;
}

enum li_status li_dataset_add(struct li_dataset *dataset, const char *path, struct li_error *err) {
    dataset->path = path;
    enum li_status status = li_input_open(path, &dataset->input, err);
    if (!status)
        status = add_texts(dataset, err);
    li_input_free(dataset->input);
    dataset->input = NULL;
    dataset->path = NULL;
    return status;
}

/* ---- begin ---- */

/* What staging was begun for: the catalogue that is extended, and how columns are taken. */
static void describe_purpose(const struct li_dataset_options *options, char out[64]) {
    struct li_catalog_info info = {.version = "nothing"};
    uint64_t maps = 0;
    if (options->before)
        li_catalog_get_info(options->before, &info);
    for (const char *const *map = options->maps; map && *map; map++)
        maps = maps * 31 + li_text_hash(li_text_of(*map));
    snprintf(out, 64, "%s %016llx", info.version, (unsigned long long)maps);
}

/* Which files these are; NULL when none are named. */
static enum li_status identify_files(const struct li_dataset_options *options, struct input_identity **out,
                                     struct li_error *err) {
    enum li_status status = LI_OK;
    if (!options->files)
        return LI_OK;
    struct input_identity *files = calloc(options->file_count + 1, sizeof *files);
    if (!files)
        return li_fail(err, LI_NO_MEMORY, "no memory for %zu files", options->file_count);
    for (size_t i = 0; !status && i < options->file_count; i++) {
        struct input *input = NULL;
        status = li_input_open(options->files[i], &input, err);
        if (!status)
            memcpy(files[i].text, li_input_identity(input), strlen(li_input_identity(input)) + 1);
        li_input_free(input);
    }
    if (status)
        free(files);
    else
        *out = files;
    return status;
}

/* What waits in staging comes into the catalogue: so it has to be of the files that are named now. */
static enum li_status check_files(const struct li_dataset *dataset, const struct input_identity *files,
                                  struct li_error *err) {
    bool same = true;
    enum li_status status = LI_OK;
    if (files)
        status = li_staging_is_of(dataset->staging, files, dataset->options.file_count, &same, err);
    if (status || same)
        return status;
    return li_fail(
        err, LI_BUSY,
        "%.100s.import waits for the other files that it was begun with (or they have changed since); "
        "name them too, or begin anew with --fresh",
        dataset->options.path);
}

enum li_status li_dataset_new(const struct li_dataset_options *options, struct li_dataset **out,
                              struct li_error *err) {
    char purpose[64];
    bool is_new = false;
    struct input_identity *files = NULL;
    enum li_status status = LI_OK;
    for (const char *const *map = options->maps; !status && map && *map; map++)
        status = li_fields_check_map(*map, err);
    if (!status)
        status = identify_files(options, &files, err);
    if (status)
        return status;
    struct li_dataset *dataset = calloc(1, sizeof *dataset);
    if (!dataset) {
        free(files);
        return li_fail(err, LI_NO_MEMORY, "no memory for an import");
    }
    dataset->options = *options;
    dataset->sink = (struct row_sink){.record = on_record,
                                      .row_end = on_row_end,
                                      .mapped = on_mapped,
                                      .context = dataset,
                                      .maps = options->maps};
    describe_purpose(options, purpose);
    status = li_staging_open(options->path, options->fresh, purpose, &dataset->staging, &is_new, err);
    if (!status)
        status = check_files(dataset, files, err);
    free(files);
    if (!status && is_new && options->before)
        status = li_identity_learn(dataset->staging, options->before, err);
    if (!status && !is_new)
        status = li_staging_read_tally(dataset->staging, &dataset->report.tally, err);
    if (!status)
        status = li_staging_commit(dataset->staging, &dataset->report.tally, err);
    if (status)
        li_dataset_free(dataset);
    else
        *out = dataset;
    return status;
}

void li_dataset_free(struct li_dataset *dataset) {
    if (!dataset)
        return;
    li_staging_close(dataset->staging, false);
    li_arena_release(&dataset->arena);
    free(dataset);
}

/* ---- the end ---- */

static bool go_on(void *context) {
    return tell(context, LI_DATASET_SORTING, 0, 0);
}

static void on_written(void *context, size_t done, size_t total) {
    (void)tell(context, LI_DATASET_WRITING, done, total);
}

enum li_status li_dataset_finish(struct li_dataset *dataset, struct li_dataset_report *out,
                                 struct li_error *err) {
    struct li_catalog_writer *writer = NULL;
    struct li_dataset_report *report = &dataset->report;
    struct li_catalog_info info = {0};
    if (report->tally.kept == 0)
        return li_fail(err, LI_INVALID,
                       "no row of these files says anything of an artist or a track; nothing was written");
    if (dataset->options.before)
        li_catalog_get_info(dataset->options.before, &info);
    report->artists_before = info.artists;
    li_staging_watch(dataset->staging, go_on, dataset);
    enum li_status status = li_staging_count_measures(dataset->staging, &report->measures, err);
    if (!status)
        status = li_catalog_writer_new(dataset->options.path, &writer, err);
    const struct join join = {dataset->staging, dataset->options.before, writer, report, go_on, dataset};
    if (!status)
        status = li_join_write(&join, err);
    if (!status) {
        li_catalog_writer_watch(writer, on_written, dataset);
        status = li_catalog_writer_finish(writer, &report->catalog, err);
    }
    li_catalog_writer_free(writer);
    if (status)
        return status;
    li_staging_close(dataset->staging, true);
    dataset->staging = NULL;
    *out = *report;
    return LI_OK;
}
