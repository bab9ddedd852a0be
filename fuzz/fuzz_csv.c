/* Tables in pieces: the first byte is the separator, the second the size of the pieces. The cells and rows
 * are those of the whole text pushed in at once; a reader that begins anew at the end of a row gives the
 * rest. */
#include <string.h>

#include "base/csv.h"
#include "target.h"

struct reading {
    struct li_csv *csv;
    size_t rows, column;
    uint64_t hash, second_row; /* of all cells; where the second row begins */
};

static void mix(struct reading *reading, uint64_t value) {
    reading->hash = (reading->hash ^ value) * 0x100000001b3u;
}

static void on_cell(void *context, size_t column, struct li_text cell, bool too_long) {
    struct reading *reading = context;
    check(column == reading->column++ && (cell.size == 0 || cell.data));
    mix(reading, li_text_hash(cell) + too_long);
}

static void on_end_of_row(void *context, size_t columns) {
    struct reading *reading = context;
    check(columns >= 1 && columns >= reading->column);
    mix(reading, columns);
    reading->column = 0;
    reading->rows++;
}

static struct reading read_all(char separator, const char *bytes, size_t size, size_t step) {
    struct reading reading = {0};
    reading.csv = li_csv_new(separator, on_cell, on_end_of_row, &reading);
    check(reading.csv != NULL);
    for (size_t at = 0; at < size; at += step) {
        size_t rows = reading.rows;
        li_csv_push(reading.csv, bytes + at, size - at < step ? size - at : step);
        if (step == 1 && rows == 0 && reading.rows == 1)
            reading.second_row = li_csv_position(reading.csv);
    }
    check(li_csv_position(reading.csv) == size);
    (void)li_csv_finish(reading.csv);
    li_csv_free(reading.csv);
    return reading;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    char separator = (char)data[0];
    if (separator == '"' || separator == '\n' || separator == '\r')
        separator = ',';
    const char *bytes = (const char *)data + 2;
    size -= 2;
    struct reading whole = read_all(separator, bytes, size, size ? size : 1);
    struct reading pieces = read_all(separator, bytes, size, 1 + data[1]);
    struct reading single = read_all(separator, bytes, size, 1);
    check(whole.rows == pieces.rows && whole.hash == pieces.hash);
    check(whole.rows == single.rows && whole.hash == single.hash);
    if (single.second_row) {
        struct reading rest = read_all(separator, bytes + single.second_row, size - single.second_row, 7);
        check(rest.rows + 1 == whole.rows);
    }
    return 0;
}
