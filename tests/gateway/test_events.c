/* The server's own events: stages run by themselves, once for what waits, and a failure is told once. */
#include "exchange.h"

#include "base/log.h"

/* Holds the store's calls of one kind, or all of one session's, until the test opens it. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct li_text session; /* empty: of any session, but of this kind only */
    enum fake_call call;
    enum li_object object;
    int waiting;
    bool open;
};

static struct stages STAGES;
static struct gate GATE;

static void hold(struct fake_store *store, enum fake_call call, struct li_text session,
                 enum li_object object) {
    struct gate *gate = store->context;
    if (gate->session.size ? !li_text_equal(session, gate->session)
                           : call != gate->call || object != gate->object)
        return;
    pthread_mutex_lock(&gate->lock);
    gate->waiting++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void await_one(void) {
    pthread_mutex_lock(&GATE.lock);
    while (!GATE.waiting)
        pthread_cond_wait(&GATE.changed, &GATE.lock);
    pthread_mutex_unlock(&GATE.lock);
}

static void open_gate(void) {
    pthread_mutex_lock(&GATE.lock);
    GATE.open = true;
    pthread_cond_broadcast(&GATE.changed);
    pthread_mutex_unlock(&GATE.lock);
}

static void close_gate(struct li_text session, enum fake_call call, enum li_object object) {
    GATE =
        (struct gate){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, session, call, object, 0, false};
    STAGES.store.context = &GATE;
    STAGES.store.before = hold;
}

#define OTHER "other-session-01234567"

/* What the pool's only thread does for this session waits, and what is queued behind it waits too. */
static void close_gate_to_other(void) {
    close_gate(LI_TEXT(OTHER), FAKE_GET, LI_OBJECT_COUNT);
}

static int set_up(void **state) {
    (void)state;
    li_log_set_level(LI_LOG_NOTHING);
    stages_init(&STAGES);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    stages_clean_up(&STAGES);
    return 0;
}

static struct li_events *events_of(struct li_metrics *metrics, size_t threads) {
    struct li_events *events = NULL;
    struct li_error err = {0};
    check(li_events_new(&STAGES.pipeline, metrics, threads, &events, &err) == LI_OK, "%s", err.message);
    return events;
}

static void raise_into(void *context, struct li_text session, enum li_object written) {
    li_events_raise(*(struct li_events **)context, session, written);
}

static void test_extract_makes_a_profile_by_itself(void **state) {
    (void)state;
    struct li_metrics metrics = {0};
    struct li_events *events = events_of(&metrics, 2);
    STAGES.pipeline.raise = raise_into;
    STAGES.pipeline.raise_context = &events;
    assert_int_equal(stages_extract(&STAGES, "rap metal", NULL, NULL), LI_OK);
    li_events_free(events); /* drains what was raised, and what that raised */
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS));
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
    assert_int_equal(STAGES.store.puts, 3);
    assert_true(metrics.stages[0][0] == 1 && metrics.stages[1][0] == 1);
    assert_true(metrics.stages[0][1] == 0 && metrics.stages[1][1] == 0);
    li_events_free(NULL);
}

static void test_objects_that_start_nothing(void **state) {
    (void)state;
    struct li_metrics metrics = {0};
    struct li_events *events = events_of(&metrics, 1);
    li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_PROFILE);
    li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_UNKNOWN_GENRES);
    assert_int_equal(li_events_state(events, LI_TEXT(SESSION), NULL), LI_EVENT_NONE);
    li_events_free(events);
    assert_int_equal(STAGES.store.calls, 0);
}

static void test_the_same_is_queued_once(void **state) {
    (void)state;
    struct li_metrics metrics = {0};
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    close_gate_to_other();
    struct li_events *events = events_of(&metrics, 1);
    li_events_raise(events, LI_TEXT(OTHER), LI_OBJECT_TOP_TRACKS);
    await_one(); /* the only thread is held there; what follows has to wait */
    for (int i = 0; i < 50; i++)
        li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS);
    assert_int_equal(li_events_load(events), 2);
    li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_ENRICHED_TRACKS); /* another stage is another event */
    assert_int_equal(li_events_load(events), 3);
    li_events_raise(events, LI_TEXT(OTHER), LI_OBJECT_TOP_TRACKS); /* runs: may have read old data */
    li_events_raise(events, LI_TEXT(OTHER), LI_OBJECT_TOP_TRACKS);
    assert_int_equal(li_events_load(events), 4);
    assert_int_equal(li_events_state(events, LI_TEXT(SESSION), NULL), LI_EVENT_PENDING);
    assert_int_equal(li_events_state(events, LI_TEXT("third-session-01234567"), NULL), LI_EVENT_NONE);
    open_gate();
    li_events_free(events);
    assert_true(metrics.stages[0][0] == 3 && metrics.stages[1][0] == 1);
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
}

/* Waits until the session's event has ended: its thread goes on to the next, which is held at the gate. */
static void run_then_hold(struct li_events *events) {
    li_events_raise(events, LI_TEXT(OTHER), LI_OBJECT_ENRICHED_TRACKS);
    await_one();
}

