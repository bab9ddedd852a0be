/* json.h - the little that we add to jansson.
 *
 * Documents are json_t, owned by reference counts as jansson says. Numbers that people see are rounded when
 * they are put in, so that the same values always give the same bytes.
 * Memory follows arena.h: a document that we build never lacks a part, the program ends instead; one that is
 * parsed is refused with LI_NO_MEMORY. */
#ifndef LI_BASE_JSON_H
#define LI_BASE_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/status.h"

/* Parses one whole document: an object or an array, strict JSON, valid UTF-8, no member twice.
 * LI_INVALID with the place in err->at (byte) otherwise, LI_NO_MEMORY when there is none. The caller owns
 * *out. */
LI_MUST_USE enum li_status li_json_parse(struct li_text text, json_t **out, struct li_error *err);

/* json_loadb for those who need its flags. LI_INVALID with *why, or LI_NO_MEMORY; the caller owns *out. */
LI_MUST_USE enum li_status li_json_load(struct li_text text, size_t flags, json_t **out, json_error_t *why);

/* Fails with LI_NO_MEMORY for a text that could not be parsed for want of it. */
enum li_status li_json_no_memory(struct li_text text, struct li_error *err);

/* Compact bytes of a document, in the arena, NUL-terminated (not counted). Members stand in the order they
 * were put in. */
struct li_text li_json_print(const json_t *document, struct li_arena *arena);

/* A number rounded to decimals (0..9) places; what is not finite stays as it is. */
double li_json_round(double value, int decimals);

/* The same as JSON; null when it is not finite. */
json_t *li_json_number(double value, int decimals);

/* A string of valid UTF-8; null when it is not. */
json_t *li_json_text(struct li_text text);

/* The string member as a view into the document, or the empty text when it is absent or no string. */
struct li_text li_json_get_text(const json_t *object, const char *name);

/* The number member, or NAN when it is absent or no number. */
double li_json_get_number(const json_t *object, const char *name);

#endif
