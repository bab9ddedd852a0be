/* What WebAssembly exports, built natively: the same answers as the library behind it, and the unhappy ways.
 */
#include "check.h"
#include "synth.h"

#include <limits.h>

#include "wasm/wasm.h"

/* Each channel its own chord, in rows as the browser hands them out. */
static struct sound chords(int channels) {
    struct sound sound = sound_new(22050, channels, 4);
    for (size_t i = 0; i < sound.frames; i++)
        for (int c = 0; c < channels; c++)
            sound.samples[i * (size_t)channels + (size_t)c] =
                (float)(0.3 * sin(2 * PI * (220 + 55 * c) * (double)i / sound.rate_hz));
    return sound;
}

static void push_rows(struct li_wasm_analyzer *analyzer, const struct sound *sound, size_t block) {
    size_t channels = (size_t)sound->channels;
    for (size_t from = 0; from < sound->frames; from += block) {
        size_t frames = sound->frames - from < block ? sound->frames - from : block;
        float *rows = li_wasm_analyzer_block(analyzer);
        for (size_t c = 0; c < channels; c++)
            for (size_t i = 0; i < frames; i++)
                rows[c * LI_WASM_BLOCK_FRAMES + i] = sound->samples[(from + i) * channels + c];
        li_wasm_analyzer_push(analyzer, frames);
    }
}

static void same_as_the_library(void **state) {
    static const int channels[] = {1, 2, 3, 8};
    static const size_t blocks[] = {1000, LI_WASM_BLOCK_FRAMES};
    (void)state;
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        struct sound sound = chords(channels[i]);
        struct li_analyzer *plain = NULL;
        struct li_wasm_analyzer *rows = NULL;
        struct li_analysis wanted;
        struct li_wasm_analysis heard;
        char message[LI_WASM_MESSAGE_BYTES] = "";
        assert_int_equal(li_analyzer_new(sound.rate_hz, sound.channels, &plain, NULL), LI_OK);
        assert_int_equal(li_wasm_analyzer_new(sound.rate_hz, sound.channels, &rows, message), LI_OK);
        li_analyzer_push(plain, sound.samples, sound.frames);
        assert_int_equal(li_analyzer_finish(plain, &wanted, NULL), LI_OK);
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) { /* the second time it is used again */
            push_rows(rows, &sound, blocks[b]);
            assert_int_equal(li_wasm_analyzer_finish(rows, &heard, message), LI_OK);
            check(memcmp(heard.feature, wanted.features.value, sizeof heard.feature) == 0, "%d channels",
                  channels[i]);
            check_near(heard.duration_s, wanted.duration_s, 0);
            check_near(heard.key, wanted.key, 0);
            check_near(heard.tuning_hz, wanted.tuning_hz, 0);
        }
        li_wasm_analyzer_free(rows);
        li_analyzer_free(plain);
        sound_free(&sound);
    }
}

static void refusals(void **state) {
    static const struct {
        int rate_hz, channels;
        const char *words;
    } cases[] = {
        {7999, 1, "7999 Hz"}, {192001, 1, "192001 Hz"}, {44100, 0, "0 channels"}, {44100, 9, "9 channels"}};
    char message[LI_WASM_MESSAGE_BYTES];
    struct li_wasm_analyzer *analyzer = NULL;
    struct li_wasm_analysis heard = {.key = 77};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(li_wasm_analyzer_new(cases[i].rate_hz, cases[i].channels, &analyzer, message),
                         LI_UNSUPPORTED);
        check(strstr(message, cases[i].words) && !analyzer, "%s", message);
    }
    assert_int_equal(li_wasm_analyzer_new(8000, 1, &analyzer, message), LI_OK);
    li_wasm_analyzer_push(analyzer, SIZE_MAX); /* no more than a block is taken */
    assert_int_equal(li_wasm_analyzer_finish(analyzer, &heard, message), LI_INVALID);
    check(strstr(message, "0.25 s long") && heard.key == 77, "%s", message);
    li_wasm_analyzer_free(analyzer);
    li_wasm_analyzer_free(NULL);
}

