/* calls.c - seccomp: the lists of system calls, put into the kernel by libseccomp. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "sandbox/sandbox_priv.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* What a decoder does: it computes, reads what it was given and answers. (sysinfo is the C library's qsort,
 * which asks how much memory there is.) */
static const int COMPUTE[] = {
    SCMP_SYS(read),    SCMP_SYS(write),        SCMP_SYS(close),        SCMP_SYS(munmap),
    SCMP_SYS(mremap),  SCMP_SYS(madvise),      SCMP_SYS(brk),          SCMP_SYS(futex),
    SCMP_SYS(exit),    SCMP_SYS(exit_group),   SCMP_SYS(sendto),       SCMP_SYS(clock_gettime),
    SCMP_SYS(time),    SCMP_SYS(gettimeofday), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(sysinfo),
};

/* What the server does besides. */
static const int SERVE[] = {
    /* files, in the folders that Landlock leaves */
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(preadv),
    SCMP_SYS(pwritev),
    SCMP_SYS(lseek),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(fchmod),
    SCMP_SYS(utimensat),
    SCMP_SYS(flock),
    SCMP_SYS(fcntl),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
    SCMP_SYS(memfd_create),
    SCMP_SYS(umask),
    SCMP_SYS(msync),
    SCMP_SYS(mincore),
    /* connections that are open, and those that come in */
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendfile),
    SCMP_SYS(socketpair),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_pwait2),
    SCMP_SYS(eventfd2),
    /* threads, time, signals, and what the C library asks about us */
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(rt_sigpending),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(tgkill),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(uname),
    SCMP_SYS(getrlimit),
    SCMP_SYS(getrusage),
    SCMP_SYS(wait4),
    SCMP_SYS(waitid),
};

/* What asking others needs: a resolver and TLS. */
static const int CONNECT[] = {SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg)};

/* What no bug of ours would call, but code that somebody smuggled in might: it ends the process. Whatever is
 * in no list is answered ENOSYS, so that a C library newer than this list falls back on what it knows. */
static const int NEVER[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(capset),
    SCMP_SYS(personality),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(chown),
    SCMP_SYS(lchown),
    SCMP_SYS(listen),
};

static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count) {
    int failed = 0;
    for (size_t i = 0; !failed && i < count; i++)
        failed = seccomp_rule_add(filter, action, calls[i], 0);
    return failed;
}

/* Memory that holds code is neither made nor mapped. */
static int add_memory(scmp_filter_ctx filter) {
    const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code);
    return failed ? failed : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code);
}

/* Calls that depend on what they are asked for. */
static int add_careful(scmp_filter_ctx filter) {
    static const unsigned long IOCTLS[] = {FIONREAD, FIONBIO, FIOCLEX, TCGETS, TIOCGWINSZ};
    int failed = 0;
    for (size_t i = 0; !failed && i < COUNT(IOCTLS); i++)
        failed =
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, IOCTLS[i]));
    if (!failed)
        failed =
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    if (!failed) /* our own limits; a right of the system is needed to raise one */
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    /* Threads, but no processes. The flags of clone3 lie in memory, where no filter sees them: it falls to
     * ENOSYS, and the C library takes clone. */
    if (!failed)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    return failed;
}

static int add_network(scmp_filter_ctx filter) {
    static const int FAMILIES[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}; /* the last two for resolvers */
    int failed = add_all(filter, SCMP_ACT_ALLOW, CONNECT, COUNT(CONNECT));
    for (size_t i = 0; !failed && i < COUNT(FAMILIES); i++)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                                  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)FAMILIES[i]));
    /* Resolvers are libraries that the C library loads when it first asks. */
    if (!failed)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 0);
    return failed ? failed : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 0);
}

/* What a failure of libseccomp or of the kernel means: LI_UNSUPPORTED where there are no filters, or not all
 * that we need of them. */
