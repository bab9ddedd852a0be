#include <dirent.h>

#include "fixture.h"

static enum li_status build(const struct folder *folder, const char *name, struct li_error *err) {
    char path[512];
    snprintf(path, sizeof path, "%s", folder_file(folder, name));
    return li_catalog_build(folder->path, path, err);
}

static void test_contents(void **state) {
    (void)state;
    struct folder folder;
    struct li_arena arena = {0};
    struct li_catalog *catalog = NULL;
    struct li_catalog_info info;
    folder_make(&folder);
    build_sample(&folder);
    assert_int_equal(li_catalog_open_file(folder_file(&folder, "artists.catalog"), &catalog, NULL), LI_OK);
    li_catalog_get_info(catalog, &info);
    assert_int_equal(info.artists, 4);
    assert_int_equal(info.aliases, 4);
    assert_int_equal(info.tracks, 7);
    assert_int_equal(info.genre_tags, 8);
    assert_int_equal(strlen(info.version), 16);
    const struct li_catalog_artist *utada = li_catalog_find(catalog, LI_TEXT("utada"), &arena);
    assert_non_null(utada);
    assert_int_equal(utada->popularity, 66);
    assert_int_equal(utada->genre_count, 2);
    assert_true(li_text_equal(utada->genres[1], LI_TEXT("pop")));
    assert_int_equal(utada->alias_count, 2);
    assert_true(li_text_equal(utada->aliases[0], LI_TEXT("宇多田ヒカル")));
    assert_int_equal(utada->track_count, 2);
    assert_true(li_text_equal(utada->tracks[0].id, LI_TEXT("utada/first-love")));
    assert_true(li_text_equal(utada->tracks[1].title, LI_TEXT("光")));
    assert_int_equal(utada->tracks[1].year, 2002);
    const struct li_catalog_artist *abba = li_catalog_find(catalog, LI_TEXT("abba"), &arena);
    assert_int_equal(abba->tracks[1].year, 0);
    assert_int_equal(abba->alias_count, 0);
    li_arena_release(&arena);
    li_catalog_free(catalog);
    folder_remove(&folder);
}

static void test_order_and_find(void **state) {
    (void)state;
    struct folder folder;
    struct li_arena arena = {0};
    struct li_catalog *catalog = NULL;
    static const char *const IDS[] = {"abba", "bjoerk", "queen", "utada"};
    folder_make(&folder);
    build_sample(&folder);
    assert_int_equal(li_catalog_open_file(folder_file(&folder, "artists.catalog"), &catalog, NULL), LI_OK);
    for (size_t i = 0; i < 4; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(catalog, i, &arena);
        check(li_text_equal(artist->id, li_text_of(IDS[i])), "%zu", i);
        assert_non_null(li_catalog_find(catalog, li_text_of(IDS[i]), &arena));
    }
    assert_null(li_catalog_at(catalog, 4, &arena));
    static const char *const ABSENT[] = {"", "a", "abb", "abbaa", "zz", "Queen", "queen "};
    for (size_t i = 0; i < sizeof ABSENT / sizeof *ABSENT; i++)
        check(!li_catalog_find(catalog, li_text_of(ABSENT[i]), &arena), "%s", ABSENT[i]);
    li_arena_release(&arena);
    li_catalog_free(catalog);
    folder_remove(&folder);
}

static void test_same_bytes(void **state) {
    (void)state;
    struct folder folder;
    struct row turned[SAMPLE_COUNT];
    size_t first_size, second_size;
    folder_make(&folder);
    build_sample(&folder);
    assert_int_equal(build(&folder, "again.catalog", NULL), LI_OK);
    assert_int_equal(build(&folder, "again.catalog", NULL), LI_OK); /* over an old one */
    unsigned char *first = folder_read(&folder, "artists.catalog", &first_size);
    unsigned char *second = folder_read(&folder, "again.catalog", &second_size);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(second);
    /* Rows in another order give the same artists. */
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        turned[i] = SAMPLE[SAMPLE_COUNT - 1 - i];
    write_artists(&folder, turned, SAMPLE_COUNT);
    assert_int_equal(build(&folder, "turned.catalog", NULL), LI_OK);
    second = folder_read(&folder, "turned.catalog", &second_size);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(first);
    free(second);
    folder_remove(&folder);
}

