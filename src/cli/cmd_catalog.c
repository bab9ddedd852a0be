#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static enum li_status info(const char *path, bool json, struct li_error *err) {
    struct li_catalog *catalog = NULL;
    struct li_catalog_info facts;
    enum li_status status = li_cli_open_catalog(path, &catalog, err);
    if (status)
        return status;
    li_catalog_get_info(catalog, &facts);
    if (json) {
        json_t *document = json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:i}", "catalog", path ? path : "built-in",
                                     "version", facts.version, "artists", (json_int_t)facts.artists,
                                     "aliases", (json_int_t)facts.aliases, "tracks", (json_int_t)facts.tracks,
                                     "genre_tags", (json_int_t)facts.genre_tags, "bytes",
                                     (json_int_t)facts.bytes, "schema", LI_CATALOG_SCHEMA);
        li_cli_print_json(document);
        json_decref(document);
    } else {
        printf(
            "catalogue   %s\nversion     %s (schema %d)\nartists     %zu\naliases     %zu\ntracks      %zu\n"
            "genre tags  %zu\nsize        %.1f MB\n",
            path ? path : "built-in", facts.version, LI_CATALOG_SCHEMA, facts.artists, facts.aliases,
            facts.tracks, facts.genre_tags, (double)facts.bytes / 1e6);
    }
    li_catalog_free(catalog);
    return LI_OK;
}

int li_cmd_catalog(int argc, char **argv) {
    const char *path = NULL, **words = calloc((size_t)argc + 1, sizeof *words);
    bool json = false, help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"catalog", LI_OPTION_TEXT, &path, "LISTENING_CATALOG", "FILE",
         "another catalogue than the built-in one"},
        {"json", LI_OPTION_FLAG, &json, "LISTENING_JSON", NULL, "one JSON document instead of lines"},
        {0},
    };
    struct li_error err = {0};
    if (!words)
        return LI_EXIT_FAILED;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && help) {
        puts("listening catalog info            - what the catalogue holds\n"
             "listening catalog build DIR FILE  - packs the tables of a folder (artists.tsv, genres.tsv,\n"
             "                                    genre_aliases.tsv, emotions.tsv) into one SQLite file\n");
        li_options_print(options);
    } else if (!status && count == 1 && strcmp(words[0], "info") == 0) {
        status = info(path, json, &err);
    } else if (!status && count == 3 && strcmp(words[0], "build") == 0) {
        status = li_catalog_build(words[1], words[2], &err);
        if (!status)
            status = info(words[2], json, &err);
    } else if (!status) {
        status =
            li_fail(&err, LI_INVALID, "say `catalog info` or `catalog build DIR FILE`; --help says more");
    }
    free(words);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
