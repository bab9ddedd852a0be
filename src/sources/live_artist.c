/* live_artist.c - an artist and its best-known tracks, by id. All that is asked goes through prepare, which
 * asks for several artists at once, and through the cache: the others read what it left there. */
#include <string.h>

#include "sources/live_priv.h"

static const int64_t ARTIST_MS = (int64_t)30 * LI_DAY_MS, TRACKS_MS = (int64_t)7 * LI_DAY_MS,
                     NO_TRACKS_MS = LI_DAY_MS;

struct li_text li_live_own_id(struct li_text id, const char *prefix) {
    size_t size = strlen(prefix);
    if (id.size <= size || id.size > size + LI_ANSWER_ID_MAX || memcmp(id.data, prefix, size) != 0)
        return (struct li_text){0};
    for (size_t i = size; i < id.size; i++) {
        char c = id.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return (struct li_text){0};
    }
    return (struct li_text){id.data + size, id.size - size};
}

/* ---- artists as they are kept ---- */

void li_live_keep_artist(struct li_live *live, struct li_text id, const struct li_answer_artist *artist) {
    struct li_arena arena = {0};
    int popularity = artist->fans >= 0 ? li_live_popularity(artist->fans) : artist->score;
    json_t *document = json_pack("{s:o,s:o,s:i}", "name", li_json_text(artist->name), "image",
                                 li_json_text(artist->image), "popularity", popularity);
    li_cache_put(live->cache, LI_CACHE_ARTIST, id, li_json_print(document, &arena), ARTIST_MS);
    json_decref(document);
    li_arena_release(&arena);
}

/* Genres of an artist: those kept, else the catalogue's for that name. */
static void add_genres(struct li_live *live, struct li_arena *arena, struct li_source_artist *artist) {
    if (li_live_kept_genres(live, artist->id, arena, &artist->genres, &artist->genre_count) &&
        artist->genre_count)
        return;
    const struct li_catalog_artist *known = li_live_in_catalog(live, artist->name, arena);
    if (known) {
        artist->genres = known->genres;
        artist->genre_count = known->genre_count;
    }
}

/* Lets an artist that was met be found by typing, also when the provider is away. */
static void note(const struct li_live *live, const struct li_source_artist *artist) {
    if (live->catalog)
        li_catalog_note(live->catalog, &(struct li_catalog_artist){.id = artist->id,
                                                                   .name = artist->name,
                                                                   .popularity = artist->popularity,
                                                                   .genres = artist->genres,
                                                                   .genre_count = artist->genre_count});
}

bool li_live_kept_artist(struct li_live *live, struct li_text id, bool stale, struct li_arena *arena,
                         struct li_source_artist *out) {
    struct li_text value;
    json_t *document = NULL;
    bool found = stale ? li_cache_get_stale(live->cache, LI_CACHE_ARTIST, id, arena, &value)
                       : li_cache_get(live->cache, LI_CACHE_ARTIST, id, arena, &value);
    if (!found || li_json_parse(value, &document, NULL) != LI_OK)
        return false;
    double popularity = li_answer_number(document, "popularity", -1, 100);
    *out = (struct li_source_artist){
        .id = li_arena_copy(arena, id),
        .name = li_arena_copy(arena, li_json_get_text(document, "name")),
        .image = li_arena_copy(arena, li_json_get_text(document, "image")),
        .popularity = popularity >= 0 ? (int)popularity : -1,
        .source = li_live_own_id(id, LI_SPOTIFY_PREFIX).size ? "spotify" : "deezer",
    };
    json_decref(document);
    if (!out->name.size)
        return false;
    add_genres(live, arena, out);
    note(live, out);
    return true;
}

/* ---- tracks as they are kept ---- */

static void keep_tracks(struct li_live *live, struct li_text artist, const char *prefix,
                        const struct li_answer_track *tracks, size_t count, struct li_arena *arena) {
    json_t *list = json_array();
    for (size_t i = 0; i < count && i < LI_LIVE_TRACKS_KEPT; i++) {
        struct li_text id = li_arena_printf(arena, "%s%.*s", prefix, LI_TEXT_ARG(tracks[i].id));
        struct li_answer_track named = tracks[i];
        named.id = id;
        if (strcmp(prefix, LI_DEEZER_PREFIX) == 0)
            li_live_keep_track(live, &named);
        json_array_append_new(list, json_pack("{s:o,s:o,s:i,s:b}", "id", li_json_text(id), "title",
                                              li_json_text(tracks[i].title), "year", tracks[i].year,
                                              "preview", tracks[i].preview.size > 0));
    }
    li_cache_put(live->cache, LI_CACHE_TRACKS, artist, li_json_print(list, arena),
                 count ? TRACKS_MS : NO_TRACKS_MS);
    json_decref(list);
}

