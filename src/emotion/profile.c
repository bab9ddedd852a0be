/* profile.c - from read tracks and estimated artists to the profile of a taste. */
#include <math.h>
#include <string.h>

#include "emotion/emotion_priv.h"

/* How far one piece of evidence is off, as it shows in the lead of one emotion over another: what a track
 * says of a taste, and what a genre says of an artist, whose leads are too small besides. True leads differ
 * by as much as lead_spread, so that a large one is luck in part. Fitted: docs/emotions.md, "Confidence". */
static const double track_error = 0.12, estimate_error = 0.07, estimate_timidity = 0.02, lead_spread = 0.05;

/* So many emotions may be the first instead; more change nothing. */
enum { RIVALS = 5 };

/* The standard normal distribution function. */
static double normal(double x) {
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

/* The largest shares, falling. */
static void find_largest(const double score[LI_EMOTION_COUNT], double largest[RIVALS + 1]) {
    for (int i = 0; i <= RIVALS; i++)
        largest[i] = 0;
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        double share = score[e];
        for (int i = 0; i <= RIVALS; i++) {
            double before = largest[i];
            largest[i] = fmax(before, share);
            share = fmin(before, share);
        }
    }
}

double li_profile_confidence(const double score[LI_EMOTION_COUNT], double read_sq, double estimated_sq) {
    double largest[RIVALS + 1], confidence = 1;
    double error_sq = track_error * track_error * read_sq + estimate_error * estimate_error * estimated_sq;
    double luck = sqrt(1 + error_sq / (lead_spread * lead_spread));
    find_largest(score, largest);
    for (int k = 1; k <= RIVALS; k++) {
        double lead = largest[0] - largest[k] + estimate_timidity * sqrt(estimated_sq);
        confidence *= pow(normal(lead / sqrt(error_sq) / luck), log2((k + 1.0) / k));
    }
    return confidence;
}

static double confidence_of(const struct li_evidence *evidence, size_t count,
                            const double score[LI_EMOTION_COUNT]) {
    double total = 0, read = 0, estimated = 0;
    for (size_t i = 0; i < count; i++) {
        double w = evidence[i].weight;
        total += w;
        *(evidence[i].estimated ? &estimated : &read) += w * w;
    }
    return li_profile_confidence(score, read / total / total, estimated / total / total);
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
    out->confidence = confidence_of(evidence, count, out->score);
    out->variety = variety(out->score);
    place(evidence, count, out);
}
