/* The catalogue when memory is out at any moment: opened, searched, read, matched; and built. */
#include "support/no_memory.h"

#include "fixture.h"

/* Opens a catalogue, and finds in it what is there. */
static enum li_status use(void *context, struct li_error *err) {
    const struct li_catalog_artist *hits[5];
    struct li_catalog *catalog = NULL;
    struct li_arena arena = {0};
    size_t count = 0;
    enum li_status status = li_catalog_open_file(context, &catalog, err);
    if (status)
        return status;
    status = li_catalog_search(catalog, LI_TEXT("dfat pukn"), 5, hits, &count, &arena, err);
    if (!status && (count == 0 || !li_text_equal(hits[0]->id, LI_TEXT("daft-punk"))))
        li_wrong("Daft Punk is not found");
    if (!status && !li_catalog_find(catalog, LI_TEXT("daft-punk"), &arena))
        li_wrong("the id is not found");
    if (!status && !li_catalog_match(catalog, LI_TEXT("Daft Punk"), &arena))
        li_wrong("the name is not matched");
    li_arena_release(&arena);
    li_catalog_free(catalog);
    return status;
}

static void test_search(void **state) {
    char tables[512], path[512];
    struct folder folder;
    struct li_error err = {0};
    (void)state;
    folder_make(&folder);
    snprintf(tables, sizeof tables, "%s/data", getenv("LI_SOURCE_ROOT"));
    snprintf(path, sizeof path, "%s", folder_file(&folder, "artists.catalog"));
    check(li_catalog_build(tables, path, &err) == LI_OK, "%s", err.message);
    li_no_memory_check("a catalogue", use, path, true);
    li_no_memory_check("a catalogue", use, path, false);
    folder_remove(&folder);
}

/* Writes a catalogue of three artists. */
static enum li_status build(void *context, struct li_error *err) {
    static const char *const IDS[] = {"abba", "beyonce", "daft-punk"};
    const struct folder *folder = context;
    struct li_catalog_writer *writer = NULL;
    struct li_catalog_info info = {0};
    enum li_status status = li_catalog_writer_new(folder_file(folder, "made.catalog"), &writer, err);
    for (size_t i = 0; !status && i < 3; i++) {
        const struct li_catalog_artist artist = {.id = li_text_of(IDS[i]), .name = li_text_of(IDS[i])};
        status = li_catalog_writer_add(writer, &artist, err);
    }
    if (!status)
        status = li_catalog_writer_finish(writer, &info, err);
    if (!status && info.artists != 3)
        li_wrong("the catalogue has other than three artists");
    li_catalog_writer_free(writer);
    return status;
}

static void test_build(void **state) {
    struct folder folder;
    (void)state;
    folder_make(&folder);
    li_no_memory_check("building a catalogue", build, &folder, true);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_search), cmocka_unit_test(test_build)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
