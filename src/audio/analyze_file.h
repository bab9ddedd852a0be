/* analyze_file.h - from a file, or its bytes, to what was heard in it. Behind li_analyze_file and
 * li_analyze_bytes of include/listening.h, for those who measure many: the analyser is kept for the next
 * sound of the same format, and what the file says of itself comes with the answer. */
#ifndef LI_AUDIO_ANALYZE_FILE_H
#define LI_AUDIO_ANALYZE_FILE_H

#include "audio/decode.h"

enum { LI_WARNING_MAX = 128 };

struct li_measured {
    struct li_analysis analysis;
    char title[LI_DECODE_TEXT_MAX], artist[LI_DECODE_TEXT_MAX]; /* from tags; valid UTF-8, may be empty */
    const char *format;                                         /* "mp3"; constant */
    /* One sentence when the numbers hold for less than the listener may think: a file that breaks off, or
     * silence; else empty. */
    char warning[LI_WARNING_MAX];
};

/* One thread uses a measurer at a time. */
struct li_measurer;

/* NULL when memory is out. */
struct li_measurer *li_measurer_new(void);

/* Errors are those of li_decoder_open_file, li_decoder_read and li_analyzer_finish. */
LI_MUST_USE enum li_status li_measurer_file(struct li_measurer *measurer, const char *path,
                                            struct li_measured *out, struct li_error *err);
LI_MUST_USE enum li_status li_measurer_bytes(struct li_measurer *measurer, const void *bytes, size_t size,
                                             struct li_measured *out, struct li_error *err);

/* The analyser of the sound that was measured last, for its descriptors and its curves; NULL before the
 * first. Valid until the next sound. */
const struct li_analyzer *li_measurer_analyzer(const struct li_measurer *measurer);

/* NULL is fine. */
void li_measurer_free(struct li_measurer *measurer);

/* li_measurer_bytes with a measurer of its own; also LI_NO_MEMORY. */
LI_MUST_USE enum li_status li_measure_bytes(const void *bytes, size_t size, struct li_measured *out,
                                            struct li_error *err);

#endif
