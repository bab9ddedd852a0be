/* rows.c - one artist as the bytes of a row:
 *
 *   text8 id, text16 name, u8 popularity + 1, u8 genres (u32 tag each), u8 aliases (text16 each),
 *   u8 tracks, each: text8 id behind the artist's and a slash, text16 title, u16 year, u8 popularity + 1,
 *   u8 features_from, and when that is not 0 u16 features known (a bit each) and a float of each
 *
 * text8 and text16 are a size in one or two bytes, then so many bytes of UTF-8. */
#include <math.h>
#include <stdlib.h>

#include "base/features.h"
#include "catalog/catalog_priv.h"

/* Writing ----------------------------------------------------------------------------------------------- */

unsigned char *li_bytes_extend(struct bytes *bytes, size_t size) {
    if (bytes->failed)
        return NULL;
    if (size > bytes->capacity - bytes->size) {
        size_t larger = bytes->capacity ? bytes->capacity : 4096;
        while (larger - bytes->size < size && larger <= SIZE_MAX / 4)
            larger *= 2;
        unsigned char *moved = larger - bytes->size < size ? NULL : realloc(bytes->data, larger);
        if (!moved) {
            bytes->failed = true;
            return NULL;
        }
        bytes->data = moved;
        bytes->capacity = larger;
    }
    bytes->size += size;
    return bytes->data + bytes->size - size;
}

void li_bytes_put(struct bytes *bytes, const void *data, size_t size) {
    unsigned char *at = li_bytes_extend(bytes, size);
    if (at && size)
        memcpy(at, data, size);
}

static void put8(struct bytes *out, size_t value) {
    unsigned char byte = (unsigned char)value;
    li_bytes_put(out, &byte, 1);
}

static void put16(struct bytes *out, size_t value) {
    unsigned char at[2];
    li_put16(at, (uint16_t)value);
    li_bytes_put(out, at, sizeof at);
}

static void put32(struct bytes *out, uint32_t value) {
    unsigned char at[4];
    li_put32(at, value);
    li_bytes_put(out, at, sizeof at);
}

static void put_text16(struct bytes *out, struct li_text text) {
    put16(out, text.size);
    li_bytes_put(out, text.data, text.size);
}

static void put_features(struct bytes *out, const struct li_catalog_track *track) {
    unsigned known = 0;
    put8(out, track->features_from);
    if (track->features_from == LI_CATALOG_FEATURES_NONE)
        return;
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        known |= isfinite(track->features.value[i]) ? 1u << i : 0;
    put16(out, known);
    for (int i = 0; i < LI_FEATURE_COUNT; i++) {
        float value = (float)track->features.value[i];
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        if (known >> i & 1)
            put32(out, bits);
    }
}

void li_row_write(struct bytes *out, const struct li_catalog_artist *artist, const uint32_t *tags) {
    put8(out, artist->id.size);
    li_bytes_put(out, artist->id.data, artist->id.size);
    put_text16(out, artist->name);
    put8(out, (size_t)artist->popularity + 1);
    put8(out, artist->genre_count);
    for (size_t i = 0; i < artist->genre_count; i++)
        put32(out, tags[i]);
    put8(out, artist->alias_count);
    for (size_t i = 0; i < artist->alias_count; i++)
        put_text16(out, artist->aliases[i]);
    put8(out, artist->track_count);
    for (size_t i = 0; i < artist->track_count; i++) {
        const struct li_catalog_track *track = &artist->tracks[i];
        size_t before = artist->id.size + 1;
        put8(out, track->id.size - before);
        li_bytes_put(out, track->id.data + before, track->id.size - before);
        put_text16(out, track->title);
        put16(out, (size_t)track->year);
        put8(out, (size_t)track->popularity + 1);
        put_features(out, track);
    }
}

/* Checking ---------------------------------------------------------------------------------------------- */

static bool valid_text(struct li_text text) {
    return text.size > 0 && text.size <= LI_CATALOG_NAME_MAX && li_text_valid(text);
}

static bool valid_texts(const struct li_text *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!valid_text(texts[i]))
            return false;
    return true;
}

static bool valid_popularity(int popularity) {
    return popularity >= -1 && popularity <= LI_CATALOG_POPULARITY_MAX;
}

static bool valid_year(int year) {
    return year == 0 || (year >= LI_CATALOG_YEAR_MIN && year <= LI_CATALOG_YEAR_MAX);
}

