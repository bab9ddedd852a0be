/* bag.c - different texts and how often they were said. */
#include <stdlib.h>

#include "dataset/dataset_priv.h"

enum { FOLDED_MAX = 1024 };

uint64_t li_bag_fold(struct li_text text) {
    char fold[FOLDED_MAX];
    size_t size = li_text_fold(text, fold, sizeof fold);
    return li_text_hash(size ? (struct li_text){fold, size} : text);
}

void li_bag_add(struct bag *bag, struct li_text text, uint64_t fold, int chosen, double votes,
                int64_t sequence) {
    struct bag_item *item = NULL;
    if (text.size == 0 || text.size > sizeof item->text)
        return;
    for (size_t i = 0; i < bag->count && !item; i++)
        if (bag->items[i].fold == fold)
            item = &bag->items[i];
    if (!item && bag->count == BAG_MAX)
        return;
    if (!item) {
        item = &bag->items[bag->count++];
        *item = (struct bag_item){.fold = fold, .chosen = NOT_CHOSEN, .first = INT64_MAX};
    }
    item->votes += votes;
    if (chosen < item->chosen)
        item->chosen = chosen;
    if (sequence < item->first) { /* the first spelling counts */
        item->first = sequence;
        item->size = text.size;
        memcpy(item->text, text.data, text.size);
    }
}

static int by_choice(const void *a, const void *b) {
    const struct bag_item *left = a, *right = b;
    if (left->chosen != right->chosen)
        return left->chosen < right->chosen ? -1 : 1;
    if (left->votes != right->votes)
        return left->votes < right->votes ? 1 : -1;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return li_text_compare((struct li_text){left->text, left->size},
                           (struct li_text){right->text, right->size});
}

struct li_text li_bag_text(const struct bag_item *item) {
    return (struct li_text){item->text, item->size};
}

void li_bag_sort(struct bag *bag) {
    qsort(bag->items, bag->count, sizeof *bag->items, by_choice);
}
