#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

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
