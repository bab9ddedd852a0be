/* decimate.c - half the sample rate: a half-band low-pass of 31 taps, then every second sample.
 *
 * A windowed sinc (Hamming) cut at a quarter of the rate: every second coefficient is zero but the middle
 * one, and the others are symmetric (Crochiere & Rabiner, "Multirate Digital Signal Processing", 1983, 2.7).
 * Samples with even and odd numbers are kept apart, so that the filter is a plain sum over neighbours. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { PAIRS = 8, PAST = 2 * PAIRS }; /* coefficients on each side; odd samples that one output reads */

struct li_decimate {
    float tap[PAIRS]; /* the nearest first */
    size_t capacity;  /* of each array behind its past */
    size_t kept;      /* samples seen, modulo 2: one waits in odd_one_out */
    float odd_one_out;
    float *even, *odd; /* PAST old values, then the new ones */
};

struct li_decimate *li_decimate_new(size_t samples_max) {
    struct li_decimate *decimate = li_audio_alloc(1, sizeof *decimate);
    if (!decimate)
        return NULL;
    decimate->capacity = samples_max / 2 + 1;
    decimate->even = li_audio_alloc(PAST + decimate->capacity, sizeof *decimate->even);
    decimate->odd = li_audio_alloc(PAST + decimate->capacity, sizeof *decimate->odd);
    if (!decimate->even || !decimate->odd) {
        li_decimate_free(decimate);
        return NULL;
    }
    for (int k = 0; k < PAIRS; k++) {
        double at = 2 * k + 1, window = 0.54 + 0.46 * cos(LI_PI * at / (4 * PAIRS));
        decimate->tap[k] = (float)(sin(LI_PI * at / 2) / (LI_PI * at) * window);
    }
    return decimate;
}

void li_decimate_free(struct li_decimate *decimate) {
    if (!decimate)
        return;
    free(decimate->even);
    free(decimate->odd);
    free(decimate);
}

void li_decimate_reset(struct li_decimate *decimate) {
    decimate->kept = 0;
    memset(decimate->even, 0, PAST * sizeof *decimate->even);
    memset(decimate->odd, 0, PAST * sizeof *decimate->odd);
}

/* Output i stands at even sample i - PAIRS, between odd samples i - PAIRS - 1 and i - PAIRS. */
LI_CLONED static void filter(const float *restrict tap, const float *restrict even, const float *restrict odd,
                             size_t count, float *restrict out) {
    for (size_t i = 0; i < count; i++) {
        const float *right = odd + i + PAST - PAIRS, *left = right - 1;
        float sum = 0.5f * even[i + PAST - PAIRS];
        for (int k = 0; k < PAIRS; k++)
            sum += tap[k] * (left[-k] + right[k]);
        out[i] = sum;
    }
}

/* Takes pairs of neighbours apart. */
LI_CLONED static void split(const float *restrict in, size_t pairs, float *restrict even,
                            float *restrict odd) {
    for (size_t i = 0; i < pairs; i++) {
        even[i] = in[2 * i];
        odd[i] = in[2 * i + 1];
    }
}

size_t li_decimate_do(struct li_decimate *decimate, const float *in, size_t count, float *out) {
    if (count == 0)
        return 0;
    float *even = decimate->even + PAST, *odd = decimate->odd + PAST;
    size_t made = 0;
    if (decimate->kept) {
        even[0] = decimate->odd_one_out;
        odd[0] = in[0];
        made = 1;
        in++;
        count--;
    }
    split(in, count / 2, even + made, odd + made);
    made += count / 2;
    decimate->kept = count % 2;
    if (count % 2)
        decimate->odd_one_out = in[count - 1];
    filter(decimate->tap, decimate->even, decimate->odd, made, out);
    memmove(decimate->even, decimate->even + made, PAST * sizeof *decimate->even);
    memmove(decimate->odd, decimate->odd + made, PAST * sizeof *decimate->odd);
    return made;
}
