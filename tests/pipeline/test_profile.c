/* The profile: its name card, who weighs how much, averages, genres, and both languages. What it says why:
 * test_profile_reasons.c. */
#include "fixture.h"

static void test_name_card_comes_first(void **state) {
    (void)state;
    static const char *const card[] = {"session_id", "genres",           "dominant_emotion",
                                       "energy_avg", "danceability_avg", "top_emotions"};
    json_t *profile = stages_run(&STAGES, "rap measured", LI_OBJECT_PROFILE);
    void *member = json_object_iter(profile);
    for (size_t i = 0; i < 6; i++, member = json_object_iter_next(profile, member))
        assert_string_equal(json_object_iter_key(member), card[i]);
    assert_string_equal(text_at(profile, "session_id"), SESSION);
    assert_int_equal(json_array_size(at(profile, "top_emotions")), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(json_equal(json_array_get(at(profile, "top_emotions"), i),
                               at(json_array_get(at(profile, "emotions"), i), "label")));
    assert_true(json_equal(at(profile, "dominant_emotion"), at(profile, "emotions.0.label")));
    assert_string_equal(text_at(profile, "lang"), "en");
    json_decref(profile);
}

static void test_scores(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "rap metal mixed", LI_OBJECT_PROFILE), *emotion;
    double sum = 0, before = 2;
    size_t i;
    assert_int_equal(json_array_size(at(profile, "emotions")), LI_EMOTION_COUNT);
    json_array_foreach(at(profile, "emotions"), i, emotion) {
        double score = number_at(emotion, "score");
        int index = li_emotion_find(text_at(emotion, "id"));
        assert_true(index >= 0);
        check(score >= 0 && score <= before, "emotion %zu", i);
        check_near(number_at(emotion, "times_usual"), score / li_emotion_at((size_t)index)->base_rate, 0.02);
        sum += before = score;
    }
    check_near(sum, 1, 0.0009);
    assert_true(number_at(profile, "confidence") >= 0 && number_at(profile, "confidence") <= 1);
    assert_true(number_at(profile, "variety") >= 0 && number_at(profile, "variety") <= 1);
    json_decref(profile);
}

/* Of emotions that are as strong as each other the first is named. */
static void test_emotions_alike(void **state) {
    (void)state;
    json_t *enriched = stages_run(&STAGES, "bare", LI_OBJECT_ENRICHED_TRACKS), *profile = NULL;
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        json_object_set_new(at(enriched, "artists.0.estimate.emotions"), li_emotion_at(e)->id,
                            json_real(1.0 / LI_EMOTION_COUNT));
    stages_store(&STAGES, LI_OBJECT_ENRICHED_TRACKS, li_json_print(enriched, &STAGES.arena).data);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, &profile, NULL), LI_OK);
    assert_string_equal(text_at(profile, "artists.0.emotion.id"), li_emotion_at(0)->id);
    assert_string_equal(text_at(profile, "dominant_emotion"), li_emotion_at(0)->label[LI_LANG_EN]);
    json_decref(enriched);
    json_decref(profile);
}

static double score_of(const json_t *profile, size_t wanted) {
    size_t i;
    json_t *emotion;
    json_array_foreach(at(profile, "emotions"), i, emotion) {
        if (strcmp(text_at(emotion, "id"), li_emotion_at(wanted)->id) == 0)
            return number_at(emotion, "score");
    }
    fail_msg("no emotion %zu", wanted);
    return NAN;
}

/* The fake source's track as it reads, from the features as they are stored. */
static void read_track(size_t track, struct li_reading *out) {
    struct li_features features = fake_features(track);
    li_emotion_read(&features, out);
}

/* Four measured tracks, one estimate without any track, and half-measured: each artist counts a third. */
static void test_an_artist_weighs_one(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "measured bare mixed", LI_OBJECT_PROFILE);
    struct li_estimate ambient, house;
    struct li_reading readings[4];
    int family = li_genre_match("ambient", 7);
    li_genre_estimate(&family, 1, &ambient);
    family = li_genre_match("house", 5);
    li_genre_estimate(&family, 1, &house);
    for (size_t t = 0; t < 4; t++)
        read_track(t, &readings[t]);
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        double measured = (readings[0].p[e] + readings[1].p[e] + readings[2].p[e] + readings[3].p[e]) / 4;
        double mixed = (readings[0].p[e] + readings[1].p[e]) / 4 + house.p[e] / 2;
        check_near(score_of(profile, e), (measured + ambient.p[e] + mixed) / 3, 1e-4);
    }
    for (size_t a = 0; a < 3; a++)
        check_near(number_at(json_array_get(at(profile, "artists"), a), "weight"), 1.0 / 3, 1e-4);
    assert_true(number_at(profile, "artists.0.estimated_share") == 0);
    assert_true(number_at(profile, "artists.1.estimated_share") == 1);
    assert_true(number_at(profile, "artists.2.estimated_share") == 0.5);
    json_decref(profile);
}

