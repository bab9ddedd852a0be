/* Where a request goes: addresses that are none, hosts that may not be asked, redirects. */
#include "exchange.h"

static void test_encoding(void **state) {
    (void)state;
    static const struct {
        struct li_text text;
        bool keep_slash;
        const char *wanted;
    } cases[] = {
        {{"a b&c=d/\xc3\xa9\"\\+%", 14}, false, "a%20b%26c%3Dd%2F%C3%A9%22%5C%2B%25"},
        {{"a b/c+d/", 8}, true, "a%20b/c%2Bd/"},
        {{"AZaz09-_.~", 10}, false, "AZaz09-_.~"},
        {{"a\0b", 3}, false, "a%00b"},
        {{"", 0}, true, ""},
        {{NULL, 0}, false, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_arena arena = {0};
        struct li_text got = li_url_encode(cases[i].text, cases[i].keep_slash, &arena);
        check(li_text_equal(got, li_text_of(cases[i].wanted)) && !got.data[got.size], "case %zu: %s", i,
              got.data);
        li_arena_release(&arena);
    }
}

static void test_addresses_that_are_none(void **state) {
    (void)state;
    static const char *const urls[] = {
        "",
        "/ok",
        "127.0.0.1",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://",
        "gopher://127.0.0.1/",
        "http://user:password@127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/a b",
        "http://[::1/",
    };
    struct li_net *net = open_client();
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct li_arena arena = {0};
        struct li_net_response response;
        struct li_error err = {0};
        const struct li_net_request request = {.method = "GET", .url = urls[i], .max_bytes = 1};
        check(li_net_do(net, &request, &arena, &response, &err) == LI_INVALID, "\"%s\": %s", urls[i],
              err.message);
        check(err.message[0] && !strstr(err.message, "password@"), "%s: %s", urls[i], err.message);
        li_arena_release(&arena);
    }
    li_net_free(net);
}

/* However loopback is written, and by whatever name: nobody is asked. */
static void test_private_addresses(void **state) {
    (void)state;
    static const char *const hosts[] = {"127.0.0.1",  "localhost",  "127.1",   "2130706433",         "0x7f.1",
                                        "0177.0.0.1", "[::1]",      "0.0.0.0", "[::ffff:127.0.0.1]", "[::]",
                                        "localhost.", "x.localhost"};
    struct li_net *net = client_of((struct li_net_options){0});
    int before = atomic_load(&server.connections);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct li_arena arena = {0};
        struct li_net_response response;
        struct li_error err = {0};
        char url[100];
        snprintf(url, sizeof url, "http://%s:%d/ok", hosts[i], server.port);
        const struct li_net_request request = {.method = "GET", .url = url, .max_bytes = 100};
        enum li_status status = li_net_do(net, &request, &arena, &response, &err);
        /* not every resolver takes every way to write it: then nobody is asked either */
        check(status == LI_INVALID || (status == LI_IO && strstr(err.message, "there is no address")),
              "%s: %s", hosts[i], err.message);
        li_arena_release(&arena);
    }
    assert_int_equal(atomic_load(&server.connections), before);
    li_net_free(net);
}

static void test_allowed_hosts(void **state) {
    (void)state;
    static const char *const rules[] = {"127.0.0.1", "*.localhost", "api.Example.org", NULL};
    static const struct {
        const char *host;
        bool allowed;
    } cases[] = {
        {"127.0.0.1", true},
        {"a.localhost", true},
        {"b.A.LOCALHOST", true},
        {"localhost", false},
        {"xlocalhost", false},
        {"a.localhost.evil.invalid", false},
        {"127.0.0.1.evil.invalid", false},
        {"[::1]", false},
        {"example.org", false},
    };
    struct li_net *net = client_of((struct li_net_options){.private_addresses = true, .hosts = rules});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_arena arena = {0};
        struct li_net_response response;
        struct li_error err = {0};
        char url[100];
        snprintf(url, sizeof url, "http://%s:%d/ok", cases[i].host, server.port);
        const struct li_net_request request = {.method = "GET", .url = url, .max_bytes = 100};
        enum li_status status = li_net_do(net, &request, &arena, &response, &err);
        check((status != LI_INVALID) == cases[i].allowed, "%s: %s", cases[i].host, err.message);
        check(cases[i].allowed || strstr(err.message, "none of the hosts"), "%s", err.message);
        li_arena_release(&arena);
    }
    li_net_free(net);
}

