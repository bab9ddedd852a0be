/* The track model: known answers, its shape, and input that is missing or absurd. */
#include "check.h"

#include <listening.h>

static const struct li_features ordinary = {{0.54, 0.58, 0.53, 0.36, 0.16, 0.2, 0.073, -10, 119.5, 1}};

/* Answers of an independent program of the same model; NAN inputs take the fills. */
static const struct {
    struct li_features features; /* dan ene val aco ins liv spe dB bpm mode */
    double pleasantness, activation;
    const char *first, *second;
    double p_first, p_second, p_neutral, because_energy;
} KNOWN[] = {
    {{{.8, .75, .9, .1, 0, .1, .05, -5, 120, 1}},
     0.653587,
     0.638903,
     "desire_to_dance",
     "joy",
     0.254110,
     0.146479,
     0.017482,
     0.458253},
    {{{.3, .95, .15, .001, .6, .3, .1, -4, 150, 0}},
     -1.392495,
     0.631661,
     "anger",
     "tension",
     0.590770,
     0.255827,
     0.018719,
     0.482834},
    {{{.25, .05, .1, .98, .9, .1, .04, -28, 70, 1}},
     1.722272,
     -1.511142,
     "relaxation",
     "tenderness",
     0.896409,
     0.097990,
     0.000294,
     3.122202},
    {{{.5, .4, .3, NAN, NAN, NAN, .05, NAN, NAN, NAN}},
     -0.205083,
     -0.317014,
     "sadness",
     "melancholy",
     0.181738,
     0.171892,
     0.132700,
     1.426302},
    {{{NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
     -0.088715,
     0.172060,
     "neutral",
     "confidence",
     0.118104,
     0.106539,
     0.118104,
     0},
    {{{2, -3, 5, 9, -1, 4, 7, 20, 900, 3}},
     -0.679839,
     0.584857,
     "confidence",
     "desire_to_dance",
     0.393007,
     0.180199,
     0.022428,
     -0.203850},
};

static void test_known_answers(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        struct li_reading got;
        int first = li_emotion_find(KNOWN[i].first), second = li_emotion_find(KNOWN[i].second);
        assert_true(first >= 0 && second >= 0);
        li_emotion_read(&KNOWN[i].features, &got);
        check_near(got.pleasantness, KNOWN[i].pleasantness, 1e-6);
        check_near(got.activation, KNOWN[i].activation, 1e-6);
        check_near(got.p[first], KNOWN[i].p_first, 1e-6);
        check_near(got.p[second], KNOWN[i].p_second, 1e-6);
        check_near(got.p[li_emotion_find("neutral")], KNOWN[i].p_neutral, 1e-6);
        check_near(li_emotion_because(&got, (size_t)first, LI_TERM_ENERGY), KNOWN[i].because_energy, 1e-6);
        for (int e = 0; e < LI_EMOTION_COUNT; e++)
            check(got.p[e] <= got.p[e == first ? e : second] + 1e-12 || e == first, "case %zu emotion %d", i,
                  e);
    }
}

static void test_vectors(void **state) {
    (void)state;
    enum { NUMBERS = LI_FEATURE_COUNT + 2 + LI_EMOTION_COUNT };
    char path[4096], line[4096];
    snprintf(path, sizeof path, "%s/data/test_vectors.tsv", getenv("LI_SHARED") ? getenv("LI_SHARED") : "");
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("skipped: the test vectors (LI_SHARED/data/test_vectors.tsv) are not here\n");
        skip();
    }
    size_t lines = 0;
    assert_non_null(fgets(line, sizeof line, file));
    for (; fgets(line, sizeof line, file); lines++) {
        double number[NUMBERS];
        char *at = line;
        for (size_t i = 0; i < NUMBERS; i++) {
            char *end;
            number[i] = strtod(at, &end);
            if (end == at) /* an empty cell */
                number[i] = NAN;
            at = *end ? end + 1 : end;
        }
        struct li_features features;
        struct li_reading got;
        memcpy(features.value, number, sizeof features.value);
        li_emotion_read(&features, &got);
        check_near(got.pleasantness, number[LI_FEATURE_COUNT], 1e-6);
        check_near(got.activation, number[LI_FEATURE_COUNT + 1], 1e-6);
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
            check_near(got.p[e], number[LI_FEATURE_COUNT + 2 + e], 1e-6);
    }
    fclose(file);
    assert_int_equal(lines, 40);
}

