/* Every route without a socket: answers, cross origins, and what may be answered at once. What is refused:
 * test_problems.c. */
#include "fixture.h"

static void test_the_whole_way(void **state) {
    (void)state;
    char body[200];
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/create-session", ""), 201);
    assert_true(li_session_valid(li_json_get_text(X.document, "session_id")));
    assert_string_equal(header(&X, "Cache-Control"), "no-store");
    assert_string_equal(header(&X, "X-Content-Type-Options"), "nosniff");
    snprintf(body, sizeof body, "{\"session_id\":\"%s\",\"artists\":[{\"id\":\"rap\"},\"metal\"]}", SESSION);
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/search?q=m&limit=2", ""), 200);
    assert_int_equal(json_array_size(at(X.document, "artists")), 2);
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/search", "{\"query\":\"m\",\"limit\":1}"), 200);
    assert_int_equal(json_array_size(at(X.document, "artists")), 1);
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/extract-simulate", body), 200);
    assert_int_equal(json_array_size(at(X.document, "tracks")), 8);
    assert_true(li_text_equal(X.response.session, LI_TEXT(SESSION)));
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/getProfile?session_id=" SESSION, ""), 202);
    assert_string_equal(text_at(X.document, "stage"), "transform");
    assert_string_equal(header(&X, "Retry-After"), "1");
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/transform", "{\"sessionId\":\"" SESSION "\"}"), 200);
    assert_string_equal(text_at(X.document, "tracks.0.source"), "estimated");
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/getProfile?sessionId=" SESSION, ""), 202);
    assert_string_equal(text_at(X.document, "stage"), "profile");
    assert_int_equal(
        ask(&X, GATEWAY, LI_POST, "/profile", "{\"session_id\":\"" SESSION "\",\"lang\":\"fr\"}"), 200);
    assert_string_equal(text_at(X.document, "lang"), "fr");
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/getProfile", "{\"session_id\":\"" SESSION "\",\"wait\":5}"),
                     200);
    assert_string_equal(header(&X, "Content-Language"), "en");
    exchange_prepare(&X, LI_GET, "/getProfile", "");
    X.request.session_header = LI_TEXT(SESSION);
    X.request.accept_language = LI_TEXT("fr-CA, en;q=0.5");
    assert_int_equal(exchange_send(&X, GATEWAY), 200);
    assert_string_equal(text_at(X.document, "lang"), "fr");
    assert_string_equal(header(&X, "Content-Language"), "fr");
    assert_int_equal(ask(&X, GATEWAY, LI_DELETE, "/session?session_id=" SESSION, ""), 204);
    assert_int_equal(X.response.body.size, 0);
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/getProfile?session_id=" SESSION, ""), 404);
    assert_int_equal(ask(&X, GATEWAY, LI_DELETE, "/session", "{\"session_id\":\"" SESSION "\"}"), 204);
}

static void test_health_and_metrics(void **state) {
    (void)state;
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/healthz", ""), 200);
    assert_string_equal(text_at(X.document, "status"), "ok");
    assert_string_equal(text_at(X.document, "source"), "fake");
    assert_string_equal(text_at(X.document, "store"), "fake");
    li_gateway_finish(GATEWAY, &X.request, &X.response, 1000);
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/metrics", ""), 200);
    assert_non_null(
        strstr(X.response.body.data, "listening_requests_total{route=\"/healthz\",status=\"2xx\"} 1\n"));
    assert_int_equal(ask(&X, GATEWAY, LI_HEAD, "/healthz/", ""), 200);
}

static void test_one_session_never_sees_another(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    static const char *const others[] = {"session-one-0123456788", "SESSION-one-0123456789",
                                         "session-one-01234567890"};
    for (size_t i = 0; i < 3; i++) {
        char address[120], body[120];
        snprintf(address, sizeof address, "/getProfile?session_id=%s", others[i]);
        snprintf(body, sizeof body, "{\"session_id\":\"%s\"}", others[i]);
        assert_int_equal(ask(&X, GATEWAY, LI_GET, address, ""), 404);
        assert_int_equal(ask(&X, GATEWAY, LI_POST, "/transform", body), 404);
        assert_int_equal(ask(&X, GATEWAY, LI_POST, "/profile", body), 404);
        assert_int_equal(ask(&X, GATEWAY, LI_DELETE, "/session", body), 204);
    }
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/getProfile?session_id=" SESSION, ""), 200);
    /* The body is asked first, then the address, then the header. */
    exchange_prepare(&X, LI_POST, "/getProfile?session_id=" SESSION,
                     "{\"session_id\":\"session-one-0123456788\"}");
    X.request.session_header = LI_TEXT(SESSION);
    assert_int_equal(exchange_send(&X, GATEWAY), 404);
}

