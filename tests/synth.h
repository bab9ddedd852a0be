/* synth.h - sounds with a known answer, made by the tests of sound. */
#ifndef LI_TESTS_SYNTH_H
#define LI_TESTS_SYNTH_H

#include <listening.h>

#include "check.h"

static const double PI = 3.14159265358979323846;

/* Interleaved samples, owned by whoever made them. */
struct sound {
    int rate_hz, channels;
    size_t frames;
    float *samples;
};

static inline struct sound sound_new(int rate_hz, int channels, double seconds) {
    struct sound sound = {rate_hz, channels, (size_t)(seconds * rate_hz), NULL};
    sound.samples = calloc(sound.frames * (size_t)channels + 1, sizeof *sound.samples);
    check(sound.samples != NULL, "%g s", seconds);
    return sound;
}

static inline void sound_free(struct sound *sound) {
    free(sound->samples);
}

/* Adds a value to all channels of one frame; beyond the end is nothing. */
static inline void sound_add(struct sound *sound, size_t frame, double value) {
    for (int c = 0; frame < sound->frames && c < sound->channels; c++)
        sound->samples[frame * (size_t)sound->channels + (size_t)c] += (float)value;
}

/* amplitude e^(-decay t) sin(2 pi hz t), each sample by a turn of the one before. */
static inline void sound_add_decaying(struct sound *sound, double hz, double amplitude, double decay,
                                      size_t start, size_t count) {
    double shrink = exp(-decay / sound->rate_hz), angle = 2 * PI * hz / sound->rate_hz;
    double c = cos(angle) * shrink, s = sin(angle) * shrink, re = amplitude, im = 0;
    size_t channels = (size_t)sound->channels,
           end = start + count < sound->frames ? start + count : sound->frames;
    float *samples = sound->samples;
    for (size_t i = start; i < end; i++) {
        for (size_t channel = 0; channel < channels; channel++)
            samples[i * channels + channel] += (float)im;
        double turned = re * c - im * s;
        im = re * s + im * c;
        re = turned;
    }
}

static inline void sound_add_sine(struct sound *sound, double hz, double amplitude, double from_s,
                                  double to_s) {
    size_t start = (size_t)(from_s * sound->rate_hz), end = (size_t)(to_s * sound->rate_hz);
    sound_add_decaying(sound, hz, amplitude, 0, start, end - start);
}

/* White noise, the same each time. */
static inline void sound_add_noise(struct sound *sound, double amplitude, unsigned seed) {
    for (size_t i = 0; i < sound->frames * (size_t)sound->channels; i++) {
        seed = seed * 1664525u + 1013904223u;
        sound->samples[i] += (float)(amplitude * ((double)(seed >> 8) / 8388608.0 - 1));
    }
}

/* A plucked tone: six partials, each weaker and shorter than the one before. */
static inline void sound_add_pluck(struct sound *sound, double hz, double amplitude, double from_s,
                                   double length_s) {
    size_t start = (size_t)(from_s * sound->rate_hz), count = (size_t)(length_s * sound->rate_hz);
    for (int k = 1; k <= 6 && hz * k < sound->rate_hz * 0.45; k++)
        sound_add_decaying(sound, hz * k, amplitude / k, 2 * k, start, count);
}

/* A click of 20 ms of decaying noise at every beat. */
static inline void sound_add_clicks(struct sound *sound, double bpm, double amplitude) {
    unsigned seed = 1;
    for (double at = 0.1; at < (double)sound->frames / sound->rate_hz; at += 60 / bpm)
        for (size_t i = 0; i < (size_t)sound->rate_hz / 50; i++) {
            seed = seed * 1664525u + 1013904223u;
            double noise = (double)(seed >> 8) / 8388608.0 - 1;
            sound_add(sound, (size_t)(at * sound->rate_hz) + i,
                      amplitude * noise * exp(-(double)i / sound->rate_hz * 200));
        }
}

/* A triad and its bass for one beat. quality 1 is major, 0 minor. */
static inline void sound_add_triad(struct sound *sound, double a4_hz, int root, int quality, double from_s,
                                   double length_s) {
    const int step[3] = {0, quality ? 4 : 3, 7};
    double c4 = a4_hz * pow(2, -9 / 12.0);
    sound_add_pluck(sound, c4 / 2 * pow(2, root / 12.0), 0.15, from_s, length_s);
    for (int i = 0; i < 3; i++)
        sound_add_pluck(sound, c4 * pow(2, (root + step[i]) % 12 / 12.0), 0.1, from_s, length_s);
}

/* Analyses all of it in blocks of so many frames. */
static inline struct li_analysis sound_analyze(const struct sound *sound, size_t block_frames) {
    struct li_analyzer *analyzer = NULL;
    struct li_error err = {0};
    struct li_analysis heard;
    check(li_analyzer_new(sound->rate_hz, sound->channels, &analyzer, &err) == LI_OK, "%s", err.message);
    for (size_t at = 0; at < sound->frames; at += block_frames) {
        size_t left = sound->frames - at;
        li_analyzer_push(analyzer, sound->samples + at * (size_t)sound->channels,
                         left < block_frames ? left : block_frames);
    }
    check(li_analyzer_finish(analyzer, &heard, &err) == LI_OK, "%s", err.message);
    li_analyzer_free(analyzer);
    return heard;
}

#endif
