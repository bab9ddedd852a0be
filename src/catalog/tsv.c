#include "catalog/tsv.h"

#include <stdbool.h>

enum { COLUMNS_MAX = 256 };

/* The next line that is no comment, without its end; false at the end of the table. Counts lines. */
static bool next_line(struct li_text *rest, size_t *line, struct li_text *out) {
    while (rest->size) {
        *out = li_text_cut(rest, '\n');
        ++*line;
        if (out->size && out->data[out->size - 1] == '\r')
            out->size--;
        if (out->size == 0 || out->data[0] != '#')
            return true;
    }
    return false;
}

static enum li_status fail_line(struct li_error *err, size_t line, enum li_status status) {
    if (err)
        err->at = line;
    return status;
}

static size_t count_cells(struct li_text line) {
    size_t cells = 1;
    for (size_t i = 0; i < line.size; i++)
        cells += line.data[i] == '\t';
    return cells;
}

static enum li_status check_characters(struct li_text line, size_t number, struct li_error *err) {
    if (!li_text_valid(line))
        return fail_line(err, number, li_fail(err, LI_INVALID, "not UTF-8 text; save the table as UTF-8"));
    for (size_t i = 0; i < line.size; i++) {
        unsigned char byte = (unsigned char)line.data[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            return fail_line(err, number,
                             li_fail(err, LI_INVALID, "a control character (0x%02x) in the table", byte));
    }
    return LI_OK;
}

/* Checks every line and counts the rows, so that the memory asked for afterwards is bounded by the input. */
static enum li_status check_lines(struct li_text bytes, size_t *rows, size_t *columns, struct li_error *err) {
    struct li_text line;
    size_t number = 0, lines = 0, width = 0;
    while (next_line(&bytes, &number, &line)) {
        enum li_status status = check_characters(line, number, err);
        if (status)
            return status;
        size_t cells = count_cells(line);
        if (lines++ == 0) {
            width = cells;
            if (width > COLUMNS_MAX)
                return fail_line(
                    err, number,
                    li_fail(err, LI_INVALID, "%zu columns; a table has at most %d", width, COLUMNS_MAX));
        } else if (cells != width) {
            return fail_line(err, number,
                             li_fail(err, LI_INVALID, "%zu cells where the header has %zu", cells, width));
        }
    }
    if (lines == 0)
        return fail_line(err, number, li_fail(err, LI_INVALID, "no header: the table is empty"));
    *rows = lines - 1;
    *columns = width;
    return LI_OK;
}

static enum li_status check_header(const struct li_text *header, size_t columns, size_t line,
                                   struct li_error *err) {
    for (size_t i = 0; i < columns; i++) {
        if (header[i].size == 0)
            return fail_line(err, line,
                             li_fail(err, LI_INVALID, "column %zu has no name in the header", i + 1));
        for (size_t j = 0; j < i; j++)
            if (li_text_equal(header[i], header[j]))
                return fail_line(err, line,
                                 li_fail(err, LI_INVALID, "two columns are named \"%.*s\"",
                                         (int)(header[i].size < 64 ? header[i].size : 64), header[i].data));
    }
    return LI_OK;
}

static void split_line(struct li_text line, struct li_text *cells, size_t columns) {
    for (size_t i = 0; i < columns; i++)
        cells[i] = li_text_cut(&line, '\t');
}

enum li_status li_tsv_parse(struct li_text bytes, struct li_arena *arena, struct li_tsv *out,
                            struct li_error *err) {
    struct li_tsv table = {0};
    struct li_text line;
    size_t number = 0;
    size_t mark = li_text_mark(bytes);
    if (mark)
        bytes = (struct li_text){bytes.data + mark, bytes.size - mark};
    enum li_status status = check_lines(bytes, &table.rows, &table.columns, err);
    if (status)
        return status;
    table.header = li_arena_try(arena, table.columns, sizeof *table.header);
    table.cells = li_arena_try(arena, table.rows * table.columns, sizeof *table.cells);
    table.line = li_arena_try(arena, table.rows, sizeof *table.line);
    if (!table.header || !table.cells || !table.line)
        return li_fail(err, LI_NO_MEMORY, "no memory for a table of %zu rows", table.rows);
    next_line(&bytes, &number, &line);
    split_line(line, table.header, table.columns);
    status = check_header(table.header, table.columns, number, err);
    if (status)
        return status;
    for (size_t row = 0; row < table.rows && next_line(&bytes, &number, &line); row++) {
        table.line[row] = number;
        split_line(line, table.cells + row * table.columns, table.columns);
    }
    *out = table;
    return LI_OK;
}

int li_tsv_column(const struct li_tsv *table, const char *name) {
    for (size_t i = 0; i < table->columns; i++)
        if (li_text_equal(table->header[i], li_text_of(name)))
            return (int)i;
    return -1;
}

struct li_text li_tsv_cell(const struct li_tsv *table, size_t row, size_t column) {
    return table->cells[row * table->columns + column];
}
