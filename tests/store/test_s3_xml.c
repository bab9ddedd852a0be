#include "check.h"

#include "store/s3_xml.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define LIST HEAD "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
#define ITEM(key)                                                                                            \
    "<Contents><Key>" key "</Key><LastModified>2026-11-22T20:06:28.123Z</LastModified></Contents>"

static void test_a_page(void **state) {
    (void)state;
    /* As radosgw 16 and Amazon S3 write it: members in other orders, with owners and storage classes. */
    static const char xml[] = LIST
        "<Name>b</Name><Prefix>data/</Prefix><MaxKeys>1000</MaxKeys><IsTruncated>true</IsTruncated>"
        "<Contents><Key>data/a&amp;b/x.json</Key><LastModified>2026-11-22T20:06:28.123Z</LastModified>"
        "<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><Size>5</Size>"
        "<Owner><ID>Key</ID><DisplayName>LastModified</DisplayName></Owner></Contents>"
        "<Contents><LastModified>2026-11-22T20:06:29Z</LastModified><Key>data/\xc3\xa9.json</Key></Contents>"
        "<CommonPrefixes><Prefix>data/c/</Prefix></CommonPrefixes>"
        "<NextContinuationToken>1/+=&lt;token</NextContinuationToken></ListBucketResult>";
    struct li_arena arena = {0};
    struct li_s3_page page = {0};
    assert_int_equal(li_s3_read_page(li_text_of(xml), &arena, &page, NULL), LI_OK);
    assert_int_equal(page.count, 2);
    assert_string_equal(page.items[0].key.data, "data/a&b/x.json");
    assert_string_equal(page.items[1].key.data, "data/\xc3\xa9.json");
    assert_true(page.items[0].modified_ms == 1795377988123 && page.items[1].modified_ms == 1795377989000);
    assert_string_equal(page.next.data, "1/+=<token");
    li_arena_release(&arena);
}

static void test_the_last_page(void **state) {
    (void)state;
    static const char *const cases[] = {
        LIST "</ListBucketResult>",
        LIST "<IsTruncated>false</IsTruncated></ListBucketResult>",
        LIST "<NextContinuationToken>old</NextContinuationToken><IsTruncated>false</IsTruncated>"
             "</ListBucketResult>",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_arena arena = {0};
        struct li_s3_page page = {.count = 9};
        check(li_s3_read_page(li_text_of(cases[i]), &arena, &page, NULL) == LI_OK, "case %zu", i);
        check(page.count == 0 && page.next.size == 0, "case %zu", i);
        li_arena_release(&arena);
    }
}

static void test_what_is_no_page(void **state) {
    (void)state;
    static const char *const cases[] = {
        "",
        "{}",
        HEAD,
        HEAD "<Error><Code>NoSuchBucket</Code></Error>",
        LIST,
        LIST "<Contents></ListBucketResult>",
        LIST "<Contents><Key>a</Key></Contents></ListBucketResult>",
        LIST "<Contents><LastModified>2026-11-22T20:06:28Z</LastModified></Contents></ListBucketResult>",
        LIST "<Contents><Key>a</Key><LastModified>yesterday</LastModified></Contents></ListBucketResult>",
        LIST "<IsTruncated>true</IsTruncated></ListBucketResult>",
        LIST ITEM("a") "</ListBucketResult>trailing",
        LIST ITEM("a\xff") "</ListBucketResult>",
        LIST ITEM("&unknown;") "</ListBucketResult>",
        HEAD "<!DOCTYPE x [<!ENTITY e \"data/x\">]><ListBucketResult>" ITEM("&e;") "</ListBucketResult>",
        HEAD "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><ListBucketResult></ListBucketResult>",
        LIST "<a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></ListBucketResult>",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_arena arena = {0};
        struct li_s3_page page = {.count = 9};
        struct li_error err = {0};
        check(li_s3_read_page(li_text_of(cases[i]), &arena, &page, &err) == LI_IO, "case %zu", i);
        check(page.count == 9 && err.message[0], "case %zu", i);
        li_arena_release(&arena);
    }
}

