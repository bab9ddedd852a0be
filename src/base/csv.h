/* csv.h - tables as RFC 4180 has them, pushed in in pieces of any size; any separator, lone quotes taken as
 * they stand. Cells and rows are handed on as they end; a cell lives until the call returns. */
#ifndef LI_BASE_CSV_H
#define LI_BASE_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct li_csv;

/* too_long: cell is the beginning of one over 64 KiB, or of one that never ends. Columns from the 1025th on
 * are counted, and not handed on. */
typedef void li_csv_cell(void *context, size_t column, struct li_text cell, bool too_long);
typedef void li_csv_end_of_row(void *context, size_t columns);

/* The separator of a table that begins like this: of comma, semicolon, tab and bar the one that stands most
 * often in its first line outside of quotes. */
char li_csv_separator(struct li_text head);

/* NULL: no memory. The caller owns it. */
struct li_csv *li_csv_new(char separator, li_csv_cell *cell, li_csv_end_of_row *end_of_row, void *context);
void li_csv_push(struct li_csv *csv, const char *bytes, size_t size);

/* Bytes taken so far; within the end of a row, up to and with that row. A new reader can go on from there. */
uint64_t li_csv_position(const struct li_csv *csv);

bool li_csv_in_quotes(const struct li_csv *csv); /* whether a quote is open */
bool li_csv_finish(struct li_csv *csv);          /* false: ended within quotes */
void li_csv_free(struct li_csv *csv);

#endif
