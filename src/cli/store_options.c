#include "cli/store_options.h"

#include <stdlib.h>

/* The first that is set and not empty, or NULL. */
static const char *first_of(const char *value, const char *variable, const char *other_variable) {
    const char *candidates[] = {value, getenv(variable), getenv(other_variable)};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        if (candidates[i] && *candidates[i])
            return candidates[i];
    return NULL;
}

bool li_cli_s3_options(const struct li_store_settings *settings, struct li_s3_options *out) {
    if (!settings->bucket || !*settings->bucket)
        return false;
    *out = (struct li_s3_options){
        .bucket = settings->bucket,
        .region = first_of(settings->region, "AWS_REGION", "AWS_DEFAULT_REGION"),
        .endpoint = first_of(settings->endpoint, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
        .prefix = settings->prefix,
        .path_style = settings->path_style,
        .ca_file = getenv("AWS_CA_BUNDLE"),
    };
    return true;
}

enum li_status li_cli_open_store(const struct li_store_settings *settings, int64_t ttl_ms,
                                 struct li_store **out, struct li_error *err) {
    const struct li_store_options store = {.ttl_ms = ttl_ms};
    struct li_s3_options options;
    if (!li_cli_s3_options(settings, &options))
        return li_store_open_dir(settings->data ? settings->data : "listening-data", &store, out, err);
    options.store = store;
    return li_store_open_s3(&options, out, err);
}