static void test_a_failure_is_told_once(void **state) {
    (void)state;
    struct li_metrics metrics = {0};
    struct li_error err = {0};
    stages_store(&STAGES, LI_OBJECT_TOP_TRACKS, "{torn");
    close_gate_to_other();
    struct li_events *events = events_of(&metrics, 1);
    li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS);
    run_then_hold(events);
    assert_int_equal(li_events_state(events, LI_TEXT(SESSION), &err), LI_EVENT_FAILED);
    assert_int_equal(err.status, LI_CORRUPT);
    assert_non_null(strstr(err.message, "cannot be read"));
    assert_int_equal(li_events_state(events, LI_TEXT(SESSION), &err), LI_EVENT_NONE);
    open_gate();
    li_events_free(events);
    assert_true(metrics.stages[0][1] == 1 && metrics.stages[0][0] == 0);
}

static void test_raising_again_forgets_the_failure(void **state) {
    (void)state;
    stages_store(&STAGES, LI_OBJECT_TOP_TRACKS, "{torn");
    close_gate_to_other();
    struct li_events *events = events_of(NULL, 1);
    li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS);
    run_then_hold(events);
    li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS);
    assert_int_equal(li_events_state(events, LI_TEXT(SESSION), NULL), LI_EVENT_PENDING);
    open_gate();
    li_events_free(events); /* with a failure that nobody asked for: it goes too */
}

static void test_an_erased_session_is_no_failure(void **state) {
    (void)state;
    struct li_metrics metrics = {0};
    close_gate_to_other();
    struct li_events *events = events_of(&metrics, 1);
    li_events_raise(events, LI_TEXT(SESSION), LI_OBJECT_TOP_TRACKS); /* nothing is there to work on */
    run_then_hold(events);
    assert_int_equal(li_events_state(events, LI_TEXT(SESSION), NULL), LI_EVENT_NONE);
    open_gate();
    li_events_free(events);
    assert_int_equal(metrics.stages[0][1], 0);
}

/* The latest thousand and some are remembered: who fails today is told, however many never asked before. */
static void test_failures_are_bounded(void **state) {
    (void)state;
    enum { SESSIONS = 1100, REMEMBERED = 1024 };
    struct li_metrics metrics = {0};
    close_gate_to_other();
    struct li_events *events = events_of(&metrics, 1);
    char name[40];
    for (int i = 0; i < SESSIONS; i++) {
        snprintf(name, sizeof name, "failing-session-%06d", i);
        assert_int_equal(
            li_store_put(STAGES.store.inner, li_text_of(name), LI_OBJECT_TOP_TRACKS, LI_TEXT("{"), NULL),
            LI_OK);
        li_events_raise(events, li_text_of(name), LI_OBJECT_TOP_TRACKS);
    }
    run_then_hold(events);
    for (int i = 0; i < SESSIONS; i++) {
        bool remembered = i >= SESSIONS - REMEMBERED;
        snprintf(name, sizeof name, "failing-session-%06d", i);
        check(li_events_state(events, li_text_of(name), NULL) ==
                  (remembered ? LI_EVENT_FAILED : LI_EVENT_NONE),
              "session %d", i);
    }
    open_gate();
    li_events_free(events);
    assert_int_equal(metrics.stages[0][1], SESSIONS);
}

static void test_a_gateway_raises_and_tells(void **state) {
    (void)state;
    static struct exchange x;
    struct li_gateway *gateway =
        gateway_of((struct li_gateway_options){.pipeline = &STAGES.pipeline, .own_events = true});
    close_gate((struct li_text){0}, FAKE_PUT, LI_OBJECT_PROFILE);
    assert_int_equal(ask(&x, gateway, LI_POST, "/extract-simulate",
                         "{\"session_id\":\"" SESSION "\",\"artists\":[\"rap\"]}"),
                     200);
    await_one(); /* transform is done, profile is about to be written */
    assert_int_equal(ask(&x, gateway, LI_GET, "/getProfile?session_id=" SESSION, ""), 202);
    assert_string_equal(text_at(x.document, "stage"), "profile");
    open_gate();
    exchange_clear(&x);
    li_gateway_free(gateway);
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
}

/* An event that was lost with a process: asking for the profile starts the stage again. */
static void test_asking_starts_what_was_lost(void **state) {
    (void)state;
    static struct exchange x;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS)); /* with nobody listening */
    struct li_gateway *gateway =
        gateway_of((struct li_gateway_options){.pipeline = &STAGES.pipeline, .own_events = true});
    assert_int_equal(ask(&x, gateway, LI_GET, "/getProfile?session_id=" SESSION, ""), 202);
    exchange_clear(&x);
    li_gateway_free(gateway);
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_extract_makes_a_profile_by_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_objects_that_start_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_same_is_queued_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_failure_is_told_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_raising_again_forgets_the_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_erased_session_is_no_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failures_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_gateway_raises_and_tells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_asking_starts_what_was_lost, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
