/* The server over a real socket: waiting for a profile that another thread writes, stopping while a client
 * waits, limits, and addresses that cannot be had. */
#include "exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "gateway/server_priv.h"

static struct stages STAGES;
static struct li_gateway *GATEWAY;
static struct li_server *SERVER;
static char ANSWER[200 * 1024];

/* Signals when the pipeline is asked for a profile: then the client waits, or is about to. */
static pthread_mutex_t ASKED_LOCK = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ASKED_CHANGED = PTHREAD_COND_INITIALIZER;
static int ASKED;
static bool HELD; /* who asks stays there until it is let go */

static void note_asked(struct fake_store *store, enum fake_call call, struct li_text session,
                       enum li_object object) {
    (void)store, (void)session;
    if (call != FAKE_GET || object != LI_OBJECT_TOP_TRACKS)
        return;
    pthread_mutex_lock(&ASKED_LOCK);
    ASKED++;
    pthread_cond_broadcast(&ASKED_CHANGED);
    while (HELD)
        pthread_cond_wait(&ASKED_CHANGED, &ASKED_LOCK);
    pthread_mutex_unlock(&ASKED_LOCK);
}

/* Waits until count more have asked than had at the time since. */
static void await_asked(int since, int count) {
    pthread_mutex_lock(&ASKED_LOCK);
    while (ASKED < since + count)
        pthread_cond_wait(&ASKED_CHANGED, &ASKED_LOCK);
    pthread_mutex_unlock(&ASKED_LOCK);
}

static int asked_until_now(void) {
    pthread_mutex_lock(&ASKED_LOCK);
    int asked = ASKED;
    pthread_mutex_unlock(&ASKED_LOCK);
    return asked;
}

static void hold_who_asks(bool held) {
    pthread_mutex_lock(&ASKED_LOCK);
    HELD = held;
    pthread_cond_broadcast(&ASKED_CHANGED);
    pthread_mutex_unlock(&ASKED_LOCK);
}

static void start_with(struct li_server_options options) {
    struct li_error err = {0};
    if (!options.idle_timeout_s)
        options.idle_timeout_s = 1; /* broken requests are waited for no longer */
    options.gateway = GATEWAY;
    options.listen = "127.0.0.1:0";
    options.threads = options.workers = 2;
    check(li_server_start(&options, &SERVER, &err) == LI_OK, "%s", err.message);
    assert_true(li_server_port(SERVER) > 0);
}

static void start(double rate_limit) {
    start_with((struct li_server_options){.rate_limit = rate_limit});
}

static int set_up(void **state) {
    (void)state;
    li_log_set_level(LI_LOG_NOTHING);
    stages_init(&STAGES);
    STAGES.store.before = note_asked;
    GATEWAY = gateway_of((struct li_gateway_options){.pipeline = &STAGES.pipeline});
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    li_server_stop(SERVER);
    SERVER = NULL;
    li_gateway_free(GATEWAY);
    stages_clean_up(&STAGES);
    return 0;
}

static int connect_to_server(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)li_server_port(SERVER))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(connection >= 0);
    assert_int_equal(connect(connection, (struct sockaddr *)&address, sizeof address), 0);
    return connection;
}