static bool kept_tracks(struct li_live *live, struct li_text artist, size_t limit, bool stale,
                        struct li_arena *arena, struct li_source_track **tracks, size_t *count) {
    struct li_text value;
    json_t *list = NULL, *track;
    size_t i, found = 0;
    bool there = stale ? li_cache_get_stale(live->cache, LI_CACHE_TRACKS, artist, arena, &value)
                       : li_cache_get(live->cache, LI_CACHE_TRACKS, artist, arena, &value);
    if (!there || li_json_parse(value, &list, NULL) != LI_OK)
        return false;
    struct li_source_track *out = li_arena_alloc(arena, LI_LIVE_TRACKS_KEPT * sizeof *out);
    json_array_foreach(list, i, track) {
        if (found == limit || found == LI_LIVE_TRACKS_KEPT)
            break;
        out[found++] = (struct li_source_track){
            .id = li_arena_copy(arena, li_json_get_text(track, "id")),
            .title = li_arena_copy(arena, li_json_get_text(track, "title")),
            .year = (int)json_integer_value(json_object_get(track, "year")),
            .preview = json_is_true(json_object_get(track, "preview")),
        };
    }
    json_decref(list);
    *tracks = out;
    *count = found;
    return true;
}

static bool is_kept(struct li_live *live, enum li_cache_kind kind, struct li_text key) {
    struct li_arena arena = {0};
    struct li_text value;
    bool there = li_cache_get(live->cache, kind, key, &arena, &value);
    li_arena_release(&arena);
    return there;
}

/* ---- prepare ---- */

/* One artist on its way: its id here, its name as far as known, and where Deezer has its tracks. */
struct wanted {
    struct li_text id, name, deezer;
};

/* The name behind an id of the catalogue or of Spotify, so that Deezer can be asked for its tracks. */
static enum li_status learn_name(struct li_live *live, struct wanted *wanted, struct li_arena *arena,
                                 struct li_error *err) {
    struct li_text spotify = li_live_own_id(wanted->id, LI_SPOTIFY_PREFIX);
    struct li_source_artist artist;
    struct li_answer_artist told;
    const struct li_catalog_artist *known =
        live->catalog ? li_catalog_find(live->catalog, wanted->id, arena) : NULL;
    enum li_status status = LI_OK;
    if (known) {
        wanted->name = known->name;
    } else if (li_live_kept_artist(live, wanted->id, false, arena, &artist)) {
        wanted->name = artist.name;
    } else if (spotify.size && live->mode == LI_LIVE_SPOTIFY) {
        status = li_spotify_artist(&live->spotify, spotify, arena, &told, err);
        if (!status) {
            li_live_keep_artist(live, wanted->id, &told);
            wanted->name = told.name;
        }
    }
    return status;
}

/* Spotify's own top tracks, for an app that still has them. */
static bool spotify_tracks(struct li_live *live, struct wanted *wanted, struct li_arena *arena) {
    struct li_text own = li_live_own_id(wanted->id, LI_SPOTIFY_PREFIX);
    struct li_answer_track *tracks = NULL;
    size_t count = 0;
    if (!own.size || live->mode != LI_LIVE_SPOTIFY ||
        li_spotify_top_tracks(&live->spotify, own, arena, &tracks, &count, NULL) != LI_OK)
        return false;
    keep_tracks(live, wanted->id, LI_SPOTIFY_PREFIX, tracks, count, arena);
    return true;
}

/* Fills wanted->deezer: the artist of the same name there, or empty when there is none. */
static enum li_status learn_deezer_id(struct li_live *live, struct wanted *wanted, struct li_arena *arena,
                                      struct li_error *err) {
    struct li_text own = li_live_own_id(wanted->id, LI_DEEZER_PREFIX), ids[1];
    struct li_source_artist artist;
    size_t count = 0;
    wanted->deezer = own;
    if (own.size || !wanted->name.size)
        return LI_OK;
    enum li_status status = li_live_deezer_ids(live, wanted->name, arena, ids, 1, &count, err);
    if (!status && count && li_live_kept_artist(live, ids[0], true, arena, &artist) &&
        li_text_same_name(wanted->name, artist.name))
        wanted->deezer = li_live_own_id(ids[0], LI_DEEZER_PREFIX);
    return status;
}

