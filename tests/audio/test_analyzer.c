/* The analyser as a whole: what it promises of blocks, rates, channels, bad samples, memory and use again. */
#include <malloc.h>

#include "audio/audio_priv.h"
#include "check.h"
#include "synth.h"

/* A little music: chords over clicks. */
static struct sound music(int rate_hz, int channels, double seconds) {
    struct sound sound = sound_new(rate_hz, channels, seconds);
    static const int roots[4] = {0, 5, 7, 0};
    sound_add_clicks(&sound, 120, 0.3);
    for (int i = 0; i < (int)seconds; i++)
        sound_add_triad(&sound, 440, roots[i % 4], 1, i, 0.9);
    return sound;
}

static void check_ranges(const struct li_analysis *heard, const char *name) {
    static const enum li_feature unit[] = {LI_ENERGY, LI_DANCEABILITY, LI_VALENCE, LI_ACOUSTICNESS,
                                           LI_SPEECHINESS};
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
        double value = heard->features.value[unit[i]];
        check(isnan(value) || (value >= 0 && value <= 1), "%s: feature %d is %g", name, unit[i], value);
    }
    for (size_t i = 0; i < LI_FEATURE_COUNT; i++) {
        check(isnan(heard->features.value[i]) == isnan(heard->confidence[i]), "%s: feature %zu", name, i);
        check(isnan(heard->confidence[i]) || (heard->confidence[i] >= 0 && heard->confidence[i] <= 1),
              "%s: %zu", name, i);
        check(!isinf(heard->features.value[i]), "%s: feature %zu", name, i);
    }
    check(isnan(heard->features.value[LI_INSTRUMENTALNESS]) && isnan(heard->features.value[LI_LIVENESS]),
          "%s", name);
    double tempo = heard->features.value[LI_TEMPO];
    check(isnan(tempo) || (tempo > 40 && tempo < 240), "%s: %g BPM", name, tempo);
    check(heard->key >= -1 && heard->key < 12, "%s: key %d", name, heard->key);
    check(heard->time_signature == 0 || heard->time_signature == 3 || heard->time_signature == 4, "%s: %d",
          name, heard->time_signature);
}

static void check_same(const struct li_analysis *a, const struct li_analysis *b, const char *name) {
    check(memcmp(&a->features, &b->features, sizeof a->features) == 0, "%s: the features differ", name);
    check(memcmp(a->confidence, b->confidence, sizeof a->confidence) == 0, "%s: the confidence differs",
          name);
    check(a->key == b->key && a->time_signature == b->time_signature, "%s: key %d %d", name, a->key, b->key);
    const double *x = &a->onset_rate_hz, *y = &b->onset_rate_hz;
    check(memcmp(x, y, 4 * sizeof *x) == 0, "%s: the measures differ", name);
}

static void test_block_sizes_give_the_same_bits(void **state) {
    (void)state;
    static const size_t blocks[] = {1, 2, 7, 220, 1024, 1152, 4409, 4410, 4411, 65536, 1000000};
    struct sound sound = music(44100, 2, 7);
    struct li_analysis first = sound_analyze(&sound, 4096);
    check_ranges(&first, "music");
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        char name[32];
        snprintf(name, sizeof name, "blocks of %zu", blocks[i]);
        struct li_analysis heard = sound_analyze(&sound, blocks[i]);
        check_same(&first, &heard, name);
    }
    sound_free(&sound);
}

static void test_rates_and_channels(void **state) {
    (void)state;
    static const int rates_hz[] = {8000,  11025, 12000, 16000, 22050, 24000,
                                   31999, 37800, 44100, 88200, 192000};
    for (size_t i = 0; i < sizeof rates_hz / sizeof *rates_hz; i++)
        for (int channels = 1; channels <= LI_CHANNELS_MAX; channels += rates_hz[i] > 44100 ? 7 : 3) {
            char name[40];
            snprintf(name, sizeof name, "%d Hz, %d channels", rates_hz[i], channels);
            struct sound sound = music(rates_hz[i], channels, 5);
            struct li_analysis heard = sound_analyze(&sound, 5000);
            check_ranges(&heard, name);
            check(fabs(heard.duration_s - 5) < 1e-9, "%s: %g s", name, heard.duration_s);
            check(heard.key == 0 && heard.features.value[LI_MODE] == 1, "%s: key %d", name, heard.key);
            check(fabs(heard.features.value[LI_TEMPO] - 120) < 2, "%s: %g BPM", name,
                  heard.features.value[LI_TEMPO]);
            sound_free(&sound);
        }
}

