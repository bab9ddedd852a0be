/* cmd_analyze.c - sound files in, their features out: a table for people, JSON or CSV for programs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/files.h"

enum { NAME_WIDTH = 40, KEY_COUNT = 12 };

enum shape { SHAPE_TABLE, SHAPE_JSON, SHAPE_CSV };

struct output {
    enum shape shape;
    enum li_lang lang;
    size_t printed, failed;
};

/* Text that is valid UTF-8, with U+FFFD for every byte that is not: paths may be anything. */
static struct li_text readable(const char *path, struct li_arena *arena) {
    struct li_text text = li_text_of(path);
    if (li_text_valid(text))
        return text;
    char *out = li_arena_alloc(arena, text.size * 3 + 1);
    size_t used = 0;
    for (size_t at = 0; at < text.size;) {
        size_t whole = 1;
        while (whole <= 4 && at + whole <= text.size &&
               !li_text_valid((struct li_text){text.data + at, whole}))
            whole++;
        bool valid = whole <= 4 && at + whole <= text.size;
        memcpy(out + used, valid ? text.data + at : "\xef\xbf\xbd", valid ? whole : 3);
        used += valid ? whole : 3;
        at += valid ? whole : 1;
    }
    return (struct li_text){out, used};
}

static struct li_sound_track track_of(const struct li_measured_file *file, struct li_arena *arena) {
    return (struct li_sound_track){.file = readable(file->path, arena),
                                   .title = li_text_of(file->measured.title),
                                   .artist = li_text_of(file->measured.artist),
                                   .analysis = &file->measured.analysis};
}

/* ---- JSON: one document, written row by row ---- */

static json_t *document_of(const struct li_measured_file *file, enum li_lang lang, struct li_arena *arena) {
    if (file->status)
        return li_sound_error_document(readable(file->path, arena), &file->err);
    struct li_sound_track track = track_of(file, arena);
    json_t *row = li_sound_document(&track, lang);
    if (file->measured.warning[0])
        json_object_set_new(row, "warning", json_string(file->measured.warning));
    return row;
}

static void print_json_row(const struct output *output, const struct li_measured_file *file) {
    struct li_arena arena = {0};
    json_t *row = document_of(file, output->lang, &arena);
    struct li_text bytes = li_json_print(row, &arena);
    fputs(output->printed ? ",\n" : "", stdout);
    fwrite(bytes.data, 1, bytes.size, stdout);
    json_decref(row);
    li_arena_release(&arena);
}

/* ---- CSV (RFC 4180) with the column names of Exportify ---- */

