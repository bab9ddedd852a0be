/* Listening histories: any bytes at all are read to the end, every row is accounted for, and the size of the
 * pieces in which a text comes does not matter. */
#include "../tests/pieces.h"
#include "history/history.h"
#include "target.h"

/* Artists and tracks have plays and valid names, and the plays of all artists are those of the report. */
static void check_heard(const struct li_history *history, const struct li_history_report *report) {
    size_t plays = 0;
    for (size_t i = 0; i < li_history_artist_count(history); i++) {
        struct li_heard_artist artist = li_history_artist(history, i);
        check(artist.plays > 0 && artist.name.size > 0 && li_text_valid(artist.name));
        check(artist.first_month >= 0 && artist.first_month <= artist.last_month);
        check(artist.last_month < LI_HISTORY_MONTHS_MAX);
        plays += artist.plays;
    }
    check(plays == report->plays);
    for (size_t i = 0; i < li_history_track_count(history); i++) {
        struct li_heard_track track = li_history_track(history, i);
        check(track.plays > 0 && track.artist < li_history_artist_count(history));
    }
}

static struct li_history_report read_all(const uint8_t *data, size_t size, size_t step) {
    const struct li_history_options options = {.now_ms = 1780000000000, .utc_offset_min = 60};
    struct li_history *history = NULL;
    struct li_error err = {0};
    struct pieces pieces = {{(const char *)data, size}, step};
    check(li_history_new(&options, &history, NULL) == LI_OK);
    enum li_status status = li_history_add(history, pieces_take, &pieces, &err);
    check(status == LI_OK || err.message[0]);
    li_history_finish(history);
    struct li_history_report report = *li_history_get_report(history);
    size_t sum = report.rows_counted + report.names;
    for (int i = 0; i < LI_SKIP_COUNT; i++)
        sum += report.skipped[i];
    check(sum == report.rows_read);
    check_heard(history, &report);
    li_history_free(history);
    return report;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_history_report whole = read_all(data, size, SIZE_MAX);
    struct li_history_report pieces = read_all(data, size, 1 + size % 97);
    /* A damaged archive may break at another byte; a text may not. */
    if (size < 2 || data[0] != 'P' || data[1] != 'K') {
        check(whole.rows_read == pieces.rows_read && whole.plays == pieces.plays);
        check(whole.truncated == pieces.truncated);
    }
    return 0;
}
