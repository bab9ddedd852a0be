/* The clock: known instants, and a time that a test sets. */
#include "check.h"

#include <errno.h>

#include "base/clock.h"

static void test_format(void **state) {
    (void)state;
    static const struct {
        int64_t ms;
        const char *wanted;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {999, "1970-01-01T00:00:00.999Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {1709251199999, "2024-02-29T23:59:59.999Z"},
        {1709251200000, "2024-03-01T00:00:00.000Z"},
        {1795378006123, "2026-11-22T20:06:46.123Z"},
        {2147483648000, "2038-01-19T03:14:08.000Z"},
        {4107542400007, "2100-03-01T00:00:00.007Z"},
        {253402300799999, "9999-12-31T23:59:59.999Z"},
        /* Outside of the years that the format can hold: the nearest that it can. */
        {253402300800000, "9999-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {-1, "1970-01-01T00:00:00.000Z"},
        {INT64_MIN, "1970-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[LI_TIMESTAMP_SIZE];
        li_clock_format(cases[i].ms, text);
        check(strcmp(text, cases[i].wanted) == 0, "%lld gave %s", (long long)cases[i].ms, text);
    }
}

static void test_now(void **state) {
    (void)state;
    struct li_clock fixed = {.fixed_ms = 1234567890123}, system = {0};
    assert_true(li_clock_now_ms(&fixed) == 1234567890123);
    assert_true(li_clock_now_ms(&system) > 1700000000000);
    assert_true(li_clock_now_ms(NULL) > 1700000000000);
    int64_t before = li_clock_monotonic_ns();
    assert_true(li_clock_monotonic_ns() >= before && before > 0);
}

static void test_a_moment_to_wait_for(void **state) {
    (void)state;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition;
    struct timespec now = li_clock_after_ms(0), later = li_clock_after_ms(1999);
    int64_t ahead_ns = (int64_t)(later.tv_sec - now.tv_sec) * 1000000000 + (later.tv_nsec - now.tv_nsec);
    assert_true(ahead_ns >= 1999000000);
    assert_true(later.tv_nsec >= 0 && later.tv_nsec < 1000000000);
    li_clock_condition_init(&condition);
    pthread_mutex_lock(&lock);
    assert_int_equal(pthread_cond_timedwait(&condition, &lock, &now), ETIMEDOUT); /* it has passed */
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&condition);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_now),
        cmocka_unit_test(test_a_moment_to_wait_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
