/* The parts of the Lambda runtime that need no process: events, answers, metrics, names of functions.
 * The loop itself is tested over its socket, in tests/api/test_lambda.py. */
#include "exchange.h"

#include "gateway/lambda_priv.h"

#define EVENT_2(method, path, more)                                                                          \
    "{\"version\":\"2.0\",\"rawPath\":\"" path                                                               \
    "\",\"requestContext\":{\"stage\":\"prod\",\"http\":{\"method\":\"" method "\"}}" more "}"

static void test_requests(void **state) {
    (void)state;
    static const struct {
        const char *event, *path, *name, *value, *body;
        enum li_method method;
    } cases[] = {
        {EVENT_2("GET", "/search", ",\"rawQueryString\":\"q=a%20b+c%26&x\""), "/search", "q", "a b c&", "",
         LI_GET},
        {EVENT_2("GET", "/prod/search", ",\"rawQueryString\":\"x&y=1\""), "/search", "x", "", "", LI_GET},
        {EVENT_2("GET", "/prod", ""), "/prod", NULL, NULL, "", LI_GET},
        {EVENT_2("GET", "/prod/", ""), "/", NULL, NULL, "", LI_GET},
        {EVENT_2("GET", "/production/x", ""), "/production/x", NULL, NULL, "", LI_GET},
        {EVENT_2("PUT", "/a%2Fb+%41%zz", ""), "/a/b+A%zz", NULL, NULL, "", LI_OTHER_METHOD},
        {EVENT_2("POST", "/x", ",\"body\":\"b\\u00e9\\u0000\""), "/x", NULL, NULL, "b\xc3\xa9", LI_POST},
        {EVENT_2("POST", "/x", ",\"body\":\"Zm9v\",\"isBase64Encoded\":true"), "/x", NULL, NULL, "foo",
         LI_POST},
        {EVENT_2("POST", "/x", ",\"body\":\"Zm9v\",\"isBase64Encoded\":false"), "/x", NULL, NULL, "Zm9v",
         LI_POST},
        {EVENT_2("DELETE", "/x", ",\"body\":null,\"isBase64Encoded\":true"), "/x", NULL, NULL, "", LI_DELETE},
        {"{\"httpMethod\":\"GET\",\"path\":\"/prod/x\",\"requestContext\":{\"stage\":\"prod\"},"
         "\"queryStringParameters\":{\"q\":\"a+b\"}}",
         "/prod/x", "q", "a+b", "", LI_GET},
        {"{\"version\":\"1.0\",\"httpMethod\":\"GET\",\"path\":\"/prod/"
         "x\",\"requestContext\":{\"stage\":\"prod\"},"
         "\"queryStringParameters\":{\"q\":\"2\"},\"multiValueQueryStringParameters\":{\"q\":[\"1\",\"2\"]}}",
         "/x", "q", "1", "", LI_GET},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_lambda_event event = {0};
        struct li_arena arena = {0};
        struct li_error err = {0};
        check(li_lambda_event_read(li_text_of(cases[i].event), &arena, &event, &err) == LI_OK, "case %zu: %s",
              i, err.message);
        check(event.request.method == cases[i].method, "case %zu", i);
        check(li_text_equal(event.request.path, li_text_of(cases[i].path)), "case %zu: %.*s", i,
              LI_TEXT_ARG(event.request.path));
        if (cases[i].name) {
            struct li_text value = li_request_param(&event.request, cases[i].name);
            check(value.data && li_text_equal(value, li_text_of(cases[i].value)), "case %zu: %.*s", i,
                  LI_TEXT_ARG(value));
        }
        check(strncmp(cases[i].body, event.request.body.size ? event.request.body.data : "",
                      strlen(cases[i].body)) == 0,
              "case %zu", i);
        li_lambda_event_clean_up(&event);
        li_arena_release(&arena);
    }
}

