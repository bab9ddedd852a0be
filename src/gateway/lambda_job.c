/* lambda_job.c - one event from its bytes to its answer: a request through the routes, or S3's records
 * through the stages that they start. */

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "gateway/lambda_priv.h"

enum { POLL_FIRST_MS = 50, POLL_MAX_MS = 1000 };

/* ---- which function this is ---- */

/* Names that differ from their route's path. Every other route is called by its path. */
static const struct {
    const char *name, *path;
} NAMES[] = {
    {"create", "/create-session"},
    {"extract", "/extract-simulate"},
    {"erase", "/session"},
};

static unsigned stages_of(const char *path) {
    if (strcmp(path, "/transform") == 0)
        return 1U << LI_OBJECT_TOP_TRACKS;
    return strcmp(path, "/profile") == 0 ? 1U << LI_OBJECT_ENRICHED_TRACKS : 0;
}

bool li_lambda_function_find(const char *handler, struct li_lambda_function *out) {
    const char *path = handler;
    if (strcmp(handler, "api") == 0) {
        *out = (struct li_lambda_function){LI_TEXT("api"), NULL,
                                           1U << LI_OBJECT_TOP_TRACKS | 1U << LI_OBJECT_ENRICHED_TRACKS};
        return true;
    }
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcmp(handler, NAMES[i].name) == 0)
            path = NAMES[i].path + 1;
    for (size_t i = 0; i < LI_ROUTE_COUNT; i++) {
        if (strcmp(path, LI_ROUTES[i].path + 1) == 0) {
            *out = (struct li_lambda_function){li_text_of(handler), LI_ROUTES[i].path,
                                               stages_of(LI_ROUTES[i].path)};
            return true;
        }
    }
    return false;
}

struct li_text li_lambda_handlers(struct li_arena *arena) {
    struct li_text all = LI_TEXT("api");
    for (size_t i = 0; i < LI_ROUTE_COUNT; i++) {
        const char *name = LI_ROUTES[i].path + 1;
        for (size_t n = 0; n < sizeof NAMES / sizeof *NAMES; n++)
            if (strcmp(LI_ROUTES[i].path, NAMES[n].path) == 0)
                name = NAMES[n].name;
        all = li_arena_printf(arena, "%.*s %s", LI_TEXT_ARG(all), name);
    }
    return all;
}

/* ---- requests ---- */

