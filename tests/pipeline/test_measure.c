/* Transform with a source that measures: whose numbers a track gets, how far it is, and when it is given up.
 */
#include "fixture.h"

/* The fake source, and features for tracks whose ids end in an even digit. */
struct measuring_source {
    struct li_source base;
    struct li_source_ops ops;
    struct stages *stages;
    atomic_int calls;
    size_t asked;
    enum li_status fails;
    void (*meanwhile)(struct measuring_source *, size_t done); /* called before each progress */
    size_t given_up_at;                                        /* done, when watch gave it up */
};

static struct measuring_source SOURCE;

static enum li_status features(struct li_source *source, const struct li_source_wanted *tracks, size_t count,
                               const struct li_source_watch *watch, struct li_source_features *out,
                               struct li_error *err) {
    struct measuring_source *self = (struct measuring_source *)source;
    atomic_fetch_add(&self->calls, 1);
    self->asked = count;
    if (self->fails)
        return li_fail(err, self->fails, "the source failed");
    for (size_t i = 0; i <= count; i++) {
        if (self->meanwhile)
            self->meanwhile(self, i);
        if (!watch->progress(watch->context, i)) {
            self->given_up_at = i;
            return li_fail(err, LI_BUSY, "given up");
        }
        if (i < count && (tracks[i].id.data[tracks[i].id.size - 1] - '0') % 2 == 0)
            out[i] = (struct li_source_features){.known = true,
                                                 .origin = LI_ORIGIN_MEASURED,
                                                 .features = fake_features(i),
                                                 .confidence = 0.7504}; /* finer than is kept */
    }
    return LI_OK;
}

static int set_up(void **state) {
    set_up_stages(state);
    memset(&SOURCE, 0, sizeof SOURCE);
    SOURCE.ops = *fake_source()->ops;
    SOURCE.ops.features = features;
    SOURCE.base.ops = &SOURCE.ops;
    SOURCE.stages = &STAGES;
    SOURCE.given_up_at = SIZE_MAX;
    STAGES.pipeline.source = &SOURCE.base;
    return 0;
}

static void test_measured_else_estimated(void **state) {
    (void)state;
    json_t *enriched = stages_run(&STAGES, "rap metal", LI_OBJECT_ENRICHED_TRACKS);
    assert_int_equal(SOURCE.asked, 8);
    for (size_t i = 0; i < 8; i++) {
        const json_t *track = json_array_get(at(enriched, "tracks"), i);
        const char *id = text_at(track, "id");
        bool measured = (id[strlen(id) - 1] - '0') % 2 == 0;
        check(strcmp(text_at(track, "source"), measured ? "measured" : "estimated") == 0, "%s", id);
        check((at(track, "estimate_of") == NULL) == measured, "%s", id);
        if (measured) {
            check_near(number_at(track, "features.tempo"), fake_features(i).value[LI_TEMPO], 0.05);
            check_near(number_at(track, "confidence"), 0.75, 0);
        }
    }
    json_decref(enriched);
}

static void test_what_came_with_features_is_not_asked_for(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "measured mixed", LI_OBJECT_ENRICHED_TRACKS));
    assert_int_equal(SOURCE.asked, 2); /* of the two of "mixed" that came without */
}

static enum li_status impossible(struct li_source *source, const struct li_source_wanted *tracks,
                                 size_t count, const struct li_source_watch *watch,
                                 struct li_source_features *out, struct li_error *err) {
    (void)source, (void)tracks, (void)watch, (void)err;
    for (size_t i = 0; i < count; i++)
        out[i] =
            (struct li_source_features){.known = true,
                                        .origin = LI_ORIGIN_PROVIDER,
                                        .features = {{1.5, -0.1, NAN, INFINITY, 1, 0, 0.5, -200, 500, 2}},
                                        .confidence = NAN};
    return LI_OK;
}

static void test_impossible_numbers_are_none(void **state) {
    (void)state;
    static const char *const none[] = {"danceability", "energy", "valence", "acousticness",
                                       "loudness",     "tempo",  "mode"};
    SOURCE.ops.features = impossible;
    json_t *enriched = stages_run(&STAGES, "rap", LI_OBJECT_ENRICHED_TRACKS);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char path[64];
        snprintf(path, sizeof path, "tracks.0.features.%s", none[i]);
        check(json_is_null(at(enriched, path)), "%s", path);
    }
    check_near(number_at(enriched, "tracks.0.features.instrumentalness"), 1, 0);
    assert_true(json_is_null(at(enriched, "tracks.0.confidence")));
    assert_string_equal(text_at(enriched, "tracks.0.source"), "provider");
    json_decref(enriched);
}

/* ---- progress ---- */

static void look(struct measuring_source *source, size_t done) {
    const struct li_get_profile_request request = {LI_TEXT(SESSION), LI_LANG_EN};
    struct li_get_profile_response response = {0};
    assert_int_equal(li_pipeline_get_profile(&source->stages->pipeline, &request, &response, NULL), LI_OK);
    assert_false(response.ready);
    assert_string_equal(text_at(response.document, "stage"), "transform");
    /* What was told before: two of "mixed" came with features, and the look comes before the telling. */
    check_near(number_at(response.document, "done"), 2 + (done ? (double)done - 1 : 0), 0);
    check_near(number_at(response.document, "total"), 7, 0);
    json_decref(response.document);
}

