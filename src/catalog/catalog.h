/* catalog.h - the artists that the product knows by itself, and finding them as people type.
 *
 * A catalogue is one flat read-only file (docs/catalogue.md; format.h) that is mapped into memory: opening it
 * reads nothing but its header, and processes share it. It is made by li_catalog_build from the tables in
 * data/, or row by row by a li_catalog_writer. Nothing in a file is believed: what lies out of bounds is not
 * there.
 *
 * A struct li_catalog is a handle to the current file and to a small overlay of artists met elsewhere. Every
 * function may be called from any thread, also while li_catalog_reload puts another file in place. Artists
 * are copied into the caller's arena and live as long as that does. */
#ifndef LI_CATALOG_CATALOG_H
#define LI_CATALOG_CATALOG_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

struct li_catalog;

enum {
    LI_CATALOG_SCHEMA = 2,      /* of the files that this code reads */
    LI_CATALOG_QUERY_MAX = 200, /* bytes of a query */
    LI_CATALOG_HITS_MAX = 10,   /* artists that a search gives at most */
    LI_CATALOG_ID_MAX = 96,     /* bytes of an artist's id; a track's is that, a slash, and as many again */
    LI_CATALOG_NAME_MAX = 512,  /* bytes of a name, alias, title or genre tag */
    LI_CATALOG_GENRES_MAX = 12, /* genre tags of an artist; there may be none */
    LI_CATALOG_ALIASES_MAX = 16,
    LI_CATALOG_TRACKS_MAX = 50,
    LI_CATALOG_POPULARITY_MAX = 100,
    LI_CATALOG_ARTISTS_MAX = 50 * 1000 * 1000,
    LI_CATALOG_YEAR_MIN = 1600,
    LI_CATALOG_YEAR_MAX = 2100,
};

/* Where the features of a track come from. */
enum li_catalog_features_origin {
    LI_CATALOG_FEATURES_NONE,
    LI_CATALOG_FEATURES_MEASURED, /* from sound, by us */
    LI_CATALOG_FEATURES_DATASET,  /* from an imported table */
};

struct li_catalog_track {
    struct li_text id; /* "daft-punk/one-more-time" */
    struct li_text title;
    int year;       /* of first release, 0 = unknown */
    int popularity; /* 0..100, -1 = unknown */
    enum li_catalog_features_origin features_from;
    struct li_features features; /* NAN = unknown; kept with the precision of a float */
};

struct li_catalog_artist {
    struct li_text id; /* "daft-punk": stable, lower-case ASCII letters, digits and hyphens */
    struct li_text name;
    int popularity; /* 0..100, -1 = unknown */
    const struct li_text *genres;
    size_t genre_count;
    const struct li_text *aliases;
    size_t alias_count;
    const struct li_catalog_track *tracks; /* best known first */
    size_t track_count;
};

/* Opens a catalogue file, or one that lies in memory and stays there until li_catalog_free. LI_CORRUPT when
 * it is no catalogue, is torn, or has another schema: the message says what to do. The caller owns *out. */
LI_MUST_USE enum li_status li_catalog_open_file(const char *path, struct li_catalog **out,
                                                struct li_error *err);
LI_MUST_USE enum li_status li_catalog_open_bytes(const void *bytes, size_t size, struct li_catalog **out,
                                                 struct li_error *err);

/* NULL is fine. No call may be under way. */
void li_catalog_free(struct li_catalog *catalog);

/* Puts another file in place: calls under way end with the old one, which then is unmapped; later ones use
 * the new one. On failure the old one stays. The overlay stays in either case. */
LI_MUST_USE enum li_status li_catalog_reload(struct li_catalog *catalog, const char *path,
                                             struct li_error *err);

/* Adds an artist that was met elsewhere (its texts are copied, its tracks are not) to the overlay, which is
 * searched together with the file. An artist with an id that is noted already takes its place; one of the
 * file's names (but for case, accents and spacing) is left out of the answers where the file's is found. Of
 * more than LI_CATALOG_NOTES_MAX the oldest is dropped. One whose id, name or lists are too long is not
 * noted. Its id may be any text ("deezer:27"). */
enum { LI_CATALOG_NOTES_MAX = 1024 };
void li_catalog_note(const struct li_catalog *catalog, const struct li_catalog_artist *artist);

/* The artist of the file with this id, in the arena, with its tracks; NULL when there is none. */
const struct li_catalog_artist *li_catalog_find(const struct li_catalog *catalog, struct li_text id,
                                                struct li_arena *arena);

