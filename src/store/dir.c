/* dir.c - session objects as files, laid out as a bucket would be: DIR/data/{session}/profile.json.
 *
 * An object is written to a temporary file beside its place, synced, and renamed over it, then the folder is
 * synced: a reader sees the old object or the new one, whole, and so does the next process after a crash.
 * Writers in several processes are safe: the last rename wins. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "store/store.h"

/* A temporary file older than this belongs to a writer that died. */
enum { LEFTOVER_MS = 10 * 60 * 1000, CLOCK_SLACK_MS = 60 * 1000, MKDIR_TRIES = 8, ERASE_TRIES = 100 };

static const char *const FOLDERS[] = {"data", "logs"};
enum { FOLDER_COUNT = 2 };

struct dir_store {
    struct li_store base;
    int folder[FOLDER_COUNT]; /* open folders: data, logs */
    char writer[LI_TOKEN_CHARS +
                1]; /* names our temporary files apart from other writers': process ids repeat */
    _Atomic unsigned long next_temporary;
};

/* Where an object lies: an open folder, and "{session}/profile.json" in it. */
struct place {
    int folder;
    char session[LI_SESSION_MAX + 1];
    char path[LI_KEY_MAX];
};

static struct place place_of(const struct dir_store *store, struct li_text session, enum li_object object) {
    struct place place;
    char key[LI_KEY_MAX];
    li_store_key(session, object, key);
    const char *slash = strchr(key, '/');
    place.folder = store->folder[strncmp(key, "logs/", 5) == 0 ? 1 : 0];
    memcpy(place.path, slash + 1, strlen(slash + 1) + 1);
    memcpy(place.session, session.data, session.size);
    place.session[session.size] = '\0';
    return place;
}

static int64_t modified_ms(const struct stat *info) {
    return (int64_t)info->st_mtim.tv_sec * 1000 + info->st_mtim.tv_nsec / 1000000;
}

static struct li_store_version version_of(const struct stat *info) {
    uint64_t facts[] = {(uint64_t)info->st_ino, (uint64_t)info->st_size, (uint64_t)info->st_mtim.tv_sec,
                        (uint64_t)info->st_mtim.tv_nsec};
    return (struct li_store_version){modified_ms(info),
                                     li_text_hash((struct li_text){(const char *)facts, sizeof facts})};
}

static bool too_old(const struct li_store *store, const struct stat *info) {
    return modified_ms(info) + store->ttl_ms <= li_clock_now_ms(&store->clock);
}

static enum li_status absent(struct li_error *err) {
    return li_fail(err, LI_NOT_FOUND, "this session has no such data, or it is older than its time to live");
}

/* ---- writing ---- */

static bool write_all(int file, struct li_text bytes) {
    while (bytes.size) {
        ssize_t written = write(file, bytes.data, bytes.size);
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return false;
        }
        bytes.data += written;
        bytes.size -= (size_t)written;
    }
    return true;
}

/* Opens a new temporary file in the session's folder, making the folder when it is not there (and again when
 * a sweeper took it away in between). */
static int open_temporary(struct dir_store *store, const struct place *place, char *path, size_t size) {
    unsigned long number = atomic_fetch_add(&store->next_temporary, 1);
    snprintf(path, size, "%s/.tmp-%s-%lu", place->session, store->writer, number);
    for (int i = 0; i < MKDIR_TRIES; i++) {
        int file = openat(place->folder, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file >= 0 || errno != ENOENT)
            return file;
        if (mkdirat(place->folder, place->session, 0700) == 0) {
            if (fsync(place->folder) != 0)
                return -1;
        } else if (errno != EEXIST) {
            return -1;
        }
    }
    errno = ENOENT;
    return -1;
}

static int sync_folder(const struct place *place) {
    int folder = openat(place->folder, place->session, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0)
        return -1;
    int failed = fsync(folder);
    int why = errno;
    close(folder);
    errno = why;
    return failed;
}

static enum li_status write_failed(int errnum, const struct place *place, struct li_error *err) {
    struct stat info;
    if (errnum == ENOENT && fstat(place->folder, &info) == 0 && info.st_nlink == 0)
        return li_fail(err, LI_IO, "the data folder was removed; start the server anew");
    if (errnum == ENOENT) /* the session's folder went away under us, however often it was made */
        return li_fail(err, LI_IO, "the session was erased while it was being written; start again");
    return li_fail_errno(err, errnum, "cannot write to the data folder");
}

