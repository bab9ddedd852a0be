/* The directory store alone: what lies on the disk, what others put there, and disks that say no. */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>

#include "store/store.h"

#define SESSION "session-one-0123456789"
#define OTHER "session-two-0123456789"

static const struct li_text ONE = {SESSION, sizeof SESSION - 1}, TWO = {OTHER, sizeof OTHER - 1};

struct world {
    struct folder folder;
    struct li_store *store;
    struct li_arena arena;
    bool mounted;
};

static struct li_store *open_store(const char *path) {
    struct li_store *store = NULL;
    struct li_error err = {0};
    const struct li_store_options options = {.ttl_ms = 60 * 60 * 1000};
    check(li_store_open_dir(path, &options, &store, &err) == LI_OK, "%s", err.message);
    return store;
}

static int set_up(void **state) {
    static struct world world;
    world = (struct world){0};
    folder_make(&world.folder);
    *state = &world;
    return 0;
}

static int tear_down(void **state) {
    struct world *world = *state;
    li_store_free(world->store);
    li_arena_release(&world->arena);
    if (world->mounted)
        umount2(world->folder.path, MNT_DETACH);
    folder_remove(&world->folder);
    return 0;
}

static void write_file(const struct world *world, const char *name, const char *bytes) {
    char path[512];
    int file = open(folder_path(&world->folder, name, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    check(file >= 0 && write(file, bytes, strlen(bytes)) == (ssize_t)strlen(bytes), "%s", path);
    close(file);
}

static bool exists(const struct world *world, const char *name) {
    char path[512];
    struct stat info;
    return lstat(folder_path(&world->folder, name, path), &info) == 0;
}

static void check_text(struct world *world, struct li_store *store, const char *wanted) {
    struct li_text bytes = {0};
    struct li_error err = {0};
    check(li_store_get(store, ONE, LI_OBJECT_PROFILE, &world->arena, &bytes, NULL, &err) == LI_OK, "%s",
          err.message);
    assert_true(li_text_equal(bytes, li_text_of(wanted)));
}

static void test_layout_and_permissions(void **state) {
    struct world *world = *state;
    char path[512];
    mode_t before = umask(0);
    world->store = open_store(folder_path(&world->folder, "made/below/here", path));
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("{}"), NULL), LI_OK);
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_UNKNOWN_GENRES, LI_TEXT("{}"), NULL), LI_OK);
    umask(before);
    static const struct {
        const char *name;
        mode_t mode;
    } cases[] = {
        {"made", S_IFDIR | 0700},
        {"made/below/here", S_IFDIR | 0700},
        {"made/below/here/data", S_IFDIR | 0700},
        {"made/below/here/logs", S_IFDIR | 0700},
        {"made/below/here/data/" SESSION, S_IFDIR | 0700},
        {"made/below/here/data/" SESSION "/profile.json", S_IFREG | 0600},
        {"made/below/here/logs/" SESSION "/unknown_genres.json", S_IFREG | 0600},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stat info;
        check(lstat(folder_path(&world->folder, cases[i].name, path), &info) == 0, "%s", cases[i].name);
        check(info.st_mode == cases[i].mode, "%s has mode %o", cases[i].name, info.st_mode);
    }
    assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_OK);
    assert_false(exists(world, "made/below/here/data/" SESSION));
    assert_false(exists(world, "made/below/here/logs/" SESSION));
}

static void test_two_stores_on_one_folder(void **state) {
    struct world *world = *state;
    struct li_store_version a, b;
    world->store = open_store(world->folder.path);
    struct li_store *second = open_store(world->folder.path);
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("first"), NULL), LI_OK);
    check_text(world, second, "first");
    assert_int_equal(li_store_stat(world->store, ONE, LI_OBJECT_PROFILE, &a, NULL), LI_OK);
    assert_int_equal(li_store_stat(second, ONE, LI_OBJECT_PROFILE, &b, NULL), LI_OK);
    assert_true(a.tag == b.tag && a.modified_ms == b.modified_ms);
    assert_int_equal(li_store_put(second, ONE, LI_OBJECT_PROFILE, LI_TEXT("second"), NULL), LI_OK);
    check_text(world, world->store, "second");
    assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_OK);
    assert_int_equal(li_store_stat(second, ONE, LI_OBJECT_PROFILE, &b, NULL), LI_NOT_FOUND);
    li_store_free(second);
    li_store_free(world->store);
    world->store = open_store(world->folder.path); /* and a third one, after a restart */
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("third"), NULL), LI_OK);
    li_store_free(world->store);
    world->store = open_store(world->folder.path);
    check_text(world, world->store, "third");
}

