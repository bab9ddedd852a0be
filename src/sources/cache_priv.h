/* cache_priv.h - the table of functions behind a cache, and what lies in a bucket. */
#ifndef LI_SOURCES_CACHE_PRIV_H
#define LI_SOURCES_CACHE_PRIV_H

#include "sources/cache.h"

struct li_cache_entry {
    struct li_text value; /* in the caller's arena */
    int64_t expires_ms;
};

/* Keys have 1 to LI_CACHE_KEY_MAX bytes, values at most LI_CACHE_VALUE_MAX. */
struct li_cache_ops {
    /* The entry, expired or not. */
    bool (*get)(struct li_cache *, enum li_cache_kind, struct li_text key, struct li_arena *,
                struct li_cache_entry *);
    void (*put)(struct li_cache *, enum li_cache_kind, struct li_text key, const struct li_cache_entry *);
    void (*load)(struct li_cache *, enum li_cache_kind, const struct li_text *keys, size_t count); /* Opt. */
    void (*flush)(struct li_cache *);                                                              /* Opt. */
    void (*sweep)(struct li_cache *);
    size_t (*rows)(struct li_cache *);
    void (*close)(struct li_cache *);
};

struct li_cache {
    const struct li_cache_ops *ops;
    struct li_clock clock;
};

/* ---- cache_entry.c: an entry as the bytes of an object ---- */

enum { LI_CACHE_HEAD_SIZE = 64 }; /* the line before the value fits in */

/* Writes the line that goes before the value, for expires_ms >= 0, and returns its size. */
size_t li_cache_entry_head(int64_t expires_ms, char out[LI_CACHE_HEAD_SIZE]);

/* Reads an object: its value is a view into bytes. False for whatever we would not have written. */
bool li_cache_entry_read(struct li_text bytes, struct li_cache_entry *out);

#endif
