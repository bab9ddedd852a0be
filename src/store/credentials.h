/* credentials.h - the keys that requests are signed with, and where they come from, in this order: the
 * environment, the container's endpoint (ECS, EKS), the metadata service of an EC2 machine (version 2).
 * Those that expire are fetched anew in good time. May be used from any thread. */
#ifndef LI_STORE_CREDENTIALS_H
#define LI_STORE_CREDENTIALS_H

#include "base/clock.h"
#include "net/net.h"

/* What the environment says. Texts are looked at until li_credentials_free; all are optional. */
struct li_credentials_settings {
    const char *access_key, *secret_key, *session_token; /* AWS_ACCESS_KEY_ID ... */
    const char *container_relative;   /* AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: a path at 169.254.170.2 */
    const char *container_full;       /* AWS_CONTAINER_CREDENTIALS_FULL_URI */
    const char *container_token;      /* AWS_CONTAINER_AUTHORIZATION_TOKEN */
    const char *container_token_file; /* AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: read at each fetch */
    const char *metadata_endpoint;    /* AWS_EC2_METADATA_SERVICE_ENDPOINT */
    bool no_metadata;                 /* AWS_EC2_METADATA_DISABLED */
};

struct li_credentials_settings li_credentials_from_environment(void);

struct li_credentials;

/* net and clock outlive it. The caller owns *out. */
LI_MUST_USE enum li_status li_credentials_new(const struct li_credentials_settings *settings,
                                              struct li_net *net, const struct li_clock *clock,
                                              struct li_credentials **out, struct li_error *err);
void li_credentials_free(struct li_credentials *credentials);

/* Fills access_key, secret_key and session_token of *out with copies in the arena. LI_IO when there are none,
 * with what to do. */
LI_MUST_USE enum li_status li_credentials_get(struct li_credentials *credentials, struct li_arena *arena,
                                              struct li_net_signature *out, struct li_error *err);

#endif