static void send_bytes(int connection, const char *bytes, size_t size) {
    while (size) {
        ssize_t sent = send(connection, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server answered and closed: what it said is still to be read */
        bytes += sent;
        size -= (size_t)sent;
    }
}

/* Reads until the server closes; returns the status and leaves the whole answer in out. */
static int read_answer(int connection, char *out, size_t size) {
    size_t used = 0;
    ssize_t got;
    while ((got = recv(connection, out + used, size - 1 - used, 0)) > 0)
        used += (size_t)got;
    out[used] = '\0';
    close(connection);
    return strncmp(out, "HTTP/1.1 ", 9) == 0 ? (int)strtol(out + 9, NULL, 10) : 0;
}

static int request(const char *method, const char *address, const char *body) {
    char head[600];
    int connection = connect_to_server();
    snprintf(head, sizeof head,
             "%s %s HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", method,
             address, strlen(body));
    send_bytes(connection, head, strlen(head));
    send_bytes(connection, body, strlen(body));
    return read_answer(connection, ANSWER, sizeof ANSWER);
}

static void test_requests(void **state) {
    (void)state;
    static char body[LI_BODY_MAX + 2];
    start(0);
    assert_int_equal(request("GET", "/healthz", ""), 200);
    assert_non_null(strstr(ANSWER, "\"status\":\"ok\""));
    assert_non_null(strstr(ANSWER, "X-Content-Type-Options: nosniff"));
    assert_int_equal(
        request("POST", "/extract-simulate", "{\"session_id\":\"" SESSION "\",\"artists\":[\"rap\"]}"), 200);
    assert_int_equal(request("POST", "/transform", "{\"session_id\":\"" SESSION "\"}"), 200);
    assert_int_equal(request("POST", "/profile", "{\"session_id\":\"" SESSION "\"}"), 200);
    for (int i = 0; i < 3; i++) { /* rendered once, then from memory */
        assert_int_equal(request("GET", "/getProfile?session_id=" SESSION "&lang=fr", ""), 200);
        assert_non_null(strstr(ANSWER, "Content-Language: fr"));
        assert_non_null(strstr(ANSWER, "\"lang\":\"fr\""));
    }
    assert_int_equal(request("HEAD", "/getProfile?session_id=" SESSION, ""), 200);
    assert_null(strstr(ANSWER, "\"lang\""));
    assert_int_equal(request("GET", "/search?q=m%65asured&limit=1", ""), 200);
    assert_non_null(strstr(ANSWER, "The Measured"));
    assert_int_equal(request("GET", "/%2e%2e/%2e%2e/etc/passwd", ""), 404);
    assert_int_equal(request("DELETE", "/session?session_id=" SESSION, ""), 204);
    assert_int_equal(request("PATCH", "/session", ""), 405);
    memset(body, ' ', sizeof body - 1);
    memcpy(body, "{}", 2);
    assert_int_equal(request("POST", "/create-session", body), 413);
    body[LI_BODY_MAX] = '\0';
    assert_int_equal(request("POST", "/create-session", body), 201); /* exactly the limit */
}

struct waiter {
    pthread_t thread;
    const char *address;
    int status;
    char answer[100 * 1024];
};

static void *wait_for_profile(void *arg) {
    struct waiter *waiter = arg;
    char head[300];
    int connection = connect_to_server();
    snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n",
             waiter->address);
    send_bytes(connection, head, strlen(head));
    waiter->status = read_answer(connection, waiter->answer, sizeof waiter->answer);
    return NULL;
}

enum { WAITERS = 8 };
static struct waiter WAITER[WAITERS];

static void start_waiters(int count, const char *address) {
    int since = asked_until_now();
    for (int i = 0; i < count; i++) {
        WAITER[i].address = address;
        assert_int_equal(pthread_create(&WAITER[i].thread, NULL, wait_for_profile, &WAITER[i]), 0);
    }
    await_asked(since, count);
}

static void test_a_waiting_client_gets_the_profile(void **state) {
    (void)state;
    start(0);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_ENRICHED_TRACKS));
    start_waiters(WAITERS, "/getProfile?session_id=" SESSION "&wait=20000"); /* more than there are workers */
    assert_int_equal(request("GET", "/healthz", ""), 200);                   /* nobody else is held up */
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, NULL), LI_OK); /* from this thread */
    for (int i = 0; i < WAITERS; i++) {
        pthread_join(WAITER[i].thread, NULL);
        check(WAITER[i].status == 200, "client %d got %d", i, WAITER[i].status);
        assert_non_null(strstr(WAITER[i].answer, "\"dominant_emotion\""));
    }
}

static bool somebody_waits(void) {
    pthread_mutex_lock(&SERVER->room.lock);
    bool waits = SERVER->room.first != NULL;
    pthread_mutex_unlock(&SERVER->room.lock);
    return waits;
}

/* Who waits looks again every second by itself. A profile that is written must not wait for that: the news
 * alone sends it back to work, where it is held so that it cannot return before the test has looked. */
static void test_the_news_of_a_profile_ends_the_wait(void **state) {
    (void)state;
    start(0);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_ENRICHED_TRACKS));
    int before = asked_until_now();
    start_waiters(1, "/getProfile?session_id=" SESSION "&wait=20000");
    hold_who_asks(true);
    while (!somebody_waits() && asked_until_now() == before + 1)
        sched_yield();
    li_waiting_room_notify(&SERVER->room, LI_TEXT(SESSION));
    bool still_waits = somebody_waits();
    hold_who_asks(false); /* before anything can fail: a held client would keep the server from stopping */
    assert_false(still_waits);
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, NULL), LI_OK);
    pthread_join(WAITER[0].thread, NULL);
    assert_int_equal(WAITER[0].status, 200);
}

static void test_an_erased_session_is_told_to_who_waits(void **state) {
    (void)state;
    start(0);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_ENRICHED_TRACKS));
    start_waiters(1, "/getProfile?session_id=" SESSION "&wait=3000");
    assert_int_equal(request("DELETE", "/session?session_id=" SESSION, ""), 204);
    pthread_join(WAITER[0].thread, NULL);
    assert_int_equal(WAITER[0].status, 404);
}

