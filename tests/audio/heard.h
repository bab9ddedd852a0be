/* heard.h - what a decoder gives of a file, and of its bytes: how much, how loud, and how much of the tone
 * that was put in. And a folder for the files of a test program. */
#ifndef LI_TESTS_AUDIO_HEARD_H
#define LI_TESTS_AUDIO_HEARD_H

#include "audio/decode.h"

#include "audio/sound_files.h"

static struct folder folder;

static inline int set_up_folder(void **state) {
    (void)state;
    folder_make(&folder);
    return 0;
}

static inline int tear_down_folder(void **state) {
    (void)state;
    folder_remove(&folder);
    return 0;
}

enum { BLOCK_FRAMES = 1000 };

struct heard {
    enum li_status status;
    struct li_error err;
    struct li_sound sound;
    uint64_t frames;
    double power;     /* mean square */
    double at_440_hz; /* amplitude of that tone in the first channel */
    unsigned long long hash;
    size_t not_finite;
};

static inline void listen_to(struct li_decoder *decoder, struct heard *heard) {
    static float block[BLOCK_FRAMES * LI_CHANNELS_MAX];
    double sine = 0, cosine = 0;
    size_t frames = 1;
    heard->sound = *li_decoder_sound(decoder);
    int channels = heard->sound.channels;
    heard->hash = 14695981039346656037ull;
    while (!heard->status && frames) {
        heard->status = li_decoder_read(decoder, block, BLOCK_FRAMES, &frames, &heard->err);
        if (heard->status)
            break;
        assert_true(frames <= BLOCK_FRAMES);
        for (size_t i = 0; i < frames; i++) {
            double angle = 2 * M_PI * 440 * (double)(heard->frames + i) / heard->sound.rate_hz;
            sine += sin(angle) * (double)block[i * (size_t)channels];
            cosine += cos(angle) * (double)block[i * (size_t)channels];
        }
        for (size_t i = 0; i < frames * (size_t)channels; i++) {
            uint32_t bits;
            memcpy(&bits, &block[i], sizeof bits);
            heard->hash = (heard->hash ^ bits) * 1099511628211ull;
            heard->not_finite += !isfinite(block[i]);
            heard->power += (double)block[i] * (double)block[i];
        }
        heard->frames += frames;
    }
    heard->power /= fmax(1, (double)heard->frames * channels);
    heard->at_440_hz = 2 * hypot(sine, cosine) / fmax(1, (double)heard->frames);
}

static inline struct heard listen_to_file(const char *path) {
    struct li_decoder *decoder = NULL;
    struct heard heard = {0};
    heard.status = li_decoder_open_file(path, &decoder, &heard.err);
    if (!heard.status)
        listen_to(decoder, &heard);
    li_decoder_free(decoder);
    return heard;
}

static inline struct heard listen_to_bytes(const void *bytes, size_t size) {
    struct li_decoder *decoder = NULL;
    struct heard heard = {0};
    heard.status = li_decoder_open_bytes(bytes, size, &decoder, &heard.err);
    if (!heard.status)
        listen_to(decoder, &heard);
    li_decoder_free(decoder);
    return heard;
}

static inline struct heard listen_to_bytes_of(const char *path) {
    size_t size;
    unsigned char *bytes = read_bytes(path, &size);
    struct heard heard = listen_to_bytes(bytes, size);
    free(bytes);
    return heard;
}

static inline void check_tone(const char *what, const struct heard *heard, int rate_hz, int channels,
                              uint64_t frames, uint64_t slack) {
    check(heard->status == LI_OK, "%s: %s", what, heard->err.message);
    check(heard->sound.rate_hz == rate_hz, "%s: %d Hz", what, heard->sound.rate_hz);
    check(heard->sound.channels == channels, "%s: %d channels", what, heard->sound.channels);
    check(heard->frames + slack >= frames && heard->frames <= frames + slack, "%s: %llu frames, wanted %llu",
          what, (unsigned long long)heard->frames, (unsigned long long)frames);
    check(fabs(heard->at_440_hz - 0.25) < 0.02, "%s: the tone has an amplitude of %g", what,
          heard->at_440_hz);
    check(fabs(10 * log10(heard->power / (0.25 * 0.25 / 2))) < 0.6, "%s: %g dB off", what,
          10 * log10(heard->power / (0.25 * 0.25 / 2)));
}

#endif