static void test_too_many_parameters(void **state) {
    (void)state;
    struct li_lambda_event event = {0};
    struct li_arena arena = {0};
    char query[400] = "", text[800];
    for (int i = 0; i < 40; i++)
        snprintf(query + strlen(query), sizeof query - strlen(query), "p%d=%d&", i, i);
    snprintf(text, sizeof text, EVENT_2("GET", "/x", ",\"rawQueryString\":\"%s\""), query);
    assert_int_equal(li_lambda_event_read(li_text_of(text), &arena, &event, NULL), LI_OK);
    assert_int_equal(event.request.param_count, LI_PARAMS_MAX);
    li_lambda_event_clean_up(&event);
    li_arena_release(&arena);
}

/* An event of this payload's kind, and the printed answer to it as a document. */
static json_t *printed(enum li_event_kind kind, const struct li_http_response *response,
                       struct li_arena *arena) {
    struct li_lambda_event event = {.kind = kind, .request = {.method = LI_GET}};
    struct li_text out = {0};
    struct li_error err = {0};
    json_t *document = NULL;
    check(li_lambda_answer_print(&event, response, arena, &out, &err) == LI_OK, "%s", err.message);
    assert_int_equal(li_json_parse(out, &document, NULL), LI_OK);
    return document;
}

static void test_answers(void **state) {
    (void)state;
    struct li_arena arena = {0};
    struct li_http_response response = {.status = 201,
                                        .content_type = "application/json",
                                        .body = LI_TEXT("{\"\xc3\xa9\":\"\\n\"}"),
                                        .arena = &arena};
    li_response_header(&response, "Vary", LI_TEXT("Origin"));
    li_response_header(&response, "Vary", LI_TEXT("Accept-Encoding"));
    json_t *two = printed(LI_EVENT_HTTP_2, &response, &arena),
           *one = printed(LI_EVENT_HTTP_1, &response, &arena);
    assert_true(number_at(two, "statusCode") == 201 && number_at(one, "statusCode") == 201);
    assert_string_equal(text_at(two, "headers.Vary"), "Origin, Accept-Encoding");
    assert_string_equal(text_at(one, "multiValueHeaders.Vary.1"), "Accept-Encoding");
    assert_string_equal(text_at(one, "multiValueHeaders.Content-Type.0"), "application/json");
    assert_string_equal(text_at(two, "body"), response.body.data);
    assert_true(json_is_false(json_object_get(two, "isBase64Encoded")));
    json_decref(one);
    json_decref(two);
    static const struct li_text bodies[] = {{"\xff\x00", 2}, {"a\0b", 3}};
    for (size_t i = 0; i < 2; i++) { /* what is no text */
        response.body = bodies[i];
        two = printed(LI_EVENT_HTTP_2, &response, &arena);
        assert_true(json_is_true(json_object_get(two, "isBase64Encoded")));
        assert_string_equal(text_at(two, "body"), i ? "YQBi" : "/wA=");
        json_decref(two);
    }
    li_arena_release(&arena);
}

static void test_answers_that_are_too_large(void **state) {
    (void)state;
    struct li_lambda_event event = {.kind = LI_EVENT_HTTP_2, .request = {.method = LI_GET}};
    struct li_arena arena = {0};
    struct li_http_response response = {.status = 200, .arena = &arena};
    size_t sizes[] = {LI_LAMBDA_PAYLOAD_MAX + 1, LI_LAMBDA_PAYLOAD_MAX, LI_LAMBDA_PAYLOAD_MAX / 4 * 3};
    char *bytes = calloc(1, LI_LAMBDA_PAYLOAD_MAX + 1); /* NULs: answered in base64, a third longer */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct li_text out = {0};
        struct li_error err = {0};
        response.body = (struct li_text){bytes, sizes[i]};
        assert_int_equal(li_lambda_answer_print(&event, &response, &arena, &out, &err), LI_TOO_LARGE);
        assert_true(!out.data && err.message[0]);
    }
    response.body.size = LI_LAMBDA_PAYLOAD_MAX / 4 * 3 - 300;
    json_decref(printed(LI_EVENT_HTTP_2, &response, &arena));
    memset(bytes, 'x', LI_LAMBDA_PAYLOAD_MAX);
    response.body.size = LI_LAMBDA_PAYLOAD_MAX - 300;
    json_decref(printed(LI_EVENT_HTTP_2, &response, &arena));
    free(bytes);
    li_arena_release(&arena);
}