static enum li_status check_track(const struct li_catalog_artist *artist,
                                  const struct li_catalog_track *track, struct li_error *err) {
    size_t before = artist->id.size + 1;
    bool own = track->id.size > before && memcmp(track->id.data, artist->id.data, artist->id.size) == 0 &&
               track->id.data[before - 1] == '/' &&
               li_catalog_valid_id((struct li_text){track->id.data + before, track->id.size - before});
    if (!own)
        return li_fail(err, LI_INVALID, "a track's id is its artist's, a slash, and an id");
    if (!valid_text(track->title))
        return li_fail(err, LI_INVALID, "a title is 1 to %d bytes of UTF-8", LI_CATALOG_NAME_MAX);
    if (!valid_year(track->year) || !valid_popularity(track->popularity))
        return li_fail(err, LI_INVALID, "the year or popularity of a track is out of range");
    if (track->features_from > LI_CATALOG_FEATURES_DATASET)
        return li_fail(err, LI_INVALID, "nobody knows where the features of a track are from");
    return LI_OK;
}

enum li_status li_row_check(const struct li_catalog_artist *artist, bool foreign, struct li_error *err) {
    if (foreign ? !valid_text(artist->id) : !li_catalog_valid_id(artist->id))
        return li_fail(err, LI_INVALID,
                       "an id is up to %d lower-case letters a-z, digits and single hyphens between them",
                       LI_CATALOG_ID_MAX);
    if (!valid_text(artist->name))
        return li_fail(err, LI_INVALID, "a name is 1 to %d bytes of UTF-8", LI_CATALOG_NAME_MAX);
    if (!valid_popularity(artist->popularity))
        return li_fail(err, LI_INVALID, "popularity is -1 (unknown) to %d", LI_CATALOG_POPULARITY_MAX);
    if (artist->genre_count > LI_CATALOG_GENRES_MAX || artist->alias_count > LI_CATALOG_ALIASES_MAX ||
        (!foreign && artist->track_count > LI_CATALOG_TRACKS_MAX))
        return li_fail(err, LI_INVALID, "an artist has at most %d genres, %d aliases and %d tracks",
                       LI_CATALOG_GENRES_MAX, LI_CATALOG_ALIASES_MAX, LI_CATALOG_TRACKS_MAX);
    if (!valid_texts(artist->genres, artist->genre_count) ||
        !valid_texts(artist->aliases, artist->alias_count))
        return li_fail(err, LI_INVALID, "a genre or alias is 1 to %d bytes of UTF-8", LI_CATALOG_NAME_MAX);
    enum li_status status = LI_OK;
    for (size_t i = 0; !foreign && !status && i < artist->track_count; i++)
        status = check_track(artist, &artist->tracks[i], err);
    return status;
}

/* Reading ----------------------------------------------------------------------------------------------- */

/* A place in a row; bad once something did not fit. */
struct cursor {
    const unsigned char *at;
    size_t left;
    bool bad;
};

static const unsigned char *take(struct cursor *cursor, size_t size) {
    if (cursor->bad || size > cursor->left) {
        cursor->bad = true;
        return NULL;
    }
    cursor->at += size;
    cursor->left -= size;
    return cursor->at - size;
}

static unsigned take8(struct cursor *cursor) {
    const unsigned char *at = take(cursor, 1);
    return at ? *at : 0;
}

static unsigned take16(struct cursor *cursor) {
    const unsigned char *at = take(cursor, 2);
    return at ? li_get16(at) : 0;
}

static uint32_t take32(struct cursor *cursor) {
    const unsigned char *at = take(cursor, 4);
    return at ? li_get32(at) : 0;
}

/* A number that must not be larger than max. */
static unsigned take_up_to(struct cursor *cursor, unsigned max) {
    unsigned value = take8(cursor);
    cursor->bad = cursor->bad || value > max;
    return cursor->bad ? 0 : value;
}

static struct li_text take_text(struct cursor *cursor, size_t size) {
    const unsigned char *at = take(cursor, size);
    return at ? (struct li_text){(const char *)at, size} : (struct li_text){0};
}

/* A copy of a checked text. */
static struct li_text copy_text(struct cursor *cursor, struct li_text text, struct li_arena *arena) {
    static const struct li_text NONE;
    cursor->bad = cursor->bad || !valid_text(text);
    return cursor->bad ? NONE : li_arena_copy(arena, text);
}

static struct cursor open_row(const struct catalog_file *file, size_t artist) {
    const struct section_view *rows = &file->section[SECTION_ROWS];
    if (artist >= file->info.artists)
        return (struct cursor){.bad = true};
    const unsigned char *starts = file->section[SECTION_ROW_STARTS].data + 8 * artist;
    uint64_t from = li_get64(starts), to = li_get64(starts + 8);
    if (from > to || to > rows->size)
        return (struct cursor){.bad = true};
    return (struct cursor){rows->data + from, (size_t)(to - from), false};
}

