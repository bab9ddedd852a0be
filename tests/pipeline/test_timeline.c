/* A listening history over time, to the number: plays of artists whose genres are known, by the month. */
#include "listener.h"
#include "pipeline/heard.h"

/* The timeline of a history, which is freed. */
static json_t *timeline_of(struct li_history *history) {
    const struct li_timeline_request request = {LI_TEXT(SESSION), LI_LANG_EN};
    struct li_timeline_response response = {0};
    struct li_error err = {0};
    json_decref(import(&STAGES, history, 0, LI_LANG_EN));
    check(li_pipeline_timeline(&STAGES.pipeline, &request, &response, &err) == LI_OK, "%s", err.message);
    return response.document;
}

static json_t *compare_with_past(enum li_lang lang, enum li_status wanted, const char *word) {
    const struct li_compare_request request = {LI_TEXT(SESSION), LI_TEXT("past"), lang};
    struct li_compare_response response = {0};
    struct li_error err = {0};
    enum li_status status = li_pipeline_compare(&STAGES.pipeline, &request, &response, &err);
    check(status == wanted && (!word || strstr(err.message, word)), "%d: %s", (int)status, err.message);
    return response.document;
}

static struct li_estimate estimate_of(const char *genre) {
    struct li_estimate estimate;
    int family = li_genre_match(genre, strlen(genre));
    assert_true(family >= 0);
    li_genre_estimate(&family, 1, &estimate);
    return estimate;
}

/* Thirty plays of metal and ten of ambient, as they should read together. */
static void a_month_is_the_mean_of_its_known_plays(void **state) {
    (void)state;
    const struct li_estimate metal = estimate_of("death metal"), ambient = estimate_of("ambient");
    struct li_history *history = new_history();
    play(history, "metal", FIRST, 30);
    play(history, "bare", FIRST, 10);
    play(history, "Nobody knows them", FIRST, 20);
    play(history, "Two", FIRST + 2, 4);
    json_t *timeline = timeline_of(history), *month = at(timeline, "months.0");
    assert_int_equal(json_array_size(at(timeline, "months")), 3);
    assert_int_equal(json_array_size(at(timeline, "emotions")), LI_EMOTION_COUNT);
    assert_string_equal(text_at(timeline, "emotions.1.id"), li_emotion_at(1)->id);
    assert_string_equal(text_at(month, "month"), "2020-01");
    assert_int_equal(number_at(month, "plays"), 60);
    check_near(number_at(month, "matched_share"), 0.667, 1e-9);
    check_near(number_at(month, "mood.valence"), 0.75 * metal.pleasantness + 0.25 * ambient.pleasantness,
               0.00051);
    check_near(number_at(month, "mood.arousal"), 0.75 * metal.activation + 0.25 * ambient.activation,
               0.00051);
    check_near(number_at(month, "energy"),
               0.75 * metal.mean.value[LI_ENERGY] + 0.25 * ambient.mean.value[LI_ENERGY], 0.00051);
    check_near(number_at(month, "danceability"),
               0.75 * metal.mean.value[LI_DANCEABILITY] + 0.25 * ambient.mean.value[LI_DANCEABILITY],
               0.00051);
    assert_int_equal(json_object_size(at(month, "emotions")), LI_EMOTION_COUNT);
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        check_near(number_at(at(month, "emotions"), li_emotion_at(e)->id),
                   0.75 * metal.p[e] + 0.25 * ambient.p[e], 0.000051);
    assert_int_equal(json_array_size(at(month, "genres")), 2); /* none that nobody played */
    assert_string_equal(text_at(month, "genres.0.id"), "death metal");
    check_near(number_at(month, "genres.0.share"), 0.75, 1e-9);
    assert_string_equal(text_at(month, "genres.1.id"), "ambient");
    check_near(number_at(month, "genres.1.share"), 0.25, 1e-9);
    json_decref(timeline);
}

