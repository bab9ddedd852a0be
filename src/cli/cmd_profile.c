/* cmd_profile.c - the whole pipeline in one process: names in, profile out, nothing kept. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/source_options.h"

/* An artist that a word was taken for. */
struct chosen {
    struct li_artist_choice choice;
    struct li_text name;
};

/* The artist meant by a word: an id, or the best hit of a search. */
static enum li_status resolve(struct li_pipeline *pipeline, const char *word, struct li_arena *arena,
                              struct chosen *out, struct li_error *err) {
    struct li_source_artist artist, *hits = NULL;
    size_t count = 0;
    enum li_status status = li_source_find(pipeline->source, li_text_of(word), arena, &artist, err);
    if (status == LI_NOT_FOUND) {
        status = li_source_search(pipeline->source, li_text_of(word), 1, arena, &hits, &count, err);
        if (!status && count == 0)
            status =
                li_fail(err, LI_NOT_FOUND,
                        "no artist like \"%.60s\" was found; `listening search` shows who is known", word);
        if (!status)
            artist = hits[0];
    }
    if (!status)
        *out = (struct chosen){{.id = artist.id}, artist.name};
    return status;
}

/* All of them, each once. Says so on standard error when a name is another one. */
static enum li_status resolve_all(struct li_pipeline *pipeline, const char **words, size_t count,
                                  enum li_lang lang, struct li_arena *arena, struct li_artist_choice *out,
                                  struct li_error *err) {
    struct chosen chosen[LI_ARTISTS_MAX];
    for (size_t i = 0; i < count; i++) {
        enum li_status status = resolve(pipeline, words[i], arena, &chosen[i], err);
        if (status)
            return status;
        for (size_t k = 0; k < i; k++)
            if (li_text_equal(chosen[k].choice.id, chosen[i].choice.id))
                return li_fail(err, LI_INVALID,
                               "\"%.60s\" and \"%.60s\" are both taken for %.*s; name each artist once, in "
                               "quotes when the name has several words",
                               words[k], words[i], LI_TEXT_ARG(chosen[i].name));
        out[i] = chosen[i].choice;
    }
    for (size_t i = 0; i < count; i++)
        if (!li_text_same_name(li_text_of(words[i]), chosen[i].name))
            fprintf(stderr,
                    lang == LI_LANG_FR ? "listening: « %s » est pris pour %.*s\n"
                                       : "listening: \"%s\" is taken for %.*s\n",
                    words[i], LI_TEXT_ARG(chosen[i].name));
    return LI_OK;
}

/* What a profile is made of: artists, or else sound files in folders. */
struct subject {
    const struct li_artist_choice *artists;
    size_t artist_count;
    const struct li_string_list *folders;
    size_t jobs;
};

static enum li_status make(struct li_pipeline *pipeline, const struct subject *subject, enum li_lang lang,
                           json_t **out, struct li_error *err) {
    char id[LI_TOKEN_CHARS + 1];
    li_random_token(id);
    struct li_text session = li_text_of(id);
    struct li_extract_response extracted = {0};
    struct li_transform_response transformed = {0};
    struct li_profile_response profiled = {0};
    enum li_status status =
        subject->folders->count
            ? li_audio_session(pipeline, id, subject->folders->items, subject->folders->count, subject->jobs,
                               err)
            : li_pipeline_extract(
                  pipeline, &(struct li_extract_request){session, subject->artists, subject->artist_count},
                  &extracted, err);
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

static void print_help(const struct li_option *options) {
    puts("listening profile ARTIST... - the emotional profile of 1 to 10 artists; five make a good "
         "one.\n\n"
         "  listening profile \"Daft Punk\" Adele Stromae \"Nina Simone\" Metallica\n"
         "  listening profile --lang fr --json booba pnl nekfeu\n"
         "  listening profile --audio ~/Music\n");
    li_options_print(options);
}

/* Either artists or folders, and how many of their files at a time. */
static enum li_status check_words(size_t artists, size_t folders, double jobs_number, size_t *jobs,
                                  struct li_error *err) {
    if (folders && artists)
        return li_fail(err, LI_INVALID, "name artists, or folders with --audio, but not both");
    if (!folders && (artists < 1 || artists > LI_ARTISTS_MAX))
        return li_fail(err, LI_INVALID,
                       "name 1 to %d artists, quoted when they have several words: listening profile "
                       "\"Daft Punk\" Adele",
                       LI_ARTISTS_MAX);
    return li_jobs_check(jobs_number, jobs, err);
}

int li_cmd_profile(int argc, char **argv) {
    const char *lang_name = NULL, **words = calloc((size_t)argc + 1, sizeof *words);
    struct li_source_settings source = {0};
    struct li_string_list folders = {0};
    bool json = false, help = false;
    size_t count = 0, jobs = 1;
    double jobs_number = 0;
    const struct li_option options[] = {
        {"lang", LI_OPTION_TEXT, &lang_name, "LISTENING_LANG", "en|fr",
         "language of words (that of the locale)"},
        {"audio", LI_OPTION_LIST, &folders, NULL, "DIR",
         "measure the sound files in this folder instead of naming artists, repeatable"},
        {"jobs", LI_OPTION_NUMBER, &jobs_number, "LISTENING_JOBS", "N",
         "with --audio: files at a time (one a core)"},
        {"json", LI_OPTION_FLAG, &json, "LISTENING_JSON", NULL, "the profile as one JSON document"},
        LI_SOURCE_OPTIONS(source),
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
        print_help(options);
        goto done;
    }
    if (!status)
        status = check_words(count, folders.count, jobs_number, &jobs, &err);
    if (!status)
        status = li_cli_lang(lang_name, &lang, &err);
    if (!status)
        status = li_cli_open_source(&source, NULL, &catalog, &pipeline.source, &err);
    if (!status)
        status = li_store_open_memory(&(struct li_store_options){.ttl_ms = LI_DAY_MS}, &pipeline.store, &err);
    if (!status)
        status = resolve_all(&pipeline, words, count, lang, &arena, artists, &err);
    if (!status) {
        li_pipeline_init(&pipeline);
        status = make(&pipeline, &(struct subject){artists, count, &folders, jobs}, lang, &profile, &err);
        li_pipeline_clean_up(&pipeline);
    }
    if (!status && json)
        li_cli_print_json(profile);
    else if (!status)
        li_cli_print_profile(profile, lang);
done:
    json_decref(profile);
    li_arena_release(&arena);
    li_store_free(pipeline.store);
    li_source_free(pipeline.source);
    li_catalog_free(catalog);
    free(words);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
