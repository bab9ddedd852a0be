/* retry.h - when a request is worth another try, and after which pause. */
#ifndef LI_STORE_RETRY_H
#define LI_STORE_RETRY_H

#include <stdbool.h>

enum { LI_RETRY_PAUSE_MAX_MS = 5000 };

/* Whether an answer of this HTTP status may become another one by itself: 429, 500, 502, 503, 504. */
bool li_retry_helps(int http_status);

/* The pause after the attempt of this number (0 = the first): uniform in 0..min(5 s, first_ms * 2^attempt),
 * where unit in [0, 1) says which. "Full jitter": many clients that fail together do not come back together
 * (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). */
int li_retry_pause_ms(int attempt, int first_ms, double unit);

/* A number in [0, 1), another one each time. */
double li_retry_unit(void);

#endif
