/* distance.c - typing errors between two short texts: insertions, deletions, substitutions and swaps of
 * neighbours, no place edited twice ("optimal string alignment", Boytsov 2011, "Indexing methods for
 * approximate dictionary searching", section 2). Only the band of cells that max errors can reach is filled.
 */
#include "catalog/catalog_priv.h"

enum { COLUMNS = KEY_LETTERS_MAX + ERRORS_MAX + 2 };

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

struct rows {
    unsigned char cells[3][COLUMNS];
};

/* Fills row i of the table for columns low..high; returns its smallest cell. */
static unsigned fill_row(struct rows *rows, size_t i, size_t low, size_t high, const uint32_t *typed,
                         const uint32_t *text, unsigned over) {
    unsigned char *row = rows->cells[i % 3];
    const unsigned char *above = rows->cells[(i - 1) % 3], *before = rows->cells[(i + 1) % 3];
    unsigned smallest = over;
    for (size_t j = low; j <= high; j++) {
        unsigned cell = over;
        if (j == 0) {
            cell = i < over ? (unsigned)i : over;
        } else {
            cell = least(cell, above[j] + 1u);
            cell = least(cell, row[j - 1] + 1u);
            cell = least(cell, above[j - 1] + (typed[i - 1] != text[j - 1]));
            if (i > 1 && j > 1 && typed[i - 1] == text[j - 2] && typed[i - 2] == text[j - 1])
                cell = least(cell, before[j - 2] + 1u);
        }
        row[j] = (unsigned char)cell;
        smallest = least(smallest, cell);
    }
    row[high + 1] = (unsigned char)over; /* what the next row sees above its last column */
    return smallest;
}

struct distance li_distance_measure(const uint32_t *typed, size_t typed_length, const uint32_t *text,
                                    size_t text_length, unsigned max) {
    struct rows rows;
    unsigned over = max + 1, last = 0;
    struct distance out = {over, over};
    size_t reach = typed_length + max; /* letters of text that can matter */
    size_t columns = text_length < reach ? text_length : reach;
    if (typed_length > columns + max)
        return out;
    for (size_t j = 0; j <= columns + 1; j++)
        rows.cells[0][j] = (unsigned char)(j < over ? j : over);
    for (size_t i = 1; i <= typed_length; i++) {
        size_t low = i > max ? i - max : 0, high = i + max < columns ? i + max : columns;
        if (low > 0)
            rows.cells[i % 3][low - 1] = (unsigned char)over;
        unsigned smallest = fill_row(&rows, i, low, high, typed, text, over);
        if (smallest >= over && last >= over) /* a swap can still come from the row before */
            return out;
        last = smallest;
    }
    const unsigned char *bottom = rows.cells[typed_length % 3];
    for (size_t j = typed_length > max ? typed_length - max : 0; j <= columns; j++)
        out.begin = least(out.begin, bottom[j]);
    if (text_length <= reach)
        out.whole = bottom[columns];
    return out;
}

/* The same with bits: a column of the table in a few operations (Myers 1999, "A fast bit-vector algorithm for
 * approximate string matching"; with swaps: Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and
 * Damerau edit distances"). ------------------------------------------------------------------------------ */

void li_pattern_make(struct pattern *pattern, const uint32_t *letters, size_t length) {
    memset(pattern->plain, 0, sizeof pattern->plain);
    pattern->letters = letters;
    pattern->length = length;
    pattern->other_count = 0;
    for (size_t i = 0; i < length && i < PATTERN_LETTERS; i++) {
        uint64_t bit = (uint64_t)1 << i;
        if (letters[i] < PATTERN_PLAIN) {
            pattern->plain[letters[i]] |= bit;
            continue;
        }
        size_t other = 0;
        while (other < pattern->other_count && pattern->others[other] != letters[i])
            other++;
        if (other == pattern->other_count) {
            pattern->others[pattern->other_count++] = letters[i];
            pattern->other_bits[other] = 0;
        }
        pattern->other_bits[other] |= bit;
    }
}

/* Where a letter stands in the pattern. */
static uint64_t places_of(const struct pattern *pattern, uint32_t letter) {
    if (letter < PATTERN_PLAIN)
        return pattern->plain[letter];
    for (size_t i = 0; i < pattern->other_count; i++)
        if (pattern->others[i] == letter)
            return pattern->other_bits[i];
    return 0;
}

struct distance li_pattern_measure(const struct pattern *pattern, size_t from, size_t length,
                                   const uint32_t *text, size_t text_length, unsigned max) {
    if (length == 0 || from + length > PATTERN_LETTERS)
        return li_distance_measure(pattern->letters + from, length, text, text_length, max);
    size_t reach = length + max, columns = text_length < reach ? text_length : reach, score = length;
    uint64_t last = (uint64_t)1 << (length - 1), all = last | (last - 1);
    uint64_t rises = all, falls = 0, same = 0, before = 0; /* going down a column; same: along its diagonal */
    struct distance out = {max + 1, max + 1};
    for (size_t j = 0; j < columns; j++) {
        uint64_t places = places_of(pattern, text[j]) >> from & all;
        uint64_t swapped = ((~same & places) << 1) & before;
        same = (((places & rises) + rises) ^ rises) | places | falls | swapped;
        uint64_t right_rises = falls | ~(same | rises), right_falls = same & rises;
        score += (right_rises & last) != 0;
        score -= (right_falls & last) != 0;
        right_rises = right_rises << 1 | 1;
        rises = right_falls << 1 | ~(same | right_rises);
        falls = right_rises & same;
        before = places;
        out.begin = score < out.begin ? (unsigned)score : out.begin;
        if (score > max + (columns - 1 - j)) /* it falls by one a letter at most */
            return out;
    }
    if (text_length <= reach && score <= max)
        out.whole = (unsigned)score;
    return out;
}
