/* fft.c - Fourier transforms: Stockham's autosort algorithm, radix 4 with a last radix 2 where the size asks.
 *
 * Stockham (1966), in Van Loan, "Computational Frameworks for the Fast Fourier Transform" (1992), 1.7. It
 * needs a second buffer and no bit reversal. Analysis has many short frames to transform, so that the vector
 * form puts a whole transform in each lane: no shuffles inside, full use of any vector width. Two real frames
 * share one complex lane, and come apart again by the symmetry of a real signal's spectrum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { SIZE_LEAST = 4, SIZE_MOST = 8192 };

struct li_fft {
    size_t size;
    float *twiddle; /* size pairs (cos, -sin) of 2 pi k / size */
    li_lanes *a, *b;
};

static bool size_fits(size_t size) {
    return size >= SIZE_LEAST && size <= SIZE_MOST && (size & (size - 1)) == 0;
}

static float *new_twiddles(size_t size) {
    float *twiddle = li_audio_alloc(2 * size, sizeof *twiddle);
    for (size_t k = 0; twiddle && k < size; k++) {
        twiddle[2 * k] = (float)cos(2 * LI_PI * (double)k / (double)size);
        twiddle[2 * k + 1] = (float)-sin(2 * LI_PI * (double)k / (double)size);
    }
    return twiddle;
}

struct li_fft *li_fft_new(size_t size) {
    struct li_fft *fft = size_fits(size) ? li_audio_alloc(1, sizeof *fft) : NULL;
    if (!fft)
        return NULL;
    fft->size = size;
    fft->twiddle = new_twiddles(size);
    fft->a = li_audio_alloc(2 * size, sizeof *fft->a);
    fft->b = li_audio_alloc(2 * size, sizeof *fft->b);
    if (!fft->twiddle || !fft->a || !fft->b) {
        li_fft_free(fft);
        return NULL;
    }
    return fft;
}

void li_fft_free(struct li_fft *fft) {
    if (!fft)
        return;
    free(fft->twiddle);
    free(fft->a);
    free(fft->b);
    free(fft);
}

/* One pass: n values left in each of stride transforms, from x to y. All pointers go in pairs. */
LI_INLINE void pass4(const float *twiddle, size_t size, size_t n, size_t stride, const li_lanes *x,
                     li_lanes *y) {
    size_t m = n / 4, step = size / n;
    for (size_t p = 0; p < m; p++) {
        const float *w1 = twiddle + 2 * p * step, *w2 = twiddle + 4 * p * step, *w3 = twiddle + 6 * p * step;
        for (size_t q = 0; q < stride; q++) {
            const li_lanes *a = x + 2 * (q + stride * p), *b = a + 2 * stride * m;
            const li_lanes *c = b + 2 * stride * m, *d = c + 2 * stride * m;
            li_lanes *out = y + 2 * (q + stride * 4 * p);
            li_lanes ac_re = a[0] + c[0], ac_im = a[1] + c[1], bd_re = b[0] + d[0], bd_im = b[1] + d[1];
            li_lanes ac_re_ = a[0] - c[0], ac_im_ = a[1] - c[1];
            li_lanes turned_re = d[1] - b[1], turned_im = b[0] - d[0]; /* i (b - d) */
            out[0] = ac_re + bd_re;
            out[1] = ac_im + bd_im;
            li_lanes u_re = ac_re_ - turned_re, u_im = ac_im_ - turned_im;
            out[2 * stride] = u_re * w1[0] - u_im * w1[1];
            out[2 * stride + 1] = u_re * w1[1] + u_im * w1[0];
            li_lanes v_re = ac_re - bd_re, v_im = ac_im - bd_im;
            out[4 * stride] = v_re * w2[0] - v_im * w2[1];
            out[4 * stride + 1] = v_re * w2[1] + v_im * w2[0];
            li_lanes z_re = ac_re_ + turned_re, z_im = ac_im_ + turned_im;
            out[6 * stride] = z_re * w3[0] - z_im * w3[1];
            out[6 * stride + 1] = z_re * w3[1] + z_im * w3[0];
        }
    }
}

LI_INLINE void pass2(size_t stride, const li_lanes *x, li_lanes *y) {
    for (size_t i = 0; i < 2 * stride; i++) {
        li_lanes a = x[i], b = x[i + 2 * stride];
        y[i] = a + b;
        y[i + 2 * stride] = a - b;
    }
}

LI_INLINE const li_lanes *transform(struct li_fft *fft) {
    li_lanes *x = fft->a, *y = fft->b;
    size_t n = fft->size, stride = 1;
    while (n >= 4) {
        pass4(fft->twiddle, fft->size, n, stride, x, y);
        li_lanes *swap = x;
        x = y;
        y = swap;
        n /= 4;
        stride *= 4;
    }
    if (n == 2) {
        pass2(stride, x, y);
        x = y;
    }
    return x;
}

LI_CLONED const li_lanes *li_fft_do(struct li_fft *fft) {
    return transform(fft);
}

const li_lanes *li_fft_do_plain(struct li_fft *fft) {
    return transform(fft);
}

