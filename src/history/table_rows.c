/* table_rows.c - rows out of a table: the header says what each column means; unknown columns are not copied.
 *
 * The one shape without a header is artist, album, track, date. Its writer forgets to quote commas in titles,
 * so that a row of more cells is artist, album, all that stands between, date. */
#include <stdlib.h>
#include <string.h>

#include "history/history_priv.h"

enum { TABLE_COLUMNS_MAX = 256 };

struct li_table_rows {
    const struct li_format *format;
    li_row_sink *sink;
    void *context;
    struct li_csv *csv;
    bool headed; /* the header is read, or there is none */
    size_t columns;
    signed char field[TABLE_COLUMNS_MAX]; /* of each column, -1 = not copied */
    struct li_row row;
    struct li_text last; /* plain: the newest cell, which may be the date */
    char title[FIELD_BYTES_MAX], newest[FIELD_BYTES_MAX];
    size_t title_size;
};

static bool is_plain(const struct li_table_rows *rows) {
    return rows->format == &LI_FORMATS[LI_HISTORY_LASTFM_PLAIN];
}

/* Cells of a plain row from the third on: each but the last belongs to the title. */
static void plain_cell(struct li_table_rows *rows, size_t column, struct li_text cell) {
    if (column == 0)
        li_row_set(&rows->row, FIELD_ARTIST, cell.data, cell.size);
    if (column < 2)
        return;
    size_t comma = rows->title_size > 0;
    if (column > 2 && rows->title_size + comma + rows->last.size <= FIELD_BYTES_MAX) {
        if (comma)
            rows->title[rows->title_size++] = ',';
        memcpy(rows->title + rows->title_size, rows->last.data, rows->last.size);
        rows->title_size += rows->last.size;
    }
    if (cell.size > FIELD_BYTES_MAX) {
        rows->row.broken = true;
        cell.size = 0;
    }
    memcpy(rows->newest, cell.data, cell.size);
    rows->last = (struct li_text){rows->newest, cell.size};
}

static void header_cell(struct li_table_rows *rows, size_t column, struct li_text cell) {
    cell = li_text_trim(cell);
    rows->field[column] = -1;
    for (const struct li_column *known = rows->format->columns; known->path; known++) {
        if (li_column_is(known->path, cell)) {
            rows->field[column] = (signed char)known->field;
            break;
        }
    }
}

static void on_cell(void *context, size_t column, struct li_text cell, bool too_long) {
    struct li_table_rows *rows = context;
    if (column >= TABLE_COLUMNS_MAX)
        return;
    if (!rows->headed)
        header_cell(rows, column, cell);
    else if (is_plain(rows))
        plain_cell(rows, column, cell);
    else if (rows->field[column] >= 0)
        li_row_set(&rows->row, (enum li_field)rows->field[column], cell.data, cell.size);
    rows->row.broken = rows->row.broken || too_long;
}

static void on_end_of_row(void *context, size_t columns) {
    struct li_table_rows *rows = context;
    if (!rows->headed) {
        rows->headed = true;
        rows->columns = columns;
    } else {
        if (is_plain(rows)) {
            li_row_set(&rows->row, FIELD_TITLE, rows->title, rows->title_size);
            li_row_set(&rows->row, FIELD_DATE, rows->last.data, rows->last.size);
            rows->row.broken = rows->row.broken || columns < 4;
        } else {
            rows->row.broken = rows->row.broken || columns > rows->columns;
        }
        rows->sink(rows->context, &rows->row);
    }
    rows->title_size = 0;
    rows->last = (struct li_text){0};
    li_row_clear(&rows->row);
}

struct li_table_rows *li_table_rows_new(const struct li_format *format, char separator, li_row_sink *sink,
                                        void *context) {
    struct li_table_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return NULL;
    *rows = (struct li_table_rows){.format = format, .sink = sink, .context = context};
    rows->headed = is_plain(rows);
    memset(rows->field, -1, sizeof rows->field);
    rows->csv = li_csv_new(separator, on_cell, on_end_of_row, rows);
    if (!rows->csv) {
        free(rows);
        return NULL;
    }
    return rows;
}

void li_table_rows_push(struct li_table_rows *rows, const char *bytes, size_t size) {
    li_csv_push(rows->csv, bytes, size);
}

bool li_table_rows_finish(struct li_table_rows *rows) {
    return li_csv_finish(rows->csv);
}

void li_table_rows_free(struct li_table_rows *rows) {
    if (!rows)
        return;
    li_csv_free(rows->csv);
    free(rows);
}
