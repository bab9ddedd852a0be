#include "sources/provider.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "sources/answers.h"

enum {
    STEP_MS = 100,     /* between two looks at whether the answer is still wanted */
    SHORT_PAUSE_S = 3, /* a Retry-After up to this is waited for; longer ones make the provider rest */
    QUOTA_WAIT_MAX_MS = 20000,
    UNKNOWN_PAUSE_S = 30, /* for a 429 that does not say how long */
};

/* Before the second, third and fourth attempt: together longer than Deezer's window of 5 s. */
static const int64_t BACKOFF_MS[LI_ASK_ATTEMPTS - 1] = {500, 1500, 3500};

void li_provider_init(struct li_provider *provider, const char *name, const char *base, struct li_net *net,
                      size_t requests, int64_t window_ms) {
    *provider = (struct li_provider){.name = name,
                                     .base = base,
                                     .net = net,
                                     .answer_max = 1024 * 1024,
                                     .attempts = LI_ASK_ATTEMPTS,
                                     .total_ms = 6000};
    pthread_mutex_init(&provider->lock, NULL);
    li_quota_init(&provider->quota, requests, window_ms);
}

void li_provider_clean_up(struct li_provider *provider) {
    if (provider->name)
        pthread_mutex_destroy(&provider->lock);
}

static bool wanted(const struct li_watch *watch) {
    return !watch || !watch->wanted || watch->wanted(watch->context);
}

bool li_watch_sleep(const struct li_watch *watch, int64_t ms) {
    while (ms > 0 && wanted(watch)) {
        int64_t step_ms = ms < STEP_MS ? ms : STEP_MS;
        li_clock_sleep_ms(step_ms);
        ms -= step_ms;
    }
    return wanted(watch);
}

struct li_text li_url_host(struct li_text url) {
    struct li_text rest = url;
    size_t size = 0;
    for (size_t i = 0; i + 3 <= url.size; i++) {
        if (memcmp(url.data + i, "://", 3) == 0) {
            rest = (struct li_text){url.data + i + 3, url.size - i - 3};
            break;
        }
    }
    for (size_t i = 0; i < rest.size && !strchr("/?#", rest.data[i]); i++)
        if (rest.data[i] == '@') /* a user before the host: none of ours has one */
            return (struct li_text){0};
    if (rest.size && rest.data[0] == '[') {
        while (size < rest.size && rest.data[size] != ']')
            size++;
        return size < rest.size ? (struct li_text){rest.data, size + 1} : (struct li_text){0};
    }
    while (size < rest.size && !strchr("/:?#", rest.data[size]))
        size++;
    return (struct li_text){rest.data, size};
}

/* ---- what became of one request ---- */

enum outcome { ENDED, AGAIN };

static void log_pause(const struct li_provider *provider, const char *why, int64_t pause_ms) {
    struct li_log_line line;
    li_log_begin(&line, LI_LOG_WARNING, "provider");
    li_log_text(&line, "provider", li_text_of(provider->name));
    li_log_text(&line, "message", li_text_of(why));
    li_log_number(&line, "pause_s", pause_ms / 1000);
    li_log_end(&line);
}

static void rest(struct li_provider *provider, const char *why, int64_t until_ms) {
    int64_t now_ms = li_clock_now_ms(&(struct li_clock){0});
    pthread_mutex_lock(&provider->lock);
    bool news = li_breaker_pause(&provider->breaker, now_ms, until_ms);
    pthread_mutex_unlock(&provider->lock);
    if (news)
        log_pause(provider, why, until_ms - now_ms);
}

static void settle(struct li_provider *provider, bool worked) {
    int64_t now_ms = li_clock_now_ms(&(struct li_clock){0}), pause_ms = 0;
    pthread_mutex_lock(&provider->lock);
    bool opened = !worked && li_breaker_failed(&provider->breaker, now_ms);
    if (worked)
        li_breaker_succeeded(&provider->breaker);
    pause_ms = provider->breaker.pause_ms;
    pthread_mutex_unlock(&provider->lock);
    if (opened)
        log_pause(provider, "it failed too often and is left alone for a while", pause_ms);
}

