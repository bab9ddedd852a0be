#include "sources/answers.h"

#include <math.h>

#include "base/features.h"

enum li_status li_answer_parse(const char *provider, struct li_text body, json_t **out,
                               struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_json_parse(body, &document, err);
    if (status == LI_INVALID)
        return li_fail(err, LI_CORRUPT, "%s answered with something that is not JSON", provider);
    if (!status)
        *out = document;
    return status;
}

static bool has_control_characters(struct li_text text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20 || byte == 0x7f)
            return true;
        /* U+0080..U+009F, and the marks that turn the direction of what stands around them, U+202A..U+202E
         * and U+2066..U+2069. */
        if (byte == 0xc2 && i + 1 < text.size && (unsigned char)text.data[i + 1] < 0xa0)
            return true;
        if (byte == 0xe2 && i + 2 < text.size) {
            unsigned char second = (unsigned char)text.data[i + 1], third = (unsigned char)text.data[i + 2];
            if ((second == 0x80 && third >= 0xaa && third <= 0xae) ||
                (second == 0x81 && third >= 0xa6 && third <= 0xa9))
                return true;
        }
    }
    return false;
}

struct li_text li_answer_string(const json_t *value, size_t max, struct li_arena *arena) {
    struct li_text text = li_text_trim((struct li_text){json_string_value(value), json_string_length(value)});
    if (text.size == 0 || text.size > max || !li_text_valid(text) || has_control_characters(text))
        return (struct li_text){0};
    return li_arena_copy(arena, text);
}

struct li_text li_answer_text(const json_t *object, const char *name, size_t max, struct li_arena *arena) {
    return li_answer_string(json_object_get(object, name), max, arena);
}

struct li_text li_answer_id(const json_t *object, const char *name, struct li_arena *arena) {
    const json_t *value = json_object_get(object, name);
    if (json_is_integer(value) && json_integer_value(value) > 0)
        return li_arena_printf(arena, "%lld", (long long)json_integer_value(value));
    struct li_text text = {json_string_value(value), json_string_length(value)};
    if (text.size == 0 || text.size > LI_ANSWER_ID_MAX)
        return (struct li_text){0};
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool right = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_';
        if (!right)
            return (struct li_text){0};
    }
    return li_arena_copy(arena, text);
}

struct li_text li_answer_url(const json_t *object, const char *name, struct li_arena *arena) {
    struct li_text url = li_json_get_text(object, name);
    bool http = url.size > 7 && memcmp(url.data, "http://", 7) == 0;
    bool https = url.size > 8 && memcmp(url.data, "https://", 8) == 0;
    if ((!http && !https) || url.size > LI_ANSWER_URL_MAX)
        return (struct li_text){0};
    for (size_t i = 0; i < url.size; i++) {
        char c = url.data[i];
        if (c <= ' ' || c >= 0x7f || strchr("\"'<>\\^`{}|", c))
            return (struct li_text){0};
    }
    return li_arena_copy(arena, url);
}

int li_answer_year(const json_t *object, const char *name) {
    struct li_text date = li_json_get_text(object, name);
    long year = 0;
    if (date.size != 4 && (date.size < 5 || date.data[4] != '-'))
        return 0;
    return li_text_to_long((struct li_text){date.data, 4}, 1000, 2999, &year) ? (int)year : 0;
}

double li_answer_number(const json_t *object, const char *name, double min, double max) {
    double value = li_json_get_number(object, name);
    return value >= min && value <= max ? value : NAN; /* NAN too when it is not there */
}

