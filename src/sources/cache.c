/* cache.c - what every cache does alike: sizes and times to live. */
#include "sources/cache_priv.h"

static bool get(struct li_cache *cache, enum li_cache_kind kind, struct li_text key, bool stale,
                struct li_arena *arena, struct li_text *value) {
    struct li_cache_entry entry;
    if (!cache || key.size == 0 || key.size > LI_CACHE_KEY_MAX ||
        !cache->ops->get(cache, kind, key, arena, &entry) ||
        (!stale && entry.expires_ms <= li_clock_now_ms(&cache->clock)))
        return false;
    *value = entry.value;
    return true;
}

bool li_cache_get(struct li_cache *cache, enum li_cache_kind kind, struct li_text key, struct li_arena *arena,
                  struct li_text *value) {
    return get(cache, kind, key, false, arena, value);
}

bool li_cache_get_stale(struct li_cache *cache, enum li_cache_kind kind, struct li_text key,
                        struct li_arena *arena, struct li_text *value) {
    return get(cache, kind, key, true, arena, value);
}

void li_cache_put(struct li_cache *cache, enum li_cache_kind kind, struct li_text key, struct li_text value,
                  int64_t ttl_ms) {
    if (!cache || key.size == 0 || key.size > LI_CACHE_KEY_MAX || value.size > LI_CACHE_VALUE_MAX ||
        ttl_ms <= 0)
        return;
    cache->ops->put(cache, kind, key,
                    &(struct li_cache_entry){value, li_clock_now_ms(&cache->clock) + ttl_ms});
}

void li_cache_load(struct li_cache *cache, enum li_cache_kind kind, const struct li_text *keys,
                   size_t count) {
    if (cache && cache->ops->load && count)
        cache->ops->load(cache, kind, keys, count);
}

void li_cache_flush(struct li_cache *cache) {
    if (cache && cache->ops->flush)
        cache->ops->flush(cache);
}

void li_cache_sweep(struct li_cache *cache) {
    if (cache)
        cache->ops->sweep(cache);
}

size_t li_cache_rows(struct li_cache *cache) {
    return cache ? cache->ops->rows(cache) : 0;
}

void li_cache_close(struct li_cache *cache) {
    if (!cache)
        return;
    li_cache_flush(cache);
    cache->ops->close(cache);
}
