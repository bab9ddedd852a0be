/* history_check.h - listening histories from texts and files, for tests. */
#ifndef LI_TESTS_HISTORY_CHECK_H
#define LI_TESTS_HISTORY_CHECK_H

#include "check.h"
#include "history/history.h"
#include "pieces.h"

enum { NOW_S = 1780000000 }; /* 2026-05-28 */

static inline struct li_history *new_history(void) {
    struct li_history_options options = {.now_ms = (int64_t)NOW_S * 1000};
    struct li_history *history = NULL;
    assert_int_equal(li_history_new(&options, &history, NULL), LI_OK);
    return history;
}

static inline enum li_status add_bytes(struct li_history *history, struct li_text bytes, size_t step,
                                       struct li_error *err) {
    struct pieces pieces = {bytes, step};
    return li_history_add(history, pieces_take, &pieces, err);
}

/* The history of one text, finished. */
static inline struct li_history *history_of(const char *text) {
    struct li_history *history = new_history();
    assert_int_equal(add_bytes(history, li_text_of(text), 7, NULL), LI_OK);
    li_history_finish(history);
    return history;
}

static inline void export_path(const char *name, char *out, size_t size) {
    snprintf(out, size, "%s/tests/history/exports/%s", getenv("LI_SOURCE_ROOT"), name);
}

/* Every row is accounted for. */
static inline void assert_adds_up(const struct li_history_report *report) {
    size_t sum = report->rows_counted + report->names, rows = 0;
    for (int i = 0; i < LI_SKIP_COUNT; i++)
        sum += report->skipped[i];
    for (int i = 0; i < LI_HISTORY_FORMAT_COUNT; i++)
        rows += report->rows[i];
    assert_int_equal(report->rows_read, sum);
    assert_int_equal(report->rows_read, rows);
}

#endif
