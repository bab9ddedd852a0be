/* Tables as people have them: headers of many names, separators, encodings, lists in cells, bad cells. */
#include "dataset_check.h"

struct header_case {
    const char *text, *artist, *title;
    int popularity, year;
    const char *genres; /* of the artist */
    double energy;      /* NAN = none */
};

static const struct header_case HEADERS[] = {
    /* a playlist export */
    {"Track URI,Track Name,Artist Name(s),Album Name,Release Date,Popularity,Genres,Energy\n"
     "spotify:track:1,Glass Harbour,Mira Voss,Tides,2019-03-01,41,\"dream pop,shoegaze\",0.5\n",
     "mira-voss", "Glass Harbour", 41, 2019, "dream pop|shoegaze", 0.5},
    /* lists in Python's brackets, name = title */
    {"id,name,artists,popularity,year,energy\n1,Glass Harbour,\"['Mira Voss']\",41,2019,0.5\n", "mira-voss",
     "Glass Harbour", 41, 2019, "", 0.5},
    /* the other quote within, two artists */
    {"artists,name,energy\n\"[\"\"Mira's Voss\"\", 'Tom O\\'Hara']\",Glass Harbour,0.5\n", "miras-voss",
     "Glass Harbour", -1, 0, "", 0.5},
    /* semicolons between artists */
    {",track_id,artists,album_name,track_name,popularity,explicit,energy,track_genre\n"
     "0,x,Mira Voss;Tom Lark,Tides,Glass Harbour,41,False,0.5,dream pop\n",
     "mira-voss", "Glass Harbour", 41, 0, "dream pop", 0.5},
    {"track_name,track_artist,track_popularity,track_album_release_date,playlist_genre,playlist_subgenre,"
     "energy\n"
     "Glass Harbour,Mira Voss,41,2019,pop,dream pop,0.5\n",
     "mira-voss", "Glass Harbour", 41, 2019, "pop|dream pop", 0.5},
    {"artist_name\ttrack_name\tgenre\tenergy\nMira Voss\tGlass Harbour\tDream Pop\t0.5\n", "mira-voss",
     "Glass Harbour", -1, 0, "Dream Pop", 0.5},
    /* semicolons between columns, decimal commas */
    {"artist;title;energy;year\nMira Voss;Glass Harbour;0,5;2019\n", "mira-voss", "Glass Harbour", -1, 2019,
     "", 0.5},
    /* per cent */
    {"track_name,artist(s)_name,released_year,energy_%\nGlass Harbour,Mira Voss,2019,50\n", "mira-voss",
     "Glass Harbour", -1, 2019, "", 0.5},
    {"song|artist\nGlass Harbour|Mira Voss\n", "mira-voss", "Glass Harbour", -1, 0, "", NAN},
    /* CR LF, a mark, quotes and a line end within a cell */
    {"\xEF\xBB\xBF"
     "artist,title,energy\r\n\"Mira Voss\",\"Glass\nHarbour\",.5\r\n",
     "mira-voss", "Glass Harbour", -1, 0, "", 0.5},
    /* a first column without a name */
    {"\n\tartist\ttitle\tenergy\n0\tMira Voss\tGlass Harbour\t0.5\n", "mira-voss", "Glass Harbour", -1, 0, "",
     0.5},
    /* Latin-1 */
    {"artist,title\nMira V\xF6ss,Glass Harb\xF4ur\n", "mira-voss", "Glass Harbôur", -1, 0, "", NAN},
    /* feat. */
    {"artist,title\nMira Voss feat. Tom Lark,Glass Harbour\n", "mira-voss", "Glass Harbour", -1, 0, "", NAN},
    /* rows longer and shorter than the header */
    {"artist,title,energy\nMira Voss,Glass Harbour,0.5,more,and more\nTom Lark,Kites\n", "mira-voss",
     "Glass Harbour", -1, 0, "", 0.5},
};

