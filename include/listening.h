/* listening.h - the public face of liblistening: from sound to the features of tracks, and from features, or
 * from genre names alone, to emotions and to the profile of a taste.
 *
 * The emotion part is pure functions over the caller's own structs: no allocation, no input or output, no
 * global state that changes, so every function may be called from any thread at any time. Pointers returned
 * point into constant tables that live as long as the program. The sound part is objects: each may be used by
 * one thread at a time, different ones by different threads at once.
 *
 * The models, their figures and what they are worth: docs/emotions.md, docs/features.md.
 */
#ifndef LISTENING_H
#define LISTENING_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LI_MUST_USE __attribute__((warn_unused_result))

/* How every fallible function answers. Out parameters are untouched on failure. */
enum li_status {
    LI_OK,
    LI_INVALID,     /* the caller's input is wrong; asking again the same way is no use */
    LI_NOT_FOUND,   /* there is no such thing, or no longer */
    LI_TOO_LARGE,   /* over a stated limit */
    LI_BUSY,        /* too much is waiting; try again later */
    LI_UNSUPPORTED, /* well formed, but this build or source cannot do it */
    LI_CORRUPT,     /* stored data is torn or foreign */
    LI_FULL,        /* no room left on the device */
    LI_IO,          /* the operating system or a peer failed us */
    LI_NO_MEMORY,
    LI_STATUS_COUNT
};

/* Why a call failed. Zeroed means nothing failed yet. */
struct li_error {
    enum li_status status;
    size_t at;         /* byte, row or line of the input where it was noticed, when that makes sense */
    char message[256]; /* one sentence with no final newline */
};

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

/* The words for that reason, of this value: the term's name, or those for less of it than usual when it is
 * the lack that speaks for the emotion or against it ("little energy", "minor key"). The value may be a mean
 * over readings. "" when there is no such emotion, term or language. */
const char *li_emotion_reason(size_t emotion, enum li_term term, double because, enum li_lang lang);

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
    double confidence;                       /* 0..1: probability that the first is the listener's first */
    double variety;                          /* 0..1: entropy of the scores over its maximum */
    double pleasantness, activation, spread; /* mood centre, and the radius of one standard deviation */
};

/* Computes the profile of count >= 1 pieces of evidence, in their order. */
void li_profile_compute(const struct li_evidence *evidence, size_t count, struct li_profile *out);

/* What the sentence is made from. */
struct li_description {
    const struct li_profile *profile;
    double energy, danceability; /* 0..1 weighted means, NAN when unknown */
    const char *genre;           /* label of the leading genre in the caller's language, or NULL */
    size_t measured, estimated;  /* tracks with features, tracks with only their genre */
};

/* Writes two or three sentences about the profile, chosen by rule. Returns the bytes needed without the
 * final NUL; the text is cut at a whole character when size is too small. 512 bytes are enough. */
size_t li_profile_describe(const struct li_description *facts, enum li_lang lang, char *out, size_t size);

/* ---- from sound to features ---- */

enum { LI_RATE_MIN_HZ = 8000, LI_RATE_MAX_HZ = 192000, LI_CHANNELS_MAX = 8 };

/* What was heard in one piece of music. Definitions, formulas and measured accuracy: docs/features.md. */
struct li_analysis {
    double duration_s;
    /* Loudness is integrated loudness in LUFS (ITU-R BS.1770-4). Instrumentalness and liveness are NAN: there
     * is no estimate of them that we could defend. Of silence everything is NAN. */
    struct li_features features;
    double confidence[LI_FEATURE_COUNT]; /* 0..1 each, NAN where the feature is */
    int key;                             /* 0 = C, 1 = C sharp .. 11 = B, -1 = unknown */
    double key_confidence;               /* 0..1; mode shares it */
    int time_signature;                  /* 3 or 4 beats a bar, 0 = unknown */
    double time_signature_confidence;    /* 0..1 */
    double tempo_alternative_bpm;        /* the tempo that other listeners may tap, or NAN */
    double onset_rate_hz;                /* note onsets a second */
    double loudness_range_lu;            /* EBU Tech 3342 */
    double peak_dbfs;                    /* sample peak */
    double tuning_hz;                    /* of a4 */
    bool calibrated; /* whether energy, danceability, valence, acousticness and speechiness were fitted to
                        labelled music; false: formulas from the literature */
};

struct li_analyzer;

/* An analyser of one sound at this rate with 1..LI_CHANNELS_MAX channels. All its memory, under 5 MB, is
 * allocated here, whatever the sound's length. The caller owns *out. */
LI_MUST_USE enum li_status li_analyzer_new(int rate_hz, int channels, struct li_analyzer **out,
                                           struct li_error *err);

/* Takes the next frames: interleaved samples, full scale = 1. In blocks of any size, with the same result.
 * Samples that are not finite count as silence. */
void li_analyzer_push(struct li_analyzer *analyzer, const float *samples, size_t frames);

/* Says what was heard. LI_INVALID for less than three seconds of sound, and for what is louder than +20 LUFS:
 * its samples were never meant with full scale = 1. The analyser is ready for another sound of the same
 * format afterwards. */
LI_MUST_USE enum li_status li_analyzer_finish(struct li_analyzer *analyzer, struct li_analysis *out,
                                              struct li_error *err);

/* NULL is fine. */
void li_analyzer_free(struct li_analyzer *analyzer);

/* Decodes and analyses a file: MP3, FLAC, Ogg Vorbis, Opus, WAV, AIFF; others when ffmpeg is installed. */
LI_MUST_USE enum li_status li_analyze_file(const char *path, struct li_analysis *out, struct li_error *err);

/* The same for a file's bytes in memory; nothing touches the disk. Formats that need ffmpeg are
 * LI_UNSUPPORTED here. */
LI_MUST_USE enum li_status li_analyze_bytes(const void *bytes, size_t size, struct li_analysis *out,
                                            struct li_error *err);

#ifdef __cplusplus
}
#endif
#endif
