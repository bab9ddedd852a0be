/* Real files, as people published them (not in this repository): every row is accounted for. */
#include "dataset_check.h"

static const struct {
    const char *file;
    size_t rows, artists, tracks, featured;
} FILES[] = {
    {"artists/data_by_artist_32k.csv", 32539, 32474, 0, 0},
    {"artists/data_w_genres.csv", 32539, 32474, 0, 0},
    {"tracks/data_moods.csv", 342, 269, 342, 342},
    {"tracks/deezer_va.csv", 1353, 659, 1353, 1353},
    {"tracks/labelled.csv", 4079, 2175, 4077, 4077},
    {"tracks/moodylyrics4q.csv", 141, 129, 141, 141},
    {"tracks/muse_va_titlejoin.csv", 1060, 751, 1059, 1059},
    {"tracks/playlist3_bdizon.csv", 1228, 889, 1228, 1228},
    {"tracks/playlist4_silver.csv", 638, 408, 638, 638},
    {"tracks/unlabelled.csv", 17774, 5389, 17504, 17504},
};

static void real_files_are_read_whole(void **state) {
    (void)state;
    const char *shared = getenv("LI_SHARED");
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s", shared ? shared : "", FILES[0].file);
    if (!shared || access(path, R_OK) != 0) {
        print_message("skipped: LI_SHARED names no folder with data/artists\n");
        skip();
    }
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct bench bench;
        const char *list = path;
        bench_open(&bench);
        snprintf(path, sizeof path, "%s/data/%s", shared, FILES[i].file);
        check(bench_import_files(&bench, &list, 1) == LI_OK, "%s: %s", FILES[i].file, bench.err.message);
        bench_adds_up(&bench);
        const struct li_dataset_report *report = &bench.report;
        check(report->tally.rows == FILES[i].rows, "%s: %llu rows", FILES[i].file,
              (unsigned long long)report->tally.rows);
        check(report->tally.kept == report->tally.rows, "%s: %llu kept", FILES[i].file,
              (unsigned long long)report->tally.kept);
        check(report->catalog.artists == FILES[i].artists, "%s: %zu artists", FILES[i].file,
              report->catalog.artists);
        check(report->catalog.tracks == FILES[i].tracks, "%s: %zu tracks", FILES[i].file,
              report->catalog.tracks);
        check(report->catalog.featured == FILES[i].featured, "%s: %zu with features", FILES[i].file,
              report->catalog.featured);
        bench_close(&bench);
    }
}

static void what_holds_no_artist_is_refused(void **state) {
    (void)state;
    const char *shared = getenv("LI_SHARED"), *list;
    struct bench bench;
    char path[512];
    snprintf(path, sizeof path, "%s/data/artists/data_by_genres.csv", shared ? shared : "");
    if (!shared || access(path, R_OK) != 0)
        skip();
    bench_open(&bench);
    list = path;
    assert_int_equal(bench_import_files(&bench, &list, 1), LI_UNSUPPORTED);
    assert_non_null(strstr(bench.err.message, "--map artist=COLUMN"));
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_are_read_whole),
        cmocka_unit_test(what_holds_no_artist_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
