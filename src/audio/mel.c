/* mel.c - the power in 40 bands, every 10 ms.
 *
 * Frames of about 46 ms under a Hann window, the squared magnitude of their spectrum, and triangles evenly
 * spaced on the mel scale of O'Shaughnessy ("Speech Communication", 1987): mel = 1127 ln(1 + f / 700). Each
 * triangle is scaled to area one. Sixteen frames are taken at a time, see fft.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum { LENGTH_MAX = 2048 };

static const double frames_a_second = 100;
static const double window_s = 0.0464;            /* 1024 samples at 22.05 kHz: SuperFlux */
static const double low_hz = 30, high_hz = 10500; /* from the lowest bass to what a preview still carries */

struct li_mel {
    double rate_hz;
    size_t length, hop; /* samples */
    size_t used, capacity;
    float *samples;
    struct li_fft *fft;
    float window[LENGTH_MAX];
    li_lanes power[LENGTH_MAX];                   /* pairs, bin 1 first */
    size_t low[LI_MEL_BANDS], high[LI_MEL_BANDS]; /* first bin, and the one after the last */
    float *weight[LI_MEL_BANDS];                  /* into weights */
    float weights[2 * LENGTH_MAX];
};

static double mel_of(double hz) {
    return 1127 * log(1 + hz / 700);
}

static double hz_of(double mel) {
    return 700 * (exp(mel / 1127) - 1);
}

/* A band narrower than a bin is the bin nearest to its centre; one beyond what the rate can carry is empty,
 * so that a band is the same at every rate. */
static void make_band(struct li_mel *mel, size_t band, float *weight, const double edge_hz[3]) {
    double bin_hz = mel->rate_hz / (double)mel->length;
    size_t low = (size_t)ceil(edge_hz[0] / bin_hz), high = (size_t)floor(edge_hz[2] / bin_hz) + 1;
    if (high <= low + 1) {
        low = (size_t)lround(edge_hz[1] / bin_hz);
        high = low + 1;
    }
    low = low < 1 ? 1 : low;
    high = high <= low ? low + 1 : high;
    high = high > mel->length / 2 ? mel->length / 2 : high;
    low = low > high ? high : low;
    mel->low[band] = low;
    mel->high[band] = high;
    mel->weight[band] = weight;
    double sum = 0;
    for (size_t k = low; k < high; k++) {
        double hz = (double)k * bin_hz;
        double height = hz < edge_hz[1] ? (hz - edge_hz[0]) / (edge_hz[1] - edge_hz[0])
                                        : (edge_hz[2] - hz) / (edge_hz[2] - edge_hz[1]);
        weight[k - low] = high == low + 1 ? 1 : (float)fmax(height, 0);
        sum += (double)weight[k - low];
    }
    for (size_t k = low; k < high; k++)
        weight[k - low] /= sum > 0 ? (float)sum : 1;
}

static void make_bands(struct li_mel *mel) {
    double bottom = mel_of(low_hz), top = mel_of(high_hz);
    float *weight = mel->weights;
    for (size_t b = 0; b < LI_MEL_BANDS; b++) {
        double edge_hz[3];
        for (size_t i = 0; i < 3; i++)
            edge_hz[i] = hz_of(bottom + (top - bottom) * (double)(b + i) / (LI_MEL_BANDS + 1));
        make_band(mel, b, weight, edge_hz);
        weight += mel->high[b] - mel->low[b];
    }
}

struct li_mel *li_mel_new(double rate_hz, size_t samples_max) {
    struct li_mel *mel = li_audio_alloc(1, sizeof *mel);
    if (!mel)
        return NULL;
    mel->rate_hz = rate_hz;
    mel->length = (size_t)1 << lround(log2(rate_hz * window_s));
    mel->hop = (size_t)lround(rate_hz / frames_a_second);
    mel->capacity = LI_MEL_BATCH * mel->hop + mel->length + samples_max;
    mel->samples = li_audio_alloc(mel->capacity, sizeof *mel->samples);
    mel->fft = li_fft_new(mel->length);
    if (!mel->samples || !mel->fft) {
        li_mel_free(mel);
        return NULL;
    }
    for (size_t i = 0; i < mel->length; i++)
        mel->window[i] = (float)(0.5 - 0.5 * cos(2 * LI_PI * (double)i / (double)mel->length));
    make_bands(mel);
    return mel;
}

