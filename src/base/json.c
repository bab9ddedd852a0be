#include "base/json.h"

#include <math.h>
#include <stdlib.h>

enum li_status li_json_parse(struct li_text text, json_t **out, struct li_error *err) {
    json_error_t why;
    json_t *document = json_loadb(text.data ? text.data : "", text.size, JSON_REJECT_DUPLICATES, &why);
    if (!document) {
        if (json_error_code(&why) == json_error_null_character)
            return li_fail(err, LI_INVALID, "a text in this JSON holds a NUL character, which is not taken");
        enum li_status status = li_fail(err, LI_INVALID, "this is not JSON: %.150s (line %d, column %d)",
                                        why.text, why.line, why.column);
        if (err && why.position > 0)
            err->at = (size_t)why.position;
        return status;
    }
    *out = document;
    return LI_OK;
}

enum { DIGITS = 12 }; /* significant digits printed: more than we round to, fewer than a double's noise */

struct li_text li_json_print(const json_t *document, struct li_arena *arena) {
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS);
    char *bytes = json_dumps(document, flags); /* asking json_dumpb for the size first takes twice as long */
    struct li_text copy = li_arena_copy(arena, li_text_of(bytes));
    free(bytes);
    return copy;
}

json_t *li_json_number(double value, int decimals) {
    if (!isfinite(value))
        return json_null();
    double scale = pow(10, decimals);
    double rounded = round(value * scale) / scale;
    if (!isfinite(rounded))
        rounded = value; /* too large to scale: it has no decimals */
    if (rounded == 0)
        rounded = 0; /* no minus zero */
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
