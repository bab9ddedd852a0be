/* Entries of the cache in a bucket: what is read from any bytes is valid, within its limits, and just what we
 * would have written; and what we write of any text is read again. The first eight bytes are the time of the
 * entry that is written, the others its value. */
#include "sources/cache_priv.h"
#include "target.h"

static void check_reading(struct li_text bytes) {
    struct li_cache_entry entry = {LI_TEXT("untouched"), -42};
    char head[LI_CACHE_HEAD_SIZE];
    if (!li_cache_entry_read(bytes, &entry)) {
        check(entry.expires_ms == -42 && entry.value.size == 9);
        return;
    }
    check(entry.expires_ms >= 0 && entry.value.size <= LI_CACHE_VALUE_MAX && li_text_valid(entry.value));
    size_t head_size = li_cache_entry_head(entry.expires_ms, head);
    check(head_size + entry.value.size == bytes.size && memcmp(bytes.data, head, head_size) == 0);
    check(entry.value.data == bytes.data + head_size);
}

static void check_writing(int64_t expires_ms, struct li_text value) {
    struct li_cache_entry entry;
    char *bytes = malloc(LI_CACHE_HEAD_SIZE + value.size);
    check(bytes != NULL);
    size_t head_size = li_cache_entry_head(expires_ms, bytes);
    check(head_size < LI_CACHE_HEAD_SIZE);
    if (value.size)
        memcpy(bytes + head_size, value.data, value.size);
    bool read = li_cache_entry_read((struct li_text){bytes, head_size + value.size}, &entry);
    check(read == (li_text_valid(value) && value.size <= LI_CACHE_VALUE_MAX));
    check(!read || (entry.expires_ms == expires_ms && li_text_equal(entry.value, value)));
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text bytes = {(const char *)data, size};
    int64_t expires_ms = 0;
    check_reading(bytes);
    if (size < sizeof expires_ms)
        return 0;
    memcpy(&expires_ms, data, sizeof expires_ms);
    check_writing(expires_ms & INT64_MAX,
                  (struct li_text){bytes.data + sizeof expires_ms, size - sizeof expires_ms});
    return 0;
}
