/* listening.h - the public face of liblistening: from the features of tracks, or from genre names alone,
 * to emotions and to the profile of a taste.
 *
 * Everything here is a pure function over the caller's own structs: no allocation, no input or output, no
 * global state that changes, so every function may be called from any thread at any time. Pointers returned
 * point into constant tables that live as long as the program.
 *
 * The model, its figures and what they are worth: docs/emotions.md.
 */
#ifndef LISTENING_H
#define LISTENING_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    LI_EMOTION_COUNT = 16, /* rows of data/emotions.tsv, in its order */
    LI_TERM_COUNT = 11,    /* the standardised inputs of the two axes, see enum li_term */
    LI_FEATURE_COUNT = 10, /* see enum li_feature */
    LI_GENRES_MAX = 16,    /* genre families that one estimate can be made of */
};

/* The features of one track, on the scales that listeners' tools have used since 2014. */
enum li_feature {
    LI_DANCEABILITY,     /* 0..1 */
    LI_ENERGY,           /* 0..1 */
    LI_VALENCE,          /* 0..1, how positive it sounds */
    LI_ACOUSTICNESS,     /* 0..1 */
    LI_INSTRUMENTALNESS, /* 0..1 */
    LI_LIVENESS,         /* 0..1, carried along, not used by the model */
    LI_SPEECHINESS,      /* 0..1 */
    LI_LOUDNESS,         /* dB below full scale, about -60..0 */
    LI_TEMPO,            /* beats per minute */
    LI_MODE,             /* 0 minor, 1 major; a mean lies between */
};

/* One value a feature, in the order of enum li_feature. NAN means unknown. */
struct li_features {
    double value[LI_FEATURE_COUNT];
};

/* The inputs of the axes: nine standardised features and two products of them. */
enum li_term {
    LI_TERM_VALENCE,
    LI_TERM_ENERGY,
    LI_TERM_DANCEABILITY,
    LI_TERM_ACOUSTICNESS,
    LI_TERM_INSTRUMENTALNESS,
    LI_TERM_SPEECHINESS,
    LI_TERM_LOUDNESS,
    LI_TERM_TEMPO,
    LI_TERM_MODE,
    LI_TERM_QUIET, /* instrumentalness * (1 - energy): instrumental calm */
    LI_TERM_HARSH, /* energy * (1 - valence): dark intensity */
};

enum li_lang { LI_LANG_EN, LI_LANG_FR, LI_LANG_COUNT };

/* One emotion word: where it lies and how it is shown. */
struct li_emotion {
    const char *id;                   /* "raw_energy": stable, never translated */
    const char *label[LI_LANG_COUNT]; /* "raw energy", "énergie brute" */
    const char *color;                /* "#RRGGBB" */
    char quadrant;                    /* 'H'appy, 'E'nergetic, 'S'ad, 'C'alm, or '-' for neutral */
    double pleasantness, activation;  /* position on the two axes, about -1.5..1.5 */
    double base_rate;                 /* its share, 0..1, of the reference catalogue */
};

/* How one track reads. */
struct li_reading {
    double pleasantness; /* about -1.5..1.8, 0 = ordinary music */
    double activation;   /* about -1.5..1.1 */
    double term[LI_TERM_COUNT];
    double p[LI_EMOTION_COUNT]; /* a probability for each emotion, sum 1 */
};

/* The emotion at index 0..LI_EMOTION_COUNT-1. */
const struct li_emotion *li_emotion_at(size_t index);

/* The index of the emotion with this id, or -1. */
int li_emotion_find(const char *id);

/* Reads one track. Unknown (NAN) features are filled as docs/emotions.md says; values out of range are
 * clipped; never fails and never gives a NAN. */
void li_emotion_read(const struct li_features *features, struct li_reading *out);

/* What one term adds to the log-odds of one emotion against the average emotion in this reading. Exact: the
 * terms and a constant add up to the emotion's score. */
double li_emotion_because(const struct li_reading *reading, size_t emotion, enum li_term term);

/* The name of a term in words ("dark intensity"), and its stable id ("harsh"). */
const char *li_term_label(enum li_term term, enum li_lang lang);
const char *li_term_id(enum li_term term);

/* The stable id of a feature ("energy", "loudness"). */
const char *li_feature_id(enum li_feature feature);

/* One genre family: a row of data/genres.tsv. */
struct li_genre {
    const char *id;                   /* "french hip hop" */
    const char *label[LI_LANG_COUNT]; /* "french hip hop", "rap français" */
    int parent;                       /* index of the family above, or -1 */
    int artists;                      /* artists that the figures rest on */
    bool thin;                        /* fewer than ten: the parent's figures mostly, low confidence */
    struct li_features mean, spread;  /* over the family's tracks; spread = standard deviation */
    double p[LI_EMOTION_COUNT];       /* the family's emotion fingerprint, sum 1 */
};

size_t li_genre_count(void);
const struct li_genre *li_genre_at(size_t index);

/* The family that a genre tag belongs to ("australian indie folk" -> "indie folk"), or -1 when none is known.
 * The longest run of whole words that is a known alias wins; among equals the rightmost.
 * tag is UTF-8 of length bytes; tags longer than 256 bytes are unknown. */
int li_genre_match(const char *tag, size_t length);

/* What genres alone can say about an artist. */
struct li_estimate {
    struct li_features mean, spread; /* over the artist's unseen tracks */
    double p[LI_EMOTION_COUNT];      /* mean of the families' fingerprints, or the base rates */
    double pleasantness, activation; /* centre of the estimate on the two axes */
    double spread_pleasantness, spread_activation;
    int genre[LI_GENRES_MAX]; /* the distinct families used, in the order of the tags */
    size_t genre_count;       /* 0: no tag was known, the answer is the base rates */
    double confidence;        /* 0..1, how far to trust it: low for thin or unknown families */
};

/* The mean over distinct families; family indices from li_genre_match. Families beyond LI_GENRES_MAX are
 * left out. count 0 gives the base rates and the lowest confidence. */
void li_genre_estimate(const int *families, size_t count, struct li_estimate *out);

/* One thing that a profile is made of: a read track, or an artist's estimate. */
struct li_evidence {
    const double *p; /* LI_EMOTION_COUNT probabilities */
    double pleasantness, activation;
    double spread_pleasantness, spread_activation; /* 0 for a read track */
    double weight;                                 /* > 0 */
    bool estimated;                                /* from genres, not from features */
};

/* The profile of a taste. */
struct li_profile {
    double score[LI_EMOTION_COUNT];          /* weighted mean of the evidence, sum 1 */
    int order[LI_EMOTION_COUNT];             /* emotions by falling score; ties by index */
    double confidence;                       /* 0..1: probability that the first truly leads the second */
    double variety;                          /* 0..1: entropy of the scores over its maximum */
    double pleasantness, activation, spread; /* mood centre, and the radius of one standard deviation */
};

/* Computes the profile of count >= 1 pieces of evidence, in their order. */
void li_profile_compute(const struct li_evidence *evidence, size_t count, struct li_profile *out);

/* What the sentence is made from. */
struct li_description {
    const struct li_profile *profile;
    double energy, danceability; /* 0..1 weighted means, NAN when unknown */
    const char *genre;           /* label of the first genre in the caller's language, or NULL */
    size_t measured, estimated;  /* tracks with features, tracks with only their genre */
};

/* Writes two or three sentences about the profile, chosen by rule. Returns the bytes needed without the
 * final NUL; the text is cut at a whole character when size is too small. 512 bytes are enough. */
size_t li_profile_describe(const struct li_description *facts, enum li_lang lang, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
