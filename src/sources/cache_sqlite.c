/* cache_sqlite.c - a cache in one SQLite file, or in memory. */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "sources/cache_priv.h"

enum { SCHEMA = 1, BUSY_MS = 2000, SWEEP_PUTS = 500, SWEEP_MS = 3600 * 1000 };

static const int64_t STALE_MS = (int64_t)30 * LI_DAY_MS; /* how long expired rows may still help */

struct sqlite_cache {
    struct li_cache base;
    sqlite3 *db;
    sqlite3_stmt *get, *put;
    pthread_mutex_t lock;
    size_t rows_max, puts;
    int64_t swept_ms;
    bool complained;
};

static const char TABLES[] =
    "CREATE TABLE IF NOT EXISTS entries (kind INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"
    " expires_ms INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires_ms);"
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;";

static bool run(struct sqlite_cache *cache, const char *sql) {
    return sqlite3_exec(cache->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* Says once that the cache does not work; the service goes on without it. */
static void complain(struct sqlite_cache *cache) {
    if (!cache->complained)
        li_log_message(LI_LOG_WARNING, "cache", sqlite3_errmsg(cache->db));
    cache->complained = true;
}

/* Empties a cache that was filled from other providers or by another version of us. */
static bool claim(struct sqlite_cache *cache, const char *scope) {
    sqlite3_stmt *statement = NULL;
    char wanted[2048];
    bool same = false;
    snprintf(wanted, sizeof wanted, "%d %s", SCHEMA, scope);
    bool done = sqlite3_prepare_v2(cache->db, "SELECT value FROM facts WHERE name = 'scope'", -1, &statement,
                                   NULL) == SQLITE_OK;
    if (done && sqlite3_step(statement) == SQLITE_ROW)
        same = strcmp((const char *)sqlite3_column_text(statement, 0), wanted) == 0;
    sqlite3_finalize(statement);
    if (!done || same)
        return done;
    statement = NULL;
    done = run(cache, "DELETE FROM entries") &&
           sqlite3_prepare_v2(cache->db, "INSERT OR REPLACE INTO facts VALUES ('scope', ?)", -1, &statement,
                              NULL) == SQLITE_OK &&
           sqlite3_bind_text(statement, 1, wanted, -1, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return done;
}

/* Rows that help nobody any more, and the first to expire when there are too many. Under the lock. */
static void sweep(struct sqlite_cache *cache) {
    char sql[256];
    int64_t now_ms = li_clock_now_ms(&cache->base.clock);
    cache->swept_ms = now_ms;
    snprintf(sql, sizeof sql,
             "DELETE FROM entries WHERE expires_ms <= %lld AND (kind NOT IN (%d, %d) OR expires_ms <= %lld)",
             (long long)now_ms, LI_CACHE_ARTIST, LI_CACHE_TRACKS, (long long)(now_ms - STALE_MS));
    run(cache, sql);
    snprintf(sql, sizeof sql,
             "DELETE FROM entries WHERE (kind, key) IN (SELECT kind, key FROM entries ORDER BY expires_ms"
             " LIMIT max(0, (SELECT count(*) FROM entries) - %zu))",
             cache->rows_max);
    run(cache, sql);
}

/* Opens and prepares; false when the file is no working cache. */
static bool open_file(struct sqlite_cache *cache, const struct li_cache_options *options) {
    const char *path = options->path ? options->path : ":memory:";
    if (options->path) { /* for nobody else's eyes; what SQLite puts beside it follows */
        int file = open(options->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (file >= 0)
            close(file);
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &cache->db, flags, NULL) != SQLITE_OK)
        return false;
    sqlite3_busy_timeout(cache->db, BUSY_MS);
    bool done = run(cache, "PRAGMA journal_mode = WAL") && run(cache, "PRAGMA synchronous = OFF") &&
                run(cache, TABLES) && claim(cache, options->scope);
    return done &&
           sqlite3_prepare_v3(cache->db, "SELECT value, expires_ms FROM entries WHERE kind = ? AND key = ?",
                              -1, SQLITE_PREPARE_PERSISTENT, &cache->get, NULL) == SQLITE_OK &&
           sqlite3_prepare_v3(cache->db, "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", -1,
                              SQLITE_PREPARE_PERSISTENT, &cache->put, NULL) == SQLITE_OK;
}

static void close_file(struct sqlite_cache *cache) {
    sqlite3_finalize(cache->get);
    sqlite3_finalize(cache->put);
    sqlite3_close(cache->db);
    cache->get = cache->put = NULL;
    cache->db = NULL;
}

/* Whether a file is a database, be it a torn one: another may be somebody's work. */
static bool is_database(const char *path) {
    static const char MAGIC[16] = "SQLite format 3";
    char head[sizeof MAGIC];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t got = read(file, head, sizeof head);
    close(file);
    return got == 0 || (got == (ssize_t)sizeof head && memcmp(head, MAGIC, sizeof MAGIC) == 0);
}

/* A torn file, or one that is nobody else's: what it held can be asked for again. */
static void discard(const char *path) {
    static const char *const SUFFIXES[] = {"", "-wal", "-shm"};
    char name[4096];
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        snprintf(name, sizeof name, "%s%s", path, SUFFIXES[i]);
        unlink(name);
    }
}

static bool sqlite_get(struct li_cache *base, enum li_cache_kind kind, struct li_text key,
                       struct li_arena *arena, struct li_cache_entry *entry) {
    struct sqlite_cache *cache = (struct sqlite_cache *)base;
    pthread_mutex_lock(&cache->lock);
    sqlite3_bind_int(cache->get, 1, (int)kind);
    sqlite3_bind_text(cache->get, 2, key.data, (int)key.size, SQLITE_STATIC);
    int code = sqlite3_step(cache->get);
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(cache->get, 0);
        size_t size = (size_t)sqlite3_column_bytes(cache->get, 0);
        entry->value = li_arena_copy(arena, (struct li_text){text, size});
        entry->expires_ms = sqlite3_column_int64(cache->get, 1);
    } else if (code != SQLITE_DONE) {
        complain(cache);
    }
    sqlite3_reset(cache->get);
    pthread_mutex_unlock(&cache->lock);
    return code == SQLITE_ROW;
}

static void sqlite_put(struct li_cache *base, enum li_cache_kind kind, struct li_text key,
                       const struct li_cache_entry *entry) {
    struct sqlite_cache *cache = (struct sqlite_cache *)base;
    struct li_text value = entry->value;
    pthread_mutex_lock(&cache->lock);
    sqlite3_bind_int(cache->put, 1, (int)kind);
    sqlite3_bind_text(cache->put, 2, key.data, (int)key.size, SQLITE_STATIC);
    sqlite3_bind_text(cache->put, 3, value.data ? value.data : "", (int)value.size, SQLITE_STATIC);
    sqlite3_bind_int64(cache->put, 4, entry->expires_ms);
    if (sqlite3_step(cache->put) != SQLITE_DONE)
        complain(cache);
    sqlite3_reset(cache->put);
    if (++cache->puts % SWEEP_PUTS == 0 || li_clock_now_ms(&base->clock) - cache->swept_ms > SWEEP_MS)
        sweep(cache);
    pthread_mutex_unlock(&cache->lock);
}

static void sqlite_sweep(struct li_cache *base) {
    struct sqlite_cache *cache = (struct sqlite_cache *)base;
    pthread_mutex_lock(&cache->lock);
    sweep(cache);
    pthread_mutex_unlock(&cache->lock);
}

static size_t sqlite_rows(struct li_cache *base) {
    struct sqlite_cache *cache = (struct sqlite_cache *)base;
    sqlite3_stmt *statement = NULL;
    size_t rows = 0;
    pthread_mutex_lock(&cache->lock);
    if (sqlite3_prepare_v2(cache->db, "SELECT count(*) FROM entries", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        rows = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    pthread_mutex_unlock(&cache->lock);
    return rows;
}

static void sqlite_close(struct li_cache *base) {
    struct sqlite_cache *cache = (struct sqlite_cache *)base;
    close_file(cache);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static const struct li_cache_ops SQLITE_OPS = {
    .get = sqlite_get,
    .put = sqlite_put,
    .sweep = sqlite_sweep,
    .rows = sqlite_rows,
    .close = sqlite_close,
};

enum li_status li_cache_open(const struct li_cache_options *options, struct li_cache **out,
                             struct li_error *err) {
    struct sqlite_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return li_fail(err, LI_NO_MEMORY, "no memory for the cache");
    cache->base = (struct li_cache){&SQLITE_OPS, options->clock};
    cache->rows_max = options->rows_max ? options->rows_max : LI_CACHE_ROWS_MAX;
    bool done = open_file(cache, options);
    int code = cache->db ? sqlite3_errcode(cache->db) : SQLITE_NOMEM;
    if (!done && options->path && (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)) {
        close_file(cache);
        if (options->named && !is_database(options->path)) {
            free(cache);
            return li_fail(err, LI_CORRUPT,
                           "%.120s is no cache but another file, and was left as it is; choose another name",
                           options->path);
        }
        li_log_message(LI_LOG_WARNING, "cache", "the cache file was torn; a new one was begun");
        discard(options->path);
        done = open_file(cache, options);
    }
    if (!done) {
        enum li_status status =
            li_fail(err, LI_IO, "the cache %.120s cannot be opened: %.80s",
                    options->path ? options->path : "in memory", cache->db ? sqlite3_errmsg(cache->db) : "");
        close_file(cache);
        free(cache);
        return status;
    }
    pthread_mutex_init(&cache->lock, NULL);
    sweep(cache);
    *out = &cache->base;
    return LI_OK;
}
