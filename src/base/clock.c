#include "base/clock.h"

#include <errno.h>
#include <string.h>

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

void li_clock_condition_init(pthread_cond_t *condition) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct timespec li_clock_after_ms(int64_t ms) {
    int64_t ns = li_clock_monotonic_ns() + ms * 1000000;
    return (struct timespec){ns / 1000000000, ns % 1000000000};
}

void li_clock_sleep_ms(int64_t ms) {
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

static const int64_t LAST_MS = 253402300799999; /* 9999-12-31T23:59:59.999Z */

static void put_digits(char *out, int count, int64_t value) {
    for (int i = count - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
}

/* By hand, as every log line needs it: gmtime_r, strftime and snprintf took longer than the rest of the line
 * (docs/performance.md). The calendar is H. Hinnant's civil_from_days,
 * howardhinnant.github.io/date_algorithms.html. */
void li_clock_format(int64_t ms, char out[LI_TIMESTAMP_SIZE]) {
    ms = ms < 0 ? 0 : ms > LAST_MS ? LAST_MS : ms;
    int64_t second = ms % LI_DAY_MS / 1000;
    int64_t day = ms / LI_DAY_MS + 719468; /* since 0000-03-01: a leap day ends a year */
    int64_t era = day / 146097, day_of_era = day % 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* since March */
    memcpy(out, "0000-00-00T00:00:00.000Z", LI_TIMESTAMP_SIZE);
    put_digits(out, 4, era * 400 + year_of_era + (month >= 10));
    put_digits(out + 5, 2, month < 10 ? month + 3 : month - 9);
    put_digits(out + 8, 2, day_of_year - (153 * month + 2) / 5 + 1);
    put_digits(out + 11, 2, second / 3600);
    put_digits(out + 14, 2, second / 60 % 60);
    put_digits(out + 17, 2, second % 60);
    put_digits(out + 20, 3, ms % 1000);
}
