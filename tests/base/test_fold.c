#include "base/text.h"

#include "check.h"

enum { ROOM = 512 };

static const struct {
    const char *text, *folded;
} CASES[] = {
    {"", ""},
    {"Queen", "queen"},
    {"  Pink   Floyd  ", "pink floyd"},
    /* accents and other marks */
    {"Beyoncé", "beyonce"},
    {"Beyonce\xcc\x81", "beyonce"}, /* the accent as a mark of its own */
    {"Mötley Crüe", "motley crue"},
    {"Sigur Rós", "sigur ros"},
    {"\xc5\x89", "n"}, /* a letter that unfolds to an apostrophe and a letter */
    {"Ñengo Flow", "nengo flow"},
    {"Dvořák", "dvorak"},
    {"Cœur de pirate", "coeur de pirate"},
    {"Ærosmith", "aerosmith"},
    {"Røyksopp", "royksopp"},
    {"MØ", "mo"},
    {"Die Ärzte", "die arzte"},
    {"Große Straße", "grosse strasse"},
    {"Øystein Þór Đorđe", "oystein thor dorde"},
    {"Małgośka", "malgoska"},
    {"Işıl", "isil"},
    {"Tiësto", "tiesto"},
    /* letters that are signs, and the other way round */
    {"P!nk", "pink"},
    {"A$AP Rocky", "asap rocky"},
    {"Ke$ha", "kesha"},
    {"$uicideboy$", "suicideboys"},
    {"Wham!", "wham"},
    {"Panic! at the Disco", "panic at the disco"},
    {"!!!", ""},
    {"5 $ bill", "5 bill"},
    /* apostrophes are dropped, "&" is a word, the rest is a space */
    {"Guns N' Roses", "guns n roses"},
    {"Guns N\xe2\x80\x99 Roses", "guns n roses"},
    {"Sinéad O'Connor", "sinead oconnor"},
    {"Simon & Garfunkel", "simon and garfunkel"},
    {"R&B", "r and b"},
    {"&", "and"},
    {"AC/DC", "ac dc"},
    {"Jay-Z", "jay z"},
    {"The Notorious B.I.G.", "the notorious b i g"},
    {"Earth, Wind & Fire", "earth wind and fire"},
    {"(((x)))", "x"},
    {"a\tb\nc", "a b c"},
    {"4:44", "4 44"},
    /* compatibility forms */
    {"ＡＢＢＡ　２０００", "abba 2000"},
    {"Simon ＆ Garfunkel", "simon and garfunkel"},
    {"Ａ＄ＡＰ，Ｐ！ｎｋ", "asap pink"},
    {"Ｏ＇Ｃｏｎｎｏｒ", "oconnor"},
    {"ﬁn", "fin"},
    {"№ 1", "no 1"},
    {"x²", "x2"},
    {"\xe2\x85\xa3", "iv"}, /* the number four in one sign */
    /* other scripts are kept */
    {"Би-2", "би 2"},
    {"КИНО", "кино"},
    {"Йо", "ио"},
    {"Σίσυφος", "σισυφοσ"},
    {"فيروز", "فيروز"},
    {"أُمّ كلثوم", "ام كلثوم"},
    {"宇多田ヒカル", "宇多田ヒカル"},
    {"ｱﾆﾒ", "アニメ"},
    {"Bodyslam บอดี้สแลม", "bodyslam บอดสแลม"},
    {"नमस्ते", "नमसत"},
    /* nothing to search for */
    {"🎸🔥", ""},
    {"abba 🎸 queen", "abba queen"},
    {"...---...", ""},
    {" ", ""},
    {"a\xe2\x80\x8b"
     "b",
     "ab"}, /* a space of no width */
};

static void test_table(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char out[ROOM];
        size_t size = li_text_fold(li_text_of(CASES[i].text), out, sizeof out);
        check(li_text_equal((struct li_text){out, size}, li_text_of(CASES[i].folded)), "\"%s\": \"%.*s\"",
              CASES[i].text, (int)size, out);
    }
}

/* A syllable and the letters that it is made of are the same text. */
static void test_hangul(void **state) {
    (void)state;
    char syllables[ROOM], letters[ROOM];
    size_t size = li_text_fold(LI_TEXT("\xeb\xb0\xa9"), syllables, sizeof syllables);
    size_t other = li_text_fold(LI_TEXT("\xe1\x84\x87\xe1\x85\xa1\xe1\x86\xbc"), letters, sizeof letters);
    assert_int_equal(size, 9);
    assert_true(li_text_equal((struct li_text){syllables, size}, (struct li_text){letters, other}));
}

