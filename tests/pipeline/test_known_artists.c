/* The whole way over the real catalogue: tastes whose order everybody would agree on. */
#include "folder.h"

#include "base/json.h"
#include "catalog/catalog.h"
#include "pipeline/pipeline.h"
#include "stages.h"

struct world {
    struct folder folder;
    struct li_catalog *catalog;
    struct li_source *source;
};

static int set_up(void **state) {
    static struct world world;
    char tables[512], file[512];
    struct li_error err = {0};
    world = (struct world){0};
    folder_make(&world.folder);
    snprintf(tables, sizeof tables, "%s/data", getenv("LI_SOURCE_ROOT") ? getenv("LI_SOURCE_ROOT") : ".");
    folder_path(&world.folder, "catalog.sqlite", file);
    check(li_catalog_build(tables, file, &err) == LI_OK, "%s", err.message);
    check(li_catalog_open_file(file, &world.catalog, &err) == LI_OK, "%s", err.message);
    check(li_source_open_catalog(world.catalog, &world.source, &err) == LI_OK, "%s", err.message);
    *state = &world;
    return 0;
}

static int tear_down(void **state) {
    struct world *world = *state;
    li_source_free(world->source);
    li_catalog_free(world->catalog);
    folder_remove(&world->folder);
    return 0;
}

/* The profile of the artists with these names, separated by commas. */
static json_t *profile_of(struct world *world, const char *names) {
    static struct stages stages;
    struct li_artist_choice choices[LI_ARTISTS_MAX] = {{{0}}};
    struct li_extract_request request = {.session = LI_TEXT(SESSION), .artists = choices};
    struct li_extract_response response = {0};
    struct li_text rest = li_text_of(names);
    struct li_error err = {0};
    json_t *profile = NULL;
    stages_init(&stages);
    stages.pipeline.source = world->source;
    while (rest.size) {
        struct li_text name = li_text_cut(&rest, ',');
        struct li_source_artist *hits = NULL;
        size_t count = 0;
        check(li_source_search(world->source, name, 1, &stages.arena, &hits, &count, &err) == LI_OK, "%s",
              err.message);
        check(count == 1, "\"%.*s\" is not in the catalogue", LI_TEXT_ARG(name));
        choices[request.artist_count++].id = hits[0].id;
    }
    check(li_pipeline_extract(&stages.pipeline, &request, &response, &err) == LI_OK, "%s", err.message);
    json_decref(response.document);
    check(stages_transform(&stages, NULL, &err) == LI_OK, "%s", err.message);
    check(stages_profile(&stages, LI_LANG_EN, &profile, &err) == LI_OK, "%s", err.message);
    stages_clean_up(&stages);
    print_message("%s: %s; top %s, %s, %s; valence %.2f, arousal %.2f, confidence %.2f\n", names,
                  text_at(profile, "dominant_emotion"), text_at(profile, "top_emotions.0"),
                  text_at(profile, "top_emotions.1"), text_at(profile, "top_emotions.2"),
                  number_at(profile, "mood.valence"), number_at(profile, "mood.arousal"),
                  number_at(profile, "confidence"));
    assert_int_equal(json_array_size(at(profile, "unknown_genres")), 0);
    return profile;
}

static double score_of(const json_t *profile, const char *id) {
    size_t i;
    json_t *emotion;
    json_array_foreach(at(profile, "emotions"), i, emotion) {
        if (strcmp(text_at(emotion, "id"), id) == 0)
            return number_at(emotion, "score");
    }
    fail_msg("no emotion %s", id);
    return NAN;
}

static bool dominant_is_one_of(const json_t *profile, const char *const *ids) {
    for (; *ids; ids++)
        if (strcmp(text_at(profile, "emotions.0.id"), *ids) == 0)
            return true;
    return false;
}

static const char RAP[] = "Booba,PNL,Ninho,Jul,SCH",
                  METAL[] = "Metallica,Slayer,Slipknot,Iron Maiden,Megadeth",
                  AMBIENT[] = "Brian Eno,Stars of the Lid,Aphex Twin,Moby",
                  CALM[] = "Brian Eno,Stars of the Lid", DISCO[] = "ABBA,Boney M.,Bee Gees,Chic";

static void test_french_rap(void **state) {
    static const char *const moods[] = {"confidence", "desire_to_dance", "motivation", "tension",
                                        "raw_energy", "excitement",      NULL};
    json_t *profile = profile_of(*state, RAP);
    check(dominant_is_one_of(profile, moods), "%s", text_at(profile, "dominant_emotion"));
    assert_non_null(strstr(text_at(profile, "genres.0"), "rap"));
    assert_true(number_at(profile, "mood.arousal") > 0);
    assert_true(number_at(profile, "sources.estimated") >= 20 && number_at(profile, "sources.measured") == 0);
    json_decref(profile);
}

static void test_metal_against_ambient(void **state) {
    json_t *metal = profile_of(*state, METAL), *ambient = profile_of(*state, AMBIENT);
    assert_true(number_at(metal, "mood.arousal") > number_at(ambient, "mood.arousal") + 0.5);
    assert_true(number_at(metal, "mood.valence") < number_at(ambient, "mood.valence"));
    assert_true(number_at(metal, "energy_avg") > number_at(ambient, "energy_avg") + 0.2);
    assert_true(score_of(metal, "anger") > score_of(ambient, "anger"));
    assert_true(score_of(metal, "tension") > score_of(ambient, "tension"));
    assert_true(score_of(metal, "relaxation") < score_of(ambient, "relaxation"));
    json_decref(metal);
    json_decref(ambient);
}

static void test_calm_music_is_calm(void **state) {
    json_t *profile = profile_of(*state, CALM);
    int first = li_emotion_find(text_at(profile, "emotions.0.id"));
    check(first >= 0 && li_emotion_at((size_t)first)->quadrant == 'C', "%s",
          text_at(profile, "dominant_emotion"));
    assert_true(number_at(profile, "mood.arousal") < -0.2);
    json_decref(profile);
}

static void test_disco_dances(void **state) {
    json_t *disco = profile_of(*state, DISCO), *metal = profile_of(*state, METAL),
           *calm = profile_of(*state, CALM);
    assert_true(number_at(disco, "mood.valence") > number_at(metal, "mood.valence"));
    assert_true(number_at(disco, "danceability_avg") > number_at(metal, "danceability_avg"));
    assert_true(score_of(disco, "joy") + score_of(disco, "desire_to_dance") >
                score_of(metal, "joy") + score_of(metal, "desire_to_dance"));
    assert_true(score_of(disco, "desire_to_dance") > score_of(calm, "desire_to_dance"));
    json_decref(disco);
    json_decref(metal);
    json_decref(calm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_french_rap),
        cmocka_unit_test(test_metal_against_ambient),
        cmocka_unit_test(test_calm_music_is_calm),
        cmocka_unit_test(test_disco_dances),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
