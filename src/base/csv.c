/* csv.c - tables as RFC 4180 has them, pushed in in pieces of any size: quoted cells with separators, quotes
 * and line ends in them; lines end in LF, CR LF or CR. A quote within a bare cell stands for itself, and so
 * does what follows a closing quote. */
#include <stdlib.h>

#include "base/csv.h"

enum { CELL_BYTES = 64 * 1024, CSV_COLUMNS_MAX = 1024 };

enum state { BEGIN, BARE, QUOTED, QUOTE_SEEN };

struct li_csv {
    char separator;
    enum state state;
    bool after_cr, row_open, too_long;
    size_t column, size;
    uint64_t position;
    li_csv_cell *cell;
    li_csv_end_of_row *end_of_row;
    void *context;
    char bytes[CELL_BYTES];
};

char li_csv_separator(struct li_text head) {
    static const char SEPARATORS[] = ",;\t|";
    size_t counts[sizeof SEPARATORS - 1] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < head.size && (quoted || (head.data[i] != '\n' && head.data[i] != '\r')); i++) {
        if (head.data[i] == '"')
            quoted = !quoted;
        const char *found = head.data[i] && !quoted ? strchr(SEPARATORS, head.data[i]) : NULL;
        if (found)
            counts[found - SEPARATORS]++;
    }
    for (size_t s = 1; s < sizeof counts / sizeof *counts; s++)
        best = counts[s] > counts[best] ? s : best;
    return SEPARATORS[best];
}

struct li_csv *li_csv_new(char separator, li_csv_cell *cell, li_csv_end_of_row *end_of_row, void *context) {
    struct li_csv *csv = malloc(sizeof *csv);
    if (!csv)
        return NULL;
    csv->separator = separator;
    csv->state = BEGIN;
    csv->after_cr = csv->row_open = csv->too_long = false;
    csv->column = csv->size = 0;
    csv->position = 0;
    csv->cell = cell;
    csv->end_of_row = end_of_row;
    csv->context = context;
    return csv;
}

static void keep(struct li_csv *csv, char byte) {
    csv->row_open = true;
    if (csv->size < CELL_BYTES)
        csv->bytes[csv->size++] = byte;
    else
        csv->too_long = true;
}

static void end_cell(struct li_csv *csv) {
    if (csv->column < CSV_COLUMNS_MAX)
        csv->cell(csv->context, csv->column, (struct li_text){csv->bytes, csv->size}, csv->too_long);
    csv->column++;
    csv->size = 0;
    csv->too_long = false;
    csv->state = BEGIN;
}

static void end_row(struct li_csv *csv) {
    if (csv->row_open) { /* empty lines are none */
        end_cell(csv);
        csv->end_of_row(csv->context, csv->column);
    }
    csv->row_open = false;
    csv->column = csv->size = 0;
    csv->state = BEGIN;
}

/* One byte outside of quotes. */
static void take_bare(struct li_csv *csv, char byte) {
    if (byte == csv->separator) {
        csv->row_open = true;
        end_cell(csv);
    } else if (byte == '\n' || byte == '\r') {
        if (byte == '\r' || !csv->after_cr)
            end_row(csv);
        csv->after_cr = byte == '\r';
        return;
    } else if (byte == '"' && csv->state == BEGIN) {
        csv->row_open = true;
        csv->state = QUOTED;
    } else {
        keep(csv, byte);
        csv->state = BARE;
    }
    csv->after_cr = false;
}

void li_csv_push(struct li_csv *csv, const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        char byte = bytes[i];
        csv->position++;
        if (csv->state == QUOTED) {
            if (byte == '"')
                csv->state = QUOTE_SEEN;
            else
                keep(csv, byte);
        } else if (csv->state == QUOTE_SEEN && byte == '"') {
            keep(csv, byte);
            csv->state = QUOTED;
        } else {
            if (csv->state == QUOTE_SEEN)
                csv->state = BARE;
            take_bare(csv, byte);
        }
    }
}

uint64_t li_csv_position(const struct li_csv *csv) {
    return csv->position;
}

bool li_csv_in_quotes(const struct li_csv *csv) {
    return csv->state == QUOTED;
}

bool li_csv_finish(struct li_csv *csv) {
    bool whole = !li_csv_in_quotes(csv);
    csv->too_long = csv->too_long || !whole; /* nobody knows where its last cell ends */
    end_row(csv);
    return whole;
}

void li_csv_free(struct li_csv *csv) {
    free(csv);
}
