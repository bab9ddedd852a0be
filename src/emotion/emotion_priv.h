/* emotion_priv.h - what the files of this room share; no other room includes it. The tables are made from
 * data/emotions.tsv, data/genres.tsv and data/genre_aliases.tsv by tools/tables.py. */
#ifndef LI_EMOTION_PRIV_H
#define LI_EMOTION_PRIV_H

#include <listening.h>

/* The terms that an emotion may prefer apart from its place on the axes. */
enum texture {
    TEXTURE_DANCEABILITY,
    TEXTURE_ACOUSTICNESS,
    TEXTURE_SPEECHINESS,
    TEXTURE_INSTRUMENTALNESS,
    TEXTURE_COUNT
};

struct li_emotion_row {
    struct li_emotion face;
    const char *phrase[LI_LANG_COUNT]; /* the word as it stands in a sentence: "la joie" */
    double log_prior;
    double texture[TEXTURE_COUNT];
};

struct li_genre_alias_row {
    const char *alias; /* folded as li_text_fold does */
    int family;
};

extern const struct li_emotion_row li_emotion_rows[LI_EMOTION_COUNT];
extern const struct li_genre li_genre_rows[];
extern const size_t li_genre_row_count;
extern const struct li_genre_alias_row li_genre_alias_rows[]; /* in strcmp order */
extern const size_t li_genre_alias_row_count;
extern const size_t li_genre_alias_words_max; /* words in the longest alias */

/* The error of an estimate made from genres, as it shows in the lead of the first emotion over another: the
 * lead is too large by bias on average (the first is the largest, by luck too), give or take sd. Both shrink
 * with the root of the number of artists. docs/emotions.md, "Confidence". */
static const double li_estimate_lead_bias = 0.009;
static const double li_estimate_lead_sd = 0.05;

/* The standard normal distribution function. */
double li_emotion_normal(double x);

/* The probability that the first of three truly leads, from its leads over the second and the third in
 * standard errors: exact where the third is far behind, and where all are level (a third). docs/emotions.md.
 */
double li_profile_leads(double over_second, double over_third);

#endif