static enum li_status refused(int errnum, const char *what, struct li_error *err) {
    if (errnum == EINVAL || errnum == ENOSYS || errnum == EOPNOTSUPP)
        return li_fail(err, LI_UNSUPPORTED, "this kernel has no seccomp filters");
    if (errnum == EPERM || errnum == EACCES || errnum == ECANCELED)
        return li_fail(err, LI_UNSUPPORTED, "whoever started this does not let it enter seccomp filters");
    return li_fail_errno(err, errnum, "the sandbox for %s (--no-sandbox goes without)", what);
}

/* Puts the filter into the kernel and frees it. failed is that of filling it. */
static enum li_status enter(scmp_filter_ctx filter, int failed, struct li_error *err) {
    if (!failed)
        failed = seccomp_load(filter);
    seccomp_release(filter);
    return failed ? refused(-failed, "system calls cannot be entered", err) : LI_OK;
}

static enum li_status begin(uint32_t fallback, scmp_filter_ctx *out, struct li_error *err) {
    if (LI_SANITIZED)
        return li_fail(err, LI_UNSUPPORTED, "built with a sanitizer, which needs more system calls");
    *out = seccomp_init(fallback);
    return *out ? LI_OK : li_fail(err, LI_NO_MEMORY, "no memory for a sandbox");
}

enum li_status li_sandbox_calls(bool network, struct li_error *err) {
    scmp_filter_ctx filter = NULL;
    enum li_status status = begin(SCMP_ACT_ERRNO(ENOSYS), &filter, err);
    if (status)
        return status;
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (!failed)
        failed = add_all(filter, SCMP_ACT_KILL_PROCESS, NEVER, COUNT(NEVER));
    if (!failed)
        failed = add_all(filter, SCMP_ACT_ALLOW, COMPUTE, COUNT(COMPUTE));
    if (!failed)
        failed = add_all(filter, SCMP_ACT_ALLOW, SERVE, COUNT(SERVE));
    if (!failed)
        failed = add_careful(filter);
    if (!failed)
        failed = network ? add_network(filter) : add_memory(filter);
    return enter(filter, failed, err);
}

/* Reads what libseccomp makes of a filter, which it only writes to files. */
static enum li_status compile(scmp_filter_ctx filter, struct li_sandbox_filter *out, struct li_error *err) {
    int file = memfd_create("filter", MFD_CLOEXEC),
        failed = file < 0 ? -errno : seccomp_export_bpf(filter, file);
    ssize_t size = failed ? 0 : pread(file, out->bytes, sizeof out->bytes, 0);
    if (file >= 0)
        close(file);
    if (failed || size <= 0 || size == sizeof out->bytes)
        return li_fail_errno(err, failed ? -failed : EIO, "the sandbox for decoders cannot be made");
    out->size = (size_t)size;
    return LI_OK;
}

enum li_status li_sandbox_compute_only(struct li_sandbox_filter *out, struct li_error *err) {
    scmp_filter_ctx filter = NULL;
    enum li_status status = begin(SCMP_ACT_ERRNO(ENOSYS), &filter, err);
    if (status)
        return status;
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree, not a list */
    if (!failed)
        failed = add_all(filter, SCMP_ACT_KILL_PROCESS, NEVER, COUNT(NEVER));
    if (!failed)
        failed = add_all(filter, SCMP_ACT_ALLOW, COMPUTE, COUNT(COMPUTE));
    if (!failed)
        failed = add_memory(filter);
    status = failed ? refused(-failed, "decoders cannot be made", err) : compile(filter, out, err);
    seccomp_release(filter);
    return status;
}

enum li_status li_sandbox_enter(struct li_sandbox_filter *filter, struct li_error *err) {
    struct sock_fprog program = {(unsigned short)(filter->size / sizeof(struct sock_filter)),
                                 (struct sock_filter *)(void *)filter->bytes};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
        return LI_OK;
    return refused(errno, "decoders cannot be entered", err);
}
