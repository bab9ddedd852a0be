/* How often a provider is asked: never more than so many in any window, whatever the rhythm. */
#include "check.h"

#include "sources/quota.h"

static void test_so_many_at_once_then_wait(void **state) {
    (void)state;
    struct li_quota quota;
    li_quota_init(&quota, 3, 5000);
    assert_int_equal(li_quota_take(&quota, 1000), 0);
    assert_int_equal(li_quota_take(&quota, 1100), 0);
    assert_int_equal(li_quota_take(&quota, 1200), 0);
    assert_int_equal(li_quota_take(&quota, 1200), 4800); /* until the first is 5 s old */
    assert_int_equal(li_quota_take(&quota, 5999), 1);
    assert_int_equal(li_quota_take(&quota, 6000), 0);
    assert_int_equal(li_quota_take(&quota, 6000), 100);
    assert_int_equal(li_quota_take(&quota, 60000), 0);
}

static void test_a_refusal_takes_nothing(void **state) {
    (void)state;
    struct li_quota quota;
    li_quota_init(&quota, 1, 1000);
    assert_int_equal(li_quota_take(&quota, 0), 0);
    for (int64_t now_ms = 0; now_ms < 1000; now_ms += 10)
        check(li_quota_take(&quota, now_ms) == 1000 - now_ms, "at %d", (int)now_ms);
    assert_int_equal(li_quota_take(&quota, 1000), 0);
}

/* What a token bucket gets wrong: after a rest, no window holds twice as many. */
static void test_no_window_holds_more(void **state) {
    (void)state;
    enum { REQUESTS = 40, WINDOW_MS = 5000, ASKED = 400 };
    struct li_quota quota;
    int64_t taken_ms[ASKED], now_ms = 0;
    unsigned random = 1;
    size_t count = 0;
    li_quota_init(&quota, REQUESTS, WINDOW_MS);
    while (count < ASKED) {
        int64_t wait_ms = li_quota_take(&quota, now_ms);
        if (wait_ms == 0)
            taken_ms[count++] = now_ms;
        random = random * 1664525u + 1013904223u;
        now_ms += wait_ms ? wait_ms : (random >> 24) % 4 == 0 ? (int64_t)(random >> 20) % 6000 : 0;
    }
    for (size_t i = REQUESTS; i < ASKED; i++)
        check(taken_ms[i] - taken_ms[i - REQUESTS] >= WINDOW_MS, "request %zu", i);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_so_many_at_once_then_wait),
        cmocka_unit_test(test_a_refusal_takes_nothing),
        cmocka_unit_test(test_no_window_holds_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
