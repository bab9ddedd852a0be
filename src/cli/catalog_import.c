/* catalog_import.c - the command line's side of an import: the bar, what columns are taken for, the report.
 */
#include "cli/catalog_import.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "dataset/dataset.h"

enum { NAMES_SHOWN = 4, LINE_WIDTH = 100, EXAMPLE_INDENT = 12 };

static volatile sig_atomic_t interrupted;

static void on_signal(int signal) {
    (void)signal;
    interrupted = 1;
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal,
                               .sa_flags = SA_RESETHAND}; /* the second one ends it */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

struct showing {
    struct li_progress bar;
    bool quiet;           /* --json: no words beside the document */
    double before, total; /* bytes: of the files before this one, of all */
    uint64_t first_rows;
    bool begun;
    const struct li_string_list *maps;
    bool found[LI_LIST_MAX]; /* of each map: a file has its column */
};

/* ---- while it runs ---- */

static bool on_progress(void *context, const struct li_dataset_progress *progress) {
    struct showing *showing = context;
    if (!showing->begun) {
        showing->begun = true;
        showing->first_rows = progress->rows; /* read by an earlier run */
    }
    if (!li_progress_due(&showing->bar))
        return !interrupted;
    double elapsed_s = li_progress_elapsed_s(&showing->bar);
    if (progress->phase == LI_DATASET_READING)
        li_progress_draw(&showing->bar, (showing->before + (double)progress->done) / showing->total,
                         "%llu rows, %.0f a second", (unsigned long long)progress->rows,
                         elapsed_s > 0 ? (double)(progress->rows - showing->first_rows) / elapsed_s : 0);
    else if (progress->phase == LI_DATASET_SORTING)
        li_progress_draw(&showing->bar, NAN, "sorting and merging %llu rows",
                         (unsigned long long)progress->rows);
    else
        li_progress_draw(&showing->bar, NAN, "writing: %llu of %llu artists",
                         (unsigned long long)progress->done, (unsigned long long)progress->total);
    return !interrupted;
}

static void find_maps(struct showing *showing, struct li_text column, bool any) {
    for (size_t m = 0; m < showing->maps->count; m++) {
        struct li_text wanted = li_text_of(showing->maps->items[m]);
        (void)li_text_cut(&wanted, '=');
        showing->found[m] = showing->found[m] || any || li_text_equal(wanted, column);
    }
}

/* A map that no file had a column for is a slip of the pen. An import that went on did not look
 * at all of them. */
static void tell_maps(const struct showing *showing, const struct li_dataset_report *report) {
    for (size_t m = 0; m < showing->maps->count; m++)
        if (!showing->found[m] && !report->files_known)
            fprintf(stderr, "listening: no file has the column of --map %s\n", showing->maps->items[m]);
}

/* "songs.csv (CSV): artist = artists, title = name, ...; not used: id, explicit" */
static void on_mapped(void *context, const char *path, const char *format,
                      const struct li_dataset_column *columns, size_t count) {
    struct showing *showing = context;
    size_t unused = 0;
    bool json = strncmp(format, "JSON", 4) == 0; /* whose later rows may have more members */
    for (size_t c = 0; c < count; c++)
        find_maps(showing, columns[c].name, json);
    if (showing->quiet)
        return;
    li_progress_wipe(&showing->bar);
    fprintf(stderr, "%s: %s", path, format);
    const char *separator = ": ";
    for (size_t c = 0; c < count; c++) {
        if (columns[c].field) {
            bool same = li_text_equal(columns[c].name, li_text_of(columns[c].field));
            fprintf(stderr, "%s%s%s%.*s", separator, columns[c].field, same ? "" : " = ",
                    same ? 0 : (int)columns[c].name.size, columns[c].name.data);
            separator = ", ";
        } else {
            unused++;
        }
    }
    for (size_t c = 0, shown = 0; c < count && unused; c++)
        if (!columns[c].field)
            fprintf(stderr, "%s%.*s", shown++ ? ", " : "; not used: ", LI_TEXT_ARG(columns[c].name));
    fputc('\n', stderr);
}

