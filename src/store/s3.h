/* s3.h - session objects in a bucket of Amazon S3 or of any store that speaks its protocol.
 *
 * Keys are PREFIX + "data/{session}/profile.json". Any number of processes may use one bucket: the last
 * writer wins, readers see whole objects only. What is too old is not there for readers (by Last-Modified, in
 * whole seconds); to remove it is the bucket's lifecycle rule's work, or li_store_sweep's.
 *
 * Calls that may help are tried again with full-jitter backoff: after 500, 502, 503, 504, 429 and broken
 * connections, never after another 4xx. LI_BUSY when the bucket asks to slow down to the end, LI_IO when it
 * refuses or cannot be reached. To tell "not there" from "not allowed", S3 wants the s3:ListBucket right. */
#ifndef LI_STORE_S3_H
#define LI_STORE_S3_H

#include "store/store.h"

enum { LI_S3_TRIES = 6, LI_S3_CACHE_DAYS = 30 };

/* Beside the sessions' "data/" and "logs/": what sources keep, and share. It belongs to no session, lives
 * LI_S3_CACHE_DAYS, and may be erased at any time. */
#define LI_S3_CACHE "cache"

struct li_s3_options {
    struct li_store_options store; /* Required: time to live, clock */
    const char *bucket;            /* Required */
    const char *region;            /* Optional: NULL = "us-east-1" */
    const char *endpoint;          /* Optional: "https://minio.example.org", NULL = Amazon's of the region */
    const char *prefix;            /* Optional: put before every key, "" or "listening/" */
    bool path_style;               /* endpoint/bucket/key instead of bucket.endpoint/key; taken anyway where
                                      the endpoint is an address or the bucket's name has dots */
    const char *ca_file;           /* Optional: certificates to trust instead of the system's */
    size_t tries;                  /* Optional: a call is made at most, 0 = LI_S3_TRIES */
    int backoff_ms;                /* Optional: the first pause is up to this, 0 = 50 */
    int timeout_ms;                /* Optional: for one try, 0 = 10,000 */
};

/* Checks the options; asks nobody yet. Credentials are looked for at the first call: in AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, from the container's endpoint, from the machine's metadata
 * (version 2). The caller owns *out. */
LI_MUST_USE enum li_status li_store_open_s3(const struct li_s3_options *options, struct li_store **out,
                                            struct li_error *err);

#endif
