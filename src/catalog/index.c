/* index.c - reads the index of a catalogue file. It may come from anywhere: every place is compared with the
 * end of its section before it is read. */
#include "catalog/catalog_priv.h"

bool li_index_key(const struct catalog_file *file, uint32_t key, struct stored_key *out) {
    const struct section_view *texts = &file->section[SECTION_TEXTS];
    if (key >= file->keys)
        return false;
    const unsigned char *at = file->section[SECTION_KEYS].data + (size_t)key * KEY_BYTES;
    size_t from = li_get32(at), size = li_get16(at + 8);
    if (from > texts->size || size > texts->size - from)
        return false;
    *out = (struct stored_key){
        .rank = li_get32(at + 4),
        .text = texts->data + from,
        .size = size,
        .popularity = (li_get16(at + 10) >> KEY_POPULARITY_SHIFT) - 1,
        .alias = li_get16(at + 10) & KEY_ALIAS,
    };
    return true;
}

uint32_t li_index_known(const struct catalog_file *file, int popularity) {
    uint32_t from = 0, to = (uint32_t)file->keys;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        struct stored_key key;
        if (li_index_key(file, middle, &key) && key.popularity >= popularity)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The bytes of a word's text against those typed, spaces left out: <0, 0 (it begins with them), >0. Sets
 * *left when the text goes on. */
static int compare_word(const struct catalog_file *file, size_t word, const unsigned char *typed, size_t size,
                        bool *left) {
    struct stored_key key = {0};
    *left = false;
    if (!li_index_key(file, li_file_u32(file, SECTION_WORD_KEYS, word), &key))
        return -1;
    size_t at = li_get16(file->section[SECTION_WORD_PLACES].data + 2 * word) / 4;
    for (size_t i = 0; i < size; at++) {
        if (at >= key.size)
            return -1;
        if (key.text[at] == ' ')
            continue;
        if (key.text[at] != typed[i])
            return key.text[at] < typed[i] ? -1 : 1;
        i++;
    }
    *left = at < key.size;
    return 0;
}

/* The first word that is not before the bytes typed, or (behind) does not begin with them either. */
static size_t find_border(const struct catalog_file *file, const unsigned char *typed, size_t size,
                          size_t from, bool behind) {
    size_t to = file->words;
    bool left;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare_word(file, middle, typed, size, &left);
        if (order < 0 || (behind && order == 0))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

void li_index_find(const struct catalog_file *file, const unsigned char *typed, size_t size, size_t *low,
                   size_t *high) {
    *low = find_border(file, typed, size, 0, false);
    *high = find_border(file, typed, size, *low, true);
}

bool li_index_whole(const struct catalog_file *file, size_t word, const unsigned char *typed, size_t size) {
    bool left;
    return compare_word(file, word, typed, size, &left) == 0 && !left;
}

const unsigned char *li_index_range(const struct catalog_file *file, size_t low, size_t high) {
    const struct section_view *ranges = &file->section[SECTION_RANGES];
    size_t from = 0, to = ranges->size / RANGE_BYTES;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const unsigned char *at = ranges->data + middle * RANGE_BYTES;
        size_t range_low = li_get32(at), range_high = li_get32(at + 4);
        if (range_low == low && range_high == high)
            return at + 8;
        if (range_low < low || (range_low == low && range_high < high))
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

struct postings li_index_postings(const struct catalog_file *file, enum section starts, uint32_t hash) {
    const struct section_view *entries = &file->section[starts + 1];
    size_t buckets = file->section[starts].size / 4, count = entries->size / 4;
    if (buckets < 2)
        return (struct postings){0};
    size_t bucket = (size_t)((uint64_t)hash * (buckets - 1) >> 32);
    size_t from = li_file_u32(file, starts, bucket), to = li_file_u32(file, starts, bucket + 1);
    to = to < count ? to : count;
    return from < to ? (struct postings){entries->data + 4 * from, to - from} : (struct postings){0};
}