/* Too many requests: waits out a short pause, lets the provider rest for a long one. */
static enum outcome too_many(struct li_provider *provider, struct li_ask *ask,
                             const struct li_net_response *response, int64_t *wait_ms) {
    struct li_text pause = li_net_header(response, "retry-after");
    if (!pause.size) /* as ListenBrainz says it */
        pause = li_net_header(response, "x-ratelimit-reset-in");
    long pause_s = li_retry_after_s(pause, UNKNOWN_PAUSE_S);
    int64_t now_ms = li_clock_now_ms(&(struct li_clock){0});
    if (li_spotify_quota_spent(response->body)) {
        rest(provider, "its quota for today is spent", li_breaker_tomorrow(now_ms));
        ask->status = li_fail(&ask->err, LI_BUSY,
                              "%s says that today's quota is spent; it is left alone until "
                              "tomorrow",
                              provider->name);
        return ENDED;
    }
    ask->status = li_fail(&ask->err, LI_BUSY, "%s asks to be left alone for %ld s", provider->name, pause_s);
    if (pause_s <= SHORT_PAUSE_S) {
        *wait_ms = pause_s * 1000 > *wait_ms ? pause_s * 1000 : *wait_ms;
        return AGAIN;
    }
    rest(provider, "it asks to be left alone", now_ms + pause_s * 1000);
    return ENDED;
}

/* Looks at what came back for an ask. */
static enum outcome judge(struct li_provider *provider, struct li_ask *ask, const struct li_net_job *job,
                          int64_t *wait_ms) {
    const struct li_net_response *response = &job->response;
    int code = job->status ? 0 : response->status;
    ask->http = code;
    bool readable = (code >= 200 && code < 300) ||
                    (provider->errors_have_body && (code == 400 || code == 404) && response->body.size);
    if (job->status == LI_IO) {
        ask->status =
            li_fail(&ask->err, LI_BUSY, "%s does not answer: %.160s", provider->name, job->err.message);
        return AGAIN;
    }
    if (job->status) { /* too large, or sent to where we may not ask: the same the next time */
        ask->status = li_fail(&ask->err, LI_CORRUPT, "%s gave an answer that cannot be used: %.160s",
                              provider->name, job->err.message);
        return ENDED;
    }
    if (readable) {
        ask->status = ask->read(ask->context, response->body, &ask->err);
        return ask->status == LI_BUSY ? AGAIN : ENDED;
    }
    if (code == 429)
        return too_many(provider, ask, response, wait_ms);
    if (code == 404) {
        ask->status = li_fail(&ask->err, LI_NOT_FOUND, "%s knows no such thing", provider->name);
        return ENDED;
    }
    if (code >= 300 && code < 400) { /* more redirects than are followed */
        ask->status = li_fail(&ask->err, LI_CORRUPT, "%s sends us elsewhere (HTTP %d)", provider->name, code);
        return ENDED;
    }
    if (code == 400) {
        ask->status =
            li_fail(&ask->err, LI_INVALID, "%s does not take this question (HTTP 400)", provider->name);
        return ENDED;
    }
    if (code == 401 || code == 403) {
        ask->status =
            li_fail(&ask->err, LI_UNSUPPORTED, "%s does not allow this (HTTP %d)", provider->name, code);
        return ENDED;
    }
    ask->status = li_fail(&ask->err, LI_BUSY, "%s does not work just now (HTTP %d)", provider->name, code);
    return code >= 502 && code <= 504 ? AGAIN : ENDED;
}

/* ---- asking ---- */

/* Takes leave to ask once more and returns 0, or the milliseconds until there is some. */
static int64_t try_quota(struct li_provider *provider) {
    pthread_mutex_lock(&provider->lock);
    int64_t wait_ms = li_quota_take(&provider->quota, li_clock_monotonic_ns() / 1000000);
    pthread_mutex_unlock(&provider->lock);
    return wait_ms;
}

