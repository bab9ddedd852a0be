/* profile.c - enriched_tracks.json -> profile.json. The stored profile holds both languages; a reader gets
 * one of them. The first six members are the product's name card, in this order. */
#include <math.h>

#include "pipeline/pipeline_priv.h"

enum { TOP_EMOTIONS = 3, TOP_GENRES = 5, DESCRIPTION_SIZE = 1024 };

static json_t *emotion_label(size_t emotion) {
    const struct li_emotion *facts = li_emotion_at(emotion);
    return li_label(facts->label);
}

static json_t *emotion_ref(const double *p) {
    size_t best = 0;
    for (size_t e = 1; e < LI_EMOTION_COUNT; e++)
        if (p[e] > p[best])
            best = e;
    const struct li_emotion *facts = li_emotion_at(best);
    return json_pack("{s:s,s:o,s:s,s:o}", "id", facts->id, "label", emotion_label(best), "color",
                     facts->color, "score", li_json_number(p[best], 4));
}

static json_t *emotions(const struct li_pieces *pieces, const struct li_profile *profile) {
    json_t *list = json_array();
    for (int i = 0; i < LI_EMOTION_COUNT; i++) {
        size_t e = (size_t)profile->order[i];
        const struct li_emotion *facts = li_emotion_at(e);
        json_t *emotion = json_object();
        json_object_set_new(emotion, "id", json_string(facts->id));
        json_object_set_new(emotion, "label", emotion_label(e));
        json_object_set_new(emotion, "color", json_string(facts->color));
        json_object_set_new(emotion, "score", li_json_number(profile->score[e], 4));
        json_object_set_new(emotion, "times_usual", li_json_number(profile->score[e] / facts->base_rate, 2));
        json_object_set_new(emotion, "valence", li_json_number(facts->pleasantness, 3));
        json_object_set_new(emotion, "arousal", li_json_number(facts->activation, 3));
        json_object_set_new(emotion, "because", li_because(pieces, profile, e));
        json_array_append_new(list, emotion);
    }
    return list;
}

struct average {
    double mean, spread; /* NAN when no piece knows the feature */
};

/* Weighted mean over the pieces that know the feature, and the spread of the tracks behind them: between the
 * pieces and within each estimate. */
static struct average average_of(const struct li_pieces *pieces, enum li_feature feature) {
    double weight = 0, sum = 0, variance = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        double value = pieces->list[i].features.value[feature];
        if (isfinite(value)) {
            weight += pieces->list[i].evidence.weight;
            sum += pieces->list[i].evidence.weight * value;
        }
    }
    if (weight <= 0)
        return (struct average){NAN, NAN};
    double mean = sum / weight;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct li_piece *piece = &pieces->list[i];
        double value = piece->features.value[feature], within = piece->spread.value[feature];
        if (!isfinite(value))
            continue;
        if (!piece->evidence.estimated || !isfinite(within))
            within = 0;
        variance += piece->evidence.weight * ((value - mean) * (value - mean) + within * within);
    }
    return (struct average){mean, sqrt(variance / weight)};
}

static int decimals_of(enum li_feature feature) {
    return feature == LI_LOUDNESS || feature == LI_TEMPO ? 1 : 2;
}

static void set_average(json_t *document, const char *name, const struct li_pieces *pieces,
                        enum li_feature feature) {
    json_object_set_new(document, name,
                        li_json_number(average_of(pieces, feature).mean, decimals_of(feature)));
}

static json_t *features(const struct li_pieces *pieces) {
    json_t *document = json_object();
    for (int i = 0; i < LI_FEATURE_COUNT; i++) {
        struct average average = average_of(pieces, (enum li_feature)i);
        int decimals = decimals_of((enum li_feature)i);
        json_object_set_new(document, li_feature_id((enum li_feature)i),
                            json_pack("{s:o,s:o}", "mean", li_json_number(average.mean, decimals), "spread",
                                      li_json_number(average.spread, decimals)));
    }
    return document;
}

