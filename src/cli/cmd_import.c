/* cmd_import.c - any service's export -> the profile of what was really listened to. Nothing is kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "cli/cli.h"
#include "cli/import_lines.h"
#include "cli/progress.h"
#include "cli/source_options.h"

/* How much of the files is read. */
struct reading {
    struct li_progress bar;
    double done, total; /* bytes */
};

static void on_read(void *context, size_t bytes) {
    struct reading *reading = context;
    reading->done += (double)bytes;
    double elapsed_s = li_progress_elapsed_s(&reading->bar);
    if (reading->total > 0 && elapsed_s > 0 && li_progress_due(&reading->bar))
        li_progress_draw(&reading->bar, reading->done / reading->total, "%.0f MB/s",
                         reading->done / 1e6 / elapsed_s);
}

/* Minutes that this machine's clock is ahead of UTC. */
static int local_offset_min(void) {
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    return (int)(local.tm_gmtoff / 60);
}

static enum li_status read_files(const char **words, size_t count, struct reading *reading,
                                 struct li_history **out, struct li_error *err) {
    struct li_clock clock = {0};
    const struct li_history_options options = {
        .now_ms = li_clock_now_ms(&clock),
        .utc_offset_min = local_offset_min(),
        .progress = on_read,
        .progress_context = reading,
    };
    struct li_history *history = NULL;
    enum li_status status = li_history_new(&options, &history, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct stat facts;
        if (stat(words[i], &facts) == 0 && S_ISREG(facts.st_mode))
            reading->total += (double)facts.st_size;
    }
    size_t known = 0;
    for (size_t i = 0; !status && i < count; i++) {
        status = li_history_add_path(history, words[i], err);
        if ((status == LI_UNSUPPORTED || status == LI_CORRUPT) &&
            count > 1) { /* the others may be histories */
            li_progress_wipe(&reading->bar);
            fprintf(stderr, "listening: %s: %s\n", words[i], err->message);
            status = LI_OK;
            continue;
        }
        known += !status;
    }
    li_progress_wipe(&reading->bar);
    if (!status && known == 0)
        status = li_fail(err, LI_UNSUPPORTED, "none of these files is a listening history");
    if (status) {
        li_history_free(history);
        return status;
    }
    li_history_finish(history);
    *out = history;
    return LI_OK;
}

/* {import, profile, timeline} of a history. */
enum li_status li_import_profile(struct li_pipeline *pipeline, const struct li_history *history,
                                 double half_life_days, enum li_lang lang, json_t **out,
                                 struct li_error *err) {
    char id[LI_TOKEN_CHARS + 1];
    li_random_token(id);
    struct li_text session = li_text_of(id);
    struct li_import_response imported = {0};
    struct li_transform_response transformed = {0};
    struct li_profile_response profiled = {0};
    struct li_timeline_response timeline = {0};
    enum li_status status = li_pipeline_import(
        pipeline, &(struct li_import_request){session, history, half_life_days, lang}, &imported, err);
    if (!status)
        status = li_pipeline_transform(pipeline, &(struct li_transform_request){session}, &transformed, err);
    if (!status)
        status = li_pipeline_profile(pipeline, &(struct li_profile_request){session, lang}, &profiled, err);
    if (!status)
        status = li_pipeline_timeline(pipeline, &(struct li_timeline_request){session, lang}, &timeline, err);
    json_decref(transformed.document);
    json_t *document = NULL;
    if (!status)
        document = json_pack("{s:O,s:O,s:O}", "import", imported.document, "profile", profiled.document,
                             "timeline", timeline.document);
    json_decref(imported.document);
    json_decref(profiled.document);
    json_decref(timeline.document);
    enum li_status erased = li_store_erase(pipeline->store, session, status ? NULL : err);
    if (status || erased)
        json_decref(document);
    else
        *out = document;
    return status ? status : erased;
}

/* ---- for people ---- */

/* "120,000" at the right end of width columns; French parts thousands with a narrow space that does not
 * break. */
static void print_grouped(long long count, int width, enum li_lang lang) {
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", count), used = size + (size - 1) / 3;
    printf("%*s", used < width ? width - used : 0, "");
    for (int i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0)
            fputs(lang == LI_LANG_FR ? "\u202f" : ",", stdout);
        putchar(digits[i]);
    }
}

/* "1 play", "4,207 plays". */
static void print_count(const json_t *number, int width, const char *one, const char *many,
                        enum li_lang lang) {
    long long count = (long long)json_integer_value(number);
    print_grouped(count, width, lang);
    printf(" %s", li_cli_is_plural((unsigned long long)count, lang) ? many : one);
}

