/* json_kinds.c - what one JSON object is: an artist or a recording of MusicBrainz, high-level values of
 * AcousticBrainz, an artist of our own export, or any object whose members are named like columns. */
#include <math.h>

#include "base/features.h"
#include "base/json.h"
#include "dataset/dataset_priv.h"

enum { VOTES_MAX = 1000000, POSITION_MAX = 1000 };

/* ---- pieces ---- */

static struct li_text text_of(struct json_kinds *kinds, const json_t *object, const char *member) {
    return li_value_text(li_json_get_text(object, member), &kinds->arena);
}

static void add_credit(struct record *record, struct li_text name, struct li_text mbid) {
    if (name.size == 0 || record->credit_count == CREDITS_MAX)
        return;
    struct credit *credit = &record->credits[record->credit_count++];
    *credit = (struct credit){.name = name};
    credit->has_mbid = li_value_mbid(mbid, credit->mbid);
}

static void add_genres(struct json_kinds *kinds, const json_t *list) {
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) {
        json_int_t votes = json_integer_value(json_object_get(item, "count"));
        unsigned counted = votes < 1 ? 1 : votes > VOTES_MAX ? VOTES_MAX : (unsigned)votes;
        if (json_is_string(item)) /* of an export: in the order that it has */
            li_record_add_genre(&kinds->record,
                                li_value_text(li_text_of(json_string_value(item)), &kinds->arena), 0,
                                &kinds->sink->where);
        else
            li_record_add_genre(&kinds->record, text_of(kinds, item, "name"), counted, &kinds->sink->where);
    }
}

/* Genres are a checked part of the tags: tags only count where there is none. */
static void add_musicbrainz_genres(struct json_kinds *kinds, const json_t *object) {
    add_genres(kinds, json_object_get(object, "genres"));
    if (kinds->record.genre_count == 0)
        add_genres(kinds, json_object_get(object, "tags"));
}

static void put(struct json_kinds *kinds) {
    if (li_record_check(&kinds->record, &kinds->sink->where)) {
        kinds->sink->where.tally->kept++;
        kinds->sink->record(kinds->sink->context, &kinds->record);
    }
}

/* ---- MusicBrainz ---- */

static bool is_musicbrainz_artist(const json_t *object) {
    unsigned char mbid[MBID_SIZE];
    return json_object_get(object, "sort-name") && li_value_mbid(li_json_get_text(object, "id"), mbid);
}

static void read_musicbrainz_artist(struct json_kinds *kinds, const json_t *object) {
    struct record *record = &kinds->record;
    size_t i;
    json_t *alias;
    record->shape = SHAPE_ARTISTS;
    record->canonical = true;
    add_credit(record, text_of(kinds, object, "name"), li_json_get_text(object, "id"));
    json_array_foreach(json_object_get(object, "aliases"), i, alias)
        li_record_add_alias(record, text_of(kinds, alias, "name"), &kinds->sink->where);
    add_musicbrainz_genres(kinds, object);
    double votes = 0;
    for (size_t g = 0; g < record->genre_count; g++)
        votes += record->genres[g].votes;
    double ratings = li_json_get_number(json_object_get(object, "rating"), "votes-count");
    record->count = votes + (ratings > 0 ? ratings : 0);
    put(kinds);
}

static void read_musicbrainz_recording(struct json_kinds *kinds, const json_t *object) {
    struct record *record = &kinds->record;
    size_t i;
    json_t *credit;
    record->shape = SHAPE_TRACKS;
    json_array_foreach(json_object_get(object, "artist-credit"), i, credit) {
        const json_t *artist = json_object_get(credit, "artist");
        struct li_text name = text_of(kinds, artist, "name");
        add_credit(record, name.size ? name : text_of(kinds, credit, "name"), li_json_get_text(artist, "id"));
    }
    record->title = text_of(kinds, object, "title");
    record->has_mbid = li_value_mbid(li_json_get_text(object, "id"), record->mbid);
    if (!li_value_year(li_json_get_text(object, "first-release-date"), &record->year))
        record->year = 0;
    add_musicbrainz_genres(kinds, object);
    put(kinds);
}