static void check_sound(const struct li_reading *reading) {
    double sum = 0;
    assert_true(isfinite(reading->pleasantness) && isfinite(reading->activation));
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        check(reading->p[e] >= 0 && reading->p[e] <= 1, "emotion %zu is %g", e, reading->p[e]);
        sum += reading->p[e];
    }
    check_near(sum, 1, 1e-12);
    for (size_t t = 0; t < LI_TERM_COUNT; t++)
        assert_true(isfinite(reading->term[t]));
}

/* More valence is always more pleasant, more energy always more active, whatever the rest. */
static void test_monotone(void **state) {
    (void)state;
    static const double grid[] = {0, 0.1, 0.35, 0.6, 0.85, 1};
    enum { N = sizeof grid / sizeof *grid };
    size_t checked = 0;
    for (size_t i = 0; i < N * N * N * N * N; i++) {
        struct li_features f = ordinary;
        f.value[LI_VALENCE] = grid[i % N];
        f.value[LI_ENERGY] = grid[i / N % N];
        f.value[LI_INSTRUMENTALNESS] = grid[i / N / N % N];
        f.value[LI_ACOUSTICNESS] = grid[i / N / N / N % N];
        f.value[LI_DANCEABILITY] = grid[i / N / N / N / N];
        struct li_reading here, brighter, stronger;
        li_emotion_read(&f, &here);
        check_sound(&here);
        if (f.value[LI_VALENCE] < 1) {
            struct li_features g = f;
            g.value[LI_VALENCE] += 0.01;
            li_emotion_read(&g, &brighter);
            check(brighter.pleasantness > here.pleasantness, "grid point %zu", i);
            checked++;
        }
        if (f.value[LI_ENERGY] < 1) {
            struct li_features g = f;
            g.value[LI_ENERGY] += 0.01;
            li_emotion_read(&g, &stronger);
            check(stronger.activation > here.activation, "grid point %zu", i);
            checked++;
        }
    }
    assert_int_equal(checked, 2 * (N - 1) * N * N * N * N);
}

/* No threshold: a hundredth of a feature moves the answer a little. */
static void test_continuous(void **state) {
    (void)state;
    for (size_t feature = 0; feature < LI_FEATURE_COUNT; feature++) {
        if (feature == LI_LOUDNESS || feature == LI_TEMPO)
            continue;
        for (int step = 0; step < 100; step++) {
            struct li_features f = ordinary;
            struct li_reading a, b;
            double moved = 0;
            f.value[feature] = step * 0.01;
            li_emotion_read(&f, &a);
            f.value[feature] += 0.01;
            li_emotion_read(&f, &b);
            for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
                moved += fabs(a.p[e] - b.p[e]) / 2;
            check(moved < (feature == LI_SPEECHINESS && step == 0 ? 0.12 : 0.06),
                  "feature %zu step %d moved %g", feature, step, moved);
        }
    }
}

static void test_missing(void **state) {
    (void)state;
    for (unsigned mask = 0; mask < 1u << LI_FEATURE_COUNT; mask++) {
        struct li_features f = ordinary;
        struct li_reading got;
        for (size_t i = 0; i < LI_FEATURE_COUNT; i++)
            if (mask >> i & 1)
                f.value[i] = NAN;
        li_emotion_read(&f, &got);
        check_sound(&got);
    }
}

