/* catalog_priv.h - what the files of this room share; no other room includes it. */
#ifndef LI_CATALOG_CATALOG_PRIV_H
#define LI_CATALOG_CATALOG_PRIV_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "catalog/catalog.h"
#include "catalog/format.h"
#include "catalog/tsv.h"

/* build.c <- artists.c ---------------------------------------------------------------------------------- */

/* The bytes of a table, and the table. */
struct source_table {
    const char *file; /* "artists.tsv" */
    struct li_text bytes;
    struct li_tsv tsv;
};

/* Checks every row of artists.tsv. *out are the artists in the order of their ids, in the arena. */
LI_MUST_USE enum li_status li_catalog_read_artists(const struct source_table *table, struct li_arena *arena,
                                                   struct li_catalog_artist **out, size_t *count,
                                                   struct li_error *err);

/* file.c: a catalogue file in memory --------------------------------------------------------------------- */

struct section_view {
    const unsigned char *data;
    size_t size;
};

struct catalog_file {
    atomic_size_t users;
    const unsigned char *bytes;
    size_t size;
    bool mapped;
    struct section_view section[SECTION_COUNT];
    struct li_catalog_info info;
    size_t keys, words; /* that all of their sections have */
};

/* Checks the header and the bounds of the sections, nothing else. The caller holds the one use of *out. */
LI_MUST_USE enum li_status li_file_map(const char *path, struct catalog_file **out, struct li_error *err);
LI_MUST_USE enum li_status li_file_wrap(const void *bytes, size_t size, struct catalog_file **out,
                                        struct li_error *err);

/* Gives one use back; the last one unmaps the file. NULL is fine. */
void li_file_drop(struct catalog_file *file);

LI_MUST_USE enum li_status li_file_verify(const struct catalog_file *file, struct li_error *err);

/* A number of a section; 0 beyond its end: whoever uses it as a place looks again. */
static inline uint32_t li_file_u32(const struct catalog_file *file, enum section section, size_t index) {
    const struct section_view *view = &file->section[section];
    return index < view->size / 4 ? li_get32(view->data + 4 * index) : 0;
}

/* rows.c: one artist ------------------------------------------------------------------------------------- */

/* A buffer that grows; failed stays set when memory is out. */
struct bytes {
    unsigned char *data;
    size_t size, capacity;
    bool failed;
};

/* Room for size more bytes at the end, or NULL. */
unsigned char *li_bytes_extend(struct bytes *bytes, size_t size);
void li_bytes_put(struct bytes *bytes, const void *data, size_t size);

/* Checks an artist as li_catalog_writer_add says, but for the order of ids. foreign: its id may be any text,
 * and it has no tracks. */
LI_MUST_USE enum li_status li_row_check(const struct li_catalog_artist *artist, bool foreign,
                                        struct li_error *err);

/* Adds the row of a checked artist; tags are the numbers of its genres. */
void li_row_write(struct bytes *out, const struct li_catalog_artist *artist, const uint32_t *tags);

/* The artist of a number, copied into the arena; NULL when there is none, or its row is damaged. */
const struct li_catalog_artist *li_row_read(const struct catalog_file *file, size_t artist, bool with_tracks,
                                            struct li_arena *arena);

/* The number of the artist with an id; false when there is none. */
bool li_row_find(const struct catalog_file *file, struct li_text id, size_t *artist);

/* spell.c: texts as they are searched for ---------------------------------------------------------------- */

enum {
    KEY_LETTERS_MAX = 256, /* longer names are cut, in keys and in queries alike */
    KEY_WORDS_MAX = 64,
    KEY_TEXT_MAX = 4 * KEY_LETTERS_MAX + KEY_WORDS_MAX, /* bytes of a key's text */
};

/* A folded text taken apart: its letters without spaces, as code points. The text of a word runs from there
 * to the end: "led zeppelin" has the words "ledzeppelin" and "zeppelin". */
struct spelling {
    uint32_t letters[KEY_LETTERS_MAX];
    uint16_t start[KEY_WORDS_MAX]; /* where each word begins in letters */
    size_t length, words;
};

/* Folds a text and takes it apart; of one that folds to nothing ("!!!") its signs. Words beyond
 * KEY_WORDS_MAX run together. */
void li_spell(struct li_text text, struct spelling *out);

/* Takes the text of a key apart: folded already, perhaps damaged. */
void li_spell_key(const unsigned char *text, size_t size, struct spelling *out);

/* Writes letters as UTF-8, with a space before each word but the first when starts is not NULL; out has room
 * for KEY_TEXT_MAX. */
size_t li_spell_write(const uint32_t *letters, size_t length, const uint16_t *starts, size_t words,
                      unsigned char *out);

/* Where a name begins without an article that people leave out: the second word, else 0. */
size_t li_spell_article(const struct spelling *spelling);