static bool is_route(struct li_text path, const char *route) {
    if (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    return li_text_equal(path, li_text_of(route));
}

/* Answers, and looks again while a profile is waited for: other functions make it, so only the store knows.
 */
static void handle_waiting(struct li_lambda_job *job) {
    struct li_http_request *request = &job->event.request;
    struct li_http_response *response = &job->response;
    int64_t begin_ns = li_clock_monotonic_ns(), pause_ms = POLL_FIRST_MS;
    li_gateway_handle(job->gateway, request, response);
    int64_t until_ns = begin_ns + (int64_t)response->wait_ms * 1000000;
    if (until_ns > job->deadline_ns - (int64_t)POLL_MAX_MS * 1000000)
        until_ns = job->deadline_ns - (int64_t)POLL_MAX_MS * 1000000; /* the last look must be over by then */
    while (response->wait_ms > 0 && !request->wait_over) {
        int64_t left_ms = (until_ns - li_clock_monotonic_ns()) / 1000000;
        request->wait_over = left_ms <= pause_ms;
        if (left_ms > 0)
            li_clock_sleep_ms(left_ms < pause_ms ? left_ms : pause_ms);
        pause_ms = pause_ms * 2 < POLL_MAX_MS ? pause_ms * 2 : POLL_MAX_MS;
        li_gateway_handle(job->gateway, request, response);
    }
}

static void handle_http(struct li_lambda_job *job) {
    struct li_http_request *request = &job->event.request;
    struct li_http_response *response = &job->response;
    unsigned long long hash = li_text_hash(job->invocation.id);
    struct li_text hex = li_arena_printf(&job->arena, "%016llx", hash);
    memcpy(request->id, hex.data, sizeof request->id);
    request->begun = li_pipeline_moment(job->gateway->pipeline);
    request->invocation_id = job->invocation.id;
    request->trace_id = job->invocation.trace_id;
    bool upload = false;
    size_t body_max = li_request_body_max(request, &upload);
    if (request->body.size > body_max)
        li_gateway_refuse(job->gateway, request, response, 413,
                          li_arena_printf(&job->arena, "the body is larger than %zu bytes", body_max).data);
    else if (job->function->path && !is_route(request->path, job->function->path))
        li_gateway_refuse(job->gateway, request, response, 404, "this function answers another address");
    else
        handle_waiting(job);
    job->status = li_lambda_answer_print(&job->event, response, &job->arena, &job->answer, &job->err);
    if (job->status == LI_TOO_LARGE) {
        li_gateway_refuse(job->gateway, request, response, 500, job->err.message);
        job->status = li_lambda_answer_print(&job->event, response, &job->arena, &job->answer, &job->err);
    }
}

/* ---- S3's events ---- */

static void log_failure(const struct li_lambda_job *job, const struct li_s3_record *record,
                        const struct li_error *why) {
    struct li_log_line line;
    li_log_begin(&line, LI_LOG_ERROR, "stage");
    li_log_session(&line, record->session);
    li_log_text(&line, "message", li_text_of(why->message));
    li_log_text(&line, "invocation_id", job->invocation.id);
    if (job->invocation.trace_id.size)
        li_log_text(&line, "trace_id", job->invocation.trace_id);
    li_log_end(&line);
}

/* Runs one record's stage. A session that was erased meanwhile leaves nothing to do: that is no failure. */
static const char *run_record(struct li_lambda_job *job, struct li_s3_record *record) {
    struct li_error why = {0};
    li_s3_record_strip(record, job->gateway->key_prefix);
    if (!record->ours || !(job->function->stages & 1U << record->object))
        return "ignored";
    if (li_clock_monotonic_ns() >= job->deadline_ns) {
        job->stages_failed++;
        return "late";
    }
    enum li_status status = li_pipeline_handle(job->gateway->pipeline, record->session, record->object, &why);
    bool erased = status == LI_NOT_FOUND, failed = status && !erased;
    li_metrics_count_stage(&job->gateway->metrics, record->object, failed);
    if (failed) {
        log_failure(job, record, &why);
        job->stages_failed++;
        return "failed";
    }
    job->stages_done++;
    return erased ? "erased" : "done";
}

/* All records are run, whatever becomes of the first. When one fails the whole event does, and comes again:
 * stages that are done already then find their own work and do nothing. */
static void handle_s3(struct li_lambda_job *job) {
    struct li_s3_record *records = NULL;
    size_t count = 0;
    job->status = li_s3_event_read(job->event.document, &job->arena, &records, &count, &job->err);
    if (job->status)
        return;
    json_t *results = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(results, json_pack("{s:o,s:s}", "key", li_json_text(records[i].key), "outcome",
                                                 run_record(job, &records[i])));
    json_t *document = json_pack("{s:o}", "results", results);
    job->answer = li_json_print(document, &job->arena);
    json_decref(document);
    if (job->stages_failed)
        job->status =
            li_fail(&job->err, LI_IO, "%u of %zu records failed or came too late; the others are done",
                    job->stages_failed, count);
}

void li_lambda_job_run(struct li_lambda_job *job) {
    job->response.arena = &job->arena;
    job->status = li_lambda_event_read(job->invocation.payload, &job->arena, &job->event, &job->err);
    if (job->status)
        return;
    job->readable = true;
    if (job->event.kind == LI_EVENT_S3)
        handle_s3(job);
    else if (job->event.kind == LI_EVENT_S3_TEST)
        job->answer = LI_TEXT("{\"results\":[]}");
    else
        handle_http(job);
}

bool li_lambda_late_answer(struct li_gateway *gateway, struct li_text payload, struct li_arena *arena,
                           struct li_text *out) {
    struct li_lambda_event event = {0};
    struct li_http_response response = {.arena = arena};
    if (li_lambda_event_read(payload, arena, &event, NULL) != LI_OK)
        return false;
    bool answered = event.kind == LI_EVENT_HTTP_2 || event.kind == LI_EVENT_HTTP_1;
    if (answered) {
        li_gateway_refuse(gateway, &event.request, &response, 503,
                          "this took longer than the function may run; try again");
        li_response_header(&response, "Retry-After", LI_TEXT("1"));
        answered = li_lambda_answer_print(&event, &response, arena, out, NULL) == LI_OK;
    }
    li_lambda_event_clean_up(&event);
    return answered;
}
