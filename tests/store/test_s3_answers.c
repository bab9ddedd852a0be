/* What a bucket may answer, and what its reader is told: every refusal and every answer that is none, from a
 * server of our own that says the same to whoever asks. test_s3.c does the rest on a real engine. */
#include "check.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bucket_keys.h"
#include "store/s3.h"

enum { TTL_MS = 60 * 60 * 1000, TRIES = 2, REQUEST_MAX = 8192 };
static const int64_t NOON_MS = 1800000000000; /* Fri, 15 Jan 2027 08:00:00 GMT */
static const struct li_text SESSION = {"session-one-0123456789", 22};

#define WRITTEN "Last-Modified: Fri, 15 Jan 2027 07:59:00 GMT\r\n"
#define HASH_OF_X "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" /* "x" */
#define ERROR_OF(code) "<?xml version=\"1.0\"?><Error><Code>" code "</Code></Error>"

static struct {
    int listener, port;
    pthread_t thread;
    _Atomic(const char *) head, body;
    atomic_int requests;
} bucket;

/* Reads a request to the end of its headers, and of a body that fits in. */
static bool read_request(int client) {
    char request[REQUEST_MAX + 1] = "";
    size_t size = 0, whole = 0;
    while (!whole || size < whole) {
        ssize_t got = recv(client, request + size, REQUEST_MAX - size, 0);
        if (got <= 0)
            return false;
        size += (size_t)got;
        request[size] = '\0';
        const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "\r\nContent-Length: ");
        if (end)
            whole = (size_t)(end + 4 - request) + (length ? strtoul(length + 18, NULL, 10) : 0);
    }
    return true;
}

static void *answer_all(void *unused) {
    for (int client; (client = accept(bucket.listener, NULL, NULL)) >= 0; close(client)) {
        char head[1024];
        const char *body = atomic_load(&bucket.body);
        if (!read_request(client))
            continue;
        int size = snprintf(head, sizeof head, "HTTP/1.1 %sConnection: close\r\nContent-Length: %zu\r\n\r\n",
                            atomic_load(&bucket.head), strlen(body));
        atomic_fetch_add(&bucket.requests, 1);
        if (send(client, head, (size_t)size, MSG_NOSIGNAL) < 0 ||
            send(client, body, strlen(body), MSG_NOSIGNAL) < 0)
            print_message("the client has gone\n");
    }
    return unused;
}

static int set_up(void **state) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    (void)state;
    bucket.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(bucket.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(bucket.listener, 16), 0);
    assert_int_equal(getsockname(bucket.listener, (struct sockaddr *)&address, &size), 0);
    bucket.port = ntohs(address.sin_port);
    return pthread_create(&bucket.thread, NULL, answer_all, NULL);
}

static int tear_down(void **state) {
    (void)state;
    shutdown(bucket.listener, SHUT_RDWR);
    pthread_join(bucket.thread, NULL);
    return close(bucket.listener);
}

static struct li_store *opened(void) {
    struct li_store *store = NULL;
    struct li_error err = {0};
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d", bucket.port);
    enum li_status status = li_store_open_s3(&(struct li_s3_options){.store = {TTL_MS, {NOON_MS}},
                                                                     .bucket = "bucket",
                                                                     .endpoint = endpoint,
                                                                     .tries = TRIES,
                                                                     .backoff_ms = 1},
                                             &store, &err);
    if (status == LI_UNSUPPORTED) {
        print_message("skipped: libcurl is not installed\n");
        skip();
    }
    check(status == LI_OK, "%s", err.message);
    return store;
}

