/* handlers.c - one function a route: reads the request, calls the stage, answers. */
#include "base/json.h"
#include "gateway/gateway_priv.h"

enum { WAIT_MAX_MS = 20000 };

void li_response_document(struct li_http_response *response, int status, json_t *document) {
    response->status = status;
    response->content_type = "application/json";
    response->body = li_json_print(document, response->arena);
    json_decref(document);
}

static void add_language(struct li_http_response *response, enum li_lang lang) {
    li_response_header(response, "Content-Language", lang == LI_LANG_FR ? LI_TEXT("fr") : LI_TEXT("en"));
}

static bool answered(struct li_http_response *response, enum li_status status, const struct li_error *err) {
    if (status)
        li_response_error(response, err);
    return status != LI_OK;
}

void li_handle_create_session(struct li_gateway *gateway, const struct li_http_request *request,
                              const json_t *body, struct li_http_response *response) {
    (void)request, (void)body;
    struct li_create_session_response created;
    struct li_error err = {0};
    if (!answered(response, li_pipeline_create_session(gateway->pipeline, &created, &err), &err))
        li_response_document(response, 201, created.document);
}

void li_handle_search(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                      struct li_http_response *response) {
    struct li_search_request search = {0};
    struct li_search_response found;
    struct li_error err = {0};
    enum li_status status = LI_OK;
    long limit = 0;
    if (request->method == LI_POST) {
        status = li_body_search(body, &search, &err);
    } else {
        struct li_text text = li_request_param(request, "limit");
        search.words = li_request_param(request, "q");
        if (!search.words.data)
            search.words = li_request_param(request, "query");
        if (text.data && !li_text_to_long(text, 1, LI_SOURCE_HITS_MAX, &limit))
            status =
                li_fail(&err, LI_INVALID, "limit must be a whole number from 1 to %d", LI_SOURCE_HITS_MAX);
        else if (!search.words.data)
            status = li_fail(&err, LI_INVALID, "q is missing: the name of an artist, or its beginning");
        search.limit = (size_t)limit;
    }
    if (!status)
        status = li_pipeline_search(gateway->pipeline, &search, &found, &err);
    if (!answered(response, status, &err))
        li_response_document(response, 200, found.document);
}

void li_handle_extract(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                       struct li_http_response *response) {
    struct li_extract_request extract = {.session = li_request_session(request, body)};
    struct li_extract_response extracted;
    struct li_error err = {0};
    response->session = extract.session;
    enum li_status status = li_body_extract(body, response->arena, &extract, &err);
    if (!status)
        status = li_pipeline_extract(gateway->pipeline, &extract, &extracted, &err);
    if (!answered(response, status, &err))
        li_response_document(response, 200, extracted.document);
}

/* Runs the stages that an S3 event's records start and reports on each. */
static void handle_s3_event(struct li_gateway *gateway, const json_t *body,
                            struct li_http_response *response) {
    struct li_s3_record *records;
    size_t count = 0;
    struct li_error err = {0};
    if (answered(response, li_s3_event_read(body, response->arena, &records, &count, &err), &err))
        return;
    json_t *results = json_array();
    for (size_t i = 0; i < count; i++) {
        struct li_error why = {0};
        const char *outcome = "ignored";
        bool starts =
            records[i].object == LI_OBJECT_TOP_TRACKS || records[i].object == LI_OBJECT_ENRICHED_TRACKS;
        if (records[i].ours && starts) {
            enum li_status status =
                li_pipeline_handle(gateway->pipeline, records[i].session, records[i].object, &why);
            outcome = status ? "failed" : "done";
        }
        json_t *result = json_pack("{s:o,s:s}", "key", li_json_text(records[i].key), "outcome", outcome);
        if (why.status)
            json_object_set_new(result, "error", li_json_text(li_text_of(why.message)));
        json_array_append_new(results, result);
    }
    li_response_document(response, 200, json_pack("{s:o}", "results", results));
}

void li_handle_transform(struct li_gateway *gateway, const struct li_http_request *request,
                         const json_t *body, struct li_http_response *response) {
    struct li_transform_request transform = {li_request_session(request, body)};
    struct li_transform_response transformed;
    struct li_error err = {0};
    if (li_s3_event_is(body)) {
        handle_s3_event(gateway, body, response);
        return;
    }
    response->session = transform.session;
    if (!answered(response, li_pipeline_transform(gateway->pipeline, &transform, &transformed, &err), &err))
        li_response_document(response, 200, transformed.document);
}

void li_handle_profile(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                       struct li_http_response *response) {
    struct li_profile_request profile = {.session = li_request_session(request, body)};
    struct li_profile_response profiled;
    struct li_error err = {0};
    if (li_s3_event_is(body)) {
        handle_s3_event(gateway, body, response);
        return;
    }
    response->session = profile.session;
    enum li_status status = li_request_lang(request, body, &profile.lang, &err);
    if (!status)
        status = li_pipeline_profile(gateway->pipeline, &profile, &profiled, &err);
    if (answered(response, status, &err))
        return;
    li_response_document(response, 200, profiled.document);
    add_language(response, profile.lang);
}

