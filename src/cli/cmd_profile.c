/* cmd_profile.c - the whole pipeline in one process: names in, profile out, nothing kept. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/random.h"
#include "cli/cli.h"

enum { BAR_WIDTH = 28, DAY_MS = 24 * 3600 * 1000 };

/* The artist meant by a word: an id, or the best hit of a search. Says so on standard error when the name is
 * another one. */
static enum li_status resolve(struct li_pipeline *pipeline, const char *word, struct li_arena *arena,
                              struct li_artist_choice *out, struct li_error *err) {
    struct li_source_artist artist, *hits = NULL;
    size_t count = 0;
    enum li_status status = li_source_find(pipeline->source, li_text_of(word), arena, &artist, NULL);
    if (status == LI_NOT_FOUND) {
        status = li_source_search(pipeline->source, li_text_of(word), 1, arena, &hits, &count, err);
        if (!status && count == 0)
            status = li_fail(err, LI_NOT_FOUND,
                             "no artist like \"%.60s\" is in the catalogue; `listening search` shows who is",
                             word);
        if (!status) {
            char typed[256], found[256];
            artist = hits[0];
            size_t a = li_text_fold(li_text_of(word), typed, sizeof typed);
            size_t b = li_text_fold(artist.name, found, sizeof found);
            if (!li_text_equal((struct li_text){typed, a}, (struct li_text){found, b}))
                fprintf(stderr, "listening: \"%s\" is taken for %.*s\n", word, LI_TEXT_ARG(artist.name));
        }
    }
    if (!status)
        *out = (struct li_artist_choice){.id = artist.id};
    return status;
}

static enum li_status make(struct li_pipeline *pipeline, const struct li_artist_choice *artists, size_t count,
                           enum li_lang lang, json_t **out, struct li_error *err) {
    char id[LI_TOKEN_CHARS + 1];
    li_random_token(id);
    struct li_text session = li_text_of(id);
    struct li_extract_response extracted = {0};
    struct li_transform_response transformed = {0};
    struct li_profile_response profiled = {0};
    enum li_status status =
        li_pipeline_extract(pipeline, &(struct li_extract_request){session, artists, count}, &extracted, err);
    if (!status)
        status = li_pipeline_transform(pipeline, &(struct li_transform_request){session}, &transformed, err);
    if (!status)
        status = li_pipeline_profile(pipeline, &(struct li_profile_request){session, lang}, &profiled, err);
    json_decref(extracted.document);
    json_decref(transformed.document);
    if (!status)
        *out = profiled.document;
    return status;
}

/* ---- for people ---- */

static void print_bar(double value, double full, const char *color, bool colored) {
    unsigned r = 0, g = 0, b = 0;
    int length = (int)lround(value / full * BAR_WIDTH);
    colored = colored && color && sscanf(color, "#%02x%02x%02x", &r, &g, &b) == 3;
    if (colored)
        printf("\033[38;2;%u;%u;%um", r, g, b);
    for (int i = 0; i < BAR_WIDTH; i++)
        fputs(i < length ? "█" : " ", stdout);
    if (colored)
        fputs("\033[0m", stdout);
}

static void print_list(const char *title, const json_t *list) {
    size_t i;
    json_t *item;
    printf("%s", title);
    json_array_foreach(list, i, item) printf("%s%s", i ? ", " : "", json_string_value(item));
    putchar('\n');
}

static void print_emotions(const json_t *profile, bool colored) {
    size_t i, b;
    json_t *emotion, *reason, *all = json_object_get(profile, "emotions");
    double full = li_json_get_number(json_array_get(all, 0), "score");
    json_array_foreach(all, i, emotion) {
        bool first = true;
        if (i == 5)
            break;
        fputs("  ", stdout);
        li_cli_print_padded(json_string_value(json_object_get(emotion, "label")), 18);
        print_bar(li_json_get_number(emotion, "score"), full,
                  json_string_value(json_object_get(emotion, "color")), colored);
        printf(" %4.1f %%  ", li_json_get_number(emotion, "score") * 100);
        json_array_foreach(json_object_get(emotion, "because"), b, reason) {
            const char *kind = json_string_value(json_object_get(reason, "kind"));
            if (strcmp(kind, "artist") != 0 &&
                (strcmp(kind, "track") == 0 || li_json_get_number(reason, "value") < 0))
                continue;
            printf("%s%s", first ? "" : ", ", json_string_value(json_object_get(reason, "label")));
            first = false;
        }
        putchar('\n');
    }
}

