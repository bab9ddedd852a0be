/* The cache in a bucket: what one process keeps another finds, nobody asks the bucket twice, and a bucket
 * that fails costs nothing but what it would have saved. The bucket is a little server of our own;
 * tests/api/test_s3.py does the same on a real engine. */
#include "check.h"

#include "bucket_keys.h"
#include "net/little_server.h"
#include "sources/breaker.h"
#include "sources/cache_priv.h"
#include "store/s3.h"

enum { NOON_MS = 1000000 };

static struct little_server server;

static struct li_cache *opened(const char *scope, int64_t now_ms) {
    struct li_cache *cache = NULL;
    struct li_error err = {0};
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d", server.port);
    const struct li_cache_options options = {.scope = scope, .clock = {now_ms}};
    const struct li_s3_options bucket = {
        .bucket = "bucket", .endpoint = endpoint, .prefix = "own/", .backoff_ms = 1};
    enum li_status status = li_cache_open_bucket(&options, &bucket, &cache, &err);
    if (status == LI_UNSUPPORTED) {
        print_message("libcurl is not installed: skipped\n");
        skip();
    }
    check(status == LI_OK, "%s", err.message);
    return cache;
}

static bool holds(struct li_cache *cache, enum li_cache_kind kind, const char *key, const char *wanted) {
    struct li_arena arena = {0};
    struct li_text value = {0};
    bool found = li_cache_get(cache, kind, li_text_of(key), &arena, &value);
    bool same = found && wanted && li_text_equal(value, li_text_of(wanted));
    li_arena_release(&arena);
    return wanted ? same : !found;
}

static void put(struct li_cache *cache, enum li_cache_kind kind, const char *key, const char *value,
                int64_t ttl_ms) {
    li_cache_put(cache, kind, li_text_of(key), li_text_of(value), ttl_ms);
}

static int requests(void) {
    return atomic_load(&server.requests);
}

static int set_up(void **state) {
    (void)state;
    little_start(&server);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    little_stop(&server);
    return 0;
}

static void test_one_keeps_another_finds(void **state) {
    (void)state;
    struct li_cache *cache = opened("x", NOON_MS);
    put(cache, LI_CACHE_ARTIST, "a", "{\"name\":\"Björk\"}", 10);
    put(cache, LI_CACHE_TRACKS, "a", "[]", 10);
    put(cache, LI_CACHE_GENRES, "a", "", 10); /* nothing is a value too */
    put(cache, LI_CACHE_SEARCH, "deezer secret words", "[\n]", 10);
    assert_int_equal(requests(), 0);
    assert_true(holds(cache, LI_CACHE_TRACKS, "a", "[]")); /* not sent yet, and known here */
    li_cache_flush(cache);
    li_cache_flush(cache);
    assert_int_equal(requests(), 4);
    put(cache, LI_CACHE_TRACKS, "a", "[0]", 10);
    put(cache, LI_CACHE_TRACKS, "a", "[1]", 10); /* the later one counts, and one request is made */
    li_cache_close(cache);
    assert_int_equal(requests(), 5);

    cache = opened("x", NOON_MS + 9);
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", "{\"name\":\"Björk\"}"));
    assert_true(holds(cache, LI_CACHE_TRACKS, "a", "[1]"));
    assert_true(holds(cache, LI_CACHE_GENRES, "a", ""));
    assert_true(holds(cache, LI_CACHE_SEARCH, "deezer secret words", "[\n]"));
    assert_int_equal(requests(), 9);
    assert_true(holds(cache, LI_CACHE_TRACKS, "a", "[1]"));
    assert_int_equal(requests(), 9); /* from memory */
    li_cache_close(cache);

    cache = opened("another provider", NOON_MS);
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", NULL));
    li_cache_close(cache);
    for (size_t i = 0; i < server.kept_count; i++) { /* nothing to read in their names */
        assert_int_equal(strncmp(server.kept[i].path, "/bucket/own/cache/", 18), 0);
        assert_int_equal(strspn(server.kept[i].path + 18, "0123456789abcdef"), 64);
        assert_null(memmem(server.kept[i].body, server.kept[i].size, "secret", 6));
    }
}

