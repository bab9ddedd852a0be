/* search.c - finds artists as people type.
 *
 * Names and aliases are folded (li_text_fold) and their spaces taken out, so that "ac/dc", "AC DC" and "acdc"
 * are one text. index.c keeps, for every place where a word begins, the text from there to the end of the
 * name. A query is treated the same way and is answered in three steps, each only adding to the one before:
 *
 *  1. Binary search gives every word that begins with the query: whole names, beginnings of names, and
 *     contiguous words within a name ("gaga", "beatles", "led zep").
 *  2. A query of several words is also looked up word by word, in any order: each must be a word of the name,
 *     the last may be half typed ("punk daft", "bruno m", "creator tyler"). A leading "the" may be too much.
 *  3. While there is still room: typing errors, one from 4 letters and two from 8. A letter too many, too few
 * or wrong changes two pairs of neighbouring letters, a swap three; so a name with one error shares all but
 * two of the query's pairs (swaps are tried by looking up each of them), one with two all but five (two swaps
 * at once may be missed). The lists of names by pair are counted through. Names that share enough, and lack
 * no more letters than there may be errors, are measured against the query (distance.c): the whole name, the
 *     beginning of each of its words while half typed, or word by word in any order.
 *
 * Results are ordered by closeness (enum closeness), popularity, id. Time is bounded: at most CANDIDATES_MAX
 * names are measured, those that share the most pairs. */
#include "catalog/catalog_priv.h"

enum {
    ONE_ERROR_LETTERS = 4,  /* a query of so many letters may hold one error ... */
    TWO_ERRORS_LETTERS = 8, /* ... or two */
    PAIRS_LOST_BY_ONE = 2,
    PAIRS_LOST_BY_TWO = 5,
    CANDIDATES_MAX = 600,
};

struct search {
    const struct search_index *index;
    const struct spelling *query;
    struct ranking ranking;
};

static size_t word_length(const struct spelling *query, size_t word) {
    size_t end = word + 1 < query->words ? query->start[word + 1] : query->length;
    return end - query->start[word];
}

static size_t key_word_length(const struct index_key *key, const struct index_word *words, size_t word) {
    size_t end = word + 1 < key->words ? words[word + 1].at : key->length;
    return end - words[word].at;
}

/* True when a query of the same letters as the key also has the same spaces. */
static bool same_words(const struct search *search, const struct index_key *key) {
    if (key->words != search->query->words)
        return false;
    for (size_t i = 0; i < key->words; i++)
        if (search->index->words[key->first_word + i].at != search->query->start[i])
            return false;
    return true;
}

/* How a word that begins with the whole query fits it. */
static enum closeness fit_of(const struct search *search, const struct index_word *word) {
    const struct index_key *key = &search->index->keys[word->key];
    bool whole = (size_t)key->length - word->at == search->query->length;
    if (!word->leading)
        return FIT_WORDS;
    if (whole)
        return word->at == 0 && !key->alias && same_words(search, key) ? FIT_NAME : FIT_ALIAS;
    return key->alias ? FIT_ALIAS_BEGINS : FIT_NAME_BEGINS;
}

static void find_beginnings(struct search *search) {
    const struct search_index *index = search->index;
    size_t low, high;
    li_index_find(index, search->query->letters, search->query->length, &low, &high);
    for (size_t i = low; i < high; i++) {
        const struct index_word *word = &index->words[index->sorted[i]];
        li_ranking_offer(&search->ranking, index->keys[word->key].artist, fit_of(search, word));
    }
}

/* Errors of one word of the query against one of a key; the last may be half typed. over when too many. */
static unsigned word_errors(const struct search *search, const struct index_key *key, size_t key_word,
                            size_t query_word, unsigned max) {
    const struct index_word *words = search->index->words + key->first_word;
    const struct spelling *query = search->query;
    size_t length = word_length(query, query_word);
    unsigned allowed = length >= TWO_ERRORS_LETTERS ? 2 : length >= ONE_ERROR_LETTERS ? 1 : 0;
    struct distance distance =
        li_distance_measure(query->letters + query->start[query_word], length,
                            search->index->letters + key->letters + words[key_word].at,
                            key_word_length(key, words, key_word), allowed < max ? allowed : max);
    unsigned errors = query_word + 1 == query->words ? distance.begin : distance.whole;
    return errors <= (allowed < max ? allowed : max) ? errors : max + 1;
}

