/* The model against four sets of human labels: the figures that docs/emotions.md states. */
#include "check.h"

#include <listening.h>

enum { CELLS_MAX = 32, CLASSES_MAX = 4 };

struct label_set {
    const char *file;
    /* The class of each quadrant, in the order H E S C; NULL: the set has none. */
    const char *name[CLASSES_MAX];
    bool excitement_is_happy;
    size_t tracks;
    double accuracy, macro_f1;
};

/* Splits a line of CSV in place; quotes as RFC 4180 has them. */
static size_t split(char *line, char *cell[CELLS_MAX]) {
    size_t count = 0;
    char *at = line, *to = line;
    line[strcspn(line, "\r\n")] = '\0';
    while (count < CELLS_MAX) {
        bool quoted = *at == '"';
        cell[count++] = to;
        at += quoted;
        while (*at && (quoted || *at != ',')) {
            if (quoted && at[0] == '"') {
                if (at[1] != '"') {
                    quoted = false;
                    at++;
                    continue;
                }
                at++;
            }
            *to++ = *at++;
        }
        bool more = *at == ',';
        at++;
        *to++ = '\0';
        if (!more)
            break;
    }
    return count;
}

static size_t column(char *cell[], size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(cell[i], name) == 0)
            return i;
    fail_msg("no column %s", name);
    return 0;
}

/* The quadrant with the most probability among those that the set has a class for. */
static int class_of(const struct label_set *set, const double p[LI_EMOTION_COUNT]) {
    static const char quadrants[] = "HESC";
    double sum[CLASSES_MAX] = {0};
    int best = 0;
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        const struct li_emotion *emotion = li_emotion_at(e);
        const char *found = strchr(quadrants, emotion->quadrant);
        bool happy = set->excitement_is_happy && strcmp(emotion->id, "excitement") == 0;
        if (happy || found)
            sum[happy ? 0 : found - quadrants] += p[e];
    }
    for (int c = 1; c < CLASSES_MAX; c++)
        if (set->name[c] && sum[c] > sum[best])
            best = c;
    return best;
}

static void measure(FILE *file, const struct label_set *set, size_t confusion[CLASSES_MAX][CLASSES_MAX]) {
    char line[8192], *cell[CELLS_MAX];
    size_t place[LI_FEATURE_COUNT];
    assert_non_null(fgets(line, sizeof line, file));
    size_t count = split(line, cell), mood = column(cell, count, "mood");
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        place[f] = column(cell, count, li_feature_id((enum li_feature)f));
    while (fgets(line, sizeof line, file)) {
        struct li_features features;
        struct li_reading reading;
        int truth = -1;
        assert_int_equal(split(line, cell), count);
        for (size_t f = 0; f < LI_FEATURE_COUNT; f++)
            features.value[f] = *cell[place[f]] ? strtod(cell[place[f]], NULL) : NAN;
        for (int c = 0; c < CLASSES_MAX; c++)
            if (set->name[c] && strcmp(cell[mood], set->name[c]) == 0)
                truth = c;
        check(truth >= 0, "%s: no class %s", set->file, cell[mood]);
        li_emotion_read(&features, &reading);
        confusion[truth][class_of(set, reading.p)]++;
    }
}

static void check_set(const struct label_set *set) {
    char path[4096];
    snprintf(path, sizeof path, "%s/data/tracks/%s.csv", getenv("LI_SHARED") ? getenv("LI_SHARED") : "",
             set->file);
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("skipped: the label set LI_SHARED/data/tracks/%s.csv is not here\n", set->file);
        skip();
    }
    size_t confusion[CLASSES_MAX][CLASSES_MAX] = {{0}}, total = 0, right = 0, classes = 0;
    double f1 = 0;
    measure(file, set, confusion);
    fclose(file);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        size_t of_class = 0, said = 0;
        for (size_t k = 0; k < CLASSES_MAX; k++) {
            of_class += confusion[c][k];
            said += confusion[k][c];
        }
        total += of_class;
        right += confusion[c][c];
        if (set->name[c]) {
            f1 += 2 * (double)confusion[c][c] / (double)(of_class + said);
            classes++;
        }
    }
    assert_int_equal(total, set->tracks);
    check_near((double)right / (double)total, set->accuracy, 0.005);
    check_near(f1 / (double)classes, set->macro_f1, 0.005);
}

static void test_data_moods(void **state) {
    (void)state;
    check_set(
        &(struct label_set){"data_moods", {"Happy", "Energetic", "Sad", "Calm"}, false, 342, 0.746, 0.726});
}

static void test_playlist3(void **state) {
    (void)state;
    check_set(
        &(struct label_set){"playlist3_bdizon", {"happy", "angry", "sad", NULL}, true, 1228, 0.739, 0.743});
}

static void test_playlist4(void **state) {
    (void)state;
    check_set(&(struct label_set){
        "playlist4_silver", {"happy", "angry", "sad", "relaxed"}, true, 638, 0.596, 0.499});
}

static void test_moodylyrics(void **state) {
    (void)state;
    check_set(
        &(struct label_set){"moodylyrics4q", {"happy", "angry", "sad", "relaxed"}, true, 141, 0.631, 0.503});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_moods),
        cmocka_unit_test(test_playlist3),
        cmocka_unit_test(test_playlist4),
        cmocka_unit_test(test_moodylyrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
