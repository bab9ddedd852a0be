/* What providers told is kept for as long as it is good, in a file that may be lost at any time. */
#include "check.h"

#include "folder.h"
#include "sources/cache.h"

static struct li_cache *opened(const char *path, const char *scope, int64_t now_ms, size_t rows_max) {
    struct li_cache *cache = NULL;
    struct li_error err = {0};
    const struct li_cache_options options = {
        .path = path, .scope = scope, .clock = {now_ms}, .rows_max = rows_max};
    check(li_cache_open(&options, &cache, &err) == LI_OK, "%s", err.message);
    return cache;
}

static bool holds(struct li_cache *cache, enum li_cache_kind kind, const char *key, const char *wanted) {
    struct li_arena arena = {0};
    struct li_text value = {0};
    bool found = li_cache_get(cache, kind, li_text_of(key), &arena, &value);
    bool same = found && li_text_equal(value, li_text_of(wanted ? wanted : ""));
    li_arena_release(&arena);
    return wanted ? same : !found;
}

static void put(struct li_cache *cache, enum li_cache_kind kind, const char *key, const char *value,
                int64_t ttl_ms) {
    li_cache_put(cache, kind, li_text_of(key), li_text_of(value), ttl_ms);
}

static void test_kept_by_kind_and_key(void **state) {
    (void)state;
    struct li_cache *cache = opened(NULL, "x", 1000, 0);
    put(cache, LI_CACHE_ARTIST, "a", "{\"name\":\"Björk\"}", 10);
    put(cache, LI_CACHE_TRACKS, "a", "[]", 10);
    put(cache, LI_CACHE_GENRES, "a", "", 10); /* nothing is a value too */
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", "{\"name\":\"Björk\"}"));
    assert_true(holds(cache, LI_CACHE_TRACKS, "a", "[]"));
    assert_true(holds(cache, LI_CACHE_GENRES, "a", ""));
    assert_true(holds(cache, LI_CACHE_SEARCH, "a", NULL));
    assert_true(holds(cache, LI_CACHE_ARTIST, "b", NULL));
    put(cache, LI_CACHE_ARTIST, "a", "other", 10);
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", "other"));
    assert_int_equal(li_cache_rows(cache), 3);
    put(cache, LI_CACHE_ARTIST, "", "no key", 10);
    put(cache, LI_CACHE_ARTIST, "never", "no time", 0);
    assert_int_equal(li_cache_rows(cache), 3);
    li_cache_close(cache);
}

static void test_times_to_live(void **state) {
    (void)state;
    struct folder folder;
    char path[512];
    struct li_arena arena = {0};
    struct li_text value = {0};
    folder_make(&folder);
    folder_path(&folder, "cache", path);
    struct li_cache *cache = opened(path, "x", 1000, 0);
    put(cache, LI_CACHE_ARTIST, "short", "s", 500);
    put(cache, LI_CACHE_ARTIST, "long", "l", 5000);
    li_cache_close(cache);
    cache = opened(path, "x", 1499, 0);
    assert_true(holds(cache, LI_CACHE_ARTIST, "short", "s"));
    li_cache_close(cache);
    cache = opened(path, "x", 1500, 0);
    assert_true(holds(cache, LI_CACHE_ARTIST, "short", NULL));
    assert_true(holds(cache, LI_CACHE_ARTIST, "long", "l"));
    assert_true(li_cache_get_stale(cache, LI_CACHE_ARTIST, LI_TEXT("short"), &arena, &value));
    assert_true(li_text_equal(value, LI_TEXT("s")));
    li_cache_close(cache);
    cache = opened(path, "x", (int64_t)40 * 24 * 3600 * 1000, 0); /* long after: swept */
    assert_int_equal(li_cache_rows(cache), 0);
    li_cache_close(cache);
    li_arena_release(&arena);
    folder_remove(&folder);
}

static void test_other_providers_other_cache(void **state) {
    (void)state;
    struct folder folder;
    char path[512];
    folder_make(&folder);
    folder_path(&folder, "cache", path);
    struct li_cache *cache = opened(path, "https://one.example", 0, 0);
    put(cache, LI_CACHE_ARTIST, "a", "1", INT64_MAX / 2);
    li_cache_close(cache);
    cache = opened(path, "https://one.example", 0, 0);
    assert_int_equal(li_cache_rows(cache), 1);
    li_cache_close(cache);
    cache = opened(path, "https://two.example", 0, 0);
    assert_int_equal(li_cache_rows(cache), 0);
    li_cache_close(cache);
    folder_remove(&folder);
}

/* A beginning, and much that is no database. */
static void write_text(const char *path, const char *head, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(head, 1, size, file);
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", file);
    fclose(file);
}

