/* key.c - key and mode: the chroma of the spectral peaks, the chords that it shows, and the key they speak
 * of.
 *
 * Harmonic pitch class profiles after Gomez, "Tonal description of polyphonic audio" (INFORMS J. Computing
 * 18(3), 2006): a peak votes for its own pitch class and for those of which it would be the second or third
 * partial. The range of pitch fades at both ends, so that a transposition changes no vote at once. Peaks are
 * kept for 30 s, then folded with the tuning known by then. Chords: see chords.c; against the profiles of
 * notes that are usual (Albrecht & Shanahan 2013) they tell relative keys apart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { CLASSES = LI_PITCH_CLASSES, FRAMES = 160, PARTIALS = 3, LOWEST_PITCH = 12 };

static const float tuning_low = 34.5f, tuning_high = 95.2f;      /* 60 Hz and 2 kHz */
static const float low_pitch = 26, low_full = 42;                /* fades in from 37 to 93 Hz */
static const float high_full = 84, high_pitch = 98;              /* fades out from 1.05 to 2.35 kHz */
static const float bass_full = 45, bass_pitch = 55;              /* the bass: fades out from 110 to 196 Hz */
static const float partial_above[PARTIALS] = {0, 12, 19.01955f}; /* semitones: 12 log2(1, 2, 3) */
static const float partial_weight[PARTIALS] = {1, 0.6f, 0.36f};

struct li_chroma {
    size_t frames; /* waiting in frame */
    struct li_peak_frame frame[FRAMES];
    double tuning_re, tuning_im; /* sum of the peaks as vectors, a turn a semitone */
    double total[CLASSES];
    struct li_chords chords;
    size_t history_count;
    float history[LI_TRACE_CHROMA_MAX][CLASSES];
};

struct li_chroma *li_chroma_new(void) {
    return li_audio_alloc(1, sizeof(struct li_chroma));
}

void li_chroma_free(struct li_chroma *chroma) {
    free(chroma);
}

void li_chroma_reset(struct li_chroma *chroma) {
    chroma->frames = chroma->history_count = 0;
    chroma->tuning_re = chroma->tuning_im = 0;
    memset(chroma->total, 0, sizeof chroma->total);
    memset(&chroma->chords, 0, sizeof chroma->chords);
}

/* 0 at from and beyond, 1 at to and beyond; from may be above to. */
static float fade(float x, float from, float to) {
    float y = (x - from) / (to - from);
    return y < 0 ? 0 : y > 1 ? 1 : y;
}

static void add_to_tuning(struct li_chroma *chroma, const struct li_peak_frame *frame) {
    for (size_t i = 0; i < frame->count; i++) {
        struct li_peak peak = frame->peak[i];
        if (peak.pitch < tuning_low || peak.pitch > tuning_high)
            continue;
        float angle = (float)(2 * LI_PI) * (peak.pitch - rintf(peak.pitch));
        chroma->tuning_re += (double)(peak.weight * cosf(angle));
        chroma->tuning_im += (double)(peak.weight * sinf(angle));
    }
}

/* How far the sound is above the tuning of a4 = 440 Hz: -0.5..0.5 semitones. */
static double detuning(const struct li_chroma *chroma) {
    return atan2(chroma->tuning_im, chroma->tuning_re) / (2 * LI_PI);
}

/* Brings a vector to length one; zero stays zero. */
static void normalise(float vector[CLASSES]) {
    float norm = 0;
    for (size_t k = 0; k < CLASSES; k++)
        norm += vector[k] * vector[k];
    norm = norm > 0 ? 1 / sqrtf(norm) : 0;
    for (size_t k = 0; k < CLASSES; k++)
        vector[k] *= norm;
}

/* Adds a vote for the pitch class nearest to pitch, less the farther it is: at a quarter tone nothing. */
static void vote(float pitch, float weight, float out[CLASSES]) {
    float nearest = rintf(pitch), near = cosf((float)LI_PI * (pitch - nearest));
    out[(size_t)nearest % CLASSES] += weight * near * near;
}

/* The chroma of one frame, and that of its bass without overtones, as unit vectors or zero. */
static void fold(const struct li_peak_frame *frame, float tuning, float out[CLASSES], float bass[CLASSES]) {
    memset(out, 0, CLASSES * sizeof *out);
    memset(bass, 0, CLASSES * sizeof *bass);
    for (size_t i = 0; i < frame->count; i++) {
        struct li_peak peak = frame->peak[i];
        float heard = fade(peak.pitch, low_pitch, low_full) * fade(peak.pitch, high_pitch, high_full);
        if (!(heard > 0))
            continue;
        for (size_t h = 0; h < PARTIALS; h++) {
            float pitch = peak.pitch - tuning - partial_above[h];
            if (pitch >= LOWEST_PITCH)
                vote(pitch, heard * peak.weight * partial_weight[h], out);
        }
        float low = fade(peak.pitch, bass_pitch, bass_full);
        if (low > 0)
            vote(peak.pitch - tuning, heard * low * peak.weight * peak.weight, bass);
    }
    normalise(out);
    normalise(bass);
}

static void fold_waiting(struct li_chroma *chroma) {
    for (size_t i = 0; i < chroma->frames; i++)
        add_to_tuning(chroma, &chroma->frame[i]);
    float tuning = (float)detuning(chroma);
    for (size_t i = 0; i < chroma->frames; i++) {
        float folded[CLASSES], bass[CLASSES];
        fold(&chroma->frame[i], tuning, folded, bass);
        li_chords_add(&chroma->chords, folded, bass);
        for (size_t k = 0; k < CLASSES; k++)
            chroma->total[k] += (double)folded[k];
        if (chroma->history_count < LI_TRACE_CHROMA_MAX)
            memcpy(chroma->history[chroma->history_count++], folded, sizeof folded);
    }
    chroma->frames = 0;
}

void li_chroma_add(struct li_chroma *chroma, const struct li_peak_frame *frame) {
    if (chroma->frames == FRAMES)
        fold_waiting(chroma);
    chroma->frame[chroma->frames++] = *frame;
}

static double entropy(const double chroma[CLASSES]) {
    double sum = 0, bits = 0;
    for (size_t k = 0; k < CLASSES; k++)
        sum += chroma[k];
    for (size_t k = 0; k < CLASSES; k++)
        if (chroma[k] > 0)
            bits -= chroma[k] / sum * log2(chroma[k] / sum);
    return bits / log2(CLASSES);
}

void li_chroma_finish(struct li_chroma *chroma, struct li_key *out) {
    fold_waiting(chroma);
    *out = (struct li_key){.key = -1, .mode = -1, .confidence = NAN, .tuning_hz = NAN, .chroma_entropy = NAN};
    double best = -HUGE_VAL, second = -HUGE_VAL, sum = 0;
    for (size_t k = 0; k < CLASSES; k++)
        sum += chroma->total[k];
    if (!(sum > 0))
        return;
    for (int mode = 0; mode < 2; mode++)
        for (int tonic = 0; tonic < CLASSES; tonic++) {
            double fit = li_chords_fit(&chroma->chords, tonic, mode);
            if (fit > best) {
                second = best;
                best = fit;
                out->key = tonic;
                out->mode = mode;
            } else if (fit > second) {
                second = fit;
            }
        }
    out->confidence = li_clip(best - second, 0, 1);
    out->tuning_hz = 440 * pow(2, detuning(chroma) / CLASSES);
    out->chroma_entropy = entropy(chroma->total);
}

const float (*li_chroma_history(const struct li_chroma *chroma, size_t *count))[12] {
    *count = chroma->history_count;
    return (const float(*)[12])chroma->history;
}
