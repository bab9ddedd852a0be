/* routes.c - one table of routes, for the server and for Lambda: who answers, under which rules. */
#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "gateway/gateway_priv.h"

const struct li_route LI_ROUTES[] = {
    {"/create-session", LI_POST, li_handle_create_session, false, false},
    {"/search", LI_GET | LI_POST, li_handle_search, true, false},
    {"/extract-simulate", LI_POST, li_handle_extract, true, true},
    {"/transform", LI_POST, li_handle_transform, true, true},
    {"/profile", LI_POST, li_handle_profile, true, true},
    {"/getProfile", LI_GET | LI_POST, li_handle_get_profile, true, true},
    {"/session", LI_DELETE, li_handle_erase, true, true},
    {"/events", LI_POST, li_handle_events, true, true},
    {"/analyze", LI_POST, li_handle_analyze, true, true, LI_UPLOAD_MAX},
    {"/features", LI_POST, li_handle_features, true, true, LI_FEATURES_MAX},
    {"/import", LI_POST, li_handle_import, true, true, LI_IMPORT_MAX, true},
    {"/timeline", LI_GET | LI_POST, li_handle_timeline, true, false},
    {"/share", LI_POST, li_handle_share, true, true},
    {"/compare", LI_GET | LI_POST, li_handle_compare, true, false},
    {"/healthz", LI_GET, li_handle_health, false, false},
    {"/metrics", LI_GET, li_handle_metrics, false, false},
};
const size_t LI_ROUTE_COUNT = sizeof LI_ROUTES / sizeof *LI_ROUTES;

