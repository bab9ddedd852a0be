/* live_features.c - the features of tracks: those kept, else measured from previews, else told by a provider
 * that the owner wants, else those of the catalogue's tables. What nobody knows is left to the genres. */
#include <math.h>
#include <stdlib.h>

#include "sources/live_priv.h"

static const int64_t MEASURED_MS = (int64_t)365 * LI_DAY_MS, TOLD_MS = (int64_t)90 * LI_DAY_MS,
                     PREVIEW_MS = (int64_t)10 * 60 * 1000, /* addresses are good for 15 minutes */
    NO_PREVIEW_MS = LI_DAY_MS, ISRC_MS = (int64_t)90 * LI_DAY_MS;

enum { FEATURE_DECIMALS = 6, CONFIDENCE_DECIMALS = 3 }; /* of what is kept */

/* One track whose features are wanted. */
struct track {
    struct li_text id, deezer, spotify; /* its id here, and at a provider's when it is one of theirs */
    struct li_text preview, isrc;
    bool asked;   /* Deezer was asked for its preview in this call */
    bool expired; /* the address that was kept is no longer good */
    struct li_source_features *out;
};

/* The work of one call. */
struct work {
    struct li_live *live;
    struct track *tracks;
    size_t count, done;
    const struct li_source_watch *watch;
    struct li_watch while_wanted; /* the same for those who only want to know whether to go on */
    bool given_up;
    struct li_arena arena;
};

static bool tell(struct work *work, size_t more) {
    if (!work->given_up && work->watch && work->watch->progress &&
        !work->watch->progress(work->watch->context, work->done + more))
        work->given_up = true;
    return !work->given_up;
}

static bool still_wanted(void *context) {
    return tell(context, 0);
}

/* ---- kept features ---- */

static struct li_text features_key(enum li_cache_kind kind, struct li_text id, struct li_arena *arena) {
    return kind == LI_CACHE_MEASURED ? li_arena_printf(arena, LI_LIVE_MEASURED_BY " %.*s", LI_TEXT_ARG(id))
                                     : id;
}

/* Keeps features, and rounds them to what is kept: who asks again is told the same. */
static void keep_features(struct work *work, enum li_cache_kind kind, const struct track *track) {
    struct li_source_features *out = track->out;
    json_t *list = json_array();
    for (int f = 0; f < LI_FEATURE_COUNT; f++) {
        out->features.value[f] = li_json_round(out->features.value[f], FEATURE_DECIMALS);
        json_array_append_new(list, li_json_number(out->features.value[f], FEATURE_DECIMALS));
    }
    out->confidence = li_json_round(out->confidence, CONFIDENCE_DECIMALS);
    json_t *document = json_pack("{s:o,s:o}", "features", list, "confidence",
                                 li_json_number(out->confidence, CONFIDENCE_DECIMALS));
    li_cache_put(work->live->cache, kind, features_key(kind, track->id, &work->arena),
                 li_json_print(document, &work->arena), kind == LI_CACHE_MEASURED ? MEASURED_MS : TOLD_MS);
    json_decref(document);
}

/* Reads kept features; *nothing says that it was kept that nobody knows any. */
static bool kept_features(struct work *work, enum li_cache_kind kind, struct track *track, bool *nothing) {
    struct li_text value, key = features_key(kind, track->id, &work->arena);
    json_t *document = NULL;
    *nothing = false;
    if (!li_cache_get(work->live->cache, kind, key, &work->arena, &value) ||
        li_json_parse(value, &document, NULL) != LI_OK)
        return false;
    json_t *list = json_object_get(document, "features");
    *nothing = !json_is_array(list);
    for (size_t f = 0; !*nothing && f < LI_FEATURE_COUNT; f++) {
        json_t *number = json_array_get(list, f);
        track->out->features.value[f] = json_is_number(number) ? json_number_value(number) : NAN;
    }
    if (!*nothing) {
        track->out->known = true;
        track->out->origin = kind == LI_CACHE_MEASURED ? LI_ORIGIN_MEASURED : LI_ORIGIN_PROVIDER;
        track->out->confidence = li_json_get_number(document, "confidence");
    }
    json_decref(document);
    return true;
}

/* Gets what is kept of the tracks of which nothing is known yet, at once. */
static void load_unknown(struct work *work, enum li_cache_kind kind) {
    struct li_text *keys = li_arena_try(&work->arena, work->count, sizeof *keys);
    size_t count = 0;
    for (size_t i = 0; keys && i < work->count; i++)
        if (!work->tracks[i].out || !work->tracks[i].out->known)
            keys[count++] = features_key(kind, work->tracks[i].id, &work->arena);
    li_cache_load(work->live->cache, kind, keys, count);
}

void li_live_keep_track(struct li_live *live, const struct li_answer_track *track) {
    li_cache_put(live->cache, LI_CACHE_PREVIEW, track->id, track->preview,
                 track->preview.size ? PREVIEW_MS : NO_PREVIEW_MS);
    if (track->isrc.size)
        li_cache_put(live->cache, LI_CACHE_TRACK, track->id, track->isrc, ISRC_MS);
}