static void test_number_of_tracks_does_not_matter(void **state) {
    (void)state;
    /* Five tracks of metal against none of ambient: the mean of the two, as for one against one. */
    json_t *profile = stages_run(&STAGES, "metal bare", LI_OBJECT_PROFILE);
    struct li_estimate metal, ambient;
    int family = li_genre_match("death metal", 11);
    li_genre_estimate(&family, 1, &metal);
    family = li_genre_match("ambient", 7);
    li_genre_estimate(&family, 1, &ambient);
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        check_near(score_of(profile, e), (metal.p[e] + ambient.p[e]) / 2, 1e-4);
    check_near(number_at(profile, "mood.valence"), (metal.pleasantness + ambient.pleasantness) / 2, 1e-3);
    check_near(number_at(profile, "mood.arousal"), (metal.activation + ambient.activation) / 2, 1e-3);
    check_near(number_at(profile, "energy_avg"),
               (metal.mean.value[LI_ENERGY] + ambient.mean.value[LI_ENERGY]) / 2, 0.0051);
    json_decref(profile);
}

static void test_averages(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "measured", LI_OBJECT_PROFILE);
    /* By hand from fake_features: t = 0..3, mean of t 1.5, standard deviation sqrt(1.25). */
    check_near(number_at(profile, "danceability_avg"), 0.575, 0.0051);
    check_near(number_at(profile, "energy_avg"), 0.675, 0.0051);
    check_near(number_at(profile, "valence_avg"), 0.55, 0.0051);
    check_near(number_at(profile, "acousticness_avg"), 0.1, 1e-9);
    check_near(number_at(profile, "instrumentalness_avg"), 0, 1e-9);
    check_near(number_at(profile, "speechiness_avg"), 0.05, 1e-9);
    check_near(number_at(profile, "loudness_avg"), -7.5, 1e-9);
    check_near(number_at(profile, "tempo_avg"), 115, 1e-9);
    check_near(number_at(profile, "features.mode.mean"), 0.5, 1e-9);
    check_near(number_at(profile, "features.tempo.spread"), 11.2, 1e-9);
    check_near(number_at(profile, "features.acousticness.spread"), 0, 1e-9);
    json_decref(profile);
}

static void check_sources(const char *words, double measured, double estimated) {
    json_t *profile = stages_run(&STAGES, words, LI_OBJECT_PROFILE);
    check(number_at(profile, "sources.measured") == measured, "%s", words);
    check(number_at(profile, "sources.estimated") == estimated, "%s", words);
    check(number_at(profile, "sources.provider") == 0 && number_at(profile, "sources.dataset") == 0, "%s",
          words);
    check(json_array_size(at(profile, "tracks")) == (size_t)(measured + estimated), "%s", words);
    json_decref(profile);
}

static void test_sources(void **state) {
    (void)state;
    check_sources("rap", 0, 3);
    check_sources("measured", 4, 0);
    check_sources("mixed metal", 2, 7);
    check_sources("bare", 0, 0);
}

static void test_tracks_say_what_was_read(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "mixed", LI_OBJECT_PROFILE);
    for (size_t i = 0; i < 4; i++) {
        const json_t *track = json_array_get(at(profile, "tracks"), i);
        check((at(track, "emotion") != NULL) == (i < 2), "track %zu", i);
        check((at(track, "features") != NULL) == (i < 2), "track %zu",
              i); /* an estimate stands with its artist */
        check((at(track, "estimate_of") != NULL) == (i >= 2), "track %zu", i);
    }
    struct li_reading reading;
    read_track(1, &reading);
    check_near(number_at(profile, "tracks.1.mood.valence"), reading.pleasantness, 1e-3);
    check_near(number_at(profile, "tracks.1.mood.arousal"), reading.activation, 1e-3);
    json_decref(profile);
}

