#include "check.h"

#include "store/retry.h"

static void test_what_may_help(void **state) {
    (void)state;
    static const int again[] = {429, 500, 502, 503, 504};
    for (int status = 100; status < 600; status++) {
        bool wanted = false;
        for (size_t i = 0; i < sizeof again / sizeof *again; i++)
            wanted = wanted || again[i] == status;
        check(li_retry_helps(status) == wanted, "%d", status);
    }
}

static void test_pauses(void **state) {
    (void)state;
    static const struct {
        int attempt, first_ms;
        double unit;
        int pause_ms;
    } cases[] = {
        {0, 50, 0, 0},         {0, 50, 0.5, 25},       {0, 50, 0.999999, 49},     {1, 50, 0.5, 50},
        {3, 50, 0.5, 200},     {6, 50, 0.5, 1600},     {7, 50, 0.5, 2500},        {7, 50, 0.999999, 4999},
        {1000, 50, 0.5, 2500}, {0, 100000, 0.5, 2500}, {1000, 1, 0.999999, 4999}, {5, 0, 0.9, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int pause_ms = li_retry_pause_ms(cases[i].attempt, cases[i].first_ms, cases[i].unit);
        check(pause_ms == cases[i].pause_ms, "case %zu: %d", i, pause_ms);
    }
}

static void test_units_are_spread(void **state) {
    (void)state;
    int tenths[10] = {0};
    for (int i = 0; i < 5000; i++) {
        double unit = li_retry_unit();
        check(unit >= 0 && unit < 1, "%g", unit);
        tenths[(int)(unit * 10)]++;
    }
    for (int i = 0; i < 10; i++)
        check(tenths[i] > 350 && tenths[i] < 650, "%d in tenth %d", tenths[i], i); /* 7 standard deviations */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_may_help), cmocka_unit_test(test_pauses),
                                       cmocka_unit_test(test_units_are_spread)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
