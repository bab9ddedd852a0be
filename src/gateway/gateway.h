/* gateway.h - the HTTP contract: one table of routes for the server and for Lambda, and the server itself. */
#ifndef LI_GATEWAY_GATEWAY_H
#define LI_GATEWAY_GATEWAY_H

#include "gateway/http.h"
#include "pipeline/pipeline.h"

/* A file carried in the binary. */
struct li_asset {
    const char *path; /* "/index.html" */
    const char *content_type;
    const char *encoding; /* "gzip", "br" or NULL: how bytes are packed */
    const unsigned char *bytes;
    size_t size;
    bool immutable; /* its name holds a hash of its content */
};

struct li_decoders;
struct li_gateway;

struct li_gateway_options {
    struct li_pipeline
        *pipeline; /* Required: outlives the gateway; its raise members are set by the gateway */
    const struct li_asset *assets; /* Optional: the web pages and the contract */
    size_t asset_count;
    const char *const *origins;   /* Optional: allowed cross origins, NULL-terminated */
    size_t workers;               /* Optional: threads for events, 0 = 2 */
    bool own_events;              /* run the stages that written objects start; false where S3 does it */
    const char *events_secret;    /* Optional: who may tell of written objects at /events; NULL = nobody */
    const char *key_prefix;       /* Optional: what stands before the keys that /events tells of */
    struct li_decoders *decoders; /* Optional: measure uploaded sounds; NULL = this process does */
};

/* The caller owns *out. */
LI_MUST_USE enum li_status li_gateway_new(const struct li_gateway_options *options, struct li_gateway **out,
                                          struct li_error *err);

/* Finishes the events that are queued. NULL is fine. */
void li_gateway_free(struct li_gateway *gateway);

/* Answers without waiting when that takes microseconds only; false: hand the exchange to a thread that may
 * wait and call li_gateway_handle there. */
bool li_gateway_handle_quick(struct li_gateway *gateway, const struct li_http_request *request,
                             struct li_http_response *response);

/* Answers any request. */
void li_gateway_handle(struct li_gateway *gateway, const struct li_http_request *request,
                       struct li_http_response *response);

/* Answers with a problem before any route is asked: a broken request, or one too many. */
void li_gateway_refuse(struct li_gateway *gateway, const struct li_http_request *request,
                       struct li_http_response *response, int status, const char *sentence);

/* Counts and logs a finished exchange. */
void li_gateway_finish(struct li_gateway *gateway, const struct li_http_request *request,
                       const struct li_http_response *response, int64_t duration_ns);

/* Called with each session whose profile was written, from the thread that wrote it. */
void li_gateway_on_profile(struct li_gateway *gateway, void (*notify)(void *context, struct li_text session),
                           void *context);

/* ---- the server ---- */

struct li_server;

struct li_server_options {
    struct li_gateway *gateway; /* Required */
    const char *listen;         /* Required: "127.0.0.1:8080", "[::1]:8080", ":8080" */
    size_t threads;             /* Optional: threads that answer, 0 = one a core, at most 16 */
    size_t workers;             /* Optional: threads that may wait, 0 = 4 */
    double rate_limit;          /* Optional: requests a second for one address, 0 = no limit */
    size_t connections;         /* Optional: open at once, 0 = 16,000 */
    unsigned idle_timeout_s;    /* Optional: a connection silent for so long is closed, 0 = 30 */
    int stop_wait_ms;           /* Optional: what is in flight may take so long at the end, 0 = 25 s */
    int import_patience_ms; /* Optional: how long an import may come at less than its least rate, 0 = 60 s */
};

LI_MUST_USE enum li_status li_server_start(const struct li_server_options *options, struct li_server **out,
                                           struct li_error *err);

/* The port it listens on (useful after asking for port 0). */
int li_server_port(const struct li_server *server);

/* Takes no more connections, finishes what is in flight, stops. NULL is fine. */
void li_server_stop(struct li_server *server);

#endif
