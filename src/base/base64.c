#include "base/base64.h"

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool li_base64_encode(struct li_text bytes, struct li_arena *arena, struct li_text *out) {
    char *text = li_arena_try(arena, bytes.size / 3 + 1, 4 + 1);
    size_t used = 0;
    if (!text)
        return false;
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        unsigned a = (unsigned char)bytes.data[i];
        unsigned b = left > 1 ? (unsigned char)bytes.data[i + 1] : 0;
        unsigned c = left > 2 ? (unsigned char)bytes.data[i + 2] : 0;
        text[used++] = DIGITS[a >> 2];
        text[used++] = DIGITS[(a & 3) << 4 | b >> 4];
        text[used++] = left > 1 ? DIGITS[(b & 15) << 2 | c >> 6] : '=';
        text[used++] = left > 2 ? DIGITS[c & 63] : '=';
    }
    text[used] = '\0';
    *out = (struct li_text){text, used};
    return true;
}

static int value_of(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool li_base64_decode(struct li_text text, struct li_arena *arena, struct li_text *out) {
    char *bytes = li_arena_try(arena, text.size / 4 + 1, 3);
    size_t used = 0;
    if (!bytes || text.size % 4)
        return false;
    for (size_t i = 0; i < text.size; i += 4) {
        bool last = i + 4 == text.size;
        size_t pads = !last ? 0 : (size_t)(text.data[i + 3] == '=') + (text.data[i + 2] == '=');
        int digits[4];
        for (size_t d = 0; d < 4; d++) {
            digits[d] = d < 4 - pads ? value_of(text.data[i + d]) : 0;
            if (digits[d] < 0)
                return false;
        }
        if ((pads == 2 && (text.data[i + 3] != '=' || digits[1] & 15)) || (pads == 1 && digits[2] & 3))
            return false;
        bytes[used++] = (char)(digits[0] << 2 | digits[1] >> 4);
        if (pads < 2)
            bytes[used++] = (char)((digits[1] & 15) << 4 | digits[2] >> 2);
        if (pads < 1)
            bytes[used++] = (char)((digits[2] & 3) << 6 | digits[3]);
    }
    *out = (struct li_text){bytes, used};
    return true;
}