/* ---- the report ---- */

static void print_reasons(const struct li_dataset_tally *tally, int from, int to, const char *heading) {
    for (int r = from; r < to; r++) {
        uint64_t count = tally->reasons[r].count;
        if (!count)
            continue;
        if (heading)
            puts(heading);
        heading = NULL;
        printf("%10llu  %s\n", (unsigned long long)count, li_dataset_reason_words((enum li_dataset_reason)r));
        for (uint64_t e = 0; e < count && e < LI_DATASET_EXAMPLES; e++)
            printf("%*s%s\n", EXAMPLE_INDENT, "", tally->reasons[r].examples[e]);
    }
}

static void print_report(const struct li_dataset_report *report, const char *target) {
    const struct li_dataset_tally *tally = &report->tally;
    printf("%llu row%s of %zu file%s: %llu kept, %llu left out\n", (unsigned long long)tally->rows,
           li_cli_ending(tally->rows), report->files, li_cli_ending(report->files),
           (unsigned long long)tally->kept, (unsigned long long)(tally->rows - tally->kept));
    if (report->files_known)
        printf("%10zu  file%s read already\n", report->files_known, li_cli_ending(report->files_known));
    printf("%10zu  artist%s that the catalogue did not have\n%10zu  that it had, with more now\n"
           "%10zu  new track%s\n",
           report->artists_new, li_cli_ending(report->artists_new), report->artists_extended,
           report->tracks_new, li_cli_ending(report->tracks_new));
    if (report->tracks_left_out)
        printf("%10zu  track%s left out: the catalogue keeps the %d best known of an artist\n",
               report->tracks_left_out, li_cli_ending(report->tracks_left_out), LI_CATALOG_TRACKS_MAX);
    if (report->tracks_merged)
        printf("%10llu  row%s of tracks that were there already\n", (unsigned long long)report->tracks_merged,
               li_cli_ending(report->tracks_merged));
    if (report->spellings_merged)
        printf("%10llu  other spelling%s of an artist, brought together\n",
               (unsigned long long)report->spellings_merged, li_cli_ending(report->spellings_merged));
    if (report->measures)
        printf("%10llu  recording%s measured elsewhere, %llu of them with a name in these files\n",
               (unsigned long long)report->measures, li_cli_ending(report->measures),
               (unsigned long long)report->measures_used);
    print_reasons(tally, 0, LI_DATASET_VALUE_REASONS, "Left out, rows:");
    print_reasons(tally, LI_DATASET_VALUE_REASONS, LI_DATASET_REASON_COUNT,
                  "Left out, values of rows that stay:");
    printf("%s: %zu artist%s, %zu track%s (%zu with features), ", target, report->catalog.artists,
           li_cli_ending(report->catalog.artists), report->catalog.tracks,
           li_cli_ending(report->catalog.tracks), report->catalog.featured);
    li_cli_print_size(report->catalog.bytes);
    printf("\nUse it with --catalog %s, or set LISTENING_CATALOG.\n", target);
}

static json_t *reasons_document(const struct li_dataset_tally *tally, int from, int to) {
    json_t *out = json_object();
    for (int r = from; r < to; r++) {
        uint64_t count = tally->reasons[r].count;
        json_t *examples = json_array();
        for (uint64_t e = 0; e < count && e < LI_DATASET_EXAMPLES; e++)
            json_array_append_new(examples, json_string(tally->reasons[r].examples[e]));
        if (count)
            json_object_set_new(out, li_dataset_reason_id((enum li_dataset_reason)r),
                                json_pack("{s:I,s:O}", "count", (json_int_t)count, "examples", examples));
        json_decref(examples);
    }
    return out;
}