static void months_of_nothing_and_of_two_genres(void **state) {
    (void)state;
    struct li_history *history = new_history();
    play(history, "metal", FIRST, 8);
    play(history, "Two", FIRST + 2, 4);
    json_t *timeline = timeline_of(history), *nothing = at(timeline, "months.1");
    assert_string_equal(text_at(nothing, "month"), "2020-02");
    assert_int_equal(number_at(nothing, "plays"), 0);
    assert_true(json_is_null(at(nothing, "matched_share")));
    assert_true(json_is_null(at(nothing, "energy")));
    assert_int_equal(json_array_size(at(nothing, "genres")), 0);
    const json_t *two = at(timeline, "months.2");
    assert_int_equal(json_array_size(at(two, "genres")), 2);
    check_near(number_at(two, "genres.0.share"), 0.5, 1e-9);
    check_near(number_at(two, "genres.1.share"), 0.5, 1e-9);
    json_decref(timeline);
}

static void hours_stand_by_weekday(void **state) {
    (void)state;
    struct li_history *history = new_history();
    play(history, "metal", FIRST, 26); /* Thursday, 2020-01-02, from 5 o'clock into the next morning */
    json_t *timeline = timeline_of(history), *hours = at(timeline, "hours");
    for (size_t hour = 0; hour < 24; hour++) {
        json_t *thursday = json_array_get(json_array_get(hours, 3), hour);
        json_t *friday = json_array_get(json_array_get(hours, 4), hour);
        check(json_integer_value(thursday) == (hour >= 5), "Thursday at %zu", hour);
        check(json_integer_value(friday) == (hour < 7), "Friday at %zu", hour);
    }
    json_decref(timeline);
}

/* How much the share of an emotion should have grown between pure metal and pure ambient. */
static double growth(const char *id) {
    int emotion = li_emotion_find(id);
    assert_true(emotion >= 0);
    return estimate_of("ambient").p[emotion] - estimate_of("death metal").p[emotion];
}

static void check_moved(const json_t *list, int sign) {
    size_t i;
    json_t *one;
    double before = 2;
    assert_int_equal(json_array_size(list), 3);
    json_array_foreach(list, i, one) {
        double change = number_at(one, "change");
        check_near(change, growth(text_at(one, "id")), 0.000051);
        check(sign * change > 0 && sign * change <= before, "%s moved by %g", text_at(one, "id"), change);
        before = sign * change;
    }
}

static void the_last_year_beside_those_before(void **state) {
    (void)state;
    struct li_history *history = new_history();
    for (int month = 0; month < 15; month++)
        play(history, month < 3 ? "metal" : "bare", FIRST + month, 10);
    json_t *timeline = timeline_of(history), *year = at(timeline, "year");
    assert_string_equal(text_at(year, "from"), "2020-04");
    assert_int_equal(number_at(year, "then.plays"), 30);
    assert_int_equal(number_at(year, "now.plays"), 120);
    check_near(number_at(year, "then.matched_share"), 1, 0);
    check_near(number_at(year, "then.energy"), estimate_of("death metal").mean.value[LI_ENERGY], 0.00051);
    check_near(number_at(year, "now.energy"), estimate_of("ambient").mean.value[LI_ENERGY], 0.00051);
    assert_int_equal(json_array_size(at(year, "now.genres")), 1);
    assert_string_equal(text_at(year, "then.genres.0.id"), "death metal");
    check_near(number_at(year, "now.genres.0.share"), 1, 0);
    check_moved(at(year, "more"), 1);
    check_moved(at(year, "less"), -1);
    json_decref(timeline);
}

static void now_is_compared_with_the_past(void **state) {
    (void)state;
    double similarity = 0;
    struct li_history *history = new_history();
    for (int month = 0; month < 15; month++)
        play(history, month < 3 ? "metal" : "bare", FIRST + month, 10);
    json_decref(timeline_of(history));
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        similarity += fmin(estimate_of("death metal").p[e], estimate_of("ambient").p[e]);
    json_t *document = compare_with_past(LI_LANG_EN, LI_OK, NULL),
           *french = compare_with_past(LI_LANG_FR, LI_OK, NULL);
    static const char en[] = "Your last year and the time before share ";
    static const char fr[] = "Tes douze derniers mois et ce qui précède partagent ";
    assert_memory_equal(text_at(document, "description"), en, strlen(en));
    assert_memory_equal(text_at(french, "description"), fr, strlen(fr));
    json_decref(french);
    check_near(number_at(document, "similarity"), similarity, 0.001);
    assert_true(number_at(document, "leaning") < -0.2);
    assert_string_equal(text_at(document, "headline"), "Your taste leans the opposite way");
    assert_int_equal(json_array_size(at(document, "dimensions")), 4);
    check_near(number_at(document, "dimensions.2.you"), estimate_of("ambient").mean.value[LI_ENERGY],
               0.00051);
    assert_string_equal(text_at(document, "genres.yours.0.id"), "ambient");
    assert_string_equal(text_at(document, "genres.theirs.0.id"), "death metal");
    json_decref(document);
    /* Artists named by hand end the history. */
    assert_int_equal(stages_extract(&STAGES, "rap", NULL, NULL), LI_OK);
    json_decref(compare_with_past(LI_LANG_EN, LI_NOT_FOUND, NULL));
}

