/* handlers.c - one function a route: reads the request, calls the stage, answers. */
#include <strings.h>

#include "base/json.h"
#include "gateway/gateway_priv.h"

enum { WAIT_MAX_MS = 20000, ELSEWHERE_MS = 3000 };

void li_response_document(struct li_http_response *response, int status, json_t *document) {
    response->status = status;
    response->content_type = "application/json";
    response->body = li_json_print(document, response->arena);
    json_decref(document);
}

void li_response_language(struct li_http_response *response, enum li_lang lang) {
    li_response_header(response, "Content-Language", lang == LI_LANG_FR ? LI_TEXT("fr") : LI_TEXT("en"));
}

bool li_response_failed(struct li_http_response *response, enum li_status status,
                        const struct li_error *err) {
    if (status)
        li_response_error(response, err);
    return status != LI_OK;
}

void li_handle_create_session(struct li_gateway *gateway, const struct li_http_request *request,
                              const json_t *body, struct li_http_response *response) {
    (void)request, (void)body;
    struct li_create_session_response created;
    struct li_error err = {0};
    if (!li_response_failed(response, li_pipeline_create_session(gateway->pipeline, &created, &err), &err))
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
    if (!li_response_failed(response, status, &err))
        li_response_document(response, 200, found.document);
}

void li_handle_extract(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                       struct li_http_response *response) {
    struct li_extract_request extract = {.session = li_request_session(request, body),
                                         .begun = request->begun};
    struct li_extract_response extracted;
    struct li_error err = {0};
    response->session = extract.session;
    enum li_status status = li_body_extract(body, response->arena, &extract, &err);
    if (!status)
        status = li_pipeline_extract(gateway->pipeline, &extract, &extracted, &err);
    if (!li_response_failed(response, status, &err))
        li_response_document(response, 200, extracted.document);
}

/* Runs the stage that one record of an S3 event starts, and reports on it. *again: the sender should tell of
 * it once more. */
static json_t *handle_record(struct li_gateway *gateway, struct li_s3_record *record, bool *again) {
    struct li_error why = {0};
    const char *outcome = "ignored";
    li_s3_record_strip(record, gateway->key_prefix);
    if (record->ours &&
        (record->object == LI_OBJECT_TOP_TRACKS || record->object == LI_OBJECT_ENRICHED_TRACKS)) {
        enum li_status status = li_pipeline_handle(gateway->pipeline, record->session, record->object, &why);
        bool erased = status == LI_NOT_FOUND; /* nothing is left to work on: not a failure */
        outcome = erased ? "erased" : status ? "failed" : "done";
        *again =
            *again || status == LI_IO || status == LI_BUSY || status == LI_FULL || status == LI_NO_MEMORY;
        li_metrics_count_stage(&gateway->metrics, record->object, status && !erased);
    }
    json_t *result = json_pack("{s:o,s:s}", "key", li_json_text(record->key), "outcome", outcome);
    if (strcmp(outcome, "failed") == 0)
        json_object_set_new(result, "error", li_json_text(li_text_of(why.message)));
    return result;
}

/* Runs the stages that an S3 event's records start and reports on each. */
static void handle_s3_event(struct li_gateway *gateway, const json_t *body, bool *again,
                            struct li_http_response *response) {
    struct li_s3_record *records;
    size_t count = 0;
    struct li_error err = {0};
    if (li_response_failed(response, li_s3_event_read(body, response->arena, &records, &count, &err), &err))
        return;
    json_t *results = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(results, handle_record(gateway, &records[i], again));
    li_response_document(response, 200, json_pack("{s:o}", "results", results));
}

/* The secret comes as "Authorization: Bearer ...", or as a parameter: radosgw can be given nothing but an
 * address to push to. */
static bool may_tell(const struct li_gateway *gateway, const struct li_http_request *request) {
    struct li_text given = request->authorization;
    if (given.size > 7 && strncasecmp(given.data, "Bearer ", 7) == 0)
        given = (struct li_text){given.data + 7, given.size - 7};
    else
        given = li_request_param(request, "secret");
    return li_text_same_secret(given, gateway->events_secret);
}

void li_handle_events(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                      struct li_http_response *response) {
    bool again = false;
    if (!may_tell(gateway, request)) {
        li_response_problem(response, 401,
                            "events are taken from who has the secret of --events-secret alone");
        li_response_header(response, "WWW-Authenticate", LI_TEXT("Bearer"));
        return;
    }
    if (!li_s3_event_is(body)) {
        li_response_problem(response, 400, "the body must be an S3 event notification, with \"Records\"");
        return;
    }
    handle_s3_event(gateway, body, &again, response);
    if (again) {
        response->header_count = 0;
        li_response_problem(response, 503, "a stage failed for now; tell of it again");
        li_response_header(response, "Retry-After", LI_TEXT("1"));
    }
}

