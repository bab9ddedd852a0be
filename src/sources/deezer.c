/* deezer.c - the questions that Deezer is asked. No key; 50 requests in 5 s for one address, of which 40 are
 * asked, in 6 s. What is sent: the words of a search, and the numbers of artists and tracks. */
#include <stdlib.h>

#include "sources/live_priv.h"

enum { SEARCH_LIMIT = 25 };

/* Where an answer goes. */
struct into {
    struct li_arena *arena;
    struct li_answer_artist *artist, **artists;
    struct li_answer_track *track, **tracks;
    size_t *count;
};

static enum li_status read_artists(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_deezer_read_artists(body, into->arena, into->artists, into->count, err);
}

static enum li_status read_artist(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_deezer_read_artist(body, into->arena, into->artist, err);
}

static enum li_status read_tracks(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_deezer_read_tracks(body, into->arena, into->tracks, into->count, err);
}

static enum li_status read_track(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_deezer_read_track(body, into->arena, into->track, err);
}

enum li_status li_deezer_search(struct li_provider *deezer, struct li_text words, struct li_arena *arena,
                                struct li_answer_artist **list, size_t *count, const struct li_watch *watch,
                                struct li_error *err) {
    struct into into = {.arena = arena, .artists = list, .count = count};
    struct li_ask ask = {.read = read_artists, .context = &into};
    ask.path = li_arena_printf(arena, "/search/artist?q=%.*s&limit=%d",
                               LI_TEXT_ARG(li_url_encode(words, false, arena)), SEARCH_LIMIT);
    return li_provider_ask(deezer, &ask, 1, watch, err);
}

enum li_status li_deezer_artists(struct li_provider *deezer, struct li_deezer_artist_wish *wishes,
                                 size_t count, struct li_arena *arena, const struct li_watch *watch,
                                 struct li_error *err) {
    struct li_ask asks[2 * LI_LIVE_ARTISTS_MAX] = {{0}};
    struct into into[2 * LI_LIVE_ARTISTS_MAX];
    enum li_status *statuses[2 * LI_LIVE_ARTISTS_MAX];
    size_t asked = 0;
    for (size_t i = 0; i < count && i < LI_LIVE_ARTISTS_MAX; i++) {
        struct li_deezer_artist_wish *wish = &wishes[i];
        wish->artist_status = wish->tracks_status = LI_OK;
        if (wish->want_artist) {
            into[asked] = (struct into){.arena = arena, .artist = &wish->artist};
            statuses[asked] = &wish->artist_status;
            asks[asked].path = li_arena_printf(arena, "/artist/%.*s", LI_TEXT_ARG(wish->id));
            asks[asked++].read = read_artist;
        }
        if (wish->want_tracks) {
            into[asked] = (struct into){.arena = arena, .tracks = &wish->tracks, .count = &wish->track_count};
            statuses[asked] = &wish->tracks_status;
            asks[asked].path = li_arena_printf(arena, "/artist/%.*s/top?limit=%d", LI_TEXT_ARG(wish->id),
                                               LI_LIVE_TRACKS_KEPT);
            asks[asked++].read = read_tracks;
        }
    }
    for (size_t i = 0; i < asked; i++)
        asks[i].context = &into[i];
    enum li_status status = asked ? li_provider_ask(deezer, asks, asked, watch, err) : LI_OK;
    for (size_t i = 0; i < asked; i++)
        *statuses[i] = asks[i].status;
    return status;
}

enum li_status li_deezer_tracks(struct li_provider *deezer, struct li_deezer_track_wish *wishes, size_t count,
                                struct li_arena *arena, const struct li_watch *watch, struct li_error *err) {
    enum li_status status = LI_OK;
    for (size_t first = 0; !status && first < count; first += LI_ASK_BATCH_MAX) {
        struct li_ask asks[LI_ASK_BATCH_MAX] = {{0}};
        struct into into[LI_ASK_BATCH_MAX];
        size_t batch = count - first < LI_ASK_BATCH_MAX ? count - first : LI_ASK_BATCH_MAX;
        for (size_t i = 0; i < batch; i++) {
            struct li_deezer_track_wish *wish = &wishes[first + i];
            into[i] = (struct into){.arena = arena, .track = &wish->track};
            asks[i].path = li_arena_printf(arena, "/track/%.*s", LI_TEXT_ARG(wish->id));
            asks[i].read = read_track;
            asks[i].context = &into[i];
        }
        status = li_provider_ask(deezer, asks, batch, watch, err);
        for (size_t i = 0; i < batch; i++)
            wishes[first + i].status = asks[i].status;
        if (status == LI_NOT_FOUND || status == LI_CORRUPT || status == LI_UNSUPPORTED)
            status = LI_OK; /* of one track; the others may be fine */
    }
    return status;
}
