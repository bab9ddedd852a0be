/* record.c - a row by fields -> a record: names split, numbers checked, what is wrong counted. */
#include <ctype.h>
#include <math.h>
#include <strings.h>

#include "base/features.h"
#include "dataset/dataset_priv.h"

void li_record_clear(struct record *record) {
    record->shape = SHAPE_UNKNOWN;
    record->credit_count = record->genre_count = record->alias_count = 0;
    record->id = record->title = (struct li_text){0};
    record->artist_popularity = record->popularity = record->position = -1;
    record->count = -1;
    record->canonical = record->has_mbid = false;
    record->year = 0;
    record->features_from = LI_CATALOG_FEATURES_NONE;
    record->features = li_features_unknown();
}

void li_raw_clear(struct raw *raw) {
    memset(raw->cells, 0, sizeof raw->cells);
    raw->genre_cells = 0;
    raw->too_long = false;
}

void li_raw_set(struct raw *raw, struct place place, struct li_text cell) {
    if (place.field < 0 || cell.size == 0)
        return;
    if (place.field == FIELD_GENRES && raw->genre_cells < GENRE_COLUMNS_MAX)
        raw->genres[raw->genre_cells++] = cell;
    if (raw->cells[place.field].size && raw->ranks[place.field] <= place.rank)
        return;
    raw->cells[place.field] = cell;
    raw->ranks[place.field] = place.rank;
    raw->scales[place.field] = place.scale;
}

void li_record_feature(struct record *record, enum li_feature feature, double value, struct where *where) {
    value = li_feature_known(feature, value);
    if (isnan(value))
        return;
    if (!li_feature_possible(feature, value)) {
        char digits[32];
        snprintf(digits, sizeof digits, "%.6g", value);
        li_tally_count(where, LI_DATASET_OUT_OF_RANGE, li_fields_label(FIELD_FEATURE + (int)feature),
                       li_text_of(digits));
        return;
    }
    record->features.value[feature] = (double)(float)value; /* as the catalogue keeps it */
}

void li_record_add_genre(struct record *record, struct li_text text, unsigned votes, struct where *where) {
    if (text.size > TAG_BYTES_MAX)
        li_tally_count(where, LI_DATASET_LONG_VALUE, "genre", text);
    else if (text.size && record->genre_count < TAGS_MAX)
        record->genres[record->genre_count++] = (struct tag){text, votes};
}

void li_record_add_alias(struct record *record, struct li_text text, struct where *where) {
    if (text.size > LI_CATALOG_NAME_MAX)
        li_tally_count(where, LI_DATASET_LONG_VALUE, "alias", text);
    else if (text.size && record->alias_count < OTHER_NAMES_MAX)
        record->aliases[record->alias_count++] = text;
}

bool li_record_check(const struct record *record, const struct where *where) {
    if (record->shape != SHAPE_MEASURES && record->credit_count == 0) {
        li_tally_count(where, LI_DATASET_NO_ARTIST, record->title.size ? "title" : NULL, record->title);
        return false;
    }
    if (record->shape == SHAPE_TRACKS && record->title.size == 0) {
        li_tally_count(where, LI_DATASET_NO_TITLE, "artist", record->credits[0].name);
        return false;
    }
    bool too_long = record->title.size > LI_CATALOG_NAME_MAX;
    for (size_t c = 0; c < record->credit_count; c++)
        too_long = too_long || record->credits[c].name.size > LI_CATALOG_NAME_MAX;
    if (too_long)
        li_tally_count(where, LI_DATASET_TOO_LONG, NULL,
                       record->credit_count ? record->credits[0].name : record->title);
    return !too_long;
}

/* ---- artists of a cell ---- */

