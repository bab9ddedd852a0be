/* peaks.c - the partials of the sound: maxima of a fine spectrum from 35 to 2400 Hz.
 *
 * Frames of 0.74 s under a Blackman window, parabolic interpolation of the log magnitude (Smith & Serra,
 * "PARSHL", 1987). What is more than 20 dB below the strongest peak of its frame is mostly noise: keeping it
 * costs a third of the keys that follow a transposition. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { LENGTH_LONG = 8192, LENGTH_SHORT = 4096 };

static const double window_s = 0.7431, hop_s = 0.1858; /* 4096 and 1024 samples at 5.5 kHz */
static const double low_hz = 35, high_hz = 2400;
static const float floor_power = 1e-2f;   /* -20 dB of the frame's maximum */
static const float silence_power = 1e-7f; /* below any peak of 16-bit sound */
static const float reference_pitch = 69;  /* MIDI number of a4 = 440 Hz */

typedef signed char lanes_bytes __attribute__((vector_size(8)));

/* Bins of the local maxima of each frame, from peaks->low: no two are neighbours. */
struct maxima {
    uint16_t bin[LI_PEAKS_BATCH][LENGTH_LONG / 4 + 1];
    size_t count[LI_PEAKS_BATCH];
};

struct li_peaks {
    double rate_hz;
    size_t size, length, hop; /* of the transform; of the window; samples */
    size_t low, high;         /* bins: a peak lies in low..high */
    size_t used, capacity;
    float *samples, *window;
    struct li_fft *fft;
    li_lanes *power; /* pairs, bin low - 1 first */
    struct maxima maxima;
};

static void make_window(struct li_peaks *peaks) {
    for (size_t i = 0; i < peaks->length; i++) {
        double phase = 2 * LI_PI * (double)i / (double)peaks->length;
        peaks->window[i] = (float)(0.42 - 0.5 * cos(phase) + 0.08 * cos(2 * phase));
    }
}

struct li_peaks *li_peaks_new(double rate_hz, size_t samples_max) {
    struct li_peaks *peaks = li_audio_alloc(1, sizeof *peaks);
    if (!peaks)
        return NULL;
    peaks->rate_hz = rate_hz;
    size_t wanted = (size_t)lround(window_s * rate_hz / LI_LANES) * LI_LANES;
    /* A window a little shorter is better than a transform of twice the size. */
    peaks->size = wanted <= LENGTH_SHORT * 6 / 5 ? LENGTH_SHORT : LENGTH_LONG;
    peaks->length = wanted < peaks->size ? wanted : peaks->size;
    peaks->hop = (size_t)lround(hop_s * rate_hz);
    peaks->low = (size_t)ceil(low_hz * (double)peaks->size / rate_hz);
    peaks->high = (size_t)floor(high_hz * (double)peaks->size / rate_hz);
    peaks->capacity = LI_PEAKS_BATCH * peaks->hop + peaks->length + samples_max;
    peaks->samples = li_audio_alloc(peaks->capacity, sizeof *peaks->samples);
    peaks->window = li_audio_alloc(peaks->length, sizeof *peaks->window);
    peaks->fft = li_fft_new(peaks->size);
    peaks->power = li_audio_alloc(2 * (peaks->high - peaks->low + 3), sizeof *peaks->power);
    if (!peaks->samples || !peaks->window || !peaks->fft || !peaks->power) {
        li_peaks_free(peaks);
        return NULL;
    }
    make_window(peaks);
    return peaks;
}

void li_peaks_free(struct li_peaks *peaks) {
    if (!peaks)
        return;
    free(peaks->samples);
    free(peaks->window);
    li_fft_free(peaks->fft);
    free(peaks->power);
    free(peaks);
}

void li_peaks_reset(struct li_peaks *peaks) {
    peaks->used = 0;
}

double li_peaks_frame_rate_hz(const struct li_peaks *peaks) {
    return peaks->rate_hz / (double)peaks->hop;
}

void li_peaks_push(struct li_peaks *peaks, const float *samples, size_t count) {
    memcpy(peaks->samples + peaks->used, samples, count * sizeof *samples);
    peaks->used += count;
}

/* The top of the parabola through three log powers: its place in bins from the middle one, and its height as
 * the square root of a magnitude. */
static struct li_peak interpolate(const struct li_peaks *peaks, size_t bin, const float power[3]) {
    const float tiny = 1e-12f; /* keeps the logarithm finite */
    float a = logf(power[0] + tiny), b = logf(power[1]), c = logf(power[2] + tiny);
    float curve = a - 2 * b + c, shift = curve < 0 ? 0.5f * (a - c) / curve : 0;
    float hz = ((float)bin + shift) * (float)(peaks->rate_hz / (double)peaks->size);
    return (struct li_peak){
        .pitch = reference_pitch + 12 * log2f(hz / 440),
        .weight = expf(0.25f * (b - 0.25f * (a - c) * shift)),
    };
}

