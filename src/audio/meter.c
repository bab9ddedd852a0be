/* meter.c - three or four beats a bar: which number of beats brings the same accents back.
 *
 * After Gouyon & Herrera, "Determination of the meter of musical audio signals" (AES 114, 2003): the accents
 * at the beats are compared with themselves some beats later. Two accents are used: the onset strength, and
 * the change of the chroma, for harmony likes to change with the bar. Three must be clearly better than four,
 * since far fewer pieces are in three. */
#include <math.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { BEATS_LEAST = 24, LAGS = 9 };

static const double onset_reach_s = 0.05;  /* a beat's onset is looked for so far on each side */
static const double chroma_reach_s = 0.37; /* half the window of the chroma */
static const double advantage = 0.15;      /* what three must be better by, in correlation */
static const double least = 0.05;          /* less says nothing */

/* Correlation of the accents with themselves, for lags 0..LAGS-1. */
static void autocorrelate(const float *accent, size_t count, double out[LAGS]) {
    double mean = 0;
    for (size_t i = 0; i < count; i++)
        mean += (double)accent[i] / (double)count;
    double power = 1e-20;
    for (size_t i = 0; i < count; i++)
        power += ((double)accent[i] - mean) * ((double)accent[i] - mean) / (double)count;
    for (size_t lag = 0; lag < LAGS; lag++) {
        double sum = 0;
        for (size_t i = 0; i + lag < count; i++)
            sum += ((double)accent[i] - mean) * ((double)accent[i + lag] - mean);
        out[lag] += sum / (double)(count - lag) / power;
    }
}

static float onset_at(const struct li_trace *trace, double time_s) {
    double place = (time_s - trace->onset_start_s) * trace->onset_rate_hz,
           reach = onset_reach_s * trace->onset_rate_hz;
    float largest = 0;
    for (double i = fmax(place - reach, 0); i <= place + reach && i < (double)trace->onset_count; i++)
        largest = fmaxf(largest, trace->onset[(size_t)i]);
    return largest;
}

/* How far the chroma after a time is from that before: 0 the same, 1 nothing in common. */
static float change_at(const struct li_trace *trace, double time_s) {
    double before = (time_s - 2 * chroma_reach_s) * trace->chroma_rate_hz,
           after = time_s * trace->chroma_rate_hz;
    if (before < 0 || after >= (double)trace->chroma_count)
        return 0;
    const float *a = trace->chroma[(size_t)before], *b = trace->chroma[(size_t)after];
    float common = 0;
    for (size_t k = 0; k < LI_PITCH_CLASSES; k++)
        common += a[k] * b[k];
    return 1 - common;
}

int li_meter_do(const struct li_trace *trace, float *scratch, double *confidence) {
    double repeat[LAGS] = {0};
    *confidence = NAN;
    if (trace->beat_count < BEATS_LEAST)
        return 0;
    for (size_t i = 0; i < trace->beat_count; i++)
        scratch[i] = onset_at(trace, (double)trace->beat_s[i]);
    autocorrelate(scratch, trace->beat_count, repeat);
    for (size_t i = 0; i < trace->beat_count; i++)
        scratch[i] = change_at(trace, (double)trace->beat_s[i]);
    autocorrelate(scratch, trace->beat_count, repeat);
    double three = (repeat[3] + repeat[6]) / 4,
           four = (repeat[4] + repeat[8]) / 4; /* two accents, two lags */
    if (three < least && four < least)
        return 0;
    *confidence = li_clip(fabs(three - four - advantage), 0, 1);
    return three > four + advantage ? 3 : 4;
}