/* ---- folders that cannot be used ---- */

static void test_something_else_in_place_of_the_folder(void **state) {
    struct world *world = *state;
    static const char *const places[] = {"file", "file/below", "parent"};
    char path[512], long_path[5000];
    write_file(world, "file", "x");
    assert_int_equal(mkdir(folder_path(&world->folder, "parent", path), 0700), 0);
    write_file(world, "parent/data", "x"); /* where our folder should be */
    const struct li_store_options options = {.ttl_ms = 1000};
    struct li_store *store = NULL;
    for (size_t i = 0; i < 3; i++) {
        struct li_error err = {0};
        folder_path(&world->folder, places[i], path);
        check(li_store_open_dir(path, &options, &store, &err) == LI_IO, "%s", places[i]);
        check(!store && strstr(err.message, path) && strstr(err.message, "Not a directory"), "%s",
              err.message);
    }
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    struct li_error err = {0};
    assert_int_equal(li_store_open_dir(long_path, &options, &store, &err), LI_IO);
    assert_int_equal(li_store_open_dir("", &options, &store, &err), LI_INVALID);
    assert_int_equal(li_store_open_dir(NULL, &options, &store, &err), LI_INVALID);
    assert_null(store);
}

/* Somebody removes it under a running server: nothing is found, and what is written is not said to be kept.
 */
static void test_the_folder_goes_away(void **state) {
    struct world *world = *state;
    struct li_store_version version = {7, 7};
    struct li_text bytes = LI_TEXT("untouched");
    struct li_error err = {0};
    size_t removed = 99;
    world->store = open_store(world->folder.path);
    folder_remove(&world->folder);
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("y"), &err), LI_IO);
    check(strstr(err.message, "data folder was removed"), "%s", err.message);
    assert_int_equal(
        li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &world->arena, &bytes, &version, NULL),
        LI_NOT_FOUND);
    assert_int_equal(li_store_stat(world->store, ONE, LI_OBJECT_PROFILE, &version, NULL), LI_NOT_FOUND);
    assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_OK);
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_true(version.tag == 7 && bytes.size == 9 && removed == 0);
}

/* Opens the folder as a user without rights there; exit codes are statuses. */
static int open_as_nobody(const char *path) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct li_store *store = NULL;
        struct li_error err = {0};
        const struct li_store_options options = {.ttl_ms = 1000};
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(100);
        enum li_status status = li_store_open_dir(path, &options, &store, &err);
        bool said = strstr(err.message, path) && strstr(err.message, "Permission denied");
        _exit(status && !said ? 101 : (int)status);
    }
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    return WEXITSTATUS(ended);
}

static void test_unwritable_folder(void **state) {
    struct world *world = *state;
    char path[512];
    assert_int_equal(chmod(world->folder.path, 0555), 0); /* nothing can be made in it */
    assert_int_equal(open_as_nobody(world->folder.path), LI_IO);
    assert_int_equal(chmod(world->folder.path, 0755), 0);
    assert_int_equal(mkdir(folder_path(&world->folder, "data", path), 0755), 0);
    assert_int_equal(chmod(path, 0555), 0); /* ours is there, but read-only */
    assert_int_equal(mkdir(folder_path(&world->folder, "logs", path), 0755), 0);
    assert_int_equal(open_as_nobody(world->folder.path), LI_IO);
    assert_false(exists(world, "data/" SESSION));
}

