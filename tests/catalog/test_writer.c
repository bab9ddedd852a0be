/* Catalogues made row by row: what goes in comes out, and what may not go in. */
#include <dirent.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

#define GENRE(text)                                                                                          \
    { text, sizeof(text) - 1 }

static const struct li_text TWO_GENRES[] = {GENRE("rock"), GENRE("pop")};
static const struct li_text BAD_UTF8[] = {GENRE("caf\xe9")};

static struct li_catalog_artist plain(const char *id) {
    return (struct li_catalog_artist){.id = li_text_of(id), .name = LI_TEXT("Name"), .popularity = -1};
}

static struct li_catalog *finish(struct li_catalog_writer *writer, const char *path,
                                 struct li_catalog_info *info) {
    struct li_catalog *catalog = NULL;
    struct li_error err = {0};
    check(li_catalog_writer_finish(writer, info, &err) == LI_OK, "%s", err.message);
    li_catalog_writer_free(writer);
    check(li_catalog_open_file(path, &catalog, &err) == LI_OK, "%s", err.message);
    return catalog;
}

static void test_round_trip(void **state) {
    (void)state;
    struct folder folder;
    struct li_catalog_writer *writer = NULL;
    struct li_catalog_info info = {0}, opened;
    struct li_arena arena = {0};
    folder_make(&folder);
    const char *path = folder_file(&folder, "made");
    struct li_features known = {{0.25, 0.5, NAN, 0, 1, NAN, 0.125, -7.5, 120.25, 1}};
    const struct li_catalog_track tracks[] = {
        {LI_TEXT("a-b/one"), LI_TEXT("One"), 1999, 77, LI_CATALOG_FEATURES_DATASET, known},
        {LI_TEXT("a-b/two"), LI_TEXT("Ünë 二"), 0, -1, LI_CATALOG_FEATURES_NONE, known},
        {LI_TEXT("a-b/three"), LI_TEXT("Three"), 1600, 0, LI_CATALOG_FEATURES_MEASURED, known}};
    const struct li_catalog_artist rich = {
        LI_TEXT("a-b"), LI_TEXT("A B"), 100, TWO_GENRES, 2, TWO_GENRES, 1, tracks, 3};
    const struct li_catalog_artist poor = plain("z");
    assert_int_equal(li_catalog_writer_new(path, &writer, NULL), LI_OK);
    assert_int_equal(li_catalog_writer_add(writer, &rich, NULL), LI_OK);
    assert_int_equal(li_catalog_writer_add(writer, &poor, NULL), LI_OK);
    struct li_catalog *catalog = finish(writer, path, &info);
    li_catalog_get_info(catalog, &opened);
    assert_true(info.bytes == opened.bytes && info.index_bytes == opened.index_bytes &&
                info.bytes > info.index_bytes);
    assert_true(opened.artists == 2 && opened.tracks == 3 && opened.featured == 2);
    assert_string_equal(info.version, opened.version);
    assert_true(info.artists == 2 && info.aliases == 1 && info.tracks == 3 && info.featured == 2 &&
                info.genre_tags == 2);
    assert_int_equal(li_catalog_verify(catalog, NULL), LI_OK);
    const struct li_catalog_artist *found = li_catalog_find(catalog, rich.id, &arena);
    assert_true(found && found->popularity == 100 && found->track_count == 3 && found->alias_count == 1);
    for (size_t i = 0; i < 3; i++) {
        assert_true(li_text_equal(found->tracks[i].id, tracks[i].id));
        assert_true(li_text_equal(found->tracks[i].title, tracks[i].title));
        assert_int_equal(found->tracks[i].year, tracks[i].year);
        assert_int_equal(found->tracks[i].popularity, tracks[i].popularity);
        assert_int_equal(found->tracks[i].features_from, tracks[i].features_from);
        for (int j = 0; j < LI_FEATURE_COUNT; j++) {
            double want = tracks[i].features_from ? known.value[j] : NAN,
                   got = found->tracks[i].features.value[j];
            check(isnan(want) ? isnan(got) : fabs(want - got) < 1e-6, "track %zu, feature %d: %f", i, j, got);
        }
    }
    found = li_catalog_find(catalog, poor.id, &arena);
    assert_true(found && found->popularity == -1 && !found->genre_count && !found->alias_count &&
                !found->track_count);
    li_arena_release(&arena);
    li_catalog_free(catalog);
    folder_remove(&folder);
}

