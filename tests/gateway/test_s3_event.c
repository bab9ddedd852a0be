/* S3 event notifications: records of ours, of others, and broken ones. */
#include "exchange.h"

static enum li_status read_event(const char *text, struct li_arena *arena, struct li_s3_record **out,
                                 size_t *count, struct li_error *err, json_t **body) {
    assert_int_equal(li_json_parse(li_text_of(text), body, NULL), LI_OK);
    return li_s3_event_read(*body, arena, out, count, err);
}

#define EVENT(name, key)                                                                                     \
    "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventName\":\"" name                                          \
    "\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"" key "\",\"size\":3}}}]}"

static void test_records(void **state) {
    (void)state;
    static const struct {
        const char *event;
        bool ours;
        enum li_object object;
        const char *key;
    } cases[] = {
        {EVENT("ObjectCreated:Put", "data/" SESSION "/top_tracks.json"), true, LI_OBJECT_TOP_TRACKS,
         "data/" SESSION "/top_tracks.json"},
        {EVENT("s3:ObjectCreated:CompleteMultipartUpload", "data/" SESSION "/enriched_tracks.json"), true,
         LI_OBJECT_ENRICHED_TRACKS, "data/" SESSION "/enriched_tracks.json"},
        {EVENT("ObjectCreated:Copy", "data%2F" SESSION "%2Fprofile.json"), true, LI_OBJECT_PROFILE,
         "data/" SESSION "/profile.json"},
        {EVENT("ObjectCreated:Put", "logs/" SESSION "/unknown_genres.json"), true, LI_OBJECT_UNKNOWN_GENRES,
         "logs/" SESSION "/unknown_genres.json"},
        {EVENT("ObjectRemoved:Delete", "data/" SESSION "/top_tracks.json"), false, 0,
         "data/" SESSION "/top_tracks.json"},
        {EVENT("", "data/" SESSION "/top_tracks.json"), false, 0, "data/" SESSION "/top_tracks.json"},
        {EVENT("ObjectCreated:Put", "data/+" SESSION "/top_tracks.json"), false, 0,
         "data/ " SESSION "/top_tracks.json"},
        {EVENT("ObjectCreated:Put", "data/%2E%2E/top_tracks.json"), false, 0, "data/../top_tracks.json"},
        {EVENT("ObjectCreated:Put", "my+holiday%28caf%C3%A9%29.jpg"), false, 0,
         "my holiday(caf\xc3\xa9).jpg"},
        {EVENT("ObjectCreated:Put", ""), false, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_arena arena = {0};
        struct li_s3_record *records = NULL;
        struct li_error err = {0};
        size_t count = 0;
        json_t *body = NULL;
        check(read_event(cases[i].event, &arena, &records, &count, &err, &body) == LI_OK, "case %zu: %s", i,
              err.message);
        assert_true(li_s3_event_is(body));
        assert_int_equal(count, 1);
        check(records[0].ours == cases[i].ours, "case %zu", i);
        check(li_text_equal(records[0].key, li_text_of(cases[i].key)), "case %zu", i);
        if (cases[i].ours)
            check(records[0].object == cases[i].object && li_text_equal(records[0].session, LI_TEXT(SESSION)),
                  "case %zu", i);
        json_decref(body);
        li_arena_release(&arena);
    }
}

static void test_malformed(void **state) {
    (void)state;
    static const char *const events[] = {
        "{\"Records\":[]}",
        "{\"Records\":[1]}",
        "{\"Records\":[null]}",
        "{\"Records\":[{}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":[]}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"object\":\"x\"}}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"object\":{\"key\":7}}}]}",
        "{\"Records\":[{\"eventName\":7,\"s3\":{\"object\":{\"key\":\"x\"}}}]}",
        EVENT("ObjectCreated:Put", "data/%zz/top_tracks.json"),
        EVENT("ObjectCreated:Put", "data/%"),
        EVENT("ObjectCreated:Put", "data/%C3/top_tracks.json"),
        EVENT("ObjectCreated:Put", "data/%00/top_tracks.json"),
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        struct li_arena arena = {0};
        struct li_s3_record *records = NULL;
        struct li_error err = {0};
        size_t count = 42;
        json_t *body = NULL;
        check(read_event(events[i], &arena, &records, &count, &err, &body) == LI_INVALID, "%s", events[i]);
        check(!records && count == 42 && err.message[0], "%s", events[i]);
        json_decref(body);
        li_arena_release(&arena);
    }
}

static void test_number_of_records(void **state) {
    (void)state;
    for (int wanted = 100; wanted <= 101; wanted++) {
        struct li_arena arena = {0};
        struct li_s3_record *records = NULL;
        struct li_error err = {0};
        size_t count = 0;
        json_t *list = json_array(), *body = json_pack("{s:o}", "Records", list);
        for (int i = 0; i < wanted; i++)
            json_array_append_new(list, json_pack("{s:s,s:{s:{s:s}}}", "eventName", "ObjectCreated:Put", "s3",
                                                  "object", "key", "data/" SESSION "/profile.json"));
        enum li_status status = li_s3_event_read(body, &arena, &records, &count, &err);
        if (wanted == 100) {
            assert_int_equal(status, LI_OK);
            assert_int_equal(count, 100);
            assert_true(records[99].ours);
        } else {
            assert_int_equal(status, LI_INVALID);
            assert_non_null(strstr(err.message, "101"));
        }
        json_decref(body);
        li_arena_release(&arena);
    }
}

static void test_what_is_an_event(void **state) {
    (void)state;
    static const struct {
        const char *body;
        bool is;
    } cases[] = {
        {"{}", false},
        {"{\"Records\":1}", false},
        {"{\"records\":[]}", false},
        {"{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}",
         false}, /* sent at set-up */
        {"{\"Records\":[]}", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *body = NULL;
        assert_int_equal(li_json_parse(li_text_of(cases[i].body), &body, NULL), LI_OK);
        check(li_s3_event_is(body) == cases[i].is, "%s", cases[i].body);
        json_decref(body);
    }
    assert_false(li_s3_event_is(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_number_of_records),
        cmocka_unit_test(test_what_is_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
