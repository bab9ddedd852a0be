/* transform.c - top_tracks.json -> enriched_tracks.json: every track gets features, with their source.
 *
 * A track that came with features keeps them. The source is asked for the others: it measures them, or knows
 * who tells them. Every track that is left shares what its artist's genres alone can say: one estimate an
 * artist, with its spread, marked as such. Genres that the model does not know are listed, never guessed at.
 */
#include <math.h>

#include "base/features.h"
#include "pipeline/pipeline_priv.h"

/* A number outside of what the feature can be is as good as none. */
static double possible(enum li_feature feature, double value) {
    value = li_feature_known(feature, value);
    return li_feature_possible(feature, value) ? value : NAN;
}

static json_t *numbers(const struct li_features *features) {
    json_t *document = json_object();
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        json_object_set_new(document, li_feature_id((enum li_feature)i),
                            li_json_number(features->value[i], i == LI_LOUDNESS || i == LI_TEMPO ? 1 : 3));
    return document;
}

static json_t *probabilities(const double p[LI_EMOTION_COUNT]) {
    json_t *document = json_object();
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++)
        json_object_set_new(document, li_emotion_at(i)->id, li_json_number(p[i], 6));
    return document;
}

static void add_unknown(json_t *unknown, json_t *tag) {
    size_t i;
    json_t *known;
    json_array_foreach(unknown, i, known) {
        if (json_equal(known, tag))
            return;
    }
    json_array_append(unknown, tag);
}

/* The estimate of one artist, from its tags. */
static json_t *estimate_document(const json_t *tags, json_t *unknown) {
    int families[LI_GENRE_TAGS_MAX];
    size_t count = 0, i;
    json_t *tag;
    json_array_foreach(tags, i, tag) {
        if (i == LI_GENRE_TAGS_MAX)
            break;
        int family =
            json_is_string(tag) ? li_genre_match(json_string_value(tag), json_string_length(tag)) : -1;
        if (family >= 0)
            families[count++] = family;
        else if (json_is_string(tag))
            add_unknown(unknown, tag);
    }
    struct li_estimate estimate;
    li_genre_estimate(families, count, &estimate);
    json_t *genres = json_array();
    for (size_t g = 0; g < estimate.genre_count; g++)
        json_array_append_new(genres, json_string(li_genre_at((size_t)estimate.genre[g])->id));
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "genre_families", genres, "features",
                     numbers(&estimate.mean), "spread", numbers(&estimate.spread), "emotions",
                     probabilities(estimate.p), "pleasantness", li_json_number(estimate.pleasantness, 4),
                     "activation", li_json_number(estimate.activation, 4), "spread_pleasantness",
                     li_json_number(estimate.spread_pleasantness, 4), "spread_activation",
                     li_json_number(estimate.spread_activation, 4), "confidence",
                     li_json_number(estimate.confidence, 3));
}

static json_t *artist_by_id(const json_t *artists, const json_t *id) {
    size_t i;
    json_t *artist;
    json_array_foreach(artists, i, artist) {
        if (json_equal(json_object_get(artist, "id"), id))
            return artist;
    }
    return NULL;
}

/* Sets the features that the source had for a track. */
static void set_features(json_t *track, const struct li_source_features *found) {
    struct li_features features;
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        features.value[i] = possible((enum li_feature)i, found->features.value[i]);
    json_object_set_new(track, "features", numbers(&features));
    json_object_set_new(track, "source", json_string(li_origin_name(found->origin)));
    json_object_set_new(track, "confidence", li_json_number(found->confidence, 3));
}

/* One track as it goes on: with its own features, those that the source found, or its artist's estimate. */
static json_t *enrich(json_t *track, const json_t *artists, const struct li_source_features *found) {
    json_t *artist = artist_by_id(artists, json_object_get(track, "artist_id"));
    if (!json_is_object(track) || !artist)
        return NULL;
    json_t *out = json_copy(track);
    if (!json_is_object(json_object_get(track, "features")) && found && found->known) {
        set_features(out, found);
    } else if (!json_is_object(json_object_get(track, "features"))) {
        json_t *estimate = json_object_get(artist, "estimate");
        json_object_set(out, "features", json_object_get(estimate, "features"));
        json_object_set_new(out, "source", json_string(li_origin_name(LI_ORIGIN_ESTIMATED)));
        json_object_set_new(out, "estimate_of", json_string("artist"));
        json_object_set(out, "confidence", json_object_get(estimate, "confidence"));
    } else if (!json_object_get(track, "confidence")) {
        json_object_set_new(out, "confidence", json_null());
    }
    return out;
}

/* Whether a document has the shape that extract gives it, as far as what follows leans on it. */
static bool ours(const json_t *top) {
    json_t *artists = json_object_get(top, "artists"), *tracks = json_object_get(top, "tracks"), *artist;
    size_t i;
    json_array_foreach(artists, i, artist) {
        if (!json_is_object(artist))
            return false;
    }
    return json_array_size(artists) >= 1 && json_array_size(artists) <= LI_TRACKS_MAX &&
           json_is_array(tracks) && json_array_size(tracks) <= LI_TRACKS_MAX;
}

