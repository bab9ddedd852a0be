/* loudness.c - integrated loudness (ITU-R BS.1770-4) and loudness range (EBU Tech 3342, 2016).
 *
 * The K weighting is two filters of second order. Their analogue prototypes, taken back from the coefficients
 * that BS.1770-4 prints for 48 kHz, are De Man's ("Evaluation of implementations of the EBU R128 loudness
 * measurement", AES 145, 2018); the bilinear transform gives them for any rate. They run as state variable
 * filters (Zavalishin, "The Art of VA Filter Design", 2012, 4), whose states keep their precision in floats
 * at 38 Hz and 192 kHz, and eight samples at a time: the filter is linear, so that the next eight outputs and
 * the next state are fixed sums over eight inputs and the state. The matrices are found by probing the
 * filter.
 *
 * Gating needs the powers of all windows twice. They are kept in bins of 0.05 LU, each with its sum and its
 * number, so that memory does not grow; only the windows within the one bin that holds the relative gate are
 * taken or left together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"

enum {
    STATES = 4,
    MOMENTARY_BLOCKS = 4,   /* 400 ms: BS.1770-4 */
    SHORT_TERM_BLOCKS = 30, /* 3 s: EBU Tech 3342 */
    BINS = 4000,
};

static const double offset_lufs = -0.691;    /* BS.1770-4: the gain of the K weighting at 997 Hz */
static const double gate_lufs = -70;         /* BS.1770-4 and EBU Tech 3342: the absolute gate */
static const double gate_relative_lu = -10;  /* BS.1770-4 */
static const double range_relative_lu = -20; /* EBU Tech 3342 */
static const double range_low = 0.10, range_high = 0.95;
static const double bin_lu = 0.05;

/* The two filters: a shelf for the head, a high-pass for the low end of hearing. */
struct k_filter {
    float shelf_g, shelf_k, shelf_high, shelf_band; /* tan(pi f / rate), 1 / Q, gains of the outputs */
    float pass_g, pass_k, pass_gain;
};

struct bins {
    double sum[BINS];
    uint64_t count[BINS];
};

struct li_loudness {
    li_lanes from_input[LI_LANES], from_state[STATES];   /* the next eight outputs */
    li_lanes state_input[LI_LANES], state_state[STATES]; /* the next state, in the first four lanes */
    struct k_filter filter;
    int channels;
    double weight[LI_CHANNELS_MAX];
    float state[LI_CHANNELS_MAX][STATES];
    double recent[SHORT_TERM_BLOCKS]; /* block powers, a ring */
    uint64_t blocks;
    struct bins momentary, short_term;
};

static struct k_filter design(double rate_hz) {
    const double shelf_hz = 1681.974450955533, shelf_q = 0.7071752369554196, shelf_db = 3.999843853973347;
    const double band_exponent = 0.4996667741545416, pass_hz = 38.13547087602444, pass_q = 0.5003270373238773;
    double high = pow(10, shelf_db / 20), pass_g = tan(LI_PI * pass_hz / rate_hz);
    return (struct k_filter){
        .shelf_g = (float)tan(LI_PI * shelf_hz / rate_hz),
        .shelf_k = (float)(1 / shelf_q),
        .shelf_high = (float)high,
        .shelf_band = (float)(pow(high, band_exponent) / shelf_q),
        .pass_g = (float)pass_g,
        .pass_k = (float)(1 / pass_q),
        /* BS.1770-4 leaves the numerator 1, -2, 1 as it is. */
        .pass_gain = (float)(1 + pass_g / pass_q + pass_g * pass_g),
    };
}

/* One sample through both filters. */
static float step(const struct k_filter *f, float state[STATES], float x) {
    float scale = 1 / (1 + f->shelf_g * (f->shelf_g + f->shelf_k));
    float band = scale * (state[0] + f->shelf_g * (x - state[1]));
    float low = state[1] + f->shelf_g * band;
    state[0] = 2 * band - state[0];
    state[1] = 2 * low - state[1];
    float shelved = f->shelf_high * (x - f->shelf_k * band - low) + f->shelf_band * band + low;
    scale = 1 / (1 + f->pass_g * (f->pass_g + f->pass_k));
    band = scale * (state[2] + f->pass_g * (shelved - state[3]));
    low = state[3] + f->pass_g * band;
    state[2] = 2 * band - state[2];
    state[3] = 2 * low - state[3];
    return f->pass_gain * (shelved - f->pass_k * band - low);
}