/* A genre that was the fourth of the time before is still part of it, and a month shows three. */
static void genres_that_are_not_shown_are_compared(void **state) {
    (void)state;
    struct li_history *history = new_history();
    for (int month = 0; month < 15; month++) {
        play(history, "metal", FIRST + month, month < 3 ? 30 : 12);
        if (month < 3) {
            play(history, "rap", FIRST + month, 26);
            play(history, "mixed", FIRST + month, 24);
            play(history, "measured", FIRST + month, 2);
            play(history, "odd", FIRST + month, 1); /* a share of 0.01 */
        }
        play(history, "long", FIRST + month, 12);
    }
    json_t *timeline = timeline_of(history), *year = at(timeline, "year");
    assert_int_equal(json_array_size(at(timeline, "months.0.genres")), 3);
    assert_int_equal(json_array_size(at(year, "then.genres")), 5);
    assert_string_equal(text_at(year, "then.genres.3.id"), "disco");
    check_near(number_at(year, "then.genres.3.share"), 0.126, 1e-9);
    check_near(number_at(year, "then.genres.4.share"), 0.021, 1e-9);
    json_decref(timeline);
    json_t *document = compare_with_past(LI_LANG_EN, LI_OK, NULL);
    assert_int_equal(json_array_size(at(document, "genres.shared")), 2);
    assert_string_equal(text_at(document, "genres.shared.1.id"), "disco");
    check_near(number_at(document, "genres.shared.1.you"), 0.5, 1e-9);
    check_near(number_at(document, "genres.shared.1.them"), 0.126, 1e-9);
    assert_int_equal(json_array_size(at(document, "genres.yours")), 0);
    assert_int_equal(json_array_size(at(document, "genres.theirs")), 3);
    json_decref(document);
}

static void numbers_are_rounded(void **state) {
    (void)state;
    static const struct rounded NUMBERS[] = {
        {"months.0.matched_share", 3},   {"months.0.mood.valence", 3},   {"months.0.mood.arousal", 3},
        {"months.0.energy", 3},          {"months.0.danceability", 3},   {"months.0.emotions.joy", 4},
        {"months.0.genres.0.share", 3},  {"year.more.0.change", 4},      {"year.less.0.change", 4},
        {"changes.0.before.valence", 3}, {"changes.0.energy_before", 3}, {"changes.0.energy_after", 3},
        {"months.5.mood.valence", 3},    {"months.5.mood.arousal", 3},   {"months.17.mood.valence", 3},
        {"months.17.mood.arousal", 3},   {"months.17.energy", 3},        {"months.17.danceability", 3},
    };
    struct li_history *history = new_history();
    for (int month = 0; month < 24; month++) {
        play(history, "metal", FIRST + month, month < 12 ? 20 : 1);
        play(history, "bare", FIRST + month, month < 12 ? 1 : 19);
        play(history, "Two", FIRST + month, month);
        play(history, "Nobody knows them", FIRST + month, 7);
    }
    json_t *timeline = timeline_of(history);
    check_rounded(timeline, NUMBERS, sizeof NUMBERS / sizeof *NUMBERS);
    json_decref(timeline);
}