size_t li_spell_word_length(const struct spelling *spelling, size_t word);

/* Which letters occur (lower half), and which more than once (upper half). Letters share bits. A typing error
 * sets at most one bit and clears at most one. */
uint64_t li_spell_sketch(const uint32_t *letters, size_t length);

/* What postings are filed under. */
enum {
    HALF_LETTERS = 6, /* at most, of a half */
    HEAD_LETTERS = 5,
    HEAD_WORDS = 16, /* of a key that are filed by their heads */
    HASHES_MAX = 4 * (HALF_LETTERS + 1) > HEAD_WORDS *(HEAD_LETTERS + 1) ? 4 * (HALF_LETTERS + 1)
                                                                         : HEAD_WORDS *(HEAD_LETTERS + 1),
};

/* The hash of a run of letters, and those with one letter left out. Returns how many. */
size_t li_hash_variants(uint32_t seed, const uint32_t *letters, size_t length, uint32_t *hashes);

uint32_t li_hash_letters(uint32_t seed, const uint32_t *letters, size_t length, size_t without);

/* Letters of the first (and of the last) half of a text of so many letters. */
size_t li_half_length(size_t length);

/* The seed of a half of a text of so many letters. */
uint32_t li_half_seed(size_t length, bool tail);

/* index.c: reading the index ----------------------------------------------------------------------------- */

struct stored_key {
    uint32_t rank;
    const unsigned char *text;
    size_t size;
    int popularity;
    bool alias;
};

/* False when there is none, or it lies out of bounds. */
bool li_index_key(const struct catalog_file *file, uint32_t key, struct stored_key *out);

static inline uint64_t li_index_sketch(const struct catalog_file *file, uint32_t key) {
    return key < file->keys ? li_get64(file->section[SECTION_SKETCHES].data + 8 * (size_t)key) : 0;
}

/* The keys before this one are of artists of at least this popularity. */
uint32_t li_index_known(const struct catalog_file *file, int popularity);

/* Asks the memory for a sketch that will be read soon. */
static inline void li_index_fetch_sketch(const struct catalog_file *file, uint32_t key) {
    if (key < file->keys)
        __builtin_prefetch(file->section[SECTION_SKETCHES].data + 8 * (size_t)key);
}

static inline void li_index_fetch_key(const struct catalog_file *file, uint32_t key) {
    if (key < file->keys)
        __builtin_prefetch(file->section[SECTION_KEYS].data + KEY_BYTES * (size_t)key);
}

/* The words whose text begins with these bytes (no spaces): *low .. *high - 1. */
void li_index_find(const struct catalog_file *file, const unsigned char *typed, size_t size, size_t *low,
                   size_t *high);

/* Whether the text of a word is just these bytes. */
bool li_index_whole(const struct catalog_file *file, size_t word, const unsigned char *typed, size_t size);

/* The hits kept for a range of words, or NULL. */
const unsigned char *li_index_range(const struct catalog_file *file, size_t low, size_t high);

/* The numbers filed under a hash, and others of the same bucket. */
struct postings {
    const unsigned char *data;
    size_t count;
};
struct postings li_index_postings(const struct catalog_file *file, enum section starts, uint32_t hash);

/* make_index.c: writing the index ------------------------------------------------------------------------ */

/* What is known of all keys before they are in order. */
struct key_source {
    uint32_t artist;
    uint32_t size;
    size_t text; /* in texts */
    bool alias;
};

struct index_source {
    const signed char *popularity; /* of each artist */
    size_t artists;
    const struct key_source *keys; /* in the order of artists */
    size_t key_count;
    const unsigned char *texts;
    void (*progress)(void *context, size_t done, size_t total); /* may be NULL */
    void *context;
};

/* Fills the sections from SECTION_RANKED on. False when memory is out, or there are more than KEYS_MAX. */
bool li_index_make(const struct index_source *source, struct bytes sections[SECTION_COUNT]);

/* make_ranges.c: fills SECTION_RANGES from the sorted words; the other sections are there. */
struct sorted_words {
    const uint32_t *keys;   /* of each word in order */
    const uint16_t *places; /* as in SECTION_WORD_PLACES */
    const uint32_t *common; /* bytes that each has in common with the one before */
    size_t count;
    const uint32_t *ranks; /* of each key */
};
bool li_ranges_make(const struct sorted_words *words, struct bytes *out);

/* distance.c: typing errors between two texts, at most max of them; max + 1 stands for more. whole: to reach
 * the whole of text; begin: to reach the nearest of its beginnings. */
struct distance {
    unsigned whole, begin;
};
enum { ERRORS_MAX = 2 };
struct distance li_distance_measure(const uint32_t *typed, size_t typed_length, const uint32_t *text,
                                    size_t text_length, unsigned max);

