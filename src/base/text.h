/* text.h - text as a pointer and a length, always UTF-8, owned by somebody else.
 *
 * Views are passed by value and need not end in NUL, except where a function says so. */
#ifndef LI_BASE_TEXT_H
#define LI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct li_text {
    const char *data; /* may be NULL when size is 0 */
    size_t size;      /* bytes */
};

/* A view of a string literal. */
#define LI_TEXT(literal)                                                                                     \
    (struct li_text) {                                                                                       \
        "" literal, sizeof(literal) - 1                                                                      \
    }

/* For printf("%.*s", LI_TEXT_ARG(text)). */
#define LI_TEXT_ARG(text) (int)(text).size, (text).data

/* A view of a NUL-terminated string; NULL gives the empty text. */
static inline struct li_text li_text_of(const char *string) {
    return (struct li_text){string, string ? strlen(string) : 0};
}

static inline bool li_text_equal(struct li_text a, struct li_text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Equal, and not empty, found in a time that tells nothing about where the two differ. */
bool li_text_same_secret(struct li_text given, struct li_text secret);

/* Byte order, shorter first among equals. */
int li_text_compare(struct li_text a, struct li_text b);

/* Without the ASCII white space at both ends. */
struct li_text li_text_trim(struct li_text text);

/* Bytes of a UTF-8 byte order mark at the beginning, as spreadsheets write it: 3, or 0. */
size_t li_text_mark(struct li_text text);

/* Cuts off and returns what stands before the first separator; *rest keeps what is behind it. When there is
 * none, all is returned and *rest is empty with data NULL. */
struct li_text li_text_cut(struct li_text *rest, char separator);

/* A whole number from min to max, written in plain digits with an optional minus sign. */
bool li_text_to_long(struct li_text text, long min, long max, long *out);

/* The value 0..15 of a hexadecimal digit of either case, or -1. */
int li_text_hex_digit(char digit);

/* Well-formed UTF-8 without NUL. */
bool li_text_valid(struct li_text text);

/* A 64-bit FNV-1a hash of the bytes, the same on every machine. */
unsigned long long li_text_hash(struct li_text text);

/* Folds text for comparing what people type with what is written: compatibility forms and case folded,
 * accents and other marks dropped, letters without a decomposition spelt out (ø -> o, æ -> ae, ß -> ss,
 * ł -> l), apostrophes dropped, "&" read as "and", every other run of punctuation and space turned into one
 * space, none at the ends. Letters of every script are kept. Invalid UTF-8 folds to nothing.
 * Returns the bytes written to out, without a NUL; what does not fit in size is cut at a whole character. */
size_t li_text_fold(struct li_text text, char *out, size_t size);

/* The signs of a text that folds to nothing, as "!!!" does: compatibility forms, without spaces, quotation
 * marks and what cannot be seen. Written as li_text_fold writes. */
size_t li_text_signs(struct li_text text, char *out, size_t size);

/* Whether two names are the same but for how they are written: they fold alike; of names that fold to nothing
 * ("!!!"), whether they are the same bytes. Of longer names the first 1024 bytes, folded, count. */
bool li_text_same_name(struct li_text a, struct li_text b);

/* A hash that names have in common when they are the same in that sense; here the first 2048 bytes, folded,
 * count. */
unsigned long long li_text_name_hash(struct li_text name);

#endif
