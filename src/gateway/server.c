/* server.c - HTTP over libmicrohttpd: starts and stops it. A few event threads (epoll) read requests and
 * answer the quick ones; what may wait is suspended and answered by a worker, so that nothing slow blocks a
 * fast request (exchange.c). */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "gateway/server_priv.h"

enum {
    THREADS_MAX = 16,
    WORKERS = 4,
    WORK_QUEUE = 16384,
    CONNECTIONS = 16000,
    DESCRIPTORS = 20000,          /* those, and files */
    CONNECTION_BYTES = 16 * 1024, /* kept for each: its request line and headers, and the answer's */
    IDLE_TIMEOUT_S = 30,
    BACKLOG = 4096,
    STOP_WAIT_MS = 25 * 1000,
    IMPORT_PATIENCE_MS = 60 * 1000,
    UPLOAD_QUEUE = 16, /* uploads that wait to be worked on; more are told to come again */
};

static const int64_t MESSAGE_PAUSE_NS = 10 * (int64_t)1000 * 1000 * 1000;

/* Opens the socket ourselves, so that a taken port is said in a sentence. Returns it, or -1. */
static int open_socket(const char *listen_on, int *port, struct li_error *err) {
    char host[256];
    const char *colon = strrchr(listen_on, ':');
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM},
                    *found = NULL;
    long number = 0;
    if (!colon || (size_t)(colon - listen_on) >= sizeof host ||
        !li_text_to_long(li_text_of(colon + 1), 0, 65535, &number)) {
        (void)li_fail(err, LI_INVALID, "\"%.100s\" is no address to listen on; write 127.0.0.1:8080 or :8080",
                      listen_on);
        return -1;
    }
    snprintf(host, sizeof host, "%.*s", (int)(colon - listen_on), listen_on);
    char *name = host;
    size_t length = strlen(host);
    if (length > 1 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        name = host + 1;
    }
    if (getaddrinfo(*name ? name : NULL, colon + 1, &hints, &found) != 0) {
        (void)li_fail(err, LI_INVALID, "there is no address \"%.100s\" to listen on here", name);
        return -1;
    }
    int on = 1;
    int listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener, found->ai_addr, found->ai_addrlen) != 0 || listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&bound, &size) != 0) {
        if (errno == EADDRINUSE)
            (void)li_fail(err, LI_IO,
                          "%.100s is in use already; stop what listens there or choose another with --listen",
                          listen_on);
        else
            (void)li_fail_errno(err, errno, "cannot listen on %.100s", listen_on);
        if (listener >= 0)
            close(listener);
        listener = -1;
    } else {
        *port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                  : ((struct sockaddr_in *)&bound)->sin_port);
    }
    freeaddrinfo(found);
    return listener;
}

/* One message in MESSAGE_PAUSE_NS: whoever hangs up often must not fill the log. The next one says how many
 * were left out. */
static void on_library_message(void *arg, const char *format, va_list args) LI_PRINTF(2, 0);
static void on_library_message(void *arg, const char *format, va_list args) {
    struct li_server *server = arg;
    struct li_log_line line;
    char text[256];
    int64_t now = li_clock_monotonic_ns(), next = atomic_load(&server->next_message_ns);
    if (now < next ||
        !atomic_compare_exchange_strong(&server->next_message_ns, &next, now + MESSAGE_PAUSE_NS)) {
        atomic_fetch_add(&server->messages_left_out, 1);
        return;
    }
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    li_log_begin(&line, LI_LOG_WARNING, "http");
    li_log_text(&line, "message", li_text_of(text));
    li_log_number(&line, "left_out", atomic_exchange(&server->messages_left_out, 0));
    li_log_end(&line);
}

/* Every connection is a descriptor, and the usual limit of 1024 is a soft one. */
static void raise_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < DESCRIPTORS) {
        limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static enum li_status start_daemon(struct li_server *server, const struct li_server_options *options,
                                   struct li_error *err) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = options->threads ? options->threads : (size_t)(cores > 0 ? cores : 1);
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    if (threads < 2)
        threads = 2; /* the library's pool starts at two */
    raise_descriptors();
    int listener = open_socket(options->listen, &server->port, err);
    if (listener < 0)
        return err ? err->status : LI_IO;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        li_exchange_on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_library_message, server,
        MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(options->connections ? options->connections : CONNECTIONS),
        MHD_OPTION_CONNECTION_TIMEOUT,
        options->idle_timeout_s ? options->idle_timeout_s : (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_NOTIFY_COMPLETED, li_exchange_on_completed, server, MHD_OPTION_UNESCAPE_CALLBACK,
        li_exchange_unescape, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->daemon) {
        close(listener);
        return li_fail(err, LI_IO, "the HTTP server cannot start");
    }
    return LI_OK;
}

