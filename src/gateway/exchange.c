/* exchange.c - one request on its way: its body, a thread to work on it, its answer. */
#include <stdio.h>

#include "base/clock.h"
#include "gateway/server_priv.h"

enum {
    DISCARD_MAX = 8 * 1024 * 1024, /* of a body over the limit, so that the client hears why */
    HEADER_MAX = 512,              /* bytes of a header's value, with its NUL */
};

/* ---- reading a request ---- */

void li_exchange_on_completed(void *arg, struct MHD_Connection *connection, void **context,
                              enum MHD_RequestTerminationCode why) {
    struct li_exchange *exchange = *context;
    (void)arg, (void)connection, (void)why;
    if (exchange)
        li_exchange_end(exchange);
    *context = NULL;
}

static bool is_refused(const struct li_exchange *exchange) {
    return exchange->retry_after_s || exchange->too_large || exchange->ambiguous || exchange->no_room;
}

/* Passes over a piece of a body that is refused: what may be sent there at all, and some more, so that the
 * client hears why. False: enough of that. */
static bool discard(struct li_exchange *exchange, size_t size) {
    bool large = exchange->is_upload || exchange->is_stream;
    exchange->discarded += size;
    return exchange->discarded <= DISCARD_MAX + (large ? exchange->body_max : 0);
}

/* Keeps a piece of the body. False: the client sends without end, so the connection is cut. */
static bool take_body(struct li_exchange *exchange, const char *data, size_t size) {
    if (!exchange->is_upload && exchange->body_size + size > LI_BODY_MAX)
        exchange->too_large = true;
    if (is_refused(exchange))
        return discard(exchange, size);
    if (exchange->is_upload)
        return li_upload_take(exchange, data, size);
    if (exchange->body_size + size > exchange->body_capacity) {
        size_t capacity = exchange->body_capacity ? LI_BODY_MAX : (size < 2048 ? 2048 : LI_BODY_MAX);
        char *grown = li_arena_try(&exchange->arena, capacity, 1);
        if (!grown)
            return false;
        if (exchange->body_size)
            memcpy(grown, exchange->body, exchange->body_size);
        exchange->body = grown;
        exchange->body_capacity = capacity;
    }
    memcpy(exchange->body + exchange->body_size, data, size);
    exchange->body_size += size;
    return true;
}

/* ---- answering ---- */

static void release_blob(void *blob) {
    li_blob_release(blob);
}

static enum MHD_Result answer(struct li_exchange *exchange) {
    struct li_http_response *response = &exchange->response;
    struct MHD_Response *out = NULL;
    if (response->blob)
        out = MHD_create_response_from_buffer_with_free_callback_cls(
            response->body.size, response->blob->bytes, release_blob, response->blob);
    else /* the exchange lives until the answer was sent */
        out = MHD_create_response_from_buffer(response->body.size, (void *)(uintptr_t)response->body.data,
                                              MHD_RESPMEM_PERSISTENT);
    if (!out) {
        li_blob_release(response->blob);
        return MHD_NO;
    }
    /* The bytes behind an ambiguous request must not be read as a further request. And a server that stops
     * takes this connection's last one: as long as clients ask on, it could not end. */
    if (exchange->ambiguous || atomic_load(&exchange->server->stopping))
        MHD_add_response_header(out, "Connection", "close");
    if (response->content_type)
        MHD_add_response_header(out, "Content-Type", response->content_type);
    for (size_t i = 0; i < response->header_count; i++) {
        char value[HEADER_MAX];
        struct li_text text = response->headers[i].value;
        size_t size = text.size < sizeof value ? text.size : sizeof value - 1;
        if (size)
            memcpy(value, text.data, size);
        value[size] = '\0';
        MHD_add_response_header(out, response->headers[i].name, value);
    }
    enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned)response->status, out);
    MHD_destroy_response(out);
    li_gateway_finish(exchange->server->gateway, &exchange->request, response,
                      li_clock_monotonic_ns() - exchange->started_ns);
    return result;
}

static void finish_work(struct li_exchange *exchange) {
    exchange->state = EXCHANGE_DONE;
    MHD_resume_connection(exchange->connection);
}

static void work(void *arg) {
    struct li_exchange *exchange = arg;
    struct li_waiting_room *room = &exchange->server->room;
    exchange->generation = li_waiting_room_generation(room);
    li_gateway_handle(exchange->server->gateway, &exchange->request, &exchange->response);
    if (exchange->response.wait_ms > 0 && !exchange->request.wait_over)
        li_waiting_room_enter(room, exchange);
    else
        finish_work(exchange);
}

static void refuse_for_now(struct li_exchange *exchange, int status, const char *sentence,
                           int retry_after_s) {
    li_gateway_refuse(exchange->server->gateway, &exchange->request, &exchange->response, status, sentence);
    li_response_header(&exchange->response, "Retry-After",
                       li_arena_printf(&exchange->arena, "%d", retry_after_s));
}

static const char *const UPLOADS_FULL = "too many files are being read; try again in some seconds";

/* What takes long is not begun any more when the server has waited long enough. */
static void handle_unless_late(struct li_exchange *exchange) {
    if (atomic_load(&exchange->server->late))
        refuse_for_now(exchange, 503, "the server is being stopped; try again in some seconds", 10);
    else
        li_gateway_handle(exchange->server->gateway, &exchange->request, &exchange->response);
}

