/* audio_priv.h - the algorithms of this room, one file and one small object each.
 *
 * `_new` allocates everything and returns NULL when memory is out, `_free` takes NULL, `_reset` makes the
 * object as new without allocating, and nothing else allocates. Input is const, output is the caller's.
 * Objects hold no reference to each other and may be used by one thread at a time. Time is counted in samples
 * or frames of the stage, so that nothing depends on the sizes of the blocks that sound arrives in.
 *
 *   samples -> loudness
 *           -> mono, halved to 16..32 kHz -> mel -> onset -> tempo, beats
 *                                                -> texture (descriptors)
 *                     -> halved to 5..10 kHz -> peaks -> key */
#ifndef LI_AUDIO_AUDIO_PRIV_H
#define LI_AUDIO_AUDIO_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audio/audio.h"
#include "audio/lanes.h"
#include "base/status.h"

#define LI_PI 3.14159265358979323846

/* ---- memory and numbers (support.c) ---- */

/* count * size zeroed bytes on a cache line, for free(); NULL when memory is out or that overflows. */
void *li_audio_alloc(size_t count, size_t size);

double li_clip(double x, double low, double high);

/* out[i] = ln(1 + scale * in[i]) for in[i] >= 0 and any count, within 2e-6 of the true value. in may be out.
 */
void li_log1p_scaled(const float *in, size_t count, float scale, float *out);

/* The same without clones, for tests. */
void li_log1p_scaled_plain(const float *in, size_t count, float scale, float *out);

/* ---- what comes in (intake.c) ---- */

/* Writes the interleaved samples to rows[0..channels-1] from place at on, bounded to +-1e6 and with 0 for
 * what is not finite. Returns the largest magnitude. */
float li_intake_do(const float *samples, size_t channels, size_t frames, float *const *rows, size_t at);

/* The mean of the channels, without the low-frequency effects of six channels and more. */
void li_intake_mix(const float *const *rows, size_t channels, size_t frames, float *out);

/* ---- Fourier transforms (fft.c) ---- */

/* Eight complex transforms at once, one in each lane. */
struct li_fft;

/* size is a power of two, 4..8192. */
struct li_fft *li_fft_new(size_t size);
void li_fft_free(struct li_fft *fft);

/* Sixteen frames of real samples, the first at samples and each hop after the one before, times the window:
 * frames 0..7 as the real parts of the lanes, 8..15 as the imaginary parts. length <= the size is a multiple
 * of LI_LANES; the rest is zero. Reads 15 * hop + length samples. */
void li_fft_load(struct li_fft *fft, const float *samples, size_t hop, const float *window, size_t length);

/* Transforms what was loaded. Returns size pairs (real, imaginary), the fft's own until the next load. */
const li_lanes *li_fft_do(struct li_fft *fft);
const li_lanes *li_fft_do_plain(struct li_fft *fft);

/* |X|^2 of the sixteen frames in bins low..high-1 (1 <= low, high <= size / 2): power[2 * (bin - low)] holds
 * frames 0..7 and power[2 * (bin - low) + 1] holds frames 8..15. */
void li_fft_power(const li_lanes *spectrum, size_t size, size_t low, size_t high, li_lanes *power);

/* One complex transform of any power of two, 4..8192, in place: re and im hold size values. */
struct li_fft_one;
struct li_fft_one *li_fft_one_new(size_t size);
void li_fft_one_free(struct li_fft_one *fft);
void li_fft_one_do(struct li_fft_one *fft, float *re, float *im);

/* ---- half the sample rate (decimate.c) ---- */

struct li_decimate;

/* samples_max: the most that one call brings. */
struct li_decimate *li_decimate_new(size_t samples_max);
void li_decimate_free(struct li_decimate *decimate);
void li_decimate_reset(struct li_decimate *decimate);

/* Returns how many samples it wrote to out: half of what came in since the reset, rounded down, in all. */
size_t li_decimate_do(struct li_decimate *decimate, const float *in, size_t count, float *out);

/* ---- loudness (loudness.c) ---- */

enum { LI_BLOCKS_A_SECOND = 10 }; /* ITU-R BS.1770-4 windows of 400 ms move by 100 ms */

struct li_loudness;
struct li_loudness *li_loudness_new(int rate_hz, int channels);
void li_loudness_free(struct li_loudness *loudness);
void li_loudness_reset(struct li_loudness *loudness);

/* Takes one block of 100 ms, one pointer for each channel to frames samples, and returns its weighted power.
 */
float li_loudness_do(struct li_loudness *loudness, const float *const *channels, size_t frames);

