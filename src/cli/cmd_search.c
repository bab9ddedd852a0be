#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/source_options.h"

static void print_table(const json_t *document) {
    size_t i, g;
    json_t *artist, *genre;
    json_array_foreach(json_object_get(document, "artists"), i, artist) {
        li_cli_print_padded(json_string_value(json_object_get(artist, "name")), 30);
        printf(" %3d  ", (int)json_integer_value(json_object_get(artist, "popularity")));
        json_array_foreach(json_object_get(artist, "genres"), g, genre)
            printf("%s%s", g ? ", " : "", json_string_value(genre));
        printf("  [%s]\n", json_string_value(json_object_get(artist, "id")));
    }
}

int li_cmd_search(int argc, char **argv) {
    const char **words = calloc((size_t)argc + 1, sizeof *words);
    struct li_source_settings source = {0};
    double limit = LI_SOURCE_HITS_MAX;
    bool json = false, help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"limit", LI_OPTION_NUMBER, &limit, "LISTENING_LIMIT", "N", "artists at most, 1 to 10 (10)"},
        {"json", LI_OPTION_FLAG, &json, "LISTENING_JSON", NULL, "one JSON document instead of a table"},
        LI_SOURCE_OPTIONS(source),
        {0},
    };
    struct li_error err = {0};
    struct li_catalog *catalog = NULL;
    struct li_pipeline pipeline = {0};
    struct li_arena arena = {0};
    struct li_search_response response = {0};
    if (!words)
        return LI_EXIT_FAILED;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && help) {
        puts("listening search WORDS... - finds artists as you would type them: half a name, without "
             "accents,\n"
             "with a typing error, in their own script.\n\n"
             "  listening search beyonce\n  listening search --limit 3 daft pnk\n");
        li_options_print(options);
        goto done;
    }
    if (!status && (count == 0 || limit < 1 || limit > LI_SOURCE_HITS_MAX))
        status = li_fail(&err, LI_INVALID,
                         count ? "--limit is 1 to %d" : "say whom to look for: listening search daft punk",
                         LI_SOURCE_HITS_MAX);
    if (!status)
        status = li_cli_open_source(&source, NULL, &catalog, &pipeline.source, &err);
    if (!status) {
        struct li_text query = LI_TEXT("");
        for (size_t i = 0; i < count; i++)
            query = li_arena_printf(&arena, "%.*s%s%s", LI_TEXT_ARG(query), i ? " " : "", words[i]);
        status =
            li_pipeline_search(&pipeline, &(struct li_search_request){query, (size_t)limit}, &response, &err);
    }
    if (!status && json)
        li_cli_print_json(response.document);
    else if (!status && json_array_size(json_object_get(response.document, "artists")) == 0)
        puts("No artist by that name was found.");
    else if (!status)
        print_table(response.document);
done:
    json_decref(response.document);
    li_arena_release(&arena);
    li_source_free(pipeline.source);
    li_catalog_free(catalog);
    free(words);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
