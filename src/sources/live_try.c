/* live_try.c - each provider once, for `listening doctor`. */
#include <stdio.h>

#include "sources/live_priv.h"

/* Somebody whom every provider knows. */
#define KNOWN_NAME "Daft Punk"
#define KNOWN_MBID "056e4f3e-d505-4dad-8ec1-d04f521cbb56"
#define KNOWN_ISRC "GBDUW0000059"

struct trial {
    struct li_live *live;
    struct li_arena arena;
    void (*report)(void *context, const char *provider, bool works, const char *sentence);
    void *context;
};

static bool say(struct trial *trial, const char *provider, enum li_status status, const struct li_error *err,
                const char *good) {
    trial->report(trial->context, provider, status == LI_OK, status ? err->message : good);
    return status == LI_OK;
}

/* Search, top tracks, and one preview measured. */
static bool try_deezer(struct trial *trial) {
    struct li_live *live = trial->live;
    struct li_answer_artist *artists = NULL;
    struct li_deezer_artist_wish wish = {.want_tracks = true};
    struct li_error err = {0};
    size_t count = 0;
    enum li_status status =
        li_deezer_search(&live->deezer, LI_TEXT(KNOWN_NAME), &trial->arena, &artists, &count, NULL, &err);
    if (!status && count == 0)
        status = li_fail(&err, LI_CORRUPT, "Deezer answers, but finds nobody");
    if (!status) {
        li_live_rank(artists, count, LI_TEXT(KNOWN_NAME));
        wish.id = artists[0].id;
        status = li_deezer_artists(&live->deezer, &wish, 1, &trial->arena, NULL, &err);
    }
    bool well = say(trial, "deezer", status, &err, "finds artists and their best-known tracks");
    if (!well)
        return false;
    struct li_preview preview = {0};
    for (size_t i = 0; i < wish.track_count && !preview.url.size; i++)
        preview.url = wish.tracks[i].preview;
    if (!preview.url.size) {
        trial->report(trial->context, "previews", false, "Deezer names no preview of its best-known tracks");
        return false;
    }
    li_previews_measure(live, &preview, 1, NULL, NULL);
    trial->report(trial->context, "previews", preview.measured,
                  preview.measured ? "one was fetched and measured"
                                   : "one could not be fetched or measured: profiles rest on genres alone");
    return preview.measured;
}

static bool try_genres(struct trial *trial) {
    const struct li_text name = LI_TEXT(KNOWN_NAME), mbid = LI_TEXT(KNOWN_MBID);
    struct li_answer_artist *found = NULL, *list = NULL;
    struct li_error err = {0};
    size_t count = 0;
    bool cut = false;
    enum li_status status =
        li_musicbrainz_find(&trial->live->musicbrainz, &name, 1, &trial->arena, &found, &cut, &err);
    if (!status && !found)
        status = li_fail(&err, LI_CORRUPT, "MusicBrainz answers, but does not find a well-known artist");
    bool well = say(trial, "musicbrainz", status, &err, "finds an artist, with tags");
    status =
        li_listenbrainz_artists(&trial->live->listenbrainz, &mbid, 1, &trial->arena, &list, &count, &err);
    return say(trial, "listenbrainz", status, &err, "tells genres") && well;
}

static bool try_reccobeats(struct trial *trial) {
    const struct li_text isrc = LI_TEXT(KNOWN_ISRC);
    struct li_features features;
    struct li_error err = {0};
    bool known = false;
    enum li_status status = li_reccobeats_features(&trial->live->reccobeats, &isrc, 1, &trial->arena, &known,
                                                   &features, NULL, &err);
    return say(trial, "reccobeats", status, &err, known ? "tells features" : "answers");
}

static bool try_spotify(struct trial *trial) {
    struct li_answer_artist *artists = NULL;
    struct li_answer_track *tracks = NULL;
    struct li_error err = {0};
    size_t count = 0, track_count = 0;
    enum li_status status = li_spotify_search(&trial->live->spotify, LI_TEXT(KNOWN_NAME), 5, &trial->arena,
                                              &artists, &count, &err);
    if (!status && count == 0)
        status = li_fail(&err, LI_CORRUPT, "Spotify answers, but finds nobody");
    bool well = say(trial, "spotify", status, &err, "finds artists with your app's key");
    if (!well)
        return false;
    status = li_spotify_top_tracks(&trial->live->spotify, artists[0].id, &trial->arena, &tracks, &track_count,
                                   &err);
    if (status == LI_UNSUPPORTED) /* as with every new app: Deezer has the tracks */
        say(trial, "spotify", LI_OK, &err, "has no top tracks for your app; Deezer is asked for them");
    else
        well = say(trial, "spotify", status, &err, "tells top tracks");
    return well;
}

bool li_live_try(struct li_source *source,
                 void (*report)(void *context, const char *provider, bool works, const char *sentence),
                 void *context) {
    struct trial trial = {.live = (struct li_live *)source, .report = report, .context = context};
    bool well = try_deezer(&trial);
    /* Genres can be had elsewhere: their failing is said, and is no failure of the whole. */
    bool genres = try_genres(&trial);
    (void)genres;
    if (trial.live->reccobeats.net)
        well = try_reccobeats(&trial) && well;
    if (trial.live->mode == LI_LIVE_SPOTIFY)
        well = try_spotify(&trial) && well;
    li_arena_release(&trial.arena);
    return well;
}