/* A query made ready to be measured against many texts. The letters stay the caller's. */
enum { PATTERN_LETTERS = 64, PATTERN_PLAIN = 128 };
struct pattern {
    const uint32_t *letters;
    size_t length;
    uint64_t plain[PATTERN_PLAIN]; /* of each ASCII letter: bits of the places where it stands */
    uint32_t others[PATTERN_LETTERS];
    uint64_t other_bits[PATTERN_LETTERS];
    size_t other_count;
};
void li_pattern_make(struct pattern *pattern, const uint32_t *letters, size_t length);

/* What li_distance_measure says of the length letters of the pattern from from on. */
struct distance li_pattern_measure(const struct pattern *pattern, size_t from, size_t length,
                                   const uint32_t *text, size_t text_length, unsigned max);

/* fit.c: how a query and a name fit ---------------------------------------------------------------------- */

/* Closest first. */
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
    FIT_NOT,
};

/* What is looked for. */
struct query {
    struct spelling spelling;
    struct pattern pattern; /* of its letters */
    uint64_t sketch;
};
void li_query_make(struct query *query, struct li_text text);

/* Typing errors that it may hold. */
unsigned li_query_errors(const struct query *query);

/* Whether a text of this sketch may hold a query of that one, but for max errors. */
static inline bool li_sketch_holds(uint64_t text, uint64_t query, unsigned max) {
    uint64_t missing = query & ~text;
    for (unsigned i = 0; i < max; i++)
        missing &= missing - 1; /* one bit less */
    return missing == 0;
}

/* Whether two spellings of the same letters have the same spaces. */
bool li_fit_same_words(const struct spelling *a, const struct spelling *b);

/* Errors when every word of the query is given another word of the key, in any order; max + 1 when that
 * cannot be. */
unsigned li_fit_scattered(const struct query *query, const struct spelling *key, unsigned max);

/* The best fit of a key without an error, and with 1..max of them; FIT_NOT when there is none. */
enum closeness li_fit_exact(const struct query *query, const struct spelling *key, bool alias);
enum closeness li_fit_errors(const struct query *query, const struct spelling *key, unsigned max);

/* rank.c: the best answers so far ------------------------------------------------------------------------ */

struct place {
    uint32_t key, rank;
    enum closeness fit;
};

/* The best limit artists, each with its best key: closest first, then by number of the key. */
struct ranking {
    struct place places[LI_CATALOG_HITS_MAX];
    size_t count, limit;
};

/* Whether an artist with this key and fit could still get a place. */
static inline bool li_ranking_wants(const struct ranking *ranking, uint32_t key, enum closeness fit) {
    const struct place *last = &ranking->places[ranking->count ? ranking->count - 1 : 0];
    return ranking->count < ranking->limit || fit < last->fit || (fit == last->fit && key < last->key);
}

void li_ranking_offer(struct ranking *ranking, uint32_t key, uint32_t rank, enum closeness fit);

/* search.c ----------------------------------------------------------------------------------------------- */

struct search {
    const struct catalog_file *file;
    const struct query *query;
    unsigned char typed[KEY_TEXT_MAX]; /* the query's letters as UTF-8 */
    size_t typed_size;
    struct ranking ranking;
};

/* Ranks the artists of the file for a query that has letters. whole: only those whose whole name or alias is
 * meant, as li_catalog_match needs. */
void li_search_file(struct search *search, bool whole);

/* search_errors.c: those with up to max typing errors. */
void li_search_errors(struct search *search, unsigned max, bool whole);

/* Moves a well-known artist that is one error away before others that are hardly known. */
void li_search_known(struct search *search);

/* Offers the artist of a key. */
void li_search_offer(struct search *search, uint32_t key, enum closeness fit);

/* Looks through candidates for all words of a query in any order, with up to max errors. */
void li_search_words(struct search *search, unsigned max);

/* catalog.c: the artists of the file whose whole name or alias the query is, but for typing errors. */
size_t li_catalog_search_whole(const struct li_catalog *catalog, const struct query *query, size_t limit,
                               const struct li_catalog_artist **hits, struct li_arena *arena);

/* overlay.c: artists met elsewhere ----------------------------------------------------------------------- */

struct overlay;

struct overlay_hit {
    const struct li_catalog_artist *artist; /* in the arena */
    enum closeness fit;
};

struct overlay *li_overlay_new(void);
void li_overlay_free(struct overlay *overlay);
void li_overlay_note(struct overlay *overlay, const struct li_catalog_artist *artist);

/* The best limit artists of the overlay: closest first, then popularity, then id. */
size_t li_overlay_search(struct overlay *overlay, const struct query *query, size_t limit,
                         struct overlay_hit *hits, struct li_arena *arena);

#endif
