/* upload.c - bodies that are larger than a document: kept outside of the arenas, given back at once, and held
 * to a limit that all of them share. */
#include <stdlib.h>

#include "base/clock.h"
#include "gateway/server_priv.h"

enum {
    UPLOADS_BYTES = 128 * 1024 * 1024, /* held for all uploads together */
    UPLOAD_FIRST = 64 * 1024,
};
static const int64_t UPLOAD_NS = 300 * (int64_t)1000000000; /* a whole upload may take this long */

/* Takes room out of what all uploads may hold together. */
static bool take_room(struct li_server *server, size_t bytes) {
    size_t held = atomic_load(&server->upload_bytes);
    do {
        if (bytes > UPLOADS_BYTES - held)
            return false;
    } while (!atomic_compare_exchange_weak(&server->upload_bytes, &held, held + bytes));
    return true;
}

void li_upload_release(struct li_exchange *exchange) {
    if (!exchange->upload_capacity)
        return;
    free(exchange->upload);
    atomic_fetch_sub(&exchange->server->upload_bytes, exchange->upload_capacity);
    exchange->upload = NULL;
    exchange->upload_capacity = 0;
    exchange->body_size = 0;
    exchange->request.body = (struct li_text){0};
}

static bool grow(struct li_exchange *exchange, size_t need) {
    size_t capacity = exchange->upload_capacity ? exchange->upload_capacity : UPLOAD_FIRST;
    while (capacity < need)
        capacity *= 2;
    if (capacity > exchange->body_max)
        capacity = exchange->body_max;
    size_t more = capacity - exchange->upload_capacity;
    if (!take_room(exchange->server, more))
        return false;
    char *grown = realloc(exchange->upload, capacity);
    if (!grown) {
        atomic_fetch_sub(&exchange->server->upload_bytes, more);
        return false;
    }
    exchange->upload = grown;
    exchange->upload_capacity = capacity;
    return true;
}

bool li_upload_take(struct li_exchange *exchange, const char *data, size_t size) {
    if (li_clock_monotonic_ns() - exchange->started_ns > UPLOAD_NS)
        return false;
    if (exchange->body_size + size > exchange->body_max) {
        exchange->too_large = true;
        li_upload_release(exchange);
    } else if (exchange->body_size + size > exchange->upload_capacity &&
               !grow(exchange, exchange->body_size + size)) {
        exchange->no_room = true;
        li_upload_release(exchange);
    } else {
        memcpy(exchange->upload + exchange->body_size, data, size);
        exchange->body_size += size;
    }
    return true;
}
