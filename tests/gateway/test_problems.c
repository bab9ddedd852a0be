/* What the routes refuse, and what they say when something else fails: problem documents (RFC 9457). */
#include "fixture.h"

#define S22 "aaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    enum li_method method;
    const char *address, *body;
    int status;
    const char *words;
} PROBLEMS[] = {
    {LI_GET, "/nothing", "", 404, "nothing at this address"},
    {LI_GET, "/../etc/passwd", "", 404, "nothing at this address"},
    {LI_GET, "", "", 200, NULL}, /* an empty path is the front page */
    {LI_POST, "/healthz", "", 405, "another method"},
    {LI_GET, "/create-session", "", 405, "another method"},
    {LI_DELETE, "/getProfile?session_id=" S22, "", 405, "another method"},
    {LI_OTHER_METHOD, "/search?q=a", "", 405, "another method"},
    {LI_POST, "/index.html", "", 405, "another method"},
    {LI_POST, "/search", "{", 400, "not JSON"},
    {LI_POST, "/search", "[]", 400, "JSON object"},
    {LI_POST, "/search", "\"x\"", 400, "not JSON"},
    {LI_POST, "/search", "{\"query\":\"a\",\"query\":\"b\"}", 400, "not JSON"},
    {LI_POST, "/search", "\xff", 400, "not JSON"},
    {LI_POST, "/search", "", 400, "query"},
    {LI_POST, "/search", "{}", 400, "query"},
    {LI_POST, "/search", "{\"query\":7}", 400, "query"},
    {LI_POST, "/search", "{\"query\":\"a\",\"limit\":0}", 400, "limit"},
    {LI_POST, "/search", "{\"query\":\"a\",\"limit\":11}", 400, "limit"},
    {LI_POST, "/search", "{\"query\":\"a\",\"limit\":\"5\"}", 400, "limit"},
    {LI_POST, "/search", "{\"query\":\"a\",\"limit\":1.5}", 400, "limit"},
    {LI_GET, "/search", "", 400, "q is missing"},
    {LI_GET, "/search?q=a&limit=0", "", 400, "limit"},
    {LI_GET, "/search?q=a&limit=ten", "", 400, "limit"},
    {LI_GET, "/search?q=a&limit=", "", 400, "limit"},
    {LI_GET, "/search?q=broken", "", 500, "cannot be reached"},
    {LI_POST, "/extract-simulate", "{}", 400, "artists"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[]}", 400, "1 to 10"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":{}}", 400, "list"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[1]}", 400, "artist 1"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[{\"id\":1}]}", 400, "artist 1"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[{\"id\":\"rap\",\"name\":1}]}",
     400, "name"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[{\"id\":\"rap\",\"genres\":1}]}",
     400, "genres"},
    {LI_POST, "/extract-simulate",
     "{\"session_id\":\"" S22 "\",\"artists\":[{\"id\":\"rap\",\"genres\":[1]}]}", 400, "genres"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[\"rap\",\"rap\"]}", 400,
     "twice"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[\"nobody\"]}", 404, "nobody"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"" S22 "\",\"artists\":[\"broken\"]}", 500, "reached"},
    {LI_POST, "/extract-simulate", "{\"session_id\":\"short\",\"artists\":[\"rap\"]}", 400, "create-session"},
    {LI_POST, "/extract-simulate", "{\"session_id\":7,\"artists\":[\"rap\"]}", 400, "create-session"},
    {LI_POST, "/extract-simulate", "{\"artists\":[\"rap\"]}", 400, "create-session"},
    {LI_POST, "/transform", "", 400, "create-session"},
    {LI_POST, "/transform", "{\"session_id\":\"" S22 "\"}", 404, "extract-simulate"},
    {LI_POST, "/profile", "{\"session_id\":\"" S22 "\"}", 404, "transform"},
    {LI_POST, "/profile", "{\"session_id\":\"" S22 "\",\"lang\":\"de\"}", 400, "lang"},
    {LI_GET, "/getProfile", "", 400, "create-session"},
    {LI_GET, "/getProfile?session_id=../../../../etc/passwd", "", 400, "create-session"},
    {LI_GET, "/getProfile?session_id=" S22, "", 404, "no profile"},
    {LI_GET, "/getProfile?session_id=" S22 "&lang=xx", "", 400, "lang"},
    {LI_GET, "/getProfile?session_id=" S22 "&wait=-1", "", 400, "wait"},
    {LI_GET, "/getProfile?session_id=" S22 "&wait=20001", "", 400, "wait"},
    {LI_GET, "/getProfile?session_id=" S22 "&wait=", "", 400, "wait"},
    {LI_POST, "/getProfile", "{\"session_id\":\"" S22 "\",\"wait\":\"5\"}", 400, "wait"},
    {LI_POST, "/getProfile", "{\"session_id\":\"" S22 "\",\"wait\":1e3}", 400, "wait"},
    {LI_POST, "/getProfile", "{\"session_id\":\"" S22 "\",\"lang\":1}", 400, "lang"},
    {LI_DELETE, "/session", "", 400, "create-session"},
};

static void test_problems(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof PROBLEMS / sizeof *PROBLEMS; i++) {
        int status = ask(&X, GATEWAY, PROBLEMS[i].method, PROBLEMS[i].address, PROBLEMS[i].body);
        if (PROBLEMS[i].words)
            check_problem(&X, PROBLEMS[i].status, PROBLEMS[i].words, PROBLEMS[i].address);
        check(status == PROBLEMS[i].status, "%s %s gave %d", PROBLEMS[i].address, PROBLEMS[i].body, status);
        check((status == 405) == (header(&X, "Allow") != NULL), "%s", PROBLEMS[i].address);
    }
    assert_int_equal(STAGES.store.puts, 0);
}

static void test_long_names_are_cut_within_a_sentence(void **state) {
    (void)state;
    char body[600] = "{\"session_id\":\"" S22 "\",\"artists\":[\"", *end = body + strlen(body);
    for (int i = 0; i < 60; i++, end += 2)
        memcpy(end, "\xc3\xa9", 2); /* 120 bytes of two-byte characters, quoted in the answer */
    memcpy(end, "\"]}", 4);
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/extract-simulate", body),
                     404); /* and is JSON, or ask fails */
    assert_true(strlen(text_at(X.document, "error")) > 20);
}

static void test_statuses_of_errors(void **state) {
    (void)state;
    static const struct {
        enum li_status status;
        int http;
    } cases[] = {{LI_INVALID, 400}, {LI_NOT_FOUND, 404},   {LI_TOO_LARGE, 413},
                 {LI_BUSY, 503},    {LI_UNSUPPORTED, 501}, {LI_CORRUPT, 500},
                 {LI_FULL, 507},    {LI_IO, 500},          {LI_NO_MEMORY, 503}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {0};
        exchange_clear(&X);
        X.response.arena = &X.arena;
        assert_int_equal(li_fail(&err, cases[i].status, "because \"of\" this\xc3"), cases[i].status);
        li_response_error(&X.response, &err);
        exchange_read(&X);
        check_problem(&X, cases[i].http, "because \"of\" this", "error");
        check((cases[i].http == 503) == (header(&X, "Retry-After") != NULL), "%d", cases[i].http);
        assert_string_not_equal(li_http_reason(cases[i].http), "Error");
    }
}

static void test_the_stores_errors(void **state) {
    (void)state;
    static const struct {
        enum li_status status;
        int http;
    } cases[] = {{LI_FULL, 507}, {LI_IO, 500}, {LI_CORRUPT, 500}, {LI_NO_MEMORY, 503}};
    for (size_t i = 0; i < 4; i++) {
        STAGES.store.fail_at = STAGES.store.calls + 3; /* two removes, then the put */
        STAGES.store.fail_with = cases[i].status;
        ask(&X, GATEWAY, LI_POST, "/extract-simulate",
            "{\"session_id\":\"" SESSION "\",\"artists\":[\"rap\"]}");
        check_problem(&X, cases[i].http, "makes store call", "extract");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_problems, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_long_names_are_cut_within_a_sentence, set_up_routes,
                                        tear_down_routes),
        cmocka_unit_test_setup_teardown(test_statuses_of_errors, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_the_stores_errors, set_up_routes, tear_down_routes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
