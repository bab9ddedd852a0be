/* Every shape of export: recognised by its content, each row counted once, nothing private kept. The files
 * are made by tools/make_exports: 10 plays of one song, 5 of another, 5 of a third. */
#include "history_check.h"

struct export {
    const char *file;
    enum li_history_format format;
    size_t files, rows;
    struct {
        enum li_skip reason;
        size_t count;
    } skipped[5];
    size_t names;
};

static const struct export EXPORTS[] = {
    {"spotify_extended.json",
     LI_HISTORY_SPOTIFY_EXTENDED,
     1,
     25,
     {{LI_SKIP_PODCAST, 1},
      {LI_SKIP_NO_ARTIST, 1},
      {LI_SKIP_TOO_SHORT, 1},
      {LI_SKIP_PRIVATE, 1},
      {LI_SKIP_DUPLICATE, 1}},
     0},
    {"spotify_extended_2025.json",
     LI_HISTORY_SPOTIFY_EXTENDED,
     1,
     26,
     {{LI_SKIP_PODCAST, 1},
      {LI_SKIP_AUDIOBOOK, 1},
      {LI_SKIP_TOO_SHORT, 1},
      {LI_SKIP_PRIVATE, 1},
      {LI_SKIP_DUPLICATE, 1}},
     0},
    {"spotify_extended.zip", LI_HISTORY_SPOTIFY_EXTENDED, 1, 25, {{LI_SKIP_PODCAST, 1}}, 0},
    {"spotify_account.json", LI_HISTORY_SPOTIFY_ACCOUNT, 1, 20, {{0, 0}}, 0},
    {"lastfm_table.csv", LI_HISTORY_LASTFM_TABLE, 1, 20, {{0, 0}}, 0},
    {"lastfm_pages.json", LI_HISTORY_LASTFM_PAGES, 1, 21, {{LI_SKIP_NOT_PLAY, 1}}, 0},
    {"lastfm_plain.csv", LI_HISTORY_LASTFM_PLAIN, 1, 20, {{0, 0}}, 0},
    {"lastfm_stats.csv", LI_HISTORY_LASTFM_STATS_TABLE, 1, 20, {{0, 0}}, 0},
    {"lastfm_stats.json", LI_HISTORY_LASTFM_STATS, 1, 20, {{0, 0}}, 0},
    {"listenbrainz.jsonl", LI_HISTORY_LISTENBRAINZ, 1, 20, {{0, 0}}, 0},
    {"listenbrainz.json", LI_HISTORY_LISTENBRAINZ, 1, 20, {{0, 0}}, 0},
    {"listenbrainz.zip", LI_HISTORY_LISTENBRAINZ, 1, 20, {{0, 0}}, 0},
    {"maloja.json", LI_HISTORY_MALOJA, 1, 20, {{0, 0}}, 0},
    {"apple_nested.zip",
     LI_HISTORY_APPLE_ACTIVITY,
     3,
     28,
     {{LI_SKIP_NOT_PLAY, 1}, {LI_SKIP_NO_ARTIST, 1}, {LI_SKIP_DUPLICATE, 3}},
     3},
    {"apple_daily.csv", LI_HISTORY_APPLE_DAILY, 1, 3, {{0, 0}}, 0},
    {"deezer.xlsx", LI_HISTORY_DEEZER, 1, 20, {{0, 0}}, 0},
    {"youtube.json", LI_HISTORY_YOUTUBE, 1, 21, {{LI_SKIP_VIDEO, 1}}, 0},
};

enum { EXPORT_COUNT = sizeof EXPORTS / sizeof *EXPORTS };

static void assert_the_listener(const struct li_history *history) {
    assert_int_equal(li_history_artist_count(history), 2);
    uint32_t nova = 0, bjork = 0, boats = 0;
    for (size_t i = 0; i < 2; i++) {
        struct li_heard_artist artist = li_history_artist(history, i);
        if (li_text_equal(artist.name, LI_TEXT("Ana Nova")))
            nova = artist.plays;
        if (li_text_equal(artist.name, LI_TEXT("Björk Ørn")))
            bjork = artist.plays;
        assert_int_equal(artist.first_month, 23 * 12 + 10);
        assert_int_equal(artist.last_month, 23 * 12 + 10);
    }
    for (size_t i = 0; i < li_history_track_count(history); i++) {
        struct li_heard_track track = li_history_track(history, i);
        if (li_text_equal(track.title, LI_TEXT("Paper Boats, Slowly")))
            boats = track.plays;
    }
    assert_int_equal(nova, 15);
    assert_int_equal(bjork, 5);
    assert_int_equal(boats, 10);
}