static const struct answer {
    const char *name, *head, *body;
    enum li_status status;
    int requests;
    const char *says;
} READING[] = {
    {"an object", "200 OK\r\n" WRITTEN "x-amz-meta-sha256: " HASH_OF_X "\r\n", "x", LI_OK, 1, ""},
    {"somebody else's", "200 OK\r\n" WRITTEN "ETag: \"1\"\r\n", "x", LI_OK, 1, ""},
    {"too old", "200 OK\r\nLast-Modified: Fri, 15 Jan 2027 07:00:00 GMT\r\n", "x", LI_NOT_FOUND, 1,
     "time to live"},
    {"without a date", "200 OK\r\n", "x", LI_IO, 1, "does not say when"},
    {"a date that is none", "200 OK\r\nLast-Modified: yesterday\r\n", "x", LI_IO, 1, "does not say when"},
    {"another object's bytes", "200 OK\r\n" WRITTEN "x-amz-meta-sha256: " HASH_OF_X "\r\n", "y", LI_CORRUPT,
     TRIES, "as it was written"},
    {"no such key", "404 X\r\n", ERROR_OF("NoSuchKey"), LI_NOT_FOUND, 1, "no such data"},
    {"nothing at all", "404 X\r\n", "", LI_NOT_FOUND, 1, "no such data"},
    {"no such bucket", "404 X\r\n", ERROR_OF("NoSuchBucket"), LI_IO, 1, "there is no bucket bucket"},
    {"a page of a proxy", "404 X\r\n", "<html><p>not found", LI_IO, TRIES, "none of S3's"},
    {"slow down", "503 X\r\n", ERROR_OF("SlowDown"), LI_BUSY, TRIES, "slow down (503 SlowDown)"},
    {"too many", "429 X\r\n", "", LI_BUSY, TRIES, "slow down (429)"},
    {"an error of its own", "500 X\r\n", ERROR_OF("InternalError"), LI_IO, TRIES, "answered 500"},
    {"no room", "507 X\r\n", "", LI_FULL, 1, "is full (507)"},
    {"no quota", "403 X\r\n", ERROR_OF("QuotaExceeded"), LI_FULL, 1, "is full (403"},
    {"a wrong clock", "403 X\r\n", ERROR_OF("RequestTimeTooSkewed"), LI_IO, 1, "the clock of this machine"},
    {"another region", "301 X\r\nx-amz-bucket-region: eu-west-3\r\n", ERROR_OF("PermanentRedirect"), LI_IO, 1,
     "lies in the region eu-west-3"},
    {"the right region", "403 X\r\nx-amz-bucket-region: us-east-1\r\n", ERROR_OF("AccessDenied"), LI_IO, 1,
     "refuses this (403 AccessDenied)"},
    {"nobody we know", "401 X\r\n", "", LI_IO, 1, "look at the keys"},
    {"a teapot", "418 X\r\n", "short and stout", LI_IO, 1, "answered 418"},
};

static void check_answer(const struct answer *answer, enum li_status status, const struct li_error *err,
                         int requests) {
    check(status == answer->status, "%s: %s, %s", answer->name, li_status_name(status), err->message);
    check(strstr(err->message, answer->says), "%s: %s", answer->name, err->message);
    check(requests == answer->requests, "%s: %d requests", answer->name, requests);
    check(!strstr(err->message, "not-a-secret"), "%s: %s", answer->name, err->message);
}

static void test_reading(void **state) {
    struct li_store *store = opened();
    (void)state;
    for (size_t i = 0; i < sizeof READING / sizeof *READING; i++) {
        struct li_arena arena = {0};
        struct li_text bytes = LI_TEXT("untouched");
        struct li_store_version version = {7, 7};
        struct li_error err = {0};
        atomic_store(&bucket.head, READING[i].head);
        atomic_store(&bucket.body, READING[i].body);
        int before = atomic_load(&bucket.requests);
        enum li_status status =
            li_store_get(store, SESSION, LI_OBJECT_PROFILE, &arena, &bytes, &version, &err);
        check_answer(&READING[i], status, &err, atomic_load(&bucket.requests) - before);
        if (status)
            check(version.tag == 7 && li_text_equal(bytes, LI_TEXT("untouched")), "%s", READING[i].name);
        else
            check(li_text_equal(bytes, LI_TEXT("x")) && version.modified_ms == NOON_MS - 60 * 1000, "%s",
                  READING[i].name);
        li_arena_release(&arena);
    }
    li_store_free(store);
}

/* A byte more than any object of ours has. */
static void test_an_object_that_is_none_of_ours(void **state) {
    static char huge[LI_OBJECT_BYTES_MAX + 2];
    struct li_store *store = opened();
    struct li_arena arena = {0};
    struct li_text bytes;
    struct li_error err = {0};
    (void)state;
    memset(huge, 'x', sizeof huge - 1);
    atomic_store(&bucket.head, "200 OK\r\n" WRITTEN);
    atomic_store(&bucket.body, huge);
    check(li_store_get(store, SESSION, LI_OBJECT_PROFILE, &arena, &bytes, NULL, &err) == LI_CORRUPT, "%s",
          err.message);
    check(strstr(err.message, "none of ours"), "%s", err.message);
    li_arena_release(&arena);
    li_store_free(store);
}

