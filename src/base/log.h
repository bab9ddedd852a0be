/* log.h - one JSON object a line on standard error, each written by one call so that lines never mix.
 *
 *     struct li_log_line line;
 *     li_log_begin(&line, LI_LOG_INFO, "request");
 *     li_log_text(&line, "route", route);
 *     li_log_number(&line, "duration_us", us);
 *     li_log_end(&line);
 *
 * Never log a query, an artist, an address or a session id as it is: li_log_session writes its hash. */
#ifndef LI_BASE_LOG_H
#define LI_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum li_log_level { LI_LOG_ERROR, LI_LOG_WARNING, LI_LOG_INFO, LI_LOG_NOTHING = -1 };

struct li_log_line {
    char bytes[1024];
    size_t used; /* 0: the line is dropped */
};

/* Lines less important than level are dropped. LI_LOG_INFO at the start. */
void li_log_set_level(enum li_log_level level);

/* Starts a line with time, level and event. */
void li_log_begin(struct li_log_line *line, enum li_log_level level, const char *event);

/* Adds a member. Values are escaped, cut at about 500 bytes, and empty when they are not valid UTF-8 without
 * NUL; a member that does not fit in the line is left out whole. */
void li_log_text(struct li_log_line *line, const char *name, struct li_text value);
void li_log_number(struct li_log_line *line, const char *name, int64_t value);

/* Adds "session": the first 48 bits of a hash keyed for this process, so that lines of one session can be
 * brought together and the id cannot be had from them. */
void li_log_session(struct li_log_line *line, struct li_text session);

/* Writes the line. */
void li_log_end(struct li_log_line *line);

/* The whole in one call: an event and a message. */
void li_log_message(enum li_log_level level, const char *event, const char *message);

#endif
