/* extract.c - artists -> top_tracks.json: who was chosen, and their best-known tracks. */
#include <stdio.h>

#include "pipeline/pipeline_priv.h"

static enum li_status check_choice(const struct li_artist_choice *choices, size_t index,
                                   struct li_error *err) {
    const struct li_artist_choice *choice = &choices[index];
    if (choice->id.size < 1 || choice->id.size > LI_ID_MAX)
        return li_fail(err, LI_INVALID, "artist %zu needs an id of 1 to %d bytes, as /search gives it",
                       index + 1, LI_ID_MAX);
    if (choice->name.size > LI_NAME_MAX)
        return li_fail(err, LI_INVALID, "the name of artist %zu is longer than %d bytes", index + 1,
                       LI_NAME_MAX);
    if (choice->genre_count > LI_GENRE_TAGS_MAX)
        return li_fail(err, LI_INVALID, "artist %zu has %zu genres; at most %d are read", index + 1,
                       choice->genre_count, LI_GENRE_TAGS_MAX);
    for (size_t i = 0; i < choice->genre_count; i++)
        if (choice->genres[i].size < 1 || choice->genres[i].size > LI_GENRE_TAG_MAX)
            return li_fail(err, LI_INVALID, "a genre of artist %zu is empty or longer than %d bytes",
                           index + 1, LI_GENRE_TAG_MAX);
    for (size_t i = 0; i < index; i++)
        if (li_text_equal(choices[i].id, choice->id))
            return li_fail(err, LI_INVALID, "artist \"%.*s\" is named twice; name each artist once",
                           LI_TEXT_ARG(choice->id));
    return LI_OK;
}

enum li_status li_choices_check(const struct li_artist_choice *choices, size_t count, struct li_error *err) {
    enum li_status status = LI_OK;
    if (count < 1 || count > LI_ARTISTS_MAX)
        return li_fail(err, LI_INVALID, "name 1 to %d artists; this request names %zu", LI_ARTISTS_MAX,
                       count);
    for (size_t i = 0; !status && i < count; i++)
        status = check_choice(choices, i, err);
    return status;
}

static void add_tracks(json_t *tracks, const struct li_source_artist *artist,
                       const struct li_source_track *found, size_t count) {
    for (size_t i = 0; i < count && json_array_size(tracks) < LI_TRACKS_MAX; i++) {
        json_t *track = json_object();
        json_object_set_new(track, "id", li_json_text(found[i].id));
        json_object_set_new(track, "title", li_json_text(found[i].title));
        json_object_set_new(track, "artist_id", li_json_text(artist->id));
        json_object_set_new(track, "artist", li_json_text(artist->name));
        json_object_set_new(track, "year", found[i].year ? json_integer(found[i].year) : json_null());
        json_object_set_new(track, "rank", json_integer((json_int_t)i + 1));
        if (found[i].preview)
            json_object_set_new(track, "preview", json_true());
        if (found[i].has_features) {
            json_object_set_new(track, "features", li_features_document(&found[i].features));
            json_object_set_new(track, "source", json_string(li_origin_name(found[i].origin)));
        }
        json_array_append_new(tracks, track);
    }
}

static bool is_among(const json_t *artists, struct li_text id) {
    size_t i;
    json_t *artist;
    json_array_foreach(artists, i, artist) {
        if (li_text_equal(li_json_get_text(artist, "id"), id))
            return true;
    }
    return false;
}

/* Finds one artist and adds it with its tracks. An artist that the source does not know is taken at the
 * caller's word, when that says a name and genres. */
static enum li_status add_artist(struct li_pipeline *pipeline, const struct li_artist_choice *choice,
                                 struct li_arena *arena, json_t *artists, json_t *tracks,
                                 struct li_error *err) {
    struct li_source_artist artist = {
        .id = choice->id, .name = choice->name, .popularity = -1, .source = "request"};
    struct li_source_track *found = NULL;
    size_t count = 0;
    enum li_status status = li_source_find(pipeline->source, choice->id, arena, &artist, err);
    if (status == LI_NOT_FOUND && choice->name.size && choice->genre_count)
        status = LI_OK;
    else if (!status)
        status = li_source_top_tracks(pipeline->source, choice->id, LI_TRACKS_PER_ARTIST, arena, &found,
                                      &count, err);
    if (status)
        return status;
    if (is_among(artists, artist.id)) /* a source may know one artist by several ids */
        return li_fail(err, LI_INVALID, "artist \"%.*s\" is one that is named already; name each artist once",
                       LI_TEXT_ARG(choice->id));
    if (choice->genre_count) {
        artist.genres = choice->genres;
        artist.genre_count = choice->genre_count;
    }
    json_array_append_new(artists, li_artist_document(&artist));
    add_tracks(tracks, &artist, found, count);
    return LI_OK;
}

