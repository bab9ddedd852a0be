/* gateway_priv.h - the parts of the gateway. */
#ifndef LI_GATEWAY_PRIV_H
#define LI_GATEWAY_PRIV_H

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

#include "gateway/gateway.h"

/* ---- events.c: the queue that starts stages ---- */

struct li_events;
struct li_metrics;

/* metrics may be NULL: it counts the stages. */
LI_MUST_USE enum li_status li_events_new(struct li_pipeline *pipeline, struct li_metrics *metrics,
                                         size_t threads, struct li_events **out, struct li_error *err);
void li_events_free(struct li_events *events);

/* Queues the stage that an object starts; once only while the same is waiting. */
void li_events_raise(struct li_events *events, struct li_text session, enum li_object written);

enum li_event_state { LI_EVENT_NONE, LI_EVENT_PENDING, LI_EVENT_FAILED };

/* What is known of a session's stages. A failure is told once, into *err. */
enum li_event_state li_events_state(struct li_events *events, struct li_text session, struct li_error *err);

size_t li_events_load(struct li_events *events);

/* ---- cache.c: rendered profiles, checked against the store's version ---- */

struct li_profile_cache;

struct li_profile_cache *li_profile_cache_new(void);
void li_profile_cache_free(struct li_profile_cache *cache);

/* The profile's bytes when they were made from the object with this tag, held for the caller; else NULL. */
struct li_blob *li_profile_cache_get(struct li_profile_cache *cache, struct li_text session,
                                     enum li_lang lang, uint64_t tag);
void li_profile_cache_put(struct li_profile_cache *cache, struct li_text session, enum li_lang lang,
                          struct li_blob *blob);

/* ---- metrics.c ---- */

enum { LI_ROUTES_MAX = 24, LI_DURATION_BUCKETS = 12 };

struct li_metrics {
    _Atomic uint64_t requests[LI_ROUTES_MAX][6]; /* by route and status class 0xx..5xx */
    _Atomic uint64_t duration[LI_DURATION_BUCKETS + 1];
    _Atomic uint64_t duration_sum_us;
    _Atomic uint64_t stages[2][2]; /* transform, profile; done, failed */
};

void li_metrics_count(struct li_metrics *metrics, size_t route, int status, int64_t duration_ns);

/* Counts the stage that this object started. */
void li_metrics_count_stage(struct li_metrics *metrics, enum li_object written, bool failed);

/* What is asked of others when the metrics are. */
struct li_metrics_now {
    size_t events;      /* waiting or running */
    const char *source; /* its name */
    uint64_t source_calls, source_failures;
};

/* Prometheus text format. */
struct li_text li_metrics_print(const struct li_metrics *metrics, const char *const *routes,
                                size_t route_count, const struct li_metrics_now *now, struct li_arena *arena);

/* ---- limiter.c: requests a second for each client address ---- */

struct li_limiter;

/* rate > 0 requests a second; bursts of twice that (at least 10) pass. */
struct li_limiter *li_limiter_new(double rate);
void li_limiter_free(struct li_limiter *limiter);

/* Takes one request of this address (its bytes) at this time; returns 0, or the seconds (at least 1) after
 * which the next one will pass, a day at most. */
int li_limiter_take(struct li_limiter *limiter, struct li_text address, int64_t now_ns);

/* ---- body.c: request bodies ---- */

/* The session of a request: "session_id" or "sessionId" in the body, else in the query, else the header. */
struct li_text li_request_session(const struct li_http_request *request, const json_t *body);

/* Whether a field of a form is the session: "session_id" or "sessionId". */
bool li_names_session(struct li_text name);

/* An object, or an empty one for an empty body. The caller owns *out. */
LI_MUST_USE enum li_status li_body_parse(struct li_text body, json_t **out, struct li_error *err);

LI_MUST_USE enum li_status li_body_search(const json_t *body, struct li_search_request *out,
                                          struct li_error *err);

/* Views into the body; arrays in the arena. */
LI_MUST_USE enum li_status li_body_extract(const json_t *body, struct li_arena *arena,
                                           struct li_extract_request *out, struct li_error *err);

/* The language of the answer: "lang" of the body, else of the query, else of Accept-Language. LI_INVALID for
 * others than "en" and "fr". */
LI_MUST_USE enum li_status li_request_lang(const struct li_http_request *request, const json_t *body,
                                           enum li_lang *out, struct li_error *err);

/* The same where a form may name it: lang is empty or the form's. */
LI_MUST_USE enum li_status li_request_lang_named(const struct li_http_request *request, struct li_text lang,
                                                 enum li_lang *out, struct li_error *err);

/* The best of an Accept-Language header among ours; English when none fits. */
enum li_lang li_lang_accept(struct li_text header);

/* ---- s3_event.c: S3 event notifications ---- */

enum { LI_S3_RECORDS_MAX = 100 };

struct li_s3_record {
    struct li_text key; /* decoded */
    struct li_text session;
    enum li_object object;
    bool created; /* the event is that an object was written */
    bool ours;    /* that, and the key is one of a session object */
};

