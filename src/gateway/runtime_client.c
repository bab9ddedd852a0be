/* runtime_client.c - the Lambda runtime API (version 2018-06-01) over one kept connection. A client of our
 * own: the API is plain HTTP on loopback, and loading libcurl takes longer than all the rest of a start. */
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/json.h"
#include "gateway/lambda_priv.h"

enum { HOST_MAX = 256, BUFFER_FIRST = 16 * 1024, TRIES = 2 };

#define API "/2018-06-01/runtime/"

struct li_runtime {
    char host[HOST_MAX], address[HOST_MAX + 8];
    const char *port; /* in address */
    int socket;       /* -1 = not connected */
    char *buffer;     /* of the answer under way */
    size_t capacity, used;
};

enum li_status li_runtime_new(const char *address, struct li_runtime **out, struct li_error *err) {
    const char *colon = strrchr(address, ':');
    long port = 0;
    if (!colon || colon == address || (size_t)(colon - address) >= HOST_MAX ||
        !li_text_to_long(li_text_of(colon + 1), 1, 65535, &port))
        return li_fail(err, LI_INVALID,
                       "\"%.100s\" is no address of a Lambda runtime; it is set as host:port", address);
    struct li_runtime *runtime = calloc(1, sizeof *runtime);
    char *buffer = malloc(BUFFER_FIRST);
    if (!runtime || !buffer) {
        free(runtime);
        free(buffer);
        return li_fail(err, LI_NO_MEMORY, "no memory for the Lambda runtime");
    }
    snprintf(runtime->address, sizeof runtime->address, "%.*s:%ld", (int)(colon - address), address, port);
    snprintf(runtime->host, sizeof runtime->host, "%.*s", (int)(colon - address), address);
    runtime->port = runtime->address + (colon - address) + 1;
    runtime->socket = -1;
    runtime->buffer = buffer;
    runtime->capacity = BUFFER_FIRST;
    *out = runtime;
    return LI_OK;
}

static void disconnect(struct li_runtime *runtime) {
    if (runtime->socket >= 0)
        close(runtime->socket);
    runtime->socket = -1;
    runtime->used = 0;
}

void li_runtime_free(struct li_runtime *runtime) {
    if (!runtime)
        return;
    disconnect(runtime);
    free(runtime->buffer);
    free(runtime);
}

static enum li_status connect_to(struct li_runtime *runtime, struct li_error *err) {
    /* A number needs no look-up, which would load the resolver's libraries. */
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(runtime->host, runtime->port, &hints, &found) != 0) {
        hints.ai_flags = AI_NUMERICSERV;
        if (getaddrinfo(runtime->host, runtime->port, &hints, &found) != 0)
            return li_fail(err, LI_IO, "the Lambda runtime at %.100s is not known here", runtime->address);
    }
    int on = 1, socket_fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int failed = socket_fd < 0 || connect(socket_fd, found->ai_addr, found->ai_addrlen) != 0 ? errno : 0;
    freeaddrinfo(found);
    if (failed) {
        if (socket_fd >= 0)
            close(socket_fd);
        (void)li_fail_errno(err, failed, "no Lambda runtime answers at %.100s", runtime->address);
        return LI_IO;
    }
    setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    runtime->socket = socket_fd;
    runtime->used = 0;
    return LI_OK;
}

