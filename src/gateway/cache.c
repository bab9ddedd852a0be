/* cache.c - rendered profiles. A fixed table: a profile lives in the slot that its name hashes to, and a
 * newer one takes the slot over, so memory has a bound and there is nothing to sweep. */
#include <pthread.h>
#include <stdlib.h>

#include "gateway/gateway_priv.h"

enum { SLOTS = 256, LARGEST = 64 * 1024 };

struct slot {
    pthread_mutex_t lock;
    char name[LI_SESSION_MAX + 2]; /* language digit, then session */
    struct li_blob *blob;
};

struct li_profile_cache {
    struct slot slots[SLOTS];
};

static struct slot *slot_of(struct li_profile_cache *cache, struct li_text session, enum li_lang lang,
                            char name[LI_SESSION_MAX + 2]) {
    size_t size = session.size < LI_SESSION_MAX ? session.size : LI_SESSION_MAX;
    memset(name, 0, LI_SESSION_MAX + 2);
    name[0] = (char)('0' + lang);
    memcpy(name + 1, session.data, size);
    return &cache->slots[li_text_hash((struct li_text){name, size + 1}) % SLOTS];
}

struct li_profile_cache *li_profile_cache_new(void) {
    struct li_profile_cache *cache = calloc(1, sizeof *cache);
    for (size_t i = 0; cache && i < SLOTS; i++)
        pthread_mutex_init(&cache->slots[i].lock, NULL);
    return cache;
}

void li_profile_cache_free(struct li_profile_cache *cache) {
    for (size_t i = 0; cache && i < SLOTS; i++) {
        li_blob_release(cache->slots[i].blob);
        pthread_mutex_destroy(&cache->slots[i].lock);
    }
    free(cache);
}

struct li_blob *li_profile_cache_get(struct li_profile_cache *cache, struct li_text session,
                                     enum li_lang lang, uint64_t tag) {
    char name[LI_SESSION_MAX + 2];
    struct slot *slot = slot_of(cache, session, lang, name);
    struct li_blob *blob = NULL;
    pthread_mutex_lock(&slot->lock);
    if (slot->blob && slot->blob->tag == tag &&
        li_text_same_secret((struct li_text){name, sizeof name}, (struct li_text){slot->name, sizeof name})) {
        blob = slot->blob;
        li_blob_hold(blob);
    }
    pthread_mutex_unlock(&slot->lock);
    return blob;
}

void li_profile_cache_put(struct li_profile_cache *cache, struct li_text session, enum li_lang lang,
                          struct li_blob *blob) {
    char name[LI_SESSION_MAX + 2];
    struct slot *slot = slot_of(cache, session, lang, name);
    if (blob->size > LARGEST)
        return;
    li_blob_hold(blob);
    pthread_mutex_lock(&slot->lock);
    struct li_blob *old = slot->blob;
    slot->blob = blob;
    memcpy(slot->name, name, sizeof name);
    pthread_mutex_unlock(&slot->lock);
    li_blob_release(old);
}
