#include "store/credentials.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/json.h"
#include "store/s3_xml.h"

enum {
    REFRESH_MS = 5 * 60 * 1000, /* before they expire */
    TRY_AGAIN_MS = 30 * 1000,   /* after a fetch failed while the old ones were still good */
    DOCUMENT_MAX = 64 * 1024,
    TOKEN_FILE_MAX = 16 * 1024,
};

struct keys {
    char *access_key, *secret_key, *session_token; /* session_token may be NULL */
    int64_t expires_ms;                            /* 0: never */
};

struct li_credentials {
    struct li_credentials_settings settings;
    struct li_net *net;
    const struct li_clock *clock;
    pthread_mutex_t lock;
    pthread_cond_t fetched;
    struct keys keys;
    bool fetching; /* one thread is asking; the lock is not held meanwhile */
    int64_t next_try_ms;
    struct li_error failure; /* of the last fetch */
};

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

struct li_credentials_settings li_credentials_from_environment(void) {
    const char *disabled = variable("AWS_EC2_METADATA_DISABLED");
    return (struct li_credentials_settings){
        .access_key = variable("AWS_ACCESS_KEY_ID"),
        .secret_key = variable("AWS_SECRET_ACCESS_KEY"),
        .session_token = variable("AWS_SESSION_TOKEN"),
        .container_relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        .container_full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        .container_token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
        .container_token_file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
        .metadata_endpoint = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
        .no_metadata = disabled && strcasecmp(disabled, "true") == 0,
    };
}

/* ---- the three sources ---- */

static void keys_clear(struct keys *keys) {
    free(keys->access_key);
    free(keys->secret_key);
    free(keys->session_token);
    *keys = (struct keys){0};
}

static char *copy_text(struct li_text text) {
    return text.size ? strndup(text.data, text.size) : NULL;
}

/* The document that containers and machines give: AccessKeyId, SecretAccessKey, Token, Expiration. */
static enum li_status read_document(struct li_text body, struct keys *out, struct li_error *err) {
    json_t *document = NULL;
    struct keys keys = {0};
    enum li_status status = li_json_parse(body, &document, err);
    struct li_text expiration = li_json_get_text(document, "Expiration");
    struct li_text token = li_json_get_text(document, "Token");
    if (!status) {
        keys.access_key = copy_text(li_json_get_text(document, "AccessKeyId"));
        keys.secret_key = copy_text(li_json_get_text(document, "SecretAccessKey"));
        keys.session_token = copy_text(token);
    }
    if (token.size && !keys.session_token) /* keys without their token would be refused for long */
        status = li_fail(err, LI_NO_MEMORY, "no memory for the credentials of the bucket");
    else if (status || !keys.access_key || !keys.secret_key ||
             (expiration.size && !li_s3_parse_iso(expiration, &keys.expires_ms)))
        status = li_fail(err, LI_IO, "the credentials endpoint answered what are no credentials");
    json_decref(document);
    if (status)
        keys_clear(&keys);
    else
        *out = keys;
    return status;
}

/* Asks one of the endpoints. LI_IO for any other answer than 200. */
static enum li_status ask(struct li_credentials *credentials, const char *method, const char *url,
                          const char *header, struct li_text value, struct li_arena *arena,
                          struct li_text *body, struct li_error *err) {
    struct li_net_request request = {.method = method,
                                     .url = url,
                                     .max_bytes = DOCUMENT_MAX,
                                     .connect_ms = 1000,
                                     .first_byte_ms = 3000,
                                     .total_ms = 5000};
    struct li_net_response response;
    if (value.size)
        request.headers[request.header_count++] = (struct li_net_header){li_text_of(header), value};
    enum li_status status = li_net_do(credentials->net, &request, arena, &response, err);
    if (!status && response.status != 200)
        status = li_fail(err, LI_IO, "the credentials endpoint answered %d", response.status);
    if (!status)
        *body = response.body;
    return status;
}

