/* input.c - the bytes of a file as they are, or unpacked by libarchive: compressed texts, and each text of an
 * archive. Nothing is unpacked to disk. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset/dataset_priv.h"

enum { BLOCK = 256 * 1024, SAMPLE = 64 * 1024 };

struct input {
    int fd;
    struct archive *archive; /* NULL: a plain file */
    bool open;               /* a text is open */
    uint64_t size, done;
    char identity[IDENTITY_SIZE], entry[256];
    char path[200];
};

/* ---- which file it is ---- */

static bool sample(int fd, off_t at, uint64_t *hash) {
    char bytes[SAMPLE];
    ssize_t got = pread(fd, bytes, sizeof bytes, at);
    if (got < 0)
        return false;
    *hash = li_text_hash((struct li_text){bytes, (size_t)got});
    return true;
}

/* Size, and hashes of the first and last 64 KiB: a renamed or copied file is the same file. */
static bool identify(struct input *input) {
    uint64_t first = 0, last = 0;
    off_t tail = input->size > SAMPLE ? (off_t)(input->size - SAMPLE) : 0;
    if (!sample(input->fd, 0, &first) || !sample(input->fd, tail, &last))
        return false;
    snprintf(input->identity, sizeof input->identity, "%016llx-%016llx-%llu", (unsigned long long)first,
             (unsigned long long)last, (unsigned long long)input->size);
    return true;
}

static bool is_packed(int fd) {
    static const struct {
        const char *bytes;
        size_t at, size;
    } MAGIC[] = {{"\x1f\x8b", 0, 2},
                 {"BZh", 0, 3},
                 {"\xfd"
                  "7zXZ",
                  0, 5},
                 {"\x28\xb5\x2f\xfd", 0, 4},
                 {"PK\3\4", 0, 4},
                 {"ustar", 257, 5}};
    char head[512] = {0};
    if (pread(fd, head, sizeof head, 0) < 0)
        return false;
    for (size_t m = 0; m < sizeof MAGIC / sizeof *MAGIC; m++)
        if (memcmp(head + MAGIC[m].at, MAGIC[m].bytes, MAGIC[m].size) == 0)
            return true;
    return false;
}

/* ---- unpacking ---- */

static enum li_status damaged(struct input *input, struct li_error *err) {
    const char *why = archive_error_string(input->archive);
    return li_fail(err, LI_CORRUPT, "%s is damaged or cut short (%.60s); fetch it again", input->path,
                   why ? why : "unknown format");
}

static enum li_status open_archive(struct input *input, struct li_error *err) {
    input->archive = archive_read_new();
    if (!input->archive)
        return li_fail(err, LI_NO_MEMORY, "no memory to unpack %s", input->path);
    archive_read_support_filter_gzip(input->archive);
    archive_read_support_filter_bzip2(input->archive);
    archive_read_support_filter_xz(input->archive);
    archive_read_support_filter_zstd(input->archive);
    archive_read_support_format_tar(input->archive);
    archive_read_support_format_zip(input->archive);
    archive_read_support_format_raw(input->archive);
    return archive_read_open_fd(input->archive, input->fd, BLOCK) == ARCHIVE_OK ? LI_OK : damaged(input, err);
}

enum li_status li_input_open(const char *path, struct input **out, struct li_error *err) {
    struct stat facts;
    struct input *input = calloc(1, sizeof *input);
    if (!input)
        return li_fail(err, LI_NO_MEMORY, "no memory to read a file");
    snprintf(input->path, sizeof input->path, "%s", path);
    input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    enum li_status status = LI_OK;
    if (input->fd < 0 || fstat(input->fd, &facts) != 0)
        status = li_fail_errno(err, errno, "cannot read %.150s", path);
    else if (!S_ISREG(facts.st_mode))
        status = li_fail(err, LI_INVALID, "%.150s is no file; name the files in it one by one", path);
    if (!status) {
        input->size = (uint64_t)facts.st_size;
        if (!identify(input))
            status = li_fail_errno(err, errno, "cannot read %.150s", path);
    }
    if (!status && is_packed(input->fd))
        status = open_archive(input, err);
    if (status)
        li_input_free(input);
    else
        *out = input;
    return status;
}

enum li_status li_input_next(struct input *input, bool *found, struct li_error *err) {
    struct archive_entry *entry = NULL;
    if (!input->archive) {
        *found = !input->open;
        input->open = true;
        return LI_OK;
    }
    for (;;) {
        int result = archive_read_next_header(input->archive, &entry);
        if (result == ARCHIVE_EOF) {
            *found = false;
            return LI_OK;
        }
        if (result < ARCHIVE_WARN)
            return damaged(input, err);
        if (archive_entry_filetype(entry) != AE_IFREG)
            continue;
        const char *name = archive_entry_pathname(entry);
        bool raw = archive_format(input->archive) == ARCHIVE_FORMAT_RAW;
        snprintf(input->entry, sizeof input->entry, "%s", raw || !name ? "" : name);
        *found = true;
        return LI_OK;
    }
}

enum li_status li_input_read(struct input *input, char *buffer, size_t size, size_t *got,
                             struct li_error *err) {
    ssize_t taken;
    if (input->archive) {
        taken = archive_read_data(input->archive, buffer, size);
        if (taken < 0)
            return damaged(input, err);
        input->done = (uint64_t)archive_filter_bytes(input->archive, -1);
    } else {
        do
            taken = read(input->fd, buffer, size);
        while (taken < 0 && errno == EINTR);
        if (taken < 0)
            return li_fail_errno(err, errno, "cannot read %s", input->path);
        input->done += (uint64_t)taken;
    }
    *got = (size_t)taken;
    return LI_OK;
}

enum li_status li_input_skip(struct input *input, uint64_t bytes, struct li_error *err) {
    if (!input->archive) {
        if (lseek(input->fd, (off_t)bytes, SEEK_CUR) < 0)
            return li_fail_errno(err, errno, "cannot read %s", input->path);
        input->done += bytes;
        return LI_OK;
    }
    char *buffer = malloc(BLOCK);
    enum li_status status = buffer ? LI_OK : li_fail(err, LI_NO_MEMORY, "no memory to read %s", input->path);
    while (!status && bytes) {
        size_t got = 0;
        status = li_input_read(input, buffer, bytes < BLOCK ? (size_t)bytes : BLOCK, &got, err);
        if (!status && got == 0)
            status = li_fail(err, LI_CORRUPT, "%s is shorter than it was; fetch it again", input->path);
        bytes -= got;
    }
    free(buffer);
    return status;
}

const char *li_input_identity(const struct input *input) {
    return input->identity;
}

const char *li_input_entry(const struct input *input) {
    return input->entry[0] ? input->entry : NULL;
}

uint64_t li_input_size(const struct input *input) {
    return input->size;
}

uint64_t li_input_done(const struct input *input) {
    return input->done;
}

void li_input_free(struct input *input) {
    if (!input)
        return;
    archive_read_free(input->archive);
    if (input->fd >= 0)
        close(input->fd);
    free(input);
}
