/* Files that are no catalogue, or were made to do harm: they are refused, or whatever is found in them is
 * sound. */
#include "catalog/format.h"
#include "fixture.h"

static unsigned char *sample_bytes(size_t *size) {
    struct folder folder;
    folder_make(&folder);
    build_sample(&folder);
    unsigned char *bytes = folder_read(&folder, "artists.catalog", size);
    folder_remove(&folder);
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
    check_refused("", 0, "no catalogue file; make one with: listening catalog build");
    check_refused("This is a letter, not a catalogue.\n", 35, "make one with: listening catalog build");
    check_refused("SQLite format 3\0 and more", 25, "an SQLite file, as catalogues were before");
    check_refused(bytes, 7, "make one with: listening catalog build");
    check_refused(bytes, 12, "cut short or torn; copy or make it again");
    check_refused(bytes, HEADER_BYTES, "cut short or torn; copy or make it again");
    check_refused(bytes, size - 1, "cut short or torn; copy or make it again");
    li_put32(bytes + SCHEMA_AT, LI_CATALOG_SCHEMA + 1);
    check_refused(bytes, size, "schema 3, newer than this program (2); update it");
    li_put32(bytes + SCHEMA_AT, 1);
    check_refused(bytes, size, "schema 1, older than this program (2); make it again");
    free(bytes);
}

static void test_files(void **state) {
    (void)state;
    struct folder folder;
    struct li_error err = {0};
    struct li_catalog *catalog = NULL;
    folder_make(&folder);
    assert_int_equal(li_catalog_open_file(folder_file(&folder, "absent"), &catalog, &err), LI_NOT_FOUND);
    assert_non_null(strstr(err.message, "absent"));
    folder_write(&folder, "empty", "", 0);
    assert_int_equal(li_catalog_open_file(folder_file(&folder, "empty"), &catalog, &err), LI_CORRUPT);
    assert_non_null(strstr(err.message, "empty: no catalogue file; make one with"));
    assert_int_equal(li_catalog_open_file(folder.path, &catalog, &err), LI_INVALID);
    assert_non_null(strstr(err.message, "is no file"));
    assert_null(catalog);
    li_catalog_free(NULL);
    folder_remove(&folder);
}

static void check_texts(const struct li_text *texts, size_t count, size_t max) {
    assert_true(count <= max);
    for (size_t i = 0; i < count; i++)
        assert_true(texts[i].size && texts[i].size <= LI_CATALOG_NAME_MAX && li_text_valid(texts[i]));
}

static void check_artist(const struct li_catalog_artist *artist) {
    assert_true(li_catalog_valid_id(artist->id));
    check_texts(&artist->name, 1, 1);
    assert_true(artist->popularity >= -1 && artist->popularity <= 100);
    check_texts(artist->genres, artist->genre_count, LI_CATALOG_GENRES_MAX);
    check_texts(artist->aliases, artist->alias_count, LI_CATALOG_ALIASES_MAX);
    assert_true(artist->track_count <= LI_CATALOG_TRACKS_MAX);
    for (size_t i = 0; i < artist->track_count; i++)
        check_texts(&artist->tracks[i].title, 1, 1);
}

/* Reads all of a catalogue that opened, and asks it much. */
static void read_all(const struct li_catalog *catalog) {
    static const char *const QUERIES[] = {"queen", "q",  "bjork gudmundsdotir", "utada hikaru", "宇多田",
                                          "abbba", "the"};
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX], *artist;
    struct li_arena arena = {0};
    size_t count = 0;
    for (size_t i = 0; i < SAMPLE_COUNT + 2; i++)
        if ((artist = li_catalog_at(catalog, i, &arena)))
            check_artist(artist);
    if ((artist = li_catalog_find(catalog, LI_TEXT("queen"), &arena)))
        check_artist(artist);
    for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++) {
        struct li_text query = li_text_of(QUERIES[i]);
        assert_int_equal(li_catalog_search(catalog, query, LI_CATALOG_HITS_MAX, hits, &count, &arena, NULL),
                         LI_OK);
        for (size_t j = 0; j < count; j++)
            check_artist(hits[j]);
        if ((artist = li_catalog_match(catalog, query, &arena)))
            check_artist(artist);
    }
    li_arena_release(&arena);
}

static void seal(unsigned char *bytes) {
    li_put64(bytes + SUM_AT, li_format_sum(SUM_START, bytes, SUM_AT));
}

/* Opens bytes that may be anything, with a header whose checksum is made right. */
static bool try_bytes(unsigned char *bytes, size_t size) {
    struct li_catalog *catalog = NULL;
    seal(bytes);
    enum li_status status = li_catalog_open_bytes(bytes, size, &catalog, NULL);
    if (status) {
        assert_int_equal(status, LI_CORRUPT);
        return false;
    }
    read_all(catalog);
    li_catalog_free(catalog);
    return true;
}

