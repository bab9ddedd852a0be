/* Profiles in words, in both languages. */
#include "check.h"

#include <listening.h>

#include "base/text.h"

enum { JOY, ENTHUSIASM, EXCITEMENT, DANCE, RAW_ENERGY = 6, ANGER = 8, SADNESS, NOSTALGIA = 11, NEUTRAL = 15 };

struct facts {
    int order[3];
    double confidence, pleasantness, activation, spread;
    double energy, danceability;
    const char *genre[LI_LANG_COUNT];
    size_t measured, estimated;
    unsigned ordinary; /* bits: which of the three have no more than their ordinary share */
};

static size_t describe(const struct facts *facts, enum li_lang lang, char *out, size_t size) {
    struct li_profile profile = {.confidence = facts->confidence,
                                 .variety = 0.9,
                                 .pleasantness = facts->pleasantness,
                                 .activation = facts->activation,
                                 .spread = facts->spread};
    memcpy(profile.order, facts->order, sizeof facts->order);
    for (int i = 0; i < 3; i++)
        profile.score[facts->order[i]] = facts->ordinary >> i & 1 ? 0.01 : 0.2;
    struct li_description description = {.profile = &profile,
                                         .energy = facts->energy,
                                         .danceability = facts->danceability,
                                         .genre = facts->genre[lang],
                                         .measured = facts->measured,
                                         .estimated = facts->estimated};
    return li_profile_describe(&description, lang, out, size);
}

static const struct {
    struct facts facts;
    const char *text[LI_LANG_COUNT];
} SENTENCES[] = {
    {{{JOY, ENTHUSIASM, DANCE}, 0.95, 0.7, 0.7, 0.4, 0.8, 0.75, {"French rap", "rap français"}, 20, 0},
     {"It is clearly joy that comes first, ahead of enthusiasm and the desire to dance. Your music, "
      "French rap "
      "above all, is intense and warm, with a lot of energy and a beat made for dancing. It keeps "
      "close to "
      "one mood.",
      "Chez toi, c’est la joie qui domine nettement, devant l’enthousiasme et l’envie de danser. Ta "
      "musique, "
      "rap français en tête, est intense et chaleureuse, avec beaucoup d’énergie et un rythme fait pour "
      "danser. "
      "Elle reste proche d’une seule humeur."}},
    {{{RAW_ENERGY, ANGER, EXCITEMENT}, 0.7, -0.2, 0.4, 0.6, 0.69, 0.4, {"metal", "metal"}, 18, 7},
     {"It is raw energy that comes first, ahead of anger and excitement. Your music, metal above all, is "
      "lively "
      "and rather dark, with moderate energy and a beat for listening rather than dancing. It moves "
      "between "
      "neighbouring moods, and 7 of the 25 tracks are estimated from their genres.",
      "Chez toi, c’est l’énergie brute qui domine, devant la colère et l’excitation. Ta musique, metal "
      "en tête, "
      "est vive et plutôt sombre, avec une énergie modérée et un rythme à écouter plus qu’à danser. Elle "
      "passe "
      "par des humeurs voisines, et 7 titres sur 25 sont estimés d’après leurs genres."}},
    {{{NEUTRAL, NOSTALGIA, SADNESS}, 0.5, 0.1, 0.1, 0.9, NAN, 0.55, {NULL, NULL}, 4, 1},
     {"It is rather a neutral mood or nostalgia that comes first, with sadness close behind. Your music "
      "keeps to "
      "the middle, neither calm nor intense, neither dark nor warm, with a fairly danceable beat. It "
      "ranges "
      "over very different moods, and 1 of the 5 tracks is estimated from its genre.",
      "Chez toi, c’est plutôt une humeur neutre ou la nostalgie, avec la tristesse juste derrière. Ta "
      "musique se "
      "tient au milieu, ni calme ni intense, ni sombre ni chaleureuse, avec un rythme assez dansant. Elle "
      "traverse "
      "des humeurs très différentes, et 1 titre sur 5 est estimé d’après son genre."}},
    {{{SADNESS, NOSTALGIA, JOY}, 0.3, -0.4, -0.6, 0.7, 0.2, NAN, {"", ""}, 0, 6},
     {"It is rather sadness or nostalgia that comes first, with joy close behind. Your music is very "
      "calm and "
      "dark, with little energy. All this is estimated from genres, not from sound.",
      "Chez toi, c’est plutôt la tristesse ou la nostalgie, avec la joie juste derrière. Ta musique est "
      "très "
      "calme et sombre, avec peu d’énergie. Tout cela est estimé d’après les genres, non d’après le "
      "son."}},
    {{{JOY, SADNESS, ANGER}, 0.6, 0.3, 0.1, 0.7, NAN, NAN, {NULL, NULL}, 3, 0},
     {"It is joy that comes first, ahead of sadness and anger. Your music is rather warm, neither calm "
      "nor "
      "intense. It moves between neighbouring moods.",
      "Chez toi, c’est la joie qui domine, devant la tristesse et la colère. Ta musique est plutôt "
      "chaleureuse, ni "
      "calme ni intense. Elle passe par des humeurs voisines."}},
    {{{JOY, SADNESS, ANGER}, 0.8, 0.1, -0.2, 0.7, 0.5, 0.65, {NULL, NULL}, 3, 0},
     {"It is clearly joy that comes first, ahead of sadness and anger. Your music is calm, neither dark "
      "nor "
      "warm, with moderate energy and a danceable beat. It moves between neighbouring moods.",
      "Chez toi, c’est la joie qui domine nettement, devant la tristesse et la colère. Ta musique est "
      "calme, ni "
      "sombre ni chaleureuse, avec une énergie modérée et un rythme dansant. Elle passe par des humeurs "
      "voisines."}},
};

