/* load.c - reads the tables of a catalogue file into memory. The file may come from anywhere: nothing in it
 * is believed before it is checked, and SQLite is closed again before the first search. */
#include <sqlite3.h>
#include <stdlib.h>

#include "catalog/catalog_priv.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    STEPS_A_TICK = 4096, /* virtual machine steps between two looks at the budget */
    STEPS_A_BYTE = 16,   /* more than any honest file needs */
};

struct loader {
    sqlite3 *db;
    struct li_catalog *catalog;
    struct li_error *err;
    char *chunk; /* room for texts */
    size_t chunk_left;
    size_t artist_capacity, genre_capacity, alias_capacity, track_capacity;
    size_t genre_rows;
    long long ticks;       /* of the budget */
    sqlite3_int64 current; /* the artist of the row before */
};

static enum li_status fail_torn(const struct loader *loader, const char *what) {
    return li_fail(loader->err, LI_CORRUPT, "the catalogue is damaged (%.100s); copy or make it again", what);
}

static enum li_status fail_memory(const struct loader *loader) {
    return li_fail(loader->err, LI_NO_MEMORY, "no memory for the catalogue");
}

/* Ends a query that takes longer than any honest file can: pages of a hostile one may refer to each other. */
static int spend_budget(void *arg) {
    struct loader *loader = arg;
    return --loader->ticks < 0;
}

