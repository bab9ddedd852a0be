/* audio.h - what the other rooms may see of the analyser beyond include/listening.h: the raw descriptors that
 * the perceptual features are made of, and the curves behind a plot.
 *
 * Definitions, papers and accuracy: docs/features.md. */
#ifndef LI_AUDIO_AUDIO_H
#define LI_AUDIO_AUDIO_H

#include <listening.h>

/* Coefficients of the timbre that are described by mean and spread (Davis & Mermelstein 1980). */
enum { LI_MFCC_COUNT = 13 };

/* What is shorter says too little. */
enum { LI_SHORTEST_S = 3 };

/* What was measured, before any judgement. Numbers are per whole sound unless it says otherwise. */
enum li_descriptor {
    LI_DESC_LOUDNESS,         /* LUFS, integrated */
    LI_DESC_LOUDNESS_RANGE,   /* LU */
    LI_DESC_PEAK,             /* dBFS, sample peak */
    LI_DESC_CREST,            /* dB: peak less loudness */
    LI_DESC_ONSET_RATE,       /* onsets a second */
    LI_DESC_FLUX,             /* mean rise of the 40 log bands a frame, nepers */
    LI_DESC_FLUX_LOW,         /* the same of the six bands below about 450 Hz */
    LI_DESC_FLUX_HIGH,        /* the same of the bands above about 3.7 kHz */
    LI_DESC_PULSE,            /* 0..1: how well the onsets repeat with the beat: the score of the tempo */
    LI_DESC_TEMPO,            /* BPM */
    LI_DESC_ENTROPY,          /* 0..1: entropy of the 40 band powers over its maximum, mean of the frames */
    LI_DESC_CENTROID,         /* Hz: power-weighted mean frequency, mean of the frames */
    LI_DESC_HIGH_SHARE,       /* 0..1: share of the band powers above about 3.7 kHz, mean of the frames */
    LI_DESC_LOW_ENERGY,       /* 0..1: share of 10-ms frames softer than half the mean */
    LI_DESC_FLUCTUATION,      /* mean slope of the detrended fluctuation analysis */
    LI_DESC_MODULATION_4HZ,   /* 0..1: share of the envelope's 0.5..20 Hz modulation within 3..6 Hz */
    LI_DESC_TONAL_SHARE,      /* 0..1: share of the power at 35..2400 Hz that stands in spectral peaks */
    LI_DESC_CHROMA_ENTROPY,   /* 0..1: entropy of the mean chroma over its maximum */
    LI_DESC_DISSONANCE,       /* 0..1: roughness of the spectral peaks */
    LI_DESC_MODE,             /* 0 minor, 1 major */
    LI_DESC_KEY_CONFIDENCE,   /* 0..1 */
    LI_DESC_TEMPO_CONFIDENCE, /* 0..1 */
    LI_DESC_MFCC_MEAN,        /* the first of LI_MFCC_COUNT */
    LI_DESC_MFCC_SPREAD = LI_DESC_MFCC_MEAN + LI_MFCC_COUNT, /* standard deviations */
    LI_DESCRIPTOR_COUNT = LI_DESC_MFCC_SPREAD + LI_MFCC_COUNT
};

struct li_descriptors {
    double value[LI_DESCRIPTOR_COUNT];
};

/* The stable id of a descriptor ("onset_rate", "mfcc_mean_3"), or NULL beyond the last. */
const char *li_descriptor_id(size_t index);

/* The inputs of the fitted features: each is a descriptor brought to about 0..1, or a product of some. A
 * feature is a clipped sum of coefficient times term, plus a constant; see features.c. */
enum li_audio_term {
    LI_SOUND_ONE,       /* the constant: 1 */
    LI_SOUND_LOUD,      /* logistic of the loudness */
    LI_SOUND_BUSY,      /* onset rate */
    LI_SOUND_FULL,      /* entropy of the bands */
    LI_SOUND_STEADY,    /* few soft frames */
    LI_SOUND_GROOVE,    /* pulse at a tempo that people dance to */
    LI_SOUND_EVEN,      /* regular on every time scale (fluctuation analysis) */
    LI_SOUND_BASS,      /* moving low bands */
    LI_SOUND_DANCEABLE, /* a tempo that people dance to */
    LI_SOUND_BRIGHT,    /* centroid */
    LI_SOUND_OPEN,      /* crest: not compressed */
    LI_SOUND_MAJOR,     /* -1 minor .. 1 major */
    LI_SOUND_TALK,      /* hissing, pausing, without pulse */
    LI_SOUND_TERM_COUNT
};

/* The stable id of a term ("groove"), or NULL beyond the last. */
const char *li_audio_term_id(size_t index);

/* Computes the terms of a sound. */
void li_audio_terms(const struct li_descriptors *descriptors, double out[LI_SOUND_TERM_COUNT]);

/* What li_analyzer_finish measured, valid from its success until the next push. Values that the sound does
 * not have (the tempo of silence) are NAN. */
const struct li_descriptors *li_analyzer_descriptors(const struct li_analyzer *analyzer);

enum {
    LI_TRACE_MAX_S = 300, /* the curves end here; the features do not */
    LI_TRACE_BLOCK_MS = 100,
    LI_TRACE_CHROMA_MAX = 2048,
};

/* The curves behind a plot. All pointers are the analyser's own, valid from a successful finish until the
 * next push or free. */
struct li_trace {
    const float *onset; /* onset strength with emphasis on the bass, nepers, onset_rate_hz values a second */
    size_t onset_count;
    double onset_rate_hz, onset_start_s; /* the first value's time */
    const float *beat_s;                 /* times of the beats, seconds */
    size_t beat_count;
    const float *block_power; /* K-weighted power of each 100 ms: LUFS = 10 log10(power) - 0.691 */
    const float *block_peak;  /* its largest sample, full scale = 1 */
    size_t block_count;
    const float (*chroma)[12]; /* unit vectors, C first */
    size_t chroma_count;
    double chroma_rate_hz;
};

void li_analyzer_trace(const struct li_analyzer *analyzer, struct li_trace *out);

#endif
