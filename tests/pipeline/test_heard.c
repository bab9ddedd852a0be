/* Who is heard in a listening history, to the number, and what is said about its files. */
#include "listener.h"
#include "pieces.h"

static json_t *stored_top(void) {
    json_t *top = NULL;
    assert_int_equal(li_json_parse(li_text_of(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS)), &top, NULL),
                     LI_OK);
    return top;
}

/* ---- who is heard ---- */

static void artists_weigh_the_logarithm_of_their_plays(void **state) {
    (void)state;
    const double half_year_days = 6 * 30.44;
    for (int recent = 0; recent < 2; recent++) {
        struct li_history *history = new_history();
        play(history, "metal", FIRST, 30);
        play(history, "bare", FIRST + 12, 10);
        json_decref(import(&STAGES, history, recent ? half_year_days : 0, LI_LANG_EN));
        json_t *top = stored_top();
        assert_string_equal(text_at(top, "artists.0.id"), recent ? "bare" : "metal");
        /* A year ago is two half-lives: thirty plays count as 7.5. */
        check_near(number_at(top, recent ? "artists.1.weight" : "artists.0.weight"),
                   log2(1 + (recent ? 7.5 : 30)), 0.000051);
        check_near(number_at(top, recent ? "artists.0.weight" : "artists.1.weight"), log2(11), 0.000051);
        assert_int_equal(number_at(top, recent ? "artists.1.plays" : "artists.0.plays"), 30);
        assert_true(recent ? number_at(top, "history.half_life_days") == 182.6
                           : json_is_null(at(top, "history.half_life_days")));
        json_decref(top);
    }
}

/* Who is heard too long ago to weigh anything is left out; the newest known artist weighs something always.
 */
static void what_weighs_nothing_is_left_out(void **state) {
    (void)state;
    static const struct {
        const char *recent;
        double half_life_days;
        size_t artists;
    } cases[] = {{"bare", 30, 1}, {"Nobody Heard Of", 30, 1}, {"Nobody Heard Of", 0.1, 1}, {"bare", 365, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_history *history = new_history();
        json_t *profile = NULL;
        play(history, "metal", FIRST, 1);
        play(history, cases[i].recent, FIRST + 28, 19);
        json_decref(import(&STAGES, history, cases[i].half_life_days, LI_LANG_EN));
        assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
        assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, &profile, NULL), LI_OK);
        check(json_array_size(at(profile, "artists")) == cases[i].artists, "case %zu: %zu artists", i,
              json_array_size(at(profile, "artists")));
        json_decref(profile);
    }
}

static enum li_status timeline_status(void) {
    const struct li_timeline_request request = {LI_TEXT(SESSION), LI_LANG_EN};
    struct li_timeline_response response = {0};
    enum li_status status = li_pipeline_timeline(&STAGES.pipeline, &request, &response, NULL);
    json_decref(response.document);
    return status;
}

static void fail_top(struct fake_store *store, enum fake_call call, struct li_text session,
                     enum li_object object) {
    (void)session;
    store->fail_at = call == FAKE_PUT && object == LI_OBJECT_TOP_TRACKS ? store->calls : 0;
}

/* The tracks and the timeline of a history belong together, whatever fails. */
static void an_import_that_fails_leaves_the_history_before(void **state) {
    struct li_history *first = new_history(), *second = new_history();
    const struct li_import_request request = {LI_TEXT(SESSION), second, 0, LI_LANG_EN};
    struct li_import_response response = {0};
    (void)state;
    play(first, "metal", FIRST, 5);
    play(second, "bare", FIRST, 5);
    json_decref(import(&STAGES, first, 0, LI_LANG_EN));
    assert_int_equal(timeline_status(), LI_OK);
    li_history_finish(second);
    STAGES.store.before = fail_top;
    STAGES.store.fail_with = LI_FULL;
    assert_int_equal(li_pipeline_import(&STAGES.pipeline, &request, &response, NULL), LI_FULL);
    STAGES.store.before = NULL;
    STAGES.store.fail_at = 0;
    assert_int_equal(timeline_status(), LI_OK);
    li_history_free(second);
}

