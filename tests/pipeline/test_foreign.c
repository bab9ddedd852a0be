/* Stored documents that are torn, foreign or absurd: an error sentence or a document made again, never a
 * crash and never another's data. Besides a table of bytes, every member of a good document is replaced in
 * turn by each of a few wrong values, and left out. */
#include "fixture.h"

static const char *const BYTES[] = {
    "",
    " ",
    "{",
    "{}",
    "[]",
    "null",
    "\"" SESSION "\"",
    "{\"session_id\":\"" SESSION "\"}",
    "{\"session_id\":\"" SESSION "\",\"artists\":[]}",
    "{\"session_id\":\"" SESSION "\",\"artists\":[],\"tracks\":[]}",
    "{\"session_id\":\"" SESSION "\",\"artists\":{},\"tracks\":{}}",
    "{\"session_id\":\"" SESSION "\",\"artists\":[1,null,[]],\"tracks\":[]}",
    "{\"session_id\":\"" SESSION "\",\"artists\":[{}],\"tracks\":[1]}",
    "{\"session_id\":\"" SESSION "\",\"artists\":[{\"id\":\"a\"}],\"tracks\":[{\"artist_id\":\"b\"}]}",
    "{\"session_id\":\"" SESSION "\",\"artists\":[{\"id\":\"a\"}],\"tracks\":[{}],\"x\":NaN}",
    "{\"session_id\":\"another-session-0123456789\",\"artists\":[{\"id\":\"a\",\"genres\":[\"pop\"]}],"
    "\"tracks\":[]}",
    "{\"session_id\":\"" SESSION "\",\"session_id\":\"" SESSION "\"}",
    "\xff\xfe",
    "PNG\r\n\x1a\n",
};

/* What every answer must be, whatever was stored. */
static void check_answer(enum li_status status, json_t *document, const struct li_error *err,
                         const char *what, size_t i) {
    check(status == LI_OK || status == LI_CORRUPT || status == LI_NOT_FOUND, "%s %zu: %s", what, i,
          err->message);
    check((status == LI_OK) == (document != NULL), "%s %zu", what, i);
    if (document)
        check(strcmp(text_at(document, "session_id"), SESSION) == 0, "%s %zu", what, i);
    else
        check(err->message[0], "%s %zu", what, i);
}

/* Asks all three readers of a session's documents. */
static void ask_everything(const char *what, size_t i) {
    json_t *enriched = NULL, *profile = NULL;
    struct li_error err = {0};
    struct li_get_profile_response got = {0};
    enum li_status status = li_pipeline_get_profile(
        &STAGES.pipeline, &(struct li_get_profile_request){LI_TEXT(SESSION), LI_LANG_FR}, &got, &err);
    check_answer(status, got.document, &err, what, i);
    json_decref(got.document);
    status = stages_profile(&STAGES, LI_LANG_EN, &profile, &err);
    check_answer(status, profile, &err, what, i);
    json_decref(profile);
    status = stages_transform(&STAGES, &enriched, &err);
    check_answer(status, enriched, &err, what, i);
    json_decref(enriched);
}

static void test_bytes_of_every_kind(void **state) {
    (void)state;
    for (int object = 0; object < LI_OBJECT_COUNT; object++) {
        for (size_t i = 0; i < sizeof BYTES / sizeof *BYTES; i++) {
            json_decref(stages_run(&STAGES, "rap odd measured", LI_OBJECT_PROFILE));
            const char *good = stages_stored(&STAGES, LI_OBJECT_PROFILE);
            stages_store(&STAGES, (enum li_object)object, BYTES[i]);
            ask_everything("bytes", i);
            if (object == LI_OBJECT_PROFILE || object == LI_OBJECT_ENRICHED_TRACKS) {
                /* It can be made again from what is there. */
                assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK);
                assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, NULL), LI_OK);
                check(strcmp(stages_stored(&STAGES, LI_OBJECT_PROFILE), good) == 0, "object %d case %zu",
                      object, i);
            }
        }
    }
}

