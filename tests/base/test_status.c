/* Errors: names, what a failed system call becomes, and messages that are too long. */
#include "check.h"

#include <errno.h>

#include "base/status.h"

static void test_names(void **state) {
    (void)state;
    for (int i = 0; i < LI_STATUS_COUNT; i++) {
        const char *name = li_status_name((enum li_status)i);
        check(name && *name && strcmp(name, "unknown") != 0, "status %d", i);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(name, li_status_name((enum li_status)k));
    }
    assert_string_equal(li_status_name(LI_NOT_FOUND), "not_found");
    assert_string_equal(li_status_name(LI_STATUS_COUNT), "unknown");
}

static void test_errno(void **state) {
    (void)state;
    static const struct {
        int errnum;
        enum li_status status;
        const char *words;
    } cases[] = {
        {ENOSPC, LI_FULL, "No space left on device"},
        {EDQUOT, LI_FULL, "quota"},
        {ENOENT, LI_NOT_FOUND, "No such file or directory"},
        {ENOMEM, LI_NO_MEMORY, "memory"},
        {EACCES, LI_IO, "Permission denied"},
        {EIO, LI_IO, "Input/output error"},
        {ENOTDIR, LI_IO, "Not a directory"},
        {99999, LI_IO, "99999"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_error err = {.at = 9};
        check(li_fail_errno(&err, cases[i].errnum, "cannot %s %d", "open", 3) == cases[i].status, "case %zu",
              i);
        check(err.status == cases[i].status && err.at == 0, "case %zu", i);
        check(strncmp(err.message, "cannot open 3: ", 15) == 0 && strstr(err.message + 15, cases[i].words),
              "case %zu says: %s", i, err.message);
        check(li_fail_errno(NULL, cases[i].errnum, "x") == cases[i].status, "case %zu", i);
    }
}

static void test_long_messages_are_cut(void **state) {
    (void)state;
    static char words[5000];
    memset(words, 'w', sizeof words - 1);
    struct li_error err;
    memset(&err, 0x55, sizeof err);
    assert_int_equal(li_fail(&err, LI_INVALID, "%s", words), LI_INVALID);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_int_equal(err.at, 0);
    memset(&err, 0x55, sizeof err);
    assert_int_equal(li_fail_errno(&err, EIO, "%s", words), LI_IO);
    assert_true(strlen(err.message) < sizeof err.message);
    assert_non_null(strstr(err.message, "Input/output error")); /* the reason is never what is cut */
    assert_int_equal(li_fail(NULL, LI_BUSY, "%s", words), LI_BUSY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_errno),
        cmocka_unit_test(test_long_messages_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
