/* Which artist is meant, what stays when rows disagree, and that nothing changes when it is said again. */
#include "dataset_check.h"

static void spellings_are_one_artist(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bench_import(&bench,
                 "artist,title\nBEYONDA,One\nBeyondá,Two\n beyonda ,Three\nBeyondá,One\nbe yonda,Four\n");
    const struct li_catalog_artist *artist = bench_artist(&bench, "beyonda");
    assert_true(li_text_equal(artist->name, LI_TEXT("Beyondá"))); /* most rows write it so */
    assert_int_equal(artist->track_count, 3);
    assert_int_equal(artist->alias_count, 0);
    assert_int_equal(bench.report.catalog.artists, 2); /* "be yonda" is two words */
    assert_int_equal(bench.report.spellings_merged, 2);
    assert_int_equal(bench.report.tracks_merged, 1);
    bench_close(&bench);
}

static void names_in_other_scripts_and_without_letters(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bench_import(&bench, "artist,title\n방탄,봄날\n방탄,봄날\n창세기,봄날\n!!!,?\n???,!\n");
    assert_int_equal(bench.report.catalog.artists, 4);
    assert_int_equal(bench.report.catalog.tracks, 4);
    bench_close(&bench);
}

/* A catalogue made by hand, with ids of its own. */
static void begin_with(struct bench *bench) {
    bench_import(bench,
                 "{\"id\":\"kw\",\"name\":\"Kay Dubya\",\"popularity\":80,\"genres\":[\"rap\",\"soul\"],"
                 "\"aliases\":[\"Yay\",\"Kayne\"],\"tracks\":[{\"title\":\"Strong\",\"year\":2007},"
                 "{\"title\":\"Weak\"}]}\n"
                 "{\"id\":\"kayne\",\"name\":\"Kayne\",\"popularity\":3,\"genres\":[],\"aliases\":[],"
                 "\"tracks\":[]}\n");
    assert_int_equal(bench->report.catalog.artists, 2);
}

static void what_was_there_stays_in_front(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    begin_with(&bench);
    bench_import(&bench, "artist,title,genre,popularity,year,energy\n"
                         "KAY DUBYA,strong!,soul,90,1900,0.5\n" /* by name */
                         "yay,New,soul,10,2020,0.4\n"           /* by another name */
                         "Kayne,Mine,folk,20,2001,\n");         /* a name goes before another's other name */
    assert_int_equal(bench.report.catalog.artists, 2);
    assert_int_equal(bench.report.artists_new, 0);
    assert_int_equal(bench.report.artists_extended, 2);
    const struct li_catalog_artist *kw = bench_artist(&bench, "kw");
    assert_true(li_text_equal(kw->name, LI_TEXT("Kay Dubya")));
    assert_int_equal(kw->popularity, 80); /* what is said of an artist goes before what is said of tracks */
    assert_string_equal(bench_joined(kw->genres, kw->genre_count), "rap|soul");
    assert_string_equal(bench_joined(kw->aliases, kw->alias_count), "Yay|Kayne");
    assert_int_equal(kw->track_count, 3);
    assert_true(li_text_equal(kw->tracks[0].title, LI_TEXT("Strong"))); /* 90, unknown, 10 */
    assert_int_equal(kw->tracks[0].year, 2007);
    assert_int_equal(kw->tracks[0].popularity, 90);
    assert_true(li_text_equal(kw->tracks[1].title, LI_TEXT("Weak")));
    assert_true(li_text_equal(kw->tracks[2].title, LI_TEXT("New")));
    assert_int_equal(bench_artist(&bench, "kayne")->track_count, 1);
    bench_close(&bench);
}

static const struct {
    const char *text;
    int popularity;
} POPULARITIES[] = {
    {"artist,title,popularity\nA,x,30\nA,y,70\nA,z,\n", 70},
    {"artist,title,popularity,artist_popularity\nA,x,30,55\nA,y,70,50\n", 55},
    {"artists,popularity,count\nA,38.2,10\n", 38},
    {"artists,genres,followers\nA,[],999999\n", 75},
    {"artists,genres\nA,[]\n", 4},
    {"artist,title\nA,x\nA,y\nA,z\nA,x\nA,x\nA,x\nA,x\nA,x\nA,x\n", 13},
};

static void popularity_as_given_or_by_counts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof POPULARITIES / sizeof *POPULARITIES; i++) {
        struct bench bench;
        bench_open(&bench);
        for (int time = 0; time < 2; time++) {
            bench_import(&bench, POPULARITIES[i].text);
            check(bench_artist(&bench, "a")->popularity == POPULARITIES[i].popularity,
                  "case %zu, time %d: %d", i, time, bench_artist(&bench, "a")->popularity);
        }
        bench_close(&bench);
    }
}

