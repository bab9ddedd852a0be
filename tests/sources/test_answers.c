/* The providers' answers, as documented and as they are when something is wrong. What the members mean:
 * docs/sources.md. */
#include "check.h"

#include "sources/answers.h"

static struct li_arena ARENA;

static int tear_down(void **state) {
    (void)state;
    li_arena_release(&ARENA);
    return 0;
}

static bool is(struct li_text text, const char *wanted) {
    return li_text_equal(text, li_text_of(wanted));
}

/* ---- Deezer ---- */

static void test_deezer_artists(void **state) {
    (void)state;
    static const char body[] =
        "{\"data\":[{\"id\":27,\"name\":\" Daft Punk \",\"picture_medium\":\"https://cdn.example/a/250.jpg\","
        "\"nb_fan\":4700000,\"type\":\"artist\"},{\"id\":0,\"name\":\"No id\"},{\"id\":5},"
        "{\"id\":6,\"name\":\"Bj\xc3\xb6rk\",\"picture_medium\":\"javascript:alert(1)\",\"nb_fan\":\"many\"},"
        "\"text\",null,[],{\"id\":7,\"name\":\"a\\u0007b\"},{\"id\":8,\"name\":\"a\\u202eb\"}],\"total\":9}";
    struct li_answer_artist *list = NULL;
    size_t count = 0;
    assert_int_equal(li_deezer_read_artists(li_text_of(body), &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, 2); /* without id, without name, with control characters: passed over */
    assert_true(is(list[0].id, "27") && is(list[0].name, "Daft Punk") && list[0].fans == 4700000);
    assert_true(is(list[0].image, "https://cdn.example/a/250.jpg"));
    assert_true(is(list[1].name, "Bj\xc3\xb6rk") && list[1].fans == -1 && list[1].image.size == 0);
}

static void test_deezer_tracks(void **state) {
    (void)state;
    static const char body[] =
        "{\"data\":[{\"id\":1,\"title\":\"One\",\"preview\":\"https://cdnt-preview.dzcdn.net/api/1/1/"
        "a.mp3?hdnea="
        "exp=1~acl=/api/*~hmac=00\",\"artist\":{\"id\":27,\"name\":\"Daft Punk\"}},"
        "{\"id\":2,\"title\":\"Two\",\"preview\":\"\"},{\"id\":3,\"title\":\"Three\",\"preview\":null,"
        "\"artist\":7},"
        "{\"id\":4,\"title\":\"Four\",\"preview\":\"file:///etc/passwd\"},"
        "{\"id\":5,\"title\":\"Five\",\"preview\":\"https://x.example/a b\"}],\"total\":100}";
    struct li_answer_track *list = NULL, track = {.year = 1};
    size_t count = 0;
    assert_int_equal(li_deezer_read_tracks(li_text_of(body), &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, 5);
    assert_true(list[0].preview.size > 50 && is(list[0].artist, "Daft Punk") && list[0].isrc.size == 0);
    for (size_t i = 1; i < 5; i++)
        check(list[i].preview.size == 0 && list[i].artist.size == 0, "track %zu", i);
    assert_int_equal(li_deezer_read_track(LI_TEXT("{\"id\":9,\"title\":\"T\",\"isrc\":\"GBDUW0000059\","
                                                  "\"release_date\":\"2001-03-07\",\"bpm\":0}"),
                                          &ARENA, &track, NULL),
                     LI_OK);
    assert_true(is(track.isrc, "GBDUW0000059") && track.year == 2001);
}

/* The same failure, whatever is asked for. */
static void test_deezer_failures(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum li_status wanted;
    } cases[] = {
        {"{\"error\":{\"type\":\"Exception\",\"message\":\"Quota limit exceeded\",\"code\":4}}", LI_BUSY},
        {"{\"error\":{\"type\":\"Exception\",\"message\":\"Service busy\",\"code\":700}}", LI_BUSY},
        {"{\"error\":{\"type\":\"DataException\",\"message\":\"no data\",\"code\":800}}", LI_NOT_FOUND},
        {"{\"error\":{\"type\":\"OAuthException\",\"message\":\"\",\"code\":200}}", LI_UNSUPPORTED},
        {"{\"error\":{\"type\":\"OAuthException\",\"message\":\"\",\"code\":300}}", LI_UNSUPPORTED},
        {"{\"error\":{\"type\":\"IndividualAccountChangedNotAllowedException\",\"code\":901}}",
         LI_UNSUPPORTED},
        {"{\"error\":{\"type\":\"ParameterException\",\"code\":500}}", LI_INVALID},
        {"{\"error\":{\"type\":\"MissingParameterException\",\"code\":501}}", LI_INVALID},
        {"{\"error\":{\"type\":\"InvalidQueryException\",\"code\":600}}", LI_INVALID},
        {"{\"error\":{\"type\":\"Exception\",\"code\":100}}", LI_INVALID},
        {"{\"data\":[],\"error\":{\"code\":4}}", LI_BUSY}, /* an error beside data is an error */
        {"{\"error\":{\"code\":\"4\"}}", LI_CORRUPT},
        {"{\"error\":{\"code\":4.0}}", LI_CORRUPT},
        {"{\"error\":{}}", LI_CORRUPT},
        {"{\"error\":[]}", LI_CORRUPT},
        {"{\"error\":null}", LI_CORRUPT},
        {"{}", LI_CORRUPT},
        {"[]", LI_CORRUPT},
        {"", LI_CORRUPT},
        {"null", LI_CORRUPT},
        {"<!doctype html><h1>Sorry</h1>", LI_CORRUPT},
        {"{\"data\":[{\"id\":1,\"name\":\"half", LI_CORRUPT},
        {"{\"data\":{\"id\":1}}", LI_CORRUPT},
        {"{\"data\":[7,\"x\",null]}",
         LI_CORRUPT}, /* a list in which nothing can be read is not an empty one */
        {"\xff\xfe{}", LI_CORRUPT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_text body = li_text_of(cases[i].body);
        struct li_answer_artist *artists = NULL, artist = {.fans = 42};
        struct li_answer_track *tracks = NULL, track = {.year = 42};
        size_t count = 42;
        struct li_error err = {0};
        check(li_deezer_read_artists(body, &ARENA, &artists, &count, &err) == cases[i].wanted, "%s",
              cases[i].body);
        check(strstr(err.message, "Deezer") && !artists && count == 42, "%s", cases[i].body);
        check(li_deezer_read_tracks(body, &ARENA, &tracks, &count, &err) == cases[i].wanted, "%s",
              cases[i].body);
        check(li_deezer_read_artist(body, &ARENA, &artist, &err) == cases[i].wanted, "%s", cases[i].body);
        check(li_deezer_read_track(body, &ARENA, &track, &err) == cases[i].wanted, "%s", cases[i].body);
        check(!tracks && count == 42 && artist.fans == 42 && track.year == 42, "%s", cases[i].body);
    }
}

static void test_empty_is_an_answer(void **state) {
    (void)state;
    struct li_answer_artist *list = NULL;
    size_t count = 42;
    assert_int_equal(
        li_deezer_read_artists(LI_TEXT("{\"data\":[],\"total\":0}"), &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, 0);
    count = 42;
    assert_int_equal(li_listenbrainz_read_artists(LI_TEXT("[]"), &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, 0);
    count = 42;
    assert_int_equal(
        li_musicbrainz_read_artists(LI_TEXT("{\"count\":0,\"artists\":[]}"), &ARENA, &list, &count, NULL),
        LI_OK);
    assert_int_equal(count, 0);
}

static void test_no_more_than_the_bounds(void **state) {
    (void)state;
    json_t *data = json_array();
    char name[LI_ANSWER_NAME_MAX + 2];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    json_array_append_new(data, json_pack("{s:i,s:s}", "id", 1, "name", name)); /* too long by one */
    for (int i = 0; i < 3 * LI_ANSWER_LIST_MAX; i++)
        json_array_append_new(data, json_pack("{s:i,s:s}", "id", i + 1, "name", name + 1));
    json_t *document = json_pack("{s:o}", "data", data);
    struct li_text body = li_json_print(document, &ARENA);
    struct li_answer_artist *list = NULL;
    size_t count = 0;
    assert_int_equal(li_deezer_read_artists(body, &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, LI_ANSWER_LIST_MAX);
    assert_int_equal(list[0].name.size, LI_ANSWER_NAME_MAX);
    json_decref(document);
}

/* ---- MusicBrainz, ListenBrainz ---- */

static void test_tags_by_their_votes(void **state) {
    (void)state;
    static const char body[] =
        "{\"artists\":[{\"id\":\"056e4f3e-d505-4dad-8ec1-d04f521cbb56\",\"score\":100,\"name\":\"Daft "
        "Punk\",\"tags\":"
        "[{\"count\":1,\"name\":\"french\"},{\"count\":9,\"name\":\"electronic\"},{\"count\":12,\"name\":"
        "\"house\"},"
        "{\"count\":9,\"name\":\"disco\"},{\"count\":0,\"name\":\"downvoted\"},{\"count\":-3,\"name\":"
        "\"worse\"},"
        "{\"name\":\"uncounted\"},{\"count\":\"9\",\"name\":\"text\"},{\"count\":5},7]},"
        "{\"id\":\"not a uuid at all!\",\"name\":\"X\"}]}";
    static const char *const wanted[] = {"house", "electronic", "disco", "french"};
    struct li_answer_artist *list = NULL;
    size_t count = 0;
    assert_int_equal(li_musicbrainz_read_artists(li_text_of(body), &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].score, 100);
    assert_int_equal(list[0].tag_count, 4);
    for (size_t i = 0; i < 4; i++)
        check(is(list[0].tags[i], wanted[i]) && !list[0].is_genre[i], "tag %zu", i);
}

static void test_many_tags(void **state) {
    (void)state;
    json_t *tags = json_array();
    struct li_answer_artist artist = {0};
    for (int i = 0; i < 60; i++) {
        char name[20];
        snprintf(name, sizeof name, "tag %d", i);
        json_array_append_new(tags, json_pack("{s:i,s:s}", "count", 1 + i % 30, "name", name));
    }
    li_answer_tags(tags, &ARENA, &artist);
    assert_int_equal(artist.tag_count, LI_ANSWER_TAGS_MAX);
    for (size_t i = 0; i < LI_ANSWER_TAGS_MAX; i++) { /* 29, 59, 28, 58, ... */
        char name[20];
        snprintf(name, sizeof name, "tag %d", 29 - (int)i / 2 + (i % 2 ? 30 : 0));
        check(is(artist.tags[i], name), "tag %zu", i);
    }
    json_decref(tags);
}

static void test_listenbrainz(void **state) {
    (void)state;
    static const char body[] =
        "[{\"artist_mbid\":\"056e4f3e-d505-4dad-8ec1-d04f521cbb56\",\"name\":\"Daft "
        "Punk\",\"tag\":{\"artist\":["
        "{\"tag\":\"seen live\",\"count\":30},{\"tag\":\"house\",\"count\":12,\"genre_mbid\":\"a\"}]}},"
        "{\"artist_mbid\":\"b2\",\"tag\":null},{\"artist_mbid\":null},{\"artist_mbid\":\"b3\",\"tag\":{"
        "\"artist\":{}}}]";
    struct li_answer_artist *list = NULL;
    size_t count = 0;
    assert_int_equal(li_listenbrainz_read_artists(li_text_of(body), &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, 3);
    assert_true(list[0].tag_count == 2 && is(list[0].tags[0], "seen live") && !list[0].is_genre[0] &&
                list[0].is_genre[1]);
    assert_true(list[1].tag_count == 0 && list[2].tag_count == 0);
    assert_int_equal(
        li_listenbrainz_read_artists(LI_TEXT("{\"code\":401,\"error\":\"no\"}"), &ARENA, &list, &count, NULL),
        LI_CORRUPT);
}

/* ---- ReccoBeats, Spotify ---- */

static void test_features_within_their_range(void **state) {
    (void)state;
    static const char body[] =
        "{\"content\":[{\"id\":\"u1\",\"isrc\":\"AAA\",\"danceability\":0.5,\"energy\":1.5,\"valence\":-0.1,"
        "\"acousticness\":\"0.5\",\"loudness\":-7.5,\"tempo\":0,\"mode\":1,\"liveness\":null},"
        "{\"id\":\"u2\",\"isrc\":\"BBB\"},{\"isrc\":\"CCC\",\"energy\":0.5}]}";
    struct li_answer_features *list = NULL;
    size_t count = 0;
    assert_int_equal(li_reccobeats_read_features(li_text_of(body), &ARENA, &list, &count, NULL), LI_OK);
    assert_int_equal(count, 1);
    const double *value = list[0].features.value;
    assert_true(is(list[0].id, "u1") && is(list[0].isrc, "AAA"));
    check_near(value[LI_DANCEABILITY], 0.5, 0);
    check_near(value[LI_LOUDNESS], -7.5, 0);
    check_near(value[LI_MODE], 1, 0);
    static const enum li_feature unknown[] = {LI_ENERGY, LI_VALENCE,  LI_ACOUSTICNESS,
                                              LI_TEMPO,  LI_LIVENESS, LI_SPEECHINESS};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        check(isnan(value[unknown[i]]), "feature %d", (int)unknown[i]);
    struct li_answer_track *tracks = NULL;
    assert_int_equal(
        li_reccobeats_read_tracks(LI_TEXT("{\"content\":[{\"id\":\"u1\",\"isrc\":\"AAA\"},{\"id\":\"u2\"}]}"),
                                  &ARENA, &tracks, &count, NULL),
        LI_OK);
    assert_int_equal(count, 1);
    assert_int_equal(li_reccobeats_read_tracks(LI_TEXT("{\"content\":{}}"), &ARENA, &tracks, &count, NULL),
                     LI_CORRUPT);
}

static void test_spotify_artists_of_a_new_app(void **state) {
    (void)state;
    static const char *const without[] = {"", ",\"genres\":null", ",\"genres\":[]", ",\"genres\":\"pop\"",
                                          ",\"genres\":[\"pop\",7,\"\"]"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        struct li_answer_artist *list = NULL;
        size_t count = 0;
        struct li_text body = li_arena_printf(
            &ARENA,
            "{\"artists\":{\"items\":[{\"id\":\"4tZwfgrHOc3mvqYlEYSvVi\",\"name\":\"Daft Punk\",\"images\":["
            "{\"url\":\"https://i.example/640\"},{\"url\":\"https://i.example/320\"},{\"url\":\"https://"
            "i.example/160\"}]%s}"
            ",null]}}",
            without[i]);
        check(li_spotify_read_artists(body, &ARENA, &list, &count, NULL) == LI_OK && count == 1, "case %zu",
              i);
        check(list[0].fans == -1 && list[0].score == -1 && is(list[0].image, "https://i.example/320"),
              "case %zu", i);
        check(list[0].tag_count == (i == 4), "case %zu", i);
    }
}

static void test_spotify_tokens(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum li_status wanted;
    } cases[] = {
        {"{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":3600}", LI_OK},
        {"{\"access_token\":\"a\\r\\nX: y\",\"expires_in\":3600}", LI_CORRUPT}, /* no header of its own */
        {"{\"access_token\":\"a b\",\"expires_in\":3600}", LI_CORRUPT},
        {"{\"access_token\":\"abc\",\"expires_in\":0}", LI_CORRUPT},
        {"{\"access_token\":\"abc\"}", LI_CORRUPT},
        {"{\"expires_in\":3600}", LI_CORRUPT},
        {"{\"access_token\":7,\"expires_in\":3600}", LI_CORRUPT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_answer_token token = {.expires_s = 42};
        check(li_spotify_read_token(li_text_of(cases[i].body), &ARENA, &token, NULL) == cases[i].wanted, "%s",
              cases[i].body);
        check(token.expires_s == (cases[i].wanted ? 42 : 3600), "%s", cases[i].body);
    }
    assert_true(
        li_spotify_quota_spent(LI_TEXT("{\"error\":{\"status\":429,\"reason\":\"QUOTA_EXCEEDED\"}}")));
    assert_false(li_spotify_quota_spent(LI_TEXT("{\"error\":{\"status\":429}}")));
    assert_false(li_spotify_quota_spent(LI_TEXT("{\"error\":\"QUOTA_EXCEEDED\"}")));
    assert_false(li_spotify_quota_spent(LI_TEXT("QUOTA_EXCEEDED")));
}

static void test_spotify_tracks_and_features(void **state) {
    (void)state;
    struct li_answer_track *tracks = NULL;
    struct li_answer_features *features = NULL;
    size_t count = 0;
    assert_int_equal(
        li_spotify_read_tracks(
            LI_TEXT("{\"tracks\":[{\"id\":\"t1\",\"name\":\"One\",\"external_ids\":{\"isrc\":"
                    "\"GBDUW0000059\"},\"album\":{\"release_date\":\"1997\"}},{\"id\":\"t2\"}]}"),
            &ARENA, &tracks, &count, NULL),
        LI_OK);
    assert_true(count == 1 && tracks[0].year == 1997 && is(tracks[0].isrc, "GBDUW0000059"));
    assert_int_equal(li_spotify_read_features(
                         LI_TEXT("{\"audio_features\":[null,{\"id\":\"t1\",\"energy\":0.5,\"tempo\":120}]}"),
                         &ARENA, &features, &count, NULL),
                     LI_OK);
    assert_true(count == 1 && is(features[0].id, "t1"));
    check_near(features[0].features.value[LI_TEMPO], 120, 0);
}

/* What cannot be read is no "nothing": that would be kept for a day, or for ninety. */
static void test_lists_in_which_nothing_can_be_read(void **state) {
    (void)state;
    static const struct {
        const char *list; /* of tracks or features */
        enum li_status tracks, features;
    } cases[] = {
        {"[]", LI_OK, LI_OK},
        {"[null]", LI_CORRUPT, LI_OK}, /* a track of which nothing is known has no features */
        {"[{\"id\":\"t1\"}]", LI_CORRUPT, LI_OK},
        {"[7,\"x\",[]]", LI_CORRUPT, LI_CORRUPT},
        {"[{\"name\":\"One\",\"isrc\":\"AAA\",\"energy\":0.5}]", LI_CORRUPT, LI_CORRUPT},
        {"{}", LI_CORRUPT, LI_CORRUPT},
        {"null", LI_CORRUPT, LI_CORRUPT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_text spotify =
            li_arena_printf(&ARENA, "{\"tracks\":%s,\"audio_features\":%s}", cases[i].list, cases[i].list);
        struct li_text reccobeats = li_arena_printf(&ARENA, "{\"content\":%s}", cases[i].list);
        struct li_answer_track *tracks = NULL;
        struct li_answer_features *features = NULL;
        struct li_error err = {0};
        size_t count = 42;
        check(li_spotify_read_tracks(spotify, &ARENA, &tracks, &count, &err) == cases[i].tracks, "case %zu",
              i);
        check(cases[i].tracks == LI_OK || (!tracks && count == 42 && strstr(err.message, "Spotify")),
              "case %zu: %s", i, err.message);
        check(li_reccobeats_read_tracks(reccobeats, &ARENA, &tracks, &count, NULL) == cases[i].tracks,
              "case %zu", i);
        count = 42;
        check(li_spotify_read_features(spotify, &ARENA, &features, &count, NULL) == cases[i].features,
              "case %zu", i);
        check(li_reccobeats_read_features(reccobeats, &ARENA, &features, &count, &err) == cases[i].features,
              "case %zu", i);
        check(count == (cases[i].features ? 42 : 0), "case %zu: %zu", i, count);
        check(cases[i].features == LI_OK || (!features && strstr(err.message, "ReccoBeats")), "case %zu: %s",
              i, err.message);
    }
}

static void test_years(void **state) {
    (void)state;
    static const struct {
        const char *date;
        int wanted;
    } cases[] = {{"2013-04-19", 2013}, {"1997", 1997}, {"0000-00-00", 0}, {"20130419", 0}, {"", 0},
                 {"19a7", 0},          {"197", 0},     {"9999-01-01", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *object = json_pack("{s:s}", "d", cases[i].date);
        check(li_answer_year(object, "d") == cases[i].wanted, "\"%s\"", cases[i].date);
        json_decref(object);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_deezer_artists, tear_down),
        cmocka_unit_test_teardown(test_deezer_tracks, tear_down),
        cmocka_unit_test_teardown(test_deezer_failures, tear_down),
        cmocka_unit_test_teardown(test_empty_is_an_answer, tear_down),
        cmocka_unit_test_teardown(test_no_more_than_the_bounds, tear_down),
        cmocka_unit_test_teardown(test_tags_by_their_votes, tear_down),
        cmocka_unit_test_teardown(test_many_tags, tear_down),
        cmocka_unit_test_teardown(test_listenbrainz, tear_down),
        cmocka_unit_test_teardown(test_features_within_their_range, tear_down),
        cmocka_unit_test_teardown(test_spotify_artists_of_a_new_app, tear_down),
        cmocka_unit_test_teardown(test_spotify_tokens, tear_down),
        cmocka_unit_test_teardown(test_spotify_tracks_and_features, tear_down),
        cmocka_unit_test_teardown(test_lists_in_which_nothing_can_be_read, tear_down),
        cmocka_unit_test_teardown(test_years, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
