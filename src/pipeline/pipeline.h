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
#include <stdatomic.h>

#include "base/status.h"
#include "history/history.h"
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

enum { LI_SESSION_LOCKS = 64, LI_ERASURES_MAX = 1024 };

/* The sessions that were erased last, by hash: erasures.c. */
struct li_erasures {
    pthread_mutex_t lock;
    uint64_t count;                             /* of all */
    unsigned long long newest[LI_ERASURES_MAX]; /* the n-th erasure, from 0, at n % LI_ERASURES_MAX */
};

/* What the stages work with. Fill store, source and ttl; zero the rest; then li_pipeline_init. */
struct li_pipeline {
    struct li_store *store;   /* Required: outlives the pipeline */
    struct li_source *source; /* Required: outlives the pipeline */
    struct li_clock clock;    /* Optional: zero = the system's */
    bool no_lookup;           /* Optional: never ask others who an artist of a history is */

    /* Optional: called after an object was written, from the thread that wrote it. */
    void (*raise)(void *context, struct li_text session, enum li_object written);
    void *raise_context;

    pthread_mutex_t locks[LI_SESSION_LOCKS]; /* one stage at a time for a session */

    /* Sessions whose tracks are being measured now, which lasts: measure.c. */
    pthread_mutex_t measuring_lock;
    pthread_cond_t measuring_ended;
    struct li_measuring *measuring;
    atomic_bool stopping;

    struct li_erasures erasures;
};

void li_pipeline_init(struct li_pipeline *pipeline);
void li_pipeline_clean_up(struct li_pipeline *pipeline);

/* Gives up what is being measured, now and from now on: the process is about to end. What was extracted
 * stays, and whoever asks for the profile next starts again. */
void li_pipeline_stop(struct li_pipeline *pipeline);

/* The moment at which a request begins, for those that make a session. When the session is erased after that
 * and in this process, they keep nothing and fail with LI_NOT_FOUND. */
uint64_t li_pipeline_moment(struct li_pipeline *pipeline);

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
    uint64_t begun;      /* Optional: li_pipeline_moment */
};
struct li_extract_response {
    json_t *document; /* top_tracks.json */
};
/* LI_INVALID for too few, too many or repeated artists; LI_NOT_FOUND for an id that the source does not know
 * when neither name and genres say what it is. */
LI_MUST_USE enum li_status li_pipeline_extract(struct li_pipeline *pipeline,
                                               const struct li_extract_request *request,
                                               struct li_extract_response *response, struct li_error *err);

/* ---- analyze: sounds that were measured -> top_tracks.json ---- */
struct li_sound_track {
    struct li_text file;          /* Required: its name or path */
    struct li_text title, artist; /* Optional: as its tags say; else they are read out of the name */
    const struct li_analysis *analysis;
};
struct li_analyze_request {
    struct li_text session;
    const struct li_sound_track *tracks;
    size_t track_count; /* 1..LI_TRACKS_MAX */
    uint64_t begun;     /* Optional: li_pipeline_moment */
};
struct li_analyze_response {
    json_t *document; /* top_tracks.json: every track weighs the same, whose it ever is */
};
/* Takes the place of what the session had. Silence is left out. LI_INVALID when nothing is left. */
LI_MUST_USE enum li_status li_pipeline_analyze(struct li_pipeline *pipeline,
                                               const struct li_analyze_request *request,
                                               struct li_analyze_response *response, struct li_error *err);

/* What was heard in one file, as a document for people's programs: {file, title, artist, duration_ms,
 * features
 * {...}, confidence {...}, tempo_alternative, calibrated, sound {...}, emotions [...]}, with the names and
 * ranges that listeners' tools know; loudness is in LUFS. New. */
json_t *li_sound_document(const struct li_sound_track *track, enum li_lang lang);

/* The same for a file that could not be read: {file, error}. New. */
json_t *li_sound_error_document(struct li_text file, const struct li_error *err);

/* {loudness: "LUFS", tempo: "BPM", duration_ms: "ms"}. New. */
json_t *li_sound_units(void);

/* Title and artist of a track: of its tags, else of its name: "07 - Nina Simone - Feeling Good.mp3". Views
 * into the track; artist may be empty. */
void li_sound_name(const struct li_sound_track *track, struct li_text *title, struct li_text *artist);

