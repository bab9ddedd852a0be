/* Genre tags -> families -> estimates. */
#include "check.h"

#include <listening.h>

#include "base/text.h"
#include "emotion/emotion_priv.h"

static const char *family_of(const char *tag, size_t length) {
    int family = li_genre_match(tag, length);
    return family < 0 ? NULL : li_genre_at((size_t)family)->id;
}

static int family(const char *id) {
    for (size_t i = 0; i < li_genre_count(); i++)
        if (strcmp(li_genre_at(i)->id, id) == 0)
            return (int)i;
    fail_msg("no family %s", id);
    return -1;
}

static const struct {
    const char *tag, *family; /* NULL: unknown */
} MATCHES[] = {
    /* the longest run of words, the rightmost among equals */
    {"deep german hip hop", "german hip hop"},
    {"australian indie folk", "indie folk"},
    {"indie folk rock", "folk rock"},
    {"jazz pop", "pop"},
    {"pop jazz", "jazz"},
    {"swedish death metal band", "death metal"},
    {"french hip hop", "french hip hop"},
    {"old french hip hop of today", "french hip hop"},
    /* spellings */
    {"rap français", "french hip hop"},
    {"RAP FRANÇAIS", "french hip hop"},
    {"rap franc\xcc\xa7"
     "ais",
     "french hip hop"}, /* c and a combining cedilla */
    {"drill français", "french drill"},
    {"K-Pop", "k-pop"},
    {"k pop", "k-pop"},
    {"r-n-b", "r&b"},
    {"R&B", "r&b"},
    {"r & b", "r&b"},
    {"coupé-décalé", "coupé-décalé"},
    {"COUPE DECALE", "coupé-décalé"},
    {"rock'n'roll", "rock-and-roll"},
    {"Rock ’n’ Roll", "rock-and-roll"},
    {"rock & roll", "rock-and-roll"},
    {"drum & bass", "drum and bass"},
    {"drum'n'bass", "drum and bass"},
    {"Musique électronique", "electronic"},
    {"bande originale", "soundtrack"},
    {"variété", "french pop"},
    {"  Hip-Hop/Rap  ", "hip-hop"},
    {"hip_hop", "hip-hop"},
    {"Raï", "raï"},
    {"forró", "forró"},
    {"ＪＡＺＺ", "jazz"},
    {"rap québécois", "rap québécois"},
    /* plain names */
    {"trap", "trap"},
    {"classical", "classical"},
    {"lo-fi", "lo-fi"},
    {"bossa nova", "bossa nova"},
    {"amapiano", "amapiano"},
    {"white noise", "sleep"},
    {"zouk", "zouk"},
    /* part of a word is not a word */
    {"poppy", NULL},
    {"rapture", NULL},
    {"metallurgy", NULL},
    /* nothing to find */
    {"", NULL},
    {"   ", NULL},
    {"&", NULL},
    {"-!?-", NULL},
    {"xyzzy", NULL},
    {"日本", NULL},
    {"\xff\xfe", NULL},
    {"jazz\xc3", NULL},
    {"\xed\xa0\x80 pop", NULL},
};

static void test_match(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof MATCHES / sizeof *MATCHES; i++) {
        const char *got = family_of(MATCHES[i].tag, strlen(MATCHES[i].tag));
        const char *wanted = MATCHES[i].family;
        check((got == NULL) == (wanted == NULL) && (!got || strcmp(got, wanted) == 0),
              "case %zu \"%s\" gave %s, wanted %s", i, MATCHES[i].tag, got ? got : "none",
              wanted ? wanted : "none");
    }
}

static void test_match_limits(void **state) {
    (void)state;
    char tag[257];
    memset(tag, ' ', sizeof tag);
    memcpy(tag + 252, "jazz", 4);
    assert_string_equal(family_of(tag, 256), "jazz");
    assert_int_equal(li_genre_match(tag, 257), -1);
    assert_int_equal(li_genre_match("jazz", SIZE_MAX), -1);
    assert_int_equal(li_genre_match(NULL, 0), -1);
    assert_string_equal(family_of("jazzy things", 4), "jazz"); /* only the bytes given count */
    assert_int_equal(li_genre_match("jazz\0jazz", 9), -1);
    for (size_t i = 0; i + 3 <= 255; i += 3) /* U+FDFA folds to eleven times its bytes */
        memcpy(tag + i, "\xef\xb7\xba", 3);
    assert_int_equal(li_genre_match(tag, 255), -1);
    for (size_t i = 0; i < 128; i++)
        memcpy(tag + 2 * i, "a ", 2);
    assert_int_equal(li_genre_match(tag, 256), -1);
}

static void test_every_family_finds_itself(void **state) {
    (void)state;
    assert_int_equal(li_genre_count(), 198);
    for (size_t i = 0; i < li_genre_count(); i++) {
        const struct li_genre *genre = li_genre_at(i);
        check(li_genre_match(genre->id, strlen(genre->id)) == (int)i, "%s", genre->id);
    }
    assert_null(li_genre_at(li_genre_count()));
}

static void test_aliases_are_folded_and_sorted(void **state) {
    (void)state;
    assert_true(li_genre_alias_row_count > 1800);
    for (size_t i = 0; i < li_genre_alias_row_count; i++) {
        const struct li_genre_alias_row *row = &li_genre_alias_rows[i];
        char folded[256];
        size_t size = li_text_fold(li_text_of(row->alias), folded, sizeof folded);
        check(li_text_equal(li_text_of(row->alias), (struct li_text){folded, size}), "%s", row->alias);
        check(i == 0 || strcmp(li_genre_alias_rows[i - 1].alias, row->alias) < 0, "%s", row->alias);
        check(li_genre_match(row->alias, strlen(row->alias)) == row->family, "%s", row->alias);
    }
}

