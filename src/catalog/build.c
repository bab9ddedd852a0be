/* build.c - a folder of tables becomes one catalogue file. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog_priv.h"

enum { TABLE_BYTES_MAX = 256 * 1024 * 1024 };

static enum li_status read_descriptor(int fd, const char *path, size_t max, char **bytes, size_t *size,
                                      struct li_error *err) {
    struct stat about;
    if (fstat(fd, &about) != 0)
        return li_fail_errno(err, errno, "cannot read %.100s", path);
    if (!S_ISREG(about.st_mode))
        return li_fail(err, LI_INVALID, "%.100s is no file", path);
    if ((unsigned long long)about.st_size > max)
        return li_fail(err, LI_TOO_LARGE, "%.100s is larger than %zu MiB", path, max >> 20);
    size_t length = (size_t)about.st_size, done = 0;
    char *data = malloc(length + 1);
    if (!data)
        return li_fail(err, LI_NO_MEMORY, "no memory to read %.100s", path);
    while (done < length) {
        ssize_t got = read(fd, data + done, length - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(data);
            return li_fail_errno(err, errno, "cannot read %.100s", path);
        }
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *bytes = data;
    *size = done;
    return LI_OK;
}

static enum li_status read_file(const char *path, size_t max, char **bytes, size_t *size,
                                struct li_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return li_fail_errno(err, errno, "cannot open %.100s", path);
    enum li_status status = read_descriptor(fd, path, max, bytes, size, err);
    close(fd);
    return status;
}

static enum li_status load_table(const char *folder, const char *file, struct li_arena *arena,
                                 struct source_table *out, struct li_error *err) {
    char path[PATH_MAX], *bytes = NULL;
    size_t size = 0;
    struct li_error why = {0};
    if (snprintf(path, sizeof path, "%s/%s", folder, file) >= (int)sizeof path)
        return li_fail(err, LI_INVALID, "the path of the tables is too long");
    enum li_status status = read_file(path, TABLE_BYTES_MAX, &bytes, &size, err);
    if (status)
        return status;
    out->file = file;
    out->bytes = (struct li_text){bytes, size};
    status = li_tsv_parse(out->bytes, arena, &out->tsv, &why);
    if (status) {
        li_fail(err, status, "%s:%zu: %.160s", file, why.at, why.message);
        if (err)
            err->at = why.at;
    }
    return status;
}

static enum li_status write_artists(const char *path, const struct li_catalog_artist *artists, size_t count,
                                    struct li_error *err) {
    struct li_catalog_writer *writer = NULL;
    enum li_status status = li_catalog_writer_new(path, &writer, err);
    for (size_t i = 0; i < count && !status; i++)
        status = li_catalog_writer_add(writer, &artists[i], err);
    if (!status)
        status = li_catalog_writer_finish(writer, NULL, err);
    li_catalog_writer_free(writer);
    return status;
}

enum li_status li_catalog_build(const char *tables, const char *path, struct li_error *err) {
    struct source_table table = {0};
    struct li_arena arena = {0};
    struct li_catalog_artist *artists = NULL;
    size_t count = 0;
    enum li_status status = load_table(tables, "artists.tsv", &arena, &table, err);
    if (!status)
        status = li_catalog_read_artists(&table, &arena, &artists, &count, err);
    if (!status)
        status = write_artists(path, artists, count, err);
    free((void *)(uintptr_t)table.bytes.data);
    li_arena_release(&arena);
    return status;
}
