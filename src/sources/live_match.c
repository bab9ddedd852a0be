/* live_match.c - what is found by name alone: the artists of a listening history, and the catalogue's tracks.
 */
#include "base/clock.h"
#include "sources/live_priv.h"

enum { LOOKUP_MS = 10 * 1000, SAME_MAX = LI_SOURCE_HITS_MAX };

/* ---- artists ---- */

/* The first of these artists, who are kept, that is called just so. */
static bool of_this_name(struct li_live *live, const struct li_text *ids, size_t count, struct li_text name,
                         struct li_arena *arena, struct li_source_artist *artist) {
    for (size_t i = 0; i < count; i++)
        if (li_live_kept_artist(live, ids[i], true, arena, artist) && li_text_same_name(artist->name, name))
            return true;
    return false;
}

enum li_status li_live_match(struct li_source *source, struct li_text name, struct li_arena *arena,
                             struct li_source_artist *artist, struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    struct li_text ids[SAME_MAX];
    size_t count = 0;
    const struct li_catalog_artist *known =
        live->catalog ? li_catalog_match(live->catalog, name, arena) : NULL;
    if (known &&
        (li_live_own_id(known->id, LI_DEEZER_PREFIX).size || li_live_own_id(known->id, LI_SPOTIFY_PREFIX).size
             ? li_live_kept_artist(live, known->id, true, arena, artist)
             : li_live_find(source, known->id, arena, artist, NULL) == LI_OK))
        return LI_OK;
    if (name.size <= LI_SOURCE_QUERY_MAX && li_live_kept_ids(live, name, arena, ids, SAME_MAX, &count) &&
        of_this_name(live, ids, count, name, arena, artist))
        return LI_OK;
    return li_fail(err, LI_NOT_FOUND, "no artist who is known here is surely meant");
}

enum li_status li_live_lookup(struct li_source *source, const struct li_text *names, size_t count,
                              struct li_arena *arena, struct li_source_artist *artists, bool *found,
                              size_t *asked, struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    struct li_text ids[SAME_MAX], keys[LI_SOURCE_LOOKUP_MAX], called[LI_SOURCE_LOOKUP_MAX];
    int64_t until_ns = li_clock_monotonic_ns() + (int64_t)LOOKUP_MS * 1000000;
    size_t named = 0, done = 0;
    for (; done < count && li_clock_monotonic_ns() < until_ns; done++) {
        size_t hits = 0;
        if (names[done].size > LI_SOURCE_QUERY_MAX)
            continue;
        enum li_status status = li_live_deezer_ids(live, names[done], arena, ids, SAME_MAX, &hits, err);
        if (status && status != LI_NOT_FOUND && status != LI_INVALID)
            break; /* nobody answers: the others wait for another time */
        found[done] = !status && of_this_name(live, ids, hits, names[done], arena, &artists[done]);
        if (found[done]) {
            keys[named] = artists[done].id;
            called[named++] = artists[done].name;
        }
    }
    for (size_t i = 0; i < named; i += LI_LIVE_ARTISTS_MAX)
        li_live_fetch_genres(live, keys + i, called + i,
                             named - i < LI_LIVE_ARTISTS_MAX ? named - i : LI_LIVE_ARTISTS_MAX);
    li_cache_flush(live->cache);
    for (size_t i = 0; i < done; i++) /* now with their genres */
        if (found[i])
            found[i] = li_live_kept_artist(live, artists[i].id, true, arena, &artists[i]);
    *asked = done;
    return LI_OK;
}

/* ---- tracks ---- */

bool li_live_catalog_features(const struct li_live *live, const struct li_source_wanted *track,
                              enum li_catalog_features_origin from, struct li_arena *arena,
                              struct li_features *out) {
    if (!live->catalog || !track->title.size || !track->artist.size ||
        track->artist.size > LI_CATALOG_QUERY_MAX)
        return false;
    const struct li_catalog_artist *artist = li_catalog_match(live->catalog, track->artist, arena);
    if (artist)
        artist = li_catalog_find(live->catalog, artist->id, arena); /* with its tracks */
    for (size_t i = 0; artist && i < artist->track_count; i++) {
        if (artist->tracks[i].features_from != from ||
            !li_text_same_name(artist->tracks[i].title, track->title))
            continue;
        *out = artist->tracks[i].features;
        return true;
    }
    return false;
}
