/* limiter.c - a token bucket for each client address, in a table of fixed size.
 *
 * An address may lie in any of WAYS neighbouring places; when all are taken, the one that was quiet longest
 * gives way. Its hash is keyed by randomness, so that nobody can choose whom to push out. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/random.h"
#include "gateway/gateway_priv.h"

enum { SETS = 4096, WAYS = 4, ADDRESS_MAX = 48, WAIT_MAX_S = 24 * 60 * 60 };

struct bucket {
    uint64_t address; /* keyed hash, 0 = free */
    int64_t filled_ns;
    double tokens;
};

struct li_limiter {
    pthread_mutex_t lock;
    double rate, burst;
    char key[LI_TOKEN_CHARS + 1];
    struct bucket buckets[SETS][WAYS];
};

struct li_limiter *li_limiter_new(double rate) {
    struct li_limiter *limiter = calloc(1, sizeof *limiter);
    if (!limiter)
        return NULL;
    pthread_mutex_init(&limiter->lock, NULL);
    limiter->rate = rate;
    limiter->burst = rate * 2 < 10 ? 10 : rate * 2;
    li_random_token(limiter->key);
    return limiter;
}

void li_limiter_free(struct li_limiter *limiter) {
    if (limiter)
        pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

static struct bucket *bucket_of(struct li_limiter *limiter, uint64_t address, int64_t now_ns) {
    /* The lowest bit is always set, so that no address is 0. */
    struct bucket *set = limiter->buckets[(address >> 1) % SETS], *oldest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].address == address)
            return &set[i];
        if (set[i].filled_ns < oldest->filled_ns)
            oldest = &set[i];
    }
    *oldest = (struct bucket){address, now_ns, limiter->burst};
    return oldest;
}

int li_limiter_take(struct li_limiter *limiter, struct li_text address, int64_t now_ns) {
    char keyed[LI_TOKEN_CHARS + ADDRESS_MAX];
    size_t size = address.size < ADDRESS_MAX ? address.size : ADDRESS_MAX;
    memcpy(keyed, limiter->key, LI_TOKEN_CHARS);
    memcpy(keyed + LI_TOKEN_CHARS, address.data, size);
    uint64_t hash = li_text_hash((struct li_text){keyed, LI_TOKEN_CHARS + size}) | 1;
    int wait_s = 0;
    pthread_mutex_lock(&limiter->lock);
    struct bucket *bucket = bucket_of(limiter, hash, now_ns);
    if (now_ns > bucket->filled_ns) {
        bucket->tokens += (double)(now_ns - bucket->filled_ns) / 1e9 * limiter->rate;
        if (bucket->tokens > limiter->burst)
            bucket->tokens = limiter->burst;
        bucket->filled_ns = now_ns;
    }
    if (bucket->tokens >= 1)
        bucket->tokens -= 1;
    else
        wait_s = (int)fmin(1 + (1 - bucket->tokens) / limiter->rate, WAIT_MAX_S);
    pthread_mutex_unlock(&limiter->lock);
    return wait_s;
}
