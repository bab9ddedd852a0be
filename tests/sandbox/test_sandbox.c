/* What is given up stays given up: each try is made by a child in the sandbox. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "folder.h"
#include "no_sandbox.h"
#include "sandbox/sandbox.h"

static struct folder FOLDER; /* holds open/ and closed/, each with the file a */

static char *place(const char *name) {
    static char path[512];
    folder_path(&FOLDER, name, path);
    return path;
}

/* ---- tries: 0, or the errno ---- */

static int try_open(const char *path, int flags) {
    int file = open(path, flags | O_CLOEXEC, 0600);
    if (file < 0)
        return errno;
    close(file);
    return 0;
}

static int read_open(void) {
    return try_open(place("open/a"), O_RDONLY);
}
static int write_open(void) {
    return try_open(place("open/b"), O_WRONLY | O_CREAT);
}
static int rename_open(void) {
    return rename(place("open/a"), "/tmp/x") == 0 ? 0 : errno;
}
static int date_open(void) {
    return utimensat(AT_FDCWD, place("open/a"), NULL, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}
static int read_closed(void) {
    return try_open(place("closed/a"), O_RDONLY);
}
static int write_closed(void) {
    return try_open(place("closed/b"), O_WRONLY | O_CREAT);
}
static int read_passwd(void) {
    return try_open("/etc/passwd", O_RDONLY);
}
static int truncate_closed(void) {
    return truncate(place("closed/a"), 0) == 0 ? 0 : errno;
}
static int make_socket(void) {
    int made = socket(AF_INET, SOCK_STREAM, 0);
    return made < 0 ? errno : 0;
}
static int make_packet_socket(void) {
    return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? errno : 0;
}
static int connect_out(void) {
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int made = socket(AF_INET, SOCK_STREAM, 0);
    if (made < 0)
        return errno;
    return connect(made, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
}
static int make_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}
static int run_shell(void) {
    execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
    return errno;
}
static int make_process(void) {
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid < 0 ? errno : 0;
}
static void *nothing(void *arg) {
    return arg;
}
static int make_thread(void) {
    pthread_t thread;
    int failed = pthread_create(&thread, NULL, nothing, NULL);
    return failed ? failed : pthread_join(thread, NULL);
}
static int trace_parent(void) {
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? 0 : errno;
}
static int signal_parent(void) {
    return kill(getppid(), SIGCONT) == 0 ? 0 : errno;
}
static int compute(void) {
    void *memory = malloc(32 << 20);
    if (!memory)
        return ENOMEM;
    memset(memory, 1, 32 << 20);
    free(memory);
    return 0;
}

/* ---- sandboxes ---- */

static enum li_status files(struct li_error *err) {
    const char *const nowhere[] = {"/nowhere/at/all", NULL}, *const in_open[] = {place("open"), NULL};
    return li_sandbox_files(&(struct li_sandbox_rules){.read = nowhere, .write = in_open}, err);
}
static enum li_status files_to_read(struct li_error *err) {
    const char *const in_open[] = {place("open"), NULL};
    return li_sandbox_files(&(struct li_sandbox_rules){.read = in_open, .network = true}, err);
}
static enum li_status files_everywhere(struct li_error *err) {
    const char *const everywhere[] = {"/", NULL};
    return li_sandbox_files(&(struct li_sandbox_rules){.write = everywhere}, err);
}
static enum li_status calls(struct li_error *err) {
    return li_sandbox_calls(false, err);
}
static enum li_status calls_and_network(struct li_error *err) {
    return li_sandbox_calls(true, err);
}
static enum li_status compute_only(struct li_error *err) {
    static struct li_sandbox_filter filter;
    enum li_status status = li_sandbox_compute_only(&filter, err);
    return status ? status : li_sandbox_enter(&filter, err);
}
/* A filter that somebody else made. */
static enum li_status no_sockets(struct li_error *err) {
    static const struct sock_filter CODE[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct li_sandbox_filter filter = {.size = sizeof CODE};
    struct li_sandbox_facts facts;
    li_sandbox_probe(&facts);
    memcpy(filter.bytes, CODE, sizeof CODE);
    return facts.built_in ? li_sandbox_enter(&filter, err) : LI_UNSUPPORTED;
}

enum { KILLED = 1000 };

static const struct {
    const char *name;
    enum li_status (*enter)(struct li_error *err);
    int (*attempt)(void);
    int expected; /* errno, or KILLED */
} CASES[] = {
    {"files: reading in the folder", files, read_open, 0},
    {"files: writing in the folder", files, write_open, 0},
    {"files: out of the folder", files, rename_open, EACCES},
    {"files: reading beside it", files, read_closed, EACCES},
    {"files: writing beside it", files, write_closed, EACCES},
    {"files: emptying beside it", files, truncate_closed, EACCES},
    {"files: the system's", files, read_passwd, EACCES},
    {"files: programs", files, run_shell, EACCES},
    {"files: read only, reading", files_to_read, read_open, 0},
    {"files: read only, writing", files_to_read, write_open, EACCES},
    {"files: everywhere, reading", files_everywhere, read_passwd, 0},
    {"files: everywhere, programs", files_everywhere, run_shell, EACCES},
    {"calls: files stay", calls, read_passwd, 0},
    {"calls: a file's date", calls, date_open, 0}, /* what a sweep sets right */
    {"calls: threads stay", calls, make_thread, 0},
    {"calls: a socket", calls, make_socket, ENOSYS},
    {"calls: a program", calls, run_shell, KILLED},
    {"calls: a process", calls, make_process, ENOSYS},
    {"calls: code", calls, make_code, ENOSYS},
    {"calls: another process", calls, trace_parent, KILLED},
    {"calls: a signal", calls, signal_parent, KILLED},
    {"network: a socket", calls_and_network, make_socket, 0},
    {"network: a connection is tried", calls_and_network, connect_out, ECONNREFUSED},
    {"network: raw packets", calls_and_network, make_packet_socket, ENOSYS},
    {"network: a program", calls_and_network, run_shell, KILLED},
    {"a filter: what it refuses", no_sockets, make_socket, EPERM},
    {"a filter: what it leaves", no_sockets, read_passwd, 0},
    {"compute: memory", compute_only, compute, 0},
    {"compute: a file", compute_only, read_passwd, ENOSYS},
    {"compute: a socket", compute_only, make_socket, ENOSYS},
    {"compute: a thread", compute_only, make_thread, ENOSYS},
    {"compute: code", compute_only, make_code, ENOSYS},
    {"compute: a program", compute_only, run_shell, KILLED},
    {"compute: a signal", compute_only, signal_parent, KILLED},
};

/* Makes one try in a child: its errno, KILLED, or -1 when there is no such sandbox here. */
static int attempt_in_child(size_t index) {
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct li_error err = {0};
        enum li_status entered = CASES[index].enter(&err);
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        _exit(entered == LI_UNSUPPORTED ? 254 : entered ? 253 : CASES[index].attempt());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? KILLED : KILLED + WTERMSIG(status);
    return WEXITSTATUS(status) == 254 ? -1 : WEXITSTATUS(status);
}

static void test_what_is_given_up(void **state) {
    struct li_sandbox_facts facts;
    (void)state;
    li_sandbox_probe(&facts);
    folder_make(&FOLDER);
    mkdir(place("open"), 0700);
    mkdir(place("closed"), 0700);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_int_equal(try_open(place("open/a"), O_WRONLY | O_CREAT), 0);
        assert_int_equal(try_open(place("closed/a"), O_WRONLY | O_CREAT), 0);
        bool of_files = strncmp(CASES[i].name, "files", 5) == 0;
        bool there = facts.built_in && (of_files ? facts.landlock > 0 : facts.seccomp);
        if (CASES[i].attempt == truncate_closed && facts.landlock < 3)
            continue; /* came later */
        int got = attempt_in_child(i);
        if (there)
            check(got == CASES[i].expected, "%s: %d", CASES[i].name, got);
        else
            check(got == -1, "%s: %d, where there is no sandbox", CASES[i].name, got);
    }
    folder_remove(&FOLDER);
}

/* One that lacks both: each part says so, and nothing is given up. */
static void test_a_kernel_without_them(void **state) {
    static enum li_status (*const ENTER[])(struct li_error *) = {files, calls, calls_and_network,
                                                                 compute_only};
    (void)state;
    folder_make(&FOLDER);
    for (size_t i = 0; i < sizeof ENTER / sizeof *ENTER; i++) {
        int status = 0;
        pid_t pid = fork();
        if (pid == 0) {
            struct li_error err = {0};
            bool said = refuse_sandboxes() && ENTER[i](&err) == LI_UNSUPPORTED && err.message[0];
            _exit(!said || read_passwd() || make_socket() || make_process());
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "part %zu: status %x", i, (unsigned)status);
    }
    folder_remove(&FOLDER);
}

/* The filter of decoders is made once and entered many times: the same each time it is made. */
static void test_a_filter_is_always_the_same(void **state) {
    static struct li_sandbox_filter one, two;
    struct li_sandbox_facts facts;
    struct li_error err = {0};
    (void)state;
    li_sandbox_probe(&facts);
    enum li_status expected = facts.built_in ? LI_OK : LI_UNSUPPORTED;
    check(li_sandbox_compute_only(&one, &err) == expected, "%s", err.message);
    check(li_sandbox_compute_only(&two, &err) == expected, "%s", err.message);
    check(expected || (one.size > 0 && one.size % sizeof(struct sock_filter) == 0), "%zu bytes", one.size);
    assert_memory_equal(&one, &two, sizeof one);
}

/* The filter holds in threads that were there before it. */
static pthread_barrier_t ENTERED;

static void *try_later(void *arg) {
    pthread_barrier_wait(&ENTERED);
    *(int *)arg = make_socket();
    return NULL;
}

static void test_threads_that_were_there(void **state) {
    struct li_sandbox_facts facts;
    int status = 0;
    (void)state;
    li_sandbox_probe(&facts);
    if (!facts.built_in || !facts.seccomp) {
        print_message("skipped: no seccomp here\n");
        skip();
    }
    pid_t pid = fork();
    if (pid == 0) {
        pthread_t thread;
        int result = 0;
        pthread_barrier_init(&ENTERED, NULL, 2);
        bool good =
            pthread_create(&thread, NULL, try_later, &result) == 0 && li_sandbox_calls(false, NULL) == LI_OK;
        pthread_barrier_wait(&ENTERED);
        pthread_join(thread, NULL);
        _exit(good ? result : 253);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    check(WIFEXITED(status) && WEXITSTATUS(status) == ENOSYS, "status %x", (unsigned)status);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_given_up),
        cmocka_unit_test(test_a_kernel_without_them),
        cmocka_unit_test(test_a_filter_is_always_the_same),
        cmocka_unit_test(test_threads_that_were_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
