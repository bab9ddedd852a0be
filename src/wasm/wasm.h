/* wasm.h - what WebAssembly exports: the analyser and the emotion model over plain numbers.
 *
 * The caller is web/packages/listening-wasm/index.js, which knows the order of the numbers below. It takes
 * every block from li_wasm_alloc and gives it back to li_wasm_free. Structs hold doubles and text alone, so
 * that they lie in memory as they are written here, on any machine. NAN stands for what is unknown. A
 * function that can fail returns enum li_status and writes one sentence to message, which holds
 * LI_WASM_MESSAGE_BYTES; other out parameters are untouched then. Every object is used by one thread at a
 * time. */
#ifndef LI_WASM_WASM_H
#define LI_WASM_WASM_H

#include <listening.h>

#define LI_EXPORT __attribute__((visibility("default")))

enum {
    LI_WASM_BLOCK_FRAMES = 2048, /* the most that one push takes */
    LI_WASM_MESSAGE_BYTES = 256,
    LI_WASM_TRACKS_MAX = 100000,
    LI_WASM_DESCRIPTION_BYTES = 1024,
};

/* Zeroed bytes for any type, or NULL. free takes NULL. */
LI_EXPORT void *li_wasm_alloc(size_t bytes);
LI_EXPORT void li_wasm_free(void *memory);

/* ---- words ---- */

enum li_wasm_word {
    LI_WASM_STATUS_NAME,  /* by enum li_status; "" of 0 */
    LI_WASM_FEATURE_ID,   /* by enum li_feature */
    LI_WASM_EMOTION_ID,   /* by index */
    LI_WASM_EMOTION_NAME, /* in a language */
    LI_WASM_EMOTION_COLOR,
    LI_WASM_TERM_ID, /* by enum li_term */
};

/* A constant text that ends with a NUL; "" beyond the last. */
LI_EXPORT const char *li_wasm_word(enum li_wasm_word kind, unsigned index, enum li_lang lang);

/* As li_emotion_reason. */
LI_EXPORT const char *li_wasm_reason(unsigned emotion, unsigned term, double because, enum li_lang lang);

struct li_wasm_emotion {
    double pleasantness, activation, base_rate;
};

/* Writes where an emotion lies; nothing beyond the last. */
LI_EXPORT void li_wasm_emotion(unsigned index, struct li_wasm_emotion *out);

/* ---- from sound to features ---- */

/* struct li_analysis in doubles; calibrated is 0 or 1, time_signature 0 when unknown. */
struct li_wasm_analysis {
    double feature[LI_FEATURE_COUNT], confidence[LI_FEATURE_COUNT];
    double duration_s, key, key_confidence, time_signature, time_signature_confidence;
    double tempo_alternative_bpm, onset_rate_hz, loudness_range_lu, peak_dbfs, tuning_hz, calibrated;
};

struct li_wasm_analyzer;

/* As li_analyzer_new. The caller owns *out. */
LI_EXPORT LI_MUST_USE enum li_status li_wasm_analyzer_new(int rate_hz, int channels,
                                                          struct li_wasm_analyzer **out, char *message);

/* Where the next samples go: one row of LI_WASM_BLOCK_FRAMES a channel. */
LI_EXPORT float *li_wasm_analyzer_block(struct li_wasm_analyzer *analyzer);

/* Takes the first frames, LI_WASM_BLOCK_FRAMES at most, of each row. */
LI_EXPORT void li_wasm_analyzer_push(struct li_wasm_analyzer *analyzer, size_t frames);

/* As li_analyzer_finish. */
LI_EXPORT LI_MUST_USE enum li_status li_wasm_analyzer_finish(struct li_wasm_analyzer *analyzer,
                                                             struct li_wasm_analysis *out, char *message);

/* NULL is fine. */
LI_EXPORT void li_wasm_analyzer_free(struct li_wasm_analyzer *analyzer);

/* ---- from features to emotions and a profile ---- */

struct li_wasm_reading {
    double p[LI_EMOTION_COUNT]; /* sum 1 */
    double pleasantness, activation;
};

/* How one track reads: LI_FEATURE_COUNT numbers in the order of enum li_feature. */
LI_EXPORT void li_wasm_read(const double *feature, struct li_wasm_reading *out);

struct li_wasm_profile {
    double score[LI_EMOTION_COUNT]; /* sum 1 */
    double order[LI_EMOTION_COUNT]; /* emotions by falling score */
    double confidence, variety, pleasantness, activation, radius;
    double mean[LI_FEATURE_COUNT], spread[LI_FEATURE_COUNT]; /* of the tracks that know the feature */
    double because[LI_EMOTION_COUNT][LI_TERM_COUNT];         /* log-odds, mean over the tracks */
    char description[LI_LANG_COUNT][LI_WASM_DESCRIPTION_BYTES];
};

/* The profile of count tracks of LI_FEATURE_COUNT numbers each, every one of weight 1, and how each reads. */
LI_EXPORT LI_MUST_USE enum li_status li_wasm_profile(const double *features, size_t count,
                                                     struct li_wasm_reading *readings,
                                                     struct li_wasm_profile *out, char *message);

#endif