static void a_year_alone_has_no_past(void **state) {
    (void)state;
    static const struct {
        const char *before;
        int months;
        const char *why; /* there is no past; NULL: there is one */
    } CASES[] = {{"metal", 12, "not longer than a year"},
                 {"metal", 13, NULL},
                 {"Nobody knows them", 13, "no artist known here"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_history *history = new_history();
        play(history, CASES[i].before, FIRST, 5);
        play(history, "bare", FIRST + CASES[i].months - 1, 5);
        json_t *timeline = timeline_of(history);
        check(json_is_object(at(timeline, "year")) == !CASES[i].why, "case %zu", i);
        check(json_is_object(at(timeline, "year")) || json_is_null(at(timeline, "year")), "case %zu", i);
        json_decref(timeline);
        json_decref(compare_with_past(LI_LANG_EN, CASES[i].why ? LI_NOT_FOUND : LI_OK, CASES[i].why));
    }
}

/* Metal, ambient, metal again: each turn has the stretch before and the stretch behind it. */
static void turns_say_what_was_before_and_after(void **state) {
    (void)state;
    const struct li_estimate metal = estimate_of("death metal"), ambient = estimate_of("ambient");
    struct li_history *history = new_history();
    for (int month = 0; month < 36; month++)
        play(history, month / 12 == 1 ? "bare" : "metal", FIRST + month, 20);
    json_t *timeline = timeline_of(history);
    assert_int_equal(json_array_size(at(timeline, "changes")), 2);
    assert_string_equal(text_at(timeline, "changes.0.month"), "2021-01");
    assert_string_equal(text_at(timeline, "changes.1.month"), "2022-01");
    for (size_t i = 0; i < 2; i++) {
        const json_t *change = json_array_get(at(timeline, "changes"), i);
        const struct li_estimate *before = i ? &ambient : &metal, *after = i ? &metal : &ambient;
        check_near(number_at(change, "before.valence"), before->pleasantness, 0.00051);
        check_near(number_at(change, "after.arousal"), after->activation, 0.00051);
        check_near(number_at(change, "energy_before"), before->mean.value[LI_ENERGY], 0.00051);
        check_near(number_at(change, "energy_after"), after->mean.value[LI_ENERGY], 0.00051);
    }
    json_decref(timeline);
}

/* Months that swing by a known noise, and then a step of so many times that noise. */
static size_t changes_of_step(double step) {
    struct li_stretch months[40] = {{0}};
    size_t changes[40];
    struct li_arena arena = {0};
    const double swing = 0.05, noise = 1.4826 * 2 * swing / sqrt(2);
    for (int m = 0; m < 40; m++)
        months[m] = (struct li_stretch){
            .known = 10, .valence = (m % 2 ? swing : -swing) + (m < 20 ? 0 : step * noise), .energy = 0.5};
    size_t found = li_timeline_changes(months, 40, &arena, changes);
    if (found)
        check(changes[0] == 20, "the step is at %zu", changes[0]);
    li_arena_release(&arena);
    return found;
}

/* Two halves of 20 months that lie s noises apart cost 20 * 20 / 40 * s^2 more together than apart; a second
 * stretch costs 2 (3 + 1) ln 40 = 29.5. So the least step is sqrt(29.5 / 10) = 1.72 noises. */
static void a_step_counts_from_the_penalty_on(void **state) {
    (void)state;
    assert_int_equal(changes_of_step(1.6), 0);
    assert_int_equal(changes_of_step(1.85), 1);
}

/* Of 39 differences of neighbours 20 are small: their median is the noise, and the larger ones do not matter.
 */
static void the_noise_is_the_median(void **state) {
    (void)state;
    struct li_stretch months[40] = {{0}};
    size_t changes[40];
    struct li_arena arena = {0};
    for (int m = 0; m < 40; m++)
        months[m] =
            (struct li_stretch){.known = 10,
                                .valence = (m % 2 ? 1 : -1) * (m < 21 ? 0.02 : 0.2) + (m < 21 ? 0 : 0.15),
                                .energy = 0.5};
    assert_int_equal(li_timeline_changes(months, 40, &arena, changes), 1);
    li_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_month_is_the_mean_of_its_known_plays, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(months_of_nothing_and_of_two_genres, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(hours_stand_by_weekday, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(the_last_year_beside_those_before, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(now_is_compared_with_the_past, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(genres_that_are_not_shown_are_compared, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(numbers_are_rounded, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(a_year_alone_has_no_past, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(turns_say_what_was_before_and_after, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test(a_step_counts_from_the_penalty_on),
        cmocka_unit_test(the_noise_is_the_median),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
