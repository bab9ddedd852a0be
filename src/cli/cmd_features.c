/* cmd_features.c - a track list in (as Exportify writes it, or any table with titles and artists, or ISRCs),
 * the same out with its audio-feature columns filled, and a column that says where each row's numbers come
 * from. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/known_table.h"
#include "cli/source_options.h"

enum { KEY_SIZE = 512, ASKED_MAX = 50, TRACKS_ASKED = 10 };

/* What one row can be told about. */
struct values {
    struct li_text cell[LI_FEATURE_COLUMN_COUNT]; /* as they are printed */
    const char *source;                           /* NULL: nothing is known */
};

static bool same(struct li_text a, struct li_text b) {
    return a.size > 0 && li_text_equal(a, b);
}

static bool look_up(const struct li_known_table *known, const struct li_row_keys *keys, struct values *out) {
    size_t row = 0;
    if (!li_known_table_find(known, keys, &row))
        return false;
    for (int f = 0; f < LI_FEATURE_COLUMN_COUNT; f++)
        out->cell[f] = li_table_cell(&known->table, row, known->layout.feature[f]);
    out->source = known->source;
    return true;
}

/* The track of this title among the best-known ones of an artist. */
static bool find_by_name(struct li_source *source, struct li_text artist, struct li_text title,
                         struct li_arena *arena, struct li_source_wanted *out) {
    struct li_source_artist *hits = NULL;
    struct li_source_track *tracks = NULL;
    size_t hit_count = 0, count = 0;
    char wanted[KEY_SIZE], have[KEY_SIZE];
    if (!artist.size || artist.size > LI_SOURCE_QUERY_MAX ||
        li_source_search(source, artist, 1, arena, &hits, &hit_count, NULL) != LI_OK || !hit_count ||
        li_source_top_tracks(source, hits[0].id, TRACKS_ASKED, arena, &tracks, &count, NULL) != LI_OK)
        return false;
    struct li_text key = {wanted, li_text_fold(title, wanted, sizeof wanted)};
    for (size_t t = 0; t < count; t++) {
        size_t size = li_text_fold(tracks[t].title, have, sizeof have);
        if (!same(key, (struct li_text){have, size}))
            continue;
        *out = (struct li_source_wanted){tracks[t].id, tracks[t].title, hits[0].name};
        return true;
    }
    return false;
}

/* The features that a live source has of one track, by its ISRC, else by its name: kept, else measured now.
 */
static bool ask(struct li_source *source, struct li_text isrc, struct li_text artist, struct li_text title,
                struct li_arena *arena, struct values *out) {
    struct li_source_wanted track;
    struct li_source_features found = {0};
    if ((!isrc.size || li_source_recording(source, isrc, arena, &track, NULL) != LI_OK) &&
        !find_by_name(source, artist, title, arena, &track))
        return false;
    if (li_source_features(source, &track, 1, NULL, &found, NULL) != LI_OK || !found.known)
        return false;
    for (int f = 0; f < LI_FEATURE_COLUMN_COUNT; f++) {
        double value =
            LI_FEATURE_COLUMNS[f].feature >= 0 ? found.features.value[LI_FEATURE_COLUMNS[f].feature] : NAN;
        out->cell[f] = isfinite(value) ? li_arena_printf(arena, "%.10g", value) : (struct li_text){0};
    }
    out->source = li_origin_name(found.origin);
    return true;
}

/* ---- out ---- */

static bool is_feature_column(const struct li_track_layout *layout, size_t column, int *feature) {
    for (int f = 0; f < LI_FEATURE_COLUMN_COUNT; f++) {
        if (layout->feature[f] == (int)column) {
            *feature = f;
            return true;
        }
    }
    return false;
}

