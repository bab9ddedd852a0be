/* cmd_doctor.c - tries each part once and says what works. */
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "cli/cli.h"

static bool report(const char *what, enum li_status status, const struct li_error *err, const char *good) {
    printf("%-4s %-10s %s\n", status ? "FAIL" : "ok", what, status ? err->message : good);
    return status == LI_OK;
}

static enum li_status try_store(const char *path, struct li_error *err) {
    struct li_store *store = NULL;
    struct li_arena arena = {0};
    struct li_text bytes;
    char id[LI_TOKEN_CHARS + 1];
    li_random_token(id);
    struct li_text session = li_text_of(id);
    enum li_status status = li_store_open_dir(path, &(struct li_store_options){.ttl_ms = 60000}, &store, err);
    if (!status)
        status = li_store_put(store, session, LI_OBJECT_PROFILE, LI_TEXT("{}"), err);
    if (!status)
        status = li_store_get(store, session, LI_OBJECT_PROFILE, &arena, &bytes, NULL, err);
    if (!status)
        status = li_store_erase(store, session, err);
    li_arena_release(&arena);
    li_store_free(store);
    return status;
}

static enum li_status try_catalog(const char *path, struct li_error *err) {
    struct li_catalog *catalog = NULL;
    struct li_source *source = NULL;
    struct li_arena arena = {0};
    struct li_source_artist *artists;
    size_t count = 0;
    enum li_status status = li_cli_open_catalog(path, &catalog, err);
    if (!status)
        status = li_source_open_catalog(catalog, &source, err);
    if (!status)
        status = li_source_search(source, li_catalog_at(catalog, 0)->name, 1, &arena, &artists, &count, err);
    if (!status && count == 0)
        status = li_fail(err, LI_CORRUPT, "the catalogue opens but its own first artist is not found in it");
    li_arena_release(&arena);
    li_source_free(source);
    li_catalog_free(catalog);
    return status;
}

int li_cmd_doctor(int argc, char **argv) {
    const char *catalog_path = NULL, *data = "listening-data",
               **words = calloc((size_t)argc + 1, sizeof *words);
    bool help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"data", LI_OPTION_TEXT, &data, "LISTENING_DATA", "DIR",
         "folder of the session objects (listening-data)"},
        {"catalog", LI_OPTION_TEXT, &catalog_path, "LISTENING_CATALOG", "FILE",
         "another catalogue than the built-in one"},
        {0},
    };
    struct li_error err = {0};
    if (!words)
        return LI_EXIT_FAILED;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && !help && count)
        status = li_fail(&err, LI_INVALID, "doctor takes options only; --help lists them");
    free(words);
    if (status)
        return li_cli_fail(&err);
    if (help) {
        puts("listening doctor - tries each source and store once and says what works.\n");
        li_options_print(options);
        return LI_EXIT_DONE;
    }
    bool well = report("catalog", try_catalog(catalog_path, &err), &err, "opens, and finds its own artists");
    well = report("store", try_store(data, &err), &err, "an object was written, read and erased") && well;
    return well ? LI_EXIT_DONE : LI_EXIT_FAILED;
}
