/* reccobeats.c - features of tracks that cannot be measured, when the owner wants that: from ISRC to
 * ReccoBeats' own ids to features, 40 at a time. Its numbers are a third party's, and are called so. */
#include "sources/live_priv.h"

enum { BATCH = 40 };

struct into {
    struct li_arena *arena;
    struct li_answer_track *tracks;
    struct li_answer_features *features;
    size_t count;
};

static enum li_status read_tracks(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_reccobeats_read_tracks(body, into->arena, &into->tracks, &into->count, err);
}

static enum li_status read_features(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_reccobeats_read_features(body, into->arena, &into->features, &into->count, err);
}

static struct li_text join(const char *before, const struct li_text *ids, size_t count,
                           struct li_arena *arena) {
    struct li_text joined = li_arena_printf(arena, "%s", before);
    for (size_t i = 0; i < count; i++)
        joined = li_arena_printf(arena, "%.*s%s%.*s", LI_TEXT_ARG(joined), i ? "," : "",
                                 LI_TEXT_ARG(li_url_encode(ids[i], false, arena)));
    return joined;
}

static enum li_status ask_batch(struct li_provider *reccobeats, const struct li_text *isrcs, size_t count,
                                struct li_arena *arena, bool *known, struct li_features *out,
                                const struct li_watch *watch, struct li_error *err) {
    struct into tracks = {.arena = arena}, features = {.arena = arena};
    struct li_ask ask = {
        .path = join("/track?ids=", isrcs, count, arena), .read = read_tracks, .context = &tracks};
    enum li_status status = li_provider_ask(reccobeats, &ask, 1, watch, err);
    if (status || tracks.count == 0)
        return status;
    struct li_text *ids = li_arena_alloc(arena, LI_ANSWER_LIST_MAX * sizeof *ids);
    size_t id_count = tracks.count < BATCH ? tracks.count : BATCH;
    for (size_t i = 0; i < id_count; i++)
        ids[i] = tracks.tracks[i].id;
    ask = (struct li_ask){.path = join("/audio-features?ids=", ids, id_count, arena),
                          .read = read_features,
                          .context = &features};
    status = li_provider_ask(reccobeats, &ask, 1, watch, err);
    for (size_t f = 0; !status && f < features.count; f++) {
        struct li_text isrc = features.features[f].isrc;
        for (size_t t = 0; t < tracks.count && !isrc.size; t++)
            if (li_text_equal(tracks.tracks[t].id, features.features[f].id))
                isrc = tracks.tracks[t].isrc;
        for (size_t i = 0; i < count; i++) {
            if (isrc.size && li_text_equal(isrcs[i], isrc)) {
                known[i] = true;
                out[i] = features.features[f].features;
            }
        }
    }
    return status;
}

enum li_status li_reccobeats_features(struct li_provider *reccobeats, const struct li_text *isrcs,
                                      size_t count, struct li_arena *arena, bool *known,
                                      struct li_features *out, const struct li_watch *watch,
                                      struct li_error *err) {
    enum li_status status = LI_OK;
    for (size_t i = 0; i < count; i++)
        known[i] = false;
    for (size_t first = 0; !status && first < count; first += BATCH) {
        size_t batch = count - first < BATCH ? count - first : BATCH;
        status = ask_batch(reccobeats, isrcs + first, batch, arena, known + first, out + first, watch, err);
    }
    return status;
}
