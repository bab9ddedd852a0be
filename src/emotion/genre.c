/* genre.c - genre tags -> families -> what genres alone can say about an artist.
 * How the families were made and what they are worth: docs/emotions.md, "Genres". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "emotion/emotion_priv.h"

enum {
    TAG_BYTES_MAX = 256,
    FOLDED_BYTES_MAX = 12 * TAG_BYTES_MAX, /* no code point folds to more than eleven times its bytes */
    WORDS_MAX = FOLDED_BYTES_MAX / 2,
};

size_t li_genre_count(void) {
    return li_genre_row_count;
}

const struct li_genre *li_genre_at(size_t index) {
    return index < li_genre_row_count ? &li_genre_rows[index] : NULL;
}

static int compare_alias(const void *key, const void *row) {
    return li_text_compare(*(const struct li_text *)key,
                           li_text_of(((const struct li_genre_alias_row *)row)->alias));
}

static int find_alias(struct li_text words) {
    const struct li_genre_alias_row *row = bsearch(&words, li_genre_alias_rows, li_genre_alias_row_count,
                                                   sizeof *li_genre_alias_rows, compare_alias);
    return row ? row->family : -1;
}

int li_genre_match(const char *tag, size_t length) {
    char folded[FOLDED_BYTES_MAX];
    size_t start[WORDS_MAX], end[WORDS_MAX], words = 0;
    if (!tag || length > TAG_BYTES_MAX)
        return -1;
    size_t used = li_text_fold((struct li_text){tag, length}, folded, sizeof folded);
    for (size_t i = 0; i < used; i++) {
        if (folded[i] == ' ')
            continue;
        if (i == 0 || folded[i - 1] == ' ')
            start[words] = i;
        if (i + 1 == used || folded[i + 1] == ' ')
            end[words++] = i + 1;
    }
    for (size_t run = words < li_genre_alias_words_max ? words : li_genre_alias_words_max; run > 0; run--) {
        for (size_t last = words; last >= run; last--) {
            size_t from = start[last - run];
            int family = find_alias((struct li_text){folded + from, end[last - 1] - from});
            if (family >= 0)
                return family;
        }
    }
    return -1;
}

/* The reference catalogue (docs/emotions.md): what is known of an artist of whom no genre is known. */
static const struct li_features catalogue_mean = {{
    [LI_DANCEABILITY] = 0.5406,
    [LI_ENERGY] = 0.5797,
    [LI_VALENCE] = 0.5301,
    [LI_ACOUSTICNESS] = 0.3614,
    [LI_INSTRUMENTALNESS] = 0.1568,
    [LI_LIVENESS] = 0.1985,
    [LI_SPEECHINESS] = 0.0730,
    [LI_LOUDNESS] = -10.13,
    [LI_TEMPO] = 119.53,
    [LI_MODE] = 0.6902,
}};
static const struct li_features catalogue_spread = {{
    [LI_DANCEABILITY] = 0.1786,
    [LI_ENERGY] = 0.2556,
    [LI_VALENCE] = 0.2698,
    [LI_ACOUSTICNESS] = 0.3401,
    [LI_INSTRUMENTALNESS] = 0.3064,
    [LI_LIVENESS] = 0.1694,
    [LI_SPEECHINESS] = 0.0843,
    [LI_LOUDNESS] = 5.42,
    [LI_TEMPO] = 29.18,
    [LI_MODE] = 0.4624,
}};

/* An axis of the estimate: its centre is linear in the mean position of the emotions, weighted by their
 * probabilities; its spread goes with theirs. Fitted on true tracks: docs/emotions.md, "From genres to the
 * axes". The last two are the catalogue's own, for when no genre is known. */
struct axis {
    double offset, scale, spread_scale;
    double catalogue_centre, catalogue_spread;
};
static const struct axis pleasantness_axis = {-0.524, 3.024, 1.025, 0.095, 0.600};
static const struct axis activation_axis = {-0.235, 2.139, 1.132, 0.136, 0.600};

