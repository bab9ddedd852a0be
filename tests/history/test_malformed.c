/* What other importers' users reported: each shape of damage has a test named after what it is. */
#include "folder.h"
#include "history_check.h"

#define GHAN "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
#define AT "1700000000"

struct outcome {
    size_t plays, rows, truncated;
    int reason; /* that one row was skipped for, -1 = none */
};

static void check_text(struct li_text text, const struct outcome *wanted) {
    struct li_history *history = new_history();
    struct li_error err = {0};
    if (add_bytes(history, text, 5, &err) != LI_OK)
        fail_msg("%s", err.message);
    li_history_finish(history);
    const struct li_history_report *report = li_history_get_report(history);
    assert_int_equal(report->plays, wanted->plays);
    assert_int_equal(report->rows_read, wanted->rows);
    assert_int_equal(report->truncated, wanted->truncated);
    if (wanted->reason >= 0)
        assert_int_equal(report->skipped[wanted->reason], 1);
    assert_adds_up(report);
    li_history_free(history);
}

static void check_history(const char *text, struct outcome wanted) {
    check_text(li_text_of(text), &wanted);
}

static struct li_text first_title(struct li_history *history) {
    assert_true(li_history_track_count(history) > 0);
    return li_history_track(history, 0).title;
}

static void check_title(const char *text, const char *title) {
    struct li_history *history = history_of(text);
    struct li_text found = first_title(history);
    check(li_text_equal(found, li_text_of(title)), "the title is %.*s", LI_TEXT_ARG(found));
    li_history_free(history);
}

static void commas_in_titles(void **state) {
    (void)state;
    check_title(GHAN AT ",,Nova,,,,\"Paper, Boats\",\n", "Paper, Boats");
    check_title("Nova,Album,\"Paper, Boats\",06 Sep 2023 14:23\n", "Paper, Boats");
    check_title("Nova,Album,Paper, Boats, Again,06 Sep 2023 14:23\n", "Paper, Boats, Again"); /* not quoted */
}

static void quotes_in_titles(void **state) {
    (void)state;
    check_title(GHAN AT ",,Nova,,,,\"The \"\"Real\"\" One\",\n", "The \"Real\" One");
    check_title(GHAN AT ",,Nova,,,,7\" Mix,\n", "7\" Mix");
    check_title(GHAN AT ",,Nova,,,,\"Two\nLines\",\n", "Two\nLines");
}

static void byte_order_mark(void **state) {
    (void)state;
    check_history("\xEF\xBB\xBF" GHAN AT ",,Nova,,,,Tide,\n", (struct outcome){1, 1, 0, -1});
    check_history(
        "\xEF\xBB\xBF[{\"endTime\":\"2023-04-12 13:47\",\"artistName\":\"Nova\",\"trackName\":\"Tide\","
        "\"msPlayed\":90000}]",
        (struct outcome){1, 1, 0, -1});
}

static void semicolons_and_tabs(void **state) {
    (void)state;
    check_history("uts;utc_time;artist;track\n" AT ";;Nova;Tide\n", (struct outcome){1, 1, 0, -1});
    check_history("uts\tutc_time\tartist\ttrack\n" AT "\t\tNova\tTide\n", (struct outcome){1, 1, 0, -1});
}

static void line_ends_of_every_kind(void **state) {
    (void)state;
    check_history("uts,artist,track\r\n" AT ",Nova,Tide\r\n\r\n1700009000,Nova,Tide\r\n",
                  (struct outcome){2, 2, 0, -1});
    check_history("uts,artist,track\r" AT ",Nova,Tide\r1700009000,Nova,Tide", (struct outcome){2, 2, 0, -1});
}

static void no_header(void **state) {
    (void)state;
    check_history("Nova,Album,Tide,\"06 Sep 2023, 14:23\"\n", (struct outcome){1, 1, 0, -1});
    check_history("Nova,Album,Tide,06 Sep 2023 14:23\n", (struct outcome){1, 1, 0, -1});
}

static void dates_of_1970_and_of_the_future(void **state) {
    (void)state;
    check_history(GHAN "0,\"01 Jan 1970, 00:00\",Nova,,,,Tide,\n",
                  (struct outcome){0, 1, 0, LI_SKIP_BAD_DATE});
    check_history(GHAN "4000000000,,Nova,,,,Tide,\n", (struct outcome){0, 1, 0, LI_SKIP_BAD_DATE});
    check_history(GHAN ",,Nova,,,,Tide,\n", (struct outcome){0, 1, 0, LI_SKIP_BAD_DATE});
    check_history("Nova,Album,Tide,06 Sep 2023 14:23\nNova,Album,Tide,31 Feb 2023 14:23\n",
                  (struct outcome){1, 2, 0, LI_SKIP_BAD_DATE});
}