/* Of one artist, what it brings is what the profile says. */
static void test_one_artist_is_the_profile(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "measured", LI_OBJECT_PROFILE);
    assert_string_equal(text_at(profile, "artists.0.emotion.id"), text_at(profile, "emotions.0.id"));
    check_near(number_at(profile, "artists.0.weight"), 1, 1e-9);
    check_near(number_at(profile, "artists.0.mood.valence"), number_at(profile, "mood.valence"), 1e-9);
    check_near(number_at(profile, "artists.0.mood.arousal"), number_at(profile, "mood.arousal"), 1e-9);
    check_near(number_at(profile, "artists.0.mood.spread_valence"), 0,
               1e-9); /* of a sound there is no doubt */
    json_decref(profile);
    struct li_estimate ambient;
    int family = li_genre_match("ambient", 7);
    li_genre_estimate(&family, 1, &ambient);
    profile = stages_run(&STAGES, "bare", LI_OBJECT_PROFILE);
    /* kept with four places, shown with three: both roundings together */
    check_near(number_at(profile, "artists.0.mood.spread_valence"), ambient.spread_pleasantness, 0.00056);
    check_near(number_at(profile, "artists.0.mood.spread_arousal"), ambient.spread_activation, 0.00056);
    json_decref(profile);
}

static void test_genre_shares(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "rap metal odd measured", LI_OBJECT_PROFILE), *share;
    double sum = 0;
    size_t i;
    json_array_foreach(at(profile, "genre_shares"), i, share) sum += number_at(share, "share");
    check_near(sum, 1, 1e-3); /* each of the four brings one known family */
    assert_int_equal(json_array_size(at(profile, "genres")), 4);
    assert_string_equal(text_at(profile, "unknown_genres.0"), "qwzx");
    json_decref(profile);
}

static void test_five_genres_stand_on_the_card(void **state) {
    (void)state;
    json_t *profile = stages_run(&STAGES, "rap metal measured mixed bare long odd", LI_OBJECT_PROFILE);
    assert_int_equal(json_array_size(at(profile, "genre_shares")), 7);
    assert_int_equal(json_array_size(at(profile, "genres")), 5);
    json_decref(profile);
}

static void test_numbers_are_rounded(void **state) {
    (void)state;
    static const struct rounded NUMBERS[] = {
        {"energy_avg", 2},
        {"danceability_avg", 2},
        {"valence_avg", 2},
        {"acousticness_avg", 2},
        {"loudness_avg", 1},
        {"tempo_avg", 1},
        {"features.energy.mean", 2},
        {"features.energy.spread", 2},
        {"features.tempo.mean", 1},
        {"features.tempo.spread", 1},
        {"features.loudness.spread", 1},
        {"mood.valence", 3},
        {"mood.arousal", 3},
        {"mood.spread", 3},
        {"confidence", 3},
        {"variety", 3},
        {"emotions.0.score", 4},
        {"emotions.0.times_usual", 2},
        {"emotions.0.valence", 3},
        {"emotions.0.arousal", 3},
        {"genre_shares.0.share", 4},
        {"artists.0.weight", 4},
        {"artists.0.estimated_share", 3},
        {"artists.0.emotion.score", 4},
        {"artists.1.mood.valence", 3},
        {"artists.1.mood.arousal", 3},
        {"artists.1.mood.spread_valence", 3},
        {"artists.1.mood.spread_arousal", 3},
        {"artists.2.mood.valence", 3},
        {"artists.2.mood.arousal", 3},
        {"artists.2.mood.spread_valence", 3},
        {"artists.2.mood.spread_arousal", 3},
        {"tracks.0.emotion.score", 4},
        {"tracks.0.mood.valence", 3},
        {"tracks.0.mood.arousal", 3},
    };
    json_t *profile = stages_run(&STAGES, "measured rap mixed", LI_OBJECT_PROFILE), *emotion, *reason;
    size_t e, r;
    check_rounded(profile, NUMBERS, sizeof NUMBERS / sizeof *NUMBERS);
    json_array_foreach(at(profile, "emotions"), e, emotion) {
        json_array_foreach(at(emotion, "because"), r, reason) {
            const struct rounded value = {"value", strcmp(text_at(reason, "kind"), "genre") == 0 ? 4 : 3};
            check_rounded(reason, &value, 1);
        }
    }
    json_decref(profile);
}

