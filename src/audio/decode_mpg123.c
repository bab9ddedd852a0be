/* decode_mpg123.c - MPEG audio by libmpg123: float samples, without the encoder's delay and padding. */
#include <math.h>
#include <mpg123.h>
#include <stdlib.h>

#include "audio/decode_priv.h"

enum {
    TAG_MAX = 16 * 1024 * 1024, /* a larger ID3v2 tag is passed over: the library would hold it all */
    RESYNC_BYTES = 1024 * 1024, /* of damage that is passed over within a stream */
    STOP_AFTER = 64,            /* turns without a sample: a stream that gives none */
};

struct mpeg {
    mpg123_handle *handle;
    bool ended;
};

static ssize_t on_read(void *arg, void *out, size_t size) {
    struct li_byte_source *source = arg;
    size_t got = li_byte_source_read(source, out, size);
    return source->failed && !got ? -1 : (ssize_t)got;
}

static off_t on_seek(void *arg, off_t offset, int whence) {
    return li_byte_source_seek(arg, offset, whence);
}

/* ID3v1 has no encoding of its own: Latin 1 by its text, thirty bytes padded with spaces or NULs. */
static void copy_latin1(char out[LI_DECODE_TEXT_MAX], const char field[30]) {
    mpg123_string text;
    size_t size = strnlen(field, 30);
    mpg123_init_string(&text);
    if (size && mpg123_store_utf8(&text, mpg123_text_latin1, (const unsigned char *)field, size))
        li_decode_copy_text(out, text.p);
    mpg123_free_string(&text);
}

static void read_tags(mpg123_handle *handle, struct li_sound *sound) {
    mpg123_id3v1 *v1 = NULL;
    mpg123_id3v2 *v2 = NULL;
    if (!(mpg123_meta_check(handle) & MPG123_ID3) || mpg123_id3(handle, &v1, &v2) != MPG123_OK)
        return;
    if (v2 && v2->title && v2->title->fill)
        li_decode_copy_text(sound->title, v2->title->p);
    if (v2 && v2->artist && v2->artist->fill)
        li_decode_copy_text(sound->artist, v2->artist->p);
    if (v1 && !sound->title[0])
        copy_latin1(sound->title, v1->title);
    if (v1 && !sound->artist[0])
        copy_latin1(sound->artist, v1->artist);
}

/* Whether the stream begins with a frame that tells its length (Xing, Info, VBRI). Without one the library
 * guesses it from the size of the file, tags and all, and the bitrate of one frame. */
static bool tells_length(mpg123_handle *handle) {
    struct mpg123_frameinfo info;
    long delay_frames = -1; /* of the encoder: such a frame alone has it */
    return (mpg123_info(handle, &info) == MPG123_OK && info.vbr != MPG123_CBR) ||
           (mpg123_getstate(handle, MPG123_ENC_DELAY, &delay_frames, NULL) == MPG123_OK && delay_frames >= 0);
}

static enum li_status set_up(struct li_decoder *decoder, mpg123_handle *handle, struct li_error *err) {
    long rate_hz;
    int channels, encoding;
    long flags = MPG123_FORCE_FLOAT | MPG123_GAPLESS | MPG123_QUIET | MPG123_NO_FRANKENSTEIN;
    if (decoder->sniffed.tag_size > TAG_MAX || decoder->sniffed.tag_size > decoder->source.size)
        flags |= MPG123_SKIP_ID3V2;
    if (mpg123_param(handle, MPG123_ADD_FLAGS, flags, 0) != MPG123_OK ||
        mpg123_param(handle, MPG123_RESYNC_LIMIT, RESYNC_BYTES, 0) != MPG123_OK ||
        mpg123_replace_reader_handle(handle, on_read, on_seek, NULL) != MPG123_OK)
        return li_fail(err, LI_UNSUPPORTED, "this libmpg123 is not one that we can use");
    if (mpg123_open_handle(handle, &decoder->source) != MPG123_OK ||
        mpg123_getformat(handle, &rate_hz, &channels, &encoding) != MPG123_OK ||
        encoding != MPG123_ENC_FLOAT_32)
        return li_fail(err, LI_INVALID, "this MP3 file is broken from its start");
    off_t length = tells_length(handle) ? mpg123_length(handle) : 0;
    decoder->sound.rate_hz = (int)rate_hz;
    decoder->sound.channels = channels;
    decoder->sound.promised_s = length > 0 && rate_hz > 0 ? (double)length / (double)rate_hz : NAN;
    read_tags(handle, &decoder->sound);
    return LI_OK;
}

static void clean_up(struct li_decoder *decoder) {
    struct mpeg *mpeg = decoder->state;
    if (mpeg)
        mpg123_delete(mpeg->handle);
    free(mpeg);
    decoder->state = NULL;
}

static enum li_status open_mpeg(struct li_decoder *decoder, struct li_error *err) {
    struct mpeg *mpeg = calloc(1, sizeof *mpeg);
    decoder->state = mpeg;
    if (mpeg)
        mpeg->handle = mpg123_new(NULL, NULL);
    enum li_status status = mpeg && mpeg->handle ? set_up(decoder, mpeg->handle, err)
                                                 : li_fail(err, LI_NO_MEMORY, "no memory for a decoder");
    if (status)
        clean_up(decoder);
    return status;
}

static size_t read_mpeg(struct li_decoder *decoder, float *samples, size_t frames_max, bool *broken) {
    struct mpeg *mpeg = decoder->state;
    size_t frame_bytes = sizeof *samples * (size_t)decoder->sound.channels, bytes = 0;
    for (int turn = 0; !mpeg->ended && !bytes && turn < STOP_AFTER; turn++) {
        int answer = mpg123_read(mpeg->handle, (unsigned char *)samples, frames_max * frame_bytes, &bytes);
        long rate_hz = 0;
        int channels = 0, encoding = 0;
        /* A second format in one stream, or damage that cannot be passed over, is the end. */
        if (answer == MPG123_NEW_FORMAT)
            mpeg->ended = mpg123_getformat(mpeg->handle, &rate_hz, &channels, &encoding) != MPG123_OK ||
                          rate_hz != decoder->sound.rate_hz || channels != decoder->sound.channels;
        else if (answer != MPG123_OK)
            mpeg->ended = true;
        *broken = mpeg->ended && answer != MPG123_DONE;
    }
    return bytes / frame_bytes;
}

const struct li_decoder_ops LI_DECODE_MPG123 = {open_mpeg, read_mpeg, clean_up};