static void every_header_is_understood(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
        const struct header_case *want = &HEADERS[i];
        struct bench bench;
        bench_open(&bench);
        bench_import(&bench, want->text);
        bench_adds_up(&bench);
        const struct li_catalog_artist *artist = bench_artist(&bench, want->artist);
        const struct li_catalog_track *track = bench_track(&bench, want->artist, want->title);
        check(track->popularity == want->popularity, "case %zu: %d", i, track->popularity);
        check(track->year == want->year, "case %zu: %d", i, track->year);
        check(strcmp(bench_joined(artist->genres, artist->genre_count), want->genres) == 0, "case %zu: %s", i,
              bench_joined(artist->genres, artist->genre_count));
        double energy = track->features.value[LI_ENERGY];
        check(isnan(want->energy) ? isnan(energy) : fabs(energy - want->energy) < 1e-6, "case %zu: %g", i,
              energy);
        check(track->features_from ==
                  (isnan(want->energy) ? LI_CATALOG_FEATURES_NONE : LI_CATALOG_FEATURES_DATASET),
              "case %zu", i);
        bench_close(&bench);
    }
}

static void the_others_of_a_row_are_known_too(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bench_import(&bench, "artists,name,artist_ids\n"
                         "\"Mira Voss, Tom Lark\",Glass Harbour,\"a,b\"\n"
                         "\"Tyler, The Baker\",Bread,c\n"
                         "\"['Tom Lark', 'Ana', 'Ana']\",Kites,\"['d','e']\"\n");
    assert_int_equal(bench.report.catalog.artists, 4);
    assert_int_equal(bench_artist(&bench, "tom-lark")->track_count, 1);
    assert_int_equal(bench_artist(&bench, "tyler-the-baker")->track_count, 1);
    assert_int_equal(bench_artist(&bench, "ana")->track_count, 0);
    bench_close(&bench);
}

static void names_that_look_like_lists_stay_whole(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bench_import(&bench, "artists,genres\n[spunged],ska\n\"A; B feat. C\",pop\n\"['Listed']\",pop\n");
    assert_int_equal(bench.report.catalog.artists, 3);
    assert_true(li_text_equal(bench_artist(&bench, "spunged")->name, LI_TEXT("[spunged]")));
    assert_true(li_text_equal(bench_artist(&bench, "a-b-feat-c")->name, LI_TEXT("A; B feat. C")));
    (void)bench_artist(&bench, "listed");
    bench_import(&bench, "artist,title\n[spunged],Room\n\"Earth, Wind & Rain\",Tuesday\n");
    assert_int_equal(bench_artist(&bench, "spunged")->track_count, 1);
    assert_int_equal(bench_artist(&bench, "earth-wind-and-rain")->track_count, 1);
    bench_close(&bench);
}

static const struct {
    const char *cell, *genres;
} LISTS[] = {
    {"[]", ""},
    {"\"['art pop', \"\"children's music\"\"]\"", "art pop|children's music"},
    {"\"['art pop' 'dub']\"", "art pop|dub"},
    {"\"[\"\"caf\\u00e9 del mar\"\",\"\"b\"\"]\"", "café del mar|b"},
    {"\"[art pop, dub]\"", "art pop|dub"},
    {"art pop;dub", "art pop|dub"},
    {"art pop | dub", "art pop|dub"},
    {"\"art pop, dub, Art Pop\"", "art pop|dub"},
    {"\"['unclosed]\"", "unclosed"},
    {"\"['it\\'s', '', 'b']\"", "it's|b"},
};

static void lists_of_every_shape(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        struct bench bench;
        char text[256];
        bench_open(&bench);
        snprintf(text, sizeof text, "artists,genres\nMira Voss,%s\n", LISTS[i].cell);
        bench_import(&bench, text);
        const struct li_catalog_artist *artist = bench_artist(&bench, "mira-voss");
        check(strcmp(bench_joined(artist->genres, artist->genre_count), LISTS[i].genres) == 0, "%s: %s",
              LISTS[i].cell, bench_joined(artist->genres, artist->genre_count));
        bench_close(&bench);
    }
}