static void test_functions(void **state) {
    (void)state;
    static const struct {
        const char *handler, *path;
        unsigned stages;
    } cases[] = {
        {"api", NULL, 3},
        {"search", "/search", 0},
        {"extract", "/extract-simulate", 0},
        {"extract-simulate", "/extract-simulate", 0},
        {"create", "/create-session", 0},
        {"transform", "/transform", 1U << LI_OBJECT_TOP_TRACKS},
        {"profile", "/profile", 1U << LI_OBJECT_ENRICHED_TRACKS},
        {"getProfile", "/getProfile", 0},
        {"erase", "/session", 0},
    };
    struct li_lambda_function function;
    struct li_arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(li_lambda_function_find(cases[i].handler, &function), "%s", cases[i].handler);
        check(function.stages == cases[i].stages, "%s", cases[i].handler);
        check(cases[i].path ? strcmp(function.path, cases[i].path) == 0 : !function.path, "%s",
              cases[i].handler);
    }
    static const char *const wrong[] = {"", "apis", "/search", "Search", "index.handler"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        check(!li_lambda_function_find(wrong[i], &function), "%s", wrong[i]);
    struct li_text rest = li_lambda_handlers(&arena); /* every name that help shows is one */
    while (rest.size) {
        const char *name = li_arena_copy(&arena, li_text_cut(&rest, ' ')).data;
        check(li_lambda_function_find(name, &function), "%s", name);
    }
    li_arena_release(&arena);
}

static void test_metric_lines(void **state) {
    (void)state;
    char line[LI_EMF_MAX];
    json_t *document = NULL;
    const struct li_emf cold = {.now_ms = 1800000000123,
                                .service = LI_TEXT("listening"),
                                .function = LI_TEXT("search"),
                                .invocation_id = LI_TEXT("8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
                                .duration_us = 1234,
                                .init_us = 5678,
                                .status = 200,
                                .stages_done = 1,
                                .stages_failed = 2,
                                .provider_errors = 3};
    size_t size = li_emf_print(&cold, line);
    assert_true(size > 0 && line[size - 1] == '\n');
    assert_int_equal(li_json_parse((struct li_text){line, size}, &document, NULL), LI_OK);
    assert_true(number_at(document, "_aws.Timestamp") == 1800000000123);
    assert_string_equal(text_at(document, "_aws.CloudWatchMetrics.0.Dimensions.0.0"), "Service");
    static const struct {
        const char *name;
        double value;
    } facts[] = {{"Duration", 1.234}, {"InitDuration", 5.678}, {"ColdStarts", 1}, {"StagesDone", 1},
                 {"StagesFailed", 2}, {"ProviderErrors", 3},   {"status", 200}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        check_near(number_at(document, facts[i].name), facts[i].value, 1e-9);
    json_decref(document);
    struct li_emf warm = cold;
    warm.init_us = -1;
    warm.function = LI_TEXT("a\"b\n");
    size = li_emf_print(&warm, line);
    assert_int_equal(li_json_parse((struct li_text){line, size}, &document, NULL), LI_OK);
    assert_null(json_object_get(document, "InitDuration"));
    assert_string_equal(text_at(document, "function"), "");
    json_decref(document);
    char long_name[LI_EMF_MAX];
    memset(long_name, 'x', sizeof long_name);
    warm.function = (struct li_text){long_name, sizeof long_name};
    assert_int_equal(li_emf_print(&warm, line), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),  cmocka_unit_test(test_too_many_parameters),
        cmocka_unit_test(test_answers),   cmocka_unit_test(test_answers_that_are_too_large),
        cmocka_unit_test(test_functions), cmocka_unit_test(test_metric_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