/* ---- AcousticBrainz ---- */

/* The probability that a classifier gave to one of its answers, or NAN. */
static double probability(const json_t *high, const char *classifier, const char *answer) {
    return li_json_get_number(json_object_get(json_object_get(high, classifier), "all"), answer);
}

/* These are how sure classifiers were, not Spotify's measures: docs/catalogue.md says what that means. */
static void read_high_level(struct record *record, const json_t *high, struct where *where) {
    double happy = probability(high, "mood_happy", "happy"), sad = probability(high, "mood_sad", "sad");
    double aggressive = probability(high, "mood_aggressive", "aggressive");
    double relaxed = probability(high, "mood_relaxed", "relaxed");
    li_record_feature(record, LI_DANCEABILITY, probability(high, "danceability", "danceable"), where);
    li_record_feature(record, LI_ACOUSTICNESS, probability(high, "mood_acoustic", "acoustic"), where);
    li_record_feature(record, LI_INSTRUMENTALNESS, probability(high, "voice_instrumental", "instrumental"),
                      where);
    li_record_feature(record, LI_VALENCE, (happy + 1 - sad) / 2, where);
    li_record_feature(record, LI_ENERGY, (aggressive + 1 - relaxed) / 2, where);
}

static void read_low_level(struct record *record, const json_t *object, struct where *where) {
    const json_t *tonal = json_object_get(object, "tonal");
    struct li_text scale = li_json_get_text(tonal, "key_scale");
    li_record_feature(record, LI_TEMPO, li_json_get_number(json_object_get(object, "rhythm"), "bpm"), where);
    if (scale.size)
        li_record_feature(record, LI_MODE, li_text_equal(scale, LI_TEXT("major")), where);
}

/* A tag is a text or a list of texts. */
static struct li_text first_tag(struct json_kinds *kinds, const json_t *tags, const char *name) {
    const json_t *value = json_object_get(tags, name);
    const json_t *first = json_is_array(value) ? json_array_get(value, 0) : value;
    return li_value_text(li_text_of(json_string_value(first)), &kinds->arena);
}

static void read_acousticbrainz(struct json_kinds *kinds, const json_t *object) {
    struct record *record = &kinds->record;
    const json_t *tags = json_object_get(json_object_get(object, "metadata"), "tags");
    struct li_text id = first_tag(kinds, tags, "musicbrainz_recordingid");
    record->has_mbid =
        li_value_mbid(id.size ? id : first_tag(kinds, tags, "musicbrainz_trackid"), record->mbid) ||
        li_value_mbid(li_json_get_text(object, "mbid"), record->mbid);
    record->title = first_tag(kinds, tags, "title");
    struct li_text artist = first_tag(kinds, tags, "artist");
    const json_t *ids = json_object_get(tags, "musicbrainz_artistid");
    bool one =
        !json_is_array(ids) || json_array_size(ids) == 1; /* of several, nobody says whose name it is */
    add_credit(record, artist, one ? first_tag(kinds, tags, "musicbrainz_artistid") : (struct li_text){0});
    int year = 0;
    if (li_value_year(first_tag(kinds, tags, "date"), &year))
        record->year = year;
    read_high_level(record, json_object_get(object, "highlevel"), &kinds->sink->where);
    read_low_level(record, object, &kinds->sink->where);
    record->features_from = LI_CATALOG_FEATURES_DATASET;
    record->shape = record->has_mbid && !(artist.size && record->title.size) ? SHAPE_MEASURES : SHAPE_TRACKS;
    put(kinds);
}

/* ---- our own export ---- */

static int whole_number(const json_t *object, const char *member, int low, int high, int otherwise) {
    const json_t *value = json_object_get(object, member);
    if (!json_is_integer(value) || json_integer_value(value) < low || json_integer_value(value) > high)
        return otherwise;
    return (int)json_integer_value(value);
}

