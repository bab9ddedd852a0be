/* exchange.c - one request on its way: its headers, its body, a thread to work on it, its answer. */
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gateway/server_priv.h"

enum {
    DISCARD_MAX = 8 * 1024 * 1024, /* of a body over the limit, so that the client hears why */
    HEADER_MAX = 512,              /* bytes of a header's value, with its NUL */
    SPARE_MAX = 32,
};

/* ---- reading a request ---- */

static struct li_text header_of(struct MHD_Connection *connection, const char *name) {
    return li_text_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

/* Whether the body will be larger than this, by what its header says. */
static bool declares_more(struct MHD_Connection *connection, size_t max) {
    struct li_text length = header_of(connection, "Content-Length");
    long size;
    return length.size && (!li_text_to_long(length, 0, LONG_MAX, &size) || (size_t)size > max);
}

/* A NUL would end the C strings that the library hands us, so "%00" becomes a byte that no valid text holds:
 * such a path is found nowhere, and such a parameter is refused. */
size_t li_exchange_unescape(void *arg, struct MHD_Connection *connection, char *text) {
    (void)arg, (void)connection;
    size_t size = MHD_http_unescape(text);
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\0')
            text[i] = (char)0xff;
    return size;
}

static enum MHD_Result on_param(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                const char *value, size_t value_size) {
    struct li_http_request *request = arg;
    (void)kind;
    if (request->param_count == LI_PARAMS_MAX)
        return MHD_NO;
    request->params[request->param_count++] =
        (struct li_pair){{name, name_size}, {value ? value : "", value ? value_size : 0}};
    return MHD_YES;
}

static void exchange_free(struct li_exchange *exchange) {
    li_arena_release(&exchange->arena);
    free(exchange);
}

void li_exchange_free_spare(struct li_server *server) {
    while (server->spare) {
        struct li_exchange *next = server->spare->next;
        exchange_free(server->spare);
        server->spare = next;
    }
}

/* Ends an exchange, and keeps a few for the next: what malloc takes for one this large is measurable. */
static void exchange_give_back(struct li_server *server, struct li_exchange *exchange) {
    if (exchange) {
        if (exchange->stream)
            li_body_stream_cut(exchange->stream);
        li_body_stream_free(exchange->stream);
        li_upload_release(exchange);
        li_arena_clear(&exchange->arena);
    }
    pthread_mutex_lock(&server->lock);
    if (exchange && server->spare_count < SPARE_MAX) {
        exchange->next = server->spare;
        server->spare = exchange;
        server->spare_count++;
        exchange = NULL;
    }
    if (--server->active == 0)
        pthread_cond_broadcast(&server->idle);
    pthread_mutex_unlock(&server->lock);
    if (exchange)
        exchange_free(exchange);
}

/* The part of a client's address that one client cannot change at will: IPv4 whole, IPv6 its /64. */
static struct li_text address_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (address && address->sa_family == AF_INET)
        return (struct li_text){(const char *)&((const struct sockaddr_in *)(const void *)address)->sin_addr,
                                4};
    if (address && address->sa_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        bool mapped = IN6_IS_ADDR_V4MAPPED(v6);
        return (struct li_text){(const char *)v6 + (mapped ? 12 : 0), mapped ? 4 : 8};
    }
    return LI_TEXT("local");
}

/* Eight digits; snprintf takes measurably longer, and every request has an id. */
static void write_hex(char *out, unsigned value) {
    for (int i = 7; i >= 0; i--, value >>= 4)
        out[i] = "0123456789abcdef"[value & 15];
}

/* A zeroed exchange, counted as under way; its arena may have a block already. */
static struct li_exchange *exchange_take(struct li_server *server) {
    pthread_mutex_lock(&server->lock);
    struct li_exchange *exchange = server->spare;
    if (exchange) {
        server->spare = exchange->next;
        server->spare_count--;
    }
    server->active++;
    pthread_mutex_unlock(&server->lock);
    if (exchange) {
        struct li_arena arena = exchange->arena;
        memset(exchange, 0, sizeof *exchange);
        exchange->arena = arena;
        return exchange;
    }
    exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        exchange_give_back(server, NULL);
    return exchange;
}

static struct li_exchange *exchange_new(struct li_server *server, struct MHD_Connection *connection,
                                        const char *url, const char *method) {
    struct li_exchange *exchange = exchange_take(server);
    if (!exchange)
        return NULL;
    exchange->server = server;
    exchange->connection = connection;
    exchange->started_ns = li_clock_monotonic_ns();
    exchange->response.arena = &exchange->arena;
    struct li_http_request *request = &exchange->request;
    request->method = li_method_of(li_text_of(method));
    request->path = li_text_of(url);
    request->session_header = header_of(connection, "X-Session-Id");
    request->content_type = header_of(connection, "Content-Type");
    request->accept = header_of(connection, "Accept");
    request->accept_language = header_of(connection, "Accept-Language");
    request->accept_encoding = header_of(connection, "Accept-Encoding");
    request->origin = header_of(connection, "Origin");
    request->host = header_of(connection, "Host");
    request->if_none_match = header_of(connection, "If-None-Match");
    request->authorization = header_of(connection, "Authorization");
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, on_param, request);
    request->begun = li_pipeline_moment(server->gateway->pipeline);
    write_hex(request->id, server->id_prefix);
    write_hex(request->id + 8, atomic_fetch_add(&server->next_id, 1));
    exchange->body_max = li_request_body_max(request, &exchange->is_upload);
    exchange->is_stream = li_request_streams(request);
    exchange->too_large = declares_more(connection, exchange->body_max);
    exchange->ambiguous = li_request_is_ambiguous(connection, method);
    if (server->limiter)
        exchange->retry_after_s =
            li_limiter_take(server->limiter, address_of(connection), exchange->started_ns);
    return exchange;
}

void li_exchange_on_completed(void *arg, struct MHD_Connection *connection, void **context,
                              enum MHD_RequestTerminationCode why) {
    struct li_server *server = arg;
    struct li_exchange *exchange = *context;
    (void)connection, (void)why;
    if (exchange)
        exchange_give_back(server, exchange);
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
    if (!has_room_for_stream(server))
        return false;
    exchange->stream = li_body_stream_new(server, exchange->connection);
    if (!exchange->stream)
        return false;
    exchange->request.read_body = li_body_stream_read;
    exchange->request.body_context = exchange->stream;
    if (li_pool_submit(server->stream_pool, work_on_stream, exchange) == LI_OK)
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
        *context = exchange = exchange_new(server, connection, url, method);
        if (!exchange)
            return MHD_NO;
        /* Who asks first need not send what will not be taken. */
        if (header_of(connection, "Expect").size == 0)
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