static void test_full_disk(void **state) {
    struct world *world = *state;
    static char big[256 * 1024];
    if (geteuid() != 0 || mount("none", world->folder.path, "tmpfs", 0, "size=128k,mode=700") != 0) {
        print_message("skipped: filling a disk needs the right to mount a small one\n");
        skip();
    }
    world->mounted = true;
    world->store = open_store(world->folder.path);
    memset(big, 'b', sizeof big);
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("the old one"), NULL), LI_OK);
    for (int round = 0; round < 3; round++) {
        struct li_error err = {0};
        assert_int_equal(
            li_store_put(world->store, ONE, LI_OBJECT_PROFILE, (struct li_text){big, sizeof big}, &err),
            LI_FULL);
        assert_int_equal(err.status, LI_FULL);
        assert_non_null(strstr(err.message, "No space left"));
        check_text(world, world->store, "the old one");
    }
    /* What could not be finished does not take room either: as much as before fits in. */
    assert_int_equal(
        li_store_put(world->store, TWO, LI_OBJECT_PROFILE, (struct li_text){big, 64 * 1024}, NULL), LI_OK);
    assert_int_equal(li_store_erase(world->store, TWO, NULL), LI_OK);
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("the new one"), NULL), LI_OK);
    check_text(world, world->store, "the new one");
}

/* ---- what others put into our folders ---- */

static void test_foreign_things(void **state) {
    struct world *world = *state;
    static const char NAME[] = "data/" SESSION "/profile.json";
    static const char *const things[] = {"link", "dangling link", "folder", "fifo", "huge file"};
    char path[512], target[512], inner[512];
    world->store = open_store(world->folder.path);
    write_file(world, "secret", "secret");
    folder_path(&world->folder, "secret", target);
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        struct li_store_version version = {7, 7};
        struct li_text bytes = LI_TEXT("untouched");
        struct li_error err = {0};
        assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_TOP_TRACKS, LI_TEXT("x"), NULL), LI_OK);
        folder_path(&world->folder, NAME, path);
        int made = i == 0   ? symlink(target, path)
                   : i == 1 ? symlink("/nonexistent/nothing", path)
                   : i == 2 ? mkdir(path, 0700)
                   : i == 3 ? mkfifo(path, 0600)
                            : (write_file(world, NAME, "x"), truncate(path, (off_t)LI_OBJECT_BYTES_MAX + 1));
        check(made == 0, "%s", things[i]);
        check(li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &world->arena, &bytes, &version, &err) ==
                  LI_CORRUPT,
              "%s: %s", things[i], err.message);
        check(li_text_equal(bytes, LI_TEXT("untouched")) && version.tag == 7, "%s", things[i]);
        enum li_status status = li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("ours"), &err);
        check(status == (i == 2 ? LI_IO : LI_OK), "%s: %s", things[i], err.message);
        if (i != 2)
            check_text(world, world->store, "ours");
        check(li_store_erase(world->store, ONE, &err) == LI_OK, "%s: %s", things[i], err.message);
        if (i == 2) {
            assert_false(exists(world, NAME)); /* an empty folder goes; a full one is no thing of ours */
            assert_int_equal(mkdir(folder_path(&world->folder, "data/" SESSION, inner), 0700), 0);
            assert_int_equal(mkdir(path, 0700), 0);
            write_file(world, "data/" SESSION "/profile.json/thing", "x");
            assert_int_equal(li_store_erase(world->store, ONE, &err), LI_IO);
            assert_int_equal(
                unlink(folder_path(&world->folder, "data/" SESSION "/profile.json/thing", inner)), 0);
        }
        assert_int_equal(li_store_erase(world->store, ONE, &err), LI_OK);
        assert_false(exists(world, "data/" SESSION));
    }
    FILE *file = fopen(target, "r");
    assert_non_null(file);
    char kept[16] = "";
    assert_non_null(fgets(kept, sizeof kept, file));
    fclose(file);
    assert_string_equal(kept, "secret"); /* neither written through nor removed */
}

static void test_a_file_in_place_of_the_session(void **state) {
    struct world *world = *state;
    struct li_store_version version = {7, 7};
    struct li_text bytes = LI_TEXT("untouched");
    size_t removed = 9;
    world->store = open_store(world->folder.path);
    write_file(world, "data/" SESSION, "x");
    assert_int_equal(
        li_store_get(world->store, ONE, LI_OBJECT_PROFILE, &world->arena, &bytes, &version, NULL),
        LI_CORRUPT);
    assert_int_equal(li_store_stat(world->store, ONE, LI_OBJECT_PROFILE, &version, NULL), LI_CORRUPT);
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("x"), NULL), LI_IO);
    assert_int_equal(li_store_remove(world->store, ONE, LI_OBJECT_PROFILE, NULL), LI_IO);
    assert_int_equal(li_store_erase(world->store, ONE, NULL), LI_IO); /* never "done" when it was not */
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_IO);
    assert_true(version.tag == 7 && bytes.size == 9 && removed == 9);
}

