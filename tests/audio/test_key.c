/* Key: cadences in all keys, in any tuning. */
#include "audio/audio_priv.h"
#include "check.h"
#include "synth.h"

/* Degrees above the tonic and whether the triad is major, a second each. */
struct chord {
    int degree, quality;
};

static const struct chord major_cadence[8] = {{0, 1}, {5, 1}, {7, 1}, {0, 1}, {9, 0}, {5, 1}, {7, 1}, {0, 1}};
static const struct chord minor_cadence[8] = {{0, 0}, {5, 0}, {7, 1}, {0, 0}, {8, 1}, {5, 0}, {7, 1}, {0, 0}};

static struct li_analysis hear_cadence(int tonic, int mode, double a4_hz, int rate_hz, double gain) {
    struct sound sound = sound_new(rate_hz, 1, 16);
    const struct chord *cadence = mode ? major_cadence : minor_cadence;
    for (int i = 0; i < 16; i++)
        sound_add_triad(&sound, a4_hz, (tonic + cadence[i % 8].degree) % 12, cadence[i % 8].quality, i, 0.95);
    for (size_t i = 0; i < sound.frames; i++)
        sound.samples[i] *= (float)gain;
    struct li_analysis heard = sound_analyze(&sound, 4096);
    sound_free(&sound);
    return heard;
}

static void test_all_keys(void **state) {
    (void)state;
    for (int mode = 0; mode < 2; mode++)
        for (int tonic = 0; tonic < 12; tonic++) {
            struct li_analysis heard = hear_cadence(tonic, mode, 440, 22050, 1);
            check(heard.key == tonic && heard.features.value[LI_MODE] == mode,
                  "key %d mode %d is heard as %d %g", tonic, mode, heard.key, heard.features.value[LI_MODE]);
            check(heard.key_confidence > 0 && heard.key_confidence <= 1, "%g", heard.key_confidence);
            check_near(heard.tuning_hz, 440, 1.5);
        }
}

static void test_tuning(void **state) {
    (void)state;
    static const double a4_hz[] = {430, 435, 442, 446, 450};
    for (size_t i = 0; i < sizeof a4_hz / sizeof *a4_hz; i++) {
        struct li_analysis heard = hear_cadence(2, 1, a4_hz[i], 22050, 1);
        check(heard.key == 2 && heard.features.value[LI_MODE] == 1, "a4 at %g Hz: %d", a4_hz[i], heard.key);
        check_near(heard.tuning_hz, a4_hz[i], 1.5);
    }
}

static void test_rate_and_gain_do_not_matter(void **state) {
    (void)state;
    static const int rates_hz[] = {8000, 11025, 16000, 32000, 44100, 48000, 88200, 192000};
    for (size_t i = 0; i < sizeof rates_hz / sizeof *rates_hz; i++)
        check(hear_cadence(9, 0, 440, rates_hz[i], 1).key == 9, "%d Hz", rates_hz[i]);
    struct li_analysis loud = hear_cadence(9, 0, 440, 22050, 1), soft = hear_cadence(9, 0, 440, 22050, 0.01);
    check(loud.key == soft.key, "%d is not %d", loud.key, soft.key);
    check_near(loud.key_confidence, soft.key_confidence, 1e-3);
}

/* Played faster by k semitones, the key goes up by k. */
static void test_transposition(void **state) {
    (void)state;
    static const int shifts[] = {-3, -1, 2, 4};
    for (size_t i = 0; i < 4; i++) {
        double a4_hz = 440 * pow(2, shifts[i] / 12.0);
        struct li_analysis heard = hear_cadence(7, 1, a4_hz, 44100, 1);
        check(heard.key == (7 + shifts[i] + 12) % 12 && heard.features.value[LI_MODE] == 1, "%+d: %d",
              shifts[i], heard.key);
    }
}

/* Chords from the object itself: one triad all the time speaks of its own key. */
static void test_chords(void **state) {
    (void)state;
    for (int tonic = 0; tonic < 12; tonic++) {
        struct li_chords chords = {0};
        float chroma[12] = {0}, bass[12] = {0};
        bass[tonic] = 1;
        chroma[tonic] = chroma[(tonic + 4) % 12] = chroma[(tonic + 7) % 12] = 0.577f;
        for (int i = 0; i < 20; i++)
            li_chords_add(&chords, chroma, bass);
        for (int other = 0; other < 12; other++)
            for (int mode = 0; mode < 2; mode++)
                check((other == tonic && mode == 1) ||
                          li_chords_fit(&chords, other, mode) < li_chords_fit(&chords, tonic, 1),
                      "%d %d", other, mode);
    }
}

static void test_no_tones(void **state) {
    (void)state;
    struct sound sound = sound_new(22050, 1, 5);
    sound_add_clicks(&sound, 120, 1e-5); /* too soft for any peak, not for being heard at all */
    sound_add_sine(&sound, 5000, 0.3, 0, 5);
    struct li_analysis heard = sound_analyze(&sound, 4096);
    check(heard.key >= -1 && heard.key < 12, "%d", heard.key);
    check((heard.key == -1) == (isnan(heard.features.value[LI_MODE]) != 0), "%d", heard.key);
    sound_free(&sound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_keys),
        cmocka_unit_test(test_tuning),
        cmocka_unit_test(test_rate_and_gain_do_not_matter),
        cmocka_unit_test(test_transposition),
        cmocka_unit_test(test_chords),
        cmocka_unit_test(test_no_tones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
