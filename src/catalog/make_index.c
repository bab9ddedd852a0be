/* make_index.c - writes the index of a catalogue: keys in the order of their artists' rank, the words of all
 * keys in order, and three postings. Postings are filled by counting first, so that the numbers of a bucket
 * stand in the order of the keys: the best known first. */
#include <stdlib.h>

#include "catalog/catalog_priv.h"

enum {
    SORT_BYTES = 8,   /* of a word's text that are sorted as one number */
    HEADS_KEPT = 384, /* of a bucket: names that begin so, the best known; there is no end of such names */
};

struct maker {
    const struct index_source *source;
    uint32_t *order; /* of the keys in source, by their number */
    uint32_t *ranks; /* of each key */
    struct bytes *sections;
    struct bytes compact;             /* the keys' texts without spaces */
    uint32_t *word_keys, *word_texts; /* before sorting: key, and place in compact */
    uint16_t *word_places;
    size_t words;
    size_t step;
};

enum { STEPS = 8 };

static void tell(struct maker *maker) {
    const struct index_source *source = maker->source;
    maker->step++;
    if (source->progress)
        source->progress(source->context, source->artists * maker->step / STEPS, source->artists);
}

/* Ranks and keys ------------------------------------------------------------------------------------------
 */

/* Ranks the artists: a counting sort by popularity, which leaves equal ones in the order of their ids. Fills
 * SECTION_RANKED and the order of the keys. */
static bool rank_artists(struct maker *maker) {
    const struct index_source *source = maker->source;
    size_t artists = source->artists, start[LI_CATALOG_POPULARITY_MAX + 3] = {0}, next = 0;
    unsigned char *ranked = li_bytes_extend(&maker->sections[SECTION_RANKED], 4 * artists);
    uint32_t *first = calloc(artists + 1, sizeof *first); /* key of each artist in source */
    maker->order = calloc(source->key_count + 1, sizeof *maker->order);
    maker->ranks = calloc(source->key_count + 1, sizeof *maker->ranks);
    bool good = ranked && first && maker->order && maker->ranks;
    for (size_t i = 0; good && i < artists; i++)
        start[LI_CATALOG_POPULARITY_MAX - source->popularity[i] + 1]++;
    for (size_t i = 1; i < LI_CATALOG_POPULARITY_MAX + 3; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; good && i < artists; i++)
        li_put32(ranked + 4 * start[LI_CATALOG_POPULARITY_MAX - source->popularity[i]]++, (uint32_t)i);
    for (size_t i = 0; good && i < source->key_count; i++)
        first[source->keys[i].artist + 1] = (uint32_t)i + 1;
    for (size_t i = 1; good && i <= artists; i++) /* an artist may have no key */
        first[i] = first[i] ? first[i] : first[i - 1];
    for (size_t rank = 0; good && rank < artists; rank++) {
        uint32_t artist = li_get32(ranked + 4 * rank);
        for (uint32_t key = first[artist]; key < first[artist + 1]; key++) {
            maker->ranks[next] = (uint32_t)rank;
            maker->order[next++] = key;
        }
    }
    free(first);
    return good;
}

static void spell_source(const struct maker *maker, size_t key, struct spelling *out) {
    const struct key_source *source = &maker->source->keys[maker->order[key]];
    li_spell_key(maker->source->texts + source->text, source->size, out);
}

