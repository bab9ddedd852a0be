/* compare.c - two profiles side by side: how near they are, and what keeps them apart.
 *
 * Nearness is the share of feeling that both have: the sum over emotions of the smaller of the two shares
 * (1 minus the total variation distance). Any two tastes share much, the more so the more artists they have
 * or the less is known of these, so it is also said which way they lean: the cosine between what sets each
 * apart from the ordinary shares. What keeps the two apart is said by dimension: each difference, measured
 * against how far genre families lie apart in it, and its part of the sum of squares. */
#include <math.h>
#include <stdio.h>

#include "pipeline/numbers.h"

enum { GENRES_SHOWN = 5 };

static const double ORDINARY = 1e-6; /* a sum of squared differences of shares that is none */

struct dimension {
    const char *id, *member; /* member of the numbers, or of mood */
    bool of_mood;
    enum li_feature feature; /* whose spread between families is the yardstick, when not of_mood */
    const char *label[LI_LANG_COUNT];
};

static const struct dimension DIMENSIONS[] = {
    {"valence", "valence", true, 0, {"warmth of mood", "chaleur de l’humeur"}},
    {"arousal", "arousal", true, 0, {"intensity of mood", "intensité de l’humeur"}},
    {"energy", "energy_avg", false, LI_ENERGY, {"energy", "énergie"}},
    {"danceability", "danceability_avg", false, LI_DANCEABILITY, {"danceability", "dansabilité"}},
    {"acousticness", "acousticness_avg", false, LI_ACOUSTICNESS, {"acoustic sound", "son acoustique"}},
    {"instrumentalness",
     "instrumentalness_avg",
     false,
     LI_INSTRUMENTALNESS,
     {"music without words", "musique sans paroles"}},
    {"speechiness", "speechiness_avg", false, LI_SPEECHINESS, {"spoken words", "parole"}},
    {"tempo", "tempo_avg", false, LI_TEMPO, {"tempo", "tempo"}},
};

enum { DIMENSION_COUNT = sizeof DIMENSIONS / sizeof *DIMENSIONS };

static double value_of(const json_t *numbers, const struct dimension *dimension) {
    return li_json_get_number(dimension->of_mood ? json_object_get(numbers, "mood") : numbers,
                              dimension->member);
}

/* Where a genre family lies in a dimension. */
static double family_value(const struct li_estimate *family, const struct dimension *dimension) {
    if (dimension->of_mood)
        return *dimension->id == 'v' ? family->pleasantness : family->activation;
    return family->mean.value[dimension->feature];
}

/* The standard deviation of the genre families in each dimension. */
static void yardsticks(double out[DIMENSION_COUNT]) {
    double sum[DIMENSION_COUNT] = {0}, squares[DIMENSION_COUNT] = {0}, count[DIMENSION_COUNT] = {0};
    for (size_t g = 0; g < li_genre_count(); g++) {
        struct li_estimate estimate;
        int family = (int)g;
        li_genre_estimate(&family, 1, &estimate);
        for (size_t d = 0; d < DIMENSION_COUNT; d++) {
            double value = family_value(&estimate, &DIMENSIONS[d]);
            if (!isfinite(value))
                continue;
            sum[d] += value;
            squares[d] += value * value;
            count[d]++;
        }
    }
    for (size_t d = 0; d < DIMENSION_COUNT; d++) {
        double mean = sum[d] / count[d], variance = squares[d] / count[d] - mean * mean;
        out[d] = variance > 1e-9 ? sqrt(variance) : 1;
    }
}

static json_t *dimensions_of(const json_t *you, const json_t *them, double *distance) {
    double apart[DIMENSION_COUNT], yardstick[DIMENSION_COUNT], total = 0;
    size_t known = 0;
    json_t *list = json_array();
    yardsticks(yardstick);
    for (size_t d = 0; d < DIMENSION_COUNT; d++) {
        apart[d] = (value_of(you, &DIMENSIONS[d]) - value_of(them, &DIMENSIONS[d])) / yardstick[d];
        if (isfinite(apart[d])) {
            total += apart[d] * apart[d];
            known++;
        }
    }
    for (size_t d = 0; d < DIMENSION_COUNT; d++) {
        if (!isfinite(apart[d]))
            continue;
        json_array_append_new(list,
                              json_pack("{s:s,s:o,s:o,s:o,s:o,s:o}", "id", DIMENSIONS[d].id, "label",
                                        li_label(DIMENSIONS[d].label), "you",
                                        li_json_number(value_of(you, &DIMENSIONS[d]), 3), "them",
                                        li_json_number(value_of(them, &DIMENSIONS[d]), 3), "spreads_apart",
                                        li_json_number(apart[d], 2), "share",
                                        li_json_number(total > 0 ? apart[d] * apart[d] / total : 0, 3)));
    }
    *distance = known ? sqrt(total / (double)known) : NAN;
    return list;
}

