/* submit: tracks that were measured elsewhere become a session's tracks, alone or beside named artists. */
#include "check.h"
#include "stages.h"

static struct li_submit_track track_of(const char *title, const char *artist, double energy) {
    struct li_submit_track out = {.title = li_text_of(title),
                                  .artist = li_text_of(artist),
                                  .confidence = 0.5004}; /* finer than is kept */
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        out.features.value[i] = NAN;
    out.features.value[LI_ENERGY] = energy;
    return out;
}

static enum li_status submit(struct stages *stages, const struct li_submit_track *tracks, size_t count,
                             const char *artist, json_t **out, struct li_error *err) {
    const struct li_artist_choice choice = {.id = li_text_of(artist)};
    const struct li_submit_request request = {LI_TEXT(SESSION), tracks, count, &choice, artist ? 1 : 0};
    struct li_submit_response response = {0};
    enum li_status status = li_pipeline_submit(&stages->pipeline, &request, &response, err);
    *out = response.document;
    return status;
}

static void test_tracks_alone(void **state) {
    const struct li_submit_track tracks[] = {track_of("One", "Zoé", 0.9), track_of("Two", "ZOE", 0.90001),
                                             track_of("One", "", 0.3)};
    struct stages stages;
    struct li_error err = {0};
    json_t *document = NULL, *profile = NULL;
    (void)state;
    stages_init(&stages);
    check(submit(&stages, tracks, 3, NULL, &document, &err) == LI_OK, "%s", err.message);
    assert_int_equal(json_array_size(at(document, "artists")), 2);
    check_near(number_at(document, "artists.0.weight"), 2, 0);
    assert_string_equal(text_at(document, "artists.1.name"), "Unknown artist");
    check_near(number_at(document, "tracks.1.features.energy"), 0.9, 1e-9);
    assert_string_equal(text_at(document, "tracks.0.source"), "measured");
    assert_string_equal(text_at(document, "tracks.0.measured_by"), "browser");
    json_decref(document);
    check(stages_transform(&stages, &document, &err) == LI_OK, "%s", err.message);
    check_near(number_at(document, "tracks.2.confidence"), 0.5, 0);
    assert_string_equal(text_at(document, "tracks.2.measured_by"), "browser");
    check(stages_profile(&stages, LI_LANG_FR, &profile, &err) == LI_OK, "%s", err.message);
    check_near(number_at(profile, "energy_avg"), 0.7, 1e-9);
    check_near(number_at(profile, "sources.measured"), 3, 0);
    assert_string_equal(text_at(profile, "tracks.1.measured_by"), "browser");
    json_decref(document);
    json_decref(profile);
    stages_clean_up(&stages);
}

/* The measured tracks of a named artist are that artist's, and take the place of the same titles. */
static void test_beside_an_artist(void **state) {
    struct stages stages;
    struct li_error err = {0};
    json_t *document = NULL;
    (void)state;
    stages_init(&stages);
    json_t *known = stages_run(&stages, "rap", LI_OBJECT_TOP_TRACKS);
    const char *name = text_at(known, "artists.0.name"), *title = text_at(known, "tracks.0.title");
    const size_t count = json_array_size(at(known, "tracks"));
    const struct li_submit_track tracks[] = {track_of(title, name, 0.9), track_of("Of their own", name, 0.9),
                                             track_of("Another", "Somebody else", 0.1)};
    check(submit(&stages, tracks, 3, "rap", &document, &err) == LI_OK, "%s", err.message);
    assert_int_equal(json_array_size(at(document, "artists")), 2);
    assert_int_equal(json_array_size(at(document, "tracks")), count + 2);
    check_near(number_at(document, "artists.0.weight"), LI_TRACKS_PER_ARTIST + 1, 0);
    check_near(number_at(document, "artists.1.weight"), 1, 0);
    size_t i, same = 0;
    json_t *track;
    json_array_foreach(at(document, "tracks"), i, track) same +=
        strcmp(json_string_value(json_object_get(track, "title")), title) == 0;
    assert_int_equal(same, 1);
    json_decref(document);
    json_decref(known);
    stages_clean_up(&stages);
}

/* A named artist weighs 5 however few of its tracks are known: by those, else by its genres. Measured tracks
 * weigh 1 each beside that. */
