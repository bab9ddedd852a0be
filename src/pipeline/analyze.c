/* analyze.c - sounds that were measured -> top_tracks.json: the tracks that the listener brought, by artist.
 * What follows is the same as for artists that were named, but that nothing is estimated. */
#include <math.h>
#include <stdio.h>

#include "pipeline/pipeline_priv.h"

/* Whose files name nobody; the profile says it in both languages. */
#define UNKNOWN_ARTIST "Unknown artist"
#define UNKNOWN_ARTIST_FR "Artiste inconnu"
#define UNKNOWN_ARTIST_ID "audio:unknown artist"

static bool is_silent(const struct li_analysis *analysis) {
    return !isfinite(analysis->features.value[LI_LOUDNESS]);
}

static enum li_status check_request(const struct li_analyze_request *request, struct li_error *err) {
    enum li_status status = li_session_check(request->session, err);
    if (status)
        return status;
    if (request->track_count < 1 || request->track_count > LI_TRACKS_MAX)
        return li_fail(err, LI_INVALID, "a profile is made of 1 to %d tracks; these are %zu", LI_TRACKS_MAX,
                       request->track_count);
    for (size_t i = 0; i < request->track_count; i++)
        if (!is_silent(request->tracks[i].analysis))
            return LI_OK;
    return li_fail(err, LI_INVALID, "there is nothing but silence in these files");
}

/* "audio:nina simone": the same for every way of writing the name. Names without a letter keep a hash. */
static struct li_text artist_id(struct li_text name, struct li_arena *arena) {
    char folded[LI_ID_MAX - sizeof "audio:"];
    size_t size = li_text_fold(name, folded, sizeof folded);
    if (!size)
        return li_arena_printf(arena, "audio:%016llx", li_text_hash(name));
    return li_arena_printf(arena, "audio:%.*s", (int)size, folded);
}

json_t *li_artist_label(const json_t *of, const char *id_key, const char *name_key) {
    if (li_text_equal(li_json_get_text(of, id_key), LI_TEXT(UNKNOWN_ARTIST_ID)))
        return li_bilingual(UNKNOWN_ARTIST, UNKNOWN_ARTIST_FR);
    return json_copy(json_object_get(of, name_key));
}

json_t *li_measured_artist(json_t *artists, struct li_text name, struct li_arena *arena) {
    size_t i;
    json_t *artist;
    if (!name.size)
        name = LI_TEXT(UNKNOWN_ARTIST);
    struct li_text id = artist_id(name, arena);
    json_array_foreach(artists, i, artist) {
        if (li_text_equal(li_json_get_text(artist, "id"), id))
            return artist;
    }
    artist = li_artist_document(
        &(struct li_source_artist){.id = id, .name = name, .popularity = -1, .source = "file"});
    json_object_set_new(artist, "weight", json_integer(0));
    json_array_append_new(artists, artist);
    return artist;
}

json_t *li_measured_track(json_t *tracks, size_t number, json_t *artist, struct li_text title,
                          const struct li_features *features) {
    json_t *out = json_object();
    char id[32];
    snprintf(id, sizeof id, "audio:%zu", number);
    json_int_t weight = json_integer_value(json_object_get(artist, "weight")) + 1;
    json_object_set_new(artist, "weight", json_integer(weight));
    json_object_set_new(out, "id", json_string(id));
    json_object_set_new(out, "title", li_json_text(title));
    json_object_set(out, "artist_id", json_object_get(artist, "id"));
    json_object_set(out, "artist", json_object_get(artist, "name"));
    json_object_set_new(out, "year", json_null());
    json_object_set_new(out, "rank", json_integer(weight));
    json_object_set_new(out, "features", li_features_document(features));
    json_object_set_new(out, "source", json_string(li_origin_name(LI_ORIGIN_MEASURED)));
    json_array_append_new(tracks, out);
    return out;
}

static void add_track(json_t *artists, json_t *tracks, const struct li_sound_track *track,
                      struct li_arena *arena) {
    struct li_text title, name;
    li_sound_name(track, &title, &name);
    json_t *artist = li_measured_artist(artists, name, arena);
    json_t *out =
        li_measured_track(tracks, json_array_size(tracks) + 1, artist, title, &track->analysis->features);
    json_object_set_new(out, "file", li_json_text(track->file));
}

enum li_status li_pipeline_analyze(struct li_pipeline *pipeline, const struct li_analyze_request *request,
                                   struct li_analyze_response *response, struct li_error *err) {
    enum li_status status = check_request(request, err);
    if (status)
        return status;
    struct li_arena arena = {0};
    json_t *artists = json_array(), *tracks = json_array();
    for (size_t i = 0; i < request->track_count; i++)
        if (!is_silent(request->tracks[i].analysis))
            add_track(artists, tracks, &request->tracks[i], &arena);
    json_t *document = li_top_tracks_document(pipeline, request->session, artists, tracks);
    status =
        li_top_tracks_keep(pipeline, request->session, request->begun, document, &response->document, err);
    json_decref(artists);
    json_decref(tracks);
    li_arena_release(&arena);
    return status;
}
