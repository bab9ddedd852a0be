/* What the sentence of a profile says of its genres. */
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_sentence_names_the_leading_genre, set_up_stages,
                                        tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
