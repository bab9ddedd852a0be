/* Credentials from a server that plays the container's endpoint and the machine's metadata service. */
#include "folder.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "store/credentials.h"

static const int64_t NOON_MS = 1800000000000; /* 2027-01-15T08:00:00Z */
static const char IN_AN_HOUR[] = "2027-01-15T09:00:00Z", IN_TWO_HOURS[] = "2027-01-15T10:00:00Z";

/* Answers one connection after the other, each with one answer. */
static struct {
    int listener, port;
    pthread_t thread;
    pthread_mutex_t lock;
    char document[1024], wanted_token[64]; /* what it gives, to whom */
    int status;                            /* of its answers when not 200 */
    _Atomic int fetches;                   /* of the document */
} endpoint;

static void answer(int client, int status, const char *body) {
    char text[2048];
    int size =
        snprintf(text, sizeof text, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                 status, strlen(body), body);
    if (send(client, text, (size_t)size, MSG_NOSIGNAL) < 0)
        print_message("the client has gone\n");
}

static bool has_header(const char *request, const char *name, const char *value) {
    char line[200];
    snprintf(line, sizeof line, "\r\n%s: %s\r\n", name, value);
    return strcasestr(request, line) != NULL;
}

static void serve(int client, const char *request) {
    static const char ROLES[] = "/latest/meta-data/iam/security-credentials/";
    char role_line[100];
    snprintf(role_line, sizeof role_line, "GET %smy-role ", ROLES);
    bool trusted = has_header(request, "X-aws-ec2-metadata-token", "session-token");
    if (endpoint.status != 200) {
        answer(client, endpoint.status, "no");
    } else if (strncmp(request, "PUT /latest/api/token ", 22) == 0) {
        bool right = has_header(request, "X-aws-ec2-metadata-token-ttl-seconds", "21600");
        answer(client, right ? 200 : 400, "session-token");
    } else if (strncmp(request, role_line, strlen(role_line)) == 0 && trusted) {
        atomic_fetch_add(&endpoint.fetches, 1);
        answer(client, 200, endpoint.document);
    } else if (strncmp(request, "GET /latest/meta-data/iam/security-credentials/ ", 48) == 0 && trusted) {
        answer(client, 200, "my-role\n");
    } else if (strncmp(request, "GET /container ", 15) == 0 &&
               (!endpoint.wanted_token[0] || has_header(request, "Authorization", endpoint.wanted_token))) {
        atomic_fetch_add(&endpoint.fetches, 1);
        answer(client, 200, endpoint.document);
    } else {
        answer(client, 401, "who are you?");
    }
}

static void *serve_all(void *unused) {
    for (;;) {
        char request[4096];
        size_t size = 0;
        int client = accept(endpoint.listener, NULL, NULL);
        if (client < 0)
            return unused;
        do {
            ssize_t got = recv(client, request + size, sizeof request - 1 - size, 0);
            if (got <= 0)
                break;
            size += (size_t)got;
            request[size] = '\0';
        } while (!strstr(request, "\r\n\r\n"));
        pthread_mutex_lock(&endpoint.lock);
        serve(client, request);
        pthread_mutex_unlock(&endpoint.lock);
        close(client);
    }
}

static void play(int status, const char *access_key, const char *expiration) {
    pthread_mutex_lock(&endpoint.lock);
    endpoint.status = status;
    snprintf(endpoint.document, sizeof endpoint.document,
             "{\"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"secret\", \"Token\": \"token\", "
             "\"Expiration\": \"%s\"}",
             access_key, expiration);
    pthread_mutex_unlock(&endpoint.lock);
}

static void play_document(const char *document) {
    pthread_mutex_lock(&endpoint.lock);
    endpoint.status = 200;
    snprintf(endpoint.document, sizeof endpoint.document, "%s", document);
    pthread_mutex_unlock(&endpoint.lock);
}

static void want_token(const char *token) {
    pthread_mutex_lock(&endpoint.lock);
    snprintf(endpoint.wanted_token, sizeof endpoint.wanted_token, "%s", token);
    pthread_mutex_unlock(&endpoint.lock);
}

/* ---- a test's world ---- */

struct world {
    struct li_net *net;
    struct li_clock clock;
    struct li_credentials *credentials;
    struct li_arena arena;
    char url[100];
};

static struct world *open_world(struct world *world, struct li_credentials_settings settings) {
    struct li_error err = {0};
    memset(world, 0, sizeof *world);
    world->clock.fixed_ms = NOON_MS;
    check(li_net_new(&(struct li_net_options){.private_addresses = true}, &world->net, &err) == LI_OK, "%s",
          err.message);
    check(li_credentials_new(&settings, world->net, &world->clock, &world->credentials, &err) == LI_OK, "%s",
          err.message);
    atomic_store(&endpoint.fetches, 0);
    return world;
}

