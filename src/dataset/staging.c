/* staging.c - FILE.import, an SQLite file: what was read and how far, committed together, so that an import
 * that was killed goes on where it was. Facts are only appended, which is fast at any size; they are sorted
 * once, at the end, by SQLite's external sorter.
 *
 * It is safe against the end of the process, and of the machine as far as synchronous=NORMAL goes. */
#include <limits.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "dataset/dataset_priv.h"

enum { WATCH_STEPS = 100000 };

/* Changes with the shape of the tables, of facts and of tallies. */
static const char SCHEMA[] = "1";

enum statement {
    GET,
    SET,
    GET_PLACE,
    SET_PLACE,
    ADD_FACT,
    ADD_MEASURE,
    GET_MEASURE,
    COUNT_MEASURES,
    LIST_TEXTS,
    SORT,
    STATEMENT_COUNT
};

static const char *const SQL[STATEMENT_COUNT] = {
    [GET] = "SELECT value FROM known WHERE key = ?1",
    [SET] = "INSERT OR REPLACE INTO known VALUES (?1, ?2)",
    [GET_PLACE] = "SELECT offset, rows, done FROM texts WHERE identity = ?1",
    [SET_PLACE] = "INSERT OR REPLACE INTO texts VALUES (?1, ?2, ?3, ?4)",
    [ADD_FACT] = "INSERT INTO facts (artist, track, bytes) VALUES (?1, ?2, ?3)",
    [ADD_MEASURE] = "INSERT INTO measures VALUES (?1, ?2) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
    [GET_MEASURE] = "SELECT bytes FROM measures WHERE mbid = ?1",
    [COUNT_MEASURES] = "SELECT count(*) FROM measures",
    [LIST_TEXTS] = "SELECT identity FROM texts",
    [SORT] = "SELECT artist, track, sequence, bytes FROM facts ORDER BY artist, track, sequence",
};

static const char TABLES[] =
    "CREATE TABLE IF NOT EXISTS known (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS texts (identity TEXT PRIMARY KEY, offset INTEGER, rows INTEGER, done "
    "INTEGER);"
    "CREATE TABLE IF NOT EXISTS facts (sequence INTEGER PRIMARY KEY, artist BLOB NOT NULL, track BLOB NOT "
    "NULL,"
    "  bytes BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS measures (mbid BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;";

struct staging {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    bool (*go_on)(void *context);
    void *context;
    char path[PATH_MAX];
};

