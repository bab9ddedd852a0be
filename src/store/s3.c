/* s3.c - the table of functions of a store over a bucket.
 *
 * Two facts go with every object as metadata: the SHA-256 of its bytes, which s3_client.c compares when they
 * are read, and a random name of this writing, so that the same bytes written twice in one second are still
 * told apart. */
#include "store/s3.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "net/sigv4.h"
#include "store/s3_client.h"
#include "store/s3_xml.h"

enum { SMALL_ANSWER = 64 * 1024, LIST_ANSWER = 4 * 1024 * 1024, TOKEN_SIZE = 2049, FAILURES_IN_A_ROW = 10 };

struct s3_store {
    struct li_store base;
    struct li_s3_client *client;
};

static struct li_s3_client *client_of(struct li_store *base) {
    return ((struct s3_store *)base)->client;
}

static enum li_status absent(struct li_error *err) {
    return li_fail(err, LI_NOT_FOUND, "this session has no such data, or it is older than its time to live");
}

static enum li_status s3_put(struct li_store *base, struct li_text session, enum li_object object,
                             struct li_text bytes, struct li_error *err) {
    char key[LI_KEY_MAX], hash[LI_SHA256_HEX + 1], writing[LI_TOKEN_CHARS + 1];
    struct li_arena arena = {0};
    struct li_net_response response;
    li_store_key(session, object, key);
    li_sha256_hex(bytes, hash);
    li_random_token(writing);
    struct li_s3_call call = {
        .method = "PUT",
        .key = key,
        .headers = {{LI_TEXT("Content-Type"), LI_TEXT("application/json")},
                    {LI_TEXT(LI_S3_HASH_HEADER), li_text_of(hash)},
                    {LI_TEXT("x-amz-meta-writing"), li_text_of(writing)}},
        .header_count = 3,
        .body = bytes,
        .max_bytes = SMALL_ANSWER,
    };
    if (base->clock.fixed_ms) /* a test's clock: the bucket does not know that time */
        call.headers[call.header_count++] =
            (struct li_net_header){LI_TEXT("x-amz-meta-modified-ms"),
                                   li_arena_printf(&arena, "%lld", (long long)base->clock.fixed_ms)};
    enum li_status status = li_s3_client_call(client_of(base), &call, &arena, &response, err);
    li_arena_release(&arena);
    return status;
}

/* ---- reading ---- */

/* The version that an answer's headers tell. LI_NOT_FOUND when it is too old. */
static enum li_status read_version(const struct li_store *base, const struct li_net_response *response,
                                   struct li_store_version *out, struct li_error *err) {
    struct li_text modified = li_net_header(response, "last-modified");
    struct li_text writing = li_net_header(response, "x-amz-meta-writing");
    struct li_text fixed = li_net_header(response, "x-amz-meta-modified-ms");
    struct li_store_version version = {0};
    long fixed_ms;
    if (!li_s3_parse_http_date(modified, &version.modified_ms))
        return li_fail(err, LI_IO, "the bucket does not say when an object was written");
    if (base->clock.fixed_ms && li_text_to_long(fixed, 0, INT64_MAX, &fixed_ms))
        version.modified_ms = fixed_ms;
    if (!writing.size) /* somebody else wrote it */
        writing = li_net_header(response, "etag");
    version.tag = li_text_hash(writing) ^ (uint64_t)version.modified_ms;
    if (version.modified_ms + base->ttl_ms <= li_clock_now_ms(&base->clock))
        return absent(err);
    *out = version;
    return LI_OK;
}

/* HEAD or GET of an object, in the arena. LI_NOT_FOUND when it is not there or too old. */
static enum li_status read_object(struct li_store *base, const char *method, const char *key,
                                  size_t max_bytes, struct li_arena *arena, struct li_net_response *response,
                                  struct li_store_version *version, struct li_error *err) {
    const struct li_s3_call call = {.method = method, .key = key, .max_bytes = max_bytes};
    enum li_status status = li_s3_client_call(client_of(base), &call, arena, response, err);
    if (status == LI_TOO_LARGE)
        return li_fail(err, LI_CORRUPT, "a stored object is none of ours; erase the session and start again");
    if (status)
        return status;
    return response->status == 404 ? absent(err) : read_version(base, response, version, err);
}

