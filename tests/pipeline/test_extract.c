/* Sessions, search and extract: what is let in, what is kept. */
#include "fixture.h"

static enum li_status extract(const struct li_artist_choice *choices, size_t count, json_t **out,
                              struct li_error *err) {
    const struct li_extract_request request = {LI_TEXT(SESSION), choices, count};
    json_t *untouched = json_null();
    struct li_extract_response response = {untouched};
    enum li_status status = li_pipeline_extract(&STAGES.pipeline, &request, &response, err);
    if (status)
        assert_ptr_equal(response.document, untouched);
    else if (out)
        *out = response.document;
    else
        json_decref(response.document);
    return status;
}

static void test_create_session(void **state) {
    (void)state;
    struct li_create_session_response a = {0}, b = {0};
    assert_int_equal(li_pipeline_create_session(&STAGES.pipeline, &a, NULL), LI_OK);
    assert_int_equal(li_pipeline_create_session(&STAGES.pipeline, &b, NULL), LI_OK);
    assert_true(li_session_valid(li_json_get_text(a.document, "session_id")));
    assert_string_not_equal(text_at(a.document, "session_id"), text_at(b.document, "session_id"));
    assert_string_equal(text_at(a.document, "created_at"), "2027-01-15T08:00:00.000Z");
    assert_string_equal(text_at(a.document, "expires_at"), "2027-01-16T08:00:00.000Z");
    assert_int_equal(json_object_size(a.document), 3);
    assert_int_equal(STAGES.store.calls, 0);
    json_decref(a.document);
    json_decref(b.document);
}