/* Asks Deezer for what is not kept of these artists, all at once. */
static enum li_status ask_deezer(struct li_live *live, struct wanted *wanted, size_t count,
                                 struct li_arena *arena, struct li_error *err) {
    struct li_deezer_artist_wish wishes[LI_LIVE_ARTISTS_MAX] = {{{0}}};
    struct wanted *of[LI_LIVE_ARTISTS_MAX];
    size_t asked = 0;
    for (size_t i = 0; i < count; i++) {
        bool own = li_live_own_id(wanted[i].id, LI_DEEZER_PREFIX).size > 0;
        struct li_deezer_artist_wish wish = {.id = wanted[i].deezer};
        wish.want_artist = own && !is_kept(live, LI_CACHE_ARTIST, wanted[i].id);
        wish.want_tracks = wish.id.size && !is_kept(live, LI_CACHE_TRACKS, wanted[i].id);
        if (wish.want_artist || wish.want_tracks) {
            of[asked] = &wanted[i];
            wishes[asked++] = wish;
        }
    }
    enum li_status status = li_deezer_artists(&live->deezer, wishes, asked, arena, NULL, err);
    for (size_t i = 0; i < asked; i++) {
        struct li_deezer_artist_wish *wish = &wishes[i];
        if (wish->want_artist && !wish->artist_status) {
            li_live_keep_artist(live, of[i]->id, &wish->artist);
            of[i]->name = wish->artist.name;
        }
        bool none = wish->tracks_status == LI_NOT_FOUND && !wish->artist_status;
        if (wish->want_tracks && (!wish->tracks_status || none))
            keep_tracks(live, of[i]->id, LI_DEEZER_PREFIX, wish->tracks, wish->track_count, arena);
    }
    return status;
}

/* Sees to it that what is not kept of these artists is asked for. wanted holds ids, and gets names. */
static enum li_status ask_for(struct li_live *live, struct wanted *wanted, size_t count,
                              struct li_arena *arena, struct li_error *err) {
    enum li_status status = LI_OK;
    for (size_t i = 0; !status && i < count; i++) {
        status = learn_name(live, &wanted[i], arena, err);
        if (!status && !is_kept(live, LI_CACHE_TRACKS, wanted[i].id) &&
            !spotify_tracks(live, &wanted[i], arena))
            status = learn_deezer_id(live, &wanted[i], arena, err);
        else if (!status)
            wanted[i].deezer = li_live_own_id(wanted[i].id, LI_DEEZER_PREFIX);
    }
    return status ? status : ask_deezer(live, wanted, count, arena, err);
}

enum li_status li_live_prepare(struct li_source *source, const struct li_text *ids, size_t count,
                               struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    struct wanted wanted[LI_LIVE_ARTISTS_MAX] = {{{0}}};
    struct li_text names[LI_LIVE_ARTISTS_MAX], keys[LI_LIVE_ARTISTS_MAX];
    struct li_arena arena = {0};
    size_t named = 0;
    count = count < LI_LIVE_ARTISTS_MAX ? count : LI_LIVE_ARTISTS_MAX;
    for (size_t i = 0; i < count; i++)
        wanted[i].id = ids[i];
    li_cache_load(live->cache, LI_CACHE_ARTIST, ids, count);
    li_cache_load(live->cache, LI_CACHE_TRACKS, ids, count);
    li_cache_load(live->cache, LI_CACHE_GENRES, ids, count);
    enum li_status status = ask_for(live, wanted, count, &arena, err);
    for (size_t i = 0; i < count; i++) {
        /* The catalogue's own artists have their genres. */
        if (!wanted[i].name.size || (live->catalog && li_catalog_find(live->catalog, wanted[i].id, &arena)))
            continue;
        keys[named] = wanted[i].id;
        names[named++] = wanted[i].name;
    }
    li_live_fetch_genres(live, keys, names, named);
    li_cache_flush(live->cache);
    li_arena_release(&arena);
    if (status == LI_NOT_FOUND || status == LI_INVALID || live->mode == LI_LIVE_AUTO)
        return LI_OK; /* of one artist, or there is the catalogue: find and top_tracks say which */
    return li_live_failure(status, err);
}

