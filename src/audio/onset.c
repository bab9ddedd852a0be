/* onset.c - how much starts at each moment: the rise of the log bands over the frame 20 ms before, where each
 * band is compared with the largest of its neighbourhood, so that vibrato is not taken for notes.
 *
 * SuperFlux: Boeck & Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013. Levels are
 * ln(1 + 100 E / mean E) with the mean over the segment, so that the gain of the sound does not matter. */
#include "audio/audio_priv.h"

enum { LAG = 2, RING = LAG + 1, ROW = LI_MEL_BANDS + 2, ROW_SIZE = 48 };

static const double compression = 100; /* levels from 20 dB below the mean on count */
/* More: the beat is where bass and drums play, and its octave is less in doubt. */
static const float bass_emphasis = 3;
static const double silence = 1e-20; /* mean power: nothing starts in digital silence */

static double mean_power(const struct li_mel_frame *frames, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        float row = 0;
        for (size_t b = 0; b < LI_MEL_BANDS; b++)
            row += frames[i].band[b];
        sum += (double)row;
    }
    return sum / (double)(count * LI_MEL_BANDS);
}

/* rise[b] of the bands, from rows that hold a zero below the first and above the last band. */
LI_CLONED static void rises(const float *restrict now, const float *restrict before, float *restrict rise) {
    for (size_t b = 0; b < LI_MEL_BANDS; b++) {
        float largest = before[b] > before[b + 1] ? before[b] : before[b + 1];
        largest = largest > before[b + 2] ? largest : before[b + 2];
        float difference = now[b + 1] - largest;
        rise[b] = difference > 0 ? difference : 0;
    }
}

static float sum(const float *values, size_t from, size_t to) {
    float total = 0;
    for (size_t i = from; i < to; i++)
        total += values[i];
    return total;
}

void li_onset_do(const struct li_mel_frame *frames, size_t count, struct li_onset *out) {
    float ring[RING][ROW_SIZE], rise[LI_MEL_BANDS];
    float scale = (float)(compression / (mean_power(frames, count) + silence));
    for (size_t i = 0; i < count; i++) {
        float *now = ring[i % RING];
        li_log1p_scaled(&frames[i].below, ROW, scale, now);
        out[i] = (struct li_onset){0};
        if (i < LAG)
            continue;
        rises(now, ring[(i - LAG) % RING], rise);
        out[i].low = sum(rise, 0, LI_MEL_BASS_BANDS);
        out[i].high = sum(rise, LI_MEL_TREBLE_BAND, LI_MEL_BANDS);
        out[i].strength = out[i].low + sum(rise, LI_MEL_BASS_BANDS, LI_MEL_TREBLE_BAND) + out[i].high;
        out[i].beat = out[i].strength + bass_emphasis * out[i].low;
    }
}
