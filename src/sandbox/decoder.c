/* decoder.c - the room of decoders, and the decoder itself. The room is single-threaded and touches no
 * foreign byte: it takes jobs, forks, ends who is late and says what became of whom. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "sandbox/decoders_priv.h"
#include "sandbox/sandbox_priv.h"

enum {
    CONTROL = STDIN_FILENO,
    HEAP_BYTES = 13 << 18, /* what a song in stereo takes: its analyser, and the library that decodes it */
    ROOMS_MAX = 1000,      /* started in a life: one that cannot even start must not be tried for ever */
};
static const rlim_t ADDRESS_BYTES = (rlim_t)512 << 20; /* of a decoder: the program, the file, and 4 MB */

/* Who is at work. */
struct room {
    struct li_sandbox_filter *filter; /* of the decoders */
    int children;                     /* a signalfd of SIGCHLD */
    size_t count;
    struct running {
        pid_t pid;
        int answer;
        int64_t deadline_ns;
        bool late;
    } running[LI_DECODERS_MAX];
};

/* ---- one sound ---- */

/* A limit can only become smaller than it is already. */
static bool limit(__rlimit_resource_t what, rlim_t most) {
    struct rlimit old;
    if (getrlimit(what, &old) == 0 && old.rlim_max < most)
        most = old.rlim_max;
    return setrlimit(what, &(struct rlimit){most, most}) == 0;
}

static bool set_limits(const struct li_decode_job *job) {
    return limit(RLIMIT_CPU, (rlim_t)(job->limit_ms + 999) / 1000) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_FSIZE, 0) &&
           (LI_SANITIZED /* takes terabytes of addresses */ || limit(RLIMIT_AS, ADDRESS_BYTES));
}

/* Has the kernel hand out the heap in one go: page by page, as it is used, that is most of what a process of
 * its own costs. Where this cannot be had (Linux 5.14), nothing is lost. */
static void fill_heap(void) {
    void *heap = aligned_alloc((size_t)sysconf(_SC_PAGESIZE), HEAP_BYTES);
    if (heap)
        madvise(heap, HEAP_BYTES, MADV_POPULATE_WRITE);
    free(heap); /* and stays: keep_heap */
}

/* Large blocks are not mapped apart, and what was freed is not given back: decoders live for one sound. */
static void keep_heap(void) {
    mallopt(M_MMAP_THRESHOLD, 2 * HEAP_BYTES);
    mallopt(M_TRIM_THRESHOLD, 2 * HEAP_BYTES);
}

/* The whole life of a decoder. Never returns. */
_Noreturn static void decode(const struct room *room, const struct li_decode_job *job,
                             const int descriptors[LI_JOB_DESCRIPTORS]) {
    struct li_decode_answer answer = {.end = LI_DECODE_ANSWERED};
    void *bytes = mmap(NULL, job->size, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptors[LI_JOB_BYTES], 0);
    close(descriptors[LI_JOB_BYTES]);
    bool limited = set_limits(job);
    enum li_status status = room->filter->size ? li_sandbox_enter(room->filter, &answer.err) : LI_OK;
    if (status == LI_UNSUPPORTED)
        status = LI_OK;
    if (!status && !limited)
        status = li_fail(&answer.err, LI_IO,
                         "no limits can be set to a decoder here; the call setrlimit is needed");
    if (!status && bytes == MAP_FAILED)
        status = li_fail(&answer.err, LI_NO_MEMORY, "no memory to read a sound");
    if (!status)
        fill_heap();
    if (!status)
        status = li_measure_bytes(bytes, job->size, &answer.measured, &answer.err);
    answer.status = status;
    answer.measured.format = NULL;
    _exit(send(descriptors[LI_JOB_ANSWER], &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer);
}

/* ---- the room ---- */

/* Takes a job. False: the other side has gone, or speaks nonsense. */
static bool take_job(struct li_decode_job *job, int descriptors[LI_JOB_DESCRIPTORS]) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * LI_JOB_DESCRIPTORS)];
    } control;
    struct iovec part = {job, sizeof *job};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got;
    do
        got = recvmsg(CONTROL, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *header = got == sizeof *job ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int) * LI_JOB_DESCRIPTORS))
        return false;
    memcpy(descriptors, CMSG_DATA(header), sizeof(int) * LI_JOB_DESCRIPTORS);
    return true;
}

/* What a decoder must not have: the sockets of others. */
static void forget(const struct room *room) {
    close(CONTROL);
    close(room->children);
    for (size_t i = 0; i < room->count; i++)
        close(room->running[i].answer);
}