/* Emotions that are there no more than in any music are not named, but for the first. */
static void test_ordinary_emotions(void **state) {
    static const struct {
        unsigned ordinary;
        double confidence;
        const char *begins[LI_LANG_COUNT];
    } CASES[] = {
        {1,
         0.5,
         {"It is rather joy or sadness that comes first, with anger close behind. ",
          "Chez toi, c’est plutôt la joie ou la tristesse, avec la colère juste derrière. "}},
        {1,
         0.29,
         {"It may be joy, sadness or anger, though none of them stands out. ",
          "Chez toi, c’est peut-être la joie, la tristesse ou la colère, sans que rien ne se détache. "}},
        {2,
         0.2,
         {"It may be joy or anger, though neither stands out. ",
          "Chez toi, c’est peut-être la joie ou la colère, sans que rien ne se détache. "}},
        {6,
         0.2,
         {"It may be joy, though nothing stands out. ",
          "Chez toi, c’est peut-être la joie, sans que rien ne se détache. "}},
        {2,
         0.5,
         {"It is rather joy or anger that comes first. ", "Chez toi, c’est plutôt la joie ou la colère. "}},
        {4,
         0.7,
         {"It is joy that comes first, ahead of sadness. ",
          "Chez toi, c’est la joie qui domine, devant la tristesse. "}},
        {4,
         0.9,
         {"It is clearly joy that comes first, ahead of sadness. ",
          "Chez toi, c’est la joie qui domine nettement, devant la tristesse. "}},
        {6,
         0.5,
         {"It is rather joy that comes first. ", "Chez toi, c’est plutôt la joie qui vient en premier. "}},
        {7, 0.7, {"It is joy that comes first. ", "Chez toi, c’est la joie qui domine. "}},
        {6, 0.9, {"It is clearly joy that comes first. ", "Chez toi, c’est la joie qui domine nettement. "}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
            char text[512];
            struct facts facts = {.order = {JOY, SADNESS, ANGER},
                                  .confidence = CASES[i].confidence,
                                  .energy = NAN,
                                  .danceability = NAN,
                                  .ordinary = CASES[i].ordinary};
            describe(&facts, (enum li_lang)lang, text, sizeof text);
            check(strncmp(text, CASES[i].begins[lang], strlen(CASES[i].begins[lang])) == 0, "case %zu: %s", i,
                  text);
        }
}

static void test_sentences(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof SENTENCES / sizeof *SENTENCES; i++)
        for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
            char text[512];
            size_t need = describe(&SENTENCES[i].facts, (enum li_lang)lang, text, sizeof text);
            check(strcmp(text, SENTENCES[i].text[lang]) == 0, "case %zu:\n%s\nwanted\n%s", i, text,
                  SENTENCES[i].text[lang]);
            assert_int_equal(need, strlen(text));
        }
}