static void two_names_of_one_artist_count_together(void **state) {
    (void)state;
    struct li_history *history = new_history();
    play(history, "metal", FIRST, 5);
    play(history, "alias", FIRST, 4);
    play(history, "measured", FIRST, 3);
    json_t *document = import(&STAGES, history, 0, LI_LANG_EN), *top = stored_top();
    assert_int_equal(number_at(document, "history.artists"), 3);
    assert_int_equal(number_at(document, "history.matched_artists"), 2);
    assert_int_equal(json_array_size(at(top, "artists")), 2);
    assert_string_equal(text_at(top, "artists.0.id"), "measured");
    assert_int_equal(number_at(top, "artists.0.plays"), 7);
    assert_int_equal(number_at(top, "artists.1.plays"), 5);
    json_decref(top);
    json_decref(document);
}

static void a_source_that_fails_is_told(void **state) {
    (void)state;
    struct li_history *history = new_history();
    struct li_import_response response = {0};
    struct li_error err = {0};
    play(history, "metal", FIRST, 5);
    play(history, "broken", FIRST, 4);
    li_history_finish(history);
    const struct li_import_request request = {.session = LI_TEXT(SESSION), .history = history};
    assert_int_equal(li_pipeline_import(&STAGES.pipeline, &request, &response, &err), LI_IO);
    assert_true(!response.document && err.message[0]);
    assert_null(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS));
    li_history_free(history);
}

/* The five titles heard most, whenever they came; those that the source knows have its ids and years. */
static void an_artist_brings_the_titles_heard_most(void **state) {
    static const struct {
        const char *title;
        int plays;
    } HEARD[] = {{"song  3", 4}, {"Own A", 6}, {"Own B", 1}, {"Own C", 3},
                 {"Own D", 5},   {"Own E", 7}, {"Song 1", 8}};
    static const struct {
        const char *title, *id;
        int plays, year;
    } WANTED[] = {{"Song 1", "long/0", 8, 0},
                  {"Own E", "long/heard-2", 7, 0},
                  {"Own A", "long/heard-3", 6, 0},
                  {"Own D", "long/heard-4", 5, 0},
                  {"song  3", "long/2", 4, 2002}};
    struct li_history *history = new_history();
    (void)state;
    for (size_t i = 0; i < sizeof HEARD / sizeof *HEARD; i++)
        play_title(history, "long", HEARD[i].title, FIRST, HEARD[i].plays);
    json_decref(import(&STAGES, history, 0, LI_LANG_EN));
    json_t *top = stored_top();
    assert_int_equal(json_array_size(at(top, "tracks")), 5);
    for (size_t i = 0; i < 5; i++) {
        const json_t *track = json_array_get(at(top, "tracks"), i);
        assert_string_equal(text_at(track, "title"), WANTED[i].title);
        assert_string_equal(text_at(track, "id"), WANTED[i].id);
        assert_string_equal(text_at(track, "artist_id"), "long");
        assert_int_equal(number_at(track, "plays"), WANTED[i].plays);
        assert_int_equal(number_at(track, "rank"), i + 1);
        if (WANTED[i].year)
            assert_int_equal(number_at(track, "year"), WANTED[i].year);
        else
            assert_true(json_is_null(at(track, "year")));
    }
    json_decref(top);
}