/* Integrated loudness in LUFS, or -HUGE_VAL when every window is below the gate of -70 LUFS; the range in LU,
 * 0 when there are less than three seconds above the gate. */
double li_loudness_integrated(const struct li_loudness *loudness);
double li_loudness_range(const struct li_loudness *loudness);

/* ---- band powers every 10 ms (mel.c) ---- */

enum {
    LI_MEL_BANDS = 40,
    LI_MEL_BASS_BANDS = 6,   /* those below about 450 Hz */
    LI_MEL_TREBLE_BAND = 26, /* the first above about 3.7 kHz */
    LI_MEL_BATCH = 16,       /* frames that come at once */
};

struct li_mel_frame {
    float below;              /* 0, so that a look at a band's neighbours needs no special case */
    float band[LI_MEL_BANDS]; /* mean |X|^2 in the band */
    float above;              /* 0 */
    float total;              /* sum of |X|^2 over the bins */
    float centroid_hz;        /* power-weighted mean frequency */
    float rms;                /* of the 10 ms of samples where the frame begins */
    float unused[3];
};

struct li_mel;
struct li_mel *li_mel_new(double rate_hz, size_t samples_max);
void li_mel_free(struct li_mel *mel);
void li_mel_reset(struct li_mel *mel);
double li_mel_frame_rate_hz(const struct li_mel *mel);
double li_mel_window_s(const struct li_mel *mel);

/* Keeps count samples, then takes frames out, LI_MEL_BATCH at a time: call do until it returns 0. */
void li_mel_push(struct li_mel *mel, const float *samples, size_t count);
size_t li_mel_do(struct li_mel *mel, struct li_mel_frame out[LI_MEL_BATCH]);

/* The frames that lie wholly in what is left. */
size_t li_mel_flush(struct li_mel *mel, struct li_mel_frame out[LI_MEL_BATCH]);

/* ---- spectral peaks (peaks.c) ---- */

enum { LI_PEAKS_MAX = 256, LI_PEAKS_BATCH = 16 };

struct li_peak {
    float pitch;  /* semitones, 69 = 440 Hz */
    float weight; /* square root of the magnitude */
};

struct li_peak_frame {
    size_t count;
    float share; /* of the frame's power, 0..1, that stands in its peaks */
    struct li_peak peak[LI_PEAKS_MAX];
};

struct li_peaks;
struct li_peaks *li_peaks_new(double rate_hz, size_t samples_max);
void li_peaks_free(struct li_peaks *peaks);
void li_peaks_reset(struct li_peaks *peaks);
double li_peaks_frame_rate_hz(const struct li_peaks *peaks);

/* As the functions of mel.c. */
void li_peaks_push(struct li_peaks *peaks, const float *samples, size_t count);
size_t li_peaks_do(struct li_peaks *peaks, struct li_peak_frame out[LI_PEAKS_BATCH]);
size_t li_peaks_flush(struct li_peaks *peaks, struct li_peak_frame out[LI_PEAKS_BATCH]);

/* ---- chords (chords.c) ---- */

enum { LI_PITCH_CLASSES = 12, LI_CHORD_FRAMES = 4 };

/* Zeroed is empty. */
struct li_chords {
    double share[2 * LI_PITCH_CLASSES]; /* frames of each major triad, C first, then of each minor one */
    float chroma[LI_CHORD_FRAMES][LI_PITCH_CLASSES], bass[LI_CHORD_FRAMES][LI_PITCH_CLASSES]; /* rings */
    uint64_t frames;
};

/* Adds one frame: unit vectors, or zero. */
void li_chords_add(struct li_chords *chords, const float chroma[LI_PITCH_CLASSES],
                   const float bass[LI_PITCH_CLASSES]);

/* -1..1: how well the chords so far fit a key; mode 1 is major, 0 minor. */
double li_chords_fit(const struct li_chords *chords, int tonic, int mode);

/* Pearson's correlation; 0 when either side does not vary. */
double li_pearson(const double *x, const double *y, size_t count);

/* ---- key (key.c) ---- */

struct li_key {
    int key;  /* 0 = C .. 11 = B, -1 unknown */
    int mode; /* 1 major, 0 minor */
    double confidence, tuning_hz, chroma_entropy;
};

struct li_chroma;
struct li_chroma *li_chroma_new(void);
void li_chroma_free(struct li_chroma *chroma);
void li_chroma_reset(struct li_chroma *chroma);
void li_chroma_add(struct li_chroma *chroma, const struct li_peak_frame *frame);
void li_chroma_finish(struct li_chroma *chroma, struct li_key *out);
const float (*li_chroma_history(const struct li_chroma *chroma, size_t *count))[12];

