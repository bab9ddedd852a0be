/* JSON: lines, arrays, objects one behind another; MusicBrainz, AcousticBrainz, `listening analyze`, export.
 */
#include "dataset_check.h"

#define ID1 "11111111-2222-3333-4444-555555555555"
#define ID2 "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
#define REC "01234567-89ab-cdef-0123-456789abcdef"

static const char *const LAYOUTS[] = {
    "{\"name\":\"Kites\",\"artists\":[{\"name\":\"Mira "
    "Voss\"},{\"name\":\"Ana\"}],\"energy\":0.5,\"year\":1999}\n"
    "{\"name\":\"Oars\",\"artists\":[\"Mira Voss\"],\"genres\":[\"dub\",\"art pop\"],\"popularity\":30}\n",
    "[{\"track_name\":\"Kites\",\"artist\":\"Mira "
    "Voss\",\"audio_features\":{\"energy\":0.5},\"release_date\":\"1999-01\"},\n"
    " {\"track_name\":\"Oars\",\"artist\":\"Mira Voss\",\"genre\":\"dub, art pop\",\"popularity\":30}]",
    "{\n  \"title\": \"Kites\",\n  \"artist\": \"Mira Voss\",\n  \"energy\": \"0.5\",\n  \"year\": 1999\n}\n"
    "{\n  \"title\": \"Oars {[\\\"]}\",\n  \"artist\": \"Mira Voss\",\n  \"genres\": \"['dub', 'art pop']\", "
    "\"popularity\": 30.0\n}\n",
};

static void every_layout_gives_the_same(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof LAYOUTS / sizeof *LAYOUTS; i++) {
        struct bench bench;
        bench_open(&bench);
        bench_import(&bench, LAYOUTS[i]);
        bench_adds_up(&bench);
        check(bench.report.tally.kept == 2, "layout %zu", i);
        const struct li_catalog_artist *artist = bench_artist(&bench, "mira-voss");
        check(artist->track_count == 2 && artist->popularity == 30, "layout %zu", i);
        assert_string_equal(bench_joined(artist->genres, artist->genre_count), "dub|art pop");
        const struct li_catalog_track *kites = bench_track(&bench, "mira-voss", "Kites");
        check(kites->year == 1999 && fabs(kites->features.value[LI_ENERGY] - 0.5) < 1e-6, "layout %zu", i);
        bench_close(&bench);
    }
}

static const char ARTISTS[] =
    "{\"id\":\"" ID1 "\",\"name\":\"Genesys\",\"sort-name\":\"Genesys\",\"type\":\"Group\",\"aliases\":"
    "[{\"name\":\"The "
    "Genesys\",\"locale\":\"en\"},{\"name\":\"\xe5\x89\xb5\xe4\xb8\x96\",\"locale\":\"ja\"},"
    "{\"name\":\"GENESYS\"}],\"genres\":[{\"name\":\"art "
    "rock\",\"count\":3},{\"name\":\"pop\",\"count\":9}],"
    "\"tags\":[{\"name\":\"seen live\",\"count\":99}],\"rating\":{\"votes-count\":87,\"value\":4}}\n"
    "{\"id\":\"" ID2 "\",\"name\":\"Genesys\",\"sort-name\":\"Genesys\",\"aliases\":[],\"tags\":"
    "[{\"name\":\"dub\",\"count\":1}]}\n"
    "{\"id\":\"" REC "\",\"title\":\"a work\",\"relations\":[]}\n"
    "{\"broken\n";
static const char RECORDINGS[] =
    "{\"id\":\"" REC
    "\",\"title\":\"Lamb\",\"length\":1000,\"first-release-date\":\"1974-11\",\"artist-credit\":"
    "[{\"name\":\"G.\",\"joinphrase\":\" & \",\"artist\":{\"id\":\"" ID2 "\",\"name\":\"Genesys\"}},"
    "{\"name\":\"Ana\",\"artist\":{\"id\":\"" ID1 "\",\"name\":\"Genesys\"}}],\"genres\":[]}\n";
static const char HIGH[] =
    "{\"highlevel\":{\"danceability\":{\"all\":{\"danceable\":0.25,\"not_danceable\":0.75},\"value\":"
    "\"x\"},"
    "\"mood_happy\":{\"all\":{\"happy\":0.6}},\"mood_sad\":{\"all\":{\"sad\":0.2}},\"mood_acoustic\":{"
    "\"all\":"
    "{\"acoustic\":0.1}}},\"metadata\":{\"tags\":{\"musicbrainz_recordingid\":[\"" REC "\"]}}}";
static const char LOW[] = "mbid,submission_offset,bpm,onset_rate,danceability,key_key,key_scale\n" REC
                          ",0,120.5,3.2,1.4,A,minor\n,0,1,1,1,A,minor\n";

