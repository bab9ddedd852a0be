/* The rate limit, at times that the test chooses. */
#include "exchange.h"

static const int64_t SECOND = 1000000000, START = 5000000000;
static const struct li_text ALICE = {"\x0a\x00\x00\x01", 4}, BOB = {"\x0a\x00\x00\x02", 4};

/* How many of count requests at one moment pass. */
static int passing(struct li_limiter *limiter, struct li_text address, int64_t now_ns, int count) {
    int passed = 0;
    for (int i = 0; i < count; i++)
        passed += li_limiter_take(limiter, address, now_ns) == 0;
    return passed;
}

static void test_bursts(void **state) {
    (void)state;
    static const struct {
        double rate;
        int burst;
    } cases[] = {{0.1, 10}, {1, 10}, {5, 10}, {6, 12}, {100, 200}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_limiter *limiter = li_limiter_new(cases[i].rate);
        assert_int_equal(passing(limiter, ALICE, START, 1000), cases[i].burst);
        assert_int_equal(passing(limiter, BOB, START, 1000),
                         cases[i].burst); /* another address is not concerned */
        assert_int_equal(passing(limiter, ALICE, START, 1), 0);
        li_limiter_free(limiter);
    }
    li_limiter_free(NULL);
}

static void test_refill(void **state) {
    (void)state;
    static const struct {
        int64_t after_ns;
        int passed;
    } cases[] = {
        {0, 0},
        {SECOND / 4 - 1, 0}, /* four a second: one each 250 ms */
        {SECOND / 4, 1},
        {SECOND / 2, 1},
        {SECOND, 2},
        {2 * SECOND, 4},
        {1000 * SECOND, 10}, /* never more than a burst */
        {999 * SECOND, 0},   /* a clock that went back gives nothing */
        {1001 * SECOND, 4},
    };
    struct li_limiter *limiter = li_limiter_new(4);
    assert_int_equal(passing(limiter, ALICE, START, 10), 10);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(passing(limiter, ALICE, START + cases[i].after_ns, 100) == cases[i].passed, "case %zu", i);
    li_limiter_free(limiter);
}

/* The seconds told are enough, and not two more than needed. */
static void test_the_wait_is_right(void **state) {
    (void)state;
    static const double rates[] = {0.02, 0.1, 0.3, 0.5, 1, 3, 50};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct li_limiter *limiter = li_limiter_new(rates[i]);
        int64_t now = START;
        passing(limiter, ALICE, now, 1000);
        for (int round = 0; round < 5; round++) {
            int wait_s = li_limiter_take(limiter, ALICE, now);
            check(wait_s >= 1 && wait_s <= 1 + (int)ceil(1 / rates[i]), "rate %g says %d", rates[i], wait_s);
            check(rates[i] >= 1 || li_limiter_take(limiter, ALICE, now + (wait_s - 2) * SECOND) != 0,
                  "rate %g", rates[i]);
            now += wait_s * SECOND;
            check(li_limiter_take(limiter, ALICE, now) == 0, "rate %g, %d s", rates[i], wait_s);
            passing(limiter, ALICE, now, 1000);
        }
        li_limiter_free(limiter);
    }
}

static void test_the_wait_is_a_day_at_most(void **state) {
    (void)state;
    struct li_limiter *limiter = li_limiter_new(1e-300);
    assert_int_equal(passing(limiter, ALICE, START, 11), 10);
    assert_int_equal(li_limiter_take(limiter, ALICE, START), 24 * 60 * 60);
    li_limiter_free(limiter);
}

static void test_refusals_cost_nothing(void **state) {
    (void)state;
    struct li_limiter *limiter = li_limiter_new(1);
    assert_int_equal(passing(limiter, ALICE, START, 100000), 10);
    assert_int_equal(li_limiter_take(limiter, ALICE, START + SECOND), 0); /* who insisted waits no longer */
    li_limiter_free(limiter);
}

static void test_many_addresses(void **state) {
    (void)state;
    enum { ADDRESSES = 60000 }; /* more than the table has places */
    struct li_limiter *limiter = li_limiter_new(1);
    assert_int_equal(passing(limiter, ALICE, START, 10), 10);
    for (uint32_t i = 0; i < ADDRESSES; i++) {
        uint32_t bytes[2] = {i, 0x20010db8};
        struct li_text address = {(const char *)bytes, sizeof bytes};
        check(li_limiter_take(limiter, address, START + (int64_t)i) == 0, "address %u", i);
    }
    /* Long addresses are told apart by their first 48 bytes; no size is too much. */
    static char long_address[300];
    assert_int_equal(passing(limiter, (struct li_text){long_address, sizeof long_address}, START, 100), 10);
    assert_int_equal(passing(limiter, (struct li_text){long_address, 300 - 1}, START, 100), 0);
    li_limiter_free(limiter);
}

/* The whole table is used: of as many addresses as it has places, some meet in a full set (3/16 of them when
 * they are spread evenly by chance), the others stay limited. */
static void test_the_table_holds_many(void **state) {
    (void)state;
    enum { ADDRESSES = 16384 };
    struct li_limiter *limiter = li_limiter_new(1);
    int limited = 0;
    for (int round = 0; round < 2; round++) {
        uint64_t bytes = 1;
        for (int i = 0; i < ADDRESSES; i++) {
            struct li_text address = {(const char *)&bytes, sizeof bytes};
            bytes = bytes * 6364136223846793005u + 1442695040888963407u; /* Knuth's, in MMIX */
            if (round == 0)
                passing(limiter, address, START, 10);
            else
                limited += li_limiter_take(limiter, address, START) != 0;
        }
    }
    check(limited > 10000, "%d of %d", limited, ADDRESSES);
    li_limiter_free(limiter);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bursts),
        cmocka_unit_test(test_refill),
        cmocka_unit_test(test_the_wait_is_right),
        cmocka_unit_test(test_the_wait_is_a_day_at_most),
        cmocka_unit_test(test_refusals_cost_nothing),
        cmocka_unit_test(test_many_addresses),
        cmocka_unit_test(test_the_table_holds_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
