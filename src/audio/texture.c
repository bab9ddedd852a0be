/* texture.c - the descriptors that are means over frames: spectrum, level, onsets, timbre, roughness.
 *
 * Scheirer & Slaney, "Construction and evaluation of a robust multifeature speech/music discriminator"
 * (ICASSP 1997): share of soft frames, 4-Hz modulation. Davis & Mermelstein (IEEE TASSP 28(4), 1980):
 * cepstrum of the mel bands. Plomp & Levelt (JASA 38, 1965) as fitted by Sethares ("Tuning, Timbre, Spectrum,
 * Scale", 2005, appendix E): roughness of two partials. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum {
    SPECTRUM_STEP = 4,    /* a spectrum every 40 ms tells enough of means */
    ENVELOPE_SIZE = 4096, /* of the transform of a segment's levels */
    ROUGH_STEP = 4,       /* roughness every fourth frame of peaks: 0.74 s */
    ROUGH_PEAKS = 12,     /* the strongest */
    ONSET_REACH = 10,     /* frames on each side of a local mean */
};

static const float onset_above = 1.3f, onset_floor = 0.3f; /* times the local mean, and nepers */
static const double soft = 0.5;                            /* of the mean level */
static const double speech_low_hz = 3, speech_high_hz = 6; /* syllables */
static const double envelope_low_hz = 0.5, envelope_high_hz = 20;
static const float timbre_compression = 100; /* as the onset strength, but against the frame's own mean */
static const float silence = 1e-12f;         /* band power of a frame that has no spectrum to speak of */

struct li_texture {
    double frame_rate_hz;
    struct li_fft_one *fft;
    float re[ENVELOPE_SIZE], im[ENVELOPE_SIZE], level[LI_SEGMENT_FRAMES];
    float cosine[LI_MFCC_COUNT][LI_MEL_BANDS];
    uint64_t frames, onsets, soft_frames, spectra, peak_frames, rough_frames;
    double flux, flux_low, flux_high;
    double entropy, centroid_hz, high_share;
    double cepstrum[LI_MFCC_COUNT], cepstrum_squared[LI_MFCC_COUNT];
    double syllables, modulation, peak_share, roughness;
    struct li_dfa dfa;
};

struct li_texture *li_texture_new(double frame_rate_hz) {
    struct li_texture *texture = li_audio_alloc(1, sizeof *texture);
    if (!texture)
        return NULL;
    texture->frame_rate_hz = frame_rate_hz;
    texture->fft = li_fft_one_new(ENVELOPE_SIZE);
    if (!texture->fft) {
        li_texture_free(texture);
        return NULL;
    }
    for (size_t k = 0; k < LI_MFCC_COUNT; k++)
        for (size_t b = 0; b < LI_MEL_BANDS; b++)
            texture->cosine[k][b] = (float)(sqrt(2.0 / LI_MEL_BANDS) *
                                            cos(LI_PI * (double)(k + 1) * ((double)b + 0.5) / LI_MEL_BANDS));
    return texture;
}

void li_texture_free(struct li_texture *texture) {
    if (!texture)
        return;
    li_fft_one_free(texture->fft);
    free(texture);
}

void li_texture_reset(struct li_texture *texture) {
    /* All the sums stand in one row at the end. */
    size_t first = offsetof(struct li_texture, frames);
    memset((char *)texture + first, 0, sizeof *texture - first);
}

static void count_onsets(struct li_texture *texture, const struct li_onset *onset, size_t from,
                         size_t count) {
    for (size_t i = from < 1 ? 1 : from; i + 1 < count; i++) {
        float here = onset[i].strength;
        if (!(here > onset[i - 1].strength && here >= onset[i + 1].strength))
            continue;
        size_t first = i < ONSET_REACH ? 0 : i - ONSET_REACH;
        size_t end = i + ONSET_REACH + 1 > count ? count : i + ONSET_REACH + 1;
        float mean = 0;
        for (size_t k = first; k < end; k++)
            mean += onset[k].strength;
        if (here > onset_above * mean / (float)(end - first) + onset_floor)
            texture->onsets++;
    }
}

/* Entropy, brightness and timbre of one frame. */
static void add_spectrum(struct li_texture *texture, const struct li_mel_frame *frame) {
    float sum = 0, high = 0, level[LI_MEL_BANDS], share[LI_MEL_BANDS];
    for (size_t b = 0; b < LI_MEL_BANDS; b++)
        sum += frame->band[b];
    for (size_t b = LI_MEL_TREBLE_BAND; b < LI_MEL_BANDS; b++)
        high += frame->band[b];
    if (!(sum > silence))
        return;
    double entropy = 0;
    for (size_t b = 0; b < LI_MEL_BANDS; b++) {
        share[b] = frame->band[b] / sum;
        entropy -= share[b] > 0 ? (double)(share[b] * logf(share[b])) : 0;
    }
    texture->entropy += entropy / log(LI_MEL_BANDS);
    texture->centroid_hz += (double)frame->centroid_hz;
    texture->high_share += (double)(high / sum);
    li_log1p_scaled(share, LI_MEL_BANDS, timbre_compression * LI_MEL_BANDS, level);
    for (size_t k = 0; k < LI_MFCC_COUNT; k++) {
        float c = 0;
        for (size_t b = 0; b < LI_MEL_BANDS; b++)
            c += texture->cosine[k][b] * level[b];
        texture->cepstrum[k] += (double)c;
        texture->cepstrum_squared[k] += (double)(c * c);
    }
    texture->spectra++;
}

