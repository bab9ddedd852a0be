/* stages.h - a pipeline over the fake source and a fake store, at a time that stands still. */
#ifndef LI_TESTS_STAGES_H
#define LI_TESTS_STAGES_H

#include "fake_source.h"
#include "fake_store.h"

#include "base/json.h"
#include "pipeline/pipeline.h"
#include "pipeline/pipeline_priv.h"

#define SESSION "session-one-0123456789"

struct stages {
    struct fake_store store;
    struct li_pipeline pipeline;
    struct li_arena arena; /* for what the helpers return */
};

static inline void stages_init(struct stages *stages) {
    const struct li_clock noon = {1800000000000};
    memset(stages, 0, sizeof *stages);
    fake_store_init(&stages->store, 24 * 60 * 60 * 1000, noon);
    stages->pipeline.store = &stages->store.base;
    stages->pipeline.source = fake_source();
    stages->pipeline.clock = noon;
    li_pipeline_init(&stages->pipeline);
}

static inline void stages_clean_up(struct stages *stages) {
    li_pipeline_clean_up(&stages->pipeline);
    li_store_free(stages->store.inner);
    li_arena_release(&stages->arena);
}

/* Extracts the artists whose ids stand in words, separated by spaces. */
static inline enum li_status stages_extract(struct stages *stages, const char *words, json_t **out,
                                            struct li_error *err) {
    struct li_artist_choice choices[LI_ARTISTS_MAX + 1] = {{{0}}};
    struct li_extract_request request = {.session = LI_TEXT(SESSION), .artists = choices};
    struct li_extract_response response = {0};
    struct li_text rest = li_text_of(words);
    while (rest.size && request.artist_count <= LI_ARTISTS_MAX)
        choices[request.artist_count++].id = li_text_cut(&rest, ' ');
    enum li_status status = li_pipeline_extract(&stages->pipeline, &request, &response, err);
    if (out && !status)
        *out = response.document;
    else
        json_decref(response.document);
    return status;
}

static inline enum li_status stages_transform(struct stages *stages, json_t **out, struct li_error *err) {
    const struct li_transform_request request = {LI_TEXT(SESSION)};
    struct li_transform_response response = {0};
    enum li_status status = li_pipeline_transform(&stages->pipeline, &request, &response, err);
    if (out && !status)
        *out = response.document;
    else
        json_decref(response.document);
    return status;
}

static inline enum li_status stages_profile(struct stages *stages, enum li_lang lang, json_t **out,
                                            struct li_error *err) {
    const struct li_profile_request request = {LI_TEXT(SESSION), lang};
    struct li_profile_response response = {0};
    enum li_status status = li_pipeline_profile(&stages->pipeline, &request, &response, err);
    if (out && !status)
        *out = response.document;
    else
        json_decref(response.document);
    return status;
}

/* All stages up to the one that writes last; the caller owns its document. */
static inline json_t *stages_run(struct stages *stages, const char *words, enum li_object last) {
    struct li_error err = {0};
    json_t *out = NULL;
    check(stages_extract(stages, words, last == LI_OBJECT_TOP_TRACKS ? &out : NULL, &err) == LI_OK, "%s",
          err.message);
    if (last != LI_OBJECT_TOP_TRACKS)
        check(stages_transform(stages, last == LI_OBJECT_ENRICHED_TRACKS ? &out : NULL, &err) == LI_OK, "%s",
              err.message);
    if (last == LI_OBJECT_PROFILE)
        check(stages_profile(stages, LI_LANG_EN, &out, &err) == LI_OK, "%s", err.message);
    return out;
}

/* The stored bytes, or NULL when there are none. */
static inline const char *stages_stored(struct stages *stages, enum li_object object) {
    struct li_text bytes = {0};
    enum li_status status =
        li_store_get(stages->store.inner, LI_TEXT(SESSION), object, &stages->arena, &bytes, NULL, NULL);
    assert_true(status == LI_OK || status == LI_NOT_FOUND);
    return status ? NULL : li_arena_copy(&stages->arena, bytes).data;
}

static inline void stages_store(struct stages *stages, enum li_object object, const char *bytes) {
    assert_int_equal(li_store_put(stages->store.inner, LI_TEXT(SESSION), object, li_text_of(bytes), NULL),
                     LI_OK);
}

/* "artists.0.name": members and places, from a document. NULL when there is none. */
static inline json_t *at(const json_t *document, const char *path) {
    struct li_text rest = li_text_of(path);
    json_t *value = (json_t *)(uintptr_t)document;
    while (rest.size && value) {
        struct li_text part = li_text_cut(&rest, '.');
        char name[64];
        long index = 0;
        snprintf(name, sizeof name, "%.*s", LI_TEXT_ARG(part));
        value = json_is_array(value) && li_text_to_long(part, 0, 100000, &index)
                    ? json_array_get(value, (size_t)index)
                    : json_object_get(value, name);
    }
    return value;
}

static inline const char *text_at(const json_t *document, const char *path) {
    const char *text = json_string_value(at(document, path));
    check(text != NULL, "%s is no text", path);
    return text ? text : "";
}

static inline double number_at(const json_t *document, const char *path) {
    check(json_is_number(at(document, path)), "%s is no number", path);
    return json_number_value(at(document, path));
}

/* A number, and how many decimals it may have: more than it is worth would be noise in the documents. */
struct rounded {
    const char *path;
    int decimals;
};

static inline void check_rounded(const json_t *document, const struct rounded *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double scaled = number_at(document, numbers[i].path) * pow(10, numbers[i].decimals);
        check(fabs(scaled - round(scaled)) < 1e-6, "%s is %.9g", numbers[i].path,
              number_at(document, numbers[i].path));
    }
}

#endif