static const struct {
    const char *column, *cell;
    int reason; /* -1: none */
} CELLS[] = {
    {"energy", "0", -1},
    {"energy", "1", -1},
    {"energy", "1.01", LI_DATASET_OUT_OF_RANGE},
    {"energy", "-0.1", LI_DATASET_OUT_OF_RANGE},
    {"energy", "abc", LI_DATASET_NOT_A_NUMBER},
    {"energy", "0x1p-1", LI_DATASET_NOT_A_NUMBER},
    {"energy", "1e-3", -1},
    {"energy", "1e999", LI_DATASET_NOT_A_NUMBER},
    {"energy", "nan", -1},
    {"energy", "", -1},
    {"energy", "\"1,000.5\"", LI_DATASET_NOT_A_NUMBER},
    {"loudness", "-60", -1},
    {"loudness", "3.7", -1},
    {"loudness", "-100", -1}, /* as POST /features takes it: base/features.c */
    {"loudness", "-100.1", LI_DATASET_OUT_OF_RANGE},
    {"loudness", "20", -1},
    {"loudness", "20.1", LI_DATASET_OUT_OF_RANGE},
    {"tempo", "0", -1},
    {"tempo", "400", -1},
    {"tempo", "400.1", LI_DATASET_OUT_OF_RANGE},
    {"tempo", "-1", LI_DATASET_OUT_OF_RANGE},
    {"bpm", "120", -1},
    {"mode", "Major", -1},
    {"mode", "minor", -1},
    {"mode", "dorian", LI_DATASET_NOT_A_NUMBER},
    {"mode", "2", LI_DATASET_OUT_OF_RANGE},
    {"popularity", "101", LI_DATASET_OUT_OF_RANGE},
    {"popularity", "-1", LI_DATASET_OUT_OF_RANGE},
    {"popularity", "50.4", -1},
    {"year", "soon", LI_DATASET_BAD_YEAR},
    {"release_date", "01/02/1998", -1},
    {"release_date", "0000", -1},
    {"year", "3000", LI_DATASET_BAD_YEAR},
};

static void a_bad_cell_costs_its_value_only(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CELLS / sizeof *CELLS; i++) {
        struct bench bench;
        char text[256];
        uint64_t dropped = 0;
        bench_open(&bench);
        snprintf(text, sizeof text, "artist,title,%s\nMira Voss,Kites,%s\n", CELLS[i].column, CELLS[i].cell);
        bench_import(&bench, text);
        for (int r = 0; r < LI_DATASET_REASON_COUNT; r++)
            dropped += bench.report.tally.reasons[r].count;
        check(dropped == (CELLS[i].reason >= 0), "%s %s: %llu", CELLS[i].column, CELLS[i].cell,
              (unsigned long long)dropped);
        check(CELLS[i].reason < 0 || bench.report.tally.reasons[CELLS[i].reason].count == 1, "%s %s",
              CELLS[i].column, CELLS[i].cell);
        assert_int_equal(bench.report.tally.kept, 1);
        bench_close(&bench);
    }
}

static void bad_rows_are_counted_with_examples(void **state) {
    (void)state;
    struct bench bench;
    char text[4096], *long_name = malloc(700);
    bench_open(&bench);
    assert_non_null(long_name);
    memset(long_name, 'x', 699);
    long_name[699] = '\0';
    snprintf(text, sizeof text,
             "artist,title\nMira Voss,Kites\n,Nobody\nTom Lark,\n%s,Long\n"
             "  ,  \n!!!,Kites\nMira Voss,\"never ends\nand on",
             long_name);
    bench_import(&bench, text);
    bench_adds_up(&bench);
    const struct li_dataset_tally *tally = &bench.report.tally;
    assert_int_equal(tally->rows, 7);
    assert_int_equal(tally->kept, 2);
    assert_int_equal(tally->reasons[LI_DATASET_NO_ARTIST].count, 2);
    assert_int_equal(tally->reasons[LI_DATASET_NO_TITLE].count, 1);
    assert_int_equal(tally->reasons[LI_DATASET_TOO_LONG].count, 1);
    assert_int_equal(tally->reasons[LI_DATASET_UNREADABLE].count, 1);
    assert_string_equal(tally->reasons[LI_DATASET_UNREADABLE].examples[0],
                        "in.data row 7: a quote that is opened here never ends, and takes all that follows");
    assert_string_equal(tally->reasons[LI_DATASET_NO_ARTIST].examples[0], "in.data row 2: title \"Nobody\"");
    assert_string_equal(tally->reasons[LI_DATASET_NO_TITLE].examples[0],
                        "in.data row 3: artist \"Tom Lark\"");
    bench_close(&bench);
    free(long_name);
}

