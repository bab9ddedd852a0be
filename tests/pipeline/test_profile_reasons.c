/* Why a profile says what it says: the artists, tracks, genres and terms behind each emotion. */
#include "fixture.h"

/* Three artists: all are shown, so their shares of every emotion add up to the whole. */
static void test_because_adds_up(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "measured rap mixed", LI_OBJECT_PROFILE), *emotion, *reason;
    size_t i, r, terms = 0, genres = 0;
    json_array_foreach(at(profile, "emotions"), i, emotion) {
        double artists = 0, tracks = 0, before = INFINITY;
        const char *kind = "";
        json_array_foreach(at(emotion, "because"), r, reason) {
            double value = number_at(reason, "value");
            if (strcmp(kind, text_at(reason, "kind")) != 0)
                before = INFINITY;
            kind = text_at(reason, "kind");
            check(fabs(value) <= before, "emotion %zu reason %zu", i, r); /* largest first within a kind */
            before = fabs(value);
            artists += strcmp(kind, "artist") == 0 ? value : 0;
            tracks += strcmp(kind, "track") == 0 ? value : 0;
            terms += strcmp(kind, "term") == 0;
            genres += strcmp(kind, "genre") == 0;
            check(text_at(reason, "id")[0] && text_at(reason, "label")[0], "emotion %zu reason %zu", i, r);
            for (size_t other = 0; other < r; other++) { /* nothing is a reason twice */
                const json_t *earlier = json_array_get(at(emotion, "because"), other);
                check(strcmp(text_at(earlier, "kind"), kind) != 0 ||
                          strcmp(text_at(earlier, "id"), text_at(reason, "id")) != 0,
                      "emotion %zu reason %zu", i, r);
            }
        }
        if (number_at(emotion, "score") > 0.01)
            check_near(artists, 1, 0.0021);
        check(tracks <= artists + 0.002, "emotion %zu", i);
    }
    assert_true(terms > 0 && genres > 0);
    json_decref(profile);
}

/* Artists that bring the same stand in the order in which they were named. */
static void test_reasons_alike_keep_their_order(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "n1 n2 n3", LI_OBJECT_PROFILE), *reason;
    size_t r, artists = 0;
    json_array_foreach(at(profile, "emotions.0.because"), r, reason) {
        char id[8];
        if (strcmp(text_at(reason, "kind"), "artist") != 0)
            continue;
        snprintf(id, sizeof id, "n%zu", ++artists);
        assert_string_equal(text_at(reason, "id"), id);
    }
    assert_int_equal(artists, 3);
    json_decref(profile);
}

/* Of one genre: what it gives above or below the ordinary share, unless that is nothing. */
static void test_the_genre_is_a_reason(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "bare", LI_OBJECT_PROFILE), *emotion, *reason;
    const struct li_genre *ambient = li_genre_at((size_t)li_genre_match("ambient", 7));
    size_t i, r;
    json_array_foreach(at(profile, "emotions"), i, emotion) {
        int e = li_emotion_find(text_at(emotion, "id"));
        double gives = ambient->p[e] - li_emotion_at((size_t)e)->base_rate;
        size_t genres = 0;
        json_array_foreach(at(emotion, "because"), r, reason) {
            if (strcmp(text_at(reason, "kind"), "genre") != 0)
                continue;
            genres++;
            assert_string_equal(text_at(reason, "id"), "ambient");
            check_near(number_at(reason, "value"), gives, 0.000051);
        }
        check(genres == (fabs(gives) >= 0.0005), "%s has %zu genres behind it", text_at(emotion, "id"),
              genres);
    }
    json_decref(profile);
}

static void test_terms_are_the_mean_over_read_tracks(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "measured", LI_OBJECT_PROFILE), *reason;
    int first = li_emotion_find(text_at(profile, "emotions.0.id"));
    size_t r, seen = 0, lacking = 0;
    json_array_foreach(at(profile, "emotions.0.because"), r, reason) {
        if (strcmp(text_at(reason, "kind"), "term") != 0)
            continue;
        for (int term = 0; term < LI_TERM_COUNT; term++) {
            double mean = 0, more = 0;
            if (strcmp(text_at(reason, "id"), li_term_id((enum li_term)term)) != 0)
                continue;
            for (size_t t = 0; t < 4; t++) {
                const struct li_features features = fake_features(t);
                struct li_reading reading;
                li_emotion_read(&features, &reading);
                mean += li_emotion_because(&reading, (size_t)first, (enum li_term)term) / 4;
                more += reading.term[term] / 4;
            }
            bool named = strcmp(text_at(reason, "label"), li_term_label((enum li_term)term, LI_LANG_EN)) == 0;
            check(named == (more >= 0), "%s of %g", text_at(reason, "label"), more);
            lacking += more < 0;
            check_near(number_at(reason, "value"), mean, 0.00051);
            seen++;
        }
    }
    assert_int_equal(seen, 3);
    assert_true(lacking > 0);
    json_decref(profile);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_because_adds_up, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_reasons_alike_keep_their_order, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_the_genre_is_a_reason, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_terms_are_the_mean_over_read_tracks, set_up_stages,
                                        tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
