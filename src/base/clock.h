/* clock.h - time, where a test can set it.
 *
 * Wall time is in milliseconds since 1970 UTC. A stage never asks the system: it is given a clock. */
#ifndef LI_BASE_CLOCK_H
#define LI_BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* Zeroed is the system's clock. fixed_ms, when not 0, is the time it always shows. */
struct li_clock {
    int64_t fixed_ms;
};

int64_t li_clock_now_ms(const struct li_clock *clock);

/* Nanoseconds of a clock that never jumps: only for durations. */
int64_t li_clock_monotonic_ns(void);

/* A condition whose timed waits go by that clock too, and the moment for one: so long from now. */
void li_clock_condition_init(pthread_cond_t *condition);
struct timespec li_clock_after_ms(int64_t ms);

/* Sleeps so long, whatever signals come. */
void li_clock_sleep_ms(int64_t ms);

enum { LI_DAY_MS = 24 * 60 * 60 * 1000 };

enum { LI_TIMESTAMP_SIZE = 25 };

/* "2026-11-22T20:06:28.123Z"; times outside of the years 1970 to 9999 give the nearest within. */
void li_clock_format(int64_t ms, char out[LI_TIMESTAMP_SIZE]);

#endif
