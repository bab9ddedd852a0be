/* pipeline_priv.h - what the stages share: session documents in and out of the store. */
#ifndef LI_PIPELINE_PRIV_H
#define LI_PIPELINE_PRIV_H

#include "base/json.h"
#include "pipeline/pipeline.h"

/* Version of the whole computation: changes when the same artists would give another profile. */
#define LI_MODEL "listening-1"

/* A share of a genre family that is worth naming beside another taste. */
#define LI_GENRE_LEAST 0.02

/* A history is set beside its past when it is longer than this. */
enum { LI_MONTHS_A_YEAR = 12 };

/* Reads a session object and checks that it is one of ours: JSON, of this session. The caller owns *out. */
LI_MUST_USE enum li_status li_document_load(struct li_pipeline *pipeline, struct li_text session,
                                            enum li_object object, json_t **out,
                                            struct li_store_version *version, struct li_error *err);

/* Writes a document and raises its event. */
LI_MUST_USE enum li_status li_document_save(struct li_pipeline *pipeline, struct li_text session,
                                            enum li_object object, const json_t *document,
                                            struct li_error *err);

/* Whether two documents of a session were made from the same choice of artists by the same model. */
bool li_document_same_run(const json_t *a, const json_t *b);

/* Loads output when it is there and of the same run as input; else NULL. The caller owns the result. */
json_t *li_document_load_made(struct li_pipeline *pipeline, struct li_text session, enum li_object output,
                              const json_t *input);

/* After output was written: takes it back when its input was erased or replaced meanwhile, so that erasing
 * leaves nothing behind and no profile of older artists stands. LI_NOT_FOUND then. */
LI_MUST_USE enum li_status li_document_confirm(struct li_pipeline *pipeline, struct li_text session,
                                               enum li_object output, const json_t *made,
                                               struct li_error *err);

/* timeline.json of a session's history, in both languages. LI_NOT_FOUND when the session was not made from
 * one, or was given other artists since. The caller owns *out. */
LI_MUST_USE enum li_status li_timeline_load(struct li_pipeline *pipeline, struct li_text session,
                                            json_t **out, struct li_error *err);

/* "This stored object cannot be read" for a document whose shape is not ours. */
enum li_status li_document_foreign(struct li_error *err);

/* {id, name, genres[], image, popularity, source}. New. */
json_t *li_artist_document(const struct li_source_artist *artist);

/* {danceability, energy, ...}; null where a feature is unknown. New. */
json_t *li_features_document(const struct li_features *features);

/* The weight of an artist in the profile: its "weight" when it has one (in sessions made of files the tracks
 * that the listener brought, in histories what its plays make of it), else 1. NAN when that is none of ours.
 */
double li_artist_weight(const json_t *artist);

/* top_tracks.json of these artists and tracks, which are borrowed. New. */
json_t *li_top_tracks_document(struct li_pipeline *pipeline, struct li_text session, json_t *artists,
                               json_t *tracks);

/* Keeps top_tracks.json in place of all that the session had, and raises its event; with the timeline.json
 * that belongs to it, when it is of a history (else NULL). When the first cannot be kept, the session stays
 * as it was. begun: see li_pipeline_moment. */
LI_MUST_USE enum li_status li_top_tracks_save(struct li_pipeline *pipeline, struct li_text session,
                                              uint64_t begun, const json_t *document, const json_t *timeline,
                                              struct li_error *err);

/* The same, and hands the document on: *out is it, or it is released on failure. */
LI_MUST_USE enum li_status li_top_tracks_keep(struct li_pipeline *pipeline, struct li_text session,
                                              uint64_t begun, json_t *document, json_t **out,
                                              struct li_error *err);

/* What may be named as a session's artists. LI_INVALID for too few, too many or repeated ones. */
LI_MUST_USE enum li_status li_choices_check(const struct li_artist_choice *choices, size_t count,
                                            struct li_error *err);

/* Finds the artists that were named and adds them, and their best-known tracks, to these lists. */
LI_MUST_USE enum li_status li_choices_find(struct li_pipeline *pipeline,
                                           const struct li_artist_choice *choices, size_t count,
                                           json_t *artists, json_t *tracks, struct li_error *err);

