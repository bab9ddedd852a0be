/* A store over a bucket that gives its list in small pages: whatever is too old is found on all of them, and
 * nothing else goes. The bucket is a little server of our own; test_s3.c does the rest on a real engine. */
#include "check.h"

#include "bucket_keys.h"
#include "net/little_server.h"
#include "store/s3.h"

enum { HOUR_MS = 60 * 60 * 1000, SESSIONS = 5 };
static const int64_t WRITTEN_MS = 1000, CACHE_MS = (int64_t)LI_S3_CACHE_DAYS * LI_DAY_MS;

static struct little_server server;

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

static struct li_store *opened(int64_t now_ms) {
    struct li_store *store = NULL;
    struct li_error err = {0};
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d", server.port);
    const struct li_s3_options options = {.store = {.ttl_ms = HOUR_MS, .clock = {now_ms}},
                                          .bucket = "bucket",
                                          .endpoint = endpoint,
                                          .prefix = "own/",
                                          .backoff_ms = 1};
    enum li_status status = li_store_open_s3(&options, &store, &err);
    if (status == LI_UNSUPPORTED) {
        print_message("skipped: libcurl is not installed\n");
        skip();
    }
    check(status == LI_OK, "%s", err.message);
    return store;
}

static struct li_text session_of(int number, char out[32]) {
    snprintf(out, 32, "session-number-%08d", number);
    return li_text_of(out);
}

/* Three objects of each session; those of the logs stand between those of the data. */
static void fill(struct li_store *store) {
    static const enum li_object objects[] = {LI_OBJECT_TOP_TRACKS, LI_OBJECT_UNKNOWN_GENRES,
                                             LI_OBJECT_PROFILE};
    char name[32];
    for (int i = 0; i < SESSIONS; i++)
        for (size_t o = 0; o < sizeof objects / sizeof *objects; o++)
            assert_int_equal(li_store_put(store, session_of(i, name), objects[o], LI_TEXT("{}"), NULL),
                             LI_OK);
}

/* What somebody else put into the bucket. */
static void add_foreign(const char *key) {
    pthread_mutex_lock(&server.lock);
    struct little_kept *kept = &server.kept[server.kept_count++];
    snprintf(kept->path, sizeof kept->path, "/bucket/%s", key);
    kept->body = strdup("x");
    kept->size = 1;
    pthread_mutex_unlock(&server.lock);
}

static size_t count_kept(void) {
    size_t count = 0;
    pthread_mutex_lock(&server.lock);
    for (size_t i = 0; i < server.kept_count; i++)
        count += server.kept[i].path[0] != '\0';
    pthread_mutex_unlock(&server.lock);
    return count;
}

static void test_every_page_is_swept(void **state) {
    (void)state;
    struct li_error err = {0};
    size_t removed = 99;
    struct li_store *store = opened(WRITTEN_MS);
    fill(store);
    store->clock.fixed_ms = WRITTEN_MS + HOUR_MS - 1000;
    check(li_store_sweep(store, &removed, &err) == LI_OK && removed == 0, "%s", err.message);
    store->clock.fixed_ms = WRITTEN_MS + HOUR_MS;
    int before = atomic_load(&server.requests);
    check(li_store_sweep(store, &removed, &err) == LI_OK && removed == 3 * SESSIONS, "%s: %zu", err.message,
          removed);
    assert_int_equal(count_kept(), 0);
    /* 5 pages of ten, 3 of five and an empty one; each object is looked at once more before it goes. */
    assert_int_equal(atomic_load(&server.requests) - before, 5 + 3 + 1 + 2 * 3 * SESSIONS);
    li_store_free(store);
}

static void test_only_what_is_ours_goes(void **state) {
    (void)state;
    static const char *const foreign[] = {
        "own/data/readme.txt",
        "own/data/short/profile.json",
        "own/data/session-number-00000001/other.json",
        "own/logs/session-number-00000001/profile.json",
        "own/cache/notes",
        "own/cache/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeF",
        "own/database/session-number-00000001/profile.json",
        "other/data/session-number-00000001/profile.json",
        "data/session-number-00000001/profile.json",
    };
    static const char ours[] = "own/cache/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    enum { FOREIGN = sizeof foreign / sizeof *foreign };
    size_t removed = 99;
    struct li_store *store = opened(WRITTEN_MS + HOUR_MS);
    for (size_t i = 0; i < FOREIGN; i++)
        add_foreign(foreign[i]);
    add_foreign(ours);
    assert_int_equal(li_store_sweep(store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 0);
    store->clock.fixed_ms = WRITTEN_MS + CACHE_MS; /* the cache has a time of its own */
    assert_int_equal(li_store_sweep(store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 1);
    assert_int_equal(count_kept(), FOREIGN);
    li_store_free(store);
}

static void test_a_sweep_that_is_refused(void **state) {
    (void)state;
    struct li_error err = {0};
    size_t removed = 99;
    struct li_store *store = opened(WRITTEN_MS);
    fill(store);
    store->clock.fixed_ms = WRITTEN_MS + HOUR_MS;
    atomic_store(&server.refusing, true);
    assert_int_equal(li_store_sweep(store, &removed, &err), LI_IO);
    assert_int_equal(removed, 99);
    check(strstr(err.message, "AccessDenied"), "%s", err.message);
    assert_int_equal(count_kept(), 3 * SESSIONS);
    li_store_free(store);
}

/* Objects of which the bucket says no do not keep the others; their reason is said at the end. */
static void test_a_sweep_goes_on_behind_what_is_refused(void **state) {
    (void)state;
    struct li_error err = {0};
    size_t removed = 99;
    struct li_store *store = opened(WRITTEN_MS);
    fill(store);
    store->clock.fixed_ms = WRITTEN_MS + HOUR_MS;
    atomic_store(&server.refused, "session-number-00000000");
    assert_int_equal(li_store_sweep(store, &removed, &err), LI_IO);
    check(removed == 99 && strstr(err.message, "(403)"), "%s", err.message);
    assert_int_equal(count_kept(), 3); /* those of the one session */
    assert_int_equal(li_store_sweep(store, &removed, NULL), LI_IO);
    atomic_store(&server.refused, NULL);
    assert_int_equal(li_store_sweep(store, &removed, &err), LI_OK);
    assert_true(removed == 3 && count_kept() == 0);
    li_store_free(store);
}

/* One that asks to slow down is asked no more. */
static void test_a_sweep_that_is_too_much(void **state) {
    (void)state;
    struct li_error err = {0};
    size_t removed = 99;
    struct li_store *store = opened(WRITTEN_MS);
    fill(store);
    store->clock.fixed_ms = WRITTEN_MS + HOUR_MS;
    atomic_store(&server.refusal, "503 Slow Down");
    atomic_store(&server.refused, "session-number-00000000");
    assert_int_equal(li_store_sweep(store, &removed, &err), LI_BUSY);
    check(removed == 99 && strstr(err.message, "slow down"), "%s", err.message);
    assert_int_equal(count_kept(), 3 * SESSIONS);
    li_store_free(store);
}

int main(void) {
    use_any_keys();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_page_is_swept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_only_what_is_ours_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_sweep_that_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_sweep_goes_on_behind_what_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_sweep_that_is_too_much, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
