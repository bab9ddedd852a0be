/* lambda.c - the loop of the Lambda runtime: next event, answer, next event.
 *
 * Each event has a thread of its own, so that one that outlives its deadline can be answered all the same,
 * before Lambda kills the process: the loop then leaves that thread alone, which ends by itself (every wait
 * in a store or source has its own time limit) and gives back what it holds. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "gateway/lambda_priv.h"

enum {
    MARGIN_MAX_MS = 250, /* before the deadline, for the answer to reach the runtime */
    LATE_MAX = 4,        /* handlers left alone at a time; with more the process starts anew */
};

static const char TYPE_CONFIG[] = "Runtime.ConfigInvalid", TYPE_HANDLER[] = "Runtime.NoSuchHandler",
                  TYPE_EVENT[] = "Runtime.BadEvent", TYPE_LARGE[] = "Runtime.EventTooLarge",
                  TYPE_STAGE[] = "Listening.StageFailed", TYPE_LATE[] = "Listening.DeadlineExceeded",
                  TYPE_ANSWER[] = "Listening.AnswerTooLarge";

/* One event under way, held by the loop and by its thread: who lets go last frees it. */
struct task {
    struct li_lambda_job job;
    atomic_int holders;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done, left_alone;
    atomic_uint *late; /* the loop's count of tasks left alone */
};

struct loop {
    const struct li_lambda_options *options;
    struct li_lambda_function function;
    struct li_runtime *runtime;
    atomic_uint late;         /* tasks left alone that still run */
    uint64_t provider_errors; /* told so far */
    int64_t init_us;          /* of a cold start until it is told, then -1 */
};

static void task_release(struct task *task) {
    if (atomic_fetch_sub(&task->holders, 1) > 1)
        return;
    li_blob_release(task->job.response.blob);
    li_lambda_event_clean_up(&task->job.event);
    li_arena_release(&task->job.arena);
    pthread_mutex_destroy(&task->lock);
    pthread_cond_destroy(&task->changed);
    free(task);
}

static struct task *task_new(void) {
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return NULL;
    atomic_init(&task->holders, 1);
    pthread_mutex_init(&task->lock, NULL);
    li_clock_condition_init(&task->changed);
    return task;
}

static void *task_main(void *arg) {
    struct task *task = arg;
    li_lambda_job_run(&task->job);
    pthread_mutex_lock(&task->lock);
    task->done = true;
    bool left_alone = task->left_alone;
    pthread_cond_signal(&task->changed);
    pthread_mutex_unlock(&task->lock);
    if (left_alone)
        atomic_fetch_sub(task->late, 1);
    task_release(task);
    return NULL;
}

/* Runs the task until it is done (true) or its time is over: then only its thread may look at what it makes.
 */
static bool run_in_time(struct loop *loop, struct task *task) {
    int64_t until_ns = task->job.deadline_ns;
    pthread_t thread;
    atomic_fetch_add(&task->holders, 1);
    if (pthread_create(&thread, NULL, task_main, task) != 0) {
        atomic_fetch_sub(&task->holders, 1);
        li_lambda_job_run(&task->job); /* no thread to be had: then without a watch */
        return true;
    }
    struct timespec until = {until_ns / 1000000000, until_ns % 1000000000};
    pthread_mutex_lock(&task->lock);
    while (!task->done)
        if (until_ns == INT64_MAX)
            pthread_cond_wait(&task->changed, &task->lock);
        else if (pthread_cond_timedwait(&task->changed, &task->lock, &until) == ETIMEDOUT)
            break;
    bool done = task->done;
    if (!done) {
        task->left_alone = true;
        atomic_fetch_add(&loop->late, 1);
    }
    pthread_mutex_unlock(&task->lock);
    if (done)
        pthread_join(thread, NULL);
    else
        pthread_detach(thread);
    return done;
}

/* When the answer must be on its way, on the clock that never jumps. A time that is over already is none that
 * Lambda would set: emulators send such. */