static void test_search(void **state) {
    (void)state;
    static char long_words[LI_SOURCE_QUERY_MAX + 1];
    memset(long_words, 'm', sizeof long_words);
    const struct {
        struct li_text words;
        size_t limit;
        enum li_status status;
        size_t found;
    } cases[] = {
        {LI_TEXT("m"), 0, LI_OK, 3},
        {LI_TEXT("m"), 2, LI_OK, 2},
        {LI_TEXT("m"), LI_SOURCE_HITS_MAX, LI_OK, 3},
        {LI_TEXT("m"), LI_SOURCE_HITS_MAX + 1, LI_INVALID, 0},
        {LI_TEXT(""), 0, LI_OK, 0},
        {LI_TEXT("zzz"), 0, LI_OK, 0},
        {{long_words, LI_SOURCE_QUERY_MAX}, 0, LI_OK, 0},
        {{long_words, LI_SOURCE_QUERY_MAX + 1}, 0, LI_INVALID, 0},
        {LI_TEXT("\xff"), 0, LI_INVALID, 0},
        {{"a\0b", 3}, 0, LI_INVALID, 0},
        {LI_TEXT("broken"), 0, LI_IO, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *untouched = json_null();
        struct li_search_response response = {untouched};
        struct li_error err = {0};
        enum li_status status = li_pipeline_search(
            &STAGES.pipeline, &(struct li_search_request){cases[i].words, cases[i].limit}, &response, &err);
        check(status == cases[i].status, "case %zu gave %s", i, li_status_name(status));
        check(status ? response.document == untouched && err.message[0]
                     : json_array_size(at(response.document, "artists")) == cases[i].found,
              "case %zu", i);
        if (!status)
            json_decref(response.document);
    }
}

static void test_search_members(void **state) {
    (void)state;
    struct li_search_response response = {0};
    struct li_arena arena = {0};
    assert_int_equal(
        li_pipeline_search(&STAGES.pipeline, &(struct li_search_request){LI_TEXT("rap"), 1}, &response, NULL),
        LI_OK);
    assert_string_equal(
        li_json_print(response.document, &arena).data,
        "{\"artists\":[{\"id\":\"rap\",\"name\":\"MC Exemple\",\"genres\":[\"french hip hop\"],"
        "\"image\":null,\"popularity\":50,\"source\":\"fake\"}]}");
    json_decref(response.document);
    li_arena_release(&arena);
}

static void test_how_many(void **state) {
    (void)state;
    static const struct {
        const char *words;
        enum li_status status;
    } cases[] = {
        {"", LI_INVALID},
        {"rap", LI_OK},
        {"n1 n2 n3 n4 n5 n6 n7 n8 n9 n10", LI_OK},
        {"n1 n2 n3 n4 n5 n6 n7 n8 n9 n10 n11", LI_INVALID},
        {"rap metal rap", LI_INVALID},
        {"measured rap alias", LI_INVALID}, /* one artist by two ids */
        {"rap nobody", LI_NOT_FOUND},
        {"rap RAP", LI_NOT_FOUND},
        {"rap broken", LI_IO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {0};
        STAGES.store.puts = 0;
        enum li_status status = stages_extract(&STAGES, cases[i].words, NULL, &err);
        check(status == cases[i].status, "\"%s\": %s", cases[i].words, err.message);
        check(status == LI_OK || err.message[0], "\"%s\"", cases[i].words);
        check(STAGES.store.puts == (status ? 0 : 1), "\"%s\"", cases[i].words);
    }
}

static void test_limits_of_a_choice(void **state) {
    (void)state;
    static char x[LI_NAME_MAX + 1];
    struct li_text tags[LI_GENRE_TAGS_MAX + 1], tag_long[] = {{x, LI_GENRE_TAG_MAX}},
                                                tag_over[] = {{x, LI_GENRE_TAG_MAX + 1}},
                                                tag_empty[] = {{"", 0}};
    memset(x, 'x', sizeof x);
    for (size_t i = 0; i <= LI_GENRE_TAGS_MAX; i++)
        tags[i] = LI_TEXT("rock");
    const struct {
        struct li_artist_choice choice;
        enum li_status status;
    } cases[] = {
        {{.id = {x, LI_ID_MAX}, .name = {x, LI_NAME_MAX}, .genres = tags, .genre_count = LI_GENRE_TAGS_MAX},
         LI_OK},
        {{.id = {x, 1}, .name = {x, 1}, .genres = tag_long, .genre_count = 1}, LI_OK},
        {{.id = {"", 0}, .name = {x, 1}, .genres = tags, .genre_count = 1}, LI_INVALID},
        {{.id = {x, LI_ID_MAX + 1}, .name = {x, 1}, .genres = tags, .genre_count = 1}, LI_INVALID},
        {{.id = {x, 1}, .name = {x, LI_NAME_MAX + 1}, .genres = tags, .genre_count = 1}, LI_INVALID},
        {{.id = {x, 1}, .name = {x, 1}, .genres = tags, .genre_count = LI_GENRE_TAGS_MAX + 1}, LI_INVALID},
        {{.id = {x, 1}, .name = {x, 1}, .genres = tag_over, .genre_count = 1}, LI_INVALID},
        {{.id = {x, 1}, .name = {x, 1}, .genres = tag_empty, .genre_count = 1}, LI_INVALID},
        {{.id = {x, 1}, .name = {x, 1}}, LI_NOT_FOUND}, /* a name alone says too little */
        {{.id = {x, 1}, .genres = tags, .genre_count = 1}, LI_NOT_FOUND},
        {{.id = {x, 1}}, LI_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {0};
        check(extract(&cases[i].choice, 1, NULL, &err) == cases[i].status, "case %zu: %s", i, err.message);
        check(cases[i].status != LI_INVALID || strstr(err.message, "artist 1 "), "case %zu: %s", i,
              err.message); /* which one is to blame */
    }
}

static void test_document(void **state) {
    (void)state;
    const struct li_text own[] = {LI_TEXT("french drill"), LI_TEXT("my own word")};
    const struct li_artist_choice choices[] = {
        {.id = LI_TEXT("long")},
        {.id = LI_TEXT("mixed"), .name = LI_TEXT("ignored"), .genres = own, .genre_count = 2},
        {.id = LI_TEXT("unheard of"), .name = LI_TEXT("Moi"), .genres = own, .genre_count = 1},
    };
    struct li_error err = {0};
    json_t *top = NULL;
    check(extract(choices, 3, &top, &err) == LI_OK, "%s", err.message);
    assert_string_equal(text_at(top, "session_id"), SESSION);
    assert_string_equal(text_at(top, "created_at"), "2027-01-15T08:00:00.000Z");
    assert_string_equal(text_at(top, "expires_at"), "2027-01-16T08:00:00.000Z");
    assert_int_equal(strlen(text_at(top, "run")), 32);
    assert_string_equal(text_at(top, "artists.0.genres.0"), "disco");
    assert_string_equal(text_at(top, "artists.1.name"), "Half & Half");     /* the source knows better */
    assert_string_equal(text_at(top, "artists.1.genres.1"), "my own word"); /* the caller's tags win */
    assert_int_equal(json_array_size(at(top, "artists.1.genres")), 2);
    assert_string_equal(text_at(top, "artists.2.name"), "Moi");
    assert_string_equal(text_at(top, "artists.2.source"), "request");
    assert_true(json_is_null(at(top, "artists.2.popularity")));
    assert_int_equal(json_array_size(at(top, "tracks")), LI_TRACKS_PER_ARTIST + 4); /* none for the unknown */
    assert_string_equal(text_at(top, "tracks.0.artist_id"), "long");
    assert_string_equal(text_at(top, "tracks.0.artist"), "Long Player");
    assert_true(json_is_null(at(top, "tracks.0.year")));
    assert_true(number_at(top, "tracks.1.year") == 2001);
    assert_true(number_at(top, "tracks.4.rank") == 5);
    assert_null(at(top, "tracks.0.features"));
    assert_null(at(top, "tracks.0.source"));
    assert_string_equal(text_at(top, "tracks.5.source"), "measured");
    assert_true(number_at(top, "tracks.6.features.danceability") == 0.55);
    assert_null(at(top, "tracks.7.features"));
    struct li_text printed = li_json_print(top, &STAGES.arena);
    assert_string_equal(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS), printed.data);
    json_decref(top);
}

static void test_run_says_which_artists(void **state) {
    (void)state;
    static const char *const words[] = {"rap metal", "rap metal", "metal rap", "rap", "rap mixed"};
    char runs[5][33];
    for (size_t i = 0; i < 5; i++) {
        STAGES.pipeline.clock.fixed_ms += 1000; /* the date is not part of it */
        json_t *top = stages_run(&STAGES, words[i], LI_OBJECT_TOP_TRACKS);
        snprintf(runs[i], sizeof runs[i], "%s", text_at(top, "run"));
        json_decref(top);
    }
    assert_string_equal(runs[0], runs[1]);
    for (size_t i = 2; i < 5; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(runs[i], runs[k]);
}

static void test_invalid_session(void **state) {
    (void)state;
    static const char *const sessions[] = {"", "short", "../../../../../../etc/", "abcdefghij.abcdefghij.."};
    const struct li_artist_choice rap = {.id = LI_TEXT("rap")};
    for (size_t i = 0; i < 4; i++) {
        const struct li_extract_request request = {li_text_of(sessions[i]), &rap, 1};
        struct li_extract_response response = {0};
        struct li_error err = {0};
        check(li_pipeline_extract(&STAGES.pipeline, &request, &response, &err) == LI_INVALID, "%s",
              sessions[i]);
        check(strstr(err.message, "create-session") && !response.document, "%s", sessions[i]);
    }
    assert_int_equal(STAGES.store.calls, 0);
}

static void test_new_artists_replace_the_old(void **state) {
    (void)state;
    json_decref(stages_run(&STAGES, "rap odd", LI_OBJECT_PROFILE));
    const char *profile = stages_stored(&STAGES, LI_OBJECT_PROFILE),
               *top = stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS);
    assert_int_equal(stages_extract(&STAGES, "metal nobody", NULL, NULL), LI_NOT_FOUND);
    assert_string_equal(stages_stored(&STAGES, LI_OBJECT_PROFILE),
                        profile); /* a refused request changes nothing */
    assert_string_equal(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS), top);
    assert_int_equal(stages_extract(&STAGES, "metal", NULL, NULL), LI_OK);
    assert_null(stages_stored(&STAGES, LI_OBJECT_PROFILE));
    assert_null(stages_stored(&STAGES, LI_OBJECT_ENRICHED_TRACKS));
    assert_string_not_equal(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS), top);
}