/* "2019-01" in words. */
static void print_month(const char *month, enum li_lang lang) {
    static const char *const NAMES[LI_LANG_COUNT][12] = {
        {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
         "November", "December"},
        {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
         "novembre", "décembre"},
    };
    unsigned year = 0, number = 0;
    if (month && sscanf(month, "%4u-%2u", &year, &number) == 2 && number >= 1 && number <= 12)
        printf("%s %u", NAMES[lang][number - 1], year);
}

static void print_skipped(const json_t *skipped, enum li_lang lang) {
    static const char *const ONE[LI_LANG_COUNT][LI_SKIP_COUNT] = {
        {"podcast", "audiobook", "video", "shorter than 30 seconds", "counted already",
         "without artist or title", "without a believable date", "in a private session", "that is no play",
         "unreadable", "over the limit"},
        {"podcast", "livre audio", "vidéo", "de moins de 30 secondes", "déjà comptée",
         "sans artiste ou titre", "sans date crédible", "en session privée", "qui n’est pas une écoute",
         "illisible", "au-delà de la limite"},
    };
    static const char *const MANY[LI_LANG_COUNT][LI_SKIP_COUNT] = {
        {"podcasts", "audiobooks", "videos", "shorter than 30 seconds", "counted already",
         "without artist or title", "without a believable date", "in private sessions", "that are no plays",
         "unreadable", "over the limit"},
        {"podcasts", "livres audio", "vidéos", "de moins de 30 secondes", "déjà comptées",
         "sans artiste ou titre", "sans date crédible", "en session privée", "qui ne sont pas des écoutes",
         "illisibles", "au-delà de la limite"},
    };
    for (int s = 0; s < LI_SKIP_COUNT; s++) {
        json_t *count = json_object_get(skipped, li_skip_id((enum li_skip)s));
        if (!count)
            continue;
        print_count(count, 10, ONE[lang][s], MANY[lang][s], lang);
        putchar('\n');
    }
}

/* "30 plays in May 2020, out of 40 rows read" */
static void print_plays(const json_t *report, const json_t *history, enum li_lang lang) {
    const char *first = json_string_value(json_object_get(history, "first_month"));
    const char *last = json_string_value(json_object_get(history, "last_month"));
    bool fr = lang == LI_LANG_FR, same = first && last && strcmp(first, last) == 0;
    print_count(json_object_get(report, "plays"), 0, fr ? "écoute" : "play", fr ? "écoutes" : "plays", lang);
    fputs(same ? (fr ? " en " : " in ") : fr ? " entre " : " from ", stdout);
    print_month(first, lang);
    if (!same) {
        fputs(fr ? " et " : " to ", stdout);
        print_month(last, lang);
    }
    fputs(fr ? ", sur " : ", out of ", stdout);
    print_count(json_object_get(report, "rows"), 0, fr ? "ligne lue" : "row read",
                fr ? "lignes lues" : "rows read", lang);
    putchar('\n');
}

static void print_report(const json_t *import, enum li_lang lang) {
    json_t *report = json_object_get(import, "report"), *history = json_object_get(import, "history"), *item;
    json_t *unknown = json_object_get(import, "unknown_artists");
    bool fr = lang == LI_LANG_FR;
    size_t i;
    print_plays(report, history, lang);
    print_skipped(json_object_get(report, "skipped"), lang);
    printf(fr ? "%.0f\u00a0%% d’artistes connus ici\n" : "%.0f%% by artists known here\n",
           li_json_get_number(history, "matched_share") * 100);
    if (json_array_size(unknown))
        fputs(fr ? "Inconnus ici : " : "Not known here: ", stdout);
    json_array_foreach(unknown, i, item) {
        if (i == 8)
            break;
        printf("%s%s", i ? ", " : "", json_string_value(json_object_get(item, "name")));
    }
    if (json_array_size(unknown))
        putchar('\n');
    json_array_foreach(json_object_get(import, "notes"), i, item)
        printf("%s\n", json_string_value(json_object_get(item, "text")));
}

/* "words a, b"; nothing when the list is empty. */
static void print_labels(const char *words, json_t *list) {
    json_t *item;
    size_t i;
    json_array_foreach(list, i, item)
        printf("%s%s", i ? ", " : words, json_string_value(json_object_get(item, "label")));
}

/* What there is more and less of in the last year; nothing when there is no year before, or nothing moved. */
static void print_year(const json_t *timeline, enum li_lang lang) {
    json_t *year = json_object_get(timeline, "year"), *changes = json_object_get(timeline, "changes"), *item;
    json_t *more = json_object_get(year, "more"), *less = json_object_get(year, "less");
    bool fr = lang == LI_LANG_FR, moved = json_array_size(more) || json_array_size(less);
    size_t i;
    if (!json_is_object(year) || (!moved && !json_array_size(changes)))
        return;
    putchar('\n');
    if (moved) {
        fputs(fr ? "Depuis un an, " : "In the last year, ", stdout);
        print_labels(fr ? "plus de : " : "more: ", more);
        if (json_array_size(more) && json_array_size(less))
            fputs(fr ? " ; " : "; ", stdout);
        print_labels(fr ? "moins de : " : "less: ", less);
        putchar('\n');
    }
    json_array_foreach(changes, i, item) {
        fputs(fr ? "Un tournant : " : "A turning point: ", stdout);
        print_month(json_string_value(json_object_get(item, "month")), lang);
        putchar('\n');
    }
}

