/* sigv4.c - AWS's "Authenticating Requests: Using the Authorization Header (Signature Version 4)", step by
 * step. SHA-256 and HMAC are Nettle's. */
#include "net/sigv4.h"

#include <ctype.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

static void write_hex(const uint8_t *bytes, char out[LI_SHA256_HEX + 1]) {
    for (size_t i = 0; i < SHA256_DIGEST_SIZE; i++) {
        out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    out[LI_SHA256_HEX] = '\0';
}

void li_sha256_hex(struct li_text bytes, char out[LI_SHA256_HEX + 1]) {
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    if (bytes.size)
        sha256_update(&context, bytes.size, (const uint8_t *)bytes.data);
    sha256_digest(&context, sizeof digest, digest);
    write_hex(digest, out);
}

void li_sigv4_date(int64_t now_ms, char out[LI_SIGV4_DATE]) {
    char iso[LI_TIMESTAMP_SIZE]; /* 2026-11-22T20:06:28.123Z */
    li_clock_format(now_ms, iso);
    snprintf(out, LI_SIGV4_DATE, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso, iso + 5, iso + 8, iso + 11, iso + 14,
             iso + 17);
}

/* ---- the canonical request ---- */

static int by_bytes(const void *a, const void *b) {
    return li_text_compare(*(const struct li_text *)a, *(const struct li_text *)b);
}

static int by_name(const void *a, const void *b) {
    return li_text_compare(((const struct li_net_header *)a)->name, ((const struct li_net_header *)b)->name);
}

/* A copy in which every parameter has a '=', sorted by encoded name, then value. '=' sorts before all letters
 * and digits but after '%' and '-': names are compared apart from values. */
static enum li_status canonical_query(struct li_text query, struct li_arena *arena, struct li_text *out,
                                      struct li_error *err) {
    struct li_text pairs[LI_SIGV4_QUERY_MAX] = {{0}}, joined = LI_TEXT("");
    size_t count = 0;
    while (query.size) {
        struct li_text value = li_text_cut(&query, '&');
        struct li_text name = li_text_cut(&value, '=');
        if (count == LI_SIGV4_QUERY_MAX)
            return li_fail(err, LI_INVALID, "a signed request has at most %d parameters", LI_SIGV4_QUERY_MAX);
        /* '\1' sorts before everything that may stand in a name */
        pairs[count++] = li_arena_printf(arena, "%.*s\1%.*s", LI_TEXT_ARG(name), LI_TEXT_ARG(value));
    }
    qsort(pairs, count, sizeof *pairs, by_bytes);
    for (size_t i = 0; i < count; i++) {
        struct li_text value = pairs[i], name = li_text_cut(&value, '\1');
        joined = li_arena_printf(arena, "%.*s%s%.*s=%.*s", LI_TEXT_ARG(joined), i ? "&" : "",
                                 LI_TEXT_ARG(name), LI_TEXT_ARG(value));
    }
    *out = joined;
    return LI_OK;
}

/* Lower case, for a header's name. */
static struct li_text lower(struct li_text name, struct li_arena *arena) {
    char *copy = li_arena_alloc(arena, name.size + 1);
    for (size_t i = 0; i < name.size; i++)
        copy[i] = (char)tolower((unsigned char)name.data[i]);
    return (struct li_text){copy, name.size};
}

/* Without white space at the ends, runs of spaces within made one. */
static struct li_text squeeze(struct li_text value, struct li_arena *arena) {
    struct li_text trimmed = li_text_trim(value);
    char *copy = li_arena_alloc(arena, trimmed.size + 1);
    size_t used = 0;
    for (size_t i = 0; i < trimmed.size; i++)
        if (trimmed.data[i] != ' ' || trimmed.data[i - 1] != ' ')
            copy[used++] = trimmed.data[i];
    return (struct li_text){copy, used};
}

/* "host:example.org\n..." into *lines and "host;..." into *names. */
static enum li_status canonical_headers(const struct li_sigv4_request *request, struct li_arena *arena,
                                        struct li_text *lines, struct li_text *names, struct li_error *err) {
    struct li_net_header sorted[LI_SIGV4_HEADERS_MAX];
    struct li_text all = LI_TEXT(""), list = LI_TEXT("");
    if (request->header_count > LI_SIGV4_HEADERS_MAX)
        return li_fail(err, LI_INVALID, "a signed request has at most %d headers", LI_SIGV4_HEADERS_MAX);
    for (size_t i = 0; i < request->header_count; i++)
        sorted[i] = (struct li_net_header){lower(request->headers[i].name, arena),
                                           squeeze(request->headers[i].value, arena)};
    qsort(sorted, request->header_count, sizeof *sorted, by_name);
    for (size_t i = 0; i < request->header_count; i++) {
        all = li_arena_printf(arena, "%.*s%.*s:%.*s\n", LI_TEXT_ARG(all), LI_TEXT_ARG(sorted[i].name),
                              LI_TEXT_ARG(sorted[i].value));
        list = li_arena_printf(arena, "%.*s%s%.*s", LI_TEXT_ARG(list), i ? ";" : "",
                               LI_TEXT_ARG(sorted[i].name));
    }
    *lines = all;
    *names = list;
    return LI_OK;
}

/* ---- the signature ---- */

static void hmac(const uint8_t *key, size_t key_size, struct li_text text, uint8_t out[SHA256_DIGEST_SIZE]) {
    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key_size, key);
    if (text.size)
        hmac_sha256_update(&context, text.size, (const uint8_t *)text.data);
    hmac_sha256_digest(&context, SHA256_DIGEST_SIZE, out);
}

