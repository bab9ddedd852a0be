/* model.c - the features of a track -> eleven terms -> two axes -> a probability for each emotion.
 *
 * The constants are the fit described in docs/emotions.md, "The constants". Nothing here has a threshold: a
 * small change of a feature is a small change of the answer. */
#include <math.h>
#include <string.h>

#include "emotion/emotion_priv.h"

/* A term's mean and standard deviation in the reference catalogue, and its weight on the two axes. */
struct term {
    const char *id;
    const char *label[LI_LANG_COUNT];
    double mean, sd;
    double pleasantness, activation;
};

static const struct term terms[LI_TERM_COUNT] = {
    [LI_TERM_VALENCE] = {"valence", {"positivity", "positivité"}, 0.5301, 0.2698, 0.128, 0.183},
    [LI_TERM_ENERGY] = {"energy", {"energy", "énergie"}, 0.5797, 0.2556, 0.417, 0.316},
    [LI_TERM_DANCEABILITY] =
        {"danceability", {"dance groove", "rythme dansant"}, 0.5406, 0.1786, 0.148, -0.058},
    [LI_TERM_ACOUSTICNESS] =
        {"acousticness", {"acoustic sound", "son acoustique"}, 0.3614, 0.3401, 0.075, -0.099},
    [LI_TERM_INSTRUMENTALNESS] =
        {"instrumentalness", {"absence of voice", "absence de voix"}, 0.1568, 0.3064, -0.187, -0.001},
    [LI_TERM_SPEECHINESS] = {"speechiness", {"spoken flow", "débit parlé"}, 0.2481, 0.1068, -0.074, 0.135},
    [LI_TERM_LOUDNESS] = {"loudness", {"loudness", "volume sonore"}, 0.8312, 0.0903, -0.240, 0.0},
    [LI_TERM_TEMPO] = {"tempo", {"tempo", "tempo"}, 1.1953, 0.2916, 0.037, 0.044},
    [LI_TERM_MODE] = {"mode", {"major key", "mode majeur"}, 0.6902, 0.4624, 0.066, 0.036},
    [LI_TERM_QUIET] = {"quiet", {"instrumental calm", "calme instrumental"}, 0.0849, 0.2029, 0.566, -0.132},
    [LI_TERM_HARSH] = {"harsh", {"dark intensity", "intensité sombre"}, 0.2475, 0.1857, -0.275, 0.0},
};

/* The words for less of a term than usual. */
static const char *const lacks[LI_TERM_COUNT][LI_LANG_COUNT] = {
    [LI_TERM_VALENCE] = {"little positivity", "peu de positivité"},
    [LI_TERM_ENERGY] = {"little energy", "peu d’énergie"},
    [LI_TERM_DANCEABILITY] = {"little dance groove", "peu de rythme dansant"},
    [LI_TERM_ACOUSTICNESS] = {"little acoustic sound", "peu de son acoustique"},
    [LI_TERM_INSTRUMENTALNESS] = {"presence of voice", "présence de voix"},
    [LI_TERM_SPEECHINESS] = {"little spoken flow", "peu de débit parlé"},
    [LI_TERM_LOUDNESS] = {"low loudness", "faible volume sonore"},
    [LI_TERM_TEMPO] = {"slow tempo", "tempo lent"},
    [LI_TERM_MODE] = {"minor key", "mode mineur"},
    [LI_TERM_QUIET] = {"little instrumental calm", "peu de calme instrumental"},
    [LI_TERM_HARSH] = {"little dark intensity", "peu d’intensité sombre"},
};

static const double intercept_pleasantness = 0.094, intercept_activation = 0.136;

/* How fast an emotion's score falls with the squared distance on each axis. */
static const double sharpness_pleasantness = 2.528, sharpness_activation = 6.704;

