/* measure.c - features from the source, for tracks that came without. It lasts for seconds where previews are
 * measured, so it is done outside of the session's lock, once at a time for a session, where others can see
 * how far it is, and only as long as the session is there. */
#include "base/clock.h"
#include "pipeline/pipeline_priv.h"

enum { LOOK_EVERY_MS = 250 };

static struct li_measuring **find(struct li_pipeline *pipeline, struct li_text session) {
    struct li_measuring **at = &pipeline->measuring;
    while (*at && !li_text_equal((*at)->session, session))
        at = &(*at)->next;
    return at;
}

bool li_measuring_begin(struct li_pipeline *pipeline, struct li_measuring *entry) {
    bool alone = true;
    entry->pipeline = pipeline;
    pthread_mutex_lock(&pipeline->measuring_lock);
    while (*find(pipeline, entry->session)) {
        alone = false;
        pthread_cond_wait(&pipeline->measuring_ended, &pipeline->measuring_lock);
    }
    if (alone) {
        entry->next = pipeline->measuring;
        pipeline->measuring = entry;
    }
    pthread_mutex_unlock(&pipeline->measuring_lock);
    return alone;
}

void li_measuring_end(struct li_pipeline *pipeline, struct li_measuring *entry) {
    pthread_mutex_lock(&pipeline->measuring_lock);
    *find(pipeline, entry->session) = entry->next;
    pthread_cond_broadcast(&pipeline->measuring_ended);
    pthread_mutex_unlock(&pipeline->measuring_lock);
}

bool li_measuring_progress(struct li_pipeline *pipeline, struct li_text session, size_t *done,
                           size_t *total) {
    pthread_mutex_lock(&pipeline->measuring_lock);
    const struct li_measuring *entry = *find(pipeline, session);
    bool there = entry && entry->total;
    if (there) {
        *done = entry->done;
        *total = entry->total;
    }
    pthread_mutex_unlock(&pipeline->measuring_lock);
    return there;
}

/* Whether the artists that we work on are still those of the session. A store that cannot say is believed to
 * have them. */
static bool still_wanted(struct li_measuring *entry) {
    struct li_store_version version;
    int64_t now_ns = li_clock_monotonic_ns();
    if (atomic_load(&entry->pipeline->stopping))
        return false;
    if (entry->looked_ns && now_ns - entry->looked_ns < (int64_t)LOOK_EVERY_MS * 1000000)
        return true;
    entry->looked_ns = now_ns;
    enum li_status status =
        li_store_stat(entry->pipeline->store, entry->session, LI_OBJECT_TOP_TRACKS, &version, NULL);
    return status == LI_OK ? version.tag == entry->version.tag : status != LI_NOT_FOUND;
}

/* How many tracks came with features of their own. */
struct measured {
    struct li_measuring *entry;
    size_t own;
};

static bool on_progress(void *context, size_t done) {
    struct measured *measured = context;
    struct li_measuring *entry = measured->entry;
    pthread_mutex_lock(&entry->pipeline->measuring_lock);
    entry->done = measured->own + done;
    pthread_mutex_unlock(&entry->pipeline->measuring_lock);
    return still_wanted(entry);
}

enum li_status li_measure_tracks(struct li_measuring *entry, const json_t *top, struct li_arena *arena,
                                 struct li_source_features **out, struct li_error *err) {
    json_t *tracks = json_object_get(top, "tracks"), *track;
    size_t total = json_array_size(tracks), asked = 0, i;
    struct li_source_features *features = li_arena_try(arena, total, sizeof *features);
    struct li_source_features *answers = li_arena_try(arena, total, sizeof *answers);
    struct li_source_wanted *wanted = li_arena_try(arena, total, sizeof *wanted);
    size_t *places = li_arena_try(arena, total, sizeof *places);
    if (total > LI_TRACKS_MAX)
        return li_document_foreign(err);
    if (!features || !answers || !wanted || !places)
        return li_fail(err, LI_NO_MEMORY, "no memory for %zu tracks", total);
    json_array_foreach(tracks, i, track) {
        struct li_text id = li_json_get_text(track, "id");
        if (!id.size || json_is_object(json_object_get(track, "features")))
            continue;
        places[asked] = i;
        wanted[asked++] = (struct li_source_wanted){
            .id = id, .title = li_json_get_text(track, "title"), .artist = li_json_get_text(track, "artist")};
    }
    struct measured measured = {entry, total - asked};
    const struct li_source_watch watch = {on_progress, &measured};
    pthread_mutex_lock(&entry->pipeline->measuring_lock);
    entry->done = measured.own;
    entry->total = total;
    pthread_mutex_unlock(&entry->pipeline->measuring_lock);
    enum li_status status = li_source_features(entry->pipeline->source, wanted, asked, &watch, answers, err);
    if (status == LI_BUSY && atomic_load(&entry->pipeline->stopping))
        return li_fail(err, LI_BUSY, "the service is stopping; ask again in a moment");
    if (status == LI_BUSY)
        return li_fail(err, LI_NOT_FOUND, "the session was erased or started again meanwhile");
    for (i = 0; !status && i < asked; i++)
        features[places[i]] = answers[i];
    if (!status)
        *out = features;
    return status;
}