static void test_formats_that_are_refused(void **state) {
    (void)state;
    static const int table[][2] = {{7999, 2},  {192001, 2}, {0, 1},     {-44100, 1},
                                   {44100, 0}, {44100, 9},  {44100, -1}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct li_analyzer *analyzer = (struct li_analyzer *)&state;
        struct li_error err = {0};
        check(li_analyzer_new(table[i][0], table[i][1], &analyzer, &err) == LI_UNSUPPORTED, "case %zu", i);
        check(analyzer == (struct li_analyzer *)&state && err.message[0], "case %zu", i);
    }
    li_analyzer_free(NULL);
}

static void test_too_short(void **state) {
    (void)state;
    static const double seconds[] = {0, 1.0 / 44100, 0.09, 2.9999};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        struct li_analyzer *analyzer = NULL;
        struct li_error err = {0};
        struct li_analysis heard = {.key = 77};
        struct sound sound = music(44100, 1, seconds[i]);
        assert_int_equal(li_analyzer_new(44100, 1, &analyzer, &err), LI_OK);
        li_analyzer_push(analyzer, sound.samples, sound.frames);
        check(li_analyzer_finish(analyzer, &heard, &err) == LI_INVALID, "%g s", seconds[i]);
        check(heard.key == 77 && strstr(err.message, "3 s"), "%g s: %s", seconds[i], err.message);
        check(!strstr(err.message, "3.00"), "%g s: %s", seconds[i], err.message);
        sound_free(&sound);
        sound = music(44100, 1, 4);
        li_analyzer_push(analyzer, sound.samples, sound.frames);
        check(li_analyzer_finish(analyzer, &heard, &err) == LI_OK, "after %g s: %s", seconds[i], err.message);
        struct li_analysis alone = sound_analyze(&sound, 4096);
        check_same(&heard, &alone, "after a short one");
        li_analyzer_free(analyzer);
        sound_free(&sound);
    }
}

static void test_silence(void **state) {
    (void)state;
    static const double offset[] = {0, 0.5, -1};
    for (size_t i = 0; i < 3; i++) {
        struct sound sound = sound_new(44100, 2, 4);
        for (size_t k = 0; k < 2 * sound.frames; k++)
            sound.samples[k] = (float)offset[i];
        /* A constant is a step where the sound begins; what is left behind it is silence. */
        for (size_t k = 0; k < sound.frames; k++)
            for (int c = 0; c < 2; c++)
                sound.samples[2 * k + (size_t)c] *= (float)fmin(1, (double)k / (double)sound.frames);
        struct li_analysis heard = sound_analyze(&sound, 4096);
        check_ranges(&heard, "silence");
        if (offset[i] == 0) {
            for (size_t k = 0; k < LI_FEATURE_COUNT; k++)
                check(isnan(heard.features.value[k]), "feature %zu of silence is %g", k,
                      heard.features.value[k]);
            check(heard.key == -1 && heard.time_signature == 0 && isnan(heard.peak_dbfs), "key %d",
                  heard.key);
        }
        check_near(heard.duration_s, 4, 1e-9);
        sound_free(&sound);
    }
}

static enum li_status hear(const struct sound *sound, struct li_analysis *out, struct li_error *err) {
    struct li_analyzer *analyzer = NULL;
    assert_int_equal(li_analyzer_new(sound->rate_hz, sound->channels, &analyzer, NULL), LI_OK);
    li_analyzer_push(analyzer, sound->samples, sound->frames);
    enum li_status status = li_analyzer_finish(analyzer, out, err);
    li_analyzer_free(analyzer);
    return status;
}

