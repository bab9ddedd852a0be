/* little_server.h - an HTTP server on loopback that does to its clients what the network does: the path says
 * what. A thread a connection; nothing in it waits for a time, only for the client to go away. */
#ifndef LI_TESTS_LITTLE_SERVER_H
#define LI_TESTS_LITTLE_SERVER_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

enum { LITTLE_REQUEST_MAX = 1 << 20, LITTLE_KEPT_MAX = 64, LITTLE_PAGE = 2 };

/* What was put below /bucket/, as S3 would keep it. */
struct little_kept {
    char path[512];
    char *body;
    size_t size;
};

struct little_server {
    int listener, port;
    pthread_t thread;
    _Atomic int connections, requests, open;
    _Atomic bool refusing;         /* whatever is asked of the bucket */
    _Atomic(const char *) refused; /* or what is asked of keys that hold this; NULL: none */
    _Atomic(const char *) refusal; /* how; NULL: 403 */
    pthread_mutex_t lock;          /* of what follows */
    struct little_kept kept[LITTLE_KEPT_MAX];
    size_t kept_count;
};

struct little_client {
    struct little_server *server;
    int socket;
    char *request; /* as it came, with a NUL */
    size_t size;
    char path[512];
};

static void little_send(const struct little_client *client, const void *bytes, size_t size) {
    const char *at = bytes;
    while (size) {
        ssize_t sent = send(client->socket, at, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += sent;
        size -= (size_t)sent;
    }
}

static void little_say(const struct little_client *client, const char *text) {
    little_send(client, text, strlen(text));
}

static void little_answer(const struct little_client *client, const char *head, const char *body,
                          size_t size) {
    char line[1024];
    snprintf(line, sizeof line, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n", head, size);
    little_say(client, line);
    little_send(client, body, size);
}

/* Until the client closes. */
static void little_hold(const struct little_client *client) {
    char byte;
    while (recv(client->socket, &byte, 1, 0) > 0)
        continue;
}

/* "hello, packed\n", and 100,000 zero bytes, as gzip packs them. */
static const unsigned char LITTLE_PACKED[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51,
    0x28, 0x48, 0x4c, 0xce, 0x4e, 0x4d, 0xe1, 0x02, 0x00, 0xc2, 0xd7, 0x07, 0x05, 0x0e, 0x00, 0x00, 0x00};
static const unsigned char LITTLE_BOMB[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00,
    0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x0d, 0x0f, 0xa0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x80, 0x57, 0x03, 0x7d, 0x95, 0x11, 0xd4, 0xa0, 0x86, 0x01, 0x00};

static void little_endless(const struct little_client *client) {
    static const char zeros[4096];
    little_say(client, "HTTP/1.1 200 OK\r\n\r\n");
    while (send(client->socket, zeros, sizeof zeros, MSG_NOSIGNAL) > 0)
        continue;
}

/* Where the first object of the list's page stands: its token is "page " and the number. */
static size_t little_page_begins(const char *query) {
    const char *token = strstr(query, "continuation-token=page%20");
    return token ? (size_t)strtol(token + 26, NULL, 10) : 0;
}

/* "own%2Fdata%2F" -> "own/data/" */
static void little_prefix(const char *query, char out[256]) {
    const char *at = strstr(query, "prefix=");
    size_t size = 0;
    for (at = at ? at + 7 : ""; *at && *at != '&' && size < 255; at++) {
        bool slash = strncmp(at, "%2F", 3) == 0;
        out[size++] = slash ? '/' : *at;
        at += slash ? 2 : 0;
    }
    out[size] = '\0';
}

/* The kept objects below the prefix, LITTLE_PAGE at a time. Under the lock. */
static void little_list(const struct little_client *client, const char *query) {
    const struct little_server *server = client->server;
    char prefix[256], body[4096];
    size_t i = little_page_begins(query), listed = 0, size = 0;
    little_prefix(query, prefix);
    size += (size_t)snprintf(body, sizeof body, "<ListBucketResult>");
    for (; i < server->kept_count; i++) {
        const char *key = server->kept[i].path[0] ? server->kept[i].path + 8 : "";
        if (!*key || strncmp(key, prefix, strlen(prefix)) != 0)
            continue;
        if (listed++ == LITTLE_PAGE)
            break;
        size += (size_t)snprintf(body + size, sizeof body - size,
                                 "<Contents><Key>%s</Key><LastModified>1970-01-01T00:00:01.000Z"
                                 "</LastModified></Contents>",
                                 key);
    }
    if (i < server->kept_count)
        size += (size_t)snprintf(body + size, sizeof body - size,
                                 "<IsTruncated>true</IsTruncated><NextContinuationToken>page %zu/+="
                                 "</NextContinuationToken>",
                                 i);
    size += (size_t)snprintf(body + size, sizeof body - size, "</ListBucketResult>");
    little_answer(client, "200 OK", body, size);
}

/* PUT keeps, GET gives, DELETE forgets; all was written in the first second of 1970. */
static void little_bucket(struct little_client *client) {
    struct little_server *server = client->server;
    const char *body = strstr(client->request, "\r\n\r\n") + 4;
    size_t size = client->size - (size_t)(body - client->request), i = 0;
    bool head = strncmp(client->request, "HEAD", 4) == 0;
    const char *refused = atomic_load(&server->refused), *refusal = atomic_load(&server->refusal);
    if (refused && strstr(client->path, refused) && refusal) {
        little_answer(client, refusal, "", 0);
        return;
    }
    if (atomic_load(&server->refusing) || (refused && strstr(client->path, refused))) {
        little_answer(client, "403 Forbidden", "<Error><Code>AccessDenied</Code></Error>", head ? 0 : 40);
        return;
    }
    pthread_mutex_lock(&server->lock);
    while (i < server->kept_count && strcmp(server->kept[i].path, client->path) != 0)
        i++;
    struct little_kept *kept = &server->kept[i];
    if (strncmp(client->path, "/bucket/?", 9) == 0) {
        little_list(client, client->path + 9);
    } else if (strncmp(client->request, "PUT", 3) == 0 && i < LITTLE_KEPT_MAX) {
        server->kept_count += i == server->kept_count;
        snprintf(kept->path, sizeof kept->path, "%s", client->path);
        free(kept->body);
        kept->body = malloc(size + 1);
        memcpy(kept->body, body, size);
        kept->size = size;
        little_answer(client, "200 OK", "", 0);
    } else if (strncmp(client->request, "DELETE", 6) == 0) {
        if (i < server->kept_count)
            kept->path[0] = '\0'; /* its place stays, so that pages do not move */
        little_answer(client, "204 No Content", "", 0);
    } else if (i < server->kept_count) {
        little_answer(client, "200 OK\r\nLast-Modified: Thu, 01 Jan 1970 00:00:01 GMT", kept->body,
                      head ? 0 : kept->size);
    } else {
        little_answer(client, "404 Not Found", "<Error><Code>NoSuchKey</Code></Error>", head ? 0 : 37);
    }
    pthread_mutex_unlock(&server->lock);
}

/* What is said as it stands, whatever was asked, and what becomes of the connection. */
static const struct little_saying {
    const char *path, *text;
    enum { LITTLE_STAYS, LITTLE_CLOSES, LITTLE_HOLDS } then;
} LITTLE_SAYINGS[] = {
    {"/silent", "", LITTLE_HOLDS},
    {"/drip", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx", LITTLE_HOLDS},
    {"/huge", "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n", LITTLE_HOLDS},
    {"/last", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast", LITTLE_CLOSES}, /* without a word of it */
    {"/cut", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", LITTLE_CLOSES},
    {"/cut-chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", LITTLE_CLOSES},
    {"/cut-head", "HTTP/1.1 200 OK\r\nContent-Le", LITTLE_CLOSES},
    {"/half-head", "HTTP/1.1 200 OK\r\nX-Kind: half\r\n", LITTLE_CLOSES},
    {"/long", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more than it said", LITTLE_CLOSES},
    {"/garbage", "good morning\r\n\r\n", LITTLE_CLOSES},
    {"/empty", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", LITTLE_STAYS},
    {"/chunks",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\nX-Trailer: 1\r\n\r\n",
     LITTLE_STAYS},
    {"/continue",
     "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nafter",
     LITTLE_STAYS},
};

/* False: the connection is closed. */
static bool little_recite(const struct little_client *client, const struct little_saying *saying) {
    little_say(client, saying->text);
    if (saying->then == LITTLE_HOLDS)
        little_hold(client);
    return saying->then == LITTLE_STAYS;
}

/* Does what the path says; false: the connection is closed. */
static bool little_behave(struct little_client *client) {
    const char *path = client->path, *query = strchr(path, '?');
    for (size_t i = 0; i < sizeof LITTLE_SAYINGS / sizeof *LITTLE_SAYINGS; i++)
        if (strcmp(path, LITTLE_SAYINGS[i].path) == 0)
            return little_recite(client, &LITTLE_SAYINGS[i]);
    if (strcmp(path, "/ok") == 0) {
        little_answer(client, "200 OK\r\nX-Kind:  Two  words \r\nContent-Type: text/plain", "hello", 5);
    } else if (strncmp(path, "/echo", 5) == 0) {
        little_answer(client, "200 OK", client->request, client->size);
    } else if (strcmp(path, "/gzip") == 0) {
        little_answer(client, "200 OK\r\nContent-Encoding: gzip", (const char *)LITTLE_PACKED,
                      sizeof LITTLE_PACKED);
    } else if (strcmp(path, "/bomb") == 0) {
        little_answer(client, "200 OK\r\nContent-Encoding: gzip", (const char *)LITTLE_BOMB,
                      sizeof LITTLE_BOMB);
    } else if (strcmp(path, "/no-gzip") == 0) {
        little_answer(client, "200 OK\r\nContent-Encoding: gzip", "not packed at all", 17);
    } else if (strcmp(path, "/endless") == 0) {
        little_endless(client);
        return false;
    } else if (strncmp(path, "/redirect", 9) == 0 && query) { /* /redirect307?where */
        char head[700];
        int status = (int)strtol(path + 9, NULL, 10);
        snprintf(head, sizeof head, "%d Elsewhere\r\nLocation: %s", status, query + 1);
        little_answer(client, head, "go on", 5);
    } else if (strncmp(path, "/bucket/", 8) == 0) {
        little_bucket(client);
    } else if (strcmp(path, "/many-headers") == 0) {
        little_say(client, "HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 500; i++)
            little_say(client, "X-Filler: something\r\n");
        little_say(client, "Content-Length: 0\r\n\r\n");
    } else {
        little_answer(client, "404 Not Found", "nothing here", 12);
    }
    return true;
}

/* Reads one request, head and body by its Content-Length. False when the client has gone. */
static bool little_read(struct little_client *client) {
    client->size = 0;
    for (;;) {
        client->request[client->size] = '\0';
        const char *end = strstr(client->request, "\r\n\r\n");
        const char *length = strcasestr(client->request, "\r\nContent-Length:");
        size_t wanted = end ? (size_t)(end + 4 - client->request) : 0;
        if (end && length && length < end)
            wanted += (size_t)strtol(length + 17, NULL, 10);
        if (end && client->size >= wanted)
            return sscanf(client->request, "%*s %511s", client->path) == 1;
        ssize_t got =
            recv(client->socket, client->request + client->size, LITTLE_REQUEST_MAX - 1 - client->size, 0);
        if (got <= 0)
            return false;
        client->size += (size_t)got;
    }
}

static void *little_serve_client(void *arg) {
    struct little_client *client = arg;
    do {
        if (!little_read(client))
            break;
        atomic_fetch_add(&client->server->requests, 1);
    } while (little_behave(client));
    close(client->socket);
    atomic_fetch_sub(&client->server->open, 1);
    free(client->request);
    free(client);
    return NULL;
}

static void *little_serve(void *arg) {
    struct little_server *server = arg;
    int on = 1;
    for (;;) {
        int accepted = accept(server->listener, NULL, NULL);
        if (accepted < 0)
            return NULL;
        struct little_client *client = calloc(1, sizeof *client);
        pthread_t thread;
        client->server = server;
        client->socket = accepted;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        client->request = malloc(LITTLE_REQUEST_MAX);
        atomic_fetch_add(&server->connections, 1);
        atomic_fetch_add(&server->open, 1);
        pthread_create(&thread, NULL, little_serve_client, client);
        pthread_detach(thread);
    }
}

static void little_start(struct little_server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    memset(server, 0, sizeof *server);
    pthread_mutex_init(&server->lock, NULL);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 64), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, little_serve, server), 0);
}

/* Every client must have gone before. */
static void little_stop(struct little_server *server) {
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    while (atomic_load(&server->open))
        sched_yield();
    for (size_t i = 0; i < server->kept_count; i++)
        free(server->kept[i].body);
    pthread_mutex_destroy(&server->lock);
}

#endif
