#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <utf8proc.h>

int li_text_compare(struct li_text a, struct li_text b) {
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

struct li_text li_text_trim(struct li_text text) {
    while (text.size && isspace((unsigned char)text.data[0]))
        text.data++, text.size--;
    while (text.size && isspace((unsigned char)text.data[text.size - 1]))
        text.size--;
    return text;
}

size_t li_text_mark(struct li_text text) {
    return text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

struct li_text li_text_cut(struct li_text *rest, char separator) {
    struct li_text all = *rest;
    const char *found = all.size ? memchr(all.data, separator, all.size) : NULL;
    if (!found) {
        *rest = (struct li_text){NULL, 0};
        return all;
    }
    size_t before = (size_t)(found - all.data);
    *rest = (struct li_text){found + 1, all.size - before - 1};
    return (struct li_text){all.data, before};
}

bool li_text_to_long(struct li_text text, long min, long max, long *out) {
    bool negative = text.size > 1 && text.data[0] == '-';
    size_t start = negative ? 1 : 0;
    long value = 0;
    if (text.size == start)
        return false;
    for (size_t i = start; i < text.size; i++) {
        int digit = text.data[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

bool li_text_valid(struct li_text text) {
    const uint8_t *at = (const uint8_t *)text.data;
    size_t left = text.size;
    while (left) {
        utf8proc_int32_t point = *at;
        utf8proc_ssize_t bytes = 1;
        if (point == 0 || point >= 0x80) /* most text is ASCII */
            bytes = utf8proc_iterate(at, (utf8proc_ssize_t)left, &point);
        if (bytes <= 0 || point == 0)
            return false;
        at += bytes;
        left -= (size_t)bytes;
    }
    return true;
}

unsigned long long li_text_hash(struct li_text text) {
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a offset basis and prime (Fowler, Noll, Vo) */
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3u;
    return hash;
}

bool li_text_same_secret(struct li_text given, struct li_text secret) {
    unsigned char difference = given.size != secret.size || secret.size == 0;
    for (size_t i = 0; i < given.size; i++)
        difference |= (unsigned char)(given.data[i] ^ (secret.size ? secret.data[i % secret.size] : 0));
    return difference == 0;
}

int li_text_hex_digit(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}