/* Runs the filter for eight samples from one unit input or one unit state. */
static void probe(const struct k_filter *filter, size_t input, size_t unit_state, li_lanes *output,
                  li_lanes *next) {
    float state[STATES] = {0};
    if (unit_state < STATES)
        state[unit_state] = 1;
    for (size_t i = 0; i < LI_LANES; i++)
        (*output)[i] = step(filter, state, i == input ? 1 : 0);
    for (size_t i = 0; i < STATES; i++)
        (*next)[i] = state[i];
}

/* Channel weights of BS.1770-4 table 4 in the usual order of WAV and FLAC: left, right, centre, LFE, then the
 * surround channels. One channel is played by two loudspeakers, so that it counts twice (EBU R 128 s1). */
static void weigh(struct li_loudness *loudness) {
    static const double surround = 1.41;
    static const double table[LI_CHANNELS_MAX][LI_CHANNELS_MAX] = {
        {2},
        {1, 1},
        {1, 1, 1},
        {1, 1, surround, surround},
        {1, 1, 1, surround, surround},
        {1, 1, 1, 0, surround, surround},
        {1, 1, 1, 0, 1, surround, surround},
        {1, 1, 1, 0, 1, 1, surround, surround},
    };
    memcpy(loudness->weight, table[loudness->channels - 1], sizeof loudness->weight);
}

struct li_loudness *li_loudness_new(int rate_hz, int channels) {
    struct li_loudness *loudness = li_audio_alloc(1, sizeof *loudness);
    if (!loudness)
        return NULL;
    loudness->channels = channels;
    loudness->filter = design(rate_hz);
    for (size_t i = 0; i < LI_LANES; i++)
        probe(&loudness->filter, i, STATES, &loudness->from_input[i], &loudness->state_input[i]);
    for (size_t i = 0; i < STATES; i++)
        probe(&loudness->filter, LI_LANES, i, &loudness->from_state[i], &loudness->state_state[i]);
    weigh(loudness);
    return loudness;
}

void li_loudness_free(struct li_loudness *loudness) {
    free(loudness);
}

void li_loudness_reset(struct li_loudness *loudness) {
    memset(loudness->state, 0, sizeof loudness->state);
    memset(&loudness->momentary, 0, sizeof loudness->momentary);
    memset(&loudness->short_term, 0, sizeof loudness->short_term);
    loudness->blocks = 0;
}

/* The sum of the squared outputs for two channels, whose chains of sums fill the time that one waits. */
LI_CLONED static void filter_pair(const struct li_loudness *k, const float *const in[2], size_t count,
                                  float *const state[2], double sum[2]) {
    li_lanes s[2] = {{0}}, total[2] = {{0}};
    for (size_t c = 0; c < 2; c++)
        for (size_t i = 0; i < STATES; i++)
            s[c][i] = state[c][i];
    for (size_t at = 0; at < count; at += LI_LANES) {
        for (size_t c = 0; c < 2; c++) {
            const float *x = in[c] + at;
            li_lanes y = k->from_input[0] * x[0], next = k->state_input[0] * x[0];
            for (size_t i = 1; i < LI_LANES; i++) {
                y += k->from_input[i] * x[i];
                next += k->state_input[i] * x[i];
            }
            y += (k->from_state[0] * s[c][0] + k->from_state[1] * s[c][1]) +
                 (k->from_state[2] * s[c][2] + k->from_state[3] * s[c][3]);
            s[c] = next + ((k->state_state[0] * s[c][0] + k->state_state[1] * s[c][1]) +
                           (k->state_state[2] * s[c][2] + k->state_state[3] * s[c][3]));
            total[c] += y * y;
        }
    }
    for (size_t c = 0; c < 2; c++) {
        for (size_t i = 0; i < STATES; i++)
            state[c][i] = s[c][i];
        sum[c] = 0;
        for (size_t i = 0; i < LI_LANES; i++)
            sum[c] += (double)total[c][i];
    }
}

/* What is left over of a block, sample by sample; then states too small to matter are ended, for the
 * arithmetic of denormal numbers is slow. */