/* Sets the share of feeling that both have, and their leaning as it is shown, so that its words fit: -1
 * opposite, 1 the same, NAN when one of them is wholly ordinary. */
static json_t *emotions_of(const json_t *you, const json_t *them, double *similarity, double *leaning) {
    json_t *list = json_array();
    double both = 0, yours = 0, theirs = 0;
    *similarity = 0;
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++) {
        const struct li_emotion *facts = li_emotion_at(e);
        double a = li_json_get_number(json_object_get(you, "emotions"), facts->id);
        double b = li_json_get_number(json_object_get(them, "emotions"), facts->id);
        a = isfinite(a) ? a : 0;
        b = isfinite(b) ? b : 0;
        *similarity += a < b ? a : b;
        both += (a - facts->base_rate) * (b - facts->base_rate);
        yours += pow(a - facts->base_rate, 2);
        theirs += pow(b - facts->base_rate, 2);
        json_array_append_new(list, json_pack("{s:s,s:o,s:s,s:o,s:o}", "id", facts->id, "label",
                                              li_label(facts->label), "color", facts->color, "you",
                                              li_json_number(a, 4), "them", li_json_number(b, 4)));
    }
    *similarity = fmin(1, *similarity); /* of shares that were rounded */
    bool lean = yours > ORDINARY && theirs > ORDINARY;
    *leaning = lean ? li_json_round(fmax(-1, fmin(1, both / sqrt(yours * theirs))), 2) : NAN;
    return list;
}

static double share_of(const json_t *numbers, const json_t *id) {
    size_t i;
    json_t *genre;
    json_array_foreach(json_object_get(numbers, "genres"), i, genre) {
        if (json_equal(json_object_get(genre, "id"), id))
            return li_json_get_number(genre, "share");
    }
    return 0;
}

/* The genres of a that b has (both) or has not, in a's order. */
static json_t *genres_of(const json_t *a, const json_t *b, bool both, bool a_is_you) {
    json_t *list = json_array(), *genre;
    size_t i;
    json_array_foreach(json_object_get(a, "genres"), i, genre) {
        json_t *id = json_object_get(genre, "id");
        double mine = li_json_get_number(genre, "share"), other = share_of(b, id);
        int family = json_is_string(id) ? li_genre_match(json_string_value(id), json_string_length(id)) : -1;
        if (family < 0 || !(mine >= LI_GENRE_LEAST) || (other >= LI_GENRE_LEAST) != both ||
            json_array_size(list) == GENRES_SHOWN)
            continue;
        const struct li_genre *facts = li_genre_at((size_t)family);
        json_array_append_new(list,
                              json_pack("{s:s,s:o,s:o,s:o}", "id", facts->id, "label", li_label(facts->label),
                                        "you", li_json_number(a_is_you ? mine : other, 3), "them",
                                        li_json_number(a_is_you ? other : mine, 3)));
    }
    return list;
}

/* The dimension with the largest share. */
static size_t furthest(const json_t *dimensions) {
    size_t i, best = 0;
    json_t *dimension;
    json_array_foreach(dimensions, i, dimension) {
        if (li_json_get_number(dimension, "share") >
            li_json_get_number(json_array_get(dimensions, best), "share"))
            best = i;
    }
    return best;
}

static json_t *headline(enum li_partner partner, double leaning) {
    static const double LEAST[] = {0.6, 0.2, -0.2, -1};
    static const char *const WORDS[LI_PARTNER_COUNT][sizeof LEAST / sizeof *LEAST][LI_LANG_COUNT] = {
        {{"You lean the same way", "Vous penchez du même côté"},
         {"You lean partly the same way", "Vous penchez en partie du même côté"},
         {"You lean different ways", "Vous penchez chacun de votre côté"},
         {"You lean opposite ways", "Vous penchez de côtés opposés"}},
        {{"Your taste leans the way it did", "Ton goût penche comme avant"},
         {"Your taste leans partly the way it did", "Ton goût penche en partie comme avant"},
         {"Your taste leans another way than it did", "Ton goût penche autrement qu’avant"},
         {"Your taste leans the opposite way", "Ton goût penche à l’opposé d’avant"}},
    };
    size_t i = 0;
    if (!isfinite(leaning))
        return li_bilingual("No leaning to compare", "Aucun penchant à comparer");
    while (leaning < LEAST[i])
        i++;
    return li_bilingual(WORDS[partner][i][LI_LANG_EN], WORDS[partner][i][LI_LANG_FR]);
}

