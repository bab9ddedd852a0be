/* The banded distance against the plain table of the textbook, over random and chosen texts. */
#include "catalog/catalog_priv.h"

#include "check.h"

enum { LETTERS_MAX = 24 };

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Optimal string alignment with the whole table; cell [i][j]: the first i of typed to the first j of text. */
static struct distance textbook(const uint32_t *typed, size_t m, const uint32_t *text, size_t n) {
    unsigned d[LETTERS_MAX + 1][LETTERS_MAX + 1];
    for (size_t i = 0; i <= m; i++) {
        for (size_t j = 0; j <= n; j++) {
            d[i][j] = i == 0 ? (unsigned)j : j == 0 ? (unsigned)i : UINT32_MAX;
            if (i == 0 || j == 0)
                continue;
            d[i][j] =
                least(least(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (typed[i - 1] != text[j - 1]));
            if (i > 1 && j > 1 && typed[i - 1] == text[j - 2] && typed[i - 2] == text[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    struct distance out = {d[m][n], UINT32_MAX};
    for (size_t j = 0; j <= n; j++)
        out.begin = least(out.begin, d[m][j]);
    return out;
}

static void compare(const uint32_t *typed, size_t m, const uint32_t *text, size_t n) {
    struct distance wanted = textbook(typed, m, text, n);
    struct pattern pattern;
    li_pattern_make(&pattern, typed, m);
    for (unsigned max = 0; max <= ERRORS_MAX; max++) {
        struct distance got = li_distance_measure(typed, m, text, n, max);
        check(got.whole == least(wanted.whole, max + 1), "%zu, %zu, max %u: whole %u, wanted %u", m, n, max,
              got.whole, wanted.whole);
        check(got.begin == least(wanted.begin, max + 1), "%zu, %zu, max %u: begin %u, wanted %u", m, n, max,
              got.begin, wanted.begin);
        struct distance bits = li_pattern_measure(&pattern, 0, m, text, n, max);
        check(bits.whole == got.whole && bits.begin == got.begin, "%zu, %zu, max %u: bits say %u %u", m, n,
              max, bits.whole, bits.begin);
    }
}

/* A part of a longer pattern is measured as if it stood alone. Letters of every script. */
static void test_parts(void **state) {
    (void)state;
    uint32_t typed[KEY_LETTERS_MAX], text[LETTERS_MAX], seed = 3;
    struct pattern pattern;
    for (int run = 0; run < 300; run++) {
        for (size_t i = 0; i < KEY_LETTERS_MAX; i++)
            typed[i] = (run % 2 ? 'a' : 0x3041) + (uint32_t)(i * i + (size_t)run) % 5;
        li_pattern_make(&pattern, typed, run % 3 ? PATTERN_LETTERS : KEY_LETTERS_MAX);
        for (size_t from = 0; from < PATTERN_LETTERS; from += 3) { /* the last ones reach behind the bits */
            size_t length = 1 + (from + (size_t)run) % (LETTERS_MAX - 1),
                   n = 1 + (from * 7) % (LETTERS_MAX - 1);
            for (size_t i = 0; i < n; i++)
                text[i] = (seed = seed * 1664525u + 1013904223u) >> 29 ? typed[from + i] : 'x';
            if (from + length > pattern.length)
                continue;
            struct distance got = li_pattern_measure(&pattern, from, length, text, n, ERRORS_MAX);
            struct distance wanted = li_distance_measure(typed + from, length, text, n, ERRORS_MAX);
            check(got.whole == wanted.whole && got.begin == wanted.begin, "from %zu, %zu letters", from,
                  length);
        }
    }
}

static size_t read_letters(const char *text, uint32_t *letters) {
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        letters[i] = (unsigned char)text[i];
    return length;
}

static void test_chosen(void **state) {
    (void)state;
    static const struct {
        const char *typed, *text;
        unsigned whole, begin; /* with max 2 */
    } CASES[] = {
        {"queen", "queen", 0, 0},
        {"quee", "queen", 1, 0},
        {"q", "queen", 3, 0},
        {"quen", "queen", 1, 1},
        {"qeuen", "queen", 1, 1},
        {"queeen", "queen", 1, 1},
        {"qveen", "queen", 1, 1},
        {"uqene", "queen", 2, 2},
        {"ca", "abc", 3, 1},
        {"abcdef", "queen", 3, 3},
        {"metalica", "metallica", 1, 1},
        {"metalic", "metallica", 2, 1},
        {"ab", "ba", 1, 1},
        {"abcd", "badc", 2, 2},
        {"theweekend", "theweeknd", 1, 1},
        {"radiohaed", "radiohead", 1, 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        uint32_t typed[LETTERS_MAX], text[LETTERS_MAX];
        size_t m = read_letters(CASES[i].typed, typed), n = read_letters(CASES[i].text, text);
        struct distance got = li_distance_measure(typed, m, text, n, 2);
        check(got.whole == CASES[i].whole && got.begin == CASES[i].begin, "%s, %s: %u %u", CASES[i].typed,
              CASES[i].text, got.whole, got.begin);
        compare(typed, m, text, n);
    }
}

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void test_random(void **state) {
    (void)state;
    uint32_t seed = 1, typed[LETTERS_MAX], text[LETTERS_MAX];
    for (int run = 0; run < 100000; run++) {
        size_t m = 1 + next_random(&seed) % (LETTERS_MAX - 1), n = 1 + next_random(&seed) % (LETTERS_MAX - 1);
        uint32_t letters = 2 + next_random(&seed) % 3;
        for (size_t i = 0; i < n; i++)
            text[i] = next_random(&seed) % letters;
        for (size_t i = 0; i < m; i++) /* mostly a copy, so that small distances occur */
            typed[i] = i < n && next_random(&seed) % 8 ? text[i] : next_random(&seed) % letters;
        if (m > 2 && next_random(&seed) % 2) {
            uint32_t first = typed[0];
            typed[0] = typed[1];
            typed[1] = first;
        }
        compare(typed, m, text, n);
    }
}

/* The longest texts that there are. */
static void test_longest(void **state) {
    (void)state;
    static uint32_t typed[KEY_LETTERS_MAX], text[KEY_LETTERS_MAX];
    for (size_t i = 0; i < KEY_LETTERS_MAX; i++)
        typed[i] = text[i] = (uint32_t)(i % 7);
    text[200] = 9;
    struct distance got = li_distance_measure(typed, KEY_LETTERS_MAX, text, KEY_LETTERS_MAX, ERRORS_MAX);
    assert_int_equal(got.whole, 1);
    got = li_distance_measure(typed, KEY_LETTERS_MAX - 2, text, KEY_LETTERS_MAX, ERRORS_MAX);
    assert_int_equal(got.begin, 1);
    assert_int_equal(got.whole, 3);
    got = li_distance_measure(typed, KEY_LETTERS_MAX, text, 10, ERRORS_MAX);
    assert_int_equal(got.begin, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chosen),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
