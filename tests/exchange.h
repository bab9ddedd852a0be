/* exchange.h - a request to the gateway and its answer, without a socket. */
#ifndef LI_TESTS_EXCHANGE_H
#define LI_TESTS_EXCHANGE_H

#include "stages.h"

#include "gateway/gateway_priv.h"

struct exchange {
    struct li_http_request request;
    struct li_http_response response;
    struct li_arena arena;
    json_t *document; /* the answer, when it is JSON */
};

static inline void exchange_clear(struct exchange *exchange) {
    li_blob_release(exchange->response.blob);
    json_decref(exchange->document);
    li_arena_release(&exchange->arena);
    memset(exchange, 0, sizeof *exchange);
}

/* Prepares "/path?name=value&name=value" (nothing in it is decoded) and a body; fill in headers after it. */
static inline void exchange_prepare(struct exchange *exchange, enum li_method method, const char *address,
                                    const char *body) {
    struct li_text rest = li_text_of(address);
    exchange_clear(exchange);
    exchange->request.method = method;
    exchange->request.path = li_text_cut(&rest, '?');
    while (rest.size && exchange->request.param_count < LI_PARAMS_MAX) {
        struct li_text value = li_text_cut(&rest, '&');
        struct li_text name = li_text_cut(&value, '=');
        exchange->request.params[exchange->request.param_count++] =
            (struct li_pair){name, value.data ? value : LI_TEXT("")};
    }
    exchange->request.body = li_text_of(body);
    exchange->response.arena = &exchange->arena;
}

static inline void exchange_read(struct exchange *exchange) {
    const char *type = exchange->response.content_type;
    if (!type || (strcmp(type, "application/json") != 0 && strcmp(type, "application/problem+json") != 0))
        return;
    struct li_error err = {0};
    check(li_json_parse(exchange->response.body, &exchange->document, &err) == LI_OK, "%.*s: %s",
          LI_TEXT_ARG(exchange->response.body), err.message);
}

/* Sends it and returns the status. */
static inline int exchange_send(struct exchange *exchange, struct li_gateway *gateway) {
    li_gateway_handle(gateway, &exchange->request, &exchange->response);
    exchange_read(exchange);
    return exchange->response.status;
}

static inline int ask(struct exchange *exchange, struct li_gateway *gateway, enum li_method method,
                      const char *address, const char *body) {
    exchange_prepare(exchange, method, address, body);
    return exchange_send(exchange, gateway);
}

/* The value of a header of the answer, or NULL. */
static inline const char *header(struct exchange *exchange, const char *name) {
    for (size_t i = 0; i < exchange->response.header_count; i++)
        if (strcmp(exchange->response.headers[i].name, name) == 0)
            return li_arena_copy(&exchange->arena, exchange->response.headers[i].value).data;
    return NULL;
}

/* A problem document (RFC 9457) of this status, with its sentence in two places. */
static inline void check_problem(struct exchange *exchange, int status, const char *words, const char *what) {
    check(exchange->response.status == status, "%s: %d, wanted %d: %.*s", what, exchange->response.status,
          status, LI_TEXT_ARG(exchange->response.body));
    check(strcmp(exchange->response.content_type, "application/problem+json") == 0, "%s", what);
    check(number_at(exchange->document, "status") == status, "%s", what);
    check(strcmp(text_at(exchange->document, "title"), li_http_reason(status)) == 0, "%s", what);
    check(strcmp(text_at(exchange->document, "type"), "about:blank") == 0, "%s", what);
    check(strcmp(text_at(exchange->document, "detail"), text_at(exchange->document, "error")) == 0, "%s",
          what);
    check(strstr(text_at(exchange->document, "error"), words) != NULL, "%s says: %s", what,
          text_at(exchange->document, "error"));
}

static inline struct li_gateway *gateway_of(struct li_gateway_options options) {
    struct li_gateway *gateway = NULL;
    struct li_error err = {0};
    check(li_gateway_new(&options, &gateway, &err) == LI_OK, "%s", err.message);
    return gateway;
}

#endif
