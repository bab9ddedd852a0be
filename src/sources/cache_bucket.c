/* cache_bucket.c - a cache in the bucket of the sessions, for functions and servers that keep nothing.
 *
 * Each entry is an object (cache_entry.c), named by a hash of who was asked, kind and key. In front lies a
 * cache in memory, which also remembers for some seconds what the bucket does not have. What is kept waits in
 * a list until it is flushed, and goes out, like what is loaded, over several connections at once. When the
 * bucket fails it is left alone for a while. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/pool.h"
#include "net/sigv4.h"
#include "sources/breaker.h"
#include "sources/cache_priv.h"
#include "store/s3_client.h"

enum {
    COURIERS = 16,        /* requests to the bucket at once */
    COURIER_QUEUE = 4096, /* when it is full, who asks does the work */
    PENDING_MAX = 1024,   /* entries not yet sent: more are dropped */
    PENDING_BYTES_MAX = 32 * 1024 * 1024,
    ROWS_IN_MEMORY = 2000,
    MISSING_MS = 10 * 1000,
    TRIES = 2,
    TIMEOUT_MS = 2000, /* for one try: it must not cost more than it saves */
    SMALL_ANSWER = 64 * 1024,
    NAME_SIZE = sizeof LI_S3_CACHE "/" + LI_SHA256_HEX,
};

struct pending {
    struct pending *next;
    char name[NAME_SIZE];
    char *bytes; /* head and value */
    size_t size;
};

struct bucket_cache {
    struct li_cache base;
    struct li_cache *front;
    struct li_s3_client *client;
    struct li_pool *couriers;
    char *scope;
    pthread_mutex_t lock; /* of what follows */
    struct li_breaker breaker;
    struct pending *pending;
    size_t pending_count, pending_bytes;
};

/* In memory a key that the bucket does not have lies under a kind of its own. */
static enum li_cache_kind missing_kind(enum li_cache_kind kind) {
    return (enum li_cache_kind)(LI_CACHE_KINDS + kind);
}

static void name_of(const struct bucket_cache *cache, enum li_cache_kind kind, struct li_text key,
                    char name[NAME_SIZE]) {
    struct li_arena arena = {0};
    char hash[LI_SHA256_HEX + 1];
    li_sha256_hex(li_arena_printf(&arena, "%s\n%d\n%.*s", cache->scope, (int)kind, LI_TEXT_ARG(key)), hash);
    snprintf(name, NAME_SIZE, LI_S3_CACHE "/%s", hash);
    li_arena_release(&arena);
}

/* ---- asking the bucket ---- */

/* One call, when the bucket is not left alone just now. False: no answer. */
static bool call_bucket(struct bucket_cache *cache, const struct li_s3_call *call, struct li_arena *arena,
                        struct li_net_response *response) {
    struct li_error err = {0};
    pthread_mutex_lock(&cache->lock);
    bool allowed = li_breaker_allows(&cache->breaker, li_clock_now_ms(NULL));
    pthread_mutex_unlock(&cache->lock);
    if (!allowed)
        return false;
    bool worked = li_s3_client_call(cache->client, call, arena, response, &err) == LI_OK, opened = false;
    pthread_mutex_lock(&cache->lock);
    if (worked)
        li_breaker_succeeded(&cache->breaker);
    else
        opened = li_breaker_failed(&cache->breaker, li_clock_now_ms(NULL));
    pthread_mutex_unlock(&cache->lock);
    if (opened)
        li_log_message(LI_LOG_WARNING, "cache", err.message);
    return worked;
}

/* Fetches an entry into memory, or remembers that there is none. */
static void fetch(struct bucket_cache *cache, enum li_cache_kind kind, struct li_text key) {
    char name[NAME_SIZE];
    struct li_arena arena = {0};
    struct li_net_response response;
    struct li_cache_entry entry;
    int64_t now_ms = li_clock_now_ms(&cache->base.clock);
    const struct li_cache_entry missing = {LI_TEXT(""), now_ms + MISSING_MS};
    name_of(cache, kind, key, name);
    const struct li_s3_call call = {
        .method = "GET", .key = name, .max_bytes = LI_CACHE_VALUE_MAX + LI_CACHE_HEAD_SIZE};
    if (call_bucket(cache, &call, &arena, &response)) {
        bool there = response.status == 200 && li_cache_entry_read(response.body, &entry);
        if (there)
            cache->front->ops->put(cache->front, kind, key, &entry);
        if (!there || entry.expires_ms <= now_ms)
            cache->front->ops->put(cache->front, missing_kind(kind), key, &missing);
    }
    li_arena_release(&arena);
}