static void set_age(const struct world *world, const char *name, int age_s) {
    char path[512];
    struct timespec now, times[2];
    clock_gettime(CLOCK_REALTIME, &now);
    times[0] = times[1] = (struct timespec){now.tv_sec - age_s, 0};
    check(utimensat(AT_FDCWD, folder_path(&world->folder, name, path), times, 0) == 0, "%s", name);
}

static void test_leftovers_of_dead_writers(void **state) {
    struct world *world = *state;
    size_t removed = 9;
    world->store = open_store(world->folder.path);
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("kept"), NULL), LI_OK);
    write_file(world, "data/" SESSION "/.tmp-1-1", "half");
    write_file(world, "data/" SESSION "/.tmp-1-2", "half");
    set_age(world, "data/" SESSION "/.tmp-1-1", 11 * 60); /* its writer died */
    set_age(world, "data/" SESSION "/.tmp-1-2", 5 * 60);  /* somebody may still be writing it */
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 0); /* counts objects */
    assert_false(exists(world, "data/" SESSION "/.tmp-1-1"));
    assert_true(exists(world, "data/" SESSION "/.tmp-1-2"));
    check_text(world, world->store, "kept");
    set_age(world, "data/" SESSION "/profile.json", 61 * 60);
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 1);
    assert_true(exists(world, "data/" SESSION "/.tmp-1-2"));
    set_age(world, "data/" SESSION "/.tmp-1-2", 11 * 60);
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_false(exists(world, "data/" SESSION)); /* the empty folder goes too */
    write_file(world, "data/not ours", "x");
    set_age(world, "data/not ours", 90 * 60);
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_true(exists(world, "data/not ours"));
}

static void *put_from_second(void *arg) {
    struct li_store *store = arg;
    for (int i = 0; i < 40; i++)
        if (li_store_put(store, ONE, LI_OBJECT_PROFILE, LI_TEXT("whole"), NULL) != LI_OK)
            return arg;
    return NULL;
}

/* Two processes' worth of writers: temporary names must not meet. */
static void test_two_stores_write_at_once(void **state) {
    struct world *world = *state;
    pthread_t thread;
    void *wrong = NULL;
    world->store = open_store(world->folder.path);
    struct li_store *second = open_store(world->folder.path);
    assert_int_equal(pthread_create(&thread, NULL, put_from_second, second), 0);
    assert_null(put_from_second(world->store));
    pthread_join(thread, &wrong);
    assert_null(wrong);
    check_text(world, world->store, "whole");
    assert_false(exists(world, "data/" SESSION "/.tmp"));
    li_store_free(second);
}

/* The clock ran a year ahead and was set right: what was written then lives a time to live from the next
 * sweep on, not a year. */
static void test_a_clock_set_back(void **state) {
    struct world *world = *state;
    const int64_t now_ms = 1700000000000, hour_ms = 60 * 60 * (int64_t)1000;
    size_t removed = 99;
    world->store = open_store(world->folder.path);
    world->store->clock.fixed_ms = now_ms + 365 * 24 * hour_ms;
    assert_int_equal(li_store_put(world->store, ONE, LI_OBJECT_PROFILE, LI_TEXT("ahead"), NULL), LI_OK);
    world->store->clock.fixed_ms = now_ms;
    assert_int_equal(li_store_put(world->store, TWO, LI_OBJECT_PROFILE, LI_TEXT("right"), NULL), LI_OK);
    world->store->clock.fixed_ms = now_ms + hour_ms / 2;
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 0);
    world->store->clock.fixed_ms = now_ms + hour_ms;
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 1); /* what was written by a right clock keeps its date */
    world->store->clock.fixed_ms = now_ms + hour_ms * 3 / 2;
    assert_int_equal(li_store_sweep(world->store, &removed, NULL), LI_OK);
    assert_int_equal(removed, 1);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_layout_and_permissions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_stores_on_one_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_something_else_in_place_of_the_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_folder_goes_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unwritable_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_foreign_things, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_in_place_of_the_session, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_leftovers_of_dead_writers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_clock_set_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_stores_write_at_once, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