/* found holds one entry a track, or is NULL. */
static enum li_status transform(const json_t *top, const struct li_source_features *found, json_t **out,
                                struct li_error *err) {
    if (!ours(top))
        return li_document_foreign(err);
    json_t *artists = json_array(), *tracks = json_array(), *unknown = json_array();
    enum li_status status = LI_OK;
    size_t i;
    json_t *artist, *track;
    json_array_foreach(json_object_get(top, "artists"), i, artist) {
        json_t *copy = json_copy(artist);
        json_object_set_new(copy, "estimate", estimate_document(json_object_get(artist, "genres"), unknown));
        json_array_append_new(artists, copy);
    }
    json_array_foreach(json_object_get(top, "tracks"), i, track) {
        json_t *enriched = enrich(track, artists, found ? &found[i] : NULL);
        if (!enriched) {
            status = li_document_foreign(err);
            break;
        }
        json_array_append_new(tracks, enriched);
    }
    if (!status) {
        json_t *document = json_object();
        li_document_copy(document, top, "session_id");
        li_document_copy(document, top, "run");
        li_document_copy(document, top, "model");
        li_document_copy(document, top, "created_at");
        li_document_copy(document, top, "expires_at");
        li_document_copy(document, top, "history");
        json_object_set(document, "artists", artists);
        json_object_set(document, "tracks", tracks);
        json_object_set(document, "unknown_genres", unknown);
        *out = document;
    }
    json_decref(artists);
    json_decref(tracks);
    json_decref(unknown);
    return status;
}

/* Keeps the genres that nobody knew, for who looks after the tables. */
static enum li_status keep_unknown(struct li_pipeline *pipeline, struct li_text session,
                                   const json_t *enriched, struct li_error *err) {
    json_t *unknown = json_object_get(enriched, "unknown_genres");
    if (json_array_size(unknown) == 0)
        return li_store_remove(pipeline->store, session, LI_OBJECT_UNKNOWN_GENRES, err);
    json_t *document = json_object();
    li_document_copy(document, enriched, "session_id");
    li_document_copy(document, enriched, "created_at");
    json_object_set(document, "unknown_genres", unknown);
    enum li_status status = li_document_save(pipeline, session, LI_OBJECT_UNKNOWN_GENRES, document, err);
    json_decref(document);
    return status;
}

static enum li_status load_top(struct li_pipeline *pipeline, struct li_text session, json_t **top,
                               struct li_store_version *version, struct li_error *err) {
    enum li_status status = li_document_load(pipeline, session, LI_OBJECT_TOP_TRACKS, top, version, err);
    return status == LI_NOT_FOUND
               ? li_fail(err, LI_NOT_FOUND,
                         "this session has no artists, or they expired; POST /extract-simulate first")
               : status;
}

/* Makes and keeps what is not there yet, under the session's lock. found belongs to the tracks of measured,
 * when that is not NULL. */
static enum li_status run(struct li_pipeline *pipeline, struct li_text session, const json_t *measured,
                          const struct li_source_features *found, json_t **out, struct li_error *err) {
    json_t *top = NULL, *enriched = NULL;
    enum li_status status = load_top(pipeline, session, &top, NULL, err);
    if (!status && measured && !li_document_same_run(top, measured))
        status = li_fail(err, LI_NOT_FOUND, "the session was erased or started again meanwhile");
    if (!status)
        enriched = li_document_load_made(pipeline, session, LI_OBJECT_ENRICHED_TRACKS, top);
    if (!status && !enriched) {
        status = transform(top, found, &enriched, err);
        if (!status)
            status = keep_unknown(pipeline, session, enriched, err);
        if (!status)
            status = li_document_save(pipeline, session, LI_OBJECT_ENRICHED_TRACKS, enriched, err);
        if (!status)
            status = li_document_confirm(pipeline, session, LI_OBJECT_ENRICHED_TRACKS, enriched, err);
    }
    json_decref(top);
    if (status)
        json_decref(enriched);
    else
        *out = enriched;
    return status;
}

static enum li_status run_locked(struct li_pipeline *pipeline, struct li_text session, const json_t *measured,
                                 const struct li_source_features *found, json_t **out, struct li_error *err) {
    li_session_lock(pipeline, session);
    enum li_status status = run(pipeline, session, measured, found, out, err);
    li_session_unlock(pipeline, session);
    return status;
}

/* The same with a source that may have features: these are asked for first, without holding the lock. */
static enum li_status measure_and_run(struct li_pipeline *pipeline, struct li_text session, json_t **out,
                                      struct li_error *err) {
    struct li_measuring entry = {.session = session};
    struct li_arena arena = {0};
    struct li_source_features *found = NULL;
    json_t *top = NULL, *made = NULL;
    enum li_status status;
    do { /* whoever was at it before us may have made it, or failed */
        json_decref(top);
        top = NULL;
        status = load_top(pipeline, session, &top, &entry.version, err);
        if (!status)
            made = li_document_load_made(pipeline, session, LI_OBJECT_ENRICHED_TRACKS, top);
    } while (!status && !made && !li_measuring_begin(pipeline, &entry));
    if (!status && !made) {
        status = li_measure_tracks(&entry, top, &arena, &found, err);
        if (!status)
            status = run_locked(pipeline, session, top, found, out, err);
        li_measuring_end(pipeline, &entry);
    } else if (!status) {
        *out = made;
    }
    json_decref(top);
    li_arena_release(&arena);
    return status;
}

enum li_status li_pipeline_transform(struct li_pipeline *pipeline, const struct li_transform_request *request,
                                     struct li_transform_response *response, struct li_error *err) {
    if (li_source_has_features(pipeline->source))
        return measure_and_run(pipeline, request->session, &response->document, err);
    return run_locked(pipeline, request->session, NULL, NULL, &response->document, err);
}
