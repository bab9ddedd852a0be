/* Sounds measured in processes of their own: nothing but one sound is lost when a decoder, or who forks them,
 * is ended. */
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "apart.h"
#include "base/clock.h"
#include "no_sandbox.h"

/* This program again, under a kernel that has no sandbox. */
#define WITHOUT_COMMAND "without-a-sandbox"

enum { THREADS = 8, SOUNDS = 6, DEADLINE_S = 60 };

/* Takes seconds to measure, so that its decoder can be caught at work. */
static struct bytes LONG_SOUND;

static int make_long_sound(void **state) {
    (void)state;
    LONG_SOUND = make_sound(28 * 60, 8000, 1, 8);
    return 0;
}

static int free_long_sound(void **state) {
    (void)state;
    free(LONG_SOUND.data);
    return 0;
}

static void check_works(struct li_decoders *decoders, const char *after) {
    struct bytes bytes = make_sound(4, 22050, 1, 16);
    struct li_measured measured;
    struct li_error err;
    enum li_status status = measure(decoders, bytes, &measured, &err);
    check(status == LI_OK, "after %s: %s", after, err.message);
    check_near(measured.analysis.duration_s, 4, 0.01);
    free(bytes.data);
}

/* ---- the tree of processes ---- */

/* The first child of a process, or 0. */
static pid_t child_of(pid_t parent) {
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%d", &child) != 1)
        child = 0;
    fclose(file);
    return child;
}

/* Looks again and again: at /proc nobody can wait. */
static void look_again(int64_t end_ns, const char *what, pid_t parent) {
    check(li_clock_monotonic_ns() < end_ns, "process %d %s", (int)parent, what);
    li_clock_sleep_ms(1);
}

/* The child of a process as soon as it has one that is not this. */
static pid_t await_child(pid_t parent, pid_t not_this) {
    int64_t end_ns = li_clock_monotonic_ns() + (int64_t)DEADLINE_S * 1000000000;
    pid_t child;
    while ((child = child_of(parent)) == 0 || child == not_this)
        look_again(end_ns, "has no child", parent);
    return child;
}

static void await_none(pid_t parent) {
    int64_t end_ns = li_clock_monotonic_ns() + (int64_t)DEADLINE_S * 1000000000;
    while (child_of(parent))
        look_again(end_ns, "still has a child", parent);
}

/* Skips a test that looks for children where nobody tells them. */
static void need_children(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    if (access(path, R_OK) == 0)
        return;
    print_message("skipped: this kernel does not tell children (CONFIG_PROC_CHILDREN)\n");
    skip();
}

struct crowd {
    struct li_decoders *decoders;
    struct bytes good, bad;
    int wrong;
};