static void work_on_upload(void *arg) {
    struct li_exchange *exchange = arg;
    handle_unless_late(exchange);
    li_upload_release(exchange);
    finish_work(exchange);
}

void li_exchange_submit(struct li_exchange *exchange) {
    struct li_server *server = exchange->server;
    struct li_pool *pool = exchange->is_upload ? server->upload_pool : server->pool;
    if (li_pool_submit(pool, exchange->is_upload ? work_on_upload : work, exchange) == LI_OK)
        return;
    if (exchange->is_upload) {
        li_upload_release(exchange);
        refuse_for_now(exchange, 503, UPLOADS_FULL, 5);
    } else {
        refuse_for_now(exchange, 503, "too many requests are waiting; try again in a second", 1);
    }
    finish_work(exchange);
}

static void work_on_stream(void *arg) {
    struct li_exchange *exchange = arg;
    handle_unless_late(exchange);
    li_body_stream_close(exchange->stream);
}

static bool has_room_for_stream(const struct li_server *server) {
    return li_pool_load(server->stream_pool) < LI_STREAMS;
}

/* Sets a worker on a body that begins to come. False when all are busy. */
static bool begin_stream(struct li_exchange *exchange) {
    struct li_server *server = exchange->server;
    exchange->stream = li_body_stream_new(server, exchange->connection);
    if (!exchange->stream)
        return false;
    exchange->request.read_body = li_body_stream_read;
    exchange->request.body_context = exchange->stream;
    if (li_pool_submit_to_idle(server->stream_pool, work_on_stream, exchange) == LI_OK)
        return true;
    li_body_stream_free(exchange->stream);
    exchange->stream = NULL;
    return false;
}

/* Hands on a piece of a body that is worked on while it comes; *size is what is left of the piece. */
static enum MHD_Result take_stream(struct li_exchange *exchange, const char *data, size_t *size) {
    exchange->too_large = exchange->too_large || exchange->body_size + *size > exchange->body_max;
    if (!exchange->stream && !is_refused(exchange))
        exchange->no_room = !begin_stream(exchange);
    if (exchange->stream && exchange->too_large)
        li_body_stream_cut(exchange->stream); /* so that its worker does not write the answer, too */
    if (!exchange->stream || exchange->too_large) {
        bool more = discard(exchange, *size);
        *size = 0;
        return more ? MHD_YES : MHD_NO;
    }
    size_t taken = li_body_stream_push(exchange->stream, data, *size);
    exchange->body_size += taken;
    *size -= taken;
    return MHD_YES;
}

static enum MHD_Result refuse(struct li_exchange *exchange, int status, const char *sentence) {
    li_gateway_refuse(exchange->server->gateway, &exchange->request, &exchange->response, status, sentence);
    return answer(exchange);
}

static enum MHD_Result answer_refused(struct li_exchange *exchange) {
    char sentence[80];
    if (exchange->retry_after_s) {
        refuse_for_now(exchange, 429,
                       "too many requests from this address; the Retry-After header says when to go on",
                       exchange->retry_after_s);
        return answer(exchange);
    }
    if (exchange->too_large) {
        snprintf(sentence, sizeof sentence, "the body is larger than %zu bytes", exchange->body_max);
        return refuse(exchange, 413, sentence);
    }
    if (exchange->ambiguous)
        return refuse(
            exchange, 400,
            "this request can be read in two ways: its headers, or how long its body is; see RFC 9112");
    refuse_for_now(exchange, 503, UPLOADS_FULL, 5);
    return answer(exchange);
}

enum MHD_Result li_exchange_on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                       const char *method, const char *version, const char *upload,
                                       size_t *upload_size, void **context) {
    struct li_server *server = arg;
    struct li_exchange *exchange = *context;
    (void)version;
    if (!exchange) {
        *context = exchange = li_exchange_begin(server, connection, url, method);
        if (!exchange)
            return MHD_NO;
        /* Who asks first need not send what will not be taken. */
        if (li_exchange_header(connection, "Expect").size == 0)
            return MHD_YES;
        exchange->no_room = exchange->is_stream && !has_room_for_stream(server);
        return is_refused(exchange) ? answer_refused(exchange) : MHD_YES;
    }
    if (*upload_size && exchange->is_stream)
        return take_stream(exchange, upload, upload_size);
    if (*upload_size) {
        bool more = take_body(exchange, upload, *upload_size);
        *upload_size = 0;
        return more ? MHD_YES : MHD_NO;
    }
    if (exchange->state == EXCHANGE_DONE)
        return answer(exchange);
    if (exchange->state == EXCHANGE_WORKING)
        return MHD_YES;
    if (is_refused(exchange))
        return answer_refused(exchange);
    if (exchange->stream)
        return li_body_stream_end(exchange->stream) ? answer(exchange) : MHD_YES;
    exchange->request.body =
        (struct li_text){exchange->is_upload ? exchange->upload : exchange->body, exchange->body_size};
    if (li_gateway_handle_quick(server->gateway, &exchange->request, &exchange->response))
        return answer(exchange);
    exchange->state = EXCHANGE_WORKING;
    MHD_suspend_connection(connection);
    li_exchange_submit(exchange);
    return MHD_YES;
}
