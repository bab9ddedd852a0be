/* net.h - the HTTP client of the whole house: stores and sources ask through it.
 *
 * libcurl below, loaded when a client is first made. Connections are kept and shared by all threads. TLS is
 * verified. One client may be used from any thread. */
#ifndef LI_NET_NET_H
#define LI_NET_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

enum { LI_NET_HEADERS_MAX = 24, LI_NET_PARALLEL_MAX = 64 };

struct li_net;

struct li_net_options {
    const char *user_agent; /* Optional: NULL = "listening/VERSION" */
    const char *ca_file;    /* Optional: certificates to trust instead of the system's */
    const char *const
        *hosts; /* Optional: the only hosts that may be asked, also after redirects, NULL-terminated;
                   "*.example.org" allows every host below it */
    bool private_addresses; /* whether loopback, link-local and private addresses may be asked; they are
                               refused after name lookup, so that no public name leads inside */
    size_t connections;     /* Optional: kept open, 0 = 32 */
};

/* LI_UNSUPPORTED when libcurl is not installed. The caller owns *out. */
LI_MUST_USE enum li_status li_net_new(const struct li_net_options *options, struct li_net **out,
                                      struct li_error *err);

/* No request may be under way. NULL is fine. */
void li_net_free(struct li_net *net);

/* "daft punk" -> "daft%20punk": percent-encodes all but unreserved characters (RFC 3986, section 2.3), into
 * the arena, with a NUL. keep_slash: and but '/', for a path. */
struct li_text li_url_encode(struct li_text text, bool keep_slash, struct li_arena *arena);

struct li_net_header {
    struct li_text name, value;
};

/* How a request is signed for S3 (AWS Signature Version 4). Views. */
struct li_net_signature {
    struct li_text access_key, secret_key, session_token, region, service;
};

struct li_net_request {
    const char *method; /* Required: "GET", "PUT", "POST", "DELETE", "HEAD" */
    const char *url;    /* Required: http:// or https:// */
    struct li_net_header headers[LI_NET_HEADERS_MAX];
    size_t header_count;
    struct li_text body;
    const struct li_net_signature *sign; /* Optional */
    size_t max_bytes;                    /* Required: of the answer's body, after decompression */
    int connect_ms;                      /* Optional: 0 = 3,000 */
    int first_byte_ms;                   /* Optional: until the answer begins, 0 = 10,000 */
    int total_ms;                        /* Optional: 0 = 30,000 */
    int redirects;                       /* Optional: followed at most, 0 = none */
};

struct li_net_response {
    int status;                          /* 200, 404 ...: any answer is LI_OK */
    struct li_text body;                 /* in the arena, whole */
    const struct li_net_header *headers; /* of the last answer, names in lower case */
    size_t header_count;
    bool reused; /* the connection was open already */
};

/* The first header of this name (lower case), or the empty text. */
struct li_text li_net_header(const struct li_net_response *response, const char *name);

/* Asks and waits. LI_IO for no answer in time, a broken connection, or a body shorter than it said;
 * LI_TOO_LARGE over max_bytes; LI_INVALID for a host or address that may not be asked. Never retries by
 * itself, except where a kept connection proves dead before any answer, which libcurl does: callers know what
 * may be sent twice. The error sentence names the host, never the query, a key or a token. */
LI_MUST_USE enum li_status li_net_do(struct li_net *net, const struct li_net_request *request,
                                     struct li_arena *arena, struct li_net_response *response,
                                     struct li_error *err);

/* One of many requests at once. */
struct li_net_job {
    struct li_net_request request;
    struct li_arena *arena; /* Required: this job's own */
    struct li_net_response response;
    enum li_status status; /* of this job, and why */
    struct li_error err;
};

/* How many requests are followed by who asked. */
struct li_net_watch {
    bool (*done)(void *context, struct li_net_job *job); /* Optional: a job has ended; false ends all */
    bool (*wanted)(void *context); /* Optional: asked several times a second while anything is under way;
                                      false ends all, also in the middle of a transfer */
    void *context;
};

/* Runs the jobs, parallel of them at a time (1..LI_NET_PARALLEL_MAX), and calls the functions of watch, which
 * may be NULL, from this thread. Where these end it early, jobs not begun or still running get LI_BUSY. */
void li_net_do_all(struct li_net *net, struct li_net_job *jobs, size_t count, size_t parallel,
                   const struct li_net_watch *watch);

#endif