/* Whether what lies in memory answers for this key, one way or the other. */
static bool settled(struct bucket_cache *cache, enum li_cache_kind kind, struct li_text key,
                    struct li_arena *arena, struct li_cache_entry *entry, bool *held) {
    struct li_cache_entry missing;
    int64_t now_ms = li_clock_now_ms(&cache->base.clock);
    *held = cache->front->ops->get(cache->front, kind, key, arena, entry);
    if (*held && entry->expires_ms > now_ms)
        return true;
    return cache->front->ops->get(cache->front, missing_kind(kind), key, arena, &missing) &&
           missing.expires_ms > now_ms;
}

static bool bucket_get(struct li_cache *base, enum li_cache_kind kind, struct li_text key,
                       struct li_arena *arena, struct li_cache_entry *entry) {
    struct bucket_cache *cache = (struct bucket_cache *)base;
    bool held;
    if (settled(cache, kind, key, arena, entry, &held))
        return held;
    fetch(cache, kind, key);
    return cache->front->ops->get(cache->front, kind, key, arena, entry);
}

/* ---- several at once ---- */

/* The work of one call of load or flush; an errand is one request of it. */
struct batch {
    struct bucket_cache *cache;
    pthread_mutex_t lock;
    pthread_cond_t one_done;
    size_t left;
};

struct errand {
    struct batch *batch;
    enum li_cache_kind kind; /* to fetch */
    struct li_text key;
    struct pending *pending; /* to send; NULL: fetch */
};

static void send(struct bucket_cache *cache, const struct pending *pending) {
    char hash[LI_SHA256_HEX + 1];
    struct li_arena arena = {0};
    struct li_net_response response;
    struct li_text body = {pending->bytes, pending->size};
    li_sha256_hex(body, hash);
    const struct li_s3_call call = {
        .method = "PUT",
        .key = pending->name,
        .headers = {{LI_TEXT("Content-Type"), LI_TEXT("text/plain; charset=utf-8")},
                    {LI_TEXT(LI_S3_HASH_HEADER), li_text_of(hash)}},
        .header_count = 2,
        .body = body,
        .max_bytes = SMALL_ANSWER,
    };
    call_bucket(cache, &call, &arena, &response); /* lost when it fails: it can be asked for again */
    li_arena_release(&arena);
}

static void run_errand(void *arg) {
    struct errand *errand = arg;
    struct batch *batch = errand->batch;
    if (errand->pending)
        send(batch->cache, errand->pending);
    else
        fetch(batch->cache, errand->kind, errand->key);
    pthread_mutex_lock(&batch->lock);
    batch->left--;
    pthread_cond_signal(&batch->one_done);
    pthread_mutex_unlock(&batch->lock);
}

static void run_batch(struct bucket_cache *cache, struct errand *errands, size_t count) {
    struct batch batch = {.cache = cache, .left = count};
    pthread_mutex_init(&batch.lock, NULL);
    pthread_cond_init(&batch.one_done, NULL);
    for (size_t i = 0; i < count; i++) {
        errands[i].batch = &batch;
        if (count == 1 || li_pool_submit(cache->couriers, run_errand, &errands[i]) != LI_OK)
            run_errand(&errands[i]);
    }
    pthread_mutex_lock(&batch.lock);
    while (batch.left)
        pthread_cond_wait(&batch.one_done, &batch.lock);
    pthread_mutex_unlock(&batch.lock);
    pthread_cond_destroy(&batch.one_done);
    pthread_mutex_destroy(&batch.lock);
}

static void bucket_load(struct li_cache *base, enum li_cache_kind kind, const struct li_text *keys,
                        size_t count) {
    struct bucket_cache *cache = (struct bucket_cache *)base;
    struct errand *errands = calloc(count, sizeof *errands);
    struct li_arena arena = {0};
    struct li_cache_entry entry;
    size_t chosen = 0;
    bool held;
    for (size_t i = 0; errands && i < count; i++)
        if (keys[i].size && keys[i].size <= LI_CACHE_KEY_MAX &&
            !settled(cache, kind, keys[i], &arena, &entry, &held))
            errands[chosen++] = (struct errand){.kind = kind, .key = keys[i]};
    run_batch(cache, errands, chosen);
    li_arena_release(&arena);
    free(errands);
}

static void pending_free(struct pending *list) {
    while (list) {
        struct pending *next = list->next;
        free(list->bytes);
        free(list);
        list = next;
    }
}