static void test_refused_rows(void **state) {
    (void)state;
    struct folder folder;
    struct li_catalog_writer *writer = NULL;
    struct li_text many[LI_CATALOG_ALIASES_MAX + 1];
    static char long_text[LI_CATALOG_NAME_MAX + 1];
    memset(long_text, 'x', sizeof long_text);
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        many[i] = LI_TEXT("more");
    const struct li_catalog_track strange[] = {{LI_TEXT("other/one"), LI_TEXT("One"), 0, -1, 0, {{0}}},
                                               {LI_TEXT("m"), LI_TEXT("One"), 0, -1, 0, {{0}}},
                                               {LI_TEXT("m/"), LI_TEXT("One"), 0, -1, 0, {{0}}},
                                               {LI_TEXT("m/one"), LI_TEXT(""), 0, -1, 0, {{0}}},
                                               {LI_TEXT("m/one"), LI_TEXT("One"), 1599, -1, 0, {{0}}},
                                               {LI_TEXT("m/one"), LI_TEXT("One"), 0, 101, 0, {{0}}}};
    struct li_catalog_artist rows[24];
    size_t count = 0;
    static const char *const IDS[] = {"", "M", "m m", "-m", "m-", "a", "b"};
    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++)
        rows[count++] = plain(IDS[i]);
    rows[count] = plain("m"), rows[count++].name = LI_TEXT("");
    rows[count] = plain("m"), rows[count++].name = (struct li_text){long_text, sizeof long_text};
    rows[count] = plain("m"), rows[count++].name = BAD_UTF8[0];
    rows[count] = plain("m"), rows[count++].popularity = -2;
    rows[count] = plain("m"), rows[count++].popularity = 101;
    rows[count] = plain("m"), rows[count].genres = many,
    rows[count++].genre_count = LI_CATALOG_GENRES_MAX + 1;
    rows[count] = plain("m"), rows[count].aliases = many,
    rows[count++].alias_count = LI_CATALOG_ALIASES_MAX + 1;
    rows[count] = plain("m"), rows[count].genres = BAD_UTF8, rows[count++].genre_count = 1;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        rows[count] = plain("m"), rows[count].tracks = &strange[i], rows[count++].track_count = 1;
    folder_make(&folder);
    const char *path = folder_file(&folder, "made");
    const struct li_catalog_artist first = plain("b"), last = plain("n");
    assert_int_equal(li_catalog_writer_new(path, &writer, NULL), LI_OK);
    assert_int_equal(li_catalog_writer_add(writer, &first, NULL), LI_OK);
    for (size_t i = 0; i < count; i++) {
        struct li_error err = {0};
        check(li_catalog_writer_add(writer, &rows[i], &err) == LI_INVALID && err.message[0], "case %zu", i);
    }
    assert_int_equal(li_catalog_writer_add(writer, &last, NULL), LI_OK);
    struct li_catalog_info info;
    struct li_catalog *catalog = finish(writer, path, &info);
    assert_int_equal(info.artists, 2);
    li_catalog_free(catalog);
    folder_remove(&folder);
}

/* A writer that is given up leaves what was there, and nothing beside it. */
static void test_abandoned(void **state) {
    (void)state;
    struct folder folder;
    struct li_catalog_writer *writer = NULL;
    struct li_error err = {0};
    size_t size, files = 0;
    folder_make(&folder);
    folder_write(&folder, "made", "old", 3);
    const char *path = folder_file(&folder, "made");
    const struct li_catalog_artist artist = plain("a");
    for (int rows = 0; rows < 2; rows++) {
        assert_int_equal(li_catalog_writer_new(path, &writer, NULL), LI_OK);
        if (rows)
            assert_int_equal(li_catalog_writer_add(writer, &artist, NULL), LI_OK);
        else
            assert_int_equal(li_catalog_writer_finish(writer, NULL, &err), LI_INVALID);
        li_catalog_writer_free(writer);
    }
    assert_non_null(strstr(err.message, "at least one artist"));
    li_catalog_writer_free(NULL);
    unsigned char *bytes = folder_read(&folder, "made", &size);
    assert_true(size == 3 && memcmp(bytes, "old", 3) == 0);
    free(bytes);
    DIR *dir = opendir(folder.path);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        files += entry->d_name[0] != '.';
    closedir(dir);
    assert_int_equal(files, 1);
    folder_remove(&folder);
}

