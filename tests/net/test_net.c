/* The client against a server that misbehaves. */
#include "exchange.h"

static void test_answers(void **state) {
    (void)state;
    static const struct {
        const char *method, *path;
        int status;
        const char *body;
    } cases[] = {
        {"GET", "/ok", 200, "hello"},      {"POST", "/ok", 200, "hello"},
        {"PUT", "/ok", 200, "hello"},      {"DELETE", "/ok", 200, "hello"},
        {"GET", "/empty", 204, ""},        {"GET", "/nothing", 404, "nothing here"},
        {"GET", "/last", 200, "last"},     {"GET", "/continue", 200, "after"},
        {"GET", "/chunks", 200, "hello!"}, {"GET", "/gzip", 200, "hello, packed\n"},
        {"GET", "/long", 200, "hello"},    {"GET", "/redirect302?/ok", 302, "go on"},
    };
    struct li_net *net = open_client();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exchange e = {0};
        check(ask(net, &e, cases[i].method, cases[i].path) == LI_OK, "%s: %s", cases[i].path, e.err.message);
        check(e.response.status == cases[i].status, "%s: %d", cases[i].path, e.response.status);
        check(li_text_equal(e.response.body, li_text_of(cases[i].body)), "%s: %.*s", cases[i].path,
              LI_TEXT_ARG(e.response.body));
        check(e.response.body.data[e.response.body.size] == '\0', "%s", cases[i].path);
        li_arena_release(&e.arena);
    }
    li_net_free(net);
}

static void test_headers(void **state) {
    (void)state;
    struct li_net *net = open_client();
    struct exchange e = {0};
    assert_int_equal(ask(net, &e, "GET", "/ok"), LI_OK);
    assert_true(li_text_equal(li_net_header(&e.response, "x-kind"), LI_TEXT("Two  words")));
    assert_true(li_text_equal(li_net_header(&e.response, "content-length"), LI_TEXT("5")));
    assert_int_equal(li_net_header(&e.response, "x-other").size, 0);
    assert_int_equal(ask(net, &e, "GET", "/continue"), LI_OK);
    assert_int_equal(li_net_header(&e.response, "link").size, 0); /* of an answer before the last */
    li_arena_release(&e.arena);
    li_net_free(net);
}

static void test_what_is_sent(void **state) {
    (void)state;
    struct li_net *net = open_client();
    struct exchange e = {
        .request = {.headers = {{LI_TEXT("X-One"), LI_TEXT("1")}, {LI_TEXT("X-Empty"), LI_TEXT("")}},
                    .header_count = 2,
                    .body = LI_TEXT("the body\0with a NUL")}};
    assert_int_equal(ask(net, &e, "PUT", "/echo/a/../b?x=1&y=%20"), LI_OK);
    check(says(&e, "PUT /echo/a/../b?x=1&y=%20 HTTP/1.1\r\n"), "%s", e.response.body.data);
    check(says(&e, "\r\nX-One: 1\r\n") && says(&e, "\r\nX-Empty:\r\n"), "%s", e.response.body.data);
    check(says(&e, "\r\nContent-Length: 19\r\n") && says(&e, "\r\nUser-Agent: listening/"), "%s",
          e.response.body.data);
    check(!strcasestr(e.response.body.data, "\r\nExpect:") &&
              !strcasestr(e.response.body.data, "\r\nContent-Type:"),
          "%s", e.response.body.data);
    check(memcmp(e.response.body.data + e.response.body.size - 19, "the body\0with a NUL", 19) == 0, "body");
    e.request.body = (struct li_text){0};
    assert_int_equal(ask(net, &e, "PUT", "/echo"), LI_OK);
    check(says(&e, "\r\nContent-Length: 0\r\n"), "%s", e.response.body.data);
    assert_int_equal(ask(net, &e, "GET", "/echo"), LI_OK);
    check(!says(&e, "Content-Length"), "%s", e.response.body.data);
    li_arena_release(&e.arena);
    li_net_free(net);
}

static void test_signed_request(void **state) {
    (void)state;
    const struct li_net_signature key = {.access_key = LI_TEXT("AKID"),
                                         .secret_key = LI_TEXT("very secret"),
                                         .session_token = LI_TEXT("the/token="),
                                         .region = LI_TEXT("eu-west-3"),
                                         .service = LI_TEXT("s3")};
    struct li_net *net = open_client();
    struct exchange e = {.request = {.sign = &key, .body = LI_TEXT("Welcome to Amazon S3.")}};
    char host[64];
    snprintf(host, sizeof host, "\r\nHost: 127.0.0.1:%d\r\n", server.port);
    assert_int_equal(ask(net, &e, "PUT", "/echo"), LI_OK);
    check(says(&e, host) && says(&e, "\r\nx-amz-security-token: the/token=\r\n") &&
              says(&e, "x-amz-content-sha256: "
                       "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\r\n") &&
              says(&e, "/eu-west-3/s3/aws4_request,SignedHeaders="
                       "host;x-amz-content-sha256;x-amz-date;x-amz-security-token,Signature="),
          "%s", e.response.body.data);
    check(!says(&e, "very secret") && !says(&e, "Accept-Encoding"), "%s", e.response.body.data);
    assert_int_equal(ask(net, &e, "GET", "/redirect307?http://other.invalid/"), LI_OK);
    li_arena_release(&e.arena);
    li_net_free(net);
}