static int count_files(const struct folder *folder) {
    int count = 0;
    DIR *dir = opendir(folder->path);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void test_whole_or_not_at_all(void **state) {
    (void)state;
    struct folder folder;
    struct li_error err = {0};
    struct stat about;
    folder_make(&folder);
    build_sample(&folder);
    assert_int_equal(count_files(&folder), 2); /* nothing left over */
    assert_int_equal(stat(folder_file(&folder, "artists.catalog"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0644);
    assert_int_equal(li_catalog_build(folder.path, "/nonexistent/folder/artists.catalog", &err),
                     LI_NOT_FOUND);
    assert_non_null(strstr(err.message, "/nonexistent/folder/artists.catalog"));
    folder_write(&folder, "artists.tsv", "id\n", 3);
    assert_int_equal(build(&folder, "artists.catalog", &err), LI_INVALID);
    struct li_catalog *catalog = NULL; /* the old one is as it was */
    assert_int_equal(li_catalog_open_file(folder_file(&folder, "artists.catalog"), &catalog, NULL), LI_OK);
    li_catalog_free(catalog);
    assert_int_equal(count_files(&folder), 2);
    assert_int_equal(unlink(folder_file(&folder, "artists.tsv")), 0);
    assert_int_equal(build(&folder, "artists.catalog", &err), LI_NOT_FOUND);
    assert_non_null(strstr(err.message, "artists.tsv"));
    folder_remove(&folder);
}

#define TRACK "Song|2000"
#define LONG_16 "0123456789abcdef"
#define LONG_128 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16
#define LONG_512 LONG_128 LONG_128 LONG_128 LONG_128

static void test_artist_errors(void **state) {
    (void)state;
    static const struct {
        struct row row;
        const char *message;
    } CASES[] = {
        {{"", "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to 96 lower-case letters"},
        {{"A", "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to 96 lower-case letters"},
        {{"-a", "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to"},
        {{"a-", "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to"},
        {{"a--b", "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to"},
        {{"a b", "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to"},
        {{"é", "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to"},
        {{LONG_128, "A", "5", "a|b", "", TRACK}, "artists.tsv:3:id: an id is up to"},
        {{"a", "", "5", "a|b", "", TRACK}, "artists.tsv:3:name: an artist needs a name"},
        {{"a", " A", "5", "a|b", "", TRACK}, "artists.tsv:3:name: begins or ends with a space"},
        {{"a", LONG_512 "x", "5", "a|b", "", TRACK}, "artists.tsv:3:name: longer than 512 bytes"},
        {{"a", "!?!", "5", "a|b", "", TRACK}, "artists.tsv:3:name: a name without a letter or digit needs"},
        {{"a", "A", "", "a|b", "", TRACK}, "artists.tsv:3:popularity: popularity is a whole number"},
        {{"a", "A", "-1", "a|b", "", TRACK}, "artists.tsv:3:popularity: popularity is a whole number"},
        {{"a", "A", "101", "a|b", "", TRACK}, "artists.tsv:3:popularity: popularity is a whole number"},
        {{"a", "A", "5.5", "a|b", "", TRACK}, "artists.tsv:3:popularity: popularity is a whole number"},
        {{"a", "A", "5", "", "", TRACK}, "artists.tsv:3:genre_1: an artist has at least two genres"},
        {{"a", "A", "5", "a", "", TRACK}, "artists.tsv:3:genre_2: an artist has at least two genres"},
        {{"a", "A", "5", "a||b", "", TRACK},
         "artists.tsv:3:genre_3: filled, but the cell before it is empty"},
        {{"a", "A", "5", "a|b|a", "", TRACK}, "artists.tsv:3:genre_3: the same genre twice"},
        {{"a", "A", "5", "a|b ", "", TRACK}, "artists.tsv:3:genre_2: begins or ends with a space"},
        {{"a", "A", "5", "a|b", "|B", TRACK},
         "artists.tsv:3:alias_2: filled, but the cell before it is empty"},
        {{"a", "A", "5", "a|b", "...", TRACK}, "artists.tsv:3:alias_1: an alias needs a letter or digit"},
        {{"a", "A", "5", "a|b", "B|Å", TRACK}, "artists.tsv:3:alias_2: an alias that reads like the name"},
        {{"a", "A", "5", "a|b", "B|b!", TRACK}, "artists.tsv:3:alias_2: an alias that reads like the name"},
        {{"a", "A", "5", "a|b", LONG_512 "x", TRACK}, "artists.tsv:3:alias_1: longer than 512 bytes"},
        {{"a", "A", "5", "a|b", "", ""}, "artists.tsv:3:title_1: an artist has at least one track"},
        {{"a", "A", "5", "a|b", "", LONG_512 "x|2000"}, "artists.tsv:3:title_1: longer than 512 bytes"},
        {{"a", "A", "5", "a|b", "", "Song|1599"}, "artists.tsv:3:year_1: a year is a number from 1600"},
        {{"a", "A", "5", "a|b", "", "Song|2101"}, "artists.tsv:3:year_1: a year is a number from 1600"},
        {{"a", "A", "5", "a|b", "", "Song|MCM"}, "artists.tsv:3:year_1: a year is a number from 1600"},
        {{"a", "A", "5", "a|b", "", "Song|2000||2001"}, "artists.tsv:3:year_2: a year without a title"},
        {{"a", "A", "5", "a|b", "", "Song|2000|song!|2001"},
         "artists.tsv:3:title_2: a title that reads like"},
        {{"a", "A", "5", "a|b", "", "S|2000|||T|2001"}, "artists.tsv:3:title_3: filled, but the cell before"},
    };
    struct folder folder;
    folder_make(&folder);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_error err = {0};
        write_artists(&folder, &CASES[i].row, 1);
        enum li_status status = build(&folder, "artists.catalog", &err);
        check(status == LI_INVALID, "case %zu: %s", i, li_status_name(status));
        check(strncmp(err.message, CASES[i].message, strlen(CASES[i].message)) == 0, "case %zu: %s", i,
              err.message);
        assert_int_equal(err.at, 3);
    }
    assert_int_equal(access(folder_file(&folder, "artists.catalog"), F_OK), -1);
    folder_remove(&folder);
}

static void test_limits_are_fine(void **state) {
    (void)state;
    static const struct row ROWS[] = {
        {LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16, LONG_512, "0", "a|b|c|d|e|f", "g|h|i|j|k|l",
         "a|1600|b|2100|c||d||e||f||g||h|2000"},
        {"chk-chk-chk", "!!!", "100", "a|b", "Chk Chk Chk", "???|2000|!!!|2001|" LONG_512 "|"},
    };
    struct folder folder;
    struct li_arena arena = {0};
    struct li_error err = {0};
    struct li_catalog *catalog = NULL;
    folder_make(&folder);
    write_artists(&folder, ROWS, 2);
    check(build(&folder, "artists.catalog", &err) == LI_OK, "%s", err.message);
    enum li_status status = li_catalog_open_file(folder_file(&folder, "artists.catalog"), &catalog, &err);
    check(status == LI_OK, "%s", err.message);
    assert_int_equal(li_catalog_at(catalog, 0, &arena)->track_count, TRACKS);
    assert_int_equal(li_catalog_at(catalog, 0, &arena)->alias_count, ALIASES);
    assert_int_equal(li_catalog_at(catalog, 1, &arena)->tracks[2].title.size, 512);
    li_arena_release(&arena);
    li_catalog_free(catalog);
    folder_remove(&folder);
}

static void test_same_id_twice(void **state) {
    (void)state;
    static const struct row ROWS[] = {{"b", "B", "5", "a|b", "", TRACK},
                                      {"a", "A", "5", "a|b", "", TRACK},
                                      {"b", "C", "5", "a|b", "", TRACK}};
    struct folder folder;
    struct li_error err = {0};
    folder_make(&folder);
    write_artists(&folder, ROWS, 3);
    assert_int_equal(build(&folder, "artists.catalog", &err), LI_INVALID);
    assert_string_equal(err.message, "artists.tsv:5:id: \"b\" stands in line 3 already");
    write_artists(&folder, ROWS, 0);
    assert_int_equal(build(&folder, "artists.catalog", &err), LI_INVALID);
    assert_string_equal(err.message, "artists.tsv: 0 artists; a catalogue has 1 to 1048576");
    folder_remove(&folder);
}

static void test_table_errors(void **state) {
    (void)state;
    static const struct {
        const char *file, *text, *message;
    } CASES[] = {
        {"artists.tsv", "id\tname\n", "artists.tsv: there is no column \"popularity\""},
        {"artists.tsv", "id\tname\na\n", "artists.tsv:2: 1 cells where the header has 2"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct folder folder;
        struct li_error err = {0};
        folder_make(&folder);
        write_artists(&folder, SAMPLE, SAMPLE_COUNT);
        folder_write(&folder, CASES[i].file, CASES[i].text, strlen(CASES[i].text));
        enum li_status status = build(&folder, "artists.catalog", &err);
        check(status == LI_INVALID, "case %zu: %s", i, li_status_name(status));
        check(strcmp(err.message, CASES[i].message) == 0, "case %zu: %s", i, err.message);
        folder_remove(&folder);
    }
}

static void test_unknown_column(void **state) {
    (void)state;
    struct folder folder;
    struct li_error err = {0};
    folder_make(&folder);
    FILE *file = fopen(folder_file(&folder, "artists.tsv"), "wb");
    assert_non_null(file);
    fputs("origin\t", file);
    write_header(file);
    fclose(file);
    assert_int_equal(build(&folder, "artists.catalog", &err), LI_INVALID);
    assert_string_equal(err.message, "artists.tsv: 32 columns where 31 are known");
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contents),       cmocka_unit_test(test_order_and_find),
        cmocka_unit_test(test_same_bytes),     cmocka_unit_test(test_whole_or_not_at_all),
        cmocka_unit_test(test_artist_errors),  cmocka_unit_test(test_limits_are_fine),
        cmocka_unit_test(test_same_id_twice),  cmocka_unit_test(test_table_errors),
        cmocka_unit_test(test_unknown_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
