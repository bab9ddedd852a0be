/* folder.h - a folder for one test, removed with everything in it when the test ends. */
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

#endif
