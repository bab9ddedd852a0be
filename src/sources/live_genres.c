/* live_genres.c - the genres of artists: who they are from MusicBrainz, in one question for all; their tags
 * from ListenBrainz, in one more. Both failing is no reason to fail: the catalogue may know, or nobody does.
 */
#include "sources/live_priv.h"

static const int64_t FOUND_MS = (int64_t)30 * LI_DAY_MS, NOTHING_MS = (int64_t)7 * LI_DAY_MS;

size_t li_live_choose_tags(const struct li_answer_artist *artist, struct li_text *out) {
    size_t count = 0;
    for (size_t i = 0; i < artist->tag_count && count < LI_LIVE_GENRES_MAX; i++) {
        struct li_text tag = artist->tags[i];
        if (artist->is_genre[i] || li_genre_match(tag.data, tag.size) >= 0)
            out[count++] = tag;
    }
    return count;
}

static void keep(struct li_live *live, struct li_text id, const struct li_answer_artist *artist,
                 struct li_arena *arena) {
    struct li_text tags[LI_LIVE_GENRES_MAX];
    size_t count = artist ? li_live_choose_tags(artist, tags) : 0;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, li_json_text(tags[i]));
    li_cache_put(live->cache, LI_CACHE_GENRES, id, li_json_print(list, arena), count ? FOUND_MS : NOTHING_MS);
    json_decref(list);
}

bool li_live_kept_genres(struct li_live *live, struct li_text id, struct li_arena *arena,
                         const struct li_text **genres, size_t *count) {
    struct li_text value;
    json_t *list = NULL, *tag;
    size_t i, found = 0;
    if (!li_cache_get(live->cache, LI_CACHE_GENRES, id, arena, &value) ||
        li_json_parse(value, &list, NULL) != LI_OK)
        return false;
    struct li_text *tags = li_arena_alloc(arena, LI_LIVE_GENRES_MAX * sizeof *tags);
    json_array_foreach(list, i, tag) {
        if (found < LI_LIVE_GENRES_MAX && json_is_string(tag))
            tags[found++] = li_arena_copy(arena, li_text_of(json_string_value(tag)));
    }
    json_decref(list);
    *genres = tags;
    *count = found;
    return true;
}

static const struct li_answer_artist *by_id(const struct li_answer_artist *list, size_t count,
                                            struct li_text id) {
    for (size_t i = 0; i < count; i++)
        if (li_text_equal(list[i].id, id))
            return &list[i];
    return NULL;
}

void li_live_fetch_genres(struct li_live *live, const struct li_text *ids, const struct li_text *names,
                          size_t count) {
    struct li_arena arena = {0};
    struct li_text asked_ids[LI_LIVE_ARTISTS_MAX], asked_names[LI_LIVE_ARTISTS_MAX];
    struct li_text mbids[LI_LIVE_ARTISTS_MAX], value;
    struct li_answer_artist *found[LI_LIVE_ARTISTS_MAX], *told = NULL;
    size_t asked = 0, known = 0, told_count = 0;
    bool cut = false;
    for (size_t i = 0; i < count && asked < LI_LIVE_ARTISTS_MAX; i++) {
        if (names[i].size && !li_cache_get(live->cache, LI_CACHE_GENRES, ids[i], &arena, &value)) {
            asked_ids[asked] = ids[i];
            asked_names[asked++] = names[i];
        }
    }
    if (asked &&
        li_musicbrainz_find(&live->musicbrainz, asked_names, asked, &arena, found, &cut, NULL) == LI_OK) {
        for (size_t i = 0; i < asked; i++)
            if (found[i])
                mbids[known++] = found[i]->id;
        /* When ListenBrainz is away, MusicBrainz' own tags will do. */
        if (known && li_listenbrainz_artists(&live->listenbrainz, mbids, known, &arena, &told, &told_count,
                                             NULL) != LI_OK)
            told_count = 0;
        for (size_t i = 0; i < asked; i++) {
            const struct li_answer_artist *better = found[i] ? by_id(told, told_count, found[i]->id) : NULL;
            if (found[i] || !cut) /* else it is asked for again, among fewer */
                keep(live, asked_ids[i], better && better->tag_count ? better : found[i], &arena);
        }
    }
    li_arena_release(&arena);
}
