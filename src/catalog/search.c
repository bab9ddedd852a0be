/* search.c - finds artists as people type.
 *
 * Names and aliases are folded (li_text_fold) and their spaces taken out, so that "ac/dc", "AC DC" and "acdc"
 * are one text: a key. The file keeps, for every place where a word begins, the text from there to the end of
 * the key. A query is treated the same way and is answered in three steps, each only adding to the one
 * before:
 *
 *  1. Binary search gives every word that begins with the query: whole names, beginnings of names, and
 *     contiguous words within a name ("gaga", "beatles", "led zep"). Of a range of more than RANGE_MIN words
 *     the file keeps the best.
 *  2. A query of several words is also looked up word by word, in any order: each must be a word of the name,
 *     the last may be half typed ("punk daft", "bruno m", "creator tyler"). A leading "the" may be too much.
 *  3. While there is still room: typing errors, one from 4 letters and two from 8 (search_errors.c).
 *
 * Results are ordered by closeness (enum closeness), popularity, id; with one exception: half a name that
 * somebody unknown has is less likely meant than the name of somebody well known with one error
 * (li_search_known). Keys are numbered in the order of the latter two, so that lists of them are looked
 * through from the best, and can be left when nothing better can come. No step does work in proportion to the
 * number of artists. */
#include "catalog/catalog_priv.h"

enum {
    WHOLE_MAX = 512,             /* namesakes that are looked at */
    CANDIDATES_MAX = 20000,      /* names that have the rarest word of the query */
    ERROR_CANDIDATES_MAX = 3000, /* the same when there may be typing errors in the others */
    CHECKED_MAX = 500,           /* of these: names that may have the other words too */
    AHEAD = 16,                  /* sketches that are on their way from memory */
};

void li_search_offer(struct search *search, uint32_t key, enum closeness fit) {
    struct stored_key stored;
    if (li_ranking_wants(&search->ranking, key, fit) && li_index_key(search->file, key, &stored) &&
        stored.rank < search->file->info.artists)
        li_ranking_offer(&search->ranking, key, stored.rank, fit);
}

static unsigned word_flags(const struct search *search, size_t word) {
    return li_get16(search->file->section[SECTION_WORD_PLACES].data + 2 * word);
}

/* Names and aliases that are the query: they stand at the beginning of its range. */
static void find_whole(struct search *search, size_t low, size_t high) {
    const struct catalog_file *file = search->file;
    high = high - low > WHOLE_MAX ? low + WHOLE_MAX : high;
    for (size_t word = low; word < high && word_flags(search, word) & WORD_LEADING &&
                            li_index_whole(file, word, search->typed, search->typed_size);
         word++) {
        uint32_t number = li_file_u32(file, SECTION_WORD_KEYS, word);
        struct stored_key key;
        struct spelling spelling;
        if (!li_index_key(file, number, &key))
            continue;
        li_spell_key(key.text, key.size, &spelling);
        bool name = !key.alias && li_fit_same_words(&search->query->spelling, &spelling);
        li_search_offer(search, number, name ? FIT_NAME : FIT_ALIAS);
    }
}

/* The artists that have a word of a range; least: the closest that they can be. leading: only those whose
 * name or alias begins with the range's words. */
static void find_range(struct search *search, size_t low, size_t high, enum closeness least, bool leading) {
    const struct catalog_file *file = search->file;
    const unsigned char *hits = high - low > RANGE_MIN ? li_index_range(file, low, high) : NULL;
    for (size_t i = 0; hits && i < RANGE_HITS; i++) {
        uint32_t hit = li_get32(hits + 4 * i);
        enum closeness fit = (enum closeness)(hit >> HIT_FIT_SHIFT);
        if (hit == (uint32_t)NO_HIT)
            break;
        if (fit < FIT_WORDS || !leading)
            li_search_offer(search, hit & (KEYS_MAX - 1), fit > least ? fit : least);
    }
    if (hits)
        return;
    high = high - low > RANGE_MIN ? low + RANGE_MIN : high;
    for (size_t word = low; word < high; word++) {
        unsigned flags = word_flags(search, word);
        enum closeness fit = !(flags & WORD_LEADING) ? FIT_WORDS
                             : flags & WORD_ALIAS    ? FIT_ALIAS_BEGINS
                                                     : FIT_NAME_BEGINS;
        if (fit < FIT_WORDS || !leading)
            li_search_offer(search, li_file_u32(file, SECTION_WORD_KEYS, word), fit > least ? fit : least);
    }
}

