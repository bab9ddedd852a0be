/* live_search.c - artists by the words that a person typed: asked once, ranked by us, kept for a day. */
#include <math.h>
#include <stdlib.h>

#include "sources/live_priv.h"

static const int64_t FOUND_MS = LI_DAY_MS, NOTHING_MS = LI_DAY_MS / 24;

int li_live_popularity(int64_t fans) {
    if (fans < 0)
        return -1;
    int popularity = (int)lround(100 * log10((double)fans + 1) / log10(20e6 + 1));
    return popularity > 100 ? 100 : popularity;
}

/* ---- ranking ---- */

struct ranked {
    struct li_answer_artist artist;
    int fit; /* 0 the very name, 1 begins with the words, 2 anything else */
    size_t place;
};

static int by_fit(const void *left, const void *right) {
    const struct ranked *a = left, *b = right;
    if (a->fit != b->fit)
        return a->fit - b->fit;
    if (a->artist.fans != b->artist.fans)
        return a->artist.fans > b->artist.fans ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* A name as it is compared: folded, of "!!!" its signs. */
static size_t searched(struct li_text name, char out[LI_ANSWER_NAME_MAX]) {
    size_t size = li_text_fold(name, out, LI_ANSWER_NAME_MAX);
    return size ? size : li_text_signs(name, out, LI_ANSWER_NAME_MAX);
}

void li_live_rank(struct li_answer_artist *artists, size_t count, struct li_text words) {
    struct ranked ranked[LI_ANSWER_LIST_MAX] = {0};
    char typed[LI_ANSWER_NAME_MAX], name[LI_ANSWER_NAME_MAX];
    size_t typed_size = searched(words, typed);
    count = count < LI_ANSWER_LIST_MAX ? count : LI_ANSWER_LIST_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t size = searched(artists[i].name, name);
        bool begins = size >= typed_size && memcmp(name, typed, typed_size) == 0;
        ranked[i] = (struct ranked){artists[i], !begins ? 2 : size > typed_size, i};
    }
    qsort(ranked, count, sizeof *ranked, by_fit);
    for (size_t i = 0; i < count; i++)
        artists[i] = ranked[i].artist;
}

/* ---- what is kept: a JSON list of ids ---- */

static struct li_text search_key(const char *provider, struct li_text words, struct li_arena *arena) {
    char folded[LI_ANSWER_NAME_MAX];
    size_t size = li_text_fold(words, folded, sizeof folded);
    if (size == 0) /* nothing but signs */
        return li_arena_printf(arena, "%s %.*s", provider, LI_TEXT_ARG(words));
    return li_arena_printf(arena, "%s %.*s", provider, (int)size, folded);
}

static struct li_text id_of(const char *prefix, const struct li_answer_artist *artist,
                            struct li_arena *arena) {
    return li_arena_printf(arena, "%s%.*s", prefix, LI_TEXT_ARG(artist->id));
}

/* Keeps the artists that were found: at most LI_SOURCE_HITS_MAX, best first. */
static void keep(struct li_live *live, struct li_text key, const char *prefix,
                 const struct li_answer_artist *artists, size_t found, struct li_arena *arena) {
    json_t *ids = json_array();
    for (size_t i = 0; i < found && i < LI_SOURCE_HITS_MAX; i++) {
        struct li_text id = id_of(prefix, &artists[i], arena);
        li_live_keep_artist(live, id, &artists[i]);
        json_array_append_new(ids, li_json_text(id));
    }
    li_cache_put(live->cache, LI_CACHE_SEARCH, key, li_json_print(ids, arena), found ? FOUND_MS : NOTHING_MS);
    json_decref(ids);
}

/* Writes the ids of at most max artists, up to LI_SOURCE_HITS_MAX, and returns how many. */
static size_t give(const char *prefix, const struct li_answer_artist *artists, size_t found,
                   struct li_arena *arena, struct li_text *ids, size_t max) {
    size_t count = 0;
    for (; count < found && count < max && count < LI_SOURCE_HITS_MAX; count++)
        ids[count] = id_of(prefix, &artists[count], arena);
    return count;
}

/* The ids of a kept search; false when there is none. */
static bool kept(struct li_live *live, struct li_text key, struct li_arena *arena, struct li_text *ids,
                 size_t max, size_t *count) {
    struct li_text value;
    json_t *list = NULL, *id;
    size_t i, found = 0;
    if (!li_cache_get(live->cache, LI_CACHE_SEARCH, key, arena, &value) ||
        li_json_parse(value, &list, NULL) != LI_OK)
        return false;
    json_array_foreach(list, i, id) {
        if (found < max && json_is_string(id))
            ids[found++] = li_arena_copy(arena, li_text_of(json_string_value(id)));
    }
    json_decref(list);
    *count = found;
    return true;
}

