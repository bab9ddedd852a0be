#include "store/s3_client.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "net/sigv4.h"
#include "store/retry.h"
#include "store/s3_xml.h"

enum {
    BACKOFF_MS = 50,
    CONNECTIONS = 256, /* kept open: more than a server has threads that wait */
    TIMEOUT_MS = 10000,
    GIVE_UP_MS = 25000, /* no try begins later than this: API Gateway and people wait 29 s */
    BUCKET_MAX = 255,
    PREFIX_MAX = 512,
};

struct li_s3_client {
    struct li_net *net;
    struct li_credentials *credentials;
    struct li_clock clock;
    struct li_arena arena; /* the texts below */
    struct li_text bucket, region, prefix;
    struct li_text base; /* "https://bucket.s3.eu-west-3.amazonaws.com" or "http://host:port/bucket" */
    int tries, backoff_ms, timeout_ms;
};

/* ---- addresses ---- */

/* Whether a name can stand before a host: S3's rule for buckets, without dots, which no certificate of
 * "*.s3.amazonaws.com" covers. */
static bool fits_host(struct li_text bucket) {
    if (bucket.size < 3 || bucket.size > 63)
        return false;
    for (size_t i = 0; i < bucket.size; i++)
        if (!islower((unsigned char)bucket.data[i]) && !isdigit((unsigned char)bucket.data[i]) &&
            bucket.data[i] != '-')
            return false;
    return true;
}

static bool is_address(struct li_text authority) {
    char host[64];
    struct in_addr v4;
    struct li_text rest = authority, name = li_text_cut(&rest, ':');
    if (authority.size && authority.data[0] == '[')
        return true;
    snprintf(host, sizeof host, "%.*s", (int)(name.size < 63 ? name.size : 63), name.data);
    return strcmp(host, "localhost") == 0 || inet_pton(AF_INET, host, &v4) == 1;
}

static enum li_status make_base(struct li_s3_client *client, const struct li_s3_options *options,
                                struct li_error *err) {
    struct li_arena *arena = &client->arena;
    const char *endpoint = options->endpoint;
    if (!endpoint)
        endpoint = li_arena_printf(arena, "https://s3.%.*s.amazonaws.com%s", LI_TEXT_ARG(client->region),
                                   strncmp(client->region.data, "cn-", 3) == 0 ? ".cn" : "")
                       .data;
    struct li_text authority = li_text_of(endpoint);
    int scheme = strncmp(endpoint, "https://", 8) == 0 ? 8 : strncmp(endpoint, "http://", 7) == 0 ? 7 : 0;
    authority.data += scheme;
    authority.size -= (size_t)scheme;
    while (authority.size && authority.data[authority.size - 1] == '/')
        authority.size--;
    if (!scheme || !authority.size || memchr(authority.data, '/', authority.size) ||
        memchr(authority.data, '@', authority.size) || memchr(authority.data, '?', authority.size))
        return li_fail(err, LI_INVALID,
                       "the S3 endpoint must be http:// or https:// with a host, not \"%.100s\"", endpoint);
    struct li_text bucket = li_url_encode(client->bucket, false, arena);
    client->base = options->path_style || is_address(authority) || !fits_host(client->bucket)
                       ? li_arena_printf(arena, "%.*s%.*s/%.*s", scheme, endpoint, LI_TEXT_ARG(authority),
                                         LI_TEXT_ARG(bucket))
                       : li_arena_printf(arena, "%.*s%.*s.%.*s", scheme, endpoint, LI_TEXT_ARG(bucket),
                                         LI_TEXT_ARG(authority));
    return LI_OK;
}

static const char *url_of(const struct li_s3_client *client, const struct li_s3_call *call,
                          struct li_arena *arena) {
    struct li_text key = {0};
    if (call->key)
        key = li_url_encode(li_arena_printf(arena, "%.*s%s", LI_TEXT_ARG(client->prefix), call->key), true,
                            arena);
    return li_arena_printf(arena, "%.*s/%.*s%s%s", LI_TEXT_ARG(client->base), LI_TEXT_ARG(key),
                           call->query ? "?" : "", call->query ? call->query : "")
        .data;
}

/* ---- answers ---- */

