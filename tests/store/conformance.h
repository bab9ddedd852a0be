/* conformance.h - what every store promises, run over each of them: a store that passes here is one that the
 * product can stand on. */
#ifndef LI_TESTS_CONFORMANCE_H
#define LI_TESTS_CONFORMANCE_H

#include "folder.h"

#include <pthread.h>

#include "store/store.h"

#define EVERY(test) cmocka_unit_test_prestate_setup_teardown(test, set_up, tear_down, world)

enum { TTL_MS = 24 * 60 * 60 * 1000 };
static const int64_t NOON_MS = 1800000000000; /* some instant */
static const struct li_text ONE = {"session-one-0123456789", 22}, TWO = {"session-two-0123456789", 22};

struct kind {
    const char *name;
    enum li_status (*open)(const struct folder *folder, const struct li_store_options *options,
                           struct li_store **out, struct li_error *err);
};

/* A test's world: made and removed around it for the kind of store in turn. */
struct world {
    const struct kind *kind;
    struct folder folder;
    struct li_store *store;
    struct li_arena arena;
};

static int set_up(void **state) {
    struct world *world = *state;
    struct li_error err = {0};
    const struct li_store_options options = {.ttl_ms = TTL_MS, .clock = {NOON_MS}};
    folder_make(&world->folder);
    check(world->kind->open(&world->folder, &options, &world->store, &err) == LI_OK, "%s", err.message);
    return 0;
}

static int tear_down(void **state) {
    struct world *world = *state;
    li_store_free(world->store);
    world->store = NULL;
    li_arena_release(&world->arena);
    folder_remove(&world->folder);
    return 0;
}

static void put(struct world *world, struct li_text session, enum li_object object, const char *bytes) {
    struct li_error err = {0};
    check(li_store_put(world->store, session, object, li_text_of(bytes), &err) == LI_OK, "%s", err.message);
}

/* The object's text, or NULL when it is not there. */
static const char *get(struct world *world, struct li_text session, enum li_object object) {
    struct li_text bytes = {0};
    struct li_error err = {0};
    enum li_status status = li_store_get(world->store, session, object, &world->arena, &bytes, NULL, &err);
    check(status == LI_OK || status == LI_NOT_FOUND, "%s", err.message);
    return status ? NULL : li_arena_copy(&world->arena, bytes).data;
}

static uint64_t tag_of(struct world *world, struct li_text session, enum li_object object) {
    struct li_store_version version = {0}, again = {0};
    struct li_text bytes;
    assert_int_equal(li_store_stat(world->store, session, object, &version, NULL), LI_OK);
    assert_int_equal(li_store_get(world->store, session, object, &world->arena, &bytes, &again, NULL), LI_OK);
    assert_true(version.tag == again.tag && version.modified_ms == again.modified_ms);
    assert_true(version.modified_ms == world->store->clock.fixed_ms);
    return version.tag;
}

static void test_round_trip(void **state) {
    struct world *world = *state;
    char texts[LI_OBJECT_COUNT][2];
    for (int i = 0; i < LI_OBJECT_COUNT; i++) {
        texts[i][0] = (char)('a' + i);
        texts[i][1] = '\0';
        assert_null(get(world, ONE, (enum li_object)i));
        put(world, ONE, (enum li_object)i, texts[i]);
    }
    for (int i = 0; i < LI_OBJECT_COUNT; i++)
        assert_string_equal(get(world, ONE, (enum li_object)i), texts[i]);
    assert_int_equal(li_store_remove(world->store, ONE, LI_OBJECT_PROFILE, NULL), LI_OK);
    assert_int_equal(li_store_remove(world->store, ONE, LI_OBJECT_PROFILE, NULL), LI_OK);
    assert_null(get(world, ONE, LI_OBJECT_PROFILE));
    assert_string_equal(get(world, ONE, LI_OBJECT_TOP_TRACKS), "a");
    put(world, ONE, LI_OBJECT_PROFILE, "again");
    assert_string_equal(get(world, ONE, LI_OBJECT_PROFILE), "again");
}

