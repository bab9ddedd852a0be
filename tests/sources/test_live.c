/* The parts of the live source that ask nobody: addresses, ranking, ids, the choice of tags. */
#include "check.h"

#include "sources/live_priv.h"

static bool is(struct li_text text, const char *wanted) {
    return li_text_equal(text, li_text_of(wanted));
}

static void test_hosts(void **state) {
    (void)state;
    static const struct {
        const char *url, *wanted;
    } cases[] = {
        {"https://api.deezer.com/search?q=a@b", "api.deezer.com"},
        {"http://127.0.0.1:9100/deezer", "127.0.0.1"},
        {"http://[::1]:80/x", "[::1]"},
        {"https://host", "host"},
        {"https://host?x", "host"},
        {"https://user:pass@host/", ""},
        {"http://[::1", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(is(li_url_host(li_text_of(cases[i].url)), cases[i].wanted), "%s", cases[i].url);
}

static void test_own_ids(void **state) {
    (void)state;
    static const struct {
        const char *id, *wanted;
    } cases[] = {{"deezer:27", "27"},     {"deezer:", ""},   {"deezer:1/2", ""}, {"deezer:../x", ""},
                 {"spotify:27", ""},      {"27", ""},        {"", ""},           {"deezer:1?x", ""},
                 {"deezer:\xc3\xa9", ""}, {"deezer:1 2", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(is(li_live_own_id(li_text_of(cases[i].id), LI_DEEZER_PREFIX), cases[i].wanted), "%s",
              cases[i].id);
}

static void test_ranking(void **state) {
    (void)state;
    struct li_answer_artist artists[] = {
        {.id = LI_TEXT("1"), .name = LI_TEXT("Tribute to Adele"), .fans = 99000000},
        {.id = LI_TEXT("2"), .name = LI_TEXT("Adele Quistrell"), .fans = 9500000},
        {.id = LI_TEXT("3"), .name = LI_TEXT("ADÈLE"), .fans = 12},
        {.id = LI_TEXT("4"), .name = LI_TEXT("Adele"), .fans = 9000000},
        {.id = LI_TEXT("5"), .name = LI_TEXT("Adele!"), .fans = 12},
        {.id = LI_TEXT("6"), .name = LI_TEXT("Adele"), .fans = -1},
    };
    static const char *const wanted[] = {"4", "3", "5", "6", "2", "1"};
    li_live_rank(artists, 6, LI_TEXT("adele"));
    for (size_t i = 0; i < 6; i++)
        check(is(artists[i].id, wanted[i]), "place %zu is %.*s", i, LI_TEXT_ARG(artists[i].id));
    struct li_answer_artist signs[] = {{.id = LI_TEXT("1"), .name = LI_TEXT("???"), .fans = 9},
                                       {.id = LI_TEXT("2"), .name = LI_TEXT("!!! Band"), .fans = 8},
                                       {.id = LI_TEXT("3"), .name = LI_TEXT("!!!"), .fans = 7}};
    li_live_rank(signs, 3, LI_TEXT("!!!"));
    check(is(signs[0].id, "3"), "the name of signs that was asked for comes first");
}

static void test_popularity(void **state) {
    (void)state;
    assert_int_equal(li_live_popularity(-1), -1);
    assert_int_equal(li_live_popularity(0), 0);
    assert_int_equal(li_live_popularity(20000000), 100);
    assert_int_equal(li_live_popularity(INT64_MAX), 100);
    for (int64_t fans = 1; fans < 20000000; fans *= 3)
        check(li_live_popularity(fans) <= li_live_popularity(fans * 3), "%d fans", (int)fans);
}

static void test_tags_worth_keeping(void **state) {
    (void)state;
    struct li_answer_artist artist = {
        .tags = {LI_TEXT("seen live"), LI_TEXT("house"), LI_TEXT("qwzxcore"),
                 LI_TEXT("2008 universal fire victim"), LI_TEXT("disco"), LI_TEXT("techno"), LI_TEXT("jazz"),
                 LI_TEXT("soul"), LI_TEXT("funk")},
        .is_genre = {false, false, true},
        .tag_count = 9,
    };
    static const char *const wanted[] = {"house", "qwzxcore", "disco", "techno", "jazz", "soul"};
    struct li_text chosen[LI_LIVE_GENRES_MAX];
    assert_int_equal(li_live_choose_tags(&artist, chosen), LI_LIVE_GENRES_MAX);
    for (size_t i = 0; i < LI_LIVE_GENRES_MAX; i++)
        check(is(chosen[i], wanted[i]), "tag %zu is %.*s", i, LI_TEXT_ARG(chosen[i]));
    artist.tag_count = 0;
    assert_int_equal(li_live_choose_tags(&artist, chosen), 0);
}

static void test_failures_of_providers(void **state) {
    (void)state;
    static const struct {
        enum li_status from, to;
    } cases[] = {{LI_OK, LI_OK},
                 {LI_NOT_FOUND, LI_NOT_FOUND},
                 {LI_INVALID, LI_INVALID},
                 {LI_CORRUPT, LI_BUSY},
                 {LI_UNSUPPORTED, LI_BUSY},
                 {LI_IO, LI_BUSY},
                 {LI_TOO_LARGE, LI_BUSY},
                 {LI_BUSY, LI_BUSY}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {.status = cases[i].from};
        check(li_live_failure(cases[i].from, &err) == cases[i].to && err.status == cases[i].to, "case %zu",
              i);
    }
}

static void test_settings_that_cannot_be(void **state) {
    (void)state;
    static const struct li_live_options cases[] = {
        {.deezer_url = "http://api.deezer.com"},
        {.deezer_url = "api.deezer.com"},
        {.deezer_url = "https://"},
        {.deezer_url = "https://a@b"},
        {.deezer_url = "https://a/?x"},
        {.musicbrainz_url = "http://10.0.0.1.example.org"},
        {.listenbrainz_url = "http://172.32.0.1"},
        {.mode = LI_LIVE_SPOTIFY},
        {.mode = LI_LIVE_SPOTIFY, .client_id = "id"},
        {.reccobeats_url = "file:///etc/passwd"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_source *source = NULL;
        struct li_error err = {0};
        enum li_status status = li_source_open_live(&cases[i], &source, &err);
        if (status == LI_UNSUPPORTED) {
            print_message("libcurl is not installed: skipped\n");
            skip();
        }
        check(status == LI_INVALID && !source && err.message[0], "case %zu", i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_own_ids),
        cmocka_unit_test(test_ranking),
        cmocka_unit_test(test_popularity),
        cmocka_unit_test(test_tags_worth_keeping),
        cmocka_unit_test(test_failures_of_providers),
        cmocka_unit_test(test_settings_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