/* "A feat. B": where the second begins, or 0. */
static size_t featuring(struct li_text text, size_t *after) {
    static const char *const WORDS[] = {" feat. ", " feat ", " ft. ", " featuring "};
    for (size_t at = 1; at < text.size; at++) {
        if (text.data[at] != ' ')
            continue;
        for (size_t w = 0; w < sizeof WORDS / sizeof *WORDS; w++) {
            size_t size = strlen(WORDS[w]);
            if (at + size < text.size && strncasecmp(text.data + at, WORDS[w], size) == 0) {
                *after = at + size;
                return at;
            }
        }
    }
    return 0;
}

static size_t count_items(struct li_text ids, struct li_arena *arena) {
    struct li_text items[CREDITS_MAX];
    return li_value_list(ids, ",;|", items, CREDITS_MAX, arena);
}

/* "['A', 'B']" and what was a list in JSON; "[spunge]" is a band. */
static bool is_list(struct li_text cell) {
    if (cell.size && memchr(cell.data, LIST_MARK, cell.size))
        return true;
    cell = li_text_trim(cell);
    if (cell.size < 2 || cell.data[0] != '[' || cell.data[cell.size - 1] != ']')
        return false;
    struct li_text inside = li_text_trim((struct li_text){cell.data + 1, cell.size - 2});
    return inside.size == 0 || inside.data[0] == '\'' || inside.data[0] == '"';
}

/* Names that hold commas ("Tyler, The Creator") must stay whole: commas separate artists only where a column
 * of ids has just as many items. A row of a table of artists is about one. */
static size_t split_artists(const struct record *record, struct li_text cell, struct li_text ids,
                            struct li_text items[CREDITS_MAX], struct li_arena *arena) {
    if (is_list(cell))
        return li_value_list(cell, "", items, CREDITS_MAX, arena);
    items[0] = li_text_trim(cell);
    if (items[0].size == 0)
        return 0;
    if (record->shape == SHAPE_ARTISTS || items[0].data[0] == '[')
        return 1;
    struct li_text parts[CREDITS_MAX];
    size_t count = ids.size ? li_value_list(cell, ",", parts, CREDITS_MAX, arena) : 1;
    if (count < 2 || count != count_items(ids, arena))
        count = li_value_list(cell, ";", parts, CREDITS_MAX, arena);
    if (count > 1) {
        memcpy(items, parts, count * sizeof *parts);
        return count;
    }
    size_t after = 0, at = featuring(items[0], &after);
    if (at == 0)
        return 1;
    items[1] = (struct li_text){items[0].data + after, items[0].size - after};
    items[0].size = at;
    return 2;
}

static void read_artists(struct record *record, const struct raw *raw, struct li_arena *arena) {
    struct li_text items[CREDITS_MAX];
    size_t count =
        split_artists(record, raw->cells[FIELD_ARTIST], raw->cells[FIELD_ARTIST_IDS], items, arena);
    for (size_t i = 0; i < count; i++) {
        struct li_text name = li_value_text(items[i], arena);
        bool twice = name.size == 0;
        for (size_t c = 0; c < record->credit_count; c++)
            twice = twice || li_text_equal(name, record->credits[c].name);
        if (!twice)
            record->credits[record->credit_count++] = (struct credit){.name = name};
    }
    if (record->credit_count == 1)
        record->credits[0].has_mbid = li_value_mbid(raw->cells[FIELD_ARTIST_MBID], record->credits[0].mbid);
}

/* ---- numbers ---- */

static double number_of(const struct raw *raw, int field, struct where *where) {
    double value = NAN;
    if (!li_value_number(raw->cells[field], &value))
        li_tally_count(where, LI_DATASET_NOT_A_NUMBER, li_fields_label(field), raw->cells[field]);
    return value * (raw->cells[field].size ? raw->scales[field] : 1);
}

static int popularity_of(const struct raw *raw, int field, struct where *where) {
    double value = number_of(raw, field, where);
    if (isnan(value))
        return -1;
    if (value < 0 || value > LI_CATALOG_POPULARITY_MAX) {
        li_tally_count(where, LI_DATASET_OUT_OF_RANGE, li_fields_label(field), raw->cells[field]);
        return -1;
    }
    return (int)lround(value);
}