/* ---- previews ---- */

/* Asks Deezer for the tracks that choose picks: a fresh preview, and the ISRC. */
static void resolve(struct work *work, bool (*choose)(struct work *, struct track *)) {
    struct li_deezer_track_wish *wishes = calloc(work->count, sizeof *wishes);
    struct track **of = calloc(work->count, sizeof *of);
    size_t asked = 0;
    for (size_t i = 0; wishes && of && i < work->count; i++) {
        struct track *track = &work->tracks[i];
        if (track->out->known || !track->deezer.size || !choose(work, track))
            continue;
        track->asked = true;
        of[asked] = track;
        wishes[asked++].id = track->deezer;
    }
    /* One failing is no reason to stop: what came is used, the others fall to whoever knows them. */
    enum li_status status =
        asked ? li_deezer_tracks(&work->live->deezer, wishes, asked, &work->arena, &work->while_wanted, NULL)
              : LI_OK;
    (void)status;
    for (size_t i = 0; i < asked; i++) {
        if (wishes[i].status != LI_OK)
            continue;
        of[i]->preview = wishes[i].track.preview;
        of[i]->isrc = wishes[i].track.isrc;
        wishes[i].track.id = of[i]->id;
        li_live_keep_track(work->live, &wishes[i].track);
    }
    free(wishes);
    free(of);
}

/* Whether nobody has asked lately what this track's preview is. */
static bool preview_unknown(struct work *work, struct track *track) {
    return !li_cache_get(work->live->cache, LI_CACHE_PREVIEW, track->id, &work->arena, &track->preview);
}

/* How far to trust what was measured: the mean over the features that were. */
static double mean_confidence(const struct li_analysis *analysis) {
    double sum = 0;
    int count = 0;
    for (int f = 0; f < LI_FEATURE_COUNT; f++) {
        if (isfinite(analysis->features.value[f]) && isfinite(analysis->confidence[f])) {
            sum += analysis->confidence[f];
            count++;
        }
    }
    return count ? fmin(fmax(sum / count, 0), 1) : NAN;
}

static bool any_feature(const struct li_features *features) {
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        if (isfinite(features->value[f]))
            return true;
    return false;
}

static bool on_progress(void *context, size_t ended) {
    return tell(context, ended);
}

/* Measures every track that has a preview; clears the addresses that turned out to be gone. */
static void measure(struct work *work) {
    struct li_preview *previews = calloc(work->count, sizeof *previews);
    struct track **of = calloc(work->count, sizeof *of);
    size_t count = 0;
    for (size_t i = 0; previews && of && i < work->count; i++) {
        if (!work->tracks[i].out->known && work->tracks[i].preview.size) {
            of[count] = &work->tracks[i];
            previews[count++].url = work->tracks[i].preview;
        }
    }
    if (count && tell(work, 0))
        li_previews_measure(work->live, previews, count, on_progress, work);
    for (size_t i = 0; i < count; i++) {
        struct li_source_features *out = of[i]->out;
        of[i]->preview = (struct li_text){0};
        if (previews[i].measured && any_feature(&previews[i].analysis.features)) {
            *out = (struct li_source_features){.known = true,
                                               .origin = LI_ORIGIN_MEASURED,
                                               .features = previews[i].analysis.features,
                                               .confidence = mean_confidence(&previews[i].analysis)};
            keep_features(work, LI_CACHE_MEASURED, of[i]);
            work->done++;
        }
        of[i]->expired = previews[i].gone && !of[i]->asked;
    }
    free(previews);
    free(of);
}

static bool expired(struct work *work, struct track *track) {
    (void)work;
    return track->expired;
}

/* ---- what others tell ---- */

static bool isrc_unknown(struct work *work, struct track *track) {
    return !track->isrc.size && !track->asked &&
           !li_cache_get(work->live->cache, LI_CACHE_TRACK, track->id, &work->arena, &track->isrc);
}

static void told(struct work *work, struct track *track, const struct li_features *features) {
    *track->out = (struct li_source_features){
        .known = true, .origin = LI_ORIGIN_PROVIDER, .features = *features, .confidence = NAN};
    keep_features(work, LI_CACHE_PROVIDED, track);
    work->done++;
}

static void keep_nothing(struct work *work, const struct track *track) {
    li_cache_put(work->live->cache, LI_CACHE_PROVIDED, track->id, LI_TEXT("{}"), TOLD_MS);
}

