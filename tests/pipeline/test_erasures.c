/* A session that is erased while somebody still makes it: whichever way it is made and whenever it is erased,
 * nothing comes back. Who begins after that, begins anew. */
#include "listener.h"

static struct li_history *HISTORY;

static int set_up(void **state) {
    HISTORY = new_history();
    play(HISTORY, "rap", FIRST, 20);
    li_history_finish(HISTORY);
    return set_up_listener(state);
}

static int tear_down(void **state) {
    li_history_free(HISTORY);
    return tear_down_stages(state);
}

static enum li_status erase(void) {
    return li_pipeline_erase(&STAGES.pipeline, LI_TEXT(SESSION), NULL);
}

static enum li_status extracted(uint64_t begun, struct li_error *err) {
    const struct li_artist_choice choice = {.id = LI_TEXT("rap")};
    const struct li_extract_request request = {LI_TEXT(SESSION), &choice, 1, begun};
    struct li_extract_response response = {0};
    enum li_status status = li_pipeline_extract(&STAGES.pipeline, &request, &response, err);
    json_decref(response.document);
    return status;
}

static enum li_status analyzed(uint64_t begun, struct li_error *err) {
    struct li_analysis analysis = {0};
    const struct li_sound_track track = {.file = LI_TEXT("1.mp3"), .analysis = &analysis};
    const struct li_analyze_request request = {LI_TEXT(SESSION), &track, 1, begun};
    struct li_analyze_response response = {0};
    enum li_status status = li_pipeline_analyze(&STAGES.pipeline, &request, &response, err);
    json_decref(response.document);
    return status;
}

static enum li_status submitted(uint64_t begun, struct li_error *err) {
    const struct li_submit_track track = {.title = LI_TEXT("One")};
    const struct li_submit_request request = {
        .session = LI_TEXT(SESSION), .tracks = &track, .track_count = 1, .begun = begun};
    struct li_submit_response response = {0};
    enum li_status status = li_pipeline_submit(&STAGES.pipeline, &request, &response, err);
    json_decref(response.document);
    return status;
}

static enum li_status imported(uint64_t begun, struct li_error *err) {
    const struct li_import_request request = {
        .session = LI_TEXT(SESSION), .history = HISTORY, .begun = begun};
    struct li_import_response response = {0};
    enum li_status status = li_pipeline_import(&STAGES.pipeline, &request, &response, err);
    json_decref(response.document);
    return status;
}

static const struct way {
    const char *name;
    enum li_status (*make)(uint64_t begun, struct li_error *err);
} WAYS[] = {{"extract", extracted}, {"analyze", analyzed}, {"submit", submitted}, {"import", imported}};
enum { WAY_COUNT = sizeof WAYS / sizeof *WAYS };

static void check_kept(const struct way *way, bool kept) {
    for (int o = 0; o < LI_OBJECT_COUNT; o++)
        check(!stages_stored(&STAGES, (enum li_object)o) || kept, "%s: object %d is left", way->name, o);
    check(!!stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS) == kept, "%s: nothing was kept", way->name);
}

static void test_before_it_is_written(void **state) {
    (void)state;
    for (int w = 0; w < WAY_COUNT; w++) {
        struct li_error err = {0};
        uint64_t begun = li_pipeline_moment(&STAGES.pipeline);
        assert_int_equal(erase(), LI_OK);
        STAGES.store.puts = 0;
        check(WAYS[w].make(begun, &err) == LI_NOT_FOUND, "%s: %s", WAYS[w].name, err.message);
        assert_non_null(strstr(err.message, "erased"));
        assert_int_equal(STAGES.store.puts, 0);
        check_kept(&WAYS[w], false);
    }
}

struct meanwhile {
    int at, calls; /* it is erased around this call of the store */
};

static void erase_meanwhile(struct fake_store *store, enum fake_call call, struct li_text session,
                            enum li_object object) {
    struct meanwhile *meanwhile = store->context;
    (void)call, (void)session, (void)object;
    if (++meanwhile->calls != meanwhile->at)
        return;
    assert_int_equal(erase(), LI_OK);
}

enum when { BEFORE, AFTER, BEFORE_IT_FAILS, WHENS };

/* Makes the session, and erases it around one call of the store. Whether there was such a call. */
static bool erased_at(const struct way *way, int call, enum when when) {
    struct meanwhile meanwhile = {.at = call};
    struct li_error err = {0};
    uint64_t begun = li_pipeline_moment(&STAGES.pipeline);
    STAGES.store.context = &meanwhile;
    STAGES.store.calls = 0;
    STAGES.store.fail_at = when == BEFORE_IT_FAILS ? call : 0;
    STAGES.store.fail_with = LI_IO;
    *(when == AFTER ? &STAGES.store.after : &STAGES.store.before) = erase_meanwhile;
    enum li_status status = way->make(begun, &err);
    STAGES.store.fail_at = 0;
    STAGES.store.before = STAGES.store.after = NULL;
    bool ran = meanwhile.calls >= call;
    check(status == (ran ? LI_NOT_FOUND : LI_OK), "%s, call %d: %s", way->name, call, err.message);
    check_kept(way, !ran);
    assert_int_equal(erase(), LI_OK);
    return ran;
}

static void test_while_it_is_written(void **state) {
    (void)state;
    for (int w = 0; w < WAY_COUNT; w++)
        for (enum when when = BEFORE; when < WHENS; when++) {
            int call = 1;
            while (erased_at(&WAYS[w], call, when))
                call++;
            check(call > 3, "%s: only %d calls", WAYS[w].name, call);
        }
}

static void test_who_begins_anew(void **state) {
    (void)state;
    for (int w = 0; w < WAY_COUNT; w++) {
        struct li_error err = {0};
        uint64_t before = li_pipeline_moment(&STAGES.pipeline);
        assert_int_equal(erase(), LI_OK);
        check(WAYS[w].make(li_pipeline_moment(&STAGES.pipeline), &err) == LI_OK, "%s: %s", WAYS[w].name,
              err.message);
        check_kept(&WAYS[w], true);
        /* Who is late does no harm to what is new. */
        assert_int_equal(WAYS[w].make(before, NULL), LI_NOT_FOUND);
        check_kept(&WAYS[w], true);
    }
}

static void erase_others(int count) {
    for (int i = 0; i < count; i++) {
        char other[32];
        snprintf(other, sizeof other, "somebody-else-%08d", i);
        assert_int_equal(li_pipeline_erase(&STAGES.pipeline, li_text_of(other), NULL), LI_OK);
    }
}

/* However many of others are erased meanwhile: of the newest LI_ERASURES_MAX each is known, and no other. */
static void test_how_many_are_known(void **state) {
    struct li_error err = {0};
    uint64_t begun = li_pipeline_moment(&STAGES.pipeline);
    (void)state;
    erase_others(10);
    assert_int_equal(erase(), LI_OK);
    erase_others(LI_ERASURES_MAX - 1);
    assert_int_equal(extracted(begun, NULL), LI_NOT_FOUND);
    erase_others(1);
    check(extracted(begun, &err) == LI_OK, "%s", err.message);
}

static void test_others_are_not_concerned(void **state) {
    struct li_error err = {0};
    uint64_t begun = li_pipeline_moment(&STAGES.pipeline);
    (void)state;
    erase_others(3 * LI_ERASURES_MAX);
    check(extracted(begun, &err) == LI_OK, "%s", err.message);
    assert_int_equal(erase(), LI_OK);
    check(extracted(0, &err) == LI_OK, "who does not ask: %s", err.message);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_before_it_is_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_while_it_is_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_begins_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_how_many_are_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others_are_not_concerned, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