void li_handle_transform(struct li_gateway *gateway, const struct li_http_request *request,
                         const json_t *body, struct li_http_response *response) {
    struct li_transform_request transform = {li_request_session(request, body)};
    struct li_transform_response transformed;
    struct li_error err = {0};
    if (li_s3_event_is(body)) {
        handle_s3_event(gateway, body, &(bool){false}, response);
        return;
    }
    response->session = transform.session;
    if (!li_response_failed(response,
                            li_pipeline_transform(gateway->pipeline, &transform, &transformed, &err), &err))
        li_response_document(response, 200, transformed.document);
}

void li_handle_profile(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                       struct li_http_response *response) {
    struct li_profile_request profile = {.session = li_request_session(request, body)};
    struct li_profile_response profiled;
    struct li_error err = {0};
    if (li_s3_event_is(body)) {
        handle_s3_event(gateway, body, &(bool){false}, response);
        return;
    }
    response->session = profile.session;
    enum li_status status = li_request_lang(request, body, &profile.lang, &err);
    if (!status)
        status = li_pipeline_profile(gateway->pipeline, &profile, &profiled, &err);
    if (li_response_failed(response, status, &err))
        return;
    li_response_document(response, 200, profiled.document);
    li_response_language(response, profile.lang);
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
    li_response_language(response, lang);
    return true;
}

/* Whether another server that shares the store may be making the profile right now: its artists were named a
 * moment ago, by the store's clock, which may be some way off ours. */
static bool perhaps_elsewhere(const struct li_store *store, int64_t extracted_ms) {
    int64_t age_ms = li_clock_now_ms(&store->clock) - extracted_ms;
    return !store->ops->quick && age_ms >= 0 && age_ms < ELSEWHERE_MS;
}

/* The profile is not there yet: sees to it that somebody makes it, and says how far it is. state: of the
 * session's stages just before the profile was looked for. */
static void answer_progress(struct li_gateway *gateway, struct li_text session, enum li_event_state state,
                            const struct li_get_profile_response *got, long wait_ms,
                            struct li_http_response *response) {
    /* nothing here and too late for elsewhere: its event was lost with a process that died */
    if (gateway->events && state == LI_EVENT_NONE &&
        !perhaps_elsewhere(gateway->pipeline->store, got->extracted_ms))
        li_events_raise(gateway->events, session,
                        got->stage == LI_STAGE_TRANSFORM ? LI_OBJECT_TOP_TRACKS : LI_OBJECT_ENRICHED_TRACKS);
    response->wait_ms = (int)wait_ms;
    li_response_document(response, 202, got->document);
    li_response_header(response, "Retry-After", LI_TEXT("1"));
}

void li_handle_get_profile(struct li_gateway *gateway, const struct li_http_request *request,
                           const json_t *body, struct li_http_response *response) {
    struct li_get_profile_request get = {.session = li_request_session(request, body)};
    struct li_get_profile_response got = {0};
    struct li_error err = {0}, why = {0};
    enum li_event_state state = LI_EVENT_NONE;
    long wait_ms = 0;
    response->session = get.session;
    enum li_status status = li_request_lang(request, body, &get.lang, &err);
    if (!status)
        status = read_wait(request, body, &wait_ms, &err);
    /* Asked before the profile is looked for: asked behind it, a stage that ends in between would seem lost.
     */
    if (!status && gateway->events)
        state = li_events_state(gateway->events, get.session, &why);
    if (!status)
        status = li_pipeline_get_profile(gateway->pipeline, &get, &got, &err);
    if (li_response_failed(response, status, &err))
        return;
    if (!got.ready && state == LI_EVENT_FAILED) {
        json_decref(got.document);
        li_response_error(response, &why);
        return;
    }
    if (!got.ready) {
        answer_progress(gateway, get.session, state, &got, request->wait_over ? 0 : wait_ms, response);
        return;
    }
    li_response_document(response, 200, got.document);
    li_response_language(response, get.lang);
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
    if (!li_response_failed(response, li_pipeline_erase(gateway->pipeline, response->session, &err), &err))
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
    struct li_source *source = gateway->pipeline->source;
    uint64_t calls, failures;
    li_source_counts(source, &calls, &failures);
    const struct li_metrics_now now = {
        .events = gateway->events ? li_events_load(gateway->events) : 0,
        .source = source->ops->name,
        .source_calls = calls,
        .source_failures = failures,
    };
    response->body = li_metrics_print(&gateway->metrics, paths, LI_ROUTE_COUNT + 1, &now, response->arena);
}
