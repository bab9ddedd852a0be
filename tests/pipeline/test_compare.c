/* Numbers under a code, and two profiles side by side. */
#include "base/random.h"
#include "fixture.h"
#include "pipeline/numbers.h"

static json_t *share(enum li_status wanted) {
    struct li_share_response response = {0};
    struct li_error err = {0};
    const struct li_share_request request = {LI_TEXT(SESSION)};
    enum li_status status = li_pipeline_share(&STAGES.pipeline, &request, &response, &err);
    check(status == wanted, "%d: %s", (int)status, err.message);
    return response.document;
}

static json_t *compare(struct li_text with, enum li_lang lang, enum li_status wanted) {
    struct li_compare_response response = {0};
    struct li_error err = {0};
    const struct li_compare_request request = {LI_TEXT(SESSION), with, lang};
    enum li_status status = li_pipeline_compare(&STAGES.pipeline, &request, &response, &err);
    check(status == wanted, "%d: %s", (int)status, err.message);
    return response.document;
}

static void a_code_holds_numbers_only(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap measured", LI_OBJECT_PROFILE));
    json_t *shared = share(LI_OK), *numbers = NULL, *again = share(LI_OK);
    struct li_text code = li_json_get_text(shared, "code");
    assert_true(li_session_valid(code));
    assert_false(li_text_equal(code, LI_TEXT(SESSION)));
    assert_true(li_text_equal(code, li_json_get_text(again, "code"))); /* the same code each time */
    assert_int_equal(li_numbers_of_code(&STAGES.pipeline, code, &numbers, NULL), LI_OK);
    struct li_text text = li_json_print(numbers, &STAGES.arena);
    static const char *const NEVER[] = {"MC Exemple", "The Measured", "measured",  SESSION,
                                        "title",      "\"artists\"",  "\"tracks\""};
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        check(!memmem(text.data, text.size, NEVER[i], strlen(NEVER[i])), "the numbers hold %s", NEVER[i]);
    assert_true(isfinite(li_json_get_number(numbers, "energy_avg")));
    json_decref(numbers);
    json_decref(shared);
    json_decref(again);
}

static void without_a_profile_nothing_is_shared(void **state) {
    (void)state;
    json_decref(share(LI_NOT_FOUND));
    json_decref(compare(LI_TEXT("0123456789012345678901"), LI_LANG_EN, LI_NOT_FOUND));
}

static void erasing_the_session_erases_what_it_shares(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    json_t *shared = share(LI_OK), *numbers = NULL;
    struct li_text code = li_json_get_text(shared, "code");
    assert_int_equal(li_pipeline_erase(&STAGES.pipeline, LI_TEXT(SESSION), NULL), LI_OK);
    assert_int_equal(li_numbers_of_code(&STAGES.pipeline, code, &numbers, NULL), LI_NOT_FOUND);
    assert_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
    assert_int_equal(li_pipeline_erase(&STAGES.pipeline, LI_TEXT(SESSION), NULL), LI_OK); /* again is fine */
    json_decref(shared);
}

static void a_code_ends_with_its_session(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    json_t *shared = share(LI_OK), *numbers = NULL;
    struct li_text code = li_json_get_text(shared, "code");
    STAGES.pipeline.clock.fixed_ms += STAGES.store.base.ttl_ms - 1;
    assert_int_equal(li_numbers_of_code(&STAGES.pipeline, code, &numbers, NULL), LI_OK);
    json_decref(numbers);
    STAGES.pipeline.clock.fixed_ms++;
    assert_int_equal(li_numbers_of_code(&STAGES.pipeline, code, &numbers, NULL), LI_NOT_FOUND);
    json_decref(shared);
}