struct raised {
    int count;
    enum li_object last;
};

static void on_raise(void *context, struct li_text session, enum li_object written) {
    struct raised *raised = context;
    assert_true(li_text_equal(session, LI_TEXT(SESSION)));
    raised->count++;
    raised->last = written;
}

static void test_writing_raises_an_event(void **state) {
    (void)state;
    struct raised raised = {0, LI_OBJECT_COUNT};
    STAGES.pipeline.raise = on_raise;
    STAGES.pipeline.raise_context = &raised;
    assert_int_equal(stages_extract(&STAGES, "nobody", NULL, NULL), LI_NOT_FOUND);
    assert_int_equal(raised.count, 0);
    assert_int_equal(stages_extract(&STAGES, "rap", NULL, NULL), LI_OK);
    assert_true(raised.count == 1 && raised.last == LI_OBJECT_TOP_TRACKS);
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
    assert_true(raised.count == 2 && raised.last == LI_OBJECT_ENRICHED_TRACKS);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_FR, NULL, NULL), LI_OK);
    assert_true(raised.count == 3 && raised.last == LI_OBJECT_PROFILE);
    STAGES.store.fail_at = STAGES.store.calls + 3;
    STAGES.store.fail_with = LI_FULL;
    assert_int_equal(stages_extract(&STAGES, "rap", NULL, NULL),
                     LI_FULL); /* what was not kept raises nothing */
    assert_int_equal(raised.count, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_create_session, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_search, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_search_members, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_how_many, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_limits_of_a_choice, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_document, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_run_says_which_artists, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_invalid_session, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_new_artists_replace_the_old, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_writing_raises_an_event, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