static void each_export_is_recognised_and_counted(void **state) {
    (void)state;
    for (size_t i = 0; i < EXPORT_COUNT; i++) {
        const struct export *export = &EXPORTS[i];
        char path[512];
        struct li_error err = {0};
        struct li_history *history = new_history();
        export_path(export->file, path, sizeof path);
        if (li_history_add_path(history, path, &err) != LI_OK)
            fail_msg("%s: %s", export->file, err.message);
        li_history_finish(history);
        const struct li_history_report *report = li_history_get_report(history);
        print_message("%s\n", export->file);
        assert_true(report->rows[export->format] > 0);
        assert_int_equal(report->files, export->files);
        assert_int_equal(report->rows_read, export->rows);
        assert_int_equal(report->plays, 20);
        assert_int_equal(report->names, export->names);
        assert_int_equal(report->truncated, 0);
        for (size_t s = 0; s < 5; s++)
            if (export->skipped[s].count)
                assert_int_equal(report->skipped[export->skipped[s].reason], export->skipped[s].count);
        assert_adds_up(report);
        assert_the_listener(history);
        li_history_free(history);
    }
}

/* Reading in pieces of one byte gives what reading at once gives. */
static void the_size_of_pieces_does_not_matter(void **state) {
    (void)state;
    static const size_t STEPS[] = {1, 13, 4096, 1 << 20};
    for (size_t i = 0; i < EXPORT_COUNT; i++) {
        char path[512];
        static char bytes[1 << 20];
        export_path(EXPORTS[i].file, path, sizeof path);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (size_t s = 0; s < sizeof STEPS / sizeof *STEPS; s++) {
            struct li_history *history = new_history();
            assert_int_equal(add_bytes(history, (struct li_text){bytes, size}, STEPS[s], NULL), LI_OK);
            li_history_finish(history);
            assert_int_equal(li_history_get_report(history)->rows_read, EXPORTS[i].rows);
            assert_the_listener(history);
            li_history_free(history);
        }
    }
}

/* All at once: the same plays from many services count once. */
static void a_mixture_counts_each_play_once(void **state) {
    (void)state;
    char path[512];
    struct li_history *history = new_history();
    export_path("", path, sizeof path);
    assert_int_equal(li_history_add_path(history, path, NULL), LI_OK);
    li_history_finish(history);
    const struct li_history_report *report = li_history_get_report(history);
    assert_true(report->files >= 15);
    assert_adds_up(report);
    uint32_t nova = 0;
    for (size_t i = 0; i < li_history_artist_count(history); i++)
        if (li_text_equal(li_history_artist(history, i).name, LI_TEXT("Ana Nova")))
            nova = li_history_artist(history, i).plays;
    assert_in_range(nova, 15, 30); /* Apple's titles come without an artist, so that they may count again */
    li_history_free(history);
}

/* Apple's library names the artists of the plays, as its lists of tracks do. */
static void a_library_names_the_artists(void **state) {
    (void)state;
    char path[512];
    struct li_history *history = new_history();
    export_path("apple_activity.csv", path, sizeof path);
    assert_int_equal(li_history_add_path(history, path, NULL), LI_OK);
    export_path("apple_library.json", path, sizeof path);
    assert_int_equal(li_history_add_path(history, path, NULL), LI_OK);
    li_history_finish(history);
    const struct li_history_report *report = li_history_get_report(history);
    assert_int_equal(report->rows[LI_HISTORY_APPLE_LIBRARY], 3);
    assert_int_equal(report->names, 3);
    assert_int_equal(report->plays, 20);
    assert_int_equal(report->skipped[LI_SKIP_NO_ARTIST], 1);
    assert_adds_up(report);
    assert_the_listener(history);
    li_history_free(history);
}

static void hours_and_months_are_those_of_the_listener(void **state) {
    (void)state;
    char path[512];
    struct li_history_options options = {.now_ms = (int64_t)NOW_S * 1000, .utc_offset_min = 120};
    struct li_history *history = NULL;
    assert_int_equal(li_history_new(&options, &history, NULL), LI_OK);
    export_path("lastfm_table.csv", path, sizeof path);
    assert_int_equal(li_history_add_path(history, path, NULL), LI_OK);
    li_history_finish(history);
    /* The first play began on Tuesday at 22:13 UTC, Wednesday 00:13 here. */
    const uint32_t *hours = li_history_hours(history);
    assert_int_equal(hours[2 * 24 + 0], 1);
    assert_int_equal(hours[1 * 24 + 22], 0);
    uint32_t sum = 0;
    for (int i = 0; i < 7 * 24; i++)
        sum += hours[i];
    assert_int_equal(sum, 20);
    li_history_free(history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_export_is_recognised_and_counted),
        cmocka_unit_test(the_size_of_pieces_does_not_matter),
        cmocka_unit_test(a_mixture_counts_each_play_once),
        cmocka_unit_test(a_library_names_the_artists),
        cmocka_unit_test(hours_and_months_are_those_of_the_listener),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
