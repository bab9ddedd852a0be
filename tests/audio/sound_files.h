/* sound_files.h - sound files made for a test: WAVs written by hand, others by the encoders that are there.
 */
#ifndef LI_TESTS_SOUND_FILES_H
#define LI_TESTS_SOUND_FILES_H

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "folder.h"

extern char **environ;

enum { WAV_PCM = 1, WAV_FLOAT = 3 };

struct wav {
    int rate_hz, channels, bits, kind;
    double seconds;
    double (*sample)(double t_s, int channel);
    uint32_t said_frames; /* what the header says, 0 = the truth */
    size_t bytes_kept;    /* cuts the file, 0 = whole */
};

static inline void put(FILE *file, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        putc_unlocked((int)(value >> 8 * i & 255), file);
}

static inline void put_sample(FILE *file, const struct wav *wav, double value) {
    if (wav->kind == WAV_FLOAT) {
        float single = (float)value;
        uint32_t bits;
        memcpy(&bits, &single, sizeof bits);
        put(file, bits, 4);
        return;
    }
    double full = (double)(1u << (wav->bits - 1)), scaled = fmin(fmax(rint(value * full), -full), full - 1);
    put(file, wav->bits == 8 ? (uint32_t)((int)scaled + 128) : (uint32_t)(int32_t)scaled, wav->bits / 8);
}

static inline void write_wav(const char *path, const struct wav *wav) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    uint32_t frames = (uint32_t)lround(wav->seconds * wav->rate_hz),
             block = (uint32_t)(wav->channels * wav->bits / 8);
    uint32_t bytes = (wav->said_frames ? wav->said_frames : frames) * block;
    fputs("RIFF", file);
    put(file, 36 + bytes, 4);
    fputs("WAVEfmt ", file);
    put(file, 16, 4);
    put(file, (uint32_t)wav->kind, 2);
    put(file, (uint32_t)wav->channels, 2);
    put(file, (uint32_t)wav->rate_hz, 4);
    put(file, (uint32_t)wav->rate_hz * block, 4);
    put(file, block, 2);
    put(file, (uint32_t)wav->bits, 2);
    fputs("data", file);
    put(file, bytes, 4);
    for (uint32_t i = 0; i < frames; i++)
        for (int c = 0; c < wav->channels; c++)
            put_sample(file, wav, wav->sample((double)i / wav->rate_hz, c));
    assert_int_equal(fclose(file), 0);
    if (wav->bytes_kept)
        assert_int_equal(truncate(path, (off_t)wav->bytes_kept), 0);
}

/* 440 Hz at -12 dBFS in every channel. */
static inline double tone(double t_s, int channel) {
    (void)channel;
    return 0.25 * sin(2 * M_PI * 440 * t_s);
}

static inline void write_bytes(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* All bytes of a file; the caller frees them. */
static inline unsigned char *read_bytes(const char *path, size_t *size) {
    struct stat facts;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &facts), 0);
    unsigned char *bytes = malloc((size_t)facts.st_size + 1);
    assert_non_null(bytes);
    *size = fread(bytes, 1, (size_t)facts.st_size, file);
    assert_int_equal(*size, facts.st_size);
    fclose(file);
    return bytes;
}

/* Runs a program in silence. False when it is not installed; fails when it does not succeed. */
static inline bool run_program(const char *const *arguments) {
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    for (int fd = 0; fd < 3; fd++)
        posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    int failed =
        posix_spawnp(&pid, arguments[0], &actions, NULL, (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed)
        return false;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return false;
    check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s failed", arguments[0]);
    return true;
}

/* Encodes a WAV by the program that makes such files; "{in}" and "{out}" stand for the paths. */
static inline bool encode(const char *const *command, const char *in, const char *out) {
    const char *arguments[24];
    size_t count = 0;
    for (; command[count]; count++)
        arguments[count] = strcmp(command[count], "{in}") == 0    ? in
                           : strcmp(command[count], "{out}") == 0 ? out
                                                                  : command[count];
    arguments[count] = NULL;
    return run_program(arguments);
}

#endif
