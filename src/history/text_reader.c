/* text_reader.c - one text of any size: its beginning is kept until it can be recognised, the rest is counted
 * as it comes. */
#include <stdlib.h>

#include "history/history_priv.h"

struct li_text_reader {
    struct li_history *history;
    struct li_transcoder *transcoder; /* made from the first bytes */
    struct li_counter counter;
    struct li_json_rows *json; /* one of these two, once recognised */
    struct li_table_rows *table;
    bool asked, broken; /* recognising was tried; nothing more can be read */
    size_t raw_size, size;
    char raw[HEAD_BYTES];      /* until there is enough to tell the encoding */
    char head[3 * HEAD_BYTES]; /* the same as UTF-8 */
};

struct li_text_reader *li_text_reader_new(struct li_history *history) {
    struct li_text_reader *reader = calloc(1, sizeof *reader);
    if (reader)
        reader->history = history;
    return reader;
}

static bool append(void *context, const char *bytes, size_t size) {
    struct li_text_reader *reader = context;
    if (size > sizeof reader->head - reader->size)
        size = sizeof reader->head - reader->size; /* cannot be: UTF-8 takes at most three times the bytes */
    memcpy(reader->head + reader->size, bytes, size);
    reader->size += size;
    return true;
}

static bool count(void *context, const char *bytes, size_t size) {
    struct li_text_reader *reader = context;
    if (reader->json)
        return li_json_rows_push(reader->json, bytes, size);
    li_table_rows_push(reader->table, bytes, size);
    return true;
}

/* Looks at the beginning. False when it is no history. */
static bool recognise(struct li_text_reader *reader) {
    char separator = ',';
    reader->asked = true;
    reader->transcoder = li_transcoder_new((struct li_text){reader->raw, reader->raw_size});
    if (!reader->transcoder) {
        reader->history->starved = true;
        return false;
    }
    (void)li_transcoder_push(reader->transcoder, reader->raw, reader->raw_size, append, reader);
    int format = li_format_recognise((struct li_text){reader->head, reader->size}, &separator);
    reader->history->starved = reader->history->starved || format == LI_FORMAT_NO_MEMORY;
    if (format < 0)
        return false;
    reader->counter = (struct li_counter){
        .plays = reader->history->plays,
        .report = &reader->history->report,
        .format = &LI_FORMATS[format],
        .format_index = (enum li_history_format)format,
        .now_ms = reader->history->now_ms,
    };
    if (LI_FORMATS[format].json)
        reader->json = li_json_rows_new(&LI_FORMATS[format], li_count_row, &reader->counter);
    else
        reader->table = li_table_rows_new(&LI_FORMATS[format], separator, li_count_row, &reader->counter);
    if (!reader->json && !reader->table) {
        reader->history->starved = reader->broken = true;
        return true;
    }
    reader->broken = !count(reader, reader->head, reader->size);
    return true;
}

bool li_text_reader_push(struct li_text_reader *reader, const char *bytes, size_t size) {
    if (!reader->asked) {
        size_t room = sizeof reader->raw - reader->raw_size, taken = size < room ? size : room;
        memcpy(reader->raw + reader->raw_size, bytes, taken);
        reader->raw_size += taken;
        if (reader->raw_size < sizeof reader->raw)
            return true;
        if (!recognise(reader))
            return false;
        bytes += taken;
        size -= taken;
    }
    if (!reader->counter.format || reader->broken)
        return false;
    reader->broken = !li_transcoder_push(reader->transcoder, bytes, size, count, reader);
    return !reader->broken;
}

bool li_text_reader_finish(struct li_text_reader *reader) {
    struct li_history_report *report = &reader->history->report;
    if (!reader->asked)
        (void)recognise(reader);
    bool known = reader->counter.format != NULL;
    if (known) {
        bool whole = reader->json    ? li_json_rows_finish(reader->json)
                     : reader->table ? li_table_rows_finish(reader->table)
                                     : false;
        report->truncated += !whole || reader->broken;
        report->files++;
        report->files_of[reader->counter.format_index]++;
    } else {
        report->ignored++;
    }
    li_json_rows_free(reader->json);
    li_table_rows_free(reader->table);
    li_transcoder_free(reader->transcoder);
    free(reader);
    return known;
}
