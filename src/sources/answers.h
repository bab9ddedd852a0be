/* answers.h - the providers' answers, from bytes to structs: pure functions, one file a provider.
 *
 * Every reader takes bytes of any kind and believes nothing: members may be missing, of another type or too
 * long. An entry without what we need is passed over; an answer that is not the right thing at all is
 * LI_CORRUPT. What a provider says about a failure of its own becomes a status:
 *
 *   LI_BUSY         too many requests, or busy: the same question may be asked again, a little later
 *   LI_NOT_FOUND    there is no such thing
 *   LI_UNSUPPORTED  we are not allowed to ask this
 *   LI_INVALID      it does not take our question
 *   LI_CORRUPT      this is no answer of this provider (a page of HTML, half a document)
 *
 * Texts are copied into the arena: valid UTF-8 without control characters, within the bounds below. Lists
 * hold at most LI_ANSWER_LIST_MAX entries. */
#ifndef LI_SOURCES_ANSWERS_H
#define LI_SOURCES_ANSWERS_H

#include <listening.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/status.h"
#include "base/text.h"

enum {
    LI_ANSWER_LIST_MAX = 100,
    LI_ANSWER_ID_MAX = 64,
    LI_ANSWER_NAME_MAX = 512,
    LI_ANSWER_TAG_MAX = 256,
    LI_ANSWER_TAGS_MAX = 16,
    LI_ANSWER_URL_MAX = 2000,
};

struct li_answer_artist {
    struct li_text id, name;
    struct li_text image; /* https address, or empty */
    int64_t fans;         /* -1 = not told */
    int score;            /* 0..100 how well it fits what was asked, -1 = not told */
    struct li_text tags[LI_ANSWER_TAGS_MAX];
    bool is_genre[LI_ANSWER_TAGS_MAX]; /* whether the provider says that this tag is a genre */
    size_t tag_count;
};

struct li_answer_track {
    struct li_text id, title;
    struct li_text artist;  /* name, may be empty */
    struct li_text preview; /* address of a preview, or empty */
    struct li_text isrc;    /* or empty */
    int year;               /* 0 = not told */
};

/* Features that a provider tells of one track. */
struct li_answer_features {
    struct li_text id;   /* the provider's own */
    struct li_text isrc; /* or empty */
    struct li_features features;
};

struct li_answer_token {
    struct li_text token;
    long expires_s;
};

/* ---- deezer_answer.c ---- */

LI_MUST_USE enum li_status li_deezer_read_artists(struct li_text body, struct li_arena *arena,
                                                  struct li_answer_artist **list, size_t *count,
                                                  struct li_error *err);
LI_MUST_USE enum li_status li_deezer_read_artist(struct li_text body, struct li_arena *arena,
                                                 struct li_answer_artist *artist, struct li_error *err);
LI_MUST_USE enum li_status li_deezer_read_tracks(struct li_text body, struct li_arena *arena,
                                                 struct li_answer_track **list, size_t *count,
                                                 struct li_error *err);
LI_MUST_USE enum li_status li_deezer_read_track(struct li_text body, struct li_arena *arena,
                                                struct li_answer_track *track, struct li_error *err);

/* ---- musicbrainz_answer.c: artists with their tags, best score first ---- */

LI_MUST_USE enum li_status li_musicbrainz_read_artists(struct li_text body, struct li_arena *arena,
                                                       struct li_answer_artist **list, size_t *count,
                                                       struct li_error *err);

/* ---- listenbrainz_answer.c: artists (id = MusicBrainz id) with their tags, the most given first ---- */

LI_MUST_USE enum li_status li_listenbrainz_read_artists(struct li_text body, struct li_arena *arena,
                                                        struct li_answer_artist **list, size_t *count,
                                                        struct li_error *err);

/* ---- reccobeats_answer.c ---- */

/* Tracks by ISRC: id and isrc are filled. */
LI_MUST_USE enum li_status li_reccobeats_read_tracks(struct li_text body, struct li_arena *arena,
                                                     struct li_answer_track **list, size_t *count,
                                                     struct li_error *err);
