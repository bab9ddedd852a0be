/* Lambda's events: a request that was read keeps to the limits and can be answered, in both payloads' forms,
 * with the event's own bytes as the body; base64 that decodes is the only spelling of its bytes. */
#include "base/base64.h"
#include "base/json.h"
#include "gateway/lambda_priv.h"
#include "target.h"

static void check_request(const struct li_http_request *request) {
    check(request->path.size >= 1 && request->path.data[0] == '/');
    check(!memchr(request->path.data, '\0', request->path.size));
    check(request->param_count <= LI_PARAMS_MAX);
    for (size_t i = 0; i < request->param_count; i++)
        check(request->params[i].name.data && request->params[i].value.data);
}

static void check_answer(const struct li_lambda_event *event, struct li_text body, struct li_arena *arena) {
    struct li_http_response response = {
        .status = 200, .content_type = "text/plain", .body = body, .arena = arena};
    struct li_text out = {0}, back = {0};
    json_t *document = NULL;
    li_response_header(&response, "Vary", LI_TEXT("Origin"));
    check(li_lambda_answer_print(event, &response, arena, &out, NULL) == LI_OK);
    check(li_json_parse(out, &document, NULL) == LI_OK);
    struct li_text said = li_json_get_text(document, "body");
    if (json_is_true(json_object_get(document, "isBase64Encoded")))
        check(li_base64_decode(said, arena, &back));
    else
        back = said;
    check(event->request.method == LI_HEAD ? back.size == 0 : li_text_equal(back, body));
    json_decref(document);
}

static void check_base64(struct li_text bytes, struct li_arena *arena) {
    struct li_text decoded = {0}, again = {0};
    if (!li_base64_decode(bytes, arena, &decoded))
        return;
    check(li_base64_encode(decoded, arena, &again) && li_text_equal(again, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text bytes = {(const char *)data, size};
    struct li_lambda_event event = {0};
    struct li_arena arena = {0};
    struct li_error err = {0};
    enum li_status status = li_lambda_event_read(bytes, &arena, &event, &err);
    check(status == LI_OK || (status == LI_INVALID && err.message[0] && !event.document));
    if (!status && (event.kind == LI_EVENT_HTTP_1 || event.kind == LI_EVENT_HTTP_2)) {
        check_request(&event.request);
        check_answer(&event, event.request.body, &arena);
        check_answer(&event, bytes, &arena);
    }
    check_base64(bytes, &arena);
    li_lambda_event_clean_up(&event);
    li_arena_release(&arena);
    return 0;
}
