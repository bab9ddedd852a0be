/* Tokens: 22 characters of the session alphabet, never the same. */
#include "check.h"

#include "base/random.h"

enum { TOKENS = 2000 };

static int by_bytes(const void *a, const void *b) {
    return strcmp(a, b);
}

static void test_tokens(void **state) {
    (void)state;
    static char tokens[TOKENS][LI_TOKEN_CHARS + 1];
    bool seen[LI_TOKEN_CHARS][128] = {{false}};
    for (size_t i = 0; i < TOKENS; i++) {
        memset(tokens[i], '!', sizeof tokens[i]);
        li_random_token(tokens[i]);
        assert_int_equal(strlen(tokens[i]), LI_TOKEN_CHARS);
        assert_int_equal(
            strspn(tokens[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            LI_TOKEN_CHARS);
        for (size_t c = 0; c < LI_TOKEN_CHARS; c++)
            seen[c][(unsigned char)tokens[i][c]] = true;
    }
    qsort(tokens, TOKENS, sizeof *tokens, by_bytes);
    for (size_t i = 1; i < TOKENS; i++)
        assert_string_not_equal(tokens[i - 1], tokens[i]);
    for (size_t c = 0; c < LI_TOKEN_CHARS;
         c++) { /* missing a character in 2,000 draws: once in 10^12 tests */
        size_t different = 0;
        for (size_t i = 0; i < 128; i++)
            different += seen[c][i];
        check(different == 64, "place %zu shows %zu characters", c, different);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
