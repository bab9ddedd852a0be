/* intake.c - what comes in: interleaved samples become one row a channel, clean and bounded.
 *
 * Magnitudes are compared as the bits of IEEE floats, which order as whole numbers do: that vectorises
 * without assumptions about numbers that are none. */
#include <string.h>

#include "audio/audio_priv.h"

static const int32_t sign_bit = INT32_MIN, infinity_bits = 0x7F800000;
static const int32_t most_bits =
    0x49742400; /* 1e6, 120 dB over full scale: squares and their sums stay finite */

typedef int32_t float_bits __attribute__((may_alias)); /* of a float where it lies */

static const size_t lfe_channel = 3; /* the fourth of six and more: low-frequency effects */

/* What is not finite becomes 0, what is beyond 1e6 becomes that. */
LI_INLINE int32_t clean(float sample, int32_t *largest) {
    int32_t bits;
    memcpy(&bits, &sample, sizeof bits);
    int32_t magnitude = bits & ~sign_bit;
    int32_t bounded = magnitude > most_bits ? most_bits : magnitude;
    bounded = magnitude >= infinity_bits ? 0 : bounded;
    *largest = bounded > *largest ? bounded : *largest;
    return bounded | (bits & sign_bit);
}

/* The same for eight samples. */
LI_INLINE void clean_lanes(li_lanes_int *samples, li_lanes_int *largest) {
    li_lanes_int bits = *samples, magnitude = bits & ~sign_bit, over = magnitude > most_bits,
                 strange = magnitude >= infinity_bits;
    magnitude = ((magnitude & ~over) | (most_bits & over)) & ~strange;
    li_lanes_int more = magnitude > *largest;
    *largest = (magnitude & more) | (*largest & ~more);
    *samples = magnitude | (bits & sign_bit);
}

LI_CLONED static int32_t take_pair(const float *restrict in, size_t frames, float_bits *restrict left,
                                   float_bits *restrict right) {
    li_lanes_int tops = {0};
    int32_t largest = 0;
    size_t whole = frames / LI_LANES * LI_LANES;
    for (size_t i = 0; i < whole; i += LI_LANES) {
        li_lanes_int a, b, out;
        memcpy(&a, in + 2 * i, sizeof a);
        memcpy(&b, in + 2 * i + LI_LANES, sizeof b);
        out = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
        clean_lanes(&out, &tops);
        memcpy(left + i, &out, sizeof out);
        out = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
        clean_lanes(&out, &tops);
        memcpy(right + i, &out, sizeof out);
    }
    for (size_t i = whole; i < frames; i++) {
        left[i] = clean(in[2 * i], &largest);
        right[i] = clean(in[2 * i + 1], &largest);
    }
    for (size_t i = 0; i < LI_LANES; i++)
        largest = tops[i] > largest ? tops[i] : largest;
    return largest;
}

LI_CLONED static int32_t take_one(const float *restrict in, size_t stride, size_t frames,
                                  float_bits *restrict out) {
    int32_t largest = 0;
    for (size_t i = 0; i < frames; i++)
        out[i] = clean(in[i * stride], &largest);
    return largest;
}

float li_intake_do(const float *samples, size_t channels, size_t frames, float *const *rows, size_t at) {
    int32_t largest = 0;
    if (channels == 2) {
        largest = take_pair(samples, frames, (float_bits *)(void *)(rows[0] + at),
                            (float_bits *)(void *)(rows[1] + at));
    } else {
        for (size_t c = 0; c < channels; c++) {
            int32_t peak = take_one(samples + c, channels, frames, (float_bits *)(void *)(rows[c] + at));
            largest = peak > largest ? peak : largest;
        }
    }
    float peak;
    memcpy(&peak, &largest, sizeof peak);
    return peak;
}

LI_CLONED static void mix_pair(const float *restrict a, const float *restrict b, size_t frames,
                               float *restrict out) {
    for (size_t i = 0; i < frames; i++)
        out[i] = 0.5f * (a[i] + b[i]);
}

void li_intake_mix(const float *const *rows, size_t channels, size_t frames, float *out) {
    size_t mixed = 0;
    if (channels == 2) {
        mix_pair(rows[0], rows[1], frames, out);
        return;
    }
    memset(out, 0, frames * sizeof *out);
    for (size_t c = 0; c < channels; c++) {
        if (c == lfe_channel && channels >= 6)
            continue;
        mixed++;
        for (size_t i = 0; i < frames; i++)
            out[i] += rows[c][i];
    }
    float scale = 1 / (float)mixed;
    for (size_t i = 0; i < frames; i++)
        out[i] *= scale;
}
