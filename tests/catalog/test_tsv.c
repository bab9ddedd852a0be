#include "catalog/tsv.h"

#include "check.h"

static enum li_status parse(const char *bytes, size_t size, struct li_arena *arena, struct li_tsv *table,
                            struct li_error *err) {
    return li_tsv_parse((struct li_text){bytes, size}, arena, table, err);
}

static void test_cells(void **state) {
    (void)state;
    struct li_arena arena = {0};
    struct li_tsv table;
    static const char TEXT[] = "\xef\xbb\xbf# first\nid\tname\r\n\n#x\na\tÄpfel\r\n# y\nb\t\n\t";
    static const char GOOD[] = "\xef\xbb\xbf# first\nid\tname\r\n#x\na\tÄpfel\r\n# y\nb\t\n\t";
    assert_int_equal(parse(TEXT, sizeof TEXT - 1, &arena, &table, NULL), LI_INVALID); /* the empty line */
    assert_int_equal(parse(GOOD, sizeof GOOD - 1, &arena, &table, NULL), LI_OK);
    assert_int_equal(table.columns, 2);
    assert_int_equal(table.rows, 3);
    static const char *const CELLS[] = {"a", "Äpfel", "b", "", "", ""};
    static const size_t LINES[] = {4, 6, 7};
    for (size_t i = 0; i < 6; i++)
        check(li_text_equal(li_tsv_cell(&table, i / 2, i % 2), li_text_of(CELLS[i])), "cell %zu", i);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(table.line[i], LINES[i]);
    assert_int_equal(li_tsv_column(&table, "id"), 0);
    assert_int_equal(li_tsv_column(&table, "name"), 1);
    assert_int_equal(li_tsv_column(&table, "nam"), -1);
    li_arena_release(&arena);
}

static void test_header_alone(void **state) {
    (void)state;
    struct li_arena arena = {0};
    struct li_tsv table;
    assert_int_equal(parse("id", 2, &arena, &table, NULL), LI_OK);
    assert_int_equal(table.columns, 1);
    assert_int_equal(table.rows, 0);
    li_arena_release(&arena);
}

static void test_errors(void **state) {
    (void)state;
    static char wide[257];
    memset(wide, '\t', 256);
    const struct {
        const char *bytes;
        size_t size; /* 0: up to the NUL */
        size_t line;
        const char *message;
    } cases[] = {
        {"", 0, 0, "no header: the table is empty"},
        {"# only\n# comments\n", 0, 2, "no header: the table is empty"},
        {"a\tb\n1\t2\n3\n", 0, 3, "1 cells where the header has 2"},
        {"a\tb\n1\t2\t3\n", 0, 2, "3 cells where the header has 2"},
        {"a\tb\n\n1\t2\n", 0, 2, "1 cells where the header has 2"},
        {"a\tb\n1\t\xff\n", 0, 2, "not UTF-8 text; save the table as UTF-8"},
        {"a\n\xed\xa0\x80\n", 0, 2, "not UTF-8 text; save the table as UTF-8"},
        {"a\nb\0c\n", 6, 2, "not UTF-8 text; save the table as UTF-8"},
        {"a\nb\x07\n", 0, 2, "a control character (0x07) in the table"},
        {"a\nb\x7f\n", 0, 2, "a control character (0x7f) in the table"},
        {"a\rb\n", 0, 1, "a control character (0x0d) in the table"},
        {"a\tb\ta\n", 0, 1, "two columns are named \"a\""},
        {"# c\na\t\tb\n", 0, 2, "column 2 has no name in the header"},
        {wide, 256, 1, "257 columns; a table has at most 256"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_arena arena = {0};
        struct li_error err = {0};
        struct li_tsv table = {.rows = 77};
        size_t size = cases[i].size ? cases[i].size : strlen(cases[i].bytes);
        enum li_status status = parse(cases[i].bytes, size, &arena, &table, &err);
        check(status == LI_INVALID, "case %zu: %s", i, li_status_name(status));
        check(strcmp(err.message, cases[i].message) == 0, "case %zu: %s", i, err.message);
        check(err.at == cases[i].line, "case %zu: line %zu", i, err.at);
        assert_int_equal(table.rows, 77);
        li_arena_release(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_header_alone),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
