/* A listening history made into a profile and a timeline, over the real catalogue. The listener: six years of
 * metal, then two of quiet voices. */
#include "catalog/catalog.h"
#include "fixture.h"
#include "folder.h"
#include "history/history.h"
#include "pieces.h"
#include "pipeline/heard.h"

enum { TEXT_SIZE = 4 * 1024 * 1024 };

static struct folder FOLDER;
static struct li_catalog *CATALOG;
static struct li_source *SOURCE;
static int open_catalog(void **state) {
    char tables[512], file[512];
    struct li_error err = {0};
    (void)state;
    folder_make(&FOLDER);
    snprintf(tables, sizeof tables, "%s/data", getenv("LI_SOURCE_ROOT"));
    folder_path(&FOLDER, "catalog.sqlite", file);
    check(li_catalog_build(tables, file, &err) == LI_OK, "%s", err.message);
    check(li_catalog_open_file(file, &CATALOG, &err) == LI_OK, "%s", err.message);
    assert_int_equal(li_source_open_catalog(CATALOG, &SOURCE, NULL), LI_OK);
    return 0;
}

static int close_catalog(void **state) {
    (void)state;
    li_source_free(SOURCE);
    li_catalog_free(CATALOG);
    folder_remove(&FOLDER);
    return 0;
}

static int set_up(void **state) {
    set_up_stages(state);
    STAGES.pipeline.source = SOURCE;
    return 0;
}

struct text {
    size_t used;
    char bytes[TEXT_SIZE];
};

/* Plays an artist times a month, from one month after January 2000 to another. */
static void plays(struct text *text, const char *artist, int times, int from, int to) {
    for (int month = from; month < to; month++)
        for (int i = 0; i < times; i++)
            text->used += (size_t)snprintf(
                text->bytes + text->used, TEXT_SIZE - text->used, "%lld,%s,\"Song %d, %s\"\n",
                946684800LL + (long long)(month * 30.44 + 2) * 86400 + i * 3600, artist, i % 7, artist);
}

/* The history in a Last.fm table, which it frees. */
static struct li_history *read_text(struct text *text) {
    struct li_history_options options = {.now_ms = 1800000000000};
    struct li_history *history = NULL;
    struct li_error err = {0};
    struct pieces pieces = {{text->bytes, text->used}, SIZE_MAX};
    assert_int_equal(li_history_new(&options, &history, NULL), LI_OK);
    check(li_history_add(history, pieces_take, &pieces, &err) == LI_OK, "%s", err.message);
    li_history_finish(history);
    free(text);
    return history;
}

static struct text *new_text(void) {
    struct text *text = calloc(1, sizeof *text);
    assert_non_null(text);
    text->used = (size_t)snprintf(text->bytes, TEXT_SIZE, "uts,artist,track\n");
    return text;
}

static struct li_history *the_listener(void) {
    struct text *text = new_text();
    plays(text, "Metallica", 40, 192, 264);
    plays(text, "SLAYER", 20, 192, 264);
    plays(text, "Nobody Heard Of This One", 5, 192, 264);
    plays(text, "Norah Jones", 30, 264, 288);
    plays(text, "Nina Simone feat. Somebody", 20, 264, 288);
    return read_text(text);
}

static json_t *import(const struct li_history *history, double half_life_days, enum li_lang lang) {
    struct li_import_response response = {0};
    struct li_error err = {0};
    const struct li_import_request request = {LI_TEXT(SESSION), history, half_life_days, lang};
    check(li_pipeline_import(&STAGES.pipeline, &request, &response, &err) == LI_OK, "%s", err.message);
    return response.document;
}

static json_t *timeline(enum li_lang lang) {
    struct li_timeline_response response = {0};
    struct li_error err = {0};
    const struct li_timeline_request request = {LI_TEXT(SESSION), lang};
    check(li_pipeline_timeline(&STAGES.pipeline, &request, &response, &err) == LI_OK, "%s", err.message);
    return response.document;
}

static void report_counts_and_names_what_is_unknown(void **state) {
    (void)state;
    struct li_history *history = the_listener();
    json_t *document = import(history, 0, LI_LANG_EN),
           *unknown = json_object_get(document, "unknown_artists");
    json_t *report = json_object_get(document, "report"), *facts = json_object_get(document, "history");
    int plays = 72 * 65 + 24 * 50;
    assert_int_equal(json_integer_value(json_object_get(report, "plays")), plays);
    assert_int_equal(json_integer_value(json_object_get(report, "rows")), plays);
    assert_int_equal(json_object_size(json_object_get(report, "skipped")), 0);
    assert_string_equal(json_string_value(json_object_get(facts, "first_month")), "2016-01");
    assert_string_equal(json_string_value(json_object_get(facts, "last_month")), "2023-12");
    check_near(li_json_get_number(facts, "matched_share"), 1 - 72 * 5.0 / plays, 0.001);
    assert_int_equal(json_array_size(unknown), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(unknown, 0), "name")),
                        "Nobody Heard Of This One");
    json_decref(document);
    li_history_free(history);
}