static void print_header(const struct li_table *list, const struct li_track_layout *layout) {
    for (size_t c = 0; c < list->columns; c++) {
        if (c)
            putchar(',');
        li_cli_print_cell(list->header[c]);
    }
    for (int f = 0; f < LI_FEATURE_COLUMN_COUNT; f++)
        if (layout->feature[f] < 0)
            printf(",%s", LI_FEATURE_COLUMNS[f].names[0]);
    puts(layout->source < 0 ? ",Feature Source" : "");
}

/* A row: what it says itself stays, what is missing is filled. */
static void print_row(const struct li_table *list, const struct li_track_layout *layout, size_t row,
                      const struct values *values, struct li_text source) {
    int f = 0;
    for (size_t c = 0; c < list->columns; c++) {
        struct li_text cell = list->cells[row * list->columns + c];
        if (c)
            putchar(',');
        if (is_feature_column(layout, c, &f) && li_text_trim(cell).size == 0)
            cell = values->cell[f];
        li_cli_print_cell(layout->source == (int)c ? source : cell);
    }
    for (f = 0; f < LI_FEATURE_COLUMN_COUNT; f++) {
        if (layout->feature[f] < 0) {
            putchar(',');
            li_cli_print_cell(values->cell[f]);
        }
    }
    if (layout->source < 0)
        printf(",%.*s", LI_TEXT_ARG(source));
    putchar('\n');
}

struct filler {
    struct li_known_table *known;
    size_t known_count;
    struct li_source *source; /* NULL: nobody is asked */
    size_t asked, not_asked, filled, given, left;
};

/* A row that its provider was asked for counts; what was kept costs nobody anything. */
static bool ask_for(struct filler *filler, const struct li_table *list, const struct li_track_layout *layout,
                    size_t row, struct li_arena *arena, struct values *out) {
    uint64_t before = 0, after = 0, failures = 0;
    if (filler->asked == ASKED_MAX) {
        filler->not_asked++;
        return false;
    }
    li_source_counts(filler->source, &before, &failures);
    bool found = ask(filler->source, li_table_cell(list, row, layout->isrc),
                     li_first_artist(li_table_cell(list, row, layout->artist)),
                     li_table_cell(list, row, layout->title), arena, out);
    li_source_counts(filler->source, &after, &failures);
    filler->asked += after > before;
    return found;
}

static void fill_row(struct filler *filler, const struct li_table *list, const struct li_track_layout *layout,
                     size_t row) {
    struct li_arena arena = {0};
    struct values values = {.source = NULL};
    struct li_row_keys keys = li_row_keys_of(list, layout, row);
    bool given = li_row_is_filled(list, layout, row), found = false;
    for (size_t k = 0; !given && !found && k < filler->known_count; k++)
        found = look_up(&filler->known[k], &keys, &values);
    if (!given && !found && filler->source)
        found = ask_for(filler, list, layout, row, &arena, &values);
    struct li_text said = li_table_cell(list, row, layout->source); /* by a run before this one */
    print_row(list, layout, row, &values,
              given && said.size ? said
                                 : li_text_of(given   ? "given"
                                              : found ? values.source
                                                      : ""));
    *(given ? &filler->given : found ? &filler->filled : &filler->left) += 1;
    li_arena_release(&arena);
}

static bool has_features(const struct li_track_layout *layout) {
    bool any = false;
    for (int f = 0; f < LI_FEATURE_COLUMN_COUNT; f++)
        any = any || layout->feature[f] >= 0;
    return any;
}

static enum li_status read_known(const struct li_string_list *files, struct filler *filler,
                                 struct li_error *err) {
    static const char *const UNIT[] = {"Loudness Unit", NULL};
    enum li_status status = LI_OK;
    for (size_t i = 0; !status && i < files->count; i++) {
        struct li_known_table *known = &filler->known[filler->known_count++];
        status = li_table_read(files->items[i], &known->table, err);
        if (status)
            break;
        known->layout = li_track_layout_of(&known->table);
        known->source = li_table_column(&known->table, UNIT) >= 0 ? "measured" : "dataset";
        if (!has_features(&known->layout))
            status =
                li_fail(err, LI_INVALID, "%.150s has no feature columns (Danceability ...)", files->items[i]);
        known->keys = li_arena_try(&known->table.arena, known->table.rows + 1, sizeof *known->keys);
        if (!status && !known->keys)
            status = li_fail(err, LI_NO_MEMORY, "no memory for %zu rows", known->table.rows);
        for (size_t row = 0; !status && row < known->table.rows; row++)
            known->keys[row] = li_row_keys_of(&known->table, &known->layout, row);
    }
    return status;
}

