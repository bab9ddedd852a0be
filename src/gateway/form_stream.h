/* form_stream.h - forms with files, read as they come. */
#ifndef LI_GATEWAY_FORM_STREAM_H
#define LI_GATEWAY_FORM_STREAM_H

#include "gateway/gateway_priv.h"
#include "history/history.h"

struct li_form_stream;

/* Reads up to the first part. LI_INVALID for what is no form. The caller owns *out. */
LI_MUST_USE enum li_status li_form_stream_open(struct li_text content_type, li_history_read *read,
                                               void *context, struct li_form_stream **out,
                                               struct li_error *err);

/* The next part, without its bytes; what is left of the one before is passed over. *more is false after the
 * last, when the body has ended too. The part's names live until the next call. */
LI_MUST_USE enum li_status li_form_stream_next(struct li_form_stream *stream, struct li_form_part *part,
                                               bool *more, struct li_error *err);

/* The bytes of the open part: a li_history_read over the stream. */
ptrdiff_t li_form_stream_read(void *stream, void *buffer, size_t size);

void li_form_stream_close(struct li_form_stream *stream); /* NULL is fine */

#endif