/* Waits for leave to ask once more. */
static enum li_status take_quota(struct li_provider *provider, const struct li_watch *watch,
                                 struct li_error *err) {
    int64_t waited_ms = 0;
    for (;;) {
        int64_t wait_ms = try_quota(provider);
        if (wait_ms == 0)
            return LI_OK;
        waited_ms += wait_ms;
        if (waited_ms > QUOTA_WAIT_MAX_MS)
            return li_fail(err, LI_BUSY, "too much is being asked of %s; try again in a minute",
                           provider->name);
        if (!li_watch_sleep(watch, wait_ms))
            return li_fail(err, LI_BUSY, "nobody waits for the answer of %s any more", provider->name);
    }
}

static struct li_net_request request_of(const struct li_provider *provider, const struct li_ask *ask,
                                        struct li_arena *arena) {
    struct li_net_request request = {
        .method = ask->method ? ask->method : "GET",
        .url = li_arena_printf(arena, "%s%.*s", provider->base, LI_TEXT_ARG(ask->path)).data,
        .body = ask->body,
        .max_bytes = provider->answer_max,
        .connect_ms = 2000,
        .first_byte_ms = provider->total_ms,
        .total_ms = provider->total_ms,
        .redirects = ask->authorization.size ? 0 : 2, /* a key goes to nobody else */
    };
    request.headers[request.header_count++] =
        (struct li_net_header){LI_TEXT("Accept"), LI_TEXT("application/json")};
    if (ask->content_type.size)
        request.headers[request.header_count++] =
            (struct li_net_header){LI_TEXT("Content-Type"), ask->content_type};
    if (ask->authorization.size)
        request.headers[request.header_count++] =
            (struct li_net_header){LI_TEXT("Authorization"), ask->authorization};
    return request;
}

/* One attempt at all questions. They go in lots that are under way as a whole: leave to ask is used as soon
 * as it is taken, or several who wait for it would ask more in a window than they may. */
struct round {
    struct li_provider *provider;
    const struct li_watch *watch;
    struct li_ask *asks[LI_ASK_PARALLEL]; /* of each job */
    struct li_net_job jobs[LI_ASK_PARALLEL];
    struct li_arena arenas[LI_ASK_PARALLEL]; /* of each job */
    size_t count;                            /* jobs of this lot */
    int64_t wait_ms;                         /* asked for before the next round */
    int attempt;                             /* 0 is the first */
};

/* Silence is waited for twice at most: each time costs seconds. */
static bool is_last(const struct round *round, const struct li_net_job *job) {
    return round->attempt + 1 >= round->provider->attempts || (job->status == LI_IO && round->attempt > 0);
}

static bool on_answer(void *context, struct li_net_job *job) {
    struct round *round = context;
    struct li_ask *ask = round->asks[job - round->jobs];
    bool again = judge(round->provider, ask, job, &round->wait_ms) == AGAIN;
    bool broken =
        job->status == LI_IO || (!job->status && job->response.status >= 500) || ask->status == LI_CORRUPT;
    ask->ended = !again || is_last(round, job);
    if (broken || ask->status != LI_BUSY) /* an answer that says no is an answer: the provider works */
        settle(round->provider, !broken);
    return wanted(round->watch);
}

static bool still_wanted(void *context) {
    const struct round *round = context;
    return wanted(round->watch);
}

/* Makes the next lot, from *next on. Leave is waited for before its first question only. */
static enum li_status gather(struct round *round, struct li_ask *asks, size_t count, size_t *next,
                             struct li_arena *arena, struct li_error *err) {
    round->count = 0;
    for (; *next < count && round->count < LI_ASK_PARALLEL; ++*next) {
        struct li_ask *ask = &asks[*next];
        if (ask->ended)
            continue;
        if (round->count && try_quota(round->provider) > 0)
            break;
        if (!round->count) {
            enum li_status status = take_quota(round->provider, round->watch, err);
            if (status)
                return status;
        }
        round->asks[round->count] = ask;
        round->jobs[round->count] = (struct li_net_job){.arena = &round->arenas[round->count]};
        round->jobs[round->count++].request = request_of(round->provider, ask, arena);
    }
    return LI_OK;
}

