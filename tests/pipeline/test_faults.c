/* Stages when things go wrong or happen twice: the same event again, an erase in the middle, a store that
 * fails at any of its calls. */
#include "fixture.h"

static const char WORDS[] = "rap odd measured";

/* What the stages of named artists write. */
static const enum li_object WRITTEN[] = {LI_OBJECT_TOP_TRACKS, LI_OBJECT_ENRICHED_TRACKS, LI_OBJECT_PROFILE,
                                         LI_OBJECT_UNKNOWN_GENRES};

enum { WRITTEN_COUNT = sizeof WRITTEN / sizeof *WRITTEN };

static void test_twice_is_once(void **state) {
    (void)state;
    const char *before[LI_OBJECT_COUNT];
    struct li_store_version versions[LI_OBJECT_COUNT], again;
    json_decref(stages_run(&STAGES, WORDS, LI_OBJECT_PROFILE));
    for (int w = 0; w < WRITTEN_COUNT; w++) {
        enum li_object i = WRITTEN[w];
        before[i] = stages_stored(&STAGES, i);
        assert_non_null(before[i]);
        assert_int_equal(li_store_stat(STAGES.store.inner, LI_TEXT(SESSION), i, &versions[i], NULL), LI_OK);
    }
    STAGES.pipeline.clock.fixed_ms += 5000; /* later, and still the same bytes */
    STAGES.store.puts = 0;
    for (int round = 0; round < 2; round++) {
        json_t *enriched = NULL, *profile = NULL;
        assert_int_equal(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS, NULL),
                         LI_OK);
        assert_int_equal(
            li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), LI_OBJECT_ENRICHED_TRACKS, NULL), LI_OK);
        assert_int_equal(stages_transform(&STAGES, &enriched, NULL), LI_OK);
        assert_int_equal(stages_profile(&STAGES, LI_LANG_FR, &profile, NULL), LI_OK);
        assert_string_equal(li_json_print(enriched, &STAGES.arena).data, before[LI_OBJECT_ENRICHED_TRACKS]);
        json_decref(enriched);
        json_decref(profile);
    }
    assert_int_equal(STAGES.store.puts, 0);
    for (int w = 0; w < WRITTEN_COUNT; w++) {
        enum li_object i = WRITTEN[w];
        assert_int_equal(li_store_stat(STAGES.store.inner, LI_TEXT(SESSION), i, &again, NULL), LI_OK);
        assert_true(again.tag == versions[i].tag);
    }
    /* Lost and made again: the same bytes, dates included. */
    assert_int_equal(li_store_remove(STAGES.store.inner, LI_TEXT(SESSION), LI_OBJECT_PROFILE, NULL), LI_OK);
    assert_int_equal(li_store_remove(STAGES.store.inner, LI_TEXT(SESSION), LI_OBJECT_ENRICHED_TRACKS, NULL),
                     LI_OK);
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, NULL), LI_OK);
    for (int w = 0; w < WRITTEN_COUNT; w++)
        assert_string_equal(stages_stored(&STAGES, WRITTEN[w]), before[WRITTEN[w]]);
}

/* ---- an erase while a stage runs ---- */

struct intruder {
    enum fake_call call;
    enum li_object object;
    bool done;
};

static void erase_now(struct fake_store *store, enum fake_call call, struct li_text session,
                      enum li_object object) {
    struct intruder *intruder = store->context;
    if (intruder->done || call != intruder->call || object != intruder->object)
        return;
    intruder->done = true;
    assert_int_equal(li_store_erase(store->inner, session, NULL), LI_OK);
}

