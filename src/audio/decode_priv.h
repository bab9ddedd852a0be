/* decode_priv.h - what the decoders share: where bytes come from, what they are, and the table of functions
 * that each library is behind. */
#ifndef LI_AUDIO_DECODE_PRIV_H
#define LI_AUDIO_DECODE_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "audio/decode.h"
#include "base/text.h"

/* ---- decode_source.c: a file or memory, read in pieces and from any place ---- */

enum { LI_SOURCE_BUFFER = 64 * 1024, LI_SOURCE_FRONT = 256 };

struct li_byte_source {
    int fd;                     /* -1: memory */
    const unsigned char *bytes; /* of memory */
    int64_t size, at;
    bool failed; /* the system could not read */
    /* What was read of a file last: the libraries ask for a few bytes at a time. */
    unsigned char *buffer;
    int64_t buffer_start;
    size_t buffer_size;
    /* What is shown before a part of the file, when it is not shown as it is. */
    unsigned char front[LI_SOURCE_FRONT];
    size_t front_size;
    int64_t shift; /* from a place behind the front to the same in the file */
};

/* Opens a regular file; anything else is LI_INVALID. Never waits. */
LI_MUST_USE enum li_status li_byte_source_open(struct li_byte_source *source, const char *path,
                                               struct li_error *err);
void li_byte_source_close(struct li_byte_source *source);

/* Bytes read, 0 at the end or when reading failed. */
size_t li_byte_source_read(struct li_byte_source *source, void *out, size_t size);

/* As lseek: the new place or -1. Places beyond the end are brought back to it. */
int64_t li_byte_source_seek(struct li_byte_source *source, int64_t offset, int whence);

/* Reads up to size bytes at a place, without moving. */
size_t li_byte_source_peek(struct li_byte_source *source, int64_t at, void *out, size_t size);

/* From now on the source is front (up to LI_SOURCE_FRONT bytes, copied) and then size bytes of the file,
 * which has them, from a place on. Once a source. */
void li_byte_source_show(struct li_byte_source *source, const void *front, size_t front_size, int64_t at,
                         int64_t size);

/* Of four bytes. */
static inline uint32_t li_big_endian(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}
static inline uint32_t li_little_endian(const unsigned char *at) {
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* ---- decode_sniff.c: what the first bytes say ---- */

enum li_decode_library {
    LI_LIBRARY_NONE,
    LI_LIBRARY_MPG123,
    LI_LIBRARY_SNDFILE,
    LI_LIBRARY_VORBIS,
    LI_LIBRARY_FFMPEG,
};

struct li_sniffed {
    enum li_decode_library library; /* NONE: no sound that we know */
    const char *format;             /* "mp3"; for ffmpeg the name of its demuxer */
    bool cut;                       /* the header promises more bytes than there are */
    bool only_tags;                 /* there is an ID3 tag, and no sound behind it */
    int64_t tag_size;               /* bytes of an ID3v2 tag at the start */
};

struct li_sniffed li_decode_sniff(struct li_byte_source *source);

/* ---- decode_wav.c ---- */

/* Shows a WAV that begins at start as its format and its sound alone, and reads its title and artist. False,
 * and nothing is changed but these two, when it has no format or no sound. */
bool li_wav_show(struct li_byte_source *source, int64_t start, struct li_sound *sound);

/* ---- the libraries ---- */

struct li_decoder_ops {
    /* Fills decoder->state and decoder->sound, or fails without leaving anything. */
    enum li_status (*open)(struct li_decoder *decoder, struct li_error *err);
    /* Frames read; 0 at the end. *broken is set when it is no proper end. */
    size_t (*read)(struct li_decoder *decoder, float *samples, size_t frames_max, bool *broken);
    void (*close)(struct li_decoder *decoder);
};

struct li_decoder {
    const struct li_decoder_ops *ops;
    struct li_byte_source source;
    struct li_sniffed sniffed;
    struct li_sound sound;
    void *state;       /* of the library */
    bool vorbis_order; /* the library gives the channels as Vorbis and Opus count them; set by open */
    double limit_s;
    uint64_t frames; /* read so far */
    bool ended;
};

extern const struct li_decoder_ops LI_DECODE_MPG123, LI_DECODE_SNDFILE, LI_DECODE_VORBIS, LI_DECODE_FFMPEG;

/* Copies a tag's text: trimmed, cut at a whole character, empty when it is not valid UTF-8. */
void li_decode_copy_text(char out[LI_DECODE_TEXT_MAX], const char *text);

#endif
