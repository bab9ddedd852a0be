/* source.c - what every source does alike: the checks at the door. */
#include "sources/source.h"

const char *li_origin_name(enum li_origin origin) {
    static const char *const NAMES[LI_ORIGIN_COUNT] = {
        [LI_ORIGIN_MEASURED] = "measured",
        [LI_ORIGIN_PROVIDER] = "provider",
        [LI_ORIGIN_DATASET] = "dataset",
        [LI_ORIGIN_ESTIMATED] = "estimated",
    };
    return NAMES[origin];
}

enum li_status li_source_search(struct li_source *source, struct li_text words, size_t limit,
                                struct li_arena *arena, struct li_source_artist **artists, size_t *count,
                                struct li_error *err) {
    if (words.size > LI_SOURCE_QUERY_MAX)
        return li_fail(err, LI_INVALID, "a search is at most %d bytes long; this one has %zu",
                       LI_SOURCE_QUERY_MAX, words.size);
    if (!li_text_valid(words))
        return li_fail(err, LI_INVALID, "the search is not valid UTF-8 text");
    if (limit < 1 || limit > LI_SOURCE_HITS_MAX)
        return li_fail(err, LI_INVALID, "limit is a whole number from 1 to %d", LI_SOURCE_HITS_MAX);
    return source->ops->search(source, words, limit, arena, artists, count, err);
}

enum li_status li_source_find(struct li_source *source, struct li_text id, struct li_arena *arena,
                              struct li_source_artist *artist, struct li_error *err) {
    return source->ops->find(source, id, arena, artist, err);
}

enum li_status li_source_top_tracks(struct li_source *source, struct li_text id, size_t limit,
                                    struct li_arena *arena, struct li_source_track **tracks, size_t *count,
                                    struct li_error *err) {
    return source->ops->top_tracks(source, id, limit, arena, tracks, count, err);
}

void li_source_free(struct li_source *source) {
    if (source)
        source->ops->free(source);
}
