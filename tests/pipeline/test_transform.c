/* Transform: whose features a track gets, and what becomes of genres that nobody knows. */
#include "fixture.h"

static void test_an_artists_tracks_share_one_estimate(void **state) {
    (void)state;
    json_t *enriched = stages_run(&STAGES, "rap metal", LI_OBJECT_ENRICHED_TRACKS);
    assert_int_equal(json_array_size(at(enriched, "tracks")), 8);
    for (size_t i = 0; i < 8; i++) {
        char path[64];
        const json_t *track = json_array_get(at(enriched, "tracks"), i);
        const json_t *artist = json_array_get(at(enriched, "artists"), i < 3 ? 0 : 1);
        snprintf(path, sizeof path, "track %zu", i);
        check(json_equal(at(track, "features"), at(artist, "estimate.features")), "%s", path);
        check(json_equal(at(track, "confidence"), at(artist, "estimate.confidence")), "%s", path);
        assert_string_equal(text_at(track, "source"), "estimated");
        assert_string_equal(text_at(track, "estimate_of"), "artist");
    }
    assert_false(json_equal(at(enriched, "tracks.0.features"), at(enriched, "tracks.3.features")));
    assert_string_equal(text_at(enriched, "artists.0.estimate.genre_families.0"), "french hip hop");
    json_decref(enriched);
}

static void test_estimate_is_the_genre_models(void **state) {
    (void)state;
    json_t *enriched = stages_run(&STAGES, "bare", LI_OBJECT_ENRICHED_TRACKS);
    int family = li_genre_match("ambient", 7);
    struct li_estimate wanted;
    double sum = 0;
    assert_true(family >= 0);
    li_genre_estimate(&family, 1, &wanted);
    for (int f = 0; f < LI_FEATURE_COUNT; f++) {
        char path[64];
        snprintf(path, sizeof path, "artists.0.estimate.features.%s", li_feature_id((enum li_feature)f));
        check_near(number_at(enriched, path), wanted.mean.value[f], 0.0501);
        snprintf(path, sizeof path, "artists.0.estimate.spread.%s", li_feature_id((enum li_feature)f));
        check_near(number_at(enriched, path), wanted.spread.value[f], 0.0501);
    }
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        char path[64];
        snprintf(path, sizeof path, "artists.0.estimate.emotions.%s", li_emotion_at(e)->id);
        check_near(number_at(enriched, path), wanted.p[e], 1e-6);
        sum += number_at(enriched, path);
    }
    check_near(sum, 1, 1e-5);
    check_near(number_at(enriched, "artists.0.estimate.confidence"), wanted.confidence, 0.00051);
    static const struct rounded NUMBERS[] = {
        {"features.energy", 3},     {"features.valence", 3},  {"features.tempo", 1}, {"features.loudness", 1},
        {"spread.energy", 3},       {"spread.tempo", 1},      {"pleasantness", 4},   {"activation", 4},
        {"spread_pleasantness", 4}, {"spread_activation", 4}, {"confidence", 3},     {"emotions.joy", 6},
    };
    check_rounded(at(enriched, "artists.0.estimate"), NUMBERS, sizeof NUMBERS / sizeof *NUMBERS);
    json_decref(enriched);
}

static void test_features_of_its_own_stay(void **state) {
    (void)state;
    json_t *enriched = stages_run(&STAGES, "mixed", LI_OBJECT_ENRICHED_TRACKS);
    json_t *top = NULL;
    assert_int_equal(li_json_parse(li_text_of(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS)), &top, NULL),
                     LI_OK);
    for (size_t i = 0; i < 4; i++) {
        const json_t *track = json_array_get(at(enriched, "tracks"), i);
        check(strcmp(text_at(track, "source"), i < 2 ? "measured" : "estimated") == 0, "track %zu", i);
        check((at(track, "estimate_of") == NULL) == (i < 2), "track %zu", i);
        check(json_is_null(at(track, "confidence")) == (i < 2), "track %zu", i);
        if (i < 2)
            check(json_equal(at(track, "features"), at(json_array_get(at(top, "tracks"), i), "features")),
                  "track %zu", i);
        check(strcmp(text_at(track, "id"), text_at(json_array_get(at(top, "tracks"), i), "id")) == 0,
              "track %zu", i);
    }
    json_decref(top);
    json_decref(enriched);
}

