/* A file put in place while it is searched, and artists met elsewhere. */
#include <pthread.h>
#include <stdatomic.h>

#include "fixture.h"

enum { THREADS = 4, ROUNDS = 60 };

static void build_one(const char *path, const char *id, const char *name) {
    static const struct li_text GENRE = {"rock", 4};
    struct li_catalog_writer *writer = NULL;
    const struct li_catalog_artist artist = {
        .id = li_text_of(id), .name = li_text_of(name), .popularity = 50, .genres = &GENRE, .genre_count = 1};
    assert_int_equal(li_catalog_writer_new(path, &writer, NULL), LI_OK);
    assert_int_equal(li_catalog_writer_add(writer, &artist, NULL), LI_OK);
    assert_int_equal(li_catalog_writer_finish(writer, NULL, NULL), LI_OK);
    li_catalog_writer_free(writer);
}

struct world {
    struct folder folder;
    struct li_catalog *catalog;
    struct li_arena arena;
    char one[512], two[512];
    atomic_bool over;
};

static int set_up(void **state) {
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    folder_make(&world->folder);
    snprintf(world->one, sizeof world->one, "%s", folder_file(&world->folder, "one"));
    snprintf(world->two, sizeof world->two, "%s", folder_file(&world->folder, "two"));
    build_one(world->one, "first", "Stone Roses");
    build_one(world->two, "second", "Stone Roses");
    assert_int_equal(li_catalog_open_file(world->one, &world->catalog, NULL), LI_OK);
    *state = world;
    return 0;
}

static int clean_up(void **state) {
    struct world *world = *state;
    li_catalog_free(world->catalog);
    li_arena_release(&world->arena);
    folder_remove(&world->folder);
    free(world);
    return 0;
}

/* The ids found, with spaces between them. */
static const char *found(struct world *world, const char *query) {
    static char ids[1024];
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
    size_t count = 0, used = 0;
    assert_int_equal(
        li_catalog_search(world->catalog, li_text_of(query), 10, hits, &count, &world->arena, NULL), LI_OK);
    ids[0] = 0;
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(ids + used, sizeof ids - used, "%s%.*s", i ? " " : "", LI_TEXT_ARG(hits[i]->id));
    li_arena_clear(&world->arena);
    return ids;
}

static void test_reload(void **state) {
    struct world *world = *state;
    struct li_error err = {0};
    assert_string_equal(found(world, "stone"), "first");
    assert_int_equal(li_catalog_reload(world->catalog, world->two, NULL), LI_OK);
    assert_string_equal(found(world, "stone"), "second");
    folder_write(&world->folder, "bad", "nonsense", 8);
    assert_int_equal(li_catalog_reload(world->catalog, folder_file(&world->folder, "bad"), &err), LI_CORRUPT);
    assert_non_null(strstr(err.message, "bad: no catalogue file"));
    assert_int_equal(li_catalog_reload(world->catalog, folder_file(&world->folder, "absent"), &err),
                     LI_NOT_FOUND);
    assert_string_equal(found(world, "stone"), "second");
}

/* Searches without pause: the artist is one of the two, wholly. */
static void *search_on(void *arg) {
    struct world *world = arg;
    struct li_arena arena = {0};
    uintptr_t wrong = 0;
    while (!atomic_load(&world->over)) {
        const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX], *artist;
        size_t count = 0;
        if (li_catalog_search(world->catalog, LI_TEXT("stnoe roses"), 10, hits, &count, &arena, NULL) ||
            count < 1 || !li_text_equal(hits[0]->name, LI_TEXT("Stone Roses")))
            wrong++;
        artist = li_catalog_at(world->catalog, 0, &arena);
        if (!artist || artist->genre_count != 1 ||
            !li_catalog_match(world->catalog, LI_TEXT("Stone Roses"), &arena))
            wrong++;
        li_arena_clear(&arena);
    }
    li_arena_release(&arena);
    return (void *)wrong;
}

static void *note_on(void *arg) {
    struct world *world = arg;
    char id[32], name[64];
    for (int i = 0; !atomic_load(&world->over); i++) {
        snprintf(id, sizeof id, "deezer:%d", i % 2000);
        snprintf(name, sizeof name, "Somebody %d", i);
        li_catalog_note(world->catalog, &(struct li_catalog_artist){
                                            .id = li_text_of(id), .name = li_text_of(name), .popularity = 5});
    }
    return NULL;
}