static enum li_status dir_put(struct li_store *base, struct li_text session, enum li_object object,
                              struct li_text bytes, struct li_error *err) {
    struct dir_store *store = (struct dir_store *)base;
    struct place place = place_of(store, session, object);
    char temporary[LI_KEY_MAX];
    int64_t now_ms = li_clock_now_ms(&base->clock);
    struct timespec times[2] = {{now_ms / 1000, now_ms % 1000 * 1000000},
                                {now_ms / 1000, now_ms % 1000 * 1000000}};
    enum li_status status = LI_OK;

    int file = open_temporary(store, &place, temporary, sizeof temporary);
    if (file < 0)
        return write_failed(errno, &place, err);
    if (!write_all(file, bytes) || (base->clock.fixed_ms && futimens(file, times) != 0) || fsync(file) != 0)
        status = write_failed(errno, &place, err);
    close(file);
    if (!status && renameat(place.folder, temporary, place.folder, place.path) != 0)
        status = write_failed(errno, &place, err);
    if (status) {
        unlinkat(place.folder, temporary, 0);
        return status;
    }
    if (sync_folder(&place) != 0 && errno != ENOENT)
        return li_fail_errno(err, errno, "cannot sync the data folder");
    return LI_OK;
}

/* ---- reading ---- */

static enum li_status foreign(struct li_error *err) {
    return li_fail(err, LI_CORRUPT, "a stored object is none of ours; erase the session and start again");
}

/* Why an object could not be opened: not there, a link, socket or folder in its place, or the system. */
static enum li_status unreadable(int errnum, struct li_error *err) {
    if (errnum == ENOENT)
        return absent(err);
    if (errnum == ELOOP || errnum == ENXIO || errnum == ENOTDIR)
        return foreign(err);
    return li_fail_errno(err, errnum, "cannot read the data folder");
}

