/* How well searching finds every artist of data/artists.tsv. Prints the rates; fails below the aims. */
#include "fixture.h"

enum { TEXT_MAX = 1024, POINTS_MAX = 512, WELL_KNOWN = 60 /* popularity: of a quarter of the catalogue */ };

struct fixture {
    struct folder folder;
    struct li_catalog *catalog;
    struct li_catalog_info info;
    struct li_arena arena, artists; /* of the last answer, and of the artists asked for */
};

static const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];

static int set_up(void **state) {
    static struct fixture fixture;
    folder_make(&fixture.folder);
    fixture.catalog = open_real(&fixture.folder);
    li_catalog_get_info(fixture.catalog, &fixture.info);
    *state = &fixture;
    return 0;
}

static int clean_up(void **state) {
    struct fixture *fixture = *state;
    li_catalog_free(fixture->catalog);
    li_arena_release(&fixture->arena);
    li_arena_release(&fixture->artists);
    folder_remove(&fixture->folder);
    return 0;
}

static struct li_text folded(struct li_text text, char *out) {
    return (struct li_text){out, li_text_fold(text, out, TEXT_MAX)};
}

/* The place of an artist among the answers, from 0; LI_CATALOG_HITS_MAX when it is not there. */
static size_t place_of(struct fixture *fixture, struct li_text query,
                       const struct li_catalog_artist *artist) {
    size_t count = 0;
    struct li_error err = {0};
    li_arena_clear(&fixture->arena);
    enum li_status status =
        li_catalog_search(fixture->catalog, query, LI_CATALOG_HITS_MAX, hits, &count, &fixture->arena, &err);
    check(status == LI_OK, "%.*s: %s", LI_TEXT_ARG(query), err.message);
    for (size_t i = 0; i < count; i++)
        if (artist && li_text_equal(hits[i]->id, artist->id))
            return i;
    return LI_CATALOG_HITS_MAX;
}

static bool has_key(const struct li_catalog_artist *artist, struct li_text key) {
    char text[TEXT_MAX];
    if (li_text_equal(folded(artist->name, text), key))
        return true;
    for (size_t i = 0; i < artist->alias_count; i++)
        if (li_text_equal(folded(artist->aliases[i], text), key))
            return true;
    return false;
}

static void finish(const char *what, size_t good, size_t all, double aim) {
    double rate = all ? (double)good / (double)all : 0;
    print_message("%s: %zu of %zu, %.2f %% (aim %.2f %%)\n", what, good, all, 100 * rate, 100 * aim);
    check(rate >= aim, "%s: %.4f", what, rate);
}

static void test_exact_names(void **state) {
    struct fixture *fixture = *state;
    size_t good = 0, all = 0;
    char text[TEXT_MAX], other[TEXT_MAX];
    for (size_t i = 0; i < fixture->info.artists; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(fixture->catalog, i, &fixture->artists);
        struct li_text name = folded(artist->name, text);
        if (name.size == 0 || name.size > LI_CATALOG_QUERY_MAX)
            continue;
        all++;
        size_t place = place_of(fixture, name, artist);
        bool namesake = place < LI_CATALOG_HITS_MAX && li_text_equal(folded(hits[0]->name, other), name);
        if (place == 0 || namesake)
            good++;
        else
            print_message("  %s is at place %zu\n", text, place);
    }
    finish("exact name first", good, all, 1);
}

static void test_exact_aliases(void **state) {
    struct fixture *fixture = *state;
    size_t good = 0, all = 0;
    char text[TEXT_MAX];
    for (size_t i = 0; i < fixture->info.artists; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(fixture->catalog, i, &fixture->artists);
        for (size_t j = 0; j < artist->alias_count; j++) {
            struct li_text alias = folded(artist->aliases[j], text);
            if (alias.size > LI_CATALOG_QUERY_MAX)
                continue;
            size_t place = place_of(fixture, alias, artist);
            bool conflict = place > 0 && place < LI_CATALOG_HITS_MAX && has_key(hits[0], alias);
            if (!conflict)
                all++;
            if (place == 0)
                good++;
            else if (!conflict)
                print_message("  %.*s of %.*s is at place %zu\n", LI_TEXT_ARG(alias),
                              LI_TEXT_ARG(artist->name), place);
        }
    }
    finish("exact alias first", good, all, 0.99);
}

/* The beginning of a folded text up to its fourth letter. */
static struct li_text first_four(struct li_text text) {
    size_t letters = 0, size = 0;
    while (size < text.size) {
        if (letters == 4 && ((unsigned char)text.data[size] & 0xc0) != 0x80)
            break;
        letters += ((unsigned char)text.data[size] & 0xc0) != 0x80 && text.data[size] != ' ';
        size++;
    }
    return (struct li_text){text.data, size};
}

/* Up to 300 artists begin with the same four letters: ten places hold 90 % of all. Those who are looked for
 * are there. */
static void test_first_letters(void **state) {
    struct fixture *fixture = *state;
    size_t good = 0, all = 0, good_known = 0, all_known = 0;
    char text[TEXT_MAX];
    for (size_t i = 0; i < fixture->info.artists; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(fixture->catalog, i, &fixture->artists);
        struct li_text name = folded(artist->name, text);
        if (name.size == 0)
            continue;
        bool found = place_of(fixture, first_four(name), artist) < LI_CATALOG_HITS_MAX;
        bool known = artist->popularity >= WELL_KNOWN;
        all++;
        good += found;
        all_known += known;
        good_known += known && found;
    }
    finish("first four letters of a well-known name, in the ten", good_known, all_known, 0.95);
    finish("first four letters of any name, in the ten", good, all, 0.87);
}