LI_MUST_USE enum li_status li_reccobeats_read_features(struct li_text body, struct li_arena *arena,
                                                       struct li_answer_features **list, size_t *count,
                                                       struct li_error *err);

/* ---- spotify_answer.c ---- */

LI_MUST_USE enum li_status li_spotify_read_token(struct li_text body, struct li_arena *arena,
                                                 struct li_answer_token *token, struct li_error *err);
LI_MUST_USE enum li_status li_spotify_read_artists(struct li_text body, struct li_arena *arena,
                                                   struct li_answer_artist **list, size_t *count,
                                                   struct li_error *err);
LI_MUST_USE enum li_status li_spotify_read_artist(struct li_text body, struct li_arena *arena,
                                                  struct li_answer_artist *artist, struct li_error *err);
LI_MUST_USE enum li_status li_spotify_read_tracks(struct li_text body, struct li_arena *arena,
                                                  struct li_answer_track **list, size_t *count,
                                                  struct li_error *err);
LI_MUST_USE enum li_status li_spotify_read_features(struct li_text body, struct li_arena *arena,
                                                    struct li_answer_features **list, size_t *count,
                                                    struct li_error *err);

/* Whether an error body says that the quota is spent ({"error": {"reason": "QUOTA_EXCEEDED"}}). */
bool li_spotify_quota_spent(struct li_text body);

/* ---- answers.c: what the readers share ---- */

/* Parses a body into a document. LI_CORRUPT with the provider's name when it is no JSON object or array. */
LI_MUST_USE enum li_status li_answer_parse(const char *provider, struct li_text body, json_t **out,
                                           struct li_error *err);

/* Reads one entry of a list; false: it lacks what we need. Whatever it left in *out is not looked at then. */
typedef bool li_answer_artist_reader(const json_t *entry, struct li_arena *arena,
                                     struct li_answer_artist *out);
typedef bool li_answer_track_reader(const json_t *entry, struct li_arena *arena, struct li_answer_track *out);

/* The entries that can be read. LI_CORRUPT for what is no list, and for a list in which nothing can be read:
 * that is no empty one. */
LI_MUST_USE enum li_status li_answer_artists(const char *provider, const json_t *entries,
                                             li_answer_artist_reader *read_one, struct li_arena *arena,
                                             struct li_answer_artist **list, size_t *count,
                                             struct li_error *err);
LI_MUST_USE enum li_status li_answer_tracks(const char *provider, const json_t *entries,
                                            li_answer_track_reader *read_one, struct li_arena *arena,
                                            struct li_answer_track **list, size_t *count,
                                            struct li_error *err);

/* The same for features: those of entries with an id and at least one feature. An entry that is null, or has
 * an id and no feature, is read as one of which nothing is known. */
LI_MUST_USE enum li_status li_answer_features_list(const char *provider, const json_t *entries,
                                                   struct li_arena *arena, struct li_answer_features **list,
                                                   size_t *count, struct li_error *err);

/* A text, trimmed, in the arena; empty when it is absent, too long, or holds control characters. */
struct li_text li_answer_string(const json_t *value, size_t max, struct li_arena *arena);
struct li_text li_answer_text(const json_t *object, const char *name, size_t max, struct li_arena *arena);

/* An id member: a whole number or a text of [A-Za-z0-9-_]; empty for anything else. */
struct li_text li_answer_id(const json_t *object, const char *name, struct li_arena *arena);

/* An address that begins with https:// (or http:// for a stand-in), of plain printable ASCII. */
struct li_text li_answer_url(const json_t *object, const char *name, struct li_arena *arena);

/* The year of a date such as "2013-04-19" or "2013"; 0 for anything else. */
int li_answer_year(const json_t *object, const char *name);

/* A number between min and max, or NAN. */
double li_answer_number(const json_t *object, const char *name, double min, double max);

/* Reads "tags" as [{count, name}] into the artist, the most given first. A tag given less often than once is
 * passed over. */
void li_answer_tags(const json_t *tags, struct li_arena *arena, struct li_answer_artist *artist);

/* The ten features under their usual names; false when none of them is there. */
bool li_answer_features(const json_t *object, struct li_features *out);

#endif
