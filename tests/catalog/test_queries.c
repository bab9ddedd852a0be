/* Queries as people type them, against the repository's own artists, and the limits of a query. */
#include <pthread.h>

#include "fixture.h"

struct fixture {
    struct folder folder;
    struct li_catalog *catalog;
    struct li_arena arena;
};

static int set_up(void **state) {
    static struct fixture fixture;
    folder_make(&fixture.folder);
    fixture.catalog = open_real(&fixture.folder);
    *state = &fixture;
    return 0;
}

static int clean_up(void **state) {
    struct fixture *fixture = *state;
    li_catalog_free(fixture->catalog);
    li_arena_release(&fixture->arena);
    folder_remove(&fixture->folder);
    return 0;
}

/* What is typed, whom it means, and the place that is good enough. */
static const struct {
    const char *query, *id;
    size_t within;
} QUERIES[] = {
    /* accents, signs, case, spacing */
    {"beyonce", "beyonce", 1},
    {"BEYONCÉ", "beyonce", 1},
    {"sigur ros", "sigur-ros", 1},
    {"bjork", "bjork", 1},
    {"motorhead", "motorhead", 1},
    {"motley crue", "motley-crue", 1},
    {"ac dc", "ac-dc", 1},
    {"acdc", "ac-dc", 1},
    {"AC/DC", "ac-dc", 1},
    {"p!nk", "pink", 1},
    {" !!! ", "chk-chk-chk", 1},
    {"“！！！”", "chk-chk-chk", 1},
    {"chk chk chk", "chk-chk-chk", 1},
    {"pink", "pink", 1},
    {"jay z", "jay-z", 1},
    {"jayz", "jay-z", 1},
    {"asap rocky", "asap-rocky", 1},
    {"kesha", "kesha", 1},
    {"guns n roses", "guns-n-roses", 1},
    {"guns and roses", "guns-n-roses", 1},
    {"daftpunk", "daft-punk", 1},
    {"simon garfunkel", "simon-and-garfunkel", 1},
    {"simon & garfunkel", "simon-and-garfunkel", 1},
    {"destinys child", "destinys-child", 1},
    {"sinead oconnor", "sinead-oconnor", 1},
    {"  the   beatles ", "the-beatles", 1},
    {"ＡＢＢＡ", "abba", 1},
    /* without the article, or with one too many */
    {"beatles", "the-beatles", 1},
    {"rolling stones", "the-rolling-stones", 1},
    {"the metallica", "metallica", 1},
    {"weeknd", "the-weeknd", 1},
    /* typing errors */
    {"metalica", "metallica", 1},
    {"the weekend", "the-weeknd", 1},
    {"stromai", "stromae", 1},
    {"daft pnk", "daft-punk", 1},
    {"eminen", "eminem", 1},
    {"tchaikovski", "pyotr-ilyich-tchaikovsky", 1},
    {"nirvanna", "nirvana", 1},
    {"radiohed", "radiohead", 1},
    {"rhianna", "rihanna", 1},
    {"colplay", "coldplay", 1},
    {"led zepelin", "led-zeppelin", 1},
    {"zepelin", "led-zeppelin", 1},
    {"aretha frankiln", "aretha-franklin", 1},
    {"lepnard cohen", "leonard-cohen", 1},
    {"shakria", "shakira", 1},
    {"britny spears", "britney-spears", 1},
    {"avril lavinge", "avril-lavigne", 1},
    {"kendrik lamar", "kendrick-lamar", 1},
    {"taylor swfit", "taylor-swift", 1},
    {"edith paif", "edith-piaf", 1},
    {"charles aznavoure", "charles-aznavour", 1},
    {"bethoven", "ludwig-van-beethoven", 1},
    {"shostakovitch", "dmitri-shostakovich", 1},
    /* words in another order, some of them, names that others use */
    {"punk daft", "daft-punk", 1},
    {"punk dafy", "daft-punk", 1},
    {"mars bruno", "bruno-mars", 1},
    {"swift taylor", "taylor-swift", 1},
    {"creator tyler", "tyler-the-creator", 1},
    {"biggie", "the-notorious-b-i-g", 1},
    {"gaga", "lady-gaga", 1},
    {"gainsbourg", "serge-gainsbourg", 2},
    {"mozart", "wolfgang-amadeus-mozart", 1},
    {"bach", "johann-sebastian-bach", 1},
    /* half typed */
    {"aya nak", "aya-nakamura", 1},
    {"aya nakamur", "aya-nakamura", 1},
    {"aya nakmu", "aya-nakamura", 1},
    {"billie ei", "billie-eilish", 1},
    {"kendrick l", "kendrick-lamar", 1},
    {"fleetw", "fleetwood-mac", 1},
    {"bruno m", "bruno-mars", 1},
    {"radioh", "radiohead", 1},
    {"stro", "stromae", 3},
    {"metal", "metallica", 3},
    {"beyo", "beyonce", 3},
    /* native scripts */
    {"宇多田", "hikaru-utada", 1},
    {"宇多田ヒカル", "hikaru-utada", 1},
    {"방탄소년단", "bts", 1},
    {"방탄", "bts", 1},
    {"би 2", "bi-2", 1},
    {"Би-2", "bi-2", 1},
    {"кино", "kino", 1},
    {"فيروز", "fairuz", 1},
    {"أم كلثوم", "umm-kulthum", 1},
};

