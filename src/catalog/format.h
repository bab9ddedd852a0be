/* format.h - a catalogue file, byte by byte (docs/architecture.md says why).
 *
 * All numbers are little-endian, offsets count from the beginning of the file, places in a section from its
 * beginning. A file is its header, then the sections in their order, each at a multiple of 8 bytes:
 *
 *   8 bytes  "LIcatlg", 0
 *   u32      schema, u32 number of sections
 *   u64      bytes of the file
 *   u64 x 5  artists, aliases, tracks, tracks with features, genre tags
 *   16       version: hexadecimal hash of rows and tags
 *   (u64 offset, u64 size, u64 checksum) of each section
 *   u64      checksum of the header before it
 *
 * Checksums are li_format_sum. Names and aliases are searched for as keys: li_spell's letters as UTF-8 with
 * one space between words. Keys are numbered by their artist's rank (popularity, then id), an artist's name
 * before its aliases: a smaller number is a better one among equally close ones. */
#ifndef LI_CATALOG_FORMAT_H
#define LI_CATALOG_FORMAT_H

#include <endian.h>
#include <stdint.h>

#include "catalog/catalog.h"

enum section {
    SECTION_ROW_STARTS,   /* u64 of each artist by id: where its row begins; one more for the end */
    SECTION_ROWS,         /* rows.c */
    SECTION_TAG_STARTS,   /* u32 of each genre tag, and one more */
    SECTION_TAGS,         /* the tags' texts */
    SECTION_RANKED,       /* u32: the artists by rank */
    SECTION_KEYS,         /* KEY_BYTES of each key, see there */
    SECTION_SKETCHES,     /* u64 of each key: li_spell_sketch */
    SECTION_TEXTS,        /* the keys' texts */
    SECTION_WORD_KEYS,    /* u32: the key of each word, in the order of the words' text */
    SECTION_WORD_PLACES,  /* u16 of each word: byte of its key's text * 4 + WORD_ALIAS + WORD_LEADING */
    SECTION_RANGES,       /* RANGE_BYTES of each long range of words: its best */
    SECTION_TOKEN_STARTS, /* postings: the keys that have a word */
    SECTION_TOKENS,
    SECTION_HALF_STARTS, /* postings: the keys (* 2, + 1 for without their article) that have a half */
    SECTION_HALVES,
    SECTION_HEAD_STARTS, /* postings: the best keys that have a word that begins nearly so */
    SECTION_HEADS,
    SECTION_COUNT,
};

enum {
    MAGIC_BYTES = 8,
    SCHEMA_AT = 8,
    SECTIONS_AT = 12,
    BYTES_AT = 16,
    COUNTS_AT = 24,
    COUNTS = 5,
    VERSION_AT = COUNTS_AT + 8 * COUNTS,
    VERSION_BYTES = 16,
    TABLE_AT = VERSION_AT + VERSION_BYTES,
    TABLE_ROW = 24,
    SUM_AT = TABLE_AT + TABLE_ROW * SECTION_COUNT,
    HEADER_BYTES = SUM_AT + 8,

    KEY_BYTES = 12, /* u32 where its text begins, u32 rank of its artist, u16 bytes of text, u16 flags */
    KEY_ALIAS = 1,  /* the flags: this, */
    KEY_POPULARITY_SHIFT = 1, /* and popularity + 1 of its artist */
    WORD_LEADING = 1,         /* nothing but an article before it: "beatles" in "the beatles" */
    WORD_ALIAS = 2,
    RANGE_HITS = LI_CATALOG_HITS_MAX,
    RANGE_BYTES = 8 + 4 * RANGE_HITS, /* u32 first word, u32 one behind the last, u32 hits: fit, key */
    RANGE_MIN = 512,                  /* words of a range; fewer are looked through */
    HIT_FIT_SHIFT = 29,
    KEYS_MAX = 1 << HIT_FIT_SHIFT,
    NO_HIT = -1, /* as u32: an empty place behind the hits of a range */
};

#define CATALOG_MAGIC "LIcatlg"

static inline uint16_t li_get16(const unsigned char *at) {
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return le16toh(value);
}

static inline uint32_t li_get32(const unsigned char *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return le32toh(value);
}

static inline uint64_t li_get64(const unsigned char *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return le64toh(value);
}

static inline void li_put16(unsigned char *at, uint16_t value) {
    value = htole16(value);
    memcpy(at, &value, sizeof value);
}

static inline void li_put32(unsigned char *at, uint32_t value) {
    value = htole32(value);
    memcpy(at, &value, sizeof value);
}

static inline void li_put64(unsigned char *at, uint64_t value) {
    value = htole64(value);
    memcpy(at, &value, sizeof value);
}

/* A checksum against accidents: FNV-1a over words of eight bytes, the last one filled up with zeros. Blocks
 * may be summed one after another when all but the last are multiples of eight. */
enum { SUM_WORD = 8 };
#define SUM_START 0xcbf29ce484222325u
uint64_t li_format_sum(uint64_t sum, const unsigned char *bytes, size_t size);

#endif
