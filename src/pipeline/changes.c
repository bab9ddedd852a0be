/* changes.c - where a taste changed for good: the split of the months into stretches of steady mood that
 * costs least, where a month costs its squared distance from the mean of its stretch, and each stretch a
 * penalty.
 *
 * Optimal partitioning (Jackson et al. 2005, "An algorithm for optimal partitioning of data on an interval");
 * the penalty is that of Yao 1988 ("Estimating the number of change-points via Schwarz' criterion"), with the
 * noise taken from the differences of neighbouring months, which a lasting change hardly touches. */
#include <math.h>
#include <stdlib.h>

#include "pipeline/heard.h"

enum {
    DIMENSIONS = 3,    /* valence, arousal, energy */
    SHORTEST = 3,      /* months of a stretch */
    ENOUGH_PLAYS = 10, /* of a month that is looked at */
};

struct point {
    size_t month;
    double at[DIMENSIONS];
};

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The noise of one dimension: 1.4826 times the median absolute difference of neighbours, over sqrt 2. */
static double noise_of(const struct point *points, size_t count, int dimension, double *scratch) {
    for (size_t i = 1; i < count; i++)
        scratch[i - 1] = fabs(points[i].at[dimension] - points[i - 1].at[dimension]);
    qsort(scratch, count - 1, sizeof *scratch, by_value);
    const double least = 0.01; /* finer steps than this mean nothing on the axes */
    double noise = 1.4826 * scratch[(count - 1) / 2] / sqrt(2);
    return noise > least ? noise : least;
}

/* Sums up to each point, so that the cost of a stretch takes no loop. */
struct sums {
    double sum[DIMENSIONS], square;
};

static double cost(const struct sums *sums, size_t from, size_t to) {
    double cost = sums[to].square - sums[from].square;
    for (int d = 0; d < DIMENSIONS; d++) {
        double sum = sums[to].sum[d] - sums[from].sum[d];
        cost -= sum * sum / (double)(to - from);
    }
    return cost;
}

static size_t read_points(const struct li_stretch *months, size_t count, struct point *points) {
    size_t used = 0;
    for (size_t m = 0; m < count; m++) {
        if (months[m].known >= ENOUGH_PLAYS)
            points[used++] = (struct point){m, {months[m].valence, months[m].arousal, months[m].energy}};
    }
    return used;
}

size_t li_timeline_changes(const struct li_stretch *months, size_t count, struct li_arena *arena,
                           size_t *changes) {
    struct point *points = li_arena_alloc(arena, count * sizeof *points);
    struct sums *sums = li_arena_alloc(arena, (count + 1) * sizeof *sums);
    double *best = li_arena_alloc(arena, (count + 1) * sizeof *best);
    size_t *previous = li_arena_alloc(arena, (count + 1) * sizeof *previous);
    size_t n = read_points(months, count, points), found = 0;
    if (n < 2 * SHORTEST)
        return 0;
    for (int d = 0; d < DIMENSIONS; d++) {
        double noise = noise_of(points, n, d, best);
        for (size_t i = 0; i < n; i++)
            points[i].at[d] /= noise;
    }
    for (size_t i = 0; i < n; i++) {
        sums[i + 1] = sums[i];
        for (int d = 0; d < DIMENSIONS; d++) {
            sums[i + 1].sum[d] += points[i].at[d];
            sums[i + 1].square += points[i].at[d] * points[i].at[d];
        }
    }
    const double penalty = 2 * (DIMENSIONS + 1) * log((double)n);
    best[0] = -penalty;
    for (size_t to = 1; to <= n; to++) {
        best[to] = INFINITY;
        for (size_t from = 0; from + SHORTEST <= to; from++) {
            double total = best[from] + cost(sums, from, to) + penalty;
            if (total < best[to]) {
                best[to] = total;
                previous[to] = from;
            }
        }
    }
    for (size_t at = previous[n]; at > 0; at = previous[at])
        changes[found++] = points[at].month;
    for (size_t i = 0; i < found / 2; i++) {
        size_t swap = changes[i];
        changes[i] = changes[found - 1 - i];
        changes[found - 1 - i] = swap;
    }
    return found;
}
