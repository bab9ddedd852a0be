/* status.h - how every fallible function of ours answers.
 *
 * A fallible function returns enum li_status, which must be looked at, and describes a failure in one
 * sentence that the person who can mend it understands. Out parameters are untouched on failure. */
#ifndef LI_BASE_STATUS_H
#define LI_BASE_STATUS_H

#include <stddef.h>

#define LI_MUST_USE __attribute__((warn_unused_result))
#define LI_PRINTF(text, first) __attribute__((format(printf, text, first)))

enum li_status {
    LI_OK,
    LI_INVALID,     /* the caller's input is wrong; asking again the same way is no use */
    LI_NOT_FOUND,   /* there is no such thing, or no longer */
    LI_TOO_LARGE,   /* over a stated limit */
    LI_BUSY,        /* too much is waiting; try again later */
    LI_UNSUPPORTED, /* well formed, but this build or source cannot do it */
    LI_CORRUPT,     /* stored data is torn or foreign */
    LI_FULL,        /* no room left on the device */
    LI_IO,          /* the operating system or a peer failed us */
    LI_NO_MEMORY,
    LI_STATUS_COUNT
};

/* Why a call failed. Zeroed means nothing failed yet. */
struct li_error {
    enum li_status status;
    size_t at;         /* byte, row or line of the input where it was noticed, when that makes sense */
    char message[256]; /* one sentence with no final newline */
};

/* Fills err (which may be NULL) and returns status, so that callers write: return li_fail(err, ...). */
enum li_status li_fail(struct li_error *err, enum li_status status, const char *format, ...) LI_PRINTF(3, 4);

/* The same for a failed system call: picks LI_FULL, LI_NOT_FOUND or LI_IO from errnum, and adds its words. */
enum li_status li_fail_errno(struct li_error *err, int errnum, const char *format, ...) LI_PRINTF(3, 4);

/* "not_found": stable, for logs and metrics. */
const char *li_status_name(enum li_status status);

#endif