static void test_unknown_genres(void **state) {
    (void)state;
    const struct li_text tags[] = {LI_TEXT("vrrmph"), LI_TEXT("qwzx"), LI_TEXT("qwzx")};
    const struct li_artist_choice choices[] = {
        {.id = LI_TEXT("odd")},
        {.id = LI_TEXT("own"), .name = LI_TEXT("Own"), .genres = tags, .genre_count = 3}};
    const struct li_extract_request request = {LI_TEXT(SESSION), choices, 2};
    struct li_extract_response response = {0};
    json_t *enriched = NULL, *kept = NULL;
    assert_int_equal(li_pipeline_extract(&STAGES.pipeline, &request, &response, NULL), LI_OK);
    json_decref(response.document);
    assert_int_equal(stages_transform(&STAGES, &enriched, NULL), LI_OK);
    assert_int_equal(json_array_size(at(enriched, "unknown_genres")), 2); /* each once, in the order met */
    assert_string_equal(text_at(enriched, "unknown_genres.0"), "qwzx");
    assert_string_equal(text_at(enriched, "unknown_genres.1"), "vrrmph");
    assert_int_equal(json_array_size(at(enriched, "artists.0.estimate.genre_families")), 1);
    assert_string_equal(text_at(enriched, "artists.0.estimate.genre_families.0"), "jazz");
    /* Nothing known at all: the base rates, little trusted, never "pop". */
    assert_int_equal(json_array_size(at(enriched, "artists.1.estimate.genre_families")), 0);
    assert_true(number_at(enriched, "artists.1.estimate.confidence") <
                number_at(enriched, "artists.0.estimate.confidence"));
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        char path[64];
        snprintf(path, sizeof path, "artists.1.estimate.emotions.%s", li_emotion_at(e)->id);
        check_near(number_at(enriched, path), li_emotion_at(e)->base_rate, 1e-4);
    }
    assert_int_equal(li_json_parse(li_text_of(stages_stored(&STAGES, LI_OBJECT_UNKNOWN_GENRES)), &kept, NULL),
                     LI_OK);
    assert_string_equal(text_at(kept, "session_id"), SESSION);
    assert_true(json_equal(at(kept, "unknown_genres"), at(enriched, "unknown_genres")));
    json_decref(kept);
    json_decref(enriched);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_ENRICHED_TRACKS));
    assert_null(stages_stored(&STAGES, LI_OBJECT_UNKNOWN_GENRES)); /* they went, so does the list */
}

static void test_nothing_to_transform(void **state) {
    (void)state;
    json_t *untouched = json_null();
    struct li_transform_response response = {untouched};
    struct li_error err = {0};
    assert_int_equal(li_pipeline_transform(&STAGES.pipeline, &(struct li_transform_request){LI_TEXT(SESSION)},
                                           &response, &err),
                     LI_NOT_FOUND);
    assert_non_null(strstr(err.message, "/extract-simulate"));
    assert_int_equal(li_pipeline_transform(&STAGES.pipeline, &(struct li_transform_request){LI_TEXT("short")},
                                           &response, &err),
                     LI_INVALID);
    assert_ptr_equal(response.document, untouched);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    STAGES.store.inner->clock.fixed_ms += STAGES.store.inner->ttl_ms; /* a day later */
    assert_int_equal(stages_transform(&STAGES, NULL, &err), LI_NOT_FOUND);
}

static void test_more_tags_than_are_read(void **state) {
    (void)state;
    struct li_text tags[LI_GENRE_TAGS_MAX];
    static const char *const families[] = {"pop",   "rock",      "jazz",   "metal",  "disco", "techno",
                                           "salsa", "house",     "folk",   "reggae", "blues", "punk",
                                           "soul",  "classical", "gospel", "opera"};
    for (size_t i = 0; i < LI_GENRE_TAGS_MAX; i++)
        tags[i] = li_text_of(families[i]);
    const struct li_artist_choice choice = {
        .id = LI_TEXT("all"), .name = LI_TEXT("All"), .genres = tags, .genre_count = LI_GENRE_TAGS_MAX};
    const struct li_extract_request request = {LI_TEXT(SESSION), &choice, 1};
    struct li_extract_response response = {0};
    json_t *enriched = NULL;
    assert_int_equal(li_pipeline_extract(&STAGES.pipeline, &request, &response, NULL), LI_OK);
    json_decref(response.document);
    assert_int_equal(stages_transform(&STAGES, &enriched, NULL), LI_OK);
    assert_int_equal(json_array_size(at(enriched, "artists.0.estimate.genre_families")), LI_GENRE_TAGS_MAX);
    static const struct rounded NUMBERS[] = {
        {"features.energy", 3}, {"features.tempo", 1}, {"features.loudness", 1}, {"spread.valence", 3},
        {"spread.tempo", 1},    {"pleasantness", 4},   {"emotions.joy", 6},
    };
    check_rounded(at(enriched, "artists.0.estimate"), NUMBERS, sizeof NUMBERS / sizeof *NUMBERS);
    json_decref(enriched);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_artists_tracks_share_one_estimate, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_estimate_is_the_genre_models, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_features_of_its_own_stay, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_unknown_genres, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_nothing_to_transform, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_more_tags_than_are_read, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
