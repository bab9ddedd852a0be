/* Tables: the cells of a table, joined again, are the lines that it was read from. */
#include "catalog/tsv.h"
#include "target.h"

/* The next line that is no comment, without its end. */
static struct li_text next_line(struct li_text *rest) {
    for (;;) {
        check(rest->size > 0);
        struct li_text line = li_text_cut(rest, '\n');
        if (line.size && line.data[line.size - 1] == '\r')
            line.size--;
        if (line.size == 0 || line.data[0] != '#')
            return line;
    }
}

/* The cells, with tabs between them, must be the line. */
static void check_line(struct li_text line, const struct li_text *cells, size_t count) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (i) {
            check(at < line.size && line.data[at] == '\t');
            at++;
        }
        check(cells[i].size <= line.size - at);
        check(li_text_equal(cells[i], (struct li_text){line.data + at, cells[i].size}));
        at += cells[i].size;
    }
    check(at == line.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text bytes = {(const char *)data, size};
    struct li_arena arena = {0};
    struct li_tsv table = {0};
    struct li_error err = {0};
    enum li_status status = li_tsv_parse(bytes, &arena, &table, &err);
    check(status == LI_OK || (status == LI_INVALID && err.message[0]));
    if (status == LI_OK) {
        if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
            bytes = (struct li_text){bytes.data + 3, size - 3};
        check_line(next_line(&bytes), table.header, table.columns);
        for (size_t row = 0; row < table.rows; row++) {
            check(row == 0 || table.line[row] > table.line[row - 1]);
            check_line(next_line(&bytes), table.cells + row * table.columns, table.columns);
        }
    }
    li_arena_release(&arena);
    return 0;
}
