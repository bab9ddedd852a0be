/* decode.h - a sound file, or its bytes in memory, as a stream of float frames.
 *
 * decode*.c are the only files of this room that touch a file or start a process. What a file is, is seen
 * from its first bytes, never from its name. MP3 (and MP1, MP2) is decoded by libmpg123 without the silence
 * that its encoder added; Ogg Vorbis by libvorbis; WAV, AIFF, AU, CAF, W64, FLAC and Opus by libsndfile; M4A,
 * AAC, WMA, WavPack, Monkey's Audio, FLAC in Ogg, Matroska and others by an `ffmpeg` child process, where
 * that is installed.
 *
 * Memory is bounded whatever the file says about itself, and so is time: by the file's size, by the limit on
 * the length of the sound, and for the child process by a clock. A decoder is used by one thread at a time.
 */
#ifndef LI_AUDIO_DECODE_H
#define LI_AUDIO_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

enum {
    LI_DECODE_TEXT_MAX = 256, /* bytes of a title or an artist, with the NUL */
    LI_DECODE_FILE_S = 6 * 3600,
    LI_DECODE_BYTES_S = 30 * 60,
};

struct li_decoder;

/* What is known of a sound beside its samples. */
struct li_sound {
    int rate_hz, channels; /* within the limits of listening.h */
    const char *format;    /* "mp3", "wav", "ogg" ... */
    double promised_s;     /* the length that the file's header says, or NAN */
    bool cut;              /* the header promises more bytes than there are */
    char title[LI_DECODE_TEXT_MAX], artist[LI_DECODE_TEXT_MAX]; /* valid UTF-8, empty when there is no tag */
};

/* Opens a file of at most LI_DECODE_FILE_S seconds of sound. The errors are sentences without the path:
 * LI_NOT_FOUND; LI_IO for what may not be read; LI_INVALID for what is no sound file, is broken from the
 * start, or no file at all (a pipe, a device, a folder: these are never opened for reading);
 * LI_UNSUPPORTED for more channels or another rate than we take, and for what needs an ffmpeg that is not
 * there. The caller owns *out. */
LI_MUST_USE enum li_status li_decoder_open_file(const char *path, struct li_decoder **out,
                                                struct li_error *err);

/* The same for bytes, which must outlive the decoder, of at most LI_DECODE_BYTES_S seconds of sound. Nothing
 * touches the disk; what needs ffmpeg is LI_UNSUPPORTED. */
LI_MUST_USE enum li_status li_decoder_open_bytes(const void *bytes, size_t size, struct li_decoder **out,
                                                 struct li_error *err);

/* Valid as long as the decoder. */
const struct li_sound *li_decoder_sound(const struct li_decoder *decoder);

/* The next frames, interleaved, the channels in the order of WAV (left, right, centre, LFE ...) also of
 * Vorbis and Opus, full scale = 1 (what was clipped or stored beyond it may be more, or not finite); samples
 * has room for frames_max frames. *frames = 0 at the end. LI_TOO_LARGE when the sound is longer than the
 * limit; LI_IO when the file cannot be read on; LI_INVALID when nothing at all can be decoded. A file that
 * breaks off or is damaged later simply ends there. */
LI_MUST_USE enum li_status li_decoder_read(struct li_decoder *decoder, float *samples, size_t frames_max,
                                           size_t *frames, struct li_error *err);

/* NULL is fine. */
void li_decoder_free(struct li_decoder *decoder);

#endif
