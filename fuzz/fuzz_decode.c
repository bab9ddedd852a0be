/* Sound files: any bytes are decoded in memory, as an upload is. The format keeps to its limits, no more
 * frames come than were asked for, and a failure has a sentence. What is heard is bounded here, so that a few
 * bytes which stand for an hour of silence do not stop the search. */
#include <string.h>

#include "audio/decode.h"
#include "target.h"

enum { FRAMES = 1024, FRAMES_MAX = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static float samples[FRAMES * LI_CHANNELS_MAX];
    struct li_decoder *decoder = NULL;
    struct li_error err = {0};
    if (li_decoder_open_bytes(data, size, &decoder, &err) != LI_OK) {
        check(err.message[0] != '\0' && !decoder);
        return 0;
    }
    const struct li_sound *sound = li_decoder_sound(decoder);
    check(sound->channels >= 1 && sound->channels <= LI_CHANNELS_MAX);
    check(sound->rate_hz >= LI_RATE_MIN_HZ && sound->rate_hz <= LI_RATE_MAX_HZ);
    check(memchr(sound->title, 0, sizeof sound->title) && memchr(sound->artist, 0, sizeof sound->artist));
    size_t frames = 1, all = 0;
    enum li_status status = LI_OK;
    while (!status && frames && all < FRAMES_MAX) {
        status = li_decoder_read(decoder, samples, FRAMES, &frames, &err);
        check(status ? err.message[0] != '\0' : frames <= FRAMES);
        all += status ? 0 : frames;
    }
    li_decoder_free(decoder);
    return 0;
}
