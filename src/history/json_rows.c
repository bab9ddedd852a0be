/* json_rows.c - rows out of a JSON text of any size, by yajl: only the values that a format names are copied.
 *
 * The path holds what is open: '{' and '[' for containers, and the key of each member. A row begins with the
 * object whose surroundings are one of the format's prefixes. */
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/arena.h"
#include "history/history_priv.h"

enum { PATH_MAX_BYTES = 512, DEPTH_MAX = 32, SLOTS = 64 };

struct li_json_rows {
    const struct li_format *format;
    li_row_sink *sink;
    void *context;
    yajl_handle parser;
    char path[PATH_MAX_BYTES];
    size_t size;
    size_t opened[DEPTH_MAX]; /* the path's size within each open container */
    size_t depth;
    size_t row_depth, row_path; /* of the open row; 0 = none is open */
    size_t quiet;               /* bytes since the last value, key or bracket */
    int slot[SLOTS];            /* column of a path's hash, -1 = none, -2 = several */
    struct li_row row;
};

static unsigned slot_of(const char *path, size_t size) {
    unsigned hash = (unsigned)size * 31;
    if (size)
        hash +=
            (unsigned char)path[0] * 7u + (unsigned char)path[size - 1] * 13u + (unsigned char)path[size / 2];
    return hash % SLOTS;
}

static int column_of(const struct li_json_rows *rows, const char *path, size_t size) {
    int column = rows->slot[slot_of(path, size)];
    if (column == -1)
        return -1;
    for (int c = column >= 0 ? column : 0; rows->format->columns[c].path; c++) {
        const char *known = rows->format->columns[c].path;
        if (strlen(known) == size && memcmp(known, path, size) == 0)
            return c;
        if (column >= 0)
            return -1;
    }
    return -1;
}

static int scalar(struct li_json_rows *rows, const char *bytes, size_t size) {
    rows->quiet = 0;
    if (rows->row_depth) {
        int column = column_of(rows, rows->path + rows->row_path, rows->size - rows->row_path);
        if (column >= 0)
            li_row_set(&rows->row, rows->format->columns[column].field, bytes, size);
    }
    return 1;
}

static int on_null(void *context) {
    return scalar(context, "", 0);
}

static int on_boolean(void *context, int value) {
    return value ? scalar(context, "true", 4) : scalar(context, "", 0);
}

static int on_number(void *context, const char *digits, size_t size) {
    return scalar(context, digits, size);
}

static int on_string(void *context, const unsigned char *bytes, size_t size) {
    return scalar(context, (const char *)bytes, size);
}

static int open_container(struct li_json_rows *rows, char kind) {
    rows->quiet = 0;
    if (rows->depth == DEPTH_MAX || rows->size + 1 >= PATH_MAX_BYTES)
        return 0;
    if (kind == '{' && !rows->row_depth) {
        for (int p = 0; p < PREFIXES_MAX && rows->format->prefixes[p]; p++) {
            const char *prefix = rows->format->prefixes[p];
            if (strlen(prefix) == rows->size && memcmp(prefix, rows->path, rows->size) == 0) {
                rows->row_depth = rows->depth + 1;
                rows->row_path = rows->size + 1;
                li_row_clear(&rows->row);
                break;
            }
        }
    }
    rows->path[rows->size++] = kind;
    rows->opened[rows->depth++] = rows->size;
    return 1;
}

static int close_container(struct li_json_rows *rows) {
    rows->quiet = 0;
    if (rows->row_depth && rows->depth == rows->row_depth) {
        rows->sink(rows->context, &rows->row);
        rows->row_depth = 0;
    }
    rows->depth--;
    rows->size = rows->opened[rows->depth] - 1;
    return 1;
}

static int on_start_map(void *context) {
    return open_container(context, '{');
}

static int on_start_array(void *context) {
    return open_container(context, '[');
}

static int on_end(void *context) {
    return close_container(context);
}

static int on_key(void *context, const unsigned char *key, size_t size) {
    struct li_json_rows *rows = context;
    rows->quiet = 0;
    rows->size = rows->opened[rows->depth - 1];
    if (size > 64 || rows->size + size >= PATH_MAX_BYTES - 1) {
        key = (const unsigned char *)"?"; /* none that we know */
        size = 1;
    }
    memcpy(rows->path + rows->size, key, size);
    rows->size += size;
    return 1;
}

static const yajl_callbacks CALLBACKS = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
};

/* yajl looks at no allocation: its own are small, and follow arena.h. */
static void *allocate_again(void *context, void *old, size_t size) {
    void *piece;
    (void)context;
    for (int attempt = 0; !(piece = realloc(old, size)); attempt++)
        li_arena_wait(attempt);
    return piece;
}

static void *allocate(void *context, size_t size) {
    return allocate_again(context, NULL, size);
}

static void give_back(void *context, void *piece) {
    (void)context;
    free(piece);
}

struct li_json_rows *li_json_rows_new(const struct li_format *format, li_row_sink *sink, void *context) {
    struct li_json_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return NULL;
    *rows = (struct li_json_rows){.format = format, .sink = sink, .context = context};
    for (int s = 0; s < SLOTS; s++)
        rows->slot[s] = -1;
    for (int c = 0; c < COLUMNS_MAX && format->columns[c].path; c++) {
        int *slot = &rows->slot[slot_of(format->columns[c].path, strlen(format->columns[c].path))];
        *slot = *slot == -1 ? c : -2;
    }
    yajl_alloc_funcs memory = {allocate, allocate_again, give_back, NULL};
    rows->parser = yajl_alloc(&CALLBACKS, &memory, rows);
    if (!rows->parser) {
        free(rows);
        return NULL;
    }
    /* One object a line is many values; texts are checked where they are used. */
    yajl_config(rows->parser, yajl_allow_multiple_values, 1);
    yajl_config(rows->parser, yajl_dont_validate_strings, 1);
    return rows;
}

bool li_json_rows_push(struct li_json_rows *rows, const char *bytes, size_t size) {
    rows->quiet += size;
    return yajl_parse(rows->parser, (const unsigned char *)bytes, size) == yajl_status_ok &&
           rows->quiet <= QUIET_BYTES_MAX;
}

bool li_json_rows_finish(struct li_json_rows *rows) {
    return yajl_complete_parse(rows->parser) == yajl_status_ok && rows->depth == 0;
}

void li_json_rows_free(struct li_json_rows *rows) {
    if (!rows)
        return;
    yajl_free(rows->parser);
    free(rows);
}
