/* The arena: alignment, zeroed memory, sizes that overflow, and what a clear keeps. */
#include "check.h"

#include <stdalign.h>

#include "base/arena.h"

static void test_alignment_and_zeroes(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 7, 8, 15, 16, 17, 100, 0, 1000, 16 * 1024, 16 * 1024 + 1, 70000};
    struct li_arena arena = {0};
    for (int round = 0; round < 3; round++) { /* later rounds get memory that was written on before */
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            unsigned char *piece = li_arena_alloc(&arena, sizes[i]);
            assert_non_null(piece);
            check((uintptr_t)piece % alignof(max_align_t) == 0, "size %zu", sizes[i]);
            for (size_t b = 0; b < sizes[i]; b++)
                check(piece[b] == 0, "size %zu, byte %zu, round %d", sizes[i], b, round);
            memset(piece, 0xa5, sizes[i]);
        }
        li_arena_clear(&arena);
    }
    li_arena_release(&arena);
}

static void test_pieces_do_not_touch(void **state) {
    (void)state;
    enum { PIECES = 2000, SIZE = 29 };
    struct li_arena arena = {0};
    unsigned char *pieces[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = li_arena_alloc(&arena, SIZE);
        memset(pieces[i], (int)(i % 251), SIZE);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t b = 0; b < SIZE; b++)
            check(pieces[i][b] == i % 251, "piece %zu, byte %zu", i, b);
    assert_int_equal(arena.used, PIECES * SIZE);
    li_arena_release(&arena);
}

static void test_overflow_is_null(void **state) {
    (void)state;
    static const struct {
        size_t count, size;
    } cases[] = {
        {SIZE_MAX, 2}, {2, SIZE_MAX}, {SIZE_MAX, SIZE_MAX},  {SIZE_MAX / 2 + 1, 2},
        {SIZE_MAX, 1}, {1, SIZE_MAX}, {SIZE_MAX / 2 + 1, 1},
    };
    struct li_arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(li_arena_try(&arena, cases[i].count, cases[i].size) == NULL, "case %zu", i);
    assert_int_equal(arena.used, 0);
    assert_non_null(li_arena_try(&arena, 0, 8));
    assert_non_null(li_arena_try(&arena, 3, 8));
    assert_int_equal(arena.used, 24);
    li_arena_release(&arena);
}

static void test_clear_keeps_one_block(void **state) {
    (void)state;
    struct li_arena arena = {0};
    li_arena_clear(&arena); /* an empty one */
    assert_null(arena.head);
    void *first = li_arena_alloc(&arena, 64);
    li_arena_clear(&arena);
    assert_int_equal(arena.used, 0);
    assert_non_null(arena.head);
    assert_ptr_equal(li_arena_alloc(&arena, 64), first);
    for (int i = 0; i < 100; i++)
        li_arena_alloc(&arena, 1000);
    struct li_arena_block *newest = arena.head;
    li_arena_clear(&arena);
    assert_ptr_equal(arena.head, newest);
    li_arena_alloc(&arena, 1024 * 1024);
    li_arena_clear(&arena); /* a large block is not kept */
    assert_null(arena.head);
    li_arena_release(&arena);
    li_arena_release(&arena);
    assert_null(arena.head);
}

static void test_copy_and_printf(void **state) {
    (void)state;
    struct li_arena arena = {0};
    char bytes[] = "not ended";
    struct li_text copy = li_arena_copy(&arena, (struct li_text){bytes, 3});
    bytes[0] = 'h';
    assert_int_equal(copy.size, 3);
    assert_string_equal(copy.data, "not");
    copy = li_arena_copy(&arena, (struct li_text){NULL, 0});
    assert_int_equal(copy.size, 0);
    assert_string_equal(copy.data, "");
    copy = li_arena_printf(&arena, "%s=%d", "x", -7);
    assert_int_equal(copy.size, 4);
    assert_string_equal(copy.data, "x=-7");
    copy = li_arena_printf(&arena, "%s", "");
    assert_int_equal(copy.size, 0);
    copy = li_arena_printf(&arena, "%0*d", 40000, 1);
    assert_int_equal(copy.size, 40000);
    assert_int_equal(strlen(copy.data), 40000);
    li_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alignment_and_zeroes), cmocka_unit_test(test_pieces_do_not_touch),
        cmocka_unit_test(test_overflow_is_null),     cmocka_unit_test(test_clear_keeps_one_block),
        cmocka_unit_test(test_copy_and_printf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