static enum li_status failed(const struct staging *staging, struct li_error *err) {
    switch (sqlite3_errcode(staging->database)) {
    case SQLITE_FULL:
        return li_fail(err, LI_FULL, "no room left for %.100s; make room and give the same command again",
                       staging->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return li_fail(err, LI_BUSY, "another import writes this catalogue now (%.100s is in use)",
                       staging->path);
    case SQLITE_INTERRUPT:
        return li_dataset_stopped(err);
    case SQLITE_NOMEM:
        return li_fail(err, LI_NO_MEMORY, "no memory for %.100s", staging->path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return li_fail(err, LI_CORRUPT, "%.100s is damaged; begin anew with --fresh", staging->path);
    default:
        return li_fail(err, LI_IO, "cannot work with %.100s: %.80s", staging->path,
                       sqlite3_errmsg(staging->database));
    }
}

static enum li_status run(struct staging *staging, const char *sql, struct li_error *err) {
    return sqlite3_exec(staging->database, sql, NULL, NULL, NULL) == SQLITE_OK ? LI_OK : failed(staging, err);
}

static int on_steps(void *context) {
    struct staging *staging = context;
    return staging->go_on && !staging->go_on(staging->context);
}

void li_staging_watch(struct staging *staging, bool (*go_on)(void *context), void *context) {
    staging->go_on = go_on;
    staging->context = context;
    sqlite3_progress_handler(staging->database, WATCH_STEPS, on_steps, staging);
}

static void remove_files(const char *path) {
    char journal[PATH_MAX + 16];
    snprintf(journal, sizeof journal, "%s-journal", path);
    unlink(path);
    unlink(journal);
}

/* Reads what the file was begun for, and begins anew when that was something else. */
static enum li_status settle(struct staging *staging, bool fresh, const char *before, bool *is_new,
                             struct li_error *err) {
    struct li_arena arena = {0};
    struct li_text schema = {0}, version = {0};
    enum li_status status = li_staging_get(staging, LI_TEXT("!schema"), &arena, &schema, err);
    if (!status)
        status = li_staging_get(staging, LI_TEXT("!before"), &arena, &version, err);
    bool same =
        !fresh && li_text_equal(schema, li_text_of(SCHEMA)) && li_text_equal(version, li_text_of(before));
    li_arena_release(&arena);
    *is_new = !same;
    if (status || same)
        return status;
    status =
        run(staging, "DELETE FROM known; DELETE FROM texts; DELETE FROM facts; DELETE FROM measures", err);
    if (!status)
        status = li_staging_set(staging, LI_TEXT("!schema"), li_text_of(SCHEMA), err);
    if (!status)
        status = li_staging_set(staging, LI_TEXT("!before"), li_text_of(before), err);
    return status;
}

static enum li_status set_up(struct staging *staging, struct li_error *err) {
    if (sqlite3_open_v2(staging->path, &staging->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        NULL) != SQLITE_OK)
        return failed(staging, err);
    enum li_status status = run(
        staging,
        "PRAGMA page_size = 8192; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE;"
        "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE; BEGIN EXCLUSIVE",
        err);
    if (!status)
        status = run(staging, TABLES, err);
    for (int s = 0; !status && s < STATEMENT_COUNT; s++)
        if (sqlite3_prepare_v3(staging->database, SQL[s], -1, SQLITE_PREPARE_PERSISTENT,
                               &staging->statements[s], NULL) != SQLITE_OK)
            status = failed(staging, err);
    return status;
}

enum li_status li_staging_open(const char *catalog_path, bool fresh, const char *before_version,
                               struct staging **out, bool *is_new, struct li_error *err) {
    struct staging *staging = calloc(1, sizeof *staging);
    if (!staging)
        return li_fail(err, LI_NO_MEMORY, "no memory for an import");
    if (snprintf(staging->path, sizeof staging->path, "%s.import", catalog_path) >=
        (int)sizeof staging->path) {
        free(staging);
        return li_fail(err, LI_INVALID, "the path of the catalogue is too long");
    }
    enum li_status status = set_up(staging, err);
    if (!status)
        status = settle(staging, fresh, before_version, is_new, err);
    if (status == LI_CORRUPT && fresh) {
        li_staging_close(staging, true);
        return li_staging_open(catalog_path, false, before_version, out, is_new, err);
    }
    if (status)
        li_staging_close(staging, false);
    else
        *out = staging;
    return status;
}

void li_staging_close(struct staging *staging, bool remove) {
    if (!staging)
        return;
    for (int s = 0; s < STATEMENT_COUNT; s++)
        sqlite3_finalize(staging->statements[s]);
    sqlite3_close(staging->database); /* an open transaction is rolled back */
    if (remove)
        remove_files(staging->path);
    free(staging);
}

enum li_status li_staging_begin(struct staging *staging, struct li_error *err) {
    return run(staging, "BEGIN EXCLUSIVE", err);
}

enum li_status li_staging_commit(struct staging *staging, const struct li_dataset_tally *tally,
                                 struct li_error *err) {
    const struct li_text bytes = {(const char *)tally, sizeof *tally};
    enum li_status status = li_staging_set(staging, LI_TEXT("!tally"), bytes, err);
    return status ? status : run(staging, "COMMIT", err);
}

void li_staging_roll_back(struct staging *staging) {
    if (!sqlite3_get_autocommit(staging->database))
        sqlite3_exec(staging->database, "ROLLBACK", NULL, NULL, NULL);
}

enum li_status li_staging_read_tally(struct staging *staging, struct li_dataset_tally *out,
                                     struct li_error *err) {
    struct li_arena arena = {0};
    struct li_text bytes = {0};
    enum li_status status = li_staging_get(staging, LI_TEXT("!tally"), &arena, &bytes, err);
    if (!status && bytes.size == sizeof *out) {
        memcpy(out, bytes.data, sizeof *out);
        for (int r = 0; r < LI_DATASET_REASON_COUNT; r++)
            for (int e = 0; e < LI_DATASET_EXAMPLES; e++)
                out->reasons[r].examples[e][LI_DATASET_EXAMPLE_SIZE - 1] = '\0';
    }
    li_arena_release(&arena);
    return status;
}

/* ---- rows ---- */

static void bind(sqlite3_stmt *statement, int at, const void *bytes, size_t size) {
    sqlite3_bind_blob64(statement, at, size ? bytes : "", size, SQLITE_STATIC);
}

/* Runs a statement that gives nothing. */
static enum li_status write_row(struct staging *staging, enum statement which, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[which];
    int result = sqlite3_step(statement);
    enum li_status status = result == SQLITE_DONE ? LI_OK : failed(staging, err);
    sqlite3_reset(statement);
    return status;
}

static struct li_text column(sqlite3_stmt *statement, int at) {
    const void *bytes = sqlite3_column_blob(statement, at);
    return (struct li_text){bytes, (size_t)sqlite3_column_bytes(statement, at)};
}

enum li_status li_staging_get(struct staging *staging, struct li_text key, struct li_arena *arena,
                              struct li_text *value, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[GET];
    bind(statement, 1, key.data, key.size);
    int result = sqlite3_step(statement);
    enum li_status status = result == SQLITE_ROW || result == SQLITE_DONE ? LI_OK : failed(staging, err);
    if (!status)
        *value = result == SQLITE_ROW ? li_arena_copy(arena, column(statement, 0)) : (struct li_text){0};
    sqlite3_reset(statement);
    return status;
}

enum li_status li_staging_set(struct staging *staging, struct li_text key, struct li_text value,
                              struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[SET];
    bind(statement, 1, key.data, key.size);
    bind(statement, 2, value.data, value.size);
    return write_row(staging, SET, err);
}

enum li_status li_staging_get_place(struct staging *staging, const char *identity, struct text_place *out,
                                    struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[GET_PLACE];
    sqlite3_bind_text(statement, 1, identity, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    enum li_status status = result == SQLITE_ROW || result == SQLITE_DONE ? LI_OK : failed(staging, err);
    if (!status)
        *out = (struct text_place){0};
    if (result == SQLITE_ROW)
        *out = (struct text_place){(uint64_t)sqlite3_column_int64(statement, 0),
                                   (uint64_t)sqlite3_column_int64(statement, 1),
                                   sqlite3_column_int(statement, 2) != 0};
    sqlite3_reset(statement);
    return status;
}

enum li_status li_staging_set_place(struct staging *staging, const char *identity,
                                    const struct text_place *place, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[SET_PLACE];
    sqlite3_bind_text(statement, 1, identity, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)place->offset);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)place->rows);
    sqlite3_bind_int(statement, 4, place->done);
    return write_row(staging, SET_PLACE, err);
}