static void musicbrainz_and_acousticbrainz_meet_by_recording(void **state) {
    (void)state;
    struct bench bench;
    char paths[4][512];
    const char *list[4];
    const struct {
        const char *name, *text;
    } FILES[] = {{"h.json", HIGH}, {"l.csv", LOW}, {"artist", ARTISTS}, {"recording", RECORDINGS}};
    bench_open(&bench);
    for (int i = 0; i < 4; i++) {
        snprintf(paths[i], sizeof paths[i], "%s",
                 bench_file(&bench, FILES[i].name, FILES[i].text, strlen(FILES[i].text)));
        list[i] = paths[i];
    }
    check(bench_import_files(&bench, list, 4) == LI_OK, "%s", bench.err.message);
    bench_adds_up(&bench);
    assert_int_equal(bench.report.tally.rows, 8);
    assert_int_equal(bench.report.tally.kept, 5);
    assert_int_equal(bench.report.tally.reasons[LI_DATASET_OTHER_KIND].count, 1);
    assert_int_equal(bench.report.tally.reasons[LI_DATASET_UNREADABLE].count, 1);
    assert_int_equal(bench.report.measures, 1);
    assert_int_equal(bench.report.measures_used, 1);
    const struct li_catalog_artist *one = bench_artist(&bench, "genesys");
    assert_string_equal(bench_joined(one->aliases, one->alias_count), "The Genesys|\xe5\x89\xb5\xe4\xb8\x96");
    assert_string_equal(bench_joined(one->genres, one->genre_count), "pop|art rock");
    assert_int_equal(one->popularity, 25); /* 12.5 log10(1 + 3 + 9 + 87) */
    assert_int_equal(one->track_count, 0);
    const struct li_catalog_artist *two = bench_artist(&bench, "genesys-aaaaaaaa");
    assert_string_equal(bench_joined(two->genres, two->genre_count), "dub");
    const struct li_catalog_track *track = bench_track(&bench, "genesys-aaaaaaaa", "Lamb");
    assert_int_equal(track->year, 1974);
    assert_int_equal(track->features_from, LI_CATALOG_FEATURES_DATASET);
    const double *value = track->features.value;
    check_near(value[LI_DANCEABILITY], 0.25, 1e-6); /* of the classifier, not the other measure of the CSV */
    check_near(value[LI_VALENCE], 0.7, 1e-6);
    check_near(value[LI_ACOUSTICNESS], 0.1, 1e-6);
    check_near(value[LI_TEMPO], 120.5, 1e-4);
    check_near(value[LI_MODE], 0, 0);
    assert_true(isnan(value[LI_ENERGY]) && isnan(value[LI_LOUDNESS]));
    /* again into the same: nothing changes, and the namesakes stay apart */
    struct bench_bytes before = bench_keep(&bench);
    assert_int_equal(bench_import_files(&bench, list, 4), LI_OK);
    bench_unchanged(&bench, before);
    bench_close(&bench);
}

static void acousticbrainz_with_tags_stands_alone(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bench_import(
        &bench,
        "{\"highlevel\":{\"mood_aggressive\":{\"all\":{\"aggressive\":0.9}},\"mood_relaxed\":{\"all\":"
        "{\"relaxed\":0.3}}},\"metadata\":{\"tags\":{\"title\":[\"Kites\"],\"artist\":[\"Mira Voss\"],"
        "\"date\":[\"2001\"],\"musicbrainz_recordingid\":[\"" REC "\"]}}}");
    const struct li_catalog_track *track = bench_track(&bench, "mira-voss", "Kites");
    check_near(track->features.value[LI_ENERGY], 0.8, 1e-6);
    assert_int_equal(track->year, 2001);
    bench_close(&bench);
}

static void what_analyze_writes_is_measured(void **state) {
    (void)state;
    static const char *const TEXTS[] = {
        "{\"units\":{\"loudness\":\"LUFS\"},\"tracks\":[\n"
        "{\"file\":\"a.mp3\",\"title\":\"Kites\",\"artist\":\"Mira "
        "Voss\",\"duration_ms\":1,\"features\":{\"energy\":0.5,"
        "\"loudness\":-9.5,\"key\":3},\"confidence\":{\"energy\":0.1},\"calibrated\":false},\n"
        "{\"file\":\"b.mp3\",\"title\":\"Oars\",\"artist\":null,\"features\":{},\"calibrated\":false},\n"
        "{\"file\":\"c.mp3\",\"error\":\"no sound in it\"}\n]}\n",
        "File,Track Name,Artist Name(s),Duration (ms),Energy,Loudness,Loudness Unit,Tempo "
        "Alternative,Calibrated,"
        "Emotion,Warning,Error\na.mp3,Kites,Mira "
        "Voss,1,0.5,-9.5,LUFS,,false,joy,,\nb.mp3,Oars,,1,,,LUFS,,false,,,\n"
        "c.mp3,,,,,,,,,,,no sound in it\n",
    };
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench);
        bench_import(&bench, "artist,title,energy,liveness\nMira Voss,Kites,0.9,0.1\n");
        bench_import(&bench, TEXTS[i]);
        bench_adds_up(&bench);
        const struct li_catalog_track *track = bench_track(&bench, "mira-voss", "Kites");
        assert_int_equal(track->features_from, LI_CATALOG_FEATURES_MEASURED);
        check_near(track->features.value[LI_ENERGY], 0.5, 1e-6);
        check_near(track->features.value[LI_LOUDNESS], -9.5, 1e-6);
        assert_true(isnan(track->features.value[LI_LIVENESS])); /* not mixed */
        assert_int_equal(bench.report.tally.reasons[LI_DATASET_NO_ARTIST].count, 1);
        assert_int_equal(bench.report.tally.reasons[LI_DATASET_FAILED_FILE].count, 1);
        /* a table does not take the place of what was measured */
        bench_import(&bench, "artist,title,energy\nMIRA VOSS,kites,0.9\n");
        check_near(bench_track(&bench, "mira-voss", "Kites")->features.value[LI_ENERGY], 0.5, 1e-6);
        bench_close(&bench);
    }
}