static enum li_status dir_stat(struct li_store *base, struct li_text session, enum li_object object,
                               struct li_store_version *version, struct li_error *err) {
    struct place place = place_of((struct dir_store *)base, session, object);
    struct stat info;
    if (fstatat(place.folder, place.path, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return unreadable(errno, err);
    if (!S_ISREG(info.st_mode) || too_old(base, &info))
        return absent(err);
    *version = version_of(&info);
    return LI_OK;
}

static enum li_status read_all(int file, char *bytes, size_t size, struct li_error *err) {
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(file, bytes + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return li_fail_errno(err, errno, "cannot read the data folder");
        if (got == 0)
            return li_fail(err, LI_CORRUPT,
                           "a stored object is shorter than it should be; start the session again");
        have += (size_t)got;
    }
    return LI_OK;
}

static enum li_status dir_get(struct li_store *base, struct li_text session, enum li_object object,
                              struct li_arena *arena, struct li_text *bytes, struct li_store_version *version,
                              struct li_error *err) {
    struct place place = place_of((struct dir_store *)base, session, object);
    struct stat info;
    char *data = NULL;
    enum li_status status = LI_OK;
    int file = openat(place.folder, place.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return unreadable(errno, err);
    if (fstat(file, &info) != 0)
        status = li_fail_errno(err, errno, "cannot read the data folder");
    else if (!S_ISREG(info.st_mode) || info.st_size > LI_OBJECT_BYTES_MAX)
        status = foreign(err);
    else if (too_old(base, &info))
        status = absent(err);
    if (!status && !(data = li_arena_try(arena, (size_t)info.st_size + 1, 1)))
        status = li_fail(err, LI_NO_MEMORY, "no memory to read a stored object");
    if (!status)
        status = read_all(file, data, (size_t)info.st_size, err);
    close(file);
    if (status)
        return status;
    *bytes = (struct li_text){data, (size_t)info.st_size};
    *version = version_of(&info);
    return LI_OK;
}

/* ---- erasing ---- */

static enum li_status dir_remove(struct li_store *base, struct li_text session, enum li_object object,
                                 struct li_error *err) {
    struct place place = place_of((struct dir_store *)base, session, object);
    if (unlinkat(place.folder, place.path, 0) != 0 && errno != ENOENT)
        return li_fail_errno(err, errno, "cannot remove from the data folder");
    return LI_OK;
}

/* Which things in a session's folder to remove. A folder in there is none of ours: an empty one goes with the
 * rest, a full one is said. */
struct broom {
    struct li_store *store;
    bool everything; /* or only what is too old */
    size_t removed;
    bool left;  /* the session's folder still holds something */
    int failed; /* errno of what could not be removed or dated, 0 = none */
};

static bool wants(const struct broom *broom, const char *name, const struct stat *info) {
    if (broom->everything)
        return true;
    if (strncmp(name, ".tmp-", 5) == 0)
        return modified_ms(info) + LEFTOVER_MS <= li_clock_now_ms(NULL);
    return too_old(broom->store, info);
}

/* What was written while the clock ran ahead would be kept too long: it is dated now. */
static void date_back(struct broom *broom, int folder, const char *name, const struct stat *info) {
    int64_t now_ms = li_clock_now_ms(&broom->store->clock);
    if (modified_ms(info) <= now_ms + CLOCK_SLACK_MS)
        return;
    struct timespec now = {.tv_sec = now_ms / 1000, .tv_nsec = now_ms % 1000 * 1000000};
    if (utimensat(folder, name, (struct timespec[]){now, now}, AT_SYMLINK_NOFOLLOW) != 0 && errno != ENOENT)
        broom->failed = errno;
}

static void sweep_session(struct broom *broom, int folder, const char *session) {
    int inner = openat(folder, session, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *list = inner < 0 ? NULL : fdopendir(inner);
    if (!list) {
        if (inner >= 0)
            close(inner);
        else if (errno != ENOENT)
            broom->failed = errno;
        return;
    }
    for (struct dirent *entry; (entry = readdir(list));) {
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (fstatat(inner, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (!wants(broom, entry->d_name, &info)) {
            date_back(broom, inner, entry->d_name, &info);
            continue;
        }
        if (unlinkat(inner, entry->d_name, S_ISDIR(info.st_mode) ? AT_REMOVEDIR : 0) == 0)
            broom->removed += strncmp(entry->d_name, ".tmp-", 5) != 0;
        else if (errno != ENOENT)
            broom->failed = errno;
    }
    closedir(list);
    broom->left = unlinkat(folder, session, AT_REMOVEDIR) != 0 && errno != ENOENT;
    if (broom->left && errno != ENOTEMPTY && errno != EEXIST)
        broom->failed = errno;
}

static enum li_status dir_erase(struct li_store *base, struct li_text session, struct li_error *err) {
    struct dir_store *store = (struct dir_store *)base;
    struct broom broom = {.store = base, .everything = true};
    char name[LI_SESSION_MAX + 1];
    snprintf(name, sizeof name, "%.*s", LI_TEXT_ARG(session));
    /* A stage may write behind the sweep while its input is still there: only an empty folder is erased. */
    for (int i = 0; i < FOLDER_COUNT; i++) {
        int tries = ERASE_TRIES;
        do {
            broom.left = false;
            sweep_session(&broom, store->folder[i], name);
        } while (broom.left && !broom.failed && --tries > 0);
        if (broom.left && !broom.failed)
            broom.failed = EBUSY;
    }
    return broom.failed ? li_fail_errno(err, broom.failed, "cannot erase the session") : LI_OK;
}

static enum li_status dir_sweep(struct li_store *base, size_t *removed, struct li_error *err) {
    struct dir_store *store = (struct dir_store *)base;
    struct broom broom = {.store = base};
    for (int i = 0; i < FOLDER_COUNT; i++) {
        int copy = openat(store->folder[i], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *list = copy < 0 ? NULL : fdopendir(copy);
        if (!list) {
            int why = errno;
            if (copy >= 0)
                close(copy);
            return li_fail_errno(err, why, "cannot list the data folder");
        }
        for (struct dirent *entry; (entry = readdir(list));)
            if (li_session_valid(li_text_of(entry->d_name)))
                sweep_session(&broom, store->folder[i], entry->d_name);
        closedir(list);
    }
    if (broom.failed)
        return li_fail_errno(err, broom.failed, "cannot remove old data");
    *removed = broom.removed;
    return LI_OK;
}

/* ---- opening ---- */

static void dir_free(struct li_store *base) {
    struct dir_store *store = (struct dir_store *)base;
    for (int i = 0; i < FOLDER_COUNT; i++)
        if (store->folder[i] >= 0)
            close(store->folder[i]);
    free(store);
}

static const struct li_store_ops DIR_OPS = {
    .name = "dir",
    .quick = true,
    .put = dir_put,
    .get = dir_get,
    .stat = dir_stat,
    .remove = dir_remove,
    .erase = dir_erase,
    .sweep = dir_sweep,
    .free = dir_free,
};

/* Makes a folder and those above it. */
static int make_folders(const char *path) {
    char part[4096];
    size_t length = strlen(path);
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return -1;
    }
    return 0;
}

enum li_status li_store_open_dir(const char *path, const struct li_store_options *options,
                                 struct li_store **out, struct li_error *err) {
    if (!path || !*path || options->ttl_ms <= 0)
        return li_fail(err, LI_INVALID, "a store needs a folder and a time to live above 0");
    if (make_folders(path) != 0)
        return li_fail_errno(err, errno, "cannot make the data folder %s", path);
    struct dir_store *store = calloc(1, sizeof *store);
    if (!store)
        return li_fail(err, LI_NO_MEMORY, "no memory for a store");
    store->base = (struct li_store){&DIR_OPS, options->clock, options->ttl_ms};
    li_random_token(store->writer);
    store->folder[0] = store->folder[1] = -1;
    for (int i = 0; i < FOLDER_COUNT; i++) {
        char folder[4200];
        snprintf(folder, sizeof folder, "%s/%s", path, FOLDERS[i]);
        if (mkdir(folder, 0700) == 0 || errno == EEXIST)
            store->folder[i] = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (store->folder[i] < 0 || faccessat(store->folder[i], ".", W_OK | X_OK, AT_EACCESS) != 0) {
            enum li_status status = li_fail_errno(err, errno, "the data folder %s cannot be used", folder);
            dir_free(&store->base);
            return status;
        }
    }
    *out = &store->base;
    return LI_OK;
}
