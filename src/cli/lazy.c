#include "cli/lazy.h"

#include <pthread.h>
#include <stdlib.h>

#include "cli/cli.h"

/* Opens something once: on a thread that begins now, or when it is first asked for. */
struct opening {
    void (*open)(struct opening *opening);
    bool threaded, over;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum li_status status;
    struct li_error err;
};

static void *opening_main(void *arg) {
    struct opening *opening = arg;
    opening->open(opening);
    pthread_mutex_lock(&opening->lock);
    opening->over = true;
    pthread_cond_broadcast(&opening->changed);
    pthread_mutex_unlock(&opening->lock);
    return NULL;
}

static void opening_begin(struct opening *opening, void (*open)(struct opening *), bool now) {
    pthread_t thread;
    opening->open = open;
    pthread_mutex_init(&opening->lock, NULL);
    pthread_cond_init(&opening->changed, NULL);
    opening->threaded = now && pthread_create(&thread, NULL, opening_main, opening) == 0;
    if (opening->threaded)
        pthread_detach(thread); /* a process that ends in a hurry leaves no thread to be joined */
}

/* Waits until it is open or has failed. */
static void opening_finish(struct opening *opening) {
    pthread_mutex_lock(&opening->lock);
    if (!opening->over && !opening->threaded) {
        opening->open(opening);
        opening->over = true;
    }
    while (!opening->over)
        pthread_cond_wait(&opening->changed, &opening->lock);
    pthread_mutex_unlock(&opening->lock);
}

static enum li_status opening_wait(struct opening *opening, struct li_error *err) {
    opening_finish(opening);
    if (opening->status && err)
        *err = opening->err;
    return opening->status;
}

static void opening_clean_up(struct opening *opening) {
    if (opening->threaded)
        opening_finish(opening);
    pthread_mutex_destroy(&opening->lock);
    pthread_cond_destroy(&opening->changed);
}

/* ---- the store ---- */

struct lazy_store {
    struct li_store base;
    struct opening opening;
    const struct li_store_settings *settings;
    struct li_store *inner;
};

static void open_store(struct opening *opening) {
    struct lazy_store *store =
        (struct lazy_store *)(void *)((char *)opening - offsetof(struct lazy_store, opening));
    opening->status = li_cli_open_store(store->settings, store->base.ttl_ms, &store->inner, &opening->err);
}

static enum li_status inner_store(struct li_store *base, struct li_store **inner, struct li_error *err) {
    struct lazy_store *store = (struct lazy_store *)base;
    enum li_status status = opening_wait(&store->opening, err);
    *inner = store->inner;
    return status;
}

static enum li_status lazy_put(struct li_store *base, struct li_text session, enum li_object object,
                               struct li_text bytes, struct li_error *err) {
    struct li_store *inner;
    enum li_status status = inner_store(base, &inner, err);
    return status ? status : inner->ops->put(inner, session, object, bytes, err);
}

static enum li_status lazy_get(struct li_store *base, struct li_text session, enum li_object object,
                               struct li_arena *arena, struct li_text *bytes,
                               struct li_store_version *version, struct li_error *err) {
    struct li_store *inner;
    enum li_status status = inner_store(base, &inner, err);
    return status ? status : inner->ops->get(inner, session, object, arena, bytes, version, err);
}

static enum li_status lazy_stat(struct li_store *base, struct li_text session, enum li_object object,
                                struct li_store_version *version, struct li_error *err) {
    struct li_store *inner;
    enum li_status status = inner_store(base, &inner, err);
    return status ? status : inner->ops->stat(inner, session, object, version, err);
}

static enum li_status lazy_remove(struct li_store *base, struct li_text session, enum li_object object,
                                  struct li_error *err) {
    struct li_store *inner;
    enum li_status status = inner_store(base, &inner, err);
    return status ? status : inner->ops->remove(inner, session, object, err);
}

static enum li_status lazy_erase(struct li_store *base, struct li_text session, struct li_error *err) {
    struct li_store *inner;
    enum li_status status = inner_store(base, &inner, err);
    return status ? status : inner->ops->erase(inner, session, err);
}

static enum li_status lazy_sweep(struct li_store *base, size_t *removed, struct li_error *err) {
    struct li_store *inner;
    enum li_status status = inner_store(base, &inner, err);
    return status ? status : inner->ops->sweep(inner, removed, err);
}

static void lazy_store_free(struct li_store *base) {
    struct lazy_store *store = (struct lazy_store *)base;
    opening_clean_up(&store->opening);
    li_store_free(store->inner);
    free(store);
}

enum li_status li_lazy_store(const struct li_store_settings *settings, int64_t ttl_ms, struct li_store **out,
                             struct li_error *err) {
    static const struct li_store_ops DIR_OPS = {"dir",      false,      lazy_put,
                                                lazy_get,   lazy_stat,  lazy_remove,
                                                lazy_erase, lazy_sweep, lazy_store_free},
                                     S3_OPS = {"s3",        false,      lazy_put,   lazy_get,       lazy_stat,
                                               lazy_remove, lazy_erase, lazy_sweep, lazy_store_free};
    struct lazy_store *store = calloc(1, sizeof *store);
    if (!store)
        return li_fail(err, LI_NO_MEMORY, "no memory for a store");
    store->base.ops = settings->bucket ? &S3_OPS : &DIR_OPS;
    store->base.ttl_ms = ttl_ms;
    store->settings = settings;
    opening_begin(&store->opening, open_store, true);
    *out = &store->base;
    return LI_OK;
}