/* "the metallica": the rest of the query is how a name begins. */
static void find_without_article(struct search *search) {
    enum { THE = 3 };
    size_t low, high;
    if (li_spell_article(&search->query->spelling) != THE)
        return;
    li_index_find(search->file, search->typed + THE, search->typed_size - THE, &low, &high);
    find_range(search, low, high, FIT_WORDS, true);
}

/* Whether a candidate has the words, by its sketch first. */
static bool try_words(struct search *search, uint32_t number, unsigned max) {
    struct stored_key key;
    struct spelling spelling;
    if (!li_sketch_holds(li_index_sketch(search->file, number), search->query->sketch, max) ||
        !li_index_key(search->file, number, &key))
        return false;
    li_spell_key(key.text, key.size, &spelling);
    unsigned errors = li_fit_scattered(search->query, &spelling, max);
    if (errors <= max)
        li_search_offer(search, number, errors == 0 ? FIT_WORDS : errors == 1 ? FIT_ONE_PART : FIT_TWO_PART);
    return true;
}

/* Looks through keys that have one of the words: the best first, so that it can end early. */
static void try_postings(struct search *search, struct postings postings, unsigned max) {
    enum closeness best = max ? FIT_ONE_PART : FIT_WORDS;
    size_t checked = 0, most = max ? ERROR_CANDIDATES_MAX : CANDIDATES_MAX;
    for (size_t i = 0; i < postings.count && i < most && checked < CHECKED_MAX; i++) {
        uint32_t number = li_get32(postings.data + 4 * i);
        if (i + AHEAD < postings.count)
            li_index_fetch_sketch(search->file, li_get32(postings.data + 4 * (i + AHEAD)));
        if (!li_ranking_wants(&search->ranking, number, best))
            break;
        checked += try_words(search, number, max);
    }
}

static struct postings token_postings(const struct search *search, size_t word) {
    const struct spelling *query = &search->query->spelling;
    uint32_t hash =
        li_hash_letters(0, query->letters + query->start[word], li_spell_word_length(query, word), SIZE_MAX);
    return li_index_postings(search->file, SECTION_TOKEN_STARTS, hash);
}

/* The words that begin with the last one of the query. */
static void find_last(const struct search *search, size_t *low, size_t *high) {
    const struct spelling *query = &search->query->spelling;
    unsigned char typed[KEY_TEXT_MAX];
    size_t last = query->words - 1;
    size_t size = li_spell_write(query->letters + query->start[last], li_spell_word_length(query, last), NULL,
                                 0, typed);
    li_index_find(search->file, typed, size, low, high);
}

void li_search_words(struct search *search, unsigned max) {
    const struct spelling *query = &search->query->spelling;
    struct postings rarest = {.count = SIZE_MAX};
    size_t low, high;
    for (size_t i = 0; i + 1 < query->words; i++) {
        struct postings postings = token_postings(search, i);
        if (max)
            try_postings(search, postings, max);
        else if (postings.count < rarest.count)
            rarest = postings;
    }
    find_last(search, &low, &high);
    if (!max && high - low > rarest.count) {
        try_postings(search, rarest, max);
        return;
    }
    high = high - low > CHECKED_MAX ? low + CHECKED_MAX : high;
    for (size_t word = low; word < high; word++)
        try_words(search, li_file_u32(search->file, SECTION_WORD_KEYS, word), max);
}

void li_search_file(struct search *search, bool whole) {
    const struct spelling *query = &search->query->spelling;
    size_t low, high;
    search->typed_size = li_spell_write(query->letters, query->length, NULL, 0, search->typed);
    li_index_find(search->file, search->typed, search->typed_size, &low, &high);
    find_whole(search, low, high);
    if (!whole) {
        find_range(search, low, high, FIT_NAME_BEGINS, false);
        if (query->words > 1) {
            li_search_words(search, 0);
            find_without_article(search);
        }
    }
    unsigned allowed = li_query_errors(search->query);
    for (unsigned max = 1; max <= allowed && search->ranking.count < search->ranking.limit; max++)
        li_search_errors(search, max, whole);
    if (!whole)
        li_search_known(search);
}
