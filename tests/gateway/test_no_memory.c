/* What requests bring, read when memory is out at any moment. */
#include "support/no_memory.h"

#include "base/json.h"
#include "check.h"
#include "gateway/form_stream.h"
#include "gateway/lambda_priv.h"
#include "pieces.h"

static enum li_status json_body(void *context, struct li_error *err) {
    static const char BODY[] =
        "{\"artists\": [{\"id\": \"a\", \"name\": \"Ann\", \"genres\": [\"soul\", \"jazz\"]}, "
        "\"b\"], \"session_id\": \"0123456789abcdef\", \"lang\": \"fr\"}";
    struct li_extract_request extract = {0};
    struct li_arena arena = {0};
    json_t *document = NULL;
    (void)context;
    enum li_status status = li_body_parse(li_text_of(BODY), &document, err);
    if (!status)
        status = li_body_extract(document, &arena, &extract, err);
    if (!status && (extract.artist_count != 2 || extract.artists[0].genre_count != 2))
        li_wrong("two artists were in the body");
    json_decref(document);
    li_arena_release(&arena);
    return status;
}

static enum li_status submitted_body(void *context, struct li_error *err) {
    static const char BODY[] = "{\"tracks\": [{\"title\": \"One\", \"artist\": \"Her\", \"features\": "
                               "{\"energy\": 0.5, \"valence\": 0.25, \"tempo\": 120, \"loudness\": -7}}]}";
    struct li_submit_request submit = {0};
    struct li_arena arena = {0};
    json_t *document = NULL;
    (void)context;
    enum li_status status = li_body_parse(li_text_of(BODY), &document, err);
    if (!status)
        status = li_body_submit(document, &arena, &submit, err);
    if (!status && (submit.track_count != 1 || submit.tracks[0].features.value[LI_TEMPO] != 120))
        li_wrong("one track was in the body");
    json_decref(document);
    li_arena_release(&arena);
    return status;
}

static enum li_status lambda_event(void *context, struct li_error *err) {
    static const char EVENT[] =
        "{\"version\": \"2.0\", \"rawPath\": \"/search\", \"rawQueryString\": \"q=daft+punk&limit=2\", "
        "\"headers\": {\"accept-language\": \"fr\", \"content-type\": \"application/json\"}, "
        "\"requestContext\": "
        "{\"http\": {\"method\": \"POST\", \"path\": \"/search\", \"sourceIp\": \"192.0.2.1\"}}, "
        "\"body\": \"eyJhIjogMX0=\", \"isBase64Encoded\": true}";
    struct li_lambda_event event = {0};
    struct li_arena arena = {0};
    struct li_http_response response = {.status = 200, .content_type = "text/plain", .arena = &arena};
    struct li_text out = {0};
    (void)context;
    enum li_status status = li_lambda_event_read(li_text_of(EVENT), &arena, &event, err);
    if (!status) {
        if (!li_text_equal(event.request.body, LI_TEXT("{\"a\": 1}")) || event.request.param_count != 2)
            li_wrong("the request differs");
        response.body = LI_TEXT("\xff not text");
        status = li_lambda_answer_print(&event, &response, &arena, &out, err);
        if (!status && !memmem(out.data, out.size, "\"isBase64Encoded\":true", 22))
            li_wrong("the answer differs");
        li_lambda_event_clean_up(&event);
    }
    li_arena_release(&arena);
    return status;
}

static enum li_status s3_event(void *context, struct li_error *err) {
    static const char EVENT[] =
        "{\"Records\": [{\"eventSource\": \"aws:s3\", \"eventName\": \"ObjectCreated:Put\", \"s3\": "
        "{\"bucket\": "
        "{\"name\": \"b\"}, \"object\": {\"key\": \"sessions/0123456789abcdef/top_tracks.json\"}}}]}";
    struct li_s3_record *records = NULL;
    struct li_arena arena = {0};
    json_t *document = NULL;
    size_t count = 0;
    (void)context;
    enum li_status status = li_body_parse(li_text_of(EVENT), &document, err);
    if (!status)
        status = li_s3_event_read(document, &arena, &records, &count, err);
    if (!status && count != 1)
        li_wrong("one record was in the event");
    json_decref(document);
    li_arena_release(&arena);
    return status;
}

#define PART(name, bytes)                                                                                    \
    "--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" name "\"\r\n\r\n" bytes "\r\n"
static const char FORM[] = PART("one.csv", "a,b,c\r\n--xY\r\nd") PART("two", "") "--xYz--\r\n";

static enum li_status form(void *context, struct li_error *err) {
    struct li_form_part *parts = NULL;
    struct li_arena arena = {0};
    size_t count = 0;
    (void)context;
    enum li_status status = li_form_read(LI_TEXT("multipart/form-data; boundary=xYz"), li_text_of(FORM),
                                         &arena, &parts, &count, err);
    if (!status && (count != 2 || parts[0].bytes.size != 14))
        li_wrong("the form has two parts");
    li_arena_release(&arena);
    return status;
}

static enum li_status form_stream(void *context, struct li_error *err) {
    struct pieces pieces = {li_text_of(FORM), 7};
    struct li_form_stream *stream = NULL;
    struct li_form_part part;
    size_t bytes = 0, parts = 0;
    bool more = true;
    char buffer[5];
    (void)context;
    enum li_status status =
        li_form_stream_open(LI_TEXT("multipart/form-data; boundary=xYz"), pieces_take, &pieces, &stream, err);
    while (!status && more) {
        status = li_form_stream_next(stream, &part, &more, err);
        for (ptrdiff_t got;
             !status && more && (got = li_form_stream_read(stream, buffer, sizeof buffer)) > 0;)
            bytes += (size_t)got;
        parts += !status && more;
    }
    if (!status && (parts != 2 || bytes != 14))
        li_wrong("the form has two parts");
    li_form_stream_close(stream);
    return status;
}

static void test_bodies(void **state) {
    static const struct {
        const char *name;
        li_scenario *run;
    } CASES[] = {{"chosen artists", json_body},
                 {"measured tracks", submitted_body},
                 {"a Lambda event", lambda_event},
                 {"an S3 event", s3_event},
                 {"a form", form},
                 {"a form as it comes", form_stream}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        li_no_memory_check(CASES[i].name, CASES[i].run, NULL, true);
        li_no_memory_check(CASES[i].name, CASES[i].run, NULL, false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bodies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