static void test_a_torn_file_is_replaced(void **state) {
    (void)state;
    struct folder folder;
    char path[512];
    folder_make(&folder);
    folder_path(&folder, "cache", path);
    write_text(path, "", 0);
    struct li_cache *cache = opened(path, "x", 1000, 0);
    put(cache, LI_CACHE_ARTIST, "a", "1", 10);
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", "1"));
    li_cache_close(cache);
    folder_remove(&folder);
}

static void test_anothers_file_is_left_as_it_is(void **state) {
    (void)state;
    struct folder folder;
    char path[512];
    size_t size = 0;
    struct li_cache *cache = NULL;
    struct li_error err = {0};
    folder_make(&folder);
    const struct li_cache_options options = {
        .path = folder_path(&folder, "my.csv", path), .named = true, .scope = "x"};
    write_text(path, "artist,title\n", 13);
    assert_int_equal(li_cache_open(&options, &cache, &err), LI_CORRUPT);
    assert_null(cache);
    assert_non_null(strstr(err.message, "is no cache"));
    char *bytes = file_read(path, &size);
    assert_true(size == 13 + 20000 && memcmp(bytes, "artist,title\nthis is", 20) == 0);
    free(bytes);
    folder_remove(&folder);
}

static void test_where_no_file_can_be(void **state) {
    (void)state;
    struct li_cache *untouched = (struct li_cache *)state, *cache = untouched;
    struct li_error err = {0};
    const struct li_cache_options options = {.path = "/no/such/folder/cache", .scope = "x"};
    assert_int_equal(li_cache_open(&options, &cache, &err), LI_IO);
    assert_ptr_equal(cache, untouched);
    assert_non_null(strstr(err.message, "/no/such/folder"));
}

static void test_too_many_rows(void **state) {
    (void)state;
    struct li_cache *cache = opened(NULL, "x", 1000, 50);
    for (int i = 0; i < 1000; i++) { /* a sweep comes every 500 */
        char key[20];
        snprintf(key, sizeof key, "%d", i);
        put(cache, LI_CACHE_ARTIST, key, "v", 10 + i);
    }
    assert_int_equal(li_cache_rows(cache), 50);
    assert_true(holds(cache, LI_CACHE_ARTIST, "999", "v")); /* the first to expire went */
    assert_true(holds(cache, LI_CACHE_ARTIST, "949", NULL));
    li_cache_close(cache);
}

/* What is searched for is not kept past its time; an artist may still help when a provider is away. */
static void test_what_is_swept(void **state) {
    (void)state;
    struct folder folder;
    char path[512];
    folder_make(&folder);
    folder_path(&folder, "cache", path);
    struct li_cache *cache = opened(path, "x", 1000, 0);
    for (int kind = 0; kind < LI_CACHE_KINDS; kind++)
        put(cache, (enum li_cache_kind)kind, "a", "1", 500);
    li_cache_sweep(cache);
    assert_int_equal(li_cache_rows(cache), LI_CACHE_KINDS);
    li_cache_close(cache);
    cache = opened(path, "x", 1500, 0);
    li_cache_sweep(cache);
    assert_int_equal(li_cache_rows(cache), 2); /* LI_CACHE_ARTIST, LI_CACHE_TRACKS */
    li_cache_close(cache);
    folder_remove(&folder);
    li_cache_sweep(NULL);
}

static void test_long_keys_and_none(void **state) {
    (void)state;
    static char key[LI_CACHE_KEY_MAX + 2];
    struct li_cache *cache = opened(NULL, "x", 1000, 0);
    memset(key, 'k', sizeof key - 1);
    put(cache, LI_CACHE_SEARCH, key, "v", 10);
    assert_true(holds(cache, LI_CACHE_SEARCH, key, NULL));
    put(cache, LI_CACHE_SEARCH, key + 1, "v", 10);
    assert_true(holds(cache, LI_CACHE_SEARCH, key + 1, "v"));
    put(cache, LI_CACHE_SEARCH, "'; DROP TABLE entries; --", "v", 10);
    assert_int_equal(li_cache_rows(cache), 2);
    li_cache_close(cache);
    put(NULL, LI_CACHE_SEARCH, "a", "v", 10); /* no cache knows nothing */
    assert_true(holds(NULL, LI_CACHE_SEARCH, "a", NULL));
    assert_int_equal(li_cache_rows(NULL), 0);
    li_cache_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_by_kind_and_key),
        cmocka_unit_test(test_times_to_live),
        cmocka_unit_test(test_other_providers_other_cache),
        cmocka_unit_test(test_a_torn_file_is_replaced),
        cmocka_unit_test(test_where_no_file_can_be),
        cmocka_unit_test(test_too_many_rows),
        cmocka_unit_test(test_long_keys_and_none),
        cmocka_unit_test(test_what_is_swept),
        cmocka_unit_test(test_anothers_file_is_left_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
