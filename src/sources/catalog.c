/* catalog.c - the source that answers from the built-in catalogue: names, genres and titles, no sound. */
#include "catalog/catalog.h"

#include <stdlib.h>

#include "sources/source.h"

struct catalog_source {
    struct li_source base;
    const struct li_catalog *catalog;
};

static const struct li_catalog *catalog_of(struct li_source *source) {
    return ((struct catalog_source *)source)->catalog;
}

static enum li_status not_found(struct li_text id, struct li_error *err) {
    return li_fail(err, LI_NOT_FOUND, "no artist has the id \"%.*s\"; /search finds the ids",
                   (int)(id.size < 80 ? id.size : 80), id.data);
}

static struct li_source_artist artist_of(const struct li_catalog_artist *found) {
    return (struct li_source_artist){
        .id = found->id,
        .name = found->name,
        .genres = found->genres,
        .genre_count = found->genre_count,
        .popularity = found->popularity,
        .source = "catalog",
    };
}

static enum li_status catalog_search(struct li_source *source, struct li_text words, size_t limit,
                                     struct li_arena *arena, struct li_source_artist **artists, size_t *count,
                                     struct li_error *err) {
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
    size_t found = 0;
    enum li_status status = li_catalog_search(catalog_of(source), words, limit, hits, &found, arena, err);
    if (status)
        return status;
    struct li_source_artist *list = li_arena_alloc(arena, LI_SOURCE_HITS_MAX * sizeof *list);
    for (size_t i = 0; i < found; i++)
        list[i] = artist_of(hits[i]);
    *artists = list;
    *count = found;
    return LI_OK;
}

static enum li_status catalog_find(struct li_source *source, struct li_text id, struct li_arena *arena,
                                   struct li_source_artist *artist, struct li_error *err) {
    const struct li_catalog_artist *found = li_catalog_find(catalog_of(source), id, arena);
    if (!found)
        return not_found(id, err);
    *artist = artist_of(found);
    return LI_OK;
}

static enum li_status catalog_top_tracks(struct li_source *source, struct li_text id, size_t limit,
                                         struct li_arena *arena, struct li_source_track **tracks,
                                         size_t *count, struct li_error *err) {
    const struct li_catalog_artist *found = li_catalog_find(catalog_of(source), id, arena);
    if (!found)
        return not_found(id, err);
    size_t wanted = found->track_count < limit ? found->track_count : limit;
    struct li_source_track *list = li_arena_alloc(arena, (wanted + 1) * sizeof *list);
    for (size_t i = 0; i < wanted; i++) {
        const struct li_catalog_track *track = &found->tracks[i];
        list[i] = (struct li_source_track){
            .id = track->id,
            .title = track->title,
            .year = track->year,
            .has_features = track->features_from != LI_CATALOG_FEATURES_NONE,
            .origin =
                track->features_from == LI_CATALOG_FEATURES_MEASURED ? LI_ORIGIN_MEASURED : LI_ORIGIN_DATASET,
            .features = track->features,
        };
    }
    *tracks = list;
    *count = wanted;
    return LI_OK;
}

static enum li_status catalog_match(struct li_source *source, struct li_text name, struct li_arena *arena,
                                    struct li_source_artist *artist, struct li_error *err) {
    const struct li_catalog_artist *found = li_catalog_match(catalog_of(source), name, arena);
    if (!found)
        return li_fail(err, LI_NOT_FOUND, "no artist of the catalogue is surely meant");
    *artist = artist_of(found);
    return LI_OK;
}

static void catalog_free(struct li_source *source) {
    free(source);
}

static const struct li_source_ops CATALOG_OPS = {
    .name = "catalog",
    .quick = true,
    .search = catalog_search,
    .find = catalog_find,
    .top_tracks = catalog_top_tracks,
    .match = catalog_match,
    .free = catalog_free,
};

enum li_status li_source_open_catalog(const struct li_catalog *catalog, struct li_source **out,
                                      struct li_error *err) {
    struct catalog_source *source = calloc(1, sizeof *source);
    if (!source)
        return li_fail(err, LI_NO_MEMORY, "no memory for a source");
    source->base.ops = &CATALOG_OPS;
    source->catalog = catalog;
    *out = &source->base;
    return LI_OK;
}
