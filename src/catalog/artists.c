/* artists.c - reads and checks artists.tsv: one artist a row, one fact a cell. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalog/catalog_priv.h"

enum {
    GENRES_MIN = 2,
    ARTISTS_MAX = 1 << 20,
    FOLDED_MAX = 2048,
    SLUG_MAX = 80,
    SLUG_KEPT = 60,
    ROW_GENRES = 6, /* cells of a row of artists.tsv */
    ROW_ALIASES = 6,
    ROW_TRACKS = 8,
};

struct columns {
    int id, name, popularity;
    int genre[ROW_GENRES], alias[ROW_ALIASES];
    int title[ROW_TRACKS], year[ROW_TRACKS];
};

struct reader {
    const struct source_table *table;
    struct columns columns;
    struct li_arena *arena;
    struct li_error *err;
    size_t row;
};

/* An artist and the row it came from, for the sentence about two with one id. */
struct numbered {
    struct li_catalog_artist artist;
    size_t row;
};

LI_PRINTF(5, 6)
static enum li_status fail_cell(struct li_error *err, const struct source_table *table, size_t row,
                                const char *column, const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    enum li_status status = li_fail(err, LI_INVALID, "%s:%zu:%s%s %s", table->file, table->tsv.line[row],
                                    column ? column : "", column ? ":" : "", what);
    if (err)
        err->at = table->tsv.line[row];
    return status;
}

