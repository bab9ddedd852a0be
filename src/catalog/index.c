/* index.c - what search.c looks things up in: all names and aliases, folded; the beginnings of their words in
 * order, for exact text and beginnings; and lists of the names that hold each pair of letters, for typing
 * errors. Built when the catalogue is opened, in a few milliseconds, and never changed. */
#include <stdlib.h>

#include "catalog/catalog_priv.h"

enum { FOLDED_MAX = 2048, HEAD_LETTERS = 8 };

bool li_catalog_grow(void **items, size_t count, size_t *capacity, size_t item_size) {
    size_t larger = *capacity ? 2 * *capacity : 1024, bytes;
    if (count < *capacity)
        return true;
    void *moved = __builtin_mul_overflow(larger, item_size, &bytes) ? NULL : realloc(*items, bytes);
    if (!moved)
        return false;
    *items = moved;
    *capacity = larger;
    return true;
}

/* The code point at *at, which is then moved on. The text is what li_text_fold wrote: well-formed. */
static uint32_t next_letter(const unsigned char **at) {
    const unsigned char *s = *at;
    if (s[0] < 0x80) {
        *at += 1;
        return s[0];
    }
    if (s[0] < 0xe0) {
        *at += 2;
        return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
    }
    if (s[0] < 0xf0) {
        *at += 3;
        return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
    }
    *at += 4;
    return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
}

/* What li_text_fold does with ASCII text, as most names are: opening a catalogue folds thousands. False for
 * other text, and for the signs that are read as letters. Spaces are not run together: li_index_spell does
 * that. */
static bool fold_ascii(struct li_text text, unsigned char *out, size_t *size) {
    *size = 0;
    if (text.size > FOLDED_MAX)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 'A' && c <= 'Z')
            out[(*size)++] = (unsigned char)(c | 0x20);
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[(*size)++] = c;
        else if (c >= 0x80 || c == '&' || c == '$' || c == '!')
            return false;
        else if (c != '\'' && c != '`')
            out[(*size)++] = ' ';
    }
    return true;
}

void li_index_spell(struct li_text text, struct spelling *out) {
    unsigned char folded[FOLDED_MAX];
    size_t size;
    if (!fold_ascii(text, folded, &size))
        size = li_text_fold(text, (char *)folded, sizeof folded);
    const unsigned char *at = folded, *end = folded + size;
    bool begins = true;
    out->length = out->words = 0;
    while (at < end && out->length < KEY_LETTERS_MAX) {
        uint32_t letter = next_letter(&at);
        if (letter == ' ') {
            begins = true;
            continue;
        }
        if (begins && out->words < KEY_WORDS_MAX)
            out->start[out->words++] = (uint16_t)out->length;
        begins = false;
        out->letters[out->length++] = letter;
    }
}

/* True for the first word of a name when it is an article that people leave out. */
static bool is_article(const struct spelling *spelling, size_t word) {
    static const char *const ARTICLES[] = {"the", "a", "la", "le", "les", "los", "las", "el"};
    size_t start = spelling->start[word];
    size_t length = (word + 1 < spelling->words ? spelling->start[word + 1] : spelling->length) - start;
    for (size_t i = 0; i < sizeof ARTICLES / sizeof *ARTICLES; i++) {
        size_t same = 0;
        while (same < length && ARTICLES[i][same] &&
               spelling->letters[start + same] == (unsigned char)ARTICLES[i][same])
            same++;
        if (same == length && !ARTICLES[i][same])
            return true;
    }
    return false;
}

uint32_t li_index_mask(const uint32_t *letters, size_t length) {
    uint32_t mask = 0;
    for (size_t i = 0; i < length; i++)
        mask |= 1u << (letters[i] & 31);
    return mask;
}

static bool add_words(struct search_index *index, const struct spelling *spelling, uint32_t key) {
    for (size_t i = 0; i < spelling->words; i++) {
        size_t start = spelling->start[i];
        if (!li_catalog_grow((void **)&index->words, index->word_count, &index->word_capacity,
                             sizeof *index->words))
            return false;
        index->words[index->word_count++] = (struct index_word){
            .key = key,
            .at = (uint16_t)start,
            .leading = i == 0 || (i == 1 && is_article(spelling, 0)),
            .mask = li_index_mask(spelling->letters + start, spelling->length - start),
        };
    }
    return true;
}

