/* Answers of the runtime API: whole, in pieces, in chunks, and such that are none. */
#include "exchange.h"

#include "gateway/lambda_priv.h"

#define HEAD "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"

/* Parses a copy that ends where the text does, so that reading on is seen. */
static enum li_status parse(const char *text, size_t size, bool *whole, struct li_runtime_answer *out,
                            struct li_error *err, char **bytes) {
    free(*bytes);
    *bytes = malloc(size ? size : 1);
    memcpy(*bytes, text, size);
    return li_runtime_answer_parse(*bytes, size, whole, out, err);
}

static void test_answers(void **state) {
    (void)state;
    static const struct {
        const char *text, *body;
        int status;
        bool last;
    } cases[] = {
        {HEAD "Content-Length: 2\r\n\r\n{}", "{}", 200, false},
        {HEAD "content-length:  2 \r\nConnection: Close\r\n\r\n{}", "{}", 200, true},
        {"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", "", 202, false},
        {"HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n", "", 202, false},
        {"HTTP/1.1 204 No Content\r\n\r\n", "", 204, false},
        {CHUNKED "0\r\n\r\n", "", 200, false},
        {CHUNKED "2\r\n{\"\r\n00000003;name=value\r\na\":\r\n2\r\n1}\r\n0\r\n\r\n", "{\"a\":1}", 200, false},
        {CHUNKED "A\r\n0123456789\r\n0\r\n\r\n", "0123456789", 200, false},
    };
    char *bytes = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_runtime_answer answer;
        struct li_error err = {0};
        size_t size = strlen(cases[i].text);
        bool whole = false;
        for (size_t part = 0; part < size; part++) {
            check(parse(cases[i].text, part, &whole, &answer, &err, &bytes) == LI_OK, "case %zu at %zu: %s",
                  i, part, err.message);
            check(!whole, "case %zu is whole at %zu", i, part);
        }
        check(parse(cases[i].text, size, &whole, &answer, &err, &bytes) == LI_OK && whole, "case %zu: %s", i,
              err.message);
        check(answer.status == cases[i].status && answer.last == cases[i].last && answer.whole_size == size,
              "case %zu", i);
        check(answer.body_size == strlen(cases[i].body) &&
                  memcmp(bytes + answer.head_size, cases[i].body, answer.body_size) == 0,
              "case %zu: %.*s", i, (int)answer.body_size, bytes + answer.head_size);
    }
    free(bytes);
}

static void test_headers(void **state) {
    (void)state;
    static const char text[] = HEAD "Lambda-Runtime-Deadline-Ms: 1542409706888\r\n"
                                    "Lambda-Runtime-Trace-Id: Root=1-5bef4de7;Sampled=1\r\n"
                                    "Date: Thu, 22 Nov\r\nContent-Length: 0\r\n\r\n";
    struct li_runtime_answer answer;
    struct li_error err = {0};
    char *bytes = NULL;
    bool whole = false;
    assert_int_equal(parse(text, sizeof text - 1, &whole, &answer, &err, &bytes), LI_OK);
    assert_true(whole && answer.deadline_ms == 1542409706888);
    assert_true(li_text_equal(answer.request_id, LI_TEXT("8476a536-e9f4")));
    assert_true(li_text_equal(answer.trace_id, LI_TEXT("Root=1-5bef4de7;Sampled=1")));
    free(bytes);
}

static void test_what_is_none(void **state) {
    (void)state;
    static const char *const cases[] = {
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
        "\r\n\r\n",
        HEAD "\r\n",
        HEAD "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        HEAD "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        HEAD "Content-Length: -1\r\n\r\n",
        HEAD "Content-Length: +1\r\n\r\n",
        HEAD "Content-Length: 0x1\r\n\r\n",
        HEAD "Content-Length: \r\n\r\n",
        HEAD "Content-Length: 99999999999999999999\r\n\r\n",
        HEAD "Content Length: 1\r\n\r\nx",
        HEAD ": 1\r\n\r\nx",
        HEAD "no colon\r\n\r\nx",
        HEAD "Lambda-Runtime-Aws-Request-Id: b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: ../x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: \r\nContent-Length: 0\r\n\r\n",
        HEAD "Lambda-Runtime-Deadline-Ms: soon\r\nContent-Length: 0\r\n\r\n",
        CHUNKED "x\r\n",
        CHUNKED "\r\n\r\n",
        CHUNKED "-1\r\n",
        CHUNKED "123456789\r\n",
        CHUNKED "1\r\nxx\r\n",
        CHUNKED "0\r\nTrailer: x\r\n\r\n",
    };
    char *bytes = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_runtime_answer answer;
        struct li_error err = {0};
        bool whole = true;
        check(parse(cases[i], strlen(cases[i]), &whole, &answer, &err, &bytes) == LI_CORRUPT && !whole &&
                  err.message[0],
              "case %zu: %s", i, cases[i]);
    }
    free(bytes);
}

static void test_limits(void **state) {
    (void)state;
    struct li_runtime_answer answer;
    struct li_error err = {0};
    bool whole = false;
    char *text = malloc(LI_RUNTIME_HEAD_MAX + 100), *bytes = NULL;
    memset(text, 'x', LI_RUNTIME_HEAD_MAX + 100);
    assert_int_equal(parse(text, LI_RUNTIME_HEAD_MAX, &whole, &answer, &err, &bytes), LI_OK);
    assert_int_equal(parse(text, LI_RUNTIME_HEAD_MAX + 1, &whole, &answer, &err, &bytes), LI_CORRUPT);
    /* Who sent an event that is too large can still be told. */
    int size = snprintf(text, 400,
                        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nLambda-Runtime-Aws-Request-Id: a-1\r\n\r\n",
                        LI_LAMBDA_PAYLOAD_MAX + 1);
    assert_int_equal(parse(text, (size_t)size, &whole, &answer, &err, &bytes), LI_TOO_LARGE);
    assert_true(li_text_equal(answer.request_id, LI_TEXT("a-1")));
    size = snprintf(text, 400, CHUNKED "%x\r\n", LI_LAMBDA_PAYLOAD_MAX + 1);
    assert_int_equal(parse(text, (size_t)size, &whole, &answer, &err, &bytes), LI_TOO_LARGE);
    assert_true(li_text_equal(answer.request_id, LI_TEXT("8476a536-e9f4")));
    free(bytes);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_what_is_none),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
