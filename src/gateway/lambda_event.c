/* lambda_event.c - what API Gateway sends and reads: payload 2.0 (HTTP APIs, function URLs) and 1.0 (HTTP
 * APIs that ask for it; REST APIs). Shapes: "Working with AWS Lambda proxy integrations for HTTP APIs",
 * Amazon API Gateway developer guide. */
#include <strings.h>

#include "base/base64.h"
#include "base/json.h"
#include "gateway/lambda_priv.h"

/* ---- requests ---- */

/* Decodes as the server does: what is no escape stays as it is, and "%00" becomes a byte that no valid text
 * holds. False when memory is out. */
static bool unescape(struct li_text text, bool plus_is_space, struct li_arena *arena, struct li_text *out) {
    char *decoded = li_arena_try(arena, text.size + 1, 1);
    size_t used = 0;
    if (!decoded)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        int high = c == '%' && i + 2 < text.size ? li_text_hex_digit(text.data[i + 1]) : -1;
        int low = high >= 0 ? li_text_hex_digit(text.data[i + 2]) : -1;
        if (low >= 0) {
            c = (char)(high * 16 + low);
            i += 2;
        } else if (plus_is_space && c == '+') {
            c = ' ';
        }
        decoded[used++] = c ? c : (char)0xff;
    }
    *out = (struct li_text){decoded, used};
    return true;
}

static struct li_text text_of(const json_t *value) {
    return (struct li_text){json_string_value(value), json_string_length(value)};
}

static void add_param(struct li_http_request *request, struct li_text name, struct li_text value) {
    if (request->param_count < LI_PARAMS_MAX)
        request->params[request->param_count++] =
            (struct li_pair){name, {value.data ? value.data : "", value.size}};
}

/* rawQueryString: as the client wrote it. */
static bool read_query(struct li_text query, struct li_arena *arena, struct li_http_request *request) {
    while (query.size && request->param_count < LI_PARAMS_MAX) {
        struct li_text value = li_text_cut(&query, '&');
        struct li_text name = li_text_cut(&value, '=');
        if (!name.size)
            continue;
        if (!unescape(name, true, arena, &name) || !unescape(value, true, arena, &value))
            return false;
        add_param(request, name, value);
    }
    return true;
}

/* Payload 1.0: decoded already, once with all values of a name and once with the last. */
static void read_params(const json_t *document, struct li_http_request *request) {
    const char *name;
    json_t *value, *item;
    size_t i;
    json_t *many = json_object_get(document, "multiValueQueryStringParameters");
    json_object_foreach(many, name, value) {
        json_array_foreach(value, i, item) add_param(request, li_text_of(name), text_of(item));
    }
    if (json_is_object(many))
        return;
    json_object_foreach(json_object_get(document, "queryStringParameters"), name, value) {
        add_param(request, li_text_of(name), text_of(value));
    }
}

static void read_header(struct li_http_request *request, const char *name, struct li_text value) {
    const struct {
        const char *name;
        struct li_text *field;
    } fields[] = {
        {"x-session-id", &request->session_header},
        {"content-type", &request->content_type},
        {"authorization", &request->authorization},
        {"accept", &request->accept},
        {"accept-language", &request->accept_language},
        {"accept-encoding", &request->accept_encoding},
        {"origin", &request->origin},
        {"host", &request->host},
        {"if-none-match", &request->if_none_match},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcasecmp(name, fields[i].name) == 0)
            *fields[i].field = value;
}

/* Of a header that came several times payload 2.0 has all values with commas between them, 1.0 a list: the
 * first counts there, as it does in the server. */
static void read_headers(const json_t *document, struct li_http_request *request) {
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(document, "headers"), name, value) {
        read_header(request, name, text_of(value));
    }
    json_object_foreach(json_object_get(document, "multiValueHeaders"), name, value) {
        if (json_array_size(value))
            read_header(request, name, text_of(json_array_get(value, 0)));
    }
}

/* Both payloads of an HTTP API say the path with the stage before it, when the stage has a name. */
static struct li_text without_stage(struct li_text path, struct li_text stage) {
    size_t prefix = stage.size + 1;
    if (stage.size && path.size > prefix && path.data[0] == '/' && path.data[prefix] == '/' &&
        memcmp(path.data + 1, stage.data, stage.size) == 0)
        return (struct li_text){path.data + prefix, path.size - prefix};
    return path;
}

static enum li_status read_http(struct li_arena *arena, struct li_lambda_event *out, struct li_error *err) {
    const json_t *document = out->document, *context = json_object_get(document, "requestContext");
    struct li_http_request *request = &out->request;
    bool two = out->kind == LI_EVENT_HTTP_2;
    struct li_text method = two ? li_json_get_text(json_object_get(context, "http"), "method")
                                : li_json_get_text(document, "httpMethod");
    struct li_text path = li_json_get_text(document, two ? "rawPath" : "path");
    struct li_text body = li_json_get_text(document, "body");
    if (!method.size || !path.size || path.data[0] != '/')
        return li_fail(err, LI_INVALID, "an event of API Gateway needs a method and a path");
    if (json_is_object(json_object_get(document, "version")) ||
        (json_object_get(document, "body") && !body.data && !json_is_null(json_object_get(document, "body"))))
        return li_fail(err, LI_INVALID, "the body in an event of API Gateway must be a text");
    if (json_object_get(document, "version")) /* a REST API has no version, and no stage in the path */
        path = without_stage(path, li_json_get_text(context, "stage"));
    request->method = li_method_of(method);
    bool fits = unescape(path, false, arena, &request->path);
    if (two)
        fits = fits && read_query(li_json_get_text(document, "rawQueryString"), arena, request);
    else
        read_params(document, request);
    if (!fits)
        return li_fail(err, LI_NO_MEMORY, "no memory for a request");
    read_headers(document, request);
    if (json_is_true(json_object_get(document, "isBase64Encoded")) && body.data &&
        !li_base64_decode(body, arena, &body))
        return li_fail(err, LI_INVALID, "the body in an event of API Gateway is not base64, as it says");
    request->body = body;
    return LI_OK;
}