/* Out of range reads as the end of the range. */
static void test_out_of_range(void **state) {
    (void)state;
    static const struct {
        enum li_feature feature;
        double wild, end;
    } cases[] = {
        {LI_DANCEABILITY, 1.5, 1},
        {LI_DANCEABILITY, -INFINITY, 0},
        {LI_ENERGY, INFINITY, 1},
        {LI_ENERGY, -0.1, 0},
        {LI_VALENCE, 1e300, 1},
        {LI_VALENCE, -1e300, 0},
        {LI_ACOUSTICNESS, 7, 1},
        {LI_INSTRUMENTALNESS, -7, 0},
        {LI_SPEECHINESS, -1, 0},
        {LI_SPEECHINESS, INFINITY, 1},
        {LI_LOUDNESS, 3, 0},
        {LI_LOUDNESS, -INFINITY, -60},
        {LI_TEMPO, 0, 40},
        {LI_TEMPO, INFINITY, 220},
        {LI_MODE, 2, 1},
        {LI_MODE, -1, 0},
        {LI_LIVENESS, INFINITY, 0.3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_features f = ordinary;
        struct li_reading wild, end;
        f.value[cases[i].feature] = cases[i].wild;
        li_emotion_read(&f, &wild);
        f.value[cases[i].feature] = cases[i].end;
        li_emotion_read(&f, &end);
        check_sound(&wild);
        check(memcmp(&wild, &end, sizeof wild) == 0, "case %zu", i);
    }
}

/* The terms and one constant an emotion add up to its score: so differences of log p between two emotions
 * are the terms' differences plus a constant that no track changes. */
static void test_because_is_exact(void **state) {
    (void)state;
    static const struct li_features tracks[] = {
        {{0.54, 0.58, 0.53, 0.36, 0.16, 0.2, 0.073, -10, 119.5, 1}},
        {{0.8, 0.75, 0.9, 0.1, 0, 0.1, 0.05, -5, 120, 1}},
        {{0.3, 0.95, 0.15, 0.001, 0.6, 0.3, 0.1, -4, 150, 0}},
        {{0.7, 0.6, 0.4, 0.2, 0.0, 0.1, 0.4, -6, 90, 0}},
        {{0.5, 0.3, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
    };
    double constant[LI_EMOTION_COUNT] = {0};
    for (size_t i = 0; i < sizeof tracks / sizeof *tracks; i++) {
        struct li_reading reading;
        li_emotion_read(&tracks[i], &reading);
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
            double rest = log(reading.p[e]) - log(reading.p[0]);
            for (int t = 0; t < LI_TERM_COUNT; t++)
                rest -= li_emotion_because(&reading, e, (enum li_term)t) -
                        li_emotion_because(&reading, 0, (enum li_term)t);
            if (i == 0)
                constant[e] = rest;
            check_near(rest, constant[e], 1e-9);
        }
        for (int t = 0; t < LI_TERM_COUNT; t++) { /* against the average emotion */
            double sum = 0;
            for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
                sum += li_emotion_because(&reading, e, (enum li_term)t);
            check_near(sum, 0, 1e-9);
        }
    }
    struct li_reading reading;
    li_emotion_read(&tracks[0], &reading);
    assert_true(li_emotion_because(&reading, LI_EMOTION_COUNT, LI_TERM_ENERGY) == 0);
    assert_true(li_emotion_because(&reading, 0, (enum li_term)LI_TERM_COUNT) == 0);
}

static void test_words(void **state) {
    (void)state;
    double base = 0;
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++) {
        const struct li_emotion *a = li_emotion_at(i);
        assert_non_null(a);
        assert_int_equal(li_emotion_find(a->id), i);
        assert_int_equal(strlen(a->color), 7);
        assert_non_null(strchr("HESC-", a->quadrant));
        assert_true(strspn(a->id, "abcdefghijklmnopqrstuvwxyz_") == strlen(a->id));
        base += a->base_rate;
        for (size_t k = 0; k < i; k++) {
            const struct li_emotion *b = li_emotion_at(k);
            assert_string_not_equal(a->id, b->id);
            assert_string_not_equal(a->color, b->color);
            assert_string_not_equal(a->label[LI_LANG_EN], b->label[LI_LANG_EN]);
            assert_string_not_equal(a->label[LI_LANG_FR], b->label[LI_LANG_FR]);
        }
    }
    check_near(base, 1, 1e-12);
    assert_null(li_emotion_at(LI_EMOTION_COUNT));
    assert_int_equal(li_emotion_find("raw_energy"), 6);
    assert_string_equal(li_emotion_at(6)->label[LI_LANG_FR], "énergie brute");
    assert_int_equal(li_emotion_find("raw energy"), -1);
    assert_int_equal(li_emotion_find(""), -1);
    assert_int_equal(li_emotion_find(NULL), -1);
}

static void test_term_words(void **state) {
    (void)state;
    for (int i = 0; i < LI_TERM_COUNT; i++)
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(li_term_id((enum li_term)i), li_term_id((enum li_term)k));
            for (int lang = 0; lang < LI_LANG_COUNT; lang++)
                assert_string_not_equal(li_term_label((enum li_term)i, (enum li_lang)lang),
                                        li_term_label((enum li_term)k, (enum li_lang)lang));
        }
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(li_feature_id((enum li_feature)i), li_feature_id((enum li_feature)k));
    assert_string_equal(li_term_id(LI_TERM_HARSH), "harsh");
    assert_string_equal(li_term_label(LI_TERM_HARSH, LI_LANG_EN), "dark intensity");
    assert_string_equal(li_term_label(LI_TERM_QUIET, LI_LANG_FR), "calme instrumental");
    assert_string_equal(li_feature_id(LI_LOUDNESS), "loudness");
    assert_string_equal(li_term_id((enum li_term)LI_TERM_COUNT), "");
    assert_string_equal(li_term_label(LI_TERM_VALENCE, (enum li_lang)LI_LANG_COUNT), "");
    assert_string_equal(li_feature_id((enum li_feature)LI_FEATURE_COUNT), "");
}

