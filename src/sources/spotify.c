/* spotify.c - the questions that Spotify is asked, with the owner's own app (client credentials). A new app
 * of 2026 may search artists, ten at most; top tracks and audio features are closed to it, which is found out
 * by asking once. Spotify's policy forbids to analyse its content: docs/sources.md. */
#include <stdio.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/log.h"
#include "sources/live_priv.h"

enum {
    SEARCH_MIN = 2,  /* a limit of one ranks differently */
    SEARCH_MAX = 10, /* more is refused since February 2026 */
    FEATURES_MAX = 100,
    REFRESH_EARLY_S = 60,
};

struct into {
    struct li_arena *arena;
    struct li_answer_token token;
    struct li_answer_artist *artist, **artists;
    struct li_answer_track **tracks;
    struct li_answer_features **features;
    size_t *count;
};

static enum li_status read_token(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_spotify_read_token(body, into->arena, &into->token, err);
}

static enum li_status read_artists(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_spotify_read_artists(body, into->arena, into->artists, into->count, err);
}

static enum li_status read_artist(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_spotify_read_artist(body, into->arena, into->artist, err);
}

static enum li_status read_tracks(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_spotify_read_tracks(body, into->arena, into->tracks, into->count, err);
}

static enum li_status read_features(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_spotify_read_features(body, into->arena, into->features, into->count, err);
}

/* Fetches a token and keeps it until shortly before it expires. The lock is held. */
static enum li_status fetch_token(struct li_spotify *spotify, int64_t now_ms, struct li_arena *arena,
                                  struct li_error *err) {
    struct into into = {.arena = arena};
    struct li_text pair = li_arena_printf(arena, "%s:%s", spotify->client_id, spotify->client_secret), packed;
    if (!li_base64_encode(pair, arena, &packed))
        return li_fail(err, LI_NO_MEMORY, "no memory for a token of Spotify");
    struct li_ask ask = {
        .method = "POST",
        .path = LI_TEXT("/api/token"),
        .body = LI_TEXT("grant_type=client_credentials"),
        .content_type = LI_TEXT("application/x-www-form-urlencoded"),
        .authorization = li_arena_printf(arena, "Basic %.*s", LI_TEXT_ARG(packed)),
        .read = read_token,
        .context = &into,
    };
    enum li_status status = li_provider_ask(&spotify->accounts, &ask, 1, NULL, err);
    if (status == LI_UNSUPPORTED || status == LI_INVALID)
        return li_fail(err, LI_UNSUPPORTED,
                       "Spotify does not take this client id and secret; look them up in its dashboard");
    if (status)
        return status;
    long good_s = into.token.expires_s > 2 * REFRESH_EARLY_S ? into.token.expires_s - REFRESH_EARLY_S
                                                             : into.token.expires_s / 2;
    snprintf(spotify->token, sizeof spotify->token, "%.*s", LI_TEXT_ARG(into.token.token));
    spotify->expires_ms = now_ms + good_s * 1000;
    return LI_OK;
}

/* The header of a token that is good for another minute, in the arena: kept, or fetched by the first who
 * needs it. */
static enum li_status authorization(struct li_spotify *spotify, struct li_arena *arena, struct li_text *out,
                                    struct li_error *err) {
    enum li_status status = LI_OK;
    pthread_mutex_lock(&spotify->lock);
    int64_t now_ms = li_clock_monotonic_ns() / 1000000;
    if (!spotify->token[0] || now_ms >= spotify->expires_ms)
        status = fetch_token(spotify, now_ms, arena, err);
    if (!status)
        *out = li_arena_printf(arena, "Bearer %s", spotify->token);
    pthread_mutex_unlock(&spotify->lock);
    return status;
}

static void forget_token(struct li_spotify *spotify) {
    pthread_mutex_lock(&spotify->lock);
    spotify->token[0] = '\0';
    pthread_mutex_unlock(&spotify->lock);
}

/* Asks with a token; once more with a fresh one when it was refused, since a token may be taken back early.
 */