static void print_value(const json_t *value) {
    if (json_is_integer(value))
        printf(",%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        printf(",%.10g", json_real_value(value));
    else
        putchar(',');
}

static const struct {
    const char *column, *feature;
} COLUMNS[] = {
    {"Danceability", "danceability"},
    {"Energy", "energy"},
    {"Key", "key"},
    {"Loudness", "loudness"},
    {"Mode", "mode"},
    {"Speechiness", "speechiness"},
    {"Acousticness", "acousticness"},
    {"Instrumentalness", "instrumentalness"},
    {"Liveness", "liveness"},
    {"Valence", "valence"},
    {"Tempo", "tempo"},
    {"Time Signature", "time_signature"},
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof *COLUMNS };

static void print_csv_head(void) {
    fputs("File,Track Name,Artist Name(s),Duration (ms)", stdout);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        printf(",%s", COLUMNS[i].column);
    puts(",Loudness Unit,Tempo Alternative,Calibrated,Emotion,Warning,Error");
}

static void print_csv_row(const struct output *output, const struct li_measured_file *file) {
    struct li_arena arena = {0};
    json_t *row = document_of(file, output->lang, &arena), *features = json_object_get(row, "features");
    li_cli_print_cell(li_json_get_text(row, "file"));
    putchar(',');
    li_cli_print_cell(li_json_get_text(row, "title"));
    putchar(',');
    li_cli_print_cell(li_json_get_text(row, "artist"));
    print_value(json_object_get(row, "duration_ms"));
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        print_value(json_object_get(features, COLUMNS[i].feature));
    fputs(file->status ? "," : ",LUFS", stdout);
    print_value(json_object_get(row, "tempo_alternative"));
    fputs(file->status ? "," : json_is_true(json_object_get(row, "calibrated")) ? ",true" : ",false", stdout);
    putchar(',');
    li_cli_print_cell(li_json_get_text(json_array_get(json_object_get(row, "emotions"), 0), "id"));
    putchar(',');
    li_cli_print_cell(li_json_get_text(row, "warning"));
    putchar(',');
    li_cli_print_cell(li_json_get_text(row, "error"));
    putchar('\n');
    json_decref(row);
    li_arena_release(&arena);
}

/* ---- for people ---- */

static void print_table_head(enum li_lang lang) {
    static const char *const HEAD[LI_LANG_COUNT][2] = {
        {"track", "  time    BPM  key       LUFS  energy  dance  valence  emotion"},
        {"titre", " durée    BPM  ton.      LUFS énergie  danse  valence  émotion"},
    };
    li_cli_print_padded(HEAD[lang][0], NAME_WIDTH);
    puts(HEAD[lang][1]);
}

/* The end of a name says more than its beginning: whole folders may be alike. */
static void print_name(struct li_text name) {
    char text[NAME_WIDTH * 4 + 8];
    size_t characters = 0, start = name.size;
    while (start && characters < NAME_WIDTH - 1) {
        start--;
        characters += ((unsigned char)name.data[start] & 0xc0) != 0x80;
    }
    while (start < name.size && ((unsigned char)name.data[start] & 0xc0) == 0x80)
        start++;
    snprintf(text, sizeof text, "%s%.*s", start ? "…" : "", (int)(name.size - start), name.data + start);
    for (char *at = text; *at; at++)
        if ((unsigned char)*at < 32)
            *at = '?';
    li_cli_print_padded(text, NAME_WIDTH);
}

static void print_number(double value, int width, int decimals) {
    if (isfinite(value))
        printf(" %*.*f", width, decimals, value);
    else
        printf(" %*s", width, "-");
}

static void print_table_row(const struct output *output, const struct li_measured_file *file) {
    static const char *const KEYS[KEY_COUNT] = {"C",  "C♯", "D",  "E♭", "E",  "F",
                                                "F♯", "G",  "A♭", "A",  "B♭", "B"};
    static const char *const MODES[LI_LANG_COUNT][2] = {{"minor", "major"}, {"mineur", "majeur"}};
    const struct li_analysis *analysis = &file->measured.analysis;
    const double *value = analysis->features.value;
    struct li_arena arena = {0};
    char key[32] = "-";
    print_name(readable(file->path, &arena));
    li_arena_release(&arena);
    if (file->status) {
        printf("  %s\n", file->err.message);
        return;
    }
    if (analysis->key >= 0 && analysis->key < KEY_COUNT && isfinite(value[LI_MODE]))
        snprintf(key, sizeof key, "%s %s", KEYS[analysis->key], MODES[output->lang][value[LI_MODE] > 0.5]);
    printf(" %3d:%02d", (int)(analysis->duration_s / 60), (int)fmod(analysis->duration_s, 60));
    print_number(value[LI_TEMPO], 5, 0);
    fputs("  ", stdout);
    li_cli_print_padded(key, 8);
    print_number(value[LI_LOUDNESS], 5, 1);
    print_number(value[LI_ENERGY], 7, 2);
    print_number(value[LI_DANCEABILITY], 6, 2);
    print_number(value[LI_VALENCE], 8, 2);
    if (isfinite(value[LI_LOUDNESS])) {
        struct li_reading reading;
        size_t best = 0;
        li_emotion_read(&analysis->features, &reading);
        for (size_t e = 1; e < LI_EMOTION_COUNT; e++)
            best = reading.p[e] > reading.p[best] ? e : best;
        printf("  %s", li_emotion_at(best)->label[output->lang]);
    }
    printf("%s%s%s\n", file->measured.warning[0] ? "  (" : "", file->measured.warning,
           file->measured.warning[0] ? ")" : "");
}

/* ---- the command ---- */

static bool print_row(void *context, const struct li_measured_file *file) {
    static void (*const PRINT[])(const struct output *, const struct li_measured_file *) = {
        [SHAPE_TABLE] = print_table_row, [SHAPE_JSON] = print_json_row, [SHAPE_CSV] = print_csv_row};
    struct output *output = context;
    PRINT[output->shape](output, file);
    output->printed++;
    output->failed += file->status != LI_OK;
    return fflush(stdout) == 0;
}

static enum li_status analyze(const struct li_file_list *list, size_t jobs, struct output *output,
                              struct li_error *err) {
    if (output->shape == SHAPE_JSON) {
        struct li_arena arena = {0};
        json_t *units = li_sound_units();
        printf("{\"units\":%s,\"tracks\":[\n", li_json_print(units, &arena).data);
        json_decref(units);
        li_arena_release(&arena);
    } else if (output->shape == SHAPE_CSV) {
        print_csv_head();
    } else {
        print_table_head(output->lang);
    }
    enum li_status status = li_measure_files(list, jobs, print_row, output, err);
    if (output->shape == SHAPE_JSON)
        puts("\n]}");
    if (!status && (fflush(stdout) != 0 || output->printed < list->count))
        status = li_fail(err, LI_IO, "the answer could not be written");
    if (!status && output->failed)
        status = list->count == 1
                     ? li_fail(err, LI_IO, "the file could not be read")
                     : li_fail(err, LI_IO, "%zu of %zu files could not be read", output->failed, list->count);
    return status;
}

static void print_help(const struct li_option *options) {
    puts(
        "listening analyze FILE-OR-DIR... - measures sound: tempo, key, loudness and what follows from "
        "them.\n\n"
        "  listening analyze song.mp3\n"
        "  listening analyze --csv ~/Music > features.csv\n"
        "  listening analyze --plot song.svg song.flac\n\n"
        "Folders are looked through with all that is in them. A file that cannot be read is a line with the\n"
        "reason, and the exit status is 1. Names and ranges are those of Spotify's audio features: 0 to 1, "
        "key\n"
        "0 = C to 11 = B or -1, mode 0 minor or 1 major, tempo in BPM; but loudness is in LUFS (ITU-R "
        "BS.1770).\n"
        "Instrumentalness and liveness are left empty: there is no estimate of them that we could defend.\n");
    li_options_print(options);
}

int li_cmd_analyze(int argc, char **argv) {
    const char *lang_name = NULL, *plot = NULL, **words = calloc((size_t)argc + 1, sizeof *words);
    bool json = false, csv = false, help = false;
    double jobs_number = 0;
    size_t count = 0, jobs = 1;
    const struct li_option options[] = {
        {"json", LI_OPTION_FLAG, &json, "LISTENING_JSON", NULL, "one JSON document"},
        {"csv", LI_OPTION_FLAG, &csv, NULL, NULL, "comma-separated, with the column names of Exportify"},
        {"jobs", LI_OPTION_NUMBER, &jobs_number, "LISTENING_JOBS", "N", "files at a time (one a core)"},
        {"plot", LI_OPTION_TEXT, &plot, NULL, "FILE.svg",
         "a picture of one file: its waveform, beats, chroma"},
        {"lang", LI_OPTION_TEXT, &lang_name, "LISTENING_LANG", "en|fr",
         "language of words (that of the locale)"},
        {0},
    };
    struct li_error err = {0};
    struct li_file_list list = {0};
    struct output output = {0};
    if (!words)
        return LI_EXIT_FAILED;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && help) {
        print_help(options);
        free(words);
        return LI_EXIT_DONE;
    }
    if (!status && !count)
        status = li_fail(&err, LI_INVALID, "name a sound file or a folder: listening analyze ~/Music");
    if (!status && csv && json && !getenv("LISTENING_JSON"))
        status = li_fail(&err, LI_INVALID, "choose one of --json and --csv");
    if (!status && plot && (csv || (json && !getenv("LISTENING_JSON"))))
        status = li_fail(&err, LI_INVALID,
                         "--plot draws a picture and prints nothing: leave --json and --csv away");
    if (!status && plot && count != 1)
        status = li_fail(&err, LI_INVALID, "--plot draws one file");
    if (!status)
        status = li_jobs_check(jobs_number, &jobs, &err);
    if (!status)
        status = li_cli_lang(lang_name, &output.lang, &err);
    output.shape = csv ? SHAPE_CSV : json ? SHAPE_JSON : SHAPE_TABLE;
    int exit_status = status ? li_cli_fail(&err) : LI_EXIT_DONE;
    if (!status && plot)
        status = li_cli_plot(words[0], plot, &err);
    if (!status && !plot)
        status = li_files_find(words, count, &list, &err);
    if (!status && !plot && !list.count)
        status = li_fail(&err, LI_NOT_FOUND, "there is no sound file in %.100s", words[0]);
    if (!status && !plot)
        status = analyze(&list, jobs, &output, &err);
    if (status && exit_status == LI_EXIT_DONE) {
        li_cli_fail(&err);
        exit_status = LI_EXIT_FAILED;
    }
    if (list.passed_over && isatty(STDERR_FILENO))
        fprintf(stderr, "listening: passed over in these folders, being no sound: %zu\n", list.passed_over);
    li_files_free(&list);
    free(words);
    return exit_status;
}
