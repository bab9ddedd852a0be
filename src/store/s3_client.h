/* s3_client.h - signed requests to one bucket, tried again where that may help. */
#ifndef LI_STORE_S3_CLIENT_H
#define LI_STORE_S3_CLIENT_H

#include "store/credentials.h"
#include "store/s3.h"

/* The header that carries the SHA-256 of an object, in hexadecimal digits. */
#define LI_S3_HASH_HEADER "x-amz-meta-sha256"

struct li_s3_client;

LI_MUST_USE enum li_status li_s3_client_new(const struct li_s3_options *options, struct li_s3_client **out,
                                            struct li_error *err);
void li_s3_client_free(struct li_s3_client *client);

struct li_s3_call {
    const char *method;
    const char *key;   /* of an object, without the prefix; NULL: the bucket itself */
    const char *query; /* Optional: percent-encoded, without '?' */
    struct li_net_header headers[4];
    size_t header_count;
    struct li_text body;
    size_t max_bytes; /* of the answer */
};

/* LI_OK for 2xx and for 404 of an object (look at response->status); every other answer is an error with its
 * sentence. The answer is in the arena. */
LI_MUST_USE enum li_status li_s3_client_call(struct li_s3_client *client, const struct li_s3_call *call,
                                             struct li_arena *arena, struct li_net_response *response,
                                             struct li_error *err);

/* The text that stands before every key. */
struct li_text li_s3_client_prefix(const struct li_s3_client *client);

#endif
