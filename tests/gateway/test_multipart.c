/* multipart: forms as browsers, curl and Python send them, and forms that somebody made to break the reader.
 */
#include "gateway/gateway_priv.h"

#include "check.h"

#define TYPE "multipart/form-data; boundary=xYz"
#define FILE_PART(name, bytes)                                                                               \
    "--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" name                               \
    "\"\r\nContent-Type: audio/mpeg\r\n\r\n" bytes "\r\n"
#define FIELD(name, bytes) "--xYz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" bytes "\r\n"
#define END "--xYz--\r\n"

struct form {
    char *body; /* exactly its bytes, so that reading beyond the end is seen */
    struct li_arena arena;
    struct li_form_part *parts;
    size_t count;
    struct li_error err;
    enum li_status status;
};

static struct form read_form(const char *type, const void *body, size_t size) {
    struct form form = {.body = malloc(size)};
    assert_true(form.body || !size);
    if (size)
        memcpy(form.body, body, size);
    form.status = li_form_read(li_text_of(type), (struct li_text){form.body, size}, &form.arena, &form.parts,
                               &form.count, &form.err);
    return form;
}

static void form_clear(struct form *form) {
    li_arena_release(&form->arena);
    free(form->body);
}

static void is_text(struct li_text text, const char *wanted) {
    check(li_text_equal(text, li_text_of(wanted)), "\"%.*s\", wanted \"%s\"", LI_TEXT_ARG(text), wanted);
}

static void test_a_form(void **state) {
    static const char BODY[] = FILE_PART("C:\\\\Music\\\\Été.mp3", "ID3\0\r\n--xY\r\nend")
        FIELD("session_id", "abc") FILE_PART("", "") END;
    (void)state;
    struct form form = read_form(TYPE, BODY, sizeof BODY - 1);
    assert_int_equal(form.status, LI_OK);
    assert_int_equal(form.count, 3);
    assert_true(form.parts[0].is_file);
    is_text(form.parts[0].name, "file");
    is_text(form.parts[0].file_name, "Été.mp3");
    assert_int_equal(form.parts[0].bytes.size, 15);
    assert_memory_equal(form.parts[0].bytes.data, "ID3\0\r\n--xY\r\nend", 15);
    assert_false(form.parts[1].is_file);
    is_text(form.parts[1].name, "session_id");
    is_text(form.parts[1].bytes, "abc");
    assert_true(form.parts[2].is_file);
    is_text(form.parts[2].bytes, "");
    form_clear(&form);
}

static void test_content_types(void **state) {
    static const struct {
        const char *type;
        bool is_form, is_read;
    } CASES[] = {
        {TYPE, true, true},
        {"Multipart/Form-Data; charset=utf-8; Boundary=\"xYz\"", true, true},
        {"multipart/form-data;boundary=xYz", true, true},
        {"multipart/form-data", true, false},
        {"multipart/form-data; boundary=", true, false},
        {"multipart/form-data; boundary=\"", true, false},
        {"multipart/form-data; boundary=other", true, false},
        {"multipart/form-data; boundary=xY\001z", true, false},
        {"multipart/form-data; boundary=\"xYz \"", true, false},
        {"multipart/form-data; boundary="
         "12345678901234567890123456789012345678901234567890123456789012345678901",
         true, false},
        {"multipart/mixed; boundary=xYz", false, true},
        {"application/json", false, false},
        {"", false, false},
    };
    static const char BODY[] = FIELD("a", "b") END;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        check(li_form_is(li_text_of(CASES[i].type)) == CASES[i].is_form, "%s", CASES[i].type);
        struct form form = read_form(CASES[i].type, BODY, sizeof BODY - 1);
        check((form.status == LI_OK) == CASES[i].is_read, "%s: %s", CASES[i].type, form.err.message);
        check(form.status == LI_OK || strlen(form.err.message) > 10, "%s: says nothing", CASES[i].type);
        form_clear(&form);
    }
}

static void test_malformed(void **state) {
    static const struct {
        const char *what, *body;
        enum li_status status;
    } CASES[] = {
        {"no part", "--xYz--\r\n", LI_OK},
        {"no line end behind the end", FIELD("a", "b") "--xYz--", LI_OK},
        {"nothing", "", LI_INVALID},
        {"no boundary", "hello", LI_INVALID},
        {"text before the first boundary", "hello\r\n" FIELD("a", "b") END, LI_INVALID},
        {"no end", FIELD("a", "b"), LI_INVALID},
        {"cut in the bytes", "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nbytes", LI_INVALID},
        {"cut in the headers", "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n", LI_INVALID},
        {"text behind the end", FIELD("a", "b") END "more", LI_INVALID},
        {"no disposition", "--xYz\r\nContent-Type: text/plain\r\n\r\nb\r\n" END, LI_INVALID},
        {"two dispositions",
         "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; "
         "name=\"b\"\r\n\r\nb\r\n" END,
         LI_INVALID},
        {"no name", "--xYz\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nb\r\n" END, LI_INVALID},
        {"another disposition", "--xYz\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n" END,
         LI_INVALID},
        {"an open quote", "--xYz\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n" END, LI_INVALID},
        {"a name that is no UTF-8", FIELD("a\xff", "b") END, LI_INVALID},
        {"line feeds alone", "--xYz\nContent-Disposition: form-data; name=\"a\"\n\nb\n--xYz--\n", LI_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct form form = read_form(TYPE, CASES[i].body, strlen(CASES[i].body));
        check(form.status == CASES[i].status, "%s: status %d: %s", CASES[i].what, (int)form.status,
              form.err.message);
        form_clear(&form);
    }
}

/* A form of so many parts. */
static struct form read_parts(size_t count) {
    static const char PART[] = FIELD("a", "b");
    char *body = malloc(count * (sizeof PART - 1) + sizeof END);
    size_t used = 0;
    for (size_t i = 0; i < count; i++, used += sizeof PART - 1)
        memcpy(body + used, PART, sizeof PART - 1);
    memcpy(body + used, END, sizeof END - 1);
    struct form form = read_form(TYPE, body, used + sizeof END - 1);
    free(body);
    return form;
}

static void test_limits(void **state) {
    char name[LI_FORM_NAME_MAX + 2], body[1024];
    (void)state;
    struct form most = read_parts(LI_FORM_PARTS_MAX), more = read_parts(LI_FORM_PARTS_MAX + 1);
    assert_int_equal(most.status, LI_OK);
    assert_int_equal(most.count, LI_FORM_PARTS_MAX);
    assert_int_equal(more.status, LI_TOO_LARGE);
    for (int extra = 0; extra < 2; extra++) {
        memset(name, 'n', sizeof name);
        name[LI_FORM_NAME_MAX + extra] = '\0';
        snprintf(body, sizeof body,
                 "--xYz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%s\"\r\n\r\n\r\n" END,
                 name);
        struct form form = read_form(TYPE, body, strlen(body));
        assert_int_equal(form.status, extra ? LI_INVALID : LI_OK);
        form_clear(&form);
    }
    form_clear(&most);
    form_clear(&more);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_form),
        cmocka_unit_test(test_content_types),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