static double mode_of(const struct raw *raw, struct where *where) {
    struct li_text cell = li_text_trim(raw->cells[FIELD_FEATURE + LI_MODE]);
    if (cell.size == 5 && strncasecmp(cell.data, "major", 5) == 0)
        return 1;
    if (cell.size == 5 && strncasecmp(cell.data, "minor", 5) == 0)
        return 0;
    return number_of(raw, FIELD_FEATURE + LI_MODE, where);
}

static void read_features(struct record *record, const struct raw *raw, bool measured, struct where *where) {
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        li_record_feature(record, (enum li_feature)f,
                          f == LI_MODE ? mode_of(raw, where) : number_of(raw, FIELD_FEATURE + f, where),
                          where);
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        if (!isnan(record->features.value[f]))
            record->features_from = measured ? LI_CATALOG_FEATURES_MEASURED : LI_CATALOG_FEATURES_DATASET;
}

static void read_lists(struct record *record, const struct raw *raw, struct where *where,
                       struct li_arena *arena) {
    struct li_text items[OTHER_NAMES_MAX];
    for (size_t g = 0; g < raw->genre_cells; g++) {
        size_t count = li_value_list(raw->genres[g], ",;|", items, TAGS_MAX, arena);
        for (size_t i = 0; i < count; i++)
            li_record_add_genre(record, li_value_text(items[i], arena), 1, where);
    }
    size_t count = li_value_list(raw->cells[FIELD_ALIASES], ";|", items, OTHER_NAMES_MAX, arena);
    for (size_t i = 0; i < count; i++)
        li_record_add_alias(record, li_value_text(items[i], arena), where);
}

bool li_record_read(struct record *record, const struct raw *raw, const struct header *header,
                    struct where *where, struct li_arena *arena) {
    li_record_clear(record);
    record->shape = header->shape;
    if (header->measured && li_text_trim(raw->cells[FIELD_ERROR]).size) {
        li_tally_count(where, LI_DATASET_FAILED_FILE, NULL, raw->cells[FIELD_ERROR]);
        return false;
    }
    if (raw->too_long) {
        li_tally_count(where, LI_DATASET_TOO_LONG, NULL, (struct li_text){0});
        return false;
    }
    read_artists(record, raw, arena);
    if (record->shape == SHAPE_TRACKS)
        record->title = li_value_text(raw->cells[FIELD_TITLE], arena);
    record->has_mbid = li_value_mbid(raw->cells[FIELD_RECORDING_MBID], record->mbid);
    if (record->shape == SHAPE_MEASURES && !record->has_mbid) {
        li_tally_count(where, LI_DATASET_NO_TITLE, "recording_mbid", raw->cells[FIELD_RECORDING_MBID]);
        return false;
    }
    if (!li_record_check(record, where))
        return false;
    int popularity = popularity_of(raw, FIELD_POPULARITY, where);
    record->artist_popularity = popularity_of(raw, FIELD_ARTIST_POPULARITY, where);
    if (record->shape == SHAPE_TRACKS)
        record->popularity = popularity;
    else if (record->artist_popularity < 0)
        record->artist_popularity = popularity;
    double count = number_of(raw, FIELD_COUNT_OF, where);
    record->count = isnan(count) || count < 0 ? -1 : count;
    if (record->shape == SHAPE_TRACKS && !li_value_year(raw->cells[FIELD_YEAR], &record->year))
        li_tally_count(where, LI_DATASET_BAD_YEAR, "year", raw->cells[FIELD_YEAR]);
    read_lists(record, raw, where, arena);
    read_features(record, raw, header->measured, where);
    if (record->shape == SHAPE_ARTISTS && record->features_from != LI_CATALOG_FEATURES_NONE)
        li_tally_count(where, LI_DATASET_ARTIST_MEANS, NULL, (struct li_text){0});
    return true;
}
