/* submit.c - tracks that were measured elsewhere, in somebody's browser -> top_tracks.json; with artists that
 * were named beside them, if there are any. */
#include "pipeline/pipeline_priv.h"

static const char *const MEASURED_BY = "browser";

/* What two tracks have in common only when they are the same recording, as far as their names tell. */
static unsigned long long key_of(const struct li_submit_track *track) {
    unsigned long long title = li_text_name_hash(track->title), artist = li_text_name_hash(track->artist);
    return (title * 31 + artist) * 31 + (unsigned long long)track->duration_ms;
}

/* Whether a track before this one is the same recording. keys are those of the tracks before it; its own is
 * put behind them. */
static bool is_repeated(const struct li_submit_track *track, unsigned long long *keys, size_t before) {
    keys[before] = key_of(track);
    for (size_t k = 0; k < before; k++)
        if (keys[k] == keys[before])
            return true;
    return false;
}

static enum li_status check_request(const struct li_submit_request *request, struct li_error *err) {
    enum li_status status = li_session_check(request->session, err);
    size_t room = LI_TRACKS_MAX - request->artist_count * LI_TRACKS_PER_ARTIST;
    if (!status && request->artist_count)
        status = li_choices_check(request->artists, request->artist_count, err);
    if (status)
        return status;
    if (request->track_count < 1 || request->track_count > room)
        return li_fail(err, LI_INVALID, "send 1 to %zu tracks beside %zu named artists; these are %zu", room,
                       request->artist_count, request->track_count);
    return LI_OK;
}

/* The named artist that has this name; NULL when there is none. */
static json_t *named(json_t *artists, size_t count, struct li_text name) {
    for (size_t i = 0; name.size && i < count; i++)
        if (li_text_same_name(li_json_get_text(json_array_get(artists, i), "name"), name))
            return json_array_get(artists, i);
    return NULL;
}

/* Takes out what the source knows of the artist by this title, and the weight that it had. */
static void replace_known(json_t *tracks, json_t *artist, struct li_text title) {
    size_t i;
    json_t *track;
    json_array_foreach(tracks, i, track) {
        if (!json_object_get(track, "measured_by") &&
            li_text_same_name(li_json_get_text(track, "title"), title) &&
            json_equal(json_object_get(track, "artist_id"), json_object_get(artist, "id"))) {
            json_int_t weight = json_integer_value(json_object_get(artist, "weight"));
            json_object_set_new(artist, "weight", json_integer(weight - 1));
            json_array_remove(tracks, i);
            return;
        }
    }
}

static enum li_status build(struct li_pipeline *pipeline, const struct li_submit_request *request,
                            json_t **out, struct li_error *err) {
    struct li_arena arena = {0};
    json_t *artists = json_array(), *tracks = json_array(), *artist;
    enum li_status status = LI_OK;
    unsigned long long keys[LI_TRACKS_MAX];
    size_t a;
    if (request->artist_count)
        status = li_choices_find(pipeline, request->artists, request->artist_count, artists, tracks, err);
    json_array_foreach(artists, a, artist)
        json_object_set_new(artist, "weight", json_integer(LI_TRACKS_PER_ARTIST));
    for (size_t i = 0; !status && i < request->track_count; i++) {
        const struct li_submit_track *track = &request->tracks[i];
        if (is_repeated(track, keys, i))
            continue;
        artist = named(artists, request->artist_count, track->artist);
        if (artist)
            replace_known(tracks, artist, track->title);
        else
            artist = li_measured_artist(artists, track->artist, &arena);
        json_t *added = li_measured_track(tracks, i + 1, artist, track->title, &track->features);
        json_object_set_new(added, "confidence", li_json_number(track->confidence, 3));
        json_object_set_new(added, "measured_by", json_string(MEASURED_BY));
    }
    if (!status)
        *out = li_top_tracks_document(pipeline, request->session, artists, tracks);
    json_decref(artists);
    json_decref(tracks);
    li_arena_release(&arena);
    return status;
}

enum li_status li_pipeline_submit(struct li_pipeline *pipeline, const struct li_submit_request *request,
                                  struct li_submit_response *response, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = check_request(request, err);
    if (!status)
        status = build(pipeline, request, &document, err);
    if (!status)
        status = li_top_tracks_keep(pipeline, request->session, request->begun, document, &response->document,
                                    err);
    return status;
}
