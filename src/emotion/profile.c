/* profile.c - from read tracks and estimated artists to the profile of a taste. */
#include <math.h>
#include <string.h>

#include "emotion/emotion_priv.h"

/* Below this many pieces of equal weight there is nothing to tell a lead from luck. */
static const double enough_pieces = 1.5;

double li_emotion_normal(double x) {
    return 0.5 * erfc(-x / sqrt(2));
}

static void rank(struct li_profile *profile) {
    for (int i = 0; i < LI_EMOTION_COUNT; i++) {
        int at = i;
        for (; at > 0 && profile->score[profile->order[at - 1]] < profile->score[i]; at--)
            profile->order[at] = profile->order[at - 1];
        profile->order[at] = i;
    }
}

/* The probability that the first emotion truly leads: a normal test of the mean lead over the second, whose
 * error has two sources: the pieces differ, and estimated pieces are off by themselves. */
static double lead_confidence(const struct li_evidence *evidence, size_t count,
                              const struct li_profile *profile) {
    int first = profile->order[0], second = profile->order[1];
    double lead = profile->score[first] - profile->score[second];
    double total = 0, squares = 0, estimated_squares = 0, variance = 0;
    for (size_t i = 0; i < count; i++) {
        double w = evidence[i].weight, off = evidence[i].p[first] - evidence[i].p[second] - lead;
        total += w;
        squares += w * w;
        estimated_squares += evidence[i].estimated ? w * w : 0;
        variance += w * off * off;
    }
    double pieces = total * total / squares, unsure = sqrt(estimated_squares) / total;
    if (pieces <= enough_pieces && unsure == 0)
        return 0.5;
    double sampling = pieces > enough_pieces ? variance / total / (pieces - 1) : 0;
    double error = sqrt(sampling + pow(li_estimate_lead_sd * unsure, 2) + 1e-12);
    double result = li_emotion_normal((lead - li_estimate_lead_bias * unsure) / error);
    return pieces > enough_pieces ? result : fmin(result, 0.5);
}

static double variety(const double score[LI_EMOTION_COUNT]) {
    double entropy = 0;
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        entropy -= score[e] > 0 ? score[e] * log(score[e]) : 0;
    return fmin(fmax(entropy / log(LI_EMOTION_COUNT), 0), 1);
}

/* The centre of the mood, and the standard distance around it: the root of the two axes' variances added,
 * those inside an estimate included. */
static void place(const struct li_evidence *evidence, size_t count, struct li_profile *out) {
    double total = 0, variance = 0;
    for (size_t i = 0; i < count; i++) {
        total += evidence[i].weight;
        out->pleasantness += evidence[i].weight * evidence[i].pleasantness;
        out->activation += evidence[i].weight * evidence[i].activation;
    }
    out->pleasantness /= total;
    out->activation /= total;
    for (size_t i = 0; i < count; i++) {
        const struct li_evidence *piece = &evidence[i];
        variance += piece->weight *
                    (pow(piece->pleasantness - out->pleasantness, 2) + pow(piece->spread_pleasantness, 2) +
                     pow(piece->activation - out->activation, 2) + pow(piece->spread_activation, 2));
    }
    out->spread = sqrt(variance / total);
}

void li_profile_compute(const struct li_evidence *evidence, size_t count, struct li_profile *out) {
    double total = 0;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        total += evidence[i].weight;
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
            out->score[e] += evidence[i].weight * evidence[i].p[e];
    }
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        out->score[e] /= total;
    rank(out);
    out->confidence = lead_confidence(evidence, count, out);
    out->variety = variety(out->score);
    place(evidence, count, out);
}
