/* decoders.c - this side: starts the room, hands it sounds and believes nothing that comes back unseen. */
#include "sandbox/decoders.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "sandbox/decoders_priv.h"

enum {
    LIMIT_MS = 60 * 1000,
    ROOM_MS = 5 * 1000, /* more than that the room does not take to say that somebody was late */
};

struct li_decoders {
    pthread_mutex_t lock; /* of the start */
    int control;          /* -1: not started */
    pid_t keeper;
    int64_t limit_ms;
};

/* ---- starting and ending ---- */

/* Starts this program again with the socket as its standard input, and nothing of ours: no environment, which
 * may hold keys, but where its libraries lie. */
static int spawn_room(int socket, pid_t *pid) {
    static const char *const ARGUMENTS[] = {"listening", LI_DECODERS_COMMAND, NULL};
    const char *path = getenv("LD_LIBRARY_PATH");
    char libraries[4096];
    char at_once[] = "LD_BIND_NOW=1"; /* names of libraries are looked up in the room, not in each decoder */
    char *environment[] = {at_once, NULL, NULL};
    if (path && (size_t)snprintf(libraries, sizeof libraries, "LD_LIBRARY_PATH=%s", path) < sizeof libraries)
        environment[1] = libraries;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int failed = posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    if (!failed)
        failed = posix_spawn(pid, "/proc/self/exe", &actions, &attributes,
                             (char *const *)(uintptr_t)ARGUMENTS, environment);
    if (failed == ENOENT) /* no /proc here: by the name that we were started with */
        failed = posix_spawn(pid, (const char *)getauxval(AT_EXECFN), &actions, &attributes,
                             (char *const *)(uintptr_t)ARGUMENTS, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* Starts the room unless it was started. */
static enum li_status start(struct li_decoders *decoders, struct li_error *err) {
    int ends[2], failed = 0;
    pthread_mutex_lock(&decoders->lock);
    if (decoders->control < 0 && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        failed = errno;
    } else if (decoders->control < 0) {
        /* A room that was stopped by a signal must not stop us. */
        setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){ROOM_MS / 1000, 0},
                   sizeof(struct timeval));
        failed = spawn_room(ends[1], &decoders->keeper);
        close(ends[1]);
        if (failed)
            close(ends[0]);
        else
            decoders->control = ends[0];
    }
    pthread_mutex_unlock(&decoders->lock);
    return failed ? li_fail_errno(err, failed, "the decoders cannot be started") : LI_OK;
}

enum li_status li_decoders_new(const struct li_decoders_options *options, struct li_decoders **out,
                               struct li_error *err) {
    struct li_decoders *decoders = calloc(1, sizeof *decoders);
    if (!decoders)
        return li_fail(err, LI_NO_MEMORY, "no memory for decoders");
    pthread_mutex_init(&decoders->lock, NULL);
    decoders->control = -1;
    decoders->limit_ms = options->limit_ms > 0 ? options->limit_ms : LIMIT_MS;
    enum li_status status = options->lazy ? LI_OK : start(decoders, err);
    if (status)
        li_decoders_free(decoders);
    else
        *out = decoders;
    return status;
}