static void close_world(struct world *world) {
    li_credentials_free(world->credentials);
    li_net_free(world->net);
    li_arena_release(&world->arena);
}

static const char *container_url(void) {
    static char url[100];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/container", endpoint.port);
    return url;
}

/* The access key, or NULL with the error. */
static const char *access_key(struct world *world, struct li_error *err) {
    struct li_net_signature key = {0};
    if (li_credentials_get(world->credentials, &world->arena, &key, err) != LI_OK)
        return NULL;
    return key.access_key.data;
}

static void test_environment(void **state) {
    (void)state;
    struct world world;
    struct li_net_signature key = {0};
    open_world(&world,
               (struct li_credentials_settings){
                   .access_key = "AK", .secret_key = "SK", .session_token = "ST", .no_metadata = true});
    assert_int_equal(li_credentials_get(world.credentials, &world.arena, &key, NULL), LI_OK);
    assert_string_equal(key.access_key.data, "AK");
    assert_string_equal(key.secret_key.data, "SK");
    assert_string_equal(key.session_token.data, "ST");
    close_world(&world);
    static const char *const names[] = {"AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN",
                                        "AWS_EC2_METADATA_DISABLED"};
    setenv(names[0], "A", 1);
    setenv(names[1], "", 1);
    setenv(names[2], "True", 1);
    struct li_credentials_settings settings = li_credentials_from_environment();
    assert_string_equal(settings.access_key, "A");
    assert_null(settings.session_token);
    assert_true(settings.no_metadata);
    for (size_t i = 0; i < 3; i++)
        unsetenv(names[i]);
}

static void test_half_a_pair(void **state) {
    (void)state;
    const struct li_credentials_settings halves[] = {{.access_key = "AK"}, {.secret_key = "SK"}};
    for (size_t i = 0; i < 2; i++) {
        struct li_credentials *credentials = NULL;
        struct li_clock clock = {0};
        struct li_error err = {0};
        assert_int_equal(li_credentials_new(&halves[i], NULL, &clock, &credentials, &err), LI_INVALID);
        assert_non_null(strstr(err.message, "both"));
    }
}

static void test_nowhere(void **state) {
    (void)state;
    struct world world;
    struct li_error err = {0};
    open_world(&world, (struct li_credentials_settings){.no_metadata = true});
    assert_null(access_key(&world, &err));
    assert_int_equal(err.status, LI_IO);
    assert_non_null(strstr(err.message, "AWS_ACCESS_KEY_ID"));
    close_world(&world);
}

