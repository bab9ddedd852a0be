/* emotion.c - gives bench/accuracy and tools/fit_genres the library's own answers: one line in, one line out.
 *
 * bench-emotion read: ten features, tab separated (nan = unknown) -> axes and probabilities
 *
 * bench-emotion match: a genre tag -> the index of its family, or -1
 *
 * bench-emotion estimate: indices of families -> means, spreads, probabilities, axes, their spreads,
 * confidence
 *
 * bench-emotion profile: pieces of evidence of 22 numbers each -> scores, confidence, variety, axes, spread
 *
 * bench-emotion families: reads nothing -> id, parent, artists, means
 *
 * bench-emotion emotions: reads nothing -> id, quadrant, axes, ordinary share
 */
#include <listening.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVIDENCE_NUMBERS = LI_EMOTION_COUNT + 6, EVIDENCE_MAX = 4096 };

static void print_numbers(const double *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        printf("%.9g\t", values[i]);
}

/* Numbers at the start of a line; returns how many there were. */
static size_t parse(const char *line, double *out, size_t max) {
    size_t count = 0;
    char *end;
    for (; count < max; count++, line = end) {
        out[count] = strtod(line, &end);
        if (end == line)
            break;
    }
    return count;
}

static int answer_read(const char *line) {
    struct li_features features;
    struct li_reading reading;
    if (parse(line, features.value, LI_FEATURE_COUNT) != LI_FEATURE_COUNT)
        return 1;
    li_emotion_read(&features, &reading);
    print_numbers((double[]){reading.pleasantness, reading.activation}, 2);
    print_numbers(reading.p, LI_EMOTION_COUNT);
    return 0;
}

static int answer_match(const char *line) {
    printf("%d", li_genre_match(line, strlen(line)));
    return 0;
}

static int answer_estimate(const char *line) {
    double numbers[64];
    int families[64];
    struct li_estimate estimate;
    size_t count = parse(line, numbers, 64);
    for (size_t i = 0; i < count; i++)
        families[i] = (int)numbers[i];
    li_genre_estimate(families, count, &estimate);
    print_numbers(estimate.mean.value, LI_FEATURE_COUNT);
    print_numbers(estimate.spread.value, LI_FEATURE_COUNT);
    print_numbers(estimate.p, LI_EMOTION_COUNT);
    print_numbers((double[]){estimate.pleasantness, estimate.activation, estimate.spread_pleasantness,
                             estimate.spread_activation, estimate.confidence},
                  5);
    return 0;
}

static int answer_profile(const char *line) {
    static double numbers[EVIDENCE_MAX * EVIDENCE_NUMBERS];
    static struct li_evidence evidence[EVIDENCE_MAX];
    struct li_profile profile;
    size_t count = parse(line, numbers, EVIDENCE_MAX * EVIDENCE_NUMBERS) / EVIDENCE_NUMBERS;
    if (count == 0)
        return 1;
    for (size_t i = 0; i < count; i++) {
        const double *at = numbers + i * EVIDENCE_NUMBERS, *more = at + LI_EMOTION_COUNT;
        evidence[i] = (struct li_evidence){at, more[0], more[1], more[2], more[3], more[4], more[5] != 0};
    }
    li_profile_compute(evidence, count, &profile);
    print_numbers(profile.score, LI_EMOTION_COUNT);
    print_numbers((double[]){profile.confidence, profile.variety, profile.pleasantness, profile.activation,
                             profile.spread},
                  5);
    return 0;
}

static int print_families(void) {
    for (size_t i = 0; i < li_genre_count(); i++) {
        const struct li_genre *genre = li_genre_at(i);
        printf("%s\t%d\t%d\t", genre->id, genre->parent, genre->artists);
        print_numbers(genre->mean.value, LI_FEATURE_COUNT);
        putchar('\n');
    }
    return 0;
}

static int print_emotions(void) {
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++) {
        const struct li_emotion *emotion = li_emotion_at(i);
        printf("%s\t%c\t%g\t%g\t%g\n", emotion->id, emotion->quadrant, emotion->pleasantness,
               emotion->activation, emotion->base_rate);
    }
    return 0;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        int (*answer)(const char *line);
    } modes[] = {
        {"read", answer_read},
        {"match", answer_match},
        {"estimate", answer_estimate},
        {"profile", answer_profile},
    };
    const char *mode = argc == 2 ? argv[1] : "";
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    if (strcmp(mode, "families") == 0)
        return print_families();
    if (strcmp(mode, "emotions") == 0)
        return print_emotions();
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(mode, modes[i].name) != 0)
            continue;
        while ((length = getline(&line, &size, stdin)) >= 0) {
            if (length > 0 && line[length - 1] == '\n')
                line[length - 1] = '\0';
            if (modes[i].answer(line) != 0) {
                fprintf(stderr, "bench-emotion: not a line for %s: %.60s\n", mode, line);
                free(line);
                return 1;
            }
            putchar('\n');
        }
        free(line);
        return 0;
    }
    fprintf(stderr, "bench-emotion: use read, match, estimate, profile, families or emotions\n");
    return 2;
}
