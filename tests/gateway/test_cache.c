/* Rendered profiles: only for their own session, language and version, and held while somebody reads. */
#include "exchange.h"

static struct li_blob *blob_of(const char *text, uint64_t tag) {
    struct li_blob *blob = li_blob_new(li_text_of(text), tag);
    assert_non_null(blob);
    return blob;
}

static void put(struct li_profile_cache *cache, const char *session, enum li_lang lang, const char *text,
                uint64_t tag) {
    struct li_blob *blob = blob_of(text, tag);
    li_profile_cache_put(cache, li_text_of(session), lang, blob);
    li_blob_release(blob);
}

static bool holds(struct li_profile_cache *cache, const char *session, enum li_lang lang, uint64_t tag,
                  const char *text) {
    struct li_blob *blob = li_profile_cache_get(cache, li_text_of(session), lang, tag);
    bool same = blob && li_text_equal((struct li_text){blob->bytes, blob->size}, li_text_of(text));
    li_blob_release(blob);
    return same;
}

static bool empty(struct li_profile_cache *cache, const char *session, enum li_lang lang, uint64_t tag) {
    struct li_blob *blob = li_profile_cache_get(cache, li_text_of(session), lang, tag);
    li_blob_release(blob);
    return !blob;
}

static void test_only_what_was_asked_for(void **state) {
    (void)state;
    struct li_profile_cache *cache = li_profile_cache_new();
    assert_true(empty(cache, SESSION, LI_LANG_EN, 1));
    assert_true(empty(cache, SESSION, LI_LANG_EN, 0));
    put(cache, SESSION, LI_LANG_EN, "one", 1);
    assert_true(holds(cache, SESSION, LI_LANG_EN, 1, "one"));
    assert_true(empty(cache, SESSION, LI_LANG_EN, 2)); /* written again since */
    assert_true(empty(cache, SESSION, LI_LANG_FR, 1));
    assert_true(empty(cache, "session-one-0123456788", LI_LANG_EN, 1));
    assert_true(empty(cache, "session-one-012345678", LI_LANG_EN, 1));
    assert_true(empty(cache, "", LI_LANG_EN, 1));
    put(cache, SESSION, LI_LANG_EN, "two", 2);
    assert_true(empty(cache, SESSION, LI_LANG_EN, 1));
    assert_true(holds(cache, SESSION, LI_LANG_EN, 2, "two"));
    put(cache, SESSION, LI_LANG_FR, "deux", 2);
    assert_true(holds(cache, SESSION, LI_LANG_FR, 2, "deux"));
    li_profile_cache_free(cache);
    li_profile_cache_free(NULL);
}

/* Far more sessions than places: some are pushed out, none is mistaken for another. */
static void test_collisions(void **state) {
    (void)state;
    enum { SESSIONS = 5000 };
    struct li_profile_cache *cache = li_profile_cache_new();
    char name[40];
    size_t kept = 0;
    for (int i = 0; i < SESSIONS; i++) {
        snprintf(name, sizeof name, "session-%016d", i);
        put(cache, name, LI_LANG_EN, name, 7); /* all of the same version, to make it hard */
        assert_true(holds(cache, name, LI_LANG_EN, 7, name));
    }
    for (int i = 0; i < SESSIONS; i++) {
        snprintf(name, sizeof name, "session-%016d", i);
        bool there = !empty(cache, name, LI_LANG_EN, 7);
        check(!there || holds(cache, name, LI_LANG_EN, 7, name), "session %d", i);
        kept += there;
    }
    assert_true(kept > 100 && kept < SESSIONS); /* memory has a bound */
    li_profile_cache_free(cache);
}

static void test_held_bytes_outlive_the_cache(void **state) {
    (void)state;
    struct li_profile_cache *cache = li_profile_cache_new();
    put(cache, SESSION, LI_LANG_EN, "still being sent", 1);
    struct li_blob *held = li_profile_cache_get(cache, LI_TEXT(SESSION), LI_LANG_EN, 1);
    struct li_blob *again = li_profile_cache_get(cache, LI_TEXT(SESSION), LI_LANG_EN, 1);
    assert_ptr_equal(held, again);
    put(cache, SESSION, LI_LANG_EN, "newer", 2);
    li_blob_release(again);
    li_profile_cache_free(cache);
    assert_memory_equal(held->bytes, "still being sent", 16);
    li_blob_release(held);
    li_blob_release(NULL);
}

static void test_large_ones_are_not_kept(void **state) {
    (void)state;
    static char bytes[64 * 1024 + 1];
    struct li_profile_cache *cache = li_profile_cache_new();
    for (size_t size = sizeof bytes - 1; size <= sizeof bytes; size++) {
        struct li_blob *blob = li_blob_new((struct li_text){bytes, size}, size);
        li_profile_cache_put(cache, LI_TEXT(SESSION), LI_LANG_EN, blob);
        li_blob_release(blob);
        check(empty(cache, SESSION, LI_LANG_EN, size) == (size == sizeof bytes), "%zu bytes", size);
    }
    li_profile_cache_free(cache);
}

struct busy {
    struct li_profile_cache *cache;
    _Atomic int wrong;
};

static void *use_often(void *arg) {
    struct busy *busy = arg;
    for (uint64_t i = 0; i < 20000; i++) {
        char text[24];
        snprintf(text, sizeof text, "%llu", (unsigned long long)(i % 5));
        if (i % 3 == 0)
            put(busy->cache, SESSION, LI_LANG_EN, text, i % 5);
        struct li_blob *blob = li_profile_cache_get(busy->cache, LI_TEXT(SESSION), LI_LANG_EN, i % 5);
        if (blob && (blob->size != 1 || blob->bytes[0] != (char)('0' + i % 5)))
            atomic_fetch_add(&busy->wrong, 1);
        li_blob_release(blob);
    }
    return NULL;
}

static void test_many_threads(void **state) {
    (void)state;
    struct busy busy = {li_profile_cache_new(), 0};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_often, &busy), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(busy.wrong, 0);
    li_profile_cache_free(busy.cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_was_asked_for),
        cmocka_unit_test(test_collisions),
        cmocka_unit_test(test_held_bytes_outlive_the_cache),
        cmocka_unit_test(test_large_ones_are_not_kept),
        cmocka_unit_test(test_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