static void test_families_are_sound(void **state) {
    (void)state;
    for (size_t i = 0; i < li_genre_count(); i++) {
        const struct li_genre *genre = li_genre_at(i);
        double sum = 0;
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
            sum += genre->p[e];
        check_near(sum, 1, 1e-12);
        check(genre->thin == (genre->artists < 10), "%s", genre->id);
        check(genre->parent >= -1 && genre->parent < (int)li_genre_count() && genre->parent != (int)i, "%s",
              genre->id);
        for (size_t f = 0; f < LI_FEATURE_COUNT; f++)
            check(isfinite(genre->mean.value[f]) && genre->spread.value[f] > 0, "%s feature %zu", genre->id,
                  f);
        for (size_t k = 0; k < i; k++)
            for (int lang = 0; lang < LI_LANG_COUNT; lang++)
                assert_string_not_equal(genre->label[lang], li_genre_at(k)->label[lang]);
    }
    const struct li_genre *rap = li_genre_at((size_t)family("french hip hop"));
    assert_string_equal(rap->label[LI_LANG_EN], "French rap");
    assert_string_equal(rap->label[LI_LANG_FR], "rap français");
    assert_string_equal(li_genre_at((size_t)rap->parent)->id, "rap");
    check_near(rap->mean.value[LI_DANCEABILITY], 0.75, 0.01);
    assert_int_equal(rap->artists, 25);
    assert_true(li_genre_at((size_t)family("shatta"))->thin);
}

static void check_estimate(const struct li_estimate *estimate) {
    double sum = 0;
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        sum += estimate->p[e];
    check_near(sum, 1, 1e-9);
    assert_true(estimate->confidence > 0 && estimate->confidence <= 1);
    assert_true(estimate->spread_pleasantness > 0 && estimate->spread_activation > 0);
    assert_true(isfinite(estimate->pleasantness) && isfinite(estimate->activation));
}

static void test_estimate_of_none(void **state) {
    (void)state;
    static const int unknown[] = {-1, 9999};
    struct li_estimate none, bad, other;
    li_genre_estimate(NULL, 0, &none);
    li_genre_estimate(unknown, 2, &bad);
    assert_memory_equal(&none, &bad, sizeof none);
    assert_int_equal(none.genre_count, 0);
    check_estimate(&none);
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        assert_true(none.p[e] == li_emotion_at(e)->base_rate);
    check_near(none.mean.value[LI_ENERGY], 0.5797, 1e-9);
    for (int i = 0; i < (int)li_genre_count(); i++) {
        li_genre_estimate(&i, 1, &other);
        check_estimate(&other);
        check(other.confidence > none.confidence, "%s", li_genre_at((size_t)i)->id);
    }
}

static void test_estimate_of_one(void **state) {
    (void)state;
    int metal = family("metal"), classical = family("classical"), both[] = {metal, classical};
    struct li_estimate a, b, mixed;
    li_genre_estimate(&metal, 1, &a);
    li_genre_estimate(&classical, 1, &b);
    li_genre_estimate(both, 2, &mixed);
    const struct li_genre *genre = li_genre_at((size_t)metal);
    for (size_t f = 0; f < LI_FEATURE_COUNT; f++) {
        check_near(a.mean.value[f], genre->mean.value[f], 1e-12);
        check_near(a.spread.value[f], genre->spread.value[f], 1e-6);
        double ma = a.mean.value[f], mb = b.mean.value[f], sa = a.spread.value[f], sb = b.spread.value[f];
        check_near(mixed.mean.value[f], (ma + mb) / 2, 1e-9);
        check_near(mixed.spread.value[f], sqrt((sa * sa + sb * sb) / 2 + (ma - mb) * (ma - mb) / 4), 1e-6);
    }
    for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
        check_near(mixed.p[e], (a.p[e] + b.p[e]) / 2, 1e-12);
    assert_true(a.activation > 0.3 && b.activation < -0.3);
    assert_true(a.pleasantness < 0 && mixed.activation < a.activation && mixed.activation > b.activation);
}

static void test_estimate_of_many(void **state) {
    (void)state;
    int many[40], repeated[] = {3, 3, 7, 3, -1, 7};
    struct li_estimate got, thin, thick;
    for (int i = 0; i < 40; i++)
        many[i] = i;
    li_genre_estimate(many, 40, &got);
    assert_int_equal(got.genre_count, LI_GENRES_MAX);
    for (int i = 0; i < LI_GENRES_MAX; i++)
        assert_int_equal(got.genre[i], i);
    li_genre_estimate(repeated, 6, &got);
    assert_int_equal(got.genre_count, 2);
    assert_int_equal(got.genre[0], 3);
    assert_int_equal(got.genre[1], 7);
    many[0] = family("shatta");
    many[1] = family("dancehall");
    li_genre_estimate(&many[0], 1, &thin);
    li_genre_estimate(&many[1], 1, &thick);
    assert_true(thin.confidence < thick.confidence);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_match_limits),
        cmocka_unit_test(test_every_family_finds_itself),
        cmocka_unit_test(test_aliases_are_folded_and_sorted),
        cmocka_unit_test(test_families_are_sound),
        cmocka_unit_test(test_estimate_of_none),
        cmocka_unit_test(test_estimate_of_one),
        cmocka_unit_test(test_estimate_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
