/* What every source does alike: the checks at the door, and the words for where a number comes from. */
#include "fake_source.h"

static void test_origin_names(void **state) {
    (void)state;
    assert_string_equal(li_origin_name(LI_ORIGIN_MEASURED), "measured");
    assert_string_equal(li_origin_name(LI_ORIGIN_PROVIDER), "provider");
    assert_string_equal(li_origin_name(LI_ORIGIN_DATASET), "dataset");
    assert_string_equal(li_origin_name(LI_ORIGIN_ESTIMATED), "estimated");
}

/* A source that must not be asked. */
static enum li_status never_search(struct li_source *source, struct li_text words, size_t limit,
                                   struct li_arena *arena, struct li_source_artist **artists, size_t *count,
                                   struct li_error *err) {
    (void)source, (void)words, (void)limit, (void)arena, (void)artists, (void)count, (void)err;
    fail_msg("the source was asked");
    return LI_IO;
}

static void test_wrong_searches_do_not_reach_the_source(void **state) {
    (void)state;
    static const struct li_source_ops ops = {.name = "never", .search = never_search};
    static char long_words[LI_SOURCE_QUERY_MAX + 1];
    struct li_source source = {&ops};
    struct li_arena arena = {0};
    memset(long_words, 'a', sizeof long_words);
    const struct {
        struct li_text words;
        size_t limit;
    } cases[] = {
        {{long_words, sizeof long_words}, 10},
        {LI_TEXT("a"), 0},
        {LI_TEXT("a"), LI_SOURCE_HITS_MAX + 1},
        {LI_TEXT("a"), SIZE_MAX},
        {LI_TEXT("\xc3"), 10},
        {{"\0", 1}, 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_source_artist *artists = NULL;
        size_t count = 42;
        struct li_error err = {0};
        check(li_source_search(&source, cases[i].words, cases[i].limit, &arena, &artists, &count, &err) ==
                  LI_INVALID,
              "case %zu", i);
        check(!artists && count == 42 && err.message[0], "case %zu", i);
    }
    li_arena_release(&arena);
    li_source_free(NULL);
}

static void test_calls_reach_the_source(void **state) {
    (void)state;
    struct li_source *source = fake_source();
    struct li_source_artist *artists = NULL, artist = {0};
    struct li_source_track *tracks = NULL;
    struct li_arena arena = {0};
    size_t count = 0;
    assert_int_equal(li_source_search(source, LI_TEXT("m"), 10, &arena, &artists, &count, NULL), LI_OK);
    assert_int_equal(count, 3);
    assert_int_equal(li_source_find(source, LI_TEXT("rap"), &arena, &artist, NULL), LI_OK);
    assert_true(li_text_equal(artist.name, LI_TEXT("MC Exemple")));
    assert_int_equal(li_source_top_tracks(source, LI_TEXT("long"), 3, &arena, &tracks, &count, NULL), LI_OK);
    assert_int_equal(count, 3);
    assert_int_equal(li_source_find(source, LI_TEXT("nobody"), &arena, &artist, NULL), LI_NOT_FOUND);
    assert_int_equal(li_source_top_tracks(source, LI_TEXT("nobody"), 3, &arena, &tracks, &count, NULL),
                     LI_NOT_FOUND);
    li_source_free(source);
    li_arena_release(&arena);
}

static void test_what_a_source_need_not_have(void **state) {
    (void)state;
    struct li_source *source = fake_source();
    const struct li_text ids[] = {LI_TEXT("rap/0"), LI_TEXT("rap/1")};
    const struct li_source_wanted tracks[] = {{.id = ids[0]}, {.id = ids[1]}};
    struct li_source_features features[2] = {{.known = true}, {.known = true}};
    struct li_source_artist artists[2];
    struct li_arena arena = {0};
    bool found[2] = {true, true};
    size_t asked = 9;
    assert_int_equal(li_source_prepare(source, ids, 2, NULL), LI_OK);
    assert_false(li_source_has_features(source));
    assert_int_equal(li_source_features(source, tracks, 2, NULL, features, NULL), LI_OK);
    assert_false(features[0].known || features[1].known);
    assert_int_equal(li_source_match(source, ids[0], &arena, artists, NULL), LI_NOT_FOUND);
    assert_int_equal(li_source_lookup(source, ids, 2, &arena, artists, found, &asked, NULL), LI_OK);
    assert_false(found[0] || found[1] || asked);
    assert_int_equal(li_source_lookup(source, NULL, 0, &arena, NULL, NULL, &asked, NULL), LI_OK);
    li_source_tidy(source);
    li_arena_release(&arena);
}

static void test_too_many_names(void **state) {
    (void)state;
    struct li_text names[LI_SOURCE_LOOKUP_MAX + 1] = {{0}};
    bool found[LI_SOURCE_LOOKUP_MAX + 1];
    struct li_error err = {0};
    size_t asked = 0;
    assert_int_equal(
        li_source_lookup(fake_source(), names, LI_SOURCE_LOOKUP_MAX + 1, NULL, NULL, found, &asked, &err),
        LI_INVALID);
    assert_true(err.message[0]);
}

/* A source before another: not there yet, then there. */
struct front {
    struct li_source base;
    struct li_source *there;
};

static struct li_source *behind(struct li_source *source) {
    return ((struct front *)source)->there;
}

static void test_who_counts(void **state) {
    (void)state;
    static const struct li_source_ops front_ops = {.name = "front", .counts = true, .behind = behind};
    struct li_source_ops ops = *fake_source()->ops, silent_ops = ops;
    struct li_source source = {&ops}, silent = {&silent_ops};
    struct front front = {{&front_ops}, NULL};
    struct li_source_artist *artists;
    struct li_arena arena = {0};
    uint64_t calls = 9, failures = 9;
    size_t count;
    silent_ops.counts = true; /* its questions to others, not those at the door */
    for (int i = 0; i < 2; i++) {
        struct li_source *asked = i ? &silent : &source;
        assert_int_equal(li_source_search(asked, LI_TEXT("m"), 3, &arena, &artists, &count, NULL), LI_OK);
        assert_int_equal(li_source_search(asked, LI_TEXT("broken"), 3, &arena, &artists, &count, NULL),
                         LI_IO);
        assert_int_equal(li_source_find(asked, LI_TEXT("nobody"), &arena, artists, NULL), LI_NOT_FOUND);
    }
    li_source_counts(&silent, &calls, &failures);
    assert_true(calls == 0 && failures == 0);
    li_source_counts(&source, &calls, &failures);
    assert_true(calls == 3 && failures == 1);
    li_source_counts(&front.base, &calls, &failures);
    assert_true(calls == 0 && failures == 0);
    front.there = &source;
    li_source_counts(&front.base, &calls, &failures);
    assert_true(calls == 3 && failures == 1);
    li_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origin_names),
        cmocka_unit_test(test_wrong_searches_do_not_reach_the_source),
        cmocka_unit_test(test_calls_reach_the_source),
        cmocka_unit_test(test_what_a_source_need_not_have),
        cmocka_unit_test(test_too_many_names),
        cmocka_unit_test(test_who_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