/* ---- which event it is ---- */

static bool kind_of(const json_t *document, enum li_event_kind *kind) {
    struct li_text version = li_json_get_text(document, "version");
    if (li_s3_event_is(document))
        *kind = LI_EVENT_S3;
    else if (li_text_equal(li_json_get_text(document, "Event"), LI_TEXT("s3:TestEvent")))
        *kind = LI_EVENT_S3_TEST;
    else if (li_text_equal(version, LI_TEXT("2.0")) && json_object_get(document, "requestContext"))
        *kind = LI_EVENT_HTTP_2;
    else if (json_object_get(document, "httpMethod") &&
             (!version.data || li_text_equal(version, LI_TEXT("1.0"))))
        *kind = LI_EVENT_HTTP_1;
    else
        return false;
    return true;
}

enum li_status li_lambda_event_read(struct li_text payload, struct li_arena *arena,
                                    struct li_lambda_event *out, struct li_error *err) {
    struct li_lambda_event event = {0};
    json_error_t why;
    /* A NUL may stand in the body of a request: it is the route that refuses it. */
    enum li_status status = li_json_load(payload, JSON_ALLOW_NUL, &event.document, &why);
    if (status == LI_NO_MEMORY)
        return li_json_no_memory(payload, err);
    if (status)
        return li_fail(err, LI_INVALID, "the event is not JSON: %.150s (byte %d)", why.text, why.position);
    if (!kind_of(event.document, &event.kind))
        status = li_fail(err, LI_INVALID, "the event comes neither from API Gateway nor from S3");
    else if (event.kind == LI_EVENT_HTTP_2 || event.kind == LI_EVENT_HTTP_1)
        status = read_http(arena, &event, err);
    if (status)
        json_decref(event.document);
    else
        *out = event;
    return status;
}

void li_lambda_event_clean_up(struct li_lambda_event *event) {
    json_decref(event->document);
    event->document = NULL;
}

/* ---- answers ---- */

static void add_header(json_t *headers, bool lists, const char *name, struct li_text value) {
    json_t *there = json_object_get(headers, name), *text = li_json_text(value);
    if (!lists && there) { /* one text for all values of a name, RFC 9110, section 5.3 */
        json_t *both = json_sprintf("%s, %s", json_string_value(there), json_string_value(text));
        json_object_set_new(headers, name, both);
        json_decref(text);
        return;
    }
    if (!lists) {
        json_object_set_new(headers, name, text);
        return;
    }
    if (!there)
        json_object_set_new(headers, name, there = json_array());
    json_array_append_new(there, text);
}

static bool is_text(const struct li_http_response *response) {
    for (size_t i = 0; i < response->header_count; i++)
        if (strcasecmp(response->headers[i].name, "Content-Encoding") == 0)
            return false;
    return li_text_valid(response->body);
}

enum li_status li_lambda_answer_print(const struct li_lambda_event *event,
                                      const struct li_http_response *response, struct li_arena *arena,
                                      struct li_text *out, struct li_error *err) {
    bool lists = event->kind == LI_EVENT_HTTP_1, text = is_text(response);
    struct li_text body = event->request.method == LI_HEAD ? (struct li_text){0} : response->body,
                   printed = {0};
    json_t *document = json_object(), *headers = json_object();
    enum li_status status = LI_OK;
    for (size_t i = 0; i < response->header_count; i++)
        add_header(headers, lists, response->headers[i].name, response->headers[i].value);
    if (response->content_type)
        add_header(headers, lists, "Content-Type", li_text_of(response->content_type));
    json_object_set_new(document, "statusCode", json_integer(response->status));
    json_object_set_new(document, lists ? "multiValueHeaders" : "headers", headers);
    if (body.size > LI_LAMBDA_PAYLOAD_MAX || (!text && !li_base64_encode(body, arena, &body)))
        status = LI_TOO_LARGE;
    if (!status) {
        json_object_set_new(document, "body", li_json_text(body));
        json_object_set_new(document, "isBase64Encoded", json_boolean(!text));
        printed = li_json_print(document, arena);
        if (printed.size > LI_LAMBDA_PAYLOAD_MAX)
            status = LI_TOO_LARGE;
    }
    json_decref(document);
    if (status)
        return li_fail(err, status, "this answer is larger than the %d bytes that Lambda carries",
                       LI_LAMBDA_PAYLOAD_MAX);
    *out = printed;
    return LI_OK;
}