static void epochs_with_fractions(void **state) {
    (void)state;
    check_history("{\"listened_at\":1700000000.25,\"track_metadata\":{\"artist_name\":\"Nova\",\"track_"
                  "name\":\"Tide\"}}\n",
                  (struct outcome){1, 1, 0, -1});
    check_history(
        "{\"listened_at\":1.7e9,\"track_metadata\":{\"artist_name\":\"Nova\",\"track_name\":\"Tide\"}}\n",
        (struct outcome){1, 1, 0, -1});
}

static void null_metadata(void **state) {
    (void)state;
    check_history("[{\"ts\":\"2023-01-01T00:00:00Z\",\"ms_played\":90000,\"master_metadata_track_name\":null,"
                  "\"master_metadata_album_artist_name\":null,\"spotify_track_uri\":null}]",
                  (struct outcome){0, 1, 0, LI_SKIP_NO_ARTIST});
}

static void half_written_json(void **state) {
    (void)state;
    check_history("[{\"endTime\":\"2023-04-12 "
                  "13:47\",\"artistName\":\"Nova\",\"trackName\":\"Tide\",\"msPlayed\":90000},"
                  "{\"endTime\":\"2023-04-12 15:",
                  (struct outcome){1, 1, 1, -1});
    check_history(
        "{\"listened_at\":1700000000,\"track_metadata\":{\"artist_name\":\"Nova\",\"track_name\":\"Tide\"}}\n"
        "{\"listened_at\":17000",
        (struct outcome){1, 1, 1, -1});
}

static void json_that_breaks_in_the_middle(void **state) {
    (void)state;
    check_history("[{\"endTime\":\"2023-04-12 "
                  "13:47\",\"artistName\":\"Nova\",\"trackName\":\"Tide\",\"msPlayed\":90000},"
                  "oops]",
                  (struct outcome){1, 1, 1, -1});
}

static void a_quote_that_never_closes(void **state) {
    (void)state;
    check_history(GHAN AT ",,Nova,,,,Tide,\n1700009000,,Nova,,,,\"Tide,\n",
                  (struct outcome){1, 2, 1, LI_SKIP_BROKEN});
}

static void more_cells_than_columns(void **state) {
    (void)state;
    check_history(GHAN AT ",,Nova,,,,Paper, Boats,\n1700009000,,Nova,,,,Tide,\n",
                  (struct outcome){1, 2, 0, LI_SKIP_BROKEN});
}

static void utf_16(void **state) {
    (void)state;
    static const char TEXT[] =
        "uts,artist,track\n" AT ",Bj\xF6rk \xD8rn,Sn\xF6\n"; /* Latin-1 for the making */
    for (int big = 0; big < 2; big++) {
        for (int mark = 0; mark < 2; mark++) {
            char wide[2 * sizeof TEXT];
            size_t size = 0;
            if (mark) {
                wide[size++] = big ? '\xFE' : '\xFF';
                wide[size++] = big ? '\xFF' : '\xFE';
            }
            for (size_t i = 0; i + 1 < sizeof TEXT; i++) {
                wide[size + (size_t)!big] = 0;
                wide[size + (size_t)big] = TEXT[i];
                size += 2;
            }
            struct li_history *history = new_history();
            assert_int_equal(add_bytes(history, (struct li_text){wide, size}, 3, NULL), LI_OK);
            li_history_finish(history);
            assert_true(li_text_equal(li_history_artist(history, 0).name, LI_TEXT("Björk Ørn")));
            li_history_free(history);
        }
    }
}

static void windows_1252(void **state) {
    (void)state;
    struct li_history *history = history_of("uts,artist,track\n" AT ",Bj\xF6rk \xD8rn,Caf\xE9 \x96 Tide\n");
    assert_true(li_text_equal(li_history_artist(history, 0).name, LI_TEXT("Björk Ørn")));
    assert_true(li_text_equal(first_title(history), LI_TEXT("Café – Tide")));
    li_history_free(history);
}

/* The first accent may stand anywhere in what is looked at, and a letter may be cut at its end; a damaged one
 * among many makes no Windows-1252 of UTF-8. 150 rows, of which each from a byte on has the accented name. */
