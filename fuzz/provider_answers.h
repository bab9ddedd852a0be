/* provider_answers.h - what holds of everything that a provider's answer was read into: texts are valid, free
 * of control characters and within their bounds; a failure says why and leaves its out parameters alone. */
#ifndef LI_FUZZ_PROVIDER_ANSWERS_H
#define LI_FUZZ_PROVIDER_ANSWERS_H

#include <math.h>

#include "base/features.h"
#include "sources/answers.h"
#include "target.h"

static inline void check_text(struct li_text text, size_t max) {
    check(text.size <= max && li_text_valid(text));
    for (size_t i = 0; i < text.size; i++)
        check((unsigned char)text.data[i] >= 0x20 && text.data[i] != 0x7f);
}

static inline void check_id(struct li_text id) {
    check(id.size >= 1);
    check_text(id, LI_ANSWER_ID_MAX);
    for (size_t i = 0; i < id.size; i++)
        check(!strchr("/?#&%.: \"'<>", id.data[i]));
}

static inline void check_url(struct li_text url) {
    check_text(url, LI_ANSWER_URL_MAX);
    check(url.size == 0 || memcmp(url.data, "http", 4) == 0);
    for (size_t i = 0; i < url.size; i++)
        check(url.data[i] > ' ' && url.data[i] < 0x7f && !strchr("\"'<>\\", url.data[i]));
}

static inline void check_artist(const struct li_answer_artist *artist, bool named) {
    check_id(artist->id);
    check_text(artist->name, LI_ANSWER_NAME_MAX);
    check(!named || artist->name.size >= 1);
    check_url(artist->image);
    check(artist->fans >= -1 && artist->score >= -1 && artist->score <= 100);
    check(artist->tag_count <= LI_ANSWER_TAGS_MAX);
    for (size_t i = 0; i < artist->tag_count; i++) {
        check(artist->tags[i].size >= 1);
        check_text(artist->tags[i], LI_ANSWER_TAG_MAX);
    }
}

static inline void check_track(const struct li_answer_track *track) {
    check_id(track->id);
    check_text(track->title, LI_ANSWER_NAME_MAX);
    check_text(track->artist, LI_ANSWER_NAME_MAX);
    check_url(track->preview);
    check_text(track->isrc, LI_ANSWER_ID_MAX);
    check(track->year == 0 || (track->year >= 1000 && track->year <= 2999));
}

static inline void check_features(const struct li_answer_features *features) {
    bool any = false;
    check_id(features->id);
    check_text(features->isrc, LI_ANSWER_ID_MAX);
    for (int f = 0; f < LI_FEATURE_COUNT; f++) {
        double value = features->features.value[f];
        check(isnan(value) || li_feature_possible((enum li_feature)f, value));
        any = any || !isnan(value);
    }
    check(any);
}

/* A list came, or a reason why not: and the second reading says the same. */
static inline void check_outcome(enum li_status status, const void *list, size_t count,
                                 const struct li_error *err) {
    if (status) {
        check(!list && count == 4242 && err->status == status && err->message[0]);
        check(status == LI_BUSY || status == LI_NOT_FOUND || status == LI_UNSUPPORTED ||
              status == LI_INVALID || status == LI_CORRUPT);
    } else {
        check(list && count <= LI_ANSWER_LIST_MAX);
    }
}

typedef enum li_status read_artists(struct li_text, struct li_arena *, struct li_answer_artist **, size_t *,
                                    struct li_error *);
typedef enum li_status read_tracks(struct li_text, struct li_arena *, struct li_answer_track **, size_t *,
                                   struct li_error *);
typedef enum li_status read_features(struct li_text, struct li_arena *, struct li_answer_features **,
                                     size_t *, struct li_error *);

static inline void check_artists_reader(read_artists *read, struct li_text body, bool named) {
    struct li_arena arena = {0};
    struct li_answer_artist *list = NULL, *again = NULL;
    struct li_error err = {0};
    size_t count = 4242, same = 4242;
    enum li_status status = read(body, &arena, &list, &count, &err);
    check_outcome(status, list, count, &err);
    for (size_t i = 0; !status && i < count; i++)
        check_artist(&list[i], named);
    check(read(body, &arena, &again, &same, NULL) == status && same == count);
    for (size_t i = 0; !status && i < count; i++)
        check(li_text_equal(list[i].id, again[i].id) && list[i].tag_count == again[i].tag_count);
    li_arena_release(&arena);
}

static inline void check_tracks_reader(read_tracks *read, struct li_text body) {
    struct li_arena arena = {0};
    struct li_answer_track *list = NULL;
    struct li_error err = {0};
    size_t count = 4242;
    enum li_status status = read(body, &arena, &list, &count, &err);
    check_outcome(status, list, count, &err);
    for (size_t i = 0; !status && i < count; i++)
        check_track(&list[i]);
    li_arena_release(&arena);
}

static inline void check_features_reader(read_features *read, struct li_text body) {
    struct li_arena arena = {0};
    struct li_answer_features *list = NULL;
    struct li_error err = {0};
    size_t count = 4242;
    enum li_status status = read(body, &arena, &list, &count, &err);
    check_outcome(status, list, count, &err);
    for (size_t i = 0; !status && i < count; i++)
        check_features(&list[i]);
    li_arena_release(&arena);
}

#endif
