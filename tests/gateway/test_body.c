/* Bodies, languages and parameters as they are read. */
#include "exchange.h"

static void test_accept_language(void **state) {
    (void)state;
    static const struct {
        const char *value;
        enum li_lang lang;
    } cases[] = {
        {"", LI_LANG_EN},
        {"fr", LI_LANG_FR},
        {"FR", LI_LANG_FR},
        {"fr-CA", LI_LANG_FR},
        {"en-GB,en;q=0.9,fr;q=0.8", LI_LANG_EN},
        {"fr;q=0.8,en;q=0.7", LI_LANG_FR},
        {"en;q=0.7,fr;q=0.8", LI_LANG_FR},
        {"en;q=0.7, fr ; q=0.8", LI_LANG_FR},
        {"en;Q=0.7,fr;Q=0.8", LI_LANG_FR},
        {"fr,en", LI_LANG_FR}, /* among equals the first */
        {"en,fr", LI_LANG_EN},
        {"de,fr;q=0.1", LI_LANG_FR},
        {"de,es", LI_LANG_EN},
        {"*", LI_LANG_EN},
        {"fr;q=0", LI_LANG_EN}, /* refused */
        {"fr;q=0.000,en;q=0", LI_LANG_EN},
        {"fr;q=", LI_LANG_FR},
        {"fr;q=abc,en;q=0.1", LI_LANG_EN},
        {"fr;q=nan,en;q=0.1", LI_LANG_EN},
        {"fr;q=-1,en;q=0.1", LI_LANG_EN},
        {"french", LI_LANG_EN},
        {"fra", LI_LANG_EN},
        {"f", LI_LANG_EN},
        {"fr_FR", LI_LANG_EN},
        {",,,;;;q=,=,", LI_LANG_EN},
        {";q=1", LI_LANG_EN},
        {"\xff\xfe, fr", LI_LANG_FR},
        {"fr;q=0.12345678901234567890123456789", LI_LANG_FR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(li_lang_accept(li_text_of(cases[i].value)) == cases[i].lang, "\"%s\"", cases[i].value);
    assert_int_equal(li_lang_accept((struct li_text){NULL, 0}), LI_LANG_EN);
    /* A view that ends within a header: what stands behind it does not count. */
    assert_int_equal(li_lang_accept((struct li_text){"en;q=0.5,fr;q=0.9", 8}), LI_LANG_EN);
    assert_int_equal(li_lang_accept((struct li_text){"fr;q=0.5", 6}), LI_LANG_EN); /* "fr;q=0" */
}

static void test_lang_of_a_request(void **state) {
    (void)state;
    static const struct {
        const char *body, *param, *header;
        enum li_status status;
        enum li_lang lang;
    } cases[] = {
        {"{}", NULL, "", LI_OK, LI_LANG_EN},
        {"{}", NULL, "fr", LI_OK, LI_LANG_FR},
        {"{}", "en", "fr", LI_OK, LI_LANG_EN},
        {"{\"lang\":\"fr\"}", "en", "en", LI_OK, LI_LANG_FR},
        {"{\"lang\":\"FR\"}", NULL, "", LI_INVALID, LI_LANG_EN},
        {"{\"lang\":\"\"}", NULL, "", LI_INVALID, LI_LANG_EN},
        {"{\"lang\":null}", NULL, "", LI_INVALID, LI_LANG_EN},
        {"{\"lang\":[\"fr\"]}", "fr", "", LI_INVALID, LI_LANG_EN},
        {"{}", "", "fr", LI_INVALID, LI_LANG_EN},
        {"{}", "fr-FR", "", LI_INVALID, LI_LANG_EN},
        {"{}", "../fr", "", LI_INVALID, LI_LANG_EN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_http_request request = {.accept_language = li_text_of(cases[i].header)};
        struct li_error err = {0};
        json_t *body = NULL;
        enum li_lang lang = LI_LANG_COUNT;
        if (cases[i].param)
            request.params[request.param_count++] =
                (struct li_pair){LI_TEXT("lang"), li_text_of(cases[i].param)};
        assert_int_equal(li_body_parse(li_text_of(cases[i].body), &body, &err), LI_OK);
        check(li_request_lang(&request, body, &lang, &err) == cases[i].status, "case %zu", i);
        check(lang == (cases[i].status ? LI_LANG_COUNT : cases[i].lang), "case %zu", i);
        json_decref(body);
    }
}

static void test_bodies(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        enum li_status status;
    } cases[] = {
        {"", LI_OK},
        {" \r\n\t", LI_OK},
        {"{}", LI_OK},
        {" {\"a\":[1,2]} ", LI_OK},
        {"[]", LI_INVALID},
        {"1", LI_INVALID},
        {"null", LI_INVALID},
        {"{\"a\":1}{", LI_INVALID},
        {"{\"a\"", LI_INVALID},
        {"{\"a\":1,\"a\":1}", LI_INVALID},
        {"a=b&c=d", LI_INVALID},
        {"<x/>", LI_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *untouched = json_null(), *body = untouched;
        struct li_error err = {0};
        enum li_status status = li_body_parse(li_text_of(cases[i].bytes), &body, &err);
        check(status == cases[i].status, "%s: %s", cases[i].bytes, err.message);
        check(status ? body == untouched && err.message[0] : json_is_object(body), "%s", cases[i].bytes);
        if (!status)
            json_decref(body);
    }
    json_t *body = NULL;
    assert_int_equal(li_body_parse((struct li_text){NULL, 0}, &body, NULL), LI_OK);
    json_decref(body);
}

static void test_extract_bodies(void **state) {
    (void)state;
    struct li_arena arena = {0};
    struct li_extract_request request = {.session = LI_TEXT("kept")};
    struct li_error err = {0};
    json_t *body = NULL;
    assert_int_equal(
        li_body_parse(
            LI_TEXT("{\"artists\":[\"a\",{\"id\":\"b\",\"name\":\"B\",\"genres\":[\"x\",\"y\"],"
                    "\"image\":null,\"popularity\":3},{\"id\":\"c\",\"name\":null,\"genres\":null}]}"),
            &body, &err),
        LI_OK);
    assert_int_equal(li_body_extract(body, &arena, &request, &err), LI_OK);
    assert_int_equal(request.artist_count, 3);
    assert_true(li_text_equal(request.artists[0].id, LI_TEXT("a")) && request.artists[0].name.size == 0);
    assert_true(li_text_equal(request.artists[1].name, LI_TEXT("B")) && request.artists[1].genre_count == 2);
    assert_true(li_text_equal(request.artists[1].genres[1], LI_TEXT("y")));
    assert_true(request.artists[2].name.size == 0 && request.artists[2].genre_count == 0);
    assert_true(li_text_equal(request.session, LI_TEXT("kept")));
    json_decref(body);
    li_arena_release(&arena);
}

static void test_url_decode(void **state) {
    (void)state;
    static const struct {
        const char *in, *out; /* NULL: refused */
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"a+b", "a b"},
        {"a%20b", "a b"},
        {"a%2Bb", "a+b"},
        {"data%2Fx%2fy", "data/x/y"},
        {"%41%5a%7A", "AZz"},
        {"caf%C3%A9", "caf\xc3\xa9"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"%2525", "%25"}, /* once only */
        {"%", NULL},
        {"a%2", NULL},
        {"a%", NULL},
        {"%zz", NULL},
        {"%2g", NULL},
        {"%g2", NULL},
        {"% 2", NULL},
        {"%+1", NULL},
        {"%00", NULL},
        {"%C3", NULL},
        {"%ff", NULL},
        {"%c0%af", NULL}, /* an overlong slash */
        {"%ed%a0%80", NULL},
    };
    struct li_arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_text out = LI_TEXT("untouched");
        bool right = li_url_decode(li_text_of(cases[i].in), &arena, &out);
        check(right == (cases[i].out != NULL), "\"%s\"", cases[i].in);
        check(li_text_equal(out, li_text_of(cases[i].out ? cases[i].out : "untouched")), "\"%s\"",
              cases[i].in);
    }
    struct li_text out = {0};
    assert_true(
        li_url_decode((struct li_text){"%41%42", 3}, &arena, &out)); /* a view that ends before more */
    assert_true(li_text_equal(out, LI_TEXT("A")));
    assert_false(li_url_decode((struct li_text){"%41", 2}, &arena, &out));
    li_arena_release(&arena);
}

static void test_methods(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum li_method method;
    } cases[] = {{"GET", LI_GET},
                 {"POST", LI_POST},
                 {"DELETE", LI_DELETE},
                 {"OPTIONS", LI_OPTIONS},
                 {"HEAD", LI_HEAD},
                 {"get", LI_OTHER_METHOD},
                 {"PATCH", LI_OTHER_METHOD},
                 {"", LI_OTHER_METHOD},
                 {"GETT", LI_OTHER_METHOD}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(li_method_of(li_text_of(cases[i].name)) == cases[i].method, "%s", cases[i].name);
}

static void test_headers_have_a_limit(void **state) {
    (void)state;
    struct li_http_response response = {0};
    for (int i = 0; i < 100; i++)
        li_response_header(&response, "X", LI_TEXT("y"));
    assert_int_equal(response.header_count, LI_HEADERS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accept_language),
        cmocka_unit_test(test_lang_of_a_request),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_extract_bodies),
        cmocka_unit_test(test_url_decode),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_headers_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