/* What speaks for anger is little groove, not much of it. */
static void test_reasons_say_more_or_less(void **state) {
    (void)state;
    static const struct li_features tracks[] = {
        {{.8, .75, .9, .1, 0, .1, .05, -5, 120, 1}},
        {{.3, .95, .15, .001, .6, .1, .1, -4, 150, 0}},
        {{.25, .05, .1, .98, .9, .1, .04, -28, 70, 1}},
    };
    for (size_t i = 0; i < sizeof tracks / sizeof *tracks; i++) {
        struct li_reading reading;
        li_emotion_read(&tracks[i], &reading);
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
            for (int t = 0; t < LI_TERM_COUNT; t++)
                for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
                    const char *name = li_term_label((enum li_term)t, (enum li_lang)lang);
                    double because = li_emotion_because(&reading, e, (enum li_term)t);
                    const char *words = li_emotion_reason(e, (enum li_term)t, because, (enum li_lang)lang);
                    check(*words && (strcmp(words, name) != 0) == (reading.term[t] < 0),
                          "track %zu: %s of %g is \"%s\"", i, name, reading.term[t], words);
                }
    }
    size_t anger = (size_t)li_emotion_find("anger"), joy = (size_t)li_emotion_find("joy");
    assert_string_equal(li_emotion_reason(anger, LI_TERM_DANCEABILITY, 0.4, LI_LANG_EN),
                        "little dance groove");
    assert_string_equal(li_emotion_reason(anger, LI_TERM_DANCEABILITY, -0.4, LI_LANG_EN), "dance groove");
    assert_string_equal(li_emotion_reason(joy, LI_TERM_MODE, -0.1, LI_LANG_FR), "mode mineur");
    assert_string_equal(li_emotion_reason(joy, LI_TERM_MODE, 0, LI_LANG_FR), "mode majeur");
    assert_string_equal(li_emotion_reason(LI_EMOTION_COUNT, LI_TERM_MODE, 1, LI_LANG_EN), "");
    assert_string_equal(li_emotion_reason(joy, (enum li_term)LI_TERM_COUNT, 1, LI_LANG_EN), "");
    assert_string_equal(li_emotion_reason(joy, LI_TERM_MODE, 1, (enum li_lang)LI_LANG_COUNT), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),    cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_monotone),         cmocka_unit_test(test_continuous),
        cmocka_unit_test(test_missing),          cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_because_is_exact), cmocka_unit_test(test_words),
        cmocka_unit_test(test_term_words),       cmocka_unit_test(test_reasons_say_more_or_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