static void test_times_to_live(void **state) {
    (void)state;
    struct li_arena arena = {0};
    struct li_text value = {0};
    struct li_cache *cache = opened("x", NOON_MS);
    put(cache, LI_CACHE_ARTIST, "a", "old", 500);
    li_cache_close(cache);
    cache = opened("x", NOON_MS + 500);
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", NULL));
    assert_true(li_cache_get_stale(cache, LI_CACHE_ARTIST, LI_TEXT("a"), &arena, &value));
    assert_true(li_text_equal(value, LI_TEXT("old")));
    assert_int_equal(requests(), 2); /* it is not asked for again at once */
    struct li_cache *other = opened("x", NOON_MS + 600);
    put(other, LI_CACHE_ARTIST, "a", "new", 60000);
    li_cache_close(other);
    cache->clock.fixed_ms = NOON_MS + 20000; /* some seconds later it is */
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", "new"));
    li_cache_close(cache);
    li_arena_release(&arena);
}

static void test_what_is_missing_is_asked_for_once(void **state) {
    (void)state;
    struct li_cache *cache = opened("x", NOON_MS);
    for (int i = 0; i < 3; i++)
        assert_true(holds(cache, LI_CACHE_ARTIST, "nobody", NULL));
    assert_int_equal(requests(), 1);
    put(cache, LI_CACHE_ARTIST, "nobody", "somebody", 60000);
    assert_true(holds(cache, LI_CACHE_ARTIST, "nobody", "somebody"));
    cache->clock.fixed_ms += 11000;
    assert_true(holds(cache, LI_CACHE_TRACKS, "nobody", NULL));
    assert_int_equal(requests(), 2);
    li_cache_close(cache);
}

static void test_many_at_once(void **state) {
    (void)state;
    enum { COUNT = 40 };
    char names[COUNT][16];
    struct li_text keys[COUNT + 1];
    struct li_cache *cache = opened("x", NOON_MS);
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "deezer:%d", i);
        keys[i] = li_text_of(names[i]);
        put(cache, LI_CACHE_MEASURED, names[i], names[i], 1000);
    }
    keys[COUNT] = LI_TEXT("");
    li_cache_close(cache);
    assert_int_equal(requests(), COUNT);
    cache = opened("x", NOON_MS);
    li_cache_load(cache, LI_CACHE_MEASURED, keys, COUNT + 1);
    li_cache_load(cache, LI_CACHE_MEASURED, keys, COUNT + 1);
    for (int i = 0; i < COUNT; i++)
        assert_true(holds(cache, LI_CACHE_MEASURED, names[i], names[i]));
    assert_int_equal(requests(), 2 * COUNT);
    li_cache_load(cache, LI_CACHE_PREVIEW, keys, 10); /* that nobody has them is loaded too */
    assert_true(holds(cache, LI_CACHE_PREVIEW, names[9], NULL));
    assert_int_equal(requests(), 2 * COUNT + 10);
    li_cache_close(cache);
}

/* A failure is no "nothing": it is asked again, until the bucket is left alone. */
static void test_a_bucket_that_refuses(void **state) {
    (void)state;
    struct li_cache *cache = opened("x", NOON_MS);
    put(cache, LI_CACHE_ARTIST, "a", "1", 1000);
    li_cache_flush(cache);
    li_cache_close(cache);
    cache = opened("x", NOON_MS);
    atomic_store(&server.refusing, true);
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", NULL));
    atomic_store(&server.refusing, false);
    assert_true(holds(cache, LI_CACHE_ARTIST, "a", "1"));
    atomic_store(&server.refusing, true);
    int before = requests();
    for (int i = 0; i < 20; i++)
        assert_true(holds(cache, LI_CACHE_TRACKS, "a", NULL));
    assert_int_equal(requests(), before + LI_BREAKER_FAILURES);
    put(cache, LI_CACHE_TRACKS, "a", "[]", 1000);
    assert_true(holds(cache, LI_CACHE_TRACKS, "a", "[]")); /* memory goes on */
    li_cache_close(cache);
    atomic_store(&server.refusing, false);
}

#define ENTRY(bytes)                                                                                         \
    { bytes, sizeof bytes - 1 }