static void print_document(const struct li_dataset_report *report, const char *target) {
    const struct li_dataset_tally *tally = &report->tally;
    json_t *document = json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "rows", (json_int_t)tally->rows, "kept",
        (json_int_t)tally->kept, "files", (json_int_t)report->files, "files_known",
        (json_int_t)report->files_known, "artists_new", (json_int_t)report->artists_new, "artists_extended",
        (json_int_t)report->artists_extended, "tracks_new", (json_int_t)report->tracks_new, "tracks_left_out",
        (json_int_t)report->tracks_left_out, "tracks_merged", (json_int_t)report->tracks_merged,
        "spellings_merged", (json_int_t)report->spellings_merged, "measures", (json_int_t)report->measures,
        "measures_used", (json_int_t)report->measures_used);
    json_object_set_new(document, "rows_left_out", reasons_document(tally, 0, LI_DATASET_VALUE_REASONS));
    json_object_set_new(document, "values_left_out",
                        reasons_document(tally, LI_DATASET_VALUE_REASONS, LI_DATASET_REASON_COUNT));
    json_object_set_new(document, "catalog",
                        json_pack("{s:s,s:s,s:I,s:I,s:I,s:I}", "path", target, "version",
                                  report->catalog.version, "artists", (json_int_t)report->catalog.artists,
                                  "tracks", (json_int_t)report->catalog.tracks, "featured",
                                  (json_int_t)report->catalog.featured, "bytes",
                                  (json_int_t)report->catalog.bytes));
    li_cli_print_json(document);
    json_decref(document);
}

void li_catalog_import_print_fields(void) {
    const char *const *columns = NULL, *field;
    for (size_t i = 0; (field = li_dataset_field(i, &columns)); i++) {
        int used = printf("  %-18s", field);
        for (size_t n = 0; columns[n]; n++) {
            if (used + (int)strlen(columns[n]) > LINE_WIDTH)
                used = printf("\n  %-18s", "") - 1;
            used += printf(" %s", columns[n]);
        }
        putchar('\n');
    }
}

/* ---- the import ---- */

/* What is extended: the target when it is there, so that no import loses another's work. */
static enum li_status open_before(const struct li_catalog_import_settings *settings, struct li_catalog **out,
                                  struct li_error *err) {
    if (settings->empty)
        return LI_OK;
    if (access(settings->target, F_OK) == 0)
        return li_catalog_open_file(settings->target, out, err);
    bool other = settings->catalog && strcmp(settings->catalog, settings->target) != 0;
    return li_cli_open_catalog(other ? settings->catalog : NULL, out, err);
}

static double size_of(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 ? (double)facts.st_size : 0;
}

enum li_status li_catalog_import(const struct li_catalog_import_settings *settings, const char *const *files,
                                 size_t count, struct li_error *err) {
    struct showing showing = {.quiet = settings->json, .maps = &settings->maps};
    struct li_catalog *before = NULL;
    struct li_dataset *dataset = NULL;
    struct li_dataset_report report;
    li_progress_start(&showing.bar);
    catch_signals();
    for (size_t i = 0; i < count; i++)
        showing.total += size_of(files[i]);
    enum li_status status = open_before(settings, &before, err);
    const struct li_dataset_options options = {.path = settings->target,
                                               .before = before,
                                               .files = files,
                                               .file_count = count,
                                               .maps = settings->maps.items,
                                               .fresh = settings->fresh,
                                               .progress = on_progress,
                                               .mapped = on_mapped,
                                               .context = &showing};
    if (!status)
        status = li_dataset_new(&options, &dataset, err);
    for (size_t i = 0; !status && i < count; i++) {
        status = li_dataset_add(dataset, files[i], err);
        showing.before += size_of(files[i]);
    }
    if (!status)
        status = li_dataset_finish(dataset, &report, err);
    li_progress_wipe(&showing.bar);
    if (!status)
        tell_maps(&showing, &report);
    if (!status && settings->json)
        print_document(&report, settings->target);
    else if (!status)
        print_report(&report, settings->target);
    li_dataset_free(dataset);
    li_catalog_free(before);
    return status;
}