static json_t *sources(const json_t *tracks) {
    json_t *document = json_object(), *track;
    for (int origin = 0; origin < LI_ORIGIN_COUNT; origin++) {
        size_t i, count = 0;
        json_array_foreach(tracks, i, track) count += li_text_equal(
            li_json_get_text(track, "source"), li_text_of(li_origin_name((enum li_origin)origin)));
        json_object_set_new(document, li_origin_name((enum li_origin)origin),
                            json_integer((json_int_t)count));
    }
    return document;
}

static json_t *mood(double valence, double arousal, double spread) {
    return json_pack("{s:o,s:o,s:o}", "valence", li_json_number(valence, 3), "arousal",
                     li_json_number(arousal, 3), "spread", li_json_number(spread, 3));
}

/* The artists with what they bring: the mean of their pieces. */
static json_t *artists(const struct li_pieces *pieces) {
    json_t *list = json_array(), *artist;
    size_t a;
    json_array_foreach(pieces->artists, a, artist) {
        double p[LI_EMOTION_COUNT] = {0}, valence = 0, arousal = 0, spread_v = 0, spread_a = 0, estimated = 0;
        double artist_weight = li_artist_weight(artist);
        for (size_t i = 0; i < pieces->count; i++) {
            const struct li_evidence *e = &pieces->list[i].evidence;
            double weight = e->weight / artist_weight; /* within the artist */
            if (pieces->list[i].artist != a)
                continue;
            for (size_t k = 0; k < LI_EMOTION_COUNT; k++)
                p[k] += weight * e->p[k];
            valence += weight * e->pleasantness;
            arousal += weight * e->activation;
            spread_v += weight * e->spread_pleasantness;
            spread_a += weight * e->spread_activation;
            estimated += e->estimated ? weight : 0;
        }
        json_t *estimate = json_object_get(artist, "estimate"), *out = json_object();
        li_document_copy(out, artist, "id");
        json_object_set_new(out, "name", li_artist_label(artist, "id", "name"));
        li_document_copy(out, artist, "genres");
        li_document_copy(out, estimate, "genre_families");
        li_document_copy(out, artist, "image");
        li_document_copy(out, artist, "popularity");
        li_document_copy(out, artist, "plays");
        json_object_set_new(out, "weight", li_json_number(artist_weight / pieces->total, 4));
        json_object_set_new(out, "estimated_share", li_json_number(estimated, 3));
        li_document_copy(out, estimate, "confidence");
        json_object_set_new(out, "emotion", emotion_ref(p));
        json_object_set_new(out, "mood",
                            json_pack("{s:o,s:o,s:o,s:o}", "valence", li_json_number(valence, 3), "arousal",
                                      li_json_number(arousal, 3), "spread_valence",
                                      li_json_number(spread_v, 3), "spread_arousal",
                                      li_json_number(spread_a, 3)));
        json_array_append_new(list, out);
    }
    return list;
}

static const struct li_piece *piece_of(const struct li_pieces *pieces, const json_t *track) {
    for (size_t i = 0; i < pieces->count; i++)
        if (pieces->list[i].track == track)
            return &pieces->list[i];
    return NULL;
}

static json_t *tracks(const struct li_pieces *pieces, const json_t *enriched) {
    static const char *const NAMES[] = {"id",   "title",  "artist_id",   "artist",
                                        "year", "source", "estimate_of", "confidence",
                                        "file", "plays",  "measured_by"};
    json_t *list = json_array(), *track;
    size_t i;
    json_array_foreach(json_object_get(enriched, "tracks"), i, track) {
        const struct li_piece *piece = piece_of(pieces, track);
        json_t *out = json_object();
        for (size_t n = 0; n < sizeof NAMES / sizeof *NAMES; n++)
            li_document_copy(out, track, NAMES[n]);
        json_object_set_new(out, "artist", li_artist_label(track, "artist_id", "artist"));
        if (piece) {
            li_document_copy(out, track, "features");
            json_object_set_new(out, "emotion", emotion_ref(piece->evidence.p));
            json_object_set_new(out, "mood",
                                mood(piece->evidence.pleasantness, piece->evidence.activation, 0));
        }
        json_array_append_new(list, out);
    }
    return list;
}

