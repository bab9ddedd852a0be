/* Forms as they come: the first line of the input is the Content-Type, the rest the body. Names are valid and
 * short, the size of the pieces does not matter, and a form that the whole-body reader takes has the same
 * parts here. */
#include "../tests/pieces.h"
#include "gateway/form_stream.h"
#include "target.h"

struct outcome {
    enum li_status status;
    size_t parts, bytes;
    unsigned long long hash;
};

static void read_part(struct li_form_stream *stream, const struct li_form_part *part, struct outcome *out) {
    unsigned char buffer[37];
    ptrdiff_t got;
    check(part->name.size > 0 && part->name.size <= LI_FORM_NAME_MAX && li_text_valid(part->name));
    check(part->file_name.size <= LI_FORM_NAME_MAX && li_text_valid(part->file_name));
    out->hash = out->hash * 31 + li_text_hash(part->name) + li_text_hash(part->file_name);
    while ((got = li_form_stream_read(stream, buffer, sizeof buffer)) > 0) {
        check((size_t)got <= sizeof buffer);
        for (ptrdiff_t i = 0; i < got; i++)
            out->hash = out->hash * 31 + buffer[i];
        out->bytes += (size_t)got;
    }
}

static struct outcome read_all(struct li_text type, struct li_text body, size_t step) {
    struct pieces pieces = {body, step};
    struct li_form_stream *stream = NULL;
    struct li_form_part part = {0};
    struct li_error err = {0};
    struct outcome out = {0};
    bool more = true;
    out.status = li_form_stream_open(type, pieces_take, &pieces, &stream, &err);
    check(out.status == LI_OK || (!stream && err.message[0]));
    while (!out.status && more) {
        out.status = li_form_stream_next(stream, &part, &more, &err);
        check(out.status == LI_OK || err.message[0]);
        if (!out.status && more) {
            out.parts++;
            read_part(stream, &part, &out);
        }
    }
    check(out.bytes <= body.size);
    li_form_stream_close(stream);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text body = {(const char *)data, size}, type = li_text_cut(&body, '\n');
    struct li_arena arena = {0};
    struct li_form_part *parts = NULL;
    size_t count = 0, bytes = 0;
    struct outcome whole = read_all(type, body, size + 1), pieces = read_all(type, body, 1 + size % 13);
    check(whole.status == pieces.status && whole.parts == pieces.parts && whole.hash == pieces.hash);
    if (li_form_read(type, body, &arena, &parts, &count, NULL) == LI_OK && whole.status == LI_OK) {
        for (size_t i = 0; i < count; i++)
            bytes += parts[i].bytes.size;
        check(whole.parts == count && whole.bytes == bytes);
    }
    li_arena_release(&arena);
    return 0;
}
