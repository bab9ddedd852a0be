/* cmd_doctor.c - tries each part once and says what works. */
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "cli/cli.h"
#include "cli/source_options.h"
#include "cli/store_options.h"
#include "sandbox/sandbox.h"

enum { TTL_MS = 10 * 60 * 1000 }; /* more than two clocks differ by */

static bool report(const char *what, enum li_status status, const struct li_error *err, const char *good) {
    printf("%-4s %-12s %s\n", status ? "FAIL" : "ok", what, status ? err->message : good);
    return status == LI_OK;
}

static enum li_status try_store(const struct li_store_settings *settings, struct li_error *err) {
    struct li_store *store = NULL;
    struct li_arena arena = {0};
    struct li_text bytes;
    char id[LI_TOKEN_CHARS + 1];
    li_random_token(id);
    struct li_text session = li_text_of(id);
    enum li_status status = li_cli_open_store(settings, TTL_MS, &store, err);
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
        status = li_source_search(source, li_catalog_at(catalog, 0, &arena)->name, 1, &arena, &artists,
                                  &count, err);
    if (!status && count == 0)
        status = li_fail(err, LI_CORRUPT, "the catalogue opens but its own first artist is not found in it");
    li_arena_release(&arena);
    li_source_free(source);
    li_catalog_free(catalog);
    return status;
}

static void report_provider(void *context, const char *provider, bool works, const char *sentence) {
    (void)context;
    printf("%-4s %-12s %s\n", works ? "ok" : "FAIL", provider, sentence);
    fflush(stdout);
}

/* Asks each provider once. */
static bool try_providers(const struct li_source_settings *settings) {
    struct li_catalog *catalog = NULL;
    struct li_source *source = NULL;
    struct li_error err = {0};
    enum li_status status = li_cli_open_source(settings, NULL, &catalog, &source, &err);
    bool well = !status && li_live_try(source, report_provider, NULL);
    if (status)
        report("source", status, &err, "");
    li_source_free(source);
    li_catalog_free(catalog);
    return well;
}

/* What `listening serve` can give up here; that it cannot is no failure. */
static void report_sandbox(void) {
    struct li_sandbox_facts facts;
    char files[32] = "no Landlock";
    li_sandbox_probe(&facts);
    if (facts.landlock)
        snprintf(files, sizeof files, "Landlock %d", facts.landlock);
    if (!facts.built_in)
        printf("-    %-12s built with a sanitizer: serve gives up nothing\n", "sandbox");
    else
        printf("%-4s %-12s serve gives up files (%s) and system calls (%s)\n",
               facts.landlock && facts.seccomp ? "ok" : "-", "sandbox", files,
               facts.seccomp ? "seccomp" : "no seccomp");
}

int li_cmd_doctor(int argc, char **argv) {
    struct li_store_settings settings = {0};
    struct li_source_settings source = {0};
    bool help = false;
    const struct li_option options[] = {
        LI_STORE_OPTIONS(settings),
        LI_SOURCE_OPTIONS(source),
        {0},
    };
    struct li_error err = {0};
    enum li_status status = li_options_read_alone(options, "doctor", argc, argv, &help, &err);
    if (status)
        return li_cli_fail(&err);
    if (help) {
        puts("listening doctor - tries each source and store once and says what works.\n\n"
             "  listening doctor --source deezer\n");
        li_options_print(options);
        return LI_EXIT_DONE;
    }
    bool well =
        report("catalog", try_catalog(source.catalog, &err), &err, "opens, and finds its own artists");
    well =
        report("store", try_store(&settings, &err), &err, "an object was written, read and erased") && well;
    report_sandbox();
    if (li_source_is_live(&source))
        well = try_providers(&source) && well;
    return well ? LI_EXIT_DONE : LI_EXIT_FAILED;
}