static void test_erasing_while_a_stage_runs(void **state) {
    (void)state;
    static const struct {
        enum li_object stage; /* the object whose stage runs */
        enum fake_call call;
        enum li_object object;
    } cases[] = {
        {LI_OBJECT_TOP_TRACKS, FAKE_GET, LI_OBJECT_TOP_TRACKS},
        {LI_OBJECT_TOP_TRACKS, FAKE_GET, LI_OBJECT_ENRICHED_TRACKS},
        {LI_OBJECT_TOP_TRACKS, FAKE_PUT, LI_OBJECT_UNKNOWN_GENRES},
        {LI_OBJECT_TOP_TRACKS, FAKE_PUT, LI_OBJECT_ENRICHED_TRACKS},
        {LI_OBJECT_ENRICHED_TRACKS, FAKE_GET, LI_OBJECT_ENRICHED_TRACKS},
        {LI_OBJECT_ENRICHED_TRACKS, FAKE_GET, LI_OBJECT_PROFILE},
        {LI_OBJECT_ENRICHED_TRACKS, FAKE_PUT, LI_OBJECT_PROFILE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int after = 0; after < 2; after++) {
            struct intruder intruder = {cases[i].call, cases[i].object, false};
            struct li_error err = {0};
            json_decref(stages_run(&STAGES, WORDS, cases[i].stage));
            STAGES.store.context = &intruder;
            STAGES.store.before = after ? NULL : erase_now;
            STAGES.store.after = after ? erase_now : NULL;
            check(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION), cases[i].stage, &err) ==
                      LI_NOT_FOUND,
                  "case %zu.%d", i, after);
            check(intruder.done && err.message[0], "case %zu.%d", i, after);
            STAGES.store.before = STAGES.store.after = NULL;
            for (int o = 0; o < LI_OBJECT_COUNT; o++)
                check(!stages_stored(&STAGES, (enum li_object)o), "case %zu.%d left object %d behind", i,
                      after, o);
        }
    }
}

static const char *OTHER_TOP;

static void replace_now(struct fake_store *store, enum fake_call call, struct li_text session,
                        enum li_object object) {
    struct intruder *intruder = store->context;
    if (intruder->done || call != intruder->call || object != intruder->object)
        return;
    intruder->done = true;
    assert_int_equal(li_store_put(store->inner, session, LI_OBJECT_TOP_TRACKS, li_text_of(OTHER_TOP), NULL),
                     LI_OK);
}

/* Another process extracts other artists meanwhile: what was made from the old ones does not stay. */
static void test_new_artists_while_a_stage_runs(void **state) {
    (void)state;
    static const enum li_object made[] = {LI_OBJECT_ENRICHED_TRACKS, LI_OBJECT_PROFILE};
    json_decref(stages_run(&STAGES, "metal", LI_OBJECT_TOP_TRACKS));
    OTHER_TOP = stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS);
    for (int i = 0; i < 2; i++) {
        struct intruder intruder = {FAKE_PUT, made[i], false};
        json_decref(stages_run(&STAGES, WORDS, i ? LI_OBJECT_ENRICHED_TRACKS : LI_OBJECT_TOP_TRACKS));
        STAGES.store.context = &intruder;
        STAGES.store.after = replace_now;
        assert_int_equal(li_pipeline_handle(&STAGES.pipeline, LI_TEXT(SESSION),
                                            i ? LI_OBJECT_ENRICHED_TRACKS : LI_OBJECT_TOP_TRACKS, NULL),
                         LI_NOT_FOUND);
        STAGES.store.after = NULL;
        assert_null(stages_stored(&STAGES, made[i]));
        assert_string_equal(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS), OTHER_TOP);
        assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
        assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, NULL), LI_OK);
        assert_null(stages_stored(&STAGES, LI_OBJECT_UNKNOWN_GENRES));
    }
}

/* ---- every call of the store fails once ---- */

static json_t *UNTOUCHED;

static enum li_status step_extract(json_t **out, struct li_error *err) {
    const struct li_artist_choice choices[] = {
        {.id = LI_TEXT("rap")}, {.id = LI_TEXT("odd")}, {.id = LI_TEXT("measured")}};
    struct li_extract_response response = {UNTOUCHED};
    enum li_status status = li_pipeline_extract(
        &STAGES.pipeline, &(struct li_extract_request){LI_TEXT(SESSION), choices, 3}, &response, err);
    *out = response.document;
    return status;
}

static enum li_status step_transform(json_t **out, struct li_error *err) {
    struct li_transform_response response = {UNTOUCHED};
    enum li_status status = li_pipeline_transform(
        &STAGES.pipeline, &(struct li_transform_request){LI_TEXT(SESSION)}, &response, err);
    *out = response.document;
    return status;
}