static void a_quote_that_never_ends_takes_the_rest(void **state) {
    (void)state;
    enum { ROWS = 20000, SIZE = ROWS * 20 + 100 };
    struct bench bench;
    bench_open(&bench);
    char *text = malloc(SIZE);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, SIZE, "artist,title\nA,T1\n\"B,T2\n");
    for (int i = 0; i < ROWS; i++)
        used += (size_t)snprintf(text + used, SIZE - used, "C%d,T\n", i);
    bench_import(&bench, text);
    free(text);
    bench_adds_up(&bench);
    const struct li_dataset_tally *tally = &bench.report.tally;
    assert_true(tally->rows == 2 && tally->kept == 1);
    assert_int_equal(tally->reasons[LI_DATASET_UNREADABLE].count, 1);
    assert_non_null(
        strstr(tally->reasons[LI_DATASET_UNREADABLE].examples[0], "row 2: a quote that is opened"));
    bench_import(&bench, "artist,title\nA,\"T3\""); /* one that ends where the file does */
    assert_int_equal(bench.report.tally.kept, 1);
    bench_close(&bench);
}

static void a_person_may_say_what_a_column_is(void **state) {
    (void)state;
    static const char *const MAPS[] = {"artist=Band", "title=Piece", "energy=Drive", NULL};
    static const char *const UNUSED[] = {"genres=none at all", "year=genre", NULL};
    struct bench bench;
    bench_open(&bench);
    bench.maps = MAPS;
    bench_import(&bench, "Band,Piece,Drive,artist\nMira Voss,Kites,0.25,Somebody\n");
    assert_string_equal(bench.mapping, "artist=Band,title=Piece,energy=Drive,");
    check_near(bench_track(&bench, "mira-voss", "Kites")->features.value[LI_ENERGY], 0.25, 1e-6);
    bench.maps = UNUSED; /* "genre" is the year now, and no genre */
    bench_import(&bench, "artist,title,genre\nMira Voss,Oars,1999\n");
    assert_int_equal(bench_track(&bench, "mira-voss", "Oars")->year, 1999);
    assert_int_equal(bench_artist(&bench, "mira-voss")->genre_count, 0);
    bench_close(&bench);
}

static const char *const UNKNOWN[] = {"",
                                      "\n\n",
                                      "a,b\n1,2\n",
                                      "title,energy\nKites,0.5\n",
                                      "{\"tracks\": 3",
                                      "\xFF\xFE\x61\0r\0",
                                      "[1, 2, 3]",
                                      "just words\n"};

static void what_is_no_dataset_changes_nothing(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bench_import(&bench, "artist,title\nMira Voss,Kites\n");
    struct bench_bytes before = bench_keep(&bench);
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof *UNKNOWN; i++) {
        bench.err.message[0] = '\0';
        enum li_status status = bench_import_bytes(&bench, UNKNOWN[i], i == 5 ? 6 : strlen(UNKNOWN[i]));
        check(status == LI_UNSUPPORTED || status == LI_INVALID, "case %zu: %d", i, status);
        check(bench.err.message[0] && li_text_valid(li_text_of(bench.err.message)), "case %zu", i);
    }
    static const char *const BAD_MAPS[] = {"colour=x", NULL};
    bench.maps = BAD_MAPS;
    assert_int_equal(bench_import_bytes(&bench, "artist,title\na,b\n", 17), LI_INVALID);
    bench_unchanged(&bench, before);
    bench_close(&bench);
}

/* Were each item unpacked into room for all of the rest, this list would take 80 GB. */
static void a_long_list_takes_little_memory(void **state) {
    (void)state;
    enum { ITEMS = 200000, SIZE = ITEMS * 4 + 100 };
    struct bench bench;
    bench_open(&bench);
    char *text = malloc(SIZE);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, SIZE, "{\"artist\":\"['Mira Voss'");
    for (int i = 0; i < ITEMS; i++)
        used += (size_t)snprintf(text + used, SIZE - used, ",'%c'", 'a' + i % 26);
    snprintf(text + used, SIZE - used, "]\",\"title\":\"Glass Harbour\"}\n");
    bench_import(&bench, text);
    free(text);
    assert_int_equal(bench.report.catalog.artists, 16); /* of a row */
    bench_track(&bench, "mira-voss", "Glass Harbour");
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_header_is_understood),
        cmocka_unit_test(the_others_of_a_row_are_known_too),
        cmocka_unit_test(names_that_look_like_lists_stay_whole),
        cmocka_unit_test(lists_of_every_shape),
        cmocka_unit_test(a_long_list_takes_little_memory),
        cmocka_unit_test(a_bad_cell_costs_its_value_only),
        cmocka_unit_test(bad_rows_are_counted_with_examples),
        cmocka_unit_test(a_quote_that_never_ends_takes_the_rest),
        cmocka_unit_test(a_person_may_say_what_a_column_is),
        cmocka_unit_test(what_is_no_dataset_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
