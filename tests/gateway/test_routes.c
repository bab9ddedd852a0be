/* Every route without a socket: answers, problems, cross origins, and what may be answered at once. */
#include "exchange.h"

#include "base/log.h"

static struct stages STAGES;
static struct li_gateway *GATEWAY;
static struct exchange X;

static const struct li_asset ASSETS[] = {
    {"/index.html", "text/html; charset=utf-8", NULL, (const unsigned char *)"<p>", 3, false},
    {"/index.html", "text/html; charset=utf-8", "gzip", (const unsigned char *)"gz", 2, false},
    {"/_next/static/app.js", "text/javascript; charset=utf-8", NULL, (const unsigned char *)"js", 2, true},
    {"/openapi.json", "application/json", NULL, (const unsigned char *)"{}", 2, false},
};
static const char *const ORIGINS[] = {"http://localhost:3000", "https://listening.example", NULL};

static int set_up(void **state) {
    (void)state;
    li_log_set_level(LI_LOG_NOTHING);
    stages_init(&STAGES);
    GATEWAY = gateway_of((struct li_gateway_options){
        .pipeline = &STAGES.pipeline, .assets = ASSETS, .asset_count = 4, .origins = ORIGINS});
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    exchange_clear(&X);
    li_gateway_free(GATEWAY);
    assert_null(STAGES.pipeline.raise); /* nobody calls a gateway that is gone */
    stages_clean_up(&STAGES);
    return 0;
}

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
        {"/index.html", "GET, HEAD, OPTIONS"},
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
                             "other/file") "," RECORD("data/" S22 "/top_tracks.json") "]}"),
                     200);
    assert_string_equal(text_at(X.document, "results.0.outcome"), "done");
    assert_string_equal(text_at(X.document, "results.0.key"), "data/" SESSION "/top_tracks.json");
    assert_string_equal(text_at(X.document, "results.1.outcome"), "ignored");
    assert_string_equal(text_at(X.document, "results.2.outcome"), "failed");
    assert_string_not_equal(text_at(X.document, "results.2.error"), "");
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
        cmocka_unit_test_setup_teardown(test_the_whole_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_health_and_metrics, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_problems, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_names_are_cut_within_a_sentence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_statuses_of_errors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_stores_errors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_session_never_sees_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cross_origins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_assets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_s3_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_answered_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_session_ends_with_its_artists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_waiting, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