static void test_torn_at_every_byte(void **state) {
    (void)state;
    for (int object = 0; object < LI_OBJECT_PROFILE; object++) {
        json_decref(stages_run(&STAGES, "odd", LI_OBJECT_PROFILE));
        const char *good = stages_stored(&STAGES, (enum li_object)object);
        struct li_error err = {0};
        for (size_t size = 0, whole = strlen(good); size < whole; size += 1 + size / 40) {
            struct li_text torn = {good, size};
            assert_int_equal(
                li_store_put(STAGES.store.inner, LI_TEXT(SESSION), (enum li_object)object, torn, NULL),
                LI_OK);
            assert_int_equal(li_store_remove(STAGES.store.inner, LI_TEXT(SESSION), LI_OBJECT_PROFILE, NULL),
                             LI_OK);
            check((object == LI_OBJECT_TOP_TRACKS
                       ? stages_transform(&STAGES, NULL, &err)
                       : stages_profile(&STAGES, LI_LANG_EN, NULL, &err)) == LI_CORRUPT,
                  "object %d torn at %zu: %s", object, size, err.message);
        }
    }
}

/* ---- one value replaced ---- */

/* Replaces the value at the n-th place of the document (every member and element counts, depth first), or
 * takes it out when with is NULL. Returns what is left of n: at least 1 when there was no such place. */
static size_t replace(json_t *document, size_t n, json_t *with) {
    size_t i;
    json_t *value;
    if (json_is_array(document)) {
        for (i = 0; n && i < json_array_size(document); i++) {
            value = json_array_get(document, i);
            if (--n == 0) {
                if (with)
                    json_array_set(document, i, with);
                else
                    json_array_remove(document, i);
                return 0;
            }
            n = replace(value, n, with);
        }
    } else if (json_is_object(document)) {
        for (void *m = json_object_iter(document); n && m; m = json_object_iter_next(document, m)) {
            if (--n == 0) {
                if (with)
                    json_object_iter_set(document, m, with);
                else
                    json_object_del(document, json_object_iter_key(m));
                return 0;
            }
            n = replace(json_object_iter_value(m), n, with);
        }
    }
    return n;
}

static json_t *wrong_value(size_t kind) {
    switch (kind) {
    case 0:
        return json_null();
    case 1:
        return json_true();
    case 2:
        return json_real(1e308);
    case 3:
        return json_real(-0.5);
    case 4:
        return json_integer(INT64_MIN);
    case 5:
        return json_string("metal");
    case 6:
        return json_array();
    case 7:
        return json_pack("{s:s,s:i}", "en", "x", "fr", 1);
    default:
        return NULL; /* taken out */
    }
}

enum { WRONG_VALUES = 9 };

static void check_profile_sound(const json_t *profile, size_t n, size_t kind) {
    double sum = 0;
    size_t i;
    json_t *emotion;
    check(json_array_size(at(profile, "emotions")) == LI_EMOTION_COUNT, "place %zu value %zu", n, kind);
    json_array_foreach(at(profile, "emotions"), i, emotion) {
        double score = number_at(emotion, "score");
        check(score >= 0 && score <= 1, "place %zu value %zu: a score of %g", n, kind, score);
        sum += score;
    }
    check(fabs(sum - 1) < 0.0009, "place %zu value %zu: scores sum to %g", n, kind, sum);
    check(json_is_number(at(profile, "mood.spread")), "place %zu value %zu", n, kind);
    check(json_is_string(at(profile, "description.en")), "place %zu value %zu", n, kind);
}

