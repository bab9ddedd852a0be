/* listener.h - stages over a source that knows a few artists by name, and listening histories made play by
 * play. */
#ifndef LI_TESTS_PIPELINE_LISTENER_H
#define LI_TESTS_PIPELINE_LISTENER_H

#include <time.h>

#include "fixture.h"
#include "history/history.h"

enum { FIRST = 240 }; /* January 2020 */

/* Names are ids: those of the fake source, and "Two" of two genres. */
static inline enum li_status listener_match(struct li_source *source, struct li_text name,
                                            struct li_arena *arena, struct li_source_artist *artist,
                                            struct li_error *err) {
    static const struct li_text two[] = {{"jazz", 4}, {"soul", 4}};
    if (!li_text_equal(name, LI_TEXT("Two")))
        return fake_find(source, name, arena, artist, err);
    *artist = (struct li_source_artist){
        .id = name, .name = name, .genres = two, .genre_count = 2, .popularity = -1, .source = "fake"};
    return LI_OK;
}

static inline struct li_source *listener_source(void) {
    static struct li_source_ops ops;
    static struct li_source source = {&ops};
    ops = *fake_source()->ops;
    ops.match = listener_match;
    return &source;
}

static inline void listener_init(struct stages *stages) {
    stages_init(stages);
    stages->pipeline.source = listener_source();
}

static inline int set_up_listener(void **state) {
    (void)state;
    listener_init(&STAGES);
    return 0;
}

static inline struct li_history *new_history(void) {
    const struct li_history_options options = {.now_ms = 1800000000000};
    struct li_history *history = NULL;
    assert_int_equal(li_history_new(&options, &history, NULL), LI_OK);
    return history;
}

/* Plays of a title in one month, from 5 o'clock of its second day, an hour apart. */
static inline void play_title(struct li_history *history, const char *artist, const char *title, int month,
                              int times) {
    struct tm when = {.tm_year = 100 + month / 12, .tm_mon = month % 12, .tm_mday = 2, .tm_hour = 5};
    int64_t start_ms = (int64_t)timegm(&when) * 1000;
    for (int i = 0; i < times; i++)
        li_history_add_play(history, li_text_of(artist), li_text_of(title), start_ms + i * 3600000LL, 200000);
}

static inline void play(struct li_history *history, const char *artist, int month, int times) {
    play_title(history, artist, "A song", month, times);
}

/* What the import of a history answers; the history is freed. */
static inline json_t *import(struct stages *stages, struct li_history *history, double half_life_days,
                             enum li_lang lang) {
    const struct li_import_request request = {LI_TEXT(SESSION), history, half_life_days, lang};
    struct li_import_response response = {0};
    struct li_error err = {0};
    li_history_finish(history);
    check(li_pipeline_import(&stages->pipeline, &request, &response, &err) == LI_OK, "%s", err.message);
    li_history_free(history);
    return response.document;
}

#endif