/* ---- onset strength (onset.c) ---- */

enum { LI_SEGMENT_FRAMES = 3000, LI_SEGMENT_HOP = 1500 }; /* 30 s and 15 s of 10-ms frames */

struct li_onset {
    float strength, low, high; /* rise of all bands, of those below 450 Hz, of those above 3.7 kHz; nepers */
    float beat; /* the rise with the low bands counted more: what tempo and beats are heard in */
};

/* The onset strength of a segment of frames, whose levels are taken against the segment's own mean. */
void li_onset_do(const struct li_mel_frame *frames, size_t count, struct li_onset *out);

/* ---- tempo (tempo.c) ---- */

struct li_tempo_result {
    double bpm, alternative_bpm; /* NAN when there is none */
    double pulse, confidence;    /* 0..1 */
};

/* Takes the local mean of a second from the onset strength, keeps what is above and smooths it. scratch has
 * room for count values. */
void li_onset_sharpen(const float *onset, size_t count, double frame_rate_hz, float *scratch, float *out);

struct li_tempo;
struct li_tempo *li_tempo_new(double frame_rate_hz);
void li_tempo_free(struct li_tempo *tempo);
void li_tempo_reset(struct li_tempo *tempo);

/* Adds one segment of at most LI_SEGMENT_FRAMES values of onset strength. */
void li_tempo_add(struct li_tempo *tempo, const float *onset, size_t count);
void li_tempo_finish(struct li_tempo *tempo, struct li_tempo_result *out);

/* ---- beats (beats.c) and metre (meter.c) ---- */

enum { LI_BEATS_MAX = LI_TRACE_MAX_S * 4, LI_BEAT_STEP_MAX = 512 };

struct li_beats;
struct li_beats *li_beats_new(void);
void li_beats_free(struct li_beats *beats);

/* Finds the beats of a tempo in at most LI_TRACE_MAX_S seconds of onset strength, the first value of which
 * stands at start_s, and returns their number; 0 when the tempo is none. */
size_t li_beats_do(struct li_beats *beats, const float *onset, size_t count, double frame_rate_hz,
                   double start_s, double bpm);

/* Their times in seconds, until the next do. */
const float *li_beats_times(const struct li_beats *beats);

/* 3 or 4 beats a bar, or 0 when there is nothing to tell it by. scratch has room for the trace's beats.
 * *confidence 0..1, NAN with 0. */
int li_meter_do(const struct li_trace *trace, float *scratch, double *confidence);

/* ---- texture: the descriptors that are gathered frame by frame (texture.c) ---- */

struct li_texture;
struct li_texture *li_texture_new(double frame_rate_hz);
void li_texture_free(struct li_texture *texture);
void li_texture_reset(struct li_texture *texture);

/* Adds frames from..count-1 of a segment and their onset strength; those before are only looked back at. */
void li_texture_add(struct li_texture *texture, const struct li_mel_frame *frames,
                    const struct li_onset *onset, size_t from, size_t count);
void li_texture_add_peaks(struct li_texture *texture, const struct li_peak_frame *frame);

/* Writes the descriptors that are measured here and leaves the others. */
void li_texture_finish(const struct li_texture *texture, struct li_descriptors *out);

/* ---- the slope of fluctuations (dfa.c) ---- */

enum { LI_DFA_SCALES = 36 };

/* Zeroed is empty. */
struct li_dfa {
    double residual[LI_DFA_SCALES]; /* mean squared residuals, summed over pieces */
    uint64_t pieces[LI_DFA_SCALES];
};

/* Adds a series of 10-ms levels of at most LI_SEGMENT_FRAMES values. */
void li_dfa_add(struct li_dfa *dfa, const float *levels, size_t count);

/* The mean slope, or NAN when the series was too short. */
double li_dfa_slope(const struct li_dfa *dfa);

/* ---- perceptual features (features.c) ---- */

/* Fills energy, danceability, valence, acousticness and speechiness, and how far to trust them. */
void li_audio_features(const struct li_descriptors *descriptors, struct li_features *features,
                       double confidence[LI_FEATURE_COUNT]);

/* data/audio_model.tsv, by tools/tables.py. */
enum { LI_AUDIO_MODELS = 5 };

struct li_audio_model {
    enum li_feature feature;
    bool logistic;     /* the sum goes through the logistic function; else it is clipped to 0..1 */
    double confidence; /* 0..1: how far to trust the feature */
    double coefficient[LI_SOUND_TERM_COUNT];
};

extern const struct li_audio_model li_audio_models[LI_AUDIO_MODELS];
extern const bool li_audio_calibrated; /* whether the coefficients were fitted to labelled music */

#endif
