/* lambda.h - the same routes behind AWS Lambda's runtime API: one loop that takes an event, answers it, and
 * takes the next. Events come from API Gateway (HTTP API, payload 2.0 or 1.0) or from S3. */
#ifndef LI_GATEWAY_LAMBDA_H
#define LI_GATEWAY_LAMBDA_H

#include <signal.h>

#include "gateway/gateway.h"

/* The handlers' names that li_lambda_run takes, for help: "api search extract ...". */
struct li_text li_lambda_handlers(struct li_arena *arena);

struct li_lambda_options {
    struct li_gateway *gateway; /* Required: with own_events false; S3 starts the stages */
    const char *handler;        /* Required: "api" for every route, or one of them: "search", "extract" ... */
    const char *runtime_api;    /* Required: "127.0.0.1:9001" */
    const char *service;        /* Optional: the dimension that metrics are kept under, NULL = "listening" */
    bool metrics;               /* write CloudWatch's metric lines beside the log */
    int64_t started_ns;         /* Required: li_clock_monotonic_ns at the start of the process */
    const volatile sig_atomic_t *stop; /* Required: not 0 when a signal asked to stop */
};

/* Answers events until a signal sets *stop: then LI_OK. SIGTERM must be blocked when this is called: it is
 * let through while the next event is waited for, so that no event is cut. LI_INVALID for an unknown handler,
 * which the runtime is told as well; LI_IO when the runtime is gone; LI_BUSY when too many handlers outlived
 * their time: the process should end and start anew. */
LI_MUST_USE enum li_status li_lambda_run(const struct li_lambda_options *options, struct li_error *err);

/* Tells the runtime that this function could not start, and why. */
LI_MUST_USE enum li_status li_lambda_fail_init(const char *runtime_api, const struct li_error *why,
                                               struct li_error *err);

#endif