static enum li_status refused(const struct li_s3_client *client, const struct li_net_response *response,
                              struct li_arena *arena, struct li_error *err) {
    const char *bucket = client->bucket.data;
    const char *code = li_s3_read_error(response->body, arena).data;
    const char *space = *code ? " " : "";
    struct li_text region = li_net_header(response, "x-amz-bucket-region");
    if (response->status == 429 || response->status == 503)
        return li_fail(err, LI_BUSY, "the bucket %.63s asks to slow down (%d%s%.40s)", bucket,
                       response->status, space, code);
    if (response->status == 507 || strcmp(code, "QuotaExceeded") == 0)
        return li_fail(err, LI_FULL, "the bucket %.63s is full (%d%s%.40s)", bucket, response->status, space,
                       code);
    if (strcmp(code, "NoSuchBucket") == 0 || (response->status == 404 && !*code))
        return li_fail(err, LI_IO, "there is no bucket %.63s at the S3 endpoint", bucket);
    if (strcmp(code, "RequestTimeTooSkewed") == 0)
        return li_fail(err, LI_IO, "the clock of this machine is too far off for S3; set it right");
    if (region.size && !li_text_equal(region, client->region))
        return li_fail(err, LI_IO, "the bucket %.63s lies in the region %.*s; say so with --s3-region",
                       bucket, (int)(region.size < 40 ? region.size : 40), region.data);
    if (response->status == 401 || response->status == 403)
        return li_fail(err, LI_IO,
                       "the bucket %.63s refuses this (%d%s%.40s); look at the keys and what they may do",
                       bucket, response->status, space, code);
    return li_fail(err, LI_IO, "the bucket %.63s answered %d%s%.40s", bucket, response->status, space, code);
}

enum missing { NOT_MISSING, MISSING, UNREADABLE };

/* 404 for an object is an answer; for a bucket that is not there it is not, and a document that is broken may
 * mean either. HEAD, and stores that send no document, do not tell the two apart. */
static enum missing object_missing(const struct li_s3_call *call, const struct li_net_response *response,
                                   struct li_arena *arena) {
    if (response->status != 404 || !call->key || strcmp(call->method, "PUT") == 0)
        return NOT_MISSING;
    struct li_text code = li_s3_read_error(response->body, arena);
    if (response->body.size && !code.size)
        return UNREADABLE;
    return li_text_equal(code, LI_TEXT("NoSuchBucket")) ? NOT_MISSING : MISSING;
}

/* The signature covers the way to the bucket only. What comes back is held against the SHA-256 that was
 * written with it: a length that lies, or a byte that was turned, would not be noticed otherwise. */
static bool is_whole(const struct li_s3_call *call, const struct li_net_response *response) {
    char hash[LI_SHA256_HEX + 1];
    struct li_text wanted = li_net_header(response, LI_S3_HASH_HEADER);
    if (!wanted.size || !call->key || strcmp(call->method, "GET") != 0)
        return true;
    li_sha256_hex(response->body, hash);
    return li_text_equal(wanted, li_text_of(hash));
}

/* ---- tries ---- */

/* One try. *again: another one may help. */
static enum li_status try_once(struct li_s3_client *client, const struct li_s3_call *call, const char *url,
                               struct li_arena *arena, struct li_net_response *response, bool *again,
                               struct li_error *err) {
    struct li_net_signature key = {.region = client->region, .service = LI_TEXT("s3")};
    struct li_net_request request = {.method = call->method,
                                     .url = url,
                                     .header_count = call->header_count,
                                     .body = call->body,
                                     .sign = &key,
                                     .max_bytes = call->max_bytes,
                                     .first_byte_ms = client->timeout_ms,
                                     .total_ms = client->timeout_ms};
    *again = false;
    memcpy(request.headers, call->headers, sizeof call->headers);
    enum li_status status = li_credentials_get(client->credentials, arena, &key, err);
    if (status)
        return status;
    status = li_net_do(client->net, &request, arena, response, err);
    if (status) {
        *again = status == LI_IO;
        return status;
    }
    enum missing missing = object_missing(call, response, arena);
    if (missing == MISSING)
        return LI_OK;
    if (missing == UNREADABLE) {
        *again = true;
        return li_fail(err, LI_IO, "the bucket %.63s answers 404 with a document that is none of S3's",
                       client->bucket.data);
    }
    if (response->status >= 200 && response->status < 300) {
        if (is_whole(call, response))
            return LI_OK;
        *again = true;
        return li_fail(err, LI_CORRUPT, "a stored object does not come as it was written");
    }
    *again = li_retry_helps(response->status);
    return refused(client, response, arena, err);
}

