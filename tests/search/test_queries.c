/* How well the search finds whom people mean: queries.tsv, judged by the mean reciprocal rank in the first
 * ten (MRR@10: first place 1, second 1/2, ... not among ten 0), overall and for each kind of query.
 *
 * LI_JUDGE_ALL=1 prints every query that is not in the first place, with what came instead. */
#include "catalog/catalog.h"
#include "folder.h"

enum { PLACES = 10, KINDS_MAX = 32, LINE_MAX_BYTES = 512, QUERIES_MIN = 320 };
static const double MRR_MIN = 0.95;

struct kind {
    char name[40];
    size_t queries, first;
    double sum; /* of reciprocal ranks */
};

struct judge {
    struct folder folder;
    struct li_catalog *catalog;
    struct li_arena arena;
    struct kind kinds[KINDS_MAX];
    size_t kind_count;
    size_t unknown; /* queries that mean somebody who is not in the catalogue */
};

static int set_up(void **state) {
    static struct judge judge;
    struct li_error err = {0};
    char tables[512], path[512];
    const char *root = getenv("LI_SOURCE_ROOT");
    folder_make(&judge.folder);
    folder_path(&judge.folder, "catalog", path);
    snprintf(tables, sizeof tables, "%s/data", root ? root : ".");
    check(li_catalog_build(tables, path, &err) == LI_OK, "%s", err.message);
    check(li_catalog_open_file(path, &judge.catalog, &err) == LI_OK, "%s", err.message);
    *state = &judge;
    return 0;
}

static int clean_up(void **state) {
    struct judge *judge = *state;
    li_catalog_free(judge->catalog);
    li_arena_release(&judge->arena);
    folder_remove(&judge->folder);
    return 0;
}

static struct kind *kind_named(struct judge *judge, const char *name) {
    for (size_t i = 0; i < judge->kind_count; i++)
        if (strcmp(judge->kinds[i].name, name) == 0)
            return &judge->kinds[i];
    assert_true(judge->kind_count < KINDS_MAX);
    struct kind *kind = &judge->kinds[judge->kind_count++];
    snprintf(kind->name, sizeof kind->name, "%s", name);
    return kind;
}

/* 1..PLACES, or 0 when the artist is not among them. */
static size_t place_of(struct judge *judge, const char *query, const char *id) {
    const struct li_catalog_artist *hits[PLACES];
    size_t count = 0, place = 0;
    assert_int_equal(
        li_catalog_search(judge->catalog, li_text_of(query), PLACES, hits, &count, &judge->arena, NULL),
        LI_OK);
    for (size_t i = 0; i < count && place == 0; i++)
        if (li_text_equal(hits[i]->id, li_text_of(id)))
            place = i + 1;
    if (place != 1 && getenv("LI_JUDGE_ALL")) {
        printf("place %2zu of %-32s for \"%s\": ", place, id, query);
        for (size_t i = 0; i < count && i < 5; i++)
            printf(" %.*s", LI_TEXT_ARG(hits[i]->id));
        printf("\n");
    }
    return place;
}

static void judge_line(struct judge *judge, char *line) {
    char *id = strchr(line, '\t'), *name = id ? strchr(id + 1, '\t') : NULL;
    check(name != NULL, "queries.tsv has a line of fewer than three cells: %s", line);
    *id++ = *name++ = '\0';
    name[strcspn(name, "\n")] = '\0';
    if (!li_catalog_find(judge->catalog, li_text_of(id), &judge->arena)) {
        print_error("\"%s\" means %s, who is not in the catalogue\n", line, id);
        judge->unknown++;
    }
    struct kind *kind = kind_named(judge, name);
    size_t place = place_of(judge, line, id);
    kind->queries++;
    kind->first += place == 1;
    kind->sum += place ? 1.0 / (double)place : 0.0;
    li_arena_clear(&judge->arena);
}

static void judge_file(struct judge *judge) {
    char path[512], line[LINE_MAX_BYTES];
    const char *root = getenv("LI_SOURCE_ROOT");
    snprintf(path, sizeof path, "%s/tests/search/queries.tsv", root ? root : ".");
    FILE *file = fopen(path, "r");
    check(file != NULL, "cannot open %s", path);
    bool header = true;
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#')
            continue;
        if (!header)
            judge_line(judge, line);
        header = false;
    }
    fclose(file);
}

static void test_queries(void **state) {
    struct judge *judge = *state;
    struct kind all = {.name = "all"};
    judge_file(judge);
    for (size_t i = 0; i < judge->kind_count; i++) {
        const struct kind *kind = &judge->kinds[i];
        printf("MRR@10 %.3f  first %3zu of %3zu  %s\n", kind->sum / (double)kind->queries, kind->first,
               kind->queries, kind->name);
        all.queries += kind->queries;
        all.first += kind->first;
        all.sum += kind->sum;
    }
    assert_int_equal(judge->unknown, 0);
    check(all.queries >= QUERIES_MIN, "%zu queries", all.queries);
    double mrr = all.sum / (double)all.queries;
    printf("MRR@10 %.3f over %zu queries as people type them, first place for %zu\n", mrr, all.queries,
           all.first);
    check(mrr >= MRR_MIN, "MRR@10 is %.4f, wanted %.2f (LI_JUDGE_ALL=1 shows each miss)", mrr, MRR_MIN);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_queries)};
    return cmocka_run_group_tests(tests, set_up, clean_up);
}
