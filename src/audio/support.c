/* support.c - memory on cache lines, and a logarithm that vectorises.
 *
 * ln(x) = e ln 2 + ln m with m in [sqrt(1/2), sqrt 2) by taking the exponent off the bits of an IEEE float,
 * and ln m = 2 artanh t, t = (m - 1) / (m + 1), by the series of artanh up to t^9: |t| < 0.1716, so that the
 * first term left out is below 2e-9 of the value, and what remains is the rounding of a float. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { CACHE_LINE = 64 };

void *li_audio_alloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - CACHE_LINE)
        return NULL;
    bytes = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    void *memory = aligned_alloc(CACHE_LINE, bytes ? bytes : CACHE_LINE);
    if (memory)
        memset(memory, 0, bytes);
    return memory;
}

double li_clip(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

/* The natural logarithm of a normal positive float. */
LI_INLINE float natural_log(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t exponent = (bits - 0x3F3504F3) >> 23; /* 0x3F3504F3 is sqrt(1/2) */
    bits -= (int32_t)((uint32_t)exponent << 23);
    float m;
    memcpy(&m, &bits, sizeof m);
    float t = (m - 1) / (m + 1), s = t * t;
    float series = 1 + s * (1.0f / 3 + s * (1.0f / 5 + s * (1.0f / 7 + s * (1.0f / 9))));
    return (float)exponent * 0.69314718f + 2 * t * series;
}

LI_INLINE void log1p_scaled(const float *in, size_t count, float scale, float *out) {
    for (size_t i = 0; i < count; i++)
        out[i] = natural_log(1 + scale * in[i]);
}

LI_CLONED void li_log1p_scaled(const float *in, size_t count, float scale, float *out) {
    log1p_scaled(in, count, scale, out);
}

void li_log1p_scaled_plain(const float *in, size_t count, float scale, float *out) {
    log1p_scaled(in, count, scale, out);
}
