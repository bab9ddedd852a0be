/* base64.h - bytes as text and back, RFC 4648, section 4. */
#ifndef LI_BASE_BASE64_H
#define LI_BASE_BASE64_H

#include "base/arena.h"

/* NUL-terminated (not counted). False when memory is out. */
bool li_base64_encode(struct li_text bytes, struct li_arena *arena, struct li_text *out);

/* Strict: padded, no line ends, no bits set that no byte holds. False for anything else. */
bool li_base64_decode(struct li_text text, struct li_arena *arena, struct li_text *out);

#endif