/* Half of the cores may be busy with sound; the others answer. */
static size_t upload_threads(void) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores >= 4 ? (size_t)cores / 2 < THREADS_MAX ? (size_t)cores / 2 : THREADS_MAX : 1;
}

/* Frees what a server is made of when its daemon is gone, or never was. */
static void server_free(struct li_server *server) {
    li_pool_free(server->stream_pool);
    li_pool_free(server->upload_pool);
    li_pool_free(server->pool);
    li_exchange_free_spare(server);
    pthread_cond_destroy(&server->idle);
    pthread_mutex_destroy(&server->lock);
    li_limiter_free(server->limiter);
    free(server);
}

enum li_status li_server_start(const struct li_server_options *options, struct li_server **out,
                               struct li_error *err) {
    struct li_server *server = calloc(1, sizeof *server);
    bool room_open = false;
    if (!server)
        return li_fail(err, LI_NO_MEMORY, "no memory for the server");
    server->gateway = options->gateway;
    server->stop_wait_ms = options->stop_wait_ms ? options->stop_wait_ms : STOP_WAIT_MS;
    server->import_patience_ms =
        options->import_patience_ms ? options->import_patience_ms : IMPORT_PATIENCE_MS;
    char token[LI_TOKEN_CHARS + 1];
    li_random_token(token);
    server->id_prefix = (unsigned)li_text_hash(li_text_of(token));
    pthread_mutex_init(&server->lock, NULL);
    li_clock_condition_init(&server->idle);
    enum li_status status =
        li_pool_new(options->workers ? options->workers : WORKERS, WORK_QUEUE, &server->pool, err);
    if (!status)
        status = li_pool_new(upload_threads(), UPLOAD_QUEUE, &server->upload_pool, err);
    if (!status)
        status = li_pool_new(LI_STREAMS, LI_STREAMS, &server->stream_pool, err);
    if (!status && options->rate_limit > 0 && !(server->limiter = li_limiter_new(options->rate_limit)))
        status = li_fail(err, LI_NO_MEMORY, "no memory for the rate limit");
    if (!status) {
        status = li_waiting_room_open(&server->room, err);
        room_open = !status;
    }
    if (!status)
        status = start_daemon(server, options, err);
    if (status) {
        if (room_open)
            li_waiting_room_close(&server->room);
        server_free(server);
        return status;
    }
    li_gateway_on_profile(server->gateway, li_waiting_room_notify, &server->room);
    *out = server;
    return LI_OK;
}

int li_server_port(const struct li_server *server) {
    return server->port;
}

/* Waits until every exchange was answered, but not for ever: a client may be slow on purpose. */
static void wait_until_idle(struct li_server *server) {
    const struct timespec until = li_clock_after_ms(server->stop_wait_ms);
    pthread_mutex_lock(&server->lock);
    while (server->active && pthread_cond_timedwait(&server->idle, &server->lock, &until) != ETIMEDOUT)
        continue;
    pthread_mutex_unlock(&server->lock);
}

void li_server_stop(struct li_server *server) {
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    int listener = MHD_quiesce_daemon(server->daemon);
    if (listener >= 0)
        shutdown(listener, SHUT_RD); /* refuses newcomers; closed below, when no thread can be using it */
    li_gateway_on_profile(server->gateway, NULL, NULL);
    li_waiting_room_close(&server->room);
    wait_until_idle(server);
    atomic_store(&server->late, true);
    li_pool_stop(server->stream_pool);
    li_pool_stop(server->upload_pool);
    li_pool_stop(server->pool); /* kept connections may still ask: they hear that it is busy */
    MHD_stop_daemon(server->daemon);
    if (listener >= 0)
        close(listener);
    pthread_cond_destroy(&server->room.changed);
    pthread_mutex_destroy(&server->room.lock);
    server_free(server);
}
