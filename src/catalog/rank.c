#include "catalog/catalog_priv.h"

static bool before(const struct place *a, const struct place *b) {
    return a->fit != b->fit ? a->fit < b->fit : a->key < b->key;
}

void li_ranking_offer(struct ranking *ranking, uint32_t key, uint32_t rank, enum closeness fit) {
    struct place *places = ranking->places, offered = {key, rank, fit};
    size_t at = 0;
    while (at < ranking->count && places[at].rank != rank)
        at++;
    if (at < ranking->count && !before(&offered, &places[at]))
        return;
    if (at == ranking->count) {
        if (ranking->count == ranking->limit) {
            at--;
            if (!before(&offered, &places[at]))
                return;
        } else {
            ranking->count++;
        }
    }
    for (; at > 0 && before(&offered, &places[at - 1]); at--)
        places[at] = places[at - 1];
    places[at] = offered;
}
