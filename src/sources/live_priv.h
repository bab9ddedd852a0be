/* live_priv.h - the parts of the live source. */
#ifndef LI_SOURCES_LIVE_PRIV_H
#define LI_SOURCES_LIVE_PRIV_H

#include <stdatomic.h>

#include "base/pool.h"
#include "catalog/catalog.h"
#include "sources/answers.h"
#include "sources/cache.h"
#include "sources/live.h"
#include "sources/provider.h"

/* Ids of a provider's things: its name and its own id, "deezer:27". */
#define LI_DEEZER_PREFIX "deezer:"
#define LI_SPOTIFY_PREFIX "spotify:"

/* What measured, in the keys of what is kept: what another measured is measured again. Change the number
 * whenever src/audio gives other numbers within one version, new coefficients included (tools/calibrate). */
#define LI_LIVE_MEASURED_BY LI_VERSION "-1"

enum {
    LI_LIVE_ARTISTS_MAX = 16, /* prepared at once */
    LI_LIVE_TRACKS_KEPT = 10, /* of an artist */
    LI_LIVE_GENRES_MAX = 6,   /* tags kept of an artist */
};

/* The Spotify app's token, and which parts of the API it was found not to have. */
struct li_spotify {
    struct li_provider api, accounts;
    const char *client_id, *client_secret;
    pthread_mutex_t lock; /* of the token, held while one is fetched */
    char token[1024];
    int64_t expires_ms;
    atomic_bool no_top_tracks, no_features;
};

struct li_live {
    struct li_source base;
    enum li_live_mode mode;
    const struct li_catalog *catalog; /* may be NULL */
    struct li_net *outside;           /* public addresses only */
    struct li_net *inside;            /* private hosts that the owner named; NULL when there are none */
    struct li_arena texts;            /* addresses and host lists, for the life of the source */
    const char **inside_hosts;        /* NULL-terminated */
    struct li_provider deezer, musicbrainz, listenbrainz, reccobeats;
    struct li_spotify spotify;
    struct li_cache *cache;
    struct li_pool *analysts;     /* threads that decode and analyse, or wait for who does */
    struct li_decoders *decoders; /* NULL: the analysts' own threads decode */
};

/* The net that may ask this address, or NULL. */
struct li_net *li_live_net(const struct li_live *live, struct li_text url);

/* "deezer:27" -> "27"; empty when the id has another prefix. */
struct li_text li_live_own_id(struct li_text id, const char *prefix);

/* What the failure of a provider is for a listener: whatever it was, it is worth trying later. LI_NOT_FOUND
 * and LI_INVALID stay what they are. */
LI_MUST_USE enum li_status li_live_failure(enum li_status status, struct li_error *err);

/* ---- deezer.c ---- */

LI_MUST_USE enum li_status li_deezer_search(struct li_provider *deezer, struct li_text words,
                                            struct li_arena *arena, struct li_answer_artist **list,
                                            size_t *count, const struct li_watch *watch,
                                            struct li_error *err);

/* What is asked about one artist: set what is wanted. */
struct li_deezer_artist_wish {
    struct li_text id; /* Deezer's own */
    bool want_artist, want_tracks;
    struct li_answer_artist artist;
    struct li_answer_track *tracks;
    size_t track_count;
    enum li_status artist_status, tracks_status; /* out */
};
LI_MUST_USE enum li_status li_deezer_artists(struct li_provider *deezer, struct li_deezer_artist_wish *wishes,
                                             size_t count, struct li_arena *arena,
                                             const struct li_watch *watch, struct li_error *err);

struct li_deezer_track_wish {
    struct li_text id;
    struct li_answer_track track;
    enum li_status status; /* out */
};
/* Any number of tracks, in batches. Goes on after a track that Deezer does not know. */
LI_MUST_USE enum li_status li_deezer_tracks(struct li_provider *deezer, struct li_deezer_track_wish *wishes,
                                            size_t count, struct li_arena *arena,
                                            const struct li_watch *watch, struct li_error *err);

/* ---- musicbrainz.c, listenbrainz.c: genres ---- */

/* Who an artist of this name is: *found[i] is NULL when nobody of the name was found. *cut says that there
 * were more answers than MusicBrainz gives: who was not found may still be known. count up to
 * LI_LIVE_ARTISTS_MAX, one request. */
LI_MUST_USE enum li_status li_musicbrainz_find(struct li_provider *musicbrainz, const struct li_text *names,
                                               size_t count, struct li_arena *arena,
                                               struct li_answer_artist **found, bool *cut,
                                               struct li_error *err);

/* The artists with these MusicBrainz ids, in any order; unknown ones are left out. One request. */
LI_MUST_USE enum li_status li_listenbrainz_artists(struct li_provider *listenbrainz,
                                                   const struct li_text *mbids, size_t count,
                                                   struct li_arena *arena, struct li_answer_artist **list,
                                                   size_t *found, struct li_error *err);

/* ---- reccobeats.c ---- */

/* Features by ISRC: known[i] says whether out[i] was filled. */
LI_MUST_USE enum li_status li_reccobeats_features(struct li_provider *reccobeats, const struct li_text *isrcs,
                                                  size_t count, struct li_arena *arena, bool *known,
                                                  struct li_features *out, const struct li_watch *watch,
                                                  struct li_error *err);

/* ---- spotify.c ---- */

LI_MUST_USE enum li_status li_spotify_search(struct li_spotify *spotify, struct li_text words, size_t limit,
                                             struct li_arena *arena, struct li_answer_artist **list,
                                             size_t *count, struct li_error *err);