static void test_overwriting_changes_the_tag(void **state) {
    struct world *world = *state;
    put(world, ONE, LI_OBJECT_PROFILE, "same");
    uint64_t first = tag_of(world, ONE, LI_OBJECT_PROFILE);
    assert_true(tag_of(world, ONE, LI_OBJECT_PROFILE) == first);
    put(world, ONE, LI_OBJECT_PROFILE, "same"); /* the same bytes at the same time: still another writing */
    uint64_t second = tag_of(world, ONE, LI_OBJECT_PROFILE);
    assert_true(second != first);
    world->store->clock.fixed_ms++;
    put(world, ONE, LI_OBJECT_PROFILE, "other");
    uint64_t third = tag_of(world, ONE, LI_OBJECT_PROFILE);
    assert_true(third != first && third != second);
}

static void test_sizes(void **state) {
    struct world *world = *state;
    static char bytes[LI_OBJECT_BYTES_MAX + 1];
    static const size_t sizes[] = {0, 1, 4095, 4096, 4097, LI_OBJECT_BYTES_MAX};
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 2654435761u >> 24);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct li_text in = {bytes, sizes[i]}, out = {0};
        assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, in, NULL), LI_OK);
        assert_int_equal(li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &world->arena, &out, NULL, NULL),
                         LI_OK);
        check(li_text_equal(in, out), "%zu bytes", sizes[i]);
        li_arena_clear(&world->arena);
    }
    struct li_error err = {0};
    struct li_text over = {bytes, sizeof bytes}, out = {0};
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, over, &err), LI_TOO_LARGE);
    assert_non_null(strstr(err.message, "8388609"));
    assert_int_equal(li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &world->arena, &out, NULL, NULL),
                     LI_OK);
    assert_int_equal(out.size, LI_OBJECT_BYTES_MAX); /* what was there is still there */
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, (struct li_text){NULL, 0}, NULL),
                     LI_OK);
    assert_string_equal(get(world, ONE, LI_OBJECT_PROFILE), "");
}

static void test_time_to_live(void **state) {
    struct world *world = *state;
    struct li_store_version version;
    put(world, ONE, LI_OBJECT_PROFILE, "old");
    world->store->clock.fixed_ms = NOON_MS + TTL_MS - 1;
    put(world, TWO, LI_OBJECT_TOP_TRACKS, "young");
    assert_string_equal(get(world, ONE, LI_OBJECT_PROFILE), "old");
    size_t removed = 99;
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 0);
    world->store->clock.fixed_ms = NOON_MS + TTL_MS;
    assert_null(get(world, ONE, LI_OBJECT_PROFILE));
    assert_int_equal(li_store_stat(world->store, ONE, LI_OBJECT_PROFILE, &version, NULL), LI_NOT_FOUND);
    assert_string_equal(get(world, TWO, LI_OBJECT_TOP_TRACKS), "young");
    world->store->clock.fixed_ms = NOON_MS; /* it is still kept: only reading it was refused */
    assert_string_equal(get(world, ONE, LI_OBJECT_PROFILE), "old");
    world->store->clock.fixed_ms = NOON_MS + TTL_MS;
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 1);
    world->store->clock.fixed_ms = NOON_MS;
    assert_null(get(world, ONE, LI_OBJECT_PROFILE));
    assert_string_equal(get(world, TWO, LI_OBJECT_TOP_TRACKS), "young");
    world->store->clock.fixed_ms = NOON_MS + 3 * (int64_t)TTL_MS;
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 1);
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 0);
    put(world, ONE, LI_OBJECT_PROFILE, "new"); /* a swept session can be written again */
    assert_string_equal(get(world, ONE, LI_OBJECT_PROFILE), "new");
}

static void test_writing_again_renews(void **state) {
    struct world *world = *state;
    put(world, ONE, LI_OBJECT_PROFILE, "first");
    world->store->clock.fixed_ms = NOON_MS + TTL_MS - 1;
    put(world, ONE, LI_OBJECT_PROFILE, "second");
    world->store->clock.fixed_ms = NOON_MS + TTL_MS + 1;
    assert_string_equal(get(world, ONE, LI_OBJECT_PROFILE), "second");
}