static enum li_status read_wait(const struct li_http_request *request, const json_t *body, long *wait_ms,
                                struct li_error *err) {
    const json_t *member = json_object_get(body, "wait");
    struct li_text param = li_request_param(request, "wait");
    bool right = true;
    *wait_ms = 0;
    if (member) {
        *wait_ms = json_is_integer(member) ? (long)json_integer_value(member) : -1;
        right = *wait_ms >= 0 && *wait_ms <= WAIT_MAX_MS;
    } else if (param.data) {
        right = li_text_to_long(param, 0, WAIT_MAX_MS, wait_ms);
    }
    return right ? LI_OK
                 : li_fail(err, LI_INVALID, "wait must be a whole number of milliseconds from 0 to %d",
                           WAIT_MAX_MS);
}

bool li_handle_cached_profile(struct li_gateway *gateway, const struct li_http_request *request,
                              struct li_http_response *response) {
    struct li_store *store = gateway->pipeline->store;
    struct li_text session = li_request_session(request, NULL);
    struct li_store_version version;
    enum li_lang lang;
    long wait_ms;
    if (request->method != LI_GET || request->body.size || !store->ops->quick || !li_session_valid(session) ||
        li_request_lang(request, NULL, &lang, NULL) != LI_OK ||
        read_wait(request, NULL, &wait_ms, NULL) != LI_OK ||
        li_store_stat(store, session, LI_OBJECT_PROFILE, &version, NULL) != LI_OK)
        return false;
    struct li_blob *blob = li_profile_cache_get(gateway->cache, session, lang, version.tag);
    if (!blob || blob->extracted_ms + store->ttl_ms <= li_clock_now_ms(&store->clock)) {
        li_blob_release(blob);
        return false;
    }
    response->blob = blob;
    response->status = 200;
    response->content_type = "application/json";
    response->body = (struct li_text){response->blob->bytes, response->blob->size};
    response->session = session;
    add_language(response, lang);
    return true;
}

/* The profile is not there yet: sees to it that somebody makes it, and says how far it is. */
static void answer_progress(struct li_gateway *gateway, struct li_text session, enum li_stage stage,
                            long wait_ms, json_t *document, struct li_http_response *response) {
    struct li_error err = {0};
    if (gateway->events) {
        enum li_event_state state = li_events_state(gateway->events, session, &err);
        if (state == LI_EVENT_FAILED) {
            json_decref(document);
            li_response_error(response, &err);
            return;
        }
        if (state == LI_EVENT_NONE) /* its event was lost with a process that died */
            li_events_raise(gateway->events, session,
                            stage == LI_STAGE_TRANSFORM ? LI_OBJECT_TOP_TRACKS : LI_OBJECT_ENRICHED_TRACKS);
    }
    response->wait_ms = (int)wait_ms;
    li_response_document(response, 202, document);
    li_response_header(response, "Retry-After", LI_TEXT("1"));
}

void li_handle_get_profile(struct li_gateway *gateway, const struct li_http_request *request,
                           const json_t *body, struct li_http_response *response) {
    struct li_get_profile_request get = {.session = li_request_session(request, body)};
    struct li_get_profile_response got = {0};
    struct li_error err = {0};
    long wait_ms = 0;
    response->session = get.session;
    enum li_status status = li_request_lang(request, body, &get.lang, &err);
    if (!status)
        status = read_wait(request, body, &wait_ms, &err);
    if (!status)
        status = li_pipeline_get_profile(gateway->pipeline, &get, &got, &err);
    if (answered(response, status, &err))
        return;
    if (!got.ready) {
        answer_progress(gateway, get.session, got.stage, request->wait_over ? 0 : wait_ms, got.document,
                        response);
        return;
    }
    li_response_document(response, 200, got.document);
    add_language(response, get.lang);
    struct li_blob *blob = li_blob_new(response->body, got.version.tag);
    if (blob) {
        blob->extracted_ms = got.extracted_ms;
        li_profile_cache_put(gateway->cache, get.session, get.lang, blob);
    }
    li_blob_release(blob);
}

void li_handle_erase(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                     struct li_http_response *response) {
    struct li_error err = {0};
    response->session = li_request_session(request, body);
    if (!answered(response, li_store_erase(gateway->pipeline->store, response->session, &err), &err))
        response->status = 204;
}

void li_handle_health(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                      struct li_http_response *response) {
    (void)request, (void)body;
    li_response_document(response, 200,
                         json_pack("{s:s,s:s,s:s,s:s}", "status", "ok", "version", LI_VERSION, "source",
                                   gateway->pipeline->source->ops->name, "store",
                                   gateway->pipeline->store->ops->name));
}

void li_handle_metrics(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                       struct li_http_response *response) {
    (void)request, (void)body;
    const char *paths[LI_ROUTES_MAX];
    for (size_t i = 0; i < LI_ROUTE_COUNT; i++)
        paths[i] = LI_ROUTES[i].path;
    paths[LI_ROUTE_COUNT] = "other";
    response->status = 200;
    response->content_type = "text/plain; version=0.0.4; charset=utf-8";
    response->body = li_metrics_print(&gateway->metrics, paths, LI_ROUTE_COUNT + 1,
                                      gateway->events ? li_events_load(gateway->events) : 0, response->arena);
}
