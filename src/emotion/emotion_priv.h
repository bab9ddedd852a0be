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

/* The probability that the first of these shares is truly the first of the taste: at least 1 in 6. Of whom
 * the evidence is n pieces of equal weight, read_sq is 1/n of what are read tracks, estimated_sq of what are
 * artists' estimates: the sums of squares of the weights over the square of their sum. docs/emotions.md,
 * "Confidence". */
double li_profile_confidence(const double score[LI_EMOTION_COUNT], double read_sq, double estimated_sq);

#endif
