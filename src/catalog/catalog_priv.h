/* catalog_priv.h - what the files of this room share; no other room includes it. */
#ifndef LI_CATALOG_CATALOG_PRIV_H
#define LI_CATALOG_CATALOG_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "catalog/catalog.h"
#include "catalog/tsv.h"

/* What a catalogue may hold, for the builder and for the reader of files that others made. */
enum {
    ID_MAX = 96, /* bytes of an artist's id */
    POPULARITY_MAX = 100,
    GENRES_MIN = 2,
    YEAR_MIN = 1600,
    YEAR_MAX = 2100,
    ARTISTS_MAX = 1 << 20,
    CATALOG_BYTES_MAX = 1 << 30,
};

/* The tables that the reader asks for, word for word as sqlite_schema keeps them. */
enum { APPLICATION_ID = 0x4c496361 }; /* "LIca" */
enum table { TABLE_CATALOG, TABLE_ARTISTS, TABLE_GENRES, TABLE_ALIASES, TABLE_TRACKS, TABLE_COUNT };
struct table_schema {
    const char *name, *sql;
};
extern const struct table_schema li_catalog_tables[TABLE_COUNT];

/* build.c <- artists.c, pack.c -------------------------------------------------------------------------- */

/* The bytes of one of the tables, and the table. */
struct source_table {
    const char *file; /* "artists.tsv" */
    struct li_text bytes;
    struct li_tsv tsv;
};

/* Fails with LI_INVALID and "artists.tsv:12:genre_2: what is wrong". row from 0; column may be NULL. */
enum li_status li_catalog_fail_cell(struct li_error *err, const struct source_table *table, size_t row,
                                    const char *column, const char *format, ...) LI_PRINTF(5, 6);

/* Checks every row of artists.tsv. *out are the artists in the order of their ids, in the arena. */
LI_MUST_USE enum li_status li_catalog_read_artists(const struct source_table *table, struct li_arena *arena,
                                                   struct li_catalog_artist **out, size_t *count,
                                                   struct li_error *err);

/* True for 1 to ID_MAX lower-case ASCII letters, digits and single hyphens between them. */
bool li_catalog_valid_id(struct li_text id);

/* The bytes of the SQLite file; free with sqlite3_free. others: tables packed with their own columns. */
struct pack_input {
    const struct li_catalog_artist *artists;
    size_t artist_count;
    const struct source_table *others;
    size_t other_count;
    const char *version; /* 16 hexadecimal digits */
};
LI_MUST_USE enum li_status li_catalog_pack(const struct pack_input *input, unsigned char **bytes,
                                           size_t *size, struct li_error *err);

/* Reads a whole file of at most max bytes into malloc'ed memory. */
LI_MUST_USE enum li_status li_catalog_read_file(const char *path, size_t max, char **bytes, size_t *size,
                                                struct li_error *err);

/* Makes room for one more item: doubles the array when count has reached capacity. False when memory is out.
 */
bool li_catalog_grow(void **items, size_t count, size_t *capacity, size_t item_size);

/* The search index ---------------------------------------------------------------------------------------
 *
 * A key is one folded name or alias without its spaces, as code points: its letters. Every place where a word
 * of a key begins is a word; the text of a word runs to the end of its key, so "led zeppelin" has the words
 * "ledzeppelin" and "zeppelin". */

enum {
    KEY_LETTERS_MAX = 256, /* longer names are cut, in keys and in queries alike */
    KEY_WORDS_MAX = 64,
    GRAM_BUCKETS = 4096,
    GRAM_LETTERS = 64, /* letters of a key that the gram index knows */
    GRAMS_MAX = GRAM_LETTERS + KEY_WORDS_MAX,
};

struct spelling {
    uint32_t letters[KEY_LETTERS_MAX];
    uint16_t start[KEY_WORDS_MAX]; /* where each word begins in letters */
    size_t length, words;
};

/* Folds a text and takes it apart. Words beyond KEY_WORDS_MAX run together. */
void li_index_spell(struct li_text text, struct spelling *out);

