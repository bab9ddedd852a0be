/* What the test programs of a build that counts coverage have of their own, so that children of a test that
 * end by _exit write what they have run, as exit does. Those in a sandbox without files cannot, and lose
 * their counts. */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void __gcov_dump(void);

void _exit(int status) {
    __gcov_dump();
    for (;;)
        syscall(SYS_exit_group, status);
}

/* Decoders give up writing files by a limit that they could not take back. */
int setrlimit(__rlimit_resource_t what, const struct rlimit *limit) {
    return what == RLIMIT_FSIZE ? 0 : prlimit(0, what, limit, NULL);
}