void li_answer_tags(const json_t *tags, struct li_arena *arena, struct li_answer_artist *artist) {
    double votes[LI_ANSWER_TAGS_MAX];
    size_t i;
    json_t *tag;
    json_array_foreach(tags, i, tag) {
        const char *member = json_object_get(tag, "name") ? "name" : "tag";
        double count = li_answer_number(tag, "count", 1, 1e9);
        if (i >= LI_ANSWER_LIST_MAX || !isfinite(count))
            continue;
        struct li_text name = li_answer_text(tag, member, LI_ANSWER_TAG_MAX, arena);
        size_t at = artist->tag_count;
        if (!name.size)
            continue;
        while (at > 0 && votes[at - 1] < count) /* stable: among equals the first stays first */
            at--;
        if (at == LI_ANSWER_TAGS_MAX)
            continue;
        size_t last = artist->tag_count < LI_ANSWER_TAGS_MAX ? artist->tag_count++ : LI_ANSWER_TAGS_MAX - 1;
        memmove(&artist->tags[at + 1], &artist->tags[at], (last - at) * sizeof artist->tags[0]);
        memmove(&artist->is_genre[at + 1], &artist->is_genre[at], (last - at) * sizeof artist->is_genre[0]);
        memmove(&votes[at + 1], &votes[at], (last - at) * sizeof votes[0]);
        artist->tags[at] = name;
        artist->is_genre[at] = json_is_string(json_object_get(tag, "genre_mbid"));
        votes[at] = count;
    }
}

bool li_answer_features(const json_t *object, struct li_features *out) {
    bool any = false;
    for (int f = 0; f < LI_FEATURE_COUNT; f++) {
        enum li_feature feature = (enum li_feature)f;
        struct li_range range = li_feature_range(feature);
        double value = li_answer_number(object, li_feature_id(feature), range.min, range.max);
        out->value[f] = li_feature_known(feature, value);
        any = any || isfinite(out->value[f]);
    }
    return any;
}

/* ---- lists ---- */

/* What to make of a list of which so many entries could be read. */
static enum li_status check_list(const char *provider, const json_t *entries, size_t readable,
                                 struct li_error *err) {
    if (!json_is_array(entries))
        return li_fail(err, LI_CORRUPT, "%s answered with something that is no list", provider);
    if (!readable && json_array_size(entries) > 0)
        return li_fail(err, LI_CORRUPT, "%s answered with a list in which nothing can be read", provider);
    return LI_OK;
}

enum li_status li_answer_artists(const char *provider, const json_t *entries,
                                 li_answer_artist_reader *read_one, struct li_arena *arena,
                                 struct li_answer_artist **list, size_t *count, struct li_error *err) {
    struct li_answer_artist *artists = li_arena_alloc(arena, LI_ANSWER_LIST_MAX * sizeof *artists);
    size_t i, found = 0;
    json_t *entry;
    json_array_foreach(entries, i, entry) {
        if (found < LI_ANSWER_LIST_MAX && read_one(entry, arena, &artists[found]))
            found++;
    }
    enum li_status status = check_list(provider, entries, found, err);
    if (!status) {
        *list = artists;
        *count = found;
    }
    return status;
}

enum li_status li_answer_tracks(const char *provider, const json_t *entries, li_answer_track_reader *read_one,
                                struct li_arena *arena, struct li_answer_track **list, size_t *count,
                                struct li_error *err) {
    struct li_answer_track *tracks = li_arena_alloc(arena, LI_ANSWER_LIST_MAX * sizeof *tracks);
    size_t i, found = 0;
    json_t *entry;
    json_array_foreach(entries, i, entry) {
        if (found < LI_ANSWER_LIST_MAX && read_one(entry, arena, &tracks[found]))
            found++;
    }
    enum li_status status = check_list(provider, entries, found, err);
    if (!status) {
        *list = tracks;
        *count = found;
    }
    return status;
}

enum li_status li_answer_features_list(const char *provider, const json_t *entries, struct li_arena *arena,
                                       struct li_answer_features **list, size_t *count,
                                       struct li_error *err) {
    struct li_answer_features *features = li_arena_alloc(arena, LI_ANSWER_LIST_MAX * sizeof *features);
    size_t i, found = 0, readable = 0;
    json_t *entry;
    json_array_foreach(entries, i, entry) {
        if (found == LI_ANSWER_LIST_MAX)
            break;
        struct li_answer_features *one = &features[found];
        one->id = li_answer_id(entry, "id", arena);
        one->isrc = li_answer_id(entry, "isrc", arena);
        readable += json_is_null(entry) || one->id.size;
        found += one->id.size && li_answer_features(entry, &one->features);
    }
    enum li_status status = check_list(provider, entries, readable, err);
    if (!status) {
        *list = features;
        *count = found;
    }
    return status;
}