/* Where the textures of data/emotions.tsv act. */
static const enum li_term texture_term[TEXTURE_COUNT] = {
    [TEXTURE_DANCEABILITY] = LI_TERM_DANCEABILITY,
    [TEXTURE_ACOUSTICNESS] = LI_TERM_ACOUSTICNESS,
    [TEXTURE_SPEECHINESS] = LI_TERM_SPEECHINESS,
    [TEXTURE_INSTRUMENTALNESS] = LI_TERM_INSTRUMENTALNESS,
};

static double clip(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

/* Brings a feature to the scale of its term; NAN stays NAN. */
static double rescale(enum li_feature feature, double x) {
    if (isnan(x))
        return x;
    if (feature == LI_LOUDNESS)
        return clip((x + 60) / 60, 0, 1);
    if (feature == LI_TEMPO)
        return clip(x, 40, 220) / 100;
    if (feature == LI_SPEECHINESS)
        return sqrt(clip(x, 0, 1));
    return clip(x, 0, 1);
}

/* Regressions that fill three features from the four that most sources have; they come in the order
 * 1, valence, energy, danceability, root of speechiness, energy squared, valence * energy. */
enum { FILL_INPUTS = 7 };
static const double fill_acousticness[FILL_INPUTS] = {1.125, 0.140, -1.552, -0.344, 0.067, 0.453, 0.149};
static const double fill_instrumentalness[FILL_INPUTS] = {0.710,  -0.214, -1.045, -0.272,
                                                          -0.129, 0.736,  0.153};
static const double fill_loudness[FILL_INPUTS] = {0.585, -0.030, 0.658, 0.054, -0.022, -0.329, -0.036};

static double fill(const double weight[FILL_INPUTS], const double x[LI_TERM_COUNT]) {
    double v = x[LI_TERM_VALENCE], e = x[LI_TERM_ENERGY];
    double inputs[FILL_INPUTS] = {1, v, e, x[LI_TERM_DANCEABILITY], x[LI_TERM_SPEECHINESS], e * e, v * e};
    double sum = 0;
    for (size_t i = 0; i < FILL_INPUTS; i++)
        sum += weight[i] * inputs[i];
    return clip(sum, 0, 1);
}

/* The terms before they are standardised, none of them NAN. */
static void prepare(const struct li_features *features, double x[LI_TERM_COUNT]) {
    static const struct {
        enum li_term term;
        enum li_feature feature;
        const double *fill; /* NULL: the catalogue's mean */
    } inputs[] = {
        {LI_TERM_VALENCE, LI_VALENCE, NULL},
        {LI_TERM_ENERGY, LI_ENERGY, NULL},
        {LI_TERM_DANCEABILITY, LI_DANCEABILITY, NULL},
        {LI_TERM_SPEECHINESS, LI_SPEECHINESS, NULL},
        {LI_TERM_TEMPO, LI_TEMPO, NULL},
        {LI_TERM_MODE, LI_MODE, NULL},
        {LI_TERM_ACOUSTICNESS, LI_ACOUSTICNESS, fill_acousticness},
        {LI_TERM_INSTRUMENTALNESS, LI_INSTRUMENTALNESS, fill_instrumentalness},
        {LI_TERM_LOUDNESS, LI_LOUDNESS, fill_loudness},
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        enum li_term term = inputs[i].term;
        x[term] = rescale(inputs[i].feature, features->value[inputs[i].feature]);
        if (isnan(x[term]))
            x[term] = inputs[i].fill ? fill(inputs[i].fill, x) : terms[term].mean;
    }
    x[LI_TERM_QUIET] = x[LI_TERM_INSTRUMENTALNESS] * (1 - x[LI_TERM_ENERGY]);
    x[LI_TERM_HARSH] = x[LI_TERM_ENERGY] * (1 - x[LI_TERM_VALENCE]);
}

static double score(const struct li_emotion_row *row, const struct li_reading *reading) {
    double dv = reading->pleasantness - row->face.pleasantness;
    double da = reading->activation - row->face.activation;
    double sum =
        row->log_prior - 0.5 * sharpness_pleasantness * dv * dv - 0.5 * sharpness_activation * da * da;
    for (size_t i = 0; i < TEXTURE_COUNT; i++)
        sum += row->texture[i] * reading->term[texture_term[i]];
    return sum;
}

void li_emotion_read(const struct li_features *features, struct li_reading *out) {
    double x[LI_TERM_COUNT];
    prepare(features, x);
    out->pleasantness = intercept_pleasantness;
    out->activation = intercept_activation;
    for (size_t i = 0; i < LI_TERM_COUNT; i++) {
        out->term[i] = (x[i] - terms[i].mean) / terms[i].sd;
        out->pleasantness += terms[i].pleasantness * out->term[i];
        out->activation += terms[i].activation * out->term[i];
    }
    double highest = -INFINITY, sum = 0;
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++) {
        out->p[i] = score(&li_emotion_rows[i], out);
        highest = fmax(highest, out->p[i]);
    }
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++) {
        out->p[i] = exp(out->p[i] - highest);
        sum += out->p[i];
    }
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++)
        out->p[i] /= sum;
}