/* Numerical Recipes' quick generator: the same edits on every machine. */
static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Cuts UTF-8 into characters: starts[i] is where the i-th begins. Returns how many; starts[count] is the end.
 */
static size_t cut(struct li_text text, size_t *starts) {
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        if (((unsigned char)text.data[i] & 0xc0) != 0x80 && count < POINTS_MAX)
            starts[count++] = i;
    starts[count] = text.size;
    return count;
}

/* One insertion, deletion, substitution or swap of neighbours, anywhere. */
static struct li_text edit(struct li_text name, uint32_t *seed, char *out) {
    size_t starts[POINTS_MAX + 1], count = cut(name, starts);
    size_t at = next_random(seed) % count, kind = next_random(seed) % 4;
    char letter = (char)('a' + next_random(seed) % 26);
    if (kind == 3 && at + 1 == count)
        at--;
    size_t begin = starts[at], end = starts[at + 1], size = begin;
    memcpy(out, name.data, begin);
    if (kind == 0 || kind == 2) /* insertion, substitution */
        out[size++] = letter;
    if (kind == 3) {
        size_t next = starts[at + 2];
        memcpy(out + size, name.data + end, next - end);
        memcpy(out + size + (next - end), name.data + begin, end - begin);
        size += next - begin;
        end = next;
    }
    size_t rest = kind == 0 ? begin : end;
    memcpy(out + size, name.data + rest, name.size - rest);
    return (struct li_text){out, size + name.size - rest};
}

static size_t letters_of(struct li_text text) {
    size_t letters = 0;
    for (size_t i = 0; i < text.size; i++)
        letters += ((unsigned char)text.data[i] & 0xc0) != 0x80 && text.data[i] != ' ';
    return letters;
}

static void test_one_edit(void **state) {
    struct fixture *fixture = *state;
    size_t good = 0, all = 0;
    uint32_t seed = 20261122;
    char text[TEXT_MAX], wrong[TEXT_MAX + 8];
    for (size_t i = 0; i < fixture->info.artists; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(fixture->catalog, i, &fixture->artists);
        struct li_text name = folded(artist->name, text);
        if (letters_of(name) < 4 || name.size > LI_CATALOG_QUERY_MAX - 4)
            continue;
        for (int run = 0; run < 3; run++) {
            all++;
            struct li_text query = edit(name, &seed, wrong);
            bool found = place_of(fixture, query, artist) < 5;
            good += found;
            if (!found && getenv("LI_VERBOSE"))
                print_message("  %.*s for %.*s\n", LI_TEXT_ARG(query), LI_TEXT_ARG(name));
        }
    }
    finish("one edit, in the five", good, all, 0.97);
}

/* Half the name typed, one letter of it wrong. */
static void test_half_typed_edit(void **state) {
    struct fixture *fixture = *state;
    size_t good = 0, all = 0;
    uint32_t seed = 7;
    char text[TEXT_MAX], wrong[TEXT_MAX + 8];
    for (size_t i = 0; i < fixture->info.artists; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(fixture->catalog, i, &fixture->artists);
        struct li_text name = folded(artist->name, text);
        size_t starts[POINTS_MAX + 1], count = cut(name, starts);
        name.size = starts[count * 2 / 3];
        if (letters_of(name) < 7 || name.size > LI_CATALOG_QUERY_MAX - 4)
            continue;
        all++;
        good += place_of(fixture, edit(name, &seed, wrong), artist) < LI_CATALOG_HITS_MAX;
    }
    finish("two thirds typed with one edit, in the ten", good, all, 0.95);
}

static void test_nonsense(void **state) {
    struct fixture *fixture = *state;
    static const char *const NONSENSE[] = {
        "xqzvkwj",  "asdfghjkl",    "qwrtzpsd",         "🎸🎸🎸",     "?!...",
        "-",        "''",           "(((((((",          "zxcvbnm", "bxqgtrwz",
        "kjhgfdsa", "vvvvvvvvvvvv", "\xf0\x9f\x92\xa9", "。、",
    };
    for (size_t i = 0; i < sizeof NONSENSE / sizeof *NONSENSE; i++) {
        place_of(fixture, li_text_of(NONSENSE[i]), NULL);
        size_t count = 1;
        assert_int_equal(li_catalog_search(fixture->catalog, li_text_of(NONSENSE[i]), 10, hits, &count,
                                           &fixture->arena, NULL),
                         LI_OK);
        check(count == 0, "\"%s\" finds %.*s", NONSENSE[i], LI_TEXT_ARG(hits[0]->name));
        li_arena_clear(&fixture->arena);
    }
}

static void test_random_consonants(void **state) {
    struct fixture *fixture = *state;
    static const char CONSONANTS[] = "bcdfghjklmnpqrstvwxz";
    size_t empty = 0, all = 2000;
    uint32_t seed = 42;
    for (size_t i = 0; i < all; i++) {
        char query[16];
        size_t length = 7 + next_random(&seed) % 6, count = 0;
        for (size_t j = 0; j < length; j++)
            query[j] = CONSONANTS[next_random(&seed) % (sizeof CONSONANTS - 1)];
        assert_int_equal(li_catalog_search(fixture->catalog, (struct li_text){query, length}, 10, hits,
                                           &count, &fixture->arena, NULL),
                         LI_OK);
        li_arena_clear(&fixture->arena);
        empty += count == 0;
    }
    finish("random consonants find nothing", empty, all, 0.99);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_names),       cmocka_unit_test(test_exact_aliases),
        cmocka_unit_test(test_first_letters),     cmocka_unit_test(test_one_edit),
        cmocka_unit_test(test_half_typed_edit),   cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_random_consonants),
    };
    return cmocka_run_group_tests(tests, set_up, clean_up);
}
