/* quota.h - how often a provider may be asked: at most so many requests in any span of so much time.
 *
 * A rolling window, not a token bucket: a bucket that is full lets twice its size through within one window,
 * and Deezer counts by window. Not thread-safe: the provider holds its lock. */
#ifndef LI_SOURCES_QUOTA_H
#define LI_SOURCES_QUOTA_H

#include <stddef.h>
#include <stdint.h>

enum { LI_QUOTA_MAX = 64 };

struct li_quota {
    size_t requests; /* 1..LI_QUOTA_MAX in a window */
    int64_t window_ms;
    int64_t taken_ms[LI_QUOTA_MAX]; /* a ring of the latest requests */
    size_t next, count;
};

void li_quota_init(struct li_quota *quota, size_t requests, int64_t window_ms);

/* Takes one request at this time and returns 0, or takes none and returns the milliseconds to wait. */
int64_t li_quota_take(struct li_quota *quota, int64_t now_ms);

#endif
