/* share.c - a code that a listener gives away by choice: behind it stand numbers only - shares of emotions
 * and genres, means of features - and nobody's name, no track, no session id. It ends with the session. */
#include "base/random.h"
#include "pipeline/numbers.h"

json_t *li_numbers_of_profile(const json_t *profile) {
    static const char *const NAMES[] = {
        "energy_avg",           "danceability_avg", "valence_avg", "acousticness_avg",
        "instrumentalness_avg", "speechiness_avg",  "tempo_avg",   "mood",
        "confidence",           "variety",          "model",       "expires_at"};
    json_t *numbers = json_object(), *emotions = json_object(), *genres = json_array(), *item;
    size_t i;
    for (size_t n = 0; n < sizeof NAMES / sizeof *NAMES; n++)
        li_document_copy(numbers, profile, NAMES[n]);
    json_array_foreach(json_object_get(profile, "emotions"), i, item) {
        const char *id = json_string_value(json_object_get(item, "id"));
        if (id)
            json_object_set(emotions, id, json_object_get(item, "score"));
    }
    json_array_foreach(json_object_get(profile, "genre_shares"), i, item) {
        json_t *genre = json_object();
        li_document_copy(genre, item, "id");
        li_document_copy(genre, item, "share");
        json_array_append_new(genres, genre);
    }
    json_object_set_new(numbers, "emotions", emotions);
    json_object_set_new(numbers, "genres", genres);
    return numbers;
}

enum li_status li_numbers_of_session(struct li_pipeline *pipeline, struct li_text session, json_t **out,
                                     struct li_error *err) {
    json_t *profile = NULL;
    enum li_status status = li_document_load(pipeline, session, LI_OBJECT_PROFILE, &profile, NULL, err);
    if (status == LI_NOT_FOUND)
        status = li_fail(err, LI_NOT_FOUND, "this session has no profile yet, or it expired");
    if (!status)
        *out = li_numbers_of_profile(profile);
    json_decref(profile);
    return status;
}

/* The code that the session gave away, or "" when it gave none, or one that nobody can read any more. Another
 * failure is told: without the code, the numbers behind it would stay when the session goes. */
static enum li_status given_code(struct li_pipeline *pipeline, struct li_text session,
                                 char out[LI_SESSION_MAX + 1], struct li_error *err) {
    json_t *share = NULL;
    struct li_text code = {0};
    enum li_status status = li_document_load(pipeline, session, LI_OBJECT_SHARE, &share, NULL, err);
    if (!status)
        code = li_json_get_text(share, "code");
    if (!li_session_valid(code))
        code = (struct li_text){0};
    if (code.size)
        memcpy(out, code.data, code.size);
    out[code.size] = 0;
    json_decref(share);
    return status == LI_NOT_FOUND || status == LI_CORRUPT ? LI_OK : status;
}

static enum li_status keep(struct li_pipeline *pipeline, struct li_text session, struct li_text code,
                           json_t *numbers, struct li_error *err) {
    json_t *share = json_object();
    json_object_set_new(share, "session_id", li_json_text(session));
    json_object_set_new(share, "code", li_json_text(code));
    json_object_set_new(numbers, "session_id", li_json_text(code)); /* of the folder that it lies in */
    /* The way to the code first: what can be read by others can always be erased. */
    enum li_status status = li_document_save(pipeline, session, LI_OBJECT_SHARE, share, err);
    if (!status)
        status = li_document_save(pipeline, code, LI_OBJECT_SHARED, numbers, err);
    json_decref(share);
    return status;
}

/* After the numbers were written: takes them back when the session was erased meanwhile. Erasing takes the
 * artists away before it looks for a code: one of the two sees the other. */
static enum li_status confirm(struct li_pipeline *pipeline, struct li_text session, struct li_text code,
                              struct li_error *err) {
    struct li_store_version version;
    enum li_status status = li_store_stat(pipeline->store, session, LI_OBJECT_TOP_TRACKS, &version, err);
    if (status != LI_NOT_FOUND)
        return status;
    status = li_store_erase(pipeline->store, code, err);
    if (!status)
        status = li_store_erase(pipeline->store, session, err);
    return status ? status : li_fail(err, LI_NOT_FOUND, "the session was erased meanwhile");
}

enum li_status li_pipeline_share(struct li_pipeline *pipeline, const struct li_share_request *request,
                                 struct li_share_response *response, struct li_error *err) {
    json_t *numbers = NULL;
    char code[LI_SESSION_MAX + 1];
    li_session_lock(pipeline, request->session);
    enum li_status status = li_numbers_of_session(pipeline, request->session, &numbers, err);
    if (!status)
        status = given_code(pipeline, request->session, code, err);
    if (!status) {
        if (!*code)
            li_random_token(code);
        status = keep(pipeline, request->session, li_text_of(code), numbers, err);
    }
    if (!status)
        status = confirm(pipeline, request->session, li_text_of(code), err);
    li_session_unlock(pipeline, request->session);
    if (!status)
        response->document =
            json_pack("{s:s,s:O}", "code", code, "expires_at", json_object_get(numbers, "expires_at"));
    json_decref(numbers);
    return status;
}

enum li_status li_numbers_of_code(struct li_pipeline *pipeline, struct li_text code, json_t **out,
                                  struct li_error *err) {
    json_t *numbers = NULL;
    char now[LI_TIMESTAMP_SIZE];
    enum li_status status = LI_NOT_FOUND;
    li_clock_format(li_clock_now_ms(&pipeline->clock), now);
    if (li_session_valid(code))
        status = li_document_load(pipeline, code, LI_OBJECT_SHARED, &numbers, NULL, err);
    /* Both are of one fixed form, so that the order of texts is that of times. */
    if (!status && li_text_compare(li_json_get_text(numbers, "expires_at"), li_text_of(now)) <= 0)
        status = LI_NOT_FOUND;
    if (status == LI_NOT_FOUND)
        status = li_fail(err, LI_NOT_FOUND, "nobody shares a profile under this code, or it expired");
    if (status)
        json_decref(numbers);
    else
        *out = numbers;
    return status;
}

/* Who was given a code may read the numbers behind it, not erase them. */
static enum li_status check_no_code(struct li_pipeline *pipeline, struct li_text session,
                                    struct li_error *err) {
    struct li_store_version version;
    enum li_status status = li_store_stat(pipeline->store, session, LI_OBJECT_SHARED, &version, err);
    if (!status)
        return li_fail(err, LI_NOT_FOUND, "this is the code of a profile that is shared, and no session");
    return status == LI_NOT_FOUND ? LI_OK : status;
}

/* For who shares meanwhile: see confirm. What cannot be removed alone goes with the rest, or that fails. */
static void mark_erased(struct li_pipeline *pipeline, struct li_text session) {
    enum li_status status = li_store_remove(pipeline->store, session, LI_OBJECT_TOP_TRACKS, NULL);
    (void)status;
}

enum li_status li_pipeline_erase(struct li_pipeline *pipeline, struct li_text session, struct li_error *err) {
    char code[LI_SESSION_MAX + 1];
    enum li_status status = check_no_code(pipeline, session, err);
    if (!status) {
        li_erasures_note(pipeline, session);
        mark_erased(pipeline, session);
        status = given_code(pipeline, session, code, err);
    }
    if (!status && *code)
        status = li_store_erase(pipeline->store, li_text_of(code), err);
    return status ? status : li_store_erase(pipeline->store, session, err);
}
