/* fake_store.h - a store that passes everything on to another one, counts, can fail a call that is chosen
 * by its number, and can call the test before or after a call. */
#ifndef LI_TESTS_FAKE_STORE_H
#define LI_TESTS_FAKE_STORE_H

#include <stdatomic.h>

#include "check.h"

#include "store/store.h"

enum fake_call { FAKE_PUT, FAKE_GET, FAKE_STAT, FAKE_REMOVE, FAKE_ERASE, FAKE_SWEEP };

struct fake_store {
    struct li_store base;
    struct li_store *inner;
    _Atomic int calls, puts;
    int fail_at; /* the number of the call that fails, from 1; 0 = none */
    enum li_status fail_with;
    void (*before)(struct fake_store *store, enum fake_call call, struct li_text session,
                   enum li_object object);
    void (*after)(struct fake_store *store, enum fake_call call, struct li_text session,
                  enum li_object object);
    void *context;
};

static inline enum li_status fake_enter(struct li_store *base, enum fake_call call, struct li_text session,
                                        enum li_object object, struct li_error *err) {
    struct fake_store *store = (struct fake_store *)base;
    int number = atomic_fetch_add(&store->calls, 1) + 1;
    if (call == FAKE_PUT)
        atomic_fetch_add(&store->puts, 1);
    if (store->before)
        store->before(store, call, session, object);
    if (number == store->fail_at)
        return li_fail(err, store->fail_with, "the test makes store call %d fail", number);
    return LI_OK;
}

static inline enum li_status fake_leave(struct li_store *base, enum fake_call call, struct li_text session,
                                        enum li_object object, enum li_status status) {
    struct fake_store *store = (struct fake_store *)base;
    if (store->after)
        store->after(store, call, session, object);
    return status;
}

static inline struct li_store *fake_inner(struct li_store *base) {
    return ((struct fake_store *)base)->inner;
}

static inline enum li_status fake_put(struct li_store *base, struct li_text session, enum li_object object,
                                      struct li_text bytes, struct li_error *err) {
    enum li_status status = fake_enter(base, FAKE_PUT, session, object, err);
    return status ? status
                  : fake_leave(base, FAKE_PUT, session, object,
                               li_store_put(fake_inner(base), session, object, bytes, err));
}

static inline enum li_status fake_get(struct li_store *base, struct li_text session, enum li_object object,
                                      struct li_arena *arena, struct li_text *bytes,
                                      struct li_store_version *version, struct li_error *err) {
    enum li_status status = fake_enter(base, FAKE_GET, session, object, err);
    return status ? status
                  : fake_leave(base, FAKE_GET, session, object,
                               li_store_get(fake_inner(base), session, object, arena, bytes, version, err));
}

static inline enum li_status fake_stat(struct li_store *base, struct li_text session, enum li_object object,
                                       struct li_store_version *version, struct li_error *err) {
    enum li_status status = fake_enter(base, FAKE_STAT, session, object, err);
    return status ? status
                  : fake_leave(base, FAKE_STAT, session, object,
                               li_store_stat(fake_inner(base), session, object, version, err));
}

static inline enum li_status fake_remove(struct li_store *base, struct li_text session, enum li_object object,
                                         struct li_error *err) {
    enum li_status status = fake_enter(base, FAKE_REMOVE, session, object, err);
    return status ? status
                  : fake_leave(base, FAKE_REMOVE, session, object,
                               li_store_remove(fake_inner(base), session, object, err));
}

static inline enum li_status fake_erase(struct li_store *base, struct li_text session, struct li_error *err) {
    enum li_status status = fake_enter(base, FAKE_ERASE, session, LI_OBJECT_COUNT, err);
    return status ? status
                  : fake_leave(base, FAKE_ERASE, session, LI_OBJECT_COUNT,
                               li_store_erase(fake_inner(base), session, err));
}

static inline enum li_status fake_sweep(struct li_store *base, size_t *removed, struct li_error *err) {
    enum li_status status = fake_enter(base, FAKE_SWEEP, LI_TEXT(""), LI_OBJECT_COUNT, err);
    return status ? status
                  : fake_leave(base, FAKE_SWEEP, LI_TEXT(""), LI_OBJECT_COUNT,
                               li_store_sweep(fake_inner(base), removed, err));
}

static inline void fake_store_free(struct li_store *base) {
    (void)base;
}

/* Wraps a store in memory with the given clock; li_store_free(store->inner) when done. */
static inline void fake_store_init(struct fake_store *store, int64_t ttl_ms, struct li_clock clock) {
    static const struct li_store_ops ops = {
        .name = "fake",
        .quick = true,
        .put = fake_put,
        .get = fake_get,
        .stat = fake_stat,
        .remove = fake_remove,
        .erase = fake_erase,
        .sweep = fake_sweep,
        .free = fake_store_free,
    };
    struct li_error err = {0};
    const struct li_store_options options = {.ttl_ms = ttl_ms, .clock = clock};
    memset(store, 0, sizeof *store);
    store->base = (struct li_store){&ops, clock, ttl_ms};
    check(li_store_open_memory(&options, &store->inner, &err) == LI_OK, "%s", err.message);
}

#endif