static void bucket_flush(struct li_cache *base) {
    struct bucket_cache *cache = (struct bucket_cache *)base;
    pthread_mutex_lock(&cache->lock);
    struct pending *list = cache->pending;
    size_t count = cache->pending_count, i = 0;
    cache->pending = NULL;
    cache->pending_count = cache->pending_bytes = 0;
    pthread_mutex_unlock(&cache->lock);
    struct errand *errands = count ? calloc(count, sizeof *errands) : NULL;
    for (struct pending *at = list; errands && at; at = at->next)
        errands[i++] = (struct errand){.pending = at};
    run_batch(cache, errands, i);
    free(errands);
    pending_free(list);
}

/* ---- keeping ---- */

static struct pending *pending_new(const struct bucket_cache *cache, enum li_cache_kind kind,
                                   struct li_text key, const struct li_cache_entry *entry) {
    struct pending *made = calloc(1, sizeof *made);
    if (!made || !(made->bytes = malloc(LI_CACHE_HEAD_SIZE + entry->value.size))) {
        free(made);
        return NULL;
    }
    made->size = li_cache_entry_head(entry->expires_ms, made->bytes);
    if (entry->value.size)
        memcpy(made->bytes + made->size, entry->value.data, entry->value.size);
    made->size += entry->value.size;
    name_of(cache, kind, key, made->name);
    return made;
}

static void bucket_put(struct li_cache *base, enum li_cache_kind kind, struct li_text key,
                       const struct li_cache_entry *entry) {
    struct bucket_cache *cache = (struct bucket_cache *)base;
    struct pending *made = pending_new(cache, kind, key, entry), *old = NULL;
    cache->front->ops->put(cache->front, kind, key, entry);
    if (!made)
        return;
    pthread_mutex_lock(&cache->lock);
    struct pending **at = &cache->pending;
    while (*at && strcmp((*at)->name, made->name) != 0) /* an older value that has not left yet */
        at = &(*at)->next;
    if (*at) {
        old = *at;
        made->next = old->next;
        old->next = NULL;
        *at = made;
        cache->pending_bytes += made->size - old->size;
    } else if (cache->pending_count < PENDING_MAX && cache->pending_bytes + made->size <= PENDING_BYTES_MAX) {
        *at = made;
        cache->pending_count++;
        cache->pending_bytes += made->size;
    } else {
        old = made;
    }
    pthread_mutex_unlock(&cache->lock);
    pending_free(old);
}

static void bucket_sweep(struct li_cache *base) {
    struct bucket_cache *cache = (struct bucket_cache *)base;
    cache->front->ops->sweep(cache->front);
}

static size_t bucket_rows(struct li_cache *base) {
    struct bucket_cache *cache = (struct bucket_cache *)base;
    return cache->front->ops->rows(cache->front);
}

static void bucket_close(struct li_cache *base) {
    struct bucket_cache *cache = (struct bucket_cache *)base;
    li_pool_free(cache->couriers);
    pending_free(cache->pending);
    li_s3_client_free(cache->client);
    li_cache_close(cache->front);
    pthread_mutex_destroy(&cache->lock);
    free(cache->scope);
    free(cache);
}

static const struct li_cache_ops BUCKET_OPS = {
    .get = bucket_get,
    .put = bucket_put,
    .load = bucket_load,
    .flush = bucket_flush,
    .sweep = bucket_sweep,
    .rows = bucket_rows,
    .close = bucket_close,
};

enum li_status li_cache_open_bucket(const struct li_cache_options *options,
                                    const struct li_s3_options *bucket, struct li_cache **out,
                                    struct li_error *err) {
    struct bucket_cache *cache = calloc(1, sizeof *cache);
    struct li_s3_options quick = *bucket;
    if (!cache)
        return li_fail(err, LI_NO_MEMORY, "no memory for the cache");
    cache->base = (struct li_cache){&BUCKET_OPS, options->clock};
    pthread_mutex_init(&cache->lock, NULL);
    quick.tries = TRIES;
    quick.timeout_ms = TIMEOUT_MS;
    cache->scope = strdup(options->scope);
    enum li_status status = cache->scope ? LI_OK : li_fail(err, LI_NO_MEMORY, "no memory for the cache");
    if (!status)
        status = li_cache_open(&(struct li_cache_options){.scope = options->scope,
                                                          .clock = options->clock,
                                                          .rows_max = ROWS_IN_MEMORY},
                               &cache->front, err);
    if (!status)
        status = li_s3_client_new(&quick, &cache->client, err);
    if (!status)
        status = li_pool_new(COURIERS, COURIER_QUEUE, &cache->couriers, err);
    if (status)
        bucket_close(&cache->base);
    else
        *out = &cache->base;
    return status;
}