/* Sends head and body whole. False: the connection is broken. */
static bool send_all(int socket_fd, struct li_text head, struct li_text body) {
    struct iovec parts[2] = {{(void *)(uintptr_t)head.data, head.size},
                             {(void *)(uintptr_t)body.data, body.size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (parts[0].iov_len || parts[1].iov_len) {
        ssize_t sent = sendmsg(socket_fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        for (size_t i = 0; i < 2; i++) {
            size_t part = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + part;
            parts[i].iov_len -= part;
            sent -= (ssize_t)part;
        }
    }
    return true;
}

static bool grow(struct li_runtime *runtime) {
    if (runtime->used < runtime->capacity)
        return true;
    char *grown = realloc(runtime->buffer, runtime->capacity * 2);
    if (!grown)
        return false;
    runtime->buffer = grown;
    runtime->capacity *= 2;
    return true;
}

/* Waits until there is something to read; SIGTERM is let through meanwhile. LI_BUSY when it came. */
static enum li_status wait_readable(struct li_runtime *runtime, const volatile sig_atomic_t *stop) {
    struct pollfd readable = {.fd = runtime->socket, .events = POLLIN};
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    sigdelset(&mask, SIGTERM);
    while (!*stop) {
        if (ppoll(&readable, 1, NULL, &mask) > 0)
            return LI_OK;
        if (errno != EINTR)
            return LI_IO;
    }
    return LI_BUSY;
}

/* Reads one answer. *fresh: nothing of it came before the connection broke. */
static enum li_status receive(struct li_runtime *runtime, const volatile sig_atomic_t *stop,
                              struct li_runtime_answer *out, bool *fresh, struct li_error *err) {
    bool whole = false;
    runtime->used = 0;
    *fresh = true;
    while (!whole) {
        enum li_status status = LI_OK;
        if (!grow(runtime))
            return li_fail(err, LI_NO_MEMORY, "no memory for an event");
        if (stop && runtime->used == 0 && (status = wait_readable(runtime, stop)) != LI_OK)
            return li_fail(err, status, "asked to stop while waiting for an event");
        ssize_t got =
            recv(runtime->socket, runtime->buffer + runtime->used, runtime->capacity - runtime->used, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return li_fail(err, LI_IO, "the Lambda runtime at %.100s broke the connection", runtime->address);
        *fresh = false;
        runtime->used += (size_t)got;
        status = li_runtime_answer_parse(runtime->buffer, runtime->used, &whole, out, err);
        if (status)
            return status;
    }
    if (runtime->used > out->whole_size)
        return li_fail(err, LI_CORRUPT, "the Lambda runtime answered more than it was asked");
    return LI_OK;
}

/* Asks once, over the kept connection or a new one. One that the other side closed while it was idle is
 * opened again once. */
static enum li_status ask(struct li_runtime *runtime, struct li_text head, struct li_text body,
                          const volatile sig_atomic_t *stop, struct li_runtime_answer *out,
                          struct li_error *err) {
    enum li_status status = LI_IO;
    for (int try = 0; try < TRIES; try++) {
        bool kept = runtime->socket >= 0, fresh = true;
        if (!kept && (status = connect_to(runtime, err)) != LI_OK)
            return status;
        if (send_all(runtime->socket, head, body))
            status = receive(runtime, stop, out, &fresh, err);
        else
            status =
                li_fail(err, LI_IO, "the Lambda runtime at %.100s broke the connection", runtime->address);
        if (status == LI_OK && !out->last)
            return status;
        if (runtime->socket >= 0)
            close(runtime->socket); /* what was read stays in the buffer */
        runtime->socket = -1;
        if (status != LI_IO || !kept || !fresh)
            return status;
    }
    return status;
}

enum li_status li_runtime_next(struct li_runtime *runtime, const volatile sig_atomic_t *stop,
                               struct li_arena *arena, struct li_invocation *out, struct li_error *err) {
    struct li_runtime_answer answer = {0};
    struct li_text head = li_arena_printf(arena,
                                          "GET " API "invocation/next HTTP/1.1\r\nHost: %s\r\n"
                                          "User-Agent: listening/" LI_VERSION "\r\n\r\n",
                                          runtime->address);
    enum li_status status = ask(runtime, head, LI_TEXT(""), stop, &answer, err);
    if (status == LI_TOO_LARGE && answer.request_id.size)
        out->id = li_arena_copy(arena, answer.request_id);
    if (status)
        return status;
    if (answer.status != 200 || !answer.request_id.size)
        return li_fail(err, LI_IO, "the Lambda runtime gives no event: status %d%s", answer.status,
                       answer.request_id.size ? "" : ", no request id");
    char *payload = li_arena_try(arena, answer.body_size + 1, 1);
    if (!payload)
        return li_fail(err, LI_NO_MEMORY, "no memory for an event");
    memcpy(payload, runtime->buffer + answer.head_size, answer.body_size);
    *out = (struct li_invocation){
        .id = li_arena_copy(arena, answer.request_id),
        .trace_id = li_arena_copy(arena, answer.trace_id),
        .payload = {payload, answer.body_size},
        .deadline_ms = answer.deadline_ms,
    };
    return LI_OK;
}

/* Posts JSON and looks whether it was taken. */
static enum li_status post(struct li_runtime *runtime, struct li_text id, const char *what, const char *type,
                           struct li_text json, struct li_error *err) {
    struct li_runtime_answer answer = {0};
    char head[HOST_MAX + LI_RUNTIME_ID_MAX + 512];
    int size =
        snprintf(head, sizeof head,
                 "POST " API "%s%.*s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: listening/" LI_VERSION
                 "\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s%s%s\r\n",
                 id.size ? "invocation/" : "", LI_TEXT_ARG(id), what, runtime->address, json.size,
                 type ? "Lambda-Runtime-Function-Error-Type: " : "", type ? type : "", type ? "\r\n" : "");
    enum li_status status = ask(runtime, (struct li_text){head, (size_t)size}, json, NULL, &answer, err);
    if (status)
        return status;
    if (answer.status == 413)
        return li_fail(err, LI_TOO_LARGE, "the Lambda runtime takes no answer of %zu bytes", json.size);
    if (answer.status >= 300)
        return li_fail(err, LI_IO, "the Lambda runtime did not take an answer: status %d", answer.status);
    return LI_OK;
}

enum li_status li_runtime_respond(struct li_runtime *runtime, struct li_text id, struct li_text json,
                                  struct li_error *err) {
    return post(runtime, id, "/response", NULL, json, err);
}

enum li_status li_runtime_fail(struct li_runtime *runtime, struct li_text id, const char *type,
                               const char *message, struct li_error *err) {
    struct li_arena arena = {0};
    json_t *document = json_pack("{s:o,s:s,s:[]}", "errorMessage", li_json_text(li_text_of(message)),
                                 "errorType", type, "stackTrace");
    enum li_status status =
        post(runtime, id, id.size ? "/error" : "init/error", type, li_json_print(document, &arena), err);
    json_decref(document);
    li_arena_release(&arena);
    return status;
}