/* The artist of measured tracks that has this name, however written; added with weight 0 when it is new. An
 * empty name is an unknown artist's. Borrowed. */
json_t *li_measured_artist(json_t *artists, struct li_text name, struct li_arena *arena);

/* An artist's name as a profile says it: as it was given, the unknown artist's in both languages. `of` holds
 * the artist's id and name under these keys. New. */
json_t *li_artist_label(const json_t *of, const char *id_key, const char *name_key);

/* Adds a measured track, which adds 1 to its artist's weight; number: from 1, of no other. Borrowed. */
json_t *li_measured_track(json_t *tracks, size_t number, json_t *artist, struct li_text title,
                          const struct li_features *features);

/* Copies a member of one object into another, when it is there. */
void li_document_copy(json_t *to, const json_t *from, const char *name);

/* Remembers that the session is erased now, before it is: of all sessions the newest LI_ERASURES_MAX are
 * known. */
void li_erasures_note(struct li_pipeline *pipeline, struct li_text session);

/* Whether the session was erased after this moment; never after 0. */
bool li_erasures_since(struct li_pipeline *pipeline, struct li_text session, uint64_t moment);

void li_session_lock(struct li_pipeline *pipeline, struct li_text session);
void li_session_unlock(struct li_pipeline *pipeline, struct li_text session);

/* One session whose tracks are being measured. */
struct li_measuring {
    struct li_measuring *next;
    struct li_pipeline *pipeline;
    struct li_text session;
    struct li_store_version version; /* of the top_tracks.json it works on */
    size_t done, total;              /* tracks; under the pipeline's measuring_lock */
    int64_t looked_ns;               /* when it was last seen that the session is still there */
};

/* Enters the session. False when another thread was in it: that one has ended by now, and its outcome may be
 * in the store. */
bool li_measuring_begin(struct li_pipeline *pipeline, struct li_measuring *entry);
void li_measuring_end(struct li_pipeline *pipeline, struct li_measuring *entry);

/* Whether the session is being measured, and how far that is. */
bool li_measuring_progress(struct li_pipeline *pipeline, struct li_text session, size_t *done, size_t *total);

/* Asks the source for the features of the tracks that came without: one entry a track of the document, in the
 * arena. LI_NOT_FOUND when the session was erased or started again meanwhile. */
LI_MUST_USE enum li_status li_measure_tracks(struct li_measuring *entry, const json_t *top,
                                             struct li_arena *arena, struct li_source_features **out,
                                             struct li_error *err);

/* What a profile is made of, read out of an enriched document. Views and borrowed references live as long as
 * the document and the arena. */
struct li_piece {
    struct li_evidence evidence;
    const struct li_reading *reading; /* of a read track; NULL for an artist's estimate */
    size_t artist;                    /* index in the document's artists */
    json_t *track;                    /* borrowed; NULL for an estimate */
    struct li_features features, spread;
};
struct li_pieces {
    json_t *artists; /* borrowed */
    size_t artist_count;
    struct li_piece *list;
    size_t count;
    double total; /* sum of weights */
};

/* LI_CORRUPT when the document is not of our shape. */
LI_MUST_USE enum li_status li_pieces_read(const json_t *enriched, struct li_arena *arena,
                                          struct li_pieces *out, struct li_error *err);

/* The reasons for one emotion: terms of read tracks, genres of estimates, then artists and tracks. New. */
json_t *li_because(const struct li_pieces *pieces, const struct li_profile *profile, size_t emotion);

/* The genre families of the taste by falling share: [{id, label, share}]. New. */
json_t *li_genre_shares(const struct li_pieces *pieces);

/* profile.json, in both languages, from enriched_tracks.json. The caller owns *out. */
LI_MUST_USE enum li_status li_profile_make(const json_t *enriched, json_t **out, struct li_error *err);

/* A copy of a document in one language: every object of exactly "en" and "fr" becomes that string. */
json_t *li_localise(const json_t *document, enum li_lang lang);

/* {"en": ..., "fr": ...} */
json_t *li_bilingual(const char *en, const char *fr);

/* The same of an emotion's or a genre's label. */
json_t *li_label(const char *const label[LI_LANG_COUNT]);

#endif
