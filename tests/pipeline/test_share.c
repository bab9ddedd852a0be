/* A code and the session behind it, erased and shared at once and over a store that fails: what somebody may
 * read can always be erased, and nobody else can erase it. */
#include "fixture.h"
#include "pipeline/numbers.h"

static char CODE[LI_SESSION_MAX + 1]; /* the last under which numbers were put */

static enum li_status share(char out[LI_SESSION_MAX + 1]) {
    struct li_share_response response = {0};
    const struct li_share_request request = {LI_TEXT(SESSION)};
    enum li_status status = li_pipeline_share(&STAGES.pipeline, &request, &response, NULL);
    if (!status)
        snprintf(out, LI_SESSION_MAX + 1, "%s", text_at(response.document, "code"));
    json_decref(response.document);
    return status;
}

static enum li_status erase(const char *session) {
    return li_pipeline_erase(&STAGES.pipeline, li_text_of(session), NULL);
}

static bool is_readable(const char *code) {
    json_t *numbers = NULL;
    enum li_status status = li_numbers_of_code(&STAGES.pipeline, li_text_of(code), &numbers, NULL);
    json_decref(numbers);
    return status == LI_OK;
}

static void check_nothing_left(const char *when, int call) {
    check(!is_readable(CODE), "%s, call %d: the numbers are left", when, call);
    for (int o = 0; o < LI_OBJECT_COUNT; o++)
        check(!stages_stored(&STAGES, (enum li_object)o), "%s, call %d: object %d is left", when, call, o);
}

static void fail_call(int number) {
    STAGES.store.calls = 0;
    STAGES.store.fail_at = number;
    STAGES.store.fail_with = LI_IO;
}

static enum li_status erase_session(void) {
    return erase(SESSION);
}

static enum li_status share_again(void) {
    char again[LI_SESSION_MAX + 1];
    return share(again);
}

/* Runs a step on a shared profile, of which one call to the store fails. Whether there was such a call. */
static bool fails_at(int call, enum li_status (*step)(void), enum li_status *status) {
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    assert_int_equal(share(CODE), LI_OK);
    fail_call(call);
    *status = step();
    bool failed = STAGES.store.calls >= call;
    fail_call(0);
    return failed;
}

/* Whichever call fails: once more, and all is gone. */
static void test_erasing_over_a_store_that_fails(void **state) {
    int call = 1;
    bool failed = true;
    (void)state;
    for (; failed; call++) {
        enum li_status status;
        failed = fails_at(call, erase_session, &status);
        if (!status)
            check_nothing_left("erased over a store that fails", call);
        check(status == LI_OK || status == LI_IO, "call %d: status %d", call, (int)status);
        assert_int_equal(erase(SESSION), LI_OK);
        check_nothing_left("a store that fails", call);
    }
    assert_true(call > 4);
}

/* Whichever call fails, there is one code, and it goes with the session. */
static void test_sharing_over_a_store_that_fails(void **state) {
    char again[LI_SESSION_MAX + 1];
    int call = 1;
    bool failed = true;
    (void)state;
    for (; failed; call++) {
        enum li_status status;
        failed = fails_at(call, share_again, &status);
        assert_true(status == LI_OK ? !failed : failed);
        assert_int_equal(share(again), LI_OK);
        assert_string_equal(again, CODE);
        assert_int_equal(erase(SESSION), LI_OK);
        check_nothing_left("sharing again", call);
    }
    assert_true(call > 4);
}

/* ---- both at once ---- */

struct meanwhile {
    int at, calls; /* the other step runs around this call of the store */
    bool erases, inside;
};

static void note_code(struct fake_store *store, enum fake_call call, struct li_text session,
                      enum li_object object) {
    (void)store;
    if (call == FAKE_PUT && object == LI_OBJECT_SHARED)
        snprintf(CODE, sizeof CODE, "%.*s", LI_TEXT_ARG(session));
}

static void run_other(struct fake_store *store, enum fake_call call, struct li_text session,
                      enum li_object object) {
    struct meanwhile *meanwhile = store->context;
    char code[LI_SESSION_MAX + 1];
    note_code(store, call, session, object);
    if (meanwhile->inside || ++meanwhile->calls != meanwhile->at)
        return;
    meanwhile->inside = true;
    (void)(meanwhile->erases ? erase(SESSION) : share(code));
    meanwhile->inside = false;
}

static void test_erasing_and_sharing_at_once(void **state) {
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        bool erases = kind & 1, after = kind & 2, ran = true;
        for (int call = 1; ran; call++) {
            struct meanwhile meanwhile = {.at = call, .erases = erases};
            char code[LI_SESSION_MAX + 1];
            json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
            STAGES.store.context = &meanwhile;
            STAGES.store.before = after ? note_code : run_other;
            STAGES.store.after = after ? run_other : NULL;
            (void)(erases ? share(code) : erase(SESSION));
            STAGES.store.before = STAGES.store.after = NULL;
            ran = meanwhile.calls >= call;
            if (ran)
                check_nothing_left(erases ? "erasing while it is shared" : "sharing while it is erased",
                                   call);
            assert_int_equal(erase(SESSION), LI_OK);
            assert_true(ran || call > 3);
        }
    }
}

static void test_a_code_erases_nothing(void **state) {
    struct li_error err = {0};
    (void)state;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    assert_int_equal(share(CODE), LI_OK);
    assert_int_equal(li_pipeline_erase(&STAGES.pipeline, li_text_of(CODE), &err), LI_NOT_FOUND);
    assert_non_null(strstr(err.message, "code"));
    assert_true(is_readable(CODE));
    assert_int_equal(erase(SESSION), LI_OK);
    check_nothing_left("a code", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_erasing_over_a_store_that_fails, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_sharing_over_a_store_that_fails, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_erasing_and_sharing_at_once, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_a_code_erases_nothing, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
