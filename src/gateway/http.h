/* http.h - a request and a response as plain structs, so that the server, Lambda and tests use the same
 * handlers without a socket. Texts are views that live as long as the exchange. */
#ifndef LI_GATEWAY_HTTP_H
#define LI_GATEWAY_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

enum {
    LI_BODY_MAX = 64 * 1024,            /* of a document */
    LI_FEATURES_MAX = 1024 * 1024,      /* of a document with the numbers of tracks */
    LI_UPLOAD_MAX = 20 * 1024 * 1024,   /* of a form with files */
    LI_IMPORT_MAX = 1024 * 1024 * 1024, /* of a form with listening histories, which are not kept */
    LI_PARAMS_MAX = 16,
    LI_HEADERS_MAX = 16,
};

enum li_method {
    LI_GET = 1,
    LI_POST = 2,
    LI_DELETE = 4,
    LI_OPTIONS = 8,
    LI_HEAD = 16,
    LI_OTHER_METHOD = 32,
};

enum li_method li_method_of(struct li_text name);

struct li_pair {
    struct li_text name, value;
};

struct li_http_request {
    enum li_method method;
    struct li_text path; /* decoded, begins with '/' */
    struct li_pair params[LI_PARAMS_MAX];
    size_t param_count;
    struct li_text body;
    /* When set, the body comes in pieces instead: how many bytes, 0 at the end, -1 when it breaks off. */
    ptrdiff_t (*read_body)(void *context, void *buffer, size_t size);
    void *body_context;
    /* The headers that we read; empty when absent. */
    struct li_text session_header, content_type, accept, accept_language, accept_encoding, origin, host,
        if_none_match, authorization;
    uint64_t begun; /* li_pipeline_moment: when its head had come */
    char id[17];    /* of this request, for the log and for who reports an error; may be empty */
    struct li_text invocation_id, trace_id; /* in Lambda: its own names for this request, for the log */
    bool wait_over;                         /* the time to wait for a profile has passed: answer now */
};

/* Bytes that several responses share; counted. */
struct li_blob {
    _Atomic int references;
    size_t size;
    uint64_t tag;         /* of the object it was made from */
    int64_t extracted_ms; /* of a profile: its session ends a time to live after this */
    char bytes[];
};

struct li_blob *li_blob_new(struct li_text bytes, uint64_t tag); /* one reference, or NULL */
void li_blob_hold(struct li_blob *blob);
void li_blob_release(struct li_blob *blob); /* NULL is fine */

struct li_http_response {
    int status;
    const char *content_type;
    struct li_text body; /* in the arena, constant, or in blob */
    struct li_blob *blob;
    struct {
        const char *name;
        struct li_text value;
    } headers[LI_HEADERS_MAX];
    size_t header_count;
    struct li_arena *arena;
    /* When set, the answer may wait: the handler wants to be called again when the session's profile was
     * written, or wait_ms after the first call, with wait_over set. */
    int wait_ms;
    struct li_text session; /* whose exchange this is, for the log and for waiting; may be empty */
};

/* value must live as long as the exchange. More than LI_HEADERS_MAX are dropped. */
void li_response_header(struct li_http_response *response, const char *name, struct li_text value);

/* The first parameter of this name, or the empty text. */
struct li_text li_request_param(const struct li_http_request *request, const char *name);

/* Answers with a problem document (RFC 9457). */
void li_response_problem(struct li_http_response *response, int status, const char *sentence);

/* The same for a failed call: the HTTP status comes from the error's. */
void li_response_error(struct li_http_response *response, const struct li_error *err);

/* "Not Found" */
const char *li_http_reason(int status);

#endif