static const struct li_route *route_of(struct li_text path) {
    if (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    for (size_t i = 0; i < LI_ROUTE_COUNT; i++)
        if (li_text_equal(path, li_text_of(LI_ROUTES[i].path)))
            return &LI_ROUTES[i];
    return NULL;
}

size_t li_request_body_max(const struct li_http_request *request, bool *upload) {
    const struct li_route *route = route_of(request->path);
    bool large = route && route->body_max && (route->methods & (int)request->method);
    *upload = large && !route->streamed;
    return large ? route->body_max : LI_BODY_MAX;
}

bool li_request_streams(const struct li_http_request *request) {
    const struct li_route *route = route_of(request->path);
    return route && route->streamed && (route->methods & (int)request->method);
}

static bool allows(const struct li_route *route, enum li_method method) {
    return (route->methods & (int)method) || (method == LI_HEAD && (route->methods & LI_GET));
}

/* The methods of an address, which may be a route, a page, or both: GET /profile is a page. */
static int methods_at(const struct li_gateway *gateway, const struct li_route *route,
                      const struct li_http_request *request) {
    bool page = !route || li_assets_find(gateway->assets, gateway->asset_count, request->path,
                                         request->accept_encoding);
    return (route ? route->methods : 0) | (page ? LI_GET : 0);
}

static struct li_text methods_text(int methods, struct li_arena *arena) {
    return li_arena_printf(arena, "%s%s%sOPTIONS", methods & LI_GET ? "GET, HEAD, " : "",
                           methods & LI_POST ? "POST, " : "", methods & LI_DELETE ? "DELETE, " : "");
}

/* Whether a page of this origin may read our answers: one of the list, or our own. */
static bool origin_allowed(const struct li_gateway *gateway, const struct li_http_request *request) {
    struct li_text origin = request->origin;
    for (size_t i = 0; gateway->origins && gateway->origins[i]; i++)
        if (li_text_equal(origin, li_text_of(gateway->origins[i])))
            return true;
    size_t scheme = origin.size > 7 && strncmp(origin.data, "http://", 7) == 0    ? 7
                    : origin.size > 8 && strncmp(origin.data, "https://", 8) == 0 ? 8
                                                                                  : 0;
    return scheme &&
           li_text_equal((struct li_text){origin.data + scheme, origin.size - scheme}, request->host);
}

static void add_cors(struct li_gateway *gateway, const struct li_http_request *request,
                     const struct li_route *route, struct li_http_response *response) {
    if (!request->origin.size)
        return;
    li_response_header(response, "Vary", LI_TEXT("Origin"));
    if (!origin_allowed(gateway, request))
        return;
    li_response_header(response, "Access-Control-Allow-Origin", request->origin);
    li_response_header(response, "Access-Control-Expose-Headers", LI_TEXT("Retry-After, X-Request-Id"));
    if (request->method == LI_OPTIONS) {
        li_response_header(response, "Access-Control-Allow-Methods",
                           methods_text(methods_at(gateway, route, request), response->arena));
        li_response_header(response, "Access-Control-Allow-Headers",
                           LI_TEXT("Content-Type, X-Session-Id, Accept-Language"));
        li_response_header(response, "Access-Control-Max-Age", LI_TEXT("600"));
    }
}

/* What a page of ours may do: run and load what comes from here, and be framed by nobody. */
static void add_page_rules(struct li_http_response *response) {
    li_response_header(response, "Content-Security-Policy",
                       LI_TEXT("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
                               "style-src 'self'; font-src 'self' data:; img-src 'self' data: blob:; "
                               "connect-src 'self'; manifest-src 'self'; "
                               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
    li_response_header(response, "Referrer-Policy", LI_TEXT("no-referrer"));
    li_response_header(response, "Permissions-Policy", LI_TEXT("camera=(), geolocation=(), microphone=()"));
    li_response_header(response, "Cross-Origin-Opener-Policy", LI_TEXT("same-origin"));
}

/* Whether an If-None-Match header names this tag: "*", or a list compared weakly (RFC 9110, 13.1.2). Our tags
 * hold no comma. */
static bool names_tag(struct li_text header, struct li_text tag) {
    while (header.size) {
        struct li_text item = li_text_trim(li_text_cut(&header, ','));
        if (item.size > 2 && memcmp(item.data, "W/", 2) == 0)
            item = (struct li_text){item.data + 2, item.size - 2};
        if (li_text_equal(item, tag) || li_text_equal(item, LI_TEXT("*")))
            return true;
    }
    return false;
}

/* The bytes of a file, with what describes them. */
static void put_asset(const struct li_asset *asset, int status, struct li_http_response *response) {
    response->status = status;
    response->content_type = asset->content_type;
    response->body = (struct li_text){(const char *)asset->bytes, asset->size};
    li_response_header(response, "Vary", LI_TEXT("Accept-Encoding"));
    li_response_header(response, "Cache-Control",
                       asset->immutable ? LI_TEXT("public, max-age=31536000, immutable")
                                        : LI_TEXT("no-cache"));
    if (asset->encoding)
        li_response_header(response, "Content-Encoding", li_text_of(asset->encoding));
    /* A worker is ruled by what its own script was sent with. */
    if (strncmp(asset->content_type, "text/html", 9) == 0 ||
        strncmp(asset->content_type, "text/javascript", 15) == 0)
        add_page_rules(response);
}

static void answer_asset(const struct li_asset *asset, const struct li_http_request *request,
                         struct li_http_response *response) {
    put_asset(asset, 200, response);
    struct li_text tag = li_arena_printf(response->arena, "\"%016llx\"", li_text_hash(response->body));
    li_response_header(response, "ETag", tag);
    if (names_tag(request->if_none_match, tag)) {
        response->status = 304;
        response->body = (struct li_text){0};
    }
}

static void answer_route(struct li_gateway *gateway, const struct li_route *route,
                         const struct li_http_request *request, struct li_http_response *response) {
    json_t *body = NULL;
    struct li_error err = {0};
    if (!allows(route, request->method)) {
        li_response_problem(response, 405, "this address takes another method; the Allow header says which");
        li_response_header(response, "Allow",
                           methods_text(methods_at(gateway, route, request), response->arena));
        return;
    }
    if (!route->body_max && li_body_parse(request->body, &body, &err) != LI_OK) {
        li_response_error(response, &err);
        return;
    }
    route->handle(gateway, request, body, response);
    /* The session may be a view into the body, which goes now. */
    if (response->session.size)
        response->session = li_arena_copy(response->arena, response->session);
    json_decref(body);
}

static void answer_other(struct li_gateway *gateway, const struct li_http_request *request,
                         struct li_http_response *response) {
    const struct li_asset *asset =
        li_assets_find(gateway->assets, gateway->asset_count, request->path, request->accept_encoding);
    bool reads_pages =
        request->accept.size && memmem(request->accept.data, request->accept.size, "text/html", 9) != NULL;
    const struct li_asset *lost = asset || !reads_pages
                                      ? NULL
                                      : li_assets_find(gateway->assets, gateway->asset_count,
                                                       LI_TEXT("/404.html"), request->accept_encoding);
    if (lost) {
        put_asset(lost, 404, response); /* nothing to compare with: what is not there has no tag */
    } else if (!asset) {
        li_response_problem(response, 404,
                            "there is nothing at this address; / and /openapi.json say what there is");
    } else if (request->method != LI_GET && request->method != LI_HEAD) {
        li_response_problem(response, 405, "this address takes another method; the Allow header says which");
        li_response_header(response, "Allow", methods_text(LI_GET, response->arena));
    } else {
        answer_asset(asset, request, response);
    }
}

/* Whether somebody asks for the page at an address that the API has for another method: GET /profile. */
static bool is_page(const struct li_gateway *gateway, const struct li_route *route,
                    const struct li_http_request *request) {
    return (request->method == LI_GET || request->method == LI_HEAD) && !allows(route, request->method) &&
           li_assets_find(gateway->assets, gateway->asset_count, request->path, request->accept_encoding);
}

/* What every answer of a route carries; errors also say which request they were. */
static void add_route_headers(const struct li_http_request *request, struct li_http_response *response) {
    li_response_header(response, "Cache-Control", LI_TEXT("no-store"));
    li_response_header(response, "X-Content-Type-Options", LI_TEXT("nosniff"));
    if (response->status >= 400 && request->id[0])
        li_response_header(response, "X-Request-Id", li_text_of(request->id));
}

void li_gateway_refuse(struct li_gateway *gateway, const struct li_http_request *request,
                       struct li_http_response *response, int status, const char *sentence) {
    response->header_count = 0;
    response->wait_ms = 0;
    add_cors(gateway, request, route_of(request->path), response);
    li_response_problem(response, status, sentence);
    add_route_headers(request, response);
}

void li_gateway_handle(struct li_gateway *gateway, const struct li_http_request *request,
                       struct li_http_response *response) {
    const struct li_route *route = route_of(request->path);
    response->header_count = 0;
    response->wait_ms = 0;
    add_cors(gateway, request, route, response);
    if (request->method == LI_OPTIONS) {
        response->status = 204;
        li_response_header(response, "Allow",
                           methods_text(methods_at(gateway, route, request), response->arena));
    } else if (route && !is_page(gateway, route, request)) {
        answer_route(gateway, route, request, response);
        add_route_headers(request, response);
        return;
    } else {
        answer_other(gateway, request, response);
    }
    li_response_header(response, "X-Content-Type-Options", LI_TEXT("nosniff"));
}

bool li_gateway_handle_quick(struct li_gateway *gateway, const struct li_http_request *request,
                             struct li_http_response *response) {
    const struct li_route *route = route_of(request->path);
    bool cached = route && route->handle == li_handle_get_profile && request->method == LI_GET;
    if (cached) {
        response->header_count = 0;
        if (!li_handle_cached_profile(gateway, request, response))
            return false;
        add_cors(gateway, request, route, response);
        add_route_headers(request, response);
        return true;
    }
    bool waits = route && (route->writes || (route->needs_store && !gateway->pipeline->source->ops->quick));
    if (waits && !is_page(gateway, route, request))
        return false;
    li_gateway_handle(gateway, request, response);
    return true;
}

void li_gateway_finish(struct li_gateway *gateway, const struct li_http_request *request,
                       const struct li_http_response *response, int64_t duration_ns) {
    const struct li_route *route = route_of(request->path);
    struct li_log_line line;
    li_metrics_count(&gateway->metrics, route ? (size_t)(route - LI_ROUTES) : LI_ROUTE_COUNT,
                     response->status, duration_ns);
    li_log_begin(&line, response->status >= 500 ? LI_LOG_ERROR : LI_LOG_INFO, "request");
    if (request->id[0])
        li_log_text(&line, "request_id", li_text_of(request->id));
    if (request->invocation_id.size)
        li_log_text(&line, "invocation_id", request->invocation_id);
    if (request->trace_id.size)
        li_log_text(&line, "trace_id", request->trace_id);
    li_log_text(&line, "route", route ? li_text_of(route->path) : LI_TEXT("other"));
    li_log_number(&line, "status", response->status);
    li_log_number(&line, "duration_us", duration_ns / 1000);
    if (response->session.size)
        li_log_session(&line, response->session);
    li_log_end(&line);
}

/* ---- the gateway itself ---- */

static void on_written(void *context, struct li_text session, enum li_object written) {
    struct li_gateway *gateway = context;
    if (gateway->events)
        li_events_raise(gateway->events, session, written);
    if (written != LI_OBJECT_PROFILE)
        return;
    pthread_mutex_lock(&gateway->notify_lock);
    if (gateway->notify)
        gateway->notify(gateway->notify_context, session);
    pthread_mutex_unlock(&gateway->notify_lock);
}

enum li_status li_gateway_new(const struct li_gateway_options *options, struct li_gateway **out,
                              struct li_error *err) {
    struct li_gateway *gateway = calloc(1, sizeof *gateway);
    enum li_status status = LI_OK;
    if (!gateway)
        return li_fail(err, LI_NO_MEMORY, "no memory for the gateway");
    pthread_mutex_init(&gateway->notify_lock, NULL);
    gateway->pipeline = options->pipeline;
    gateway->assets = options->assets;
    gateway->asset_count = options->asset_count;
    gateway->origins = options->origins;
    gateway->events_secret = li_text_of(options->events_secret);
    gateway->key_prefix = li_text_of(options->key_prefix);
    gateway->decoders = options->decoders;
    gateway->cache = li_profile_cache_new();
    if (!gateway->cache)
        status = li_fail(err, LI_NO_MEMORY, "no memory for rendered profiles");
    if (!status && options->own_events)
        status = li_events_new(options->pipeline, &gateway->metrics, options->workers ? options->workers : 2,
                               &gateway->events, err);
    if (status) {
        li_gateway_free(gateway);
        return status;
    }
    options->pipeline->raise = on_written;
    options->pipeline->raise_context = gateway;
    *out = gateway;
    return LI_OK;
}

void li_gateway_free(struct li_gateway *gateway) {
    if (!gateway)
        return;
    li_events_free(gateway->events);
    if (gateway->pipeline->raise_context == gateway)
        gateway->pipeline->raise = NULL;
    li_profile_cache_free(gateway->cache);
    pthread_mutex_destroy(&gateway->notify_lock);
    free(gateway);
}

void li_gateway_on_profile(struct li_gateway *gateway, void (*notify)(void *context, struct li_text session),
                           void *context) {
    pthread_mutex_lock(&gateway->notify_lock);
    gateway->notify_context = context;
    gateway->notify = notify;
    pthread_mutex_unlock(&gateway->notify_lock);
}
