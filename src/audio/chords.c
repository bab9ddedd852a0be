/* chords.c - which chords sound, and which key they speak of.
 *
 * At every frame the mean chroma of the last 0.74 s is correlated with the 24 major and minor triads
 * (Fujishima, "Realtime chord recognition of musical sound", ICMC 1999), with a little more for the triad
 * whose root is in the bass, and the fits become shares that add up to one. Their sum is the chord histogram
 * of the sound. A key is judged by how its own chords stand in it: the relative keys, which share every note,
 * differ in that.
 *
 * The weights of the degrees are round numbers after counts of chords in popular music (de Clercq &
 * Temperley, "A corpus analysis of rock harmony", Popular Music 30(1), 2011: I, IV and V first, then vi; in
 * minor i, then VI, VII, III and iv). They were written down once, before any result was seen. */
#include <math.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { CLASSES = LI_PITCH_CLASSES, WINDOW = LI_CHORD_FRAMES };

static const double bass_weight = 0.1; /* against a correlation */
static const double sharpness = 8;     /* a fit better by an eighth has e times the share */

/* Major triads on each degree above the tonic, then minor triads; in a minor key, then in a major one. */
static const double degrees[2][2 * CLASSES] = {
    {
        [3] = 0.60,           /* III */
        [5] = 0.15,           /* IV */
        [7] = 0.50,           /* V */
        [8] = 0.65,           /* VI */
        [10] = 0.60,          /* VII */
        [CLASSES + 0] = 1.00, /* i */
        [CLASSES + 2] = 0.10, /* ii */
        [CLASSES + 5] = 0.60, /* iv */
        [CLASSES + 7] = 0.40, /* v */
    },
    {
        [0] = 1.00,           /* I */
        [2] = 0.15,           /* II */
        [4] = 0.15,           /* III */
        [5] = 0.75,           /* IV */
        [7] = 0.75,           /* V */
        [9] = 0.10,           /* VI */
        [10] = 0.10,          /* flat VII */
        [CLASSES + 2] = 0.45, /* ii */
        [CLASSES + 4] = 0.40, /* iii */
        [CLASSES + 5] = 0.10, /* iv */
        [CLASSES + 9] = 0.60, /* vi */
    },
};

static const int third[2] = {4, 3}; /* semitones, of a major and of a minor triad */

double li_pearson(const double *x, const double *y, size_t count) {
    double x_mean = 0, y_mean = 0, xy = 0, xx = 0, yy = 0;
    for (size_t i = 0; i < count; i++) {
        x_mean += x[i] / (double)count;
        y_mean += y[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        xy += (x[i] - x_mean) * (y[i] - y_mean);
        xx += (x[i] - x_mean) * (x[i] - x_mean);
        yy += (y[i] - y_mean) * (y[i] - y_mean);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

/* Pearson's correlation of a chroma with a triad of three ones, from the chroma's mean and spread. */
static double fit_triad(const double chroma[CLASSES], int root, int kind, double mean, double spread) {
    const double triad_spread = 1.5; /* sqrt(3 - 9 / 12) */
    double sum = chroma[root] + chroma[(root + third[kind]) % CLASSES] + chroma[(root + 7) % CLASSES];
    return (sum - 3 * mean) / (triad_spread * spread);
}

/* Shares out one moment among the triads. */
static void take_window(struct li_chords *chords) {
    double chroma[CLASSES] = {0}, bass[CLASSES] = {0}, fit[2 * CLASSES];
    double mean = 0, spread = 0, best = -HUGE_VAL, sum = 0;
    for (size_t k = 0; k < CLASSES; k++) {
        for (size_t i = 0; i < WINDOW; i++) {
            chroma[k] += (double)chords->chroma[i][k];
            bass[k] += (double)chords->bass[i][k];
        }
        mean += chroma[k] / CLASSES;
    }
    for (size_t k = 0; k < CLASSES; k++)
        spread += (chroma[k] - mean) * (chroma[k] - mean);
    if (!(spread > 0))
        return;
    for (int i = 0; i < 2 * CLASSES; i++) {
        fit[i] = fit_triad(chroma, i % CLASSES, i / CLASSES, mean, sqrt(spread)) +
                 bass_weight * bass[i % CLASSES] / WINDOW;
        best = fmax(best, fit[i]);
    }
    for (size_t i = 0; i < 2 * CLASSES; i++)
        sum += fit[i] = exp(sharpness * (fit[i] - best));
    for (size_t i = 0; i < 2 * CLASSES; i++)
        chords->share[i] += fit[i] / sum;
}

void li_chords_add(struct li_chords *chords, const float chroma[CLASSES], const float bass[CLASSES]) {
    size_t at = chords->frames++ % WINDOW;
    memcpy(chords->chroma[at], chroma, sizeof chords->chroma[at]);
    memcpy(chords->bass[at], bass, sizeof chords->bass[at]);
    take_window(chords);
}

double li_chords_fit(const struct li_chords *chords, int tonic, int mode) {
    double turned[2 * CLASSES];
    for (size_t k = 0; k < CLASSES; k++) {
        turned[k] = chords->share[(k + (size_t)tonic) % CLASSES];
        turned[CLASSES + k] = chords->share[CLASSES + (k + (size_t)tonic) % CLASSES];
    }
    return li_pearson(turned, degrees[mode], 2 * CLASSES);
}
