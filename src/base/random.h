/* random.h - the only randomness in the product: names that nobody can guess. */
#ifndef LI_BASE_RANDOM_H
#define LI_BASE_RANDOM_H

enum { LI_TOKEN_CHARS = 22 }; /* 128 bits at 6 bits a character */

/* Writes 128 random bits as 22 characters of [A-Za-z0-9_-] and a NUL. Ends the program when the kernel has
 * no randomness: an id that can be guessed is worse than none. */
void li_random_token(char out[LI_TOKEN_CHARS + 1]);

#endif