static void a_profile_is_like_itself(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap measured", LI_OBJECT_PROFILE));
    json_t *shared = share(LI_OK);
    json_t *document = compare(li_json_get_text(shared, "code"), LI_LANG_EN, LI_OK), *dimension, *genres;
    check_near(li_json_get_number(document, "similarity"), 1, 0.002);
    check_near(li_json_get_number(document, "distance"), 0, 1e-9);
    assert_string_equal(json_string_value(json_object_get(document, "description")),
                        "You two share 100% of your feeling.");
    check_near(number_at(document, "leaning"), 1, 0);
    assert_string_equal(text_at(document, "headline"), "You lean the same way");
    size_t i;
    json_array_foreach(json_object_get(document, "dimensions"), i, dimension) check_near(
        li_json_get_number(dimension, "spreads_apart") + li_json_get_number(dimension, "share"), 0, 1e-9);
    genres = json_object_get(document, "genres");
    assert_true(json_array_size(json_object_get(genres, "shared")) > 0);
    assert_int_equal(json_array_size(json_object_get(genres, "yours")), 0);
    json_decref(document);
    json_decref(shared);
}

/* Numbers made by hand: what sets them apart is what was set apart. */
static json_t *made(double energy, double tempo, const char *genre) {
    json_t *numbers =
        json_pack("{s:f,s:f,s:f,s:{s:f,s:f},s:{s:f,s:f},s:[{s:s,s:f}]}", "energy_avg", energy,
                  "danceability_avg", 0.5, "tempo_avg", tempo, "mood", "valence", 0.1, "arousal", 0.2,
                  "emotions", "joy", energy, "sadness", 1 - energy, "genres", "id", genre, "share", 0.9);
    assert_non_null(numbers);
    return numbers;
}

static void what_sets_them_apart_is_named(void **state) {
    (void)state;
    json_t *you = made(0.9, 120, "metal"), *them = made(0.3, 121, "soul"),
           *document = li_comparison(LI_PARTNER_SOMEBODY, you, them);
    check_near(li_json_get_number(document, "similarity"), 0.4, 1e-6); /* 0.3 + 0.1 */
    assert_string_equal(text_at(document, "description.en"),
                        "You two share 40% of your feeling; what sets you apart most is energy.");
    assert_string_equal(text_at(document, "description.fr"),
                        "Vous partagez 40 % de votre ressenti ; ce qui vous sépare le plus : énergie.");
    double sum = 0, squares = 0, yours = 0, theirs = 0;
    size_t i, energy = 0;
    json_t *dimension, *emotion;
    json_array_foreach(json_object_get(document, "emotions"), i, emotion) {
        yours += number_at(emotion, "you"); /* what is not said of an emotion counts as none of it */
        theirs += number_at(emotion, "them");
    }
    check_near(yours, 1, 1e-6);
    check_near(theirs, 1, 1e-6);
    assert_int_equal(json_array_size(json_object_get(document, "dimensions")), 5);
    json_array_foreach(json_object_get(document, "dimensions"), i, dimension) {
        sum += li_json_get_number(dimension, "share");
        squares += pow(li_json_get_number(dimension, "spreads_apart"), 2);
        if (li_text_equal(li_json_get_text(dimension, "id"), LI_TEXT("energy")))
            energy = i;
        /* acousticness and others are unknown here: left out, not guessed */
        assert_false(li_text_equal(li_json_get_text(dimension, "id"), LI_TEXT("acousticness")));
    }
    check_near(sum, 1, 0.01);
    check_near(li_json_get_number(document, "distance"), sqrt(squares / 5), 0.01);
    dimension = json_array_get(json_object_get(document, "dimensions"), energy);
    check(li_json_get_number(dimension, "share") > 0.95, "energy sets them apart");
    json_t *genres = json_object_get(document, "genres");
    assert_int_equal(json_array_size(json_object_get(genres, "shared")), 0);
    assert_int_equal(json_array_size(json_object_get(genres, "yours")), 1);
    assert_int_equal(json_array_size(json_object_get(genres, "theirs")), 1);
    json_decref(document);
    /* The other way round, the same distance. */
    json_t *back = li_comparison(LI_PARTNER_SOMEBODY, them, you);
    check_near(li_json_get_number(back, "similarity"), 0.4, 1e-6);
    json_decref(back);
    json_decref(you);
    json_decref(them);
}