static void test_every_value_of_enriched_tracks_replaced(void **state) {
    (void)state;
    json_t *good = stages_run(&STAGES, "odd mixed", LI_OBJECT_ENRICHED_TRACKS);
    size_t refused = 0, made = 0;
    for (size_t kind = 0; kind < WRONG_VALUES; kind++) {
        for (size_t n = 1;; n++) {
            json_t *document = json_deep_copy(good), *with = wrong_value(kind), *profile = NULL;
            struct li_error err = {0};
            size_t left = replace(document, n, with);
            enum li_status status = left ? LI_NOT_FOUND : li_profile_make(document, &profile, &err);
            json_decref(with);
            json_decref(document);
            if (left)
                break;
            check(status == LI_OK || status == LI_CORRUPT, "place %zu value %zu: %s", n, kind, err.message);
            if (profile)
                check_profile_sound(profile, n, kind);
            refused += status == LI_CORRUPT;
            made += status == LI_OK;
            json_decref(profile);
        }
    }
    assert_true(refused > 100 && made > 100);
    json_decref(good);
}

static void test_every_value_of_top_tracks_replaced(void **state) {
    (void)state;
    json_t *good = stages_run(&STAGES, "odd mixed", LI_OBJECT_TOP_TRACKS);
    for (size_t kind = 0; kind < WRONG_VALUES; kind++) {
        for (size_t n = 1;; n++) {
            json_t *document = json_deep_copy(good), *with = wrong_value(kind);
            size_t left = replace(document, n, with);
            if (!left) {
                stages_store(&STAGES, LI_OBJECT_TOP_TRACKS, li_json_print(document, &STAGES.arena).data);
                ask_everything("place", n);
                li_arena_clear(&STAGES.arena);
            }
            json_decref(with);
            json_decref(document);
            if (left)
                break;
        }
    }
    json_decref(good);
}

/* An artist listed twice would have its tracks counted twice, past the end of what was made for them. */
static void test_repeated_artists(void **state) {
    (void)state;
    json_t *enriched = stages_run(&STAGES, "measured", LI_OBJECT_ENRICHED_TRACKS), *profile = NULL;
    for (int i = 0; i < 20; i++)
        json_array_append(at(enriched, "artists"), at(enriched, "artists.0"));
    assert_int_equal(li_profile_make(enriched, &profile, NULL), LI_CORRUPT);
    assert_null(profile);
    json_decref(enriched);
}

/* A track that the listener chose weighs 1: an artist with fewer than its chosen tracks come to is none of
 * ours, and would count against the others. */
static void test_chosen_tracks_outweigh_their_artist(void **state) {
    (void)state;
    json_t *enriched = stages_run(&STAGES, "measured", LI_OBJECT_ENRICHED_TRACKS), *profile = NULL, *track;
    size_t i;
    json_array_foreach(at(enriched, "tracks"), i, track)
        json_object_set_new(track, "measured_by", json_string("browser"));
    json_object_set_new(at(enriched, "artists.0"), "weight", json_real((double)i));
    assert_int_equal(li_profile_make(enriched, &profile, NULL), LI_OK);
    json_decref(profile);
    profile = NULL;
    json_object_set_new(at(enriched, "artists.0"), "weight", json_real((double)i - 0.5));
    assert_int_equal(li_profile_make(enriched, &profile, NULL), LI_CORRUPT);
    assert_null(profile);
    json_decref(enriched);
}

static void test_more_than_the_limits(void **state) {
    (void)state;
    static const char *const lists[] = {"artists", "tracks"};
    for (int i = 0; i < 2; i++) {
        json_t *enriched = stages_run(&STAGES, "measured", LI_OBJECT_ENRICHED_TRACKS), *profile = NULL;
        while (json_array_size(at(enriched, lists[i])) <= LI_TRACKS_MAX)
            json_array_append_new(at(enriched, lists[i]),
                                  json_pack("{s:i}", "id", (int)json_array_size(at(enriched, lists[i]))));
        assert_int_equal(li_profile_make(enriched, &profile, NULL), LI_CORRUPT);
        json_decref(enriched);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bytes_of_every_kind, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_torn_at_every_byte, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_every_value_of_enriched_tracks_replaced, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_every_value_of_top_tracks_replaced, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_repeated_artists, set_up_stages, tear_down_stages),
        cmocka_unit_test_setup_teardown(test_chosen_tracks_outweigh_their_artist, set_up_stages,
                                        tear_down_stages),
        cmocka_unit_test_setup_teardown(test_more_than_the_limits, set_up_stages, tear_down_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