struct index_key {
    uint32_t artist;
    uint32_t letters;    /* where its letters begin in the index's letters */
    uint32_t first_word; /* its words stand one after another */
    uint16_t length, words;
    bool alias;
};

struct index_word {
    uint32_t key;
    uint16_t at;   /* letters of the key before it */
    bool leading;  /* nothing but an article before it: "beatles" in "the beatles" */
    uint32_t mask; /* li_index_mask of its text */
};

struct search_index {
    uint32_t *letters;
    size_t letter_count, letter_capacity;
    struct index_key *keys;
    size_t key_count, key_capacity;
    struct index_word *words;
    size_t word_count, word_capacity;
    uint32_t *sorted;     /* words by their text; equal ones by number */
    uint32_t *gram_start; /* GRAM_BUCKETS + 2: where the list of each bucket begins in gram_keys */
    uint32_t *gram_keys;  /* the keys that have a gram of the bucket */
};

struct li_catalog {
    struct li_arena arena; /* the texts */
    struct li_catalog_artist *artists;
    struct li_text *genres, *aliases; /* of all artists, one after another */
    struct li_catalog_track *tracks;
    struct li_catalog_info info;
    struct search_index index;
};

/* Fills everything but the index from an SQLite file whose header is right. What was read before a failure
 * stays the catalogue's, to be freed with it. */
LI_MUST_USE enum li_status li_catalog_load(struct li_catalog *catalog, const unsigned char *bytes,
                                           size_t size, struct li_error *err);

/* False when memory is out; li_index_free then still is to be called. */
bool li_index_build(struct search_index *index, const struct li_catalog_artist *artists, size_t count);
void li_index_free(struct search_index *index);

/* The words whose text begins with these letters: sorted[*low] .. sorted[*high - 1]. */
void li_index_find(const struct search_index *index, const uint32_t *letters, size_t length, size_t *low,
                   size_t *high);

/* The buckets of the grams of a text: its pairs of neighbouring letters, and for each word its first letter.
 * buckets has room for GRAMS_MAX; a bucket may stand there more than once. */
size_t li_index_grams(const uint32_t *letters, size_t length, const uint16_t *starts, size_t words,
                      uint16_t *buckets);

/* One bit for each letter that occurs. Letters share bits: a bit that is not set is a letter that is not
 * there. */
uint32_t li_index_mask(const uint32_t *letters, size_t length);

/* Typing errors between two texts, at most max of them; max + 1 stands for more. whole: to reach the whole of
 * text; begin: to reach the nearest of its beginnings. */
struct distance {
    unsigned whole, begin;
};
enum { ERRORS_MAX = 2 };
struct distance li_distance_measure(const uint32_t *typed, size_t typed_length, const uint32_t *text,
                                    size_t text_length, unsigned max);

/* Ranking ----------------------------------------------------------------------------------------------- */

/* How a query and a name fit, closest first. */
enum closeness {
    FIT_NAME,         /* the whole name */
    FIT_ALIAS,        /* a whole alias, or the name but for spaces or its article */
    FIT_NAME_BEGINS,  /* the beginning of the name */
    FIT_ALIAS_BEGINS, /* the beginning of an alias */
    FIT_WORDS,        /* whole words of it, in any order; the last perhaps half typed */
    FIT_ONE_WHOLE,    /* the whole, with one typing error */
    FIT_ONE_PART,     /* a beginning or some of its words, with one typing error */
    FIT_TWO_WHOLE,
    FIT_TWO_PART,
};

/* The artists found by one query, each with its best fit. */
struct ranking {
    const struct li_catalog *catalog;
    unsigned char *fit; /* of each artist: 0 = not found, else closeness + 1 */
    uint32_t *found;
    size_t found_count;
};

/* False when memory is out. */
bool li_ranking_start(struct ranking *ranking, const struct li_catalog *catalog, struct li_arena *scratch);
void li_ranking_offer(struct ranking *ranking, uint32_t artist, enum closeness fit);

/* Writes the best limit artists; returns how many there are. */
size_t li_ranking_best(const struct ranking *ranking, size_t limit, const struct li_catalog_artist **hits);

#endif