/* The key of this day, region and service. */
static void signing_key(const struct li_net_signature *key, const char *date, struct li_arena *arena,
                        uint8_t out[SHA256_DIGEST_SIZE]) {
    struct li_text secret = li_arena_printf(arena, "AWS4%.*s", LI_TEXT_ARG(key->secret_key));
    hmac((const uint8_t *)secret.data, secret.size, (struct li_text){date, 8}, out);
    hmac(out, SHA256_DIGEST_SIZE, key->region, out);
    hmac(out, SHA256_DIGEST_SIZE, key->service, out);
    hmac(out, SHA256_DIGEST_SIZE, LI_TEXT("aws4_request"), out);
}

enum li_status li_sigv4_sign(const struct li_sigv4_request *request, const struct li_net_signature *key,
                             const char *date, struct li_arena *arena, struct li_text *out,
                             struct li_error *err) {
    struct li_text query = {0}, lines = {0}, names = {0};
    char hash[LI_SHA256_HEX + 1], signature[LI_SHA256_HEX + 1];
    uint8_t derived[SHA256_DIGEST_SIZE];
    enum li_status status = canonical_query(request->query, arena, &query, err);
    if (!status)
        status = canonical_headers(request, arena, &lines, &names, err);
    if (status)
        return status;
    struct li_text canonical = li_arena_printf(
        arena, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", LI_TEXT_ARG(request->method), LI_TEXT_ARG(request->path),
        LI_TEXT_ARG(query), LI_TEXT_ARG(lines), LI_TEXT_ARG(names), LI_TEXT_ARG(request->payload_hash));
    li_sha256_hex(canonical, hash);
    struct li_text scope = li_arena_printf(arena, "%.8s/%.*s/%.*s/aws4_request", date,
                                           LI_TEXT_ARG(key->region), LI_TEXT_ARG(key->service));
    struct li_text to_sign =
        li_arena_printf(arena, "AWS4-HMAC-SHA256\n%s\n%.*s\n%s", date, LI_TEXT_ARG(scope), hash);
    signing_key(key, date, arena, derived);
    hmac(derived, sizeof derived, to_sign, derived);
    write_hex(derived, signature);
    *out = li_arena_printf(arena, "AWS4-HMAC-SHA256 Credential=%.*s/%.*s,SignedHeaders=%.*s,Signature=%s",
                           LI_TEXT_ARG(key->access_key), LI_TEXT_ARG(scope), LI_TEXT_ARG(names), signature);
    return LI_OK;
}
