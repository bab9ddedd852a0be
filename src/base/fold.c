/* fold.c - text folded for comparing what people type with what is written. Unicode facts: utf8proc. */
#include <utf8proc.h>

#include "base/text.h"

enum { SAME_BYTES = 1024, HASHED_BYTES = 2048 };

enum { EXPANSION_MAX = 32 }; /* code points that one may become; the longest in Unicode 15 is 18 */

/* Latin letters that Unicode does not decompose, spelt as people type them. */
static const char *spelt_out(utf8proc_int32_t point) {
    switch (point) {
    case 0x00e6: /* ae */
        return "ae";
    case 0x0153: /* oe */
        return "oe";
    case 0x00f8: /* o with stroke */
        return "o";
    case 0x0142: /* l with stroke */
        return "l";
    case 0x0111: /* d with stroke */
    case 0x00f0: /* eth */
        return "d";
    case 0x00fe: /* thorn */
        return "th";
    case 0x0127: /* h with stroke */
        return "h";
    case 0x0131: /* dotless i */
        return "i";
    case 0x014b: /* eng */
        return "ng";
    default:
        return NULL;
    }
}

struct folder {
    char *out;
    size_t size, used;
    bool space; /* a separator is due before the next letter */
    bool full;
};

static void put(struct folder *f, const char *bytes, size_t count) {
    size_t need = count + (f->space && f->used ? 1 : 0);
    if (f->full || f->size - f->used < need) {
        f->full = true;
        return;
    }
    if (need > count)
        f->out[f->used++] = ' ';
    f->space = false;
    memcpy(f->out + f->used, bytes, count);
    f->used += count;
}

static bool is_letter(utf8proc_int32_t point) {
    utf8proc_category_t category = utf8proc_category(point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static bool is_apostrophe(utf8proc_int32_t point) {
    return point == '\'' || point == 0x2018 || point == 0x2019 || point == 0x02bc || point == '`' ||
           point == 0xb4;
}

/* The signs of ASCII have wide forms, for lines of Chinese or Japanese. */
static utf8proc_int32_t narrow(utf8proc_int32_t point) {
    return point >= 0xff01 && point <= 0xff5e ? point - 0xff01 + '!' : point;
}

/* Letters and digits of ASCII, as most names are made of, need no table. */
static bool put_plain(struct folder *f, utf8proc_int32_t point) {
    char plain = (char)(point >= 'A' && point <= 'Z' ? point - 'A' + 'a' : point);
    if (!(point >= '0' && point <= '9') && !(point < 0x80 && plain >= 'a' && plain <= 'z'))
        return false;
    put(f, &plain, 1);
    return true;
}

/* Folds one code point; next is the one behind it, or 0. */
static void fold_point(struct folder *f, utf8proc_int32_t point, utf8proc_int32_t next) {
    bool inside = f->used && !f->space; /* directly behind a letter */
    point = narrow(point);
    if (put_plain(f, point))
        return;
    if (is_apostrophe(point))
        return;
    if (point == '&') {
        f->space = true;
        put(f, "and", 3);
        f->space = true;
        return;
    }
    if (point == '$' && (inside || is_letter(next))) { /* A$AP, Ke$ha */
        put(f, "s", 1);
        return;
    }
    if (point == '!' && inside && is_letter(next)) { /* P!nk */
        put(f, "i", 1);
        return;
    }
    utf8proc_int32_t parts[EXPANSION_MAX];
    int last_class = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        point, parts, EXPANSION_MAX, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &last_class);
    for (utf8proc_ssize_t i = 0; i < count && i < EXPANSION_MAX; i++) {
        utf8proc_category_t category = utf8proc_category(parts[i]);
        const char *spelt = spelt_out(parts[i]);
        if (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
            category == UTF8PROC_CATEGORY_CF || is_apostrophe(parts[i]))
            continue;
        if (spelt) {
            put(f, spelt, strlen(spelt));
        } else if (is_letter(parts[i]) || category == UTF8PROC_CATEGORY_MC) {
            utf8proc_uint8_t bytes[4];
            put(f, (const char *)bytes, (size_t)utf8proc_encode_char(parts[i], bytes));
        } else {
            f->space = true;
        }
    }
}

/* Spaces, controls and quotation marks: what nobody means when a name is all signs. */
static bool is_no_sign(utf8proc_int32_t point) {
    utf8proc_category_t category = utf8proc_category(point);
    return category >= UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_CN ||
           category == UTF8PROC_CATEGORY_PI || category == UTF8PROC_CATEGORY_PF || point == '"' ||
           is_apostrophe(point);
}

size_t li_text_signs(struct li_text text, char *out, size_t size) {
    struct folder f = {.out = out, .size = size};
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t left = (utf8proc_ssize_t)text.size;
    utf8proc_int32_t point, parts[EXPANSION_MAX];
    if (!li_text_valid(text))
        return 0;
    while (left > 0) {
        int last_class = 0;
        utf8proc_ssize_t bytes = utf8proc_iterate(at, left, &point);
        at += bytes;
        left -= bytes;
        utf8proc_ssize_t count = utf8proc_decompose_char(point, parts, EXPANSION_MAX,
                                                         UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &last_class);
        for (utf8proc_ssize_t i = 0; i < count && i < EXPANSION_MAX; i++) {
            utf8proc_uint8_t sign[4];
            if (!is_no_sign(parts[i]))
                put(&f, (const char *)sign, (size_t)utf8proc_encode_char(parts[i], sign));
        }
    }
    return f.used;
}

size_t li_text_fold(struct li_text text, char *out, size_t size) {
    struct folder f = {.out = out, .size = size};
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t left = (utf8proc_ssize_t)text.size;
    utf8proc_int32_t point = 0, next = 0;
    if (!li_text_valid(text))
        return 0;
    if (left) {
        utf8proc_ssize_t bytes = utf8proc_iterate(at, left, &point);
        at += bytes;
        left -= bytes;
    }
    while (point) {
        next = 0;
        if (left) {
            utf8proc_ssize_t bytes = utf8proc_iterate(at, left, &next);
            at += bytes;
            left -= bytes;
        }
        fold_point(&f, point, next);
        point = next;
    }
    return f.used;
}

bool li_text_same_name(struct li_text a, struct li_text b) {
    char left[SAME_BYTES], right[SAME_BYTES];
    struct li_text x = {left, li_text_fold(a, left, sizeof left)};
    struct li_text y = {right, li_text_fold(b, right, sizeof right)};
    return x.size || y.size ? li_text_equal(x, y) : li_text_equal(a, b);
}

unsigned long long li_text_name_hash(struct li_text name) {
    char folded[HASHED_BYTES];
    struct li_text plain = {folded, li_text_fold(name, folded, sizeof folded)};
    return li_text_hash(plain.size ? plain : name);
}
