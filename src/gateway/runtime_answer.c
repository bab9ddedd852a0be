/* runtime_answer.c - answers of the runtime API: HTTP/1.1 (RFC 9112), with a length or in chunks. Go's
 * server, which the runtime is built with, sends chunks for what is larger than its buffer. Whatever leaves
 * room for two readings is refused. */
#include <strings.h>

#include "gateway/lambda_priv.h"

enum { CHUNK_LINE_MAX = 64 };

static enum li_status corrupt(struct li_error *err, const char *what) {
    return li_fail(err, LI_CORRUPT, "the Lambda runtime's answer is not HTTP/1.1: %s", what);
}

/* The next line without its CR LF; false when its end has not come yet. */
static bool next_line(struct li_text bytes, size_t *at, struct li_text *line) {
    const char *end = memmem(bytes.data + *at, bytes.size - *at, "\r\n", 2);
    if (!end)
        return false;
    *line = (struct li_text){bytes.data + *at, (size_t)(end - bytes.data) - *at};
    *at += line->size + 2;
    return true;
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool printable(struct li_text text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return true;
}

static bool is_id(struct li_text text) {
    bool right = text.size >= 1 && text.size <= LI_RUNTIME_ID_MAX;
    for (size_t i = 0; right && i < text.size; i++)
        right = is_name_char(text.data[i]) && text.data[i] != '_';
    return right;
}

/* What the head says of the body's length. */
struct framing {
    bool has_length, chunked;
    size_t length;
};

static bool named(struct li_text name, const char *other) {
    return name.size == strlen(other) && strncasecmp(name.data, other, name.size) == 0;
}

static enum li_status read_length(struct li_text value, struct framing *framing, struct li_error *err) {
    long length = 0;
    if (framing->has_length || framing->chunked)
        return corrupt(err, "the length of the body is said twice");
    if (value.size > 18 || !li_text_to_long(value, 0, INT64_MAX, &length) || value.data[0] == '-')
        return corrupt(err, "the length of the body is no number");
    if (length > LI_LAMBDA_PAYLOAD_MAX)
        return li_fail(err, LI_TOO_LARGE, "an event of %ld bytes is over Lambda's limit of %d", length,
                       LI_LAMBDA_PAYLOAD_MAX);
    framing->has_length = true;
    framing->length = (size_t)length;
    return LI_OK;
}

static enum li_status read_header(struct li_text line, struct framing *framing, struct li_runtime_answer *out,
                                  struct li_error *err) {
    struct li_text value = line, name = li_text_cut(&value, ':');
    long deadline = 0;
    if (!value.data || name.size == 0)
        return corrupt(err, "a header has no name or no colon");
    for (size_t i = 0; i < name.size; i++)
        if (!is_name_char(name.data[i]))
            return corrupt(err, "a header's name has a strange character");
    value = li_text_trim(value);
    if (named(name, "Content-Length"))
        return read_length(value, framing, err);
    if (named(name, "Transfer-Encoding")) {
        if (framing->has_length || framing->chunked || !named(value, "chunked"))
            return corrupt(err, "its transfer encoding is not chunked alone");
        framing->chunked = true;
    } else if (named(name, "Connection")) {
        out->last = named(value, "close");
    } else if (named(name, "Lambda-Runtime-Aws-Request-Id")) {
        if (out->request_id.size || !is_id(value))
            return corrupt(err, "the request id is no id, or comes twice");
        out->request_id = value;
    } else if (named(name, "Lambda-Runtime-Trace-Id") && printable(value)) {
        out->trace_id = value;
    } else if (named(name, "Lambda-Runtime-Deadline-Ms")) {
        if (!li_text_to_long(value, 0, INT64_MAX / 4000000, &deadline))
            return corrupt(err, "the deadline is no time");
        out->deadline_ms = deadline;
    }
    return LI_OK;
}

static enum li_status read_status_line(struct li_text line, struct li_runtime_answer *out,
                                       struct li_error *err) {
    long status = 0;
    if (line.size < 12 || memcmp(line.data, "HTTP/1.1 ", 9) != 0 ||
        (line.size > 12 && line.data[12] != ' ') ||
        !li_text_to_long((struct li_text){line.data + 9, 3}, 200, 599, &status))
        return corrupt(err, "the status line");
    out->status = (int)status;
    return LI_OK;
}

/* The size of a chunk; extensions behind ';' are passed over. */
static bool read_chunk_size(struct li_text line, size_t *size) {
    struct li_text digits = li_text_cut(&line, ';');
    *size = 0;
    if (digits.size < 1 || digits.size > 8)
        return false;
    for (size_t i = 0; i < digits.size; i++) {
        int digit = li_text_hex_digit(digits.data[i]);
        if (digit < 0)
            return false;
        *size = *size * 16 + (size_t)digit;
    }
    return true;
}

/* Goes through the chunks. When join is set they are moved together to at the first one's line: call it so
 * only when all are there. */
static enum li_status read_chunks(char *bytes, size_t size, bool join, bool *whole,
                                  struct li_runtime_answer *out, struct li_error *err) {
    size_t at = out->head_size, body = 0;
    struct li_text all = {bytes, size}, line;
    for (;;) {
        size_t chunk = 0;
        if (!next_line(all, &at, &line))
            return size - at > CHUNK_LINE_MAX + 1 ? corrupt(err, "a chunk's line is too long") : LI_OK;
        if (line.size > CHUNK_LINE_MAX || !read_chunk_size(line, &chunk))
            return corrupt(err, "the size of a chunk");
        if (chunk == 0)
            break;
        if (body + chunk > LI_LAMBDA_PAYLOAD_MAX)
            return li_fail(err, LI_TOO_LARGE, "an event is over Lambda's limit of %d bytes",
                           LI_LAMBDA_PAYLOAD_MAX);
        if (size - at < chunk + 2)
            return LI_OK;
        if (memcmp(bytes + at + chunk, "\r\n", 2) != 0)
            return corrupt(err, "the end of a chunk");
        if (join)
            memmove(bytes + out->head_size + body, bytes + at, chunk);
        body += chunk;
        at += chunk + 2;
    }
    if (!next_line(all, &at, &line))
        return LI_OK;
    if (line.size)
        return corrupt(err, "it has headers behind its body");
    out->body_size = body;
    out->whole_size = at;
    *whole = true;
    return LI_OK;
}

static enum li_status read_head(struct li_text bytes, bool *whole, struct framing *framing,
                                struct li_runtime_answer *out, struct li_error *err) {
    struct li_text line;
    size_t at = 0;
    const char *end = memmem(bytes.data, bytes.size, "\r\n\r\n", 4);
    if ((end ? (size_t)(end - bytes.data) : bytes.size) > LI_RUNTIME_HEAD_MAX)
        return corrupt(err, "its head has no end");
    if (!end)
        return LI_OK;
    if (!next_line(bytes, &at, &line))
        return corrupt(err, "the status line");
    enum li_status status = read_status_line(line, out, err);
    while (next_line(bytes, &at, &line) && line.size) {
        struct li_error why = {0};
        enum li_status found = read_header(line, framing, out, &why);
        if (!status && found) { /* read on: who sent it must be known to be told */
            status = found;
            if (err)
                *err = why;
        }
    }
    out->head_size = at;
    *whole = true;
    return status;
}

enum li_status li_runtime_answer_parse(char *bytes, size_t size, bool *whole, struct li_runtime_answer *out,
                                       struct li_error *err) {
    struct framing framing = {0};
    bool head = false;
    *whole = false;
    *out = (struct li_runtime_answer){0};
    enum li_status status = read_head((struct li_text){bytes, size}, &head, &framing, out, err);
    if (status || !head)
        return status;
    if (framing.chunked) {
        status = read_chunks(bytes, size, false, whole, out, err);
        return status || !*whole ? status : read_chunks(bytes, size, true, whole, out, err);
    }
    /* Without a length the body would end with the connection: the runtime API does not do that. */
    if (!framing.has_length && out->status != 204)
        return corrupt(err, "the length of the body is not said");
    out->body_size = framing.length;
    out->whole_size = out->head_size + framing.length;
    *whole = size >= out->whole_size;
    return LI_OK;
}
