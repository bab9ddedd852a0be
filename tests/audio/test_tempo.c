/* Tempo: clicks whose tempo is known, and what must not change it. */
#include "audio/audio_priv.h"
#include "check.h"
#include "synth.h"

static bool octave_of(double bpm, double truth) {
    static const double ratios[] = {1, 2, 0.5, 3, 1.0 / 3};
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
        if (fabs(bpm / truth / ratios[i] - 1) < 0.01)
            return true;
    return false;
}

static struct li_analysis hear_clicks(double bpm, int rate_hz, double gain, double seconds) {
    struct sound sound = sound_new(rate_hz, 1, seconds);
    sound_add_clicks(&sound, bpm, gain);
    struct li_analysis heard = sound_analyze(&sound, 4096);
    sound_free(&sound);
    return heard;
}

/* From 80 to 150 BPM clicks have no other octave to be taken for; beyond, either octave is right, and the one
 * that was not taken is offered. */
static void test_clicks(void **state) {
    (void)state;
    for (double bpm = 60; bpm <= 200; bpm += 7) {
        struct li_analysis heard = hear_clicks(bpm, 22050, 0.5, 30);
        double got = heard.features.value[LI_TEMPO];
        if (bpm >= 80 && bpm <= 150)
            check(fabs(got / bpm - 1) < 0.005, "%g BPM is heard as %g", bpm, got);
        check(octave_of(got, bpm), "%g BPM is heard as %g", bpm, got);
        check(fabs(got / bpm - 1) < 0.005 || fabs(heard.tempo_alternative_bpm / bpm - 1) < 0.005,
              "%g BPM is heard as %g or %g", bpm, got, heard.tempo_alternative_bpm);
        check(heard.confidence[LI_TEMPO] > 0.2 && heard.confidence[LI_TEMPO] <= 1, "%g",
              heard.confidence[LI_TEMPO]);
    }
}

static void test_gain_and_rate_do_not_matter(void **state) {
    (void)state;
    static const int rates_hz[] = {8000, 11025, 16000, 32000, 44100, 48000, 96000, 192000};
    double plain = hear_clicks(113, 22050, 0.5, 20).features.value[LI_TEMPO];
    for (size_t i = 0; i < sizeof rates_hz / sizeof *rates_hz; i++)
        check_near(hear_clicks(113, rates_hz[i], 0.5, 20).features.value[LI_TEMPO], plain, 0.5);
    check_near(hear_clicks(113, 22050, 0.005, 20).features.value[LI_TEMPO], plain, 0.1);
}

static void test_short_and_long(void **state) {
    (void)state;
    static const double seconds[] = {4, 10, 29.9, 44, 46, 61, 130};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        check(fabs(hear_clicks(100, 11025, 0.5, seconds[i]).features.value[LI_TEMPO] - 100) < 1, "%g s",
              seconds[i]);
}

/* A tone without beginning or end has no tempo worth trusting. */
static void test_no_onsets(void **state) {
    (void)state;
    struct sound sound = sound_new(22050, 1, 10);
    sound_add_sine(&sound, 440, 0.3, 0, 10);
    struct li_analysis heard = sound_analyze(&sound, 4096);
    check(isnan(heard.features.value[LI_TEMPO]) || heard.confidence[LI_TEMPO] < 0.9, "%g",
          heard.confidence[LI_TEMPO]);
    check(heard.onset_rate_hz < 0.5, "%g onsets a second", heard.onset_rate_hz);
    sound_free(&sound);
}

static void test_onsets_are_counted(void **state) {
    (void)state;
    static const double bpm[] = {60, 120, 300};
    for (size_t i = 0; i < 3; i++)
        check_near(hear_clicks(bpm[i], 44100, 0.5, 20).onset_rate_hz, bpm[i] / 60, 0.1);
}

/* Bars of so many beats: a low drum on the first, a click on the others, another chord each bar. */
static struct sound bars(int beats, double bpm, double seconds) {
    static const int roots[4] = {0, 5, 7, 9};
    struct sound sound = sound_new(22050, 1, seconds);
    sound_add_clicks(&sound, bpm, 0.4);
    double beat_s = 60 / bpm;
    for (int bar = 0; (bar + 1) * beats * beat_s < seconds; bar++) {
        sound_add_pluck(&sound, 65, 0.2, 0.1 + bar * beats * beat_s, 0.3);
        sound_add_triad(&sound, 440, roots[bar % 4], bar % 4 != 3, 0.1 + bar * beats * beat_s,
                        beats * beat_s * 0.95);
    }
    return sound;
}

static void test_beats_and_bars(void **state) {
    (void)state;
    static const struct {
        int beats;
        double bpm;
    } table[] = {{3, 95}, {3, 120}, {3, 140}, {4, 95}, {4, 120}, {4, 140}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct sound sound = bars(table[i].beats, table[i].bpm, 40);
        struct li_analyzer *analyzer = NULL;
        struct li_analysis heard;
        struct li_trace trace;
        assert_int_equal(li_analyzer_new(22050, 1, &analyzer, NULL), LI_OK);
        li_analyzer_push(analyzer, sound.samples, sound.frames);
        assert_int_equal(li_analyzer_finish(analyzer, &heard, NULL), LI_OK);
        check(heard.time_signature == table[i].beats, "%d beats at %g BPM are heard as %d at %g",
              table[i].beats, table[i].bpm, heard.time_signature, heard.features.value[LI_TEMPO]);
        check(heard.time_signature_confidence > 0 && heard.time_signature_confidence <= 1, "%g",
              heard.time_signature_confidence);
        li_analyzer_trace(analyzer, &trace);
        double beat_s = 60 / heard.features.value[LI_TEMPO];
        check(fabs((double)trace.beat_count * beat_s - 40) < 3, "%zu beats", trace.beat_count);
        for (size_t k = 1; k < trace.beat_count; k++) {
            double step = (double)(trace.beat_s[k] - trace.beat_s[k - 1]);
            check(fabs(step / beat_s - 1) < 0.1, "beat %zu comes after %g s", k, step);
            double place = ((double)trace.beat_s[k] - 0.1) / (60 / table[i].bpm);
            check(fabs(place - round(place)) * 60 / table[i].bpm < 0.04 ||
                      heard.features.value[LI_TEMPO] > 150,
                  "beat %zu is at %g s", k, (double)trace.beat_s[k]);
        }
        li_analyzer_free(analyzer);
        sound_free(&sound);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clicks),
        cmocka_unit_test(test_gain_and_rate_do_not_matter),
        cmocka_unit_test(test_short_and_long),
        cmocka_unit_test(test_no_onsets),
        cmocka_unit_test(test_onsets_are_counted),
        cmocka_unit_test(test_beats_and_bars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
