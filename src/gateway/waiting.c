/* waiting.c - clients that wait for a profile. They hold no thread: a list, one thread that watches the
 * time, and a call from whoever writes a profile. */
#include "base/clock.h"
#include "gateway/server_priv.h"

/* Another process may write the profile, and cannot tell us: look again after half the time waited so far, at
 * least after 50 ms, at most after a second. */
static const int64_t RECHECK_MIN_NS = 50000000, RECHECK_MAX_NS = 1000000000;

static int64_t due_ns(const struct li_exchange *exchange) {
    int64_t over = exchange->started_ns + (int64_t)exchange->response.wait_ms * 1000000;
    int64_t pause = (exchange->checked_ns - exchange->started_ns) / 2;
    if (pause < RECHECK_MIN_NS)
        pause = RECHECK_MIN_NS;
    if (pause > RECHECK_MAX_NS)
        pause = RECHECK_MAX_NS;
    int64_t recheck = exchange->checked_ns + pause;
    return over < recheck ? over : recheck;
}

static void back_to_work(struct li_exchange *exchange, int64_t now_ns, bool closed) {
    int64_t over = exchange->started_ns + (int64_t)exchange->response.wait_ms * 1000000;
    exchange->request.wait_over = closed || now_ns >= over;
    exchange->next = NULL;
    li_exchange_submit(exchange);
}

static void *watch_time(void *arg) {
    struct li_waiting_room *room = arg;
    pthread_mutex_lock(&room->lock);
    while (!room->closed) {
        int64_t now_ns = li_clock_monotonic_ns(), next_ns = INT64_MAX;
        for (struct li_exchange **at = &room->first; *at;) {
            struct li_exchange *exchange = *at;
            if (due_ns(exchange) <= now_ns) {
                *at = exchange->next;
                back_to_work(exchange, now_ns, false);
            } else {
                next_ns = due_ns(exchange) < next_ns ? due_ns(exchange) : next_ns;
                at = &exchange->next;
            }
        }
        if (next_ns == INT64_MAX) {
            pthread_cond_wait(&room->changed, &room->lock);
        } else {
            struct timespec until = {next_ns / 1000000000, next_ns % 1000000000};
            pthread_cond_timedwait(&room->changed, &room->lock, &until);
        }
    }
    pthread_mutex_unlock(&room->lock);
    return NULL;
}

enum li_status li_waiting_room_open(struct li_waiting_room *room, struct li_error *err) {
    pthread_mutex_init(&room->lock, NULL);
    li_clock_condition_init(&room->changed);
    int failed = pthread_create(&room->clock, NULL, watch_time, room);
    if (failed) {
        pthread_cond_destroy(&room->changed);
        pthread_mutex_destroy(&room->lock);
        return li_fail_errno(err, failed, "cannot start a thread");
    }
    return LI_OK;
}

void li_waiting_room_close(struct li_waiting_room *room) {
    pthread_mutex_lock(&room->lock);
    room->closed = true;
    for (struct li_exchange *exchange = room->first, *next; exchange; exchange = next) {
        next = exchange->next;
        back_to_work(exchange, 0, true);
    }
    room->first = NULL;
    pthread_cond_signal(&room->changed);
    pthread_mutex_unlock(&room->lock);
    pthread_join(room->clock, NULL);
}

uint64_t li_waiting_room_generation(struct li_waiting_room *room) {
    pthread_mutex_lock(&room->lock);
    uint64_t generation = room->generation;
    pthread_mutex_unlock(&room->lock);
    return generation;
}

void li_waiting_room_enter(struct li_waiting_room *room, struct li_exchange *exchange) {
    pthread_mutex_lock(&room->lock);
    exchange->checked_ns = li_clock_monotonic_ns();
    if (room->closed || exchange->generation != room->generation) {
        back_to_work(exchange, exchange->checked_ns, room->closed); /* it may have been written meanwhile */
    } else {
        exchange->next = room->first;
        room->first = exchange;
        pthread_cond_signal(&room->changed);
    }
    pthread_mutex_unlock(&room->lock);
}

void li_waiting_room_notify(void *context, struct li_text session) {
    struct li_waiting_room *room = context;
    int64_t now_ns = li_clock_monotonic_ns();
    pthread_mutex_lock(&room->lock);
    room->generation++;
    for (struct li_exchange **at = &room->first; *at;) {
        struct li_exchange *exchange = *at;
        if (li_text_equal(exchange->response.session, session)) {
            *at = exchange->next;
            back_to_work(exchange, now_ns, false);
        } else {
            at = &exchange->next;
        }
    }
    pthread_mutex_unlock(&room->lock);
}