/* Says which choice of artists a document was made from: a hash of what they are. */
static json_t *run_of(const json_t *artists, const json_t *tracks, struct li_arena *arena) {
    struct li_text parts[] = {li_json_print(artists, arena), li_json_print(tracks, arena)};
    char run[40];
    snprintf(run, sizeof run, "%016llx%016llx", li_text_hash(parts[0]), li_text_hash(parts[1]));
    return json_string(run);
}

json_t *li_top_tracks_document(struct li_pipeline *pipeline, struct li_text session, json_t *artists,
                               json_t *tracks) {
    struct li_arena arena = {0};
    char created[LI_TIMESTAMP_SIZE], expires[LI_TIMESTAMP_SIZE];
    int64_t now_ms = li_clock_now_ms(&pipeline->clock);
    json_t *document = json_object();
    li_clock_format(now_ms, created);
    li_clock_format(now_ms + pipeline->store->ttl_ms, expires);
    json_object_set_new(document, "session_id", li_json_text(session));
    json_object_set_new(document, "run", run_of(artists, tracks, &arena));
    json_object_set_new(document, "model", json_string(LI_MODEL));
    json_object_set_new(document, "created_at", json_string(created));
    json_object_set_new(document, "expires_at", json_string(expires));
    json_object_set(document, "artists", artists);
    json_object_set(document, "tracks", tracks);
    li_arena_release(&arena);
    return document;
}

/* What was made from older artists goes first, so that it never stands beside the new ones. */
static enum li_status replace(struct li_pipeline *pipeline, struct li_text session, const json_t *document,
                              const json_t *timeline, struct li_error *err) {
    enum li_status status = li_store_remove(pipeline->store, session, LI_OBJECT_PROFILE, err);
    if (!status)
        status = li_store_remove(pipeline->store, session, LI_OBJECT_ENRICHED_TRACKS, err);
    if (!status)
        status = li_document_save(pipeline, session, LI_OBJECT_TOP_TRACKS, document, err);
    if (!status && timeline)
        status = li_document_save(pipeline, session, LI_OBJECT_TIMELINE, timeline, err);
    return status;
}

enum li_status li_top_tracks_save(struct li_pipeline *pipeline, struct li_text session, uint64_t begun,
                                  const json_t *document, const json_t *timeline, struct li_error *err) {
    li_session_lock(pipeline, session);
    enum li_status status = LI_OK;
    bool writes = !li_erasures_since(pipeline, session, begun);
    if (writes)
        status = replace(pipeline, session, document, timeline, err);
    if (li_erasures_since(pipeline, session, begun)) {
        /* Erasing takes no lock. What was written behind its back, by a step that failed too, is taken back;
         * what somebody else wrote since is left. */
        status = writes ? li_store_erase(pipeline->store, session, err) : LI_OK;
        if (!status)
            status = li_fail(err, LI_NOT_FOUND, "the session was erased meanwhile");
    }
    li_session_unlock(pipeline, session);
    return status;
}

enum li_status li_top_tracks_keep(struct li_pipeline *pipeline, struct li_text session, uint64_t begun,
                                  json_t *document, json_t **out, struct li_error *err) {
    enum li_status status = li_top_tracks_save(pipeline, session, begun, document, NULL, err);
    if (status)
        json_decref(document);
    else
        *out = document;
    return status;
}

enum li_status li_choices_find(struct li_pipeline *pipeline, const struct li_artist_choice *choices,
                               size_t count, json_t *artists, json_t *tracks, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_text ids[LI_ARTISTS_MAX] = {{0}};
    for (size_t i = 0; i < count; i++)
        ids[i] = choices[i].id;
    enum li_status status = li_source_prepare(pipeline->source, ids, count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = add_artist(pipeline, &choices[i], &arena, artists, tracks, err);
    li_arena_release(&arena);
    return status;
}

static enum li_status build(struct li_pipeline *pipeline, const struct li_extract_request *request,
                            json_t **out, struct li_error *err) {
    json_t *artists = json_array(), *tracks = json_array();
    enum li_status status =
        li_choices_find(pipeline, request->artists, request->artist_count, artists, tracks, err);
    if (!status)
        *out = li_top_tracks_document(pipeline, request->session, artists, tracks);
    json_decref(artists);
    json_decref(tracks);
    return status;
}

enum li_status li_pipeline_extract(struct li_pipeline *pipeline, const struct li_extract_request *request,
                                   struct li_extract_response *response, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_session_check(request->session, err);
    if (!status)
        status = li_choices_check(request->artists, request->artist_count, err);
    if (!status)
        status = build(pipeline, request, &document, err);
    if (!status)
        status = li_top_tracks_keep(pipeline, request->session, request->begun, document, &response->document,
                                    err);
    return status;
}
