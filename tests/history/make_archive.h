/* make_archive.h - archives made by Python, as people's tools make them, for tests. */
#ifndef LI_TESTS_HISTORY_MAKE_ARCHIVE_H
#define LI_TESTS_HISTORY_MAKE_ARCHIVE_H

#include <sys/wait.h>

#include "folder.h"
#include "history_check.h"

#define ROW                                                                                                  \
    "{\"endTime\":\"2023-04-12 13:47\",\"artistName\":\"Nova\",\"trackName\":\"Tide\",\"msPlayed\":90000}"

/* Beginnings of scripts: a row, an export of ours, and an archive whose sizes stand behind the entries, as of
 * what writes into a pipe. */
static const char PRELUDE[] = "import io, os, sys, zipfile\n"
                              "row = b'" ROW "'\n"
                              "export = open(sys.argv[2] + '/spotify_extended.zip', 'rb').read()\n"
                              "class Pipe(io.RawIOBase):\n"
                              "    def __init__(self, path):\n"
                              "        self.file = open(path, 'wb')\n"
                              "    def writable(self):\n"
                              "        return True\n"
                              "    def write(self, data):\n"
                              "        return self.file.write(data)\n"
                              "    def close(self):\n"
                              "        self.file.close()\n"
                              "archive = zipfile.ZipFile(Pipe(sys.argv[1]), 'w', zipfile.ZIP_DEFLATED)\n";

/* Runs a script that makes an archive at this path. */
static inline void make_archive(const struct folder *folder, const char *script, const char *path) {
    char name[512], exports[512];
    folder_path(folder, "make.py", name);
    export_path("", exports, sizeof exports);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fprintf(file, "%s%s\narchive.close()\narchive.fp and archive.fp.close()\n", PRELUDE, script);
    fclose(file);
    pid_t child = fork();
    if (child == 0) {
        execl("/usr/bin/python3", "python3", name, path, exports, (char *)NULL);
        _exit(127);
    }
    int result = -1;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
}

#endif
