#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t li_clock_now_ms(const struct li_clock *clock) {
    if (clock && clock->fixed_ms)
        return clock->fixed_ms;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t li_clock_monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void li_clock_format(int64_t ms, char out[LI_TIMESTAMP_SIZE]) {
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    char date[LI_TIMESTAMP_SIZE - 5];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out, LI_TIMESTAMP_SIZE, "%.19s.%03uZ", date, (unsigned)(ms % 1000) % 1000u);
}
