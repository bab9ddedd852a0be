/* JSON: what is refused and where, numbers rounded to stable bytes, members in their order. */
#include "check.h"

#include "base/json.h"

static void test_parse_errors(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size, at; /* at: the byte behind what was wrong, as the parser counts; 0 = not looked at */
    } cases[] = {
        {"", 0, 0},
        {" ", 1, 0},
        {"1", 1, 0},
        {"\"a\"", 3, 0},
        {"null", 4, 0},
        {"{", 1, 1},
        {"{\"a\":}", 6, 6},
        {"{\"a\":1,}", 8, 8},
        {"[1,2,x]", 7, 6},
        {"[01]", 4, 0},
        {"[1] [2]", 7, 5},
        {"{\"a\":1,\"a\":2}", 13, 10}, /* no member twice */
        {"{'a':1}", 7, 2},
        {"[NaN]", 5, 0},
        {"[1e999]", 7, 0},
        {"[99999999999999999999]", 22, 0},
        {"[\"\x80\"]", 5, 0},
        {"[\"\xed\xa0\x80\"]", 7, 0},
        {"[\"\\ud800\"]", 10, 0},
        {"[\"\\u0000\"]", 10, 0},
        {"{\"\\u0000\":1}", 12, 0},
        {"[\"a\nb\"]", 7, 0},
        {"[\"\0\"]", 5, 0},
        {"\xef\xbb\xbf[]", 5, 0},
        {"[1]\0", 4, 0},
        {"/* no */[]", 10, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {0};
        json_t *untouched = json_null(), *out = untouched;
        check(li_json_parse((struct li_text){cases[i].bytes, cases[i].size}, &out, &err) == LI_INVALID,
              "case %zu", i);
        check(out == untouched && err.status == LI_INVALID && err.message[0], "case %zu", i);
        if (cases[i].at)
            check(err.at == cases[i].at, "case %zu is wrong at %zu", i, err.at);
        check(li_json_parse((struct li_text){cases[i].bytes, cases[i].size}, &out, NULL) == LI_INVALID,
              "case %zu", i);
    }
    struct li_error err = {0};
    json_t *out = NULL;
    assert_int_equal(li_json_parse((struct li_text){NULL, 0}, &out, &err), LI_INVALID);
}

static void test_deep_nesting_is_refused(void **state) {
    (void)state;
    enum { DEPTH = 60000 };
    static char bytes[DEPTH];
    json_t *out = NULL;
    memset(bytes, '[', sizeof bytes);
    assert_int_equal(li_json_parse((struct li_text){bytes, sizeof bytes}, &out, NULL), LI_INVALID);
}

static void check_number(double value, int decimals, const char *wanted) {
    struct li_arena arena = {0};
    json_t *list = json_array();
    json_array_append_new(list, li_json_number(value, decimals));
    struct li_text text = li_json_print(list, &arena);
    check(text.size >= 2 && strlen(wanted) == text.size - 2 &&
              memcmp(text.data + 1, wanted, text.size - 2) == 0,
          "%g to %d places gave %s, wanted [%s]", value, decimals, text.data, wanted);
    json_decref(list);
    li_arena_release(&arena);
}

static void test_numbers(void **state) {
    (void)state;
    check_number(0.1 + 0.2, 2, "0.3");
    check_number(0.1 + 0.2, 9, "0.3");
    check_number(1.0 / 3, 4, "0.3333");
    check_number(2.5, 0, "3");
    check_number(-2.5, 0, "-3");
    check_number(119.96, 1, "120.0");
    check_number(0.125, 2, "0.13");
    check_number(-0.0, 2, "0.0");
    check_number(-0.001, 2, "0.0");
    check_number(-0.0, 0, "0");
    check_number(1, 3, "1.0");
    check_number(NAN, 2, "null");
    check_number(INFINITY, 2, "null");
    check_number(-INFINITY, 0, "null");
    check_number(1e14, 0, "100000000000000");
    check_number(1e300, 0, "1e300");
    check_number(1e308, 9, "1e308"); /* too large to scale: is rounded already */
    check_number(-1e308, 4, "-1e308");
    check_number(5e-324, 9, "0.0");
}

/* Every figure of our range to every number of places gives the bytes that printf gives: no noise behind. */
static void test_rounding_has_no_noise(void **state) {
    (void)state;
    for (int decimals = 1; decimals <= 4; decimals++) {
        double scale = pow(10, decimals);
        for (int i = 0; i <= 2000; i++) {
            char wanted[40];
            int length = snprintf(wanted, sizeof wanted, "%.*f", decimals, i / scale);
            while (length > 2 && wanted[length - 1] == '0' && wanted[length - 2] != '.')
                wanted[--length] = '\0';
            check_number(i / scale, decimals, wanted);
        }
    }
}

static void test_printing_is_stable(void **state) {
    (void)state;
    static const char text[] = "{\"z\":1,\"a\":[true,null,\"\\u0001\\\"\\\\/é\"],\"m\":{\"b\":0.5,\"a\":-2}}";
    struct li_arena arena = {0};
    json_t *document = NULL, *again = NULL;
    assert_int_equal(li_json_parse(li_text_of(text), &document, NULL), LI_OK);
    struct li_text printed = li_json_print(document, &arena);
    assert_string_equal(printed.data, text);
    assert_int_equal(printed.size, strlen(text));
    assert_int_equal(li_json_parse(printed, &again, NULL), LI_OK);
    assert_true(li_text_equal(li_json_print(again, &arena), printed));
    json_decref(document);
    json_decref(again);
    li_arena_release(&arena);
}

static void test_texts_and_getters(void **state) {
    (void)state;
    json_t *bad = li_json_text((struct li_text){"\xff", 1}), *empty = li_json_text((struct li_text){NULL, 0});
    json_t *nul = li_json_text((struct li_text){"a\0b", 3}), *object = NULL;
    assert_true(json_is_null(bad));
    assert_string_equal(json_string_value(empty), "");
    assert_true(json_is_null(nul) || json_string_length(nul) == 3);
    json_decref(nul);
    json_decref(empty);
    assert_int_equal(li_json_parse(LI_TEXT("{\"s\":\"x\",\"n\":3,\"r\":1.5,\"l\":[]}"), &object, NULL),
                     LI_OK);
    assert_true(li_text_equal(li_json_get_text(object, "s"), LI_TEXT("x")));
    assert_null(li_json_get_text(object, "n").data);
    assert_null(li_json_get_text(object, "gone").data);
    assert_null(li_json_get_text(json_object_get(object, "l"), "s").data);
    assert_null(li_json_get_text(NULL, "s").data);
    assert_true(li_json_get_number(object, "n") == 3 && li_json_get_number(object, "r") == 1.5);
    assert_true(isnan(li_json_get_number(object, "s")) && isnan(li_json_get_number(object, "gone")));
    assert_true(isnan(li_json_get_number(NULL, "n")));
    json_decref(object);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_errors),
        cmocka_unit_test(test_deep_nesting_is_refused),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_rounding_has_no_noise),
        cmocka_unit_test(test_printing_is_stable),
        cmocka_unit_test(test_texts_and_getters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
