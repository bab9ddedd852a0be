/* s3_event.c - S3 event notifications: which objects were created. Keys are URL-encoded as S3 does it, with
 * '+' for a space (Amazon S3 user guide, "Event message structure"). */
#include "base/json.h"
#include "gateway/gateway_priv.h"

bool li_url_decode(struct li_text text, struct li_arena *arena, struct li_text *out) {
    char *decoded = li_arena_try(arena, text.size + 1, 1);
    size_t used = 0;
    if (!decoded)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < text.size ? li_text_hex_digit(text.data[i + 1]) : -1;
            int low = high >= 0 ? li_text_hex_digit(text.data[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        decoded[used++] = c;
    }
    struct li_text whole = {decoded, used};
    if (!li_text_valid(whole))
        return false;
    *out = whole;
    return true;
}

bool li_s3_event_is(const json_t *body) {
    return json_is_array(json_object_get(body, "Records"));
}

enum li_status li_s3_event_read(const json_t *body, struct li_arena *arena, struct li_s3_record **out,
                                size_t *count, struct li_error *err) {
    const json_t *records = json_object_get(body, "Records");
    size_t i, found = json_array_size(records);
    json_t *record;
    if (found < 1 || found > LI_S3_RECORDS_MAX)
        return li_fail(err, LI_INVALID, "an S3 event has 1 to %d records; this one has %zu",
                       LI_S3_RECORDS_MAX, found);
    struct li_s3_record *list = li_arena_alloc(arena, found * sizeof *list);
    json_array_foreach(records, i, record) {
        struct li_text name = li_json_get_text(record, "eventName");
        struct li_text key =
            li_json_get_text(json_object_get(json_object_get(record, "s3"), "object"), "key");
        if (!name.data || !key.data)
            return li_fail(err, LI_INVALID, "record %zu of the S3 event has no eventName or no s3.object.key",
                           i + 1);
        if (!li_url_decode(key, arena, &list[i].key))
            return li_fail(err, LI_INVALID, "the key of record %zu of the S3 event is not URL-encoded text",
                           i + 1);
        list[i].created = strstr(name.data, "ObjectCreated:") != NULL;
        list[i].ours = list[i].created && li_store_parse_key(list[i].key, &list[i].session, &list[i].object);
    }
    *out = list;
    *count = found;
    return LI_OK;
}

void li_s3_record_strip(struct li_s3_record *record, struct li_text prefix) {
    struct li_text key = record->key;
    if (record->created && prefix.size && key.size > prefix.size &&
        memcmp(key.data, prefix.data, prefix.size) == 0)
        record->ours = li_store_parse_key((struct li_text){key.data + prefix.size, key.size - prefix.size},
                                          &record->session, &record->object);
}
