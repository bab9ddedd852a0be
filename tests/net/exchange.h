/* exchange.h - what the tests of the client share: the little server that they ask, and one exchange with it.
 */
#ifndef LI_TESTS_EXCHANGE_H
#define LI_TESTS_EXCHANGE_H

#include "little_server.h"

#include "net/net.h"

static struct little_server server;

static inline struct li_net *client_of(struct li_net_options options) {
    struct li_net *net = NULL;
    struct li_error err = {0};
    check(li_net_new(&options, &net, &err) == LI_OK, "%s", err.message);
    return net;
}

static inline struct li_net *open_client(void) {
    return client_of((struct li_net_options){.private_addresses = true});
}

/* One exchange, as a test sees it. */
struct exchange {
    struct li_arena arena;
    struct li_net_request request;
    struct li_net_response response;
    struct li_error err;
    char url[600];
};

static inline enum li_status ask(struct li_net *net, struct exchange *exchange, const char *method,
                                 const char *path) {
    struct li_net_request *request = &exchange->request;
    snprintf(exchange->url, sizeof exchange->url, "http://127.0.0.1:%d%s", server.port, path);
    request->method = method;
    request->url = exchange->url;
    if (!request->max_bytes)
        request->max_bytes = 4096;
    return li_net_do(net, request, &exchange->arena, &exchange->response, &exchange->err);
}

static inline bool says(const struct exchange *e, const char *words) {
    return strstr(e->response.body.data, words) != NULL;
}

#endif
