/* http.h - as much of an HTTP client as the benches need: one kept connection, one request at a time. */
#ifndef LI_BENCH_HTTP_H
#define LI_BENCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_ANSWER_MAX = 256 * 1024 };

struct bench_connection {
    int port, socket; /* socket is -1 while not connected */
    int status;       /* of the last answer */
    char *body;       /* its body, with a NUL behind it */
    size_t size;
    char bytes[BENCH_ANSWER_MAX]; /* its headers and body as they came */
};

/* Asks 127.0.0.1 and reads the whole answer; body NULL = none. False when there was no connection or no
 * answer; the next call connects again. */
bool bench_ask(struct bench_connection *connection, const char *method, const char *path, const char *body);

/* Copies the first string member of this name out of the answer, which is JSON. Empty when there is none. */
void bench_find(const struct bench_connection *connection, const char *name, char *out, size_t size);

void bench_close(struct bench_connection *connection);

#endif