/* ---- find and top tracks ---- */

static struct li_source_artist from_catalog(const struct li_catalog_artist *known) {
    return (struct li_source_artist){
        .id = known->id,
        .name = known->name,
        .genres = known->genres,
        .genre_count = known->genre_count,
        .popularity = known->popularity,
        .source = "catalog",
    };
}

static enum li_status nobody(struct li_text id, struct li_error *err) {
    return li_fail(err, LI_NOT_FOUND, "no artist has the id \"%.*s\"; /search finds the ids",
                   (int)(id.size < 80 ? id.size : 80), id.data);
}

/* Whether an id is of the kind that this source asks providers for. */
static bool is_live_id(const struct li_live *live, struct li_text id) {
    return li_live_own_id(id, LI_DEEZER_PREFIX).size ||
           (live->mode == LI_LIVE_SPOTIFY && li_live_own_id(id, LI_SPOTIFY_PREFIX).size);
}

/* Asks for one artist that was not prepared. */
static enum li_status ask_one(struct li_live *live, struct li_text id, struct li_arena *arena,
                              struct li_error *err) {
    struct wanted wanted = {.id = id};
    enum li_status status = ask_for(live, &wanted, 1, arena, err);
    li_cache_flush(live->cache);
    return status;
}

enum li_status li_live_find(struct li_source *source, struct li_text id, struct li_arena *arena,
                            struct li_source_artist *artist, struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    const struct li_catalog_artist *known = live->catalog ? li_catalog_find(live->catalog, id, arena) : NULL;
    if (known) {
        *artist = from_catalog(known);
        return LI_OK;
    }
    if (!is_live_id(live, id))
        return nobody(id, err);
    if (li_live_kept_artist(live, id, false, arena, artist))
        return LI_OK;
    enum li_status status = ask_one(live, id, arena, err);
    if (li_live_kept_artist(live, id, status != LI_NOT_FOUND, arena, artist))
        return LI_OK; /* also what is a little old, when the provider is away */
    return !status || status == LI_NOT_FOUND || status == LI_INVALID ? nobody(id, err)
                                                                     : li_live_failure(status, err);
}

/* The titles that the catalogue knows of an artist of this name. */
static bool catalog_tracks(const struct li_catalog_artist *known, size_t limit, struct li_arena *arena,
                           struct li_source_track **tracks, size_t *count) {
    if (!known)
        return false;
    size_t wanted = known->track_count < limit ? known->track_count : limit;
    struct li_source_track *list = li_arena_alloc(arena, (wanted + 1) * sizeof *list);
    for (size_t i = 0; i < wanted; i++)
        list[i] = (struct li_source_track){
            .id = known->tracks[i].id, .title = known->tracks[i].title, .year = known->tracks[i].year};
    *tracks = list;
    *count = wanted;
    return true;
}

enum li_status li_live_top_tracks(struct li_source *source, struct li_text id, size_t limit,
                                  struct li_arena *arena, struct li_source_track **tracks, size_t *count,
                                  struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    struct li_source_artist artist;
    const struct li_catalog_artist *known = live->catalog ? li_catalog_find(live->catalog, id, arena) : NULL;
    if (!known && !is_live_id(live, id))
        return nobody(id, err);
    enum li_status status = LI_OK;
    bool found = kept_tracks(live, id, limit, false, arena, tracks, count);
    if (!found) {
        status = ask_one(live, id, arena, err);
        found = kept_tracks(live, id, limit, status != LI_OK, arena, tracks, count);
    }
    if (found && (*count || !known))
        return LI_OK;
    if (status && status != LI_NOT_FOUND && live->mode != LI_LIVE_AUTO)
        return li_live_failure(status, err);
    if (!known && li_live_kept_artist(live, id, true, arena, &artist))
        known = li_live_in_catalog(live, artist.name, arena);
    if (catalog_tracks(known, limit, arena, tracks, count))
        return LI_OK;
    *tracks = li_arena_alloc(arena, sizeof **tracks);
    *count = 0; /* an artist without tracks: its genres speak for it */
    return LI_OK;
}
