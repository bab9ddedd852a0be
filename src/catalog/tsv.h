/* tsv.h - reads tables of tab-separated values: UTF-8, a header line, no quoting, lines that start with '#'
 * are comments, LF or CRLF; a byte order mark at the start is passed over. Views point into the bytes given.
 */
#ifndef LI_CATALOG_TSV_H
#define LI_CATALOG_TSV_H

#include "base/arena.h"
#include "base/status.h"

struct li_tsv {
    struct li_text *cells; /* rows * columns, header left out */
    struct li_text *header;
    size_t *line; /* of each row in the file, from 1 */
    size_t rows, columns;
};

/* Splits a whole table. Every row must have as many cells as the header. LI_INVALID with the line in err->at
 * for bytes that are not UTF-8, control characters, a missing header, more than 256 columns, a column without
 * a name or named twice, a row of another length (an empty line is a row of one cell). The message does not
 * name the line. Memory is the arena's. */
LI_MUST_USE enum li_status li_tsv_parse(struct li_text bytes, struct li_arena *arena, struct li_tsv *out,
                                        struct li_error *err);

/* The column with this name, or -1. */
int li_tsv_column(const struct li_tsv *table, const char *name);

/* The cell of a row (from 0) and column (from 0). */
struct li_text li_tsv_cell(const struct li_tsv *table, size_t row, size_t column);

#endif
