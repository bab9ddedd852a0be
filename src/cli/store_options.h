/* store_options.h - the options that say where session objects are kept: --data or --s3 and its own. */
#ifndef LI_CLI_STORE_OPTIONS_H
#define LI_CLI_STORE_OPTIONS_H

#include "cli/options.h"
#include "store/s3.h"

struct li_store_settings {
    const char *data;     /* a folder */
    const char *bucket;   /* NULL: the folder */
    const char *endpoint; /* NULL: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else Amazon's */
    const char *region;   /* NULL: AWS_REGION, AWS_DEFAULT_REGION, else us-east-1 */
    const char *prefix;   /* NULL: none */
    bool path_style;
};

/* Rows for a table of struct li_option; settings is a struct li_store_settings. */
#define LI_STORE_OPTIONS(settings)                                                                           \
    {"data",           LI_OPTION_TEXT, &(settings).data,                                                     \
     "LISTENING_DATA", "DIR",          "folder of the session objects (listening-data)"},                    \
        {"s3",                                                                                               \
         LI_OPTION_TEXT,                                                                                     \
         &(settings).bucket,                                                                                 \
         "LISTENING_S3_BUCKET",                                                                              \
         "BUCKET",                                                                                           \
         "keep session objects in a bucket instead; keys from AWS_ACCESS_KEY_ID and so on"},                 \
        {"s3-endpoint",                                                                                      \
         LI_OPTION_TEXT,                                                                                     \
         &(settings).endpoint,                                                                               \
         "LISTENING_S3_ENDPOINT",                                                                            \
         "URL",                                                                                              \
         "an S3-compatible store (AWS_ENDPOINT_URL_S3, else Amazon's)"},                                     \
        {"s3-region",           LI_OPTION_TEXT, &(settings).region,                                          \
         "LISTENING_S3_REGION", "NAME",         "the bucket's region (AWS_REGION, else us-east-1)"},         \
        {"s3-prefix",           LI_OPTION_TEXT, &(settings).prefix,                                          \
         "LISTENING_S3_PREFIX", "TEXT",         "put before every key, as in \"listening/\""},               \
    {                                                                                                        \
        "s3-path-style", LI_OPTION_FLAG, &(settings).path_style, "LISTENING_S3_PATH_STYLE", NULL,            \
            "ask ENDPOINT/BUCKET/key, not BUCKET.ENDPOINT/key"                                               \
    }

/* How to reach the bucket of the settings, which outlive it; the caller sets .store. False when they name
 * none. */
bool li_cli_s3_options(const struct li_store_settings *settings, struct li_s3_options *out);

/* Opens what the settings name: the bucket when there is one, else the folder ("listening-data" when NULL).
 * The caller owns *out. */
LI_MUST_USE enum li_status li_cli_open_store(const struct li_store_settings *settings, int64_t ttl_ms,
                                             struct li_store **out, struct li_error *err);

#endif