static void print_help(const struct li_option *options) {
    puts("listening import FILE... - the profile of what you really listened to, from your own export.\n\n"
         "  listening import my_spotify_data.zip\n"
         "  listening import recenttracks.csv listens.jsonl Apple_Media_Services.zip\n\n"
         "Spotify (extended and account data), Last.fm, ListenBrainz, Apple Music, Deezer, YouTube Music, "
         "Maloja:\n"
         "as downloaded, zipped or not, several at once, whole folders. Nothing is sent anywhere or kept;\n"
         "only a live --source is asked, by their names, for up to 20 artists that are not known here.\n");
    li_options_print(options);
}

struct settings {
    const char *lang_name;
    struct li_source_settings source;
    bool json, lines, no_lookup;
    double half_life_days;
    enum li_lang lang;
};

/* The files of one person: read, made a profile of, printed. */
static enum li_status import_files(const struct settings *settings, struct li_pipeline *pipeline,
                                   const char **words, size_t count, struct li_error *err) {
    struct reading reading = {.total = 0};
    struct li_history *history = NULL;
    json_t *document = NULL;
    li_progress_start(&reading.bar);
    enum li_status status = read_files(words, count, &reading, &history, err);
    if (!status)
        status =
            li_import_profile(pipeline, history, settings->half_life_days, settings->lang, &document, err);
    if (!status && settings->json) {
        li_cli_print_json(document);
    } else if (!status) {
        print_report(json_object_get(document, "import"), settings->lang);
        li_cli_print_profile(json_object_get(document, "profile"), settings->lang);
        print_year(json_object_get(document, "timeline"), settings->lang);
    }
    json_decref(document);
    li_history_free(history);
    return status;
}

static enum li_status run(const struct settings *settings, const char **words, size_t count,
                          struct li_error *err) {
    struct li_catalog *catalog = NULL;
    struct li_pipeline pipeline = {0};
    enum li_status status = li_cli_open_source(&settings->source, NULL, &catalog, &pipeline.source, err);
    if (!status)
        status = li_store_open_memory(&(struct li_store_options){.ttl_ms = LI_DAY_MS}, &pipeline.store, err);
    if (!status) {
        li_pipeline_init(&pipeline);
        pipeline.no_lookup = settings->no_lookup || settings->lines; /* nobody is asked for many people */
        status = settings->lines ? li_import_lines(&pipeline, settings->half_life_days, settings->lang, err)
                                 : import_files(settings, &pipeline, words, count, err);
        li_pipeline_clean_up(&pipeline);
    }
    li_store_free(pipeline.store);
    li_source_free(pipeline.source);
    li_catalog_free(catalog);
    return status;
}

int li_cmd_import(int argc, char **argv) {
    const char **words = calloc((size_t)argc + 1, sizeof *words);
    struct settings settings = {.lang = LI_LANG_EN};
    bool help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"lang", LI_OPTION_TEXT, &settings.lang_name, "LISTENING_LANG", "en|fr",
         "language of words (that of the locale)"},
        {"half-life", LI_OPTION_NUMBER, &settings.half_life_days, "LISTENING_HALF_LIFE", "DAYS",
         "let a play count half after so many days (0: all count alike)"},
        {"no-lookup", LI_OPTION_FLAG, &settings.no_lookup, "LISTENING_NO_LOOKUP", NULL,
         "with a live source: do not ask it who the unknown artists heard most are"},
        {"json", LI_OPTION_FLAG, &settings.json, "LISTENING_JSON", NULL,
         "report, profile and timeline as one JSON document"},
        {"ndjson", LI_OPTION_FLAG, &settings.lines, NULL, NULL,
         "read plays as JSON lines {user, artist, title, at, ms} sorted by user on standard input, write one "
         "profile a line for each user"},
        LI_SOURCE_OPTIONS(settings.source),
        {0},
    };
    struct li_error err = {0};
    if (!words)
        return LI_EXIT_FAILED;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && !help && settings.lines != (count == 0))
        status =
            li_fail(&err, LI_INVALID,
                    settings.lines ? "--ndjson reads standard input and takes no file"
                                   : "name the files of your export: listening import my_spotify_data.zip");
    if (!status && !help)
        status = li_cli_lang(settings.lang_name, &settings.lang, &err);
    if (!status && help)
        print_help(options);
    else if (!status)
        status = run(&settings, words, count, &err);
    free(words);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