/* Artists at which a family is half known. An artist brings some tracks: the table itself, in which thirty
 * tracks weigh as much as the parent, is surer than this. */
static const double shrinkage_artists = 30;

static size_t distinct(const int *families, size_t count, int out[LI_GENRES_MAX]) {
    size_t used = 0;
    for (size_t i = 0; i < count && used < LI_GENRES_MAX; i++) {
        bool known = families[i] >= 0 && (size_t)families[i] < li_genre_row_count;
        for (size_t k = 0; k < used && known; k++)
            known = out[k] != families[i];
        if (known)
            out[used++] = families[i];
    }
    return used;
}

/* The mean of the families' means, and the spread of tracks drawn from all of them alike: the mean of their
 * variances plus the variance of their means. */
static void mix(struct li_estimate *out) {
    for (size_t f = 0; f < LI_FEATURE_COUNT; f++) {
        double mean = 0, square = 0;
        for (size_t i = 0; i < out->genre_count; i++) {
            const struct li_genre *genre = &li_genre_rows[out->genre[i]];
            double m = genre->mean.value[f], s = genre->spread.value[f];
            mean += m / (double)out->genre_count;
            square += (m * m + s * s) / (double)out->genre_count;
        }
        out->mean.value[f] = mean;
        out->spread.value[f] = sqrt(fmax(square - mean * mean, 0));
    }
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        out->p[e] = 0;
        for (size_t i = 0; i < out->genre_count; i++)
            out->p[e] += li_genre_rows[out->genre[i]].p[e] / (double)out->genre_count;
    }
}

static void place(const double p[LI_EMOTION_COUNT], const struct axis *axis, bool upright, double *centre,
                  double *spread) {
    double mean = 0, square = 0;
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        const struct li_emotion *face = &li_emotion_rows[e].face;
        double at = upright ? face->activation : face->pleasantness;
        mean += p[e] * at;
        square += p[e] * at * at;
    }
    *centre = axis->offset + axis->scale * mean;
    *spread = axis->spread_scale * sqrt(fmax(square - mean * mean, 0));
}

/* How far a family's figures are its own: 0..1. What it takes from its parent counts half. */
static double trust(int family) {
    double sum = 0, share = 1;
    for (int at = family; at >= 0; at = li_genre_rows[at].parent) {
        double own = li_genre_rows[at].artists / (li_genre_rows[at].artists + shrinkage_artists);
        sum += share * own;
        share *= (1 - own) / 2;
    }
    return sum;
}

/* The probability that the strongest emotion of the estimate is really the artist's: that of the error model
 * of profile.c where the families are well known, chance where they are not. */
static double confidence(const struct li_estimate *estimate) {
    double known = 0;
    for (size_t i = 0; i < estimate->genre_count; i++)
        known += trust(estimate->genre[i]) / (double)estimate->genre_count;
    return known * li_profile_confidence(estimate->p, 0, 1) + (1 - known) / LI_EMOTION_COUNT;
}

void li_genre_estimate(const int *families, size_t count, struct li_estimate *out) {
    memset(out, 0, sizeof *out);
    out->genre_count = distinct(families, count, out->genre);
    if (out->genre_count) {
        mix(out);
        place(out->p, &pleasantness_axis, false, &out->pleasantness, &out->spread_pleasantness);
        place(out->p, &activation_axis, true, &out->activation, &out->spread_activation);
    } else {
        out->mean = catalogue_mean;
        out->spread = catalogue_spread;
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
            out->p[e] = li_emotion_rows[e].face.base_rate;
        out->pleasantness = pleasantness_axis.catalogue_centre;
        out->activation = activation_axis.catalogue_centre;
        out->spread_pleasantness = pleasantness_axis.catalogue_spread;
        out->spread_activation = activation_axis.catalogue_spread;
    }
    out->confidence = confidence(out);
}
