/* features.c - POST /features: the numbers of tracks that were measured elsewhere -> a session's tracks. What
 * comes is foreign, so each number is held against what it can be. */
#include <math.h>

#include "base/clock.h"
#include "base/features.h"
#include "base/json.h"
#include "gateway/gateway_priv.h"

/* What a member may be. */
struct member {
    const char *name;
    struct li_range range;
    bool whole;
};

/* Checked like the features; the model has no use for them. */
static const struct member MORE[] = {{"key", {-1, 11}, true}, {"time_signature", {0, 16}, true}};

/* Reads an optional number: NAN when it is absent or null. */
static enum li_status read_number(const json_t *object, const struct member *member, size_t track,
                                  double *out, struct li_error *err) {
    const json_t *value = json_object_get(object, member->name);
    const struct li_range *range = &member->range;
    *out = NAN;
    if (!value || json_is_null(value))
        return LI_OK;
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (!(number >= range->min && number <= range->max) || (member->whole && number != round(number)))
        return li_fail(err, LI_INVALID, "\"%s\" of track %zu must be a %s from %.0f to %.0f, or null",
                       member->name, track + 1, member->whole ? "whole number" : "number", range->min,
                       range->max);
    *out = number;
    return LI_OK;
}

static enum li_status read_feature(const json_t *features, enum li_feature feature, size_t track, double *out,
                                   struct li_error *err) {
    const struct member member = {li_feature_id(feature), li_feature_range(feature), feature == LI_MODE};
    enum li_status status = read_number(features, &member, track, out, err);
    if (!status)
        *out = li_feature_known(feature, *out);
    return status;
}

static enum li_status read_features(const json_t *features, size_t track, struct li_features *out,
                                    struct li_error *err) {
    enum li_status status = LI_OK;
    size_t known = 0;
    double ignored;
    if (!json_is_object(features))
        return li_fail(err, LI_INVALID, "track %zu needs \"features\", an object of numbers", track + 1);
    for (size_t i = 0; !status && i < LI_FEATURE_COUNT; i++) {
        status = read_feature(features, (enum li_feature)i, track, &out->value[i], err);
        known += !status && isfinite(out->value[i]);
    }
    for (size_t i = 0; !status && i < sizeof MORE / sizeof *MORE; i++)
        status = read_number(features, &MORE[i], track, &ignored, err);
    if (!status && !known)
        status = li_fail(err, LI_INVALID, "no feature of track %zu is known; leave out silence", track + 1);
    return status;
}

/* One number, or one for each feature, whose mean counts. */
static enum li_status read_confidence(const json_t *track, size_t index, double *out, struct li_error *err) {
    const json_t *value = json_object_get(track, "confidence");
    double sum = 0, one;
    size_t count = 0;
    if (!json_is_object(value))
        return read_number(track, &(struct member){"confidence", {0, 1}, false}, index, out, err);
    for (size_t i = 0; i < LI_FEATURE_COUNT; i++) {
        const struct member share = {li_feature_id((enum li_feature)i), {0, 1}, false};
        enum li_status status = read_number(value, &share, index, &one, err);
        if (status)
            return status;
        count += isfinite(one);
        sum += isfinite(one) ? one : 0;
    }
    *out = count ? sum / (double)count : NAN;
    return LI_OK;
}

static enum li_status read_name(const json_t *track, const char *member, size_t index, bool required,
                                struct li_text *out, struct li_error *err) {
    const json_t *value = json_object_get(track, member);
    struct li_text name = li_text_trim(li_json_get_text(track, member));
    if (value && !json_is_null(value) && !json_is_string(value))
        return li_fail(err, LI_INVALID, "\"%s\" of track %zu must be a text", member, index + 1);
    if ((required && !name.size) || name.size > LI_NAME_MAX)
        return li_fail(err, LI_INVALID, "\"%s\" of track %zu must have %d to %d bytes", member, index + 1,
                       required, LI_NAME_MAX);
    *out = name;
    return LI_OK;
}

static enum li_status read_track(const json_t *track, size_t index, struct li_submit_track *out,
                                 struct li_error *err) {
    double duration_ms = NAN;
    if (!json_is_object(track))
        return li_fail(err, LI_INVALID, "track %zu must be an object with \"title\" and \"features\"",
                       index + 1);
    enum li_status status = read_name(track, "title", index, true, &out->title, err);
    if (!status)
        status = read_name(track, "artist", index, false, &out->artist, err);
    if (!status)
        status = read_number(track, &(struct member){"duration_ms", {0, LI_DAY_MS}, true}, index,
                             &duration_ms, err);
    if (!status)
        status = read_features(json_object_get(track, "features"), index, &out->features, err);
    if (!status)
        status = read_confidence(track, index, &out->confidence, err);
    out->duration_ms = isfinite(duration_ms) ? (int64_t)duration_ms : 0;
    return status;
}

enum li_status li_body_submit(const json_t *body, struct li_arena *arena, struct li_submit_request *out,
                              struct li_error *err) {
    const json_t *tracks = json_object_get(body, "tracks"), *artists = json_object_get(body, "artists");
    size_t i, count = json_array_size(tracks);
    struct li_extract_request named = {0};
    json_t *track;
    enum li_status status = LI_OK;
    if (!json_is_array(tracks) || count < 1 || count > LI_TRACKS_MAX)
        return li_fail(err, LI_INVALID,
                       "\"tracks\" must be a list of 1 to %d tracks, each with \"title\" and \"features\"",
                       LI_TRACKS_MAX);
    struct li_submit_track *list = li_arena_alloc(arena, LI_TRACKS_MAX * sizeof *list);
    json_array_foreach(tracks, i, track) {
        status = read_track(track, i, &list[i], err);
        if (status)
            return status;
    }
    if (artists && !json_is_null(artists) && !(json_is_array(artists) && !json_array_size(artists)))
        status = li_body_extract(body, arena, &named, err);
    if (status)
        return status;
    out->tracks = list;
    out->track_count = count;
    out->artists = named.artists;
    out->artist_count = named.artist_count;
    return LI_OK;
}

void li_handle_features(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                        struct li_http_response *response) {
    struct li_submit_request submit = {.begun = request->begun};
    struct li_submit_response made = {0};
    struct li_error err = {0};
    json_t *document = NULL;
    (void)body; /* larger than a document may be: read here */
    enum li_status status = li_body_parse(request->body, &document, &err);
    if (!status) {
        submit.session = li_arena_copy(response->arena, li_request_session(request, document));
        response->session = submit.session;
        status = li_body_submit(document, response->arena, &submit, &err);
    }
    if (!status)
        status = li_pipeline_submit(gateway->pipeline, &submit, &made, &err);
    if (!li_response_failed(response, status, &err))
        li_response_document(response, 200, made.document);
    json_decref(document);
}