static void begin(struct room *room, const struct li_decode_job *job,
                  const int descriptors[LI_JOB_DESCRIPTORS]) {
    pid_t self = getpid(), pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != self)
            _exit(1); /* the room was gone before it could have been noticed */
        forget(room);
        decode(room, job, descriptors);
    }
    close(descriptors[LI_JOB_BYTES]);
    if (pid > 0)
        room->running[room->count++] = (struct running){
            pid, descriptors[LI_JOB_ANSWER], li_clock_monotonic_ns() + job->limit_ms * 1000000, false};
    else /* the other side sees that nobody is there to answer */
        close(descriptors[LI_JOB_ANSWER]);
}

/* Says what became of a decoder, and forgets it. Where it has answered itself, this is read by nobody. */
static void finish(struct room *room, struct running *done, int wait_status) {
    struct li_decode_answer answer = {.end = done->late ? LI_DECODE_LATE : LI_DECODE_DIED,
                                      .wait_status = wait_status};
    (void)!send(done->answer, &answer, sizeof answer, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(done->answer);
    *done = room->running[--room->count];
}

static void reap(struct room *room) {
    struct signalfd_siginfo ignored;
    int wait_status;
    pid_t pid;
    (void)!read(room->children, &ignored, sizeof ignored);
    while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0)
        for (size_t i = 0; i < room->count; i++)
            if (room->running[i].pid == pid) {
                finish(room, &room->running[i], wait_status);
                break;
            }
}

/* Ends who is late; milliseconds until the next will be, or -1. */
static int end_late(struct room *room) {
    int64_t now_ns = li_clock_monotonic_ns(), next_ns = INT64_MAX;
    for (size_t i = 0; i < room->count; i++) {
        struct running *running = &room->running[i];
        if (!running->late && running->deadline_ns <= now_ns) {
            running->late = true;
            kill(running->pid, SIGKILL);
        }
        if (!running->late && running->deadline_ns < next_ns)
            next_ns = running->deadline_ns;
    }
    return next_ns == INT64_MAX ? -1 : (int)((next_ns - now_ns) / 1000000 + 1);
}

/* Takes jobs until there is nobody to send them. */
static void keep_room(struct li_sandbox_filter *filter) {
    struct room room = {.filter = filter};
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    room.children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    for (;;) {
        struct pollfd polls[] = {{room.children, POLLIN, 0}, {CONTROL, POLLIN, 0}};
        int ready = poll(polls, room.count < LI_DECODERS_MAX ? 2 : 1, end_late(&room));
        struct li_decode_job job = {0};
        int descriptors[LI_JOB_DESCRIPTORS];
        if (ready > 0 && polls[0].revents)
            reap(&room);
        if (ready > 0 && polls[1].revents) {
            if (!take_job(&job, descriptors))
                return;
            begin(&room, &job, descriptors);
        }
    }
}

/* ---- the keeper ---- */

/* A terminal's Ctrl-C and an orderly stop of the service come to the whole group: what is in flight is still
 * worked on, and the end comes when the socket is closed. */
static void set_up(void) {
    static const int IGNORED[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE};
    struct li_error err = {0};
    for (size_t i = 0; i < sizeof IGNORED / sizeof *IGNORED; i++)
        signal(IGNORED[i], SIG_IGN);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0) {
        dup2(nothing, STDOUT_FILENO);
        if (!LI_SANITIZED) /* libraries of decoders print what files say; a sanitizer has to be heard */
            dup2(nothing, STDERR_FILENO);
        close(nothing);
    }
    int victim = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (victim >= 0) { /* should memory run out, decoders go first */
        (void)!write(victim, "1000", 4);
        close(victim);
    }
    prctl(PR_SET_NAME, "decoders");
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* decoders of a room that was killed are ours to bury */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)!li_sandbox_files(&(struct li_sandbox_rules){0}, &err); /* the server says whether there is one */
}

int li_decoders_main(void) {
    int kind = 0, wait_status;
    socklen_t size = sizeof kind;
    struct li_sandbox_filter filter = {0};
    enum li_status status;
    if (getsockopt(CONTROL, SOL_SOCKET, SO_TYPE, &kind, &size) != 0 || kind != SOCK_SEQPACKET) {
        fputs("listening: " LI_DECODERS_COMMAND
              " is started by the server itself, for each sound that is sent to it\n",
              stderr);
        return 2;
    }
    set_up();
    keep_heap();
    status = li_sandbox_compute_only(&filter, NULL);
    if (status && status != LI_UNSUPPORTED)
        return 1;
    for (int rooms = 0; rooms < ROOMS_MAX; rooms++) {
        pid_t room = fork(), ended;
        if (room == 0) {
            keep_room(&filter);
            _exit(0);
        }
        do
            ended = waitpid(-1, &wait_status, 0);
        while (ended != room && (ended > 0 || errno == EINTR));
        if (room < 0 || ended != room || (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0))
            break;
    }
    return 0;
}