static void *measure_some(void *arg) {
    struct crowd *crowd = arg;
    struct li_measured measured;
    struct li_error err;
    for (int i = 0; i < SOUNDS; i++) {
        enum li_status good = measure(crowd->decoders, crowd->good, &measured, &err);
        enum li_status bad = measure(crowd->decoders, crowd->bad, &measured, &err);
        if (good != LI_OK || bad != LI_INVALID)
            __atomic_fetch_add(&crowd->wrong, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void test_many_at_once(void **state) {
    struct crowd crowd = {start(0), make_sound(3.5, 16000, 1, 16), make_sound(1, 16000, 1, 16), 0};
    pthread_t threads[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, measure_some, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd.wrong, 0);
    free(crowd.good.data);
    free(crowd.bad.data);
    li_decoders_free(crowd.decoders);
}

/* ---- what ends one ---- */

struct victim {
    struct li_decoders *decoders;
    struct bytes bytes;
    enum li_status status;
    struct li_error err;
};

static void *measure_victim(void *arg) {
    struct victim *victim = arg;
    struct li_measured measured;
    victim->status = measure(victim->decoders, victim->bytes, &measured, &victim->err);
    return NULL;
}

static void test_an_ended_decoder_costs_one_sound(void **state) {
    static const struct {
        int signal;
        enum li_status status;
        const char *sentence;
    } CASES[] = {
        {SIGKILL, LI_BUSY, "ended from outside; try again"},
        {SIGTRAP, LI_INVALID, "its decoder crashed"},
        {SIGABRT, LI_INVALID, "its decoder crashed"},
        {SIGXCPU, LI_TOO_LARGE, "took more than 60 s"},
    };
    (void)state;
    need_children();
    struct victim victim = {.decoders = start(0), .bytes = LONG_SOUND};
    pid_t room = await_child(await_child(getpid(), 0), 0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        pthread_t thread;
        await_none(room);
        assert_int_equal(pthread_create(&thread, NULL, measure_victim, &victim), 0);
        assert_int_equal(kill(await_child(room, 0), CASES[i].signal), 0);
        pthread_join(thread, NULL);
        check(victim.status == CASES[i].status && strstr(victim.err.message, CASES[i].sentence),
              "%s: status %d, %s", CASES[i].sentence, victim.status, victim.err.message);
        check_works(victim.decoders, CASES[i].sentence);
    }
    li_decoders_free(victim.decoders);
}

/* One that does not move does not have to be waited for either. */
static void test_a_decoder_that_hangs(void **state) {
    pthread_t thread;
    (void)state;
    need_children();
    struct victim victim = {.decoders = start(500), .bytes = LONG_SOUND};
    pid_t room = await_child(await_child(getpid(), 0), 0);
    assert_int_equal(pthread_create(&thread, NULL, measure_victim, &victim), 0);
    pid_t decoder = await_child(room, 0);
    kill(decoder, SIGSTOP);
    pthread_join(thread, NULL);
    check(victim.status == LI_TOO_LARGE && strstr(victim.err.message, "took more than 1 s"), "status %d, %s",
          victim.status, victim.err.message);
    li_decoders_free(victim.decoders);
}

static void test_limits_of_the_kernel(void **state) {
    struct li_measured measured;
    struct li_error err;
    (void)state;
    need_children();
    struct li_decoders *decoders = start(0);
    pid_t keeper = await_child(getpid(), 0), room = await_child(keeper, 0);
    check_works(decoders, "the start");
    /* A limit of the room is one of its decoders too: they never raise one. */
    const struct rlimit little = {16 << 20, 16 << 20};
    assert_int_equal(prlimit(room, RLIMIT_AS, &little, NULL), 0);
    enum li_status status = measure(decoders, LONG_SOUND, &measured, &err);
    check(status == LI_TOO_LARGE || status == LI_BUSY, "status %d, %s", status, err.message);
    await_none(room);
    kill(room, SIGKILL);
    await_child(keeper, room);
    check_works(decoders, "no memory");
    li_decoders_free(decoders);
}

static void test_the_room_comes_back(void **state) {
    (void)state;
    need_children();
    struct li_decoders *decoders = start(0);
    pid_t keeper = await_child(getpid(), 0), room = await_child(keeper, 0);
    check_works(decoders, "the start");
    for (int i = 0; i < 3; i++) {
        await_none(room); /* its decoder would be the keeper's child for a moment */
        kill(room, SIGKILL);
        room = await_child(keeper, room);
        check_works(decoders, "the end of the room");
    }
    kill(keeper, SIGKILL);
    check_works(decoders, "the end of the keeper");
    kill(room, SIGKILL);
    struct bytes bytes = make_sound(4, 8000, 1, 8);
    struct li_measured measured;
    struct li_error err;
    check(measure(decoders, bytes, &measured, &err) == LI_BUSY, "nobody is left: %s", err.message);
    free(bytes.data);
    li_decoders_free(decoders);
}

/* Nothing of ours reaches the room: not the keys in our environment, not our open files. */
static void test_the_room_knows_nothing(void **state) {
    char path[64], environment[4096] = {0};
    (void)state;
    need_children();
    setenv("AWS_SECRET_ACCESS_KEY", "a secret of ours", 1);
    int ours = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    struct li_decoders *decoders = start(0);
    check_works(decoders, "the start");
    pid_t room = await_child(await_child(getpid(), 0), 0);
    snprintf(path, sizeof path, "/proc/%d/environ", (int)room);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    check(fread(environment, 1, sizeof environment - 1, file) > 0, "%s", path);
    fclose(file);
    for (size_t i = 0; i < sizeof environment - 1; i++)
        check(memcmp(environment + i, "AWS_", strnlen("AWS_", sizeof environment - 1 - i)) != 0, "%s",
              environment + i);
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)room, ours);
    char target[64] = {0};
    check(readlink(path, target, sizeof target - 1) < 0 || !strstr(target, "status"), "%s is %s", path,
          target);
    close(ours);
    unsetenv("AWS_SECRET_ACCESS_KEY");
    li_decoders_free(decoders);
}

/* Decoders stay processes of their own, with limits, where they cannot be confined. */
static void test_where_there_is_no_sandbox(void **state) {
    char name[] = "test", command[] = WITHOUT_COMMAND;
    char *const arguments[] = {name, command, NULL}, *const environment[] = {NULL};
    pid_t pid = 0;
    int status = -1;
    (void)state;
    assert_int_equal(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, arguments, environment), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", (unsigned)status);
}

static int main_without_a_sandbox(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_a_decoder_that_hangs),
        cmocka_unit_test(test_the_room_comes_back),
    };
    return refuse_sandboxes() ? cmocka_run_group_tests(tests, make_long_sound, free_long_sound) : 1;
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_an_ended_decoder_costs_one_sound),
        cmocka_unit_test(test_a_decoder_that_hangs),
        cmocka_unit_test(test_limits_of_the_kernel),
        cmocka_unit_test(test_the_room_comes_back),
        cmocka_unit_test(test_the_room_knows_nothing),
        cmocka_unit_test(test_where_there_is_no_sandbox),
    };
    if (argc == 2 && strcmp(argv[1], LI_DECODERS_COMMAND) == 0)
        return li_decoders_main();
    if (argc == 2 && strcmp(argv[1], WITHOUT_COMMAND) == 0)
        return main_without_a_sandbox();
    return cmocka_run_group_tests(tests, make_long_sound, free_long_sound);
}
