/* merge.c - what all rows say of one artist, with what the catalogue said before, as one artist. Facts come
 * sorted by track, so that memory is the same for three rows and for three million.
 *
 * Every rule gives the same result when the same rows are merged in again: what the catalogue said stays in
 * front, numbers are the greatest or the first, never sums over runs. docs/catalogue.md tells them. */
#include <math.h>
#include <stdlib.h>

#include "base/features.h"
#include "dataset/dataset_priv.h"

enum {
    FOLDED_MAX = 1024,
    SLUG_MAX = 96,
    UNKNOWN_RANK = 50, /* where tracks of unknown popularity stand among the others */
    NO_POSITION = 1 << 20,
};

struct track {
    char slug[SLUG_MAX], title[LI_CATALOG_NAME_MAX];
    size_t slug_size, title_size;
    int64_t first; /* of the title */
    int year, popularity, position;
    enum li_catalog_features_origin features_from;
    struct li_features features;
    unsigned char mbid[MBID_SIZE];
    bool has_mbid, is_new;
    uint64_t rows;
};

struct merging {
    struct staging *staging;
    struct li_dataset_report *report;
    struct li_arena arena; /* of one artist */
    struct li_text id;
    const struct li_catalog_artist *before;
    bool merged[LI_CATALOG_TRACKS_MAX]; /* tracks of before that a row was merged with */
    struct bag names, genres, aliases;
    int popularity, track_popularity;
    double count, rows;
    struct track open;
    bool track_open;
    struct track tracks[LI_CATALOG_TRACKS_MAX]; /* best first */
    size_t track_count;
    struct li_catalog_artist out;
};

struct merging *li_merging_new(struct staging *staging, struct li_dataset_report *report) {
    struct merging *merging = calloc(1, sizeof *merging);
    if (!merging)
        return NULL;
    merging->staging = staging;
    merging->report = report;
    return merging;
}

void li_merging_free(struct merging *merging) {
    if (!merging)
        return;
    li_arena_release(&merging->arena);
    free(merging);
}

/* ---- what was there before ---- */

static void add_before(struct bag *bag, const struct li_text *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        li_bag_add(bag, texts[i], li_bag_fold(texts[i]), CHOSEN_BEFORE + (int)i, 0, (int64_t)i - NO_POSITION);
}

void li_merging_begin(struct merging *merging, struct li_text id, const struct li_catalog_artist *before) {
    li_arena_clear(&merging->arena);
    merging->id = li_arena_copy(&merging->arena, id);
    merging->before = before;
    memset(merging->merged, 0, sizeof merging->merged);
    merging->names.count = merging->genres.count = merging->aliases.count = merging->track_count = 0;
    merging->popularity = merging->track_popularity = -1;
    merging->count = -1;
    merging->rows = 0;
    merging->track_open = false;
    if (!before)
        return;
    li_bag_add(&merging->names, before->name, li_text_hash(before->name), CHOSEN_BEFORE, 0, -1);
    add_before(&merging->genres, before->genres, before->genre_count);
    add_before(&merging->aliases, before->aliases, before->alias_count);
    merging->popularity = before->popularity;
}

/* ---- tracks ---- */

static int rank_of(const struct track *track) {
    return track->popularity < 0 ? UNKNOWN_RANK : track->popularity;
}

/* Best known first; among equals what was there before, then as it was chosen, then by id. */
static bool goes_before(const struct track *a, const struct track *b) {
    if (rank_of(a) != rank_of(b))
        return rank_of(a) > rank_of(b);
    if (a->position != b->position)
        return a->position < b->position;
    return li_text_compare((struct li_text){a->slug, a->slug_size}, (struct li_text){b->slug, b->slug_size}) <
           0;
}

static void insert(struct merging *merging, const struct track *track) {
    size_t at = merging->track_count;
    while (at && goes_before(track, &merging->tracks[at - 1]))
        at--;
    merging->report->tracks_left_out += merging->track_count == LI_CATALOG_TRACKS_MAX;
    if (at == LI_CATALOG_TRACKS_MAX)
        return;
    if (merging->track_count < LI_CATALOG_TRACKS_MAX)
        merging->track_count++;
    memmove(&merging->tracks[at + 1], &merging->tracks[at], (merging->track_count - at - 1) * sizeof *track);
    merging->tracks[at] = *track;
}

static void set_title(struct track *track, struct li_text title, int64_t sequence) {
    track->first = sequence;
    track->title_size = title.size < sizeof track->title ? title.size : sizeof track->title;
    memcpy(track->title, title.data, track->title_size);
}

static void open_track(struct track *track, struct li_text slug) {
    track->slug_size = slug.size < SLUG_MAX ? slug.size : SLUG_MAX;
    memcpy(track->slug, slug.data, track->slug_size);
    track->title_size = 0;
    track->first = INT64_MAX;
    track->year = 0;
    track->popularity = -1;
    track->position = NO_POSITION;
    track->features_from = LI_CATALOG_FEATURES_NONE;
    track->features = li_features_unknown();
    track->has_mbid = false;
    track->is_new = true;
    track->rows = 0;
}

