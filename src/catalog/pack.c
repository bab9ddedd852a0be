/* pack.c - writes checked tables into the bytes of an SQLite file. Rows go in by the order of their keys into
 * a fresh database in memory, so the same tables always give the same bytes. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalog/catalog_priv.h"

const struct table_schema li_catalog_tables[TABLE_COUNT] = {
    [TABLE_CATALOG] = {"catalog",
                       "CREATE TABLE catalog (\n"
                       "  version TEXT NOT NULL -- a hash of the tables that this file was made of\n"
                       ")"},
    [TABLE_ARTISTS] = {"artists", "CREATE TABLE artists (\n"
                                  "  artist INTEGER PRIMARY KEY, -- in the order of id\n"
                                  "  id TEXT NOT NULL,\n"
                                  "  name TEXT NOT NULL,\n"
                                  "  popularity INTEGER NOT NULL -- 0 to 100\n"
                                  ")"},
    [TABLE_GENRES] =
        {"artist_genres",
         "CREATE TABLE artist_genres (\n"
         "  number INTEGER PRIMARY KEY, -- an artist's genres stand together, the first says most\n"
         "  artist INTEGER NOT NULL REFERENCES artists (artist),\n"
         "  genre TEXT NOT NULL\n"
         ")"},
    [TABLE_ALIASES] = {"artist_aliases",
                       "CREATE TABLE artist_aliases (\n"
                       "  number INTEGER PRIMARY KEY, -- an artist's aliases stand together\n"
                       "  artist INTEGER NOT NULL REFERENCES artists (artist),\n"
                       "  alias TEXT NOT NULL\n"
                       ")"},
    [TABLE_TRACKS] = {"tracks",
                      "CREATE TABLE tracks (\n"
                      "  number INTEGER PRIMARY KEY, -- an artist's tracks stand together\n"
                      "  artist INTEGER NOT NULL REFERENCES artists (artist),\n"
                      "  slug TEXT NOT NULL, -- the track's id is the artist's id, a slash, and this\n"
                      "  title TEXT NOT NULL,\n"
                      "  year INTEGER -- of first release\n"
                      ")"},
};

static enum li_status fail_sqlite(struct li_error *err, sqlite3 *db, const char *what) {
    enum li_status status = sqlite3_errcode(db) == SQLITE_NOMEM ? LI_NO_MEMORY : LI_IO;
    return li_fail(err, status, "cannot pack %s: %s", what, sqlite3_errmsg(db));
}

static enum li_status run(sqlite3 *db, const char *sql, struct li_error *err) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? LI_OK
                                                                : fail_sqlite(err, db, "the catalogue");
}

static enum li_status prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct li_error *err) {
    return sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK ? LI_OK
                                                                   : fail_sqlite(err, db, "the catalogue");
}

static void bind_text(sqlite3_stmt *statement, int column, struct li_text text) {
    sqlite3_bind_text64(statement, column, text.data ? text.data : "", text.size, SQLITE_STATIC, SQLITE_UTF8);
}

/* Runs an insertion and makes it ready for the next; false when it failed. */
static bool insert(sqlite3_stmt *statement) {
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return done;
}

static bool insert_list(sqlite3_stmt *statement, size_t artist, const struct li_text *texts, size_t count) {
    bool done = true;
    for (size_t i = 0; i < count && done; i++) {
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)artist);
        bind_text(statement, 2, texts[i]);
        done = insert(statement);
    }
    return done;
}

static bool insert_tracks(sqlite3_stmt *statement, size_t number, const struct li_catalog_artist *artist) {
    bool done = true;
    for (size_t i = 0; i < artist->track_count && done; i++) {
        const struct li_catalog_track *track = &artist->tracks[i];
        size_t before = artist->id.size + 1;
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
        bind_text(statement, 2, (struct li_text){track->id.data + before, track->id.size - before});
        bind_text(statement, 3, track->title);
        if (track->year)
            sqlite3_bind_int(statement, 4, track->year);
        else
            sqlite3_bind_null(statement, 4);
        done = insert(statement);
    }
    return done;
}

