/* values.c - what stands in a cell: texts, numbers, years, lists as people's tables have them. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>
#include <utf8proc.h>

#include "dataset/dataset_priv.h"

enum { NUMBER_MAX = 40, UUID_CHARS = 36 };

/* Windows-1252 from 0x80 to 0x9F; the rest is Latin-1. Source: the Unicode mapping CP1252.TXT. */
static const uint16_t HIGH_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

static struct li_text from_1252(struct li_text cell, struct li_arena *arena) {
    char *out = li_arena_alloc(arena, cell.size * 3 + 1);
    size_t used = 0;
    for (size_t i = 0; i < cell.size; i++) {
        unsigned char byte = (unsigned char)cell.data[i];
        utf8proc_int32_t point = byte >= 0x80 && byte < 0xA0 ? HIGH_1252[byte - 0x80] : byte;
        if (point)
            used += (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)out + used);
    }
    return (struct li_text){out, used};
}

struct li_text li_value_text(struct li_text cell, struct li_arena *arena) {
    cell = li_text_trim(cell);
    if (cell.size == 0)
        return (struct li_text){0};
    struct li_text text = li_text_valid(cell) ? cell : from_1252(cell, arena);
    char *out = li_arena_alloc(arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        out[i] = byte < 0x20 || byte == 0x7f ? ' ' : (char)byte;
    }
    return li_text_trim((struct li_text){out, text.size});
}

static bool is_nothing(struct li_text cell) {
    static const char *const WORDS[] = {"", "nan", "null", "none", "n/a", "na", "-", "\\N", "<NA>"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (cell.size == strlen(WORDS[i]) &&
            strncasecmp(cell.data ? cell.data : "", WORDS[i], cell.size) == 0)
            return true;
    return false;
}

bool li_value_number(struct li_text cell, double *out) {
    char text[NUMBER_MAX + 1];
    size_t commas = 0, points = 0;
    cell = li_text_trim(cell);
    if (is_nothing(cell)) {
        *out = NAN;
        return true;
    }
    if (cell.size > NUMBER_MAX)
        return false;
    for (size_t i = 0; i < cell.size; i++) {
        char byte = cell.data[i];
        if (!isdigit((unsigned char)byte) && !strchr("+-.,eE", byte))
            return false;
        commas += byte == ',';
        points += byte == '.';
        text[i] = byte == ',' ? '.' : byte;
    }
    if (commas > 1 || (commas && points))
        return false;
    text[cell.size] = '\0';
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value))
        return false;
    *out = value;
    return true;
}

/* Four digits that stand alone. */
static bool year_at(struct li_text cell, size_t at, int *out) {
    int year = 0;
    if (at + 4 > cell.size || (at && isdigit((unsigned char)cell.data[at - 1])) ||
        (at + 4 < cell.size && isdigit((unsigned char)cell.data[at + 4])))
        return false;
    for (size_t i = at; i < at + 4; i++) {
        if (!isdigit((unsigned char)cell.data[i]))
            return false;
        year = year * 10 + cell.data[i] - '0';
    }
    if (year < LI_CATALOG_YEAR_MIN || year > LI_CATALOG_YEAR_MAX)
        return false;
    *out = year;
    return true;
}

bool li_value_year(struct li_text cell, int *out) {
    cell = li_text_trim(cell);
    if (is_nothing(cell) || li_text_equal(cell, LI_TEXT("0")) || li_text_equal(cell, LI_TEXT("0000"))) {
        *out = 0;
        return true;
    }
    for (size_t at = 0; at + 4 <= cell.size && at < NUMBER_MAX; at++)
        if (year_at(cell, at, out))
            return true;
    return false;
}

bool li_value_mbid(struct li_text cell, unsigned char out[MBID_SIZE]) {
    cell = li_text_trim(cell);
    if (cell.size < UUID_CHARS)
        return false;
    const char *text = cell.data + cell.size - UUID_CHARS;
    unsigned char bytes[MBID_SIZE];
    size_t used = 0;
    for (size_t i = 0; i < UUID_CHARS;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i++] != '-')
                return false;
            continue;
        }
        int high = li_text_hex_digit(text[i]), low = li_text_hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[used++] = (unsigned char)(high << 4 | low);
        i += 2;
    }
    memcpy(out, bytes, MBID_SIZE);
    return true;
}

/* ---- lists ---- */

struct list {
    struct li_text *items;
    size_t count, max;
};

static void add(struct list *list, struct li_text item) {
    item = li_text_trim(item);
    if (item.size && list->count < list->max)
        list->items[list->count++] = item;
}

/* Code point of 4 hexadecimal digits, or -1. */
static int unicode_escape(struct li_text text, size_t at) {
    int point = 0;
    if (at + 4 > text.size)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        int digit = li_text_hex_digit(text.data[i]);
        if (digit < 0)
            return -1;
        point = point * 16 + digit;
    }
    return point >= 0xD800 && point < 0xE000 ? -1 : point;
}

/* What stands between the quote at *at and its twin, written to out, which has as much room as the text; *at
 * moves behind it. Python's and JSON's escapes. */
static struct li_text quoted(struct li_text text, size_t *at, char *out) {
    char quote = text.data[*at];
    size_t used = 0, i = *at + 1;
    for (; i < text.size && text.data[i] != quote; i++) {
        if (text.data[i] != '\\' || i + 1 == text.size) {
            out[used++] = text.data[i];
            continue;
        }
        char next = text.data[++i];
        int point = next == 'u' ? unicode_escape(text, i + 1) : -1;
        if (point > 0) { /* six bytes read, three at most written */
            used += (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)out + used);
            i += 4;
        } else {
            out[used++] = next == 'n' || next == 't' || next == 'r' ? ' ' : next;
        }
    }
    *at = i < text.size ? i + 1 : i;
    return (struct li_text){out, used};
}

/* "['a', \"b's\"]", "['a' 'b']", "[a, b]". */
static void bracketed(struct li_text text, struct list *list, struct li_arena *arena) {
    size_t at = 1, end = text.size - 1;
    struct li_text inside = {text.data, end};
    char *unquoted = li_arena_alloc(arena, text.size); /* for all: none is longer than as it stands here */
    while (at < end && list->count < list->max) {
        char byte = text.data[at];
        if (byte == '\'' || byte == '"') {
            struct li_text item = quoted(inside, &at, unquoted);
            unquoted += item.size;
            add(list, item);
        } else if (byte == ',' || isspace((unsigned char)byte)) {
            at++;
        } else {
            size_t start = at;
            while (at < end && text.data[at] != ',')
                at++;
            add(list, (struct li_text){text.data + start, at - start});
        }
    }
}

size_t li_value_list(struct li_text cell, const char *separators, struct li_text *items, size_t max,
                     struct li_arena *arena) {
    struct list list = {items, 0, max};
    bool marked = cell.size && memchr(cell.data, LIST_MARK, cell.size);
    cell = li_text_trim(cell);
    if (!marked && cell.size >= 2 && cell.data[0] == '[' && cell.data[cell.size - 1] == ']') {
        bracketed(cell, &list, arena);
        return list.count;
    }
    size_t start = 0;
    for (size_t i = 0; i < cell.size; i++) {
        bool cut = marked ? cell.data[i] == LIST_MARK : cell.data[i] && strchr(separators, cell.data[i]);
        if (!cut)
            continue;
        add(&list, (struct li_text){cell.data + start, i - start});
        start = i + 1;
    }
    if (cell.size)
        add(&list, (struct li_text){cell.data + start, cell.size - start});
    return list.count;
}
