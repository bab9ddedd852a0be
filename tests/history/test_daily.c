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

/* Lines of a day differ in their time, and days differ whatever their times are: 480 ms are the minutes of a
 * day by three. The same line again is the same plays. */
static void lines_of_days_are_told_apart(void **state) {
    static const struct {
        const char *lines;
        size_t plays, duplicates;
    } CASES[] = {
        {"20230401,200480,1,Adele - Hello\n20230402,200000,1,Adele - Hello\n", 2, 0},
        {"20230401,200481,1,Adele - Hello\n20230402,200000,1,Adele - Hello\n", 2, 0},
        {"20230402,200000,1,Adele - Hello\n20230401,200480,1,Adele - Hello\n", 2, 0},
        {"20230401,200000,1,Adele - Hello\n20230401,200001,1,Adele - Hello\n", 2, 0},
        {"20230401,200000,2,Adele - Hello\n20230401,200000,2,ADELE - Hello\n", 2, 1},
        {"20230401,,2,Adele - Hello\n20230401,,2,Adele - Hello\n20230402,,1,Adele - Hello\n", 3, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[512];
        snprintf(text, sizeof text, DAILY "%s", CASES[i].lines);
        struct li_history *history = history_of(text);
        const struct li_history_report *report = li_history_get_report(history);
        check(report->plays == CASES[i].plays && report->skipped[LI_SKIP_DUPLICATE] == CASES[i].duplicates,
              "case %zu: %zu plays", i, report->plays);
        li_history_free(history);
    }
}

#define ACTIVITY "Event Start Timestamp,Event Type,Play Duration Milliseconds,Song Name\n"
#define APRIL_2015 1427846400000 /* 2015-04-01 */
#define APRIL_2023 1681293600000 /* 2023-04-12 10:00 */

/* The report's ends are those of the plays that count: neither of days beside a list of all plays nor of
 * titles that nobody names. */
static void the_ends_are_those_of_what_counts(void **state) {
    static const char DAY[] = DAILY "20150401,200000,1,Nova - Tide\n";
    static const char EVENT[] = ACTIVITY "2023-04-12T10:00:00Z,PLAY_END,200000,Tide\n";
    static const char PLAIN[] = "uts,artist,track\n1681293600,Nova,Paper\n";
    static const char UNNAMED[] = ACTIVITY "2015-04-01T00:00:00Z,PLAY_END,200000,Nobody names it\n"
                                           "2025-04-01T00:00:00Z,PLAY_END,200000,Nobody names it\n";
    static const struct {
        const char *first, *second;
        size_t plays;
        int64_t first_ms, last_ms;
    } CASES[] = {
        {DAY, EVENT, 1, APRIL_2023, APRIL_2023},     {EVENT, DAY, 1, APRIL_2023, APRIL_2023},
        {DAY, PLAIN, 2, APRIL_2015, APRIL_2023},     {UNNAMED, PLAIN, 1, APRIL_2023, APRIL_2023},
        {PLAIN, UNNAMED, 1, APRIL_2023, APRIL_2023}, {UNNAMED, UNNAMED, 0, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_history *history = new_history();
        add(history, CASES[i].first);
        add(history, CASES[i].second);
        li_history_finish(history);
        const struct li_history_report *report = li_history_get_report(history);
        check(report->plays == CASES[i].plays, "case %zu: %zu plays", i, report->plays);
        check(report->first_ms == CASES[i].first_ms && report->last_ms == CASES[i].last_ms,
              "case %zu: %lld to %lld", i, (long long)report->first_ms, (long long)report->last_ms);
        assert_adds_up(report);
        li_history_free(history);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_listener),
        cmocka_unit_test(lines_of_days_are_told_apart),
        cmocka_unit_test(the_ends_are_those_of_what_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