static bool one_of(const char *name, const char *const *names) {
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* How many texts differ; anything else that differs fails. */
static size_t differing_words(const json_t *a, const json_t *b, const char *name) {
    static const char *const words[] = {
        "label", "dominant_emotion", "top_emotions", "genres", "description", "lang", NULL};
    size_t count = 0, i;
    json_t *value;
    check(json_typeof(a) == json_typeof(b), "%s", name);
    if (json_is_array(a)) {
        check(json_array_size(a) == json_array_size(b), "%s", name);
        json_array_foreach(a, i, value) count += differing_words(value, json_array_get(b, i), name);
    } else if (json_is_object(a)) {
        check(json_object_size(a) == json_object_size(b), "%s", name);
        for (void *m = json_object_iter((json_t *)(uintptr_t)a); m;
             m = json_object_iter_next((json_t *)(uintptr_t)a, m))
            count += differing_words(json_object_iter_value(m), json_object_get(b, json_object_iter_key(m)),
                                     json_object_iter_key(m));
    } else if (!json_equal(a, b)) {
        check(json_is_string(a) && one_of(name, words), "%s differs", name);
        count++;
    }
    return count;
}

static void test_languages_differ_in_words_only(void **state) {
    (void)state;
    json_t *en = stages_run(&STAGES, "rap metal measured mixed", LI_OBJECT_PROFILE), *fr = NULL;
    assert_int_equal(stages_profile(&STAGES, LI_LANG_FR, &fr, NULL), LI_OK);
    assert_true(differing_words(en, fr, "profile") > 20);
    assert_string_equal(text_at(fr, "lang"), "fr");
    assert_string_not_equal(text_at(en, "description"), text_at(fr, "description"));
    int first = li_emotion_find(text_at(en, "emotions.0.id"));
    assert_string_equal(text_at(en, "dominant_emotion"), li_emotion_at((size_t)first)->label[LI_LANG_EN]);
    assert_string_equal(text_at(fr, "dominant_emotion"), li_emotion_at((size_t)first)->label[LI_LANG_FR]);
    json_decref(en);
    json_decref(fr);
}

/* Without what may differ: whose it is, and when. */
static const char *bare_bytes(json_t *profile, struct li_arena *arena) {
    assert_int_equal(json_object_del(profile, "session_id"), 0);
    assert_int_equal(json_object_del(profile, "created_at"), 0);
    assert_int_equal(json_object_del(profile, "expires_at"), 0);
    const char *bytes = li_json_print(profile, arena).data;
    json_decref(profile);
    return bytes;
}

static void test_same_artists_same_bytes(void **state) {
    (void)state;
    static struct stages other;
    stages_init(&other);
    other.pipeline.clock.fixed_ms += 987654321;
    static const char words[] = "rap metal measured mixed bare long odd n1 n2 n3";
    const char *a = bare_bytes(stages_run(&STAGES, words, LI_OBJECT_PROFILE), &STAGES.arena);
    const char *b = bare_bytes(stages_run(&other, words, LI_OBJECT_PROFILE), &other.arena);
    assert_string_equal(a, b);
    stages_clean_up(&other);
}

static void test_nothing_to_profile(void **state) {
    (void)state;
    struct li_error err = {0};
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, &err), LI_NOT_FOUND);
    assert_non_null(strstr(err.message, "/transform"));
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, &err), LI_NOT_FOUND);
    json_t *untouched = json_null();
    struct li_profile_response response = {untouched};
    assert_int_equal(li_pipeline_profile(&STAGES.pipeline,
                                         &(struct li_profile_request){LI_TEXT("x"), LI_LANG_EN}, &response,
                                         &err),
                     LI_INVALID);
    assert_ptr_equal(response.document, untouched);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_name_card_comes_first, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_scores, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_emotions_alike, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_an_artist_weighs_one, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_number_of_tracks_does_not_matter, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_averages, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_sources, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_tracks_say_what_was_read, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_one_artist_is_the_profile, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_genre_shares, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_five_genres_stand_on_the_card, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_numbers_are_rounded, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_languages_differ_in_words_only, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_same_artists_same_bytes, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_nothing_to_profile, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
