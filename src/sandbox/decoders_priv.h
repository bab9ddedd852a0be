/* decoders_priv.h - what goes between this process and the room of decoders: one message a socket of kind
 * SOCK_SEQPACKET takes whole or not at all. Both ends are the same program, so structs go as they are. */
#ifndef LI_SANDBOX_DECODERS_PRIV_H
#define LI_SANDBOX_DECODERS_PRIV_H

#include "sandbox/decoders.h"

enum { LI_DECODERS_MAX = 64 }; /* at once; the callers' threads are fewer */

/* Sent to the room with two descriptors: the bytes, sealed, and where the answer goes. */
struct li_decode_job {
    uint64_t size; /* bytes */
    int64_t limit_ms;
};
enum { LI_JOB_BYTES, LI_JOB_ANSWER, LI_JOB_DESCRIPTORS };

enum li_decode_end {
    LI_DECODE_ANSWERED, /* from the decoder: status, then measured or err */
    LI_DECODE_DIED,     /* from the room: wait_status */
    LI_DECODE_LATE,     /* from the room, which ended it */
};

struct li_decode_answer {
    int32_t end, status, wait_status;
    struct li_error err;
    struct li_measured measured; /* without its format, which is a pointer */
};

#endif
