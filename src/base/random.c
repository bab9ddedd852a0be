#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void li_random_token(char out[LI_TOKEN_CHARS + 1]) {
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    unsigned char bytes[LI_TOKEN_CHARS]; /* 6 of each 8 bits are used: 132 bits in all */
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        fputs("listening: the system gives no random bytes\n", stderr);
        abort();
    }
    for (int i = 0; i < LI_TOKEN_CHARS; i++)
        out[i] = DIGITS[bytes[i] & 63];
    out[LI_TOKEN_CHARS] = '\0';
}
