#include "gateway/http.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/json.h"

enum li_method li_method_of(struct li_text name) {
    static const struct {
        const char *name;
        enum li_method method;
    } METHODS[] = {{"GET", LI_GET},
                   {"POST", LI_POST},
                   {"DELETE", LI_DELETE},
                   {"OPTIONS", LI_OPTIONS},
                   {"HEAD", LI_HEAD}};
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (li_text_equal(name, li_text_of(METHODS[i].name)))
            return METHODS[i].method;
    return LI_OTHER_METHOD;
}

struct li_blob *li_blob_new(struct li_text bytes, uint64_t tag) {
    struct li_blob *blob = malloc(sizeof *blob + bytes.size);
    if (!blob)
        return NULL;
    atomic_init(&blob->references, 1);
    blob->size = bytes.size;
    blob->tag = tag;
    blob->extracted_ms = 0;
    memcpy(blob->bytes, bytes.data, bytes.size);
    return blob;
}

void li_blob_hold(struct li_blob *blob) {
    atomic_fetch_add(&blob->references, 1);
}

void li_blob_release(struct li_blob *blob) {
    if (blob && atomic_fetch_sub(&blob->references, 1) == 1)
        free(blob);
}

void li_response_header(struct li_http_response *response, const char *name, struct li_text value) {
    if (response->header_count == LI_HEADERS_MAX)
        return;
    response->headers[response->header_count].name = name;
    response->headers[response->header_count].value = value;
    response->header_count++;
}

struct li_text li_request_param(const struct li_http_request *request, const char *name) {
    for (size_t i = 0; i < request->param_count; i++)
        if (li_text_equal(request->params[i].name, li_text_of(name)))
            return request->params[i].value;
    return (struct li_text){0};
}

const char *li_http_reason(int status) {
    static const struct {
        int status;
        const char *reason;
    } REASONS[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (REASONS[i].status == status)
            return REASONS[i].reason;
    return "Error";
}

void li_response_problem(struct li_http_response *response, int status, const char *sentence) {
    json_t *document = json_object();
    json_object_set_new(document, "type", json_string("about:blank"));
    json_object_set_new(document, "title", json_string(li_http_reason(status)));
    json_object_set_new(document, "status", json_integer(status));
    json_object_set_new(document, "detail", li_json_text(li_text_of(sentence)));
    json_object_set_new(document, "error", li_json_text(li_text_of(sentence)));
    response->status = status;
    response->content_type = "application/problem+json";
    response->body = li_json_print(document, response->arena);
    json_decref(document);
}

static int status_of(enum li_status status) {
    switch (status) {
    case LI_OK:
        return 200;
    case LI_INVALID:
        return 400;
    case LI_NOT_FOUND:
        return 404;
    case LI_TOO_LARGE:
        return 413;
    case LI_UNSUPPORTED:
        return 501;
    case LI_BUSY:
    case LI_NO_MEMORY:
        return 503;
    case LI_FULL:
        return 507;
    default:
        return 500;
    }
}

void li_response_error(struct li_http_response *response, const struct li_error *err) {
    struct li_text safe = li_text_of(err->message);
    int status = status_of(err->status);
    /* A message that quotes the caller may have been cut inside a character. */
    while (safe.size && !li_text_valid(safe))
        safe.size--;
    li_response_problem(response, status, li_arena_copy(response->arena, safe).data);
    if (status == 503)
        li_response_header(response, "Retry-After", LI_TEXT("1"));
}