static int64_t deadline_of(const struct li_invocation *invocation, int64_t now_ns) {
    int64_t left_ms = invocation->deadline_ms - li_clock_now_ms(NULL);
    int64_t margin_ms = left_ms / 10 < MARGIN_MAX_MS ? left_ms / 10 : MARGIN_MAX_MS;
    return left_ms > 0 ? now_ns + (left_ms - margin_ms) * 1000000 : INT64_MAX;
}

/* ---- what operators see ---- */

static void log_event(const struct li_invocation *invocation, enum li_log_level level, const char *event,
                      const char *message, int64_t duration_ns) {
    struct li_log_line line;
    li_log_begin(&line, level, event);
    li_log_text(&line, "invocation_id", invocation->id);
    if (invocation->trace_id.size)
        li_log_text(&line, "trace_id", invocation->trace_id);
    li_log_number(&line, "duration_us", duration_ns / 1000);
    if (message)
        li_log_text(&line, "message", li_text_of(message));
    li_log_end(&line);
}

static void write_metrics(struct loop *loop, struct li_emf *facts) {
    char line[LI_EMF_MAX];
    uint64_t calls, errors;
    li_source_counts(loop->options->gateway->pipeline->source, &calls, &errors);
    facts->now_ms = li_clock_now_ms(NULL);
    facts->service = li_text_of(loop->options->service ? loop->options->service : "listening");
    facts->function = loop->function.name;
    facts->init_us = loop->init_us;
    facts->provider_errors = (unsigned)(errors - loop->provider_errors);
    loop->provider_errors = errors;
    loop->init_us = -1;
    size_t size = loop->options->metrics ? li_emf_print(facts, line) : 0;
    ssize_t written = size ? write(STDERR_FILENO, line, size) : 0;
    (void)written; /* as in log.c */
}

static void report(struct loop *loop, const struct li_lambda_job *job, int64_t duration_ns) {
    bool http = job->readable && (job->event.kind == LI_EVENT_HTTP_2 || job->event.kind == LI_EVENT_HTTP_1);
    if (http)
        li_gateway_finish(loop->options->gateway, &job->event.request, &job->response, duration_ns);
    else
        log_event(&job->invocation, job->status ? LI_LOG_ERROR : LI_LOG_INFO,
                  job->readable ? "s3_event" : "bad_event", job->status ? job->err.message : NULL,
                  duration_ns);
    write_metrics(loop, &(struct li_emf){
                            .invocation_id = job->invocation.id,
                            .duration_us = duration_ns / 1000,
                            .status = http ? job->response.status : 0,
                            .stages_done = job->stages_done,
                            .stages_failed = job->stages_failed,
                        });
}

/* ---- one event ---- */

/* An event whose handler goes on without us. The invocation is read by both and written by nobody. */
static enum li_status answer_late(struct loop *loop, const struct li_invocation *invocation, int64_t began_ns,
                                  struct li_error *err) {
    struct li_arena arena = {0};
    struct li_text answer = {0};
    enum li_status status;
    if (li_lambda_late_answer(loop->options->gateway, invocation->payload, &arena, &answer))
        status = li_runtime_respond(loop->runtime, invocation->id, answer, err);
    else
        status = li_runtime_fail(loop->runtime, invocation->id, TYPE_LATE,
                                 "the time of this invocation was over before it was done", err);
    li_arena_release(&arena);
    int64_t duration_ns = li_clock_monotonic_ns() - began_ns;
    log_event(invocation, LI_LOG_ERROR, "late", "answered before its handler was done: the time was over",
              duration_ns);
    write_metrics(
        loop,
        &(struct li_emf){.invocation_id = invocation->id, .duration_us = duration_ns / 1000, .status = 503});
    return status;
}

