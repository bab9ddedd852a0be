/* search_errors.c - names that fit a query but for one or two typing errors.
 *
 * Whole names: the file lists every key under its first half and its last, as they are and with each letter
 * left out, together with its number of letters. Two texts that differ by one error have a half in common
 * (but when the error swaps the letters between the halves: that is tried by itself); two that differ by two
 * have a half with at most one error, and texts that differ by one error are equal when the right letter of
 * each is left out (Garbe 2012, "1000x faster spelling correction", SymSpell; the halves: Navarro 2001, "A
 * guided tour to approximate string matching", section 8.1). So a few lists hold all names that can fit.
 *
 * Beginnings: keys are listed under the first letters of their words in the same way, only the best known of
 * each: nobody waits for the others with half a word typed, and misspelt.
 *
 * What a list holds is compared by its sketch first (li_spell_sketch), then measured. The number of both is
 * bounded, and so is the time. */
#include "catalog/catalog_priv.h"

enum {
    HALVES_MAX = 40 * 1000, /* entries of lists that are looked at for whole names ... */
    HEADS_MAX = 6 * 1000,   /* ... and for beginnings */
    MEASURED_MAX = 1000,    /* names that are measured */
    AHEAD = 16,             /* sketches that are on their way from memory */
    BATCH = 16,             /* names that are on their way from memory */
    SEEN_SLOTS = 1024,
    TEXT_SLOTS = 64,

    KNOWN_POPULARITY = 45, /* of an artist that is moved before one less popular by KNOWN_AHEAD */
    KNOWN_AHEAD = 40,
    KNOWN_ARTISTS = 2, /* that are moved at most */
    KNOWN_LETTERS = 3, /* of a query for it; one so short lacks a letter */
};

/* What was measured of a text: many artists have the same name. */
struct measured {
    struct stored_key key;
    enum closeness fit;
};

/* A look for typing errors. */
struct look {
    struct search *search;
    unsigned max;
    size_t entries, measured; /* that may still be looked at, and measured */
    uint32_t end;             /* keys from this one on are left out */
    uint32_t batch[BATCH];
    size_t batched;
    uint32_t seen[SEEN_SLOTS]; /* keys measured lately, plus one, each at the place of its hash */
    struct measured texts[TEXT_SLOTS];
};

static void measure(struct look *look, uint32_t number) {
    struct search *search = look->search;
    struct measured *slot = &look->texts[li_index_sketch(search->file, number) % (TEXT_SLOTS - 1)];
    struct stored_key key;
    if (!li_index_key(search->file, number, &key))
        return;
    bool same =
        slot->key.text && slot->key.size == key.size && memcmp(slot->key.text, key.text, key.size) == 0;
    if (!same) {
        struct spelling spelling;
        li_spell_key(key.text, key.size, &spelling);
        *slot = (struct measured){key, li_fit_errors(search->query, &spelling, look->max)};
        look->measured -= look->measured > 0;
    }
    if (slot->fit != FIT_NOT)
        li_search_offer(search, number, slot->fit);
}

static void measure_batch(struct look *look) {
    struct stored_key key;
    for (size_t i = 0; i < look->batched; i++)
        if (li_index_key(look->search->file, look->batch[i], &key))
            __builtin_prefetch(key.text);
    for (size_t i = 0; i < look->batched; i++)
        measure(look, look->batch[i]);
    look->batched = 0;
}

static void add_candidate(struct look *look, uint32_t number) {
    uint32_t *seen = &look->seen[number % SEEN_SLOTS];
    if (*seen == number + 1)
        return;
    *seen = number + 1;
    li_index_fetch_key(look->search->file, number);
    look->batch[look->batched++] = number;
    if (look->batched == BATCH)
        measure_batch(look);
}

/* The keys of a list, the best known first: it is left when none of the rest can get a place. */
static void try_list(struct look *look, struct postings list, enum closeness best, bool halves) {
    const struct search *search = look->search;
    const uint64_t wanted = search->query->sketch;
    for (size_t i = 0; i < list.count && look->entries && look->measured; i++) {
        uint32_t entry = li_get32(list.data + 4 * i), number = halves ? entry / 2 : entry;
        if (i + AHEAD < list.count)
            li_index_fetch_sketch(search->file, li_get32(list.data + 4 * (i + AHEAD)) / (halves ? 2 : 1));
        if (number >= look->end || !li_ranking_wants(&search->ranking, number, best))
            break;
        look->entries--;
        uint64_t sketch = li_index_sketch(search->file, number);
        bool whole = halves && !(entry & 1); /* the sketch of a key without its article is not kept */
        if (li_sketch_holds(sketch, wanted, look->max) &&
            (!whole || li_sketch_holds(wanted, sketch, look->max)))
            add_candidate(look, number);
    }
    measure_batch(look);
}

