/* cmd_catalog.c - what a catalogue holds; making one of tables, of datasets; writing one out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog_import.h"
#include "cli/cli.h"
#include "dataset/dataset.h"

static enum li_status info(const char *path, bool verify, bool json, struct li_error *err) {
    struct li_catalog *catalog = NULL;
    struct li_catalog_info facts;
    enum li_status status = li_cli_open_catalog(path, &catalog, err);
    if (!status && verify)
        status = li_catalog_verify(catalog, err);
    if (status) {
        li_catalog_free(catalog);
        return status;
    }
    li_catalog_get_info(catalog, &facts);
    if (json) {
        json_t *document = json_pack(
            "{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:i}", "catalog", path ? path : "built-in", "version",
            facts.version, "artists", (json_int_t)facts.artists, "aliases", (json_int_t)facts.aliases,
            "tracks", (json_int_t)facts.tracks, "featured", (json_int_t)facts.featured, "genre_tags",
            (json_int_t)facts.genre_tags, "bytes", (json_int_t)facts.bytes, "index_bytes",
            (json_int_t)facts.index_bytes, "schema", LI_CATALOG_SCHEMA);
        li_cli_print_json(document);
        json_decref(document);
    } else {
        printf("catalogue   %s\nversion     %s (schema %d)\nartists     %zu\naliases     %zu\n"
               "tracks      %zu (%zu with features)\ngenre tags  %zu\nsize        ",
               path ? path : "built-in", facts.version, LI_CATALOG_SCHEMA, facts.artists, facts.aliases,
               facts.tracks, facts.featured, facts.genre_tags);
        li_cli_print_size(facts.bytes);
        fputs(" (", stdout);
        li_cli_print_size(facts.index_bytes);
        puts(" of it for searching)");
        if (verify)
            puts("undamaged   every checksum is right");
    }
    li_catalog_free(catalog);
    return LI_OK;
}

static enum li_status write_lines(const char *path, struct li_error *err) {
    struct li_catalog *catalog = NULL;
    enum li_status status = li_cli_open_catalog(path, &catalog, err);
    if (!status)
        status = li_dataset_export(catalog, stdout, err);
    if (!status && fflush(stdout) != 0)
        status = li_fail(err, LI_IO, "the catalogue could not be written out whole");
    li_catalog_free(catalog);
    return status;
}

static void print_help(const struct li_option *options) {
    puts("listening catalog info            - what the catalogue holds; --verify reads all of it\n"
         "listening catalog import FILE...  - makes a catalogue of datasets, or adds them to one\n"
         "listening catalog export [FILE]   - writes a catalogue as JSON lines, which import reads\n"
         "listening catalog build DIR FILE  - packs artists.tsv of a folder into a catalogue\n\n"
         "  listening catalog import -o my.catalog dataset.csv\n"
         "  listening catalog import -o my.catalog artist.tar.xz recording.tar.xz highlevel.tar.zst\n"
         "  listening catalog import -o my.catalog --map artist=band --map title=piece odd.csv\n"
         "  listening search --catalog my.catalog \"daft pu\"\n\n"
         "import reads tables (CSV, TSV, semicolons) and JSON (lines or an array) of tracks or artists with "
         "columns\n"
         "like Spotify's, dumps of MusicBrainz and AcousticBrainz, and what `listening analyze` writes; "
         "plain, gzip,\n"
         "bzip2, xz, zstd, tar or zip. It begins with the catalogue that is there already, else with the "
         "built-in\n"
         "one. Stopped with Ctrl-C, or killed, it goes on where it was when the same command is given again; "
         "the\n"
         "old catalogue stands until the new one is whole. Columns are known by these names, whatever their "
         "case:\n");
    li_catalog_import_print_fields();
    putchar('\n');
    li_options_print(options);
}

struct settings {
    struct li_catalog_import_settings import;
    const char *output;
    bool verify;
};

static enum li_status import(struct settings *settings, const char **files, size_t count,
                             struct li_error *err) {
    settings->import.target = settings->output ? settings->output : settings->import.catalog;
    if (!settings->import.target)
        return li_fail(err, LI_INVALID,
                       "say which catalogue to write: listening catalog import -o my.catalog dataset.csv");
    if (count == 0)
        return li_fail(err, LI_INVALID,
                       "name the files to import: listening catalog import -o my.catalog dataset.csv");
    return li_catalog_import(&settings->import, files, count, err);
}

static enum li_status run(struct settings *settings, const char **words, size_t count, struct li_error *err) {
    const char *path = settings->import.catalog;
    if (count == 1 && strcmp(words[0], "info") == 0)
        return info(path, settings->verify, settings->import.json, err);
    if (count >= 1 && strcmp(words[0], "import") == 0)
        return import(settings, words + 1, count - 1, err);
    if ((count == 1 || count == 2) && strcmp(words[0], "export") == 0)
        return write_lines(count == 2 ? words[1] : path, err);
    if (count == 3 && strcmp(words[0], "build") == 0) {
        enum li_status status = li_catalog_build(words[1], words[2], err);
        return status ? status : info(words[2], false, settings->import.json, err);
    }
    return li_fail(
        err, LI_INVALID,
        "say `catalog info`, `catalog import FILE...`, `catalog export` or `catalog build DIR FILE`; "
        "--help says more");
}

int li_cmd_catalog(int argc, char **argv) {
    static char output[] = "--output";
    struct settings settings = {.verify = false};
    const char **words = calloc((size_t)argc + 1, sizeof *words);
    bool help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"catalog", LI_OPTION_TEXT, &settings.import.catalog, "LISTENING_CATALOG", "FILE",
         "another catalogue than the built-in one"},
        {"output", LI_OPTION_TEXT, &settings.output, NULL, "FILE",
         "import: the catalogue to write, short -o (that of --catalog)"},
        {"map", LI_OPTION_LIST, &settings.import.maps, NULL, "FIELD=COLUMN",
         "import: take this column for that field; repeatable"},
        {"empty", LI_OPTION_FLAG, &settings.import.empty, NULL, NULL,
         "import: begin with nothing; what the file to write holds is lost"},
        {"fresh", LI_OPTION_FLAG, &settings.import.fresh, NULL, NULL,
         "import: begin anew, not where an import was stopped"},
        {"verify", LI_OPTION_FLAG, &settings.verify, NULL, NULL,
         "info: read the whole file, compare checksums"},
        {"json", LI_OPTION_FLAG, &settings.import.json, "LISTENING_JSON", NULL,
         "one JSON document instead of lines"},
        {0},
    };
    struct li_error err = {0};
    if (!words)
        return LI_EXIT_FAILED;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "-o") == 0)
            argv[i] = output;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && help)
        print_help(options);
    else if (!status)
        status = run(&settings, words, count, &err);
    free(words);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
