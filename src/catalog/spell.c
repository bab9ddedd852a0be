/* spell.c - texts as they are searched for: folded, without spaces, and hashed in parts. */
#include "catalog/catalog_priv.h"

enum { FOLDED_MAX = 2048 };

/* The code point at *at, which is then moved on; bytes that are no UTF-8 stand for themselves. */
static uint32_t next_letter(const unsigned char **at, const unsigned char *end) {
    const unsigned char *s = *at;
    size_t left = (size_t)(end - s);
    if (s[0] < 0x80) {
        *at += 1;
        return s[0];
    }
    if (s[0] >= 0xc0 && s[0] < 0xe0 && left >= 2) {
        *at += 2;
        return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
    }
    if (s[0] >= 0xe0 && s[0] < 0xf0 && left >= 3) {
        *at += 3;
        return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
    }
    if (s[0] >= 0xf0 && left >= 4) {
        *at += 4;
        return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
    }
    *at += 1;
    return s[0];
}

static size_t write_letter(uint32_t letter, unsigned char *out) {
    if (letter < 0x80) {
        out[0] = (unsigned char)letter;
        return 1;
    }
    if (letter < 0x800) {
        out[0] = (unsigned char)(0xc0 | letter >> 6);
        out[1] = (unsigned char)(0x80 | (letter & 0x3f));
        return 2;
    }
    if (letter < 0x10000) {
        out[0] = (unsigned char)(0xe0 | letter >> 12);
        out[1] = (unsigned char)(0x80 | (letter >> 6 & 0x3f));
        out[2] = (unsigned char)(0x80 | (letter & 0x3f));
        return 3;
    }
    out[0] = (unsigned char)(0xf0 | letter >> 18);
    out[1] = (unsigned char)(0x80 | (letter >> 12 & 0x3f));
    out[2] = (unsigned char)(0x80 | (letter >> 6 & 0x3f));
    out[3] = (unsigned char)(0x80 | (letter & 0x3f));
    return 4;
}

/* What li_text_fold does with ASCII text, as most names are: a catalogue folds millions. False for other
 * text, and for the signs that are read as letters. Spaces are not run together. */
static bool fold_ascii(struct li_text text, unsigned char *out, size_t *size) {
    *size = 0;
    if (text.size > FOLDED_MAX)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 'A' && c <= 'Z')
            out[(*size)++] = (unsigned char)(c | 0x20);
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[(*size)++] = c;
        else if (c >= 0x80 || c == '&' || c == '$' || c == '!')
            return false;
        else if (c != '\'' && c != '`')
            out[(*size)++] = ' ';
    }
    return true;
}

void li_spell(struct li_text text, struct spelling *out) {
    unsigned char folded[FOLDED_MAX];
    size_t size;
    if (!fold_ascii(text, folded, &size))
        size = li_text_fold(text, (char *)folded, sizeof folded);
    li_spell_key(folded, size, out);
    if (out->length == 0)
        li_spell_key(folded, li_text_signs(text, (char *)folded, sizeof folded), out);
}

void li_spell_key(const unsigned char *text, size_t size, struct spelling *out) {
    const unsigned char *at = text, *end = text + size;
    bool begins = true;
    out->length = out->words = 0;
    while (at < end && out->length < KEY_LETTERS_MAX) {
        uint32_t letter = next_letter(&at, end);
        if (letter == ' ') {
            begins = true;
            continue;
        }
        if (begins && out->words < KEY_WORDS_MAX)
            out->start[out->words++] = (uint16_t)out->length;
        begins = false;
        out->letters[out->length++] = letter;
    }
}

size_t li_spell_write(const uint32_t *letters, size_t length, const uint16_t *starts, size_t words,
                      unsigned char *out) {
    size_t size = 0, word = 1;
    for (size_t i = 0; i < length; i++) {
        if (starts && word < words && starts[word] == i) {
            out[size++] = ' ';
            word++;
        }
        size += write_letter(letters[i], out + size);
    }
    return size;
}

size_t li_spell_word_length(const struct spelling *spelling, size_t word) {
    size_t end = word + 1 < spelling->words ? spelling->start[word + 1] : spelling->length;
    return end - spelling->start[word];
}

size_t li_spell_article(const struct spelling *spelling) {
    static const char *const ARTICLES[] = {"the", "a", "la", "le", "les", "los", "las", "el"};
    if (spelling->words < 2)
        return 0;
    size_t length = spelling->start[1];
    for (size_t i = 0; i < sizeof ARTICLES / sizeof *ARTICLES; i++) {
        size_t same = 0;
        while (same < length && ARTICLES[i][same] &&
               spelling->letters[same] == (unsigned char)ARTICLES[i][same])
            same++;
        if (same == length && !ARTICLES[i][same])
            return length;
    }
    return 0;
}

uint64_t li_spell_sketch(const uint32_t *letters, size_t length) {
    uint64_t sketch = 0;
    for (size_t i = 0; i < length; i++) {
        uint64_t once = (uint64_t)1 << (letters[i] & 31);
        sketch |= sketch & once ? once << 32 : once;
    }
    return sketch;
}

/* Hashes ------------------------------------------------------------------------------------------------ */

uint32_t li_hash_letters(uint32_t seed, const uint32_t *letters, size_t length, size_t without) {
    uint64_t hash = seed + 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < length; i++)
        if (i != without)
            hash = (hash ^ letters[i]) * 0xff51afd7ed558ccdu + 1; /* MurmurHash3's multipliers */
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
    return (uint32_t)(hash >> 32);
}

size_t li_hash_variants(uint32_t seed, const uint32_t *letters, size_t length, uint32_t *hashes) {
    size_t count = 0;
    hashes[count++] = li_hash_letters(seed, letters, length, length);
    for (size_t i = 0; i < length; i++)
        if (i == 0 || letters[i] != letters[i - 1]) /* of equal neighbours it is all the same which one */
            hashes[count++] = li_hash_letters(seed, letters, length, i);
    return count;
}

size_t li_half_length(size_t length) {
    return length / 2 < HALF_LETTERS ? length / 2 : HALF_LETTERS;
}

uint32_t li_half_seed(size_t length, bool tail) {
    return (uint32_t)(2 * length + tail + 16);
}