/* Every byte of the header but its checksum turned over: opening refuses the file as it is. */
static void test_damaged_header(void **state) {
    (void)state;
    size_t size;
    unsigned char *bytes = sample_bytes(&size);
    for (size_t at = MAGIC_BYTES + 8; at < HEADER_BYTES; at++) {
        bytes[at] ^= 0x10;
        check_refused(bytes, size, "cut short or torn");
        bytes[at] ^= 0x10;
    }
    for (size_t at = COUNTS_AT; at < SUM_AT; at++) /* the same by somebody who makes the checksum right */
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] ^= (unsigned char)(1 << bit);
            try_bytes(bytes, size);
            bytes[at] ^= (unsigned char)(1 << bit);
        }
    free(bytes);
}

/* Sections cut short, emptied, moved behind the end. */
static void test_sections_out_of_bounds(void **state) {
    (void)state;
    size_t size, refused = 0;
    unsigned char *bytes = sample_bytes(&size), header[HEADER_BYTES];
    memcpy(header, bytes, sizeof header);
    for (size_t section = 0; section < SECTION_COUNT; section++) {
        unsigned char *row = bytes + TABLE_AT + TABLE_ROW * section;
        uint64_t length = li_get64(row + 8);
        const uint64_t lengths[] = {0, 1, length / 2, length - 1, length + 8, size, UINT64_MAX};
        const uint64_t offsets[] = {0, size - 1, size, size + 1, UINT64_MAX, UINT64_MAX - length + 1};
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            li_put64(row + 8, lengths[i]);
            refused += !try_bytes(bytes, size);
            memcpy(bytes, header, sizeof header);
        }
        for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
            li_put64(row, offsets[i]);
            refused += !try_bytes(bytes, size);
            memcpy(bytes, header, sizeof header);
        }
    }
    assert_true(refused >= SECTION_COUNT * 3);
    free(bytes);
}

/* The contents of every section overwritten: found by li_catalog_verify, and harmless. */
static void test_damaged_sections(void **state) {
    (void)state;
    static const unsigned char FILLS[] = {0, 0xff, 0x7f, 0x01, 0x20};
    size_t size;
    unsigned char *bytes = sample_bytes(&size), *copy = malloc(size);
    assert_non_null(copy);
    for (size_t section = 0; section < SECTION_COUNT; section++) {
        size_t from = (size_t)li_get64(bytes + TABLE_AT + TABLE_ROW * section);
        size_t length = (size_t)li_get64(bytes + TABLE_AT + TABLE_ROW * section + 8);
        for (size_t fill = 0; length && fill < sizeof FILLS; fill++) {
            struct li_catalog *catalog = NULL;
            struct li_error err = {0};
            memcpy(copy, bytes, size);
            memset(copy + from, FILLS[fill], length);
            assert_true(try_bytes(copy, size));
            if (memcmp(copy, bytes, size) == 0)
                continue;
            assert_int_equal(li_catalog_open_bytes(copy, size, &catalog, NULL), LI_OK);
            check(li_catalog_verify(catalog, &err) == LI_CORRUPT, "section %zu", section);
            assert_non_null(strstr(err.message, "damaged"));
            li_catalog_free(catalog);
        }
    }
    free(copy);
    free(bytes);
}

/* One bit after another, all over the file. */
static void test_turned_bits(void **state) {
    (void)state;
    size_t size;
    unsigned char *bytes = sample_bytes(&size);
    for (size_t at = HEADER_BYTES; at < size; at++) {
        unsigned char bit = (unsigned char)(1 << at % 8);
        bytes[at] ^= bit;
        assert_true(try_bytes(bytes, size));
        bytes[at] ^= bit;
    }
    free(bytes);
}

/* The bytes are only read, and the same catalogue may be opened twice. */
static void test_bytes_stay(void **state) {
    (void)state;
    size_t size;
    struct li_arena arena = {0};
    struct li_catalog *one = NULL, *two = NULL;
    unsigned char *bytes = sample_bytes(&size), *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    assert_int_equal(li_catalog_open_bytes(bytes, size, &one, NULL), LI_OK);
    assert_int_equal(li_catalog_open_bytes(bytes, size, &two, NULL), LI_OK);
    assert_int_equal(li_catalog_verify(one, NULL), LI_OK);
    read_all(one);
    assert_memory_equal(bytes, copy, size);
    li_catalog_free(one);
    assert_non_null(li_catalog_find(two, LI_TEXT("utada"), &arena));
    li_arena_release(&arena);
    li_catalog_free(two);
    free(copy);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foreign_files),    cmocka_unit_test(test_files),
        cmocka_unit_test(test_damaged_header),   cmocka_unit_test(test_sections_out_of_bounds),
        cmocka_unit_test(test_damaged_sections), cmocka_unit_test(test_turned_bits),
        cmocka_unit_test(test_bytes_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