/* 200 tracks and 40 genres of one artist: the best are kept, and a second time changes nothing. */
static void more_than_fits(void **state) {
    (void)state;
    struct bench bench;
    char *text = malloc(64 * 1024);
    struct bench_bytes before = {0};
    size_t used;
    assert_non_null(text);
    bench_open(&bench);
    used = (size_t)snprintf(text, 64, "artist,title,popularity,genre\n");
    for (int i = 0; i < 200; i++)
        used += (size_t)snprintf(text + used, 128, "A,Track %d,%d,genre %d\n", i * 7 % 200, i * 7 % 200 % 97,
                                 i * 11 % 40);
    for (int time = 0; time < 3; time++) {
        assert_int_equal(bench_import_bytes(&bench, text, used), LI_OK);
        if (time)
            bench_unchanged(&bench, before);
        before = bench_keep(&bench);
    }
    free(before.bytes);
    const struct li_catalog_artist *artist = bench_artist(&bench, "a");
    assert_int_equal(artist->track_count, LI_CATALOG_TRACKS_MAX);
    assert_int_equal(artist->genre_count, LI_CATALOG_GENRES_MAX);
    for (size_t t = 1; t < artist->track_count; t++)
        assert_true(artist->tracks[t - 1].popularity >= artist->tracks[t].popularity);
    assert_int_equal(artist->tracks[0].popularity, 96);
    bench_close(&bench);
    free(text);
}

static bool never(void *context, const struct li_dataset_progress *progress) {
    (void)context, (void)progress;
    return false;
}

static void stopping_keeps_the_old_catalogue(void **state) {
    (void)state;
    struct bench bench;
    struct li_dataset *dataset = NULL;
    char staging[600];
    bench_open(&bench);
    begin_with(&bench);
    const char *path = bench_file(&bench, "more.csv", "artist,title\nA,x\n", 17);
    const struct li_dataset_options options = {
        .path = bench.target, .before = bench.catalog, .progress = never};
    assert_int_equal(li_dataset_new(&options, &dataset, &bench.err), LI_OK);
    struct li_dataset *second = NULL;
    assert_int_equal(li_dataset_new(&options, &second, &bench.err), LI_BUSY); /* one at a time */
    assert_int_equal(li_dataset_add(dataset, path, &bench.err), LI_BUSY);
    li_dataset_free(dataset);
    snprintf(staging, sizeof staging, "%s.import", bench.target);
    assert_int_equal(access(staging, F_OK), 0);
    assert_int_equal(bench_import_files(&bench, &path, 1), LI_OK);
    assert_int_equal(bench.report.catalog.artists, 3);
    assert_int_equal(access(staging, F_OK), -1);
    bench_close(&bench);
}

static void a_staging_file_that_is_none_is_said(void **state) {
    (void)state;
    struct bench bench;
    struct li_dataset *dataset = NULL;
    char junk[8192];
    memset(junk, 'x', sizeof junk);
    bench_open(&bench);
    (void)bench_file(&bench, "c.catalog.import", junk, sizeof junk);
    struct li_dataset_options options = {.path = bench.target};
    assert_int_equal(li_dataset_new(&options, &dataset, &bench.err), LI_CORRUPT);
    assert_non_null(strstr(bench.err.message, "--fresh"));
    options.fresh = true;
    assert_int_equal(li_dataset_new(&options, &dataset, &bench.err), LI_OK);
    li_dataset_free(dataset);
    bench_close(&bench);
}

/* One that is passed over would take all behind it along. */
static void a_damaged_catalogue_is_neither_extended_nor_written_out(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bench_import(&bench, "artist,title\nMira Voss,Tides\nTom Lark,Kites\nZoe Hill,Home\n");
    struct bench_bytes kept = bench_keep(&bench);
    char *at = memmem(kept.bytes, kept.size, "\x08tom-lark", 9); /* the row's id */
    assert_non_null(at);
    at[1] = '!';
    li_catalog_free(bench.catalog);
    bench.catalog = NULL;
    const char *path = bench_file(&bench, "c.catalog", kept.bytes, kept.size);
    assert_int_equal(li_catalog_open_file(path, &bench.catalog, &bench.err), LI_OK);
    FILE *out = tmpfile();
    assert_non_null(out);
    assert_int_equal(li_dataset_export(bench.catalog, out, &bench.err), LI_CORRUPT);
    assert_int_equal(fclose(out), 0);
    check(strstr(bench.err.message, "artist 2 "), "%s", bench.err.message);
    const char *more = bench_file(&bench, "in.data", "artist\nAnn Pine\n", 16);
    assert_int_equal(bench_import_files(&bench, &more, 1), LI_CORRUPT);
    free(kept.bytes);
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_are_one_artist),
        cmocka_unit_test(names_in_other_scripts_and_without_letters),
        cmocka_unit_test(what_was_there_stays_in_front),
        cmocka_unit_test(popularity_as_given_or_by_counts),
        cmocka_unit_test(more_than_fits),
        cmocka_unit_test(stopping_keeps_the_old_catalogue),
        cmocka_unit_test(a_staging_file_that_is_none_is_said),
        cmocka_unit_test(a_damaged_catalogue_is_neither_extended_nor_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
