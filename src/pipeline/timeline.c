/* timeline.c - a listening history over time: what the artists of each month say together, by their plays.
 *
 * Each play speaks with its artist's estimate; the plays of artists that the source does not know are counted
 * and left out of the means, and every stretch says how many it knows. */
#include <math.h>
#include <stdlib.h>

#include "pipeline/heard.h"

enum { GENRES_SHOWN = 3, EMOTIONS_SHOWN = 3 };

/* Months, and what each holds of each genre family. */
struct series {
    const struct li_heard *heard;
    struct li_stretch *months;
    float *genres; /* [month][family]: plays */
    double *sums;  /* [family]: of the months that genres_of looks at */
    size_t count, families;
};

static void add(struct li_stretch *stretch, const struct li_estimate *estimate, double plays) {
    stretch->known += plays;
    for (int e = 0; e < LI_EMOTION_COUNT; e++)
        stretch->p[e] += plays * estimate->p[e];
    stretch->valence += plays * estimate->pleasantness;
    stretch->arousal += plays * estimate->activation;
    stretch->energy += plays * estimate->mean.value[LI_ENERGY];
    stretch->danceability += plays * estimate->mean.value[LI_DANCEABILITY];
}

/* From sums to means. */
static void settle(struct li_stretch *stretch) {
    double known = stretch->known > 0 ? stretch->known : NAN;
    for (int e = 0; e < LI_EMOTION_COUNT; e++)
        stretch->p[e] /= known;
    stretch->valence /= known;
    stretch->arousal /= known;
    stretch->energy /= known;
    stretch->danceability /= known;
}

static void add_month(void *context, int month, size_t artist, uint32_t plays) {
    struct series *series = context;
    int known = series->heard->known_of[artist];
    int at = month - series->heard->first_month;
    if (at < 0 || (size_t)at >= series->count)
        return;
    series->months[at].plays += plays;
    if (known < 0)
        return;
    const struct li_estimate *estimate = &series->heard->known[known].estimate;
    add(&series->months[at], estimate, plays);
    for (size_t g = 0; g < estimate->genre_count; g++)
        series->genres[(size_t)at * series->families + (size_t)estimate->genre[g]] +=
            (float)plays / (float)estimate->genre_count;
}

/* The months from..to-1 as one. */
static struct li_stretch together(const struct series *series, size_t from, size_t to) {
    struct li_stretch sum = {0};
    for (size_t m = from; m < to; m++) {
        const struct li_stretch *month = &series->months[m];
        sum.plays += month->plays;
        if (month->known <= 0)
            continue;
        sum.known += month->known;
        for (int e = 0; e < LI_EMOTION_COUNT; e++)
            sum.p[e] += month->known * month->p[e];
        sum.valence += month->known * month->valence;
        sum.arousal += month->known * month->arousal;
        sum.energy += month->known * month->energy;
        sum.danceability += month->known * month->danceability;
    }
    settle(&sum);
    return sum;
}

/* The largest genre families of the months from..to-1: so many at most, and none of a smaller share. */
static json_t *genres_of(const struct series *series, size_t from, size_t to, double known, size_t most,
                         double least) {
    json_t *list = json_array();
    memset(series->sums, 0, series->families * sizeof *series->sums);
    for (size_t m = from; m < to; m++)
        for (size_t f = 0; f < series->families; f++)
            series->sums[f] += series->genres[m * series->families + f];
    while (known > 0 && json_array_size(list) < most) {
        size_t best = 0;
        for (size_t f = 1; f < series->families; f++)
            best = series->sums[f] > series->sums[best] ? f : best;
        double share = li_json_round(series->sums[best] / known, 3);
        if (series->sums[best] <= 0 || share < least)
            break;
        series->sums[best] = 0;
        const struct li_genre *genre = li_genre_at(best);
        json_array_append_new(list, json_pack("{s:s,s:o,s:f}", "id", genre->id, "label",
                                              li_label(genre->label), "share", share));
    }
    return list;
}

static json_t *mood_of(const struct li_stretch *stretch) {
    return json_pack("{s:o,s:o}", "valence", li_json_number(stretch->valence, 3), "arousal",
                     li_json_number(stretch->arousal, 3));
}

/* Without its genres. */
static json_t *stretch_document(const struct li_stretch *stretch) {
    json_t *document = json_object(), *emotions = json_object();
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        json_object_set_new(emotions, li_emotion_at(e)->id, li_json_number(stretch->p[e], 4));
    json_object_set_new(document, "plays", json_integer((json_int_t)stretch->plays));
    json_object_set_new(document, "matched_share",
                        li_json_number(stretch->plays > 0 ? stretch->known / stretch->plays : NAN, 3));
    json_object_set_new(document, "mood", mood_of(stretch));
    json_object_set_new(document, "energy", li_json_number(stretch->energy, 3));
    json_object_set_new(document, "danceability", li_json_number(stretch->danceability, 3));
    json_object_set_new(document, "emotions", emotions);
    return document;
}

