/* decoders.h - foreign sounds are measured in processes of their own, one for each, that can do nothing but
 * compute: no files, no network, no other program, little memory and time. What breaks one of them costs that
 * one sound, and what takes it over has a few numbers to lie about.
 *
 *     this process --- one socket ---> the room: this program again, without our secrets and threads
 *          ^                               | forks for each sound
 *          +--------- the answer ------- a decoder
 *
 * The room is started anew by a keeper when it was killed. Both end with this process. */
#ifndef LI_SANDBOX_DECODERS_H
#define LI_SANDBOX_DECODERS_H

#include <stdint.h>

#include "audio/analyze_file.h"

/* The hidden command of the program that becomes the room; tests do the same. */
#define LI_DECODERS_COMMAND "decode-worker"

struct li_decoders;

struct li_decoders_options {
    int64_t limit_ms; /* Optional: of one sound, by the clock and of the processor; 0 = a minute */
    bool lazy;        /* start with the first sound, not now: for programs that mostly see none */
};

/* Starts the room. LI_IO when this program cannot start itself again, which a lazy one says of its first
 * sound. The caller owns *out. */
LI_MUST_USE enum li_status li_decoders_new(const struct li_decoders_options *options,
                                           struct li_decoders **out, struct li_error *err);

/* li_measure_bytes in a decoder; with decoders NULL in this process. Errors are the same, and: LI_INVALID
 * when the decoder crashed, LI_TOO_LARGE when it took too much time or memory, LI_BUSY when somebody ended
 * it. What comes back was checked: no number or text in it is one that no sound has. Any thread, many at
 * once. */
LI_MUST_USE enum li_status li_decoders_measure(struct li_decoders *decoders, const void *bytes, size_t size,
                                               struct li_measured *out, struct li_error *err);

/* Nobody may be measuring any more. NULL is fine. */
void li_decoders_free(struct li_decoders *decoders);

/* The main function of the room: what a program does that was started with the command. Returns its exit
 * status. */
int li_decoders_main(void);

#endif