static bool write_keys(struct maker *maker) {
    const struct index_source *source = maker->source;
    struct bytes *texts = &maker->sections[SECTION_TEXTS];
    for (size_t i = 0; i < source->key_count; i++) {
        const struct key_source *key = &source->keys[maker->order[i]];
        struct spelling spelling;
        unsigned char *record = li_bytes_extend(&maker->sections[SECTION_KEYS], KEY_BYTES);
        unsigned char *sketch = li_bytes_extend(&maker->sections[SECTION_SKETCHES], 8);
        if (!record || !sketch || texts->size > UINT32_MAX - KEY_TEXT_MAX)
            return false;
        spell_source(maker, i, &spelling);
        li_put32(record, (uint32_t)texts->size);
        li_put32(record + 4, maker->ranks[i]);
        li_put16(record + 8, (uint16_t)key->size);
        li_put16(record + 10, (uint16_t)((source->popularity[key->artist] + 1) << KEY_POPULARITY_SHIFT |
                                         (key->alias ? KEY_ALIAS : 0)));
        li_put64(sketch, li_spell_sketch(spelling.letters, spelling.length));
        li_bytes_put(texts, source->texts + key->text, key->size);
        maker->words += spelling.words;
    }
    return !texts->failed;
}

/* Words ---------------------------------------------------------------------------------------------------
 */

static bool list_words(struct maker *maker) {
    const struct index_source *source = maker->source;
    size_t count = 0;
    maker->word_keys = calloc(maker->words + 1, sizeof *maker->word_keys);
    maker->word_texts = calloc(maker->words + 1, sizeof *maker->word_texts);
    maker->word_places = calloc(maker->words + 1, sizeof *maker->word_places);
    if (!maker->word_keys || !maker->word_texts || !maker->word_places || maker->words > UINT32_MAX / 2)
        return false;
    for (size_t i = 0; i < source->key_count; i++) {
        const struct key_source *key = &source->keys[maker->order[i]];
        const unsigned char *text = source->texts + key->text;
        struct spelling spelling;
        spell_source(maker, i, &spelling);
        size_t article = li_spell_article(&spelling), word = 0;
        for (size_t at = 0; at < key->size; at++) {
            if (text[at] == ' ')
                continue;
            if (at == 0 || text[at - 1] == ' ') {
                bool leading = word == 0 || (word == 1 && article);
                maker->word_keys[count] = (uint32_t)i;
                maker->word_texts[count] = (uint32_t)maker->compact.size;
                maker->word_places[count++] =
                    (uint16_t)(at * 4 + (key->alias ? WORD_ALIAS : 0) + (leading ? WORD_LEADING : 0));
                word++;
            }
            li_bytes_put(&maker->compact, text + at, 1);
        }
        li_bytes_put(&maker->compact, "", 1);
        if (maker->compact.size > UINT32_MAX - KEY_TEXT_MAX)
            return false;
    }
    return !maker->compact.failed;
}

/* A word with its first bytes as a number that orders as they do. */
struct record {
    uint64_t head;
    uint32_t word;
};

static const char *word_text(const struct maker *maker, uint32_t word) {
    return (const char *)maker->compact.data + maker->word_texts[word];
}

/* By text; of equal ones those that lead first, then by key: words are listed in the order of their keys. */
static int compare_records(const void *a, const void *b, void *arg) {
    const struct record *left = a, *right = b;
    const struct maker *maker = arg;
    int order = strcmp(word_text(maker, left->word), word_text(maker, right->word));
    if (order)
        return order;
    int left_leads = maker->word_places[left->word] & WORD_LEADING;
    int right_leads = maker->word_places[right->word] & WORD_LEADING;
    if (left_leads != right_leads)
        return right_leads - left_leads;
    return (left->word > right->word) - (left->word < right->word);
}

/* Sorts by head alone, equal ones staying as they are: one counting pass for each of its bytes (Knuth, The
 * Art of Computer Programming 3, 5.2.5). An even number of passes ends in records. */
