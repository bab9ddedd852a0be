/* table.c - tables: the separator and the header by their first row, then one record a row. */
#include <stdlib.h>

#include "dataset/dataset_priv.h"

struct table_reader {
    struct row_sink *sink;
    struct li_csv *csv;
    uint64_t offset; /* of the first byte that was pushed */
    bool heading;    /* the next row is the header */
    bool unclosed;   /* the next row is the last, and holds a quote that never ends */
    size_t heading_count;
    struct li_text heading_names[COLUMNS_MAX];
    struct header header;
    struct raw raw;
    struct record record;
    struct li_arena arena; /* texts of a row */
    struct li_arena names;
    char format[32];
};

static void on_cell(void *context, size_t column, struct li_text cell, bool too_long) {
    struct table_reader *table = context;
    if (column >= COLUMNS_MAX)
        return;
    if (table->heading) {
        table->heading_names[column] = li_value_text(cell, &table->names);
        table->heading_count = column + 1;
        return;
    }
    if (column >= table->header.count || table->header.places[column].field < 0)
        return;
    table->raw.too_long = table->raw.too_long || too_long;
    if (cell.size)
        li_raw_set(&table->raw, table->header.places[column], li_arena_copy(&table->arena, cell));
}

static void end_row(struct table_reader *table) {
    struct where *where = &table->sink->where;
    where->row++;
    where->tally->rows++;
    if (table->unclosed) {
        li_tally_count(where, LI_DATASET_UNREADABLE,
                       "a quote that is opened here never ends, and takes all that follows",
                       (struct li_text){0});
    } else if (li_record_read(&table->record, &table->raw, &table->header, where, &table->arena)) {
        where->tally->kept++;
        table->sink->record(table->sink->context, &table->record);
    }
    li_raw_clear(&table->raw);
    li_arena_clear(&table->arena);
    table->sink->row_end(table->sink->context, table->offset + li_csv_position(table->csv));
}

static void on_end_of_row(void *context, size_t columns) {
    struct table_reader *table = context;
    (void)columns;
    if (table->heading)
        table->heading = false;
    else
        end_row(table);
}

static void describe(struct table_reader *table) {
    struct li_dataset_column columns[COLUMNS_MAX];
    size_t count = table->header.count;
    for (size_t c = 0; c < count; c++)
        columns[c] = (struct li_dataset_column){table->heading_names[c],
                                                li_fields_label(table->header.places[c].field)};
    table->sink->mapped(table->sink->context, table->format, columns, count);
}

static enum li_status unknown(const struct table_reader *table, struct li_error *err) {
    char names[80];
    size_t used = 0;
    names[0] = '\0';
    for (size_t c = 0; c < table->heading_count && used + 1 < sizeof names; c++) {
        int wrote = snprintf(names + used, sizeof names - used, "%s%.*s", c ? ", " : "",
                             LI_TEXT_ARG(table->heading_names[c]));
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    while (names[0] && !li_text_valid(li_text_of(names))) /* cut within a character */
        names[strlen(names) - 1] = '\0';
    return li_fail(
        err, LI_UNSUPPORTED,
        "no column is known to hold artists (there are: %s ...); say which with --map artist=COLUMN", names);
}

/* Reads the first row of head. */
static enum li_status read_heading(struct table_reader *table, struct li_text head, struct li_error *err) {
    table->heading = true;
    for (size_t i = 0; i < head.size && table->heading; i++)
        li_csv_push(table->csv, head.data + i, 1);
    if (table->heading)
        (void)li_csv_finish(table->csv);
    if (table->heading_count == 0)
        return li_fail(err, LI_UNSUPPORTED, "this file is empty");
    table->heading = false;
    li_fields_map(&table->header, table->sink->maps, table->heading_names, table->heading_count);
    return table->header.shape == SHAPE_UNKNOWN ? unknown(table, err) : LI_OK;
}

enum li_status li_table_reader_new(struct li_text head, uint64_t offset, size_t mark, struct row_sink *sink,
                                   struct table_reader **out, struct li_error *err) {
    static const struct {
        char separator;
        const char *words;
    } NAMES[] = {{',', "CSV"}, {';', "CSV (semicolons)"}, {'\t', "TSV"}, {'|', "CSV (bars)"}};
    char separator = li_csv_separator(head);
    struct table_reader *table = calloc(1, sizeof *table);
    if (table)
        table->csv = li_csv_new(separator, on_cell, on_end_of_row, table);
    if (!table || !table->csv) {
        free(table);
        return li_fail(err, LI_NO_MEMORY, "no memory to read a table");
    }
    table->sink = sink;
    for (size_t n = 0; n < sizeof NAMES / sizeof *NAMES; n++)
        if (NAMES[n].separator == separator)
            snprintf(table->format, sizeof table->format, "%s", NAMES[n].words);
    enum li_status status = read_heading(table, head, err);
    li_csv_free(table->csv);
    table->csv = status ? NULL : li_csv_new(separator, on_cell, on_end_of_row, table);
    if (!status && !table->csv)
        status = li_fail(err, LI_NO_MEMORY, "no memory to read a table");
    if (status) {
        li_table_reader_free(table);
        return status;
    }
    if (sink->mapped)
        describe(table);
    table->offset = offset ? offset : mark;
    table->heading = offset == 0; /* its header is read again, and passed over */
    *out = table;
    return LI_OK;
}

void li_table_reader_push(struct table_reader *table, const char *bytes, size_t size) {
    li_csv_push(table->csv, bytes, size);
}

void li_table_reader_finish(struct table_reader *table) {
    table->unclosed = li_csv_in_quotes(table->csv);
    (void)li_csv_finish(table->csv);
}

void li_table_reader_free(struct table_reader *table) {
    if (!table)
        return;
    li_csv_free(table->csv);
    li_arena_release(&table->arena);
    li_arena_release(&table->names);
    free(table);
}
