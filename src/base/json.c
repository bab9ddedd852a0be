#include "base/json.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* jansson answers NULL when memory is out, and a document that is built in forty calls would go on without
 * one member. What we build has sizes that we choose, so it follows arena.h: it waits, and the program ends
 * at last. What is parsed has the size of its input: that is refused. */
static _Thread_local struct { bool parsing, failed; } MEMORY;

static void *allocate(size_t size) {
    void *piece = malloc(size);
    for (int attempt = 0; !piece && !MEMORY.parsing; attempt++) {
        li_arena_wait(attempt);
        piece = malloc(size);
    }
    MEMORY.failed = MEMORY.failed || !piece;
    return piece;
}

__attribute__((constructor)) static void take_care_of_memory(void) {
    json_set_alloc_funcs(allocate, free);
}

enum li_status li_json_load(struct li_text text, size_t flags, json_t **out, json_error_t *why) {
    MEMORY.parsing = true;
    MEMORY.failed = false;
    json_t *document = json_loadb(text.data ? text.data : "", text.size, flags, why);
    MEMORY.parsing = false;
    if (MEMORY.failed) {
        json_decref(document);
        return LI_NO_MEMORY;
    }
    if (!document)
        return LI_INVALID;
    *out = document;
    return LI_OK;
}

enum li_status li_json_no_memory(struct li_text text, struct li_error *err) {
    return li_fail(err, LI_NO_MEMORY, "no memory for a JSON document of %zu bytes", text.size);
}

enum li_status li_json_parse(struct li_text text, json_t **out, struct li_error *err) {
    json_error_t why;
    enum li_status status = li_json_load(text, JSON_REJECT_DUPLICATES, out, &why);
    if (status == LI_NO_MEMORY)
        return li_json_no_memory(text, err);
    if (status) {
        if (json_error_code(&why) == json_error_null_character)
            return li_fail(err, LI_INVALID, "a text in this JSON holds a NUL character, which is not taken");
        status = li_fail(err, LI_INVALID, "this is not JSON: %.150s (line %d, column %d)", why.text, why.line,
                         why.column);
        if (err && why.position > 0)
            err->at = (size_t)why.position;
    }
    return status;
}

enum { DIGITS = 12 }; /* significant digits printed: more than we round to, fewer than a double's noise */

struct li_text li_json_print(const json_t *document, struct li_arena *arena) {
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS);
    char *bytes = json_dumps(document, flags); /* asking json_dumpb for the size first takes twice as long */
    struct li_text copy = li_arena_copy(arena, li_text_of(bytes));
    free(bytes);
    return copy;
}

double li_json_round(double value, int decimals) {
    double scale = pow(10, decimals);
    double rounded = round(value * scale) / scale;
    if (!isfinite(rounded)) /* too large to scale: it has no decimals */
        return value;
    return rounded == 0 ? 0 : rounded; /* no minus zero */
}

json_t *li_json_number(double value, int decimals) {
    if (!isfinite(value))
        return json_null();
    double rounded = li_json_round(value, decimals);
    return decimals == 0 && fabs(rounded) < 1e15 ? json_integer((json_int_t)rounded) : json_real(rounded);
}

json_t *li_json_text(struct li_text text) {
    json_t *string = json_stringn(text.data ? text.data : "", text.size);
    return string ? string : json_null();
}

struct li_text li_json_get_text(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return (struct li_text){json_string_value(value), json_string_length(value)};
}

double li_json_get_number(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}
