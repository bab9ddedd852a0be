/* describe.c - a profile in two or three sentences, chosen by rule.
 *
 *   1. what dominates, and how surely;   2. where the mood lies, energy and dance;
 *   3. how varied it is, and what is only estimated.
 *
 * The bounds lie where docs/emotions.md, "The words", says. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "emotion/emotion_priv.h"

/* Counts all bytes, keeps those that fit. */
struct writer {
    char *out;
    size_t size, need;
};

static void put(struct writer *w, const char *text, size_t count) {
    if (w->need < w->size)
        memcpy(w->out + w->need, text, count < w->size - w->need ? count : w->size - w->need);
    w->need += count;
}

/* Ends the text with a NUL, cut before the first character that is not there whole. */
static void finish(struct writer *w) {
    if (w->size == 0)
        return;
    size_t end = w->need;
    if (end >= w->size) {
        end = w->size - 1;
        while (end > 0 && ((unsigned char)w->out[end] & 0xc0) == 0x80)
            end--;
    }
    w->out[end] = '\0';
}

/* Writes a text in which %1, %2, %3 stand for the words given. */
static void say(struct writer *w, const char *text, const char *const words[3]) {
    for (const char *at = text; *at; at++) {
        if (at[0] == '%' && at[1] >= '1' && at[1] <= '3') {
            const char *word = words[at[1] - '1'];
            put(w, word, strlen(word));
            at++;
        } else {
            put(w, at, 1);
        }
    }
}

/* A list of words for a number: the first whose bound is above it. */
struct level {
    double below;
    const char *word[LI_LANG_COUNT];
};

static const char *level_of(const struct level *levels, double x, enum li_lang lang) {
    while (isfinite(levels->below) && x >= levels->below)
        levels++;
    return levels->word[lang];
}

/* The axes of ordinary music, where neither word of a pair holds. */
static const double ordinary_pleasantness = 0.095, ordinary_activation = 0.136;

static const struct level activations[] = {
    {-0.5, {"very calm", "très calme"}}, {-0.15, {"calm", "calme"}},         {0.15, {NULL, NULL}},
    {0.45, {"lively", "vive"}},          {INFINITY, {"intense", "intense"}},
};
static const struct level pleasantnesses[] = {
    {-0.4, {"dark", "sombre"}},
    {-0.12, {"rather dark", "plutôt sombre"}},
    {0.12, {NULL, NULL}},
    {0.4, {"rather warm", "plutôt chaleureuse"}},
    {INFINITY, {"warm", "chaleureuse"}},
};
static const struct level energies[] = {
    {0.4, {"little energy", "peu d’énergie"}},
    {0.7, {"moderate energy", "une énergie modérée"}},
    {INFINITY, {"a lot of energy", "beaucoup d’énergie"}},
};
static const struct level dances[] = {
    {0.45, {"a beat for listening rather than dancing", "un rythme à écouter plus qu’à danser"}},
    {0.6, {"a fairly danceable beat", "un rythme assez dansant"}},
    {0.7, {"a danceable beat", "un rythme dansant"}},
    {INFINITY, {"a beat made for dancing", "un rythme fait pour danser"}},
};
static const struct level ranges[] = {
    {0.5, {" It keeps close to one mood", " Elle reste proche d’une seule humeur"}},
    {0.8, {" It moves between neighbouring moods", " Elle passe par des humeurs voisines"}},
    {INFINITY, {" It ranges over very different moods", " Elle traverse des humeurs très différentes"}},
};

/* The first emotion, and which of the next two stand out: what is under its ordinary share over all music
 * says nothing of a taste. Returns how many. */
static size_t choose_emotions(const struct li_profile *profile, enum li_lang lang, const char *words[3]) {
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        const struct li_emotion_row *row = &li_emotion_rows[profile->order[i]];
        if (i == 0 || profile->score[profile->order[i]] >= row->face.base_rate)
            words[count++] = row->phrase[lang];
    }
    return count;
}

static void say_dominant(struct writer *w, const struct li_profile *profile, enum li_lang lang) {
    static const struct {
        double below;
        const char *text[LI_LANG_COUNT][3]; /* for one, two and three emotions */
    } openings[] = {
        {0.3,
         {{"It may be %1, though nothing stands out.", "It may be %1 or %2, though neither stands out.",
           "It may be %1, %2 or %3, though none of them stands out."},
          {"Chez toi, c’est peut-être %1, sans que rien ne se détache.",
           "Chez toi, c’est peut-être %1 ou %2, sans que rien ne se détache.",
           "Chez toi, c’est peut-être %1, %2 ou %3, sans que rien ne se détache."}}},
        {0.6,
         {{"It is rather %1 that comes first.", "It is rather %1 or %2 that comes first.",
           "It is rather %1 or %2 that comes first, with %3 close behind."},
          {"Chez toi, c’est plutôt %1 qui vient en premier.", "Chez toi, c’est plutôt %1 ou %2.",
           "Chez toi, c’est plutôt %1 ou %2, avec %3 juste derrière."}}},
        {0.8,
         {{"It is %1 that comes first.", "It is %1 that comes first, ahead of %2.",
           "It is %1 that comes first, ahead of %2 and %3."},
          {"Chez toi, c’est %1 qui domine.", "Chez toi, c’est %1 qui domine, devant %2.",
           "Chez toi, c’est %1 qui domine, devant %2 et %3."}}},
        {INFINITY,
         {{"It is clearly %1 that comes first.", "It is clearly %1 that comes first, ahead of %2.",
           "It is clearly %1 that comes first, ahead of %2 and %3."},
          {"Chez toi, c’est %1 qui domine nettement.", "Chez toi, c’est %1 qui domine nettement, devant %2.",
           "Chez toi, c’est %1 qui domine nettement, devant %2 et %3."}}},
    };
    const char *words[3] = {"", "", ""};
    size_t count = choose_emotions(profile, lang, words), level = 0;
    while (isfinite(openings[level].below) && profile->confidence >= openings[level].below)
        level++;
    say(w, openings[level].text[lang][count - 1], words);
}