/* Every emotion in every place reads as a sentence: no word missing, nothing left of the pattern, 512 bytes
 * enough, no "le enthousiasme". */
static void test_every_emotion(void **state) {
    (void)state;
    static const char *const wrong[] = {"%", "  ", "(null)", "!", "la e", "la é", "le e", "l’ ", " ,", " ."};
    size_t longest = 0;
    for (int first = 0; first < LI_EMOTION_COUNT; first++)
        for (int step = 1; step < LI_EMOTION_COUNT; step++)
            for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
                char text[512];
                struct facts facts = {{first, (first + step) % 16, (first + 2 * step) % 16},
                                      0.1 * (step % 10),
                                      -0.1,
                                      0.1,
                                      0.9,
                                      0.9,
                                      0.3,
                                      {"chaabi and Maghreb music", "blues touareg et mandingue"},
                                      480,
                                      20};
                size_t need = describe(&facts, (enum li_lang)lang, text, sizeof text);
                assert_true(need < sizeof text);
                longest = need > longest ? need : longest;
                for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
                    check(!strstr(text, wrong[k]), "\"%s\" in: %s", wrong[k], text);
                const char *label = li_emotion_at((size_t)first)->label[lang];
                check(strstr(text, label) != NULL, "no %s in: %s", label, text);
            }
    assert_true(longest > 300);
}

static void test_cut(void **state) {
    (void)state;
    static const struct facts facts = {{RAW_ENERGY, DANCE, JOY}, 0.9, -0.9, 0.9, 0.2, 0.9, 0.9,
                                       {"rock", "日本のロック"}, 5,   5};
    char whole[512], cut[512];
    size_t need = describe(&facts, LI_LANG_FR, whole, sizeof whole);
    assert_int_equal(describe(&facts, LI_LANG_FR, NULL, 0), need);
    for (size_t size = 1; size <= need + 2; size++) {
        memset(cut, 'x', sizeof cut);
        assert_int_equal(describe(&facts, LI_LANG_FR, cut, size), need);
        size_t length = strlen(cut);
        check(length < size && size - 1 - (size > need ? need : length) < (size > need ? 3 : 4u), "size %zu",
              size);
        assert_memory_equal(cut, whole, length);
        assert_true(li_text_valid((struct li_text){cut, length}));
        for (size_t i = size; i < sizeof cut; i++)
            assert_int_equal(cut[i], 'x');
    }
    assert_string_equal(cut, whole);
}

/* Numbers that are not numbers give some sentence. */
static void test_absurd(void **state) {
    (void)state;
    static const double values[] = {NAN, INFINITY, -INFINITY, 1e300};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct facts facts = {{0, 1, 2}, values[i], values[i],    values[i], values[i],
                              values[i], values[i], {NULL, NULL}, 0,         0};
        char text[512];
        size_t need = describe(&facts, LI_LANG_EN, text, sizeof text);
        check(need > 50 && text[need - 1] == '.', "%s", text);
    }
}

static void test_unknown_language_is_english(void **state) {
    (void)state;
    struct li_profile profile = {.order = {0, 1, 2}};
    struct li_description facts = {.profile = &profile, .energy = NAN, .danceability = NAN};
    char a[512], b[512];
    li_profile_describe(&facts, LI_LANG_EN, a, sizeof a);
    li_profile_describe(&facts, (enum li_lang)LI_LANG_COUNT, b, sizeof b);
    assert_string_equal(a, b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),     cmocka_unit_test(test_ordinary_emotions),
        cmocka_unit_test(test_every_emotion), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_absurd),        cmocka_unit_test(test_unknown_language_is_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
