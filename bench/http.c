#include "http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { REQUEST_MAX = 16 * 1024 };

void bench_close(struct bench_connection *connection) {
    if (connection->socket >= 0)
        close(connection->socket);
    connection->socket = -1;
}

static bool connect_once(struct bench_connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((unsigned short)connection->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    if (connection->socket >= 0)
        return true;
    connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->socket < 0)
        return false;
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connect(connection->socket, (const struct sockaddr *)&address, sizeof address) == 0;
}

/* Reads headers, then as many bytes as Content-Length says. */
static bool read_answer(struct bench_connection *connection) {
    size_t have = 0, end = 0, want = SIZE_MAX;
    while (have < want) {
        ssize_t got =
            recv(connection->socket, connection->bytes + have, sizeof connection->bytes - 1 - have, 0);
        if (got <= 0)
            return false;
        have += (size_t)got;
        connection->bytes[have] = '\0';
        const char *blank = end ? NULL : strstr(connection->bytes, "\r\n\r\n");
        if (blank) {
            const char *length = strcasestr(connection->bytes, "\r\nContent-Length:");
            end = (size_t)(blank - connection->bytes) + 4;
            want = end + (length && length < blank ? strtoul(length + 17, NULL, 10) : 0);
            if (want >= sizeof connection->bytes)
                return false;
        }
    }
    if (have != want || strncmp(connection->bytes, "HTTP/1.1 ", 9) != 0)
        return false;
    connection->status = (int)strtol(connection->bytes + 9, NULL, 10);
    connection->body = connection->bytes + end;
    connection->size = have - end;
    return true;
}

bool bench_ask(struct bench_connection *connection, const char *method, const char *path, const char *body) {
    char request[REQUEST_MAX];
    int size = snprintf(request, sizeof request,
                        "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n\r\n%s", method, path,
                        body ? strlen(body) : 0, body ? body : "");
    if (size > 0 && (size_t)size < sizeof request && connect_once(connection) &&
        send(connection->socket, request, (size_t)size, MSG_NOSIGNAL) == size && read_answer(connection))
        return true;
    bench_close(connection);
    return false;
}

void bench_find(const struct bench_connection *connection, const char *name, char *out, size_t size) {
    char member[64];
    int length = snprintf(member, sizeof member, "\"%s\":\"", name);
    const char *found = strstr(connection->body, member);
    const char *value = found ? found + length : "";
    snprintf(out, size, "%.*s", (int)strcspn(value, "\""), value);
}