static void test_bytes_that_are_no_entry(void **state) {
    (void)state;
    static const struct li_text cases[] = {
        {NULL, 0},
        ENTRY(""),
        ENTRY("garbage"),
        ENTRY("\n"),
        ENTRY("listening-cache 1 \nx"),
        ENTRY("listening-cache 1  5\nx"),
        ENTRY("listening-cache 1 +5\nx"),
        ENTRY("listening-cache 1 05\nx"),
        ENTRY("listening-cache 1 5 \nx"),
        ENTRY("listening-cache 1 5\r\nx"),
        ENTRY("listening-cache 1 5\0\nx"),
        ENTRY("listening-cache 1 0x5\nx"),
        ENTRY("listening-cache 1 99999999x\nx"),
        ENTRY("listening-cache 1 9223372036854775808\nx"),
        ENTRY("listening-cache 1 00000000000000000000000000000000000000000000000000000000000000005\nx"),
        ENTRY("listening-cache 1 -5\nx"),
        ENTRY("listening-cache 1 -0\nx"),
        ENTRY("listening-cache 2 99999999\nx"),
        ENTRY(" listening-cache 1 99999999\nx"),
        ENTRY("listening-cache 1 99999999"),
        ENTRY("listening-cache 1 99999999\n\xff\xfe"),
        ENTRY("listening-cache 1 99999999\nx\0y"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_cache_entry entry = {LI_TEXT("untouched"), 7};
        check(!li_cache_entry_read(cases[i], &entry), "case %zu", i);
        check(entry.expires_ms == 7 && entry.value.size == 9, "case %zu", i);
    }
}

static void test_entries_there_and_back(void **state) {
    (void)state;
    static char bytes[LI_CACHE_HEAD_SIZE + LI_CACHE_VALUE_MAX + 1];
    static const int64_t times_ms[] = {0, 1, 1795377988123, INT64_MAX};
    static const size_t sizes[] = {0, 1, LI_CACHE_VALUE_MAX, LI_CACHE_VALUE_MAX + 1};
    for (size_t t = 0; t < sizeof times_ms / sizeof *times_ms; t++) {
        size_t head = li_cache_entry_head(times_ms[t], bytes);
        assert_in_range(head, 1, LI_CACHE_HEAD_SIZE - 1);
        memset(bytes + head, '\n', sizeof bytes - head);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            struct li_cache_entry entry = {0};
            bool read = li_cache_entry_read((struct li_text){bytes, head + sizes[s]}, &entry);
            check(read == (sizes[s] <= LI_CACHE_VALUE_MAX), "%zu bytes", sizes[s]);
            check(!read || (entry.expires_ms == times_ms[t] && entry.value.size == sizes[s]), "%zu bytes",
                  sizes[s]);
        }
    }
}

static void test_objects_that_are_none_of_ours(void **state) {
    (void)state;
    static const char *const bodies[] = {"", "garbage", "listening-cache 1 99999999\n\xff\xfe"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct li_cache *cache = opened("x", NOON_MS);
        put(cache, LI_CACHE_ARTIST, "a", "right", 99999);
        li_cache_close(cache);
        cache = opened("x", NOON_MS);
        pthread_mutex_lock(&server.lock);
        free(server.kept[0].body);
        server.kept[0].body = strdup(bodies[i]);
        server.kept[0].size = strlen(bodies[i]);
        pthread_mutex_unlock(&server.lock);
        check(holds(cache, LI_CACHE_ARTIST, "a", NULL), "case %zu", i);
        li_cache_close(cache);
    }
}

static void test_sizes(void **state) {
    (void)state;
    static char key[LI_CACHE_KEY_MAX + 2];
    char *value = calloc(1, LI_CACHE_VALUE_MAX + 2);
    struct li_cache *cache = opened("x", NOON_MS);
    memset(key, 'k', sizeof key - 1);
    memset(value, 'v', LI_CACHE_VALUE_MAX + 1);
    put(cache, LI_CACHE_SEARCH, key, "v", 10);
    put(cache, LI_CACHE_SEARCH, "", "v", 10);
    put(cache, LI_CACHE_SEARCH, "large", value, 10);
    assert_int_equal(li_cache_rows(cache), 0);
    assert_true(holds(cache, LI_CACHE_SEARCH, key, NULL));
    assert_int_equal(requests(), 0);
    put(cache, LI_CACHE_SEARCH, "large", value + 1, 10);
    li_cache_close(cache);
    cache = opened("x", NOON_MS);
    assert_true(holds(cache, LI_CACHE_SEARCH, "large", value + 1));
    li_cache_close(cache);
    free(value);
}

int main(void) {
    use_any_keys();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_keeps_another_finds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_times_to_live, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_missing_is_asked_for_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bucket_that_refuses, set_up, tear_down),
        cmocka_unit_test(test_bytes_that_are_no_entry),
        cmocka_unit_test(test_entries_there_and_back),
        cmocka_unit_test_setup_teardown(test_objects_that_are_none_of_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sizes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
