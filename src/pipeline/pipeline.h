/* pipeline.h - the way of the data: search -> extract -> transform -> profile -> get_profile.
 *
 * Each stage is one file, takes a request struct and fills a response struct, and knows nothing of HTTP, of
 * Lambda or of where objects lie. A stage reads and writes session objects through the store only. Writing an
 * object raises an event, which starts the next stage.
 *
 * Stages are idempotent: what a stage writes depends on its input object alone (dates included), so the same
 * event twice, or an event and a call by hand at once, leave the same bytes. All functions may be called from
 * any thread. Response documents are owned by the caller (json_decref). */
#ifndef LI_PIPELINE_PIPELINE_H
#define LI_PIPELINE_PIPELINE_H

#include <jansson.h>
#include <listening.h>
#include <pthread.h>

#include "base/status.h"
#include "sources/source.h"
#include "store/store.h"

/* Limits of a request. */
enum {
    LI_ARTISTS_MAX = 10,
    LI_TRACKS_PER_ARTIST = 5,
    LI_TRACKS_MAX = 500,
    LI_ID_MAX = 128,        /* bytes of an artist id */
    LI_NAME_MAX = 512,      /* bytes of an artist name */
    LI_GENRE_TAGS_MAX = 16, /* tags given for one artist */
    LI_GENRE_TAG_MAX = 256, /* bytes of a tag */
};

enum { LI_SESSION_LOCKS = 64 };

/* What the stages work with. Fill store, source and ttl; zero the rest; then li_pipeline_init. */
struct li_pipeline {
    struct li_store *store;   /* Required: outlives the pipeline */
    struct li_source *source; /* Required: outlives the pipeline */
    struct li_clock clock;    /* Optional: zero = the system's */

    /* Optional: called after an object was written, from the thread that wrote it. */
    void (*raise)(void *context, struct li_text session, enum li_object written);
    void *raise_context;

    pthread_mutex_t locks[LI_SESSION_LOCKS]; /* one stage at a time for a session */
};

void li_pipeline_init(struct li_pipeline *pipeline);
void li_pipeline_clean_up(struct li_pipeline *pipeline);

/* ---- create a session: an id that nobody can guess; nothing is written ---- */
struct li_create_session_response {
    json_t *document; /* {session_id, created_at, expires_at} */
};
LI_MUST_USE enum li_status li_pipeline_create_session(struct li_pipeline *pipeline,
                                                      struct li_create_session_response *response,
                                                      struct li_error *err);

/* ---- search: words -> artists ---- */
struct li_search_request {
    struct li_text words; /* Required: at most LI_SOURCE_QUERY_MAX bytes */
    size_t limit;         /* Optional: 1..LI_SOURCE_HITS_MAX, 0 = that */
};
struct li_search_response {
    json_t *document; /* {artists: [{id, name, genres[], image, popularity, source}]}, best first */
};
LI_MUST_USE enum li_status li_pipeline_search(struct li_pipeline *pipeline,
                                              const struct li_search_request *request,
                                              struct li_search_response *response, struct li_error *err);

/* ---- extract: artists -> top_tracks.json ---- */
struct li_artist_choice {
    struct li_text id;            /* Required */
    struct li_text name;          /* Optional: used when the source does not know the id */
    const struct li_text *genres; /* Optional: the caller's own tags, used instead of the source's */
    size_t genre_count;
};
struct li_extract_request {
    struct li_text session;
    const struct li_artist_choice *artists;
    size_t artist_count; /* 1..LI_ARTISTS_MAX */
};
struct li_extract_response {
    json_t *document; /* top_tracks.json */
};
/* LI_INVALID for too few, too many or repeated artists; LI_NOT_FOUND for an id that the source does not know
 * when neither name and genres say what it is. */
LI_MUST_USE enum li_status li_pipeline_extract(struct li_pipeline *pipeline,
                                               const struct li_extract_request *request,
                                               struct li_extract_response *response, struct li_error *err);

/* ---- transform: top_tracks.json -> enriched_tracks.json ---- */
struct li_transform_request {
    struct li_text session;
};
struct li_transform_response {
    json_t *document; /* enriched_tracks.json */
};
/* LI_NOT_FOUND when nothing was extracted; LI_CORRUPT when what was stored is torn or foreign. */
LI_MUST_USE enum li_status li_pipeline_transform(struct li_pipeline *pipeline,
                                                 const struct li_transform_request *request,
                                                 struct li_transform_response *response,
                                                 struct li_error *err);

/* ---- profile: enriched_tracks.json -> profile.json ---- */
struct li_profile_request {
    struct li_text session;
    enum li_lang lang;
};
struct li_profile_response {
    json_t *document; /* the profile in the language asked for */
};
LI_MUST_USE enum li_status li_pipeline_profile(struct li_pipeline *pipeline,
                                               const struct li_profile_request *request,
                                               struct li_profile_response *response, struct li_error *err);

/* ---- get_profile: the profile, or how far it is ---- */
enum li_stage { LI_STAGE_TRANSFORM, LI_STAGE_PROFILE };

struct li_get_profile_request {
    struct li_text session;
    enum li_lang lang;
};
struct li_get_profile_response {
    bool ready;
    json_t *document;                /* the profile, or {session_id, stage, done, total} */
    struct li_store_version version; /* of profile.json, when ready */
    int64_t extracted_ms;            /* when top_tracks.json was written: the session ends with it */
    enum li_stage stage;             /* what is due, when not ready */
};
/* LI_NOT_FOUND when the session has nothing. */
LI_MUST_USE enum li_status li_pipeline_get_profile(struct li_pipeline *pipeline,
                                                   const struct li_get_profile_request *request,
                                                   struct li_get_profile_response *response,
                                                   struct li_error *err);

/* Runs the stage that a written object starts: top_tracks -> transform, enriched_tracks -> profile; others
 * start nothing. */
LI_MUST_USE enum li_status li_pipeline_handle(struct li_pipeline *pipeline, struct li_text session,
                                              enum li_object written, struct li_error *err);

#endif
