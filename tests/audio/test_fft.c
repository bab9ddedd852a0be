/* The transforms against the sum they stand for, and clones against plain code. */
#include "audio/audio_priv.h"
#include "check.h"

static float noise(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (float)(*seed >> 8) / 8388608.0f - 1;
}

/* The discrete Fourier transform as it is defined. */
static void naive(const float *re, const float *im, size_t size, size_t k, double *out_re, double *out_im) {
    *out_re = *out_im = 0;
    for (size_t i = 0; i < size; i++) {
        double angle = -2 * LI_PI * (double)(i * k % size) / (double)size, c = cos(angle), s = sin(angle);
        *out_re += (double)re[i] * c - (double)im[i] * s;
        *out_im += (double)re[i] * s + (double)im[i] * c;
    }
}

static const size_t sizes[] = {4, 8, 16, 32, 128, 512, 1024, 4096, 8192};
enum { SIZES = sizeof sizes / sizeof *sizes, MOST = 8192, SAMPLES = 16 * MOST };

static void test_single_transform(void **state) {
    (void)state;
    static float re[MOST], im[MOST], x_re[MOST], x_im[MOST];
    for (size_t n = 0; n < SIZES; n++) {
        size_t size = sizes[n];
        unsigned seed = 7;
        for (size_t i = 0; i < size; i++) {
            re[i] = x_re[i] = noise(&seed);
            im[i] = x_im[i] = noise(&seed);
        }
        struct li_fft_one *fft = li_fft_one_new(size);
        check(fft, "size %zu", size);
        li_fft_one_do(fft, re, im);
        for (size_t k = 0; k < size; k += size / 4) {
            double want_re, want_im;
            naive(x_re, x_im, size, k + 1 < size ? k + 1 : k, &want_re, &want_im);
            size_t at = k + 1 < size ? k + 1 : k;
            check_near(re[at], want_re, 2e-6 * (double)size);
            check_near(im[at], want_im, 2e-6 * (double)size);
        }
        li_fft_one_free(fft);
    }
}

/* Sixteen frames at once: the power of a bin is that of the frame alone. */
static void test_lanes(void **state) {
    (void)state;
    static float samples[SAMPLES + MOST], window[MOST], frame[MOST], zero[MOST];
    static li_lanes power[MOST];
    unsigned seed = 3;
    for (size_t i = 0; i < SAMPLES + MOST; i++)
        samples[i] = noise(&seed);
    for (size_t n = 1; n < SIZES; n++) {
        size_t size = sizes[n], hop = size / 3,
               length = n % 2                  ? size
                        : size / 2 + 8 <= size ? size / 2
                                               : size;
        length = length / LI_LANES * LI_LANES;
        for (size_t i = 0; i < length; i++)
            window[i] = 0.5f + 0.5f * noise(&seed);
        struct li_fft *fft = li_fft_new(size);
        check(fft, "size %zu", size);
        li_fft_load(fft, samples, hop, window, length);
        li_fft_power(li_fft_do(fft), size, 1, size / 2, power);
        for (size_t f = 0; f < 16; f += 5) {
            for (size_t i = 0; i < size; i++)
                frame[i] = i < length ? samples[f * hop + i] * window[i] : 0;
            size_t k = 1 + f % (size / 2 - 1);
            double re, im;
            naive(frame, zero, size, k, &re, &im);
            double got = (double)power[2 * (k - 1) + f / 8][f % 8];
            check(fabs(got - (re * re + im * im)) <= 1e-5 * (double)size,
                  "size %zu frame %zu bin %zu: %g not %g", size, f, k, got, re * re + im * im);
        }
        li_fft_free(fft);
    }
}

/* Fused multiply-add is off, so that every clone rounds as the plain code does. */
static void test_clones_give_the_same_bits(void **state) {
    (void)state;
    static float samples[SAMPLES], window[1024], out[2][1000];
    unsigned seed = 11;
    for (size_t i = 0; i < SAMPLES; i++)
        samples[i] = noise(&seed);
    for (size_t i = 0; i < 1024; i++)
        window[i] = noise(&seed);
    struct li_fft *a = li_fft_new(1024), *b = li_fft_new(1024);
    check(a && b, "memory");
    li_fft_load(a, samples, 220, window, 1024);
    li_fft_load(b, samples, 220, window, 1024);
    check(memcmp(li_fft_do(a), li_fft_do_plain(b), 2 * 1024 * sizeof(li_lanes)) == 0,
          "the transform differs");
    li_fft_free(a);
    li_fft_free(b);
    for (size_t i = 0; i < 1000; i++)
        samples[i] = fabsf(samples[i]);
    li_log1p_scaled(samples, 1000, 100, out[0]);
    li_log1p_scaled_plain(samples, 1000, 100, out[1]);
    check(memcmp(out[0], out[1], sizeof out[0]) == 0, "the logarithm differs");
}

static void test_logarithm(void **state) {
    (void)state;
    float x[2000], y[2000];
    for (size_t i = 0; i < 2000; i++)
        x[i] = (float)pow(10, -12 + (double)i * 30 / 2000);
    x[0] = 0;
    li_log1p_scaled(x, 2000, 1, y);
    for (size_t i = 0; i < 2000; i++)
        check(fabs((double)y[i] - log(1 + (double)x[i])) <= 2e-6 * fmax(1, log(1 + (double)x[i])) &&
                  isfinite(y[i]),
              "ln(1 + %g) is %g", (double)x[i], (double)y[i]);
}

static void test_sizes_that_do_not_fit(void **state) {
    (void)state;
    static const size_t wrong[] = {0, 1, 2, 3, 5, 1000, 8193, 16384, SIZE_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        check(li_fft_new(wrong[i]) == NULL, "size %zu", wrong[i]);
        check(li_fft_one_new(wrong[i]) == NULL, "size %zu", wrong[i]);
    }
    li_fft_free(NULL);
    li_fft_one_free(NULL);
}

static void test_half_band(void **state) {
    (void)state;
    static const struct {
        double hz;                  /* at a rate of 1 */
        double gain_low, gain_high; /* dB */
    } table[] = {{0.01, -0.1, 0.1}, {0.1, -0.1, 0.1}, {0.2, -0.3, 0.3}, {0.3, -400, -40}, {0.45, -400, -45}};
    for (size_t row = 0; row < sizeof table / sizeof *table; row++) {
        struct li_decimate *decimate = li_decimate_new(1000);
        float in[1000], out[501];
        double power = 0;
        size_t made = 0, taken = 0, phase = 0;
        check(decimate, "memory");
        for (size_t n = 1; taken < 20000; n = n * 7 % 1000 + 1) {
            for (size_t i = 0; i < n; i++)
                in[i] = (float)sin(2 * LI_PI * table[row].hz * (double)phase++);
            taken += n;
            size_t got = li_decimate_do(decimate, in, n, out);
            made += got;
            check(made == taken / 2, "%zu of %zu", made, taken);
            for (size_t i = 0; i < got && taken > 2000; i++)
                power += (double)(out[i] * out[i]) * 2 / (20000 - 2000) * 2;
        }
        double db = 10 * log10(power + 1e-30);
        check(db > table[row].gain_low - 0.5 && db < table[row].gain_high + 0.5, "%g: %g dB", table[row].hz,
              db);
        li_decimate_free(decimate);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_transform),          cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_clones_give_the_same_bits), cmocka_unit_test(test_logarithm),
        cmocka_unit_test(test_sizes_that_do_not_fit),     cmocka_unit_test(test_half_band),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
