/* events.c - the server's own events: an object was written, so the next stage runs, on a small pool. An
 * event that is waiting already is not queued twice; a stage that failed is remembered until somebody asks,
 * or FAILURES_MAX others have failed since. */
#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/pool.h"
#include "gateway/gateway_priv.h"

enum { BUCKETS = 256, QUEUE = 65536, FAILURES_MAX = 1024 };

struct event {
    struct event *next;
    struct li_events *events;
    enum li_object written;
    bool running, failed;
    uint64_t failure; /* which one it was, counted from the start */
    struct li_error error;
    size_t session_size;
    char session[LI_SESSION_MAX];
};

struct li_events {
    struct li_pipeline *pipeline;
    struct li_metrics *metrics; /* NULL: nobody counts */
    struct li_pool *pool;
    pthread_mutex_t lock;
    struct event *buckets[BUCKETS];
    size_t failures; /* remembered */
    uint64_t next_failure;
};

enum li_status li_events_new(struct li_pipeline *pipeline, struct li_metrics *metrics, size_t threads,
                             struct li_events **out, struct li_error *err) {
    struct li_events *events = calloc(1, sizeof *events);
    if (!events)
        return li_fail(err, LI_NO_MEMORY, "no memory for the event queue");
    events->pipeline = pipeline;
    events->metrics = metrics;
    enum li_status status = li_pool_new(threads, QUEUE, &events->pool, err);
    if (status) {
        free(events);
        return status;
    }
    pthread_mutex_init(&events->lock, NULL);
    *out = events;
    return LI_OK;
}

void li_events_free(struct li_events *events) {
    if (!events)
        return;
    li_pool_free(events->pool);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct event *event = events->buckets[i], *next; event; event = next) {
            next = event->next;
            free(event);
        }
    }
    pthread_mutex_destroy(&events->lock);
    free(events);
}

static struct li_text session_of(const struct event *event) {
    return (struct li_text){event->session, event->session_size};
}

static struct event **bucket_of(struct li_events *events, struct li_text session) {
    return &events->buckets[li_text_hash(session) % BUCKETS];
}

/* The place in its bucket's list that points to the session's event of this kind (any when kind is
 * LI_OBJECT_COUNT), or to NULL. Call with the lock held. */
static struct event **find(struct li_events *events, struct li_text session, enum li_object kind) {
    struct event **at = bucket_of(events, session);
    while (*at &&
           !(li_text_equal(session_of(*at), session) && (kind == LI_OBJECT_COUNT || (*at)->written == kind)))
        at = &(*at)->next;
    return at;
}

static void unlink_event(struct event **at) {
    struct event *event = *at;
    *at = event->next;
    free(event);
}

/* Forgets the failure that nobody has asked about for longest. Call with the lock held. */
static void forget_oldest(struct li_events *events) {
    struct event **oldest = NULL;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct event **at = &events->buckets[i]; *at; at = &(*at)->next)
            if ((*at)->failed && (!oldest || (*at)->failure < (*oldest)->failure))
                oldest = at;
    if (oldest) {
        events->failures--;
        unlink_event(oldest);
    }
}

/* Remembers why an event failed, or lets go of one that did not. Call with the lock held. */
static void settle(struct event *event, const struct li_error *why) {
    struct li_events *events = event->events;
    if (why) {
        if (events->failures == FAILURES_MAX)
            forget_oldest(events);
        event->failed = true;
        event->failure = events->next_failure++;
        event->error = *why;
        events->failures++;
        return;
    }
    struct event **at = bucket_of(events, session_of(event));
    while (*at != event)
        at = &(*at)->next;
    unlink_event(at);
}

static void run(void *arg) {
    struct event *event = arg;
    struct li_events *events = event->events;
    struct li_error err = {0};
    pthread_mutex_lock(&events->lock);
    event->running = true;
    pthread_mutex_unlock(&events->lock);
    enum li_status status = li_pipeline_handle(events->pipeline, session_of(event), event->written, &err);
    bool erased = status == LI_NOT_FOUND; /* nothing is left to work on: not a failure */
    if (status && !erased) {
        struct li_log_line line;
        li_log_begin(&line, LI_LOG_ERROR, "stage");
        li_log_session(&line, session_of(event));
        li_log_text(&line, "message", li_text_of(err.message));
        li_log_end(&line);
    }
    if (events->metrics)
        li_metrics_count_stage(events->metrics, event->written, status && !erased);
    pthread_mutex_lock(&events->lock);
    settle(event, status && !erased ? &err : NULL);
    pthread_mutex_unlock(&events->lock);
}

void li_events_raise(struct li_events *events, struct li_text session, enum li_object written) {
    if (written != LI_OBJECT_TOP_TRACKS && written != LI_OBJECT_ENRICHED_TRACKS)
        return;
    struct event *event = calloc(1, sizeof *event);
    if (!event)
        return; /* the object is kept; asking for the profile starts the stage again */
    event->events = events;
    event->written = written;
    event->session_size = session.size;
    memcpy(event->session, session.data, session.size);
    pthread_mutex_lock(&events->lock);
    struct event **at = find(events, session, written);
    if (*at && (*at)->failed) {
        events->failures--;
        unlink_event(at);
    } else if (*at && !(*at)->running) { /* one that runs may have read the older object */
        pthread_mutex_unlock(&events->lock);
        free(event);
        return;
    }
    event->next = *bucket_of(events, session);
    *bucket_of(events, session) = event;
    if (li_pool_submit(events->pool, run, event) != LI_OK)
        unlink_event(bucket_of(events, session));
    pthread_mutex_unlock(&events->lock);
}

enum li_event_state li_events_state(struct li_events *events, struct li_text session, struct li_error *err) {
    enum li_event_state state = LI_EVENT_NONE;
    pthread_mutex_lock(&events->lock);
    struct event **at = find(events, session, LI_OBJECT_COUNT);
    if (*at && (*at)->failed) {
        state = LI_EVENT_FAILED;
        if (err)
            *err = (*at)->error;
        events->failures--;
        unlink_event(at);
    } else if (*at) {
        state = LI_EVENT_PENDING;
    }
    pthread_mutex_unlock(&events->lock);
    return state;
}

size_t li_events_load(struct li_events *events) {
    return li_pool_load(events->pool);
}
