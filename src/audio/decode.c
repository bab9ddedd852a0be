/* decode.c - opens a sound with the library that knows it, and holds it to the limits. */
#include "audio/decode.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "audio/decode_priv.h"

void li_decode_copy_text(char out[LI_DECODE_TEXT_MAX], const char *text) {
    struct li_text trimmed = li_text_trim(li_text_of(text));
    size_t size = trimmed.size < LI_DECODE_TEXT_MAX ? trimmed.size : LI_DECODE_TEXT_MAX - 1;
    if (size < trimmed.size)
        while (size && ((unsigned char)trimmed.data[size] & 0xc0) == 0x80)
            size--;
    if (!li_text_valid((struct li_text){trimmed.data, size}))
        size = 0;
    if (size)
        memcpy(out, trimmed.data, size);
    out[size] = '\0';
}

static enum li_status check_format(const struct li_sound *sound, struct li_error *err) {
    if (sound->channels < 1 || sound->channels > LI_CHANNELS_MAX)
        return li_fail(err, LI_UNSUPPORTED, "this sound has %d channels; 1 to %d can be heard",
                       sound->channels, LI_CHANNELS_MAX);
    if (sound->rate_hz < LI_RATE_MIN_HZ || sound->rate_hz > LI_RATE_MAX_HZ)
        return li_fail(err, LI_UNSUPPORTED, "this sound has a rate of %d Hz; %d to %d can be heard",
                       sound->rate_hz, LI_RATE_MIN_HZ, LI_RATE_MAX_HZ);
    return LI_OK;
}

/* Brings the channels of Vorbis and Opus (Vorbis I specification, section 4.3.9; RFC 7845, section 5.1.1.2)
 * into the order of WAV and FLAC, by which loudness.c weighs them: the centre comes third, the LFE fourth. Of
 * seven the centre at the back comes before the sides, of eight the pair at the back. */
static void reorder(float *samples, size_t frames, int channels) {
    static const unsigned char FROM[LI_CHANNELS_MAX + 1][LI_CHANNELS_MAX] = {
        [3] = {0, 2, 1},
        [5] = {0, 2, 1, 3, 4},
        [6] = {0, 2, 1, 5, 3, 4},
        [7] = {0, 2, 1, 6, 5, 3, 4},
        [8] = {0, 2, 1, 7, 5, 6, 3, 4},
    };
    float frame[LI_CHANNELS_MAX];
    const unsigned char *from = FROM[channels];
    if (!from[1]) /* one, two and four are alike */
        return;
    for (; frames > 0; frames--, samples += channels) {
        memcpy(frame, samples, (size_t)channels * sizeof *frame);
        for (int c = 0; c < channels; c++)
            samples[c] = frame[from[c]];
    }
}

/* The libraries tell a lack of memory as a broken file: malloc leaves its mark in errno. */
static enum li_status starved(enum li_status status, struct li_error *err) {
    return status && errno == ENOMEM ? li_fail(err, LI_NO_MEMORY, "no memory to decode this sound") : status;
}

/* Opens what decoder->source gives. Frees the decoder when that fails. */
static enum li_status open_source(struct li_decoder *decoder, struct li_decoder **out, struct li_error *err) {
    static const struct li_decoder_ops *const LIBRARIES[] = {
        [LI_LIBRARY_MPG123] = &LI_DECODE_MPG123,
        [LI_LIBRARY_SNDFILE] = &LI_DECODE_SNDFILE,
        [LI_LIBRARY_VORBIS] = &LI_DECODE_VORBIS,
        [LI_LIBRARY_FFMPEG] = &LI_DECODE_FFMPEG,
    };
    enum li_status status = LI_OK;
    errno = 0;
    decoder->sniffed = li_decode_sniff(&decoder->source);
    decoder->ops = LIBRARIES[decoder->sniffed.library];
    decoder->sound.format = decoder->sniffed.format;
    decoder->sound.cut = decoder->sniffed.cut;
    if (decoder->sniffed.only_tags)
        status = li_fail(err, LI_INVALID, "this file has tags (ID3) but no sound behind them");
    else if (!decoder->ops)
        status = li_fail(err, LI_INVALID, "this is no sound file of a kind that is known here");
    else
        status = starved(decoder->ops->open(decoder, err), err);
    if (!status)
        status = check_format(&decoder->sound, err);
    if (!status && decoder->source.failed)
        status = li_fail(err, LI_IO, "this file cannot be read");
    if (status)
        li_decoder_free(decoder);
    else
        *out = decoder;
    return status;
}

enum li_status li_decoder_open_file(const char *path, struct li_decoder **out, struct li_error *err) {
    struct li_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return li_fail(err, LI_NO_MEMORY, "no memory for a decoder");
    decoder->limit_s = LI_DECODE_FILE_S;
    enum li_status status = li_byte_source_open(&decoder->source, path, err);
    if (status) {
        free(decoder);
        return status;
    }
    return open_source(decoder, out, err);
}

enum li_status li_decoder_open_bytes(const void *bytes, size_t size, struct li_decoder **out,
                                     struct li_error *err) {
    if (size == 0)
        return li_fail(err, LI_INVALID, "this file is empty");
    struct li_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return li_fail(err, LI_NO_MEMORY, "no memory for a decoder");
    decoder->limit_s = LI_DECODE_BYTES_S;
    decoder->source = (struct li_byte_source){.fd = -1, .bytes = bytes, .size = (int64_t)size};
    return open_source(decoder, out, err);
}

const struct li_sound *li_decoder_sound(const struct li_decoder *decoder) {
    return &decoder->sound;
}

enum li_status li_decoder_read(struct li_decoder *decoder, float *samples, size_t frames_max, size_t *frames,
                               struct li_error *err) {
    bool broken = false;
    errno = 0;
    size_t got = decoder->ended ? 0 : decoder->ops->read(decoder, samples, frames_max, &broken);
    if (decoder->vorbis_order)
        reorder(samples, got, decoder->sound.channels);
    decoder->frames += got;
    decoder->ended = got == 0;
    if (decoder->source.failed)
        return li_fail(err, LI_IO, "this file cannot be read to its end");
    if (broken && decoder->frames == 0)
        return starved(
            li_fail(err, LI_INVALID, "nothing in this %s file can be decoded", decoder->sound.format), err);
    if ((double)decoder->frames > decoder->limit_s * decoder->sound.rate_hz)
        return li_fail(err, LI_TOO_LARGE, "this sound is longer than the limit of %.0f minutes",
                       decoder->limit_s / 60);
    *frames = got;
    return LI_OK;
}

void li_decoder_free(struct li_decoder *decoder) {
    if (!decoder)
        return;
    if (decoder->ops)
        decoder->ops->close(decoder);
    li_byte_source_close(&decoder->source);
    free(decoder);
}
