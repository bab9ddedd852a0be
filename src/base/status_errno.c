/* status_errno.c - failed system calls, apart from status.c because WebAssembly has none. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"

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
