/* previews.c - previews of thirty seconds, fetched several at once, and decoded and analysed on other threads
 * while the next ones come. They stay in memory and are gone with the numbers. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "sandbox/decoders.h"
#include "sources/live_priv.h"

enum {
    PARALLEL = 8,                        /* connections of one profile */
    HELD_BYTES_MAX = 64 * 1024 * 1024,   /* in memory, fetched and not yet analysed: some hundred previews */
    PREVIEW_BYTES_MAX = 3 * 1024 * 1024, /* 30 s at the best rate of an MP3 are 1.2 MB */
    TICK_MS = 250,
};

/* The work of one call. */
struct measuring {
    struct li_live *live;
    bool (*progress)(void *context, size_t ended);
    void *context;
    atomic_bool given_up; /* by the caller; only its thread writes this */
    struct item *items;
    struct li_net_job *jobs;

    pthread_mutex_t lock;
    pthread_cond_t one_done;
    size_t held, held_bytes; /* with the analysts */
    size_t ended;            /* measured or failed */
};

struct item {
    struct measuring *measuring;
    struct li_preview *preview;
    struct li_arena arena; /* the preview's bytes */
    struct li_text bytes;
};

/* Tells the caller where we are. */
static bool tell(struct measuring *m) {
    pthread_mutex_lock(&m->lock);
    size_t ended = m->ended;
    pthread_mutex_unlock(&m->lock);
    if (!m->given_up && m->progress && !m->progress(m->context, ended))
        m->given_up = true;
    return !m->given_up;
}

/* Waits until the analysts hold at most so many bytes, telling the caller meanwhile. */
static void wait_for_analysts(struct measuring *m, size_t max_bytes) {
    pthread_mutex_lock(&m->lock);
    while (m->held && m->held_bytes > max_bytes) {
        struct timespec until = li_clock_after_ms(TICK_MS);
        bool late = pthread_cond_timedwait(&m->one_done, &m->lock, &until) == ETIMEDOUT;
        pthread_mutex_unlock(&m->lock);
        if (late)
            tell(m);
        pthread_mutex_lock(&m->lock);
    }
    pthread_mutex_unlock(&m->lock);
}

static void analyse(void *arg) {
    struct item *item = arg;
    struct measuring *m = item->measuring;
    struct li_measured measured;
    item->preview->measured = !m->given_up && li_decoders_measure(m->live->decoders, item->bytes.data,
                                                                  item->bytes.size, &measured, NULL) == LI_OK;
    if (item->preview->measured)
        item->preview->analysis = measured.analysis;
    li_arena_release(&item->arena);
    pthread_mutex_lock(&m->lock);
    m->held--;
    m->held_bytes -= item->bytes.size;
    m->ended++;
    pthread_cond_signal(&m->one_done);
    pthread_mutex_unlock(&m->lock);
}

/* A preview came, or did not. */
static bool on_fetched(void *context, struct li_net_job *job) {
    struct measuring *m = context;
    struct item *item = &m->items[job - m->jobs];
    int code = job->status ? 0 : job->response.status;
    if (m->given_up)
        return false;
    atomic_fetch_add_explicit(&m->live->base.calls, 1, memory_order_relaxed);
    if (code == 0 || code >= 500)
        atomic_fetch_add_explicit(&m->live->base.failures, 1, memory_order_relaxed);
    if (code != 200 || job->response.body.size == 0) {
        item->preview->gone = code == 403 || code == 404 || code == 410;
        li_arena_release(&item->arena);
        pthread_mutex_lock(&m->lock);
        m->ended++;
        pthread_mutex_unlock(&m->lock);
        return tell(m);
    }
    wait_for_analysts(m, HELD_BYTES_MAX); /* the transfers wait with us: memory stays bounded */
    item->bytes = job->response.body;
    pthread_mutex_lock(&m->lock);
    m->held++;
    m->held_bytes += item->bytes.size;
    pthread_mutex_unlock(&m->lock);
    if (li_pool_submit(m->live->analysts, analyse, item) != LI_OK)
        analyse(item);
    return tell(m);
}

/* In the middle of a transfer: a slow one must not hold up who erased the session. */
static bool still_wanted(void *context) {
    return tell(context);
}

static void fetch(struct measuring *m, struct li_net *net, struct item *items, struct li_net_job *jobs,
                  size_t count) {
    m->items = items;
    m->jobs = jobs;
    for (size_t i = 0; i < count; i++) {
        jobs[i] = (struct li_net_job){.arena = &items[i].arena};
        jobs[i].request = (struct li_net_request){
            .method = "GET",
            .url = items[i].preview->url.data,
            .max_bytes = PREVIEW_BYTES_MAX,
            .connect_ms = 3000,
            .first_byte_ms = 8000,
            .total_ms = 20000,
            .redirects = 2,
        };
    }
    const struct li_net_watch watch = {on_fetched, still_wanted, m};
    if (count && !m->given_up)
        li_net_do_all(net, jobs, count, PARALLEL, &watch);
    wait_for_analysts(m, 0); /* the items must outlive their analysts */
    for (size_t i = 0; i < count; i++)
        li_arena_release(&items[i].arena);
}

/* A public preview comes over TLS; an owner's own host may do without. */
static struct li_net *net_of(const struct li_live *live, struct li_text url) {
    struct li_net *net = li_live_net(live, url);
    bool secure = url.size > 8 && memcmp(url.data, "https://", 8) == 0;
    return net == live->outside && !secure ? NULL : net;
}

void li_previews_measure(struct li_live *live, struct li_preview *previews, size_t count,
                         bool (*progress)(void *context, size_t ended), void *context) {
    struct measuring m = {.live = live, .progress = progress, .context = context};
    struct item *items = calloc(count ? count : 1, sizeof *items);
    struct li_net_job *jobs = calloc(count ? count : 1, sizeof *jobs);
    struct li_net *const nets[] = {live->inside, live->outside};
    pthread_mutex_init(&m.lock, NULL);
    li_clock_condition_init(&m.one_done);
    for (size_t n = 0; items && jobs && n < 2; n++) {
        size_t chosen = 0;
        for (size_t i = 0; i < count && nets[n]; i++)
            if (net_of(live, previews[i].url) == nets[n])
                items[chosen++] = (struct item){.measuring = &m, .preview = &previews[i]};
        fetch(&m, nets[n], items, jobs, chosen);
    }
    tell(&m);
    pthread_cond_destroy(&m.one_done);
    pthread_mutex_destroy(&m.lock);
    free(items);
    free(jobs);
}
