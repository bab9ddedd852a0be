/* get_profile: nothing, on its way, there; and which stage a written object starts. */
#include "fixture.h"

static enum li_status ask(enum li_lang lang, struct li_get_profile_response *response, struct li_error *err) {
    *response = (struct li_get_profile_response){0};
    return li_pipeline_get_profile(&STAGES.pipeline, &(struct li_get_profile_request){LI_TEXT(SESSION), lang},
                                   response, err);
}

static void check_progress(enum li_stage stage, const char *name, int done, int total) {
    struct li_get_profile_response got;
    struct li_error err = {0};
    check(ask(LI_LANG_EN, &got, &err) == LI_OK, "%s", err.message);
    assert_false(got.ready);
    assert_int_equal(got.stage, stage);
    assert_string_equal(text_at(got.document, "session_id"), SESSION);
    assert_string_equal(text_at(got.document, "stage"), name);
    assert_true(number_at(got.document, "done") == done && number_at(got.document, "total") == total);
    json_decref(got.document);
}

static void test_the_way_of_a_profile(void **state) {
    (void)state;
    struct li_get_profile_response got;
    struct li_store_version version;
    struct li_error err = {0};
    json_t *profile = NULL;
    assert_int_equal(ask(LI_LANG_EN, &got, &err), LI_NOT_FOUND);
    assert_true(!got.document && err.message[0]);
    json_decref(stages_run(&STAGES, "rap metal", LI_OBJECT_TOP_TRACKS));
    check_progress(LI_STAGE_TRANSFORM, "transform", 0, 8);
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
    check_progress(LI_STAGE_PROFILE, "profile", 8, 8);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_FR, &profile, NULL), LI_OK);
    assert_int_equal(ask(LI_LANG_FR, &got, &err), LI_OK);
    assert_true(got.ready && json_equal(got.document, profile));
    assert_int_equal(li_store_stat(STAGES.store.inner, LI_TEXT(SESSION), LI_OBJECT_PROFILE, &version, NULL),
                     LI_OK);
    assert_true(got.version.tag == version.tag);
    json_decref(got.document);
    json_decref(profile);
    assert_int_equal(li_store_erase(STAGES.store.inner, LI_TEXT(SESSION), NULL), LI_OK);
    assert_int_equal(ask(LI_LANG_EN, &got, &err), LI_NOT_FOUND);
}

static void test_a_profile_of_older_artists_is_not_shown(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    const char *profile = stages_stored(&STAGES, LI_OBJECT_PROFILE);
    const char *enriched = stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS);
    json_decref(stages_run(&STAGES, "metal", LI_OBJECT_TOP_TRACKS));
    stages_store(&STAGES, LI_OBJECT_PROFILE, profile); /* as a late writer would leave them */
    stages_store(&STAGES, LI_OBJECT_ENRICHED_TRACKS, enriched);
    check_progress(LI_STAGE_TRANSFORM, "transform", 0, 5);
}

static void test_unreadable_documents(void **state) {
    (void)state;
    struct li_get_profile_response got;
    struct li_error err = {0};
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    const char *profile = stages_stored(&STAGES, LI_OBJECT_PROFILE);
    stages_store(&STAGES, LI_OBJECT_PROFILE, "{\"session_id\":");
    check_progress(LI_STAGE_PROFILE, "profile", 3, 3);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, &err), LI_OK); /* made again, the same */
    assert_string_equal(stages_stored(&STAGES, LI_OBJECT_PROFILE), profile);
    stages_store(&STAGES, LI_OBJECT_PROFILE, "[]");
    stages_store(&STAGES, LI_OBJECT_ENRICHED_TRACKS, "{}");
    check_progress(LI_STAGE_TRANSFORM, "transform", 0, 3);
    stages_store(&STAGES, LI_OBJECT_TOP_TRACKS, "{\"session_id\":\"another-session-0123456789\"}");
    assert_int_equal(ask(LI_LANG_EN, &got, &err), LI_CORRUPT);
    assert_true(!got.document && err.message[0]);
}

static void test_what_an_object_starts(void **state) {
    (void)state;
    struct li_error err = {0};
    assert_int_equal(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), LI_OBJECT_PROFILE, &err), LI_OK);
    assert_int_equal(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), LI_OBJECT_UNKNOWN_GENRES, &err),
                     LI_OK);
    assert_int_equal(STAGES.store.calls, 0);
    assert_int_equal(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS, &err),
                     LI_NOT_FOUND);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    assert_int_equal(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS, &err),
                     LI_OK);
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS));
    assert_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
    assert_int_equal(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), LI_OBJECT_ENRICHED_TRACKS, &err),
                     LI_OK);
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_way_of_a_profile, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_a_profile_of_older_artists_is_not_shown, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_unreadable_documents, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_what_an_object_starts, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