static void test_queries(void **state) {
    struct fixture *fixture = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++) {
        const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
        size_t count = 0, place = 0;
        li_arena_clear(&fixture->arena);
        assert_int_equal(li_catalog_search(fixture->catalog, li_text_of(QUERIES[i].query),
                                           LI_CATALOG_HITS_MAX, hits, &count, &fixture->arena, NULL),
                         LI_OK);
        while (place < count && !li_text_equal(hits[place]->id, li_text_of(QUERIES[i].id)))
            place++;
        if (place < count && place < QUERIES[i].within)
            continue;
        wrong++;
        print_error("\"%s\": wanted %s within %zu; got", QUERIES[i].query, QUERIES[i].id, QUERIES[i].within);
        for (size_t j = 0; j < count && j < 5; j++)
            print_error(" %.*s", LI_TEXT_ARG(hits[j]->id));
        print_error("\n");
    }
    assert_int_equal(wrong, 0);
}

/* Names in a history: whom they mean when others stand beside them. NULL: nobody for sure. */
static void test_names_with_guests(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *name, *id;
    } NAMES[] = {
        {"Jay-Z feat. Alicia Keys", "jay-z"},
        {"Jay-Z Feat. Alicia Keys", "jay-z"},
        {"JAY-Z FEAT ALICIA KEYS", "jay-z"},
        {"Jay-Z Featuring Alicia Keys", "jay-z"},
        {"Jay-Z featuring Alicia Keys", "jay-z"},
        {"Jay-Z (feat. Alicia Keys)", "jay-z"},
        {"Jay-Z [Ft. Alicia Keys]", "jay-z"},
        {"Jay-Z Ft. Alicia Keys", "jay-z"},
        {"Jay-Z ft Alicia Keys", "jay-z"},
        {"Jay-Z & Nobody Known", "jay-z"},
        {"Jay-Z x Nobody Known", "jay-z"},
        {"Jay-Z with Nobody Known", "jay-z"},
        {"Jay-Z, Nobody Known", "jay-z"},
        {"Jay-Z;Nobody Known", "jay-z"},
        {"Little Feat", "little-feat"},
        {"Simon & Garfunkel", "simon-and-garfunkel"},
        /* capitals belong to a name, and so does what only begins like such a word */
        {"Jay-Z With Nobody Known", NULL},
        {"Jay-Z X Nobody Known", NULL},
        {"Jay-Z Feathers", NULL},
        {"Jay-Z feathers", NULL},
        {"feat. Jay-Z", NULL},
        {"ft", NULL},
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const struct li_catalog_artist *artist =
            li_catalog_match(fixture->catalog, li_text_of(NAMES[i].name), &fixture->arena);
        bool right = NAMES[i].id ? artist && li_text_equal(artist->id, li_text_of(NAMES[i].id)) : !artist;
        check(right, "\"%s\" is taken for %.*s", NAMES[i].name, artist ? (int)artist->id.size : 6,
              artist ? artist->id.data : "nobody");
        li_arena_clear(&fixture->arena);
    }
}