static double filter_rest(const struct k_filter *filter, const float *in, size_t from, size_t count,
                          float state[STATES]) {
    const float negligible = 1e-20f; /* -400 dBFS */
    double sum = 0;
    for (size_t i = from; i < count; i++) {
        float y = step(filter, state, in[i]);
        sum += (double)(y * y);
    }
    for (size_t i = 0; i < STATES; i++)
        if (fabsf(state[i]) < negligible)
            state[i] = 0;
    return sum;
}

static void keep(struct bins *bins, double power) {
    double lufs = 10 * log10(power) + offset_lufs;
    if (!(lufs >= gate_lufs))
        return;
    double bin = (lufs - gate_lufs) / bin_lu;
    size_t at = bin < BINS - 1 ? (size_t)bin : BINS - 1;
    bins->sum[at] += power;
    bins->count[at]++;
}

static double recent_mean(const struct li_loudness *loudness, size_t blocks) {
    double sum = 0;
    for (size_t i = 1; i <= blocks; i++)
        sum += loudness->recent[(loudness->blocks - i) % SHORT_TERM_BLOCKS];
    return sum / (double)blocks;
}

float li_loudness_do(struct li_loudness *loudness, const float *const *channels, size_t frames) {
    double power = 0;
    size_t whole = frames / LI_LANES * LI_LANES;
    for (int c = 0; c < loudness->channels; c += 2) {
        bool alone = c + 1 == loudness->channels;
        float idle[STATES] = {0};
        const float *in[2] = {channels[c], alone ? channels[c] : channels[c + 1]};
        float *state[2] = {loudness->state[c], alone ? idle : loudness->state[c + 1]};
        double sum[2];
        filter_pair(loudness, in, whole, state, sum);
        for (int i = 0; i < (alone ? 1 : 2); i++) {
            sum[i] += filter_rest(&loudness->filter, in[i], whole, frames, state[i]);
            power += loudness->weight[c + i] * sum[i];
        }
    }
    power /= (double)frames;
    loudness->recent[loudness->blocks++ % SHORT_TERM_BLOCKS] = power;
    if (loudness->blocks >= MOMENTARY_BLOCKS)
        keep(&loudness->momentary, recent_mean(loudness, MOMENTARY_BLOCKS));
    if (loudness->blocks >= SHORT_TERM_BLOCKS)
        keep(&loudness->short_term, recent_mean(loudness, SHORT_TERM_BLOCKS));
    return (float)power;
}

/* The mean power of the windows in bins from..., or 0. */
static double mean_from(const struct bins *bins, size_t from, uint64_t *count) {
    double sum = 0;
    *count = 0;
    for (size_t i = from; i < BINS; i++) {
        sum += bins->sum[i];
        *count += bins->count[i];
    }
    return *count ? sum / (double)*count : 0;
}

/* The first bin above a gate relative to the mean of all: the bin that holds the gate is in when its mean is.
 */
static size_t relative_gate(const struct bins *bins, double relative_lu) {
    uint64_t count;
    double gate = mean_from(bins, 0, &count) * pow(10, relative_lu / 10);
    size_t from = 0;
    while (from < BINS && (bins->count[from] == 0 || bins->sum[from] / (double)bins->count[from] < gate))
        from++;
    return from;
}

double li_loudness_integrated(const struct li_loudness *loudness) {
    uint64_t count;
    double power =
        mean_from(&loudness->momentary, relative_gate(&loudness->momentary, gate_relative_lu), &count);
    return count ? 10 * log10(power) + offset_lufs : -HUGE_VAL;
}

/* The loudness of the window at this rank, from the quietest. */
static double ranked(const struct bins *bins, size_t from, uint64_t rank) {
    uint64_t seen = 0;
    for (size_t i = from; i < BINS; i++) {
        seen += bins->count[i];
        if (seen > rank)
            return 10 * log10(bins->sum[i] / (double)bins->count[i]) + offset_lufs;
    }
    return gate_lufs;
}

double li_loudness_range(const struct li_loudness *loudness) {
    const struct bins *bins = &loudness->short_term;
    size_t from = relative_gate(bins, range_relative_lu);
    uint64_t count;
    mean_from(bins, from, &count);
    if (count == 0)
        return 0;
    double last = (double)(count - 1);
    return ranked(bins, from, (uint64_t)(last * range_high + 0.5)) -
           ranked(bins, from, (uint64_t)(last * range_low + 0.5));
}