static void test_container(void **state) {
    (void)state;
    struct world world;
    struct folder folder;
    char path[512];
    struct li_error err = {0};
    play(200, "FIRST", IN_AN_HOUR);
    folder_make(&folder);
    FILE *file = fopen(folder_path(&folder, "token", path), "w");
    fputs("file-token\n", file);
    fclose(file);
    const struct {
        const char *token, *token_file, *wanted;
        bool right;
    } cases[] = {{NULL, NULL, "", true},
                 {"plain", NULL, "plain", true},
                 {"plain", path, "file-token", true}, /* the file counts first: it is renewed */
                 {"wrong", NULL, "plain", false},
                 {NULL, "/no/such/file", "", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        want_token(cases[i].wanted);
        open_world(&world, (struct li_credentials_settings){.container_full = container_url(),
                                                            .container_token = cases[i].token,
                                                            .container_token_file = cases[i].token_file});
        const char *got = access_key(&world, &err);
        check(cases[i].right ? got && strcmp(got, "FIRST") == 0 : !got, "case %zu: %s", i, err.message);
        close_world(&world);
    }
    want_token("");
    folder_remove(&folder);
}

static void test_where_a_token_must_not_go(void **state) {
    (void)state;
    static const char *const urls[] = {"http://example.invalid/",
                                       "http://127.0.0.1.example.invalid/",
                                       "http://169.254.170.2.evil.test/",
                                       "http://localhostess/",
                                       "ftp://127.0.0.1/",
                                       "127.0.0.1/",
                                       "http://localhost@evil.invalid/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct world world;
        struct li_error err = {0};
        open_world(&world,
                   (struct li_credentials_settings){.container_full = urls[i], .container_token = "t"});
        check(!access_key(&world, &err) && err.status == LI_INVALID, "%s: %s", urls[i], err.message);
        close_world(&world);
    }
}

static void test_machine(void **state) {
    (void)state;
    struct world world;
    struct li_error err = {0};
    for (int slash = 0; slash < 2; slash++) {
        char url[100];
        snprintf(url, sizeof url, "http://127.0.0.1:%d%s", endpoint.port, slash ? "/" : "");
        play(200, "MACHINE", IN_AN_HOUR);
        open_world(&world, (struct li_credentials_settings){.metadata_endpoint = url});
        const char *got = access_key(&world, &err);
        check(got && strcmp(got, "MACHINE") == 0, "%s", err.message);
        close_world(&world);
    }
}

static void test_kept_and_refreshed(void **state) {
    (void)state;
    struct world world;
    struct li_error err = {0};
    play(200, "FIRST", IN_AN_HOUR);
    open_world(&world, (struct li_credentials_settings){.container_full = container_url()});
    for (int i = 0; i < 10; i++)
        assert_string_equal(access_key(&world, &err), "FIRST");
    assert_int_equal(atomic_load(&endpoint.fetches), 1);
    play(200, "SECOND", IN_TWO_HOURS);
    world.clock.fixed_ms = NOON_MS + 54 * 60 * 1000;
    assert_string_equal(access_key(&world, &err), "FIRST");
    world.clock.fixed_ms = NOON_MS + 56 * 60 * 1000; /* four minutes before they expire */
    assert_string_equal(access_key(&world, &err), "SECOND");
    assert_int_equal(atomic_load(&endpoint.fetches), 2);
    close_world(&world);
}

static void test_a_refresh_that_fails(void **state) {
    (void)state;
    struct world world;
    struct li_error err = {0};
    play(200, "FIRST", IN_AN_HOUR);
    open_world(&world, (struct li_credentials_settings){.container_full = container_url()});
    assert_string_equal(access_key(&world, &err), "FIRST");
    play(500, "SECOND", IN_TWO_HOURS);
    world.clock.fixed_ms = NOON_MS + 56 * 60 * 1000;
    assert_string_equal(access_key(&world, &err), "FIRST"); /* still good */
    play(200, "SECOND", IN_TWO_HOURS);
    assert_string_equal(access_key(&world, &err), "FIRST"); /* not asked again at once */
    world.clock.fixed_ms += 31 * 1000;
    assert_string_equal(access_key(&world, &err), "SECOND");
    play(500, "", "");
    world.clock.fixed_ms = NOON_MS + 121 * 60 * 1000; /* expired, and no others to be had */
    assert_null(access_key(&world, &err));
    assert_int_equal(err.status, LI_IO);
    play(200, "THIRD", "2027-01-15T11:00:00Z");
    assert_string_equal(access_key(&world, &err), "THIRD");
    close_world(&world);
}

static void test_foreign_documents(void **state) {
    (void)state;
    static const char *const documents[] = {
        "",
        "no",
        "[]",
        "{}",
        "{\"AccessKeyId\": \"A\"}",
        "{\"AccessKeyId\": 5, \"SecretAccessKey\": \"S\"}",
        "{\"AccessKeyId\": \"A\", \"SecretAccessKey\": \"S\", \"Expiration\": \"soon\"}",
        "{\"Code\": \"AssumeRoleUnauthorizedAccess\", \"Message\": \"no\"}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct world world;
        struct li_error err = {0};
        play_document(documents[i]);
        open_world(&world, (struct li_credentials_settings){.container_full = container_url()});
        check(!access_key(&world, &err) && err.status == LI_IO, "%s", documents[i]);
        close_world(&world);
    }
}

static void *get_often(void *arg) {
    struct li_credentials *credentials = arg;
    for (int i = 0; i < 50; i++) {
        struct li_arena arena = {0};
        struct li_net_signature key = {0};
        enum li_status status = li_credentials_get(credentials, &arena, &key, NULL);
        li_arena_release(&arena);
        if (status)
            return arg;
    }
    return NULL;
}

static void test_many_threads_fetch_once(void **state) {
    (void)state;
    struct world world;
    pthread_t threads[8];
    play(200, "FIRST", IN_AN_HOUR);
    open_world(&world, (struct li_credentials_settings){.container_full = container_url()});
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_often, world.credentials), 0);
    for (int i = 0; i < 8; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(atomic_load(&endpoint.fetches), 1);
    close_world(&world);
}

static void start_endpoint(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    pthread_mutex_init(&endpoint.lock, NULL);
    endpoint.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(endpoint.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(endpoint.listener, 16), 0);
    assert_int_equal(getsockname(endpoint.listener, (struct sockaddr *)&address, &size), 0);
    endpoint.port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&endpoint.thread, NULL, serve_all, NULL), 0);
}

static void stop_endpoint(void) {
    shutdown(endpoint.listener, SHUT_RDWR);
    pthread_join(endpoint.thread, NULL);
    close(endpoint.listener);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_half_a_pair),
        cmocka_unit_test(test_nowhere),
        cmocka_unit_test(test_container),
        cmocka_unit_test(test_where_a_token_must_not_go),
        cmocka_unit_test(test_machine),
        cmocka_unit_test(test_kept_and_refreshed),
        cmocka_unit_test(test_a_refresh_that_fails),
        cmocka_unit_test(test_foreign_documents),
        cmocka_unit_test(test_many_threads_fetch_once),
    };
    start_endpoint();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stop_endpoint();
    return failed;
}