/* A source that can ask others: it knows who is called Nobody, too. */
struct asking_source {
    struct li_source base;
    struct li_source_ops ops;
    size_t calls, names;
    enum li_status fails;
};

static enum li_status ask_match(struct li_source *source, struct li_text name, struct li_arena *arena,
                                struct li_source_artist *artist, struct li_error *err) {
    (void)source;
    return li_source_match(SOURCE, name, arena, artist, err);
}

static enum li_status ask_lookup(struct li_source *source, const struct li_text *names, size_t count,
                                 struct li_arena *arena, struct li_source_artist *artists, bool *found,
                                 size_t *asked, struct li_error *err) {
    struct asking_source *self = (struct asking_source *)source;
    static const struct li_text genre = {"jazz", 4};
    (void)arena;
    self->calls++;
    self->names = count;
    if (self->fails)
        return li_fail(err, self->fails, "nobody answers");
    for (size_t i = 0; i < count; i++) {
        found[i] = names[i].size > 6 && memcmp(names[i].data, "Nobody", 6) == 0;
        if (found[i])
            artists[i] = (struct li_source_artist){.id = LI_TEXT("other:1"),
                                                   .name = names[i],
                                                   .genres = &genre,
                                                   .genre_count = 1,
                                                   .popularity = -1,
                                                   .source = "other"};
    }
    *asked = count;
    return LI_OK;
}

static void unknown_artists_are_looked_up(void **state) {
    (void)state;
    static const struct {
        enum li_status fails;
        bool no_lookup;
        int calls, asked, found, unknown;
    } cases[] = {{LI_OK, false, 1, 1, 1, 0}, {LI_OK, true, 0, 0, 0, 1}, {LI_BUSY, false, 1, 0, 0, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct asking_source asking = {.ops = {.name = "asking", .match = ask_match, .lookup = ask_lookup},
                                       .fails = cases[i].fails};
        struct li_history *history = the_listener();
        asking.base.ops = &asking.ops;
        STAGES.pipeline.source = &asking.base;
        STAGES.pipeline.no_lookup = cases[i].no_lookup;
        json_t *document = import(history, 0, LI_LANG_FR), *lookup = json_object_get(document, "lookup");
        assert_int_equal(asking.calls, cases[i].calls);
        assert_true(asking.names <= LI_SOURCE_LOOKUP_MAX);
        assert_int_equal(json_integer_value(json_object_get(lookup, "asked")), cases[i].asked);
        assert_int_equal(json_integer_value(json_object_get(lookup, "found")), cases[i].found);
        assert_int_equal(json_array_size(json_object_get(document, "unknown_artists")), cases[i].unknown);
        assert_int_equal(json_array_size(json_object_get(document, "notes")), cases[i].asked ? 1 : 0);
        if (cases[i].found)
            check_near(li_json_get_number(json_object_get(document, "history"), "matched_share"), 1, 1e-9);
        json_decref(document);
        li_history_free(history);
    }
}

static void who_was_looked_up_is_said(void **state) {
    (void)state;
    static const struct {
        const char *names[2], *en, *fr;
    } cases[] = {
        {{"Qx One"},
         "1 artist that is not known here was looked up by name, and not found.",
         "1 artiste inconnu ici a été recherché ailleurs par son nom, sans succès."},
        {{"Nobody One"},
         "1 artist that is not known here was looked up by name, and found.",
         "1 artiste inconnu ici a été recherché ailleurs par son nom, et trouvé."},
        {{"Qx One", "Qx Two"},
         "2 artists that are not known here were looked up by their names; none was found.",
         "2 artistes inconnus ici ont été recherchés ailleurs par leur nom ; aucun n'a été trouvé."},
        {{"Nobody One", "Qx Two"},
         "2 artists that are not known here were looked up by their names; 1 was found.",
         "2 artistes inconnus ici ont été recherchés ailleurs par leur nom ; 1 a été trouvé."},
        {{"Nobody One", "Nobody Two"},
         "2 artists that are not known here were looked up by their names; 2 were found.",
         "2 artistes inconnus ici ont été recherchés ailleurs par leur nom ; 2 ont été trouvés."},
    };
    struct asking_source asking = {.ops = {.name = "asking", .match = ask_match, .lookup = ask_lookup}};
    asking.base.ops = &asking.ops;
    STAGES.pipeline.source = &asking.base;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text *text = new_text();
        plays(text, "Metallica", 1, 264, 265);
        for (size_t n = 0; n < 2 && cases[i].names[n]; n++)
            plays(text, cases[i].names[n], 1, 264, 265);
        struct li_history *history = read_text(text);
        json_t *english = import(history, 0, LI_LANG_EN), *french = import(history, 0, LI_LANG_FR);
        assert_string_equal(text_at(english, "notes.0.text"), cases[i].en);
        assert_string_equal(text_at(french, "notes.0.text"), cases[i].fr);
        json_decref(english);
        json_decref(french);
        li_history_free(history);
    }
}