static void test_reload_while_searching(void **state) {
    struct world *world = *state;
    pthread_t threads[THREADS], noting;
    void *wrong;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, search_on, world), 0);
    assert_int_equal(pthread_create(&noting, NULL, note_on, world), 0);
    for (int i = 0; i < ROUNDS; i++) {
        build_one(i % 2 ? world->one : world->two, i % 2 ? "first" : "second", "Stone Roses");
        assert_int_equal(li_catalog_reload(world->catalog, i % 2 ? world->one : world->two, NULL), LI_OK);
    }
    atomic_store(&world->over, true);
    pthread_join(noting, NULL);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &wrong);
        assert_ptr_equal(wrong, NULL);
    }
}

static void note(struct world *world, const char *id, const char *name, int popularity) {
    static const struct li_text GENRES_OF[] = {{"fado", 4}};
    li_catalog_note(world->catalog, &(struct li_catalog_artist){.id = li_text_of(id),
                                                                .name = li_text_of(name),
                                                                .popularity = popularity,
                                                                .genres = GENRES_OF,
                                                                .genre_count = 1});
}

static void test_notes(void **state) {
    struct world *world = *state;
    note(world, "deezer:1", "Stone Sour", 70);
    note(world, "deezer:2", "Rolling Stone", 90);
    note(world, "deezer:3", "stone roses!", 95); /* the file's, under another id */
    assert_string_equal(found(world, "stone"), "deezer:1 first deezer:2");
    assert_string_equal(found(world, "stone rose"), "first");
    assert_string_equal(found(world, "stone suor"), "deezer:1");
    assert_string_equal(found(world, "sour stone"), "deezer:1");
    assert_null(li_catalog_find(world->catalog, LI_TEXT("deezer:1"), &world->arena));
    assert_null(li_catalog_match(world->catalog, LI_TEXT("Stone Sour"), &world->arena));
    note(world, "deezer:1", "Stone Sour", 10); /* less popular now */
    assert_string_equal(found(world, "stone"), "first deezer:1 deezer:2");
    note(world, "deezer:1", "Renamed", 10);
    assert_string_equal(found(world, "stone sour"), "");
    assert_string_equal(found(world, "renamed"), "deezer:1");
    assert_int_equal(li_catalog_reload(world->catalog, world->two, NULL), LI_OK);
    assert_string_equal(found(world, "rolling"), "deezer:2");
}

static void test_refused_notes(void **state) {
    struct world *world = *state;
    static char long_name[LI_CATALOG_NAME_MAX + 2];
    memset(long_name, 'q', sizeof long_name - 1);
    note(world, "deezer:1", long_name, 5);
    note(world, "deezer:2", "", 5);
    note(world, "", "quiet", 5);
    note(world, "deezer:3", "quiet\xff", 5);
    note(world, "deezer:4", "quiet", 101);
    assert_string_equal(found(world, "q"), "");
    note(world, "deezer:5", "...", 5);
    note(world, "deezer:6", "quiet", -1);
    assert_string_equal(found(world, "quiet"), "deezer:6");
    assert_string_equal(found(world, "..."), "deezer:5"); /* found by its signs, and they mean no other */
    assert_string_equal(found(world, "!!!"), "");
}

static void test_oldest_notes_go(void **state) {
    struct world *world = *state;
    char id[32], name[64];
    for (int i = 0; i < LI_CATALOG_NOTES_MAX + 2; i++) {
        snprintf(id, sizeof id, "deezer:%d", i);
        snprintf(name, sizeof name, "Number %dx", i);
        note(world, id, name, 5);
    }
    assert_null(strstr(found(world, "number 0x"), "deezer:0"));
    assert_null(strstr(found(world, "number 1x"), "deezer:1 "));
    assert_ptr_equal(strstr(found(world, "number 2x"), "deezer:2 "), found(world, "number 2x"));
    assert_ptr_equal(strstr(found(world, "number 1025x"), "deezer:1025 "), found(world, "number 1025x"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, clean_up)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_reload),        TEST(test_reload_while_searching), TEST(test_notes),
        TEST(test_refused_notes), TEST(test_oldest_notes_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
