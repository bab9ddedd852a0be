/* features.c - from descriptors to the features that people know: energy, danceability, valence, acousticness
 * and speechiness.
 *
 * Each feature is a sum of coefficient times term, brought to 0..1. The terms are descriptors brought to
 * about 0..1; the coefficients and where they come from are in data/audio_model.tsv, which tools/calibrate
 * writes anew where sounds with people's labels are at hand. */
#include <math.h>

#include "audio/audio_priv.h"

static const char *const descriptor_names[LI_DESC_MFCC_MEAN] = {
    [LI_DESC_LOUDNESS] = "loudness",
    [LI_DESC_LOUDNESS_RANGE] = "loudness_range",
    [LI_DESC_PEAK] = "peak",
    [LI_DESC_CREST] = "crest",
    [LI_DESC_ONSET_RATE] = "onset_rate",
    [LI_DESC_FLUX] = "flux",
    [LI_DESC_FLUX_LOW] = "flux_low",
    [LI_DESC_FLUX_HIGH] = "flux_high",
    [LI_DESC_PULSE] = "pulse",
    [LI_DESC_TEMPO] = "tempo",
    [LI_DESC_ENTROPY] = "entropy",
    [LI_DESC_CENTROID] = "centroid",
    [LI_DESC_HIGH_SHARE] = "high_share",
    [LI_DESC_LOW_ENERGY] = "low_energy",
    [LI_DESC_FLUCTUATION] = "fluctuation",
    [LI_DESC_MODULATION_4HZ] = "modulation_4hz",
    [LI_DESC_TONAL_SHARE] = "tonal_share",
    [LI_DESC_CHROMA_ENTROPY] = "chroma_entropy",
    [LI_DESC_DISSONANCE] = "dissonance",
    [LI_DESC_MODE] = "mode",
    [LI_DESC_KEY_CONFIDENCE] = "key_confidence",
    [LI_DESC_TEMPO_CONFIDENCE] = "tempo_confidence",
};

static const char *const mfcc_names[2 * LI_MFCC_COUNT] = {
    "mfcc_mean_1",    "mfcc_mean_2",    "mfcc_mean_3",   "mfcc_mean_4",   "mfcc_mean_5",    "mfcc_mean_6",
    "mfcc_mean_7",    "mfcc_mean_8",    "mfcc_mean_9",   "mfcc_mean_10",  "mfcc_mean_11",   "mfcc_mean_12",
    "mfcc_mean_13",   "mfcc_spread_1",  "mfcc_spread_2", "mfcc_spread_3", "mfcc_spread_4",  "mfcc_spread_5",
    "mfcc_spread_6",  "mfcc_spread_7",  "mfcc_spread_8", "mfcc_spread_9", "mfcc_spread_10", "mfcc_spread_11",
    "mfcc_spread_12", "mfcc_spread_13",
};

static const char *const term_names[LI_SOUND_TERM_COUNT] = {
    [LI_SOUND_ONE] = "one",       [LI_SOUND_LOUD] = "loud",     [LI_SOUND_BUSY] = "busy",
    [LI_SOUND_FULL] = "full",     [LI_SOUND_STEADY] = "steady", [LI_SOUND_GROOVE] = "groove",
    [LI_SOUND_EVEN] = "even",     [LI_SOUND_BASS] = "bass",     [LI_SOUND_DANCEABLE] = "danceable",
    [LI_SOUND_BRIGHT] = "bright", [LI_SOUND_OPEN] = "open",     [LI_SOUND_MAJOR] = "major",
    [LI_SOUND_TALK] = "talk",
};

const char *li_descriptor_id(size_t index) {
    if (index < LI_DESC_MFCC_MEAN)
        return descriptor_names[index];
    return index < LI_DESCRIPTOR_COUNT ? mfcc_names[index - LI_DESC_MFCC_MEAN] : NULL;
}

const char *li_audio_term_id(size_t index) {
    return index < LI_SOUND_TERM_COUNT ? term_names[index] : NULL;
}

/* (x - low) / width in 0..1; what is unknown stands in the middle. */
static double ramp(double x, double low, double width) {
    return isnan(x) ? 0.5 : li_clip((x - low) / width, 0, 1);
}

void li_audio_terms(const struct li_descriptors *descriptors, double out[LI_SOUND_TERM_COUNT]) {
    const double *d = descriptors->value;
    double octaves = log2(d[LI_DESC_TEMPO] / 115) / 0.45; /* BPM, and the spread of what people dance to */
    double danceable = isnan(octaves) ? 0 : exp(-0.5 * octaves * octaves);
    double pulse = isnan(d[LI_DESC_PULSE]) ? 0 : d[LI_DESC_PULSE];
    out[LI_SOUND_ONE] = 1;
    out[LI_SOUND_LOUD] = isnan(d[LI_DESC_LOUDNESS]) ? 0 : 1 / (1 + exp(-(d[LI_DESC_LOUDNESS] + 14.5) / 3.6));
    out[LI_SOUND_BUSY] = ramp(d[LI_DESC_ONSET_RATE], 2, 9);
    out[LI_SOUND_FULL] = ramp(d[LI_DESC_ENTROPY], 0.35, 0.27);
    out[LI_SOUND_STEADY] = ramp(-d[LI_DESC_LOW_ENERGY], -1 / 2.2, 1 / 2.2);
    out[LI_SOUND_GROOVE] = ramp(pulse, 0.15, 0.75) * danceable;
    out[LI_SOUND_EVEN] = ramp(1 / d[LI_DESC_FLUCTUATION], 0.8, 0.9);
    out[LI_SOUND_BASS] = ramp(d[LI_DESC_FLUX_LOW], 0.35, 0.6);
    out[LI_SOUND_DANCEABLE] = danceable;
    out[LI_SOUND_BRIGHT] = ramp(d[LI_DESC_CENTROID], 250, 1200);
    out[LI_SOUND_OPEN] = ramp(d[LI_DESC_CREST], 10, 8);
    out[LI_SOUND_MAJOR] = isnan(d[LI_DESC_MODE]) ? 0 : 2 * d[LI_DESC_MODE] - 1;
    out[LI_SOUND_TALK] = ramp(d[LI_DESC_HIGH_SHARE], 0.02, 0.15) * ramp(d[LI_DESC_LOUDNESS_RANGE], 6, 8) *
                         ramp(-pulse, -0.5, 0.4);
}

void li_audio_features(const struct li_descriptors *descriptors, struct li_features *features,
                       double confidence[LI_FEATURE_COUNT]) {
    double term[LI_SOUND_TERM_COUNT];
    li_audio_terms(descriptors, term);
    for (size_t m = 0; m < LI_AUDIO_MODELS; m++) {
        const struct li_audio_model *row = &li_audio_models[m];
        double sum = 0;
        for (size_t i = 0; i < LI_SOUND_TERM_COUNT; i++)
            sum += row->coefficient[i] * term[i];
        features->value[row->feature] = row->logistic ? 1 / (1 + exp(-sum)) : li_clip(sum, 0, 1);
        confidence[row->feature] = row->confidence;
    }
}
