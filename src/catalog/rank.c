#include "catalog/catalog_priv.h"

bool li_ranking_start(struct ranking *ranking, const struct li_catalog *catalog, struct li_arena *scratch) {
    size_t artists = catalog->info.artists;
    ranking->catalog = catalog;
    ranking->found_count = 0;
    ranking->fit = li_arena_try(scratch, artists, sizeof *ranking->fit);
    ranking->found = li_arena_try(scratch, artists, sizeof *ranking->found);
    return ranking->fit && ranking->found;
}

void li_ranking_offer(struct ranking *ranking, uint32_t artist, enum closeness fit) {
    unsigned char *have = &ranking->fit[artist];
    if (*have == 0)
        ranking->found[ranking->found_count++] = artist;
    if (*have == 0 || *have > fit + 1)
        *have = (unsigned char)(fit + 1);
}

/* Closer, then better known, then first by id: artists are numbered in that order. */
static bool before(const struct ranking *ranking, uint32_t a, uint32_t b) {
    const struct li_catalog_artist *artists = ranking->catalog->artists;
    if (ranking->fit[a] != ranking->fit[b])
        return ranking->fit[a] < ranking->fit[b];
    if (artists[a].popularity != artists[b].popularity)
        return artists[a].popularity > artists[b].popularity;
    return a < b;
}

size_t li_ranking_best(const struct ranking *ranking, size_t limit, const struct li_catalog_artist **hits) {
    uint32_t best[LI_CATALOG_HITS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < ranking->found_count; i++) {
        uint32_t artist = ranking->found[i];
        if (count == limit && !before(ranking, artist, best[count - 1]))
            continue;
        size_t place = count < limit ? count++ : count - 1;
        for (; place > 0 && before(ranking, artist, best[place - 1]); place--)
            best[place] = best[place - 1];
        best[place] = artist;
    }
    for (size_t i = 0; i < count; i++)
        hits[i] = &ranking->catalog->artists[best[i]];
    return count;
}
