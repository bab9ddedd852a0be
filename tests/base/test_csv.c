/* Tables in pieces of any size, and where a row ends. */
#include "base/csv.h"
#include "check.h"

struct seen {
    char text[1024]; /* "cell|cell;cell" */
    size_t used;
    struct li_csv *csv;
    uint64_t ends[16];
    size_t rows;
    bool too_long;
};

static void on_cell(void *context, size_t column, struct li_text cell, bool too_long) {
    struct seen *seen = context;
    seen->used += (size_t)snprintf(seen->text + seen->used, sizeof seen->text - seen->used, "%s%.*s",
                                   column ? "|" : "", cell.size < 64 ? (int)cell.size : 64, cell.data);
    seen->too_long = seen->too_long || too_long;
}

static void on_end(void *context, size_t columns) {
    struct seen *seen = context;
    assert_true(columns > 0 && seen->rows < 16);
    seen->text[seen->used++] = ';';
    seen->text[seen->used] = '\0';
    seen->ends[seen->rows++] = li_csv_position(seen->csv);
}

static void read_text(struct seen *seen, struct li_text text, size_t step, bool *whole) {
    *seen = (struct seen){.used = 0};
    seen->csv = li_csv_new(',', on_cell, on_end, seen);
    assert_non_null(seen->csv);
    for (size_t at = 0; at < text.size; at += step)
        li_csv_push(seen->csv, text.data + at, step < text.size - at ? step : text.size - at);
    *whole = li_csv_finish(seen->csv);
    li_csv_free(seen->csv);
}

static const struct {
    const char *text, *cells;
    bool whole;
} TEXTS[] = {
    {"a,b\nc,d\n", "a|b;c|d;", true},
    {"a,b\r\nc,d", "a|b;c|d;", true},
    {"a\rb\r", "a;b;", true},
    {"\n\na,,\n,\n", "a||;|;", true},
    {"\"a,\"\"b\"\"\nc\",d\n", "a,\"b\"\nc|d;", true},
    {"a\"b,\"c\"d\n", "a\"b|cd;", true},
    {"a,\"b\n", "a|b\n;", false},
    {"", "", true},
};

static void pieces_do_not_matter_and_rows_begin_where_the_last_ended(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct li_text text = li_text_of(TEXTS[i].text);
        for (size_t step = 1; step < 9; step++) {
            struct seen all, rest;
            bool whole;
            read_text(&all, text, step, &whole);
            check(strcmp(all.text, TEXTS[i].cells) == 0, "case %zu: %s", i, all.text);
            check(whole == TEXTS[i].whole && all.too_long == !whole, "case %zu", i);
            for (size_t row = 0; row < all.rows; row++) {
                size_t at = (size_t)all.ends[row];
                read_text(&rest, (struct li_text){text.data + at, text.size - at}, step, &whole);
                check(rest.rows == all.rows - row - 1, "case %zu row %zu: %zu", i, row, rest.rows);
            }
        }
    }
}

static const struct {
    const char *head;
    char separator;
} HEADS[] = {
    {"a,b,c\n", ','},
    {"a;b;c\n1,2;3,4;5,6", ';'},
    {"a\tb,c\td", '\t'},
    {"a|b|c", '|'},
    {"\"a, b, c\";d", ';'},          /* what stands in quotes separates nothing */
    {"\"a\n,,,\";\"b\"\n,,,,", ';'}, /* nor does a line end there */
    {"a;b,c", ','},                  /* of equals the first */
    {"a", ','},
    {"", ','},
};

static void the_separator_is_what_the_first_line_holds_most_of(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
        char got = li_csv_separator(li_text_of(HEADS[i].head));
        check(got == HEADS[i].separator, "case %zu: %c", i, got);
    }
    assert_int_equal(li_csv_separator((struct li_text){"a\0;b;", 6}), ';');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_separator_is_what_the_first_line_holds_most_of),
        cmocka_unit_test(pieces_do_not_matter_and_rows_begin_where_the_last_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
