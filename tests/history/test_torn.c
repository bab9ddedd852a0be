/* Archives that are cut short or locked, alone, beside others and in folders: what can be read counts, and
 * each of the others counts once in the report. */
#include "make_archive.h"

/* A zip of 400 plays and then of a film, cut where a slice of Python says. */
#define CUT(slice)                                                                                           \
    "plays = [row.replace(b'13:47', b'%02d:%02d' % (i // 60, i % 60)).replace(b'Tide', b'Tide %d' % i)\n"    \
    "         for i in range(400)]\n"                                                                        \
    "whole = io.BytesIO()\n"                                                                                 \
    "with zipfile.ZipFile(whole, 'w', zipfile.ZIP_DEFLATED) as z:\n"                                         \
    "    z.writestr('StreamingHistory0.json', b'[' + b','.join(plays) + b']')\n"                             \
    "    z.writestr('film.bin', os.urandom(9000))\n"                                                         \
    "cut = whole.getvalue()[" slice "]\n"

#define ALONE                                                                                                \
    "archive = None\n"                                                                                       \
    "open(sys.argv[1], 'wb').write(cut)\n"                                                                   \
    "archive = zipfile.ZipFile(io.BytesIO(), 'w')"

#define WITHIN "archive.writestr('inner.zip', cut)"

#define LOCKED "cut = bytearray(export); cut[6] |= 1\n"

static const struct {
    const char *what, *script;
    enum li_status alone;
    size_t plays_least, plays_most, truncated, ignored;
} CASES[] = {
    {"cut in its first file", CUT(":2000") ALONE, LI_OK, 10, 399, 1, 0},
    {"cut behind its first file", CUT(":-5000") ALONE, LI_OK, 400, 400, 1, 1}, /* the film is no history */
    {"torn at its beginning", CUT(":20") ALONE, LI_CORRUPT, 0, 0, 1, 0},
    {"cut within another", CUT(":2000") WITHIN, LI_OK, 10, 399, 1, 0},
    {"with a password", LOCKED ALONE, LI_UNSUPPORTED, 0, 0, 0, 1},
};

enum { CASE_COUNT = sizeof CASES / sizeof *CASES };

/* One play of another day, in a file that is whole. */
static const char GOOD[] = "uts,artist,track\n1700000000,Nova,Paper\n";

static void check_counts(const struct li_history *history, size_t i, size_t more) {
    const struct li_history_report *report = li_history_get_report(history);
    check(report->plays >= CASES[i].plays_least + more && report->plays <= CASES[i].plays_most + more,
          "%s: %zu plays", CASES[i].what, report->plays);
    check(report->truncated == CASES[i].truncated, "%s: %zu cut short", CASES[i].what, report->truncated);
    check(report->ignored == CASES[i].ignored, "%s: %zu ignored", CASES[i].what, report->ignored);
    assert_adds_up(report);
}

static void alone(void **state) {
    struct folder folder;
    char path[512];
    (void)state;
    folder_make(&folder);
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct li_error err = {0};
        struct li_history *history = new_history();
        make_archive(&folder, CASES[i].script, folder_path(&folder, "torn.zip", path));
        enum li_status status = li_history_add_path(history, path, &err);
        check(status == CASES[i].alone, "%s: %d %s", CASES[i].what, (int)status, err.message);
        check_counts(history, i, 0);
        li_history_free(history);
    }
    folder_remove(&folder);
}

static void beside_another(void **state) {
    static char bytes[1 << 20];
    struct folder folder;
    char path[512];
    (void)state;
    folder_make(&folder);
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct li_history *history = new_history();
        make_archive(&folder, CASES[i].script, folder_path(&folder, "torn.zip", path));
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_int_equal(add_bytes(history, (struct li_text){bytes, size}, 4096, NULL), CASES[i].alone);
        assert_int_equal(add_bytes(history, li_text_of(GOOD), 100, NULL), LI_OK);
        check_counts(history, i, 1);
        li_history_free(history);
    }
    folder_remove(&folder);
}

static void in_a_folder(void **state) {
    struct folder folder;
    char path[512], script[512];
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct li_error err = {0};
        struct li_history *history = new_history();
        folder_make(&folder);
        make_archive(&folder, CASES[i].script, folder_path(&folder, "a.zip", path));
        assert_int_equal(unlink(folder_path(&folder, "make.py", script)), 0);
        /* Alone in its folder it says what is wrong with it. */
        enum li_status status = li_history_add_path(history, folder.path, &err);
        check(status == CASES[i].alone, "%s: %d %s", CASES[i].what, (int)status, err.message);
        check(!status || strstr(err.message, "this archive"), "%s: %s", CASES[i].what, err.message);
        li_history_free(history);
        FILE *file = fopen(folder_path(&folder, "b.csv", path), "w");
        assert_non_null(file);
        fputs(GOOD, file);
        fclose(file);
        history = new_history();
        status = li_history_add_path(history, folder.path, &err);
        check(status == LI_OK, "%s: %d %s", CASES[i].what, (int)status, err.message);
        check_counts(history, i, 1);
        li_history_free(history);
        folder_remove(&folder);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone),
        cmocka_unit_test(beside_another),
        cmocka_unit_test(in_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