static void test_waiting_ends(void **state) {
    (void)state;
    start(0);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    assert_int_equal(request("GET", "/getProfile?session_id=" SESSION "&wait=1", ""), 202);
    assert_non_null(strstr(ANSWER, "\"stage\":\"transform\""));
}

static void test_stopping_answers_who_waits(void **state) {
    (void)state;
    start(0);
    json_decref(stages_run(&STAGES, "rap", LI_OBJECT_TOP_TRACKS));
    start_waiters(WAITERS, "/getProfile?session_id=" SESSION "&wait=20000");
    li_server_stop(SERVER);
    SERVER = NULL;
    for (int i = 0; i < WAITERS; i++) {
        pthread_join(WAITER[i].thread, NULL);
        check(WAITER[i].status == 202, "client %d got %d", i, WAITER[i].status);
        assert_non_null(strstr(WAITER[i].answer, "\"stage\":\"transform\""));
    }
    assert_int_equal(stages_transform(&STAGES, NULL, NULL), LI_OK); /* the pipeline lives on */
    assert_int_equal(stages_profile(&STAGES, LI_LANG_EN, NULL, NULL), LI_OK);
}

static void test_rate_limit(void **state) {
    (void)state;
    int refused = 0;
    start(0.001);
    for (int i = 0; i < 13; i++) {
        int status = request("GET", "/healthz", "");
        check(status == (i < 10 ? 200 : 429), "request %d got %d", i, status);
        refused += status == 429;
    }
    assert_int_equal(refused, 3);
    assert_non_null(strstr(ANSWER, "Retry-After: "));
    assert_non_null(strstr(ANSWER, "application/problem+json"));
}

static void test_addresses_that_cannot_be_had(void **state) {
    (void)state;
    static const struct {
        const char *listen;
        enum li_status status;
        const char *words;
    } cases[] = {
        {"", LI_INVALID, "no address"},
        {"8080", LI_INVALID, "no address"},
        {"127.0.0.1:", LI_INVALID, "no address"},
        {"127.0.0.1:http", LI_INVALID, "no address"},
        {"127.0.0.1:65536", LI_INVALID, "no address"},
        {"127.0.0.1:-1", LI_INVALID, "no address"},
        {"no.such.host.invalid:80", LI_INVALID, "no address"},
        {"192.0.2.1:8080", LI_IO, "cannot listen"}, /* an address for documentation: nobody's */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct li_server *server = NULL;
        struct li_error err = {0};
        const struct li_server_options options = {.gateway = GATEWAY, .listen = cases[i].listen};
        check(li_server_start(&options, &server, &err) == cases[i].status, "%s: %s", cases[i].listen,
              err.message);
        check(!server && strstr(err.message, cases[i].words), "%s: %s", cases[i].listen, err.message);
    }
    char taken[32];
    start(0);
    snprintf(taken, sizeof taken, "127.0.0.1:%d", li_server_port(SERVER));
    struct li_server *second = NULL;
    struct li_error err = {0};
    assert_int_equal(
        li_server_start(&(struct li_server_options){.gateway = GATEWAY, .listen = taken}, &second, &err),
        LI_IO);
    assert_non_null(strstr(err.message, "in use already"));
    assert_null(second);
    assert_int_equal(request("GET", "/healthz", ""), 200); /* the first one is not hurt */
    li_server_stop(NULL);
}

