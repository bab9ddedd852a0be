/* status.h - how every fallible function of ours answers.
 *
 * A fallible function returns enum li_status, which must be looked at, and describes a failure in one
 * sentence that the person who can mend it understands. Out parameters are untouched on failure. The enum and
 * struct li_error are public: include/listening.h. */
#ifndef LI_BASE_STATUS_H
#define LI_BASE_STATUS_H

#include <listening.h>
#include <stddef.h>

#define LI_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* Fills err (which may be NULL) and returns status, so that callers write: return li_fail(err, ...). */
enum li_status li_fail(struct li_error *err, enum li_status status, const char *format, ...) LI_PRINTF(3, 4);

/* The same for a failed system call: picks LI_FULL, LI_NOT_FOUND or LI_IO from errnum, and adds its words. */
enum li_status li_fail_errno(struct li_error *err, int errnum, const char *format, ...) LI_PRINTF(3, 4);

/* "not_found": stable, for logs and metrics. */
const char *li_status_name(enum li_status status);

#endif