/* The largest power of each frame, and the sum. */
LI_CLONED static void survey(const struct li_peaks *peaks, li_lanes largest[2], li_lanes total[2]) {
    size_t bins = peaks->high - peaks->low + 1;
    for (size_t i = 0; i < 2; i++) {
        const li_lanes *power = peaks->power + 2 + i;
        li_lanes top = {0}, sum = {0};
        for (size_t k = 0; k < bins; k++) {
            li_lanes p = power[2 * k];
            li_lanes_int above = p > top;
            top = (li_lanes)(((li_lanes_int)p & above) | ((li_lanes_int)top & ~above));
            sum += p;
        }
        largest[i] = top;
        total[i] = sum;
    }
}

/* Lists the local maxima above the floor of each frame. */
LI_CLONED static void list_maxima(const struct li_peaks *peaks, const li_lanes floor[2],
                                  struct maxima *maxima) {
    size_t bins = peaks->high - peaks->low + 1;
    for (size_t i = 0; i < 2; i++) {
        const li_lanes *power = peaks->power + 2 + i;
        for (size_t k = 0; k < bins; k++, power += 2) {
            li_lanes_int is_top = (power[0] > floor[i]) & (power[0] > power[-2]) & (power[0] >= power[2]);
            lanes_bytes bytes = __builtin_convertvector(is_top, lanes_bytes);
            uint64_t any;
            memcpy(&any, &bytes, sizeof any);
            while (any) {
                size_t byte = (size_t)__builtin_ctzll(any) / 8, lane = i * LI_LANES + byte;
                any &= ~((uint64_t)0xFF << (8 * byte));
                maxima->bin[lane][maxima->count[lane]++] = (uint16_t)k;
            }
        }
    }
}

/* The peaks of one frame; more than LI_PEAKS_MAX within the floor is noise, and the floor rises until they
 * fit. */
static void take_peaks(struct li_peaks *peaks, size_t lane, float floor, float total,
                       struct li_peak_frame *out) {
    const size_t stride = 2 * LI_LANES;
    const float *power = (const float *)(peaks->power + 2) + lane;
    uint16_t *bin = peaks->maxima.bin[lane];
    size_t count = peaks->maxima.count[lane];
    while (count > LI_PEAKS_MAX) {
        size_t kept = 0;
        floor *= 2;
        for (size_t i = 0; i < count; i++)
            if (power[bin[i] * stride] > floor)
                bin[kept++] = bin[i];
        count = kept;
    }
    float inside = 0;
    for (size_t i = 0; i < count; i++) {
        const float *p = power + bin[i] * stride;
        float three[3] = {*(p - stride), *p, *(p + stride)};
        inside += three[0] + three[1] + three[2];
        out->peak[i] = interpolate(peaks, peaks->low + bin[i], three);
    }
    out->count = count;
    out->share = total > 0 ? fminf(inside / total, 1) : 0;
}

static void take_batch(struct li_peaks *peaks, struct li_peak_frame out[LI_PEAKS_BATCH]) {
    li_fft_load(peaks->fft, peaks->samples, peaks->hop, peaks->window, peaks->length);
    li_fft_power(li_fft_do(peaks->fft), peaks->size, peaks->low - 1, peaks->high + 2, peaks->power);
    li_lanes largest[2], total[2], floor[2];
    survey(peaks, largest, total);
    for (size_t i = 0; i < 2; i++)
        floor[i] = largest[i] * floor_power + silence_power;
    memset(peaks->maxima.count, 0, sizeof peaks->maxima.count);
    list_maxima(peaks, floor, &peaks->maxima);
    for (size_t i = 0; i < LI_PEAKS_BATCH; i++) {
        size_t part = i / LI_LANES, lane = i % LI_LANES;
        take_peaks(peaks, i, floor[part][lane], total[part][lane], &out[i]);
    }
}

size_t li_peaks_do(struct li_peaks *peaks, struct li_peak_frame out[LI_PEAKS_BATCH]) {
    if (peaks->used < (LI_PEAKS_BATCH - 1) * peaks->hop + peaks->length)
        return 0;
    take_batch(peaks, out);
    size_t done = LI_PEAKS_BATCH * peaks->hop;
    peaks->used -= done;
    memmove(peaks->samples, peaks->samples + done, peaks->used * sizeof *peaks->samples);
    return LI_PEAKS_BATCH;
}

size_t li_peaks_flush(struct li_peaks *peaks, struct li_peak_frame out[LI_PEAKS_BATCH]) {
    size_t frames = peaks->used < peaks->length ? 0 : (peaks->used - peaks->length) / peaks->hop + 1;
    memset(peaks->samples + peaks->used, 0, (peaks->capacity - peaks->used) * sizeof *peaks->samples);
    if (frames)
        take_batch(peaks, out);
    peaks->used = 0;
    return frames;
}