/* Adds a name or alias; one without letters cannot be found and is left out. */
static bool add_key(struct search_index *index, struct li_text text, uint32_t artist, bool alias) {
    struct spelling spelling;
    li_index_spell(text, &spelling);
    if (spelling.length == 0)
        return true;
    while (index->letter_capacity - index->letter_count < spelling.length)
        if (!li_catalog_grow((void **)&index->letters, index->letter_capacity, &index->letter_capacity,
                             sizeof *index->letters))
            return false;
    if (!li_catalog_grow((void **)&index->keys, index->key_count, &index->key_capacity, sizeof *index->keys))
        return false;
    struct index_key *key = &index->keys[index->key_count];
    *key = (struct index_key){
        .artist = artist,
        .letters = (uint32_t)index->letter_count,
        .first_word = (uint32_t)index->word_count,
        .length = (uint16_t)spelling.length,
        .words = (uint16_t)spelling.words,
        .alias = alias,
    };
    memcpy(index->letters + index->letter_count, spelling.letters, spelling.length * sizeof *index->letters);
    index->letter_count += spelling.length;
    return add_words(index, &spelling, (uint32_t)index->key_count++);
}

/* The words in order ------------------------------------------------------------------------------------ */

/* A word with its first letters packed so that numbers order as the letters do. */
struct record {
    uint64_t head;
    uint32_t word;
};

static const uint32_t *word_text(const struct search_index *index, uint32_t word, size_t *length) {
    const struct index_word *w = &index->words[word];
    const struct index_key *key = &index->keys[w->key];
    *length = key->length - (size_t)w->at;
    return index->letters + key->letters + w->at;
}

/* From the first letter beyond Latin-1 on all bytes are the highest: the whole text then decides. */
static uint64_t pack_head(const uint32_t *letters, size_t length) {
    uint64_t head = 0;
    bool wide = false;
    for (size_t i = 0; i < HEAD_LETTERS; i++) {
        wide = wide || (i < length && letters[i] >= 0xff);
        head = head << 8 | (wide ? 0xff : i < length ? letters[i] : 0);
    }
    return head;
}

static int compare_records(const void *a, const void *b, void *arg) {
    const struct record *left = a, *right = b;
    const struct search_index *index = arg;
    size_t left_length, right_length;
    if (left->head != right->head)
        return left->head < right->head ? -1 : 1;
    const uint32_t *left_text = word_text(index, left->word, &left_length);
    const uint32_t *right_text = word_text(index, right->word, &right_length);
    for (size_t i = 0; i < left_length && i < right_length; i++)
        if (left_text[i] != right_text[i])
            return left_text[i] < right_text[i] ? -1 : 1;
    if (left_length != right_length)
        return left_length < right_length ? -1 : 1;
    return (left->word > right->word) - (left->word < right->word);
}

/* Sorts by head alone, equal ones staying as they are: one counting pass for each of its bytes (Knuth, The
 * Art of Computer Programming 3, 5.2.5). An even number of passes ends in records. */
static void sort_heads(struct record *records, struct record *other, size_t count) {
    for (int shift = 0; shift < 64; shift += 8) {
        size_t start[257] = {0};
        for (size_t i = 0; i < count; i++)
            start[(records[i].head >> shift & 0xff) + 1]++;
        for (int i = 1; i < 256; i++)
            start[i] += start[i - 1];
        for (size_t i = 0; i < count; i++)
            other[start[records[i].head >> shift & 0xff]++] = records[i];
        struct record *swap = records;
        records = other;
        other = swap;
    }
}

static bool sort_words(struct search_index *index) {
    size_t count = index->word_count;
    struct record *records = calloc(2 * count, sizeof *records);
    index->sorted = calloc(count, sizeof *index->sorted);
    if (!records || !index->sorted) {
        free(records);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const uint32_t *text = word_text(index, (uint32_t)i, &length);
        records[i] = (struct record){pack_head(text, length), (uint32_t)i};
    }
    sort_heads(records, records + count, count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && records[end].head == records[i].head;)
            end++;
        if (end - i > 1)
            qsort_r(records + i, end - i, sizeof *records, compare_records, index);
    }
    for (size_t i = 0; i < count; i++)
        index->sorted[i] = records[i].word;
    free(records);
    return true;
}

