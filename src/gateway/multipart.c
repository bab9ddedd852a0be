/* multipart.c - forms with files (RFC 7578, RFC 2046 section 5.1), read strictly out of a body in memory: the
 * same for the server and for Lambda. Nothing is copied: parts are views into the body. */
#include <strings.h>

#include "gateway/gateway_priv.h"

enum { BOUNDARY_MAX = 70, HEADERS_MAX = 4096, HEADER_LINES_MAX = 16 };

static bool starts_with(struct li_text text, const char *word) {
    size_t size = strlen(word);
    return text.size >= size && strncasecmp(text.data, word, size) == 0;
}

static struct li_text after(struct li_text text, size_t count) {
    return (struct li_text){text.data + count, text.size - count};
}

/* The next "name=value" or "name="value"" behind a semicolon. False at the end, or when it is malformed; then
 * *rest is not empty. A quoted value is what stands between the quotes, as it is. */
static bool next_parameter(struct li_text *rest, struct li_text *name, struct li_text *value) {
    struct li_text at = li_text_trim(*rest);
    *rest = at;
    if (!at.size || at.data[0] != ';')
        return false;
    at = li_text_trim(after(at, 1));
    const char *equals = at.size ? memchr(at.data, '=', at.size) : NULL;
    if (!equals)
        return false;
    *name = li_text_trim((struct li_text){at.data, (size_t)(equals - at.data)});
    at = li_text_trim(after(at, (size_t)(equals - at.data) + 1));
    if (at.size && at.data[0] == '"') {
        size_t end = 1;
        while (end < at.size && at.data[end] != '"')
            end += at.data[end] == '\\' && end + 1 < at.size ? 2 : 1;
        if (end >= at.size)
            return false;
        *value = (struct li_text){at.data + 1, end - 1};
        *rest = after(at, end + 1);
        return true;
    }
    const char *semicolon = at.size ? memchr(at.data, ';', at.size) : NULL;
    size_t size = semicolon ? (size_t)(semicolon - at.data) : at.size;
    *value = li_text_trim((struct li_text){at.data, size});
    *rest = after(at, size);
    return true;
}

bool li_form_is(struct li_text content_type) {
    struct li_text type = li_text_trim(li_text_cut(&content_type, ';'));
    return type.size == strlen("multipart/form-data") && starts_with(type, "multipart/form-data");
}

/* The boundary, of the characters that RFC 2046 allows. */
enum li_status li_form_boundary(struct li_text content_type, struct li_text *out, struct li_error *err) {
    static const char OTHERS[] = "'()+_,-./:=? ";
    const char *semicolon = memchr(content_type.data, ';', content_type.size);
    struct li_text rest =
        semicolon ? after(content_type, (size_t)(semicolon - content_type.data)) : (struct li_text){0};
    struct li_text name, value, boundary = {0};
    while (next_parameter(&rest, &name, &value))
        if (name.size == strlen("boundary") && starts_with(name, "boundary"))
            boundary = value;
    bool right =
        boundary.size >= 1 && boundary.size <= BOUNDARY_MAX && boundary.data[boundary.size - 1] != ' ';
    for (size_t i = 0; right && i < boundary.size; i++) {
        char c = boundary.data[i];
        right = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr(OTHERS, c));
    }
    if (!right)
        return li_fail(
            err, LI_INVALID,
            "the Content-Type of a form must name its boundary: multipart/form-data; boundary=...");
    *out = boundary;
    return LI_OK;
}

/* The name without folders: some senders give the whole path. */
static struct li_text without_folders(struct li_text path) {
    for (size_t i = path.size; i > 0; i--)
        if (path.data[i - 1] == '/' || path.data[i - 1] == '\\')
            return after(path, i);
    return path;
}

static bool read_disposition(struct li_text value, struct li_form_part *part) {
    struct li_text name, text;
    if (!starts_with(value, "form-data"))
        return false;
    value = after(value, strlen("form-data"));
    while (next_parameter(&value, &name, &text)) {
        if (name.size == 4 && starts_with(name, "name")) {
            part->name = text;
        } else if (name.size == 8 && starts_with(name, "filename")) {
            part->file_name = without_folders(text);
            part->is_file = true;
        }
    }
    return !value.size && part->name.size && li_text_valid(part->name) &&
           part->name.size <= LI_FORM_NAME_MAX && li_text_valid(part->file_name) &&
           part->file_name.size <= LI_FORM_NAME_MAX;
}

/* Reads the header lines of a part up to the empty line; *rest is what follows it. */
bool li_form_headers(struct li_text *rest, struct li_form_part *part) {
    bool disposed = false;
    size_t used = 0;
    for (int lines = 0; lines < HEADER_LINES_MAX; lines++) {
        size_t window = rest->size < HEADERS_MAX - used ? rest->size : HEADERS_MAX - used;
        const char *end = window ? memmem(rest->data, window, "\r\n", 2) : NULL;
        if (!end)
            return false;
        struct li_text line = {rest->data, (size_t)(end - rest->data)};
        *rest = after(*rest, line.size + 2);
        used += line.size + 2;
        if (!line.size)
            return disposed;
        if (starts_with(line, "Content-Disposition:")) {
            line = li_text_trim(after(line, strlen("Content-Disposition:")));
            if (disposed || !read_disposition(line, part))
                return false;
            disposed = true;
        }
    }
    return false;
}

static enum li_status malformed(size_t part, struct li_error *err) {
    return li_fail(err, LI_INVALID, "part %zu of the form is malformed or cut", part + 1);
}

enum li_status li_form_read(struct li_text content_type, struct li_text body, struct li_arena *arena,
                            struct li_form_part **out, size_t *count, struct li_error *err) {
    struct li_text boundary = {0};
    enum li_status status = li_form_boundary(content_type, &boundary, err);
    if (status)
        return status;
    struct li_text line = li_arena_printf(arena, "\r\n--%.*s", LI_TEXT_ARG(boundary));
    struct li_form_part *parts = li_arena_alloc(arena, LI_FORM_PARTS_MAX * sizeof *parts);
    size_t found = 0;
    if (body.size < line.size - 2 || memcmp(body.data, line.data + 2, line.size - 2) != 0)
        return li_fail(err, LI_INVALID,
                       "the body does not begin with the boundary that its Content-Type names");
    struct li_text rest = after(body, line.size - 2);
    while (rest.size >= 2 && memcmp(rest.data, "\r\n", 2) == 0) {
        struct li_form_part part = {0};
        if (found == LI_FORM_PARTS_MAX)
            return li_fail(err, LI_TOO_LARGE, "the form has more than %d parts", LI_FORM_PARTS_MAX);
        rest = after(rest, 2);
        const char *end = NULL;
        if (li_form_headers(&rest, &part))
            end = rest.size ? memmem(rest.data, rest.size, line.data, line.size) : NULL;
        if (!end)
            return malformed(found, err);
        part.bytes = (struct li_text){rest.data, (size_t)(end - rest.data)};
        rest = after(rest, part.bytes.size + line.size);
        parts[found++] = part;
    }
    if (rest.size < 2 || memcmp(rest.data, "--", 2) != 0 || li_text_trim(after(rest, 2)).size)
        return malformed(found, err);
    *out = parts;
    *count = found;
    return LI_OK;
}