/* Differences of mood are told in spreads of the genre families on its axes. */
static void moods_are_measured_by_the_families(void **state) {
    double sum[2] = {0}, squares[2] = {0}, count = (double)li_genre_count();
    (void)state;
    for (size_t g = 0; g < li_genre_count(); g++) {
        struct li_estimate estimate;
        li_genre_estimate(&(int){(int)g}, 1, &estimate);
        const double at_axes[2] = {estimate.pleasantness, estimate.activation};
        for (size_t axis = 0; axis < 2; axis++) {
            sum[axis] += at_axes[axis];
            squares[axis] += at_axes[axis] * at_axes[axis];
        }
    }
    json_t *you = made(0.5, 120, "metal"), *them = made(0.5, 120, "metal");
    json_t *mood = json_object_get(you, "mood");
    json_object_set_new(mood, "valence", json_real(0.1 + 0.3));
    json_object_set_new(mood, "arousal", json_real(0.2 - 0.3));
    json_t *document = li_comparison(LI_PARTNER_SOMEBODY, you, them);
    for (size_t axis = 0; axis < 2; axis++) {
        const json_t *dimension = json_array_get(at(document, "dimensions"), axis);
        double mean = sum[axis] / count, spread = sqrt(squares[axis] / count - mean * mean);
        assert_string_equal(text_at(dimension, "id"), axis ? "arousal" : "valence");
        check_near(number_at(dimension, "spreads_apart"), (axis ? -0.3 : 0.3) / spread, 0.0051);
    }
    json_decref(document);
    json_decref(you);
    json_decref(them);
}

/* Emotions at their ordinary shares, but for what one of them has more and the others less. */
static json_t *leaning_to(const char *id, double more) {
    json_t *numbers = made(0.5, 120, "metal"), *emotions = json_object_get(numbers, "emotions");
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        const struct li_emotion *facts = li_emotion_at(e);
        bool it = strcmp(facts->id, id) == 0;
        json_object_set_new(emotions, facts->id,
                            json_real(facts->base_rate + (it ? more : -more / (LI_EMOTION_COUNT - 1))));
    }
    return numbers;
}

