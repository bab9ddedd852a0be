/* beats.c - where the beats are: the path through the onset strength that is strong at each step and whose
 * steps are near the period, found by dynamic programming.
 *
 * Ellis, "Beat tracking by dynamic programming", J. New Music Research 36(1), 2007. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { FRAMES_MAX = LI_TRACE_MAX_S * 100 + 100 };

static const float tightness = 680; /* the paper's weight of a step's squared log distance from the period */
static const double shortest_step = 0.5, longest_step = 2; /* periods */

struct li_beats {
    float sharp[FRAMES_MAX], score[FRAMES_MAX];
    uint16_t back[FRAMES_MAX]; /* frames to the beat before, 0 at the first */
    float beat_s[LI_BEATS_MAX];
};

struct li_beats *li_beats_new(void) {
    return li_audio_alloc(1, sizeof(struct li_beats));
}

void li_beats_free(struct li_beats *beats) {
    free(beats);
}

/* Brings the sharpened onset strength to a standard deviation of one. */
static void scale(float *onset, size_t count) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (double)onset[i];
        squares += (double)(onset[i] * onset[i]);
    }
    double mean = sum / (double)count, spread = sqrt(fmax(squares / (double)count - mean * mean, 0));
    float factor = spread > 0 ? (float)(1 / spread) : 0;
    for (size_t i = 0; i < count; i++)
        onset[i] *= factor;
}

/* The best score of a path that ends at each frame. A path may begin anywhere. */
static void run_forward(struct li_beats *beats, size_t count, double period) {
    size_t first = (size_t)(period * shortest_step), last = (size_t)(period * longest_step);
    float penalty[LI_BEAT_STEP_MAX] = {0};
    last = last < LI_BEAT_STEP_MAX ? last : LI_BEAT_STEP_MAX - 1;
    for (size_t step = first; step <= last; step++) {
        float distance = (float)log((double)step / period);
        penalty[step] = tightness * distance * distance;
    }
    for (size_t i = 0; i < count; i++) {
        float best = 0;
        size_t from = 0;
        for (size_t step = first; step <= last && step <= i; step++) {
            float reached = beats->score[i - step] - penalty[step];
            from = reached > best ? step : from;
            best = reached > best ? reached : best;
        }
        beats->score[i] = beats->sharp[i] + best;
        beats->back[i] = (uint16_t)from;
    }
}

size_t li_beats_do(struct li_beats *beats, const float *onset, size_t count, double frame_rate_hz,
                   double start_s, double bpm) {
    double period = frame_rate_hz * 60 / bpm;
    if (count < 2 || count > FRAMES_MAX || !(period >= 4) || !(period * longest_step < LI_BEAT_STEP_MAX))
        return 0;
    li_onset_sharpen(onset, count, frame_rate_hz, beats->score, beats->sharp);
    scale(beats->sharp, count);
    run_forward(beats, count, period);
    size_t end = count - 1, beat_count = 0;
    for (size_t i = count - 1; i + (size_t)period + 1 > count && i > 0; i--)
        end = beats->score[i] > beats->score[end] ? i : end;
    for (size_t at = end; beat_count < LI_BEATS_MAX; at -= beats->back[at]) {
        beats->beat_s[beat_count++] = (float)(start_s + (double)at / frame_rate_hz);
        if (beats->back[at] == 0)
            break;
    }
    for (size_t i = 0; i < beat_count / 2; i++) { /* they were found from the last to the first */
        float swap = beats->beat_s[i];
        beats->beat_s[i] = beats->beat_s[beat_count - 1 - i];
        beats->beat_s[beat_count - 1 - i] = swap;
    }
    return beat_count;
}

const float *li_beats_times(const struct li_beats *beats) {
    return beats->beat_s;
}
