#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum li_status li_fail(struct li_error *err, enum li_status status, const char *format, ...) {
    if (err) {
        va_list args;
        va_start(args, format);
        err->status = status;
        err->at = 0;
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return status;
}

static enum li_status status_from_errno(int errnum) {
    switch (errnum) {
    case ENOSPC:
    case EDQUOT:
        return LI_FULL;
    case ENOENT:
        return LI_NOT_FOUND;
    case ENOMEM:
        return LI_NO_MEMORY;
    default:
        return LI_IO;
    }
}

enum li_status li_fail_errno(struct li_error *err, int errnum, const char *format, ...) {
    enum li_status status = status_from_errno(errnum);
    if (err) {
        char what[160], why[80];
        va_list args;
        va_start(args, format);
        vsnprintf(what, sizeof what, format, args);
        va_end(args);
        err->status = status;
        err->at = 0;
        snprintf(err->message, sizeof err->message, "%s: %s", what, strerror_r(errnum, why, sizeof why));
    }
    return status;
}

const char *li_status_name(enum li_status status) {
    static const char *const NAMES[LI_STATUS_COUNT] = {
        [LI_OK] = "ok",
        [LI_INVALID] = "invalid",
        [LI_NOT_FOUND] = "not_found",
        [LI_TOO_LARGE] = "too_large",
        [LI_BUSY] = "busy",
        [LI_UNSUPPORTED] = "unsupported",
        [LI_CORRUPT] = "corrupt",
        [LI_FULL] = "full",
        [LI_IO] = "io",
        [LI_NO_MEMORY] = "no_memory",
    };
    return (unsigned)status < LI_STATUS_COUNT ? NAMES[status] : "unknown";
}
