/* decode_ffmpeg.c - what the libraries do not know, by an `ffmpeg` child process: never linked (135 shared
 * objects, and GPL in Debian's build), never through a shell, never given a name.
 *
 * The child gets the opened file as its standard input and reads it again through /proc, so that it can seek;
 * which demuxer it takes, we say; no protocol but plain files is allowed to it. So a file cannot make it open
 * another one. It answers with a Sun AU stream: a header of six numbers, then big-endian floats. Processor
 * time and memory of the child are limited by the kernel, silence on the pipe by a clock. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audio/decode_priv.h"

enum {
    SILENCE_MS = 20000, /* a child that writes nothing for so long is ended */
    CPU_S = 600,
    AU_HEADER = 24,
    AU_HEADER_MAX = 64 * 1024,
    AU_FLOAT = 6, /* encoding 6: IEEE floats of 32 bits, big-endian */
};
static const rlim_t ADDRESS_BYTES = (rlim_t)4 << 30;

struct child {
    pid_t pid;
    int pipe;
};

static bool wait_readable(int fd) {
    struct pollfd poll_fd = {fd, POLLIN, 0};
    int ready;
    do
        ready = poll(&poll_fd, 1, SILENCE_MS);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* Reads until size bytes are there, the child has ended, or it says nothing for too long. */
static size_t read_all(const struct child *child, void *out, size_t size) {
    size_t done = 0;
    while (done < size && wait_readable(child->pipe)) {
        ssize_t got = read(child->pipe, (unsigned char *)out + done, size - done);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        done += got > 0 ? (size_t)got : 0;
    }
    return done;
}

static void end_child(struct child *child) {
    close(child->pipe);
    kill(child->pid, SIGKILL);
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    free(child);
}

enum { ARGUMENTS = 24 };

/* seconds must live as long as the list. */
static void fill_arguments(const char *format, const char *seconds, const char *out[ARGUMENTS]) {
    static const char *const ARGUMENT_LIST[] = {"ffmpeg",
                                                "-nostdin",
                                                "-loglevel",
                                                "quiet",
                                                "-protocol_whitelist",
                                                "file",
                                                "-threads",
                                                "1",
                                                "-f",
                                                NULL,
                                                "-i",
                                                "file:/proc/self/fd/0",
                                                "-map",
                                                "0:a:0",
                                                "-t",
                                                NULL,
                                                "-c:a",
                                                "pcm_f32be",
                                                "-f",
                                                "au",
                                                "pipe:1"};
    size_t count = sizeof ARGUMENT_LIST / sizeof *ARGUMENT_LIST, holes = 0;
    for (size_t i = 0; i < count; i++)
        out[i] = ARGUMENT_LIST[i] ? ARGUMENT_LIST[i] : holes++ ? seconds : format;
    out[count] = NULL;
}

static enum li_status spawn(const struct li_decoder *decoder, int output, pid_t *pid, struct li_error *err) {
    char seconds[24];
    const char *arguments[ARGUMENTS];
    const char *path = getenv("PATH");
    char search[4096];
    snprintf(search, sizeof search, "PATH=%s", path ? path : "/usr/bin:/bin");
    char *environment[] = {search, NULL};
    sigset_t none, defaults;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    snprintf(seconds, sizeof seconds, "%.0f", decoder->limit_s + 1);
    fill_arguments(decoder->sniffed.format, seconds, arguments);
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int failed = posix_spawn_file_actions_adddup2(&actions, decoder->source.fd, STDIN_FILENO);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!failed)
        failed = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (!failed)
        failed = posix_spawnp(pid, "ffmpeg", &actions, &attributes, (char *const *)(uintptr_t)arguments,
                              environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT)
        return li_fail(err, LI_UNSUPPORTED, "files of this kind (%s) need ffmpeg, which is not installed",
                       decoder->sniffed.format);
    return failed ? li_fail_errno(err, failed, "ffmpeg cannot be started") : LI_OK;
}

static enum li_status start(struct li_decoder *decoder, struct child **out, struct li_error *err) {
    int ends[2];
    struct child *child = calloc(1, sizeof *child);
    if (!child || pipe2(ends, O_CLOEXEC) != 0) {
        free(child);
        return li_fail(err, LI_NO_MEMORY, "no memory for a decoder");
    }
    enum li_status status = spawn(decoder, ends[1], &child->pid, err);
    close(ends[1]);
    if (status) {
        close(ends[0]);
        free(child);
        return status;
    }
    prlimit(child->pid, RLIMIT_AS, &(struct rlimit){ADDRESS_BYTES, ADDRESS_BYTES}, NULL);
    prlimit(child->pid, RLIMIT_CPU, &(struct rlimit){CPU_S, CPU_S}, NULL);
    child->pipe = ends[0];
    *out = child;
    return LI_OK;
}

/* Reads the header of the answer: magic, offset of the samples, size, encoding, rate, channels. */
static bool read_header(const struct child *child, struct li_sound *sound) {
    uint32_t header[AU_HEADER / 4];
    if (read_all(child, header, sizeof header) != sizeof header || ntohl(header[0]) != 0x2e736e64 ||
        ntohl(header[3]) != AU_FLOAT || ntohl(header[4]) > INT32_MAX || ntohl(header[5]) > INT16_MAX)
        return false;
    uint32_t offset = ntohl(header[1]);
    if (offset < AU_HEADER || offset > AU_HEADER_MAX)
        return false;
    for (uint32_t at = AU_HEADER; at < offset; at++) {
        unsigned char skipped;
        if (read_all(child, &skipped, 1) != 1)
            return false;
    }
    sound->rate_hz = (int)ntohl(header[4]);
    sound->channels = (int)ntohl(header[5]);
    return true;
}

static enum li_status open_ffmpeg(struct li_decoder *decoder, struct li_error *err) {
    struct child *child = NULL;
    if (decoder->source.fd < 0)
        return li_fail(
            err, LI_UNSUPPORTED,
            "files of this kind (%s) are not decoded here; send MP3, FLAC, Ogg Vorbis, Opus, WAV or AIFF",
            decoder->sniffed.format);
    enum li_status status = start(decoder, &child, err);
    if (status)
        return status;
    if (!read_header(child, &decoder->sound)) {
        end_child(child);
        return li_fail(err, LI_INVALID, "ffmpeg finds no sound in this %s file", decoder->sniffed.format);
    }
    decoder->state = child;
    decoder->sound.promised_s = NAN;
    return LI_OK;
}

static size_t read_ffmpeg(struct li_decoder *decoder, float *samples, size_t frames_max, bool *broken) {
    const struct child *child = decoder->state;
    size_t frame_bytes = sizeof *samples * (size_t)decoder->sound.channels;
    size_t frames = read_all(child, samples, frames_max * frame_bytes) / frame_bytes;
    for (size_t i = 0; i < frames * (size_t)decoder->sound.channels; i++) {
        uint32_t bits;
        memcpy(&bits, &samples[i], sizeof bits);
        bits = ntohl(bits);
        memcpy(&samples[i], &bits, sizeof bits);
    }
    *broken = false;
    return frames;
}

static void close_ffmpeg(struct li_decoder *decoder) {
    if (decoder->state)
        end_child(decoder->state);
    decoder->state = NULL;
}

const struct li_decoder_ops LI_DECODE_FFMPEG = {open_ffmpeg, read_ffmpeg, close_ffmpeg};