static void test_folding_twice(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char once[ROOM], twice[ROOM];
        size_t size = li_text_fold(li_text_of(CASES[i].text), once, sizeof once);
        size_t again = li_text_fold((struct li_text){once, size}, twice, sizeof twice);
        check(again == size && memcmp(once, twice, size) == 0, "\"%s\"", CASES[i].text);
        check(li_text_valid((struct li_text){once, size}), "\"%s\"", CASES[i].text);
    }
}

static void test_invalid_text(void **state) {
    (void)state;
    static const char *const INVALID[] = {"caf\xe9",      "\xff",     "a\xc3",
                                          "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80"};
    char out[ROOM];
    for (size_t i = 0; i < sizeof INVALID / sizeof *INVALID; i++)
        check(li_text_fold(li_text_of(INVALID[i]), out, sizeof out) == 0, "case %zu", i);
    assert_int_equal(li_text_fold(LI_TEXT("a\0b"), out, sizeof out), 0);
}

/* What does not fit is cut at a whole character, and no byte beyond size is touched. */
static void test_little_room(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t size, wanted;
    } ROOMS[] = {
        {"Queen", 0, 0}, {"Queen", 4, 4}, {"Queen", 5, 5}, {"ab cd", 3, 2},  {"ab cd", 4, 4},
        {"кино", 3, 2},  {"кино", 7, 6},  {"кино", 8, 8},  {"宇多田", 2, 0}, {"宇多田", 8, 6},
        {"aæ", 2, 1},    {"aæ", 3, 3},    {"x & y", 4, 1}, {"x & y", 5, 5},  {"x & y", 6, 5},
    };
    for (size_t i = 0; i < sizeof ROOMS / sizeof *ROOMS; i++) {
        char out[16];
        memset(out, '#', sizeof out);
        size_t size = li_text_fold(li_text_of(ROOMS[i].text), out, ROOMS[i].size);
        check(size == ROOMS[i].wanted, "case %zu: %zu", i, size);
        check(li_text_valid((struct li_text){out, size}), "case %zu", i);
        for (size_t j = ROOMS[i].size; j < sizeof out; j++)
            check(out[j] == '#', "case %zu: byte %zu", i, j);
    }
}

static void test_signs(void **state) {
    static const struct {
        const char *text, *signs;
    } SIGNS[] = {
        {"!!!", "!!!"},     {" ! ! !\t", "!!!"},
        {"！！！", "!!!"},  {"\"!!!\"", "!!!"},
        {"« ††† »", "†††"}, {"\xc2\xa0\xe2\x80\x8b", ""}, /* a fixed space and a space without width */
        {"'", ""},          {"", ""},
        {"!!\xff", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        char out[16] = {0};
        size_t size = li_text_signs(li_text_of(SIGNS[i].text), out, sizeof out);
        check(strlen(SIGNS[i].signs) == size && memcmp(out, SIGNS[i].signs, size) == 0, "case %zu: \"%s\"", i,
              out);
    }
    char little[4] = {0};
    assert_int_equal(li_text_signs(LI_TEXT("†††"), little, 4), 3); /* cut at a whole character */
    assert_int_equal(little[3], 0);
}

static void test_same_name(void **state) {
    static const struct {
        const char *a, *b;
        bool same;
    } PAIRS[] = {
        {"Beyoncé", "BEYONCE", true}, {"Florence & the Machine", "Florence and The Machine", true},
        {"Adele", "Adela", false},    {"!!!", "!!!", true},
        {"!!!", "???", false},        {"!!!", "", false},
        {"!!!", "Adele", false},      {"\xff", "\xfe", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        struct li_text a = li_text_of(PAIRS[i].a), b = li_text_of(PAIRS[i].b);
        check(li_text_same_name(a, b) == PAIRS[i].same, "%s, %s", PAIRS[i].a, PAIRS[i].b);
        check(li_text_same_name(b, a) == PAIRS[i].same, "%s, %s", PAIRS[i].b, PAIRS[i].a);
        check((li_text_name_hash(a) == li_text_name_hash(b)) == PAIRS[i].same, "%s, %s", PAIRS[i].a,
              PAIRS[i].b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),         cmocka_unit_test(test_hangul),
        cmocka_unit_test(test_folding_twice), cmocka_unit_test(test_invalid_text),
        cmocka_unit_test(test_little_room),   cmocka_unit_test(test_same_name),
        cmocka_unit_test(test_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