static void report(const struct filler *filler, size_t rows, bool asked) {
    fprintf(stderr, "listening: %zu row%s: %zu filled, %zu had numbers already, %zu not known\n", rows,
            li_cli_ending(rows), filler->filled, filler->given, filler->left);
    if (filler->not_asked)
        fprintf(stderr,
                "listening: %zu of those not known %s not asked for: a run asks for %d rows; with --cache "
                "the same "
                "command goes on behind them\n",
                filler->not_asked, filler->not_asked == 1 ? "was" : "were", ASKED_MAX);
    if (filler->left && !asked)
        fputs("listening: nobody was asked: name tables with --from, or a live --source\n", stderr);
}

static void print_help(const struct li_option *options) {
    puts("listening features FILE.csv - fills Danceability, Energy, Key ... Time Signature of a track "
         "list.\n\n"
         "  listening analyze --csv ~/Music > measured.csv\n"
         "  listening features --from measured.csv my_playlist.csv > filled.csv\n\n"
         "FILE.csv is a list as Exportify writes it, or any table with titles and artists, or ISRCs. Numbers "
         "that it\n"
         "holds stay; the column Feature Source says of each row: given, measured, dataset, provider, or "
         "nothing.\n"
         "A live --source is asked for at most 50 rows a run; what --cache keeps does not count.\n");
    li_options_print(options);
}

int li_cmd_features(int argc, char **argv) {
    const char **words = calloc((size_t)argc + 1, sizeof *words);
    struct li_known_table known[LI_LIST_MAX];
    struct filler filler = {.known = known};
    struct li_string_list from = {0};
    struct li_source_settings settings = {0};
    bool help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"from", LI_OPTION_LIST, &from, NULL, "FILE.csv",
         "a table that has features: of `listening analyze --csv` (measured), or any other (dataset); "
         "repeatable"},
        LI_SOURCE_OPTIONS(settings),
        {0},
    };
    struct li_error err = {0};
    struct li_table list = {0};
    struct li_catalog *catalog = NULL;
    struct li_source *source = NULL;
    if (!words)
        return LI_EXIT_FAILED;
    memset(known, 0, sizeof known);
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && help) {
        print_help(options);
        goto done;
    }
    if (!status && count != 1)
        status =
            li_fail(&err, LI_INVALID, "name one track list: listening features --from measured.csv list.csv");
    if (!status)
        status = li_table_read(words[0], &list, &err);
    if (!status)
        status = li_table_check_whole(&list, words[0], &err);
    struct li_track_layout layout = li_track_layout_of(&list);
    if (!status && (layout.title < 0 || layout.artist < 0) && layout.isrc < 0)
        status = li_fail(&err, LI_INVALID,
                         "%.150s has neither the columns Track Name and Artist Name(s) nor ISRC", words[0]);
    if (!status)
        status = read_known(&from, &filler, &err);
    if (!status && li_source_is_live(&settings)) {
        status = li_cli_open_source(&settings, NULL, &catalog, &source, &err);
        filler.source = source;
    }
    if (!status) {
        print_header(&list, &layout);
        for (size_t row = 0; row < list.rows; row++)
            fill_row(&filler, &list, &layout, row);
        report(&filler, list.rows, from.count || source);
    }
done:
    li_source_free(source);
    li_catalog_free(catalog);
    for (size_t k = 0; k < filler.known_count; k++)
        li_table_free(&known[k].table);
    li_table_free(&list);
    free(words);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
