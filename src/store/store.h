/* store.h - the objects of sessions, kept for a day.
 *
 * A session id is the only key to its data. Objects are named by session and kind, never by a path, so no
 * input can reach outside. Keys are the same on disk and in a bucket: "data/{session}/profile.json".
 *
 * A store is a small table of functions; li_store_open_dir makes the one on disk. All functions may be called
 * from any thread. An object older than the time to live is gone for every reader at once. */
#ifndef LI_STORE_STORE_H
#define LI_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/status.h"
#include "base/text.h"

enum li_object {
    LI_OBJECT_TOP_TRACKS,      /* data/{session}/top_tracks.json */
    LI_OBJECT_ENRICHED_TRACKS, /* data/{session}/enriched_tracks.json */
    LI_OBJECT_PROFILE,         /* data/{session}/profile.json */
    LI_OBJECT_TIMELINE,        /* data/{session}/timeline.json: a listening history over time */
    LI_OBJECT_SHARE,           /* data/{session}/share.json: the code that its listener gave away */
    LI_OBJECT_SHARED,          /* data/{code}/shared.json: the numbers behind a code */
    LI_OBJECT_UNKNOWN_GENRES,  /* logs/{session}/unknown_genres.json */
    LI_OBJECT_COUNT
};

enum {
    LI_SESSION_MIN = 22, /* characters: 128 bits at 6 bits each */
    LI_SESSION_MAX = 64,
    LI_KEY_MAX = 128,
    LI_OBJECT_BYTES_MAX = 8 * 1024 * 1024,
};

/* 22 to 64 characters of [A-Za-z0-9_-]. */
bool li_session_valid(struct li_text session);

/* The same as a status, with the sentence for who sent another. */
LI_MUST_USE enum li_status li_session_check(struct li_text session, struct li_error *err);

/* Writes "data/{session}/top_tracks.json" with a NUL. The session must be valid. */
void li_store_key(struct li_text session, enum li_object object, char out[LI_KEY_MAX]);

/* The other way round; false for a key that is none of ours. *session is a view into key. */
bool li_store_parse_key(struct li_text key, struct li_text *session, enum li_object *object);

/* Tells one writing of an object from another. */
struct li_store_version {
    int64_t modified_ms; /* when it was written */
    uint64_t tag;        /* differs when the object was written again */
};

struct li_store;

struct li_store_ops {
    const char *name; /* "dir", for messages */
    bool quick;       /* calls take microseconds: they may be made where waiting would block others */
    enum li_status (*put)(struct li_store *, struct li_text session, enum li_object, struct li_text bytes,
                          struct li_error *);
    enum li_status (*get)(struct li_store *, struct li_text session, enum li_object, struct li_arena *,
                          struct li_text *bytes, struct li_store_version *, struct li_error *);
    enum li_status (*stat)(struct li_store *, struct li_text session, enum li_object,
                           struct li_store_version *, struct li_error *);
    enum li_status (*remove)(struct li_store *, struct li_text session, enum li_object, struct li_error *);
    enum li_status (*erase)(struct li_store *, struct li_text session, struct li_error *);
    enum li_status (*sweep)(struct li_store *, size_t *removed, struct li_error *);
    void (*free)(struct li_store *);
};

struct li_store {
    const struct li_store_ops *ops;
    struct li_clock clock;
    int64_t ttl_ms;
};

struct li_store_options {
    int64_t ttl_ms;        /* Required: > 0 */
    struct li_clock clock; /* Optional: zero = the system's */
};

/* A store in a folder, which is made when it is not there. LI_IO with a sentence when it cannot be written.
 * Several processes may use one folder. The caller owns *out. */
LI_MUST_USE enum li_status li_store_open_dir(const char *path, const struct li_store_options *options,
                                             struct li_store **out, struct li_error *err);

/* A store in this process's memory: for one profile on the command line, and for tests. The caller owns *out.
 */
LI_MUST_USE enum li_status li_store_open_memory(const struct li_store_options *options, struct li_store **out,
                                                struct li_error *err);

/* Keeps the object, whole or not at all; when LI_OK is returned it survives kill -9 and power loss
 * (in memory: until the store is freed).
 * LI_TOO_LARGE above LI_OBJECT_BYTES_MAX, LI_FULL when there is no room. */
LI_MUST_USE enum li_status li_store_put(struct li_store *store, struct li_text session, enum li_object object,
                                        struct li_text bytes, struct li_error *err);

/* Reads the object into the arena. LI_NOT_FOUND when there is none or it is too old. version may be NULL. */
LI_MUST_USE enum li_status li_store_get(struct li_store *store, struct li_text session, enum li_object object,
                                        struct li_arena *arena, struct li_text *bytes,
                                        struct li_store_version *version, struct li_error *err);

/* Asks for the version alone. LI_NOT_FOUND as above. */
LI_MUST_USE enum li_status li_store_stat(struct li_store *store, struct li_text session,
                                         enum li_object object, struct li_store_version *version,
                                         struct li_error *err);

/* Removes one object. Removing what is not there is LI_OK. */
LI_MUST_USE enum li_status li_store_remove(struct li_store *store, struct li_text session,
                                           enum li_object object, struct li_error *err);

/* Erases every object of the session. Erasing what is not there is LI_OK. */
LI_MUST_USE enum li_status li_store_erase(struct li_store *store, struct li_text session,
                                          struct li_error *err);

/* Removes what is too old, and what a killed writer left behind; *removed counts objects. */
LI_MUST_USE enum li_status li_store_sweep(struct li_store *store, size_t *removed, struct li_error *err);

/* NULL is fine. */
void li_store_free(struct li_store *store);

#endif