void li_decoders_free(struct li_decoders *decoders) {
    if (!decoders)
        return;
    if (decoders->control >= 0) {
        close(decoders->control);
        while (waitpid(decoders->keeper, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    pthread_mutex_destroy(&decoders->lock);
    free(decoders);
}

/* ---- one sound ---- */

/* The bytes as a file in memory that nobody can change any more, or -1. */
static int seal(const void *bytes, size_t size) {
    int file = memfd_create("sound", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    size_t done = 0;
    while (file >= 0 && done < size) {
        ssize_t wrote = write(file, (const char *)bytes + done, size - done);
        if (wrote < 0 && errno != EINTR)
            break;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (file >= 0 && (done < size || fcntl(file, F_ADD_SEALS,
                                           F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)) {
        close(file);
        return -1;
    }
    return file;
}

static bool send_job(const struct li_decoders *decoders, size_t size,
                     const int descriptors[LI_JOB_DESCRIPTORS]) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * LI_JOB_DESCRIPTORS)];
    } control = {.bytes = {0}};
    struct li_decode_job job = {size, decoders->limit_ms};
    struct iovec part = {&job, sizeof job};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * LI_JOB_DESCRIPTORS);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * LI_JOB_DESCRIPTORS);
    ssize_t sent;
    do
        sent = sendmsg(decoders->control, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == sizeof job;
}

/* Waits for the answer. False when there will be none. */
static bool receive(int socket, int64_t wait_ms, struct li_decode_answer *out) {
    int64_t end_ns = li_clock_monotonic_ns() + wait_ms * 1000000;
    struct pollfd poll_fd = {socket, POLLIN, 0};
    for (;;) {
        int64_t left_ms = (end_ns - li_clock_monotonic_ns()) / 1000000;
        int ready = poll(&poll_fd, 1, left_ms > 0 ? (int)left_ms : 0);
        if (ready > 0)
            return recv(socket, out, sizeof *out, MSG_DONTWAIT) == sizeof *out;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

/* Why a decoder gave no answer. */
static enum li_status explain(const struct li_decoders *decoders, const struct li_decode_answer *answer,
                              struct li_error *err) {
    int number = WIFSIGNALED(answer->wait_status) ? WTERMSIG(answer->wait_status) : 0;
    if (answer->end == LI_DECODE_LATE || number == SIGXCPU)
        return li_fail(err, LI_TOO_LARGE, "decoding this file took more than %lld s and was given up",
                       (long long)(decoders->limit_ms + 999) / 1000);
    if (number == SIGKILL)
        return li_fail(err, LI_BUSY, "the decoder of this file was ended from outside; try again");
    return li_fail(err, LI_INVALID, "this file is so broken that its decoder crashed");
}

/* ---- is it the answer of a sound? ---- */

static bool is_text(const char *text, size_t size) {
    size_t length = strnlen(text, size);
    return length < size && li_text_valid((struct li_text){text, length});
}

static bool is_within(double x, double low, double high) {
    return isnan(x) || (x >= low && x <= high);
}

static bool is_share(double x) {
    return is_within(x, 0, 1);
}

static bool is_analysis(const struct li_analysis *analysis) {
    static const double DB = 1000, HZ = 200000, BPM = 1000; /* no sound has more */
    unsigned char calibrated;
    memcpy(&calibrated, &analysis->calibrated, 1);
    bool good =
        calibrated <= 1 && analysis->duration_s >= 0 && analysis->duration_s <= LI_DECODE_FILE_S &&
        analysis->key >= -1 && analysis->key <= 11 && analysis->time_signature >= 0 &&
        analysis->time_signature <= 16 && is_share(analysis->key_confidence) &&
        is_share(analysis->time_signature_confidence) && is_within(analysis->tempo_alternative_bpm, 0, BPM) &&
        is_within(analysis->onset_rate_hz, 0, HZ) && is_within(analysis->loudness_range_lu, -DB, DB) &&
        is_within(analysis->peak_dbfs, -DB, DB) && is_within(analysis->tuning_hz, 0, HZ);
    for (size_t i = 0; i < LI_FEATURE_COUNT; i++) {
        double value = analysis->features.value[i];
        good = good && is_share(analysis->confidence[i]) &&
               (i == LI_LOUDNESS ? is_within(value, -DB, DB)
                : i == LI_TEMPO  ? is_within(value, 0, BPM)
                                 : is_share(value));
    }
    return good;
}

/* Holds an answer against what it can be. */
static bool is_sound(const struct li_decode_answer *answer) {
    const struct li_measured *measured = &answer->measured;
    if (answer->end < LI_DECODE_ANSWERED || answer->end > LI_DECODE_LATE || answer->status < 0 ||
        answer->status >= LI_STATUS_COUNT)
        return false;
    if (answer->status)
        return is_text(answer->err.message, sizeof answer->err.message) &&
               answer->err.status == (enum li_status)answer->status;
    return is_text(measured->title, sizeof measured->title) &&
           is_text(measured->artist, sizeof measured->artist) &&
           is_text(measured->warning, sizeof measured->warning) &&
           (answer->end != LI_DECODE_ANSWERED || is_analysis(&measured->analysis));
}

static enum li_status judge(const struct li_decoders *decoders, const struct li_decode_answer *answer,
                            struct li_measured *out, struct li_error *err) {
    if (!is_sound(answer))
        return li_fail(err, LI_INVALID, "the decoder of this file answered what no sound can be");
    if (answer->end != LI_DECODE_ANSWERED)
        return explain(decoders, answer, err);
    if (answer->status == LI_NO_MEMORY)
        return li_fail(err, LI_TOO_LARGE, "this file needs more memory than decoding a sound may take");
    if (answer->status) {
        if (err)
            *err = answer->err;
        return (enum li_status)answer->status;
    }
    *out = answer->measured;
    out->format = "";
    return LI_OK;
}

/* Sends the job and waits. */
static enum li_status ask(struct li_decoders *decoders, int file, size_t size, struct li_measured *out,
                          struct li_error *err) {
    struct li_decode_answer answer = {0};
    struct li_error why = {0};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return li_fail_errno(err, errno, "no socket for a decoder");
    const int descriptors[] = {[LI_JOB_BYTES] = file, [LI_JOB_ANSWER] = ends[1]};
    bool answered = send_job(decoders, size, descriptors);
    close(ends[1]);
    answered = answered && receive(ends[0], decoders->limit_ms + ROOM_MS, &answer);
    close(ends[0]);
    enum li_status status =
        answered ? judge(decoders, &answer, out, &why)
                 : li_fail(&why, LI_BUSY, "the decoder of this file was ended from outside; try again");
    if (!answered || answer.end != LI_DECODE_ANSWERED)
        li_log_message(LI_LOG_WARNING, "decoder", why.message);
    if (status && err)
        *err = why;
    return status;
}

enum li_status li_decoders_measure(struct li_decoders *decoders, const void *bytes, size_t size,
                                   struct li_measured *out, struct li_error *err) {
    if (!decoders)
        return li_measure_bytes(bytes, size, out, err);
    if (size == 0)
        return li_fail(err, LI_INVALID, "this file is empty");
    enum li_status status = start(decoders, err);
    if (status)
        return status;
    int file = seal(bytes, size);
    if (file < 0)
        return li_fail_errno(err, errno, "no room to hand over a sound");
    status = ask(decoders, file, size, out, err);
    close(file);
    return status;
}
