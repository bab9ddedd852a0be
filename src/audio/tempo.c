/* tempo.c - the tempo of the onsets: autocorrelation and spectrum of the onset strength, together.
 *
 * The autocorrelation has peaks at the beat and its multiples, the spectrum at the beat and its fractions:
 * their product leaves the beat (Peeters, "Template-based estimation of time-varying tempo", EURASIP 2007).
 * The magnitudes under the autocorrelation are compressed (Percival & Tzanetakis, IEEE TASLP 2014). What
 * remains open, the octave, is decided by how people tap (Parncutt, Music Perception 1994; Moelants, ICMPC
 * 2002): a log-normal prior. Segments are averaged, so that memory does not grow with the sound. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum {
    SIZE = 8192,      /* of the transforms: more than two segments */
    LAGS = 2700,      /* 27 s */
    CANDIDATES = 600, /* 0.25 % apart */
    HARMONICS = 4,
    SMOOTH = 5, /* frames on each side of the Gaussian */
};

static const double slowest_bpm = 50, fastest_bpm = 220;
static const double prior_bpm = 120, prior_octaves = 1.0;        /* a plateau on five families of music */
static const double harmonic_weight[HARMONICS] = {1, 1, 0.5, 1}; /* the third beat is seldom a strong one */
static const double harmonic_weights = 3.5;
static const double mean_s = 0.5;        /* the local mean reaches this far on each side */
static const double smooth_frames = 1.5; /* standard deviation: 15 ms */
static const double lag_reach = 4.2;     /* periods of the slowest tempo that the refinement may look at */
static const double different = 0.04;    /* tempi nearer than 4 % are the same */

struct li_tempo {
    double frame_rate_hz;
    struct li_fft_one *fft;
    float re[SIZE], im[SIZE];
    float sharp[LI_SEGMENT_FRAMES], scratch[LI_SEGMENT_FRAMES];
    double autocorrelation[LAGS], spectrum[SIZE / 2]; /* sums over the segments */
    size_t segments, shortest;                        /* frames of the shortest segment */
    double bpm[CANDIDATES], score[CANDIDATES];
};

struct li_tempo *li_tempo_new(double frame_rate_hz) {
    struct li_tempo *tempo = li_audio_alloc(1, sizeof *tempo);
    if (!tempo)
        return NULL;
    tempo->frame_rate_hz = frame_rate_hz;
    tempo->fft = li_fft_one_new(SIZE);
    if (!tempo->fft) {
        li_tempo_free(tempo);
        return NULL;
    }
    for (size_t i = 0; i < CANDIDATES; i++)
        tempo->bpm[i] = slowest_bpm * pow(fastest_bpm / slowest_bpm, (double)i / (CANDIDATES - 1));
    return tempo;
}

void li_tempo_free(struct li_tempo *tempo) {
    if (!tempo)
        return;
    li_fft_one_free(tempo->fft);
    free(tempo);
}

void li_tempo_reset(struct li_tempo *tempo) {
    memset(tempo->autocorrelation, 0, sizeof tempo->autocorrelation);
    memset(tempo->spectrum, 0, sizeof tempo->spectrum);
    tempo->segments = 0;
}

void li_onset_sharpen(const float *onset, size_t count, double frame_rate_hz, float *scratch, float *out) {
    size_t reach = (size_t)(frame_rate_hz * mean_s);
    double window = 0;
    for (size_t i = 0; i < reach && i < count; i++)
        window += (double)onset[i];
    for (size_t i = 0; i < count; i++) {
        if (i + reach < count)
            window += (double)onset[i + reach];
        if (i > reach)
            window -= (double)onset[i - reach - 1];
        float above = onset[i] - (float)(window / (double)(2 * reach + 1));
        scratch[i] = above > 0 ? above : 0;
    }
    float kernel[2 * SMOOTH + 1], sum = 0;
    for (int k = -SMOOTH; k <= SMOOTH; k++) {
        kernel[k + SMOOTH] = (float)exp(-0.5 * k * k / (smooth_frames * smooth_frames));
        sum += kernel[k + SMOOTH];
    }
    for (size_t i = 0; i < count; i++) {
        float smooth = 0;
        for (size_t k = 0; k <= 2 * SMOOTH; k++)
            if (i + k >= SMOOTH && i + k - SMOOTH < count)
                smooth += kernel[k] * scratch[i + k - SMOOTH];
        out[i] = smooth / sum;
    }
}

/* Puts the segment less its mean in the real part, and the same under a Hann window in the imaginary part. */
static void load(struct li_tempo *tempo, const float *sharp, size_t count) {
    double mean = 0;
    for (size_t i = 0; i < count; i++)
        mean += (double)sharp[i];
    mean /= (double)count;
    memset(tempo->re, 0, sizeof tempo->re);
    memset(tempo->im, 0, sizeof tempo->im);
    for (size_t i = 0; i < count; i++) {
        float value = sharp[i] - (float)mean;
        float phase = (float)(2 * LI_PI) * (float)i / (float)count;
        tempo->re[i] = value;
        tempo->im[i] = value * (0.5f - 0.5f * cosf(phase));
    }
}

/* Adds the windowed magnitudes to the spectrum and leaves the plain ones in re, mirrored, with im zero. */
static void take_magnitudes(struct li_tempo *tempo) {
    float *re = tempo->re, *im = tempo->im;
    for (size_t k = 0; k <= SIZE / 2; k++) {
        size_t mirror = (SIZE - k) % SIZE;
        float x_re = 0.5f * (re[k] + re[mirror]), x_im = 0.5f * (im[k] - im[mirror]);
        float y_re = 0.5f * (im[k] + im[mirror]), y_im = 0.5f * (re[mirror] - re[k]);
        if (k < SIZE / 2)
            tempo->spectrum[k] += (double)sqrtf(y_re * y_re + y_im * y_im);
        re[k] = re[mirror] = sqrtf(x_re * x_re + x_im * x_im);
        im[k] = im[mirror] = 0;
    }
}