static void test_progress_is_seen(void **state) {
    (void)state;
    SOURCE.meanwhile = look;
    json_decref(stages_run(&STAGES, "mixed metal", LI_OBJECT_TOP_TRACKS));
    json_decref(stages_run(&STAGES, "rap mixed", LI_OBJECT_ENRICHED_TRACKS)); /* 3 and 4 tracks */
    assert_int_equal(atomic_load(&SOURCE.calls), 1);
}

/* ---- given up ---- */

static void erase(struct measuring_source *source, size_t done) {
    if (done == 1)
        assert_int_equal(li_store_erase(source->stages->store.inner, LI_TEXT(SESSION), NULL), LI_OK);
}

static void start_again(struct measuring_source *source, size_t done) {
    if (done == 2) {
        const struct li_get_profile_request request = {LI_TEXT(SESSION), LI_LANG_EN};
        struct li_get_profile_response response = {0};
        source->stages->pipeline.clock.fixed_ms += 1000;
        json_t *top = NULL;
        assert_int_equal(stages_extract(source->stages, "mixed", &top, NULL), LI_OK);
        json_decref(top);
        /* Nothing of these is done yet: what is being measured is of the others. */
        assert_int_equal(li_pipeline_get_profile(&source->stages->pipeline, &request, &response, NULL),
                         LI_OK);
        check_near(number_at(response.document, "done"), 0, 0);
        check_near(number_at(response.document, "total"), 4, 0);
        json_decref(response.document);
    }
}

static void test_nothing_is_written_for_who_is_gone(void **state) {
    (void)state;
    void (*const cases[])(struct measuring_source *, size_t) = {erase, start_again};
    for (size_t i = 0; i < 2; i++) {
        struct li_error err = {0};
        SOURCE.meanwhile = NULL;
        json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
        SOURCE.meanwhile = cases[i];
        check(stages_transform(&STAGES, NULL, &err) == LI_NOT_FOUND && err.message[0], "case %zu", i);
        check(!stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS), "case %zu", i);
        check((stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS) != NULL) == (i == 1), "case %zu", i);
    }
    SOURCE.meanwhile = NULL; /* and the newer artists are measured as ever */
    json_t *enriched = NULL;
    assert_int_equal(stages_transform(&STAGES, &enriched, NULL), LI_OK);
    assert_string_equal(text_at(enriched, "artists.0.id"), "mixed");
    json_decref(enriched);
}

static void stop(struct measuring_source *source, size_t done) {
    if (done == 2)
        li_pipeline_stop(&source->stages->pipeline);
}

static void test_stopping_gives_up_and_loses_nothing(void **state) {
    (void)state;
    SOURCE.meanwhile = stop;
    json_decref(stages_run(&STAGES, "metal", LI_OBJECT_TOP_TRACKS));
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_BUSY);
    assert_int_equal(SOURCE.given_up_at, 2);
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS));
    assert_null(stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS));
}

static void test_a_failing_source_leaves_nothing(void **state) {
    (void)state;
    SOURCE.fails = LI_NO_MEMORY;
    json_decref(stages_run(&STAGES, "metal", LI_OBJECT_TOP_TRACKS));
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_NO_MEMORY);
    assert_null(stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS));
    SOURCE.fails = LI_OK;
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
}

/* ---- twice ---- */

static void *transform(void *arg) {
    const struct li_transform_request request = {LI_TEXT(SESSION)};
    struct li_transform_response response = {0};
    (void)arg;
    enum li_status status = li_pipeline_transform(&STAGES.pipeline, &request, &response, NULL);
    json_decref(response.document);
    return (void *)(uintptr_t)status;
}

static void test_at_once_is_once(void **state) {
    (void)state;
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    json_decref(stages_run(&STAGES, "rap metal mixed", LI_OBJECT_TOP_TRACKS));
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, transform, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *status = NULL;
        pthread_join(threads[i], &status);
        check(status == NULL, "thread %zu", i);
    }
    assert_int_equal(atomic_load(&SOURCE.calls), 1);
}

static void test_the_same_bytes_again(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap metal", LI_OBJECT_ENRICHED_TRACKS));
    const char *first = stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS);
    assert_int_equal(li_store_remove(STAGES.store.inner, LI_TEXT(SESSION), LI_OBJECT_ENRICHED_TRACKS, NULL),
                     LI_OK);
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
    assert_int_equal(atomic_load(&SOURCE.calls), 2);
    assert_string_equal(stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS), first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_measured_else_estimated, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_what_came_with_features_is_not_asked_for, set_up,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_impossible_numbers_are_none, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_progress_is_seen, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_nothing_is_written_for_who_is_gone, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_stopping_gives_up_and_loses_nothing, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_a_failing_source_leaves_nothing, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_at_once_is_once, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_the_same_bytes_again, set_up, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