static json_t *months_document(const struct series *series) {
    json_t *list = json_array();
    for (size_t m = 0; m < series->count; m++) {
        json_t *month = json_object(), *rest = stretch_document(&series->months[m]);
        json_object_set_new(month, "month", li_month_text(series->heard->first_month + (int)m));
        json_object_update(month, rest);
        json_object_set_new(month, "genres",
                            genres_of(series, m, m + 1, series->months[m].known, GENRES_SHOWN, 0));
        json_decref(rest);
        json_array_append_new(list, month);
    }
    return list;
}

static json_t *hours_document(const struct li_heard *heard) {
    const uint32_t *hours = li_history_hours(heard->history);
    json_t *week = json_array();
    for (int day = 0; day < 7; day++) {
        json_t *list = json_array();
        for (int hour = 0; hour < 24; hour++)
            json_array_append_new(list, json_integer(hours[day * 24 + hour]));
        json_array_append_new(week, list);
    }
    return week;
}

static json_t *emotion_names(void) {
    json_t *list = json_array();
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        const struct li_emotion *facts = li_emotion_at(e);
        json_array_append_new(list, json_pack("{s:s,s:o,s:s}", "id", facts->id, "label",
                                              li_label(facts->label), "color", facts->color));
    }
    return list;
}

static json_t *changes_document(const struct series *series, struct li_arena *arena) {
    json_t *list = json_array();
    size_t *changes = li_arena_alloc(arena, series->count * sizeof *changes);
    size_t count = li_timeline_changes(series->months, series->count, arena, changes);
    for (size_t i = 0; i < count; i++) {
        struct li_stretch before = together(series, i ? changes[i - 1] : 0, changes[i]);
        struct li_stretch after =
            together(series, changes[i], i + 1 < count ? changes[i + 1] : series->count);
        json_array_append_new(list, json_pack("{s:o,s:o,s:o,s:o,s:o}", "month",
                                              li_month_text(series->heard->first_month + (int)changes[i]),
                                              "before", mood_of(&before), "after", mood_of(&after),
                                              "energy_before", li_json_number(before.energy, 3),
                                              "energy_after", li_json_number(after.energy, 3)));
    }
    return list;
}

/* The emotions whose share grew (sign 1) or shrank (-1) most between two stretches. */
static json_t *moved(const struct li_stretch *before, const struct li_stretch *after, int sign) {
    json_t *list = json_array();
    bool taken[LI_EMOTION_COUNT] = {false};
    for (int shown = 0; shown < EMOTIONS_SHOWN; shown++) {
        int best = -1;
        double most = 0.0005; /* what rounds to nothing did not move */
        for (int e = 0; e < LI_EMOTION_COUNT; e++) {
            double change = sign * (after->p[e] - before->p[e]);
            if (!taken[e] && change > most) {
                most = change;
                best = e;
            }
        }
        if (best < 0)
            break;
        taken[best] = true;
        const struct li_emotion *facts = li_emotion_at((size_t)best);
        json_array_append_new(list,
                              json_pack("{s:s,s:o,s:s,s:o}", "id", facts->id, "label", li_label(facts->label),
                                        "color", facts->color, "change", li_json_number(sign * most, 4)));
    }
    return list;
}

/* One side of the year. It is compared with the other: all genres that are worth naming are there. */
static json_t *side_document(const struct series *series, const struct li_stretch *stretch, size_t from,
                             size_t to) {
    json_t *document = stretch_document(stretch);
    json_object_set_new(document, "genres",
                        genres_of(series, from, to, stretch->known, series->families, LI_GENRE_LEAST));
    return document;
}

/* The last twelve months beside all before; null when there is no before. */
static json_t *year_document(const struct series *series) {
    if (series->count <= LI_MONTHS_A_YEAR)
        return json_null();
    size_t cut = series->count - LI_MONTHS_A_YEAR;
    struct li_stretch before = together(series, 0, cut), after = together(series, cut, series->count);
    if (before.known <= 0 || after.known <= 0)
        return json_null();
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "from", li_month_text(series->heard->first_month + (int)cut),
                     "then", side_document(series, &before, 0, cut), "now",
                     side_document(series, &after, cut, series->count), "more", moved(&before, &after, 1),
                     "less", moved(&before, &after, -1));
}

json_t *li_timeline_document(const struct li_heard *heard, struct li_arena *arena) {
    struct series series = {
        .heard = heard,
        .count = heard->last_month >= heard->first_month
                     ? (size_t)(heard->last_month - heard->first_month + 1)
                     : 0,
        .families = li_genre_count(),
    };
    series.months = li_arena_try(arena, series.count, sizeof *series.months);
    series.genres = li_arena_try(arena, series.count * series.families, sizeof *series.genres);
    series.sums = li_arena_try(arena, series.families, sizeof *series.sums);
    if (!series.months || !series.genres || !series.sums)
        return NULL;
    li_history_each_month(heard->history, add_month, &series);
    for (size_t m = 0; m < series.count; m++)
        settle(&series.months[m]);
    json_t *document = json_object();
    json_object_set_new(document, "emotions", emotion_names());
    json_object_set_new(document, "months", months_document(&series));
    json_object_set_new(document, "hours", hours_document(heard));
    json_object_set_new(document, "changes", changes_document(&series, arena));
    json_object_set_new(document, "year", year_document(&series));
    return document;
}