static void accents_that_come_late(void **state) {
    static const struct {
        const char *name;
        size_t from, broken;
        const char *damaged; /* the last row's name, when it has one of its own */
    } CASES[] = {
        {"Bj\xF6rk", 0, 0, NULL},
        {"Bj\xF6rk", 4200, 0, NULL},
        {"Bj\xC3\xB6rk", 4200, 0, NULL},
        {"Bj\xC3\xB6rk", 0, 1, "N\xFFva"},
        {"Bj\xF6rk", SIZE_MAX, 0, "Caf\xE9"},
    };
    static char text[16 * 1024];
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t size = (size_t)snprintf(text, sizeof text, "uts,track,artist\n");
        for (int row = 0; row < 150; row++) {
            const char *name = size >= CASES[i].from ? CASES[i].name : "Nova and the others of the band";
            if (row == 149 && CASES[i].damaged)
                name = CASES[i].damaged;
            size += (size_t)snprintf(text + size, sizeof text - size, "%d,Tide %d,%s\n",
                                     1700000000 + row * 900, row, name);
        }
        struct li_history *history = history_of(text);
        const struct li_history_report *report = li_history_get_report(history);
        check(report->skipped[LI_SKIP_BROKEN] == CASES[i].broken && report->plays == 150 - CASES[i].broken,
              "case %zu: %zu plays", i, report->plays);
        bool named = CASES[i].from == SIZE_MAX;
        for (size_t a = 0; a < li_history_artist_count(history); a++)
            named = named || li_text_equal(li_history_artist(history, a).name, LI_TEXT("Björk"));
        check(named, "case %zu", i);
        li_history_free(history);
    }
}

/* Whatever stands at the end of what is looked at: letters of one to four bytes around it. */
static void letters_cut_where_the_beginning_ends(void **state) {
    enum { LOOKED_AT = 64 * 1024 };
    static const char *const LETTERS[] = {"x", "ö", "–", "𝄞"};
    static char text[LOOKED_AT + 1024];
    (void)state;
    for (size_t l = 0; l < sizeof LETTERS / sizeof *LETTERS; l++) {
        for (size_t shift = 0; shift < 4; shift++) {
            size_t size = (size_t)snprintf(text, sizeof text, "uts,artist,track\n");
            for (int row = 0; size < LOOKED_AT - 64; row++)
                size += (size_t)snprintf(text + size, sizeof text - size, "%d,Nova,Tide %d\n",
                                         1600000000 + row * 900, row);
            size += (size_t)snprintf(text + size, sizeof text - size, "1700000000,Ana,");
            while (size < LOOKED_AT - shift)
                text[size++] = 'x';
            size += (size_t)snprintf(text + size, sizeof text - size, "%s\n", LETTERS[l]);
            struct li_history *history = history_of(text);
            struct li_heard_track last = li_history_track(history, li_history_track_count(history) - 1);
            assert_int_equal(li_history_get_report(history)->skipped[LI_SKIP_BROKEN], 0);
            check(last.title.size > strlen(LETTERS[l]) &&
                      strncmp(last.title.data + last.title.size - strlen(LETTERS[l]), LETTERS[l],
                              strlen(LETTERS[l])) == 0,
                  "letter %zu, shift %zu: %.*s", l, shift, LI_TEXT_ARG(last.title));
            li_history_free(history);
        }
    }
}

static void broken_utf_8_within_json(void **state) {
    (void)state;
    char text[70 * 1024];
    size_t size = 0;
    /* The damage lies behind what tells the encoding. */
    size += (size_t)snprintf(text, sizeof text, "[");
    for (int i = 0; size < 66 * 1024; i++)
        size += (size_t)snprintf(
            text + size, sizeof text - size,
            "{\"endTime\":\"2023-04-%02d %02d:%02d\",\"artistName\":\"Nova\",\"trackName\":\"Tide %d\","
            "\"msPlayed\":90000},\n",
            i % 28 + 1, i % 24, i % 60, i);
    snprintf(text + size, sizeof text - size,
             "{\"endTime\":\"2023-04-12 "
             "13:47\",\"artistName\":\"N\xFFva\",\"trackName\":\"Tide\",\"msPlayed\":90000}]");
    struct li_history *history = history_of(text);
    assert_int_equal(li_history_get_report(history)->skipped[LI_SKIP_BROKEN], 1);
    assert_int_equal(li_history_get_report(history)->truncated, 0);
    li_history_free(history);
}

