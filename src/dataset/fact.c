/* fact.c - what one row says of one artist as a few bytes, for staging: flags, then what the flags promise.
 * Numbers are in this machine's order: a staging file is not carried elsewhere. */

#include "base/features.h"
#include "dataset/dataset_priv.h"

enum { HAS_TRACK = 1, HAS_FEATURES = 2, HAS_MBID = 4, CANONICAL = 8 };

enum { FIXED_BYTES = 128 + LI_FEATURE_COUNT * 4 + MBID_SIZE };

struct packing {
    char *bytes;
    size_t size;
};

static void put(struct packing *out, const void *bytes, size_t size) {
    if (size)
        memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static void put_text(struct packing *out, struct li_text text) {
    uint16_t size = (uint16_t)text.size;
    put(out, &size, sizeof size);
    put(out, text.data, size);
}

static void put_int(struct packing *out, int value) {
    int16_t small = (int16_t)value;
    put(out, &small, sizeof small);
}

static void put_track(struct packing *out, const struct fact *fact, unsigned flags) {
    put_text(out, fact->title);
    put_int(out, fact->year);
    put_int(out, fact->popularity);
    put_int(out, fact->position);
    put_int(out, (int)fact->features_from);
    if (flags & HAS_FEATURES) {
        for (int f = 0; f < LI_FEATURE_COUNT; f++) {
            float value = (float)fact->features.value[f];
            put(out, &value, sizeof value);
        }
    }
    if (flags & HAS_MBID)
        put(out, fact->mbid, MBID_SIZE);
}

static size_t size_of(const struct fact *fact) {
    size_t size = FIXED_BYTES + fact->name.size + fact->title.size;
    for (size_t g = 0; g < fact->genre_count; g++)
        size += fact->genres[g].text.size + sizeof(uint16_t) + sizeof(uint32_t);
    for (size_t a = 0; a < fact->alias_count; a++)
        size += fact->aliases[a].size + sizeof(uint16_t);
    return size;
}

struct li_text li_fact_pack(const struct fact *fact, struct li_arena *arena) {
    struct packing out = {li_arena_alloc(arena, size_of(fact)), 0};
    bool featured = fact->features_from != LI_CATALOG_FEATURES_NONE;
    unsigned char flags =
        (unsigned char)((fact->title.size ? HAS_TRACK : 0) | (featured ? HAS_FEATURES : 0) |
                        (fact->has_mbid ? HAS_MBID : 0) | (fact->canonical ? CANONICAL : 0));
    float count = (float)fact->count;
    put(&out, &flags, 1);
    put_text(&out, fact->name);
    put_int(&out, fact->artist_popularity);
    put(&out, &count, sizeof count);
    put_int(&out, (int)fact->genre_count);
    for (size_t g = 0; g < fact->genre_count; g++) {
        uint32_t votes = fact->genres[g].votes;
        put_text(&out, fact->genres[g].text);
        put(&out, &votes, sizeof votes);
    }
    put_int(&out, (int)fact->alias_count);
    for (size_t a = 0; a < fact->alias_count; a++)
        put_text(&out, fact->aliases[a]);
    if (flags & HAS_TRACK)
        put_track(&out, fact, flags);
    return (struct li_text){out.bytes, out.size};
}

/* ---- back ---- */

struct unpacking {
    struct li_text rest;
    bool broken;
};

static void take(struct unpacking *in, void *out, size_t size) {
    if (size > in->rest.size) {
        in->broken = true;
        memset(out, 0, size);
        return;
    }
    memcpy(out, in->rest.data, size);
    in->rest.data += size;
    in->rest.size -= size;
}

static struct li_text take_text(struct unpacking *in, size_t max) {
    uint16_t size = 0;
    take(in, &size, sizeof size);
    if (size > max || size > in->rest.size) {
        in->broken = true;
        return (struct li_text){0};
    }
    struct li_text text = {in->rest.data, size};
    in->rest.data += size;
    in->rest.size -= size;
    return text;
}

static int take_int(struct unpacking *in, int low, int high) {
    int16_t value = 0;
    take(in, &value, sizeof value);
    if (value < low || value > high) {
        in->broken = true;
        return low;
    }
    return value;
}

static void take_track(struct unpacking *in, struct fact *out, unsigned flags) {
    out->title = take_text(in, LI_CATALOG_NAME_MAX);
    out->year = take_int(in, 0, LI_CATALOG_YEAR_MAX);
    out->popularity = take_int(in, -1, LI_CATALOG_POPULARITY_MAX);
    out->position = take_int(in, -1, INT16_MAX);
    out->features_from =
        (enum li_catalog_features_origin)take_int(in, LI_CATALOG_FEATURES_NONE, LI_CATALOG_FEATURES_DATASET);
    if (flags & HAS_FEATURES) {
        for (int f = 0; f < LI_FEATURE_COUNT; f++) {
            float value = 0;
            take(in, &value, sizeof value);
            out->features.value[f] = (double)value;
        }
    }
    if (flags & HAS_MBID)
        take(in, out->mbid, MBID_SIZE);
    out->has_mbid = flags & HAS_MBID;
}

bool li_fact_unpack(struct li_text bytes, struct fact *out) {
    struct unpacking in = {bytes, false};
    unsigned char flags = 0;
    float count = 0;
    take(&in, &flags, 1);
    out->canonical = flags & CANONICAL;
    out->title = (struct li_text){0};
    out->has_mbid = false;
    out->year = 0;
    out->popularity = out->position = -1;
    out->features_from = LI_CATALOG_FEATURES_NONE;
    out->features = li_features_unknown();
    out->name = take_text(&in, LI_CATALOG_NAME_MAX);
    out->artist_popularity = take_int(&in, -1, LI_CATALOG_POPULARITY_MAX);
    take(&in, &count, sizeof count);
    out->count = (double)count;
    out->genre_count = (size_t)take_int(&in, 0, TAGS_MAX);
    for (size_t g = 0; g < out->genre_count; g++) {
        uint32_t votes = 0;
        out->genres[g].text = take_text(&in, TAG_BYTES_MAX);
        take(&in, &votes, sizeof votes);
        out->genres[g].votes = votes;
    }
    out->alias_count = (size_t)take_int(&in, 0, OTHER_NAMES_MAX);
    for (size_t a = 0; a < out->alias_count; a++)
        out->aliases[a] = take_text(&in, LI_CATALOG_NAME_MAX);
    if (flags & HAS_TRACK)
        take_track(&in, out, flags);
    return !in.broken && in.rest.size == 0;
}