static void copy_before(struct track *track, const struct li_catalog_track *before, size_t position) {
    set_title(track, before->title, -1);
    track->year = before->year;
    track->popularity = before->popularity;
    track->position = (int)position;
    track->features_from = before->features_from;
    track->features = before->features;
    track->is_new = false;
}

/* The second half of a track's id. */
static struct li_text slug_of(const struct li_catalog_artist *artist, size_t track) {
    struct li_text id = artist->tracks[track].id;
    size_t skip = artist->id.size + 1 < id.size ? artist->id.size + 1 : id.size;
    return (struct li_text){id.data + skip, id.size - skip};
}

/* Measured values take the place of those of tables; otherwise the first known stays. */
static void merge_features(struct track *track, const struct li_features *features,
                           enum li_catalog_features_origin from) {
    bool better =
        from == LI_CATALOG_FEATURES_MEASURED && track->features_from != LI_CATALOG_FEATURES_MEASURED;
    bool worse = from == LI_CATALOG_FEATURES_DATASET && track->features_from == LI_CATALOG_FEATURES_MEASURED;
    if (from == LI_CATALOG_FEATURES_NONE || worse)
        return;
    bool any = false;
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        any = any || !isnan(features->value[f]);
    if (!any)
        return;
    if (better)
        track->features = *features;
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        if (isnan(track->features.value[f]))
            track->features.value[f] = features->value[f];
    track->features_from = from;
}

static enum li_status close_track(struct merging *merging, struct li_error *err) {
    struct track *track = &merging->open;
    if (!merging->track_open)
        return LI_OK;
    merging->track_open = false;
    if (track->has_mbid) {
        struct li_features features;
        bool found = false;
        enum li_status status = li_staging_get_measure(merging->staging, track->mbid, &features, &found, err);
        if (status)
            return status;
        if (found)
            merge_features(track, &features, LI_CATALOG_FEATURES_DATASET);
        merging->report->measures_used += found;
    }
    merging->report->tracks_merged += track->rows - track->is_new;
    insert(merging, track);
    return LI_OK;
}

static void begin_track(struct merging *merging, struct li_text slug) {
    open_track(&merging->open, slug);
    merging->track_open = true;
    for (size_t t = 0; merging->before && t < merging->before->track_count && t < LI_CATALOG_TRACKS_MAX;
         t++) {
        if (!li_text_equal(slug_of(merging->before, t), slug))
            continue;
        merging->merged[t] = true;
        copy_before(&merging->open, &merging->before->tracks[t], t);
        return;
    }
}

static void merge_track(struct merging *merging, const struct fact *fact, int64_t sequence) {
    struct track *track = &merging->open;
    track->rows++;
    if (sequence < track->first)
        set_title(track, fact->title, sequence);
    if (track->year == 0)
        track->year = fact->year;
    if (fact->popularity > track->popularity)
        track->popularity = fact->popularity;
    int position = fact->position + LI_CATALOG_TRACKS_MAX; /* behind those of before */
    if (fact->position >= 0 && track->is_new && position < track->position)
        track->position = position;
    if (fact->has_mbid && !track->has_mbid) {
        memcpy(track->mbid, fact->mbid, MBID_SIZE);
        track->has_mbid = true;
    }
    merge_features(track, &fact->features, fact->features_from);
    if (fact->popularity > merging->track_popularity)
        merging->track_popularity = fact->popularity;
}

/* ---- one fact ---- */

static void merge_artist(struct merging *merging, const struct fact *fact, int64_t sequence) {
    int64_t at = sequence * TAGS_MAX * 2;
    li_bag_add(&merging->names, fact->name, li_text_hash(fact->name),
               fact->canonical ? CHOSEN_HERE : NOT_CHOSEN, 1, sequence);
    for (size_t g = 0; g < fact->genre_count; g++) {
        struct li_text text = fact->genres[g].text;
        unsigned votes = fact->genres[g].votes;
        li_bag_add(&merging->genres, text, li_bag_fold(text), votes ? NOT_CHOSEN : CHOSEN_HERE + (int)g,
                   votes, at + (int64_t)g);
    }
    for (size_t a = 0; a < fact->alias_count; a++)
        li_bag_add(&merging->aliases, fact->aliases[a], li_bag_fold(fact->aliases[a]),
                   fact->canonical ? CHOSEN_HERE + (int)a : NOT_CHOSEN, 1, at + (int64_t)a);
    if (fact->artist_popularity > merging->popularity)
        merging->popularity = fact->artist_popularity;
    if (fact->count > merging->count)
        merging->count = fact->count;
    merging->rows++;
}

