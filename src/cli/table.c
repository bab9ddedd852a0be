#include "cli/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/csv.h"

struct filling {
    struct li_table *table;
    size_t capacity;
    bool headed, failed;
};

static void on_cell(void *context, size_t column, struct li_text cell, bool too_long) {
    struct filling *filling = context;
    struct li_table *table = filling->table;
    if (too_long && !table->long_cell_row)
        table->long_cell_row = table->rows + filling->headed + 1;
    if (column >= LI_TABLE_COLUMNS_MAX || too_long || filling->failed)
        return;
    if (!filling->headed) {
        table->header[column] = li_arena_copy(&table->arena, li_text_trim(cell));
        return;
    }
    if (column >= table->columns)
        return;
    if (table->rows == filling->capacity) {
        size_t more = filling->capacity ? filling->capacity * 2 : 256;
        struct li_text *larger = realloc(table->cells, more * table->columns * sizeof *larger);
        if (!larger) {
            filling->failed = true;
            return;
        }
        memset(larger + filling->capacity * table->columns, 0,
               (more - filling->capacity) * table->columns * sizeof *larger);
        table->cells = larger;
        filling->capacity = more;
    }
    table->cells[table->rows * table->columns + column] = li_arena_copy(&table->arena, cell);
}

static void on_end_of_row(void *context, size_t columns) {
    struct filling *filling = context;
    if (filling->headed) {
        filling->table->rows += filling->capacity > filling->table->rows;
    } else {
        filling->headed = true;
        filling->table->too_wide = columns > LI_TABLE_COLUMNS_MAX;
        filling->table->columns = columns < LI_TABLE_COLUMNS_MAX ? columns : LI_TABLE_COLUMNS_MAX;
    }
}

enum li_status li_table_read(const char *path, struct li_table *out, struct li_error *err) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return li_fail_errno(err, errno, "cannot read %.150s", path);
    char *bytes = malloc(LI_TABLE_BYTES_MAX + 1);
    size_t size = bytes ? fread(bytes, 1, LI_TABLE_BYTES_MAX + 1, file) : 0;
    int broken = ferror(file) ? errno : 0;
    fclose(file);
    enum li_status status = LI_OK;
    struct filling filling = {.table = out};
    struct li_text text = {bytes, size};
    size_t mark = li_text_mark(text);
    if (mark)
        text = (struct li_text){bytes + mark, size - mark};
    struct li_csv *csv = bytes ? li_csv_new(li_csv_separator(text), on_cell, on_end_of_row, &filling) : NULL;
    if (!csv)
        status = li_fail(err, LI_NO_MEMORY, "no memory to read %.150s", path);
    else if (broken)
        status = li_fail_errno(err, broken, "cannot read %.150s to its end", path);
    else if (size > LI_TABLE_BYTES_MAX)
        status = li_fail(err, LI_TOO_LARGE, "%.150s is larger than %d MB", path, LI_TABLE_BYTES_MAX >> 20);
    if (!status) {
        li_csv_push(csv, text.data, text.size);
        bool whole = li_csv_finish(csv);
        if (filling.failed)
            status = li_fail(err, LI_NO_MEMORY, "no memory to read %.150s", path);
        else if (out->columns == 0 || !li_text_valid(out->header[0]))
            status = li_fail(err, LI_INVALID, "%.150s is no table with a header", path);
        else if (!whole) /* what stands behind that quote is lost, be it a cell or a thousand rows */
            status = li_fail(err, LI_INVALID, "%.150s ends within a cell whose quote is never closed", path);
    }
    li_csv_free(csv);
    free(bytes);
    return status;
}

enum li_status li_table_check_whole(const struct li_table *table, const char *path, struct li_error *err) {
    if (table->too_wide)
        return li_fail(err, LI_TOO_LARGE, "%.150s has more than %d columns", path, LI_TABLE_COLUMNS_MAX);
    if (table->long_cell_row)
        return li_fail(err, LI_TOO_LARGE, "row %zu of %.150s has a cell of more than 64 KiB",
                       table->long_cell_row, path);
    return LI_OK;
}

void li_table_free(struct li_table *table) {
    free(table->cells);
    li_arena_release(&table->arena);
    *table = (struct li_table){0};
}

int li_table_column(const struct li_table *table, const char *const *names) {
    for (; *names; names++)
        for (size_t c = 0; c < table->columns; c++)
            if (table->header[c].size == strlen(*names) &&
                strncasecmp(table->header[c].data, *names, table->header[c].size) == 0)
                return (int)c;
    return -1;
}

struct li_text li_table_cell(const struct li_table *table, size_t row, int column) {
    struct li_text none = {0};
    if (column < 0)
        return none;
    return li_text_trim(table->cells[row * table->columns + (size_t)column]);
}
