/* form_stream.c - forms with files, read as they come: part after part, each part's bytes handed on without
 * keeping them, whatever their size. The rules are those of multipart.c. */
#include <stdlib.h>

#include "gateway/form_stream.h"

enum { WINDOW = 64 * 1024, LINE_MAX_BYTES = 80, HEADERS_MAX_BYTES = 4096 };

struct li_form_stream {
    li_history_read *read;
    void *context;
    struct li_text line; /* what ends a part: "\r\n--" and the boundary */
    bool in_part, broken;
    bool cut;        /* broken, as its bytes could not be had */
    size_t used, at; /* bytes in window; those taken */
    char boundary[LINE_MAX_BYTES];
    char window[WINDOW];
    char headers[HEADERS_MAX_BYTES]; /* of the open part: its names are views into them */
};

static size_t held(const struct li_form_stream *stream) {
    return stream->used - stream->at;
}

/* Fills the window as far as the bytes go; false when they cannot be had: nothing can be read any more. */
static bool fill(struct li_form_stream *stream) {
    memmove(stream->window, stream->window + stream->at, held(stream));
    stream->used -= stream->at;
    stream->at = 0;
    while (stream->used < WINDOW) {
        ptrdiff_t got = stream->read(stream->context, stream->window + stream->used, WINDOW - stream->used);
        if (got < 0) {
            stream->cut = stream->broken = true;
            return false;
        }
        if (got == 0)
            break;
        stream->used += (size_t)got;
    }
    return true;
}

static enum li_status broke_off(struct li_error *err) {
    return li_fail(err, LI_INVALID, "the upload broke off or came too slowly");
}

static enum li_status malformed(const struct li_form_stream *stream, struct li_error *err) {
    return stream->cut ? broke_off(err) : li_fail(err, LI_INVALID, "the form is malformed or cut");
}

enum li_status li_form_stream_open(struct li_text content_type, li_history_read *read, void *context,
                                   struct li_form_stream **out, struct li_error *err) {
    struct li_text boundary;
    enum li_status status = li_form_boundary(content_type, &boundary, err);
    struct li_form_stream *stream = status ? NULL : calloc(1, sizeof *stream);
    if (status)
        return status;
    if (!stream)
        return li_fail(err, LI_NO_MEMORY, "no memory to read this form");
    stream->read = read;
    stream->context = context;
    memcpy(stream->boundary, "\r\n--", 4);
    memcpy(stream->boundary + 4, boundary.data, boundary.size);
    stream->line = (struct li_text){stream->boundary, boundary.size + 4};
    if (!fill(stream)) {
        status = broke_off(err);
    } else if (held(stream) < stream->line.size - 2 ||
               memcmp(stream->window, stream->boundary + 2, stream->line.size - 2) != 0) {
        status =
            li_fail(err, LI_INVALID, "the body does not begin with the boundary that its Content-Type names");
    }
    if (status) {
        free(stream);
        return status;
    }
    stream->at = stream->line.size - 2;
    *out = stream;
    return LI_OK;
}

ptrdiff_t li_form_stream_read(void *context, void *buffer, size_t size) {
    struct li_form_stream *stream = context;
    if (!stream->in_part)
        return 0;
    if (held(stream) <= stream->line.size)
        (void)fill(stream);
    const char *bytes = stream->window + stream->at;
    const char *end =
        stream->broken ? NULL : memmem(bytes, held(stream), stream->line.data, stream->line.size);
    size_t free_of_line = end                                ? (size_t)(end - bytes)
                          : held(stream) < stream->line.size ? 0
                                                             : held(stream) - stream->line.size + 1;
    if (!end && free_of_line == 0) {
        stream->broken = true; /* it ends within a part */
        return -1;
    }
    if (end && free_of_line == 0) {
        stream->at += stream->line.size;
        stream->in_part = false;
        return 0;
    }
    size_t taken = free_of_line < size ? free_of_line : size;
    memcpy(buffer, bytes, taken);
    stream->at += taken;
    return (ptrdiff_t)taken;
}

/* What may stand behind the last part: blanks, up to the end of the body. What is made of a form is made when
 * all of it came. */
static enum li_status read_rest(struct li_form_stream *stream, struct li_error *err) {
    do {
        const char *at = stream->window + stream->at;
        if (li_text_trim((struct li_text){at, held(stream)}).size)
            return malformed(stream, err);
        stream->at = stream->used;
        if (!fill(stream))
            return broke_off(err);
    } while (held(stream));
    return LI_OK;
}

enum li_status li_form_stream_next(struct li_form_stream *stream, struct li_form_part *part, bool *more,
                                   struct li_error *err) {
    char rest_of_part[4096];
    while (stream->in_part && !stream->broken)
        (void)li_form_stream_read(stream, rest_of_part, sizeof rest_of_part);
    if (stream->broken)
        return malformed(stream, err);
    if (held(stream) < HEADERS_MAX_BYTES && !fill(stream))
        return broke_off(err);
    const char *at = stream->window + stream->at;
    if (held(stream) >= 2 && memcmp(at, "--", 2) == 0) {
        stream->at += 2;
        enum li_status status = read_rest(stream, err);
        if (!status)
            *more = false;
        return status;
    }
    size_t size = held(stream) < HEADERS_MAX_BYTES ? held(stream) : HEADERS_MAX_BYTES;
    if (size < 2 || memcmp(at, "\r\n", 2) != 0)
        return malformed(stream, err);
    memcpy(stream->headers, at + 2, size - 2);
    struct li_text rest = {stream->headers, size - 2};
    *part = (struct li_form_part){0};
    if (!li_form_headers(&rest, part))
        return malformed(stream, err);
    stream->at += size - rest.size;
    stream->in_part = true;
    *more = true;
    return LI_OK;
}

void li_form_stream_close(struct li_form_stream *stream) {
    free(stream);
}