static void an_export_comes_back_as_it_was(void **state) {
    (void)state;
    struct bench bench;
    char path[512], built[512];
    bench_open(&bench);
    /* everything of the built-in tables, with ids that are not made of names, and features */
    snprintf(path, sizeof path, "%s/data", getenv("LI_SOURCE_ROOT"));
    assert_int_equal(li_catalog_build(path, folder_path(&bench.folder, "b.catalog", built), &bench.err),
                     LI_OK);
    assert_int_equal(li_catalog_open_file(built, &bench.catalog, &bench.err), LI_OK);
    bench_import(
        &bench,
        "artist,title,energy,tempo,year,popularity\nDaft Punk,Aerodynamic,0.123456789,122.75,2001,60\n"
        "BTS,Dynamite,0.765,114.044,2020,80\n");
    struct bench_bytes before = bench_keep(&bench);
    FILE *out = fopen(folder_path(&bench.folder, "out.jsonl", path), "wb");
    assert_non_null(out);
    assert_int_equal(li_dataset_export(bench.catalog, out, &bench.err), LI_OK);
    assert_int_equal(fclose(out), 0);
    li_catalog_free(bench.catalog);
    bench.catalog = NULL; /* begin with nothing */
    const char *list = path;
    check(bench_import_files(&bench, &list, 1) == LI_OK, "%s", bench.err.message);
    bench_unchanged(&bench, before);
    bench_close(&bench);
}

/* More tracks than staging has numbers for, and names of members that would speak to a terminal. */
static void what_is_foreign_does_no_harm(void **state) {
    (void)state;
    enum { TRACKS = 33000, SIZE = TRACKS * 20 + 100 };
    struct bench bench;
    bench_open(&bench);
    char *text = malloc(SIZE);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, SIZE, "{\"name\":\"Mira Voss\",\"tracks\":[{\"title\":\"t0\"}");
    for (int i = 1; i < TRACKS; i++)
        used += (size_t)snprintf(text + used, SIZE - used, ",{\"title\":\"t%d\"}", i);
    snprintf(text + used, SIZE - used, "]}\n");
    bench_import(&bench, text);
    free(text);
    const struct li_catalog_artist *artist = bench_artist(&bench, "mira-voss");
    assert_int_equal(artist->track_count, LI_CATALOG_TRACKS_MAX);
    assert_true(li_text_equal(artist->tracks[0].title, LI_TEXT("t0")));
    bench_import(&bench, "{\"artist\":\"Tom Lark\",\"title\":\"Kites\",\"\\u001benergy\":0.5}\n");
    check(strstr(bench.mapping, "energy=energy,"), "%s", bench.mapping);
    bench_close(&bench);
}

/* An id as long as one can be, cut before its namesake's MusicBrainz id. */
static void a_long_id_stays_an_id(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    static const char LONG[] = "abcdefghij-abcdefghij-abcdefghij-abcdefghij-abcdefghij-abcdefghij-abcdefghij-"
                               "abcdefghi-abcdefghi";
    char text[1024];
    snprintf(text, sizeof text,
             "{\"id\":\"%.96s\",\"name\":\"Mira\",\"tracks\":[]}\n"
             "{\"id\":\"11111111-1111-4111-8111-111111111111\",\"name\":\"Mira\",\"sort-name\":\"Mira\"}\n"
             "{\"id\":\"22222222-2222-4222-8222-222222222222\",\"name\":\"Mira\",\"sort-name\":\"Mira\"}\n",
             LONG);
    bench_import(&bench, text);
    assert_int_equal(bench.report.catalog.artists, 2);
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_gives_the_same),
        cmocka_unit_test(musicbrainz_and_acousticbrainz_meet_by_recording),
        cmocka_unit_test(acousticbrainz_with_tags_stands_alone),
        cmocka_unit_test(what_analyze_writes_is_measured),
        cmocka_unit_test(an_export_comes_back_as_it_was),
        cmocka_unit_test(what_is_foreign_does_no_harm),
        cmocka_unit_test(a_long_id_stays_an_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