static void profile_of_tracks(void **state) {
    static const double calm = 0.1, loud = 0.9;
    double features[2 * LI_FEATURE_COUNT];
    struct li_wasm_reading readings[2], alone;
    struct li_wasm_profile profile;
    char message[LI_WASM_MESSAGE_BYTES] = "";
    (void)state;
    for (size_t i = 0; i < 2 * LI_FEATURE_COUNT; i++)
        features[i] = NAN;
    features[LI_ENERGY] = calm;
    features[LI_FEATURE_COUNT + LI_ENERGY] = loud;
    features[LI_TEMPO] = 80;
    assert_int_equal(li_wasm_profile(features, 2, readings, &profile, message), LI_OK);
    check_near(profile.mean[LI_ENERGY], 0.5, 1e-12);
    check_near(profile.spread[LI_ENERGY], 0.4, 1e-12);
    check_near(profile.mean[LI_TEMPO], 80, 0); /* only one of them knows it */
    check_near(profile.spread[LI_TEMPO], 0, 0);
    assert_true(isnan(profile.mean[LI_VALENCE]) && isnan(profile.spread[LI_VALENCE]));
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        check_near(profile.score[e], (readings[0].p[e] + readings[1].p[e]) / 2, 1e-12);
    for (size_t e = 1; e < LI_EMOTION_COUNT; e++)
        check(profile.score[(size_t)profile.order[e - 1]] >= profile.score[(size_t)profile.order[e]], "%zu",
              e);
    assert_non_null(strstr(profile.description[LI_LANG_EN], "It is"));
    assert_non_null(strstr(profile.description[LI_LANG_FR], "Chez toi"));
    li_wasm_read(features, &alone);
    assert_memory_equal(&alone, &readings[0], sizeof alone);

    assert_int_equal(li_wasm_profile(features, 0, readings, &profile, message), LI_INVALID);
    assert_string_equal(message, "a profile is made of 1 to 100000 tracks, not of 0");
    assert_int_equal(li_wasm_profile(features, LI_WASM_TRACKS_MAX + 1, readings, &profile, message),
                     LI_INVALID);
}

static void words(void **state) {
    static const struct {
        enum li_wasm_word kind;
        unsigned index;
        enum li_lang lang;
        const char *word;
    } cases[] = {
        {LI_WASM_STATUS_NAME, LI_OK, LI_LANG_EN, ""},
        {LI_WASM_STATUS_NAME, LI_NO_MEMORY, LI_LANG_EN, "no_memory"},
        {LI_WASM_FEATURE_ID, LI_ENERGY, LI_LANG_EN, "energy"},
        {LI_WASM_FEATURE_ID, LI_FEATURE_COUNT, LI_LANG_EN, ""},
        {LI_WASM_EMOTION_ID, LI_EMOTION_COUNT, LI_LANG_EN, ""},
        {LI_WASM_EMOTION_NAME, LI_EMOTION_COUNT, LI_LANG_FR, ""},
        {LI_WASM_EMOTION_COLOR, UINT_MAX, LI_LANG_FR, ""},
        {LI_WASM_TERM_ID, LI_TERM_QUIET, LI_LANG_EN, "quiet"},
        {LI_WASM_TERM_ID, LI_TERM_COUNT, LI_LANG_EN, ""},
    };
    struct li_wasm_emotion emotion = {1, 2, 3};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(li_wasm_word(cases[i].kind, cases[i].index, cases[i].lang), cases[i].word);
    for (unsigned e = 0; e < LI_EMOTION_COUNT; e++) {
        const struct li_emotion *wanted = li_emotion_at(e);
        assert_string_equal(li_wasm_word(LI_WASM_EMOTION_ID, e, LI_LANG_EN), wanted->id);
        assert_string_equal(li_wasm_word(LI_WASM_EMOTION_NAME, e, LI_LANG_FR), wanted->label[LI_LANG_FR]);
        assert_string_equal(li_wasm_word(LI_WASM_EMOTION_COLOR, e, LI_LANG_EN), wanted->color);
    }
    for (unsigned t = 0; t <= LI_TERM_COUNT; t++)
        for (int because = -1; because <= 1; because++)
            assert_string_equal(li_wasm_reason(1, t, because, LI_LANG_FR),
                                li_emotion_reason(1, (enum li_term)t, because, LI_LANG_FR));
    li_wasm_emotion(LI_EMOTION_COUNT, &emotion);
    check_near(emotion.base_rate, 3, 0);
    li_wasm_emotion(0, &emotion);
    check_near(emotion.base_rate, li_emotion_at(0)->base_rate, 0);
}

static void memory(void **state) {
    (void)state;
    double *block = li_wasm_alloc(100 * sizeof *block);
    assert_non_null(block);
    for (size_t i = 0; i < 100; i++)
        check_near(block[i], 0, 0);
    li_wasm_free(block);
    li_wasm_free(li_wasm_alloc(0));
    li_wasm_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_the_library),
        cmocka_unit_test(refusals),
        cmocka_unit_test(profile_of_tracks),
        cmocka_unit_test(words),
        cmocka_unit_test(memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