/* Two names of one artist: their equal titles are one track, which is among the five by the plays of both. */
static void titles_of_two_names_count_together(void **state) {
    static const struct {
        const char *artist, *title;
        int plays;
    } HEARD[] = {{"measured", "Get Lucky", 10}, {"measured", "Own A", 9},  {"measured", "Own B", 8},
                 {"measured", "Own C", 7},      {"measured", "Own D", 6},  {"measured", "Late", 5},
                 {"alias", "LATE!", 6},         {"alias", "get lucky", 8}, {"metal", "Late", 30}};
    static const struct {
        const char *title;
        int plays;
    } WANTED[] = {{"Get Lucky", 18}, {"Late", 11}, {"Own A", 9}, {"Own B", 8}, {"Own C", 7}, {"Late", 30}};
    struct li_history *history = new_history();
    (void)state;
    for (size_t i = 0; i < sizeof HEARD / sizeof *HEARD; i++)
        play_title(history, HEARD[i].artist, HEARD[i].title, FIRST, HEARD[i].plays);
    json_decref(import(&STAGES, history, 0, LI_LANG_EN));
    json_t *top = stored_top();
    assert_int_equal(json_array_size(at(top, "tracks")), sizeof WANTED / sizeof *WANTED);
    for (size_t i = 0; i < sizeof WANTED / sizeof *WANTED; i++) {
        const json_t *track = json_array_get(at(top, "tracks"), i);
        assert_string_equal(text_at(track, "title"), WANTED[i].title);
        assert_string_equal(text_at(track, "artist_id"), i < 5 ? "measured" : "metal");
        assert_int_equal(number_at(track, "plays"), WANTED[i].plays);
    }
    json_decref(top);
}

static void twenty_unknown_names_are_shown(void **state) {
    (void)state;
    struct li_history *history = new_history();
    play(history, "metal", FIRST, 1);
    for (int i = 1; i <= 25; i++) {
        char name[32];
        int plays = i * 7 % 26; /* 1 to 25 in another order */
        snprintf(name, sizeof name, "Unknown of %d", plays);
        play(history, name, FIRST, plays);
    }
    json_t *document = import(&STAGES, history, 0, LI_LANG_EN);
    assert_int_equal(json_array_size(at(document, "unknown_artists")), 20);
    for (int i = 0; i < 20; i++) {
        char name[32];
        const json_t *artist = json_array_get(at(document, "unknown_artists"), (size_t)i);
        snprintf(name, sizeof name, "Unknown of %d", 25 - i);
        assert_string_equal(text_at(artist, "name"), name);
        assert_int_equal(number_at(artist, "plays"), 25 - i);
    }
    json_decref(document);
}

/* ---- what is said about the files ---- */

#define ACCOUNT_ROW                                                                                          \
    "{\"endTime\":\"2023-04-12 13:47\",\"artistName\":\"metal\",\"trackName\":\"Tide\",\"msPlayed\":90000}"
#define EXTENDED_ROW                                                                                         \
    "{\"ts\":\"2023-01-01T00:00:00Z\",\"ms_played\":90000,\"master_metadata_track_name\":\"Tide\","          \
    "\"master_metadata_album_artist_name\":\"metal\"}"
#define APPLE                                                                                                \
    "Song Name,Play Duration Milliseconds,Event Start Timestamp,Event Type\n"                                \
    "Tide,90000,2023-01-01T00:00:00Z,PLAY_END\n"

static void add_text(struct li_history *history, const char *text) {
    struct pieces pieces = {li_text_of(text), SIZE_MAX};
    struct li_error err = {0};
    if (text)
        check(li_history_add(history, pieces_take, &pieces, &err) == LI_OK, "%s: %s", text, err.message);
}