static void test_invalid_sessions(void **state) {
    struct world *world = *state;
    static char too_long[65];
    memset(too_long, 'a', sizeof too_long);
    const struct li_text cases[] = {
        {NULL, 0},
        LI_TEXT(""),
        LI_TEXT("short"),
        {too_long, sizeof too_long},
        LI_TEXT(".."),
        LI_TEXT("../../../../../../etc/"),
        LI_TEXT("/etc/passwd/aaaaaaaaaaaaaaaa"),
        {"aaaaaaaaaaaaaaaaaaaaaa\0b", 24},
        LI_TEXT("aaaaaaaaaaaaaaaaaaaaaa\xc3\xa9"),
        LI_TEXT("aaaaaaaaaaaaaaaaaaaaaa/"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_store_version version = {7, 7};
        struct li_text bytes = LI_TEXT("untouched");
        struct li_error err = {0};
        struct li_store *store = world->store;
        check(li_store_put(store, cases[i], LI_OBJECT_PROFILE, LI_TEXT("x"), &err) == LI_INVALID, "case %zu",
              i);
        check(err.status == LI_INVALID && strstr(err.message, "22 to 64"), "case %zu: %s", i, err.message);
        check(li_store_get(store, cases[i], LI_OBJECT_PROFILE, &world->arena, &bytes, &version, &err) ==
                  LI_INVALID,
              "case %zu", i);
        check(li_store_stat(store, cases[i], LI_OBJECT_PROFILE, &version, &err) == LI_INVALID, "case %zu", i);
        check(li_store_remove(store, cases[i], LI_OBJECT_PROFILE, &err) == LI_INVALID, "case %zu", i);
        check(li_store_erase(store, cases[i], &err) == LI_INVALID, "case %zu", i);
        check(version.tag == 7 && version.modified_ms == 7 && bytes.size == 9, "case %zu", i);
    }
}

static void test_sessions_are_apart(void **state) {
    struct world *world = *state;
    /* Names of which one begins like the other, or differs by case only. */
    const struct li_text names[] = {ONE, TWO, LI_TEXT("session-one-01234567890"),
                                    LI_TEXT("SESSION-one-0123456789")};
    char text[2] = "a";
    for (size_t i = 0; i < 4; i++, text[0]++)
        put(world, names[i], LI_OBJECT_PROFILE, text);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(get(world, names[i], LI_OBJECT_PROFILE)[0], 'a' + (int)i);
        assert_null(get(world, names[i], LI_OBJECT_TOP_TRACKS));
    }
    assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_OK);
    assert_null(get(world, ONE, LI_OBJECT_PROFILE));
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(get(world, names[i], LI_OBJECT_PROFILE)[0], 'a' + (int)i);
}

static void test_erase(void **state) {
    struct world *world = *state;
    assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_OK); /* nothing there */
    for (int i = 0; i < LI_OBJECT_COUNT; i++)
        put(world, ONE, (enum li_object)i, "x");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_OK);
        for (int i = 0; i < LI_OBJECT_COUNT; i++)
            assert_null(get(world, ONE, (enum li_object)i));
    }
    size_t removed = 9;
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 0);
}

static void test_nothing_found_touches_nothing(void **state) {
    struct world *world = *state;
    struct li_store_version version = {7, 7};
    struct li_text bytes = LI_TEXT("untouched");
    struct li_error err = {0};
    assert_int_equal(
        li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &world->arena, &bytes, &version, &err),
        LI_NOT_FOUND);
    assert_int_equal(err.status, LI_NOT_FOUND);
    assert_true(err.message[0]);
    assert_int_equal(li_store_stat(world->store, ONE, LI_OBJECT_PROFILE, &version, NULL), LI_NOT_FOUND);
    assert_true(version.tag == 7 && version.modified_ms == 7 && li_text_equal(bytes, LI_TEXT("untouched")));
}

static void test_options(void **state) {
    struct world *world = *state;
    const struct li_store_options wrong[] = {{.ttl_ms = 0}, {.ttl_ms = -1}, {.ttl_ms = INT64_MIN}};
    for (size_t i = 0; i < 3; i++) {
        struct li_store *store = world->store;
        struct li_error err = {0};
        check(world->kind->open(&world->folder, &wrong[i], &store, &err) == LI_INVALID, "case %zu", i);
        check(store == world->store && err.message[0], "case %zu", i);
    }
}

/* ---- many at once ---- */

enum { WRITERS = 3, READERS = 3, WRITES = 60, READS = 400 };

