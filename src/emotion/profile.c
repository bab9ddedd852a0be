/* profile.c - from read tracks and estimated artists to the profile of a taste. */
#include <math.h>
#include <string.h>

#include "emotion/emotion_priv.h"

/* Below this many pieces of equal weight nothing is known of how they differ. */
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

double li_profile_leads(double over_second, double over_third) {
    return li_emotion_normal(over_second) * pow(li_emotion_normal(over_third), log2(1.5));
}

/* What the weights of the evidence come to. */
struct amount {
    double total, pieces; /* pieces: so many of equal weight would say as much */
    double unsure;        /* root of the sum of squares of the estimated ones' shares */
    bool any_read;
};

static struct amount amount_of(const struct li_evidence *evidence, size_t count) {
    double total = 0, squares = 0, estimated_squares = 0;
    bool any_read = false;
    for (size_t i = 0; i < count; i++) {
        double w = evidence[i].weight;
        total += w;
        squares += w * w;
        estimated_squares += evidence[i].estimated ? w * w : 0;
        any_read = any_read || !evidence[i].estimated;
    }
    return (struct amount){total, total * total / squares, sqrt(estimated_squares) / total, any_read};
}

/* The mean lead of the first emotion over the one of a rank, in standard errors. These have two sources: the
 * pieces differ, and estimated pieces are off by themselves. */
static double lead_over(const struct li_evidence *evidence, size_t count, const struct li_profile *profile,
                        const struct amount *amount, int rank) {
    int first = profile->order[0], other = profile->order[rank];
    double lead = profile->score[first] - profile->score[other], variance = 0;
    for (size_t i = 0; i < count; i++) {
        double off = evidence[i].p[first] - evidence[i].p[other] - lead;
        variance += evidence[i].weight * off * off;
    }
    double sampling = amount->pieces > enough_pieces ? variance / amount->total / (amount->pieces - 1) : 0;
    double error = sqrt(sampling + pow(li_estimate_lead_sd * amount->unsure, 2) + 1e-12);
    return (lead - li_estimate_lead_bias * amount->unsure) / error;
}

/* One track says nothing of how the others differ; one estimate is of an artist as a whole. */
static double lead_confidence(const struct li_evidence *evidence, size_t count,
                              const struct li_profile *profile) {
    struct amount amount = amount_of(evidence, count);
    if (amount.pieces <= enough_pieces && amount.any_read)
        return li_profile_leads(0, 0);
    return li_profile_leads(lead_over(evidence, count, profile, &amount, 1),
                            lead_over(evidence, count, profile, &amount, 2));
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