static void test_failures(void **state) {
    (void)state;
    static const struct {
        const char *path;
        enum li_status status;
        const char *words;
        int first_byte_ms, total_ms; /* short only for a server that waits: this machine may be slow */
    } cases[] = {
        {"/cut", LI_IO, "cut short"},
        {"/cut-chunks", LI_IO, "127.0.0.1"},
        {"/cut-head", LI_IO, "127.0.0.1"},
        {"/garbage", LI_IO, "127.0.0.1"},
        {"/no-gzip", LI_IO, "127.0.0.1"},
        {"/many-headers", LI_IO, "headers"},
        {"/huge", LI_TOO_LARGE, "4096"},
        {"/endless", LI_TOO_LARGE, "4096"},
        {"/bomb", LI_TOO_LARGE, "4096"},
        {"/silent", LI_IO, "begin to answer", .first_byte_ms = 100},
        {"/drip", LI_IO, "in time", .total_ms = 300},
    };
    struct li_net *net = open_client();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exchange e = {
            .request = {.first_byte_ms = cases[i].first_byte_ms, .total_ms = cases[i].total_ms},
            .response = {.status = 7}};
        const char *path = cases[i].path;
        check(ask(net, &e, "GET", path) == cases[i].status, "%s: %s", path, e.err.message);
        check(strstr(e.err.message, cases[i].words) && !strstr(e.err.message, path), "%s: %s", path,
              e.err.message);
        check(e.response.status == 7, "%s: the answer was touched", path);
        li_arena_release(&e.arena);
    }
    li_net_free(net);
}

static void test_headers_that_would_break_lines(void **state) {
    (void)state;
    static const struct li_net_header cases[] = {
        {{"X", 1}, {"a\r\nY: b", 7}}, {{"X", 1}, {"a\nb", 3}}, {{"X", 1}, {"a\0b", 3}}, {{"", 0}, {"a", 1}},
        {{"X Y", 3}, {"a", 1}},       {{"X:", 2}, {"a", 1}},   {{"X\r", 2}, {"a", 1}},
    };
    struct li_net *net = open_client();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exchange e = {.request = {.header_count = 1}};
        e.request.headers[0] = cases[i];
        int before = atomic_load(&server.requests);
        check(ask(net, &e, "GET", "/ok") == LI_INVALID, "case %zu", i);
        check(atomic_load(&server.requests) == before, "case %zu was sent", i);
        li_arena_release(&e.arena);
    }
    li_net_free(net);
}

static void test_connections_are_kept(void **state) {
    (void)state;
    struct li_net *net = open_client();
    int first = 0;
    for (int i = 0; i < 5; i++) {
        struct exchange e = {0};
        assert_int_equal(ask(net, &e, "GET", "/ok"), LI_OK);
        assert_int_equal(e.response.reused, i > 0);
        li_arena_release(&e.arena);
        if (i == 0) /* whoever came before it has been taken by now */
            first = atomic_load(&server.connections);
    }
    assert_int_equal(atomic_load(&server.connections), first);
    li_net_free(net);
}

/* A kept connection that the server has closed meanwhile is not noticed by the caller. */
static void test_a_kept_connection_was_closed(void **state) {
    (void)state;
    struct li_net *net = open_client();
    for (int i = 0; i < 10; i++) {
        struct exchange e = {0};
        check(ask(net, &e, i % 2 ? "GET" : "PUT", "/last") == LI_OK, "%s", e.err.message);
        check(li_text_equal(e.response.body, LI_TEXT("last")), "%d", i);
        li_arena_release(&e.arena);
    }
    li_net_free(net);
}

static void test_nobody_there(void **state) {
    (void)state;
    static const struct {
        const char *url, *words;
    } cases[] = {{"http://127.0.0.1:1/secret?key=1", "127.0.0.1 does not take connections"},
                 {"http://no-such-name.invalid/", "no-such-name.invalid"}};
    struct li_net *net = open_client();
    for (size_t i = 0; i < 2; i++) {
        struct li_arena arena = {0};
        struct li_net_response response;
        struct li_error err = {0};
        const struct li_net_request request = {.method = "GET", .url = cases[i].url, .max_bytes = 1};
        check(li_net_do(net, &request, &arena, &response, &err) == LI_IO, "%s", err.message);
        check(strstr(err.message, cases[i].words) && !strstr(err.message, "key"), "%s", err.message);
        li_arena_release(&arena);
    }
    li_net_free(net);
}

/* ---- many at once ---- */

enum { JOBS = 100 };

struct many {
    struct li_arena arenas[JOBS];
    struct li_net_job jobs[JOBS];
    char urls[JOBS][100];
    int ended, stop_at;
};

