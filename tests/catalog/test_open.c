/* Files that are no catalogue, or were made to do harm. */
#include <sqlite3.h>

#include "fixture.h"

static unsigned char *sample_bytes(size_t *size) {
    struct folder folder;
    folder_new(&folder);
    build_sample(&folder);
    unsigned char *bytes = folder_read(&folder, "catalog.sqlite", size);
    folder_free(&folder);
    return bytes;
}

/* Opening must fail with LI_CORRUPT and a sentence that has these words. */
static void check_refused(const void *bytes, size_t size, const char *words) {
    struct li_catalog *catalog = NULL;
    struct li_error err = {0};
    enum li_status status = li_catalog_open_bytes(bytes, size, &catalog, &err);
    check(status == LI_CORRUPT, "%s: %s", words, li_status_name(status));
    check(strstr(err.message, words) != NULL, "\"%s\" is not in \"%s\"", words, err.message);
    assert_null(catalog);
}

static void test_foreign_files(void **state) {
    (void)state;
    size_t size;
    unsigned char *bytes = sample_bytes(&size);
    check_refused("", 0, "make one with: listening catalog build");
    check_refused("This is a letter, not a catalogue.\n", 35, "make one with: listening catalog build");
    check_refused(bytes, 99, "make one with: listening catalog build");
    check_refused(bytes, 100, "cut short or torn; copy or make it again");
    check_refused(bytes, 4096, "cut short or torn; copy or make it again");
    check_refused(bytes, size - 1, "cut short or torn; copy or make it again");
    check_refused(bytes, size - 4096, "cut short or torn; copy or make it again");
    bytes[63] = 2; /* user_version */
    check_refused(bytes, size, "schema 2, newer than this program (1); update it");
    bytes[63] = 0;
    check_refused(bytes, size, "schema 0, older than this program (1); make it again");
    bytes[63] = 1;
    bytes[70] ^= 1; /* application_id */
    check_refused(bytes, size, "an SQLite file, but no catalogue");
    free(bytes);
}

static void test_files(void **state) {
    (void)state;
    struct folder folder;
    struct li_error err = {0};
    struct li_catalog *catalog = NULL;
    folder_new(&folder);
    assert_int_equal(li_catalog_open_file(folder_file(&folder, "absent.sqlite"), &catalog, &err),
                     LI_NOT_FOUND);
    assert_non_null(strstr(err.message, "absent.sqlite"));
    folder_write(&folder, "empty.sqlite", "", 0);
    assert_int_equal(li_catalog_open_file(folder_file(&folder, "empty.sqlite"), &catalog, &err), LI_CORRUPT);
    assert_non_null(strstr(err.message, "empty.sqlite: no catalogue file; make one with"));
    assert_int_equal(li_catalog_open_file(folder.path, &catalog, &err), LI_INVALID);
    assert_non_null(strstr(err.message, "is no file"));
    assert_null(catalog);
    li_catalog_free(NULL);
    folder_free(&folder);
}

/* Every page of the file overwritten in turn: refused or read, never a crash. */
static void test_damaged_pages(void **state) {
    (void)state;
    size_t size, refused = 0;
    unsigned char *bytes = sample_bytes(&size), *copy = malloc(size);
    assert_non_null(copy);
    for (size_t page = 0; page < size / 4096; page++) {
        for (int fill = 0; fill < 3; fill++) {
            struct li_catalog *catalog = NULL;
            size_t from = page ? page * 4096 : 100;
            memcpy(copy, bytes, size);
            memset(copy + from, fill == 0 ? 0 : fill == 1 ? 0xff : 0x0d, (page + 1) * 4096 - from);
            enum li_status status = li_catalog_open_bytes(copy, size, &catalog, NULL);
            check(status == LI_OK || status == LI_CORRUPT, "page %zu: %s", page, li_status_name(status));
            refused += status == LI_CORRUPT;
            li_catalog_free(catalog);
        }
    }
    assert_true(refused >= 3 * 5); /* the pages of our own tables */
    free(copy);
    free(bytes);
}