enum li_status li_s3_client_call(struct li_s3_client *client, const struct li_s3_call *call,
                                 struct li_arena *arena, struct li_net_response *response,
                                 struct li_error *err) {
    const char *url = url_of(client, call, arena);
    int64_t begun_ns = li_clock_monotonic_ns();
    struct li_error failure = {0};
    for (int attempt = 0;; attempt++) {
        bool again = false;
        enum li_status status = try_once(client, call, url, arena, response, &again, &failure);
        if (!status)
            return LI_OK;
        int next_ms = li_retry_pause_ms(attempt, client->backoff_ms, li_retry_unit());
        int64_t spent_ms = (li_clock_monotonic_ns() - begun_ns) / 1000000;
        if (again && attempt + 1 < client->tries && spent_ms + next_ms < GIVE_UP_MS) {
            li_clock_sleep_ms(next_ms);
            continue;
        }
        if (attempt == 0)
            return li_fail(err, status, "%s", failure.message);
        return li_fail(err, status, "%.200s, also after %d tries", failure.message, attempt + 1);
    }
}

/* ---- life ---- */

struct li_text li_s3_client_prefix(const struct li_s3_client *client) {
    return client->prefix;
}

static enum li_status check_options(const struct li_s3_options *options, struct li_error *err) {
    struct li_text bucket = li_text_of(options->bucket), prefix = li_text_of(options->prefix);
    bool right = bucket.size > 0 && bucket.size <= BUCKET_MAX && prefix.size <= PREFIX_MAX;
    for (size_t i = 0; right && i < bucket.size; i++)
        right = isalnum((unsigned char)bucket.data[i]) || strchr("-._", bucket.data[i]);
    if (!right)
        return li_fail(err, LI_INVALID,
                       "the bucket's name has letters, digits, '-', '.' and '_' only, its prefix at most %d "
                       "bytes",
                       PREFIX_MAX);
    if (prefix.size && prefix.data[0] == '/')
        return li_fail(err, LI_INVALID, "the prefix of a bucket's keys does not begin with a slash");
    return LI_OK;
}

enum li_status li_s3_client_new(const struct li_s3_options *options, struct li_s3_client **out,
                                struct li_error *err) {
    const struct li_credentials_settings settings = li_credentials_from_environment();
    const struct li_net_options net = {
        .private_addresses = true, .ca_file = options->ca_file, .connections = CONNECTIONS};
    enum li_status status = check_options(options, err);
    if (status)
        return status;
    struct li_s3_client *client = calloc(1, sizeof *client);
    if (!client)
        return li_fail(err, LI_NO_MEMORY, "no memory for a bucket");
    struct li_arena *arena = &client->arena;
    client->clock = options->store.clock;
    client->bucket = li_arena_copy(arena, li_text_of(options->bucket));
    client->region = li_arena_copy(arena, li_text_of(options->region ? options->region : "us-east-1"));
    client->prefix = li_arena_copy(arena, li_text_of(options->prefix));
    client->tries = options->tries ? (int)options->tries : LI_S3_TRIES;
    client->backoff_ms = options->backoff_ms ? options->backoff_ms : BACKOFF_MS;
    client->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_MS;
    status = make_base(client, options, err);
    if (!status)
        status = li_net_new(&net, &client->net, err);
    if (!status)
        status = li_credentials_new(&settings, client->net, &client->clock, &client->credentials, err);
    if (status)
        li_s3_client_free(client);
    else
        *out = client;
    return status;
}

void li_s3_client_free(struct li_s3_client *client) {
    if (!client)
        return;
    li_credentials_free(client->credentials);
    li_net_free(client->net);
    li_arena_release(&client->arena);
    free(client);
}