/* The first letters of a word against those of a query: <0, 0 (it begins with them), >0. */
static int compare_prefix(const struct search_index *index, uint32_t word, const uint32_t *letters,
                          size_t length) {
    size_t have;
    const uint32_t *text = word_text(index, word, &have);
    for (size_t i = 0; i < length; i++) {
        if (i >= have)
            return -1;
        if (text[i] != letters[i])
            return text[i] < letters[i] ? -1 : 1;
    }
    return 0;
}

void li_index_find(const struct search_index *index, const uint32_t *letters, size_t length, size_t *low,
                   size_t *high) {
    size_t from = 0, to = index->word_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare_prefix(index, index->sorted[middle], letters, length) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    *low = from;
    to = index->word_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare_prefix(index, index->sorted[middle], letters, length) <= 0)
            from = middle + 1;
        else
            to = middle;
    }
    *high = from;
}

/* The grams --------------------------------------------------------------------------------------------- */

/* Buckets mix grams of the same hash: that only lets more candidates through. */
static uint16_t gram_bucket(uint32_t first, uint32_t second) {
    return (uint16_t)(((first * 2654435761u + second) * 2246822519u) >> 20);
}

size_t li_index_grams(const uint32_t *letters, size_t length, const uint16_t *starts, size_t words,
                      uint16_t *buckets) {
    size_t count = 0;
    for (size_t i = 0; i < words && starts[i] < GRAM_LETTERS; i++)
        buckets[count++] = gram_bucket(0, letters[starts[i]]);
    for (size_t i = 1; i < length && i < GRAM_LETTERS; i++)
        buckets[count++] = gram_bucket(letters[i - 1], letters[i]);
    return count;
}

static size_t key_grams(const struct search_index *index, size_t number, uint16_t *buckets) {
    const struct index_key *key = &index->keys[number];
    uint16_t starts[KEY_WORDS_MAX];
    for (size_t i = 0; i < key->words; i++)
        starts[i] = index->words[key->first_word + i].at;
    return li_index_grams(index->letters + key->letters, key->length, starts, key->words, buckets);
}

/* Counts, then fills: a counting sort of (bucket, key). */
static bool list_keys_by_gram(struct search_index *index) {
    uint16_t buckets[GRAMS_MAX];
    size_t total = 0;
    index->gram_start = calloc(GRAM_BUCKETS + 2, sizeof *index->gram_start);
    if (!index->gram_start)
        return false;
    uint32_t *next = index->gram_start + 1; /* next[b]: where b begins; once filled, where it ends */
    for (size_t number = 0; number < index->key_count; number++) {
        size_t count = key_grams(index, number, buckets);
        for (size_t i = 0; i < count; i++)
            next[buckets[i] + 1u]++;
        total += count;
    }
    if (total > UINT32_MAX)
        return false;
    for (size_t i = 1; i <= GRAM_BUCKETS; i++)
        next[i] += next[i - 1];
    index->gram_keys = calloc(total, sizeof *index->gram_keys);
    if (!index->gram_keys)
        return false;
    for (size_t number = 0; number < index->key_count; number++) {
        size_t count = key_grams(index, number, buckets);
        for (size_t i = 0; i < count; i++)
            index->gram_keys[next[buckets[i]]++] = (uint32_t)number;
    }
    return true;
}

bool li_index_build(struct search_index *index, const struct li_catalog_artist *artists, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!add_key(index, artists[i].name, (uint32_t)i, false))
            return false;
        for (size_t j = 0; j < artists[i].alias_count; j++)
            if (!add_key(index, artists[i].aliases[j], (uint32_t)i, true))
                return false;
    }
    if (index->letter_count > UINT32_MAX)
        return false;
    return index->word_count == 0 || (sort_words(index) && list_keys_by_gram(index));
}

void li_index_free(struct search_index *index) {
    free(index->letters);
    free(index->keys);
    free(index->words);
    free(index->sorted);
    free(index->gram_start);
    free(index->gram_keys);
    *index = (struct search_index){0};
}
