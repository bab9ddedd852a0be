#include "cli/confine.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sandbox/sandbox.h"

enum { PATHS_MAX = 40 };

/* A list of paths, NULL-terminated. */
struct paths {
    const char *items[PATHS_MAX];
    size_t count;
    struct li_arena arena;
};

static bool is_off(const struct li_confine_settings *settings) {
    return settings->none || (settings->sandbox && strcmp(settings->sandbox, "off") == 0);
}

static bool uses_network(const struct li_store_settings *store, const struct li_source_settings *source) {
    return store->bucket || li_source_is_live(source);
}

static void add(struct paths *paths, const char *path) {
    if (path && *path && paths->count < PATHS_MAX - 1)
        paths->items[paths->count++] = path;
}

static const char *folder_of(struct paths *paths, const char *file) {
    const char *slash = strrchr(file, '/');
    if (!slash)
        return ".";
    return li_arena_printf(&paths->arena, "%.*s", (int)(slash == file ? 1 : slash - file), file).data;
}

/* The folder of a file, not the file alone: who replaces a file makes another of its name. */
static void add_folder_of(struct paths *paths, const char *file) {
    char real[PATH_MAX];
    if (!file || !*file)
        return;
    add(paths, folder_of(paths, file));
    if (realpath(file, real))
        add(paths, folder_of(paths, real));
}

/* What asking others reads: libraries that are loaded when they are first needed, who is who, whom to trust.
 * Whole folders, as a resolver's file is replaced whenever the machine joins another network. */
static void add_network(struct paths *paths) {
    static const char *const PLACES[] = {"/lib",
                                         "/lib64",
                                         "/usr/lib",
                                         "/usr/lib64",
                                         "/usr/local/lib",
                                         "/opt/lib",
                                         "/var/task/lib",
                                         "/etc",
                                         "/usr/share/ca-certificates",
                                         "/usr/local/share/ca-certificates",
                                         "/usr/share/p11-kit",
                                         "/run/systemd/resolve",
                                         "/run/resolvconf",
                                         "/run/NetworkManager",
                                         "/run/connman"};
    static const char *const FILES[] = {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"};
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        add(paths, PLACES[i]);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
        add_folder_of(paths, getenv(FILES[i]));
    add(paths, getenv("SSL_CERT_DIR"));
}

enum li_status li_confine_decoders(const struct li_confine_settings *settings, struct li_decoders **out,
                                   struct li_error *err) {
    if (settings->sandbox && strcmp(settings->sandbox, "on") != 0 && strcmp(settings->sandbox, "off") != 0)
        return li_fail(err, LI_INVALID, "--sandbox is on or off, not \"%.40s\"", settings->sandbox);
    if (is_off(settings))
        return LI_OK;
    return li_decoders_new(&(struct li_decoders_options){.limit_ms = settings->decode_limit_ms}, out, err);
}

enum li_status li_confine_files(const struct li_confine_settings *settings,
                                const struct li_store_settings *store,
                                const struct li_source_settings *source, struct li_confined *out,
                                struct li_error *err) {
    struct paths read = {0}, write = {0};
    struct li_sandbox_facts facts;
    struct li_error why = {0};
    *out = (struct li_confined){.files = "off", .calls = "off"};
    if (is_off(settings))
        return LI_OK;
    add(&read, "/proc"); /* our own counts for /metrics; those of others stay closed to us */
    add(&read, "/sys/devices/system/cpu"); /* how many there are */
    add_folder_of(&read, source->catalog);
    if (uses_network(store, source))
        add_network(&read);
    if (!store->bucket)
        add(&write, store->data ? store->data : "listening-data");
    add_folder_of(&write, source->cache);
    const struct li_sandbox_rules rules = {read.items, write.items, uses_network(store, source)};
    enum li_status status = li_sandbox_files(&rules, &why);
    li_sandbox_probe(&facts);
    out->whole = !status;
    if (status)
        snprintf(out->files, sizeof out->files, "off: %.90s", why.message);
    else
        snprintf(out->files, sizeof out->files, "Landlock %d", facts.landlock);
    li_arena_release(&read.arena);
    li_arena_release(&write.arena);
    if (status == LI_UNSUPPORTED)
        return LI_OK;
    if (status)
        *err = why;
    return status;
}

enum li_status li_confine_calls(const struct li_confine_settings *settings,
                                const struct li_store_settings *store,
                                const struct li_source_settings *source, struct li_confined *out,
                                struct li_error *err) {
    struct li_log_line line;
    struct li_error why = {0};
    enum li_status status = is_off(settings) ? LI_OK : li_sandbox_calls(uses_network(store, source), &why);
    if (status && status != LI_UNSUPPORTED) {
        *err = why;
        return status;
    }
    out->whole = out->whole && !status;
    if (status)
        snprintf(out->calls, sizeof out->calls, "off: %.90s", why.message);
    else if (!is_off(settings))
        snprintf(out->calls, sizeof out->calls, "seccomp");
    li_log_begin(&line, out->whole ? LI_LOG_INFO : LI_LOG_WARNING, "sandbox");
    li_log_text(&line, "files", li_text_of(out->files));
    li_log_text(&line, "calls", li_text_of(out->calls));
    li_log_end(&line);
    return LI_OK;
}
