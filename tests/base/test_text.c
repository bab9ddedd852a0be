/* Text views: cutting, trimming, comparing, numbers, UTF-8 and the hash. */
#include "check.h"

#include <limits.h>

#include "base/text.h"

static void test_cut(void **state) {
    (void)state;
    struct li_text rest = LI_TEXT("a//b"), part = li_text_cut(&rest, '/');
    assert_true(li_text_equal(part, LI_TEXT("a")));
    part = li_text_cut(&rest, '/');
    assert_true(part.size == 0 && part.data);
    part = li_text_cut(&rest, '/');
    assert_true(li_text_equal(part, LI_TEXT("b")));
    assert_true(rest.size == 0 && !rest.data);
    part = li_text_cut(&rest, '/');
    assert_true(part.size == 0);
    rest = LI_TEXT("end/");
    part = li_text_cut(&rest, '/');
    assert_true(li_text_equal(part, LI_TEXT("end")) && rest.size == 0 && rest.data);
    rest = (struct li_text){"a\0b/c", 5};
    part = li_text_cut(&rest, '/');
    assert_true(part.size == 3 && rest.size == 1);
}

static void test_trim(void **state) {
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"", ""},     {" ", ""},    {" \t\r\n\v\f", ""},        {"a", "a"}, {" a b ", "a b"},
        {"\na", "a"}, {"a\t", "a"}, {"\xc2\xa0x", "\xc2\xa0x"}, /* only ASCII white space goes */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(li_text_equal(li_text_trim(li_text_of(cases[i].in)), li_text_of(cases[i].out)), "\"%s\"",
              cases[i].in);
    assert_int_equal(li_text_trim((struct li_text){NULL, 0}).size, 0);
}

static void test_mark(void **state) {
    (void)state;
    assert_int_equal(li_text_mark(LI_TEXT("\xef\xbb\xbf"
                                          "a")),
                     3);
    assert_int_equal(li_text_mark(LI_TEXT("\xef\xbb\xbf")), 3);
    assert_int_equal(li_text_mark(LI_TEXT("\xef\xbb")), 0);
    assert_int_equal(li_text_mark(LI_TEXT("a\xef\xbb\xbf")), 0);
    assert_int_equal(li_text_mark((struct li_text){NULL, 0}), 0);
}

static void test_compare_and_equal(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } cases[] = {
        {"", "", 0},    {"", "a", -1},     {"a", "b", -1},   {"a", "ab", -1},
        {"b", "ab", 1}, {"abc", "abc", 0}, {"\xff", "a", 1}, /* bytes are unsigned */
        {"Z", "a", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_text a = li_text_of(cases[i].a), b = li_text_of(cases[i].b);
        int forth = li_text_compare(a, b), back = li_text_compare(b, a);
        check((forth > 0) - (forth < 0) == cases[i].order, "case %zu", i);
        check((back > 0) - (back < 0) == -cases[i].order, "case %zu", i);
        check(li_text_equal(a, b) == (cases[i].order == 0), "case %zu", i);
        check(li_text_same_secret(a, b) == (cases[i].order == 0 && a.size), "case %zu", i);
    }
    assert_true(li_text_equal((struct li_text){NULL, 0}, LI_TEXT("")));
    assert_int_equal(li_text_compare((struct li_text){NULL, 0}, LI_TEXT("")), 0);
    assert_false(li_text_equal((struct li_text){"a\0b", 3}, (struct li_text){"a\0c", 3}));
    assert_int_equal(li_text_of(NULL).size, 0);
}

