/* What a profile says of its genres, and of artists of whom none is known. */
#include "fixture.h"

/* The profile of artists of these ids, the first of them with the genres given instead of its own. */
static json_t *profile_of(const char *const ids[3], const char *const genres[3]) {
    struct li_text tags[3];
    struct li_artist_choice choices[3] = {{.genres = tags}};
    struct li_extract_request request = {.session = LI_TEXT(SESSION), .artists = choices};
    struct li_extract_response response = {0};
    json_t *profile = NULL;
    for (size_t i = 0; i < 3 && ids[i]; i++)
        choices[request.artist_count++].id = li_text_of(ids[i]);
    for (size_t i = 0; i < 3 && genres[i]; i++)
        tags[choices[0].genre_count++] = li_text_of(genres[i]);
    assert_int_equal(li_pipeline_extract(&STAGES.pipeline, &request, &response, NULL), LI_OK);
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, &profile, NULL), LI_OK);
    json_decref(response.document);
    return profile;
}

/* "Above all" is a genre only when it has more than every other one, and than what has none. */
static void test_the_sentence_names_the_leading_genre(void **state) {
    (void)state;
    static const struct {
        const char *ids[3], *genres[3];
        bool leads;
    } CASES[] = {
        {{"n1"}, {"rock"}, true},
        {{"n1", "bare"}, {"ambient"}, true},
        {{"n1"}, {"ambient", "rock"}, false},
        {{"n1", "bare"}, {"rock"}, false},
        {{"n1", "n2", "bare"}, {"rock"}, true},
        {{"n1", "n2"}, {"qwzx"}, false},
        {{"n1", "n2", "n3"}, {"qwzx"}, true},
        {{"n1"}, {"qwzx"}, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        json_t *profile = profile_of(CASES[i].ids, CASES[i].genres), *genre;
        const char *sentence = text_at(profile, "description");
        size_t g;
        json_array_foreach(at(profile, "genres"), g, genre) {
            bool said = strstr(sentence, json_string_value(genre)) != NULL;
            check(said == (CASES[i].leads && g == 0), "case %zu: %s", i, sentence);
        }
        check((strstr(sentence, "above all") != NULL) == CASES[i].leads, "case %zu: %s", i, sentence);
        json_decref(profile);
    }
}

/* Chance is right once in sixteen times, and there is nothing to tell. */
static void test_artists_of_whom_nothing_is_known(void **state) {
    (void)state;
    static const char *const WORDS[LI_LANG_COUNT] = {"Nothing is known here of this music",
                                                     "On ne sait rien ici de cette musique"};
    json_t *enriched = NULL,
           *profile = profile_of((const char *const[3]){"n1"}, (const char *const[3]){"qwzx"});
    check_near(number_at(profile, "confidence"), 1.0 / LI_EMOTION_COUNT, 0.00051);
    assert_true(json_equal(at(profile, "confidence"), at(profile, "artists.0.confidence")));
    json_decref(profile);
    assert_int_equal(stages_transform(&STAGES, &enriched, NULL), LI_OK);
    for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
        assert_int_equal(stages_profile(&STAGES, (enum li_lang)lang, &profile, NULL), LI_OK);
        const char *sentence = text_at(profile, "description");
        check(strncmp(sentence, WORDS[lang], strlen(WORDS[lang])) == 0, "%s", sentence);
        json_decref(profile);
    }
    /* ten of them are no surer than one */
    for (int i = 0; i < 9; i++) {
        char id[8];
        json_t *artist = json_deep_copy(at(enriched, "artists.0"));
        snprintf(id, sizeof id, "more%d", i);
        json_object_set_new(artist, "id", json_string(id));
        json_array_append_new(at(enriched, "artists"), artist);
    }
    stages_store(&STAGES, LI_OBJECT_ENRICHED_TRACKS, li_json_print(enriched, &STAGES.arena).data);
    stages_store(&STAGES, LI_OBJECT_PROFILE, "{}");
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, &profile, NULL), LI_OK);
    assert_int_equal(json_array_size(at(profile, "artists")), 10);
    check_near(number_at(profile, "confidence"), 1.0 / LI_EMOTION_COUNT, 0.00051);
    json_decref(enriched);
    json_decref(profile);
}

/* As far as the taste is theirs, it is left to chance; a sound is something known. */
static void test_artists_of_whom_something_is_known(void **state) {
    (void)state;
    json_t *known = profile_of((const char *const[3]){"bare"}, (const char *const[3]){"ambient"});
    json_t *half = profile_of((const char *const[3]){"n1", "bare"}, (const char *const[3]){"qwzx"});
    json_t *heard = profile_of((const char *const[3]){"measured"}, (const char *const[3]){"qwzx"});
    check(number_at(half, "confidence") < (number_at(known, "confidence") + 1.0 / LI_EMOTION_COUNT) / 2,
          "half is known: %g of %g", number_at(half, "confidence"), number_at(known, "confidence"));
    assert_non_null(strstr(text_at(half, "description"), "All this is estimated from genres"));
    assert_true(number_at(heard, "confidence") > 0.1);
    assert_null(strstr(text_at(heard, "description"), "genre"));
    json_decref(known);
    json_decref(half);
    json_decref(heard);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_sentence_names_the_leading_genre, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_artists_of_whom_nothing_is_known, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_artists_of_whom_something_is_known, set_up_stages,
                                        tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
