/* cmd_health.c - asks a running server whether it answers: for containers, which have no other program. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"

enum { TIMEOUT_S = 3, ADDRESS_MAX = 256 };

/* Splits "127.0.0.1:8080", "[::1]:8080" or ":8080" (everywhere: then this machine is asked). */
static enum li_status split(const char *address, char host[ADDRESS_MAX], const char **port,
                            struct li_error *err) {
    const char *colon = strrchr(address, ':');
    size_t size = colon ? (size_t)(colon - address) : 0;
    long number = 0;
    if (!colon || size >= ADDRESS_MAX || !li_text_to_long(li_text_of(colon + 1), 1, 65535, &number))
        return li_fail(err, LI_INVALID, "--listen is HOST:PORT, as given to serve, not \"%.60s\"", address);
    bool bracketed = size >= 2 && address[0] == '[' && address[size - 1] == ']';
    snprintf(host, ADDRESS_MAX, "%.*s", (int)(bracketed ? size - 2 : size),
             bracketed ? address + 1 : address);
    if (strcmp(host, "") == 0 || strcmp(host, "0.0.0.0") == 0)
        snprintf(host, ADDRESS_MAX, "127.0.0.1");
    else if (strcmp(host, "::") == 0)
        snprintf(host, ADDRESS_MAX, "::1");
    *port = colon + 1;
    return LI_OK;
}

/* Lets the next call on the socket take what is left of the time; false when nothing is. */
static bool give_time(int socket, int64_t until_ns) {
    int64_t left_us = (until_ns - li_clock_monotonic_ns()) / 1000;
    const struct timeval left = {.tv_sec = left_us / 1000000, .tv_usec = left_us % 1000000};
    return left_us > 0 && setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &left, sizeof left) == 0 &&
           setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &left, sizeof left) == 0; /* of connect() too */
}

/* Sends the request and reads the first bytes of the answer: "HTTP/1.1 200". */
static bool answers(int socket, int64_t until_ns) {
    static const char REQUEST[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char answer[13] = "";
    size_t have = 0;
    ssize_t got = 1;
    if (send(socket, REQUEST, sizeof REQUEST - 1, MSG_NOSIGNAL) != (ssize_t)sizeof REQUEST - 1)
        return false;
    while (have < sizeof answer - 1 && got > 0 && give_time(socket, until_ns)) {
        got = recv(socket, answer + have, sizeof answer - 1 - have, 0);
        have += got > 0 ? (size_t)got : 0;
    }
    return strncmp(answer, "HTTP/1.", 7) == 0 && strcmp(answer + 8, " 200") == 0;
}

static enum li_status ask(const char *address, struct li_error *err) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char host[ADDRESS_MAX];
    const char *port = NULL;
    bool well = false;
    enum li_status status = split(address, host, &port, err);
    if (status)
        return status;
    int failed = getaddrinfo(host, port, &hints, &found);
    if (failed)
        return li_fail(err, LI_IO, "%.100s: %s", address, gai_strerror(failed));
    int64_t until_ns = li_clock_monotonic_ns() + (int64_t)TIMEOUT_S * 1000000000; /* of all addresses */
    for (struct addrinfo *at = found; at && !well; at = at->ai_next) {
        int one = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
        if (one < 0)
            continue;
        well = give_time(one, until_ns) && connect(one, at->ai_addr, at->ai_addrlen) == 0 &&
               give_time(one, until_ns) && answers(one, until_ns);
        close(one);
    }
    freeaddrinfo(found);
    return well ? LI_OK
                : li_fail(err, LI_IO, "no healthy server answers at %s within %d s", address, TIMEOUT_S);
}

int li_cmd_health(int argc, char **argv) {
    const char *listen = "127.0.0.1:8080";
    bool help = false;
    const struct li_option options[] = {
        {"listen", LI_OPTION_TEXT, &listen, "LISTENING_LISTEN", "ADDRESS",
         "where the server listens (127.0.0.1:8080)"},
        {0},
    };
    struct li_error err = {0};
    enum li_status status = li_options_read_alone(options, "health", argc, argv, &help, &err);
    if (!status && help) {
        puts("listening health - asks a running server whether it is well; says nothing when it is.\n\n"
             "  listening health --listen :8080 || echo \"it is not\"\n");
        li_options_print(options);
        return LI_EXIT_DONE;
    }
    if (!status)
        status = ask(listen, &err);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
