/* exchange_head.c - the head of a request -> an exchange: its address, its headers, what its body may be. */
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gateway/server_priv.h"

enum { SPARE_MAX = 32 };

struct li_text li_exchange_header(struct MHD_Connection *connection, const char *name) {
    return li_text_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

/* Whether the body will be larger than this, by what its header says. */
static bool declares_more(struct MHD_Connection *connection, size_t max) {
    struct li_text length = li_exchange_header(connection, "Content-Length");
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

/* One exchange less is under way. It is kept when it can be spared, else handed back to be freed. */
static struct li_exchange *put_back(struct li_server *server, struct li_exchange *exchange) {
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
    return exchange;
}

void li_exchange_end(struct li_exchange *exchange) {
    if (exchange->stream)
        li_body_stream_cut(exchange->stream);
    li_body_stream_free(exchange->stream);
    li_upload_release(exchange);
    li_arena_clear(&exchange->arena);
    exchange = put_back(exchange->server, exchange);
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
        put_back(server, NULL);
    return exchange;
}

struct li_exchange *li_exchange_begin(struct li_server *server, struct MHD_Connection *connection,
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
    request->session_header = li_exchange_header(connection, "X-Session-Id");
    request->content_type = li_exchange_header(connection, "Content-Type");
    request->accept = li_exchange_header(connection, "Accept");
    request->accept_language = li_exchange_header(connection, "Accept-Language");
    request->accept_encoding = li_exchange_header(connection, "Accept-Encoding");
    request->origin = li_exchange_header(connection, "Origin");
    request->host = li_exchange_header(connection, "Host");
    request->if_none_match = li_exchange_header(connection, "If-None-Match");
    request->authorization = li_exchange_header(connection, "Authorization");
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