/* The share of the envelope's modulation at the rate of syllables. */
static void add_modulation(struct li_texture *texture, size_t count) {
    double mean = 0;
    for (size_t i = 0; i < count; i++)
        mean += (double)texture->level[i];
    mean /= (double)count;
    if (!(mean > 0))
        return;
    memset(texture->re, 0, sizeof texture->re);
    memset(texture->im, 0, sizeof texture->im);
    for (size_t i = 0; i < count; i++) {
        float phase = (float)(2 * LI_PI) * (float)i / (float)count;
        texture->re[i] = (float)((double)texture->level[i] / mean - 1) * (0.5f - 0.5f * cosf(phase));
    }
    li_fft_one_do(texture->fft, texture->re, texture->im);
    double bin_hz = texture->frame_rate_hz / ENVELOPE_SIZE;
    for (size_t k = (size_t)(envelope_low_hz / bin_hz); k <= (size_t)(envelope_high_hz / bin_hz); k++) {
        double hz = (double)k * bin_hz;
        double power = (double)(texture->re[k] * texture->re[k] + texture->im[k] * texture->im[k]);
        texture->modulation += power;
        if (hz >= speech_low_hz && hz < speech_high_hz)
            texture->syllables += power;
    }
}

void li_texture_add(struct li_texture *texture, const struct li_mel_frame *frames,
                    const struct li_onset *onset, size_t from, size_t count) {
    double mean = 0;
    count_onsets(texture, onset, from, count);
    for (size_t i = from; i < count; i++) {
        texture->flux += (double)onset[i].strength;
        texture->flux_low += (double)onset[i].low;
        texture->flux_high += (double)onset[i].high;
        texture->level[i - from] = frames[i].rms;
        mean += (double)frames[i].rms;
    }
    mean /= (double)(count - from);
    for (size_t i = from; i < count; i++)
        texture->soft_frames += (double)frames[i].rms < soft * mean;
    for (size_t i = from; i < count; i += SPECTRUM_STEP)
        add_spectrum(texture, &frames[i]);
    li_dfa_add(&texture->dfa, texture->level, count - from);
    add_modulation(texture, count - from);
    texture->frames += count - from;
}

/* The strongest peaks of the frame, in no order. */
static size_t strongest(const struct li_peak_frame *frame, struct li_peak out[ROUGH_PEAKS]) {
    size_t count = 0;
    for (size_t i = 0; i < frame->count; i++) {
        if (count < ROUGH_PEAKS) {
            out[count++] = frame->peak[i];
            continue;
        }
        size_t weakest = 0;
        for (size_t k = 1; k < count; k++)
            weakest = out[k].weight < out[weakest].weight ? k : weakest;
        if (frame->peak[i].weight > out[weakest].weight)
            out[weakest] = frame->peak[i];
    }
    return count;
}

/* Sethares' fit: d = a1 a2 (exp(-3.5 s df) - exp(-5.75 s df)), s = 0.24 / (0.021 f + 19); its top is near
 * 0.18. */
static double roughness(const struct li_peak_frame *frame) {
    struct li_peak peak[ROUGH_PEAKS];
    size_t count = strongest(frame, peak);
    double hz[ROUGH_PEAKS], sum = 0, weights = 0;
    for (size_t i = 0; i < count; i++)
        hz[i] = 440 * exp2(((double)peak[i].pitch - 69) / 12);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            double weight = (double)(peak[i].weight * peak[i].weight * peak[k].weight * peak[k].weight);
            double x = 0.24 / (0.021 * fmin(hz[i], hz[k]) + 19) * fabs(hz[i] - hz[k]);
            sum += weight * (exp(-3.5 * x) - exp(-5.75 * x)) / 0.18;
            weights += weight;
        }
    return weights > 0 ? sum / weights : 0;
}

void li_texture_add_peaks(struct li_texture *texture, const struct li_peak_frame *frame) {
    if (frame->count == 0)
        return;
    if (texture->peak_frames % ROUGH_STEP == 0) {
        texture->roughness += roughness(frame);
        texture->rough_frames++;
    }
    texture->peak_share += (double)frame->share;
    texture->peak_frames++;
}

static double mean_of(double sum, uint64_t count) {
    return count ? sum / (double)count : NAN;
}

void li_texture_finish(const struct li_texture *texture, struct li_descriptors *out) {
    double *d = out->value;
    d[LI_DESC_ONSET_RATE] = mean_of((double)texture->onsets * texture->frame_rate_hz, texture->frames);
    d[LI_DESC_FLUX] = mean_of(texture->flux, texture->frames);
    d[LI_DESC_FLUX_LOW] = mean_of(texture->flux_low, texture->frames);
    d[LI_DESC_FLUX_HIGH] = mean_of(texture->flux_high, texture->frames);
    d[LI_DESC_LOW_ENERGY] = mean_of((double)texture->soft_frames, texture->frames);
    d[LI_DESC_ENTROPY] = mean_of(texture->entropy, texture->spectra);
    d[LI_DESC_CENTROID] = mean_of(texture->centroid_hz, texture->spectra);
    d[LI_DESC_HIGH_SHARE] = mean_of(texture->high_share, texture->spectra);
    d[LI_DESC_FLUCTUATION] = li_dfa_slope(&texture->dfa);
    d[LI_DESC_MODULATION_4HZ] = texture->modulation > 0 ? texture->syllables / texture->modulation : NAN;
    d[LI_DESC_TONAL_SHARE] = mean_of(texture->peak_share, texture->peak_frames);
    d[LI_DESC_DISSONANCE] = mean_of(texture->roughness, texture->rough_frames);
    for (size_t k = 0; k < LI_MFCC_COUNT; k++) {
        double mean = mean_of(texture->cepstrum[k], texture->spectra);
        double square = mean_of(texture->cepstrum_squared[k], texture->spectra);
        d[LI_DESC_MFCC_MEAN + k] = mean;
        d[LI_DESC_MFCC_SPREAD + k] = sqrt(fmax(square - mean * mean, 0));
    }
}
