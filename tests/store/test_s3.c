/* The store over a bucket, held to what every store promises, and what only a bucket can do wrong. */
#include "bucket_keys.h"
#include "conformance.h"
#include "engine.h"

#include "store/s3.h"

static struct engine engine;

/* Everything of one test lies under a prefix of its own: the name of its folder. */
static struct li_s3_options options_of(const struct folder *folder, char prefix[80]) {
    snprintf(prefix, 80, "%s/", strrchr(folder->path, '/') + 1);
    return (struct li_s3_options){
        .store = {.ttl_ms = TTL_MS, .clock = {NOON_MS}},
        .bucket = engine.bucket,
        .endpoint = engine.endpoint,
        .prefix = prefix,
        .backoff_ms = 1,
    };
}

static enum li_status open_s3(const struct folder *folder, const struct li_store_options *options,
                              struct li_store **out, struct li_error *err) {
    char prefix[80];
    struct li_s3_options s3 = options_of(folder, prefix);
    s3.store = *options;
    return li_store_open_s3(&s3, out, err);
}

/* The bucket as a part of the host's name, with a prefix that must be encoded. */
static enum li_status open_s3_virtual(const struct folder *folder, const struct li_store_options *options,
                                      struct li_store **out, struct li_error *err) {
    char own[80], prefix[120], endpoint[120];
    struct li_s3_options s3 = options_of(folder, own);
    snprintf(prefix, sizeof prefix, "%s a+b=\xc3\xa9&~/", own);
    snprintf(endpoint, sizeof endpoint, "http://s3.localhost%s", strrchr(engine.endpoint, ':'));
    s3.store = *options;
    s3.prefix = prefix;
    s3.endpoint = endpoint;
    return li_store_open_s3(&s3, out, err);
}

static struct li_store *open_or_fail(const struct li_s3_options *options) {
    struct li_store *store = NULL;
    struct li_error err = {0};
    check(li_store_open_s3(options, &store, &err) == LI_OK, "%s", err.message);
    return store;
}

/* What a wrong setting says at the first call. */
static void test_refusals(void **state) {
    (void)state;
    const struct {
        const char *name, *secret, *bucket, *endpoint;
        enum li_status status;
        const char *words;
    } cases[] = {
        {"a wrong secret", "wrong", engine.bucket, engine.endpoint, LI_IO, "SignatureDoesNotMatch"},
        {"no such bucket", engine.secret_key, "no-such-bucket", engine.endpoint, LI_IO, "no bucket"},
        {"nobody there", engine.secret_key, engine.bucket, "http://127.0.0.1:1", LI_IO,
         "does not take connections"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {0};
        struct li_text bytes;
        struct li_arena arena = {0};
        use_keys(engine.access_key, cases[i].secret);
        struct li_store *store = open_or_fail(&(struct li_s3_options){.store = {.ttl_ms = TTL_MS},
                                                                      .bucket = cases[i].bucket,
                                                                      .endpoint = cases[i].endpoint,
                                                                      .tries = 2,
                                                                      .backoff_ms = 1});
        check(li_store_put(store, ONE, LI_OBJECT_PROFILE, LI_TEXT("x"), &err) == cases[i].status, "%s: %s",
              cases[i].name, err.message);
        check(strstr(err.message, cases[i].words) != NULL, "%s: %s", cases[i].name, err.message);
        check(li_store_get(store, ONE, LI_OBJECT_PROFILE, &arena, &bytes, NULL, &err) == cases[i].status,
              "%s: %s", cases[i].name, err.message);
        check(strstr(err.message, "wrong") == NULL, "%s: a secret in %s", cases[i].name, err.message);
        li_arena_release(&arena);
        li_store_free(store);
    }
    use_keys(engine.access_key, engine.secret_key);
}

static void test_wrong_options(void **state) {
    (void)state;
    static char long_prefix[600];
    memset(long_prefix, 'a', sizeof long_prefix - 1);
    const struct li_s3_options cases[] = {
        {.store = {.ttl_ms = 1}, .bucket = NULL},
        {.store = {.ttl_ms = 1}, .bucket = ""},
        {.store = {.ttl_ms = 1}, .bucket = "a/b"},
        {.store = {.ttl_ms = 1}, .bucket = "a?b"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .prefix = "/x"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .prefix = long_prefix},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .endpoint = "example.org"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .endpoint = "ftp://example.org"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .endpoint = "http://"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .endpoint = "http://key:secret@example.org"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .endpoint = "http://example.org/path"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_store *store = NULL;
        struct li_error err = {0};
        check(li_store_open_s3(&cases[i], &store, &err) == LI_INVALID, "case %zu", i);
        check(store == NULL && err.message[0], "case %zu", i);
    }
}

/* What the bucket itself says is the time. Lists of more than one page: test_s3_list.c. */
static void test_the_buckets_own_clock(void **state) {
    (void)state;
    struct folder folder;
    char prefix[80];
    folder_make(&folder);
    struct li_s3_options options = options_of(&folder, prefix);
    options.store = (struct li_store_options){.ttl_ms = 60000};
    struct li_store *store = open_or_fail(&options);
    struct li_store_version version;
    size_t removed = 9;
    int64_t before_ms = li_clock_now_ms(NULL);
    assert_int_equal(li_store_put(store, ONE, LI_OBJECT_PROFILE, LI_TEXT("x"), NULL), LI_OK);
    assert_int_equal(li_store_stat(store, ONE, LI_OBJECT_PROFILE, &version, NULL), LI_OK);
    assert_true(version.modified_ms >= before_ms - 2000 && version.modified_ms <= before_ms + 5000);
    store->clock.fixed_ms = version.modified_ms + 60000; /* as if a minute had passed */
    assert_int_equal(li_store_stat(store, ONE, LI_OBJECT_PROFILE, &version, NULL), LI_NOT_FOUND);
    assert_int_equal(li_store_sweep(store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 1);
    li_store_free(store);
    folder_remove(&folder);
}

int main(void) {
    static const struct kind kinds[] = {{"s3", open_s3}, {"s3 by host name", open_s3_virtual}};
    if (!engine_find(&engine))
        return 0;
    use_keys(engine.access_key, engine.secret_key);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_wrong_options),
        cmocka_unit_test(test_the_buckets_own_clock),
    };
    int failed = cmocka_run_group_tests_name("s3 alone", tests, NULL, NULL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        failed += run_conformance(&kinds[i]);
    return failed;
}