/* The part of the taste of which nothing is known: artists without a sound, and without a known genre. */
static double unknown_share(const struct li_pieces *pieces) {
    double unknown = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct li_piece *piece = &pieces->list[i];
        json_t *estimate = json_object_get(json_array_get(pieces->artists, piece->artist), "estimate");
        if (piece->evidence.estimated && !json_array_size(json_object_get(estimate, "genre_families")))
            unknown += piece->evidence.weight;
    }
    return unknown / pieces->total;
}

/* The label of the genre that has more of the taste than any other one, and more than what is of no known
 * genre; NULL when there is none: those of one artist are all alike. Borrowed. */
static json_t *leading_genre(const json_t *shares) {
    const json_t *first = json_array_get(shares, 0), *share;
    double most = li_json_get_number(first, "share"), rest = 1;
    bool tied = li_json_get_number(json_array_get(shares, 1), "share") >= most;
    size_t i;
    json_array_foreach(shares, i, share) rest -= li_json_get_number(share, "share");
    return most > rest && !tied ? json_object_get(first, "label") : NULL;
}

static json_t *description(const struct li_pieces *pieces, const struct li_profile *profile, json_t *shares,
                           const json_t *counts) {
    char text[LI_LANG_COUNT][DESCRIPTION_SIZE];
    size_t estimated = (size_t)json_integer_value(json_object_get(counts, "estimated")), read = 0;
    for (size_t i = 0; i < pieces->count; i++)
        read += pieces->list[i].track != NULL;
    if (!read && !json_array_size(shares))
        return li_bilingual(
            "Nothing is known here of this music, neither a genre nor its sound: these are the shares of "
            "ordinary music, and say nothing of yours.",
            "On ne sait rien ici de cette musique, ni genre ni son : ce sont les parts de la "
            "musique ordinaire, qui ne disent rien de la tienne.");
    json_t *label = leading_genre(shares);
    for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
        struct li_description facts = {
            .profile = profile,
            .energy = average_of(pieces, LI_ENERGY).mean,
            .danceability = average_of(pieces, LI_DANCEABILITY).mean,
            .genre = json_string_value(json_object_get(label, lang == LI_LANG_FR ? "fr" : "en")),
            .measured = read,
            .estimated = estimated,
        };
        li_profile_describe(&facts, (enum li_lang)lang, text[lang], DESCRIPTION_SIZE);
    }
    return li_bilingual(text[LI_LANG_EN], text[LI_LANG_FR]);
}

/* The first members: what fits on a card. */
static json_t *name_card(const json_t *enriched, const struct li_pieces *pieces,
                         const struct li_profile *profile, json_t *shares) {
    json_t *document = json_object(), *genres = json_array(), *top = json_array();
    for (size_t i = 0; i < TOP_GENRES && i < json_array_size(shares); i++)
        json_array_append(genres, json_object_get(json_array_get(shares, i), "label"));
    for (int i = 0; i < TOP_EMOTIONS; i++)
        json_array_append_new(top, emotion_label((size_t)profile->order[i]));
    li_document_copy(document, enriched, "session_id");
    json_object_set_new(document, "genres", genres);
    json_object_set_new(document, "dominant_emotion", emotion_label((size_t)profile->order[0]));
    set_average(document, "energy_avg", pieces, LI_ENERGY);
    set_average(document, "danceability_avg", pieces, LI_DANCEABILITY);
    json_object_set_new(document, "top_emotions", top);
    return document;
}