static void read_exported_track(struct json_kinds *kinds, const json_t *track, size_t position) {
    struct record *record = &kinds->record;
    struct li_text from = li_json_get_text(track, "features_from");
    record->shape = SHAPE_TRACKS;
    record->title = text_of(kinds, track, "title");
    record->position = position < POSITION_MAX ? (int)position : POSITION_MAX; /* so many are not kept */
    record->year = whole_number(track, "year", LI_CATALOG_YEAR_MIN, LI_CATALOG_YEAR_MAX, 0);
    record->popularity = whole_number(track, "popularity", 0, LI_CATALOG_POPULARITY_MAX, -1);
    record->features = li_features_unknown();
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        li_record_feature(
            record, (enum li_feature)f,
            li_json_get_number(json_object_get(track, "features"), li_fields_label(FIELD_FEATURE + f)),
            &kinds->sink->where);
    record->features_from = li_text_equal(from, LI_TEXT("measured"))  ? LI_CATALOG_FEATURES_MEASURED
                            : li_text_equal(from, LI_TEXT("dataset")) ? LI_CATALOG_FEATURES_DATASET
                                                                      : LI_CATALOG_FEATURES_NONE;
    if (record->title.size && record->title.size <= LI_CATALOG_NAME_MAX)
        kinds->sink->record(kinds->sink->context, record);
}

static void read_exported(struct json_kinds *kinds, const json_t *object) {
    struct record *record = &kinds->record;
    size_t i;
    json_t *item;
    record->shape = SHAPE_ARTISTS;
    record->canonical = true;
    add_credit(record, text_of(kinds, object, "name"), (struct li_text){0});
    struct li_text id = li_json_get_text(object, "id");
    record->id = li_catalog_valid_id(id) ? id : (struct li_text){0};
    record->artist_popularity = whole_number(object, "popularity", 0, LI_CATALOG_POPULARITY_MAX, -1);
    json_array_foreach(json_object_get(object, "aliases"), i, item) li_record_add_alias(
        record, li_value_text(li_text_of(json_string_value(item)), &kinds->arena), &kinds->sink->where);
    add_genres(kinds, json_object_get(object, "genres"));
    uint64_t kept = kinds->sink->where.tally->kept;
    put(kinds);
    if (kinds->sink->where.tally->kept == kept)
        return;
    record->genre_count = record->alias_count = 0;
    json_array_foreach(json_object_get(object, "tracks"), i, item) read_exported_track(kinds, item, i);
}

/* ---- objects with members like columns ---- */

static struct li_text item_of(const json_t *item) {
    return json_is_string(item) ? li_text_of(json_string_value(item)) : li_json_get_text(item, "name");
}

/* The items of a list, or their names, as one cell; of a very long list the beginning. */
static struct li_text list_of(const json_t *list, struct li_arena *arena) {
    size_t count = json_array_size(list) < OTHER_NAMES_MAX ? json_array_size(list) : OTHER_NAMES_MAX;
    size_t room = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        room += item_of(json_array_get(list, i)).size + 1;
    char *cell = li_arena_alloc(arena, room);
    for (size_t i = 0; i < count; i++) {
        struct li_text text = item_of(json_array_get(list, i));
        if (!text.size)
            continue;
        memcpy(cell + used, text.data, text.size);
        used += text.size;
        cell[used++] = LIST_MARK;
    }
    return used ? (struct li_text){cell, used} : (struct li_text){0};
}

/* A value as a cell: a number as its digits, a list as its items or their names. */
static struct li_text cell_of(struct json_kinds *kinds, const json_t *value) {
    struct li_arena *arena = &kinds->arena;
    if (json_is_string(value))
        return (struct li_text){json_string_value(value), json_string_length(value)};
    if (json_is_integer(value))
        return li_arena_printf(arena, "%lld", (long long)json_integer_value(value));
    if (json_is_real(value))
        return li_arena_printf(arena, "%.17g", json_real_value(value));
    if (json_is_object(value))
        return li_json_get_text(value, "name");
    return list_of(value, arena);
}

struct members {
    struct li_text names[COLUMNS_MAX];
    const json_t *values[COLUMNS_MAX];
    size_t count;
};

static void collect(struct members *members, const json_t *object) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (members->count == COLUMNS_MAX)
            return;
        members->names[members->count] = li_text_of(name);
        members->values[members->count++] = value;
    }
}

