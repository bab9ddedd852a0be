/* The features of a live source's tracks that cannot be measured now: what is kept, else told, else a
 * table's; by title and artist where the id says nothing. Nobody is asked: everything that could be asked is
 * kept already. */
#include <math.h>

#include "check.h"

#include "folder.h"
#include "sources/live_priv.h"

enum { KEPT_MS = 1000000 };

static struct folder FOLDER;
static struct li_catalog *CATALOG;
static struct li_source *SOURCE;

static struct li_features features_of(double energy) {
    struct li_features features;
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        features.value[f] = NAN;
    features.value[LI_ENERGY] = energy;
    return features;
}

static void make_catalog(const char *path) {
    const struct li_text genre = LI_TEXT("pop"), alias = LI_TEXT("The Quiet Ones");
    const struct li_catalog_track tracks[] = {
        {.id = LI_TEXT("quiet/a"),
         .title = LI_TEXT("First Light"),
         .popularity = -1,
         .features_from = LI_CATALOG_FEATURES_DATASET,
         .features = features_of(0.25)},
        {.id = LI_TEXT("quiet/b"),
         .title = LI_TEXT("\xc3\x89t\xc3\xa9"),
         .popularity = -1,
         .features_from = LI_CATALOG_FEATURES_DATASET,
         .features = features_of(0.5)},
        {.id = LI_TEXT("quiet/c"),
         .title = LI_TEXT("Measured"),
         .popularity = -1,
         .features_from = LI_CATALOG_FEATURES_MEASURED,
         .features = features_of(0.75)},
        {.id = LI_TEXT("quiet/d"), .title = LI_TEXT("Bare"), .popularity = -1},
    };
    const struct li_catalog_artist artist = {.id = LI_TEXT("quiet"),
                                             .name = LI_TEXT("Quiet"),
                                             .popularity = 5,
                                             .genres = &genre,
                                             .genre_count = 1,
                                             .aliases = &alias,
                                             .alias_count = 1,
                                             .tracks = tracks,
                                             .track_count = 4};
    struct li_catalog_writer *writer = NULL;
    struct li_error err = {0};
    check(li_catalog_writer_new(path, &writer, &err) == LI_OK, "%s", err.message);
    check(li_catalog_writer_add(writer, &artist, &err) == LI_OK, "%s", err.message);
    check(li_catalog_writer_finish(writer, NULL, &err) == LI_OK, "%s", err.message);
    li_catalog_writer_free(writer);
}

static int set_up(void **state) {
    char path[512];
    struct li_error err = {0};
    (void)state;
    folder_make(&FOLDER);
    folder_path(&FOLDER, "catalog", path);
    make_catalog(path);
    check(li_catalog_open_file(path, &CATALOG, &err) == LI_OK, "%s", err.message);
    const struct li_live_options options = {.mode = LI_LIVE_AUTO,
                                            .catalog = CATALOG,
                                            .reccobeats = true,
                                            .deezer_url = "http://127.0.0.1:1",
                                            .musicbrainz_url = "http://127.0.0.1:1",
                                            .listenbrainz_url = "http://127.0.0.1:1",
                                            .reccobeats_url = "http://127.0.0.1:1"};
    enum li_status status = li_source_open_live(&options, &SOURCE, &err);
    if (status == LI_UNSUPPORTED)
        return 0;
    check(status == LI_OK, "%s", err.message);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    li_source_free(SOURCE);
    li_catalog_free(CATALOG);
    folder_remove(&FOLDER);
    return 0;
}

static struct li_live *live(void) {
    if (!SOURCE) {
        print_message("libcurl is not installed: skipped\n");
        skip();
    }
    return (struct li_live *)SOURCE;
}

static void keep(enum li_cache_kind kind, const char *key, const char *value) {
    li_cache_put(live()->cache, kind, li_text_of(key), li_text_of(value), KEPT_MS);
}

