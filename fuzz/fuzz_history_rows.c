/* Each format of a listening history by itself: the first byte names it, whatever the rest looks like is read
 * as it. Every row that comes out is counted once, in pieces of any size. */
#include "history/history_priv.h"
#include "target.h"

static void feed(const struct li_format *format, struct li_counter *counter, const char *bytes, size_t size,
                 size_t step) {
    struct li_json_rows *json = format->json ? li_json_rows_new(format, li_count_row, counter) : NULL;
    struct li_table_rows *table = format->json ? NULL : li_table_rows_new(format, ',', li_count_row, counter);
    check(json || table);
    for (size_t at = 0; at < size; at += step) {
        size_t piece = step < size - at ? step : size - at;
        if (json && !li_json_rows_push(json, bytes + at, piece))
            break;
        if (table)
            li_table_rows_push(table, bytes + at, piece);
    }
    if (json)
        (void)li_json_rows_finish(json);
    else
        (void)li_table_rows_finish(table);
    li_json_rows_free(json);
    li_table_rows_free(table);
}

static struct li_history_report read_as(int index, const char *bytes, size_t size, size_t step) {
    struct li_history_report report = {0};
    struct li_plays *plays = li_plays_new(0);
    check(plays != NULL);
    struct li_counter counter = {
        .plays = plays,
        .report = &report,
        .format = &LI_FORMATS[index],
        .format_index = (enum li_history_format)index,
        .now_ms = 1780000000000,
    };
    feed(&LI_FORMATS[index], &counter, bytes, size, step);
    size_t sum = report.rows_counted + report.names;
    for (int i = 0; i < LI_SKIP_COUNT; i++)
        sum += report.skipped[i];
    check(sum == report.rows_read && report.plays >= report.rows_counted);
    struct li_settled settled = li_plays_settle(plays);
    check(settled.unnamed_plays + settled.daily_plays <= report.plays);
    li_plays_free(plays);
    return report;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    int index = data[0] % LI_HISTORY_FORMAT_COUNT;
    const char *bytes = (const char *)data + 1;
    struct li_history_report whole = read_as(index, bytes, size - 1, size);
    struct li_history_report pieces = read_as(index, bytes, size - 1, 1 + size % 13);
    check(whole.rows_read == pieces.rows_read && whole.plays == pieces.plays);
    return 0;
}