/* What no sound can be is refused, as a loudness from elsewhere is; what was only clipped is not. */
static void test_far_beyond_full_scale(void **state) {
    (void)state;
    static const struct {
        double peak;
        bool refused;
    } cases[] = {{1, false}, {9.8, false}, {10.2, true}, {16384, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_analysis heard = {.key = 77};
        struct li_error err = {0};
        struct sound sound = sound_new(44100, 2, 4);
        sound_add_sine(&sound, 1000, cases[i].peak, 0, 4); /* a peak of 1 is 0 LUFS */
        enum li_status status = hear(&sound, &heard, &err);
        check(status == (cases[i].refused ? LI_INVALID : LI_OK), "%g: %s", cases[i].peak, err.message);
        if (cases[i].refused)
            check(heard.key == 77 && strstr(err.message, "-1 to 1"), "%g: %s", cases[i].peak, err.message);
        else
            check_near(heard.features.value[LI_LOUDNESS], 20 * log10(cases[i].peak), 0.05);
        sound_free(&sound);
    }
}

static void test_samples_that_are_no_numbers(void **state) {
    (void)state;
    struct sound clean = music(44100, 2, 5), dirty = music(44100, 2, 5);
    for (size_t i = 1000; i < 2 * clean.frames; i += 997) {
        clean.samples[i] = 0;
        dirty.samples[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : -INFINITY;
    }
    struct li_analysis a = sound_analyze(&clean, 4096), b = sound_analyze(&dirty, 4096);
    check_same(&a, &b, "not finite");
    static const float wild[] = {3e38f, -1e30f, 1e-45f, 1e-38f, NAN};
    for (size_t w = 0; w < sizeof wild / sizeof *wild; w++) {
        for (size_t i = 0; i < 2 * dirty.frames; i++)
            dirty.samples[i] = i % 5 == 0 ? wild[w] : dirty.samples[i] == 0 ? wild[w] : 0;
        struct li_analysis heard;
        enum li_status status = hear(&dirty, &heard, NULL);
        check(status == (w < 2 ? LI_INVALID : LI_OK), "wild samples %zu: %d", w, (int)status);
        if (!status)
            check_ranges(&heard, "wild samples");
    }
    sound_free(&clean);
    sound_free(&dirty);
}

enum { MEMORY_MAX = 5 * 1000 * 1000 };

static size_t bytes_taken(void) {
    struct mallinfo2 facts = mallinfo2();
    return facts.uordblks + facts.hblkhd;
}

static void check_memory(int rate_hz) {
    struct li_analyzer *analyzer = NULL;
    size_t before = bytes_taken();
    assert_int_equal(li_analyzer_new(rate_hz, LI_CHANNELS_MAX, &analyzer, NULL), LI_OK);
    check(bytes_taken() - before < MEMORY_MAX, "%d Hz: %zu bytes", rate_hz, bytes_taken() - before);
    li_analyzer_free(analyzer);
}

/* With eight channels it takes most, and just below a rate that is halved once more. */
static void test_memory_of_all_rates(void **state) {
    (void)state;
    for (int rate_hz = 10000; rate_hz <= 160000; rate_hz *= 2)
        check_memory(rate_hz - 1);
    for (int rate_hz = 16000; rate_hz <= 128000; rate_hz *= 2)
        check_memory(rate_hz - 1);
    for (int rate_hz = LI_RATE_MIN_HZ; rate_hz <= LI_RATE_MAX_HZ; rate_hz += 1000)
        check_memory(rate_hz);
}

/* Memory is taken once, whatever the rate, the channels and the length. */
static void test_memory(void **state) {
    (void)state;
    static const int table[][2] = {{8000, 1}, {16000, 2}, {44100, 2}, {48000, 6}, {192000, 8}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct li_analyzer *analyzer = NULL;
        struct sound sound = music(table[i][0], table[i][1], 3);
        size_t before = bytes_taken();
        assert_int_equal(li_analyzer_new(table[i][0], table[i][1], &analyzer, NULL), LI_OK);
        size_t after = bytes_taken();
        for (int n = 0; n < (table[i][0] > 48000 ? 2 : 40); n++)
            li_analyzer_push(analyzer, sound.samples, sound.frames);
        struct li_analysis heard;
        assert_int_equal(li_analyzer_finish(analyzer, &heard, NULL), LI_OK);
        check(after - before < MEMORY_MAX, "%d Hz, %d channels: %zu bytes", table[i][0], table[i][1],
              after - before);
        check(bytes_taken() == after, "%d Hz: memory grew", table[i][0]);
        li_analyzer_free(analyzer);
        sound_free(&sound);
    }
}

static void test_use_again(void **state) {
    (void)state;
    struct li_analyzer *analyzer = NULL;
    struct sound sound = music(44100, 2, 6), other = sound_new(44100, 2, 35);
    sound_add_noise(&other, 0.2, 4);
    struct li_analysis alone = sound_analyze(&sound, 4096), heard, third;
    assert_int_equal(li_analyzer_new(44100, 2, &analyzer, NULL), LI_OK);
    li_analyzer_push(analyzer, other.samples, other.frames);
    assert_int_equal(li_analyzer_finish(analyzer, &heard, NULL), LI_OK);
    check_ranges(&heard, "noise");
    li_analyzer_push(analyzer, sound.samples, sound.frames);
    assert_int_equal(li_analyzer_finish(analyzer, &heard, NULL), LI_OK);
    check_same(&alone, &heard, "second use");
    assert_int_equal(li_analyzer_finish(analyzer, &third, NULL), LI_INVALID);
    li_analyzer_free(analyzer);
    sound_free(&sound);
    sound_free(&other);
}

static void test_trace(void **state) {
    (void)state;
    struct li_analyzer *analyzer = NULL;
    struct sound sound = music(44100, 1, 20);
    struct li_analysis heard;
    struct li_trace trace;
    assert_int_equal(li_analyzer_new(44100, 1, &analyzer, NULL), LI_OK);
    li_analyzer_push(analyzer, sound.samples, sound.frames);
    assert_int_equal(li_analyzer_finish(analyzer, &heard, NULL), LI_OK);
    li_analyzer_trace(analyzer, &trace);
    check(trace.block_count == 200, "%zu blocks", trace.block_count);
    check(fabs((double)trace.onset_count / trace.onset_rate_hz - 20) < 0.1, "%zu values", trace.onset_count);
    check(fabs((double)trace.chroma_count / trace.chroma_rate_hz - 20) < 1, "%zu frames", trace.chroma_count);
    for (size_t i = 0; i < trace.chroma_count; i++) {
        double norm = 0;
        for (size_t k = 0; k < 12; k++)
            norm += (double)(trace.chroma[i][k] * trace.chroma[i][k]);
        check(norm == 0 || fabs(norm - 1) < 1e-4, "frame %zu: %g", i, norm);
    }
    double peak = 0;
    for (size_t i = 0; i < trace.block_count; i++)
        peak = fmax(peak, (double)trace.block_peak[i]);
    check_near(20 * log10(peak), heard.peak_dbfs, 1e-9);
    const struct li_descriptors *descriptors = li_analyzer_descriptors(analyzer);
    for (size_t i = 0; i < LI_DESCRIPTOR_COUNT; i++)
        check(isfinite(descriptors->value[i]), "%s is %g", li_descriptor_id(i), descriptors->value[i]);
    li_analyzer_free(analyzer);
    sound_free(&sound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block_sizes_give_the_same_bits),
        cmocka_unit_test(test_rates_and_channels),
        cmocka_unit_test(test_formats_that_are_refused),
        cmocka_unit_test(test_too_short),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_far_beyond_full_scale),
        cmocka_unit_test(test_samples_that_are_no_numbers),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_memory_of_all_rates),
        cmocka_unit_test(test_use_again),
        cmocka_unit_test(test_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
