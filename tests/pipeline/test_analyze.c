/* analyze: measured sounds become a session's tracks, and its profile is made of them alone. */
#include "check.h"
#include "stages.h"

static struct li_analysis analysis_of(double energy, double loudness) {
    struct li_analysis out = {.duration_s = 30, .key = 3};
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        out.features.value[i] = out.confidence[i] = NAN;
    if (isfinite(loudness)) {
        out.features.value[LI_ENERGY] = energy;
        out.features.value[LI_DANCEABILITY] = out.features.value[LI_VALENCE] = 0.5;
        out.features.value[LI_LOUDNESS] = loudness;
        out.features.value[LI_TEMPO] = 120;
        out.features.value[LI_MODE] = 1;
    }
    out.tempo_alternative_bpm = out.tuning_hz = NAN;
    return out;
}

static void test_names(void **state) {
    static const struct {
        const char *file, *title_tag, *artist_tag, *title, *artist;
    } CASES[] = {
        {"song.mp3", "", "", "song", ""},
        {"Nina Simone - Feeling Good.mp3", "", "", "Feeling Good", "Nina Simone"},
        {"/a - b/c/Nina Simone - Feeling Good.flac", "", "", "Feeling Good", "Nina Simone"},
        {"07 - Nina Simone - Feeling Good.mp3", "", "", "Feeling Good", "Nina Simone"},
        {"07 - Feeling Good.mp3", "", "", "Feeling Good", ""},
        {"1-07 - Feeling Good.mp3", "", "", "Feeling Good", ""},
        {"a - b - c.mp3", "", "", "b - c", "a"},
        {"x.mp3", "Feeling Good", "Nina Simone", "Feeling Good", "Nina Simone"},
        {"Bob - x.mp3", "Feeling Good", "", "Feeling Good", ""},
        {"Bob - x.mp3", "", "Nina Simone", "x", "Nina Simone"},
        {"no ending", "", "", "no ending", ""},
        {"v1.2 final.mp3", "", "", "v1.2 final", ""},
        {".mp3", "", "", ".mp3", ""},
        {"", "", "", "", ""},
        {"a - .mp3", "", "", "a -", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_sound_track track = {.file = li_text_of(CASES[i].file),
                                       .title = li_text_of(CASES[i].title_tag),
                                       .artist = li_text_of(CASES[i].artist_tag)};
        struct li_text title, artist;
        li_sound_name(&track, &title, &artist);
        check(li_text_equal(title, li_text_of(CASES[i].title)), "%s: titled \"%.*s\"", CASES[i].file,
              LI_TEXT_ARG(title));
        check(li_text_equal(artist, li_text_of(CASES[i].artist)), "%s: by \"%.*s\"", CASES[i].file,
              LI_TEXT_ARG(artist));
    }
}

static json_t *profile_of(struct stages *stages) {
    struct li_profile_response response = {0};
    struct li_error err = {0};
    assert_int_equal(stages_transform(stages, NULL, &err), LI_OK);
    check(li_pipeline_profile(&stages->pipeline, &(struct li_profile_request){.session = LI_TEXT(SESSION)},
                              &response, &err) == LI_OK,
          "%s", err.message);
    return response.document;
}

static double number(const json_t *document, const char *list, size_t index, const char *name) {
    return li_json_get_number(json_array_get(json_object_get(document, list), index), name);
}

/* Each track weighs the same; silence is left out; ways to write a name are one artist. */
static void test_session(void **state) {
    struct li_analysis loud = analysis_of(0.9, -8), soft = analysis_of(0.1, -30),
                       silent = analysis_of(NAN, NAN);
    const struct li_sound_track tracks[] = {
        {.file = LI_TEXT("1.mp3"), .title = LI_TEXT("One"), .artist = LI_TEXT("Zoé"), .analysis = &loud},
        {.file = LI_TEXT("2.mp3"), .title = LI_TEXT("Two"), .artist = LI_TEXT("ZOE"), .analysis = &loud},
        {.file = LI_TEXT("3.mp3"), .title = LI_TEXT("Three"), .artist = LI_TEXT("Zoé"), .analysis = &loud},
        {.file = LI_TEXT("4.mp3"), .analysis = &silent},
        {.file = LI_TEXT("5.mp3"), .artist = LI_TEXT("?!"), .analysis = &soft},
    };
    struct stages stages;
    struct li_analyze_response response = {0};
    struct li_error err = {0};
    (void)state;
    stages_init(&stages);
    check(li_pipeline_analyze(&stages.pipeline, &(struct li_analyze_request){LI_TEXT(SESSION), tracks, 5},
                              &response, &err) == LI_OK,
          "%s", err.message);
    assert_int_equal(json_array_size(json_object_get(response.document, "tracks")), 4);
    assert_int_equal(json_array_size(json_object_get(response.document, "artists")), 2);
    json_t *profile = profile_of(&stages);
    check_near(li_json_get_number(profile, "energy_avg"), (3 * 0.9 + 0.1) / 4, 1e-9);
    check_near(number(profile, "artists", 0, "weight"), 0.75, 1e-9);
    check_near(number(profile, "artists", 1, "weight"), 0.25, 1e-9);
    check_near(number(profile, "artists", 0, "estimated_share"), 0, 0);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(profile, "sources"), "measured")), 4);
    assert_int_equal(json_array_size(json_object_get(profile, "genres")), 0);
    double shares = 0;
    json_t *reason,
        *because = json_object_get(json_array_get(json_object_get(profile, "emotions"), 0), "because");
    size_t i;
    json_array_foreach(because, i, reason) {
        const char *kind = json_string_value(json_object_get(reason, "kind"));
        assert_string_not_equal(kind, "genre");
        if (strcmp(kind, "artist") == 0)
            shares += li_json_get_number(reason, "value");
    }
    check_near(shares, 1, 0.002);
    json_decref(profile);
    json_decref(response.document);
    stages_clean_up(&stages);
}