static enum li_status step_profile(json_t **out, struct li_error *err) {
    struct li_profile_response response = {UNTOUCHED};
    enum li_status status = li_pipeline_profile(
        &STAGES.pipeline, &(struct li_profile_request){LI_TEXT(SESSION), LI_LANG_EN}, &response, err);
    *out = response.document;
    return status;
}

static enum li_status step_get(json_t **out, struct li_error *err) {
    struct li_get_profile_response response = {.document = UNTOUCHED};
    enum li_status status = li_pipeline_get_profile(
        &STAGES.pipeline, &(struct li_get_profile_request){LI_TEXT(SESSION), LI_LANG_EN}, &response, err);
    *out = response.document;
    return status;
}

struct step {
    enum li_status (*run)(json_t **out, struct li_error *err);
    enum li_object ready; /* what is there before; LI_OBJECT_COUNT: nothing */
    bool may_go_on; /* a failed look for what is made already, or for what is under way, does not stop it */
};

/* Runs the step with its n-th store call failing; false when it has fewer calls. */
static bool fail_once(const struct step *step, int n, enum li_status with, const char *wanted) {
    struct li_error err = {0};
    json_t *out = NULL;
    stages_clean_up(&STAGES);
    stages_init(&STAGES);
    if (step->ready != LI_OBJECT_COUNT)
        json_decref(stages_run(&STAGES, WORDS, step->ready));
    STAGES.store.calls = 0;
    STAGES.store.fail_at = n;
    STAGES.store.fail_with = with;
    enum li_status status = step->run(&out, &err);
    bool failed = STAGES.store.calls >= n;
    STAGES.store.fail_at = 0;
    if (status == LI_OK) {
        check(!failed || step->may_go_on, "call %d failed and nobody noticed", n);
        if (!failed)
            assert_string_equal(li_json_print(out, &STAGES.arena).data, wanted);
        json_decref(out);
    } else {
        check(status == with && err.status == with, "call %d: %s", n, err.message);
        check(strstr(err.message, "makes store call"), "call %d: %s", n, err.message);
        check(out == UNTOUCHED, "call %d touched the response", n);
    }
    /* Whatever went wrong, the same request again gives what it should have given. */
    assert_int_equal(step->run(&out, NULL), LI_OK);
    assert_string_equal(li_json_print(out, &STAGES.arena).data, wanted);
    json_decref(out);
    return failed;
}

static void test_every_store_call_fails_once(void **state) {
    (void)state;
    static const struct step steps[] = {
        {step_extract, LI_OBJECT_COUNT, false},
        {step_extract, LI_OBJECT_PROFILE, false},
        {step_transform, LI_OBJECT_TOP_TRACKS, true},
        {step_transform, LI_OBJECT_ENRICHED_TRACKS, true},
        {step_profile, LI_OBJECT_ENRICHED_TRACKS, true},
        {step_profile, LI_OBJECT_PROFILE, true},
        {step_get, LI_OBJECT_TOP_TRACKS, true},
        {step_get, LI_OBJECT_ENRICHED_TRACKS, true},
        {step_get, LI_OBJECT_PROFILE, false},
    };
    static const enum li_status with[] = {LI_IO, LI_FULL, LI_NO_MEMORY};
    struct li_arena arena = {0};
    UNTOUCHED = json_null();
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        json_t *out = NULL;
        stages_clean_up(&STAGES);
        stages_init(&STAGES);
        if (steps[s].ready != LI_OBJECT_COUNT)
            json_decref(stages_run(&STAGES, WORDS, steps[s].ready));
        assert_int_equal(steps[s].run(&out, NULL), LI_OK);
        const char *wanted = li_json_print(out, &arena).data;
        json_decref(out);
        for (size_t w = 0; w < sizeof with / sizeof *with; w++) {
            int n = 1;
            while (fail_once(&steps[s], n, with[w], wanted))
                n++;
            check(n > 1, "step %zu never asked the store", s);
        }
    }
    li_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_twice_is_once, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_erasing_while_a_stage_runs, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_new_artists_while_a_stage_runs, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_every_store_call_fails_once, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