/* Turns eight rows of eight into columns: column i goes to out[2 * i]. */
LI_INLINE void transpose(const li_lanes *row, li_lanes *out) {
    li_lanes pair[8], quad[8];
    for (int i = 0; i < 8; i += 2) {
        pair[i] = __builtin_shufflevector(row[i], row[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        pair[i + 1] = __builtin_shufflevector(row[i], row[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; i += 4) {
        quad[i] = __builtin_shufflevector(pair[i], pair[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        quad[i + 1] = __builtin_shufflevector(pair[i], pair[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        quad[i + 2] = __builtin_shufflevector(pair[i + 1], pair[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        quad[i + 3] = __builtin_shufflevector(pair[i + 1], pair[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int i = 0; i < 4; i++) {
        out[2 * i] = __builtin_shufflevector(quad[i], quad[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        out[2 * (i + 4)] = __builtin_shufflevector(quad[i], quad[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

LI_CLONED void li_fft_load(struct li_fft *fft, const float *samples, size_t hop, const float *window,
                           size_t length) {
    for (size_t i = 0; i < length; i += LI_LANES) {
        li_lanes weight = *(const li_lanes_any *)(window + i), row[LI_LANES];
        for (size_t part = 0; part < 2; part++) {
            for (size_t lane = 0; lane < LI_LANES; lane++)
                row[lane] = weight * *(const li_lanes_any *)(samples + (part * LI_LANES + lane) * hop + i);
            transpose(row, fft->a + 2 * i + part);
        }
    }
    memset(fft->a + 2 * length, 0, 2 * (fft->size - length) * sizeof *fft->a);
}

/* With z = x + i y, x and y real: X(k) = (Z(k) + Z*(-k)) / 2, Y(k) = (Z(k) - Z*(-k)) / 2i. */
LI_CLONED void li_fft_power(const li_lanes *spectrum, size_t size, size_t low, size_t high, li_lanes *power) {
    for (size_t k = low; k < high; k++, power += 2) {
        const li_lanes *z = spectrum + 2 * k, *mirror = spectrum + 2 * (size - k);
        li_lanes x_re = z[0] + mirror[0], x_im = z[1] - mirror[1];
        li_lanes y_re = z[1] + mirror[1], y_im = mirror[0] - z[0];
        power[0] = (x_re * x_re + x_im * x_im) * 0.25f;
        power[1] = (y_re * y_re + y_im * y_im) * 0.25f;
    }
}

/* The transform of a single signal: the same passes on separate real and imaginary arrays, where the inner
 * loop runs over the transforms that a pass has already cut the signal into. */
struct li_fft_one {
    size_t size;
    float *twiddle, *re, *im;
};

struct li_fft_one *li_fft_one_new(size_t size) {
    struct li_fft_one *fft = size_fits(size) ? li_audio_alloc(1, sizeof *fft) : NULL;
    if (!fft)
        return NULL;
    fft->size = size;
    fft->twiddle = new_twiddles(size);
    fft->re = li_audio_alloc(size, sizeof *fft->re);
    fft->im = li_audio_alloc(size, sizeof *fft->im);
    if (!fft->twiddle || !fft->re || !fft->im) {
        li_fft_one_free(fft);
        return NULL;
    }
    return fft;
}

void li_fft_one_free(struct li_fft_one *fft) {
    if (!fft)
        return;
    free(fft->twiddle);
    free(fft->re);
    free(fft->im);
    free(fft);
}

/* One butterfly over stride neighbours; from and to are (re, im), far is where the next quarter begins. */
LI_INLINE void butterflies(const float *restrict re, const float *restrict im, size_t far,
                           float *restrict to_re, float *restrict to_im, size_t stride, const float *w1,
                           const float *w2, const float *w3) {
    for (size_t q = 0; q < stride; q++) {
        float a_re = re[q], a_im = im[q], b_re = re[q + far], b_im = im[q + far];
        float c_re = re[q + 2 * far], c_im = im[q + 2 * far], d_re = re[q + 3 * far], d_im = im[q + 3 * far];
        float u_re = a_re - c_re + (b_im - d_im), u_im = a_im - c_im - (b_re - d_re);
        float v_re = a_re + c_re - (b_re + d_re), v_im = a_im + c_im - (b_im + d_im);
        float z_re = a_re - c_re - (b_im - d_im), z_im = a_im - c_im + (b_re - d_re);
        to_re[q] = a_re + c_re + (b_re + d_re);
        to_im[q] = a_im + c_im + (b_im + d_im);
        to_re[q + stride] = u_re * w1[0] - u_im * w1[1];
        to_im[q + stride] = u_re * w1[1] + u_im * w1[0];
        to_re[q + 2 * stride] = v_re * w2[0] - v_im * w2[1];
        to_im[q + 2 * stride] = v_re * w2[1] + v_im * w2[0];
        to_re[q + 3 * stride] = z_re * w3[0] - z_im * w3[1];
        to_im[q + 3 * stride] = z_re * w3[1] + z_im * w3[0];
    }
}

LI_CLONED void li_fft_one_do(struct li_fft_one *fft, float *re, float *im) {
    float *x_re = re, *x_im = im, *y_re = fft->re, *y_im = fft->im;
    size_t n = fft->size, stride = 1;
    for (; n >= 4; n /= 4, stride *= 4) {
        size_t m = n / 4, step = fft->size / n;
        for (size_t p = 0; p < m; p++) {
            const float *w = fft->twiddle;
            butterflies(x_re + stride * p, x_im + stride * p, stride * m, y_re + stride * 4 * p,
                        y_im + stride * 4 * p, stride, w + 2 * p * step, w + 4 * p * step, w + 6 * p * step);
        }
        float *swap_re = x_re, *swap_im = x_im;
        x_re = y_re;
        x_im = y_im;
        y_re = swap_re;
        y_im = swap_im;
    }
    if (n == 2) {
        for (size_t q = 0; q < stride; q++) {
            y_re[q] = x_re[q] + x_re[q + stride];
            y_im[q] = x_im[q] + x_im[q + stride];
            y_re[q + stride] = x_re[q] - x_re[q + stride];
            y_im[q + stride] = x_im[q] - x_im[q + stride];
        }
        x_re = y_re;
        x_im = y_im;
    }
    if (x_re != re) {
        memcpy(re, x_re, fft->size * sizeof *re);
        memcpy(im, x_im, fft->size * sizeof *im);
    }
}