static bool on_done(void *context, struct li_net_job *job) {
    struct many *many = context;
    (void)job;
    return ++many->ended != many->stop_at;
}

static struct many *many_make(const char *const *paths, size_t path_count) {
    struct many *many = calloc(1, sizeof *many);
    for (size_t i = 0; i < JOBS; i++) {
        snprintf(many->urls[i], sizeof many->urls[i], "http://127.0.0.1:%d%s", server.port,
                 paths[i % path_count]);
        many->jobs[i] = (struct li_net_job){
            .request = {.method = "GET", .url = many->urls[i], .max_bytes = 1000, .first_byte_ms = 5000},
            .arena = &many->arenas[i]};
    }
    return many;
}

static void many_free(struct many *many) {
    for (size_t i = 0; i < JOBS; i++)
        li_arena_release(&many->arenas[i]);
    free(many);
}

static void test_many_at_once(void **state) {
    (void)state;
    static const char *const paths[] = {"/ok", "/cut", "/nothing", "/huge", "/gzip"};
    static const enum li_status wanted[] = {LI_OK, LI_IO, LI_OK, LI_TOO_LARGE, LI_OK};
    static const size_t parallel[] = {1, 2, 8, LI_NET_PARALLEL_MAX, 1000};
    struct li_net *net = open_client();
    for (size_t p = 0; p < sizeof parallel / sizeof *parallel; p++) {
        struct many *many = many_make(paths, 5);
        li_net_do_all(net, many->jobs, JOBS, parallel[p],
                      &(struct li_net_watch){.done = on_done, .context = many});
        assert_int_equal(many->ended, JOBS);
        for (size_t i = 0; i < JOBS; i++)
            check(many->jobs[i].status == wanted[i % 5], "%zu at once, %s: %s", parallel[p], many->urls[i],
                  many->jobs[i].err.message);
        assert_true(li_text_equal(many->jobs[5].response.body, LI_TEXT("hello")));
        many_free(many);
    }
    li_net_do_all(net, NULL, 0, 4, NULL);
    li_net_free(net);
}

static void test_stopping_early(void **state) {
    (void)state;
    static const char *const paths[] = {"/ok", "/silent"};
    struct li_net *net = open_client();
    struct many *many = many_make(paths, 2);
    size_t ended = 0;
    many->stop_at = 3;
    li_net_do_all(net, many->jobs, JOBS, 8, &(struct li_net_watch){.done = on_done, .context = many});
    assert_int_equal(many->ended, 3);
    for (size_t i = 0; i < JOBS; i++) {
        check(many->jobs[i].status == LI_OK || many->jobs[i].status == LI_BUSY, "%zu", i);
        ended += many->jobs[i].status == LI_OK;
    }
    assert_int_equal(ended, 3);
    many_free(many);
    li_net_free(net);
}

struct patience {
    int looks; /* until nobody waits any more */
};

static bool still_wanted(void *context) {
    struct patience *patience = context;
    return --patience->looks > 0;
}

/* In the middle of transfers that never end: long before their own times are over, as the status says. */
static void test_nobody_waits_any_more(void **state) {
    (void)state;
    static const char *const paths[] = {"/drip", "/silent", "/endless"};
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        struct li_net *net = open_client();
        struct many *many = many_make(&paths[p], 1);
        struct patience patience = {3};
        for (size_t i = 0; i < JOBS; i++) {
            many->jobs[i].request.first_byte_ms = many->jobs[i].request.total_ms = 60000;
            many->jobs[i].request.max_bytes = (size_t)1 << 40;
        }
        li_net_do_all(net, many->jobs, 2, 2,
                      &(struct li_net_watch){.wanted = still_wanted, .context = &patience});
        assert_int_equal(patience.looks, 0);
        for (size_t i = 0; i < 2; i++)
            check(many->jobs[i].status == LI_BUSY, "%s: %s", paths[p], many->jobs[i].err.message);
        many_free(many);
        li_net_free(net);
    }
}

static void *ask_often(void *arg) {
    struct li_net *net = arg;
    for (int i = 0; i < 50; i++) {
        struct exchange e = {0};
        enum li_status status = ask(net, &e, "GET", i % 10 == 9 ? "/cut" : "/ok");
        li_arena_release(&e.arena);
        if (status != (i % 10 == 9 ? LI_IO : LI_OK))
            return net;
    }
    return NULL;
}

static void test_many_threads(void **state) {
    (void)state;
    struct li_net *net = open_client();
    pthread_t threads[8];
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, net), 0);
    for (int i = 0; i < 8; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    li_net_free(net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_what_is_sent),
        cmocka_unit_test(test_signed_request),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_headers_that_would_break_lines),
        cmocka_unit_test(test_connections_are_kept),
        cmocka_unit_test(test_a_kept_connection_was_closed),
        cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_stopping_early),
        cmocka_unit_test(test_nobody_waits_any_more),
        cmocka_unit_test(test_many_threads),
    };
    little_start(&server);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    little_stop(&server);
    return failed;
}
