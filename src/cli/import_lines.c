/* import_lines.c - `listening import --ndjson`: one program of a pipe in Spark or Hadoop streaming, or behind
 * sort(1). A line may begin with its key and a tab, as those write them. */
#include "cli/import_lines.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/cli.h"

struct lines {
    struct li_pipeline *pipeline;
    double half_life_days;
    enum li_lang lang;
    char *user; /* whose plays are being read; NULL before the first */
    struct li_history *history;
    size_t unreadable;
};

static enum li_status write_user(struct lines *lines, struct li_error *err) {
    json_t *document = NULL, *line;
    struct li_error why = {0};
    if (!lines->user)
        return LI_OK;
    line = json_object();
    li_history_finish(lines->history);
    enum li_status status = li_import_profile(lines->pipeline, lines->history, lines->half_life_days,
                                              lines->lang, &document, &why);
    json_object_set_new(line, "user", json_string(lines->user));
    if (lines->unreadable)
        json_object_set_new(line, "unreadable_lines", json_integer((json_int_t)lines->unreadable));
    if (status)
        json_object_set_new(line, "error", json_string(why.message));
    else
        json_object_update(line, document);
    li_cli_print_json(line);
    json_decref(line);
    json_decref(document);
    li_history_free(lines->history);
    free(lines->user);
    lines->history = NULL;
    lines->user = NULL;
    lines->unreadable = 0;
    if (status == LI_NO_MEMORY) {
        *err = why;
        return status;
    }
    return ferror(stdout) ? li_fail(err, LI_IO, "the profiles cannot be written") : LI_OK;
}

/* Begins another user when the name is another. */
static enum li_status turn_to(struct lines *lines, const char *user, struct li_error *err) {
    const struct li_history_options options = {.now_ms = li_clock_now_ms(&lines->pipeline->clock)};
    if (lines->user && strcmp(lines->user, user) == 0)
        return LI_OK;
    enum li_status status = write_user(lines, err);
    if (!status)
        status = li_history_new(&options, &lines->history, err);
    if (!status && !(lines->user = strdup(user)))
        status = li_fail(err, LI_NO_MEMORY, "no memory for another user");
    return status;
}

/* Seconds, milliseconds or a date, as li_history_moment reads them. */
static bool moment(const json_t *value, int64_t *out_ms) {
    char digits[40];
    if (json_is_string(value))
        return li_history_moment((struct li_text){json_string_value(value), json_string_length(value)},
                                 out_ms);
    if (!json_is_number(value))
        return false;
    int size = snprintf(digits, sizeof digits, "%.3f", json_number_value(value));
    return size > 0 && (size_t)size < sizeof digits &&
           li_history_moment((struct li_text){digits, (size_t)size}, out_ms);
}

/* How long it was listened to; -1 for what is no such time, as in the exports of services. */
static int64_t length_ms(const json_t *value) {
    double ms = json_is_number(value) ? json_number_value(value) : -1;
    return ms >= 0 && ms < 1e12 ? (int64_t)ms : -1;
}

static enum li_status read_line(struct lines *lines, struct li_text line, struct li_error *err) {
    json_t *play = NULL;
    int64_t at_ms = 0;
    const char *tab = memchr(line.data, '\t', line.size);
    if (tab && *line.data != '{')
        line = (struct li_text){tab + 1, line.size - (size_t)(tab + 1 - line.data)};
    enum li_status status = LI_OK;
    bool good = li_json_parse(line, &play, NULL) == LI_OK;
    const char *user = json_string_value(json_object_get(play, "user"));
    if (good && user)
        status = turn_to(lines, user, err);
    if (!status && good && user && moment(json_object_get(play, "at"), &at_ms)) {
        li_history_add_play(lines->history, li_json_get_text(play, "artist"), li_json_get_text(play, "title"),
                            at_ms, length_ms(json_object_get(play, "ms")));
    } else {
        lines->unreadable++;
    }
    json_decref(play);
    return status;
}

enum li_status li_import_lines(struct li_pipeline *pipeline, double half_life_days, enum li_lang lang,
                               struct li_error *err) {
    struct lines lines = {.pipeline = pipeline, .half_life_days = half_life_days, .lang = lang};
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    enum li_status status = LI_OK;
    while (!status && (size = getline(&line, &capacity, stdin)) > 0) {
        struct li_text text = li_text_trim((struct li_text){line, (size_t)size});
        if (text.size)
            status = read_line(&lines, text, err);
    }
    if (!status && ferror(stdin))
        status = li_fail(err, LI_IO, "standard input cannot be read");
    if (!status && !lines.user && lines.unreadable)
        status =
            lines.unreadable == 1
                ? li_fail(err, LI_INVALID, "this line is no play, {user, artist, title, at, ms}")
                : li_fail(err, LI_INVALID, "none of these %zu lines is a play, {user, artist, title, at, ms}",
                          lines.unreadable);
    if (!status)
        status = write_user(&lines, err);
    li_history_free(lines.history);
    free(lines.user);
    free(line);
    return status;
}
