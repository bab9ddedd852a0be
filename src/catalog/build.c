/* build.c - a folder of tables becomes one catalogue file. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog_priv.h"

enum { TABLE_BYTES_MAX = 256 * 1024 * 1024, SOURCES = 4 };

static const char *const SOURCE_FILES[SOURCES] = {"artists.tsv", "genres.tsv", "genre_aliases.tsv",
                                                  "emotions.tsv"};

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

enum li_status li_catalog_read_file(const char *path, size_t max, char **bytes, size_t *size,
                                    struct li_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return li_fail_errno(err, errno, "cannot open %.100s", path);
    enum li_status status = read_descriptor(fd, path, max, bytes, size, err);
    close(fd);
    return status;
}

static enum li_status write_all(int fd, const unsigned char *bytes, size_t size, const char *path,
                                struct li_error *err) {
    for (size_t done = 0; done < size;) {
        ssize_t wrote = write(fd, bytes + done, size - done);
        if (wrote < 0 && errno != EINTR)
            return li_fail_errno(err, errno, "cannot write %.100s", path);
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (fchmod(fd, 0644) != 0 || fsync(fd) != 0)
        return li_fail_errno(err, errno, "cannot write %.100s", path);
    return LI_OK;
}

/* The rename is on disk only when the folder is. A file system that cannot do that is no failure. */
static void sync_folder(const char *path) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

/* Writes under another name first, so that path is the old file or the whole new one. */
static enum li_status write_file(const char *path, const unsigned char *bytes, size_t size,
                                 struct li_error *err) {
    char other[PATH_MAX];
    if (snprintf(other, sizeof other, "%s.XXXXXX", path) >= (int)sizeof other)
        return li_fail(err, LI_INVALID, "the path of the catalogue is too long");
    int fd = mkostemp(other, O_CLOEXEC);
    if (fd < 0)
        return li_fail_errno(err, errno, "cannot make a file beside %.100s", path);
    enum li_status status = write_all(fd, bytes, size, path, err);
    if (close(fd) != 0 && !status)
        status = li_fail_errno(err, errno, "cannot write %.100s", path);
    if (!status && rename(other, path) != 0)
        status = li_fail_errno(err, errno, "cannot put %.100s in place", path);
    if (status)
        unlink(other);
    else
        sync_folder(path);
    return status;
}

static enum li_status load_table(const char *folder, const char *file, struct li_arena *arena,
                                 struct source_table *out, struct li_error *err) {
    char path[PATH_MAX], *bytes = NULL;
    size_t size = 0;
    struct li_error why = {0};
    if (snprintf(path, sizeof path, "%s/%s", folder, file) >= (int)sizeof path)
        return li_fail(err, LI_INVALID, "the path of the tables is too long");
    enum li_status status = li_catalog_read_file(path, TABLE_BYTES_MAX, &bytes, &size, err);
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

/* A hash of the hashes of the tables, as 16 hexadecimal digits. */
static void hash_tables(const struct source_table *tables, char out[17]) {
    char hashes[SOURCES * 16 + 1];
    for (int i = 0; i < SOURCES; i++)
        snprintf(hashes + 16 * (size_t)i, 17, "%016llx", li_text_hash(tables[i].bytes));
    snprintf(out, 17, "%016llx", li_text_hash(li_text_of(hashes)));
}

enum li_status li_catalog_build(const char *tables, const char *path, struct li_error *err) {
    struct source_table sources[SOURCES] = {0};
    struct li_arena arena = {0};
    struct li_catalog_artist *artists = NULL;
    unsigned char *bytes = NULL;
    size_t count = 0, size = 0;
    char version[17];
    enum li_status status = LI_OK;
    for (int i = 0; i < SOURCES && !status; i++)
        status = load_table(tables, SOURCE_FILES[i], &arena, &sources[i], err);
    if (!status)
        status = li_catalog_read_artists(&sources[0], &arena, &artists, &count, err);
    if (!status) {
        hash_tables(sources, version);
        struct pack_input input = {artists, count, sources + 1, SOURCES - 1, version};
        status = li_catalog_pack(&input, &bytes, &size, err);
    }
    if (!status)
        status = write_file(path, bytes, size, err);
    sqlite3_free(bytes);
    for (int i = 0; i < SOURCES; i++)
        free((void *)(uintptr_t)sources[i].bytes.data);
    li_arena_release(&arena);
    return status;
}