/* The score is, up to a part that all emotions share, linear in the terms: multiplying out the squares leaves
 * sharpness * position * axis for each axis, and an axis is the sum of weight * term. */
static double slope_of(size_t emotion, enum li_term term) {
    const struct li_emotion_row *row = &li_emotion_rows[emotion];
    double slope = 0, mean_slope = 0;
    for (size_t i = 0; i < LI_EMOTION_COUNT; i++) {
        const struct li_emotion_row *other = &li_emotion_rows[i];
        double s = sharpness_pleasantness * other->face.pleasantness * terms[term].pleasantness +
                   sharpness_activation * other->face.activation * terms[term].activation;
        for (size_t k = 0; k < TEXTURE_COUNT; k++)
            s += texture_term[k] == term ? other->texture[k] : 0;
        mean_slope += s / LI_EMOTION_COUNT;
        if (other == row)
            slope = s;
    }
    return slope - mean_slope;
}

double li_emotion_because(const struct li_reading *reading, size_t emotion, enum li_term term) {
    if (emotion >= LI_EMOTION_COUNT || (unsigned)term >= LI_TERM_COUNT)
        return 0;
    return slope_of(emotion, term) * reading->term[term];
}

const char *li_emotion_reason(size_t emotion, enum li_term term, double because, enum li_lang lang) {
    if (emotion >= LI_EMOTION_COUNT || (unsigned)term >= LI_TERM_COUNT || (unsigned)lang >= LI_LANG_COUNT)
        return "";
    return because * slope_of(emotion, term) < 0 ? lacks[term][lang] : terms[term].label[lang];
}

const struct li_emotion *li_emotion_at(size_t index) {
    return index < LI_EMOTION_COUNT ? &li_emotion_rows[index].face : NULL;
}

int li_emotion_find(const char *id) {
    for (int i = 0; id && i < LI_EMOTION_COUNT; i++)
        if (strcmp(li_emotion_rows[i].face.id, id) == 0)
            return i;
    return -1;
}

const char *li_term_label(enum li_term term, enum li_lang lang) {
    if ((unsigned)term >= LI_TERM_COUNT || (unsigned)lang >= LI_LANG_COUNT)
        return "";
    return terms[term].label[lang];
}

const char *li_term_id(enum li_term term) {
    return (unsigned)term < LI_TERM_COUNT ? terms[term].id : "";
}

const char *li_feature_id(enum li_feature feature) {
    static const char *const ids[LI_FEATURE_COUNT] = {
        [LI_DANCEABILITY] = "danceability",
        [LI_ENERGY] = "energy",
        [LI_VALENCE] = "valence",
        [LI_ACOUSTICNESS] = "acousticness",
        [LI_INSTRUMENTALNESS] = "instrumentalness",
        [LI_LIVENESS] = "liveness",
        [LI_SPEECHINESS] = "speechiness",
        [LI_LOUDNESS] = "loudness",
        [LI_TEMPO] = "tempo",
        [LI_MODE] = "mode",
    };
    return (unsigned)feature < LI_FEATURE_COUNT ? ids[feature] : "";
}
