/* cache.h - what providers told and what was measured: in one SQLite file beside the sessions, or in the
 * bucket that holds them.
 *
 * Values are texts (JSON) by kind and key, each with a time to live. An empty answer is a value of its own
 * and is kept too, for a shorter time; a failure is never kept. Audio never comes here.
 *
 * A cache must not be able to break what it speeds up: a torn file is replaced, a full disk and a bucket that
 * does not answer are passed over. All functions may be called from any thread and accept NULL, which knows
 * nothing and keeps nothing. */
#ifndef LI_SOURCES_CACHE_H
#define LI_SOURCES_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/status.h"
#include "base/text.h"

struct li_cache;
struct li_s3_options;

enum li_cache_kind {
    LI_CACHE_SEARCH,   /* folded words -> ids of artists */
    LI_CACHE_ARTIST,   /* id -> name, picture, fans */
    LI_CACHE_TRACKS,   /* artist id -> best-known tracks */
    LI_CACHE_GENRES,   /* artist id -> genre tags */
    LI_CACHE_PREVIEW,  /* track id -> address of its preview, for minutes only */
    LI_CACHE_TRACK,    /* track id -> ISRC */
    LI_CACHE_MEASURED, /* track id -> features that we measured */
    LI_CACHE_PROVIDED, /* track id -> features that a provider told */
    LI_CACHE_KINDS
};

enum { LI_CACHE_KEY_MAX = 1024, LI_CACHE_VALUE_MAX = 256 * 1024, LI_CACHE_ROWS_MAX = 1000000 };

struct li_cache_options {
    const char *path;      /* Optional: NULL = in memory */
    bool named;            /* by a person: a file there that never was a database is theirs, and refused */
    const char *scope;     /* Required: who is asked; what other providers told is not found */
    struct li_clock clock; /* Optional: zero = the system's */
    size_t rows_max;       /* Optional: 0 = LI_CACHE_ROWS_MAX; the first to expire go first */
};

/* LI_IO when the file cannot be made at all, LI_CORRUPT when it is named and no database. The caller owns
 * *out. */
LI_MUST_USE enum li_status li_cache_open(const struct li_cache_options *options, struct li_cache **out,
                                         struct li_error *err);

/* A cache in a bucket, shared by all who use the bucket, under LI_S3_CACHE and hashes of keys: nobody who
 * lists the bucket reads what was searched for. path and rows_max of options are not looked at. What was
 * found, or found missing, is remembered in memory too; what is kept goes out with li_cache_flush. To remove
 * what is old is for the bucket's lifecycle rule, or li_store_sweep. Asks nobody yet. The caller owns *out.
 */
LI_MUST_USE enum li_status li_cache_open_bucket(const struct li_cache_options *options,
                                                const struct li_s3_options *bucket, struct li_cache **out,
                                                struct li_error *err);

/* Sends out what is not yet. */
void li_cache_close(struct li_cache *cache);

/* The value, copied into the arena, when there is one that has not expired. */
bool li_cache_get(struct li_cache *cache, enum li_cache_kind kind, struct li_text key, struct li_arena *arena,
                  struct li_text *value);

/* The same of LI_CACHE_ARTIST and LI_CACHE_TRACKS, expired or not: better than nothing when a provider is
 * away. */
bool li_cache_get_stale(struct li_cache *cache, enum li_cache_kind kind, struct li_text key,
                        struct li_arena *arena, struct li_text *value);

/* Keeps a value of at most LI_CACHE_VALUE_MAX bytes for ttl_ms > 0. */
void li_cache_put(struct li_cache *cache, enum li_cache_kind kind, struct li_text key, struct li_text value,
                  int64_t ttl_ms);

/* Says that these keys will be asked for next: a cache that lies far away fetches them at once. */
void li_cache_load(struct li_cache *cache, enum li_cache_kind kind, const struct li_text *keys, size_t count);

/* Sees to it that what was kept is there for others: before a function of Lambda answers, and sleeps. */
void li_cache_flush(struct li_cache *cache);

/* Removes what has expired, but for what may still help when a provider is away: that after 30 days more. It
 * is also done now and then by li_cache_put. */
void li_cache_sweep(struct li_cache *cache);

/* Rows now, expired ones included, of a bucket those in memory: for tests. */
size_t li_cache_rows(struct li_cache *cache);

#endif
