/* decode_source.c - bytes of a file or of memory, behind one interface with a read-ahead buffer. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audio/decode_priv.h"

static const char *kind_of(mode_t mode) {
    return S_ISDIR(mode) ? "a folder" : S_ISFIFO(mode) ? "a pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
}

static enum li_status open_failed(int errnum, struct li_error *err) {
    if (errnum == ENOENT || errnum == ENOTDIR)
        return li_fail(err, LI_NOT_FOUND, "there is no such file");
    if (errnum == EACCES || errnum == EPERM)
        return li_fail(err, LI_IO, "this file may not be read by you");
    if (errnum == ELOOP)
        return li_fail(err, LI_INVALID, "this symbolic link leads round in a circle");
    if (errnum == ENXIO)
        return li_fail(err, LI_INVALID, "this is a device or a socket, not a file");
    return li_fail_errno(err, errnum, "this file cannot be opened");
}

enum li_status li_byte_source_open(struct li_byte_source *source, const char *path, struct li_error *err) {
    struct stat facts;
    /* Looked at before it is opened: opening some devices does something. */
    if (stat(path, &facts) != 0)
        return open_failed(errno, err);
    if (!S_ISREG(facts.st_mode))
        return li_fail(err, LI_INVALID, "this is %s, not a file", kind_of(facts.st_mode));
    /* Without waiting, in case that it was replaced by a pipe just now. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return open_failed(errno, err);
    unsigned char *buffer = NULL;
    enum li_status status = LI_OK;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode))
        status = li_fail(err, LI_INVALID, "this is no file any more");
    else if (facts.st_size == 0)
        status = li_fail(err, LI_INVALID, "this file is empty");
    else if (!(buffer = malloc(LI_SOURCE_BUFFER)))
        status = li_fail(err, LI_NO_MEMORY, "no memory to read a file");
    if (status) {
        close(fd);
        return status;
    }
    *source = (struct li_byte_source){.fd = fd, .size = facts.st_size, .buffer = buffer};
    return LI_OK;
}

void li_byte_source_close(struct li_byte_source *source) {
    if (source->fd >= 0)
        close(source->fd);
    free(source->buffer);
    *source = (struct li_byte_source){.fd = -1};
}

/* Reads a file at a place; 0 at its end. */
static size_t read_at(struct li_byte_source *source, int64_t at, void *out, size_t size) {
    ssize_t got;
    do
        got = pread(source->fd, out, size, at);
    while (got < 0 && errno == EINTR);
    source->failed |= got < 0;
    return got > 0 ? (size_t)got : 0;
}

/* Copies what the buffer holds from a place on, filling it there first when it holds nothing of that. */
static size_t copy_buffered(struct li_byte_source *source, int64_t at, void *out, size_t size) {
    int64_t into = at - source->buffer_start;
    if (into < 0 || into >= (int64_t)source->buffer_size) {
        source->buffer_start = at;
        source->buffer_size = read_at(source, at, source->buffer, LI_SOURCE_BUFFER);
        into = 0;
    }
    size_t there = source->buffer_size - (size_t)into;
    size_t count = there < size ? there : size;
    memcpy(out, source->buffer + into, count);
    return count;
}

/* The file's own bytes, all of which are there. */
static size_t copy(struct li_byte_source *source, int64_t at, void *out, size_t size) {
    size_t done = 0;
    if (source->fd < 0) {
        memcpy(out, source->bytes + at, size);
        return size;
    }
    while (done < size) {
        size_t count = copy_buffered(source, at + (int64_t)done, (unsigned char *)out + done, size - done);
        if (!count)
            break;
        done += count;
    }
    return done;
}

size_t li_byte_source_peek(struct li_byte_source *source, int64_t at, void *out, size_t size) {
    size_t done = 0;
    if (at < 0 || at >= source->size)
        return 0;
    if ((int64_t)size > source->size - at)
        size = (size_t)(source->size - at);
    if (at < (int64_t)source->front_size) {
        done = source->front_size - (size_t)at;
        done = done < size ? done : size;
        memcpy(out, source->front + at, done);
    }
    return done == size ? done
                        : done + copy(source, at + (int64_t)done + source->shift, (unsigned char *)out + done,
                                      size - done);
}

void li_byte_source_show(struct li_byte_source *source, const void *front, size_t front_size, int64_t at,
                         int64_t size) {
    memcpy(source->front, front, front_size);
    source->front_size = front_size;
    source->shift = at - (int64_t)front_size;
    source->size = (int64_t)front_size + size;
    source->at = 0;
}

size_t li_byte_source_read(struct li_byte_source *source, void *out, size_t size) {
    size_t done = li_byte_source_peek(source, source->at, out, size);
    source->at += (int64_t)done;
    return done;
}

int64_t li_byte_source_seek(struct li_byte_source *source, int64_t offset, int whence) {
    int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source->at : source->size, to;
    if (__builtin_add_overflow(from, offset, &to) || to < 0)
        return -1;
    return source->at = to < source->size ? to : source->size;
}
