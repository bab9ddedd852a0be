#include "sources/breaker.h"

#include <limits.h>

#include "base/clock.h"

bool li_breaker_allows(struct li_breaker *breaker, int64_t now_ms) {
    if (now_ms < breaker->open_until_ms)
        return false;
    if (breaker->pause_ms == 0)
        return true;
    if (breaker->trying)
        return false;
    breaker->trying = true;
    return true;
}

void li_breaker_succeeded(struct li_breaker *breaker) {
    if (breaker->open_until_ms && !breaker->trying)
        return; /* an answer to what was asked before it opened */
    *breaker = (struct li_breaker){0};
}

bool li_breaker_failed(struct li_breaker *breaker, int64_t now_ms) {
    bool was_trial = breaker->trying;
    breaker->trying = false;
    breaker->failures++;
    if (!was_trial && (breaker->failures < LI_BREAKER_FAILURES || now_ms < breaker->open_until_ms))
        return false;
    breaker->pause_ms = breaker->pause_ms ? breaker->pause_ms * 2 : LI_BREAKER_FIRST_MS;
    if (breaker->pause_ms > LI_BREAKER_LONGEST_MS)
        breaker->pause_ms = LI_BREAKER_LONGEST_MS;
    breaker->open_until_ms = now_ms + breaker->pause_ms;
    return true;
}

bool li_breaker_pause(struct li_breaker *breaker, int64_t now_ms, int64_t until_ms) {
    bool news = now_ms >= breaker->open_until_ms;
    breaker->trying = false;
    if (until_ms > breaker->open_until_ms)
        breaker->open_until_ms = until_ms;
    if (!breaker->pause_ms)
        breaker->pause_ms = LI_BREAKER_FIRST_MS; /* so that one trial goes first when it is over */
    return news;
}

void li_breaker_abandon(struct li_breaker *breaker) {
    breaker->trying = false;
}

int64_t li_breaker_tomorrow(int64_t now_ms) {
    return (now_ms / LI_DAY_MS + 1) * LI_DAY_MS;
}

long li_retry_after_s(struct li_text header, long fallback) {
    long seconds = 0;
    if (!li_text_to_long(li_text_trim(header), 0, LONG_MAX, &seconds))
        return fallback;
    return seconds < LI_RETRY_AFTER_MAX_S ? seconds : LI_RETRY_AFTER_MAX_S;
}