/* ---- submit: tracks that were measured elsewhere -> top_tracks.json ---- */
struct li_submit_track {
    struct li_text title;        /* Required */
    struct li_text artist;       /* Optional */
    int64_t duration_ms;         /* 0: unknown */
    struct li_features features; /* in range; NAN where unknown, at least one is known */
    double confidence;           /* 0..1, NAN: nobody said */
};
struct li_submit_request {
    struct li_text session;
    const struct li_submit_track *tracks;
    size_t track_count;                     /* 1..LI_TRACKS_MAX, with room for the artists' own */
    const struct li_artist_choice *artists; /* Optional: named beside them, as extract takes them */
    size_t artist_count;
    uint64_t begun; /* Optional: li_pipeline_moment */
};
struct li_submit_response {
    json_t *document; /* top_tracks.json */
};
/* Takes the place of what the session had. Every measured track weighs 1, and an artist that was named as
 * much as the LI_TRACKS_PER_ARTIST best-known tracks that stand for it; measured tracks of a named artist are
 * that artist's, in the place of what the source knows by the same title. A track that is there twice, by
 * title, artist and duration, is taken as it came first. LI_NOT_FOUND as extract says it. */
LI_MUST_USE enum li_status li_pipeline_submit(struct li_pipeline *pipeline,
                                              const struct li_submit_request *request,
                                              struct li_submit_response *response, struct li_error *err);

/* ---- transform: top_tracks.json -> enriched_tracks.json ---- */
struct li_transform_request {
    struct li_text session;
};
struct li_transform_response {
    json_t *document; /* enriched_tracks.json */
};
/* LI_NOT_FOUND when nothing was extracted, or it was erased or replaced meanwhile; LI_CORRUPT when what was
 * stored is torn or foreign. With a source that measures this lasts for seconds; other stages of the session
 * do not wait for it, and erasing the session ends it. */
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

/* ---- import: a listening history -> top_tracks.json and timeline.json ---- */
struct li_import_request {
    struct li_text session;
    const struct li_history *history; /* finished */
    double half_life_days; /* Optional: a play counts half after so many days, 0 = all count alike */
    enum li_lang lang;
    uint64_t begun; /* Optional: li_pipeline_moment */
};
struct li_import_response {
    json_t *document; /* {session_id, report, history, notes[], unknown_artists[], lookup} */
};
/* LI_NOT_FOUND when the source knows none of the artists. */
LI_MUST_USE enum li_status li_pipeline_import(struct li_pipeline *pipeline,
                                              const struct li_import_request *request,
                                              struct li_import_response *response, struct li_error *err);

struct li_timeline_request {
    struct li_text session;
    enum li_lang lang;
};
struct li_timeline_response {
    json_t *document; /* timeline.json in the language asked for */
};
/* LI_NOT_FOUND when the session was not made from a history. */
LI_MUST_USE enum li_status li_pipeline_timeline(struct li_pipeline *pipeline,
                                                const struct li_timeline_request *request,
                                                struct li_timeline_response *response, struct li_error *err);

/* ---- share, compare: numbers under a code that the listener gives away by choice ---- */
struct li_share_request {
    struct li_text session;
};
struct li_share_response {
    json_t *document; /* {code, expires_at} */
};
/* LI_NOT_FOUND when there is no profile. The same code again for the same session. */
LI_MUST_USE enum li_status li_pipeline_share(struct li_pipeline *pipeline,
                                             const struct li_share_request *request,
                                             struct li_share_response *response, struct li_error *err);

struct li_compare_request {
    struct li_text session;
    struct li_text with; /* somebody's code, or "past": the last year beside the years before */
    enum li_lang lang;
};
struct li_compare_response {
    json_t *document; /* {similarity, leaning, distance, headline, description, dimensions[], emotions[],
                         genres} */
};
/* LI_NOT_FOUND when either side has nothing to compare. */
LI_MUST_USE enum li_status li_pipeline_compare(struct li_pipeline *pipeline,
                                               const struct li_compare_request *request,
                                               struct li_compare_response *response, struct li_error *err);

/* Erases the session, and what it shares. LI_NOT_FOUND for the code of a share, which opens nothing else.
 * After a failure it can be asked again. */
LI_MUST_USE enum li_status li_pipeline_erase(struct li_pipeline *pipeline, struct li_text session,
                                             struct li_error *err);

/* Runs the stage that a written object starts: top_tracks -> transform, enriched_tracks -> profile; others
 * start nothing. */
LI_MUST_USE enum li_status li_pipeline_handle(struct li_pipeline *pipeline, struct li_text session,
                                              enum li_object written, struct li_error *err);

#endif
