/* print_profile.c - a profile for people, on a terminal or in a file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cli.h"

enum { BAR_WIDTH = 28 };

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
        printf("%s%d %s.", space, count, count == 1 ? ONE[lang][i] : MANY[lang][i]);
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
    printf("%s\n\n", json_string_value(json_object_get(profile, "description")));
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
    print_emotions(profile, colored);
    putchar('\n');
    print_sources(json_object_get(profile, "sources"), lang);
    putchar('\n');
    if (json_array_size(unknown))
        print_list(NAMES[lang][5], unknown);
}