/* Asks what has not ended yet, once. LI_BUSY when that was given up. */
static enum li_status ask_once(struct li_provider *provider, struct li_ask *asks, size_t count,
                               const struct li_watch *watch, int attempt, int64_t *wait_ms,
                               struct li_error *err) {
    struct li_arena arena = {0};
    struct round round = {.provider = provider, .watch = watch, .attempt = attempt};
    enum li_status status = LI_OK;
    for (size_t next = 0; !status && next < count;) {
        status = gather(&round, asks, count, &next, &arena, err);
        if (round.count)
            li_net_do_all(provider->net, round.jobs, round.count, LI_ASK_PARALLEL,
                          &(struct li_net_watch){on_answer, still_wanted, &round});
        if (!status && !wanted(watch))
            status = li_fail(err, LI_BUSY, "nobody waits for the answer of %s any more", provider->name);
        for (size_t i = 0; i < round.count; i++)
            li_arena_release(&round.arenas[i]);
        li_arena_clear(&arena);
    }
    *wait_ms = round.wait_ms;
    li_arena_release(&arena);
    return status;
}

static bool all_ended(const struct li_ask *asks, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!asks[i].ended)
            return false;
    return true;
}

/* Whether the provider may be asked now; says in the sentence when it may be again. *trial: this is the one
 * question that finds out whether it works again. */
static enum li_status enter(struct li_provider *provider, bool *trial, struct li_error *err) {
    int64_t now_ms = li_clock_now_ms(&(struct li_clock){0});
    if (!provider->net)
        return li_fail(err, LI_UNSUPPORTED, "%s is not among the providers that may be asked",
                       provider->name);
    pthread_mutex_lock(&provider->lock);
    bool allowed = li_breaker_allows(&provider->breaker, now_ms);
    *trial = allowed && provider->breaker.trying;
    int64_t left_ms = provider->breaker.open_until_ms - now_ms;
    pthread_mutex_unlock(&provider->lock);
    return allowed ? LI_OK
                   : li_fail(err, LI_BUSY, "%s does not work just now and is left alone for %lld s",
                             provider->name, (long long)(left_ms > 0 ? left_ms / 1000 + 1 : 1));
}

/* Counts for the metrics. What the provider does not know is an answer too. */
static void tally(const struct li_provider *provider, const struct li_ask *asks, size_t count) {
    for (size_t i = 0; i < count && provider->calls; i++) {
        enum li_status status = asks[i].status;
        atomic_fetch_add_explicit(provider->calls, 1, memory_order_relaxed);
        if (status && status != LI_NOT_FOUND && status != LI_INVALID)
            atomic_fetch_add_explicit(provider->failures, 1, memory_order_relaxed);
    }
}

enum li_status li_provider_ask(struct li_provider *provider, struct li_ask *asks, size_t count,
                               const struct li_watch *watch, struct li_error *err) {
    bool trial = false;
    enum li_status status = enter(provider, &trial, err);
    for (size_t i = 0; i < count; i++) {
        asks[i].ended = false;
        asks[i].status = status ? status : LI_BUSY;
        if (status && err)
            asks[i].err = *err;
    }
    for (int attempt = 0; !status && !all_ended(asks, count); attempt++) {
        int64_t wait_ms = 0;
        status = ask_once(provider, asks, count, watch, attempt, &wait_ms, err);
        if (!status && !all_ended(asks, count)) {
            int64_t backoff_ms = BACKOFF_MS[attempt] > wait_ms ? BACKOFF_MS[attempt] : wait_ms;
            if (!li_watch_sleep(watch, backoff_ms))
                status = li_fail(err, LI_BUSY, "nobody waits for the answer of %s any more", provider->name);
        }
    }
    if (trial) { /* and ended with neither: others' trial is theirs */
        pthread_mutex_lock(&provider->lock);
        li_breaker_abandon(&provider->breaker);
        pthread_mutex_unlock(&provider->lock);
    }
    if (provider->net && wanted(watch))
        tally(provider, asks, count);
    for (size_t i = 0; !status && i < count; i++) {
        status = asks[i].status;
        if (status && err)
            *err = asks[i].err;
    }
    return status;
}
