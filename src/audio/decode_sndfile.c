/* decode_sndfile.c - WAV, AIFF, AU, CAF, W64, FLAC and Opus by libsndfile. */
#include <math.h>
#include <pthread.h>
#include <sndfile.h>
#include <stdio.h>

#include "audio/decode_priv.h"

static sf_count_t on_length(void *arg) {
    return ((struct li_byte_source *)arg)->size;
}

static sf_count_t on_seek(sf_count_t offset, int whence, void *arg) {
    return li_byte_source_seek(arg, offset, whence);
}

static sf_count_t on_read(void *out, sf_count_t size, void *arg) {
    return size > 0 ? (sf_count_t)li_byte_source_read(arg, out, (size_t)size) : 0;
}

static sf_count_t on_write(const void *bytes, sf_count_t size, void *arg) {
    (void)bytes, (void)size, (void)arg;
    return 0;
}

static sf_count_t on_tell(void *arg) {
    return ((struct li_byte_source *)arg)->at;
}

static enum li_status broken_from_start(const struct li_decoder *decoder, struct li_error *err) {
    return li_fail(err, LI_INVALID, "this %s file is broken from its start", decoder->sniffed.format);
}

/* libsndfile says why it opened nothing in one place for the whole process: one file at a time. */
static SNDFILE *open_alone(struct li_decoder *decoder, SF_INFO *info, int *why) {
    static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
    SF_VIRTUAL_IO io = {on_length, on_seek, on_read, on_write, on_tell};
    pthread_mutex_lock(&opening);
    SNDFILE *file = sf_open_virtual(&io, SFM_READ, info, &decoder->source);
    *why = file ? SF_ERR_NO_ERROR : sf_error(NULL);
    pthread_mutex_unlock(&opening);
    return file;
}

/* Those of a WAV were read before: libsndfile does not see them. */
static void take_tag(char out[LI_DECODE_TEXT_MAX], SNDFILE *file, int kind) {
    const char *text = sf_get_string(file, kind);
    if (text)
        li_decode_copy_text(out, text);
}

static enum li_status open_sound(struct li_decoder *decoder, struct li_error *err) {
    SF_INFO info = {0};
    int why;
    if (strcmp(decoder->sniffed.format, "wav") == 0 &&
        !li_wav_show(&decoder->source, decoder->sniffed.tag_size, &decoder->sound))
        return broken_from_start(decoder, err);
    SNDFILE *file = open_alone(decoder, &info, &why);
    if (!file && why == SF_ERR_UNSUPPORTED_ENCODING)
        return li_fail(err, LI_UNSUPPORTED, "this %s file is packed in a way that is not known here",
                       decoder->sniffed.format);
    if (!file)
        return broken_from_start(decoder, err);
    decoder->state = file;
    decoder->sound.rate_hz = info.samplerate;
    decoder->sound.channels = info.channels;
    decoder->sound.promised_s = info.frames > 0 && info.frames < SF_COUNT_MAX && info.samplerate > 0
                                    ? (double)info.frames / info.samplerate
                                    : NAN;
    decoder->vorbis_order = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_OPUS;
    take_tag(decoder->sound.title, file, SF_STR_TITLE);
    take_tag(decoder->sound.artist, file, SF_STR_ARTIST);
    return LI_OK;
}

static size_t read_sound(struct li_decoder *decoder, float *samples, size_t frames_max, bool *broken) {
    sf_count_t frames = sf_readf_float(decoder->state, samples, (sf_count_t)frames_max);
    *broken = frames <= 0 && sf_error(decoder->state) != SF_ERR_NO_ERROR;
    return frames > 0 ? (size_t)frames : 0;
}

static void close_sound(struct li_decoder *decoder) {
    if (decoder->state)
        sf_close(decoder->state);
    decoder->state = NULL;
}

const struct li_decoder_ops LI_DECODE_SNDFILE = {open_sound, read_sound, close_sound};
