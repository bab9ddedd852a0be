/* The perceptual features: ids, ranges, and that more of what makes a feature never lowers it. */
#include "audio/audio_priv.h"
#include "check.h"
#include "synth.h"

static struct li_descriptors ordinary(void) {
    struct li_descriptors d = {0};
    d.value[LI_DESC_LOUDNESS] = -12;
    d.value[LI_DESC_LOUDNESS_RANGE] = 7;
    d.value[LI_DESC_CREST] = 12;
    d.value[LI_DESC_ONSET_RATE] = 5;
    d.value[LI_DESC_FLUX_LOW] = 0.6;
    d.value[LI_DESC_PULSE] = 0.4;
    d.value[LI_DESC_TEMPO] = 110;
    d.value[LI_DESC_ENTROPY] = 0.5;
    d.value[LI_DESC_CENTROID] = 800;
    d.value[LI_DESC_HIGH_SHARE] = 0.05;
    d.value[LI_DESC_LOW_ENERGY] = 0.3;
    d.value[LI_DESC_FLUCTUATION] = 0.8;
    d.value[LI_DESC_MODE] = 1;
    return d;
}

static double feature_of(const struct li_descriptors *descriptors, enum li_feature feature) {
    struct li_features features;
    double confidence[LI_FEATURE_COUNT];
    li_audio_features(descriptors, &features, confidence);
    check(confidence[feature] > 0 && confidence[feature] <= 1, "%g", confidence[feature]);
    return features.value[feature];
}

static void test_ids(void **state) {
    (void)state;
    for (size_t i = 0; i < LI_DESCRIPTOR_COUNT; i++) {
        check(li_descriptor_id(i) && li_descriptor_id(i)[0], "descriptor %zu", i);
        for (size_t k = 0; k < i; k++)
            check(strcmp(li_descriptor_id(i), li_descriptor_id(k)) != 0, "%s", li_descriptor_id(i));
    }
    for (size_t i = 0; i < LI_SOUND_TERM_COUNT; i++)
        check(li_audio_term_id(i) && li_audio_term_id(i)[0], "term %zu", i);
    assert_null(li_descriptor_id(LI_DESCRIPTOR_COUNT));
    assert_null(li_audio_term_id(LI_SOUND_TERM_COUNT));
    assert_string_equal(li_descriptor_id(LI_DESC_MFCC_MEAN + 12), "mfcc_mean_13");
    assert_string_equal(li_descriptor_id(LI_DESC_MFCC_SPREAD), "mfcc_spread_1");
}

/* Each row: from low to high values of a descriptor the feature only rises, or only falls. */
static void test_monotonic(void **state) {
    (void)state;
    static const struct {
        enum li_descriptor descriptor;
        double low, high;
        enum li_feature feature;
        double sign;
    } table[] = {
        {LI_DESC_LOUDNESS, -60, 0, LI_ENERGY, 1},
        {LI_DESC_ONSET_RATE, 0, 20, LI_ENERGY, 1},
        {LI_DESC_ENTROPY, 0, 1, LI_ENERGY, 1},
        {LI_DESC_LOW_ENERGY, 0, 1, LI_ENERGY, -1},
        {LI_DESC_PULSE, 0, 1, LI_DANCEABILITY, 1},
        {LI_DESC_FLUX_LOW, 0, 2, LI_DANCEABILITY, 1},
        {LI_DESC_FLUCTUATION, 0.4, 1.6, LI_DANCEABILITY, -1},
        {LI_DESC_LOUDNESS, -60, 0, LI_ACOUSTICNESS, -1},
        {LI_DESC_CENTROID, 0, 5000, LI_ACOUSTICNESS, -1},
        {LI_DESC_CREST, 0, 30, LI_ACOUSTICNESS, 1},
        {LI_DESC_MODE, 0, 1, LI_VALENCE, 1},
        {LI_DESC_PULSE, 0, 1, LI_VALENCE, 1},
        {LI_DESC_HIGH_SHARE, 0, 1, LI_SPEECHINESS, 1},
        {LI_DESC_PULSE, 0, 1, LI_SPEECHINESS, -1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct li_descriptors d = ordinary();
        double before = -table[i].sign;
        for (int step = 0; step <= 20; step++) {
            d.value[table[i].descriptor] = table[i].low + (table[i].high - table[i].low) * step / 20;
            double value = feature_of(&d, table[i].feature);
            check(value >= 0 && value <= 1, "row %zu: %g", i, value);
            check(step == 0 || (value - before) * table[i].sign >= -1e-12, "row %zu: %g after %g", i, value,
                  before);
            before = value;
        }
    }
}

static void test_what_is_unknown(void **state) {
    (void)state;
    static const enum li_feature unit[] = {LI_ENERGY, LI_DANCEABILITY, LI_VALENCE, LI_ACOUSTICNESS,
                                           LI_SPEECHINESS};
    for (size_t i = 0; i < LI_DESCRIPTOR_COUNT; i++) {
        struct li_descriptors d = ordinary();
        d.value[i] = NAN;
        for (size_t k = 0; k < 5; k++) {
            double value = feature_of(&d, unit[k]);
            check(value >= 0 && value <= 1, "%s unknown: feature %d is %g", li_descriptor_id(i), unit[k],
                  value);
        }
    }
}

/* The same sound, louder, or with more in it. */
static void test_louder_and_busier(void **state) {
    (void)state;
    double before = -1;
    for (int db = -40; db <= -5; db += 5) {
        struct sound sound = sound_new(22050, 1, 8);
        sound_add_clicks(&sound, 120, 0.5 * pow(10, db / 20.0));
        sound_add_sine(&sound, 220, 0.3 * pow(10, db / 20.0), 0, 8);
        double energy = sound_analyze(&sound, 4096).features.value[LI_ENERGY];
        check(energy >= before - 1e-6, "%d dB: %g after %g", db, energy, before);
        before = energy;
        sound_free(&sound);
    }
    before = -1;
    for (double bpm = 60; bpm <= 480; bpm *= 2) {
        struct sound sound = sound_new(22050, 1, 10);
        sound_add_clicks(&sound, bpm, 0.5);
        sound_add_sine(&sound, 220, 0.05, 0, 10);
        double energy = sound_analyze(&sound, 4096).features.value[LI_ENERGY];
        check(energy > before, "%g clicks a minute: %g after %g", bpm, energy, before);
        before = energy;
        sound_free(&sound);
    }
}

/* The fluctuation of white noise is known: a slope of one half; of its running sum: one and a half. */
static void test_fluctuation(void **state) {
    (void)state;
    static float noise[LI_SEGMENT_FRAMES], walk[LI_SEGMENT_FRAMES];
    unsigned seed = 1;
    struct li_dfa white = {0}, brown = {0};
    check(isnan(li_dfa_slope(&white)), "an empty series has a slope");
    for (int segment = 0; segment < 20; segment++) {
        float sum = 0;
        for (size_t i = 0; i < LI_SEGMENT_FRAMES; i++) {
            seed = seed * 1664525u + 1013904223u;
            noise[i] = (float)(seed >> 8) / 8388608.0f - 1;
            walk[i] = sum += noise[i];
        }
        li_dfa_add(&white, noise, LI_SEGMENT_FRAMES);
        li_dfa_add(&brown, walk, LI_SEGMENT_FRAMES);
    }
    check_near(li_dfa_slope(&white), 0.5, 0.06);
    check_near(li_dfa_slope(&brown), 1.5, 0.12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_monotonic),
        cmocka_unit_test(test_what_is_unknown),
        cmocka_unit_test(test_louder_and_busier),
        cmocka_unit_test(test_fluctuation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