static void test_cross_origins(void **state) {
    (void)state;
    static const struct {
        const char *origin, *host;
        bool allowed;
    } cases[] = {
        {"http://localhost:3000", "api.example", true},
        {"https://listening.example", "api.example", true},
        {"http://api.example", "api.example", true}, /* our own pages */
        {"https://api.example:8080", "api.example:8080", true},
        {"http://evil.example", "api.example", false},
        {"http://localhost:3001", "api.example", false},
        {"https://localhost:3000", "api.example", false},
        {"http://localhost:3000.evil.example", "api.example", false},
        {"http://api.example.evil", "api.example", false},
        {"http://api.example", "", false},
        {"ftp://api.example", "api.example", false},
        {"http://", "", false},
        {"null", "null", false},
        {"", "api.example", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int round = 0; round < 3; round++) {
            static const enum li_method methods[] = {LI_GET, LI_POST, LI_OPTIONS};
            exchange_prepare(&X, methods[round], "/search?q=a", round == 1 ? "{}" : "");
            X.request.origin = li_text_of(cases[i].origin);
            X.request.host = li_text_of(cases[i].host);
            exchange_send(&X, GATEWAY); /* an error too may be read by the page that caused it */
            const char *got = header(&X, "Access-Control-Allow-Origin");
            check((got != NULL) == cases[i].allowed, "%s on %s", cases[i].origin, cases[i].host);
            check(!got || strcmp(got, cases[i].origin) == 0, "%s", cases[i].origin);
            check((header(&X, "Vary") != NULL) == (*cases[i].origin != '\0'), "%s", cases[i].origin);
            check((header(&X, "Access-Control-Allow-Methods") != NULL) == (cases[i].allowed && round == 2),
                  "%s", cases[i].origin);
        }
    }
}

static void test_options(void **state) {
    (void)state;
    static const struct {
        const char *address, *allow;
    } cases[] = {
        {"/search", "GET, HEAD, POST, OPTIONS"}, {"/create-session", "POST, OPTIONS"},
        {"/session", "DELETE, OPTIONS"},         {"/getProfile", "GET, HEAD, POST, OPTIONS"},
        {"/index.html", "GET, HEAD, OPTIONS"},   {"/profile", "GET, HEAD, POST, OPTIONS"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ask(&X, GATEWAY, LI_OPTIONS, cases[i].address, ""), 204);
        assert_string_equal(header(&X, "Allow"), cases[i].allow);
        assert_int_equal(X.response.body.size, 0);
    }
    exchange_prepare(&X, LI_OPTIONS, "/session", "");
    X.request.origin = LI_TEXT("http://localhost:3000");
    assert_int_equal(exchange_send(&X, GATEWAY), 204);
    assert_string_equal(header(&X, "Access-Control-Allow-Methods"), "DELETE, OPTIONS");
    assert_non_null(strstr(header(&X, "Access-Control-Allow-Headers"), "X-Session-Id"));
}

/* An address of the API that is a page for who only looks. */
static void test_a_route_that_is_a_page(void **state) {
    (void)state;
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/profile", ""), 200);
    assert_true(li_text_equal(X.response.body, LI_TEXT("<p>yours")));
    assert_int_equal(ask(&X, GATEWAY, LI_DELETE, "/profile", ""), 405);
    assert_string_equal(header(&X, "Allow"), "GET, HEAD, POST, OPTIONS");
    assert_int_equal(ask(&X, GATEWAY, LI_DELETE, "/transform", ""), 405);
    assert_string_equal(header(&X, "Allow"), "POST, OPTIONS");
}

static void test_what_was_seen_before(void **state) {
    (void)state;
    char tag[64];
    static const struct {
        const char *before, *behind; /* of the tag; behind is NULL where there is none */
        int status;
    } cases[] = {
        {"", "", 304},
        {"W/", "", 304},
        {"*", NULL, 304},
        {"\"a\", ", "", 304},
        {"W/\"a\",W/", " ,\"b\"", 304},
        {"\"other\"", NULL, 200},
        {"", NULL, 200},
        {", ,", NULL, 200},
        {"W/", NULL, 200},
        {"w/", "", 200},
        {"x", "", 200},
        {"\"*\"", NULL, 200},
    };
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/", ""), 200);
    snprintf(tag, sizeof tag, "%s", header(&X, "ETag"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s%s%s", cases[i].before, cases[i].behind ? tag : "",
                 cases[i].behind ? cases[i].behind : "");
        exchange_prepare(&X, LI_GET, "/", "");
        X.request.if_none_match = li_text_of(text);
        check(exchange_send(&X, GATEWAY) == cases[i].status, "%s: %d", text, X.response.status);
        check((X.response.body.size == 0) == (cases[i].status == 304), "%s", text);
    }
}