static void sort_heads(struct record *records, struct record *other, size_t count) {
    for (int shift = 0; shift < 8 * SORT_BYTES; shift += 8) {
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

static void sort_words(struct maker *maker, struct record *records) {
    size_t count = maker->words;
    for (size_t i = 0; i < count; i++) {
        const char *text = word_text(maker, (uint32_t)i);
        uint64_t head = 0;
        for (int j = 0; j < SORT_BYTES; j++) {
            head = head << 8 | (unsigned char)*text;
            text += *text != 0;
        }
        records[i] = (struct record){head, (uint32_t)i};
    }
    sort_heads(records, records + count, count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && records[end].head == records[i].head;)
            end++;
        if (end - i > 1)
            qsort_r(records + i, end - i, sizeof *records, compare_records, maker);
    }
}

static uint32_t count_common(const char *a, const char *b) {
    uint32_t common = 0;
    while (a[common] && a[common] == b[common])
        common++;
    return common;
}

/* Writes the words in their order, and their ranges. */
static bool write_words(struct maker *maker) {
    struct bytes *sections = maker->sections;
    size_t count = maker->words;
    unsigned char *keys = li_bytes_extend(&sections[SECTION_WORD_KEYS], 4 * count);
    unsigned char *places = li_bytes_extend(&sections[SECTION_WORD_PLACES], 2 * count);
    struct record *records = calloc(2 * count + 1, sizeof *records);
    uint32_t *sorted_keys = calloc(count + 1, sizeof *sorted_keys);
    uint16_t *sorted_places = calloc(count + 1, sizeof *sorted_places);
    uint32_t *common = calloc(count + 1, sizeof *common);
    bool good = records && sorted_keys && sorted_places && common && (count == 0 || (keys && places));
    if (good)
        sort_words(maker, records);
    for (size_t i = 0; good && i < count; i++) {
        uint32_t word = records[i].word;
        sorted_keys[i] = maker->word_keys[word];
        sorted_places[i] = maker->word_places[word];
        common[i] = i ? count_common(word_text(maker, records[i - 1].word), word_text(maker, word)) : 0;
        li_put32(keys + 4 * i, sorted_keys[i]);
        li_put16(places + 2 * i, sorted_places[i]);
    }
    free(records);
    tell(maker);
    const struct sorted_words words = {sorted_keys, sorted_places, common, count, maker->ranks};
    good = good && li_ranges_make(&words, &sections[SECTION_RANGES]);
    free(sorted_keys);
    free(sorted_places);
    free(common);
    return good;
}

/* Postings ------------------------------------------------------------------------------------------------
 */

/* What one key is filed under. values[i]: the number that is filed, key * scale + this. */
struct filing {
    uint32_t hashes[HASHES_MAX];
    unsigned char extra[HASHES_MAX];
    size_t count;
};

static void file_tokens(const struct spelling *spelling, struct filing *out) {
    for (size_t i = 0; i < spelling->words && out->count < HASHES_MAX; i++)
        out->hashes[out->count++] = li_hash_letters(0, spelling->letters + spelling->start[i],
                                                    li_spell_word_length(spelling, i), SIZE_MAX);
}

static void file_half(const uint32_t *letters, size_t length, size_t half, bool tail, bool without_article,
                      struct filing *out) {
    const uint32_t *from = tail ? letters + length - half : letters;
    size_t count = li_hash_variants(li_half_seed(length, tail), from, half, out->hashes + out->count);
    memset(out->extra + out->count, without_article, count);
    out->count += count;
}

static void file_halves(const struct spelling *spelling, struct filing *out) {
    size_t behind = li_spell_article(spelling);
    for (int article = 0; article < (behind ? 2 : 1); article++) {
        const uint32_t *letters = spelling->letters + (article ? behind : 0);
        size_t length = spelling->length - (article ? behind : 0), half = li_half_length(length);
        if (half == 0)
            continue;
        file_half(letters, length, half, false, article, out);
        file_half(letters, length, half, true, article, out);
    }
}

static void file_heads(const struct spelling *spelling, struct filing *out) {
    for (size_t i = 0; i < spelling->words && i < HEAD_WORDS; i++) {
        size_t left = spelling->length - spelling->start[i];
        if (left >= HEAD_LETTERS - 1)
            out->count +=
                li_hash_variants(0, spelling->letters + spelling->start[i],
                                 left < HEAD_LETTERS ? left : HEAD_LETTERS, out->hashes + out->count);
    }
}

struct kind {
    enum section starts;
    void (*file)(const struct spelling *spelling, struct filing *out);
    uint32_t scale, kept; /* number = key * scale + extra; of a bucket are kept so many, 0 = all */
};

/* Goes through all keys: counts what each bucket gets (entries NULL), or fills them. next[b] is the count, or
 * the next free place; last[b] the number filed last, so that none is filed twice. */
static void file_keys(const struct maker *maker, const struct kind *kind, size_t buckets, uint32_t *next,
                      uint32_t *last, uint32_t *filed, unsigned char *entries) {
    memset(last, 0xff, buckets * sizeof *last);
    memset(filed, 0, buckets * sizeof *filed);
    for (size_t key = 0; key < maker->source->key_count; key++) {
        struct spelling spelling;
        struct filing filing;
        filing.count = 0;
        memset(filing.extra, 0, sizeof filing.extra);
        spell_source(maker, key, &spelling);
        kind->file(&spelling, &filing);
        for (size_t i = 0; i < filing.count; i++) {
            size_t bucket = (size_t)((uint64_t)filing.hashes[i] * buckets >> 32);
            uint32_t number = (uint32_t)key * kind->scale + filing.extra[i];
            if (last[bucket] == number || (kind->kept && filed[bucket] == kind->kept))
                continue;
            last[bucket] = number;
            filed[bucket]++;
            if (entries)
                li_put32(entries + 4 * (size_t)next[bucket], number);
            next[bucket]++;
        }
    }
}

static bool write_postings(struct maker *maker, const struct kind *kind) {
    size_t buckets = maker->source->key_count ? maker->source->key_count : 1;
    unsigned char *starts = li_bytes_extend(&maker->sections[kind->starts], 4 * (buckets + 1));
    uint32_t *next = calloc(buckets, sizeof *next), *last = calloc(buckets, sizeof *last);
    uint32_t *filed = calloc(buckets, sizeof *filed);
    uint64_t total = 0;
    bool good = starts && next && last && filed;
    if (good)
        file_keys(maker, kind, buckets, next, last, filed, NULL);
    for (size_t i = 0; good && i < buckets; i++) {
        uint32_t count = next[i];
        li_put32(starts + 4 * i, (uint32_t)total);
        next[i] = (uint32_t)total;
        total += count;
    }
    good = good && total <= UINT32_MAX;
    unsigned char *entries =
        good && total ? li_bytes_extend(&maker->sections[kind->starts + 1], 4 * (size_t)total) : NULL;
    good = good && (entries || total == 0);
    if (good) {
        li_put32(starts + 4 * buckets, (uint32_t)total);
        if (total)
            file_keys(maker, kind, buckets, next, last, filed, entries);
    }
    free(next);
    free(last);
    free(filed);
    tell(maker);
    return good;
}

bool li_index_make(const struct index_source *source, struct bytes sections[SECTION_COUNT]) {
    static const struct kind KINDS[] = {
        {SECTION_TOKEN_STARTS, file_tokens, 1, 0},
        {SECTION_HALF_STARTS, file_halves, 2, 0},
        {SECTION_HEAD_STARTS, file_heads, 1, HEADS_KEPT},
    };
    struct maker maker = {.source = source, .sections = sections};
    bool good = source->key_count < KEYS_MAX && rank_artists(&maker);
    tell(&maker);
    good = good && write_keys(&maker);
    tell(&maker);
    good = good && list_words(&maker);
    tell(&maker);
    good = good && write_words(&maker);
    free(maker.compact.data);
    free(maker.word_keys);
    free(maker.word_texts);
    free(maker.word_places);
    for (size_t i = 0; good && i < sizeof KINDS / sizeof *KINDS; i++)
        good = write_postings(&maker, &KINDS[i]);
    free(maker.order);
    free(maker.ranks);
    tell(&maker);
    return good;
}
