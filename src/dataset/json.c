/* json.c - cuts JSON of any size into its rows, which are objects: one a line; the members of an array; or
 * those of an array within one object ({"units": {...}, "tracks": [...]}); or one behind another. */
#include <stdlib.h>

#include "base/json.h"
#include "dataset/dataset_priv.h"

enum layout { LAYOUT_LINES, LAYOUT_NESTED };

struct json_reader {
    struct row_sink *sink;
    struct json_kinds kinds;
    enum layout layout;
    size_t row_depth;  /* nested: containers around a row */
    uint64_t position; /* of the stream */
    /* nested */
    size_t depth;
    bool in_string, escaped, in_row;
    /* the row that is open */
    char *row;
    size_t size, capacity;
    bool too_long;
};

static void keep(struct json_reader *json, const char *bytes, size_t size) {
    if (size == 0)
        return;
    if (json->too_long || json->size + size > ROW_BYTES_MAX) {
        json->too_long = true;
        return;
    }
    if (json->size + size > json->capacity) {
        size_t capacity = json->capacity ? json->capacity : 64 * 1024;
        while (capacity < json->size + size)
            capacity *= 2;
        char *row = realloc(json->row, capacity);
        if (!row) {
            json->too_long = true;
            return;
        }
        json->row = row;
        json->capacity = capacity;
    }
    memcpy(json->row + json->size, bytes, size);
    json->size += size;
}

static void end_row(struct json_reader *json) {
    struct li_text text = {0};
    if (json->size)
        text = li_text_trim((struct li_text){json->row, json->size});
    struct where *where = &json->sink->where;
    if (text.size || json->too_long) {
        json_t *document = NULL;
        struct li_error err = {0};
        where->row++;
        where->tally->rows++;
        if (json->too_long)
            li_tally_count(where, LI_DATASET_TOO_LONG, "a row over 8 MiB", (struct li_text){0});
        else if (li_json_parse(text, &document, &err) != LI_OK || !json_is_object(document))
            li_tally_count(where, LI_DATASET_UNREADABLE, NULL, text);
        else
            li_json_kinds_read(&json->kinds, document);
        json_decref(document);
    }
    json->size = 0;
    json->too_long = false;
    json->sink->row_end(json->sink->context, json->position);
}

static void push_lines(struct json_reader *json, const char *bytes, size_t size) {
    while (size) {
        const char *end = memchr(bytes, '\n', size);
        size_t line = end ? (size_t)(end - bytes) : size, step = end ? line + 1 : line;
        keep(json, bytes, line);
        json->position += step;
        if (end)
            end_row(json);
        bytes += step;
        size -= step;
    }
}

/* True for a byte of a string, its last quotation mark among them. */
static bool take_string(struct json_reader *json, char byte) {
    if (!json->in_string)
        return false;
    json->in_string = json->escaped || byte != '"';
    json->escaped = !json->escaped && byte == '\\';
    return true;
}

/* One byte outside of strings. True: a row ended with it. */
static bool take_structure(struct json_reader *json, char byte) {
    if (byte == '{' || byte == '[') {
        if (byte == '{' && json->depth == json->row_depth)
            json->in_row = true;
        json->depth++;
    } else if ((byte == '}' || byte == ']') && json->depth) {
        json->depth--;
        return json->in_row && json->depth == json->row_depth;
    } else if (byte == '"') {
        json->in_string = true;
    }
    return false;
}

static void push_nested(struct json_reader *json, const char *bytes, size_t size) {
    size_t kept = 0; /* bytes before this one are kept or not wanted */
    for (size_t i = 0; i < size; i++) {
        bool was_in_row = json->in_row;
        bool ended = !take_string(json, bytes[i]) && take_structure(json, bytes[i]);
        if (json->in_row && !was_in_row)
            kept = i;
        if (ended) {
            keep(json, bytes + kept, i + 1 - kept);
            json->in_row = false;
            uint64_t start = json->position;
            json->position = start + i + 1;
            end_row(json);
            json->position = start;
        }
    }
    if (json->in_row)
        keep(json, bytes + kept, size - kept);
    json->position += size;
}

void li_json_reader_push(struct json_reader *json, const char *bytes, size_t size) {
    if (json->layout == LAYOUT_LINES)
        push_lines(json, bytes, size);
    else
        push_nested(json, bytes, size);
}

void li_json_reader_finish(struct json_reader *json) {
    if (json->size || json->too_long)
        end_row(json);
}

/* ---- which layout it is ---- */

/* Where the first value of head ends, or 0 when head ends before it. */
static size_t end_of_value(struct li_text head) {
    struct json_reader scan = {.row_depth = SIZE_MAX};
    for (size_t i = 0; i < head.size; i++) {
        if (take_string(&scan, head.data[i]))
            continue;
        take_structure(&scan, head.data[i]);
        if (scan.depth == 0 && (head.data[i] == '}' || head.data[i] == ']'))
            return i + 1;
    }
    return 0;
}

/* An object that holds its rows in an array: the output of `listening analyze --json`. */
static bool holds_tracks(struct li_text head) {
    static const char KEY[] = "\"tracks\"";
    struct json_reader scan = {.row_depth = SIZE_MAX};
    for (size_t i = 0; i < head.size; i++) {
        if (take_string(&scan, head.data[i]))
            continue;
        if (scan.depth == 1 && head.size - i >= sizeof KEY - 1 &&
            memcmp(head.data + i, KEY, sizeof KEY - 1) == 0)
            return true;
        take_structure(&scan, head.data[i]);
    }
    return false;
}

static bool holds_name(struct li_text head) {
    static const char KEY[] = "\"name\"";
    return memmem(head.data, head.size, KEY, sizeof KEY - 1) != NULL;
}

static void choose_layout(struct json_reader *json, struct li_text head) {
    const char *newline = memchr(head.data, '\n', head.size);
    size_t first_line = newline ? (size_t)(newline - head.data) : head.size, end = end_of_value(head);
    bool in_a_line = end ? end <= first_line : !newline;
    json->layout = LAYOUT_NESTED;
    if (head.data[0] == '[')
        json->row_depth = 1;
    else if (holds_tracks(head) && !(in_a_line && holds_name((struct li_text){head.data, first_line})))
        json->row_depth = 2;
    else if (in_a_line)
        json->layout = LAYOUT_LINES;
}

enum li_status li_json_reader_new(struct li_text head, uint64_t offset, size_t mark, struct row_sink *sink,
                                  struct json_reader **out, struct li_error *err) {
    struct json_reader *json = calloc(1, sizeof *json);
    if (!json)
        return li_fail(err, LI_NO_MEMORY, "no memory to read JSON");
    json->sink = sink;
    json->kinds.sink = sink;
    json->position = offset ? offset : mark;
    choose_layout(json, head);
    if (offset)
        json->depth = json->row_depth;
    *out = json;
    return LI_OK;
}

void li_json_reader_free(struct json_reader *json) {
    if (!json)
        return;
    li_arena_release(&json->kinds.arena);
    free(json->row);
    free(json);
}
