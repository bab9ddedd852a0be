/* heard.h - a listening history as a taste: its artists matched with the source, and what their genres say.
 */
#ifndef LI_PIPELINE_HEARD_H
#define LI_PIPELINE_HEARD_H

#include "history/history.h"

#include "pipeline/pipeline_priv.h"

/* An artist that somebody heard and that the source knows. */
struct li_known {
    struct li_source_artist artist;
    struct li_estimate estimate;
    double plays;  /* all of them, however spelt */
    double weight; /* in the profile */
};

struct li_heard {
    const struct li_history *history;
    struct li_known *known;
    size_t known_count;
    int *known_of; /* of each heard artist: index in known, -1 = the source knows none */
    size_t artist_count;
    double plays, plays_known; /* of all artists */
    size_t asked, found;       /* names that others were asked for, and those of them that were found */
    int first_month, last_month;
};

/* Matches the artists that were heard most. Of those who are not known here, the LI_SOURCE_LOOKUP_MAX heard
 * most are looked up where the source can do that, unless the pipeline says no_lookup; nobody else is asked
 * for. half_life_days > 0 makes a play count half as much after so many days (before the newest play of a
 * known artist); 0 counts all alike. All memory is the arena's.
 */
LI_MUST_USE enum li_status li_heard_match(struct li_pipeline *pipeline, const struct li_history *history,
                                          double half_life_days, struct li_arena *arena, struct li_heard *out,
                                          struct li_error *err);

/* "2023-11" for a month of a history. New. */
json_t *li_month_text(int month);

/* timeline.json: months, hours, changes, the last year beside those before. In both languages. New. */
json_t *li_timeline_document(const struct li_heard *heard, struct li_arena *arena);

/* One stretch of time: the plays in it and what they say. */
struct li_stretch {
    double plays, known; /* known = of artists that the source knows */
    double p[LI_EMOTION_COUNT];
    double valence, arousal, energy, danceability; /* NAN where known is 0 */
};

/* Where the mood of a series of at most LI_HISTORY_MONTHS_MAX months changes for good: writes the index of
 * each month that begins a new stretch to changes (room for count) and returns how many. The method and its
 * sources: changes.c. */
size_t li_timeline_changes(const struct li_stretch *months, size_t count, struct li_arena *arena,
                           size_t *changes);

#endif