/* Behind a link that leads to it, with the permissions that it had. */
static void test_what_is_there_is_replaced_in_its_place(void **state) {
    (void)state;
    struct folder folder;
    struct li_catalog_writer *writer = NULL;
    char link[600];
    struct stat facts;
    folder_make(&folder);
    folder_write(&folder, "made", "old", 3);
    const char *path = folder_file(&folder, "made");
    snprintf(link, sizeof link, "%s/link", folder.path);
    assert_int_equal(symlink("made", link), 0);
    assert_int_equal(chmod(path, 0600), 0);
    const struct li_catalog_artist artist = plain("a");
    assert_int_equal(li_catalog_writer_new(link, &writer, NULL), LI_OK);
    assert_int_equal(li_catalog_writer_add(writer, &artist, NULL), LI_OK);
    li_catalog_free(finish(writer, path, NULL));
    assert_int_equal(lstat(link, &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    assert_int_equal(lstat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    unlink(link);
    folder_remove(&folder);
}

static void count_progress(void *context, size_t done, size_t total) {
    size_t *last = context;
    check(done >= *last && done <= total, "%zu of %zu after %zu", done, total, *last);
    *last = done;
}

/* So many artists that ranges are kept, with equal names: the best known come first, each once. */
static void test_many(void **state) {
    (void)state;
    enum { MANY = 3000 };
    struct folder folder;
    struct li_catalog_writer *writer = NULL;
    struct li_arena arena = {0};
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
    struct li_text alias = LI_TEXT("Singer of Songs");
    size_t done = 0, count = 0;
    char id[32], name[64];
    folder_make(&folder);
    const char *path = folder_file(&folder, "made");
    assert_int_equal(li_catalog_writer_new(path, &writer, NULL), LI_OK);
    li_catalog_writer_watch(writer, count_progress, &done);
    for (int i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "x-%04d", i);
        snprintf(name, sizeof name, i % 3 ? "Song Maker %d" : "Song Maker", i);
        const struct li_catalog_artist artist = {.id = li_text_of(id),
                                                 .name = li_text_of(name),
                                                 .popularity = i % 101,
                                                 .aliases = &alias,
                                                 .alias_count = 1};
        assert_int_equal(li_catalog_writer_add(writer, &artist, NULL), LI_OK);
    }
    struct li_catalog *catalog = finish(writer, path, NULL);
    assert_int_equal(done, MANY);
    static const char *const QUERIES[] = {"s",     "song", "song maker", "songmaker",
                                          "maker", "sing", "sogn maker", "maker song"};
    for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++) {
        assert_int_equal(li_catalog_search(catalog, li_text_of(QUERIES[i]), 10, hits, &count, &arena, NULL),
                         LI_OK);
        check(count == 10, "\"%s\": %zu", QUERIES[i], count);
        for (size_t j = 1; j < count; j++) {
            check(hits[j]->popularity <= hits[j - 1]->popularity, "\"%s\" %zu", QUERIES[i], j);
            if (hits[j]->popularity == hits[j - 1]->popularity)
                check(li_text_compare(hits[j - 1]->id, hits[j]->id) < 0, "\"%s\" %zu", QUERIES[i], j);
        }
        check(hits[0]->popularity == 100, "\"%s\": %d", QUERIES[i], hits[0]->popularity);
        li_arena_clear(&arena);
    }
    li_arena_release(&arena);
    li_catalog_free(catalog);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_refused_rows),
        cmocka_unit_test(test_abandoned),  cmocka_unit_test(test_what_is_there_is_replaced_in_its_place),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