static bool is_of(const char *text, const struct input_identity *files, size_t count) {
    const char *number = strrchr(text, '#'); /* of the text within its file */
    size_t size = number ? (size_t)(number - text) : strlen(text);
    for (size_t i = 0; i < count; i++)
        if (strlen(files[i].text) == size && memcmp(files[i].text, text, size) == 0)
            return true;
    return false;
}

enum li_status li_staging_is_of(struct staging *staging, const struct input_identity *files, size_t count,
                                bool *out, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[LIST_TEXTS];
    bool all = true;
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW && all; result = sqlite3_step(statement)) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        all = text && is_of(text, files, count);
    }
    enum li_status status = result == SQLITE_ROW || result == SQLITE_DONE ? LI_OK : failed(staging, err);
    sqlite3_reset(statement);
    if (!status)
        *out = all;
    return status;
}

enum li_status li_staging_add_fact(struct staging *staging, struct li_text artist, struct li_text track,
                                   struct li_text bytes, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[ADD_FACT];
    bind(statement, 1, artist.data, artist.size);
    bind(statement, 2, track.data, track.size);
    bind(statement, 3, bytes.data, bytes.size);
    return write_row(staging, ADD_FACT, err);
}

/* ---- measures: features of recordings that other rows name; files of several kinds fill each other ---- */

static void read_measure(sqlite3_stmt *statement, float out[LI_FEATURE_COUNT]) {
    struct li_text bytes = column(statement, 0);
    if (bytes.size == sizeof(float) * LI_FEATURE_COUNT)
        memcpy(out, bytes.data, bytes.size);
}

enum li_status li_staging_get_measure(struct staging *staging, const unsigned char mbid[MBID_SIZE],
                                      struct li_features *out, bool *found, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[GET_MEASURE];
    float values[LI_FEATURE_COUNT];
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        values[f] = NAN;
    bind(statement, 1, mbid, MBID_SIZE);
    int result = sqlite3_step(statement);
    enum li_status status = result == SQLITE_ROW || result == SQLITE_DONE ? LI_OK : failed(staging, err);
    if (result == SQLITE_ROW)
        read_measure(statement, values);
    sqlite3_reset(statement);
    if (status)
        return status;
    *found = result == SQLITE_ROW;
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        out->value[f] = (double)values[f];
    return LI_OK;
}

enum li_status li_staging_add_measure(struct staging *staging, const unsigned char mbid[MBID_SIZE],
                                      const struct li_features *features, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[ADD_MEASURE];
    struct li_features known;
    float values[LI_FEATURE_COUNT];
    bool found = false;
    enum li_status status = li_staging_get_measure(staging, mbid, &known, &found, err);
    if (status)
        return status;
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        values[f] = (float)(isnan(known.value[f]) ? features->value[f] : known.value[f]);
    bind(statement, 1, mbid, MBID_SIZE);
    bind(statement, 2, values, sizeof values);
    return write_row(staging, ADD_MEASURE, err);
}

enum li_status li_staging_count_measures(struct staging *staging, uint64_t *out, struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[COUNT_MEASURES];
    enum li_status status = sqlite3_step(statement) == SQLITE_ROW ? LI_OK : failed(staging, err);
    if (!status)
        *out = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return status;
}

/* ---- sorted ---- */

enum li_status li_staging_next(struct staging *staging, struct staged_fact *out, bool *found,
                               struct li_error *err) {
    sqlite3_stmt *statement = staging->statements[SORT];
    int result = sqlite3_step(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return failed(staging, err);
    *found = result == SQLITE_ROW;
    if (*found)
        *out = (struct staged_fact){.artist = column(statement, 0),
                                    .track = column(statement, 1),
                                    .sequence = sqlite3_column_int64(statement, 2),
                                    .bytes = column(statement, 3)};
    return LI_OK;
}