bool li_catalog_valid_id(struct li_text id) {
    if (id.size == 0 || id.size > LI_CATALOG_ID_MAX || id.data[0] == '-' || id.data[id.size - 1] == '-')
        return false;
    for (size_t i = 0; i < id.size; i++) {
        char c = id.data[i];
        bool hyphen = c == '-' && id.data[i - 1] != '-';
        if (!hyphen && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

/* Every column must be there, and no other: a misspelt header must not lose facts silently. */
static enum li_status find_column(struct reader *reader, size_t *known, const char *name, int number,
                                  int *out) {
    char full[32];
    snprintf(full, sizeof full, number ? "%s%d" : "%s", name, number);
    *out = li_tsv_column(&reader->table->tsv, full);
    if (*out < 0)
        return li_fail(reader->err, LI_INVALID, "%s: there is no column \"%s\"", reader->table->file, full);
    ++*known;
    return LI_OK;
}

static enum li_status find_columns(struct reader *reader) {
    struct columns *columns = &reader->columns;
    size_t known = 0;
    enum li_status status = find_column(reader, &known, "id", 0, &columns->id);
    if (!status)
        status = find_column(reader, &known, "name", 0, &columns->name);
    if (!status)
        status = find_column(reader, &known, "popularity", 0, &columns->popularity);
    for (int i = 0; i < ROW_GENRES && !status; i++)
        status = find_column(reader, &known, "genre_", i + 1, &columns->genre[i]);
    for (int i = 0; i < ROW_ALIASES && !status; i++)
        status = find_column(reader, &known, "alias_", i + 1, &columns->alias[i]);
    for (int i = 0; i < ROW_TRACKS && !status; i++)
        status = find_column(reader, &known, "title_", i + 1, &columns->title[i]);
    for (int i = 0; i < ROW_TRACKS && !status; i++)
        status = find_column(reader, &known, "year_", i + 1, &columns->year[i]);
    if (!status && known != reader->table->tsv.columns)
        return li_fail(reader->err, LI_INVALID, "%s: %zu columns where %zu are known", reader->table->file,
                       reader->table->tsv.columns, known);
    return status;
}

static struct li_text cell(const struct reader *reader, int column) {
    return li_tsv_cell(&reader->table->tsv, reader->row, (size_t)column);
}

static enum li_status fail_at(const struct reader *reader, int column, const char *what) {
    char name[32];
    struct li_text header = reader->table->tsv.header[column];
    snprintf(name, sizeof name, "%.*s", LI_TEXT_ARG(header));
    return fail_cell(reader->err, reader->table, reader->row, name, "%s", what);
}

static enum li_status check_text(const struct reader *reader, int column) {
    struct li_text text = cell(reader, column);
    if (text.size > LI_CATALOG_NAME_MAX)
        return fail_at(reader, column, "longer than 512 bytes");
    if (li_text_trim(text).size != text.size)
        return fail_at(reader, column, "begins or ends with a space");
    return LI_OK;
}

/* How many of the columns are filled, from the first on, without a gap. */
static enum li_status count_filled(const struct reader *reader, const int *columns, size_t max, size_t *out) {
    size_t count = 0;
    while (count < max && cell(reader, columns[count]).size)
        count++;
    for (size_t i = count; i < max; i++)
        if (cell(reader, columns[i]).size)
            return fail_at(reader, columns[i], "filled, but the cell before it is empty");
    for (size_t i = 0; i < count; i++) {
        enum li_status status = check_text(reader, columns[i]);
        if (status)
            return status;
    }
    *out = count;
    return LI_OK;
}

static enum li_status read_genres(const struct reader *reader, struct li_catalog_artist *artist) {
    size_t count = 0;
    enum li_status status = count_filled(reader, reader->columns.genre, ROW_GENRES, &count);
    if (status)
        return status;
    if (count < GENRES_MIN)
        return fail_at(reader, reader->columns.genre[count], "an artist has at least two genres");
    struct li_text *genres = li_arena_alloc(reader->arena, count * sizeof *genres);
    for (size_t i = 0; i < count; i++) {
        genres[i] = cell(reader, reader->columns.genre[i]);
        for (size_t j = 0; j < i; j++)
            if (li_text_equal(genres[i], genres[j]))
                return fail_at(reader, reader->columns.genre[i], "the same genre twice");
    }
    artist->genres = genres;
    artist->genre_count = count;
    return LI_OK;
}

static struct li_text folded(struct li_text text, struct li_arena *arena) {
    char buffer[FOLDED_MAX];
    size_t size = li_text_fold(text, buffer, sizeof buffer);
    return li_arena_copy(arena, (struct li_text){buffer, size});
}

static enum li_status read_aliases(const struct reader *reader, struct li_catalog_artist *artist) {
    const int *columns = reader->columns.alias;
    struct li_text keys[ROW_ALIASES + 1] = {folded(artist->name, reader->arena)};
    size_t count = 0;
    enum li_status status = count_filled(reader, columns, ROW_ALIASES, &count);
    if (status)
        return status;
    struct li_text *aliases = li_arena_alloc(reader->arena, count * sizeof *aliases);
    for (size_t i = 0; i < count; i++) {
        aliases[i] = cell(reader, columns[i]);
        keys[i + 1] = folded(aliases[i], reader->arena);
        if (keys[i + 1].size == 0)
            return fail_at(reader, columns[i], "an alias needs a letter or digit");
        for (size_t j = 0; j <= i; j++)
            if (li_text_equal(keys[i + 1], keys[j]))
                return fail_at(reader, columns[i], "an alias that reads like the name or another alias");
    }
    if (keys[0].size == 0 && count == 0)
        return fail_at(reader, reader->columns.name, "a name without a letter or digit needs an alias");
    artist->aliases = aliases;
    artist->alias_count = count;
    return LI_OK;
}

struct li_text li_catalog_slug(struct li_text title, struct li_arena *arena) {
    char text[FOLDED_MAX];
    size_t size = li_text_fold(title, text, sizeof text);
    unsigned hash = (unsigned)(li_text_hash(size ? (struct li_text){text, size} : title) & 0xffffffffu);
    bool ascii = size > 0;
    for (size_t i = 0; i < size; i++) {
        ascii = ascii && !((unsigned char)text[i] & 0x80);
        if (text[i] == ' ')
            text[i] = '-';
    }
    if (!ascii)
        return li_arena_printf(arena, "%08x", hash);
    if (size <= SLUG_MAX)
        return li_arena_copy(arena, (struct li_text){text, size});
    size = SLUG_KEPT;
    while (text[size - 1] == '-')
        size--;
    return li_arena_printf(arena, "%.*s-%08x", (int)size, text, hash);
}

static enum li_status read_year(const struct reader *reader, int column, int *out) {
    struct li_text text = cell(reader, column);
    long year = 0;
    if (text.size && !li_text_to_long(text, LI_CATALOG_YEAR_MIN, LI_CATALOG_YEAR_MAX, &year))
        return fail_at(reader, column, "a year is a number from 1600 to 2100, or empty");
    *out = (int)year;
    return LI_OK;
}

static enum li_status read_tracks(const struct reader *reader, struct li_catalog_artist *artist) {
    const struct columns *columns = &reader->columns;
    size_t count = 0;
    enum li_status status = count_filled(reader, columns->title, ROW_TRACKS, &count);
    if (status)
        return status;
    if (count == 0)
        return fail_at(reader, columns->title[0], "an artist has at least one track");
    for (size_t i = count; i < ROW_TRACKS; i++)
        if (cell(reader, columns->year[i]).size)
            return fail_at(reader, columns->year[i], "a year without a title");
    struct li_catalog_track *tracks = li_arena_alloc(reader->arena, count * sizeof *tracks);
    for (size_t i = 0; i < count; i++) {
        tracks[i].popularity = -1;
        tracks[i].title = cell(reader, columns->title[i]);
        struct li_text end = li_catalog_slug(tracks[i].title, reader->arena);
        tracks[i].id = li_arena_printf(reader->arena, "%.*s/%.*s", LI_TEXT_ARG(artist->id), LI_TEXT_ARG(end));
        for (size_t j = 0; j < i; j++)
            if (li_text_equal(tracks[i].id, tracks[j].id))
                return fail_at(reader, columns->title[i],
                               "a title that reads like another one of the artist");
        status = read_year(reader, columns->year[i], &tracks[i].year);
        if (status)
            return status;
    }
    artist->tracks = tracks;
    artist->track_count = count;
    return LI_OK;
}

static enum li_status read_row(const struct reader *reader, struct li_catalog_artist *artist) {
    long popularity = 0;
    artist->id = cell(reader, reader->columns.id);
    artist->name = cell(reader, reader->columns.name);
    if (!li_catalog_valid_id(artist->id))
        return fail_at(reader, reader->columns.id,
                       "an id is up to 96 lower-case letters a-z, digits and single hyphens between them");
    if (artist->name.size == 0)
        return fail_at(reader, reader->columns.name, "an artist needs a name");
    if (!li_text_to_long(cell(reader, reader->columns.popularity), 0, LI_CATALOG_POPULARITY_MAX, &popularity))
        return fail_at(reader, reader->columns.popularity, "popularity is a whole number from 0 to 100");
    artist->popularity = (int)popularity;
    enum li_status status = check_text(reader, reader->columns.name);
    if (!status)
        status = read_genres(reader, artist);
    if (!status)
        status = read_aliases(reader, artist);
    if (!status)
        status = read_tracks(reader, artist);
    return status;
}

static int by_id(const void *a, const void *b) {
    const struct numbered *left = a, *right = b;
    int order = li_text_compare(left->artist.id, right->artist.id);
    return order ? order : (left->row > right->row) - (left->row < right->row);
}

enum li_status li_catalog_read_artists(const struct source_table *table, struct li_arena *arena,
                                       struct li_catalog_artist **out, size_t *count, struct li_error *err) {
    struct reader reader = {.table = table, .arena = arena, .err = err};
    size_t rows = table->tsv.rows;
    enum li_status status = find_columns(&reader);
    if (status)
        return status;
    if (rows == 0 || rows > ARTISTS_MAX)
        return li_fail(err, LI_INVALID, "%s: %zu artists; a catalogue has 1 to %d", table->file, rows,
                       ARTISTS_MAX);
    struct numbered *read = li_arena_try(arena, rows, sizeof *read);
    struct li_catalog_artist *artists = li_arena_try(arena, rows, sizeof *artists);
    if (!read || !artists)
        return li_fail(err, LI_NO_MEMORY, "no memory for %zu artists", rows);
    for (reader.row = 0; reader.row < rows; reader.row++) {
        read[reader.row].row = reader.row;
        status = read_row(&reader, &read[reader.row].artist);
        if (status)
            return status;
    }
    qsort(read, rows, sizeof *read, by_id);
    for (size_t i = 0; i < rows; i++) {
        artists[i] = read[i].artist;
        if (i && li_text_equal(artists[i].id, artists[i - 1].id))
            return fail_cell(err, table, read[i].row, "id", "\"%.*s\" stands in line %zu already",
                             LI_TEXT_ARG(artists[i].id), table->tsv.line[read[i - 1].row]);
    }
    *out = artists;
    *count = rows;
    return LI_OK;
}
