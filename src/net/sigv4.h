/* sigv4.h - AWS Signature Version 4, as S3 wants it: the path is signed as it is sent (encoded once, not
 * normalised).
 *
 * libcurl can sign too, but Debian 12's 7.88 neither sorts query parameters nor leaves a request's x-amz
 * headers in order, and it cannot be given the date of AWS's published examples. A signer of our own is 150
 * lines and stands on those examples (tests/net/test_sigv4.c). */
#ifndef LI_NET_SIGV4_H
#define LI_NET_SIGV4_H

#include <stdint.h>

#include "net/net.h"

enum {
    LI_SHA256_HEX = 64,
    LI_SIGV4_DATE = 17,        /* "20130524T000000Z" and a NUL */
    LI_SIGV4_HEADERS_MAX = 32, /* headers that can be signed */
    LI_SIGV4_QUERY_MAX = 32    /* parameters that can be signed */
};

struct li_sigv4_request {
    struct li_text method, path, query;  /* path and query are percent-encoded already, without '?' */
    const struct li_net_header *headers; /* what is signed: Host at least */
    size_t header_count;
    struct li_text payload_hash; /* LI_SHA256_HEX digits, or "UNSIGNED-PAYLOAD" */
};

/* "20130524T000000Z" */
void li_sigv4_date(int64_t now_ms, char out[LI_SIGV4_DATE]);

/* 64 lower-case digits of the SHA-256 of bytes, and a NUL. */
void li_sha256_hex(struct li_text bytes, char out[LI_SHA256_HEX + 1]);

/* The value of the Authorization header, in the arena. LI_INVALID for too many headers or parameters. */
LI_MUST_USE enum li_status li_sigv4_sign(const struct li_sigv4_request *request,
                                         const struct li_net_signature *key, const char *date,
                                         struct li_arena *arena, struct li_text *out, struct li_error *err);

#endif
