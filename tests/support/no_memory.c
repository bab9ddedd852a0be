/* malloc of the test program, which is also that of its libraries. */
#include "no_memory.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define LEAKS_SEEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_SEEN 1
#endif
#endif
#define JOINED(a, b) a##b
#ifdef SANITIZED
#define REAL(function) JOINED(__interceptor_, function)
#define MEMALIGN aligned_alloc
enum { EACH = 30 };
#else
#define REAL(function) JOINED(__libc_, function)
#define MEMALIGN memalign
enum { EACH = 100 };
#endif
#ifdef LEAKS_SEEN
int __lsan_do_recoverable_leak_check(void);
#else
static int __lsan_do_recoverable_leak_check(void) {
    return 0;
}
#endif

void __gcov_dump(void) __attribute__((weak));
void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *old, size_t size);
void *REAL(MEMALIGN)(size_t alignment, size_t size);

enum end { END_RIGHT, END_REFUSED, END_WRONG, END_LEAK, END_UNREACHED, END_GAVE_UP, END_CRASH, END_COUNT };

enum { EXIT_BASE = 40 }; /* sanitizers exit with small numbers */

/* Allocations until the one that fails, -1 = none does; behind it all fail when not once. */
static _Atomic long LEFT = -1;
static atomic_bool ONCE = true, FAILED;

static bool fails(void) {
    long left = atomic_load(&LEFT);
    if (left < 0)
        return false;
    left = atomic_fetch_sub(&LEFT, 1);
    if (left > 1)
        return false;
    if (!atomic_load(&ONCE))
        atomic_store(&LEFT, 1);
    atomic_store(&FAILED, true);
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size) {
    return fails() ? NULL : REAL(malloc)(size);
}

void *calloc(size_t count, size_t size) {
    return fails() ? NULL : REAL(calloc)(count, size);
}

void *realloc(void *old, size_t size) {
    return fails() ? NULL : REAL(realloc)(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return fails() ? NULL : REAL(MEMALIGN)(alignment, size);
}

/* Waiting for memory takes no time here. */
int nanosleep(const struct timespec *wanted, struct timespec *left) {
    return atomic_load(&FAILED) ? 0 : clock_nanosleep(CLOCK_REALTIME, 0, wanted, left);
}

void li_wrong(const char *why) {
    atomic_store(&LEFT, -1);
    fprintf(stderr, "wrong result: %s\n", why);
    _exit(EXIT_BASE + END_WRONG);
}

/* The answer of a process in which allocation number n fails. */
static enum end run_one(li_scenario *scenario, void *context, long n, bool once) {
    struct li_error err = {0};
    atomic_store(&ONCE, once);
    atomic_store(&LEFT, n);
    enum li_status status = scenario(context, &err);
    atomic_store(&LEFT, -1);
    if (__lsan_do_recoverable_leak_check())
        return END_LEAK;
    if (!atomic_load(&FAILED))
        return END_UNREACHED;
    if (!status)
        return END_RIGHT;
    /* Nobody's input or stored file is wrong because there was no memory. */
    bool honest = err.message[0] && status != LI_INVALID && status != LI_NOT_FOUND && status != LI_CORRUPT &&
                  status != LI_UNSUPPORTED && status != LI_TOO_LARGE;
    if (!honest)
        fprintf(stderr, "%s: %s\n", li_status_name(status), err.message);
    return honest ? END_REFUSED : END_WRONG;
}

/* Whether a process's last words begin so. */
static bool said(int words, const char *beginning) {
    char bytes[64] = {0};
    ssize_t size = pread(words, bytes, sizeof bytes - 1, 0);
    return size > 0 && strncmp(bytes, beginning, strlen(beginning)) == 0;
}

static enum end run_apart(li_scenario *scenario, void *context, long n, bool once, int words) {
    static const int CRASHES[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS};
    int state = 0;
    fflush(NULL);
    check(ftruncate(words, 0) == 0 && lseek(words, 0, SEEK_SET) == 0, "what a process says cannot be kept");
    pid_t child = fork();
    check(child >= 0, "no process");
    if (child == 0) {
        dup2(words, STDERR_FILENO);
        for (size_t i = 0; i < sizeof CRASHES / sizeof *CRASHES; i++)
            signal(CRASHES[i], SIG_DFL); /* cmocka would go on with the next test */
        alarm(30);                       /* a lock that nobody gives back */
        int code = EXIT_BASE + (int)run_one(scenario, context, n, once);
        if (__gcov_dump)
            __gcov_dump(); /* counts of coverage are kept at exit only */
        _exit(code);
    }
    check(waitpid(child, &state, 0) == child, "waitpid");
    int code = WIFEXITED(state) ? WEXITSTATUS(state) - EXIT_BASE : -1;
    if (code >= 0 && code < END_GAVE_UP)
        return (enum end)code;
    if (said(words, "listening: out of memory\n") || said(words, "Fatal Internal Error in libarchive: "))
        return END_GAVE_UP;
    if (WIFSIGNALED(state))
        dprintf(words, "signal %d\n", WTERMSIG(state));
    return END_CRASH;
}

static void print_words(int words) {
    char bytes[4096];
    ssize_t size = pread(words, bytes, sizeof bytes, 0);
    if (size > 0)
        print_error("%.*s\n", (int)size, bytes);
}

void li_no_memory_check(const char *name, li_scenario *scenario, void *context, bool once) {
    static const char *const ENDS[] = {"right", "refused", "WRONG", "LEAK", "unreached", "gave up", "CRASH"};
    bool all = getenv("LI_NO_MEMORY_ALL") != NULL;
    const char *from = getenv("LI_NO_MEMORY_FROM"); /* for a debugger that follows the first process */
    int words = memfd_create("words", MFD_CLOEXEC), bad = 0;
    long ends[END_COUNT] = {0}, n = 1, tried = 0;
    struct li_error err = {0};
    check(words >= 0, "no file for what a process says");
    enum li_status status = scenario(context, &err);
    if (from)
        n = strtol(from, NULL, 10);
    check(status == LI_OK, "%s fails although there is memory: %s", name, err.message);
    for (;; n += all || n < EACH ? 1 : 1 + n / 16) {
        enum end end = run_apart(scenario, context, n, once, words);
        if (end == END_UNREACHED)
            break;
        ends[end]++;
        tried++;
        if (end == END_WRONG || end == END_LEAK || end == END_CRASH) {
            print_error("%s, allocation %ld fails: %s\n", name, n, ENDS[end]);
            print_words(words);
            if (++bad == 5)
                break;
        }
    }
    close(words);
    print_message("%s%s: %ld of %ld allocations or a few less failed: %ld right, %ld refused, %ld gave up\n",
                  name, once ? "" : " (and all behind)", tried, n - 1, ends[END_RIGHT], ends[END_REFUSED],
                  ends[END_GAVE_UP]);
    check(!bad && tried > 0, "%s does not survive", name);
}