static enum li_status s3_stat(struct li_store *base, struct li_text session, enum li_object object,
                              struct li_store_version *version, struct li_error *err) {
    char key[LI_KEY_MAX];
    struct li_arena arena = {0};
    struct li_net_response response;
    li_store_key(session, object, key);
    enum li_status status =
        read_object(base, "HEAD", key, LI_OBJECT_BYTES_MAX, &arena, &response, version, err);
    li_arena_release(&arena);
    return status;
}

static enum li_status s3_get(struct li_store *base, struct li_text session, enum li_object object,
                             struct li_arena *arena, struct li_text *bytes, struct li_store_version *version,
                             struct li_error *err) {
    char key[LI_KEY_MAX];
    struct li_net_response response;
    struct li_store_version found;
    li_store_key(session, object, key);
    enum li_status status = read_object(base, "GET", key, LI_OBJECT_BYTES_MAX, arena, &response, &found, err);
    if (status)
        return status;
    *bytes = response.body;
    *version = found;
    return LI_OK;
}

/* ---- erasing ---- */

static enum li_status remove_key(struct li_store *base, const char *key, struct li_error *err) {
    const struct li_s3_call call = {.method = "DELETE", .key = key, .max_bytes = SMALL_ANSWER};
    struct li_arena arena = {0};
    struct li_net_response response;
    enum li_status status = li_s3_client_call(client_of(base), &call, &arena, &response, err);
    li_arena_release(&arena);
    return status;
}

static enum li_status s3_remove(struct li_store *base, struct li_text session, enum li_object object,
                                struct li_error *err) {
    char key[LI_KEY_MAX];
    li_store_key(session, object, key);
    return remove_key(base, key, err);
}

static enum li_status s3_erase(struct li_store *base, struct li_text session, struct li_error *err) {
    enum li_status status = LI_OK;
    /* What stages make others from goes first: a stage that runs meanwhile finds nothing to work on. */
    for (int i = 0; i < LI_OBJECT_COUNT && !status; i++)
        status = s3_remove(base, session, (enum li_object)i, err);
    return status;
}

/* "cache/" and the SHA-256 of something, in hexadecimal digits. */
static bool is_cache_key(struct li_text key) {
    static const char FOLDER[] = LI_S3_CACHE "/";
    bool right =
        key.size == sizeof FOLDER - 1 + LI_SHA256_HEX && memcmp(key.data, FOLDER, sizeof FOLDER - 1) == 0;
    for (size_t i = sizeof FOLDER - 1; right && i < key.size; i++)
        right = strchr("0123456789abcdef", key.data[i]) != NULL;
    return right;
}

/* What a sweep has come to. An object that cannot be removed does not keep the others: the first reason is
 * said at the end. */
struct sweep {
    size_t removed;
    struct li_error first;
};

/* Removes a listed object when it is still too old: it may have been written again since the list. */
static enum li_status sweep_one(struct li_store *base, struct li_text key, size_t *removed,
                                struct li_error *err) {
    struct li_text session;
    enum li_object object;
    struct li_store_version version;
    struct li_arena arena = {0};
    enum li_status status = LI_OK;
    if (li_store_parse_key(key, &session, &object)) {
        status = s3_stat(base, session, object, &version, err);
        if (status != LI_NOT_FOUND)
            return status;
        status = s3_remove(base, session, object, err);
    } else if (is_cache_key(key)) { /* written again meanwhile: it will be asked for once more */
        status = remove_key(base, li_arena_copy(&arena, key).data, err);
        li_arena_release(&arena);
    } else {
        return LI_OK;
    }
    if (!status)
        ++*removed;
    return status;
}

/* A folder of the bucket, and how old its objects may be. */
struct swept {
    const char *name;
    int64_t ttl_ms;
};

/* The objects of a page. A bucket that asks to slow down is left alone; one that refuses many in a row may be
 * out of reach, and the next page will tell. */
