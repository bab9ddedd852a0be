/* history.c - the routes of listening histories: POST /import, /timeline, and of numbers side by side:
 * /share, /compare. */
#include <stdlib.h>

#include "base/json.h"
#include "gateway/form_stream.h"
#include "gateway/gateway_priv.h"

enum { IMPORT_FILES_MAX = 200, FIELD_BYTES = 256, OFFSET_MAX_MIN = 14 * 60 };

static const double HALF_LIFE_MAX_DAYS = 36500;

static void answer(struct li_http_response *response, int status, json_t *document, enum li_lang lang) {
    li_response_document(response, status, document);
    li_response_language(response, lang);
}

void li_handle_timeline(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                        struct li_http_response *response) {
    struct li_timeline_request timeline = {.session = li_request_session(request, body)};
    struct li_timeline_response made = {0};
    struct li_error err = {0};
    response->session = timeline.session;
    enum li_status status = li_session_check(timeline.session, &err);
    if (!status)
        status = li_request_lang(request, body, &timeline.lang, &err);
    if (!status)
        status = li_pipeline_timeline(gateway->pipeline, &timeline, &made, &err);
    if (!li_response_failed(response, status, &err))
        answer(response, 200, made.document, timeline.lang);
}

void li_handle_share(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                     struct li_http_response *response) {
    struct li_share_request share = {.session = li_request_session(request, body)};
    struct li_share_response made = {0};
    struct li_error err = {0};
    response->session = share.session;
    enum li_status status = li_session_check(share.session, &err);
    if (!status)
        status = li_pipeline_share(gateway->pipeline, &share, &made, &err);
    if (!li_response_failed(response, status, &err))
        li_response_document(response, 201, made.document);
}

void li_handle_compare(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                       struct li_http_response *response) {
    struct li_compare_request compare = {.session = li_request_session(request, body)};
    struct li_compare_response made = {0};
    struct li_error err = {0};
    response->session = compare.session;
    compare.with =
        request->method == LI_POST ? li_json_get_text(body, "with") : li_request_param(request, "with");
    enum li_status status = li_session_check(compare.session, &err);
    if (!status && compare.with.size == 0)
        status = li_fail(&err, LI_INVALID, "\"with\" is missing: somebody's share code, or \"past\"");
    if (!status)
        status = li_request_lang(request, body, &compare.lang, &err);
    if (!status)
        status = li_pipeline_compare(gateway->pipeline, &compare, &made, &err);
    if (!li_response_failed(response, status, &err))
        answer(response, 200, made.document, compare.lang);
}

/* ---- POST /import ---- */

/* A body that lies in memory, as something to read. */
struct memory_body {
    struct li_text rest;
};

static ptrdiff_t read_memory(void *context, void *buffer, size_t size) {
    struct memory_body *body = context;
    size_t taken = size < body->rest.size ? size : body->rest.size;
    if (taken)
        memcpy(buffer, body->rest.data, taken);
    body->rest.data += taken;
    body->rest.size -= taken;
    return (ptrdiff_t)taken;
}

struct import {
    struct li_arena *arena;
    struct li_text session, lang;
    int64_t now_ms;
    double half_life_days;
    long utc_offset_min;
    size_t files, known;
    struct li_error first; /* why the first file that failed did */
    struct li_history *history;
};

static bool is_ours(struct li_text field) {
    return li_names_session(field) || li_text_equal(field, LI_TEXT("lang")) ||
           li_text_equal(field, LI_TEXT("utc_offset_min")) || li_text_equal(field, LI_TEXT("half_life_days"));
}

/* A decimal number of days: strtod alone takes blanks, signs, 0x10 and names of numbers too. */
static bool read_days(struct li_text text, double *out) {
    bool decimal =
        text.size && strchr("0123456789.", text.data[0]) && strspn(text.data, "0123456789.eE+-") == text.size;
    char *end = NULL;
    double days = decimal ? strtod(text.data, &end) : -1;
    if (!decimal || *end || !(days >= 0 && days <= HALF_LIFE_MAX_DAYS))
        return false;
    *out = days;
    return true;
}

