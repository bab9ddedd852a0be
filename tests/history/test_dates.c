/* The dates that services write, each with the moment it means (by `date -u`), and what is none. */
#include "history/history_priv.h"

#include "check.h"

static const struct {
    const char *text;
    enum li_date_kind kind;
    int64_t ms; /* -1 = no date */
} DATES[] = {
    {"2024-01-02T03:04:05Z", DATE_ISO, 1704164645000},
    {" 2024-01-02T03:04:05Z ", DATE_ISO, 1704164645000},
    {"2024-01-02 03:04:05", DATE_ISO, 1704164645000},
    {"2024-01-02 03:04:05 UTC", DATE_ISO, 1704164645000},
    {"2024-01-02T03:04:05.678Z", DATE_ISO, 1704164645678},
    {"2024-01-02T03:04:05.6789999Z", DATE_ISO, 1704164645678},
    {"2024-01-02T03:04:05+05:30", DATE_ISO, 1704144845000},
    {"2024-01-02T03:04:05+0530", DATE_ISO, 1704144845000},
    {"2024-01-01T22:04:05-05", DATE_ISO, 1704164645000},
    {"2024-02-29T23:59:59+00:00", DATE_ISO, 1709251199000},
    {"2024-03-05", DATE_ISO, 1709596800000},
    {"36892.5", DATE_ISO, 978350400000}, /* a spreadsheet's day: 2001-01-01 12:00 */
    {"36525", DATE_ISO, -1},
    {"80001", DATE_ISO, -1},
    {"2024-01-02T03:04:05+15:00", DATE_ISO, -1},
    {"2024-01-02T03:04:05+02:60", DATE_ISO, -1},
    {"2024-01-02T03:04:05+2", DATE_ISO, -1},
    {"2024-01-02T03:04:05+02:x", DATE_ISO, -1},
    {"2024-01-02T03:04:05Zulu", DATE_ISO, -1},
    {"2024-01-02T03:04:05 CET", DATE_ISO, -1},
    {"2024-01-02T3:04", DATE_ISO, -1},
    {"2024-01-02T03:4", DATE_ISO, -1},
    {"2024-01-02T03:04:5", DATE_ISO, -1},
    {"2024-01-02Tnoon", DATE_ISO, -1},
    {"2024-1-02", DATE_ISO, -1},
    {"2024/01/02", DATE_ISO, -1},
    {"202x-01-02", DATE_ISO, -1},
    {"", DATE_ISO, -1},
    {"20240305", DATE_YMD, 1709596800000},
    {"2024030", DATE_YMD, -1},
    {"202403051", DATE_YMD, -1},
    {"2024ab05", DATE_YMD, -1},
    {"06 Sep 2023, 14:23", DATE_PLAIN, 1694010180000},
    {"06 Sep 2023 14:23", DATE_PLAIN, 1694010180000},
    {"6 Sep 2023 14:23", DATE_PLAIN, -1},
    {"06 Sep", DATE_PLAIN, -1},
    {"06 S", DATE_PLAIN, -1},
    {"06 Sep 23 14:23", DATE_PLAIN, -1},
    {"06 Sep 2023,14:23", DATE_PLAIN, -1},
    {"06 Sep 2023 14:23 UTC", DATE_PLAIN, -1},
    {"06 Xyz 2023 14:23", DATE_PLAIN, -1},
    {"1704164645", DATE_SECONDS, 1704164645000},
    {"1704164645.5", DATE_SECONDS, 1704164645500},
    {"1704164645678", DATE_SECONDS, 1704164645678}, /* milliseconds after all */
    {"1704164645678", DATE_MS, 1704164645678},
    {"1e99", DATE_SECONDS, -1},
    {"17041646456789012345678901234567890", DATE_SECONDS, -1},
    {"nan", DATE_SECONDS, -1},
    {"12 o'clock", DATE_SECONDS, -1},
};

static void test_dates(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof DATES / sizeof *DATES; i++) {
        int64_t ms = -1;
        bool is = li_history_date(li_text_of(DATES[i].text), DATES[i].kind, &ms);
        check(is == (DATES[i].ms >= 0), "\"%s\"", DATES[i].text);
        check(ms == DATES[i].ms, "\"%s\" is %lld, wanted %lld", DATES[i].text, (long long)ms,
              (long long)DATES[i].ms);
    }
}

static void test_moments(void **state) {
    int64_t ms = 0;
    (void)state;
    assert_true(li_history_moment(LI_TEXT("1704164645"), &ms) && ms == 1704164645000);
    assert_true(li_history_moment(LI_TEXT("2024-01-02T03:04:05Z"), &ms) && ms == 1704164645000);
    assert_false(li_history_moment(LI_TEXT("06 Sep 2023 14:23"), &ms));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dates), cmocka_unit_test(test_moments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