static void artists_weigh_what_their_plays_make_of_them(void **state) {
    (void)state;
    struct li_history *history = the_listener();
    json_decref(import(history, 0, LI_LANG_EN));
    json_t *profile = NULL;
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, &profile, NULL), LI_OK);
    json_t *artists = json_object_get(profile, "artists"), *first = json_array_get(artists, 0);
    assert_int_equal(json_array_size(artists), 4);
    assert_string_equal(json_string_value(json_object_get(first, "id")), "metallica");
    assert_int_equal(json_integer_value(json_object_get(first, "plays")), 72 * 40);
    double sum = 0, least = 1;
    for (size_t i = 0; i < 4; i++) {
        double weight = li_json_get_number(json_array_get(artists, i), "weight");
        check(weight <= least, "artist %zu weighs more than the one before", i);
        least = weight;
        sum += weight;
    }
    check_near(sum, 1, 0.001);
    /* log2(1 + 2880) beside log2(1 + 480): six times the plays weigh less than half as much again. */
    check(li_json_get_number(first, "weight") < 1.5 * least, "plays are not saturated");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(profile, "history"), "plays")),
                     72 * 65 + 24 * 50);
    assert_true(json_array_size(json_object_get(profile, "tracks")) == 20);
    /* Heard as often as each other: in the order in which they were first heard. */
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(text_at(json_array_get(at(profile, "tracks"), i), "title")[strlen("Song ")],
                         '0' + i);
    json_decref(profile);
    li_history_free(history);
}

static void recent_plays_count_more_when_asked(void **state) {
    (void)state;
    struct li_history *history = the_listener();
    json_decref(import(history, 180, LI_LANG_EN));
    json_t *top = NULL;
    assert_int_equal(li_json_parse(li_text_of(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS)), &top, NULL),
                     LI_OK);
    json_t *first = json_array_get(json_object_get(top, "artists"), 0), *track;
    assert_string_equal(json_string_value(json_object_get(first, "id")), "norah-jones");
    size_t t, of_first = 0; /* of the seven that were heard */
    json_array_foreach(json_object_get(top, "tracks"), t, track) of_first +=
        json_equal(json_object_get(track, "artist_id"), json_object_get(first, "id"));
    assert_int_equal(of_first, LI_TRACKS_PER_ARTIST);
    json_decref(top);
    li_history_free(history);
}

static void the_timeline_finds_when_the_taste_changed(void **state) {
    (void)state;
    struct li_history *history = the_listener();
    json_decref(import(history, 0, LI_LANG_EN));
    json_t *document = timeline(LI_LANG_FR), *months = json_object_get(document, "months"),
           *changes = json_object_get(document, "changes"), *year = json_object_get(document, "year");
    assert_int_equal(json_array_size(months), 96);
    assert_int_equal(json_array_size(changes), 1);
    json_t *change = json_array_get(changes, 0);
    assert_string_equal(json_string_value(json_object_get(change, "month")), "2022-01");
    check(li_json_get_number(change, "energy_before") > li_json_get_number(change, "energy_after") + 0.2,
          "metal has more energy");
    double sum = 0;
    json_t *share;
    const char *id;
    json_object_foreach(json_object_get(json_array_get(months, 5), "emotions"), id, share) sum +=
        json_number_value(share);
    check_near(sum, 1, 0.002);
    /* Every play has its hour: seven days of twenty-four. */
    size_t heard = 0, weekday, hour;
    json_t *day, *count;
    assert_int_equal(json_array_size(json_object_get(document, "hours")), 7);
    json_array_foreach(json_object_get(document, "hours"), weekday, day) {
        assert_int_equal(json_array_size(day), 24);
        json_array_foreach(day, hour, count) heard += (size_t)json_integer_value(count);
    }
    assert_int_equal(heard, li_history_get_report(history)->plays);
    assert_string_equal(json_string_value(json_object_get(year, "from")), "2023-01");
    assert_true(json_array_size(json_object_get(year, "more")) > 0);
    assert_true(json_array_size(json_object_get(year, "less")) > 0);
    json_t *label = json_object_get(json_array_get(json_object_get(document, "emotions"), 0), "label");
    assert_true(json_is_string(label)); /* one language */
    json_decref(document);
    li_history_free(history);
}

