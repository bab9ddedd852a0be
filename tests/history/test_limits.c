/* What is made to take all memory or all day: values without an end, names of kilobytes, archives that unpack
 * to far more than they are. Archives are made by Python, as people's tools make them. */
#include "make_archive.h"

/* A JSON parser keeps a value until it ends: reading stops long before that takes all memory. */
static void a_value_without_an_end(void **state) {
    static const char *const BEGINS[] = {"[" ROW ",{\"artistName\":\"", "[" ROW ",{\"", "[" ROW ",1",
                                         "[" ROW ","};
    static char text[8 * 1024 * 1024];
    (void)state;
    for (size_t i = 0; i < sizeof BEGINS / sizeof *BEGINS; i++) {
        struct li_history *history = new_history();
        struct pieces pieces = {{text, sizeof text}, 4096};
        memset(text, i < 3 ? '1' : ' ', sizeof text);
        memcpy(text, BEGINS[i], strlen(BEGINS[i]));
        assert_int_equal(li_history_add(history, pieces_take, &pieces, NULL), LI_OK);
        check(pieces.rest.size > sizeof text / 2, "case %zu: %zu bytes were not read", i, pieces.rest.size);
        assert_int_equal(li_history_get_report(history)->plays, 1);
        assert_int_equal(li_history_get_report(history)->truncated, 1);
        li_history_free(history);
    }
}

enum { LONG_NAME = 2000 };

/* A name of two kilobytes that begins with a number. */
static struct li_text long_name(int number) {
    static char name[LONG_NAME + 1];
    memset(name, 'x', LONG_NAME);
    int digits = snprintf(name, sizeof name, "%d", number);
    name[digits] = ' ';
    return (struct li_text){name, LONG_NAME};
}

static void titles_of_kilobytes(void **state) {
    (void)state;
    enum { TITLES = 2300 };
    struct li_history *history = new_history();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < TITLES; i++)
            li_history_add_play(history, LI_TEXT("Nova"), long_name(i),
                                1700000000000 + round * 86400000LL + i * 1000, -1);
    li_history_finish(history);
    const struct li_history_report *report = li_history_get_report(history);
    size_t kept = li_history_track_count(history);
    assert_int_equal(report->plays, 2 * TITLES);
    assert_int_equal(li_history_artist(history, 0).plays, 2 * TITLES);
    check(kept > 1000 && kept * LONG_NAME <= 4 * 1024 * 1024, "%zu titles are kept", kept);
    assert_int_equal(report->tracks_unnamed, 2 * (TITLES - kept));
    assert_adds_up(report);
    li_history_free(history);
}

static void artists_of_kilobytes(void **state) {
    (void)state;
    enum { ARTISTS = 1200 };
    struct li_history *history = new_history();
    for (int i = 0; i < ARTISTS; i++)
        li_history_add_play(history, long_name(i), LI_TEXT("Tide"), 1700000000000, -1);
    li_history_finish(history);
    const struct li_history_report *report = li_history_get_report(history);
    size_t kept = li_history_artist_count(history);
    check(kept > 500 && kept * LONG_NAME <= 2 * 1024 * 1024, "%zu artists are kept", kept);
    assert_int_equal(report->plays, kept);
    assert_int_equal(report->skipped[LI_SKIP_LIMIT], ARTISTS - kept);
    assert_adds_up(report);
    li_history_free(history);
}

static void archives_that_are_too_much(void **state) {
    static const struct {
        const char *what, *script;
    } CASES[] = {
        {"a history of blanks", "with archive.open('StreamingHistory0.json', 'w') as f:\n"
                                "    f.write(b'[' + row + b',')\n"
                                "    for _ in range(90): f.write(b' ' * 1000000)"},
        {"what is no history", "with archive.open('zeros.bin', 'w') as f:\n"
                               "    for _ in range(90): f.write(bytes(1000000))"},
        {"no history in an archive within",
         "inner = io.BytesIO()\n"
         "with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as z, z.open('zeros.bin', 'w') as f:\n"
         "    for _ in range(90): f.write(bytes(1000000))\n"
         "archive.writestr('inner.zip', inner.getvalue())"},
        {"a folder that holds something", "with archive.open('folder/', 'w') as f:\n"
                                          "    f.write(os.urandom(4000000))"},
    };
    struct folder folder;
    (void)state;
    folder_make(&folder);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[512];
        struct li_error err = {0};
        struct li_history *history = new_history();
        make_archive(&folder, CASES[i].script, folder_path(&folder, "bomb.zip", path));
        enum li_status status = li_history_add_path(history, path, &err);
        check(status == LI_TOO_LARGE && strstr(err.message, "unpacks"), "%s: %d %s", CASES[i].what,
              (int)status, err.message);
        li_history_free(history);
    }
    folder_remove(&folder);
}