/* The artists of the file in the order of their ids: index 0..artists-1; NULL behind them. */
const struct li_catalog_artist *li_catalog_at(const struct li_catalog *catalog, size_t index,
                                              struct li_arena *arena);

/* Finds up to limit (1..LI_CATALOG_HITS_MAX) artists by name or alias, best first: by closeness, then
 * popularity, then id. Case, accents, punctuation and spacing do not matter; the last word may be half typed;
 * words may stand in any order; one typing error is forgiven from 4 letters and two from 8. How, and the one
 * exception to that order: search.c. Writes the artists, without their tracks, to hits and their number
 * to *count; no match is LI_OK with 0. LI_INVALID when the query is longer than LI_CATALOG_QUERY_MAX bytes or
 * not UTF-8; an empty one finds nothing. The artists and the memory for the time of the call come from
 * scratch. */
LI_MUST_USE enum li_status li_catalog_search(const struct li_catalog *catalog, struct li_text query,
                                             size_t limit, const struct li_catalog_artist **hits,
                                             size_t *count, struct li_arena *scratch, struct li_error *err);

/* The artist that a name written elsewhere means: a whole name or alias, but for case, accents and spacing,
 * and one letter from 8 up; of several artists the first. NULL when none is surely meant. Without its tracks,
 * in scratch. */
const struct li_catalog_artist *li_catalog_match(const struct li_catalog *catalog, struct li_text name,
                                                 struct li_arena *scratch);

struct li_catalog_info {
    size_t artists, aliases, tracks, genre_tags; /* rows; genre_tags = different tags */
    size_t featured;                             /* tracks with features */
    size_t bytes, index_bytes;                   /* of the file, and of these for searching */
    char version[17]; /* hash of the content, hexadecimal: same rows, same version */
};

void li_catalog_get_info(const struct li_catalog *catalog, struct li_catalog_info *out);

/* Reads the whole file and compares its checksums. LI_CORRUPT names what is damaged. */
LI_MUST_USE enum li_status li_catalog_verify(const struct li_catalog *catalog, struct li_error *err);

/* Packs artists.tsv of the folder tables into a new catalogue file. Deterministic: same rows, same bytes. The
 * file appears whole or not at all. LI_INVALID names file, line and cell of the first mistake. */
LI_MUST_USE enum li_status li_catalog_build(const char *tables, const char *path, struct li_error *err);

/* Writing -------------------------------------------------------------------------------------------------
 *
 * A new file is written beside path and takes its place when it is whole; where a file is there already,
 * behind the links that lead to it, and with its permissions. Rows and their index are kept in memory until
 * then: some 600 bytes an artist with few tracks. */

struct li_catalog_writer;

LI_MUST_USE enum li_status li_catalog_writer_new(const char *path, struct li_catalog_writer **out,
                                                 struct li_error *err);

/* Told from time to time how far finish is: done of total, in artists. Optional. */
void li_catalog_writer_watch(struct li_catalog_writer *writer,
                             void (*progress)(void *context, size_t done, size_t total), void *context);

/* Adds one artist; its texts are copied. Ids must come strictly ascending (by li_text_compare). LI_INVALID,
 * and the writer is as it was, for an id that is no id (li_catalog_valid_id) or not behind the last one, a
 * text that is empty, too long or not UTF-8, a number out of its range, too many genres, aliases or tracks,
 * or a track whose id is not the artist's id, a slash and such an id. */
LI_MUST_USE enum li_status li_catalog_writer_add(struct li_catalog_writer *writer,
                                                 const struct li_catalog_artist *artist,
                                                 struct li_error *err);

/* Builds the index and puts the file in place. info may be NULL. LI_INVALID when there is no artist. After
 * it, whatever it returned, only li_catalog_writer_free may be called. */
LI_MUST_USE enum li_status li_catalog_writer_finish(struct li_catalog_writer *writer,
                                                    struct li_catalog_info *info, struct li_error *err);

/* NULL is fine. Without a finish nothing remains of the new file. */
void li_catalog_writer_free(struct li_catalog_writer *writer);

/* True for 1 to LI_CATALOG_ID_MAX lower-case ASCII letters, digits and single hyphens between them. */
bool li_catalog_valid_id(struct li_text id);

/* An id made of a name or title: folded, with hyphens; of a text in another script or without letters its
 * hash; a long one is cut and ends in its hash. At most 80 bytes, always a valid id, in the arena. */
struct li_text li_catalog_slug(struct li_text text, struct li_arena *arena);

#endif
