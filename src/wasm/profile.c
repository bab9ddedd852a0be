/* profile.c - tracks as rows of features -> how each reads, and the profile of all. Every track weighs 1: the
 * listener chose them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "wasm/wasm.h"

const char *li_wasm_word(enum li_wasm_word kind, unsigned index, enum li_lang lang) {
    const struct li_emotion *emotion = li_emotion_at(index);
    if ((unsigned)lang >= LI_LANG_COUNT)
        lang = LI_LANG_EN;
    switch (kind) {
    case LI_WASM_STATUS_NAME:
        return index ? li_status_name((enum li_status)index) : "";
    case LI_WASM_FEATURE_ID:
        return li_feature_id((enum li_feature)index);
    case LI_WASM_EMOTION_ID:
        return emotion ? emotion->id : "";
    case LI_WASM_EMOTION_NAME:
        return emotion ? emotion->label[lang] : "";
    case LI_WASM_EMOTION_COLOR:
        return emotion ? emotion->color : "";
    case LI_WASM_TERM_ID:
        return li_term_id((enum li_term)index);
    }
    return "";
}

const char *li_wasm_reason(unsigned emotion, unsigned term, double because, enum li_lang lang) {
    return li_emotion_reason(emotion, (enum li_term)term, because, lang);
}

void li_wasm_emotion(unsigned index, struct li_wasm_emotion *out) {
    const struct li_emotion *emotion = li_emotion_at(index);
    if (emotion)
        *out = (struct li_wasm_emotion){emotion->pleasantness, emotion->activation, emotion->base_rate};
}

static struct li_reading read_track(const double *feature) {
    struct li_features features;
    struct li_reading reading;
    memcpy(features.value, feature, sizeof features.value);
    li_emotion_read(&features, &reading);
    return reading;
}

static void keep(const struct li_reading *reading, struct li_wasm_reading *out) {
    memcpy(out->p, reading->p, sizeof out->p);
    out->pleasantness = reading->pleasantness;
    out->activation = reading->activation;
}

void li_wasm_read(const double *feature, struct li_wasm_reading *out) {
    struct li_reading reading = read_track(feature);
    keep(&reading, out);
}

/* Mean and standard deviation over the tracks that know the feature. */
static void average(const double *features, size_t count, size_t feature, double *mean, double *spread) {
    double sum = 0, squares = 0, known = 0;
    for (size_t i = 0; i < count; i++) {
        double value = features[i * LI_FEATURE_COUNT + feature];
        sum += isfinite(value) ? value : 0;
        known += isfinite(value) ? 1 : 0;
    }
    *mean = known > 0 ? sum / known : NAN;
    for (size_t i = 0; i < count; i++) {
        double off = features[i * LI_FEATURE_COUNT + feature] - *mean;
        squares += isfinite(off) ? off * off : 0;
    }
    *spread = known > 0 ? sqrt(squares / known) : NAN;
}

static void describe(const struct li_profile *profile, size_t count, struct li_wasm_profile *out) {
    const struct li_description facts = {
        .profile = profile,
        .energy = out->mean[LI_ENERGY],
        .danceability = out->mean[LI_DANCEABILITY],
        .measured = count,
    };
    for (int lang = 0; lang < LI_LANG_COUNT; lang++)
        li_profile_describe(&facts, (enum li_lang)lang, out->description[lang], LI_WASM_DESCRIPTION_BYTES);
}

enum li_status li_wasm_profile(const double *features, size_t count, struct li_wasm_reading *readings,
                               struct li_wasm_profile *out, char *message) {
    if (count < 1 || count > LI_WASM_TRACKS_MAX) {
        snprintf(message, LI_WASM_MESSAGE_BYTES, "a profile is made of 1 to %d tracks, not of %zu",
                 LI_WASM_TRACKS_MAX, count);
        return LI_INVALID;
    }
    struct li_evidence *evidence = calloc(count, sizeof *evidence);
    if (!evidence) {
        snprintf(message, LI_WASM_MESSAGE_BYTES, "there is no memory for %zu tracks", count);
        return LI_NO_MEMORY;
    }
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        struct li_reading reading = read_track(features + i * LI_FEATURE_COUNT);
        keep(&reading, &readings[i]);
        evidence[i] = (struct li_evidence){
            .p = readings[i].p,
            .pleasantness = reading.pleasantness,
            .activation = reading.activation,
            .weight = 1,
        };
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
            for (size_t t = 0; t < LI_TERM_COUNT; t++)
                out->because[e][t] += li_emotion_because(&reading, e, (enum li_term)t) / (double)count;
    }
    struct li_profile profile;
    li_profile_compute(evidence, count, &profile);
    free(evidence);
    memcpy(out->score, profile.score, sizeof out->score);
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        out->order[e] = profile.order[e];
    out->confidence = profile.confidence;
    out->variety = profile.variety;
    out->pleasantness = profile.pleasantness;
    out->activation = profile.activation;
    out->radius = profile.spread;
    for (size_t f = 0; f < LI_FEATURE_COUNT; f++)
        average(features, count, f, &out->mean[f], &out->spread[f]);
    describe(&profile, count, out);
    return LI_OK;
}