/* ---- asking ---- */

enum li_status li_live_deezer_ids(struct li_live *live, struct li_text words, struct li_arena *arena,
                                  struct li_text *ids, size_t max, size_t *count, struct li_error *err) {
    struct li_answer_artist *artists = NULL;
    size_t found = 0;
    struct li_text key = search_key("deezer", words, arena);
    if (kept(live, key, arena, ids, max, count))
        return LI_OK;
    enum li_status status = li_deezer_search(&live->deezer, words, arena, &artists, &found, NULL, err);
    if (status == LI_NOT_FOUND)
        found = 0;
    else if (status)
        return status;
    li_live_rank(artists, found, words);
    keep(live, key, LI_DEEZER_PREFIX, artists, found, arena);
    *count = give(LI_DEEZER_PREFIX, artists, found, arena, ids, max);
    return LI_OK;
}

static enum li_status spotify_ids(struct li_live *live, struct li_text words, struct li_arena *arena,
                                  struct li_text *ids, size_t max, size_t *count, struct li_error *err) {
    struct li_answer_artist *artists = NULL;
    size_t found = 0;
    struct li_text key = search_key("spotify", words, arena);
    if (kept(live, key, arena, ids, max, count))
        return LI_OK;
    enum li_status status =
        li_spotify_search(&live->spotify, words, LI_SOURCE_HITS_MAX, arena, &artists, &found, err);
    if (status)
        return status;
    keep(live, key, LI_SPOTIFY_PREFIX, artists, found, arena); /* ranked well already */
    *count = give(LI_SPOTIFY_PREFIX, artists, found, arena, ids, max);
    return LI_OK;
}

bool li_live_kept_ids(struct li_live *live, struct li_text words, struct li_arena *arena, struct li_text *ids,
                      size_t max, size_t *count) {
    return kept(live, search_key("deezer", words, arena), arena, ids, max, count);
}

const struct li_catalog_artist *li_live_in_catalog(const struct li_live *live, struct li_text name,
                                                   struct li_arena *arena) {
    const struct li_catalog_artist *hit = live->catalog ? li_catalog_match(live->catalog, name, arena) : NULL;
    bool same = hit && li_text_same_name(name, hit->name);
    return same ? li_catalog_find(live->catalog, hit->id, arena) : NULL;
}

/* The catalogue's answer, and of the artists noted in it, for when the provider is away. */
static enum li_status search_catalog(struct li_live *live, struct li_text words, size_t limit,
                                     struct li_arena *arena, struct li_source_artist **artists, size_t *count,
                                     struct li_error *err) {
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
    size_t found = 0, filled = 0;
    enum li_status status = li_catalog_search(live->catalog, words, limit, hits, &found, arena, err);
    if (status)
        return status;
    struct li_source_artist *list = li_arena_alloc(arena, LI_SOURCE_HITS_MAX * sizeof *list);
    for (size_t i = 0; i < found; i++) /* one that was noted may be kept no more */
        if (li_live_find(&live->base, hits[i]->id, arena, &list[filled], NULL) == LI_OK)
            filled++;
    *artists = list;
    *count = filled;
    return LI_OK;
}

enum li_status li_live_search(struct li_source *source, struct li_text words, size_t limit,
                              struct li_arena *arena, struct li_source_artist **artists, size_t *count,
                              struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    struct li_text ids[LI_SOURCE_HITS_MAX];
    size_t found = 0, filled = 0;
    words = li_text_trim(words);
    enum li_status status = LI_OK;
    if (words.size)
        status = live->mode == LI_LIVE_SPOTIFY
                     ? spotify_ids(live, words, arena, ids, LI_SOURCE_HITS_MAX, &found, err)
                     : li_live_deezer_ids(live, words, arena, ids, LI_SOURCE_HITS_MAX, &found, err);
    li_cache_flush(live->cache);
    if ((status || found == 0) && live->mode == LI_LIVE_AUTO && live->catalog) /* it forgives typing errors */
        return search_catalog(live, words, limit, arena, artists, count, err);
    if (status)
        return li_live_failure(status, err);
    li_cache_load(live->cache, LI_CACHE_ARTIST, ids, found);
    li_cache_load(live->cache, LI_CACHE_GENRES, ids, found);
    struct li_source_artist *list = li_arena_alloc(arena, LI_SOURCE_HITS_MAX * sizeof *list);
    for (size_t i = 0; i < found && filled < limit; i++)
        if (li_live_kept_artist(live, ids[i], true, arena, &list[filled]))
            filled++;
    *artists = list;
    *count = filled;
    return LI_OK;
}