/* Errors when every word of the query is given another word of the key, in any order; max + 1 when that
 * cannot be. Each takes the nearest free word: good enough for names. */
static unsigned scattered_errors(const struct search *search, const struct index_key *key, unsigned max) {
    uint64_t taken = 0;
    unsigned total = 0;
    if (search->query->words > key->words)
        return max + 1;
    for (size_t i = 0; i < search->query->words; i++) {
        unsigned best = max + 1;
        size_t best_word = 0;
        for (size_t j = 0; j < key->words && best > 0; j++) {
            if (taken >> j & 1)
                continue;
            unsigned errors = word_errors(search, key, j, i, max - total);
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

/* The names that hold all words of the query, found through its longest one. */
static void find_scattered(struct search *search) {
    const struct search_index *index = search->index;
    const struct spelling *query = search->query;
    size_t longest = 0, low, high;
    for (size_t i = 1; i < query->words; i++)
        if (word_length(query, i) > word_length(query, longest))
            longest = i;
    li_index_find(index, query->letters + query->start[longest], word_length(query, longest), &low, &high);
    for (size_t i = low; i < high; i++) {
        const struct index_key *key = &index->keys[index->words[index->sorted[i]].key];
        if (scattered_errors(search, key, 0) == 0)
            li_ranking_offer(&search->ranking, key->artist, FIT_WORDS);
    }
}

/* "the metallica": the rest of the query, as words of a name. */
static void find_without_article(struct search *search) {
    static const uint32_t THE[] = {'t', 'h', 'e'};
    const struct search_index *index = search->index;
    const struct spelling *query = search->query;
    size_t low, high;
    if (query->words < 2 || query->start[1] != 3 || memcmp(query->letters, THE, sizeof THE) != 0)
        return;
    li_index_find(index, query->letters + 3, query->length - 3, &low, &high);
    for (size_t i = low; i < high; i++) {
        const struct index_word *word = &index->words[index->sorted[i]];
        if (word->leading)
            li_ranking_offer(&search->ranking, index->keys[word->key].artist, FIT_WORDS);
    }
}

/* Typing errors ----------------------------------------------------------------------------------------- */

/* Counts for every key how many different pairs of the query it has; returns the number of pairs. */
static size_t count_shared(const struct search *search, unsigned char *shared) {
    const struct search_index *index = search->index;
    const struct spelling *query = search->query;
    uint16_t buckets[GRAMS_MAX];
    size_t listed = li_index_grams(query->letters, query->length, query->start, 1, buckets), different = 0;
    for (size_t i = 0; i < listed; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || buckets[j] == buckets[i];
        if (again)
            continue;
        different++;
        for (uint32_t at = index->gram_start[buckets[i]]; at < index->gram_start[buckets[i] + 1u]; at++)
            shared[index->gram_keys[at]]++;
    }
    return different;
}

/* Raises need until at most CANDIDATES_MAX keys share so many pairs. */
static size_t limit_candidates(const unsigned char *shared, size_t keys, size_t need) {
    size_t with[256] = {0}, total = 0;
    for (size_t i = 0; i < keys; i++)
        with[shared[i]]++;
    for (size_t pairs = 255; pairs >= need; pairs--) {
        total += with[pairs];
        if (total > CANDIDATES_MAX)
            return pairs + 1;
    }
    return need;
}

static void offer_errors(struct search *search, uint32_t artist, unsigned errors, bool whole) {
    if (errors <= 1)
        li_ranking_offer(&search->ranking, artist, whole ? FIT_ONE_WHOLE : FIT_ONE_PART);
    else
        li_ranking_offer(&search->ranking, artist, whole ? FIT_TWO_WHOLE : FIT_TWO_PART);
}

static void measure_word(struct search *search, const struct index_word *word, unsigned max) {
    const struct index_key *key = &search->index->keys[word->key];
    const struct spelling *query = search->query;
    struct distance distance =
        li_distance_measure(query->letters, query->length, search->index->letters + key->letters + word->at,
                            (size_t)key->length - word->at, max);
    if (word->leading && distance.whole <= max)
        offer_errors(search, key->artist, distance.whole, true);
    if (distance.begin <= max)
        offer_errors(search, key->artist, distance.begin, false);
}

static void measure_key(struct search *search, const struct index_key *key, uint32_t mask, unsigned max) {
    const struct index_word *words = search->index->words + key->first_word;
    for (size_t i = 0; i < key->words; i++) /* the text of a word holds that of the next one */
        if ((unsigned)__builtin_popcount(mask & ~words[i].mask) <= max)
            measure_word(search, &words[i], max);
        else
            break;
    if (search->query->words < 2 || (unsigned)__builtin_popcount(mask & ~words[0].mask) > max)
        return;
    unsigned errors = scattered_errors(search, key, max);
    if (errors <= max)
        offer_errors(search, key->artist, errors, false);
}

/* Names that begin with the query when two neighbours of it are swapped back. */
static void find_swaps(struct search *search) {
    const struct search_index *index = search->index;
    size_t length = search->query->length, low, high;
    uint32_t letters[TWO_ERRORS_LETTERS];
    for (size_t i = 0; i + 1 < length; i++) {
        memcpy(letters, search->query->letters, length * sizeof *letters);
        letters[i] = search->query->letters[i + 1];
        letters[i + 1] = search->query->letters[i];
        li_index_find(index, letters, length, &low, &high);
        for (size_t at = low; at < high; at++) {
            const struct index_word *word = &index->words[index->sorted[at]];
            const struct index_key *key = &index->keys[word->key];
            offer_errors(search, key->artist, 1, word->leading && key->length - (size_t)word->at == length);
        }
    }
}

static bool find_errors(struct search *search, unsigned max, struct li_arena *scratch) {
    const struct search_index *index = search->index;
    const struct spelling *query = search->query;
    unsigned char *shared = li_arena_try(scratch, index->key_count, sizeof *shared);
    if (!shared)
        return false;
    uint32_t mask = li_index_mask(query->letters, query->length);
    size_t pairs = count_shared(search, shared);
    size_t lost =
        (max == 1 ? PAIRS_LOST_BY_ONE : PAIRS_LOST_BY_TWO) + (query->words - 1); /* one a word moved */
    if (max == 1)
        find_swaps(search);
    size_t need = limit_candidates(shared, index->key_count, pairs > lost ? pairs - lost : 1);
    for (size_t i = 0; i < index->key_count; i++)
        if (shared[i] >= need)
            measure_key(search, &index->keys[i], mask, max);
    return true;
}

static unsigned errors_allowed(size_t letters) {
    return letters >= TWO_ERRORS_LETTERS ? 2 : letters >= ONE_ERROR_LETTERS ? 1 : 0;
}

enum li_status li_catalog_search(const struct li_catalog *catalog, struct li_text query, size_t limit,
                                 const struct li_catalog_artist **hits, size_t *count,
                                 struct li_arena *scratch, struct li_error *err) {
    struct spelling spelling;
    if (query.size > LI_CATALOG_QUERY_MAX)
        return li_fail(err, LI_INVALID, "the query is longer than %d bytes", LI_CATALOG_QUERY_MAX);
    if (!li_text_valid(query))
        return li_fail(err, LI_INVALID, "the query is not UTF-8 text");
    if (limit < 1 || limit > LI_CATALOG_HITS_MAX)
        return li_fail(err, LI_INVALID, "the limit is a number from 1 to %d", LI_CATALOG_HITS_MAX);
    li_index_spell(query, &spelling);
    if (spelling.length == 0 || catalog->index.word_count == 0) {
        *count = 0;
        return LI_OK;
    }
    struct search search = {.index = &catalog->index, .query = &spelling};
    if (!li_ranking_start(&search.ranking, catalog, scratch))
        return li_fail(err, LI_NO_MEMORY, "no memory for a search");
    find_beginnings(&search);
    if (spelling.words > 1) {
        find_scattered(&search);
        find_without_article(&search);
    }
    unsigned max = errors_allowed(spelling.length);
    if (search.ranking.found_count < limit && max > 0 && !find_errors(&search, max, scratch))
        return li_fail(err, LI_NO_MEMORY, "no memory for a search");
    *count = li_ranking_best(&search.ranking, limit, hits);
    return LI_OK;
}
