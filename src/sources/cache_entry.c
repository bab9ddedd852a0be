/* cache_entry.c - an entry as the bytes of an object in a bucket: one line with the time until which it is
 * good, then the value. */
#include <stdio.h>

#include "sources/cache_priv.h"

#define MARK "listening-cache 1 "

size_t li_cache_entry_head(int64_t expires_ms, char out[LI_CACHE_HEAD_SIZE]) {
    return (size_t)snprintf(out, LI_CACHE_HEAD_SIZE, MARK "%lld\n", (long long)expires_ms);
}

bool li_cache_entry_read(struct li_text bytes, struct li_cache_entry *out) {
    const struct li_text mark = LI_TEXT(MARK);
    struct li_text value = bytes, digits = li_text_cut(&value, '\n');
    char head[LI_CACHE_HEAD_SIZE];
    long expires_ms;
    if (!value.data || digits.size <= mark.size || memcmp(digits.data, mark.data, mark.size) != 0)
        return false;
    digits.data += mark.size;
    digits.size -= mark.size;
    if (!li_text_to_long(digits, 0, INT64_MAX, &expires_ms) || value.size > LI_CACHE_VALUE_MAX ||
        !li_text_valid(value))
        return false;
    struct li_text written = {head, li_cache_entry_head(expires_ms, head)};
    if (!li_text_equal(written, (struct li_text){bytes.data, bytes.size - value.size}))
        return false; /* the same number in other digits: none of ours wrote it */
    *out = (struct li_cache_entry){value, expires_ms};
    return true;
}
