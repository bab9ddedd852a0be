/* replay.c - a target without libFuzzer: runs the inputs that are named, or those in the folders named. For
 * builds by gcc, as ./test --coverage makes one. */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "target.h"

static int run_file(const char *path) {
    struct stat facts;
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    int failed = 1;
    if (file && fstat(fileno(file), &facts) == 0 && (bytes = malloc((size_t)facts.st_size + 1))) {
        size_t size = fread(bytes, 1, (size_t)facts.st_size, file);
        failed = size != (size_t)facts.st_size || LLVMFuzzerTestOneInput(bytes, size) != 0;
    }
    if (failed)
        fprintf(stderr, "replay: %s cannot be read\n", path);
    free(bytes);
    if (file)
        fclose(file);
    return failed;
}

static int run_folder(DIR *folder, const char *path) {
    int failed = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        failed |= run_file(name);
    }
    return failed;
}

int main(int argc, char **argv) {
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        failed |= folder ? run_folder(folder, argv[i]) : run_file(argv[i]);
        if (folder)
            closedir(folder);
    }
    return failed;
}
