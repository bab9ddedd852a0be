/* Apple's daily lists: days of tracks, alone and beside lists of plays. */
#include "history_check.h"

#define DAILY "Date Played,Play Duration Milliseconds,Play Count,Track Description\n"

static void add(struct li_history *history, const char *text) {
    struct li_error err = {0};
    check(add_bytes(history, li_text_of(text), 100, &err) == LI_OK, "%s", err.message);
}

/* The days are the listener's own: no offset moves them to another month. */
static void days_are_those_of_the_listener(void **state) {
    static const char *const DAYS[] = {"20230401", "20230430"};
    static const int OFFSETS[] = {-840, -300, 0, 840};
    (void)state;
    for (size_t i = 0; i < sizeof OFFSETS / sizeof *OFFSETS; i++) {
        for (size_t d = 0; d < sizeof DAYS / sizeof *DAYS; d++) {
            struct li_history_options options = {.now_ms = (int64_t)NOW_S * 1000,
                                                 .utc_offset_min = OFFSETS[i]};
            struct li_history *history = NULL;
            char text[256];
            snprintf(text, sizeof text, DAILY "%s,200000,1,Nova - Tide\n", DAYS[d]);
            assert_int_equal(li_history_new(&options, &history, NULL), LI_OK);
            add(history, text);
            li_history_finish(history);
            struct li_heard_artist artist = li_history_artist(history, 0);
            check(artist.first_month == 23 * 12 + 3 && artist.last_month == 23 * 12 + 3, "%s at %d: month %d",
                  DAYS[d], OFFSETS[i], artist.first_month);
            li_history_free(history);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_listener),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
