/* heard.c - the artists of a listening history, matched with those that the source knows.
 *
 * An artist weighs log2(1 + plays) in the profile: the thousandth play of a song says less than the first.
 * A history names thousands of artists: others are asked for the few unknown ones heard most, never for a
 * row. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/heard.h"

enum { MATCHED_MAX = 3000 }; /* artists looked up, those heard most first */

static const double DAYS_A_MONTH = 30.44;

struct wanted {
    size_t index;
    uint32_t plays;
};

static int by_plays(const void *a, const void *b) {
    const struct wanted *x = a, *y = b;
    if (x->plays != y->plays)
        return x->plays < y->plays ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

static void estimate(struct li_known *known) {
    int families[LI_GENRE_TAGS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < known->artist.genre_count && count < LI_GENRE_TAGS_MAX; i++) {
        int family = li_genre_match(known->artist.genres[i].data, known->artist.genres[i].size);
        if (family >= 0)
            families[count++] = family;
    }
    li_genre_estimate(families, count, &known->estimate);
}

/* The place of an artist among the known, new when it is not there yet: two spellings may mean one. */
static size_t known_place(struct li_heard *heard, const struct li_source_artist *artist) {
    for (size_t i = 0; i < heard->known_count; i++)
        if (li_text_equal(heard->known[i].artist.id, artist->id))
            return i;
    struct li_known *known = &heard->known[heard->known_count];
    *known = (struct li_known){.artist = *artist};
    estimate(known);
    return heard->known_count++;
}

struct decay {
    struct li_heard *heard;
    double *recent; /* of each known artist */
    double half_life_months;
    int newest; /* month of the newest play of a known artist: of whom nothing is known weighs nothing */
};

static int newest_known(const struct li_heard *heard) {
    int newest = 0;
    for (size_t i = 0; i < heard->artist_count; i++) {
        int last = li_history_artist(heard->history, i).last_month;
        if (heard->known_of[i] >= 0 && last > newest)
            newest = last;
    }
    return newest;
}

static void add_recent(void *context, int month, size_t artist, uint32_t plays) {
    struct decay *decay = context;
    int known = decay->heard->known_of[artist];
    double age = decay->newest - month;
    if (known >= 0)
        decay->recent[known] +=
            plays * (decay->half_life_months > 0 ? exp2(-age / decay->half_life_months) : 1);
}

/* Months of the whole history, those of unknown artists included. */
static void find_span(struct li_heard *heard) {
    heard->first_month = LI_HISTORY_MONTHS_MAX;
    heard->last_month = 0;
    for (size_t i = 0; i < heard->artist_count; i++) {
        struct li_heard_artist artist = li_history_artist(heard->history, i);
        heard->plays += artist.plays;
        if (artist.first_month < heard->first_month)
            heard->first_month = artist.first_month;
        if (artist.last_month > heard->last_month)
            heard->last_month = artist.last_month;
    }
}

static void take(struct li_heard *heard, const struct wanted *wanted, const struct li_source_artist *artist) {
    size_t place = known_place(heard, artist);
    heard->known_of[wanted->index] = (int)place;
    heard->known[place].plays += wanted->plays;
    heard->plays_known += wanted->plays;
}

/* The unknown artists heard most, where the source can ask others. Its failing is no reason to fail. */
static enum li_status look_up(struct li_pipeline *pipeline, struct li_heard *heard,
                              const struct wanted *wanted, struct li_arena *arena, struct li_error *err) {
    const struct wanted *of[LI_SOURCE_LOOKUP_MAX];
    struct li_text names[LI_SOURCE_LOOKUP_MAX] = {{0}};
    struct li_source_artist artists[LI_SOURCE_LOOKUP_MAX];
    bool found[LI_SOURCE_LOOKUP_MAX];
    size_t count = 0;
    if (pipeline->no_lookup)
        return LI_OK;
    for (size_t i = 0; i < heard->artist_count && i < MATCHED_MAX && count < LI_SOURCE_LOOKUP_MAX; i++) {
        if (heard->known_of[wanted[i].index] >= 0)
            continue;
        of[count] = &wanted[i];
        names[count++] = li_history_artist(heard->history, wanted[i].index).name;
    }
    enum li_status status =
        li_source_lookup(pipeline->source, names, count, arena, artists, found, &heard->asked, err);
    if (status)
        return status == LI_NO_MEMORY ? status : LI_OK;
    for (size_t i = 0; i < count; i++) {
        if (found[i]) {
            take(heard, of[i], &artists[i]);
            heard->found++;
        }
    }
    return LI_OK;
}

static enum li_status match_all(struct li_pipeline *pipeline, struct li_heard *heard,
                                const struct wanted *wanted, struct li_arena *arena, struct li_error *err) {
    for (size_t i = 0; i < heard->artist_count && i < MATCHED_MAX; i++) {
        struct li_source_artist artist;
        struct li_text name = li_history_artist(heard->history, wanted[i].index).name;
        enum li_status status = li_source_match(pipeline->source, name, arena, &artist, err);
        if (status == LI_NOT_FOUND)
            continue;
        if (status)
            return status;
        take(heard, &wanted[i], &artist);
    }
    return LI_OK;
}

enum li_status li_heard_match(struct li_pipeline *pipeline, const struct li_history *history,
                              double half_life_days, struct li_arena *arena, struct li_heard *out,
                              struct li_error *err) {
    struct li_heard heard = {.history = history, .artist_count = li_history_artist_count(history)};
    size_t count = heard.artist_count, most = count < MATCHED_MAX ? count : MATCHED_MAX;
    struct wanted *wanted = li_arena_try(arena, count, sizeof *wanted);
    heard.known_of = li_arena_try(arena, count, sizeof *heard.known_of);
    heard.known = li_arena_try(arena, most, sizeof *heard.known);
    double *recent = li_arena_try(arena, most, sizeof *recent);
    if (!wanted || !heard.known_of || !heard.known || !recent)
        return li_fail(err, LI_NO_MEMORY, "no memory for %zu artists", count);
    for (size_t i = 0; i < count; i++) {
        wanted[i] = (struct wanted){i, li_history_artist(history, i).plays};
        heard.known_of[i] = -1;
    }
    qsort(wanted, count, sizeof *wanted, by_plays);
    find_span(&heard);
    enum li_status status = match_all(pipeline, &heard, wanted, arena, err);
    if (!status)
        status = look_up(pipeline, &heard, wanted, arena, err);
    if (status)
        return status;
    struct decay decay = {&heard, recent, half_life_days / DAYS_A_MONTH, newest_known(&heard)};
    li_history_each_month(history, add_recent, &decay);
    for (size_t i = 0; i < heard.known_count; i++)
        heard.known[i].weight = log1p(recent[i]) / M_LN2;
    *out = heard;
    return LI_OK;
}

json_t *li_month_text(int month) {
    char text[24];
    snprintf(text, sizeof text, "%04d-%02d", LI_HISTORY_EPOCH_YEAR + month / 12, month % 12 + 1);
    return json_string(text);
}