static void test_to_long(void **state) {
    (void)state;
    static const struct {
        const char *text;
        long min, max;
        bool right;
        long value;
    } cases[] = {
        {"0", 0, 10, true, 0},
        {"10", 0, 10, true, 10},
        {"11", 0, 10, false, 0},
        {"-1", 0, 10, false, 0},
        {"-3", -3, 10, true, -3},
        {"-4", -3, 10, false, 0},
        {"-0", 0, 10, true, 0},
        {"007", 0, 10, true, 7},
        {"", 0, 10, false, 0},
        {"-", -10, 10, false, 0},
        {"--1", -10, 10, false, 0},
        {"+1", 0, 10, false, 0},
        {" 1", 0, 10, false, 0},
        {"1 ", 0, 10, false, 0},
        {"1.0", 0, 10, false, 0},
        {"0x1", 0, 10, false, 0},
        {"1e1", 0, 10, false, 0},
        {"\xd9\xa1", 0, 10, false, 0}, /* an Arabic digit one */
        {"9223372036854775807", LONG_MIN, LONG_MAX, true, LONG_MAX},
        {"9223372036854775808", LONG_MIN, LONG_MAX, false, 0},
        {"-9223372036854775807", LONG_MIN, LONG_MAX, true, -LONG_MAX},
        {"-9223372036854775808", LONG_MIN, LONG_MAX, true, LONG_MIN},
        {"-9223372036854775809", LONG_MIN, LONG_MAX, false, 0},
        {"99999999999999999999999999", LONG_MIN, LONG_MAX, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        long value = 4242;
        bool right = li_text_to_long(li_text_of(cases[i].text), cases[i].min, cases[i].max, &value);
        check(right == cases[i].right, "\"%s\"", cases[i].text);
        check(value == (right ? cases[i].value : 4242), "\"%s\" gave %ld", cases[i].text, value);
    }
}

static void test_valid(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        bool valid;
    } cases[] = {
        {"", 0, true},
        {NULL, 0, true},
        {"plain", 5, true},
        {"\x7f", 1, true},
        {"\xc2\x80", 2, true},
        {"\xdf\xbf", 2, true},
        {"\xe0\xa0\x80", 3, true},
        {"\xed\x9f\xbf", 3, true}, /* last before the surrogates */
        {"\xee\x80\x80", 3, true}, /* first behind them */
        {"\xf0\x90\x80\x80", 4, true},
        {"\xf4\x8f\xbf\xbf", 4, true}, /* U+10FFFF */
        {"a\0b", 3, false},
        {"\0", 1, false},
        {"\x80", 1, false},             /* a continuation alone */
        {"\xc0\x80", 2, false},         /* overlong NUL */
        {"\xc1\xbf", 2, false},         /* overlong */
        {"\xe0\x9f\xbf", 3, false},     /* overlong */
        {"\xf0\x8f\xbf\xbf", 4, false}, /* overlong */
        {"\xed\xa0\x80", 3, false},     /* surrogate D800 */
        {"\xed\xbf\xbf", 3, false},     /* surrogate DFFF */
        {"\xf4\x90\x80\x80", 4, false}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", 4, false},
        {"\xff", 1, false},
        {"\xc3", 1, false}, /* cut short */
        {"\xe2\x82", 2, false},
        {"\xf0\x9f\x98", 3, false},
        {"\xc3(", 2, false},
        {"ok\xe2\x82", 4, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *exact = malloc(cases[i].size + 1); /* no byte behind the text for a reader to lean on */
        assert_non_null(exact);
        if (cases[i].size)
            memcpy(exact + 1, cases[i].bytes, cases[i].size);
        check(li_text_valid((struct li_text){exact + 1, cases[i].size}) == cases[i].valid, "case %zu", i);
        free(exact);
    }
    assert_true(li_text_valid((struct li_text){NULL, 0}));
}

/* Known answers of the algorithm's authors (Fowler, Noll and Vo, test vectors of FNV-1a with 64 bits). */
static void test_hash(void **state) {
    (void)state;
    assert_true(li_text_hash(LI_TEXT("")) == 0xcbf29ce484222325u);
    assert_true(li_text_hash(LI_TEXT("a")) == 0xaf63dc4c8601ec8cu);
    assert_true(li_text_hash(LI_TEXT("b")) == 0xaf63df4c8601f1a5u);
    assert_true(li_text_hash(LI_TEXT("foobar")) == 0x85944171f73967e8u);
    assert_true(li_text_hash((struct li_text){"\xff", 1}) != li_text_hash((struct li_text){"\x7f", 1}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut),     cmocka_unit_test(test_trim),
        cmocka_unit_test(test_mark),    cmocka_unit_test(test_compare_and_equal),
        cmocka_unit_test(test_to_long), cmocka_unit_test(test_valid),
        cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