static enum li_status answer_done(struct loop *loop, const struct li_lambda_job *job, struct li_error *err) {
    const struct li_invocation *invocation = &job->invocation;
    if (job->status)
        return li_runtime_fail(loop->runtime, invocation->id, job->readable ? TYPE_STAGE : TYPE_EVENT,
                               job->err.message, err);
    enum li_status status = li_runtime_respond(loop->runtime, invocation->id, job->answer, err);
    if (status == LI_TOO_LARGE)
        status = li_runtime_fail(loop->runtime, invocation->id, TYPE_ANSWER, err->message, err);
    return status;
}

static enum li_status serve_event(struct loop *loop, struct task *task, struct li_error *err) {
    const struct li_invocation *invocation = &task->job.invocation;
    int64_t began_ns = li_clock_monotonic_ns();
    task->job.gateway = loop->options->gateway;
    task->job.function = &loop->function;
    task->job.deadline_ns = deadline_of(invocation, began_ns);
    task->late = &loop->late;
    if (loop->init_us == 0)
        loop->init_us = (began_ns - loop->options->started_ns) / 1000;
    if (!run_in_time(loop, task))
        return answer_late(loop, invocation, began_ns, err);
    enum li_status status = answer_done(loop, &task->job, err);
    report(loop, &task->job, li_clock_monotonic_ns() - began_ns);
    return status;
}

/* An event that could not be read whole. */
static enum li_status refuse_event(struct loop *loop, const struct li_invocation *invocation,
                                   const struct li_error *why, struct li_error *err) {
    log_event(invocation, LI_LOG_ERROR, "bad_event", why->message, 0);
    return li_runtime_fail(loop->runtime, invocation->id, TYPE_LARGE, why->message, err);
}

static enum li_status next_event(struct loop *loop, struct li_error *err) {
    struct task *task = task_new();
    struct li_error why = {0};
    if (!task)
        return li_fail(err, LI_NO_MEMORY, "no memory for an event");
    enum li_status status =
        li_runtime_next(loop->runtime, loop->options->stop, &task->job.arena, &task->job.invocation, &why);
    if (status == LI_OK)
        status = serve_event(loop, task, err);
    else if (status == LI_TOO_LARGE && task->job.invocation.id.size)
        status = refuse_event(loop, &task->job.invocation, &why, err);
    else if (err)
        *err = why;
    task_release(task);
    return status;
}

enum li_status li_lambda_run(const struct li_lambda_options *options, struct li_error *err) {
    struct loop loop = {.options = options};
    enum li_status status = li_runtime_new(options->runtime_api, &loop.runtime, err);
    if (status)
        return status;
    if (!li_lambda_function_find(options->handler, &loop.function)) {
        struct li_arena arena = {0};
        status = li_fail(err, LI_INVALID, "there is no handler \"%.40s\"; there are: %s", options->handler,
                         li_lambda_handlers(&arena).data);
        li_arena_release(&arena);
        if (li_runtime_fail(loop.runtime, (struct li_text){0}, TYPE_HANDLER, err->message, NULL) != LI_OK)
            li_log_message(LI_LOG_ERROR, "start", "the Lambda runtime could not be told of it");
    }
    while (!status && !*options->stop) {
        status = next_event(&loop, err);
        if (!status && atomic_load(&loop.late) > LATE_MAX)
            status = li_fail(err, LI_BUSY, "%d handlers outlived their time; starting anew", LATE_MAX + 1);
    }
    if (*options->stop)
        status = LI_OK;
    else
        li_log_message(LI_LOG_ERROR, "stop", err->message);
    if (atomic_load(&loop.late))
        _exit(status != LI_OK); /* they use all that our caller would give back now */
    li_runtime_free(loop.runtime);
    return status;
}

enum li_status li_lambda_fail_init(const char *runtime_api, const struct li_error *why,
                                   struct li_error *err) {
    struct li_runtime *runtime = NULL;
    enum li_status status = li_runtime_new(runtime_api, &runtime, err);
    if (!status)
        status = li_runtime_fail(runtime, (struct li_text){0}, TYPE_CONFIG, why->message, err);
    li_runtime_free(runtime);
    return status;
}
