/* The signer against what AWS published: the examples of the Amazon S3 API reference ("Signature Calculations
 * for the Authorization Header: Transferring Payload in a Single Chunk"), and cases of AWS's Signature
 * Version 4 test suite that hold for S3 too (it neither normalises paths nor encodes them twice). */
#include "check.h"

#include "net/sigv4.h"

static const struct li_net_signature S3_KEY = {
    .access_key = {"AKIAIOSFODNN7EXAMPLE", 20},
    .secret_key = {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 40},
    .region = {"us-east-1", 9},
    .service = {"s3", 2},
};
static const struct li_net_signature SUITE_KEY = {
    .access_key = {"AKIDEXAMPLE", 11},
    .secret_key = {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 40},
    .region = {"us-east-1", 9},
    .service = {"service", 7},
};
static const char EMPTY[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

enum { PAIRS = 6 };

struct vector {
    const char *name;
    const struct li_net_signature *key;
    const char *date, *method, *path, *query, *payload;
    const char *headers[PAIRS][2];
    const char *names, *signature;
};

#define S3_HEADERS(hash)                                                                                     \
    {"Host", "examplebucket.s3.amazonaws.com"}, {"x-amz-content-sha256", hash}, {                            \
        "x-amz-date", "20130524T000000Z"                                                                     \
    }
#define SUITE_HEADERS                                                                                        \
    {"Host", "example.amazonaws.com"}, {                                                                     \
        "X-Amz-Date", "20150830T123600Z"                                                                     \
    }

static const char PUT_HASH[] = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";

static const struct vector VECTORS[] = {
    {"GET object",
     &S3_KEY,
     "20130524T000000Z",
     "GET",
     "/test.txt",
     "",
     EMPTY,
     {S3_HEADERS(EMPTY), {"Range", "bytes=0-9"}},
     "host;range;x-amz-content-sha256;x-amz-date",
     "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
    {"PUT object",
     &S3_KEY,
     "20130524T000000Z",
     "PUT",
     "/test%24file.text",
     "",
     PUT_HASH,
     {S3_HEADERS(PUT_HASH),
      {"Date", "Fri, 24 May 2013 00:00:00 GMT"},
      {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
     "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
     "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
    {"GET bucket lifecycle",
     &S3_KEY,
     "20130524T000000Z",
     "GET",
     "/",
     "lifecycle",
     EMPTY,
     {S3_HEADERS(EMPTY)},
     "host;x-amz-content-sha256;x-amz-date",
     "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
    {"list objects",
     &S3_KEY,
     "20130524T000000Z",
     "GET",
     "/",
     "prefix=J&max-keys=2",
     EMPTY,
     {S3_HEADERS(EMPTY)},
     "host;x-amz-content-sha256;x-amz-date",
     "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    {"get-vanilla",
     &SUITE_KEY,
     "20150830T123600Z",
     "GET",
     "/",
     "",
     EMPTY,
     {SUITE_HEADERS},
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-query-order-key-case",
     &SUITE_KEY,
     "20150830T123600Z",
     "GET",
     "/",
     "Param2=value2&Param1=value1",
     EMPTY,
     {SUITE_HEADERS},
     "host;x-amz-date",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-empty-query-key",
     &SUITE_KEY,
     "20150830T123600Z",
     "GET",
     "/",
     "Param1=value1",
     EMPTY,
     {SUITE_HEADERS},
     "host;x-amz-date",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"post-vanilla",
     &SUITE_KEY,
     "20150830T123600Z",
     "POST",
     "/",
     "",
     EMPTY,
     {SUITE_HEADERS},
     "host;x-amz-date",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-vanilla-query",
     &SUITE_KEY,
     "20150830T123600Z",
     "POST",
     "/",
     "Param1=value1",
     EMPTY,
     {SUITE_HEADERS},
     "host;x-amz-date",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
};

static void test_published_vectors(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++) {
        const struct vector *v = &VECTORS[i];
        struct li_net_header headers[PAIRS];
        struct li_arena arena = {0};
        struct li_error err = {0};
        struct li_text got = {0};
        size_t count = 0;
        for (; count < PAIRS && v->headers[count][0]; count++)
            headers[count] =
                (struct li_net_header){li_text_of(v->headers[count][0]), li_text_of(v->headers[count][1])};
        const struct li_sigv4_request request = {.method = li_text_of(v->method),
                                                 .path = li_text_of(v->path),
                                                 .query = li_text_of(v->query),
                                                 .headers = headers,
                                                 .header_count = count,
                                                 .payload_hash = li_text_of(v->payload)};
        char wanted[600];
        snprintf(
            wanted, sizeof wanted,
            "AWS4-HMAC-SHA256 Credential=%s/%.8s/us-east-1/%s/aws4_request,SignedHeaders=%s,Signature=%s",
            v->key->access_key.data, v->date, v->key->service.data, v->names, v->signature);
        check(li_sigv4_sign(&request, v->key, v->date, &arena, &got, &err) == LI_OK, "%s: %s", v->name,
              err.message);
        check(strcmp(got.data, wanted) == 0, "%s:\n got    %s\n wanted %s", v->name, got.data, wanted);
        li_arena_release(&arena);
    }
}

/* Two requests that mean the same have one signature. */
static void test_what_makes_no_difference(void **state) {
    (void)state;
    static const char *const queries[] = {"a=1&b=2&a-b=3&a=0&B=", "B&b=2&a=0&a-b=3&a=1",
                                          "a-b=3&a=1&B=&b=2&a=0"};
    const struct li_net_header headers[][2] = {
        {{LI_TEXT("host"), LI_TEXT("h")}, {LI_TEXT("x-b"), LI_TEXT("two words")}},
        {{LI_TEXT("X-B"), LI_TEXT("  two    words ")}, {LI_TEXT("Host"), LI_TEXT("h")}},
        {{LI_TEXT("HOST"), LI_TEXT("h ")}, {LI_TEXT("x-B"), LI_TEXT("two  words")}},
    };
    struct li_arena arena = {0};
    struct li_text first = {0};
    for (size_t i = 0; i < 3; i++) {
        struct li_text got = {0};
        const struct li_sigv4_request request = {.method = LI_TEXT("GET"),
                                                 .path = LI_TEXT("/"),
                                                 .query = li_text_of(queries[i]),
                                                 .headers = headers[i],
                                                 .header_count = 2,
                                                 .payload_hash = LI_TEXT("UNSIGNED-PAYLOAD")};
        assert_int_equal(li_sigv4_sign(&request, &S3_KEY, "20130524T000000Z", &arena, &got, NULL), LI_OK);
        if (i == 0)
            first = got;
        check(li_text_equal(got, first), "case %zu", i);
    }
    li_arena_release(&arena);
}

static void test_too_much_to_sign(void **state) {
    (void)state;
    char query[400] = "";
    struct li_net_header headers[LI_SIGV4_HEADERS_MAX + 1] = {{{0}}};
    struct li_arena arena = {0};
    struct li_text got = {0};
    struct li_error err = {0};
    for (size_t i = 0, used = 0; i <= LI_SIGV4_QUERY_MAX; i++)
        used += (size_t)snprintf(query + used, sizeof query - used, "p%zu=x&", i);
    struct li_sigv4_request request = {.method = LI_TEXT("GET"), .path = LI_TEXT("/"), .headers = headers};
    request.query = li_text_of(query);
    assert_int_equal(li_sigv4_sign(&request, &S3_KEY, "20130524T000000Z", &arena, &got, &err), LI_INVALID);
    request.query = LI_TEXT("");
    request.header_count = LI_SIGV4_HEADERS_MAX + 1;
    assert_int_equal(li_sigv4_sign(&request, &S3_KEY, "20130524T000000Z", &arena, &got, &err), LI_INVALID);
    assert_null(got.data);
    li_arena_release(&arena);
}

static void test_hash_and_date(void **state) {
    (void)state;
    char hash[LI_SHA256_HEX + 1], date[LI_SIGV4_DATE];
    li_sha256_hex((struct li_text){0}, hash);
    assert_string_equal(hash, EMPTY);
    li_sha256_hex(LI_TEXT("Welcome to Amazon S3."), hash);
    assert_string_equal(hash, PUT_HASH);
    li_sigv4_date(1369353600000, date);
    assert_string_equal(date, "20130524T000000Z");
    li_sigv4_date(1440938160999, date);
    assert_string_equal(date, "20150830T123600Z");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_vectors),
        cmocka_unit_test(test_what_makes_no_difference),
        cmocka_unit_test(test_too_much_to_sign),
        cmocka_unit_test(test_hash_and_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
