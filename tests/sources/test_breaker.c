/* Who does not answer is left alone for a while, and who asks to be left alone for as long as they ask. */
#include "check.h"

#include "sources/provider.h"

static void test_three_failures_in_a_row_open_it(void **state) {
    (void)state;
    struct li_breaker breaker = {0};
    assert_true(li_breaker_allows(&breaker, 1000));
    assert_false(li_breaker_failed(&breaker, 1000));
    assert_false(li_breaker_failed(&breaker, 1000));
    li_breaker_succeeded(&breaker); /* not in a row */
    assert_false(li_breaker_failed(&breaker, 1000));
    assert_false(li_breaker_failed(&breaker, 1000));
    assert_true(li_breaker_allows(&breaker, 1000));
    assert_true(li_breaker_failed(&breaker, 1000));  /* said once */
    assert_false(li_breaker_failed(&breaker, 1000)); /* from who asked before it opened */
    assert_false(li_breaker_allows(&breaker, 1001));
    assert_false(li_breaker_allows(&breaker, 1000 + LI_BREAKER_FIRST_MS - 1));
}

static void open_it(struct li_breaker *breaker, int64_t now_ms) {
    for (int i = 0; i < LI_BREAKER_FAILURES; i++)
        li_breaker_failed(breaker, now_ms);
}

static void test_one_trial_decides(void **state) {
    (void)state;
    struct li_breaker breaker = {0};
    int64_t now_ms = 1000;
    open_it(&breaker, now_ms);
    now_ms += LI_BREAKER_FIRST_MS;
    assert_true(li_breaker_allows(&breaker, now_ms));
    assert_false(li_breaker_allows(&breaker, now_ms)); /* the others wait for the trial */
    assert_true(li_breaker_failed(&breaker, now_ms));
    assert_false(li_breaker_allows(&breaker, now_ms + 2 * LI_BREAKER_FIRST_MS - 1)); /* twice as long */
    now_ms += 2 * LI_BREAKER_FIRST_MS;
    assert_true(li_breaker_allows(&breaker, now_ms));
    li_breaker_succeeded(&breaker);
    for (int i = 0; i < 3; i++)
        assert_true(li_breaker_allows(&breaker, now_ms));
    assert_false(li_breaker_failed(&breaker, now_ms)); /* all is forgotten */
}

static void test_an_abandoned_trial_is_given_again(void **state) {
    (void)state;
    struct li_breaker breaker = {0};
    open_it(&breaker, 0);
    assert_true(li_breaker_allows(&breaker, LI_BREAKER_FIRST_MS));
    li_breaker_abandon(&breaker);
    assert_true(li_breaker_allows(&breaker, LI_BREAKER_FIRST_MS));
}

static enum li_status read_nothing(void *context, struct li_text body, struct li_error *err) {
    (void)context, (void)body;
    return li_fail(err, LI_CORRUPT, "nobody was to answer");
}

/* Else the trial's good answer would be taken for one to an older question, and the breaker stay open. */
static void test_who_is_refused_leaves_the_trial_alone(void **state) {
    (void)state;
    struct li_net *net = NULL;
    struct li_provider provider;
    struct li_error err = {0};
    if (li_net_new(&(struct li_net_options){0}, &net, &err) == LI_UNSUPPORTED) {
        print_message("skipped: libcurl is not installed\n");
        skip();
    }
    li_provider_init(&provider, "Somebody", "http://127.0.0.1:1", net, 1, 1000);
    open_it(&provider.breaker, 0);
    assert_true(li_breaker_allows(&provider.breaker, LI_BREAKER_FIRST_MS)); /* the trial: somebody else's */
    for (int i = 0; i < 2; i++) {
        struct li_ask ask = {.path = LI_TEXT("/"), .read = read_nothing};
        assert_int_equal(li_provider_ask(&provider, &ask, 1, NULL, &err), LI_BUSY);
        check(strstr(err.message, "left alone"), "%s", err.message);
        assert_int_equal(ask.http, 0);
    }
    li_breaker_succeeded(&provider.breaker);
    assert_true(li_breaker_allows(&provider.breaker, LI_BREAKER_FIRST_MS));
    assert_true(li_breaker_allows(&provider.breaker, LI_BREAKER_FIRST_MS));
    li_provider_clean_up(&provider);
    li_net_free(net);
}

static void test_pauses_do_not_grow_for_ever(void **state) {
    (void)state;
    struct li_breaker breaker = {0};
    int64_t now_ms = 0;
    open_it(&breaker, now_ms);
    for (int i = 0; i < 40; i++) {
        now_ms = breaker.open_until_ms;
        assert_true(li_breaker_allows(&breaker, now_ms));
        assert_true(li_breaker_failed(&breaker, now_ms));
        check(breaker.open_until_ms - now_ms <= LI_BREAKER_LONGEST_MS, "trial %d", i);
    }
    assert_int_equal(breaker.open_until_ms - now_ms, LI_BREAKER_LONGEST_MS);
}

static void test_an_old_answer_does_not_close_it(void **state) {
    (void)state;
    struct li_breaker breaker = {0};
    open_it(&breaker, 0);
    li_breaker_succeeded(&breaker);
    assert_false(li_breaker_allows(&breaker, 1));
}

static void test_asked_to_be_left_alone(void **state) {
    (void)state;
    struct li_breaker breaker = {0};
    assert_true(li_breaker_pause(&breaker, 1000, 61000));
    assert_false(li_breaker_pause(&breaker, 1000, 31000)); /* no news, and never earlier */
    assert_false(li_breaker_allows(&breaker, 60999));
    assert_true(li_breaker_allows(&breaker, 61000));
    li_breaker_succeeded(&breaker);
    assert_true(li_breaker_allows(&breaker, 61000));
}

static void test_tomorrow(void **state) {
    (void)state;
    const int64_t day_ms = 24 * 3600 * 1000;
    assert_int_equal(li_breaker_tomorrow(0), day_ms);
    assert_int_equal(li_breaker_tomorrow(day_ms - 1), day_ms);
    assert_int_equal(li_breaker_tomorrow(20000 * day_ms + 5), 20001 * day_ms);
}

static void test_retry_after(void **state) {
    (void)state;
    static const struct {
        const char *header;
        long wanted_s;
    } cases[] = {
        {"0", 0},
        {"5", 5},
        {" 120 ", 120},
        {"79892", 79892},
        {"86401", LI_RETRY_AFTER_MAX_S},
        {"9223372036854775807", LI_RETRY_AFTER_MAX_S},
        {"99999999999999999999", 30}, /* not a number that we can hold */
        {"", 30},
        {"-1", 30},
        {"soon", 30},
        {"Wed, 21 Oct 2026 07:28:00 GMT", 30},
        {"5.5", 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(li_retry_after_s(li_text_of(cases[i].header), 30) == cases[i].wanted_s, "\"%s\"",
              cases[i].header);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_failures_in_a_row_open_it),
        cmocka_unit_test(test_one_trial_decides),
        cmocka_unit_test(test_an_abandoned_trial_is_given_again),
        cmocka_unit_test(test_who_is_refused_leaves_the_trial_alone),
        cmocka_unit_test(test_pauses_do_not_grow_for_ever),
        cmocka_unit_test(test_an_old_answer_does_not_close_it),
        cmocka_unit_test(test_asked_to_be_left_alone),
        cmocka_unit_test(test_tomorrow),
        cmocka_unit_test(test_retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