static void artists_by_hand_end_the_history(void **state) {
    (void)state;
    struct li_history *history = the_listener();
    json_decref(import(history, 0, LI_LANG_EN));
    json_decref(timeline(LI_LANG_EN));
    assert_int_equal(stages_extract(&STAGES, "adele stromae", NULL, NULL), LI_OK);
    struct li_timeline_response response = {0};
    const struct li_timeline_request request = {LI_TEXT(SESSION), LI_LANG_EN};
    assert_int_equal(li_pipeline_timeline(&STAGES.pipeline, &request, &response, NULL), LI_NOT_FOUND);
    li_history_free(history);
}

static void nobody_known_is_said(void **state) {
    (void)state;
    static const struct {
        const char *names[2], *words;
    } cases[] = {
        {{NULL}, "this history holds no play of a named artist"},
        {{"Qqxz Unheard"}, "the only artist in this history is not known here"},
        {{"Qqxz Unheard", "Qqxz Unseen"}, "none of the 2 artists in this history is known here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text *text = new_text();
        struct li_import_response response = {0};
        struct li_error err = {0};
        for (size_t n = 0; n < 2 && cases[i].names[n]; n++)
            plays(text, cases[i].names[n], 3, 264, 265);
        struct li_history *history = read_text(text);
        const struct li_import_request request = {.session = LI_TEXT(SESSION), .history = history};
        assert_int_equal(li_pipeline_import(&STAGES.pipeline, &request, &response, &err), LI_NOT_FOUND);
        check(strstr(err.message, cases[i].words) != NULL, "%s", err.message);
        assert_null(stages_stored(&STAGES, LI_OBJECT_TOP_TRACKS));
        li_history_free(history);
    }
}

static void change_points_of_known_series(void **state) {
    (void)state;
    static const struct {
        int count, at[4];
        double level[5];
        size_t changes;
    } CASES[] = {
        {40, {40, 40, 40, 40}, {0}, 0},        {40, {20, 40, 40, 40}, {0, 1}, 1},
        {60, {20, 40, 60, 60}, {0, 1, -1}, 2}, {60, {15, 27, 39, 51}, {0, 1, -1, 1, -1}, 4},
        {5, {2, 5, 5, 5}, {0, 1}, 0},         /* too short to say */
        {40, {20, 40, 40, 40}, {0, 0.01}, 0}, /* within the noise */
    };
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        struct li_stretch months[64] = {{0}};
        size_t changes[64];
        struct li_arena arena = {0};
        unsigned noise = 12345;
        for (int m = 0; m < CASES[c].count; m++) {
            int part = 0;
            while (part < 4 && m >= CASES[c].at[part])
                part++;
            noise = noise * 1103515245u + 12345;
            double wobble = ((noise >> 16) % 100 / 100.0 - 0.5) * 0.1;
            months[m] = (struct li_stretch){.known = 100,
                                            .valence = CASES[c].level[part] + wobble,
                                            .arousal = wobble,
                                            .energy = 0.5 + wobble / 2};
        }
        size_t found = li_timeline_changes(months, (size_t)CASES[c].count, &arena, changes);
        check(found == CASES[c].changes, "case %zu found %zu", c, found);
        for (size_t i = 0; i < found; i++)
            check(changes[i] == (size_t)CASES[c].at[i], "case %zu at %zu", c, changes[i]);
        li_arena_release(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(report_counts_and_names_what_is_unknown, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(unknown_artists_are_looked_up, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(who_was_looked_up_is_said, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(artists_weigh_what_their_plays_make_of_them, set_up,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(recent_plays_count_more_when_asked, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(the_timeline_finds_when_the_taste_changed, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(artists_by_hand_end_the_history, set_up, tear_down_stages),
        cmocka_unit_test_setup_teardown(nobody_known_is_said, set_up, tear_down_stages),
        cmocka_unit_test(change_points_of_known_series),
    };
    return cmocka_run_group_tests(tests, open_catalog, close_catalog);
}
