/* Stored documents: bytes that are JSON are taken as enriched_tracks.json; others are edits of a good one,
 * three bytes each: which place, and what stands there now. A profile is made of them whose numbers are
 * finite and whose scores sum to 1 and which prints to the same bytes twice, or LI_CORRUPT. */
#include <math.h>

#include "pipeline/pipeline_priv.h"
#include "target.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
static json_t *good; /* made once, then only copied */

static const char TOP_TRACKS[] =
    "{\"session_id\":\"session-one-0123456789\",\"run\":\"1\",\"model\":\"m\",\"created_at\":\"c\","
    "\"expires_at\":\"e\",\"artists\":[{\"id\":\"a\",\"name\":\"A\",\"genres\":[\"house\",\"qwzx\"]},"
    "{\"id\":\"b\",\"name\":\"B\",\"genres\":[]}],\"tracks\":[{\"id\":\"1\",\"title\":\"One\",\"artist_id\":"
    "\"a\","
    "\"source\":\"measured\",\"features\":{\"energy\":0.5,\"valence\":0.4,\"danceability\":0.7,\"tempo\":120,"
    "\"loudness\":-8,\"mode\":1}},{\"id\":\"2\",\"title\":\"Two\",\"artist_id\":\"a\"},"
    "{\"id\":\"3\",\"title\":\"Three\",\"artist_id\":\"b\"}]}";

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    const struct li_store_options options = {.ttl_ms = 1000000};
    const struct li_transform_request request = {LI_TEXT("session-one-0123456789")};
    struct li_transform_response response = {0};
    static const struct li_source_ops nobody = {.name = "nobody"}; /* knows no features */
    struct li_source source = {.ops = &nobody};
    struct li_pipeline pipeline = {.source = &source};
    check(li_store_open_memory(&options, &pipeline.store, NULL) == LI_OK);
    li_pipeline_init(&pipeline);
    check(li_store_put(pipeline.store, request.session, LI_OBJECT_TOP_TRACKS, li_text_of(TOP_TRACKS), NULL) ==
          LI_OK);
    check(li_pipeline_transform(&pipeline, &request, &response, NULL) == LI_OK);
    good = response.document;
    li_pipeline_clean_up(&pipeline);
    li_store_free(pipeline.store);
    return 0;
}

/* Replaces the value at the n-th place, depth first, or takes it out when with is NULL; returns what is left
 * of n. */
static size_t replace(json_t *document, size_t n, json_t *with) {
    size_t i;
    for (i = 0; n && i < json_array_size(document); i++) {
        json_t *value = json_array_get(document, i);
        if (--n == 0)
            check((with ? json_array_set(document, i, with) : json_array_remove(document, i)) == 0);
        else
            n = replace(value, n, with);
    }
    for (void *m = json_object_iter(document); n && m; m = json_object_iter_next(document, m)) {
        if (--n) {
            n = replace(json_object_iter_value(m), n, with);
        } else {
            const char *name = json_object_iter_key(m);
            check((with ? json_object_set(document, name, with) : json_object_del(document, name)) == 0);
        }
    }
    return n;
}

static json_t *value_of(uint8_t kind) {
    static const double numbers[] = {0, 1, -1, 0.5, 1e-300, 1e300, 1.7e308, -1.7e308, 5e-324, 1e15, 1e-9};
    static const char *const texts[] = {"", "a", "b", "measured", "estimated", "house", "en", "qwzx"};
    switch (kind % 8) {
    case 0:
        return NULL;
    case 1:
        return json_null();
    case 2:
        return json_true();
    case 3:
        return json_array();
    case 4:
        return json_object();
    case 5:
        /* Deep: a part of it that is shared could be put into itself. */
        return json_deep_copy(json_array_get(json_object_get(good, "artists"), kind / 8 % 2));
    case 6:
        return json_string(texts[kind / 8 % (sizeof texts / sizeof *texts)]);
    default:
        return json_real(numbers[kind / 8 % (sizeof numbers / sizeof *numbers)]);
    }
}

static json_t *edited(const uint8_t *data, size_t size) {
    json_t *document = json_deep_copy(good);
    for (size_t i = 0; i + 3 <= size && i < 300; i += 3) {
        json_t *value = value_of(data[i + 2]);
        replace(document, 1 + (data[i] | (size_t)data[i + 1] << 8) % 400, value);
        json_decref(value);
    }
    return document;
}

static void check_finite(const json_t *value) {
    size_t i;
    json_t *inner;
    check(value != NULL);
    check(!json_is_real(value) || isfinite(json_real_value(value)));
    json_array_foreach(value, i, inner) check_finite(inner);
    for (void *m = json_object_iter((json_t *)(uintptr_t)value); m;
         m = json_object_iter_next((json_t *)(uintptr_t)value, m))
        check_finite(json_object_iter_value(m));
}

static void check_profile(const json_t *profile) {
    struct li_arena arena = {0};
    json_t *emotions = json_object_get(profile, "emotions"), *emotion, *again = NULL;
    double sum = 0;
    size_t i;
    check_finite(profile);
    check(json_array_size(emotions) == LI_EMOTION_COUNT);
    json_array_foreach(emotions, i, emotion) {
        double score = li_json_get_number(emotion, "score");
        check(score >= 0 && score <= 1);
        sum += score;
    }
    check(fabs(sum - 1) < 0.001); /* sixteen roundings to four places */
    struct li_text printed = li_json_print(profile, &arena);
    check(li_json_parse(printed, &again, NULL) == LI_OK);
    check(li_text_equal(printed, li_json_print(again, &arena)));
    json_decref(again);
    for (int lang = 0; lang < LI_LANG_COUNT; lang++) {
        json_t *copy = li_localise(profile, (enum li_lang)lang);
        check(json_object_size(copy) == json_object_size(profile));
        json_decref(copy);
    }
    li_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *document = NULL, *profile = NULL;
    struct li_error err = {0};
    if (li_json_parse((struct li_text){(const char *)data, size}, &document, NULL) != LI_OK)
        document = edited(data, size);
    enum li_status status = li_profile_make(document, &profile, &err);
    check(status == LI_OK ? profile != NULL : status == LI_CORRUPT && !profile && err.message[0]);
    if (profile)
        check_profile(profile);
    json_decref(profile);
    json_decref(document);
    return 0;
}