/* Numbers as they are kept: the energy, and nothing else. */
static void keep_energy(enum li_cache_kind kind, const char *key, double energy) {
    char value[400];
    size_t used = (size_t)snprintf(value, sizeof value, "{\"features\":[");
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        used += f == LI_ENERGY
                    ? (size_t)snprintf(value + used, sizeof value - used, "%s%g", f ? "," : "", energy)
                    : (size_t)snprintf(value + used, sizeof value - used, "%snull", f ? "," : "");
    snprintf(value + used, sizeof value - used, "],\"confidence\":null}");
    keep(kind, key, value);
}

static void test_the_order(void **state) {
    (void)state;
    static const struct {
        const char *id, *title, *artist;
        bool known;
        enum li_origin origin;
        double energy;
    } cases[] = {
        {"deezer:1", "First Light", "Quiet", true, LI_ORIGIN_MEASURED, 0.9},
        {"deezer:2", "First Light", "Quiet", true, LI_ORIGIN_PROVIDER, 0.8},
        {"deezer:3", "first light!", "the quiet ones", true, LI_ORIGIN_DATASET, 0.25},
        {"deezer:4", "Measured", "Quiet", true, LI_ORIGIN_MEASURED, 0.75},
        {"quiet/heard-1", "ete", "QUIET", true, LI_ORIGIN_DATASET, 0.5},
        {"quiet/heard-2", "First Light (Live)", "Quiet", false, LI_ORIGIN_COUNT, 0},
        {"quiet/d", "Bare", "Quiet", false, LI_ORIGIN_COUNT, 0},
        {"other/a", "First Light", "Somebody Else", false, LI_ORIGIN_COUNT, 0},
        {"quiet/a", "", "", false, LI_ORIGIN_COUNT, 0},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    struct li_source_wanted wanted[COUNT];
    struct li_source_features out[COUNT];
    struct li_error err = {0};
    keep_energy(LI_CACHE_MEASURED, LI_LIVE_MEASURED_BY " deezer:1", 0.9);
    keep_energy(LI_CACHE_PROVIDED, "deezer:2", 0.8);
    for (int i = 2; i <= 4; i++) {
        char id[16];
        snprintf(id, sizeof id, "deezer:%d", i);
        keep(LI_CACHE_PREVIEW, id, "");
        if (i > 2)
            keep(LI_CACHE_PROVIDED, id, "{}"); /* asked for, and not known */
    }
    for (size_t i = 0; i < COUNT; i++)
        wanted[i] = (struct li_source_wanted){li_text_of(cases[i].id), li_text_of(cases[i].title),
                                              li_text_of(cases[i].artist)};
    check(li_source_features(SOURCE, wanted, COUNT, NULL, out, &err) == LI_OK, "%s", err.message);
    for (size_t i = 0; i < COUNT; i++) {
        check(out[i].known == cases[i].known, "case %zu: known", i);
        if (cases[i].known) {
            check(out[i].origin == cases[i].origin, "case %zu: %s", i, li_origin_name(out[i].origin));
            check_near(out[i].features.value[LI_ENERGY], cases[i].energy, 1e-6);
        }
    }
}

static void test_names_of_histories(void **state) {
    (void)state;
    struct li_arena arena = {0};
    struct li_source_artist artist = {0};
    live();
    assert_int_equal(li_source_match(SOURCE, LI_TEXT("the quiet ones"), &arena, &artist, NULL), LI_OK);
    assert_true(li_text_equal(artist.id, LI_TEXT("quiet")));
    assert_int_equal(li_source_match(SOURCE, LI_TEXT("Met Before"), &arena, &artist, NULL), LI_NOT_FOUND);
    keep(LI_CACHE_SEARCH, "deezer met before", "[\"deezer:8\",\"deezer:9\",7]");
    keep(LI_CACHE_ARTIST, "deezer:8", "{\"name\":\"Met Before Them\",\"image\":\"\",\"popularity\":9}");
    keep(LI_CACHE_ARTIST, "deezer:9", "{\"name\":\"M\xc3\xa9t Before\",\"image\":\"\",\"popularity\":5}");
    assert_int_equal(li_source_match(SOURCE, LI_TEXT("met BEFORE"), &arena, &artist, NULL), LI_OK);
    assert_true(li_text_equal(artist.id, LI_TEXT("deezer:9")));
    li_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_order),
        cmocka_unit_test(test_names_of_histories),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