static void test_limits(void **state) {
    struct fixture *fixture = *state;
    static char long_query[LI_CATALOG_QUERY_MAX + 1];
    memset(long_query, 'a', sizeof long_query);
    const struct {
        struct li_text query;
        size_t limit;
        enum li_status status;
        const char *message;
    } cases[] = {
        {{long_query, LI_CATALOG_QUERY_MAX + 1}, 10, LI_INVALID, "the query is longer than 200 bytes"},
        {LI_TEXT("caf\xe9"), 10, LI_INVALID, "the query is not UTF-8 text"},
        {LI_TEXT("a\0b"), 10, LI_INVALID, "the query is not UTF-8 text"},
        {LI_TEXT("queen"), 0, LI_INVALID, "the limit is a number from 1 to 10"},
        {LI_TEXT("queen"), 11, LI_INVALID, "the limit is a number from 1 to 10"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX] = {0};
        struct li_error err = {0};
        size_t count = 77;
        enum li_status status = li_catalog_search(fixture->catalog, cases[i].query, cases[i].limit, hits,
                                                  &count, &fixture->arena, &err);
        check(status == cases[i].status, "case %zu: %s", i, li_status_name(status));
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(count, 77);
        assert_null(hits[0]);
    }
}

static void test_counts(void **state) {
    struct fixture *fixture = *state;
    static char long_query[LI_CATALOG_QUERY_MAX];
    memset(long_query, 'a', sizeof long_query);
    const struct {
        struct li_text query;
        size_t limit, count;
    } cases[] = {
        {{long_query, sizeof long_query}, 10, 0},
        {{NULL, 0}, 10, 0},
        {LI_TEXT("    "), 10, 0},
        {LI_TEXT("s"), 1, 1},
        {LI_TEXT("s"), 10, 10},
        {LI_TEXT("the"), 10, 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
        size_t count = 77;
        assert_int_equal(li_catalog_search(fixture->catalog, cases[i].query, cases[i].limit, hits, &count,
                                           &fixture->arena, NULL),
                         LI_OK);
        li_arena_clear(&fixture->arena);
        check(count == cases[i].count, "case %zu: %zu", i, count);
    }
}

/* A smaller limit gives the beginning of the longer answer. */
static void test_limit_is_a_beginning(void **state) {
    struct fixture *fixture = *state;
    static const char *const TYPED[] = {"m", "ma", "the b", "john", "maria", "metalica", "los"};
    for (size_t i = 0; i < sizeof TYPED / sizeof *TYPED; i++) {
        const struct li_catalog_artist *all[LI_CATALOG_HITS_MAX], *some[LI_CATALOG_HITS_MAX];
        size_t all_count, some_count;
        struct li_text query = li_text_of(TYPED[i]);
        assert_int_equal(
            li_catalog_search(fixture->catalog, query, 10, all, &all_count, &fixture->arena, NULL), LI_OK);
        assert_int_equal(
            li_catalog_search(fixture->catalog, query, 3, some, &some_count, &fixture->arena, NULL), LI_OK);
        assert_int_equal(some_count, all_count < 3 ? all_count : 3);
        for (size_t j = 0; j < some_count; j++)
            check(li_text_equal(some[j]->id, all[j]->id), "\"%s\": place %zu differs", TYPED[i], j);
    }
}

/* One catalogue, many threads: each asks everything and hashes what it gets. */
struct asker {
    pthread_t thread;
    const struct li_catalog *catalog;
    unsigned long long hash;
};

static void *ask_everything(void *arg) {
    struct asker *asker = arg;
    struct li_arena arena = {0};
    for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++) {
        const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
        size_t count = 0;
        if (li_catalog_search(asker->catalog, li_text_of(QUERIES[i].query), LI_CATALOG_HITS_MAX, hits, &count,
                              &arena, NULL))
            break;
        for (size_t j = 0; j < count; j++)
            asker->hash = asker->hash * 31 + li_text_hash(hits[j]->id);
        li_arena_clear(&arena);
    }
    li_arena_release(&arena);
    return NULL;
}

static void test_threads(void **state) {
    struct fixture *fixture = *state;
    struct asker askers[4] = {0}, alone = {.catalog = fixture->catalog};
    ask_everything(&alone);
    assert_true(alone.hash != 0);
    for (size_t i = 0; i < 4; i++) {
        askers[i].catalog = fixture->catalog;
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_everything, &askers[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(askers[i].thread, NULL);
        assert_true(askers[i].hash == alone.hash);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_names_with_guests),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_limit_is_a_beginning),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, set_up, clean_up);
}