static bool insert_artist(sqlite3_stmt *statement, size_t number, const struct li_catalog_artist *artist) {
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
    bind_text(statement, 2, artist->id);
    bind_text(statement, 3, artist->name);
    sqlite3_bind_int(statement, 4, artist->popularity);
    return insert(statement);
}

static enum li_status pack_artists(sqlite3 *db, const struct pack_input *input, struct li_error *err) {
    sqlite3_stmt *artist = NULL, *genre = NULL, *alias = NULL, *track = NULL;
    enum li_status status = prepare(db, "INSERT INTO artists VALUES (?, ?, ?, ?)", &artist, err);
    if (!status)
        status = prepare(db, "INSERT INTO artist_genres (artist, genre) VALUES (?, ?)", &genre, err);
    if (!status)
        status = prepare(db, "INSERT INTO artist_aliases (artist, alias) VALUES (?, ?)", &alias, err);
    if (!status)
        status =
            prepare(db, "INSERT INTO tracks (artist, slug, title, year) VALUES (?, ?, ?, ?)", &track, err);
    /* One table after the other: its pages then lie together and are read in order. */
    bool done = true;
    for (size_t i = 0; i < input->artist_count && done && !status; i++)
        done = insert_artist(artist, i, &input->artists[i]);
    for (size_t i = 0; i < input->artist_count && done && !status; i++)
        done = insert_list(genre, i, input->artists[i].genres, input->artists[i].genre_count);
    for (size_t i = 0; i < input->artist_count && done && !status; i++)
        done = insert_list(alias, i, input->artists[i].aliases, input->artists[i].alias_count);
    for (size_t i = 0; i < input->artist_count && done && !status; i++)
        done = insert_tracks(track, i, &input->artists[i]);
    if (!status && !done)
        status = fail_sqlite(err, db, "the artists");
    sqlite3_finalize(artist);
    sqlite3_finalize(genre);
    sqlite3_finalize(alias);
    sqlite3_finalize(track);
    return status;
}

/* Tables with their own columns: genres.tsv and its like ------------------------------------------------ */

/* A plain decimal number, as strtod reads in the C locale. */
static bool to_number(struct li_text text, double *out) {
    char digits[64], *end;
    if (text.size == 0 || text.size >= sizeof digits)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("0123456789+-.eE", text.data[i]))
            return false;
    memcpy(digits, text.data, text.size);
    digits[text.size] = 0;
    *out = strtod(digits, &end);
    return *end == 0;
}

/* True when every filled cell of the column is a number, and one is filled. The first column is the key. */
static bool is_figures(const struct li_tsv *table, size_t column) {
    bool filled = false;
    double number;
    for (size_t row = 0; row < table->rows; row++) {
        struct li_text cell = li_tsv_cell(table, row, column);
        if (cell.size && !to_number(cell, &number))
            return false;
        filled = filled || cell.size;
    }
    return filled && column > 0;
}

static bool valid_column(struct li_text name) {
    bool valid = name.size > 0 && name.size < 64 && name.data[0] >= 'a' && name.data[0] <= 'z';
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        valid = valid && (c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    }
    return valid;
}

/* Makes the table; *insertion gets the SQL that fills one row. Both names and columns are checked: nothing
 * from the file can end the quotes. */
static enum li_status create_other(sqlite3 *db, const struct source_table *table, const char *name,
                                   struct li_arena *arena, const char **insertion, struct li_error *err) {
    struct li_text create = li_arena_printf(arena, "CREATE TABLE \"%s\" (", name);
    struct li_text fill = li_arena_printf(arena, "INSERT INTO \"%s\" VALUES (", name);
    for (size_t i = 0; i < table->tsv.columns; i++) {
        struct li_text column = table->tsv.header[i];
        if (!valid_column(column))
            return li_fail(err, LI_INVALID, "%s: column %zu is not named in lower-case letters, digits and _",
                           table->file, i + 1);
        create = li_arena_printf(arena, "%s%s\n  \"%.*s\" %s", create.data, i ? "," : "", LI_TEXT_ARG(column),
                                 i == 0                       ? "TEXT NOT NULL PRIMARY KEY"
                                 : is_figures(&table->tsv, i) ? "REAL"
                                                              : "TEXT");
        fill = li_arena_printf(arena, "%s%s?", fill.data, i ? ", " : "");
    }
    *insertion = li_arena_printf(arena, "%s)", fill.data).data;
    return run(db, li_arena_printf(arena, "%s\n) WITHOUT ROWID", create.data).data, err);
}