/* Also the second time. */
static void test_a_page_that_is_not_there(void **state) {
    (void)state;
    static const char *const SEEN[] = {"", "*", "\"a\""};
    for (size_t i = 0; i < sizeof SEEN / sizeof *SEEN; i++) {
        exchange_prepare(&X, LI_GET, "/nothing", "");
        X.request.accept = LI_TEXT("text/html,*/*");
        X.request.if_none_match = li_text_of(SEEN[i]);
        assert_int_equal(exchange_send(&X, GATEWAY), 404);
        assert_true(li_text_equal(X.response.body, LI_TEXT("<p>lost")));
        assert_null(header(&X, "ETag"));
    }
}

static void test_assets(void **state) {
    (void)state;
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/", ""), 200);
    assert_string_equal(X.response.content_type, "text/html; charset=utf-8");
    assert_true(li_text_equal(X.response.body, LI_TEXT("<p>")));
    assert_string_equal(header(&X, "Cache-Control"), "no-cache");
    char tag[64];
    snprintf(tag, sizeof tag, "%s", header(&X, "ETag"));
    exchange_prepare(&X, LI_GET, "/", "");
    X.request.if_none_match = li_text_of(tag);
    assert_int_equal(exchange_send(&X, GATEWAY), 304);
    assert_int_equal(X.response.body.size, 0);
    assert_string_equal(header(&X, "ETag"), tag);
    exchange_prepare(&X, LI_GET, "/index.html", "");
    X.request.accept_encoding = LI_TEXT("gzip, br");
    X.request.if_none_match = li_text_of(tag); /* of the other form: not the same bytes */
    assert_int_equal(exchange_send(&X, GATEWAY), 200);
    assert_string_equal(header(&X, "Content-Encoding"), "gzip");
    assert_string_equal(header(&X, "Vary"), "Accept-Encoding");
    assert_true(li_text_equal(X.response.body, LI_TEXT("gz")));
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/_next/static/app.js", ""), 200);
    assert_string_equal(header(&X, "Cache-Control"), "public, max-age=31536000, immutable");
    assert_int_equal(ask(&X, GATEWAY, LI_HEAD, "/openapi.json", ""), 200);
}

static void test_s3_events(void **state) {
    (void)state;
#define RECORD(key) "{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"object\":{\"key\":\"" key "\"}}}"
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/transform",
                         "{\"Records\":[" RECORD("data/" SESSION "/top_tracks.json") "," RECORD(
                             "other/file") "," RECORD("data/aaaaaaaaaaaaaaaaaaaaaa/top_tracks.json") "]}"),
                     200);
    assert_string_equal(text_at(X.document, "results.0.outcome"), "done");
    assert_string_equal(text_at(X.document, "results.0.key"), "data/" SESSION "/top_tracks.json");
    assert_string_equal(text_at(X.document, "results.1.outcome"), "ignored");
    assert_string_equal(text_at(X.document, "results.2.outcome"), "erased");
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS));
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/profile",
                         "{\"Records\":[" RECORD("data%2F" SESSION "%2fenriched_tracks.json") "]}"),
                     200);
    assert_string_equal(text_at(X.document, "results.0.outcome"), "done");
    assert_non_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
    ask(&X, GATEWAY, LI_POST, "/profile", "{\"Records\":[]}");
    check_problem(&X, 400, "1 to 100", "no records");
    ask(&X, GATEWAY, LI_POST, "/profile", "{\"Records\":[{}]}");
    check_problem(&X, 400, "record 1", "an empty record");
}

static bool quick(enum li_method method, const char *address, const char *body) {
    exchange_prepare(&X, method, address, body);
    bool answered = li_gateway_handle_quick(GATEWAY, &X.request, &X.response);
    if (answered)
        exchange_read(&X);
    return answered;
}

