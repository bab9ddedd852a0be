/* breaker.h - leaves a provider alone that does not answer, or that asked to be left alone.
 *
 * Three failures in a row open the breaker for 30 s; each failure of the trial that follows doubles that, up
 * to ten minutes. A Retry-After or a spent daily quota closes the door until the time named. Times are wall
 * time in milliseconds. Not thread-safe: the provider holds its lock. */
#ifndef LI_SOURCES_BREAKER_H
#define LI_SOURCES_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum {
    LI_BREAKER_FAILURES = 3,
    LI_BREAKER_FIRST_MS = 30 * 1000,
    LI_BREAKER_LONGEST_MS = 10 * 60 * 1000,
    LI_RETRY_AFTER_MAX_S = 24 * 3600, /* longer ones are cut: a day is long enough to ask again */
};

/* Zeroed is closed: requests pass. */
struct li_breaker {
    int failures;          /* in a row */
    int64_t pause_ms;      /* of the last opening, 0 = never opened since it worked */
    int64_t open_until_ms; /* nothing passes before this */
    bool trying;           /* the one trial after a pause is under way */
};

/* Whether a request may go now. After a pause one may, and the others once that one succeeded. */
bool li_breaker_allows(struct li_breaker *breaker, int64_t now_ms);

void li_breaker_succeeded(struct li_breaker *breaker);

/* True when this failure opened it: worth one line in the log. */
bool li_breaker_failed(struct li_breaker *breaker, int64_t now_ms);

/* The provider asked for it: nothing passes before until_ms. True when that is news. */
bool li_breaker_pause(struct li_breaker *breaker, int64_t now_ms, int64_t until_ms);

/* The trial ended without an answer either way: somebody gave up waiting. */
void li_breaker_abandon(struct li_breaker *breaker);

/* The next midnight, UTC: when daily quotas begin anew. */
int64_t li_breaker_tomorrow(int64_t now_ms);

/* Seconds of a Retry-After header, at most LI_RETRY_AFTER_MAX_S; fallback when it is absent, a date or
 * nonsense. */
long li_retry_after_s(struct li_text header, long fallback);

#endif
