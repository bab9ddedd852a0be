/* deezer_answer.c - what api.deezer.com answers.
 *
 * Its trap: an exceeded quota comes with HTTP 200 and {"error": {"code": 4, ...}}, which must never be read
 * as "no results". Codes: developers.deezer.com/api/errors. */
#include "sources/answers.h"

/* The status of an error envelope; LI_OK when there is none. */
static enum li_status envelope(const json_t *document, struct li_error *err) {
    const json_t *error = json_object_get(document, "error");
    if (!error)
        return LI_OK;
    const json_t *told = json_object_get(error, "code");
    json_int_t value = json_is_integer(told) ? json_integer_value(told) : -1;
    int code = value >= 0 && value <= 1000 ? (int)value : -1;
    switch (code) {
    case 4:
        return li_fail(err, LI_BUSY, "Deezer says that too much was asked of it");
    case 700:
        return li_fail(err, LI_BUSY, "Deezer says that it is busy");
    case 800:
        return li_fail(err, LI_NOT_FOUND, "Deezer knows no such thing");
    case 200:
    case 300:
    case 901:
        return li_fail(err, LI_UNSUPPORTED, "Deezer does not allow this (its error %d)", code);
    case 100:
    case 500:
    case 501:
    case 600:
        return li_fail(err, LI_INVALID, "Deezer does not take this question (its error %d)", code);
    default:
        return li_fail(err, LI_CORRUPT, "Deezer answered with an error that it does not document");
    }
}

static enum li_status parse(struct li_text body, json_t **out, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("Deezer", body, &document, err);
    if (!status)
        status = envelope(document, err);
    if (status)
        json_decref(document);
    else
        *out = document;
    return status;
}

static bool read_artist(const json_t *object, struct li_arena *arena, struct li_answer_artist *out) {
    double fans = li_answer_number(object, "nb_fan", 0, 1e10);
    *out = (struct li_answer_artist){
        .id = li_answer_id(object, "id", arena),
        .name = li_answer_text(object, "name", LI_ANSWER_NAME_MAX, arena),
        .image = li_answer_url(object, "picture_medium", arena),
        .fans = fans >= 0 ? (int64_t)fans : -1,
        .score = -1,
    };
    return out->id.size && out->name.size;
}

/* In lists there is neither isrc nor date: they are in the answer for one track. */
static bool read_track(const json_t *object, struct li_arena *arena, struct li_answer_track *out) {
    *out = (struct li_answer_track){
        .id = li_answer_id(object, "id", arena),
        .title = li_answer_text(object, "title", LI_ANSWER_NAME_MAX, arena),
        .artist = li_answer_text(json_object_get(object, "artist"), "name", LI_ANSWER_NAME_MAX, arena),
        .preview = li_answer_url(object, "preview", arena),
        .isrc = li_answer_id(object, "isrc", arena),
        .year = li_answer_year(object, "release_date"),
    };
    return out->id.size && out->title.size;
}

enum li_status li_deezer_read_artists(struct li_text body, struct li_arena *arena,
                                      struct li_answer_artist **list, size_t *count, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = parse(body, &document, err);
    if (!status)
        status = li_answer_artists("Deezer", json_object_get(document, "data"), read_artist, arena, list,
                                   count, err);
    json_decref(document);
    return status;
}

enum li_status li_deezer_read_artist(struct li_text body, struct li_arena *arena,
                                     struct li_answer_artist *artist, struct li_error *err) {
    json_t *document = NULL;
    struct li_answer_artist read;
    enum li_status status = parse(body, &document, err);
    if (!status && !read_artist(document, arena, &read))
        status = li_fail(err, LI_CORRUPT, "Deezer answered with something that is no artist");
    if (!status)
        *artist = read;
    json_decref(document);
    return status;
}

enum li_status li_deezer_read_tracks(struct li_text body, struct li_arena *arena,
                                     struct li_answer_track **list, size_t *count, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = parse(body, &document, err);
    if (!status)
        status = li_answer_tracks("Deezer", json_object_get(document, "data"), read_track, arena, list, count,
                                  err);
    json_decref(document);
    return status;
}

enum li_status li_deezer_read_track(struct li_text body, struct li_arena *arena,
                                    struct li_answer_track *track, struct li_error *err) {
    json_t *document = NULL;
    struct li_answer_track read;
    enum li_status status = parse(body, &document, err);
    if (!status && !read_track(document, arena, &read))
        status = li_fail(err, LI_CORRUPT, "Deezer answered with something that is no track");
    if (!status)
        *track = read;
    json_decref(document);
    return status;
}