enum li_status li_profile_make(const json_t *enriched, json_t **out, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_pieces pieces;
    struct li_profile profile;
    enum li_status status = li_pieces_read(enriched, &arena, &pieces, err);
    struct li_evidence *evidence = status ? NULL : li_arena_try(&arena, pieces.count, sizeof *evidence);
    if (!status && !evidence)
        status = li_fail(err, LI_NO_MEMORY, "no memory for %zu tracks", pieces.count);
    if (status)
        goto done;
    for (size_t i = 0; i < pieces.count; i++)
        evidence[i] = pieces.list[i].evidence;
    li_profile_compute(evidence, pieces.count, &profile);
    /* Where nothing is known, chance names the first emotion. */
    profile.confidence += unknown_share(&pieces) * (1.0 / LI_EMOTION_COUNT - profile.confidence);

    json_t *shares = li_genre_shares(&pieces), *counts = sources(json_object_get(enriched, "tracks"));
    json_t *document = name_card(enriched, &pieces, &profile, shares);
    set_average(document, "valence_avg", &pieces, LI_VALENCE);
    set_average(document, "acousticness_avg", &pieces, LI_ACOUSTICNESS);
    set_average(document, "instrumentalness_avg", &pieces, LI_INSTRUMENTALNESS);
    set_average(document, "speechiness_avg", &pieces, LI_SPEECHINESS);
    set_average(document, "loudness_avg", &pieces, LI_LOUDNESS);
    set_average(document, "tempo_avg", &pieces, LI_TEMPO);
    json_object_set_new(document, "features", features(&pieces));
    json_object_set_new(document, "emotions", emotions(&pieces, &profile));
    json_object_set_new(document, "mood", mood(profile.pleasantness, profile.activation, profile.spread));
    json_object_set_new(document, "confidence", li_json_number(profile.confidence, 3));
    json_object_set_new(document, "variety", li_json_number(profile.variety, 3));
    json_object_set_new(document, "genre_shares", shares);
    json_object_set_new(document, "sources", counts);
    json_object_set_new(document, "artists", artists(&pieces));
    json_object_set_new(document, "tracks", tracks(&pieces, enriched));
    li_document_copy(document, enriched, "unknown_genres");
    li_document_copy(document, enriched, "history");
    json_object_set_new(document, "description", description(&pieces, &profile, shares, counts));
    json_object_set_new(document, "lang", li_bilingual("en", "fr"));
    li_document_copy(document, enriched, "model");
    li_document_copy(document, enriched, "run");
    li_document_copy(document, enriched, "created_at");
    li_document_copy(document, enriched, "expires_at");
    *out = document;
done:
    li_arena_release(&arena);
    return status;
}

/* Makes and keeps the profile of an enriched document, unless it is there already. */
static enum li_status run(struct li_pipeline *pipeline, struct li_text session, json_t **out,
                          struct li_error *err) {
    json_t *enriched = NULL, *profile = NULL;
    struct li_store_version version;
    /* The session lives as long as its artists, whenever a stage was run again. */
    enum li_status status = li_store_stat(pipeline->store, session, LI_OBJECT_TOP_TRACKS, &version, err);
    if (!status)
        status = li_document_load(pipeline, session, LI_OBJECT_ENRICHED_TRACKS, &enriched, NULL, err);
    if (status == LI_NOT_FOUND)
        return li_fail(err, LI_NOT_FOUND,
                       "this session has no transformed tracks, or they expired; POST /transform first");
    if (status)
        return status;
    profile = li_document_load_made(pipeline, session, LI_OBJECT_PROFILE, enriched);
    if (!profile) {
        status = li_profile_make(enriched, &profile, err);
        if (!status)
            status = li_document_save(pipeline, session, LI_OBJECT_PROFILE, profile, err);
        if (!status)
            status = li_document_confirm(pipeline, session, LI_OBJECT_PROFILE, profile, err);
    }
    json_decref(enriched);
    if (status)
        json_decref(profile);
    else
        *out = profile;
    return status;
}

enum li_status li_pipeline_profile(struct li_pipeline *pipeline, const struct li_profile_request *request,
                                   struct li_profile_response *response, struct li_error *err) {
    json_t *profile = NULL;
    li_session_lock(pipeline, request->session);
    enum li_status status = run(pipeline, request->session, &profile, err);
    li_session_unlock(pipeline, request->session);
    if (!status)
        response->document = li_localise(profile, request->lang);
    json_decref(profile);
    return status;
}