/* 1000 items are a whole page; one more, or a key that no bucket holds, is nonsense. */
static void test_large_pages(void **state) {
    (void)state;
    for (int count = 999; count <= 1001; count++) {
        struct li_arena arena = {0};
        struct li_s3_page page = {0};
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        fputs(LIST, out);
        for (int i = 0; i < count; i++)
            fputs(ITEM("data/x/profile.json"), out);
        fputs("</ListBucketResult>", out);
        fclose(out);
        enum li_status status = li_s3_read_page((struct li_text){text, size}, &arena, &page, NULL);
        check(status == (count <= 1000 ? LI_OK : LI_IO), "%d items", count);
        check(status || page.count == (size_t)count, "%d items", count);
        free(text);
        li_arena_release(&arena);
    }
    static char key[5000];
    struct li_arena arena = {0};
    struct li_s3_page page;
    memset(key, 'k', sizeof key - 1);
    struct li_text xml = li_arena_printf(&arena, LIST ITEM("%s") "</ListBucketResult>", key);
    assert_int_equal(li_s3_read_page(xml, &arena, &page, NULL), LI_IO);
    li_arena_release(&arena);
}

static void test_errors(void **state) {
    (void)state;
    static const struct {
        const char *xml, *code;
    } cases[] = {
        {HEAD "<Error><Code>NoSuchKey</Code><Message>The key</Message><Key>a</Key></Error>", "NoSuchKey"},
        {"<Error><Resource><Code>Inner</Code></Resource><Code> SlowDown\n</Code></Error>", "SlowDown"},
        {HEAD "<Error></Error>", ""},
        {LIST "<Code>x</Code></ListBucketResult>", ""},
        {"<html><Code>x</Code></html>", ""},
        {"<Error><Code>cut", ""},
        {"", ""},
        {"busy", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_arena arena = {0};
        const char *code = li_s3_read_error(li_text_of(cases[i].xml), &arena).data;
        check(strcmp(code, cases[i].code) == 0, "case %zu: %s", i, code);
        li_arena_release(&arena);
    }
}

static void test_times(void **state) {
    (void)state;
    static const struct {
        bool iso;
        const char *text;
        int64_t ms; /* 0: none */
    } cases[] = {
        {true, "2026-11-22T20:06:28.000Z", 1795377988000},
        {true, "2026-11-22T20:06:28Z", 1795377988000},
        {true, "2026-11-22T20:06:28.5Z", 1795377988500},
        {true, "2026-11-22T20:06:28.1239999Z", 1795377988123},
        {true, "2024-02-29T00:00:00Z", 1709164800000},
        {true, "", 0},
        {true, "2026-11-22", 0},
        {true, "2026-11-22T20:06:28", 0},
        {true, "2026-11-22T20:06:28+01:00", 0},
        {true, "2026-11-22T20:06:28Z ", 0},
        {true, "2026-13-22T20:06:28Z", 0},
        {true, "2026-11-32T20:06:28Z", 0},
        {true, "2026-11-22T24:06:28Z", 0},
        {true, "1969-11-22T20:06:28Z", 0},
        {true, "2026-11-22T20:06:28.00000000000000000000000000Z", 0},
        {false, "Sun, 22 Nov 2026 20:06:28 GMT", 1795377988000},
        {false, "Thu, 01 Jan 1970 00:00:01 GMT", 1000},
        {false, "Sun, 22 Nov 2026 20:06:28 CET", 0},
        {false, "Sun, 22 Nov 2026 20:06:28", 0},
        {false, "Sun, 22 Nvo 2026 20:06:28 GMT", 0},
        {false, "Sun, 22 anF 2026 20:06:28 GMT", 0},
        {false, "Sunday, 22-Nov-26 20:06:28 GMT", 0},
        {false, "Sun, 22 Nov 2026 20:06:28 GMT!", 0},
        {false, "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = 0;
        struct li_text text = li_text_of(cases[i].text);
        bool read = cases[i].iso ? li_s3_parse_iso(text, &ms) : li_s3_parse_http_date(text, &ms);
        check(read == (cases[i].ms != 0) && ms == cases[i].ms, "\"%s\": %lld", cases[i].text, (long long)ms);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_page),          cmocka_unit_test(test_the_last_page),
        cmocka_unit_test(test_what_is_no_page), cmocka_unit_test(test_large_pages),
        cmocka_unit_test(test_errors),          cmocka_unit_test(test_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