/* The sample with some SQL run over it. */
static unsigned char *changed_sample(const char *sql, size_t *size) {
    struct folder folder;
    sqlite3 *db = NULL;
    char *why = NULL;
    folder_new(&folder);
    build_sample(&folder);
    assert_int_equal(sqlite3_open(folder_file(&folder, "catalog.sqlite"), &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA journal_mode = MEMORY", NULL, NULL, NULL);
    check(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
    sqlite3_close(db);
    unsigned char *bytes = folder_read(&folder, "catalog.sqlite", size);
    folder_free(&folder);
    return bytes;
}

#define RENAME(table) "ALTER TABLE " table " RENAME TO old;"

static void test_hostile_contents(void **state) {
    (void)state;
    static const struct {
        const char *sql, *words;
    } CASES[] = {
        {"DROP TABLE tracks", "its tables are not those of a catalogue"},
        {RENAME("artists") "CREATE VIEW artists AS SELECT * FROM old", "its tables are not those"},
        {RENAME("tracks") "CREATE VIEW tracks AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
                          "FROM n) "
                          "SELECT x AS number, 0 AS artist, 'a' AS slug, 'b' AS title, 1 AS year FROM n",
         "its tables are not those"},
        {RENAME("tracks") "CREATE TABLE tracks (number INTEGER PRIMARY KEY, artist, slug, title, year)",
         "its tables are not those"},
        {RENAME("artist_genres") "CREATE TABLE artist_genres (number, artist, genre AS (artist))",
         "its tables are not those"},
        {"ALTER TABLE artists ADD COLUMN origin", "its tables are not those"},
        {"DELETE FROM catalog", "it is empty"},
        {"INSERT INTO catalog SELECT * FROM catalog", "its version is no version"},
        {"UPDATE catalog SET version = 'ABCDEFGHABCDEFGH'", "its version is no version"},
        {"UPDATE catalog SET version = '12'", "its version is no version"},
        {"DELETE FROM artists; DELETE FROM tracks; DELETE FROM artist_genres; DELETE FROM artist_aliases",
         "it is empty"},
        {"DELETE FROM artists WHERE artist = 1", "a number is missing or out of range"},
        {"DELETE FROM artists WHERE artist = 3", "a number is missing or out of range"},
        {"UPDATE artists SET popularity = -1 WHERE artist = 2", "a number is missing or out of range"},
        {"UPDATE artists SET popularity = 101", "a number is missing or out of range"},
        {"UPDATE artists SET popularity = 9223372036854775807", "a number is missing or out of range"},
        {"UPDATE artists SET id = 'Queen' WHERE artist = 2",
         "the ids of its artists are wrong or not in order"},
        {"UPDATE artists SET id = '../../etc' WHERE artist = 0", "the ids of its artists are wrong"},
        {"UPDATE artists SET id = 'zz' WHERE artist = 0", "the ids of its artists are wrong or not in order"},
        {"UPDATE artists SET id = 'abba' WHERE artist = 1",
         "the ids of its artists are wrong or not in order"},
        {"UPDATE artists SET name = ''", "a text is missing or too long"},
        {"UPDATE artists SET name = hex(zeroblob(257))", "a text is missing or too long"},
        {"UPDATE artists SET name = hex(zeroblob(5000000))", "string or blob too big"},
        {"UPDATE artists SET name = CAST(x'41ff42' AS TEXT)", "a text is not UTF-8"},
        {"UPDATE artists SET name = CAST(x'610062' AS TEXT)", "a text is not UTF-8"},
        {"UPDATE tracks SET title = CAST(x'c3a9eda080' AS TEXT)", "a text is not UTF-8"},
        {"UPDATE tracks SET slug = ''", "a text is missing or too long"},
        {"UPDATE tracks SET year = 1599", "a year is out of range"},
        {"UPDATE tracks SET year = -5", "a number is missing or out of range"},
        {"UPDATE tracks SET year = 99999", "a number is missing or out of range"},
        {"UPDATE tracks SET artist = 4", "a number is missing or out of range"},
        {"UPDATE tracks SET artist = -1", "a number is missing or out of range"},
        {"UPDATE tracks SET artist = 3 - artist", "a number is missing or out of range"},
        {"UPDATE tracks SET artist = 0", "an artist has too few genres or no track"},
        {"DELETE FROM tracks WHERE artist = 1", "an artist has too few genres or no track"},
        {"DELETE FROM artist_genres WHERE number <= 2", "an artist has too few genres or no track"},
        {"INSERT INTO tracks (artist, slug, title) SELECT 3, 's', 't' FROM tracks, tracks",
         "too many genres, aliases or tracks"},
        {"INSERT INTO artist_aliases (artist, alias) SELECT 3, 's' FROM tracks",
         "too many genres, aliases or tracks"},
        {"INSERT INTO artist_genres (artist, genre) SELECT 3, 's' FROM tracks",
         "too many genres, aliases or tracks"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE artists (x)' WHERE name "
         "= "
         "'artists'",
         "its tables are not those"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'tracks'",
         "the catalogue is damaged"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'tracks'",
         "the catalogue is damaged"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'nonsense' WHERE name = 'emotions'",
         "the catalogue is damaged"},
        {"PRAGMA journal_mode = WAL", "the catalogue is damaged"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t size;
        unsigned char *bytes = changed_sample(CASES[i].sql, &size);
        print_message("%s\n", CASES[i].sql);
        check_refused(bytes, size, CASES[i].words);
        free(bytes);
    }
}

/* Triggers, views and tables beside ours are none of our business: they are never run or read. */
static void test_harmless_company(void **state) {
    (void)state;
    size_t size;
    struct li_catalog *catalog = NULL;
    struct li_error err = {0};
    unsigned char *bytes =
        changed_sample("CREATE TABLE notes (x);"
                       "CREATE VIEW loud AS SELECT upper(name) FROM artists;"
                       "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM artists; END;"
                       "VACUUM",
                       &size);
    check(li_catalog_open_bytes(bytes, size, &catalog, &err) == LI_OK, "%s", err.message);
    assert_non_null(li_catalog_find(catalog, LI_TEXT("queen")));
    li_catalog_free(catalog);
    free(bytes);
}

/* The bytes are only read, and the same catalogue may be opened twice. */
static void test_bytes_stay(void **state) {
    (void)state;
    size_t size;
    struct li_catalog *one = NULL, *two = NULL;
    unsigned char *bytes = sample_bytes(&size), *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    assert_int_equal(li_catalog_open_bytes(bytes, size, &one, NULL), LI_OK);
    assert_int_equal(li_catalog_open_bytes(bytes, size, &two, NULL), LI_OK);
    assert_memory_equal(bytes, copy, size);
    li_catalog_free(one);
    assert_non_null(li_catalog_find(two, LI_TEXT("utada")));
    li_catalog_free(two);
    free(copy);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foreign_files),    cmocka_unit_test(test_files),
        cmocka_unit_test(test_damaged_pages),    cmocka_unit_test(test_hostile_contents),
        cmocka_unit_test(test_harmless_company), cmocka_unit_test(test_bytes_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
