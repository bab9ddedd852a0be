/* The catalogue as a source: a small one of our own, and the shipped tables. */
#include "folder.h"

#include "catalog/catalog.h"
#include "sources/source.h"

struct world {
    struct folder folder;
    struct li_catalog *catalog;
    struct li_source *source;
    struct li_arena arena;
};

static int set_up(void **state) {
    static struct world world;
    char tables[512], file[512];
    struct li_error err = {0};
    world = (struct world){0};
    folder_make(&world.folder);
    snprintf(tables, sizeof tables, "%s/data", getenv("LI_SOURCE_ROOT") ? getenv("LI_SOURCE_ROOT") : ".");
    folder_path(&world.folder, "catalog.sqlite", file);
    check(li_catalog_build(tables, file, &err) == LI_OK, "%s", err.message);
    check(li_catalog_open_file(file, &world.catalog, &err) == LI_OK, "%s", err.message);
    check(li_source_open_catalog(world.catalog, &world.source, &err) == LI_OK, "%s", err.message);
    *state = &world;
    return 0;
}

static int tear_down(void **state) {
    struct world *world = *state;
    li_source_free(world->source);
    li_catalog_free(world->catalog);
    li_arena_release(&world->arena);
    folder_remove(&world->folder);
    return 0;
}

static void test_search_find_and_tracks(void **state) {
    struct world *world = *state;
    struct li_source_artist *hits = NULL, artist = {0};
    struct li_source_track *tracks = NULL;
    struct li_error err = {0};
    size_t count = 0;
    check(li_source_search(world->source, LI_TEXT("daft punk"), 3, &world->arena, &hits, &count, &err) ==
              LI_OK,
          "%s", err.message);
    assert_true(count >= 1 && count <= 3);
    assert_true(li_text_equal(hits[0].name, LI_TEXT("Daft Punk")));
    assert_string_equal(hits[0].source, "catalog");
    assert_true(hits[0].genre_count >= 1 && hits[0].popularity >= 0 && hits[0].popularity <= 100);
    check(li_source_find(world->source, hits[0].id, &world->arena, &artist, &err) == LI_OK, "%s",
          err.message);
    assert_true(li_text_equal(artist.id, hits[0].id) && li_text_equal(artist.name, hits[0].name));
    for (size_t limit = 1; limit <= 5; limit++) {
        check(li_source_top_tracks(world->source, artist.id, limit, &world->arena, &tracks, &count, &err) ==
                  LI_OK,
              "%s", err.message);
        assert_int_equal(count, limit);
        for (size_t i = 0; i < count; i++)
            check(tracks[i].id.size && tracks[i].title.size && !tracks[i].has_features, "track %zu", i);
    }
}

static void test_unknown_ids(void **state) {
    struct world *world = *state;
    static char long_id[5000];
    memset(long_id, 'x', sizeof long_id);
    const struct li_text ids[] = {LI_TEXT(""),
                                  {NULL, 0},
                                  LI_TEXT("no-such-artist"),
                                  LI_TEXT("../daft-punk"),
                                  LI_TEXT("daft-punk "),
                                  LI_TEXT("DAFT-PUNK"),
                                  {"daft-punk\0", 10},
                                  LI_TEXT("' OR 1=1 --"),
                                  {long_id, sizeof long_id},
                                  LI_TEXT("\xff\xfe")};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct li_source_artist artist = {.popularity = 4242};
        struct li_source_track *tracks = NULL;
        struct li_error err = {0};
        size_t count = 42;
        check(li_source_find(world->source, ids[i], &world->arena, &artist, &err) == LI_NOT_FOUND, "case %zu",
              i);
        check(artist.popularity == 4242 && err.message[0], "case %zu", i);
        check(li_source_top_tracks(world->source, ids[i], 5, &world->arena, &tracks, &count, &err) ==
                  LI_NOT_FOUND,
              "case %zu", i);
        check(!tracks && count == 42, "case %zu", i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search_find_and_tracks),
        cmocka_unit_test(test_unknown_ids),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
