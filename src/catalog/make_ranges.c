/* make_ranges.c - the best artists of every long range of words that share a beginning, so that a few typed
 * letters need not be answered from a hundred thousand words.
 *
 * The ranges that a beginning can have are the nodes of the tree of common beginnings: they are found from
 * left to right with a stack of open ones (Abouelhoda, Kurtz, Ohlebusch 2004, "Replacing suffix trees with
 * enhanced suffix arrays", section 4), each handing its best on to the one around it. */
#include <stdlib.h>

#include "catalog/catalog_priv.h"

struct open_range {
    size_t common; /* bytes that its words share */
    size_t low;
    struct ranking best;
};

static void merge(struct ranking *into, const struct ranking *from) {
    for (size_t i = 0; i < from->count; i++)
        li_ranking_offer(into, from->places[i].key, from->places[i].rank, from->places[i].fit);
}

static struct ranking leaf(const struct sorted_words *words, size_t word) {
    struct ranking best = {.limit = RANGE_HITS};
    uint16_t place = words->places[word];
    enum closeness fit = !(place & WORD_LEADING) ? FIT_WORDS
                         : place & WORD_ALIAS    ? FIT_ALIAS_BEGINS
                                                 : FIT_NAME_BEGINS;
    li_ranking_offer(&best, words->keys[word], words->ranks[words->keys[word]], fit);
    return best;
}

static void write_range(const struct open_range *range, size_t high, struct bytes *out) {
    if (high - range->low <= RANGE_MIN)
        return;
    unsigned char *at = li_bytes_extend(out, RANGE_BYTES);
    if (!at)
        return;
    li_put32(at, (uint32_t)range->low);
    li_put32(at + 4, (uint32_t)high);
    for (size_t i = 0; i < RANGE_HITS; i++) {
        const struct place *place = &range->best.places[i];
        uint32_t hit =
            i < range->best.count ? (uint32_t)place->fit << HIT_FIT_SHIFT | place->key : (uint32_t)NO_HIT;
        li_put32(at + 8 + 4 * i, hit);
    }
}

static int by_place(const void *a, const void *b) {
    const unsigned char *left = a, *right = b;
    for (int i = 0; i < 8; i += 4)
        if (li_get32(left + i) != li_get32(right + i))
            return li_get32(left + i) < li_get32(right + i) ? -1 : 1;
    return 0;
}

bool li_ranges_make(const struct sorted_words *words, struct bytes *out) {
    struct open_range *open = calloc(KEY_TEXT_MAX + 2, sizeof *open);
    size_t depth = 1;
    if (!open)
        return false;
    open[0].best.limit = RANGE_HITS;
    for (size_t i = 1; i <= words->count; i++) {
        size_t low = i - 1, common = i < words->count ? words->common[i] : 0;
        struct ranking best = leaf(words, low);
        while (common < open[depth - 1].common) {
            struct open_range *top = &open[--depth];
            merge(&top->best, &best);
            write_range(top, i, out);
            low = top->low;
            best = top->best;
        }
        if (common > open[depth - 1].common)
            open[depth++] = (struct open_range){common, low, best};
        else
            merge(&open[depth - 1].best, &best);
    }
    free(open);
    if (!out->failed && out->size)
        qsort(out->data, out->size / RANGE_BYTES, RANGE_BYTES, by_place);
    return !out->failed;
}