static void *write_often(void *arg) {
    struct world *world = arg;
    char bytes[6000];
    for (int i = 0; i < WRITES; i++) {
        size_t size = 1 + (size_t)(i * 97 % (int)sizeof bytes);
        memset(bytes, (int)(size % 251), size); /* the bytes say how many they are */
        if (li_store_put(world->store, ONE, LI_OBJECT_PROFILE, (struct li_text){bytes, size}, NULL) != LI_OK)
            return arg;
    }
    return NULL;
}

static void *read_often(void *arg) {
    struct world *world = arg;
    struct li_arena arena = {0};
    void *wrong = NULL;
    for (int i = 0; i < READS && !wrong; i++) {
        struct li_text bytes;
        li_arena_clear(&arena);
        if (li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &arena, &bytes, NULL, NULL) != LI_OK)
            wrong = arg;
        for (size_t b = 0; !wrong && b < bytes.size; b++)
            if ((unsigned char)bytes.data[b] != bytes.size % 251)
                wrong = arg;
    }
    li_arena_release(&arena);
    return wrong;
}

static void test_readers_never_see_a_half(void **state) {
    struct world *world = *state;
    pthread_t threads[WRITERS + READERS];
    put(world, ONE, LI_OBJECT_PROFILE, "\x01");
    for (int i = 0; i < WRITERS + READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i < WRITERS ? write_often : read_often, world), 0);
    for (int i = 0; i < WRITERS + READERS; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        check(!wrong, "thread %d failed", i);
    }
}

static void *put_again_and_again(void *arg) {
    struct world *world = arg;
    for (int i = 0; i < WRITES; i++) {
        struct li_error err = {0};
        enum li_status status = li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("whole"), &err);
        if (status && !(status == LI_IO && strstr(err.message, "was erased while"))) {
            print_error("put: %s\n", err.message);
            return arg;
        }
    }
    return NULL;
}

static void *erase_and_sweep(void *arg) {
    struct world *world = arg;
    for (int i = 0; i < WRITES * 4; i++) {
        size_t removed;
        if (li_store_erase(world->store, ONE, NULL) != LI_OK ||
            li_store_sweep(world->store, &removed, NULL) != LI_OK)
            return arg;
    }
    return NULL;
}

static void *get_whole_or_nothing(void *arg) {
    struct world *world = arg;
    struct li_arena arena = {0};
    void *wrong = NULL;
    for (int i = 0; i < READS && !wrong; i++) {
        struct li_text bytes = {0};
        li_arena_clear(&arena);
        enum li_status status =
            li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &arena, &bytes, NULL, NULL);
        if (status != LI_NOT_FOUND && !(status == LI_OK && li_text_equal(bytes, LI_TEXT("whole"))))
            wrong = arg;
    }
    li_arena_release(&arena);
    return wrong;
}

static void test_erasing_while_others_write(void **state) {
    struct world *world = *state;
    static void *(*const jobs[])(void *) = {put_again_and_again, put_again_and_again, erase_and_sweep,
                                            get_whole_or_nothing};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, jobs[i], world), 0);
    for (int i = 0; i < 4; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        check(!wrong, "thread %d failed", i);
    }
    assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_OK);
    assert_null(get(world, ONE, LI_OBJECT_PROFILE));
}

/* Runs everything over one kind of store; how many failed. */
static int run_conformance(const struct kind *kind) {
    static struct world worlds[8];
    static size_t used;
    struct world *world = &worlds[used++];
    li_store_free(NULL);
    world->kind = kind;
    const struct CMUnitTest tests[] = {
        EVERY(test_round_trip),
        EVERY(test_overwriting_changes_the_tag),
        EVERY(test_sizes),
        EVERY(test_time_to_live),
        EVERY(test_writing_again_renews),
        EVERY(test_invalid_sessions),
        EVERY(test_sessions_are_apart),
        EVERY(test_erase),
        EVERY(test_nothing_found_touches_nothing),
        EVERY(test_options),
        EVERY(test_readers_never_see_a_half),
        EVERY(test_erasing_while_others_write),
    };
    print_message("---- the %s store ----\n", kind->name);
    return cmocka_run_group_tests_name(kind->name, tests, NULL, NULL);
}

#endif
