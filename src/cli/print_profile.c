/* print_profile.c - a profile for people, on a terminal or in a file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cli.h"

enum { BAR_WIDTH = 28 };

/* Returns how many columns of its place the bar leaves free. */
static int print_bar(double value, double full, const char *color, bool colored) {
    unsigned r = 0, g = 0, b = 0;
    int length = (int)lround(value / full * BAR_WIDTH);
    colored = colored && color && sscanf(color, "#%02x%02x%02x", &r, &g, &b) == 3;
    if (colored)
        printf("\033[38;2;%u;%u;%um", r, g, b);
    for (int i = 0; i < length && i < BAR_WIDTH; i++)
        fputs("█", stdout);
    if (colored)
        fputs("\033[0m", stdout);
    return length < BAR_WIDTH ? BAR_WIDTH - length : 0;
}

static void print_list(const char *title, const json_t *list) {
    size_t i;
    json_t *item;
    printf("%s", title);
    json_array_foreach(list, i, item) printf("%s%s", i ? ", " : "", json_string_value(item));
    putchar('\n');
}

/* Sound files without tags have an artist of this id: their names say more. */
static bool is_named_artist(const json_t *reason) {
    const char *id = json_string_value(json_object_get(reason, "id"));
    return !id || strcmp(id, "audio:unknown artist") != 0;
}

/* "a, b" for the reasons of one kind that speak for the emotion, at least half as loudly as the first;
 * returns how many. */
static int print_reasons(const json_t *because, const char *kind, const char *before) {
    size_t i;
    json_t *reason;
    double least = 0;
    int count = 0;
    json_array_foreach(because, i, reason) {
        double value = li_json_get_number(reason, "value");
        if (strcmp(json_string_value(json_object_get(reason, "kind")), kind) != 0 || !(value > least) ||
            !is_named_artist(reason))
            continue;
        least = count ? least : value / 2;
        printf("%s%s", count++ ? ", " : before, json_string_value(json_object_get(reason, "label")));
    }
    return count;
}

/* "Miles Davis, Chet Baker · cool jazz, jazz": who, then what about them. */
static void print_because(const json_t *because) {
    if (!print_reasons(because, "artist", "  "))
        print_reasons(because, "track", "  ");
    print_reasons(because, "genre", " · ");
    print_reasons(because, "term", " · ");
}

static void print_emotions(const json_t *profile, enum li_lang lang, bool colored) {
    size_t i;
    json_t *emotion, *all = json_object_get(profile, "emotions");
    double full = li_json_get_number(json_array_get(all, 0), "score");
    json_array_foreach(all, i, emotion) {
        if (i == 5)
            break;
        fputs("  ", stdout);
        li_cli_print_padded(json_string_value(json_object_get(emotion, "label")), 18);
        int left = print_bar(li_json_get_number(emotion, "score"), full,
                             json_string_value(json_object_get(emotion, "color")), colored);
        printf("%*s %4.1f%s", left, "", li_json_get_number(emotion, "score") * 100,
               lang == LI_LANG_FR ? "\u00a0%" : "%");
        print_because(json_object_get(emotion, "because"));
        putchar('\n');
    }
}

/* "5 tracks estimated from genres. 1 track measured from sound." */
static void print_sources(const json_t *sources, enum li_lang lang) {
    static const char *const ONE[LI_LANG_COUNT][LI_ORIGIN_COUNT] = {
        {"track measured from sound", "track told by a provider", "track from a dataset",
         "track estimated from genres"},
        {"titre mesuré dans le son", "titre donné par un fournisseur", "titre tiré d’un jeu de données",
         "titre estimé d’après les genres"},
    };
    static const char *const MANY[LI_LANG_COUNT][LI_ORIGIN_COUNT] = {
        {"tracks measured from sound", "tracks told by a provider", "tracks from a dataset",
         "tracks estimated from genres"},
        {"titres mesurés dans le son", "titres donnés par un fournisseur", "titres tirés d’un jeu de données",
         "titres estimés d’après les genres"},
    };
    const char *space = "";
    for (int i = 0; i < LI_ORIGIN_COUNT; i++) {
        int count = (int)json_integer_value(json_object_get(sources, li_origin_name((enum li_origin)i)));
        if (!count)
            continue;
        bool many = li_cli_is_plural((unsigned)count, lang);
        printf("%s%d %s.", space, count, many ? MANY[lang][i] : ONE[lang][i]);
        space = " ";
    }
}

void li_cli_print_profile(const json_t *profile, enum li_lang lang) {
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
    li_cli_print_wrapped(json_string_value(json_object_get(profile, "description")), 0, 0);
    putchar('\n');
    if (json_array_size(json_object_get(profile, "genres")))
        print_list(NAMES[lang][0], json_object_get(profile, "genres"));
    else
        printf("%s%s\n", NAMES[lang][0], lang == LI_LANG_FR ? "inconnus" : "unknown");
    for (int i = 0; i < 3; i++) {
        double value = li_json_get_number(profile, AVERAGES[i]);
        printf("%s", NAMES[lang][i + 1]);
        printf(" %.2f ", value);
        print_bar(value, 1, NULL, false);
        putchar('\n');
    }
    printf("\n%s\n", NAMES[lang][4]);
    print_emotions(profile, lang, colored);
    putchar('\n');
    print_sources(json_object_get(profile, "sources"), lang);
    putchar('\n');
    if (json_array_size(unknown))
        print_list(NAMES[lang][5], unknown);
}