static void print_sources(const json_t *sources, enum li_lang lang) {
    static const char *const WORDS[LI_LANG_COUNT][LI_ORIGIN_COUNT] = {
        {"measured from sound", "told by a provider", "from a dataset", "estimated from genres"},
        {"mesurés dans le son", "donnés par un fournisseur", "tirés d’un jeu de données",
         "estimés d’après les genres"},
    };
    for (int i = 0; i < LI_ORIGIN_COUNT; i++) {
        int count = (int)json_integer_value(json_object_get(sources, li_origin_name((enum li_origin)i)));
        if (count)
            printf("%d %s %s. ", count, lang == LI_LANG_FR ? "titres" : "tracks", WORDS[lang][i]);
    }
}

static void print_profile(const json_t *profile, enum li_lang lang) {
    static const char *const NAMES[LI_LANG_COUNT][6] = {
        {"Genres        ", "Energy       ", "Danceability ", "Valence      ",
         "Emotions, and who they come from:", "Genres not known here: "},
        {"Genres        ", "Énergie      ", "Dansabilité  ", "Valence      ",
         "Émotions, et de qui elles viennent :", "Genres inconnus ici : "},
    };
    static const char *const AVERAGES[] = {"energy_avg", "danceability_avg", "valence_avg"};
    bool colored = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    const json_t *unknown = json_object_get(profile, "unknown_genres");
    printf("\n  %s%s%s\n\n", colored ? "\033[1m" : "",
           json_string_value(json_object_get(profile, "dominant_emotion")), colored ? "\033[0m" : "");
    printf("%s\n\n", json_string_value(json_object_get(profile, "description")));
    print_list(NAMES[lang][0], json_object_get(profile, "genres"));
    for (int i = 0; i < 3; i++) {
        double value = li_json_get_number(profile, AVERAGES[i]);
        printf("%s", NAMES[lang][i + 1]);
        printf(" %.2f ", value);
        print_bar(value, 1, NULL, false);
        putchar('\n');
    }
    printf("\n%s\n", NAMES[lang][4]);
    print_emotions(profile, colored);
    putchar('\n');
    print_sources(json_object_get(profile, "sources"), lang);
    putchar('\n');
    if (json_array_size(unknown))
        print_list(NAMES[lang][5], unknown);
}

int li_cmd_profile(int argc, char **argv) {
    const char *catalog_path = NULL, *lang_name = NULL, **words = calloc((size_t)argc + 1, sizeof *words);
    bool json = false, help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"lang", LI_OPTION_TEXT, &lang_name, "LISTENING_LANG", "en|fr",
         "language of words (that of the locale)"},
        {"catalog", LI_OPTION_TEXT, &catalog_path, "LISTENING_CATALOG", "FILE",
         "another catalogue than the built-in one"},
        {"json", LI_OPTION_FLAG, &json, "LISTENING_JSON", NULL, "the profile as one JSON document"},
        {0},
    };
    struct li_error err = {0};
    struct li_catalog *catalog = NULL;
    struct li_pipeline pipeline = {0};
    struct li_arena arena = {0};
    struct li_artist_choice artists[LI_ARTISTS_MAX];
    enum li_lang lang = LI_LANG_EN;
    json_t *profile = NULL;
    if (!words)
        return LI_EXIT_FAILED;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && help) {
        puts("listening profile ARTIST... - the emotional profile of 1 to 10 artists; five make a good "
             "one.\n\n"
             "  listening profile \"Daft Punk\" Adele Stromae \"Nina Simone\" Metallica\n"
             "  listening profile --lang fr --json booba pnl nekfeu\n");
        li_options_print(options);
        goto done;
    }
    if (!status && (count < 1 || count > LI_ARTISTS_MAX))
        status = li_fail(&err, LI_INVALID,
                         "name 1 to %d artists, quoted when they have several words: listening profile "
                         "\"Daft Punk\" Adele",
                         LI_ARTISTS_MAX);
    if (!status)
        status = li_cli_lang(lang_name, &lang, &err);
    if (!status)
        status = li_cli_open_catalog(catalog_path, &catalog, &err);
    if (!status)
        status = li_source_open_catalog(catalog, &pipeline.source, &err);
    if (!status)
        status = li_store_open_memory(&(struct li_store_options){.ttl_ms = DAY_MS}, &pipeline.store, &err);
    for (size_t i = 0; !status && i < count; i++)
        status = resolve(&pipeline, words[i], &arena, &artists[i], &err);
    if (!status) {
        li_pipeline_init(&pipeline);
        status = make(&pipeline, artists, count, lang, &profile, &err);
        li_pipeline_clean_up(&pipeline);
    }
    if (!status && json)
        li_cli_print_json(profile);
    else if (!status)
        print_profile(profile, lang);
done:
    json_decref(profile);
    li_arena_release(&arena);
    li_store_free(pipeline.store);
    li_source_free(pipeline.source);
    li_catalog_free(catalog);
    free(words);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
