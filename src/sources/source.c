/* source.c - what every source does alike: the checks at the door. */
#include "sources/source.h"

#include <stdatomic.h>

/* Counts a call for the metrics. What the source does not know is an answer too. */
static enum li_status counted(struct li_source *source, enum li_status status) {
    if (source->ops->counts)
        return status;
    atomic_fetch_add_explicit(&source->calls, 1, memory_order_relaxed);
    if (status && status != LI_NOT_FOUND && status != LI_INVALID)
        atomic_fetch_add_explicit(&source->failures, 1, memory_order_relaxed);
    return status;
}

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
    return counted(source, source->ops->search(source, words, limit, arena, artists, count, err));
}

enum li_status li_source_find(struct li_source *source, struct li_text id, struct li_arena *arena,
                              struct li_source_artist *artist, struct li_error *err) {
    return counted(source, source->ops->find(source, id, arena, artist, err));
}

enum li_status li_source_top_tracks(struct li_source *source, struct li_text id, size_t limit,
                                    struct li_arena *arena, struct li_source_track **tracks, size_t *count,
                                    struct li_error *err) {
    return counted(source, source->ops->top_tracks(source, id, limit, arena, tracks, count, err));
}

enum li_status li_source_match(struct li_source *source, struct li_text name, struct li_arena *arena,
                               struct li_source_artist *artist, struct li_error *err) {
    if (!source->ops->match)
        return li_fail(err, LI_NOT_FOUND, "this source does not match names");
    return source->ops->match(source, name, arena, artist, err);
}

enum li_status li_source_lookup(struct li_source *source, const struct li_text *names, size_t count,
                                struct li_arena *arena, struct li_source_artist *artists, bool *found,
                                size_t *asked, struct li_error *err) {
    for (size_t i = 0; i < count; i++)
        found[i] = false;
    *asked = 0;
    if (count > LI_SOURCE_LOOKUP_MAX)
        return li_fail(err, LI_INVALID, "at most %d names are looked up", LI_SOURCE_LOOKUP_MAX);
    if (!source->ops->lookup || !count)
        return LI_OK;
    return counted(source, source->ops->lookup(source, names, count, arena, artists, found, asked, err));
}

enum li_status li_source_prepare(struct li_source *source, const struct li_text *ids, size_t count,
                                 struct li_error *err) {
    return source->ops->prepare ? counted(source, source->ops->prepare(source, ids, count, err)) : LI_OK;
}

enum li_status li_source_recording(struct li_source *source, struct li_text isrc, struct li_arena *arena,
                                   struct li_source_wanted *track, struct li_error *err) {
    if (!source->ops->recording)
        return li_fail(err, LI_NOT_FOUND, "this source knows no codes of recordings");
    return counted(source, source->ops->recording(source, isrc, arena, track, err));
}

bool li_source_has_features(const struct li_source *source) {
    return source->ops->features != NULL;
}

enum li_status li_source_features(struct li_source *source, const struct li_source_wanted *tracks,
                                  size_t count, const struct li_source_watch *watch,
                                  struct li_source_features *out, struct li_error *err) {
    for (size_t i = 0; i < count; i++)
        out[i] = (struct li_source_features){.known = false};
    return source->ops->features && count ? source->ops->features(source, tracks, count, watch, out, err)
                                          : LI_OK;
}

void li_source_counts(struct li_source *source, uint64_t *calls, uint64_t *failures) {
    while (source->ops->behind) {
        struct li_source *behind = source->ops->behind(source);
        if (!behind)
            break;
        source = behind;
    }
    *calls = atomic_load_explicit(&source->calls, memory_order_relaxed);
    *failures = atomic_load_explicit(&source->failures, memory_order_relaxed);
}

void li_source_tidy(struct li_source *source) {
    if (source->ops->tidy)
        source->ops->tidy(source);
}

void li_source_free(struct li_source *source) {
    if (source)
        source->ops->free(source);
}