static void test_beside_an_artist_of_few_tracks(void **state) {
    static const struct {
        const char *id, *name;
        double estimated_share;
    } cases[] = {
        {"bare", "Bare Minimum", 5 / 6.}, {"odd", "Odd One", 5 / 6.}, {"measured", "The Measured", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct li_submit_track tracks[] = {track_of("Of their own", cases[i].name, 0.9),
                                                 track_of("Another", "Somebody else", 0.1)};
        struct stages stages;
        json_t *document = NULL, *profile = NULL;
        stages_init(&stages);
        assert_int_equal(submit(&stages, tracks, 2, cases[i].id, &document, NULL), LI_OK);
        json_decref(document);
        assert_int_equal(stages_transform(&stages, NULL, NULL), LI_OK);
        assert_int_equal(stages_profile(&stages, LI_LANG_EN, &profile, NULL), LI_OK);
        check_near(number_at(profile, "artists.0.weight"), 6 / 7., 0.0001);
        check_near(number_at(profile, "artists.0.estimated_share"), cases[i].estimated_share, 0.001);
        json_decref(profile);
        stages_clean_up(&stages);
    }
}

/* Ids stay different when a measured track takes the place of a known one. */
static void test_ids_differ(void **state) {
    const struct li_submit_track tracks[] = {track_of("Song 1", "MC Exemple", 0.9),
                                             track_of("Song 2", "MC Exemple", 0.8),
                                             track_of("Else", "MC Exemple", 0.8)};
    struct stages stages;
    json_t *document = NULL;
    (void)state;
    stages_init(&stages);
    assert_int_equal(submit(&stages, tracks, 3, "rap", &document, NULL), LI_OK);
    const json_t *list = at(document, "tracks");
    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t k = 0; k < i; k++)
            assert_false(json_equal(json_object_get(json_array_get(list, i), "id"),
                                    json_object_get(json_array_get(list, k), "id")));
    json_decref(document);
    stages_clean_up(&stages);
}

/* However it is written, a track counts once, as it came first; another duration makes it another. */
static void test_repeated(void **state) {
    struct li_submit_track tracks[] = {track_of("Don't stop", "P!nk", 0.1),
                                       track_of("Other", "P!nk", 0.4),
                                       track_of("Dont STOP", "p!nk", 0.9),
                                       track_of("Don't stop", "P!nk", 0.7),
                                       track_of("!!!", "", 0.2),
                                       track_of("???", "", 0.3)};
    static const double KEPT[] = {0.1, 0.4, 0.7, 0.2, 0.3};
    struct stages stages;
    struct li_error err = {0};
    json_t *document = NULL;
    (void)state;
    tracks[3].duration_ms = 200000;
    stages_init(&stages);
    check(submit(&stages, tracks, sizeof tracks / sizeof *tracks, NULL, &document, &err) == LI_OK, "%s",
          err.message);
    assert_int_equal(json_array_size(at(document, "tracks")), sizeof KEPT / sizeof *KEPT);
    for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++) {
        char path[48];
        snprintf(path, sizeof path, "tracks.%zu.features.energy", i);
        check_near(number_at(document, path), KEPT[i], 1e-9);
    }
    check_near(number_at(document, "artists.0.weight"), 3, 0);
    json_decref(document);
    stages_clean_up(&stages);
}

static void test_refused(void **state) {
    static struct li_submit_track many[LI_TRACKS_MAX + 1];
    static char titles[LI_TRACKS_MAX + 1][8];
    struct stages stages;
    (void)state;
    for (size_t i = 0; i <= LI_TRACKS_MAX; i++) {
        snprintf(titles[i], sizeof titles[i], "%zu", i);
        many[i] = track_of(titles[i], "A", 0.5);
    }
    const struct {
        const char *says, *artist;
        const struct li_submit_track *tracks;
        size_t count;
        enum li_status status;
    } cases[] = {
        {"1 to 500", NULL, many, 0, LI_INVALID},
        {"1 to 500", NULL, many, LI_TRACKS_MAX + 1, LI_INVALID},
        {"1 to 495", "rap", many, 496, LI_INVALID},
        {"", "nobody", many, 1, LI_NOT_FOUND},
    };
    stages_init(&stages);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {0};
        json_t *document = NULL;
        enum li_status status =
            submit(&stages, cases[i].tracks, cases[i].count, cases[i].artist, &document, &err);
        check(status == cases[i].status && strstr(err.message, cases[i].says), "%zu: %d: %s", i, (int)status,
              err.message);
        assert_null(document);
        assert_null(stages_stored(&stages, LI_OBJECT_TOP_TRACKS));
    }
    stages_clean_up(&stages);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tracks_alone),
        cmocka_unit_test(test_beside_an_artist),
        cmocka_unit_test(test_beside_an_artist_of_few_tracks),
        cmocka_unit_test(test_ids_differ),
        cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