static enum li_status open_database(struct loader *loader, const unsigned char *bytes, size_t size) {
    if (sqlite3_open_v2(":memory:", &loader->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return fail_memory(loader);
    sqlite3 *db = loader->db;
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1000 * 1000);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    loader->ticks = (long long)(size * STEPS_A_BYTE / STEPS_A_TICK) + 64;
    sqlite3_progress_handler(db, STEPS_A_TICK, spend_budget, loader);
    /* READONLY: SQLite neither writes to the bytes nor frees them. */
    if (sqlite3_deserialize(db, "main", (unsigned char *)(uintptr_t)bytes, (sqlite3_int64)size,
                            (sqlite3_int64)size, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA cell_size_check = ON; PRAGMA cache_size = 16", NULL, NULL, NULL) !=
            SQLITE_OK)
        return fail_torn(loader, sqlite3_errmsg(db));
    return LI_OK;
}

/* The tables must be ours to the letter: a view, a virtual table or a computed column of the same name is
 * refused here. */
static enum li_status check_schema(struct loader *loader) {
    sqlite3_stmt *statement = NULL;
    enum li_status status = LI_OK;
    if (sqlite3_prepare_v2(loader->db,
                           "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql = ?", -1,
                           &statement, NULL) != SQLITE_OK)
        return fail_torn(loader, sqlite3_errmsg(loader->db));
    for (int i = 0; i < TABLE_COUNT && !status; i++) {
        sqlite3_bind_text(statement, 1, li_catalog_tables[i].name, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, li_catalog_tables[i].sql, -1, SQLITE_STATIC);
        if (sqlite3_step(statement) != SQLITE_ROW)
            status = fail_torn(loader, "its tables are not those of a catalogue");
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return status;
}

/* Calls each for every row of a query. */
static enum li_status for_each_row(struct loader *loader, const char *sql,
                                   enum li_status (*each)(struct loader *, sqlite3_stmt *)) {
    sqlite3_stmt *statement = NULL;
    enum li_status status = LI_OK;
    int step = SQLITE_ERROR;
    loader->current = 0;
    if (sqlite3_prepare_v2(loader->db, sql, -1, &statement, NULL) == SQLITE_OK)
        while (!status && (step = sqlite3_step(statement)) == SQLITE_ROW)
            status = each(loader, statement);
    if (!status && step == SQLITE_NOMEM)
        status = fail_memory(loader);
    else if (!status && step != SQLITE_DONE)
        status = fail_torn(loader, sqlite3_errmsg(loader->db));
    sqlite3_finalize(statement);
    return status;
}

/* Most text is ASCII, eight bytes of which are checked at once. */
static bool valid_text(struct li_text text) {
    size_t i = 0;
    for (; i + 8 <= text.size; i += 8) {
        uint64_t block;
        memcpy(&block, text.data + i, 8);
        if (block & 0x8080808080808080u || ((block - 0x0101010101010101u) & ~block & 0x8080808080808080u))
            return li_text_valid(text);
    }
    for (; i < text.size; i++)
        if ((signed char)text.data[i] <= 0)
            return li_text_valid(text);
    return true;
}

/* Room for a text that lives as long as the catalogue; NULL when memory is out. */
static char *take_room(struct loader *loader, size_t size) {
    if (loader->chunk_left < size) {
        loader->chunk = li_arena_try(&loader->catalog->arena, 1, CHUNK_BYTES);
        loader->chunk_left = loader->chunk ? CHUNK_BYTES : 0;
        if (!loader->chunk)
            return NULL;
    }
    char *room = loader->chunk;
    loader->chunk += size;
    loader->chunk_left -= size;
    return room;
}

/* Copies a text of 1 to LI_CATALOG_NAME_MAX bytes, behind prefix and a slash when there is a prefix. The type
 * is not asked for: SQLite writes out a number as text, and NULL is empty. */
static enum li_status read_text(struct loader *loader, sqlite3_stmt *row, int column, struct li_text prefix,
                                struct li_text *out) {
    const char *bytes = sqlite3_column_blob(row, column); /* as a blob: no copy to add a NUL */
    size_t size = (size_t)sqlite3_column_bytes(row, column);
    if (size == 0 || size > LI_CATALOG_NAME_MAX)
        return fail_torn(loader, "a text is missing or too long");
    if (!valid_text((struct li_text){bytes, size}))
        return fail_torn(loader, "a text is not UTF-8");
    size_t before = prefix.size ? prefix.size + 1 : 0;
    char *copy = take_room(loader, before + size);
    if (!copy)
        return fail_memory(loader);
    if (before) {
        memcpy(copy, prefix.data, prefix.size);
        copy[prefix.size] = '/';
    }
    memcpy(copy + before, bytes, size);
    *out = (struct li_text){copy, before + size};
    return LI_OK;
}

static enum li_status read_number(struct loader *loader, sqlite3_stmt *row, int column, sqlite3_int64 min,
                                  sqlite3_int64 max, sqlite3_int64 *out) {
    sqlite3_int64 value = sqlite3_column_int64(row, column); /* 0 for NULL and for what is no number */
    if (value < min || value > max)
        return fail_torn(loader, "a number is missing or out of range");
    *out = value;
    return LI_OK;
}

static enum li_status load_version(struct loader *loader, sqlite3_stmt *row) {
    struct li_text version = {0};
    char *out = loader->catalog->info.version;
    enum li_status status = read_text(loader, row, 0, (struct li_text){0}, &version);
    if (status)
        return status;
    if (out[0] || version.size != 16)
        return fail_torn(loader, "its version is no version");
    for (size_t i = 0; i < version.size; i++)
        if (!strchr("0123456789abcdef", version.data[i]))
            return fail_torn(loader, "its version is no version");
    memcpy(out, version.data, version.size);
    return LI_OK;
}

static enum li_status load_artist(struct loader *loader, sqlite3_stmt *row) {
    struct li_catalog *catalog = loader->catalog;
    size_t count = catalog->info.artists;
    struct li_catalog_artist artist = {0};
    sqlite3_int64 number = 0, popularity = 0;
    if (count >= ARTISTS_MAX)
        return fail_torn(loader, "too many artists");
    enum li_status status = read_number(loader, row, 0, (sqlite3_int64)count, (sqlite3_int64)count, &number);
    if (!status)
        status = read_text(loader, row, 1, (struct li_text){0}, &artist.id);
    if (!status)
        status = read_text(loader, row, 2, (struct li_text){0}, &artist.name);
    if (!status)
        status = read_number(loader, row, 3, 0, POPULARITY_MAX, &popularity);
    if (status)
        return status;
    if (!li_catalog_valid_id(artist.id) ||
        (count && li_text_compare(catalog->artists[count - 1].id, artist.id) >= 0))
        return fail_torn(loader, "the ids of its artists are wrong or not in order");
    if (!li_catalog_grow((void **)&catalog->artists, count, &loader->artist_capacity,
                         sizeof *catalog->artists))
        return fail_memory(loader);
    artist.popularity = (int)popularity;
    catalog->artists[catalog->info.artists++] = artist;
    return LI_OK;
}

/* The artist of a genre, alias or track: never one before that of the row before, so that an artist's rows
 * stand together and, as each artist has a limit, a hostile file cannot go round in circles. */
static enum li_status find_owner(struct loader *loader, sqlite3_stmt *row, struct li_catalog_artist **out) {
    sqlite3_int64 artist = 0;
    enum li_status status = read_number(loader, row, 0, loader->current,
                                        (sqlite3_int64)loader->catalog->info.artists - 1, &artist);
    if (status)
        return status;
    loader->current = artist;
    *out = &loader->catalog->artists[artist];
    return LI_OK;
}

static enum li_status fail_many(const struct loader *loader) {
    return fail_torn(loader, "an artist has too many genres, aliases or tracks");
}

static enum li_status load_genre(struct loader *loader, sqlite3_stmt *row) {
    struct li_catalog *catalog = loader->catalog;
    struct li_catalog_artist *artist = NULL;
    enum li_status status = find_owner(loader, row, &artist);
    if (status)
        return status;
    if (artist->genre_count == LI_CATALOG_GENRES_MAX)
        return fail_many(loader);
    if (!li_catalog_grow((void **)&catalog->genres, loader->genre_rows, &loader->genre_capacity,
                         sizeof *catalog->genres))
        return fail_memory(loader);
    status = read_text(loader, row, 1, (struct li_text){0}, &catalog->genres[loader->genre_rows]);
    if (status)
        return status;
    loader->genre_rows++;
    artist->genre_count++;
    return LI_OK;
}

static enum li_status load_alias(struct loader *loader, sqlite3_stmt *row) {
    struct li_catalog *catalog = loader->catalog;
    struct li_catalog_artist *artist = NULL;
    enum li_status status = find_owner(loader, row, &artist);
    if (status)
        return status;
    if (artist->alias_count == LI_CATALOG_ALIASES_MAX)
        return fail_many(loader);
    if (!li_catalog_grow((void **)&catalog->aliases, catalog->info.aliases, &loader->alias_capacity,
                         sizeof *catalog->aliases))
        return fail_memory(loader);
    status = read_text(loader, row, 1, (struct li_text){0}, &catalog->aliases[catalog->info.aliases]);
    if (status)
        return status;
    catalog->info.aliases++;
    artist->alias_count++;
    return LI_OK;
}

static enum li_status load_track(struct loader *loader, sqlite3_stmt *row) {
    struct li_catalog *catalog = loader->catalog;
    struct li_catalog_artist *artist = NULL;
    struct li_catalog_track track = {0};
    sqlite3_int64 year = 0;
    enum li_status status = find_owner(loader, row, &artist);
    if (!status)
        status = read_text(loader, row, 1, artist->id, &track.id);
    if (!status)
        status = read_text(loader, row, 2, (struct li_text){0}, &track.title);
    if (!status)
        status = read_number(loader, row, 3, 0, YEAR_MAX, &year);
    if (!status && year && year < YEAR_MIN)
        status = fail_torn(loader, "a year is out of range");
    if (status)
        return status;
    if (artist->track_count == LI_CATALOG_TRACKS_MAX)
        return fail_many(loader);
    if (!li_catalog_grow((void **)&catalog->tracks, catalog->info.tracks, &loader->track_capacity,
                         sizeof *catalog->tracks))
        return fail_memory(loader);
    track.year = (int)year;
    catalog->tracks[catalog->info.tracks++] = track;
    artist->track_count++;
    return LI_OK;
}

/* The lists have stopped moving: gives each artist its part of them. */
static enum li_status hand_out(struct loader *loader) {
    struct li_catalog *catalog = loader->catalog;
    size_t genre = 0, alias = 0, track = 0;
    if (catalog->info.artists == 0 || !catalog->info.version[0])
        return fail_torn(loader, "it is empty");
    for (size_t i = 0; i < catalog->info.artists; i++) {
        struct li_catalog_artist *artist = &catalog->artists[i];
        if (artist->genre_count < GENRES_MIN || artist->track_count < 1)
            return fail_torn(loader, "an artist has too few genres or no track");
        artist->genres = catalog->genres + genre;
        artist->aliases = artist->alias_count ? catalog->aliases + alias : NULL;
        artist->tracks = catalog->tracks + track;
        genre += artist->genre_count;
        alias += artist->alias_count;
        track += artist->track_count;
    }
    return LI_OK;
}

/* Counts different tags with a hash table that is at most half full. */
static enum li_status count_tags(struct loader *loader) {
    struct li_catalog *catalog = loader->catalog;
    size_t slots = 1024;
    while (slots < 2 * loader->genre_rows)
        slots *= 2;
    uint32_t *table = calloc(slots, sizeof *table); /* 1 + the number of a row with the tag; 0 = free */
    if (!table)
        return fail_memory(loader);
    for (size_t i = 0; i < loader->genre_rows; i++) {
        size_t slot = li_text_hash(catalog->genres[i]) & (slots - 1);
        while (table[slot] && !li_text_equal(catalog->genres[table[slot] - 1], catalog->genres[i]))
            slot = (slot + 1) & (slots - 1);
        if (table[slot])
            continue;
        table[slot] = (uint32_t)i + 1;
        catalog->info.genre_tags++;
    }
    free(table);
    return LI_OK;
}

static enum li_status load_tables(struct loader *loader) {
    enum li_status status = for_each_row(loader, "SELECT version FROM catalog LIMIT 2", load_version);
    if (!status)
        status = for_each_row(loader, "SELECT artist, id, name, popularity FROM artists ORDER BY artist",
                              load_artist);
    if (!status)
        status = for_each_row(loader, "SELECT artist, genre FROM artist_genres ORDER BY number", load_genre);
    if (!status)
        status = for_each_row(loader, "SELECT artist, alias FROM artist_aliases ORDER BY number", load_alias);
    if (!status)
        status =
            for_each_row(loader, "SELECT artist, slug, title, year FROM tracks ORDER BY number", load_track);
    return status;
}

enum li_status li_catalog_load(struct li_catalog *catalog, const unsigned char *bytes, size_t size,
                               struct li_error *err) {
    struct loader loader = {.catalog = catalog, .err = err};
    enum li_status status = open_database(&loader, bytes, size);
    if (!status)
        status = check_schema(&loader);
    if (!status)
        status = load_tables(&loader);
    sqlite3_close(loader.db);
    if (!status)
        status = hand_out(&loader);
    return status ? status : count_tags(&loader);
}
