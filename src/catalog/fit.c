/* fit.c - how closely a query and one name fit. */
#include "catalog/catalog_priv.h"

enum {
    SIGN_FIRST = 0x2e80, /* from here on a letter is a syllable or a word: three say as much as four */
    ONE_ERROR_SIGNS = 3,
    ONE_ERROR_LETTERS = 4, /* a query of so many letters may hold one error ... */
    TWO_ERRORS_LETTERS = 8 /* ... or two */
};

/* Typing errors that a text of so many letters may hold. */
static unsigned errors_allowed(size_t letters) {
    return letters >= TWO_ERRORS_LETTERS ? 2 : letters >= ONE_ERROR_LETTERS ? 1 : 0;
}

unsigned li_query_errors(const struct query *query) {
    const struct spelling *spelling = &query->spelling;
    size_t signs = 0;
    while (signs < spelling->length && spelling->letters[signs] >= SIGN_FIRST)
        signs++;
    if (spelling->length == ONE_ERROR_SIGNS && signs == ONE_ERROR_SIGNS)
        return 1;
    return errors_allowed(spelling->length);
}

void li_query_make(struct query *query, struct li_text text) {
    li_spell(text, &query->spelling);
    li_pattern_make(&query->pattern, query->spelling.letters, query->spelling.length);
    query->sketch = li_spell_sketch(query->spelling.letters, query->spelling.length);
}

bool li_fit_same_words(const struct spelling *a, const struct spelling *b) {
    return a->words == b->words && memcmp(a->start, b->start, a->words * sizeof *a->start) == 0;
}

/* Errors of one word of the query against one of a key; the last may be half typed. More than max when there
 * are too many. */
static unsigned word_errors(const struct query *query, size_t query_word, const struct spelling *key,
                            size_t key_word, unsigned max) {
    const struct spelling *typed = &query->spelling;
    size_t from = typed->start[query_word], length = li_spell_word_length(typed, query_word);
    unsigned allowed = errors_allowed(length), least = allowed < max ? allowed : max;
    size_t key_length = li_spell_word_length(key, key_word);
    const uint32_t *text = key->letters + key->start[key_word];
    bool last = query_word + 1 == typed->words;
    if (least == 0) {
        bool fits = last ? key_length >= length : key_length == length;
        return fits && memcmp(typed->letters + from, text, length * sizeof *text) == 0 ? 0 : max + 1;
    }
    struct distance distance = li_pattern_measure(&query->pattern, from, length, text, key_length, least);
    unsigned errors = last ? distance.begin : distance.whole;
    return errors <= least ? errors : max + 1;
}

/* Each word takes the nearest free one: good enough for names. */
unsigned li_fit_scattered(const struct query *query, const struct spelling *key, unsigned max) {
    uint64_t taken = 0;
    unsigned total = 0;
    if (query->spelling.words > key->words)
        return max + 1;
    for (size_t i = 0; i < query->spelling.words; i++) {
        unsigned best = max + 1;
        size_t best_word = 0;
        for (size_t j = 0; j < key->words && best > 0; j++) {
            if (taken >> j & 1)
                continue;
            unsigned errors = word_errors(query, i, key, j, max - total);
            if (errors < best && errors <= max - total) {
                best = errors;
                best_word = j;
            }
        }
        if (best > max - total)
            return max + 1;
        total += best;
        taken |= (uint64_t)1 << best_word;
    }
    return total;
}

static bool begins(const struct spelling *key, size_t from, const uint32_t *typed, size_t length) {
    return key->length - from >= length && memcmp(key->letters + from, typed, length * sizeof *typed) == 0;
}

/* "the metallica": the rest of the query is how the key begins. */
static bool begins_without_article(const struct spelling *query, const struct spelling *key) {
    size_t rest = li_spell_article(query), behind = li_spell_article(key);
    const uint32_t *typed = query->letters + rest;
    return rest == 3 && (begins(key, 0, typed, query->length - rest) ||
                         (behind && begins(key, behind, typed, query->length - rest)));
}

enum closeness li_fit_exact(const struct query *query, const struct spelling *key, bool alias) {
    const struct spelling *typed = &query->spelling;
    size_t behind = li_spell_article(key);
    for (size_t i = 0; i < key->words; i++) {
        size_t from = key->start[i];
        bool leading = from == 0 || from == behind;
        if (!begins(key, from, typed->letters, typed->length))
            continue;
        if (!leading)
            return FIT_WORDS;
        if (key->length - from == typed->length)
            return from == 0 && !alias && li_fit_same_words(typed, key) ? FIT_NAME : FIT_ALIAS;
        return alias ? FIT_ALIAS_BEGINS : FIT_NAME_BEGINS;
    }
    bool words =
        typed->words > 1 && (li_fit_scattered(query, key, 0) == 0 || begins_without_article(typed, key));
    return words ? FIT_WORDS : FIT_NOT;
}

static enum closeness fit_of(unsigned errors, bool whole) {
    if (errors <= 1)
        return whole ? FIT_ONE_WHOLE : FIT_ONE_PART;
    return whole ? FIT_TWO_WHOLE : FIT_TWO_PART;
}

enum closeness li_fit_errors(const struct query *query, const struct spelling *key, unsigned max) {
    enum closeness best = FIT_NOT;
    size_t behind = li_spell_article(key), length = query->spelling.length;
    for (size_t i = 0; i < key->words; i++) {
        size_t from = key->start[i];
        bool leading = from == 0 || from == behind;
        if (key->length - from + max < length)
            break;
        struct distance distance =
            li_pattern_measure(&query->pattern, 0, length, key->letters + from, key->length - from, max);
        enum closeness whole = leading && distance.whole <= max ? fit_of(distance.whole, true) : FIT_NOT;
        enum closeness part = distance.begin <= max ? fit_of(distance.begin, false) : FIT_NOT;
        best = whole < best ? whole : best;
        best = part < best ? part : best;
    }
    if (query->spelling.words > 1 && best > FIT_ONE_PART) {
        unsigned errors = li_fit_scattered(query, key, max);
        if (errors <= max && fit_of(errors, false) < best)
            best = fit_of(errors, false);
    }
    return best;
}