static void test_refused(void **state) {
    static struct li_sound_track many[LI_TRACKS_MAX + 1];
    struct li_analysis loud = analysis_of(0.9, -8), silent = analysis_of(NAN, NAN);
    for (size_t i = 0; i <= LI_TRACKS_MAX; i++)
        many[i] = (struct li_sound_track){.file = LI_TEXT("a.mp3"), .analysis = &loud};
    const struct li_sound_track nothing = {.file = LI_TEXT("a.mp3"), .analysis = &silent};
    const struct {
        const char *what, *says;
        struct li_analyze_request request;
    } CASES[] = {
        {"no session", "session", {LI_TEXT("short"), many, 1}},
        {"no track", "1 to 500", {LI_TEXT(SESSION), many, 0}},
        {"too many", "1 to 500", {LI_TEXT(SESSION), many, LI_TRACKS_MAX + 1}},
        {"silence", "silence", {LI_TEXT(SESSION), &nothing, 1}},
    };
    struct stages stages;
    (void)state;
    stages_init(&stages);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_analyze_response response = {0};
        struct li_error err = {0};
        enum li_status status = li_pipeline_analyze(&stages.pipeline, &CASES[i].request, &response, &err);
        check(status == LI_INVALID && strstr(err.message, CASES[i].says), "%s: %d: %s", CASES[i].what,
              (int)status, err.message);
        assert_null(response.document);
    }
    struct li_analyze_response most = {0};
    struct li_error err = {0};
    assert_int_equal(li_pipeline_analyze(&stages.pipeline,
                                         &(struct li_analyze_request){LI_TEXT(SESSION), many, LI_TRACKS_MAX},
                                         &most, &err),
                     LI_OK);
    json_decref(most.document);
    stages_clean_up(&stages);
}

/* A stored weight that is none of ours is foreign data, not a profile. */
static void test_foreign_weights(void **state) {
    static const char *const WEIGHTS[] = {"0", "-1", "\"2\"", "1e99", "501", "null", "[]"};
    (void)state;
    for (size_t i = 0; i < sizeof WEIGHTS / sizeof *WEIGHTS; i++) {
        char text[64];
        struct li_error err = {0};
        json_t *artist = NULL;
        snprintf(text, sizeof text, "{\"weight\":%s}", WEIGHTS[i]);
        assert_int_equal(li_json_parse(li_text_of(text), &artist, &err), LI_OK);
        check(isnan(li_artist_weight(artist)), "%s is taken for a weight", WEIGHTS[i]);
        json_decref(artist);
    }
}

static void test_sound_document(void **state) {
    (void)state;
    struct li_analysis loud = analysis_of(0.9, -8);
    const struct li_sound_track track = {.file = LI_TEXT("1.mp3"), .analysis = &loud};
    json_t *document = li_sound_document(&track, LI_LANG_EN);
    assert_int_equal(number_at(document, "duration_ms"), 30000);
    assert_int_equal(number_at(document, "features.mode"), 1);
    check_near(number_at(document, "features.energy"), 0.9, 1e-9);
    check_near(number_at(document, "features.valence"), 0.5, 1e-9);
    assert_true(json_is_null(at(document, "features.speechiness")));
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        check(json_is_null(json_object_get(at(document, "confidence"), li_feature_id((enum li_feature)i))),
              "the confidence of %s is told, as unknown", li_feature_id((enum li_feature)i));
    /* The five emotions that lead, each once. */
    assert_int_equal(json_array_size(at(document, "emotions")), 5);
    for (size_t i = 1; i < 5; i++) {
        const json_t *one = json_array_get(at(document, "emotions"), i);
        const json_t *before = json_array_get(at(document, "emotions"), i - 1);
        assert_string_not_equal(text_at(one, "id"), text_at(before, "id"));
        check(number_at(one, "score") <= number_at(before, "score"), "emotion %zu", i);
        double places = number_at(one, "score") * 1e4;
        check_near(places, round(places), 1e-6);
    }
    json_decref(document);
    loud.features.value[LI_MODE] = NAN;
    document = li_sound_document(&track, LI_LANG_EN);
    assert_true(json_is_null(at(document, "features.mode")));
    json_decref(document);
}

/* However long a name is, its id is one that a session takes. */
static void test_long_names(void **state) {
    static char name[LI_NAME_MAX + 1];
    memset(name, 'n', LI_NAME_MAX);
    struct li_analysis loud = analysis_of(0.9, -8);
    const struct li_sound_track track = {
        .file = LI_TEXT("1.mp3"), .artist = li_text_of(name), .analysis = &loud};
    struct stages stages;
    struct li_analyze_response response = {0};
    (void)state;
    stages_init(&stages);
    assert_int_equal(li_pipeline_analyze(&stages.pipeline,
                                         &(struct li_analyze_request){LI_TEXT(SESSION), &track, 1}, &response,
                                         NULL),
                     LI_OK);
    assert_in_range(strlen(text_at(response.document, "artists.0.id")), LI_ID_MAX - 8, LI_ID_MAX);
    json_decref(response.document);
    stages_clean_up(&stages);
}

static void test_sound_that_failed(void **state) {
    (void)state;
    struct li_error err = {.status = LI_INVALID, .message = "this is no sound"};
    json_t *document = li_sound_error_document(LI_TEXT("a.txt"), &err);
    assert_int_equal(json_object_size(document), 2);
    assert_string_equal(text_at(document, "file"), "a.txt");
    assert_string_equal(text_at(document, "error"), "this is no sound");
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_sound_document),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_session),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_foreign_weights),
        cmocka_unit_test(test_sound_that_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