static enum li_status sweep_items(struct li_store *base, const struct swept *folder,
                                  const struct li_s3_page *page, struct sweep *sweep, struct li_error *err) {
    size_t prefix = li_s3_client_prefix(client_of(base)).size;
    int64_t oldest_ms = li_clock_now_ms(&base->clock) - folder->ttl_ms;
    int in_a_row = 0;
    for (size_t i = 0; i < page->count && in_a_row < FAILURES_IN_A_ROW; i++) {
        struct li_text key = page->items[i].key;
        struct li_error why = {0};
        if (page->items[i].modified_ms / 1000 > oldest_ms / 1000 || key.size < prefix)
            continue; /* in whole seconds, as an object's own header has it */
        enum li_status status =
            sweep_one(base, (struct li_text){key.data + prefix, key.size - prefix}, &sweep->removed, &why);
        if (status == LI_BUSY) {
            if (err)
                *err = why;
            return status;
        }
        in_a_row = status ? in_a_row + 1 : 0;
        if (status && !sweep->first.status)
            sweep->first = why;
    }
    return LI_OK;
}

/* One page of the list; token becomes the next one's, empty after the last. */
static enum li_status sweep_page(struct li_store *base, const struct swept *folder, char token[TOKEN_SIZE],
                                 struct li_arena *arena, struct sweep *sweep, struct li_error *err) {
    struct li_text prefix = li_s3_client_prefix(client_of(base)),
                   next = li_url_encode(li_text_of(token), false, arena);
    struct li_text path = li_arena_printf(arena, "%.*s%s/", LI_TEXT_ARG(prefix), folder->name);
    path = li_url_encode(path, false, arena);
    const struct li_s3_call call = {
        .method = "GET",
        .query = li_arena_printf(arena, "%s%.*s%slist-type=2&max-keys=1000&prefix=%.*s",
                                 next.size ? "continuation-token=" : "", LI_TEXT_ARG(next),
                                 next.size ? "&" : "", LI_TEXT_ARG(path))
                     .data,
        .max_bytes = LIST_ANSWER,
    };
    struct li_net_response response;
    struct li_s3_page page = {0};
    enum li_status status = li_s3_client_call(client_of(base), &call, arena, &response, err);
    if (!status)
        status = li_s3_read_page(response.body, arena, &page, err);
    if (!status)
        status = sweep_items(base, folder, &page, sweep, err);
    if (!status && page.next.size >= TOKEN_SIZE)
        status = li_fail(err, LI_IO, "the bucket's list of objects cannot be continued");
    if (!status)
        snprintf(token, TOKEN_SIZE, "%.*s", LI_TEXT_ARG(page.next));
    return status;
}

static enum li_status s3_sweep(struct li_store *base, size_t *removed, struct li_error *err) {
    const struct swept folders[] = {
        {"data", base->ttl_ms}, {"logs", base->ttl_ms}, {LI_S3_CACHE, (int64_t)LI_S3_CACHE_DAYS * LI_DAY_MS}};
    enum li_status status = LI_OK;
    struct sweep sweep = {0};
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !status; i++) {
        char token[TOKEN_SIZE] = "";
        do {
            struct li_arena arena = {0};
            status = sweep_page(base, &folders[i], token, &arena, &sweep, err);
            li_arena_release(&arena);
        } while (!status && *token);
    }
    if (!status && sweep.first.status) {
        status = sweep.first.status;
        if (err)
            *err = sweep.first;
    }
    if (!status)
        *removed = sweep.removed;
    return status;
}

/* ---- opening ---- */

static void s3_free(struct li_store *base) {
    li_s3_client_free(client_of(base));
    free(base);
}

static const struct li_store_ops S3_OPS = {
    .name = "s3",
    .quick = false,
    .put = s3_put,
    .get = s3_get,
    .stat = s3_stat,
    .remove = s3_remove,
    .erase = s3_erase,
    .sweep = s3_sweep,
    .free = s3_free,
};

enum li_status li_store_open_s3(const struct li_s3_options *options, struct li_store **out,
                                struct li_error *err) {
    if (options->store.ttl_ms <= 0)
        return li_fail(err, LI_INVALID, "a store needs a time to live above 0");
    struct s3_store *store = calloc(1, sizeof *store);
    if (!store)
        return li_fail(err, LI_NO_MEMORY, "no memory for a store");
    store->base = (struct li_store){&S3_OPS, options->store.clock, options->store.ttl_ms};
    enum li_status status = li_s3_client_new(options, &store->client, err);
    if (status)
        free(store);
    else
        *out = &store->base;
    return status;
}
