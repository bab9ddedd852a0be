/* find_files.c - the sound files in folders, in an order that does not change. */
#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli/files.h"

enum { DEPTH_MAX = 100 };

static const char NO_FOLDER[] = "this folder cannot be opened",
                  TOO_DEEP[] = "folders are nested too deeply here";

struct search {
    struct li_file_list *list;
    void *seen; /* tree of struct place: folders that were looked into */
};

struct place {
    dev_t device;
    ino_t number;
};

static int compare_places(const void *a, const void *b) {
    const struct place *x = a, *y = b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Whether this folder was not looked into before. True when memory is out: DEPTH_MAX holds then. */
static bool is_new(struct search *search, const struct stat *facts) {
    struct place *place = malloc(sizeof *place);
    if (!place)
        return true;
    *place = (struct place){facts->st_dev, facts->st_ino};
    struct place **found = tsearch(place, &search->seen, compare_places);
    bool new = found &&*found == place;
    if (!new)
        free(place);
    return new || !found;
}

static bool sounds(const char *name) {
    static const char *const ENDINGS[] = {"mp3", "mp2",  "mp1", "mpga", "flac", "ogg",  "oga",  "opus",
                                          "wav", "wave", "w64", "rf64", "aif",  "aiff", "aifc", "au",
                                          "snd", "caf",  "m4a", "m4b",  "aac",  "mp4",  "wma",  "asf",
                                          "wv",  "ape",  "mpc", "tta",  "dsf",  "mka",  "webm", "weba"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        if (strcasecmp(dot + 1, ENDINGS[i]) == 0)
            return true;
    return false;
}

/* Takes path over. */
static enum li_status add(struct li_file_list *list, char *path, const char *problem, struct li_error *err) {
    if (path && list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 256;
        struct li_found_file *grown = reallocarray(list->files, capacity, sizeof *grown);
        if (grown) {
            list->files = grown;
            list->capacity = capacity;
        }
    }
    if (!path || list->count == list->capacity) {
        free(path);
        return li_fail(err, LI_NO_MEMORY, "no memory for the list of %zu files", list->count);
    }
    list->files[list->count++] = (struct li_found_file){path, problem};
    return LI_OK;
}

static char *join(const char *folder, const char *name) {
    size_t a = strlen(folder), b = strlen(name), slash = a && folder[a - 1] != '/';
    char *path = malloc(a + slash + b + 1);
    if (!path)
        return NULL;
    memcpy(path, folder, a);
    if (slash)
        path[a] = '/';
    memcpy(path + a + slash, name, b + 1);
    return path;
}

static int is_shown(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum li_status look_into(struct search *search, const char *folder, int depth, struct li_error *err);

/* One entry of a folder; path is taken over. */
static enum li_status look_at(struct search *search, char *path, int depth, struct li_error *err) {
    struct stat facts;
    if (path && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        enum li_status status = is_new(search, &facts) ? look_into(search, path, depth + 1, err) : LI_OK;
        free(path);
        return status;
    }
    if (path && !sounds(path)) {
        search->list->passed_over++;
        free(path);
        return LI_OK;
    }
    return add(search->list, path, NULL, err);
}

static enum li_status look_into(struct search *search, const char *folder, int depth, struct li_error *err) {
    struct dirent **entries = NULL;
    if (depth > DEPTH_MAX)
        return add(search->list, strdup(folder), TOO_DEEP, err);
    int count = scandir(folder, &entries, is_shown, by_bytes);
    if (count < 0)
        return add(search->list, strdup(folder), NO_FOLDER, err);
    enum li_status status = LI_OK;
    for (int i = 0; i < count; i++) {
        if (!status)
            status = look_at(search, join(folder, entries[i]->d_name), depth, err);
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum li_status li_files_find(const char *const *words, size_t count, struct li_file_list *list,
                             struct li_error *err) {
    struct search search = {list, NULL};
    enum li_status status = LI_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct stat facts;
        if (stat(words[i], &facts) != 0 || !S_ISDIR(facts.st_mode))
            status = add(list, strdup(words[i]), NULL, err);
        else if (is_new(&search, &facts))
            status = look_into(&search, words[i], 0, err);
    }
    tdestroy(search.seen, free);
    return status;
}

void li_files_free(struct li_file_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->files[i].path);
    free(list->files);
    *list = (struct li_file_list){0};
}