LI_MUST_USE enum li_status li_spotify_artist(struct li_spotify *spotify, struct li_text id,
                                             struct li_arena *arena, struct li_answer_artist *artist,
                                             struct li_error *err);
/* LI_UNSUPPORTED when the app does not have it, and from then on without asking. */
LI_MUST_USE enum li_status li_spotify_top_tracks(struct li_spotify *spotify, struct li_text id,
                                                 struct li_arena *arena, struct li_answer_track **list,
                                                 size_t *count, struct li_error *err);
LI_MUST_USE enum li_status li_spotify_features(struct li_spotify *spotify, const struct li_text *ids,
                                               size_t count, struct li_arena *arena,
                                               struct li_answer_features **list, size_t *found,
                                               const struct li_watch *watch, struct li_error *err);

/* ---- previews.c ---- */

struct li_preview {
    struct li_text url; /* Required */
    bool measured;      /* out */
    bool gone;          /* out: the address has expired; a fresh one may work */
    struct li_analysis analysis;
};

/* Fetches, decodes and analyses, several at once. progress is called with the previews that have ended, at
 * least each quarter of a second while the work lasts; false from it gives everything up. */
void li_previews_measure(struct li_live *live, struct li_preview *previews, size_t count,
                         bool (*progress)(void *context, size_t ended), void *context);

/* ---- live_search.c ---- */

enum li_status li_live_search(struct li_source *source, struct li_text words, size_t limit,
                              struct li_arena *arena, struct li_source_artist **artists, size_t *count,
                              struct li_error *err);

/* Sorts by how well the names fit the words, then by fans, then by id. */
void li_live_rank(struct li_answer_artist *artists, size_t count, struct li_text words);

/* The artist of exactly this name (folded) in the catalogue, in the arena, or NULL. */
const struct li_catalog_artist *li_live_in_catalog(const struct li_live *live, struct li_text name,
                                                   struct li_arena *arena);

/* The ids of Deezer's artists of this name, best first, from the cache or asked for. */
LI_MUST_USE enum li_status li_live_deezer_ids(struct li_live *live, struct li_text words,
                                              struct li_arena *arena, struct li_text *ids, size_t max,
                                              size_t *count, struct li_error *err);

/* The ids of a search that is kept; asks nobody. False when there is none. */
bool li_live_kept_ids(struct li_live *live, struct li_text words, struct li_arena *arena, struct li_text *ids,
                      size_t max, size_t *count);

/* Fans to 0..100, on a scale of powers of ten: 20 million are 100. -1 stays. */
int li_live_popularity(int64_t fans);

/* ---- live_artist.c ---- */

enum li_status li_live_prepare(struct li_source *source, const struct li_text *ids, size_t count,
                               struct li_error *err);
enum li_status li_live_find(struct li_source *source, struct li_text id, struct li_arena *arena,
                            struct li_source_artist *artist, struct li_error *err);
enum li_status li_live_top_tracks(struct li_source *source, struct li_text id, size_t limit,
                                  struct li_arena *arena, struct li_source_track **tracks, size_t *count,
                                  struct li_error *err);

/* An artist as it is kept, in and out of the cache. */
void li_live_keep_artist(struct li_live *live, struct li_text id, const struct li_answer_artist *artist);
bool li_live_kept_artist(struct li_live *live, struct li_text id, bool stale, struct li_arena *arena,
                         struct li_source_artist *out);

/* Tags that are worth keeping as genres: those that the model knows, and those that their provider calls
 * genres. Writes at most LI_LIVE_GENRES_MAX and returns how many. */
size_t li_live_choose_tags(const struct li_answer_artist *artist, struct li_text *out);

/* ---- live_genres.c ---- */

/* Sees to it that the genres of these artists (ids with names) are in the cache, when they can be had. */
void li_live_fetch_genres(struct li_live *live, const struct li_text *ids, const struct li_text *names,
                          size_t count);

/* The genres kept of an artist: false when nobody was asked yet. */
bool li_live_kept_genres(struct li_live *live, struct li_text id, struct li_arena *arena,
                         const struct li_text **genres, size_t *count);

/* ---- live_recording.c ---- */

/* The track that an ISRC names: kept, else asked of Deezer. LI_INVALID for what is no ISRC. */
enum li_status li_live_recording(struct li_source *source, struct li_text isrc, struct li_arena *arena,
                                 struct li_source_wanted *track, struct li_error *err);

/* ---- live_match.c ---- */

/* The artist that a name of a history means, asked of nobody: the catalogue's, else one that was found
 * before. */
enum li_status li_live_match(struct li_source *source, struct li_text name, struct li_arena *arena,
                             struct li_source_artist *artist, struct li_error *err);
enum li_status li_live_lookup(struct li_source *source, const struct li_text *names, size_t count,
                              struct li_arena *arena, struct li_source_artist *artists, bool *found,
                              size_t *asked, struct li_error *err);

/* Features that the catalogue has of a track of this title by an artist of this name, when they come from
 * there: measured or an imported table. */
bool li_live_catalog_features(const struct li_live *live, const struct li_source_wanted *track,
                              enum li_catalog_features_origin from, struct li_arena *arena,
                              struct li_features *out);

/* ---- live_features.c ---- */

enum li_status li_live_features(struct li_source *source, const struct li_source_wanted *tracks, size_t count,
                                const struct li_source_watch *watch, struct li_source_features *out,
                                struct li_error *err);

/* Keeps the address of a track's preview (empty: it has none) while it is valid, and its ISRC. */
void li_live_keep_track(struct li_live *live, const struct li_answer_track *track);

#endif