static void try_half(struct look *look, uint32_t hash) {
    try_list(look, li_index_postings(look->search->file, SECTION_HALF_STARTS, hash),
             look->max > 1 ? FIT_TWO_WHOLE : FIT_ONE_WHOLE, true);
}

/* Keys whose text has so many letters and a half like the query's. */
static void find_halves(struct look *look, size_t length) {
    const struct spelling *query = &look->search->query->spelling;
    uint32_t hashes[HALF_LETTERS + 1], swapped[HALF_LETTERS];
    size_t half = li_half_length(length);
    if (half == 0 || half > query->length)
        return;
    for (int tail = 0; tail < 2; tail++) {
        const uint32_t *letters = query->letters + (tail ? query->length - half : 0);
        size_t count = li_hash_variants(li_half_seed(length, tail), letters, half, hashes);
        for (size_t i = 0; i < (look->max > 1 ? count : 1); i++)
            try_half(look, hashes[i]);
    }
    if (look->max > 1 || length != query->length)
        return;
    memcpy(swapped, query->letters, half * sizeof *swapped);
    swapped[half - 1] = query->letters[half];
    try_half(look, li_hash_letters(li_half_seed(length, false), swapped, half, half));
}

static void find_heads(struct look *look) {
    const struct search *search = look->search;
    const struct spelling *query = &search->query->spelling;
    uint32_t hashes[HEAD_LETTERS + 1];
    size_t length = query->length < HEAD_LETTERS ? query->length : HEAD_LETTERS;
    size_t count = li_hash_variants(0, query->letters, length, hashes);
    for (size_t i = 0; i < count; i++)
        try_list(look, li_index_postings(search->file, SECTION_HEAD_STARTS, hashes[i]),
                 look->max > 1 ? FIT_TWO_PART : FIT_ONE_PART, false);
}

void li_search_errors(struct search *search, unsigned max, bool whole) {
    const struct spelling *query = &search->query->spelling;
    struct look look = {
        .search = search, .max = max, .entries = HALVES_MAX, .measured = MEASURED_MAX, .end = KEYS_MAX};
    find_halves(&look, query->length);
    for (size_t more = 1; more <= max; more++) {
        find_halves(&look, query->length + more);
        find_halves(&look, query->length - more);
    }
    if (whole)
        return;
    if (query->words > 1)
        li_search_words(search, max);
    look.entries = HEADS_MAX;
    look.measured = MEASURED_MAX;
    find_heads(&look);
}

/* Well-known artists ----------------------------------------------------------------------------------------
 */

static int popularity_of(const struct search *search, uint32_t number) {
    struct stored_key key;
    return li_index_key(search->file, number, &key) ? key.popularity : -1;
}

/* Puts an artist before the first one that fits no whole name and is so much less popular. */
static void move_up(struct ranking *ranking, const struct search *search, const struct place *known) {
    struct place *places = ranking->places;
    int popularity = popularity_of(search, known->key);
    size_t to = 0, from = 0;
    while (to < ranking->count && (places[to].fit < FIT_NAME_BEGINS ||
                                   popularity_of(search, places[to].key) > popularity - KNOWN_AHEAD))
        to++;
    while (from < ranking->count && places[from].rank != known->rank)
        from++;
    if (to == ranking->count || from < to)
        return;
    if (from == ranking->count)
        from = ranking->count < ranking->limit ? ranking->count++ : ranking->count - 1;
    for (; from > to; from--)
        places[from] = places[from - 1];
    places[to] = *known;
}

void li_search_known(struct search *search) {
    const struct spelling *query = &search->query->spelling;
    struct search known = {
        .file = search->file, .query = search->query, .ranking.limit = LI_CATALOG_HITS_MAX};
    struct look look = {.search = &known, .max = 1, .entries = HALVES_MAX, .measured = MEASURED_MAX};
    if (query->length < KNOWN_LETTERS || search->ranking.count == 0)
        return;
    look.end = li_index_known(search->file, KNOWN_POPULARITY);
    find_halves(&look, query->length + 1);
    if (query->length > KNOWN_LETTERS) {
        find_halves(&look, query->length);
        find_halves(&look, query->length - 1);
    }
    for (size_t i = 0; i < known.ranking.count && i < KNOWN_ARTISTS; i++)
        if (known.ranking.places[i].fit == FIT_ONE_WHOLE)
            move_up(&search->ranking, search, &known.ranking.places[i]);
}