static void a_package_that_holds_less_is_named(void **state) {
    static const struct {
        const char *first, *second, *id, *word[LI_LANG_COUNT]; /* id NULL: nothing to say */
    } CASES[] = {
        {"[" ACCOUNT_ROW "]",
         NULL,
         "spotify_account_package",
         {"Extended streaming history", "historique de streaming étendu"}},
        {"[" ACCOUNT_ROW "]", "[" EXTENDED_ROW "]", NULL, {0}},
        {"[" EXTENDED_ROW "]", NULL, NULL, {0}},
        {"[" EXTENDED_ROW ",{", NULL, "cut_short", {"breaks off", "s'interrompt"}},
        {APPLE, NULL, "apple_without_artists", {"names no artists", "ne nomme pas les artistes"}},
        {APPLE, "Track Name,Last Played Date\nmetal - Tide,1700000000000\n", NULL, {0}},
        {"[{\"header\":\"YouTube Music\",\"title\":\"Watched Tide\",\"time\":\"2023-01-01T00:00:00Z\","
         "\"subtitles\":[{\"name\":\"metal - Topic\"}]}]",
         NULL,
         "youtube_no_durations",
         {"every start counts", "chaque lecture compte"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
            struct li_history *history = new_history();
            play(history, "metal", FIRST, 1);
            add_text(history, CASES[i].first);
            add_text(history, CASES[i].second);
            json_t *document = import(&STAGES, history, 0, (enum li_lang)lang);
            check(json_array_size(at(document, "notes")) == (CASES[i].id != NULL), "case %zu", i);
            if (CASES[i].id) {
                assert_string_equal(text_at(document, "notes.0.id"), CASES[i].id);
                check(strstr(text_at(document, "notes.0.text"), CASES[i].word[lang]), "case %zu: %s", i,
                      text_at(document, "notes.0.text"));
            }
            json_decref(document);
        }
    }
}

static void titles_over_the_limit_are_said(void **state) {
    static char title[2000];
    struct li_history *history = new_history();
    (void)state;
    memset(title, 'x', sizeof title - 1);
    for (int i = 0; i < 2150; i++) {
        snprintf(title, sizeof title, "%d", i);
        title[strlen(title)] = ' ';
        play_title(history, "metal", title, FIRST, 1);
    }
    json_t *document = import(&STAGES, history, 0, LI_LANG_EN);
    assert_int_equal(number_at(document, "report.plays"), 2150);
    assert_string_equal(text_at(document, "notes.0.id"), "titles_over_limit");
    json_decref(document);
}

static void the_report_counts_each_row(void **state) {
    (void)state;
    struct li_history *history = new_history();
    add_text(history, "[" ACCOUNT_ROW "," ACCOUNT_ROW
                      ",{\"endTime\":\"2023-04-12 15:00\",\"episodeName\":\"A talk\",\"msPlayed\":90000}]");
    li_history_add_play(history, LI_TEXT("metal"), LI_TEXT("Tide"), 1681310000000, 1000);
    json_t *document = import(&STAGES, history, 0, LI_LANG_EN), *report = at(document, "report");
    assert_int_equal(json_array_size(at(report, "formats")), 1);
    assert_string_equal(text_at(report, "formats.0.format"), "spotify_account");
    assert_int_equal(number_at(report, "formats.0.files"), 1);
    assert_int_equal(number_at(report, "formats.0.rows"), 3);
    assert_int_equal(number_at(report, "rows"), 4);
    assert_int_equal(number_at(report, "rows_counted"), 1);
    assert_int_equal(number_at(report, "rows_naming_artists"), 0);
    assert_int_equal(number_at(report, "plays"), 1);
    assert_int_equal(number_at(report, "files_ignored"), 0);
    assert_int_equal(number_at(report, "files_cut_short"), 0);
    assert_int_equal(json_object_size(at(report, "skipped")), 3);
    assert_int_equal(number_at(report, "skipped.podcast"), 1);
    assert_int_equal(number_at(report, "skipped.duplicate"), 1);
    assert_int_equal(number_at(report, "skipped.too_short"), 1);
    assert_string_equal(text_at(report, "first"), "2023-04-12T13:45:30.000Z");
    assert_string_equal(text_at(report, "last"), "2023-04-12T13:45:30.000Z");
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(artists_weigh_the_logarithm_of_their_plays, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(what_weighs_nothing_is_left_out, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(an_import_that_fails_leaves_the_history_before, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(an_artist_brings_the_titles_heard_most, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(two_names_of_one_artist_count_together, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(titles_of_two_names_count_together, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(a_source_that_fails_is_told, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(twenty_unknown_names_are_shown, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(a_package_that_holds_less_is_named, set_up_listener,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(titles_over_the_limit_are_said, set_up_listener, tear_down_stages),
        cmocka_unit_test_setup_teardown(the_report_counts_each_row, set_up_listener, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
