/* The stores when memory is out at any moment: what was acknowledged is whole, what failed left nothing torn.
 */
#include "support/no_memory.h"

#include "folder.h"
#include "store/store.h"

#define SESSION "session-one-0123456789"

static const struct li_store_options OPTIONS = {.ttl_ms = 60 * 60 * 1000};

/* Writes an object twice, reads it and asks for its version, and erases the session. */
static enum li_status use(struct li_store *store, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_text bytes = {0};
    struct li_store_version version = {0};
    size_t removed = 0;
    enum li_status status = li_store_put(store, LI_TEXT(SESSION), LI_OBJECT_PROFILE, LI_TEXT("before"), err);
    if (!status)
        status = li_store_put(store, LI_TEXT(SESSION), LI_OBJECT_PROFILE, LI_TEXT("{\"a\": 1}"), err);
    if (!status)
        status = li_store_get(store, LI_TEXT(SESSION), LI_OBJECT_PROFILE, &arena, &bytes, &version, err);
    if (!status && !li_text_equal(bytes, LI_TEXT("{\"a\": 1}")))
        li_wrong("other bytes come back");
    if (!status)
        status = li_store_stat(store, LI_TEXT(SESSION), LI_OBJECT_PROFILE, &version, err);
    if (!status)
        status = li_store_sweep(store, &removed, err);
    if (!status)
        status = li_store_remove(store, LI_TEXT(SESSION), LI_OBJECT_PROFILE, err);
    if (!status &&
        li_store_get(store, LI_TEXT(SESSION), LI_OBJECT_PROFILE, &arena, &bytes, NULL, NULL) == LI_OK)
        li_wrong("what was removed is still there");
    if (!status)
        status = li_store_erase(store, LI_TEXT(SESSION), err);
    li_arena_release(&arena);
    return status;
}

static enum li_status in_memory(void *context, struct li_error *err) {
    struct li_store *store = NULL;
    (void)context;
    enum li_status status = li_store_open_memory(&OPTIONS, &store, err);
    if (!status)
        status = use(store, err);
    li_store_free(store);
    return status;
}

static enum li_status in_a_folder(void *context, struct li_error *err) {
    const struct folder *folder = context;
    struct li_store *store = NULL;
    enum li_status status = li_store_open_dir(folder->path, &OPTIONS, &store, err);
    if (!status)
        status = use(store, err);
    li_store_free(store);
    return status;
}

static void test_memory(void **state) {
    (void)state;
    li_no_memory_check("a store in memory", in_memory, NULL, true);
    li_no_memory_check("a store in memory", in_memory, NULL, false);
}

static void test_folder(void **state) {
    struct folder folder;
    (void)state;
    folder_make(&folder);
    li_no_memory_check("a store in a folder", in_a_folder, &folder, true);
    li_no_memory_check("a store in a folder", in_a_folder, &folder, false);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory), cmocka_unit_test(test_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