static void test_broken_requests(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        int least, most; /* status; 0 = closed without a word */
    } cases[] = {
        {"\r\n\r\n", 0, 499},
        {"NONSENSE\r\n\r\n", 0, 499},
        {"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 0, 499},
        {"GET /healthz HTTP/9.9\r\n\r\n", 0, 505},
        {"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Session-Id: \xff\xfe\r\n\r\n", 200, 200},
        {"POST /search HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
         0, 499},
        {"POST /search HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n{\"q\"", 400,
         400},
        {"GET /getProfile?session_id=%00&&&==&a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400, 400},
    };
    start(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int connection = connect_to_server();
        send_bytes(connection, cases[i].bytes, strlen(cases[i].bytes));
        shutdown(connection, SHUT_WR);
        int status = read_answer(connection, ANSWER, sizeof ANSWER);
        check(status >= cases[i].least && status <= cases[i].most, "case %zu got %d", i, status);
    }
    assert_int_equal(request("GET", "/healthz", ""), 200);
}

/* ---- imports that come slowly ---- */

#define IMPORT_HEAD                                                                                          \
    "POST /import HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nConnection: "      \
    "close\r\n"
#define FORM_HEAD "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
#define FORM_END "\r\n--x--"

/* Sends an import's head, its file's first bytes at once, and then pieces of it, one each 50 ms. */
struct slow_sender {
    pthread_t thread;
    int first_bytes, piece_bytes, pieces;
    unsigned pause_s; /* before the pieces */
    int status;
    _Atomic bool done;
    char answer[4096];
};

static void *send_slowly(void *arg) {
    struct slow_sender *sender = arg;
    static const char piece[4096], first[100 * 1000];
    char head[400];
    int connection = connect_to_server();
    snprintf(head, sizeof head, IMPORT_HEAD "Content-Length: %zu\r\n\r\n" FORM_HEAD,
             strlen(FORM_HEAD FORM_END) +
                 (size_t)(sender->first_bytes + sender->piece_bytes * sender->pieces));
    send_bytes(connection, head, strlen(head));
    send_bytes(connection, first, (size_t)sender->first_bytes);
    sleep(sender->pause_s);
    for (int i = 0; i < sender->pieces; i++) {
        usleep(50 * 1000);
        if (send(connection, piece, (size_t)sender->piece_bytes, MSG_NOSIGNAL) < 0)
            break;
    }
    atomic_store(&sender->done, true);
    send_bytes(connection, FORM_END, strlen(FORM_END));
    sender->status = read_answer(connection, sender->answer, sizeof sender->answer);
    return NULL;
}

static void await_workers(struct slow_sender *sender, size_t count) {
    while (li_pool_load(SERVER->stream_pool) != count && !atomic_load(&sender->done))
        sched_yield();
}

/* A byte now and then keeps no worker: others find a place before the sender has sent all. */
static void test_a_trickle_keeps_no_worker(void **state) {
    static const int FIRST_BYTES[] = {0, 100 * 1000}; /* within the form's head, within its file */
    (void)state;
    start_with((struct li_server_options){.import_patience_ms = 200});
    for (size_t i = 0; i < sizeof FIRST_BYTES / sizeof *FIRST_BYTES; i++) {
        struct slow_sender sender = {.first_bytes = FIRST_BYTES[i], .piece_bytes = 1, .pieces = 300};
        assert_int_equal(pthread_create(&sender.thread, NULL, send_slowly, &sender), 0);
        await_workers(&sender, 1);
        await_workers(&sender, 0);
        check(!atomic_load(&sender.done), "it was waited for to the end");
        pthread_join(sender.thread, NULL);
        check(sender.status == 400 && strstr(sender.answer, "too slowly"), "%s", sender.answer);
    }
}

/* Who sends nothing for a while is waited for as long as the connection is, as who sends a little. */
static void test_a_pause_is_waited_for(void **state) {
    (void)state;
    struct slow_sender sender = {.first_bytes = 100, .pause_s = 11, .piece_bytes = 4096, .pieces = 2};
    start_with((struct li_server_options){.idle_timeout_s = 30});
    assert_int_equal(pthread_create(&sender.thread, NULL, send_slowly, &sender), 0);
    pthread_join(sender.thread, NULL);
    check(sender.status == 415, "%s", sender.answer); /* zeros are no history: all was read */
}

static void test_a_slow_line_is_waited_for(void **state) {
    (void)state;
    struct slow_sender sender = {.piece_bytes = 4096, .pieces = 20}; /* less than 80 kB/s */
    start_with((struct li_server_options){.import_patience_ms = 200});
    assert_int_equal(pthread_create(&sender.thread, NULL, send_slowly, &sender), 0);
    pthread_join(sender.thread, NULL);
    check(sender.status == 415, "%s", sender.answer); /* zeros are no history: all was read */
}

static void test_a_trickle_does_not_hold_the_stop_up(void **state) {
    (void)state;
    struct slow_sender sender = {.piece_bytes = 1, .pieces = 300};
    start_with((struct li_server_options){.stop_wait_ms = 200});
    assert_int_equal(pthread_create(&sender.thread, NULL, send_slowly, &sender), 0);
    await_workers(&sender, 1);
    li_server_stop(SERVER);
    SERVER = NULL;
    check(!atomic_load(&sender.done), "it was waited for to the end");
    pthread_join(sender.thread, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_waiting_client_gets_the_profile, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_news_of_a_profile_ends_the_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_erased_session_is_told_to_who_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_waiting_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stopping_answers_who_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rate_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_addresses_that_cannot_be_had, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_trickle_keeps_no_worker, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_pause_is_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_slow_line_is_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_trickle_does_not_hold_the_stop_up, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
