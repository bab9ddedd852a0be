/* folder.h - a folder for one test, removed with everything in it when the test ends; and whole files. */
#ifndef LI_TESTS_FOLDER_H
#define LI_TESTS_FOLDER_H

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

struct folder {
    char path[64];
};

static inline void folder_make(struct folder *folder) {
    snprintf(folder->path, sizeof folder->path, "/tmp/listening-test-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
}

static inline int folder_remove_one(const char *path, const struct stat *info, int kind, struct FTW *at) {
    (void)info, (void)kind, (void)at;
    return remove(path);
}

static inline void folder_remove(const struct folder *folder) {
    nftw(folder->path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* "{folder}/{name}", good until the next call with the same out. */
static inline const char *folder_path(const struct folder *folder, const char *name, char out[512]) {
    snprintf(out, 512, "%s/%s", folder->path, name);
    return out;
}

static inline void file_write(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* All bytes of a file; free them. */
static inline void *file_read(const char *path, size_t *size) {
    struct stat about;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    *size = (size_t)about.st_size;
    void *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

#endif