enum li_status li_merging_add(struct merging *merging, const struct staged_fact *staged,
                              struct li_error *err) {
    struct fact fact;
    if (!li_fact_unpack(staged->bytes, &fact))
        return li_fail(err, LI_CORRUPT, "the staging file is damaged; begin anew with --fresh");
    merge_artist(merging, &fact, staged->sequence);
    if (fact.title.size == 0)
        return LI_OK;
    struct li_text open = {merging->open.slug, merging->open.slug_size};
    if (!merging->track_open || !li_text_equal(open, staged->track)) {
        enum li_status status = close_track(merging, err);
        if (status)
            return status;
        begin_track(merging, staged->track);
    }
    merge_track(merging, &fact, staged->sequence);
    return LI_OK;
}

/* ---- the whole ---- */

/* How well known an artist is of whom nobody says it: 12.5 times the decimal logarithm of listeners,
 * followers or rows, so that a hundred million are 100, a million 75, a single row 4. */
static int popularity_of_count(double count) {
    double value = 12.5 * log10(1 + count);
    return value > 100 ? 100 : (int)lround(value);
}

static void put_popularity(struct merging *merging) {
    int popularity = merging->popularity;
    if (popularity < 0)
        popularity = merging->track_popularity;
    if (popularity < 0)
        popularity = popularity_of_count(merging->count >= 0 ? merging->count : merging->rows);
    merging->out.popularity = popularity;
}

static void put_names(struct merging *merging) {
    struct li_catalog_artist *out = &merging->out;
    struct bag *names = &merging->names, *aliases = &merging->aliases;
    li_bag_sort(names);
    li_bag_sort(aliases);
    out->name = li_bag_text(&names->items[0]);
    merging->report->spellings_merged += names->count - 1;
    uint64_t own = li_bag_fold(out->name);
    struct li_text *list = li_arena_alloc(&merging->arena, LI_CATALOG_ALIASES_MAX * sizeof *list);
    size_t count = 0;
    for (size_t n = 1; n < names->count;
         n++) { /* names that fold otherwise were brought here by another name */
        struct li_text text = li_bag_text(&names->items[n]);
        if (li_bag_fold(text) != own)
            li_bag_add(aliases, text, li_bag_fold(text), NOT_CHOSEN, 0, names->items[n].first);
    }
    for (size_t a = 0; a < aliases->count && count < LI_CATALOG_ALIASES_MAX; a++) {
        char fold[FOLDED_MAX];
        struct li_text text = li_bag_text(&aliases->items[a]);
        if (aliases->items[a].fold != own && li_text_fold(text, fold, sizeof fold))
            list[count++] = text;
    }
    out->aliases = list;
    out->alias_count = count;
}

static void put_genres(struct merging *merging) {
    struct bag *genres = &merging->genres;
    struct li_text *list = li_arena_alloc(&merging->arena, LI_CATALOG_GENRES_MAX * sizeof *list);
    size_t count = genres->count < LI_CATALOG_GENRES_MAX ? genres->count : LI_CATALOG_GENRES_MAX;
    li_bag_sort(genres);
    for (size_t g = 0; g < count; g++)
        list[g] = li_bag_text(&genres->items[g]);
    merging->out.genres = list;
    merging->out.genre_count = count;
}

static void put_tracks(struct merging *merging) {
    struct li_catalog_track *list = li_arena_alloc(&merging->arena, LI_CATALOG_TRACKS_MAX * sizeof *list);
    for (size_t t = 0; t < merging->track_count; t++) {
        struct track *track = &merging->tracks[t];
        merging->report->tracks_new += track->is_new;
        list[t] = (struct li_catalog_track){
            .id = li_arena_printf(&merging->arena, "%.*s/%.*s", LI_TEXT_ARG(merging->id),
                                  (int)track->slug_size, track->slug),
            .title = {track->title, track->title_size},
            .year = track->year,
            .popularity = track->popularity,
            .features_from = track->features_from,
            .features = track->features,
        };
    }
    merging->out.tracks = list;
    merging->out.track_count = merging->track_count;
}

enum li_status li_merging_end(struct merging *merging, const struct li_catalog_artist **out,
                              struct li_error *err) {
    enum li_status status = close_track(merging, err);
    if (status)
        return status;
    for (size_t t = 0; merging->before && t < merging->before->track_count && t < LI_CATALOG_TRACKS_MAX;
         t++) {
        if (merging->merged[t])
            continue;
        open_track(&merging->open, slug_of(merging->before, t));
        copy_before(&merging->open, &merging->before->tracks[t], t);
        insert(merging, &merging->open);
    }
    merging->out = (struct li_catalog_artist){.id = merging->id};
    put_popularity(merging);
    put_names(merging);
    put_genres(merging);
    put_tracks(merging);
    *out = &merging->out;
    return LI_OK;
}
