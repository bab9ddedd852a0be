/* A whole session when memory is out at any moment: the stages of named artists, of tracks that were measured
 * elsewhere, and of a listening history. */
#include "support/no_memory.h"

#include "listener.h"

/* Bytes of the profile of a session that met no failure, compared with those of one that did. */
static char EXPECTED[64 * 1024];

static void check_same(const json_t *document) {
    static char got[sizeof EXPECTED];
    size_t size = json_dumpb(document, got, sizeof got - 1, JSON_COMPACT | JSON_REAL_PRECISION(12));
    if (size >= sizeof got)
        li_wrong("the document does not fit");
    got[size] = 0;
    if (!EXPECTED[0])
        memcpy(EXPECTED, got, size + 1);
    if (strcmp(got, EXPECTED) != 0)
        li_wrong("the document differs");
}

/* From a pipeline that has its tracks to the profile that a listener gets. */
static enum li_status finish(struct stages *stages, struct li_error *err) {
    const struct li_get_profile_request request = {LI_TEXT(SESSION), LI_LANG_FR};
    struct li_get_profile_response response = {0};
    enum li_status status = stages_transform(stages, NULL, err);
    if (!status)
        status = stages_profile(stages, LI_LANG_EN, NULL, err);
    if (!status)
        status = li_pipeline_get_profile(&stages->pipeline, &request, &response, err);
    if (!status && !response.ready)
        li_wrong("there is no profile");
    if (!status)
        check_same(response.document);
    json_decref(response.document);
    return status;
}

/* A store in memory that may not come to be, and a pipeline over it. */
static enum li_status begin(struct stages *stages, struct li_error *err) {
    const struct li_clock noon = {1800000000000};
    const struct li_store_options options = {.ttl_ms = 3600 * 1000, .clock = noon};
    struct li_store *store = NULL;
    memset(stages, 0, sizeof *stages);
    enum li_status status = li_store_open_memory(&options, &store, err);
    if (status)
        return status;
    stages->store.inner = store;
    stages->pipeline.store = store;
    stages->pipeline.source = fake_source();
    stages->pipeline.clock = noon;
    li_pipeline_init(&stages->pipeline);
    return LI_OK;
}

static enum li_status session(void *context, struct li_error *err) {
    struct stages stages;
    (void)context;
    enum li_status status = begin(&stages, err);
    if (status)
        return status;
    status = stages_extract(&stages, "rap mixed measured odd", NULL, err);
    if (!status)
        status = finish(&stages, err);
    stages_clean_up(&stages);
    return status;
}

static enum li_status submitted(void *context, struct li_error *err) {
    static const struct li_submit_track tracks[] = {
        {.title = {"One", 3},
         .artist = {"Her", 3},
         .features = {{0.5, 0.6, 0.7, 0.1, 0, 0.1, 0, -6, 120, 1}}},
        {.title = {"Two", 3},
         .artist = {"Him", 3},
         .features = {{0.2, 0.1, 0.3, 0.9, 0, 0.1, 0, -16, 80, 0}}},
    };
    const struct li_submit_request request = {LI_TEXT(SESSION), tracks, 2, NULL, 0};
    struct li_submit_response response = {0};
    struct stages stages;
    (void)context;
    enum li_status status = begin(&stages, err);
    if (status)
        return status;
    status = li_pipeline_submit(&stages.pipeline, &request, &response, err);
    json_decref(response.document);
    if (!status)
        status = finish(&stages, err);
    stages_clean_up(&stages);
    return status;
}

/* From plays to a timeline with a turn in it. */
static enum li_status imported(void *context, struct li_error *err) {
    const struct li_history_options options = {.now_ms = 1800000000000};
    const struct li_timeline_request request = {LI_TEXT(SESSION), LI_LANG_EN};
    struct li_import_request import = {.session = LI_TEXT(SESSION)};
    struct li_import_response response = {0};
    struct li_timeline_response timeline = {0};
    struct li_history *history = NULL;
    struct stages stages;
    (void)context;
    enum li_status status = begin(&stages, err);
    if (status)
        return status;
    stages.pipeline.source = listener_source();
    status = li_history_new(&options, &history, err);
    for (int month = 0; !status && month < 14; month++)
        play(history, month < 7 ? "metal" : "bare", FIRST + month, 12);
    if (!status) {
        li_history_finish(history);
        import.history = history;
        status = li_pipeline_import(&stages.pipeline, &import, &response, err);
    }
    if (!status)
        status = li_pipeline_timeline(&stages.pipeline, &request, &timeline, err);
    if (!status)
        check_same(timeline.document);
    json_decref(response.document);
    json_decref(timeline.document);
    li_history_free(history);
    stages_clean_up(&stages);
    return status;
}

static void test_session(void **state) {
    (void)state;
    EXPECTED[0] = 0;
    li_no_memory_check("a session", session, NULL, true);
    li_no_memory_check("a session", session, NULL, false);
}

static void test_submitted(void **state) {
    (void)state;
    EXPECTED[0] = 0;
    li_no_memory_check("measured tracks", submitted, NULL, true);
}

static void test_imported(void **state) {
    (void)state;
    EXPECTED[0] = 0;
    li_no_memory_check("a history", imported, NULL, true);
    li_no_memory_check("a history", imported, NULL, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session),
        cmocka_unit_test(test_submitted),
        cmocka_unit_test(test_imported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