static void describe(struct json_kinds *kinds, const char *format, const struct members *members,
                     const struct header *header) {
    struct li_dataset_column columns[COLUMNS_MAX] = {0};
    if (kinds->described || !kinds->sink->mapped)
        return;
    kinds->described = true;
    for (size_t i = 0; i < members->count; i++)
        columns[i] = (struct li_dataset_column){li_value_text(members->names[i], &kinds->arena),
                                                li_fields_label(header->places[i].field)};
    kinds->sink->mapped(kinds->sink->context, format, columns, members->count);
}

/* Rows mostly have the same members in the same order: then the header of the row before holds. */
static void map_members(struct json_kinds *kinds, const struct members *members) {
    char names[MEMBER_NAMES_MAX];
    size_t used = 0;
    for (size_t i = 0; i < members->count; i++) {
        if (used + members->names[i].size + 1 > sizeof names) {
            used = 0; /* too many to remember */
            break;
        }
        memcpy(names + used, members->names[i].data, members->names[i].size);
        used += members->names[i].size;
        names[used++] = '\0';
    }
    if (used && used == kinds->names_size && memcmp(names, kinds->names, used) == 0)
        return;
    li_fields_map(&kinds->header, kinds->sink->maps, members->names, members->count);
    kinds->names_size = used;
    memcpy(kinds->names, names, used);
}

static void read_plain(struct json_kinds *kinds, const json_t *object) {
    struct members members = {.count = 0};
    const json_t *features = json_object_get(object, "features");
    struct where *where = &kinds->sink->where;
    struct header *header = &kinds->header;
    collect(&members, object);
    collect(&members, json_is_object(features) ? features : json_object_get(object, "audio_features"));
    map_members(kinds, &members);
    header->measured =
        json_object_get(object, "calibrated") && json_is_object(features); /* `listening analyze` */
    if (json_object_get(object, "file") && json_is_string(json_object_get(object, "error"))) {
        li_tally_count(where, LI_DATASET_FAILED_FILE, NULL, li_json_get_text(object, "error"));
        return;
    }
    if (header->shape == SHAPE_UNKNOWN) {
        li_tally_count(where, LI_DATASET_OTHER_KIND, NULL,
                       members.count ? members.names[0] : (struct li_text){0});
        return;
    }
    describe(kinds, "JSON", &members, header);
    li_raw_clear(&kinds->raw);
    for (size_t i = 0; i < members.count; i++)
        if (header->places[i].field >= 0)
            li_raw_set(&kinds->raw, header->places[i], cell_of(kinds, members.values[i]));
    if (li_record_read(&kinds->record, &kinds->raw, header, where, &kinds->arena)) {
        where->tally->kept++;
        kinds->sink->record(kinds->sink->context, &kinds->record);
    }
}

static void announce(struct json_kinds *kinds, const char *format) {
    const struct members none = {.count = 0};
    const struct header header = {.count = 0};
    describe(kinds, format, &none, &header);
}

void li_json_kinds_read(struct json_kinds *kinds, const json_t *object) {
    li_record_clear(&kinds->record);
    if (json_object_get(object, "highlevel") ||
        (json_object_get(object, "lowlevel") && json_object_get(object, "rhythm"))) {
        announce(kinds, "JSON of AcousticBrainz");
        read_acousticbrainz(kinds, object);
    } else if (json_object_get(object, "artist-credit") && json_object_get(object, "title")) {
        announce(kinds, "JSON of MusicBrainz");
        read_musicbrainz_recording(kinds, object);
    } else if (is_musicbrainz_artist(object)) {
        announce(kinds, "JSON of MusicBrainz");
        read_musicbrainz_artist(kinds, object);
    } else if (json_is_array(json_object_get(object, "tracks")) &&
               json_is_string(json_object_get(object, "name"))) {
        announce(kinds, "JSON of `listening catalog export`");
        read_exported(kinds, object);
    } else {
        read_plain(kinds, object);
    }
    li_arena_clear(&kinds->arena);
}