static void test_redirects(void **state) {
    (void)state;
    static const char *const rules[] = {"127.0.0.1", NULL};
    static const struct {
        const char *method, *path;
        int redirects;
        enum li_status status;
        int answer;
        const char *words; /* of the body, or of the error */
    } cases[] = {
        {"GET", "/redirect302?/ok", 1, LI_OK, 200, "hello"},
        {"GET", "/redirect301?ok", 1, LI_OK, 200, "hello"},
        {"GET", "/redirect307?/redirect308?/ok", 2, LI_OK, 200, "hello"},
        {"GET", "/redirect307?/redirect308?/ok", 1, LI_OK, 308, "go on"},
        {"GET", "/redirect302?/ok", 0, LI_OK, 302, "go on"},
        {"GET", "/redirect302?/redirect302?/redirect302?/redirect302?/ok", 3, LI_OK, 302, "go on"},
        {"POST", "/redirect302?/echo", 1, LI_OK, 200, "GET /echo"},
        {"POST", "/redirect303?/echo", 1, LI_OK, 200, "GET /echo"},
        {"PUT", "/redirect303?/echo", 1, LI_OK, 200, "GET /echo"},
        {"POST", "/redirect307?/echo", 1, LI_OK, 200, "POST /echo"},
        {"PUT", "/redirect302?/echo", 1, LI_OK, 200, "PUT /echo"},
        {"GET", "/redirect302?http://localhost/ok", 1, LI_INVALID, 0, "localhost is none of the hosts"},
        {"GET", "/redirect302?//evil.invalid/ok", 1, LI_INVALID, 0, "evil.invalid is none of the hosts"},
        {"GET", "/redirect302?http://169.254.169.254/", 1, LI_INVALID, 0, "169.254.169.254 is none"},
        {"GET", "/redirect302?file:///etc/passwd", 1, LI_INVALID, 0, "http"},
        {"GET", "/redirect302?http://a:b@127.0.0.1/", 1, LI_INVALID, 0, "no password"},
        {"GET", "/redirect302?/cut", 1, LI_IO, 0, "cut short"},
    };
    struct li_net *net = client_of((struct li_net_options){.private_addresses = true, .hosts = rules});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exchange e = {.request = {.redirects = cases[i].redirects, .body = LI_TEXT("")}};
        check(ask(net, &e, cases[i].method, cases[i].path) == cases[i].status, "%s: %s", cases[i].path,
              e.err.message);
        const char *text = cases[i].status ? e.err.message : e.response.body.data;
        check(cases[i].status || e.response.status == cases[i].answer, "%s: %d", cases[i].path,
              e.response.status);
        check(strstr(text, cases[i].words), "%s: %s", cases[i].path, text);
        li_arena_release(&e.arena);
    }
    li_net_free(net);
}

/* A key is for the site that it was meant for: the same host on another port is another site. */
static void test_headers_stay_at_home(void **state) {
    (void)state;
    struct little_server other;
    struct li_net *net = open_client();
    char path[100];
    little_start(&other);
    for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
        struct exchange e = {.request = {.redirects = 1,
                                         .headers = {{LI_TEXT("Authorization"), LI_TEXT("Bearer key")}},
                                         .header_count = 1}};
        snprintf(path, sizeof path, "/redirect307?http://127.0.0.1:%d/echo",
                 elsewhere ? other.port : server.port);
        check(ask(net, &e, "GET", path) == LI_OK, "%s", e.err.message);
        check(says(&e, "Bearer key") == !elsewhere, "%s", e.response.body.data);
        li_arena_release(&e.arena);
    }
    li_net_free(net);
    little_stop(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoding),          cmocka_unit_test(test_addresses_that_are_none),
        cmocka_unit_test(test_private_addresses), cmocka_unit_test(test_allowed_hosts),
        cmocka_unit_test(test_redirects),         cmocka_unit_test(test_headers_stay_at_home),
    };
    little_start(&server);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    little_stop(&server);
    return failed;
}