static enum li_status read_token_file(const char *path, struct li_arena *arena, struct li_text *out,
                                      struct li_error *err) {
    char *bytes = li_arena_alloc(arena, TOKEN_FILE_MAX);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, bytes, TOKEN_FILE_MAX);
    if (file >= 0)
        close(file);
    if (size <= 0 || size == TOKEN_FILE_MAX)
        return li_fail(err, LI_IO, "the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read");
    *out = li_text_trim((struct li_text){bytes, (size_t)size});
    return LI_OK;
}

/* As the AWS SDKs have it: a token must not travel in the clear, except to this machine or to the two
 * link-local addresses that ECS and EKS use. */
static bool container_address_allowed(const char *url) {
    static const char *const HOSTS[] = {"localhost",     "127.0.0.1",      "[::1]",
                                        "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
    if (strncmp(url, "https://", 8) == 0)
        return true;
    if (strncmp(url, "http://", 7) != 0)
        return false;
    for (size_t i = 0; i < sizeof HOSTS / sizeof *HOSTS; i++) {
        size_t size = strlen(HOSTS[i]);
        if (strncmp(url + 7, HOSTS[i], size) == 0 && strchr(":/", url[7 + size])) /* or the end */
            return true;
    }
    return false;
}

static enum li_status ask_container(struct li_credentials *credentials, struct li_arena *arena,
                                    struct keys *out, struct li_error *err) {
    const struct li_credentials_settings *settings = &credentials->settings;
    struct li_text token = li_text_of(settings->container_token), body = {0};
    const char *url = settings->container_full;
    enum li_status status = LI_OK;
    if (settings->container_relative)
        url = li_arena_printf(arena, "http://169.254.170.2%s", settings->container_relative).data;
    if (!container_address_allowed(url))
        return li_fail(err, LI_INVALID,
                       "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or an address of this machine");
    if (settings->container_token_file)
        status = read_token_file(settings->container_token_file, arena, &token, err);
    if (!status)
        status = ask(credentials, "GET", url, "Authorization", token, arena, &body, err);
    return status ? status : read_document(body, out, err);
}

/* "Use IMDSv2" in the EC2 user guide: a token first, then the role's name, then its keys. */
static enum li_status ask_machine(struct li_credentials *credentials, struct li_arena *arena,
                                  struct keys *out, struct li_error *err) {
    const char *endpoint = credentials->settings.metadata_endpoint;
    struct li_text token = {0}, role = {0}, body = {0};
    if (!endpoint)
        endpoint = "http://169.254.169.254";
    size_t size = strlen(endpoint);
    const char *slash = size && endpoint[size - 1] == '/' ? "" : "/";
    const char *token_url = li_arena_printf(arena, "%s%slatest/api/token", endpoint, slash).data;
    const char *roles_url =
        li_arena_printf(arena, "%s%slatest/meta-data/iam/security-credentials/", endpoint, slash).data;
    enum li_status status = ask(credentials, "PUT", token_url, "X-aws-ec2-metadata-token-ttl-seconds",
                                LI_TEXT("21600"), arena, &token, err);
    if (!status)
        status = ask(credentials, "GET", roles_url, "X-aws-ec2-metadata-token", token, arena, &role, err);
    if (!status) {
        struct li_text rest = li_text_trim(role), name = li_text_trim(li_text_cut(&rest, '\n'));
        const char *url = li_arena_printf(arena, "%s%.*s", roles_url, LI_TEXT_ARG(name)).data;
        status = ask(credentials, "GET", url, "X-aws-ec2-metadata-token", token, arena, &body, err);
    }
    return status ? status : read_document(body, out, err);
}

static enum li_status fetch(struct li_credentials *credentials, struct keys *out, struct li_error *err) {
    const struct li_credentials_settings *settings = &credentials->settings;
    struct li_arena arena = {0};
    enum li_status status;
    if (settings->container_relative || settings->container_full)
        status = ask_container(credentials, &arena, out, err);
    else if (!settings->no_metadata)
        status = ask_machine(credentials, &arena, out, err);
    else
        status = LI_IO;
    li_arena_release(&arena);
    if (status && !settings->container_relative && !settings->container_full)
        return li_fail(err, LI_IO,
                       "no credentials for the bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                       "give the machine or container a role");
    return status;
}

/* ---- keeping them fresh ---- */

enum li_status li_credentials_new(const struct li_credentials_settings *settings, struct li_net *net,
                                  const struct li_clock *clock, struct li_credentials **out,
                                  struct li_error *err) {
    if (!settings->access_key != !settings->secret_key)
        return li_fail(err, LI_INVALID, "set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither");
    struct li_credentials *credentials = calloc(1, sizeof *credentials);
    if (!credentials)
        return li_fail(err, LI_NO_MEMORY, "no memory for credentials");
    credentials->settings = *settings;
    credentials->net = net;
    credentials->clock = clock;
    pthread_mutex_init(&credentials->lock, NULL);
    pthread_cond_init(&credentials->fetched, NULL);
    *out = credentials;
    return LI_OK;
}

void li_credentials_free(struct li_credentials *credentials) {
    if (!credentials)
        return;
    keys_clear(&credentials->keys);
    pthread_cond_destroy(&credentials->fetched);
    pthread_mutex_destroy(&credentials->lock);
    free(credentials);
}

static bool good_until(const struct keys *keys, int64_t ms) {
    return keys->access_key && (keys->expires_ms == 0 || keys->expires_ms > ms);
}

/* Fetches without the lock, which is held before and after. */
static enum li_status fetch_unlocked(struct li_credentials *credentials) {
    struct keys keys = {0};
    struct li_error failure = {0};
    credentials->fetching = true;
    pthread_mutex_unlock(&credentials->lock);
    enum li_status status = fetch(credentials, &keys, &failure);
    pthread_mutex_lock(&credentials->lock);
    credentials->fetching = false;
    pthread_cond_broadcast(&credentials->fetched);
    if (status) {
        credentials->next_try_ms = li_clock_now_ms(credentials->clock) + TRY_AGAIN_MS;
        credentials->failure = failure;
    } else {
        keys_clear(&credentials->keys);
        credentials->keys = keys;
        credentials->next_try_ms = 0;
    }
    return status;
}

/* Sees to it that the keys are good now. The lock is held. One thread fetches: the others wait for it only
 * when the old keys have expired. */
static enum li_status make_good(struct li_credentials *credentials, struct li_error *err) {
    const struct keys *keys = &credentials->keys;
    int64_t now_ms = li_clock_now_ms(credentials->clock);
    bool waited = false;
    while (credentials->fetching && !good_until(keys, now_ms)) {
        pthread_cond_wait(&credentials->fetched, &credentials->lock);
        waited = true;
    }
    bool good = good_until(keys, now_ms);
    bool leave = credentials->fetching || good_until(keys, now_ms + REFRESH_MS) ||
                 (good && now_ms < credentials->next_try_ms);
    enum li_status status = LI_OK;
    if (!good && waited) /* one that fails for all is asked once for all */
        status = credentials->failure.status;
    else if (!leave)
        status = fetch_unlocked(credentials);
    if (!status || good)
        return LI_OK;
    if (err)
        *err = credentials->failure;
    return status;
}

static struct li_text copy_into(struct li_arena *arena, const char *text) {
    return text ? li_arena_copy(arena, li_text_of(text)) : (struct li_text){0};
}

enum li_status li_credentials_get(struct li_credentials *credentials, struct li_arena *arena,
                                  struct li_net_signature *out, struct li_error *err) {
    const struct li_credentials_settings *settings = &credentials->settings;
    if (settings->access_key) {
        out->access_key = copy_into(arena, settings->access_key);
        out->secret_key = copy_into(arena, settings->secret_key);
        out->session_token = copy_into(arena, settings->session_token);
        return LI_OK;
    }
    pthread_mutex_lock(&credentials->lock);
    enum li_status status = make_good(credentials, err);
    if (!status) {
        out->access_key = copy_into(arena, credentials->keys.access_key);
        out->secret_key = copy_into(arena, credentials->keys.secret_key);
        out->session_token = copy_into(arena, credentials->keys.session_token);
    }
    pthread_mutex_unlock(&credentials->lock);
    return status;
}