void li_tempo_add(struct li_tempo *tempo, const float *onset, size_t count) {
    li_onset_sharpen(onset, count, tempo->frame_rate_hz, tempo->scratch, tempo->sharp);
    load(tempo, tempo->sharp, count);
    li_fft_one_do(tempo->fft, tempo->re, tempo->im);
    take_magnitudes(tempo);
    li_fft_one_do(tempo->fft, tempo->re, tempo->im);
    double zero = (double)tempo->re[0] + 1e-20; /* a segment without onsets adds nothing */
    for (size_t lag = 0; lag < LAGS && lag + 2 < count; lag++)
        tempo->autocorrelation[lag] += (double)tempo->re[lag] / zero / (1 - (double)lag / (double)count);
    tempo->shortest = tempo->segments == 0 || count < tempo->shortest ? count : tempo->shortest;
    tempo->segments++;
}

/* Linear interpolation; 0 beyond the end. */
static double at(const double *values, size_t count, double place) {
    size_t i = (size_t)place;
    if (i + 1 >= count)
        return 0;
    double part = place - (double)i;
    return values[i] * (1 - part) + values[i + 1] * part;
}

static size_t last_lag(const struct li_tempo *tempo) {
    size_t lags = tempo->shortest - 3,
           reach = (size_t)(tempo->frame_rate_hz * 60 / slowest_bpm * lag_reach) + 5;
    lags = lags < LAGS - 10 ? lags : LAGS - 10;
    return lags < reach ? lags : reach;
}

static double lag_of(const struct li_tempo *tempo, double bpm) {
    return tempo->frame_rate_hz * 60 / bpm;
}

static double autocorrelation_at(const struct li_tempo *tempo, double lag) {
    return at(tempo->autocorrelation, LAGS, lag) / (double)tempo->segments;
}

/* Scores every candidate and returns the best one. */
static size_t score(struct li_tempo *tempo) {
    double spectrum[CANDIDATES], largest = 0;
    size_t lags = last_lag(tempo), best = 0;
    for (size_t i = 0; i < CANDIDATES; i++) {
        double bin = tempo->bpm[i] / 60 * SIZE / tempo->frame_rate_hz;
        spectrum[i] = at(tempo->spectrum, SIZE / 2, bin) + at(tempo->spectrum, SIZE / 2, 2 * bin) +
                      at(tempo->spectrum, SIZE / 2, 4 * bin);
        largest = fmax(largest, spectrum[i]);
    }
    for (size_t i = 0; i < CANDIDATES; i++) {
        double lag = lag_of(tempo, tempo->bpm[i]), sum = 0;
        for (size_t h = 0; h < HARMONICS; h++)
            if (lag * (double)(h + 1) < (double)lags - 1)
                sum += harmonic_weight[h] * autocorrelation_at(tempo, lag * (double)(h + 1));
        double octaves = log2(tempo->bpm[i] / prior_bpm) / prior_octaves;
        tempo->score[i] = largest > 0 ? fmax(sum, 0) / harmonic_weights * (spectrum[i] / largest) *
                                            exp(-0.5 * octaves * octaves)
                                      : 0;
        if (tempo->score[i] > tempo->score[best])
            best = i;
    }
    return best;
}

/* Looks for the peak of the autocorrelation near 2, 4, 8 and 16 beats, each time with the better period. */
static double refine(const struct li_tempo *tempo, double lag) {
    enum { STEPS = 40 };
    double lags = (double)last_lag(tempo);
    for (int beats = 2; beats <= 16; beats *= 2) {
        double centre = lag * beats, reach = fmax(0.35 * beats, 1.5), best = -HUGE_VAL, best_at = centre;
        if (centre + 3 >= lags - 1)
            break;
        for (int k = 0; k <= STEPS; k++) {
            double place = centre - reach + 2 * reach * k / STEPS, value = autocorrelation_at(tempo, place);
            if (value > best) {
                best = value;
                best_at = place;
            }
        }
        lag = best_at / beats;
    }
    return lag;
}

static bool related(double a, double b) {
    static const double ratios[] = {1.0 / 3, 0.5, 1, 2, 3};
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
        if (fabs(a / b / ratios[i] - 1) < different)
            return true;
    return false;
}

/* The best score near a tempo. */
static double score_near(const struct li_tempo *tempo, double bpm) {
    double best = 0;
    for (size_t i = 0; i < CANDIDATES; i++)
        if (fabs(tempo->bpm[i] / bpm - 1) < different)
            best = fmax(best, tempo->score[i]);
    return best;
}

void li_tempo_finish(struct li_tempo *tempo, struct li_tempo_result *out) {
    *out = (struct li_tempo_result){.bpm = NAN, .alternative_bpm = NAN};
    if (tempo->segments == 0)
        return;
    size_t best = score(tempo);
    double top = tempo->score[best], rival = 0;
    if (!(top > 0))
        return;
    out->bpm = 60 * tempo->frame_rate_hz / refine(tempo, lag_of(tempo, tempo->bpm[best]));
    for (size_t i = 0; i < CANDIDATES; i++)
        if (!related(tempo->bpm[i], tempo->bpm[best]))
            rival = fmax(rival, tempo->score[i]);
    out->confidence = li_clip(1 - rival / top, 0, 1);
    out->pulse = li_clip(top, 0, 1);
    bool slower = score_near(tempo, out->bpm / 2) > score_near(tempo, out->bpm * 2);
    out->alternative_bpm = slower || out->bpm * 2 > fastest_bpm ? out->bpm / 2 : out->bpm * 2;
}