/* A field of the form that is no file. */
static enum li_status read_field(struct import *import, struct li_form_stream *stream, struct li_text name,
                                 struct li_error *err) {
    char value[FIELD_BYTES];
    size_t size = 0;
    ptrdiff_t got = 1;
    struct li_text key = li_arena_copy(import->arena, name);
    if (!is_ours(key))
        return LI_OK; /* passed over, whatever its size */
    while (got > 0 && size < sizeof value) {
        got = li_form_stream_read(stream, value + size, sizeof value - size);
        size += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        return LI_OK; /* why the form ends here is said where its next part is asked for */
    if (got > 0)
        return li_fail(err, LI_INVALID, "a field of the form is too long");
    struct li_text text = li_arena_copy(import->arena, (struct li_text){value, size});
    if (li_names_session(key)) {
        import->session = text;
    } else if (li_text_equal(key, LI_TEXT("lang"))) {
        import->lang = text;
    } else if (li_text_equal(key, LI_TEXT("utc_offset_min"))) {
        if (!li_text_to_long(text, -OFFSET_MAX_MIN, OFFSET_MAX_MIN, &import->utc_offset_min))
            return li_fail(err, LI_INVALID,
                           "\"utc_offset_min\" is a whole number of minutes, from -840 to 840");
        if (import->history)
            return li_fail(err, LI_INVALID, "\"utc_offset_min\" must stand before the files");
    } else if (li_text_equal(key, LI_TEXT("half_life_days"))) {
        if (!read_days(text, &import->half_life_days))
            return li_fail(err, LI_INVALID, "\"half_life_days\" is a number of days, 0 or more");
    }
    return LI_OK;
}

/* A file: counted when it is a history; when not, the others still may be. */
static enum li_status read_file(struct import *import, struct li_form_stream *stream, struct li_error *err) {
    struct li_error why = {0};
    if (++import->files > IMPORT_FILES_MAX)
        return li_fail(err, LI_TOO_LARGE, "the form has more than %d files; pack them into one zip",
                       IMPORT_FILES_MAX);
    if (!import->history) {
        const struct li_history_options options = {import->now_ms, (int)import->utc_offset_min};
        enum li_status status = li_history_new(&options, &import->history, err);
        if (status)
            return status;
    }
    enum li_status status = li_history_add(import->history, li_form_stream_read, stream, &why);
    if (status == LI_NO_MEMORY || status == LI_TOO_LARGE) {
        *err = why;
        return status;
    }
    import->known += status == LI_OK;
    if (status && !import->first.status)
        import->first = why;
    return LI_OK;
}

static enum li_status read_form(struct import *import, const struct li_http_request *request,
                                struct li_error *err) {
    struct memory_body memory = {request->body};
    struct li_form_stream *stream = NULL;
    struct li_form_part part;
    bool more = true;
    enum li_status status =
        request->read_body ? li_form_stream_open(request->content_type, request->read_body,
                                                 request->body_context, &stream, err)
                           : li_form_stream_open(request->content_type, read_memory, &memory, &stream, err);
    while (!status && more) {
        status = li_form_stream_next(stream, &part, &more, err);
        if (!status && more)
            status =
                part.is_file ? read_file(import, stream, err) : read_field(import, stream, part.name, err);
    }
    li_form_stream_close(stream);
    if (!status && import->files == 0)
        status = li_fail(err, LI_INVALID,
                         "the form has no file; send the export of your music service as its parts");
    if (!status && import->known == 0) {
        /* What is torn is what was sent, nothing of ours. */
        status = import->first.status == LI_CORRUPT ? LI_INVALID : import->first.status;
        *err = import->first;
        err->status = status;
    }
    return status;
}

void li_handle_import(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                      struct li_http_response *response) {
    struct import import = {.arena = response->arena, .session = li_request_session(request, NULL)};
    struct li_import_response made = {0};
    struct li_error err = {0};
    enum li_lang lang = LI_LANG_EN;
    (void)body;
    if (!li_form_is(request->content_type)) {
        li_response_problem(response, 415, "send the files as a form: Content-Type: multipart/form-data");
        return;
    }
    import.now_ms = li_clock_now_ms(&gateway->pipeline->clock);
    enum li_status status = read_form(&import, request, &err);
    response->session = import.session;
    if (!status)
        status = li_session_check(import.session, &err);
    if (!status)
        status = li_request_lang_named(request, import.lang, &lang, &err);
    if (!status) {
        li_history_finish(import.history);
        const struct li_import_request imported = {import.session, import.history, import.half_life_days,
                                                   lang, request->begun};
        status = li_pipeline_import(gateway->pipeline, &imported, &made, &err);
    }
    if (status == LI_UNSUPPORTED)
        li_response_problem(response, 415, err.message);
    else if (!li_response_failed(response, status, &err))
        answer(response, 200, made.document, lang);
    li_history_free(import.history);
}
