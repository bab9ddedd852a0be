#include "check.h"

#include "base/base64.h"

static void test_there_and_back(void **state) {
    (void)state;
    static const struct {
        const char *plain, *text;
    } cases[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"},
                 {"\xfb\xff\xbf", "+/+/"}};
    struct li_arena arena = {0};
    struct li_text out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) { /* RFC 4648, section 10 */
        assert_true(li_base64_encode(li_text_of(cases[i].plain), &arena, &out));
        assert_string_equal(out.data, cases[i].text);
        assert_true(li_base64_decode(li_text_of(cases[i].text), &arena, &out));
        check(li_text_equal(out, li_text_of(cases[i].plain)), "%s", cases[i].text);
    }
    unsigned char all[256];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (unsigned char)i;
    for (size_t size = 0; size <= sizeof all; size++) {
        struct li_text bytes = {(char *)all, size}, back = {0};
        assert_true(li_base64_encode(bytes, &arena, &out) && li_base64_decode(out, &arena, &back));
        assert_true(li_text_equal(bytes, back));
    }
    li_arena_release(&arena);
}

static void test_texts_that_are_none(void **state) {
    (void)state;
    struct li_arena arena = {0};
    struct li_text out = LI_TEXT("untouched");
    static const char *const wrong[] = {"Z",    "Zg",   "Zg=",   "Zh==", "Zm9=",     "Zg==Zg==", "====",
                                        "Z===", "Zg=x", "Zm8\n", "Zm-v", "Zm9v\r\n", " Zm9",     "=m9v"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        check(!li_base64_decode(li_text_of(wrong[i]), &arena, &out), "%s", wrong[i]);
    assert_int_equal(out.size, 9);
    li_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_texts_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