/* An empty cell is NULL. */
static void bind_row(sqlite3_stmt *statement, const struct li_tsv *table, size_t row, const bool *figures) {
    for (size_t column = 0; column < table->columns; column++) {
        struct li_text cell = li_tsv_cell(table, row, column);
        double number;
        if (cell.size == 0)
            sqlite3_bind_null(statement, (int)column + 1);
        else if (figures[column] && to_number(cell, &number))
            sqlite3_bind_double(statement, (int)column + 1, number);
        else
            bind_text(statement, (int)column + 1, cell);
    }
}

static enum li_status fill_other(sqlite3 *db, const struct source_table *table, sqlite3_stmt *statement,
                                 struct li_arena *arena, struct li_error *err) {
    bool *figures = li_arena_alloc(arena, table->tsv.columns * sizeof *figures);
    char key[64];
    snprintf(key, sizeof key, "%.*s", LI_TEXT_ARG(table->tsv.header[0]));
    for (size_t column = 0; column < table->tsv.columns; column++)
        figures[column] = is_figures(&table->tsv, column);
    for (size_t row = 0; row < table->tsv.rows; row++) {
        struct li_text first = li_tsv_cell(&table->tsv, row, 0);
        if (first.size == 0)
            return li_catalog_fail_cell(err, table, row, key,
                                        "the first cell of a row names it and must be filled");
        bind_row(statement, &table->tsv, row, figures);
        if (insert(statement))
            continue;
        if (sqlite3_errcode(db) == SQLITE_CONSTRAINT)
            return li_catalog_fail_cell(err, table, row, key, "\"%.*s\" stands in another line already",
                                        (int)(first.size < 64 ? first.size : 64), first.data);
        return fail_sqlite(err, db, table->file);
    }
    return LI_OK;
}

static enum li_status pack_other(sqlite3 *db, const struct source_table *table, struct li_error *err) {
    struct li_arena arena = {0};
    sqlite3_stmt *statement = NULL;
    const char *insertion = NULL;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(table->file, "."), table->file);
    enum li_status status = create_other(db, table, name, &arena, &insertion, err);
    if (!status)
        status = prepare(db, insertion, &statement, err);
    if (!status)
        status = fill_other(db, table, statement, &arena, err);
    sqlite3_finalize(statement);
    li_arena_release(&arena);
    return status;
}

static enum li_status pack_head(sqlite3 *db, const struct pack_input *input, struct li_error *err) {
    char sql[128];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
             LI_CATALOG_SCHEMA);
    enum li_status status = run(db, sql, err);
    for (int i = 0; i < TABLE_COUNT && !status; i++)
        status = run(db, li_catalog_tables[i].sql, err);
    if (status)
        return status;
    snprintf(sql, sizeof sql, "INSERT INTO catalog VALUES ('%.16s')", input->version);
    return run(db, sql, err);
}

enum li_status li_catalog_pack(const struct pack_input *input, unsigned char **bytes, size_t *size,
                               struct li_error *err) {
    sqlite3 *db = NULL;
    enum li_status status = LI_OK;
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
        status = li_fail(err, LI_NO_MEMORY, "SQLite cannot start: %s", db ? sqlite3_errmsg(db) : "no memory");
    if (!status)
        status = run(db, "PRAGMA encoding = 'UTF-8'; PRAGMA page_size = 4096; BEGIN", err);
    if (!status)
        status = pack_head(db, input, err);
    if (!status)
        status = pack_artists(db, input, err);
    for (size_t i = 0; i < input->other_count && !status; i++)
        status = pack_other(db, &input->others[i], err);
    if (!status)
        status = run(db, "COMMIT", err);
    if (!status) {
        sqlite3_int64 length = 0;
        unsigned char *copy = sqlite3_serialize(db, "main", &length, 0);
        if (copy) {
            *bytes = copy;
            *size = (size_t)length;
        } else {
            status = li_fail(err, LI_NO_MEMORY, "no memory for the packed catalogue");
        }
    }
    sqlite3_close(db);
    return status;
}