static json_t *sentence(enum li_partner partner, double similarity, const json_t *dimensions) {
    static const struct {
        const char *share, *of, *apart;
    } WORDS[LI_PARTNER_COUNT][LI_LANG_COUNT] = {
        {{"You two share", "of your feeling", "; what sets you apart most is "},
         {"Vous partagez", "de votre ressenti", " ; ce qui vous sépare le plus : "}},
        {{"Your last year and the time before share", "of their feeling", "; what sets them apart most is "},
         {"Tes douze derniers mois et ce qui précède partagent", "de leur ressenti",
          " ; ce qui les sépare le plus : "}},
    };
    static const char *const PERCENT[LI_LANG_COUNT] = {"%", " %"};
    static const char *const CODES[LI_LANG_COUNT] = {"en", "fr"};
    char text[LI_LANG_COUNT][256];
    json_t *label = json_object_get(json_array_get(dimensions, furthest(dimensions)), "label");
    int percent = (int)lround(similarity * 100);
    bool named = label && percent < 99;
    for (int l = 0; l < LI_LANG_COUNT; l++)
        snprintf(text[l], sizeof text[l], "%s %d%s %s%s%s.", WORDS[partner][l].share, percent, PERCENT[l],
                 WORDS[partner][l].of, named ? WORDS[partner][l].apart : "",
                 named ? json_string_value(json_object_get(label, CODES[l])) : "");
    return li_bilingual(text[LI_LANG_EN], text[LI_LANG_FR]);
}

json_t *li_comparison(enum li_partner partner, const json_t *you, const json_t *them) {
    double distance, similarity, leaning;
    json_t *dimensions = dimensions_of(you, them, &distance);
    json_t *emotions = emotions_of(you, them, &similarity, &leaning);
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:{s:o,s:o,s:o}}", "similarity",
                     li_json_number(similarity, 3), "leaning", li_json_number(leaning, 2), "distance",
                     li_json_number(distance, 3), "headline", headline(partner, leaning), "description",
                     sentence(partner, similarity, dimensions), "dimensions", dimensions, "emotions",
                     emotions, "genres", "shared", genres_of(you, them, true, true), "yours",
                     genres_of(you, them, false, true), "theirs", genres_of(them, you, false, false));
}

/* A stretch of timeline.json in the shape of numbers. New. */
static json_t *numbers_of_stretch(const json_t *stretch) {
    json_t *numbers = json_object();
    li_document_copy(numbers, stretch, "mood");
    li_document_copy(numbers, stretch, "emotions");
    li_document_copy(numbers, stretch, "genres");
    json_object_set(numbers, "energy_avg", json_object_get(stretch, "energy"));
    json_object_set(numbers, "danceability_avg", json_object_get(stretch, "danceability"));
    return numbers;
}

/* The last year beside the years before. */
static enum li_status with_past(struct li_pipeline *pipeline, struct li_text session, json_t **you,
                                json_t **them, struct li_error *err) {
    json_t *timeline = NULL;
    enum li_status status = li_timeline_load(pipeline, session, &timeline, err);
    json_t *year = json_object_get(timeline, "year");
    if (!status && !json_is_object(year))
        status =
            li_fail(err, LI_NOT_FOUND, "%s",
                    json_array_size(json_object_get(timeline, "months")) > LI_MONTHS_A_YEAR
                        ? "no artist known here was heard in one of the two parts, the last year and the "
                          "time before it"
                        : "this history is not longer than a year: it has no past to compare with");
    if (!status) {
        *you = numbers_of_stretch(json_object_get(year, "now"));
        *them = numbers_of_stretch(json_object_get(year, "then"));
    }
    json_decref(timeline);
    return status;
}

enum li_status li_pipeline_compare(struct li_pipeline *pipeline, const struct li_compare_request *request,
                                   struct li_compare_response *response, struct li_error *err) {
    json_t *you = NULL, *them = NULL;
    enum li_status status;
    bool past = li_text_equal(request->with, LI_TEXT("past"));
    if (past) {
        status = with_past(pipeline, request->session, &you, &them, err);
    } else {
        status = li_numbers_of_session(pipeline, request->session, &you, err);
        if (!status)
            status = li_numbers_of_code(pipeline, request->with, &them, err);
    }
    if (!status) {
        json_t *document = li_comparison(past ? LI_PARTNER_PAST : LI_PARTNER_SOMEBODY, you, them);
        response->document = li_localise(document, request->lang);
        json_decref(document);
    }
    json_decref(you);
    json_decref(them);
    return status;
}