void li_mel_free(struct li_mel *mel) {
    if (!mel)
        return;
    free(mel->samples);
    li_fft_free(mel->fft);
    free(mel);
}

void li_mel_reset(struct li_mel *mel) {
    mel->used = 0;
}

double li_mel_frame_rate_hz(const struct li_mel *mel) {
    return mel->rate_hz / (double)mel->hop;
}

double li_mel_window_s(const struct li_mel *mel) {
    return (double)mel->length / mel->rate_hz;
}

void li_mel_push(struct li_mel *mel, const float *samples, size_t count) {
    memcpy(mel->samples + mel->used, samples, count * sizeof *samples);
    mel->used += count;
}

/* One value of each of the sixteen frames goes to its place. */
LI_INLINE void scatter(const li_lanes value[2], float *first) {
    const size_t stride = sizeof(struct li_mel_frame) / sizeof(float);
    for (size_t i = 0; i < LI_LANES; i++) {
        first[i * stride] = value[0][i];
        first[(LI_LANES + i) * stride] = value[1][i];
    }
}

LI_CLONED static void sum_bands(const struct li_mel *mel, struct li_mel_frame *out) {
    size_t bins = mel->length / 2 - 1;
    for (size_t b = 0; b < LI_MEL_BANDS; b++) {
        const li_lanes *power = mel->power + 2 * (mel->low[b] - 1);
        li_lanes sum[2] = {{0}};
        for (size_t k = 0; k < mel->high[b] - mel->low[b]; k++) {
            sum[0] += power[2 * k] * mel->weight[b][k];
            sum[1] += power[2 * k + 1] * mel->weight[b][k];
        }
        scatter(sum, &out->band[b]);
    }
    li_lanes total[2] = {{0}}, moment[2] = {{0}};
    for (size_t k = 0; k < bins; k++)
        for (size_t i = 0; i < 2; i++) {
            total[i] += mel->power[2 * k + i];
            moment[i] += mel->power[2 * k + i] * (float)(k + 1);
        }
    float bin_hz = (float)(mel->rate_hz / (double)mel->length);
    for (size_t i = 0; i < 2; i++)
        moment[i] = moment[i] * bin_hz / (total[i] + 1e-30f); /* silence has its centroid at 0 */
    scatter(total, &out->total);
    scatter(moment, &out->centroid_hz);
}

LI_CLONED static float rms(const float *samples, size_t count) {
    li_lanes sum = {0};
    size_t whole = count / LI_LANES * LI_LANES;
    for (size_t i = 0; i < whole; i += LI_LANES) {
        li_lanes x = *(const li_lanes_any *)(samples + i);
        sum += x * x;
    }
    float total = 0;
    for (size_t i = 0; i < LI_LANES; i++)
        total += sum[i];
    for (size_t i = whole; i < count; i++)
        total += samples[i] * samples[i];
    return sqrtf(total / (float)count);
}

static void take_batch(struct li_mel *mel, struct li_mel_frame out[LI_MEL_BATCH]) {
    li_fft_load(mel->fft, mel->samples, mel->hop, mel->window, mel->length);
    li_fft_power(li_fft_do(mel->fft), mel->length, 1, mel->length / 2, mel->power);
    sum_bands(mel, out);
    for (size_t i = 0; i < LI_MEL_BATCH; i++) {
        out[i].below = out[i].above = 0;
        out[i].rms = rms(mel->samples + i * mel->hop, mel->hop);
    }
}

size_t li_mel_do(struct li_mel *mel, struct li_mel_frame out[LI_MEL_BATCH]) {
    if (mel->used < (LI_MEL_BATCH - 1) * mel->hop + mel->length)
        return 0;
    take_batch(mel, out);
    size_t done = LI_MEL_BATCH * mel->hop;
    mel->used -= done;
    memmove(mel->samples, mel->samples + done, mel->used * sizeof *mel->samples);
    return LI_MEL_BATCH;
}

size_t li_mel_flush(struct li_mel *mel, struct li_mel_frame out[LI_MEL_BATCH]) {
    size_t frames = mel->used < mel->length ? 0 : (mel->used - mel->length) / mel->hop + 1;
    memset(mel->samples + mel->used, 0, (mel->capacity - mel->used) * sizeof *mel->samples);
    if (frames)
        take_batch(mel, out);
    mel->used = 0;
    return frames;
}
