/* The log: every line is one JSON object whatever is put in, and no session id is ever in it. */
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"

/* What a function wrote to standard error; at most a pipe's buffer (64 KiB). */
static size_t capture(void (*speak)(const void *arg), const void *arg, char *out, size_t size) {
    int ends[2], saved = dup(STDERR_FILENO);
    assert_true(saved >= 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    speak(arg);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    close(saved);
    close(ends[1]);
    ssize_t got = 0, used = 0;
    while ((got = read(ends[0], out + used, size - 1 - (size_t)used)) > 0)
        used += got;
    close(ends[0]);
    out[used] = '\0';
    return (size_t)used;
}

/* The one line in text, parsed. */
static json_t *line_of(char *text, size_t size) {
    struct li_error err = {0};
    json_t *line = NULL;
    check(size > 0 && text[size - 1] == '\n' && strchr(text, '\n') == text + size - 1, "not one line: %s",
          text);
    check(li_json_parse((struct li_text){text, size - 1}, &line, &err) == LI_OK, "%s: %s", text, err.message);
    return line;
}

struct value {
    const char *bytes;
    size_t size;
};

static void speak_value(const void *arg) {
    const struct value *value = arg;
    struct li_log_line line;
    li_log_begin(&line, LI_LOG_WARNING, "test");
    li_log_number(&line, "before", INT64_MIN);
    li_log_text(&line, "value", (struct li_text){value->bytes, value->size});
    li_log_number(&line, "after", 7);
    li_log_end(&line);
}

static void test_hostile_values(void **state) {
    (void)state;
    static char long_value[4000], long_accents[4001], quotes[4000], controls[4000];
    memset(long_value, 'x', sizeof long_value);
    memset(quotes, '"', sizeof quotes);
    memset(controls, '\n', sizeof controls);
    for (size_t i = 0; i + 2 <= sizeof long_accents; i += 2)
        memcpy(long_accents + i, "\xc3\xa9", 2);
    long_accents[4000] = 'x';
    const struct {
        struct value value;
        const char *wanted; /* NULL: the beginning of the value, at least 80 bytes of it */
    } cases[] = {
        {{"plain", 5}, "plain"},
        {{"", 0}, ""},
        {{NULL, 0}, ""},
        {{"a\"b\\c", 5}, "a\"b\\c"},
        {{"one\ntwo\r\n{\"level\":\"error\"}", 26}, "one\ntwo\r\n{\"level\":\"error\"}"},
        {{"\x01\x1f\x7f", 3}, "\x01\x1f\x7f"},
        {{"caf\xc3\xa9", 5}, "caf\xc3\xa9"},
        {{"bad \xff", 5}, ""},
        {{"cut \xe2\x82", 6}, ""},
        {{"a\0b", 3}, ""},
        {{long_value, sizeof long_value}, NULL},
        {{long_accents, sizeof long_accents}, NULL},
        {{long_accents + 4000 - 3999, 3999}, ""}, /* begins inside a character */
        {{quotes, sizeof quotes}, NULL},
        {{controls, sizeof controls}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[4096];
        json_t *line = line_of(text, capture(speak_value, &cases[i].value, text, sizeof text));
        struct li_text value = li_json_get_text(line, "value");
        if (cases[i].wanted)
            check(value.data && strcmp(value.data, cases[i].wanted) == 0, "case %zu gave %s", i, text);
        else
            check(value.size >= 80 && memcmp(value.data, cases[i].value.bytes, value.size) == 0,
                  "case %zu gave %s", i, text);
        check(json_integer_value(json_object_get(line, "before")) == INT64_MIN, "case %zu", i);
        check(json_integer_value(json_object_get(line, "after")) == 7, "case %zu", i);
        check(strcmp(json_string_value(json_object_get(line, "level")), "warning") == 0, "case %zu", i);
        check(strlen(json_string_value(json_object_get(line, "time"))) == 24, "case %zu", i);
        json_decref(line);
    }
}

static void speak_much(const void *arg) {
    (void)arg;
    struct li_log_line line;
    li_log_begin(&line, LI_LOG_ERROR, "much");
    for (int i = 0; i < 50; i++)
        li_log_text(&line, "same", LI_TEXT("0123456789012345678901234567890123456789"));
    for (int i = 0; i < 50; i++)
        li_log_number(&line, "n", i);
    li_log_end(&line);
}

static void test_a_full_line_leaves_members_out_whole(void **state) {
    (void)state;
    char text[4096];
    size_t size = capture(speak_much, NULL, text, sizeof text);
    assert_true(size > 900 && size <= 1024);
    assert_true(text[0] == '{' && strcmp(text + size - 2, "}\n") == 0);
    json_t *line = json_loadb(text, size, 0, NULL); /* members repeat here: the plain parser */
    assert_non_null(line);
    json_decref(line);
}

static const char SESSION[] = "Abcdefghijklmnopqrstuv";

static void speak_session(const void *arg) {
    const struct value *value = arg;
    struct li_log_line line;
    li_log_begin(&line, LI_LOG_INFO, "session");
    li_log_session(&line, (struct li_text){value->bytes, value->size});
    li_log_end(&line);
}

static void test_session_is_hashed(void **state) {
    (void)state;
    static char huge[5000];
    memset(huge, 'h', sizeof huge);
    const struct value values[] = {{SESSION, sizeof SESSION - 1},
                                   {SESSION, sizeof SESSION - 1},
                                   {SESSION, sizeof SESSION - 2},
                                   {huge, sizeof huge},
                                   {NULL, 0}};
    char text[4096], seen[5][13];
    for (size_t i = 0; i < 5; i++) {
        json_t *line = line_of(text, capture(speak_session, &values[i], text, sizeof text));
        assert_null(strstr(text, "Abcd"));
        assert_null(strstr(text, "hhhh"));
        struct li_text hash = li_json_get_text(line, "session");
        assert_int_equal(hash.size, 12);
        assert_int_equal(strspn(hash.data, "0123456789abcdef"), 12);
        memcpy(seen[i], hash.data, 13);
        json_decref(line);
    }
    assert_string_equal(seen[0], seen[1]); /* the lines of one session can be brought together */
    assert_string_not_equal(seen[0], seen[2]);
    /* Keyed: not the plain hash of the id, which anybody could compute. */
    char plain[13];
    snprintf(plain, sizeof plain, "%012llx", li_text_hash(li_text_of(SESSION)) & 0xffffffffffffu);
    assert_string_not_equal(seen[0], plain);
}

static void speak_level(const void *arg) {
    const enum li_log_level *level = arg;
    li_log_message(*level, "event", "message");
}

static void test_level(void **state) {
    (void)state;
    static const enum li_log_level levels[] = {LI_LOG_ERROR, LI_LOG_WARNING, LI_LOG_INFO};
    static const struct {
        enum li_log_level set;
        int lines;
    } cases[] = {{LI_LOG_NOTHING, 0}, {LI_LOG_ERROR, 1}, {LI_LOG_WARNING, 2}, {LI_LOG_INFO, 3}};
    char text[4096];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int lines = 0;
        li_log_set_level(cases[i].set);
        for (size_t k = 0; k < 3; k++)
            lines += capture(speak_level, &levels[k], text, sizeof text) > 0;
        check(lines == cases[i].lines, "level %d gave %d lines", cases[i].set, lines);
    }
}

static void speak_across_levels(const void *arg) {
    (void)arg;
    struct li_log_line line;
    li_log_set_level(LI_LOG_ERROR);
    li_log_begin(&line, LI_LOG_INFO, "dropped");
    li_log_set_level(LI_LOG_INFO);
    li_log_text(&line, "value", LI_TEXT("x"));
    li_log_end(&line);
    li_log_begin(&line, LI_LOG_INFO, "kept");
    li_log_set_level(LI_LOG_ERROR);
    li_log_end(&line);
    li_log_set_level(LI_LOG_INFO);
}

static void test_level_changed_within_a_line(void **state) {
    (void)state;
    char text[4096];
    json_t *line = line_of(text, capture(speak_across_levels, NULL, text, sizeof text));
    assert_string_equal(json_string_value(json_object_get(line, "event")), "kept");
    json_decref(line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_values),
        cmocka_unit_test(test_a_full_line_leaves_members_out_whole),
        cmocka_unit_test(test_session_is_hashed),
        cmocka_unit_test(test_level),
        cmocka_unit_test(test_level_changed_within_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
