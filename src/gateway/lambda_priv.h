/* lambda_priv.h - the parts of the Lambda runtime. */
#ifndef LI_GATEWAY_LAMBDA_PRIV_H
#define LI_GATEWAY_LAMBDA_PRIV_H

#include "gateway/gateway_priv.h"
#include "gateway/lambda.h"

/* Lambda's limit of an event and of an answer: "6 MB each for request and response (synchronous)", Lambda
 * quotas. Both are JSON: what stands in them is smaller. */
enum { LI_LAMBDA_PAYLOAD_MAX = 6 * 1024 * 1024 };

/* ---- runtime_answer.c: what the runtime API says, parsed strictly (RFC 9112) ---- */

enum { LI_RUNTIME_ID_MAX = 128, LI_RUNTIME_HEAD_MAX = 64 * 1024 };

struct li_runtime_answer {
    int status;
    size_t head_size, body_size; /* bytes: the body follows the head */
    size_t whole_size;           /* bytes of the message as it came */
    bool last;                   /* the other side closes the connection after it */
    struct li_text request_id;   /* [A-Za-z0-9-]{1,LI_RUNTIME_ID_MAX}, or empty. Views into the bytes */
    struct li_text trace_id;     /* printable ASCII, or empty */
    int64_t deadline_ms;         /* since 1970, 0 = none */
};

/* Reads one answer from the beginning of bytes, as far as they came. *whole says whether it is complete: then
 * a body in chunks has been moved together behind the head. LI_OK with *whole false: read on. LI_CORRUPT when
 * it is no answer of HTTP/1.1, LI_TOO_LARGE when head or body pass the limits. In both cases out->request_id
 * is filled if the head was whole, so that somebody can be told. */
LI_MUST_USE enum li_status li_runtime_answer_parse(char *bytes, size_t size, bool *whole,
                                                   struct li_runtime_answer *out, struct li_error *err);

/* ---- runtime_client.c: the runtime API over one kept connection ---- */

struct li_runtime;

/* address is "host:port". Connects at the first call. The caller owns *out. */
LI_MUST_USE enum li_status li_runtime_new(const char *address, struct li_runtime **out, struct li_error *err);
void li_runtime_free(struct li_runtime *runtime);

struct li_invocation {
    struct li_text id, trace_id, payload; /* in the arena */
    int64_t deadline_ms;                  /* since 1970, 0 = none */
};

/* Waits for the next event, however long, but not past *stop. LI_BUSY when a signal came instead;
 * LI_TOO_LARGE for an event over the limit, with its id in out; LI_IO when the runtime is gone. */
LI_MUST_USE enum li_status li_runtime_next(struct li_runtime *runtime, const volatile sig_atomic_t *stop,
                                           struct li_arena *arena, struct li_invocation *out,
                                           struct li_error *err);

/* Answers an event. LI_TOO_LARGE when the runtime takes no answer of this size. */
LI_MUST_USE enum li_status li_runtime_respond(struct li_runtime *runtime, struct li_text id,
                                              struct li_text json, struct li_error *err);

/* Says that an event failed; with an empty id, that the function could not start. type is "Word.Word". */
LI_MUST_USE enum li_status li_runtime_fail(struct li_runtime *runtime, struct li_text id, const char *type,
                                           const char *message, struct li_error *err);

/* ---- lambda_event.c: API Gateway's events and answers ---- */

enum li_event_kind {
    LI_EVENT_HTTP_2, /* HTTP API payload 2.0, also of function URLs */
    LI_EVENT_HTTP_1, /* payload 1.0, also of REST APIs */
    LI_EVENT_S3,
    LI_EVENT_S3_TEST, /* what S3 sends when notifications are set up */
};

struct li_lambda_event {
    enum li_event_kind kind;
    json_t *document;
    struct li_http_request request; /* of HTTP: views into the document and the arena */
};

/* Reads an event. LI_INVALID when it is none that is known here. Give it to li_lambda_event_clean_up. */
LI_MUST_USE enum li_status li_lambda_event_read(struct li_text payload, struct li_arena *arena,
                                                struct li_lambda_event *out, struct li_error *err);
void li_lambda_event_clean_up(struct li_lambda_event *event);

/* An answer in the form that the event's sender reads: text as it is, everything else in base64. LI_TOO_LARGE
 * over LI_LAMBDA_PAYLOAD_MAX. */
LI_MUST_USE enum li_status li_lambda_answer_print(const struct li_lambda_event *event,
                                                  const struct li_http_response *response,
                                                  struct li_arena *arena, struct li_text *out,
                                                  struct li_error *err);

/* ---- emf.c: CloudWatch Embedded Metric Format ---- */

struct li_emf {
    int64_t now_ms;
    struct li_text service;  /* the only dimension: every further one is paid for by metric */
    struct li_text function; /* what follows are properties: searched, not paid for */
    struct li_text invocation_id;
    int64_t duration_us;
    int64_t init_us; /* of a cold start: from the process's start to its first event; else < 0 */
    int status;      /* of an HTTP answer, 0 for S3 events */
    unsigned stages_done, stages_failed, provider_errors;
};

enum { LI_EMF_MAX = 1024 };

/* One line with its line end; returns its size, or 0 when it does not fit. */
size_t li_emf_print(const struct li_emf *facts, char out[LI_EMF_MAX]);

/* ---- lambda_job.c: one event, from its bytes to the answer ---- */

/* What a handler's name stands for. */
struct li_lambda_function {
    struct li_text name;
    const char *path; /* the only route, or NULL for all */
    unsigned stages;  /* bits of enum li_object that start a stage here */
};

/* False when there is no such handler. */
bool li_lambda_function_find(const char *handler, struct li_lambda_function *out);

struct li_lambda_job {
    /* Given */
    struct li_gateway *gateway;
    const struct li_lambda_function *function;
    struct li_invocation invocation;
    int64_t deadline_ns; /* monotonic: when the answer must be on its way; INT64_MAX = none */
    struct li_arena arena;
    /* Made */
    struct li_lambda_event event;
    struct li_http_response response;
    bool readable;         /* the event was one of ours */
    enum li_status status; /* LI_OK: answer holds the JSON; else why the event failed */
    struct li_error err;
    struct li_text answer;
    unsigned stages_done, stages_failed;
};

/* Handles the job's event. */
void li_lambda_job_run(struct li_lambda_job *job);

/* The answer for who sent an HTTP event whose handler outlived its time; false when it was none. Made without
 * looking at what the handler is still working on. */
bool li_lambda_late_answer(struct li_gateway *gateway, struct li_text payload, struct li_arena *arena,
                           struct li_text *out);

#endif