static void ask_reccobeats(struct work *work) {
    struct li_text *isrcs = li_arena_try(&work->arena, work->count, sizeof *isrcs);
    struct track **of = li_arena_try(&work->arena, work->count, sizeof *of);
    struct li_features *features = li_arena_try(&work->arena, work->count, sizeof *features);
    bool *known = li_arena_try(&work->arena, work->count, sizeof *known), nothing;
    size_t count = 0;
    if (!work->live->reccobeats.net || !isrcs || !of || !features || !known)
        return;
    load_unknown(work, LI_CACHE_PROVIDED);
    load_unknown(work, LI_CACHE_TRACK);
    for (size_t i = 0; i < work->count; i++) {
        struct track *track = &work->tracks[i];
        if (!track->out->known && kept_features(work, LI_CACHE_PROVIDED, track, &nothing))
            track->deezer = (struct li_text){0}; /* known now, or known to be unknown */
    }
    resolve(work, isrc_unknown);
    for (size_t i = 0; i < work->count; i++) {
        if (!work->tracks[i].out->known && work->tracks[i].deezer.size && work->tracks[i].isrc.size) {
            of[count] = &work->tracks[i];
            isrcs[count++] = work->tracks[i].isrc;
        }
    }
    enum li_status status = count
                                ? li_reccobeats_features(&work->live->reccobeats, isrcs, count, &work->arena,
                                                         known, features, &work->while_wanted, NULL)
                                : LI_OK;
    for (size_t i = 0; i < count; i++) {
        if (known[i]) /* also what came before a later question failed */
            told(work, of[i], &features[i]);
        else if (!status)
            keep_nothing(work, of[i]);
    }
}

static void ask_spotify(struct work *work) {
    struct li_text *ids = li_arena_try(&work->arena, work->count, sizeof *ids);
    struct li_answer_features *list = NULL;
    size_t count = 0, found = 0;
    bool nothing;
    if (work->live->mode != LI_LIVE_SPOTIFY || !ids)
        return;
    load_unknown(work, LI_CACHE_PROVIDED);
    for (size_t i = 0; i < work->count; i++) {
        struct track *track = &work->tracks[i];
        if (!track->out->known && track->spotify.size &&
            !kept_features(work, LI_CACHE_PROVIDED, track, &nothing))
            ids[count++] = track->spotify;
    }
    if (!count || li_spotify_features(&work->live->spotify, ids, count, &work->arena, &list, &found,
                                      &work->while_wanted, NULL) != LI_OK)
        return;
    for (size_t f = 0; f < found; f++)
        for (size_t i = 0; i < work->count; i++)
            if (!work->tracks[i].out->known && li_text_equal(work->tracks[i].spotify, list[f].id))
                told(work, &work->tracks[i], &list[f].features);
}

/* ---- what the catalogue's tables have ---- */

static void use_catalog(struct work *work, const struct li_source_wanted *tracks,
                        enum li_catalog_features_origin from) {
    for (size_t i = 0; i < work->count; i++) {
        struct li_source_features *out = work->tracks[i].out;
        if (out->known ||
            !li_live_catalog_features(work->live, &tracks[i], from, &work->arena, &out->features))
            continue;
        out->known = true;
        out->origin = from == LI_CATALOG_FEATURES_MEASURED ? LI_ORIGIN_MEASURED : LI_ORIGIN_DATASET;
        out->confidence = NAN;
        if (work->done < work->count)
            work->done++;
    }
}

/* ---- all of it ---- */

enum li_status li_live_features(struct li_source *source, const struct li_source_wanted *tracks, size_t count,
                                const struct li_source_watch *watch, struct li_source_features *out,
                                struct li_error *err) {
    struct work work = {.live = (struct li_live *)source, .count = count, .watch = watch};
    bool nothing;
    work.while_wanted = (struct li_watch){still_wanted, &work};
    work.tracks = li_arena_try(&work.arena, count, sizeof *work.tracks);
    if (!work.tracks)
        return li_fail(err, LI_NO_MEMORY, "no memory for %zu tracks", count);
    for (size_t i = 0; i < count; i++)
        work.tracks[i] = (struct track){.id = tracks[i].id};
    load_unknown(&work, LI_CACHE_MEASURED);
    for (size_t i = 0; i < count; i++) {
        struct track *track = &work.tracks[i];
        *track = (struct track){.id = tracks[i].id,
                                .deezer = li_live_own_id(tracks[i].id, LI_DEEZER_PREFIX),
                                .spotify = li_live_own_id(tracks[i].id, LI_SPOTIFY_PREFIX),
                                .out = &out[i]};
        if (kept_features(&work, LI_CACHE_MEASURED, track, &nothing) ||
            (!track->deezer.size && !track->spotify.size))
            work.done++;
    }
    load_unknown(&work, LI_CACHE_PREVIEW);
    if (tell(&work, 0))
        resolve(&work, preview_unknown);
    if (tell(&work, 0))
        measure(&work);
    if (tell(&work, 0))
        resolve(&work, expired);
    if (tell(&work, 0))
        measure(&work);
    use_catalog(&work, tracks, LI_CATALOG_FEATURES_MEASURED);
    if (tell(&work, 0))
        ask_spotify(&work);
    if (tell(&work, 0))
        ask_reccobeats(&work);
    use_catalog(&work, tracks, LI_CATALOG_FEATURES_DATASET);
    li_cache_flush(work.live->cache);
    work.done = count;
    tell(&work, 0);
    li_arena_release(&work.arena);
    return work.given_up ? li_fail(err, LI_BUSY, "nobody waits for these tracks any more") : LI_OK;
}