/* ---- the source ---- */

struct lazy_source {
    struct li_source base;
    struct li_source_ops ops;
    struct opening opening;
    const struct li_source_settings *settings;
    struct li_catalog *catalog;
    struct li_source *inner;
};

static void open_source(struct opening *opening) {
    struct lazy_source *source =
        (struct lazy_source *)(void *)((char *)opening - offsetof(struct lazy_source, opening));
    opening->status =
        li_cli_open_source(source->settings, NULL, &source->catalog, &source->inner, &opening->err);
}

static enum li_status inner_source(struct li_source *base, struct li_source **inner, struct li_error *err) {
    struct lazy_source *source = (struct lazy_source *)base;
    enum li_status status = opening_wait(&source->opening, err);
    *inner = source->inner;
    return status;
}

static enum li_status lazy_search(struct li_source *base, struct li_text words, size_t limit,
                                  struct li_arena *arena, struct li_source_artist **artists, size_t *count,
                                  struct li_error *err) {
    struct li_source *inner;
    enum li_status status = inner_source(base, &inner, err);
    return status ? status : li_source_search(inner, words, limit, arena, artists, count, err);
}

static enum li_status lazy_find(struct li_source *base, struct li_text id, struct li_arena *arena,
                                struct li_source_artist *artist, struct li_error *err) {
    struct li_source *inner;
    enum li_status status = inner_source(base, &inner, err);
    return status ? status : li_source_find(inner, id, arena, artist, err);
}

static enum li_status lazy_top_tracks(struct li_source *base, struct li_text id, size_t limit,
                                      struct li_arena *arena, struct li_source_track **tracks, size_t *count,
                                      struct li_error *err) {
    struct li_source *inner;
    enum li_status status = inner_source(base, &inner, err);
    return status ? status : li_source_top_tracks(inner, id, limit, arena, tracks, count, err);
}

static enum li_status lazy_match(struct li_source *base, struct li_text name, struct li_arena *arena,
                                 struct li_source_artist *artist, struct li_error *err) {
    struct li_source *inner;
    enum li_status status = inner_source(base, &inner, err);
    return status ? status : li_source_match(inner, name, arena, artist, err);
}

static enum li_status lazy_lookup(struct li_source *base, const struct li_text *names, size_t count,
                                  struct li_arena *arena, struct li_source_artist *artists, bool *found,
                                  size_t *asked, struct li_error *err) {
    struct li_source *inner;
    enum li_status status = inner_source(base, &inner, err);
    return status ? status : li_source_lookup(inner, names, count, arena, artists, found, asked, err);
}

static enum li_status lazy_prepare(struct li_source *base, const struct li_text *ids, size_t count,
                                   struct li_error *err) {
    struct li_source *inner;
    enum li_status status = inner_source(base, &inner, err);
    return status ? status : li_source_prepare(inner, ids, count, err);
}

static enum li_status lazy_features(struct li_source *base, const struct li_source_wanted *tracks,
                                    size_t count, const struct li_source_watch *watch,
                                    struct li_source_features *out, struct li_error *err) {
    struct li_source *inner;
    enum li_status status = inner_source(base, &inner, err);
    return status ? status : li_source_features(inner, tracks, count, watch, out, err);
}

/* The source once it is open: its counts are ours. */
static struct li_source *lazy_behind(struct li_source *base) {
    struct lazy_source *source = (struct lazy_source *)base;
    pthread_mutex_lock(&source->opening.lock);
    struct li_source *inner = source->opening.over ? source->inner : NULL;
    pthread_mutex_unlock(&source->opening.lock);
    return inner;
}

static void lazy_source_free(struct li_source *base) {
    struct lazy_source *source = (struct lazy_source *)base;
    opening_clean_up(&source->opening);
    li_source_free(source->inner);
    li_catalog_free(source->catalog);
    free(source);
}

enum li_status li_lazy_source(const struct li_source_settings *settings, bool begin, struct li_source **out,
                              struct li_error *err) {
    struct lazy_source *source = calloc(1, sizeof *source);
    bool live = li_source_is_live(settings);
    if (!source)
        return li_fail(err, LI_NO_MEMORY, "no memory for a source");
    source->ops = (struct li_source_ops){
        .name = live ? settings->source : "catalog",
        .counts = true,
        .search = lazy_search,
        .find = lazy_find,
        .top_tracks = lazy_top_tracks,
        .match = lazy_match,
        .lookup = live ? lazy_lookup : NULL,
        .prepare =
            live ? lazy_prepare : NULL, /* the catalogue has no features: it need not be opened to say so */
        .features = live ? lazy_features : NULL,
        .behind = lazy_behind,
        .free = lazy_source_free,
    };
    source->base.ops = &source->ops;
    source->settings = settings;
    opening_begin(&source->opening, open_source, begin);
    *out = &source->base;
    return LI_OK;
}
