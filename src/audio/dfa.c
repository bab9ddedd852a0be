/* dfa.c - detrended fluctuation analysis: how the loudness wanders on longer and longer time scales.
 *
 * Streich & Herrera, "Detrended fluctuation analysis of music signals: danceability estimation and further
 * semantic characterization", AES 118, 2005. The level series is summed up, cut in pieces, and the straight
 * line through each piece is taken away; the slope of the residual against the length of the pieces, on
 * double logarithmic axes, is near 0.5 for a steady beat and 1.5 for slow swells. The sums that a straight
 * line needs are differences of running sums, so that all scales together cost little more than one. */
#include <math.h>

#include "audio/audio_priv.h"

static const double shortest_frames = 31, longest_frames = 880, ratio = 1.1; /* 310 ms to 8.8 s */
static const double scale_offset = 3; /* of the paper's slope formula */

static size_t scale_frames(size_t scale) {
    double frames = shortest_frames * pow(ratio, (double)scale);
    return frames <= longest_frames ? (size_t)lround(frames) : 0;
}

/* Running sums of y, i y and y^2 over the summed-up series y. */
struct sums {
    double y[LI_SEGMENT_FRAMES + 1], iy[LI_SEGMENT_FRAMES + 1], yy[LI_SEGMENT_FRAMES + 1];
};

static void sum_up(const float *levels, size_t count, struct sums *sums) {
    double mean = 0, y = 0;
    for (size_t i = 0; i < count; i++)
        mean += (double)levels[i];
    mean /= (double)count;
    sums->y[0] = sums->iy[0] = sums->yy[0] = 0;
    for (size_t i = 0; i < count; i++) {
        y += (double)levels[i] - mean;
        sums->y[i + 1] = sums->y[i] + y;
        sums->iy[i + 1] = sums->iy[i] + (double)i * y;
        sums->yy[i + 1] = sums->yy[i] + y * y;
    }
}

/* Mean squared distance of y from the straight line through the piece. */
static double residual(const struct sums *sums, size_t from, size_t length) {
    double n = (double)length, y = sums->y[from + length] - sums->y[from];
    double iy = sums->iy[from + length] - sums->iy[from] - ((double)from + (n - 1) / 2) * y;
    double yy = sums->yy[from + length] - sums->yy[from] - y * y / n;
    double ii = n * (n * n - 1) / 12;
    return fmax(yy - iy * iy / ii, 0) / n;
}

void li_dfa_add(struct li_dfa *dfa, const float *levels, size_t count) {
    struct sums sums; /* 72 KB */
    sum_up(levels, count, &sums);
    for (size_t scale = 0; scale < LI_DFA_SCALES; scale++) {
        size_t length = scale_frames(scale);
        for (size_t from = 0; length && from + length <= count; from += length) {
            dfa->residual[scale] += residual(&sums, from, length);
            dfa->pieces[scale]++;
        }
    }
}

double li_dfa_slope(const struct li_dfa *dfa) {
    double slope = 0;
    size_t slopes = 0;
    for (size_t i = 0; i + 1 < LI_DFA_SCALES; i++) {
        if (!dfa->pieces[i] || !dfa->pieces[i + 1] || !(dfa->residual[i] > 0) || !(dfa->residual[i + 1] > 0))
            continue;
        double here = dfa->residual[i] / (double)dfa->pieces[i];
        double next = dfa->residual[i + 1] / (double)dfa->pieces[i + 1];
        slope += 0.5 * log(next / here) /
                 log(((double)scale_frames(i + 1) + scale_offset) / ((double)scale_frames(i) + scale_offset));
        slopes++;
    }
    return slopes ? slope / (double)slopes : NAN;
}
