/* S3 events: no more records than allowed, keys are text, and a key of ours is the one that its session and
 * object give. The bytes are tried as a URL-encoded key as well. */
#include "gateway/gateway_priv.h"
#include "target.h"

static void check_key(struct li_text key, struct li_text session, enum li_object object) {
    char again[LI_KEY_MAX];
    check(li_session_valid(session) && object < LI_OBJECT_COUNT);
    li_store_key(session, object, again);
    check(li_text_equal(key, li_text_of(again)));
}

static void check_decoding(struct li_text bytes, struct li_arena *arena) {
    struct li_text decoded = {0}, session;
    enum li_object object;
    if (!li_url_decode(bytes, arena, &decoded)) {
        check(!decoded.data);
        return;
    }
    check(decoded.size <= bytes.size && li_text_valid(decoded));
    if (li_store_parse_key(decoded, &session, &object))
        check_key(decoded, session, object);
}

static void check_event(const json_t *body, struct li_arena *arena) {
    struct li_s3_record *records = NULL;
    struct li_error err = {0};
    size_t count = 4242;
    enum li_status status = li_s3_event_read(body, arena, &records, &count, &err);
    check(status == LI_OK || (status == LI_INVALID && err.message[0] && !records && count == 4242));
    if (status)
        return;
    check(count >= 1 && count <= LI_S3_RECORDS_MAX);
    for (size_t i = 0; i < count; i++) {
        check(li_text_valid(records[i].key));
        if (records[i].ours)
            check_key(records[i].key, records[i].session, records[i].object);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text bytes = {(const char *)data, size};
    struct li_arena arena = {0};
    json_t *body = NULL;
    check_decoding(bytes, &arena);
    if (li_body_parse(bytes, &body, NULL) == LI_OK) {
        if (li_s3_event_is(body))
            check_event(body, &arena);
        json_decref(body);
    }
    li_arena_release(&arena);
    return 0;
}