static const struct answer WRITING[] = {
    {"written", "200 OK\r\n", "", LI_OK, 1, ""},
    {"no such bucket", "404 X\r\n", ERROR_OF("NoSuchBucket"), LI_IO, 1, "there is no bucket bucket"},
    {"no such thing", "404 X\r\n", "", LI_IO, 1, "there is no bucket bucket"},
    {"no room", "507 X\r\n", "", LI_FULL, 1, "is full (507)"},
    {"slow down", "503 X\r\n", "", LI_BUSY, TRIES, "also after 2 tries"},
    {"not allowed", "403 X\r\n", ERROR_OF("AccessDenied"), LI_IO, 1, "look at the keys"},
};

static void test_writing(void **state) {
    struct li_store *store = opened();
    (void)state;
    for (size_t i = 0; i < sizeof WRITING / sizeof *WRITING; i++) {
        struct li_error err = {0};
        atomic_store(&bucket.head, WRITING[i].head);
        atomic_store(&bucket.body, WRITING[i].body);
        int before = atomic_load(&bucket.requests);
        enum li_status status = li_store_put(store, SESSION, LI_OBJECT_PROFILE, LI_TEXT("x"), &err);
        check_answer(&WRITING[i], status, &err, atomic_load(&bucket.requests) - before);
    }
    li_store_free(store);
}

/* Removing what is not there is no failure, also where a session's objects are erased one by one. */
static void test_erasing(void **state) {
    struct li_store *store = opened();
    struct li_error err = {0};
    (void)state;
    atomic_store(&bucket.head, "404 X\r\n");
    atomic_store(&bucket.body, ERROR_OF("NoSuchKey"));
    int before = atomic_load(&bucket.requests);
    check(li_store_erase(store, SESSION, &err) == LI_OK, "%s", err.message);
    assert_int_equal(atomic_load(&bucket.requests) - before, LI_OBJECT_COUNT);
    atomic_store(&bucket.head, "403 X\r\n");
    atomic_store(&bucket.body, ERROR_OF("AccessDenied"));
    before = atomic_load(&bucket.requests);
    assert_int_equal(li_store_erase(store, SESSION, &err), LI_IO); /* and the rest is not tried */
    assert_int_equal(atomic_load(&bucket.requests) - before, 1);
    li_store_free(store);
}

/* Lists that cannot be read, or that never end. */
static void test_sweeping(void **state) {
    static char endless[4096] = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>";
    static const char END[] = "</NextContinuationToken></ListBucketResult>";
    struct li_store *store = opened();
    (void)state;
    size_t size = strlen(endless);
    memset(endless + size, 'a', 3000);
    memcpy(endless + size + 3000, END, sizeof END);
    const char *const BODIES[] = {"", "{}", "<ListBucketResult>", endless};
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
        struct li_error err = {0};
        size_t removed = 99;
        atomic_store(&bucket.head, "200 OK\r\n");
        atomic_store(&bucket.body, BODIES[i]);
        enum li_status status = li_store_sweep(store, &removed, &err);
        check(status == LI_IO && removed == 99 && err.message[0], "list %zu: %s", i, err.message);
    }
    li_store_free(store);
}

/* Where Amazon's own are, and names that cannot stand before a host: to open asks nobody. */
static void test_addresses(void **state) {
    static const struct li_s3_options CASES[] = {
        {.store = {.ttl_ms = 1}, .bucket = "abc", .region = "eu-west-3"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .region = "cn-north-1"},
        {.store = {.ttl_ms = 1}, .bucket = "a.b.c"},
        {.store = {.ttl_ms = 1}, .bucket = "Capital_Letters"},
        {.store = {.ttl_ms = 1}, .bucket = "ab", .endpoint = "https://s3.example.org"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .endpoint = "https://[::1]:9000/"},
        {.store = {.ttl_ms = 1}, .bucket = "abc", .endpoint = "https://s3.example.org//", .path_style = true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_store *store = NULL;
        struct li_error err = {0};
        enum li_status status = li_store_open_s3(&CASES[i], &store, &err);
        check(status == LI_OK || status == LI_UNSUPPORTED, "case %zu: %s", i, err.message);
        li_store_free(store);
    }
    struct li_store *store = NULL;
    assert_int_equal(li_store_open_s3(&(struct li_s3_options){.bucket = "abc"}, &store, NULL), LI_INVALID);
    assert_null(store);
}

int main(void) {
    use_any_keys();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),  cmocka_unit_test(test_an_object_that_is_none_of_ours),
        cmocka_unit_test(test_writing),  cmocka_unit_test(test_erasing),
        cmocka_unit_test(test_sweeping), cmocka_unit_test(test_addresses),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
