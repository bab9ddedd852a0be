/* table.h - a table in memory: a track list as Exportify writes it, or one with features. */
#ifndef LI_CLI_TABLE_H
#define LI_CLI_TABLE_H

#include "base/arena.h"
#include "base/status.h"

enum { LI_TABLE_BYTES_MAX = 64 * 1024 * 1024, LI_TABLE_COLUMNS_MAX = 256 };

struct li_table {
    struct li_arena arena;
    struct li_text header[LI_TABLE_COLUMNS_MAX];
    size_t columns;
    struct li_text *cells; /* rows * columns; missing ones are empty */
    size_t rows;
    bool too_wide;        /* columns from the 257th on were left out */
    size_t long_cell_row; /* of the first cell over 64 KiB, which is left empty; the header is 1, 0 = none */
};

/* Reads a CSV file, separated by commas, semicolons, tabs or bars. LI_INVALID when it is none, or ends within
 * quotes. Free what was read with li_table_free, also after a failure. */
LI_MUST_USE enum li_status li_table_read(const char *path, struct li_table *out, struct li_error *err);

/* LI_TOO_LARGE for a table of which something was left out: it cannot be written out again. */
LI_MUST_USE enum li_status li_table_check_whole(const struct li_table *table, const char *path,
                                                struct li_error *err);

void li_table_free(struct li_table *table);

/* The column of one of these names (a NULL-terminated list), whatever its case; -1 = none. */
int li_table_column(const struct li_table *table, const char *const *names);

/* The cell without white space around it; empty for column -1. */
struct li_text li_table_cell(const struct li_table *table, size_t row, int column);

#endif
