/* Loudness: the known answers of EBU Tech 3341 and 3342, and libebur128 where the machine has it. */
#include "audio/audio_priv.h"
#include "check.h"
#include "synth.h"

#if __has_include(<ebur128.h>)
#include <ebur128.h>
#define HAVE_EBUR128 1
#else
#define HAVE_EBUR128 0
#endif

/* Stretches of a 1 kHz sine in both channels, dBFS of its peak. */
struct stretch {
    double seconds, dbfs;
};

static const struct {
    const char *name;
    struct stretch stretch[5];
    double lufs;  /* within 0.1 LU: EBU Tech 3341 */
    double range; /* within 1 LU: EBU Tech 3342, or NAN */
} vectors[] = {
    {"3341-1", {{20, -23}}, -23, NAN},
    {"3341-2", {{20, -33}}, -33, NAN},
    {"3341-3", {{10, -36}, {60, -23}, {10, -36}}, -23, NAN},
    {"3341-4", {{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}}, -23, NAN},
    {"3341-5", {{20, -26}, {20.1, -20}, {20, -26}}, -23, NAN},
    {"3342-1", {{20, -20}, {20, -30}}, NAN, 10},
    {"3342-2", {{20, -20}, {20, -15}}, NAN, 5},
    {"3342-3", {{20, -40}, {20, -20}}, NAN, 20},
    {"3342-4", {{20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}}, NAN, 15},
};

static struct sound make(const struct stretch stretch[5], int rate_hz, int channels) {
    double seconds = 0, at = 0;
    for (int i = 0; i < 5; i++)
        seconds += stretch[i].seconds;
    struct sound sound = sound_new(rate_hz, channels, seconds);
    for (int i = 0; i < 5; at += stretch[i++].seconds)
        sound_add_sine(&sound, 1000, pow(10, stretch[i].dbfs / 20), at, at + stretch[i].seconds);
    return sound;
}

static void test_vectors(void **state) {
    (void)state;
    static const int others_hz[] = {22050, 44100, 96000};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const int rates_hz[] = {48000, others_hz[i % 3]};
        for (size_t r = 0; r < 2; r++) {
            struct sound sound = make(vectors[i].stretch, rates_hz[r], 2);
            struct li_analysis heard = sound_analyze(&sound, 4096);
            double lufs = heard.features.value[LI_LOUDNESS];
            check(isnan(vectors[i].lufs) || fabs(lufs - vectors[i].lufs) <= 0.1, "%s at %d Hz: %g LUFS",
                  vectors[i].name, rates_hz[r], lufs);
            check(isnan(vectors[i].range) || fabs(heard.loudness_range_lu - vectors[i].range) <= 1,
                  "%s at %d Hz: %g LU", vectors[i].name, rates_hz[r], heard.loudness_range_lu);
            sound_free(&sound);
        }
    }
}

/* One channel is played by two loudspeakers: it counts as loud as the same sound in stereo. */
static void test_mono_is_dual_mono(void **state) {
    (void)state;
    struct stretch one[5] = {{5, -20}};
    struct sound mono = make(one, 44100, 1), stereo = make(one, 44100, 2);
    double a = sound_analyze(&mono, 1000).features.value[LI_LOUDNESS];
    double b = sound_analyze(&stereo, 1000).features.value[LI_LOUDNESS];
    check_near(a, b, 1e-4);
    check_near(a, -20, 0.1);
    sound_free(&mono);
    sound_free(&stereo);
}

static void test_peak(void **state) {
    (void)state;
    struct sound sound = sound_new(44100, 2, 4);
    sound_add_noise(&sound, 0.1, 5);
    sound.samples[100001] = -0.5f;
    check_near(sound_analyze(&sound, 777).peak_dbfs, 20 * log10(0.5), 1e-6);
    sound_free(&sound);
}

#if HAVE_EBUR128
static double reference(const struct sound *sound, double *range) {
    ebur128_state *meter = ebur128_init((unsigned)sound->channels, (unsigned long)sound->rate_hz,
                                        EBUR128_MODE_I | EBUR128_MODE_LRA);
    double lufs;
    check(meter, "memory");
    if (sound->channels == 1)
        ebur128_set_channel(meter, 0, EBUR128_DUAL_MONO);
    ebur128_add_frames_float(meter, sound->samples, sound->frames);
    ebur128_loudness_global(meter, &lufs);
    ebur128_loudness_range(meter, range);
    ebur128_destroy(&meter);
    return lufs;
}
#endif

/* Noise and tones that swell, at any rate and with up to six channels. */
static void test_against_libebur128(void **state) {
    (void)state;
#if HAVE_EBUR128
    static const int rates_hz[] = {8000, 11025, 22050, 32000, 44100, 48000, 96000, 192000};
    for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++) {
        for (int channels = 1; channels <= 6; channels += rates_hz[r] == 44100 ? 1 : 5) {
            struct sound sound = sound_new(rates_hz[r], channels, 8);
            sound_add_noise(&sound, 0.1, 9);
            sound_add_sine(&sound, 60, 0.3, 0, 8);
            sound_add_sine(&sound, 3000, 0.2, 2, 6);
            for (size_t i = 0; i < sound.frames * (size_t)channels; i++) {
                size_t c = i % (size_t)channels;
                double t = (double)(i / (size_t)channels) / sound.rate_hz;
                sound.samples[i] *= (float)((0.1 + fabs(sin(t * 0.7))) / (1 + (double)c));
            }
            double range = 0, lufs = reference(&sound, &range);
            struct li_analysis heard = sound_analyze(&sound, 3000);
            check(fabs(heard.features.value[LI_LOUDNESS] - lufs) <= 0.05,
                  "%d Hz, %d channels: %g not %g LUFS", rates_hz[r], channels,
                  heard.features.value[LI_LOUDNESS], lufs);
            check(fabs(heard.loudness_range_lu - range) <= 1, "%d Hz, %d channels: %g not %g LU", rates_hz[r],
                  channels, heard.loudness_range_lu, range);
            sound_free(&sound);
        }
    }
#else
    print_message("libebur128 is not installed: nothing to compare with\n");
    skip();
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_mono_is_dual_mono),
        cmocka_unit_test(test_peak),
        cmocka_unit_test(test_against_libebur128),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
