/* pieces.c - what a profile is made of: every track that has features of its own, and for the rest one
 * estimate an artist. Each artist weighs 1, shared over its tracks, so that nobody counts more for having
 * more of them known; but each track that the listener chose weighs 1, and in a listening history each artist
 * weighs what its plays make of it. */
#include <math.h>

#include "pipeline/pipeline_priv.h"

enum { AXIS_MAX = 10 }; /* a stored place on an axis beyond this is none of ours */

static void read_features(const json_t *document, struct li_features *out) {
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        out->value[i] = li_json_get_number(document, li_feature_id((enum li_feature)i));
}

static bool is_estimated(const json_t *track) {
    return li_text_equal(li_json_get_text(track, "source"), li_text_of(li_origin_name(LI_ORIGIN_ESTIMATED)));
}

/* Whether the artist stands in the list before index too: its tracks would count twice. */
static bool repeated(const json_t *artists, size_t index) {
    const json_t *id = json_object_get(json_array_get(artists, index), "id");
    for (size_t i = 0; i < index; i++)
        if (json_equal(json_object_get(json_array_get(artists, i), "id"), id))
            return true;
    return false;
}

static bool of_artist(const json_t *track, const json_t *artist) {
    return json_equal(json_object_get(track, "artist_id"), json_object_get(artist, "id"));
}

static void add_track(struct li_pieces *out, struct li_arena *arena, json_t *track, size_t artist,
                      double weight) {
    struct li_piece *piece = &out->list[out->count++];
    struct li_reading *reading = li_arena_alloc(arena, sizeof *reading);
    *piece = (struct li_piece){.reading = reading, .artist = artist, .track = track};
    read_features(json_object_get(track, "features"), &piece->features);
    li_emotion_read(&piece->features, reading);
    piece->evidence = (struct li_evidence){
        .p = reading->p,
        .pleasantness = reading->pleasantness,
        .activation = reading->activation,
        .weight = weight,
    };
}

static enum li_status add_estimate(struct li_pieces *out, struct li_arena *arena, const json_t *artist,
                                   size_t index, double weight, struct li_error *err) {
    json_t *estimate = json_object_get(artist, "estimate");
    json_t *emotions = json_object_get(estimate, "emotions");
    double *p = li_arena_alloc(arena, LI_EMOTION_COUNT * sizeof *p);
    double facts[4], sum = 0;
    bool right = true;
    static const char *const NAMES[4] = {"pleasantness", "activation", "spread_pleasantness",
                                         "spread_activation"};
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        p[e] = li_json_get_number(emotions, li_emotion_at(e)->id);
        right = right && p[e] >= 0 && p[e] <= 1; /* false for NAN too */
        sum += p[e];
    }
    for (int i = 0; i < 4; i++) {
        facts[i] = li_json_get_number(estimate, NAMES[i]);
        right = right && fabs(facts[i]) <= AXIS_MAX;
    }
    if (!right || fabs(sum - 1) > 0.01)
        return li_document_foreign(err);
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        p[e] /= sum; /* the rounding of what was stored */
    struct li_piece *piece = &out->list[out->count++];
    *piece = (struct li_piece){.artist = index};
    read_features(json_object_get(estimate, "features"), &piece->features);
    read_features(json_object_get(estimate, "spread"), &piece->spread);
    piece->evidence = (struct li_evidence){
        .p = p,
        .pleasantness = facts[0],
        .activation = facts[1],
        .spread_pleasantness = facts[2],
        .spread_activation = facts[3],
        .weight = weight,
        .estimated = true,
    };
    return LI_OK;
}

/* Measured by the listener, beside artists that were named. */
static bool is_chosen(const json_t *track) {
    return json_object_get(track, "measured_by") != NULL;
}

double li_artist_weight(const json_t *artist) {
    if (!json_object_get(artist, "weight"))
        return 1;
    double weight = li_json_get_number(artist, "weight");
    return weight > 0 && weight <= LI_TRACKS_MAX ? weight : NAN;
}

enum li_status li_pieces_read(const json_t *enriched, struct li_arena *arena, struct li_pieces *out,
                              struct li_error *err) {
    struct li_pieces pieces = {.artists = json_object_get(enriched, "artists")};
    json_t *tracks = json_object_get(enriched, "tracks"), *artist, *track;
    size_t a, t;
    pieces.artist_count = json_array_size(pieces.artists);
    if (pieces.artist_count < 1 || pieces.artist_count > LI_TRACKS_MAX || !json_is_array(tracks) ||
        json_array_size(tracks) > LI_TRACKS_MAX)
        return li_document_foreign(err);
    pieces.list = li_arena_try(arena, pieces.artist_count + json_array_size(tracks), sizeof *pieces.list);
    if (!pieces.list)
        return li_fail(err, LI_NO_MEMORY, "no memory for %zu tracks", json_array_size(tracks));
    json_array_foreach(pieces.artists, a, artist) {
        size_t others = 0, chosen = 0, read = 0;
        double artist_weight = li_artist_weight(artist);
        if (repeated(pieces.artists, a) || isnan(artist_weight))
            return li_document_foreign(err);
        json_array_foreach(tracks, t, track) {
            if (of_artist(track, artist))
                *(is_chosen(track) ? &chosen : &others) += 1;
        }
        double rest = artist_weight - (double)chosen; /* that is not of chosen tracks */
        if (rest < 0)
            return li_document_foreign(err);
        json_array_foreach(tracks, t, track) {
            if (of_artist(track, artist) && !is_estimated(track)) {
                add_track(&pieces, arena, track, a, is_chosen(track) ? 1 : rest / (double)others);
                read += !is_chosen(track);
            }
        }
        double estimated = others ? rest * (double)(others - read) / (double)others : rest;
        if (estimated > 0) {
            enum li_status status = add_estimate(&pieces, arena, artist, a, estimated, err);
            if (status)
                return status;
        }
        pieces.total += artist_weight;
    }
    *out = pieces;
    return LI_OK;
}
