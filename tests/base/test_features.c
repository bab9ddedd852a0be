/* What features can be: the bounds belong to them, and what lies behind does not. */
#include "base/features.h"
#include "check.h"

static void bounds_belong_to_the_range(void **state) {
    (void)state;
    static const struct {
        enum li_feature feature;
        double min, max;
    } cases[] = {
        {LI_DANCEABILITY, 0, 1},     {LI_ENERGY, 0, 1},   {LI_VALENCE, 0, 1},     {LI_ACOUSTICNESS, 0, 1},
        {LI_INSTRUMENTALNESS, 0, 1}, {LI_LIVENESS, 0, 1}, {LI_SPEECHINESS, 0, 1}, {LI_LOUDNESS, -100, 20},
        {LI_TEMPO, 0, 400},          {LI_MODE, 0, 1},
    };
    assert_int_equal(sizeof cases / sizeof *cases, LI_FEATURE_COUNT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum li_feature feature = cases[i].feature;
        struct li_range range = li_feature_range(feature);
        check(range.min == cases[i].min && range.max == cases[i].max, "case %zu: %g to %g", i, range.min,
              range.max);
        const double inside[] = {range.min, range.max, (range.min + range.max) / 2};
        const double outside[] = {range.min - 1e-6, range.max + 1e-6, -INFINITY, INFINITY, NAN};
        for (size_t v = 0; v < sizeof inside / sizeof *inside; v++)
            check(li_feature_possible(feature, inside[v]), "case %zu: %g", i, inside[v]);
        for (size_t v = 0; v < sizeof outside / sizeof *outside; v++)
            check(!li_feature_possible(feature, outside[v]), "case %zu: %g", i, outside[v]);
    }
}

static void only_a_tempo_of_0_is_none(void **state) {
    (void)state;
    assert_true(isnan(li_feature_known(LI_TEMPO, 0)) && isnan(li_feature_known(LI_TEMPO, -0.0)));
    check_near(li_feature_known(LI_TEMPO, 0.5), 0.5, 0);
    check_near(li_feature_known(LI_ENERGY, 0), 0, 0);
    check_near(li_feature_known(LI_LOUDNESS, 0), 0, 0);
    check_near(li_feature_known(LI_MODE, 0), 0, 0);
    assert_true(isnan(li_feature_known(LI_VALENCE, NAN)));
}

static void nothing_known_is_nan_throughout(void **state) {
    (void)state;
    struct li_features features = li_features_unknown();
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        assert_true(isnan(features.value[f]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_belong_to_the_range),
        cmocka_unit_test(only_a_tempo_of_0_is_none),
        cmocka_unit_test(nothing_known_is_nan_throughout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
