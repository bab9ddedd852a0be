/* Names: session ids that are let in, and keys there and back again. */
#include "check.h"

#include "store/store.h"

#define SESSION "Abcdefghijklmnopqrst_-"

static void test_sessions(void **state) {
    (void)state;
    static char longest[LI_SESSION_MAX + 1];
    memset(longest, 'x', sizeof longest);
    const struct {
        const char *bytes;
        size_t size;
        bool valid;
    } cases[] = {
        {SESSION, 22, true},
        {"550e8400-e29b-41d4-a716-446655440000", 36, true},
        {longest, LI_SESSION_MAX, true},
        {longest, LI_SESSION_MAX + 1, false},
        {SESSION, 21, false},
        {"", 0, false},
        {NULL, 0, false},
        {"../../../../../../etc/", 22, false},
        {"......................", 22, false},
        {"abcdefghijk/abcdefghij", 22, false},
        {"abcdefghijk.abcdefghij", 22, false},
        {"abcdefghijk\0abcdefghij", 22, false},
        {"abcdefghijk abcdefghij", 22, false},
        {"abcdefghijk\nabcdefghij", 22, false},
        {"abcdefghijk%2fabcdefgh", 22, false},
        {"abcdefghijk\\abcdefghij", 22, false},
        {"abcdefghijk\xc3\xa9"
         "abcdefghi",
         22, false},
        {"abcdefghijk\xff"
         "abcdefghij",
         22, false},
        {"abcdefghij+abcdefghij=", 22, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(li_session_valid((struct li_text){cases[i].bytes, cases[i].size}) == cases[i].valid, "case %zu",
              i);
}

static void test_keys_round_trip(void **state) {
    (void)state;
    static const char *const wanted[LI_OBJECT_COUNT] = {
        [LI_OBJECT_TOP_TRACKS] = "data/" SESSION "/top_tracks.json",
        [LI_OBJECT_ENRICHED_TRACKS] = "data/" SESSION "/enriched_tracks.json",
        [LI_OBJECT_PROFILE] = "data/" SESSION "/profile.json",
        [LI_OBJECT_TIMELINE] = "data/" SESSION "/timeline.json",
        [LI_OBJECT_SHARE] = "data/" SESSION "/share.json",
        [LI_OBJECT_SHARED] = "data/" SESSION "/shared.json",
        [LI_OBJECT_UNKNOWN_GENRES] = "logs/" SESSION "/unknown_genres.json",
    };
    char longest[LI_SESSION_MAX];
    memset(longest, 'z', sizeof longest);
    for (int i = 0; i < LI_OBJECT_COUNT; i++) {
        char key[LI_KEY_MAX];
        struct li_text session = {0};
        enum li_object object = LI_OBJECT_COUNT;
        li_store_key(LI_TEXT(SESSION), (enum li_object)i, key);
        assert_string_equal(key, wanted[i]);
        assert_true(li_store_parse_key(li_text_of(key), &session, &object));
        assert_int_equal(object, i);
        assert_true(li_text_equal(session, LI_TEXT(SESSION)));
        li_store_key((struct li_text){longest, sizeof longest}, (enum li_object)i, key);
        assert_true(strlen(key) < LI_KEY_MAX - 1);
        assert_true(li_store_parse_key(li_text_of(key), &session, &object));
        assert_int_equal(session.size, LI_SESSION_MAX);
    }
}

static void test_hostile_keys(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size; /* 0: to the NUL */
    } cases[] = {
        {"", 0},
        {"/", 0},
        {"data", 0},
        {"data/" SESSION, 0},
        {"data/" SESSION "/", 0},
        {"data/" SESSION "/other.json", 0},
        {"data/" SESSION "/profile.json ", 0},
        {"data/" SESSION "/profile.json\0", sizeof "data/" SESSION "/profile.json"},
        {"data/" SESSION "/profile.jso", 0},
        {"data/" SESSION "/PROFILE.JSON", 0},
        {"Data/" SESSION "/profile.json", 0},
        {"/data/" SESSION "/profile.json", 0},
        {"data//" SESSION "/profile.json", 0},
        {"data/" SESSION "//profile.json", 0},
        {"data/" SESSION "/x/profile.json", 0},
        {"data/../" SESSION "/profile.json", 0},
        {"data/short/profile.json", 0},
        {"data/../../../../../../../etc/profile.json", 0},
        {"data/......................./profile.json", 0},
        {"logs/" SESSION "/profile.json", 0}, /* right names in the wrong folder */
        {"data/" SESSION "/unknown_genres.json", 0},
        {"data/" SESSION "/.tmp-1-1", 0},
        {"data\0/" SESSION "/profile.json", sizeof "data\0/" SESSION "/profile.json" - 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_text session = LI_TEXT("untouched"), key = {cases[i].bytes, cases[i].size};
        enum li_object object = LI_OBJECT_COUNT;
        if (!key.size)
            key = li_text_of(cases[i].bytes);
        check(!li_store_parse_key(key, &session, &object), "case %zu", i);
        check(object == LI_OBJECT_COUNT && session.size == 9, "case %zu", i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sessions),
        cmocka_unit_test(test_keys_round_trip),
        cmocka_unit_test(test_hostile_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