static enum li_status ask_with_token(struct li_spotify *spotify, struct li_ask *ask, struct li_arena *arena,
                                     const struct li_watch *watch, struct li_error *err) {
    enum li_status status = authorization(spotify, arena, &ask->authorization, err);
    if (!status)
        status = li_provider_ask(&spotify->api, ask, 1, watch, err);
    if (status == LI_UNSUPPORTED && ask->http == 401) {
        forget_token(spotify);
        status = authorization(spotify, arena, &ask->authorization, err);
        if (!status)
            status = li_provider_ask(&spotify->api, ask, 1, watch, err);
    }
    if (status == LI_UNSUPPORTED && ask->http == 403)
        return li_fail(
            err, LI_UNSUPPORTED,
            "Spotify refuses this to the app (HTTP 403): its owner needs Premium, and new apps have "
            "neither top tracks nor audio features");
    return status;
}

enum li_status li_spotify_search(struct li_spotify *spotify, struct li_text words, size_t limit,
                                 struct li_arena *arena, struct li_answer_artist **list, size_t *count,
                                 struct li_error *err) {
    struct into into = {.arena = arena, .artists = list, .count = count};
    struct li_ask ask = {.read = read_artists, .context = &into};
    limit = limit < SEARCH_MIN ? SEARCH_MIN : limit > SEARCH_MAX ? SEARCH_MAX : limit;
    ask.path = li_arena_printf(arena, "/v1/search?q=%.*s&type=artist&limit=%zu",
                               LI_TEXT_ARG(li_url_encode(words, false, arena)), limit);
    return ask_with_token(spotify, &ask, arena, NULL, err);
}

enum li_status li_spotify_artist(struct li_spotify *spotify, struct li_text id, struct li_arena *arena,
                                 struct li_answer_artist *artist, struct li_error *err) {
    struct into into = {.arena = arena, .artist = artist};
    struct li_ask ask = {.read = read_artist, .context = &into};
    ask.path = li_arena_printf(arena, "/v1/artists/%.*s", LI_TEXT_ARG(li_url_encode(id, false, arena)));
    enum li_status status = ask_with_token(spotify, &ask, arena, NULL, err);
    if (ask.http == 400) /* what it says of an id that is none of its own */
        return li_fail(err, LI_NOT_FOUND, "Spotify knows no such artist");
    return status;
}

/* Remembers that a part of the API is closed to this app, with one line in the log. */
static enum li_status closed(atomic_bool *part, const char *message, enum li_status status, int http) {
    if (status == LI_UNSUPPORTED && http == 403 && !atomic_exchange(part, true))
        li_log_message(LI_LOG_WARNING, "provider", message);
    return status;
}

enum li_status li_spotify_top_tracks(struct li_spotify *spotify, struct li_text id, struct li_arena *arena,
                                     struct li_answer_track **list, size_t *count, struct li_error *err) {
    struct into into = {.arena = arena, .tracks = list, .count = count};
    struct li_ask ask = {.read = read_tracks, .context = &into};
    if (atomic_load(&spotify->no_top_tracks))
        return li_fail(err, LI_UNSUPPORTED, "this Spotify app has no top tracks");
    ask.path =
        li_arena_printf(arena, "/v1/artists/%.*s/top-tracks", LI_TEXT_ARG(li_url_encode(id, false, arena)));
    enum li_status status = ask_with_token(spotify, &ask, arena, NULL, err);
    return closed(&spotify->no_top_tracks, "Spotify has no top tracks for this app; that part is off", status,
                  ask.http);
}

enum li_status li_spotify_features(struct li_spotify *spotify, const struct li_text *ids, size_t count,
                                   struct li_arena *arena, struct li_answer_features **list, size_t *found,
                                   const struct li_watch *watch, struct li_error *err) {
    struct into into = {.arena = arena, .features = list, .count = found};
    struct li_ask ask = {.read = read_features, .context = &into};
    if (atomic_load(&spotify->no_features))
        return li_fail(err, LI_UNSUPPORTED, "this Spotify app has no audio features");
    struct li_text joined = LI_TEXT("");
    for (size_t i = 0; i < count && i < FEATURES_MAX; i++)
        joined = li_arena_printf(arena, "%.*s%s%.*s", LI_TEXT_ARG(joined), i ? "," : "",
                                 LI_TEXT_ARG(li_url_encode(ids[i], false, arena)));
    ask.path = li_arena_printf(arena, "/v1/audio-features?ids=%.*s", LI_TEXT_ARG(joined));
    enum li_status status = ask_with_token(spotify, &ask, arena, watch, err);
    return closed(&spotify->no_features, "Spotify has no audio features for this app; that part is off",
                  status, ask.http);
}