static void say_mood(struct writer *w, const struct li_description *facts, enum li_lang lang) {
    static const char *const subject[LI_LANG_COUNT] = {" Your music", " Ta musique"};
    static const char *const leading[LI_LANG_COUNT] = {", %1 above all,", ", %1 en tête,"};
    static const char *const both[LI_LANG_COUNT] = {" is %1 and %2", " est %1 et %2"};
    static const char *const only_calm[LI_LANG_COUNT] = {" is %1, neither dark nor warm",
                                                         " est %1, ni sombre ni chaleureuse"};
    static const char *const only_warm[LI_LANG_COUNT] = {" is %2, neither calm nor intense",
                                                         " est %2, ni calme ni intense"};
    static const char *const neither[LI_LANG_COUNT] = {
        " keeps to the middle, neither calm nor intense, neither dark nor warm",
        " se tient au milieu, ni calme ni intense, ni sombre ni chaleureuse"};
    const struct li_profile *profile = facts->profile;
    const char *calm = level_of(activations, profile->activation - ordinary_activation, lang);
    const char *warm = level_of(pleasantnesses, profile->pleasantness - ordinary_pleasantness, lang);
    const char *const *text = calm && warm ? both : calm ? only_calm : warm ? only_warm : neither;
    put(w, subject[lang], strlen(subject[lang]));
    if (facts->genre && *facts->genre)
        say(w, leading[lang], (const char *[3]){facts->genre, "", ""});
    say(w, text[lang], (const char *[3]){calm, warm, ""});
}

static void say_drive(struct writer *w, const struct li_description *facts, enum li_lang lang) {
    static const char *const one[LI_LANG_COUNT] = {", with %1", ", avec %1"};
    static const char *const two[LI_LANG_COUNT] = {", with %1 and %2", ", avec %1 et %2"};
    const char *words[3] = {"", "", ""};
    size_t count = 0;
    if (!isnan(facts->energy))
        words[count++] = level_of(energies, facts->energy, lang);
    if (!isnan(facts->danceability))
        words[count++] = level_of(dances, facts->danceability, lang);
    if (count)
        say(w, (count == 2 ? two : one)[lang], words);
    put(w, ".", 1);
}

/* Genres cannot tell how varied a listener's tracks are, so that is said of measured tracks only. */
static void say_range(struct writer *w, const struct li_description *facts, enum li_lang lang) {
    static const char *const all[LI_LANG_COUNT] = {
        " All this is estimated from genres, not from sound.",
        " Tout cela est estimé d’après les genres, non d’après le son."};
    static const char *const single[LI_LANG_COUNT] = {", and 1 of the %2 tracks is estimated from its genre",
                                                      ", et 1 titre sur %2 est estimé d’après son genre"};
    static const char *const some[LI_LANG_COUNT] = {
        ", and %1 of the %2 tracks are estimated from their genres",
        ", et %1 titres sur %2 sont estimés d’après leurs genres"};
    char estimated[24], total[24];
    if (!facts->measured) {
        put(w, all[lang], strlen(all[lang]));
        return;
    }
    const char *range = level_of(ranges, facts->profile->spread, lang);
    put(w, range, strlen(range));
    if (facts->estimated) {
        snprintf(estimated, sizeof estimated, "%zu", facts->estimated);
        snprintf(total, sizeof total, "%zu", facts->estimated + facts->measured);
        say(w, (facts->estimated == 1 ? single : some)[lang], (const char *[3]){estimated, total, ""});
    }
    put(w, ".", 1);
}

size_t li_profile_describe(const struct li_description *facts, enum li_lang lang, char *out, size_t size) {
    struct writer w = {out, size, 0};
    if ((unsigned)lang >= LI_LANG_COUNT)
        lang = LI_LANG_EN;
    say_dominant(&w, facts->profile, lang);
    say_mood(&w, facts, lang);
    say_drive(&w, facts, lang);
    say_range(&w, facts, lang);
    finish(&w);
    return w.need;
}
