/* memory.c - session objects in a list, for a single profile and for tests: nothing is written anywhere. */
#include <pthread.h>
#include <stdlib.h>

#include "store/store.h"

struct entry {
    struct entry *next;
    enum li_object object;
    size_t session_size, size;
    struct li_store_version version;
    char session[LI_SESSION_MAX];
    char bytes[];
};

struct memory_store {
    struct li_store base;
    pthread_mutex_t lock;
    struct entry *first;
    uint64_t next_tag;
};

static struct memory_store *lock(struct li_store *base) {
    struct memory_store *store = (struct memory_store *)base;
    pthread_mutex_lock(&store->lock);
    return store;
}

static bool is(const struct entry *entry, struct li_text session, enum li_object object) {
    return entry->object == object &&
           li_text_equal((struct li_text){entry->session, entry->session_size}, session);
}

/* Removes the session's object of this kind, or all of them when object is LI_OBJECT_COUNT. Lock held. */
static void drop(struct memory_store *store, struct li_text session, enum li_object object) {
    for (struct entry **at = &store->first; *at;) {
        struct entry *entry = *at;
        if (is(entry, session, object == LI_OBJECT_COUNT ? entry->object : object)) {
            *at = entry->next;
            free(entry);
        } else {
            at = &entry->next;
        }
    }
}

static enum li_status memory_put(struct li_store *base, struct li_text session, enum li_object object,
                                 struct li_text bytes, struct li_error *err) {
    struct entry *entry = calloc(1, sizeof *entry + bytes.size);
    if (!entry)
        return li_fail(err, LI_NO_MEMORY, "no memory to keep %zu bytes", bytes.size);
    entry->object = object;
    entry->session_size = session.size;
    entry->size = bytes.size;
    memcpy(entry->session, session.data, session.size);
    if (bytes.size)
        memcpy(entry->bytes, bytes.data, bytes.size);
    struct memory_store *store = lock(base);
    drop(store, session, object);
    entry->version = (struct li_store_version){li_clock_now_ms(&base->clock), ++store->next_tag};
    entry->next = store->first;
    store->first = entry;
    pthread_mutex_unlock(&store->lock);
    return LI_OK;
}

static bool too_old(const struct li_store *store, const struct entry *entry) {
    return entry->version.modified_ms + store->ttl_ms <= li_clock_now_ms(&store->clock);
}

/* The session's object of this kind that is not too old, or NULL. Lock held. */
static const struct entry *find(const struct memory_store *store, struct li_text session,
                                enum li_object object) {
    const struct entry *entry = store->first;
    while (entry && (!is(entry, session, object) || too_old(&store->base, entry)))
        entry = entry->next;
    return entry;
}

static enum li_status absent(struct li_error *err) {
    return li_fail(err, LI_NOT_FOUND, "this session has no such data, or it is older than its time to live");
}

static enum li_status memory_get(struct li_store *base, struct li_text session, enum li_object object,
                                 struct li_arena *arena, struct li_text *bytes,
                                 struct li_store_version *version, struct li_error *err) {
    struct memory_store *store = lock(base);
    const struct entry *entry = find(store, session, object);
    char *copy = entry ? li_arena_try(arena, entry->size + 1, 1) : NULL;
    if (copy) {
        memcpy(copy, entry->bytes, entry->size);
        *bytes = (struct li_text){copy, entry->size};
        *version = entry->version;
    }
    pthread_mutex_unlock(&store->lock);
    if (!entry)
        return absent(err);
    return copy ? LI_OK : li_fail(err, LI_NO_MEMORY, "no memory to read a stored object");
}

static enum li_status memory_stat(struct li_store *base, struct li_text session, enum li_object object,
                                  struct li_store_version *version, struct li_error *err) {
    struct memory_store *store = lock(base);
    const struct entry *entry = find(store, session, object);
    if (entry)
        *version = entry->version;
    pthread_mutex_unlock(&store->lock);
    return entry ? LI_OK : absent(err);
}

static enum li_status memory_remove(struct li_store *base, struct li_text session, enum li_object object,
                                    struct li_error *err) {
    (void)err;
    struct memory_store *store = lock(base);
    drop(store, session, object);
    pthread_mutex_unlock(&store->lock);
    return LI_OK;
}

static enum li_status memory_erase(struct li_store *base, struct li_text session, struct li_error *err) {
    return memory_remove(base, session, LI_OBJECT_COUNT, err);
}

static enum li_status memory_sweep(struct li_store *base, size_t *removed, struct li_error *err) {
    (void)err;
    struct memory_store *store = lock(base);
    *removed = 0;
    for (struct entry **at = &store->first; *at;) {
        struct entry *entry = *at;
        if (too_old(base, entry)) {
            *at = entry->next;
            free(entry);
            ++*removed;
        } else {
            at = &entry->next;
        }
    }
    pthread_mutex_unlock(&store->lock);
    return LI_OK;
}

static void memory_free(struct li_store *base) {
    struct memory_store *store = (struct memory_store *)base;
    for (struct entry *entry = store->first, *next; entry; entry = next) {
        next = entry->next;
        free(entry);
    }
    pthread_mutex_destroy(&store->lock);
    free(store);
}

static const struct li_store_ops MEMORY_OPS = {
    .name = "memory",
    .quick = true,
    .put = memory_put,
    .get = memory_get,
    .stat = memory_stat,
    .remove = memory_remove,
    .erase = memory_erase,
    .sweep = memory_sweep,
    .free = memory_free,
};

enum li_status li_store_open_memory(const struct li_store_options *options, struct li_store **out,
                                    struct li_error *err) {
    if (options->ttl_ms <= 0)
        return li_fail(err, LI_INVALID, "a store needs a time to live above 0");
    struct memory_store *store = calloc(1, sizeof *store);
    if (!store)
        return li_fail(err, LI_NO_MEMORY, "no memory for a store");
    store->base = (struct li_store){&MEMORY_OPS, options->clock, options->ttl_ms};
    pthread_mutex_init(&store->lock, NULL);
    *out = &store->base;
    return LI_OK;
}