/* What is in archives beside histories costs nothing but its reading. */
static void archives_of_much_else(void **state) {
    static const char SCRIPT[] = "archive.writestr('folder/', b'')\n"
                                 "archive.writestr('film.bin', os.urandom(3000000))\n"
                                 "archive.writestr('mine.zip', export)\n"
                                 "archive.writestr('zeros.bin', bytes(3000000))";
    struct folder folder;
    struct li_error err = {0};
    char path[512];
    (void)state;
    folder_make(&folder);
    make_archive(&folder, SCRIPT, folder_path(&folder, "all.zip", path));
    struct li_history *history = new_history();
    check(li_history_add_path(history, path, &err) == LI_OK, "%s", err.message);
    assert_int_equal(li_history_get_report(history)->plays, 20);
    assert_int_equal(li_history_get_report(history)->ignored,
                     3); /* the two, and what is read beside the export */
    li_history_free(history);
    folder_remove(&folder);
}

/* The flag of a password stands in the first entry's header. */
static void archives_with_a_password(void **state) {
    static const char *const SCRIPTS[] = {
        "archive = None\n"
        "locked = bytearray(export); locked[6] |= 1\n"
        "open(sys.argv[1], 'wb').write(locked)\n"
        "archive = zipfile.ZipFile(io.BytesIO(), 'w')",
        "locked = bytearray(export); locked[6] |= 1\n"
        "archive.writestr('locked.zip', locked)\n"
        "archive.writestr('mine.json', b'[' + row + b']')",
    };
    struct folder folder;
    (void)state;
    folder_make(&folder);
    for (int within = 0; within < 2; within++) {
        char path[512];
        struct li_error err = {0};
        struct li_history *history = new_history();
        make_archive(&folder, SCRIPTS[within], folder_path(&folder, "locked.zip", path));
        enum li_status status = li_history_add_path(history, path, &err);
        if (within) {
            check(status == LI_OK, "%s", err.message);
            assert_int_equal(li_history_get_report(history)->plays, 1);
            assert_int_equal(li_history_get_report(history)->ignored, 1); /* never in silence */
        } else {
            check(status == LI_UNSUPPORTED && strstr(err.message, "password"), "%d %s", (int)status,
                  err.message);
        }
        li_history_free(history);
    }
    folder_remove(&folder);
}

/* A spreadsheet with one play, and something between its rows. */
static enum li_status add_sheet(const struct folder *folder, const char *between, size_t *plays) {
    static const char SCRIPT[] =
        "between = %s\n"
        "cells = lambda *texts: '<row>' + ''.join('<c t=\"str\"><v>' + t + '</v></c>' for t in texts) + "
        "'</row>'\n"
        "archive.writestr('[Content_Types].xml', '<Types/>')\n"
        "archive.writestr('xl/worksheets/sheet1.xml', '<worksheet><sheetData>'\n"
        "    + cells('Song Title', 'Artist', 'Listening Time (s)', 'Date') + between\n"
        "    + cells('Tide', 'Nova', '200', '2023-04-12 13:47:00') + '</sheetData></worksheet>')";
    char script[1024], path[512];
    struct li_history *history = new_history();
    snprintf(script, sizeof script, SCRIPT, between);
    make_archive(folder, script, folder_path(folder, "deezer.xlsx", path));
    enum li_status status = li_history_add_path(history, path, NULL);
    *plays = li_history_get_report(history)->plays;
    li_history_free(history);
    return status;
}

static void a_spreadsheet_with_something_endless(void **state) {
    static const char *const ENDLESS[] = {"'<!--' + 'x' * 4000000 + '-->'",
                                          "'<row a=\"' + 'x' * 4000000 + '\"/>'"};
    struct folder folder;
    size_t plays = 0;
    (void)state;
    folder_make(&folder);
    assert_int_equal(add_sheet(&folder, "'<!-- a remark -->'", &plays), LI_OK);
    assert_int_equal(plays, 1);
    for (size_t i = 0; i < sizeof ENDLESS / sizeof *ENDLESS; i++) {
        check(add_sheet(&folder, ENDLESS[i], &plays) == LI_CORRUPT, "case %zu", i);
        assert_int_equal(plays, 0);
    }
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_without_an_end),
        cmocka_unit_test(titles_of_kilobytes),
        cmocka_unit_test(artists_of_kilobytes),
        cmocka_unit_test(archives_that_are_too_much),
        cmocka_unit_test(archives_of_much_else),
        cmocka_unit_test(archives_with_a_password),
        cmocka_unit_test(a_spreadsheet_with_something_endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