static struct li_text tag_text(const struct catalog_file *file, uint32_t tag) {
    const struct section_view *tags = &file->section[SECTION_TAGS];
    size_t from = li_file_u32(file, SECTION_TAG_STARTS, tag);
    size_t to = li_file_u32(file, SECTION_TAG_STARTS, (size_t)tag + 1);
    if (from >= to || to > tags->size)
        return (struct li_text){0};
    return (struct li_text){(const char *)tags->data + from, to - from};
}

static void read_features(struct cursor *row, struct li_catalog_track *track) {
    track->features = li_features_unknown();
    track->features_from = (enum li_catalog_features_origin)take_up_to(row, LI_CATALOG_FEATURES_DATASET);
    unsigned known = track->features_from ? take16(row) : 0;
    for (int i = 0; i < LI_FEATURE_COUNT; i++) {
        if (!(known >> i & 1))
            continue;
        uint32_t bits = take32(row);
        float value;
        memcpy(&value, &bits, sizeof value);
        track->features.value[i] = isfinite(value) ? (double)value : NAN;
    }
}

static void read_tracks(struct cursor *row, struct li_catalog_artist *artist, struct li_arena *arena) {
    size_t count = take_up_to(row, LI_CATALOG_TRACKS_MAX);
    if (row->bad || count == 0)
        return;
    struct li_catalog_track *tracks = li_arena_alloc(arena, count * sizeof *tracks);
    for (size_t i = 0; i < count && !row->bad; i++) {
        struct li_text id = take_text(row, take8(row));
        row->bad = row->bad || !li_catalog_valid_id(id);
        if (row->bad)
            return;
        tracks[i].id = li_arena_printf(arena, "%.*s/%.*s", LI_TEXT_ARG(artist->id), LI_TEXT_ARG(id));
        tracks[i].title = copy_text(row, take_text(row, take16(row)), arena);
        tracks[i].year = (int)take16(row);
        tracks[i].popularity = (int)take_up_to(row, LI_CATALOG_POPULARITY_MAX + 1) - 1;
        row->bad = row->bad || !valid_year(tracks[i].year);
        read_features(row, &tracks[i]);
    }
    artist->tracks = tracks;
    artist->track_count = count;
}

static void read_genres(const struct catalog_file *file, struct cursor *row, struct li_catalog_artist *artist,
                        struct li_arena *arena) {
    artist->genre_count = take_up_to(row, LI_CATALOG_GENRES_MAX);
    struct li_text *genres = li_arena_alloc(arena, artist->genre_count * sizeof *genres);
    for (size_t i = 0; i < artist->genre_count; i++)
        genres[i] = copy_text(row, tag_text(file, take32(row)), arena);
    artist->genres = genres;
}

static void read_aliases(struct cursor *row, struct li_catalog_artist *artist, struct li_arena *arena) {
    artist->alias_count = take_up_to(row, LI_CATALOG_ALIASES_MAX);
    struct li_text *aliases = li_arena_alloc(arena, artist->alias_count * sizeof *aliases);
    for (size_t i = 0; i < artist->alias_count; i++)
        aliases[i] = copy_text(row, take_text(row, take16(row)), arena);
    artist->aliases = aliases;
}

const struct li_catalog_artist *li_row_read(const struct catalog_file *file, size_t artist, bool with_tracks,
                                            struct li_arena *arena) {
    struct cursor row = open_row(file, artist);
    struct li_text id = take_text(&row, take8(&row));
    if (row.bad || !li_catalog_valid_id(id))
        return NULL;
    struct li_catalog_artist *out = li_arena_alloc(arena, sizeof *out);
    out->id = li_arena_copy(arena, id);
    out->name = copy_text(&row, take_text(&row, take16(&row)), arena);
    out->popularity = (int)take_up_to(&row, LI_CATALOG_POPULARITY_MAX + 1) - 1;
    read_genres(file, &row, out, arena);
    read_aliases(&row, out, arena);
    if (with_tracks)
        read_tracks(&row, out, arena);
    return row.bad ? NULL : out;
}

bool li_row_find(const struct catalog_file *file, struct li_text id, size_t *artist) {
    size_t low = 0, high = file->info.artists;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct cursor row = open_row(file, middle);
        int order = li_text_compare(take_text(&row, take8(&row)), id);
        if (order == 0 && !row.bad) {
            *artist = middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