static void a_title_of_many_kilobytes(void **state) {
    (void)state;
    static char text[128 * 1024];
    size_t size = (size_t)snprintf(text, sizeof text, GHAN AT ",,Nova,,,,");
    memset(text + size, 'x', 100 * 1024);
    memcpy(text + size + 100 * 1024, ",\n1700009000,,Nova,,,,Tide,\n", 29);
    check_history(text, (struct outcome){1, 2, 0, LI_SKIP_BROKEN});
}

static void json_nested_without_end(void **state) {
    (void)state;
    static char text[200 * 1024];
    size_t size =
        (size_t)snprintf(text, sizeof text,
                         "[{\"endTime\":\"2023-04-12 13:47\",\"artistName\":\"Nova\",\"trackName\":\"Tide\","
                         "\"msPlayed\":90000},{\"x\":");
    memset(text + size, '[', 150 * 1024);
    check_history(text, (struct outcome){1, 1, 1, -1});
}

static void what_is_no_history(void **state) {
    (void)state;
    static const char *const TEXTS[] = {
        "",
        "hello",
        "[]",
        "{\"playlists\":[{\"name\":\"x\"}]}",
        "a,b,c\n1,2,3\n",
        "<html><body>not found</body></html>",
        "%PDF-1.4\n%\xE2\xE3\xCF\xD3",
        "Track URI,Track Name,Artist Name(s)\nx,y,z\n",
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct li_history *history = new_history();
        struct li_error err = {0};
        check(add_bytes(history, li_text_of(TEXTS[i]), 100, &err) == LI_UNSUPPORTED, "text %zu", i);
        assert_int_equal(li_history_get_report(history)->ignored, 1);
        assert_int_equal(li_history_get_report(history)->rows_read, 0);
        li_history_free(history);
    }
}

/* A zip whose content is cut: what came before counts, and it says so. */
static void an_archive_cut_short(void **state) {
    (void)state;
    static char bytes[1 << 20];
    char path[512];
    export_path("spotify_extended.zip", path, sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t cut = 0; cut < size; cut += size / 40 + 1) {
        struct li_history *history = new_history();
        struct li_error err = {0};
        enum li_status status = add_bytes(history, (struct li_text){bytes, cut}, 4096, &err);
        check(status == LI_OK || status == LI_CORRUPT || status == LI_UNSUPPORTED || status == LI_IO,
              "cut at %zu: %d", cut, (int)status);
        li_history_finish(history);
        assert_adds_up(li_history_get_report(history));
        li_history_free(history);
    }
}

static void paths_that_are_no_files(void **state) {
    (void)state;
    struct folder folder;
    char path[128];
    struct li_error err = {0};
    folder_make(&folder);
    struct li_history *history = new_history();
    snprintf(path, sizeof path, "%s/none", folder.path);
    assert_int_equal(li_history_add_path(history, path, &err), LI_NOT_FOUND);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(li_history_add_path(history, path, &err), LI_INVALID);
    assert_int_equal(li_history_add_path(history, folder.path, &err), LI_UNSUPPORTED);
    snprintf(path, sizeof path, "%s/loop", folder.path);
    assert_int_equal(symlink(folder.path, path), 0);
    assert_int_equal(li_history_add_path(history, folder.path, &err), LI_UNSUPPORTED);
    li_history_free(history);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_in_titles),
        cmocka_unit_test(quotes_in_titles),
        cmocka_unit_test(byte_order_mark),
        cmocka_unit_test(semicolons_and_tabs),
        cmocka_unit_test(line_ends_of_every_kind),
        cmocka_unit_test(no_header),
        cmocka_unit_test(dates_of_1970_and_of_the_future),
        cmocka_unit_test(epochs_with_fractions),
        cmocka_unit_test(null_metadata),
        cmocka_unit_test(half_written_json),
        cmocka_unit_test(json_that_breaks_in_the_middle),
        cmocka_unit_test(a_quote_that_never_closes),
        cmocka_unit_test(more_cells_than_columns),
        cmocka_unit_test(utf_16),
        cmocka_unit_test(windows_1252),
        cmocka_unit_test(accents_that_come_late),
        cmocka_unit_test(letters_cut_where_the_beginning_ends),
        cmocka_unit_test(broken_utf_8_within_json),
        cmocka_unit_test(a_title_of_many_kilobytes),
        cmocka_unit_test(json_nested_without_end),
        cmocka_unit_test(what_is_no_history),
        cmocka_unit_test(an_archive_cut_short),
        cmocka_unit_test(paths_that_are_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
