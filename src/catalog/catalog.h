/* catalog.h - the artists that the product knows by itself, and finding them as people type.
 *
 * A catalogue is one read-only SQLite file, made by li_catalog_build from the tables in data/. It is opened
 * once and never changes: every function that takes a const catalogue may be called from any thread. Artists
 * and their texts belong to the catalogue and live until li_catalog_free. */
#ifndef LI_CATALOG_CATALOG_H
#define LI_CATALOG_CATALOG_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

struct li_catalog;

enum {
    LI_CATALOG_SCHEMA = 1,      /* PRAGMA user_version of a file that this code reads */
    LI_CATALOG_QUERY_MAX = 200, /* bytes of a query */
    LI_CATALOG_HITS_MAX = 10,   /* artists that a search gives at most */
    LI_CATALOG_NAME_MAX = 512,  /* bytes of a name, alias or title */
    LI_CATALOG_GENRES_MAX = 6,  /* genre tags of an artist */
    LI_CATALOG_ALIASES_MAX = 6,
    LI_CATALOG_TRACKS_MAX = 8,
};

struct li_catalog_track {
    struct li_text id; /* "daft-punk/one-more-time" */
    struct li_text title;
    int year; /* of first release, 0 = unknown */
};

struct li_catalog_artist {
    struct li_text id; /* "daft-punk": stable, lower-case ASCII letters, digits and hyphens */
    struct li_text name;
    int popularity; /* 0..100 */
    const struct li_text *genres;
    size_t genre_count;
    const struct li_text *aliases;
    size_t alias_count;
    const struct li_catalog_track *tracks;
    size_t track_count;
};

/* Opens a catalogue file, or one that lies in memory and stays there until li_catalog_free. LI_CORRUPT when
 * it is no catalogue, is torn, or has another schema: the message says what to do. The caller owns *out. */
LI_MUST_USE enum li_status li_catalog_open_file(const char *path, struct li_catalog **out,
                                                struct li_error *err);
LI_MUST_USE enum li_status li_catalog_open_bytes(const void *bytes, size_t size, struct li_catalog **out,
                                                 struct li_error *err);

/* NULL is fine. */
void li_catalog_free(struct li_catalog *catalog);

/* The artist with this id, or NULL. */
const struct li_catalog_artist *li_catalog_find(const struct li_catalog *catalog, struct li_text id);

/* Finds up to limit (1..LI_CATALOG_HITS_MAX) artists by name or alias, best first: by closeness, then
 * popularity, then id. Case, accents, punctuation and spacing do not matter; the last word may be half typed;
 * words may stand in any order; one typing error is forgiven from 4 letters and two from 8 (docs in
 * search.c). Writes the artists to hits and their number to *count; no match is LI_OK with 0. LI_INVALID when
 * the query is longer than LI_CATALOG_QUERY_MAX bytes or not UTF-8; an empty one finds nothing. scratch holds
 * memory for the time of the call. */
LI_MUST_USE enum li_status li_catalog_search(const struct li_catalog *catalog, struct li_text query,
                                             size_t limit, const struct li_catalog_artist **hits,
                                             size_t *count, struct li_arena *scratch, struct li_error *err);

/* The artist that a name written elsewhere means: a whole name or alias, but for case, accents and spacing,
 * and one letter from 8 up; of several artists the first. NULL when none is surely meant. */
const struct li_catalog_artist *li_catalog_match(const struct li_catalog *catalog, struct li_text name,
                                                 struct li_arena *scratch);

/* The artists in the order of their ids: index 0..artists-1. */
const struct li_catalog_artist *li_catalog_at(const struct li_catalog *catalog, size_t index);

struct li_catalog_info {
    size_t artists, aliases, tracks, genre_tags; /* rows; genre_tags = different tags */
    size_t bytes;                                /* of the file */
    char version[17]; /* hash of the content, hexadecimal: same tables, same version */
};

void li_catalog_get_info(const struct li_catalog *catalog, struct li_catalog_info *out);

/* Packs artists.tsv, genres.tsv, genre_aliases.tsv and emotions.tsv of the folder tables into a new catalogue
 * file. Deterministic: same tables, same bytes. The file appears whole or not at all. LI_INVALID names file,
 * line and cell of the first mistake. */
LI_MUST_USE enum li_status li_catalog_build(const char *tables, const char *path, struct li_error *err);

#endif