/* Whether a body is an S3 event. */
bool li_s3_event_is(const json_t *body);

/* Reads its records. LI_INVALID when it is malformed or has more than LI_S3_RECORDS_MAX. */
LI_MUST_USE enum li_status li_s3_event_read(const json_t *body, struct li_arena *arena,
                                            struct li_s3_record **out, size_t *count, struct li_error *err);

/* Looks at a record's key once more, without the prefix that our objects have in this bucket. */
void li_s3_record_strip(struct li_s3_record *record, struct li_text prefix);

/* Decodes %XX and '+' of an S3 event's key. False for a broken escape or what is not UTF-8 then. */
bool li_url_decode(struct li_text text, struct li_arena *arena, struct li_text *out);

/* ---- multipart.c: forms with files ---- */

enum { LI_FORM_PARTS_MAX = 64, LI_FORM_NAME_MAX = 255 };

/* Views into the body. */
struct li_form_part {
    struct li_text name,
        file_name; /* valid UTF-8 of at most LI_FORM_NAME_MAX bytes; a file's without folders */
    struct li_text bytes;
    bool is_file;
};

/* Whether a Content-Type is multipart/form-data. */
bool li_form_is(struct li_text content_type);

/* The boundary that a form's Content-Type names. */
LI_MUST_USE enum li_status li_form_boundary(struct li_text content_type, struct li_text *out,
                                            struct li_error *err);

/* Reads the header lines of a part up to the empty line; *rest is what follows it. False when malformed. */
bool li_form_headers(struct li_text *rest, struct li_form_part *part);

/* Reads a whole form. LI_INVALID when it is malformed, LI_TOO_LARGE for more than LI_FORM_PARTS_MAX parts. */
LI_MUST_USE enum li_status li_form_read(struct li_text content_type, struct li_text body,
                                        struct li_arena *arena, struct li_form_part **out, size_t *count,
                                        struct li_error *err);

/* ---- assets.c ---- */

/* The asset for a path: itself, with ".html", or "/index.html" in it; in the best encoding that the client
 * takes. NULL when there is none. */
const struct li_asset *li_assets_find(const struct li_asset *assets, size_t count, struct li_text path,
                                      struct li_text accept_encoding);

/* ---- routes.c ---- */

struct li_gateway {
    struct li_pipeline *pipeline;
    const struct li_asset *assets;
    size_t asset_count;
    const char *const *origins;
    struct li_events *events;                 /* NULL where S3 starts the stages */
    struct li_text events_secret, key_prefix; /* the options' own; may be empty */
    struct li_decoders *decoders;             /* NULL: this process measures sounds itself */
    struct li_profile_cache *cache;
    struct li_metrics metrics;
    pthread_mutex_t notify_lock; /* held while notify runs, so that it can be taken away safely */
    void (*notify)(void *context, struct li_text session);
    void *notify_context;
};

typedef void li_handler(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                        struct li_http_response *response);

struct li_route {
    const char *path;
    int methods; /* of enum li_method, HEAD goes with GET */
    li_handler *handle;
    bool needs_store; /* may wait for the store or a source: not for the event loop unless these are quick */
    bool writes;      /* waits for the disk */
    size_t
        body_max; /* 0: a JSON document of at most LI_BODY_MAX; else an upload of at most so many bytes, which
                     the handler reads itself, and which is worked on apart from the other requests */
    bool streamed; /* the handler may read the upload while it comes */
};

extern const struct li_route LI_ROUTES[];
extern const size_t LI_ROUTE_COUNT;

/* How large the body of this request may be; *upload is set when it is no document but an upload. */
size_t li_request_body_max(const struct li_http_request *request, bool *upload);

/* Whether its body is worked on while it comes. */
bool li_request_streams(const struct li_http_request *request);

/* ---- handlers.c ---- */

li_handler li_handle_create_session, li_handle_search, li_handle_extract, li_handle_transform,
    li_handle_profile, li_handle_get_profile, li_handle_erase, li_handle_health, li_handle_metrics,
    li_handle_events;

/* A profile that is ready and rendered already; false when more work is needed. */
bool li_handle_cached_profile(struct li_gateway *gateway, const struct li_http_request *request,
                              struct li_http_response *response);

/* Names the language of the answer. */
void li_response_language(struct li_http_response *response, enum li_lang lang);

/* Answers with the problem when status is not LI_OK, and says whether it did. */
bool li_response_failed(struct li_http_response *response, enum li_status status, const struct li_error *err);

/* Answers with a document, which it takes over. */
void li_response_document(struct li_http_response *response, int status, json_t *document);

/* ---- analyze.c, features.c, history.c ---- */

li_handler li_handle_analyze, li_handle_features, li_handle_import, li_handle_timeline, li_handle_share,
    li_handle_compare;

/* A body of POST /features. Views into the body; arrays in the arena. */
LI_MUST_USE enum li_status li_body_submit(const json_t *body, struct li_arena *arena,
                                          struct li_submit_request *out, struct li_error *err);

#endif
