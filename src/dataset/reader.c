/* reader.c - what kind of text it is, by its beginning. */
#include <stdlib.h>

#include "dataset/dataset_priv.h"

struct reader {
    struct table_reader *table; /* one of the two */
    struct json_reader *json;
    size_t mark; /* bytes of a byte order mark still to be passed over */
};

/* The text without these bytes at its beginning. A tab there may be a column without a name. */
static struct li_text behind(struct li_text text, const char *bytes) {
    while (text.size && text.data[0] && strchr(bytes, text.data[0])) {
        text.data++;
        text.size--;
    }
    return text;
}

enum li_status li_reader_new(struct li_text head, uint64_t offset, struct row_sink *sink, struct reader **out,
                             struct li_error *err) {
    size_t mark = li_text_mark(head);
    struct li_text text = behind((struct li_text){head.data + mark, head.size - mark}, "\r\n");
    struct li_text value = behind(text, " \t\r\n");
    if (value.size == 0)
        return li_fail(err, LI_UNSUPPORTED, "this file is empty");
    if (memchr(text.data, '\0', text.size) ||
        memcmp(text.data, "\xFF\xFE", text.size < 2 ? text.size : 2) == 0)
        return li_fail(
            err, LI_UNSUPPORTED,
            "this is neither a table nor JSON in UTF-8; if it is a text in UTF-16, save it as UTF-8");
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return li_fail(err, LI_NO_MEMORY, "no memory to read a file");
    reader->mark = offset ? 0 : mark;
    enum li_status status = value.data[0] == '{' || value.data[0] == '['
                                ? li_json_reader_new(value, offset, mark, sink, &reader->json, err)
                                : li_table_reader_new(text, offset, mark, sink, &reader->table, err);
    if (status)
        free(reader);
    else
        *out = reader;
    return status;
}

void li_reader_push(struct reader *reader, const char *bytes, size_t size) {
    size_t passed = reader->mark < size ? reader->mark : size;
    reader->mark -= passed;
    if (reader->json)
        li_json_reader_push(reader->json, bytes + passed, size - passed);
    else
        li_table_reader_push(reader->table, bytes + passed, size - passed);
}

void li_reader_finish(struct reader *reader) {
    if (reader->json)
        li_json_reader_finish(reader->json);
    else
        li_table_reader_finish(reader->table);
}

void li_reader_free(struct reader *reader) {
    if (!reader)
        return;
    li_json_reader_free(reader->json);
    li_table_reader_free(reader->table);
    free(reader);
}