static void the_way_they_lean_is_told(void **state) {
    static const struct {
        const char *yours, *theirs;
        double more_of_yours, more_of_theirs, leaning;
        const char *en, *fr;
    } CASES[] = {
        {"joy", "joy", 0.1, 0.1, 1, "You lean the same way", "Vous penchez du même côté"},
        {"joy", "joy", 0.1, 0.02, 1, "You lean the same way", "Vous penchez du même côté"},
        {"joy", "joy", 0.05, -0.05, -1, "You lean opposite ways", "Vous penchez de côtés opposés"},
        /* each has a fifteenth of what it gained less of all others: -1/15 */
        {"joy", "anger", 0.1, 0.1, -0.07, "You lean different ways", "Vous penchez chacun de votre côté"},
        {"joy", "joy", 0, 0.1, NAN, "No leaning to compare", "Aucun penchant à comparer"},
        {"joy", "joy", 0, 0, NAN, "No leaning to compare", "Aucun penchant à comparer"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        json_t *you = leaning_to(CASES[i].yours, CASES[i].more_of_yours);
        json_t *them = leaning_to(CASES[i].theirs, CASES[i].more_of_theirs);
        json_t *document = li_comparison(LI_PARTNER_SOMEBODY, you, them);
        if (isnan(CASES[i].leaning))
            assert_true(json_is_null(at(document, "leaning")));
        else
            check_near(number_at(document, "leaning"), CASES[i].leaning, 1e-9);
        assert_string_equal(text_at(document, "headline.en"), CASES[i].en);
        assert_string_equal(text_at(document, "headline.fr"), CASES[i].fr);
        json_decref(document);
        json_decref(you);
        json_decref(them);
    }
}

/* Shares are rounded when they are stored: their sum may be over 1, the similarity is a share all the same.
 */
static void nobody_shares_more_than_all(void **state) {
    (void)state;
    json_t *you = leaning_to("joy", 0.1), *emotion;
    const char *id;
    json_object_foreach(json_object_get(you, "emotions"), id, emotion) json_object_set_new(
        json_object_get(you, "emotions"), id, json_real(json_real_value(emotion) + 0.0001));
    json_t *document = li_comparison(LI_PARTNER_SOMEBODY, you, you);
    check_near(number_at(document, "similarity"), 1, 0);
    json_decref(document);
    json_decref(you);
}

/* The words are those of the number that is shown: from some share of joy on, one step of it after the other.
 */
static void the_words_of_leaning_go_by_the_number_shown(void **state) {
    static const struct {
        double least;
        const char *words;
    } WORDS[] = {{0.6, "You lean the same way"},
                 {0.2, "You lean partly the same way"},
                 {-0.2, "You lean different ways"},
                 {-1, "You lean opposite ways"}};
    (void)state;
    for (int step = 0; step < 600; step++) {
        double joy = 0.16 - step * 0.0004;
        json_t *you = leaning_to("joy", 0.2), *them = leaning_to("joy", joy);
        json_t *emotions = json_object_get(them, "emotions"), *anger = json_object_get(emotions, "anger");
        json_object_set_new(emotions, "anger", json_real(json_real_value(anger) + 0.2 - joy));
        json_t *document = li_comparison(LI_PARTNER_SOMEBODY, you, them);
        size_t i = 0;
        while (number_at(document, "leaning") < WORDS[i].least)
            i++;
        check(strcmp(text_at(document, "headline.en"), WORDS[i].words) == 0, "leaning %g: %s",
              number_at(document, "leaning"), text_at(document, "headline.en"));
        json_decref(document);
        json_decref(you);
        json_decref(them);
    }
}

/* Who leans to joy beside who leans to joy less and less, to anger instead. */
static void the_words_of_leaning_have_bounds(void **state) {
    static const struct {
        double joy, leaning; /* of 0.2 that is given to joy and anger; the rest is anger's */
        const char *somebody, *past;
    } CASES[] = {
        {0.16, 0.97, "You lean the same way", "Your taste leans the way it did"},
        {0.08, 0.52, "You lean partly the same way", "Your taste leans partly the way it did"},
        {0.02, 0.04, "You lean different ways", "Your taste leans another way than it did"},
        {-0.08, -0.34, "You lean opposite ways", "Your taste leans the opposite way"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        json_t *you = leaning_to("joy", 0.2), *them = leaning_to("joy", CASES[i].joy);
        json_t *emotions = json_object_get(them, "emotions"), *anger = json_object_get(emotions, "anger");
        json_object_set_new(emotions, "anger", json_real(json_real_value(anger) + 0.2 - CASES[i].joy));
        json_t *document = li_comparison(LI_PARTNER_SOMEBODY, you, them);
        json_t *past = li_comparison(LI_PARTNER_PAST, you, them);
        check_near(number_at(document, "leaning"), CASES[i].leaning, 0.02);
        assert_string_equal(text_at(document, "headline.en"), CASES[i].somebody);
        assert_string_equal(text_at(past, "headline.en"), CASES[i].past);
        json_decref(past);
        json_decref(document);
        json_decref(you);
        json_decref(them);
    }
}

/* Genres with their shares, by falling share. */
static json_t *made_of(const char *const *genres, const double *shares, size_t count) {
    json_t *numbers = made(0.51239, 120.7654, "metal"), *list = json_object_get(numbers, "genres");
    json_array_clear(list);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s,s:f}", "id", genres[i], "share", shares[i]));
    return numbers;
}

static void check_genre(const json_t *list, size_t index, const char *id, double you, double them) {
    const json_t *genre = json_array_get(list, index);
    assert_string_equal(text_at(genre, "id"), id);
    check_near(number_at(genre, "you"), you, 1e-9);
    check_near(number_at(genre, "them"), them, 1e-9);
}

/* A share of 0.02 is worth naming, less is not; five of a kind are named. */
static void genres_are_shared_or_one_sides(void **state) {
    static const char *const yours[] = {"metal", "disco", "soul", "jazz"};
    static const char *const theirs[] = {"soul", "ambient", "metal", "disco"};
    static const char *const many[] = {"metal", "disco", "soul", "jazz", "ambient", "house"};
    json_t *you = made_of(yours, (const double[]){0.50004, 0.3, 0.02, 0.0199}, 4);
    json_t *them = made_of(theirs, (const double[]){0.6, 0.2, 0.02, 0.0199}, 4);
    json_t *all = made_of(many, (const double[]){0.2, 0.2, 0.2, 0.1, 0.1, 0.1}, 6);
    json_t *document = li_comparison(LI_PARTNER_SOMEBODY, you, them),
           *genres = json_object_get(document, "genres");
    (void)state;
    assert_int_equal(json_array_size(at(genres, "shared")), 2);
    check_genre(at(genres, "shared"), 0, "metal", 0.5, 0.02);
    check_genre(at(genres, "shared"), 1, "soul", 0.02, 0.6);
    assert_int_equal(json_array_size(at(genres, "yours")), 1);
    check_genre(at(genres, "yours"), 0, "disco", 0.3, 0.02);
    assert_int_equal(json_array_size(at(genres, "theirs")), 1);
    check_genre(at(genres, "theirs"), 0, "ambient", 0, 0.2);
    json_decref(document);
    document = li_comparison(LI_PARTNER_SOMEBODY, all, all);
    assert_int_equal(json_array_size(at(document, "genres.shared")), 5);
    json_decref(document);
    json_decref(you);
    json_decref(them);
    json_decref(all);
}

static void what_is_compared_is_rounded(void **state) {
    static const struct rounded NUMBERS[] = {
        {"similarity", 3},
        {"leaning", 2},
        {"distance", 3},
        {"dimensions.2.you", 3},
        {"dimensions.2.them", 3},
        {"dimensions.2.share", 3},
        {"dimensions.2.spreads_apart", 2},
        {"dimensions.4.share", 3},
        {"emotions.0.you", 4},
        {"emotions.0.them", 4},
    };
    json_t *you = made(0.9123456, 120.7654, "metal"), *them = made(0.3456789, 90.1234, "soul");
    json_t *document = li_comparison(LI_PARTNER_SOMEBODY, you, them);
    (void)state;
    check_rounded(document, NUMBERS, sizeof NUMBERS / sizeof *NUMBERS);
    json_decref(document);
    json_decref(you);
    json_decref(them);
}

static void the_past_needs_a_history(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    json_decref(compare(LI_TEXT("past"), LI_LANG_EN, LI_NOT_FOUND));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_code_holds_numbers_only, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(without_a_profile_nothing_is_shared, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(erasing_the_session_erases_what_it_shares, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(a_code_ends_with_its_session, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(a_profile_is_like_itself, set_up_stages, tear_down_stages),
        cmocka_unit_test(what_sets_them_apart_is_named),
        cmocka_unit_test(moods_are_measured_by_the_families),
        cmocka_unit_test(the_way_they_lean_is_told),
        cmocka_unit_test(nobody_shares_more_than_all),
        cmocka_unit_test(the_words_of_leaning_go_by_the_number_shown),
        cmocka_unit_test(the_words_of_leaning_have_bounds),
        cmocka_unit_test(genres_are_shared_or_one_sides),
        cmocka_unit_test(what_is_compared_is_rounded),
        cmocka_unit_test_setup_teardown(the_past_needs_a_history, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