static void test_what_is_answered_at_once(void **state) {
    (void)state;
    static const char with_session[] = "/getProfile?session_id=" SESSION;
    assert_true(quick(LI_POST, "/create-session", ""));
    assert_true(quick(LI_GET, "/search?q=m", "")); /* this source is quick */
    assert_true(quick(LI_GET, "/healthz", ""));
    assert_true(quick(LI_GET, "/nothing", ""));
    assert_false(quick(LI_POST, "/extract-simulate", "{}")); /* these wait for the disk */
    assert_false(quick(LI_POST, "/transform", "{}"));
    assert_false(quick(LI_POST, "/profile", "{}"));
    assert_false(quick(LI_DELETE, "/session", "{}"));
    assert_false(quick(LI_GET, with_session, ""));
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_PROFILE));
    assert_false(quick(LI_GET, with_session, "")); /* not rendered yet */
    assert_int_equal(ask(&X, GATEWAY, LI_GET, with_session, ""), 200);
    const char *rendered = li_arena_copy(&STAGES.arena, X.response.body).data;
    assert_true(quick(LI_GET, with_session, ""));
    assert_int_equal(X.response.status, 200);
    assert_true(li_text_equal(X.response.body, li_text_of(rendered)));
    assert_string_equal(header(&X, "Cache-Control"), "no-store");
    assert_string_equal(header(&X, "Content-Language"), "en");
    assert_string_equal(header(&X, "X-Content-Type-Options"), "nosniff");
    assert_false(quick(LI_GET, "/getProfile?session_id=" SESSION "&lang=fr", "")); /* another language */
    assert_false(
        quick(LI_GET, "/getProfile?session_id=" SESSION "&lang=xx", "")); /* wrong requests stay wrong */
    assert_false(quick(LI_GET, "/getProfile?session_id=" SESSION "&wait=soon", ""));
    assert_false(quick(LI_GET, with_session, "{"));
    assert_true(quick(LI_GET, "/getProfile?session_id=" SESSION "&wait=5000", ""));
    json_decref(stages_run(&STAGES, "metal", LI_OBJECT_PROFILE)); /* written again */
    assert_false(quick(LI_GET, with_session, ""));
    assert_int_equal(ask(&X, GATEWAY, LI_GET, with_session, ""), 200);
    assert_true(quick(LI_GET, with_session, ""));
    assert_int_equal(ask(&X, GATEWAY, LI_DELETE, "/session?session_id=" SESSION, ""), 204);
    assert_false(quick(LI_GET, with_session, "")); /* erased: not from memory either */
    STAGES.store.inner->clock.fixed_ms += STAGES.store.inner->ttl_ms;
    assert_false(quick(LI_GET, with_session, ""));
}

static void pass_time(int64_t ms) {
    STAGES.store.base.clock.fixed_ms += ms;
    STAGES.store.inner->clock.fixed_ms += ms;
}

/* A profile may be written long after its artists, but does not outlive them, in memory either. */
static void test_a_session_ends_with_its_artists(void **state) {
    (void)state;
    static const char with_session[] = "/getProfile?session_id=" SESSION;
    struct li_error err = {0};
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    pass_time(STAGES.store.base.ttl_ms - 1);
    check(stages_transform(&STAGES, NULL, &err) == LI_OK &&
              stages_profile(&STAGES, LI_LANG_EN, NULL, &err) == LI_OK,
          "%s", err.message);
    assert_int_equal(ask(&X, GATEWAY, LI_GET, with_session, ""), 200);
    assert_true(quick(LI_GET, with_session, ""));
    pass_time(1);
    assert_false(quick(LI_GET, with_session, ""));
    assert_int_equal(ask(&X, GATEWAY, LI_GET, with_session, ""), 404);
}

static void test_waiting(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/getProfile?session_id=" SESSION "&wait=20000", ""), 202);
    assert_int_equal(X.response.wait_ms, 20000);
    assert_int_equal(ask(&X, GATEWAY, LI_POST, "/getProfile", "{\"session_id\":\"" SESSION "\",\"wait\":7}"),
                     202);
    assert_int_equal(X.response.wait_ms, 7);
    exchange_prepare(&X, LI_GET, "/getProfile?session_id=" SESSION "&wait=20000", "");
    X.request.wait_over = true;
    assert_int_equal(exchange_send(&X, GATEWAY), 202);
    assert_int_equal(X.response.wait_ms, 0);
    assert_int_equal(ask(&X, GATEWAY, LI_GET, "/getProfile?session_id=" SESSION, ""), 202);
    assert_int_equal(X.response.wait_ms, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_whole_way, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_health_and_metrics, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_one_session_never_sees_another, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_cross_origins, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_options, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_assets, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_a_route_that_is_a_page, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_what_was_seen_before, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_a_page_that_is_not_there, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_s3_events, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_what_is_answered_at_once, set_up_routes, tear_down_routes),
        cmocka_unit_test_setup_teardown(test_a_session_ends_with_its_artists, set_up_routes,
                                        tear_down_routes),
        cmocka_unit_test_setup_teardown(test_waiting, set_up_routes, tear_down_routes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
