/* apart.h - sounds measured in processes of their own. The program that includes it must become the room of
 * decoders when it is started as LI_DECODERS_COMMAND. */
#ifndef LI_TESTS_SANDBOX_APART_H
#define LI_TESTS_SANDBOX_APART_H

#include "../audio/sound_files.h"
#include "sandbox/decoders.h"

struct bytes {
    unsigned char *data;
    size_t size;
};

static inline struct bytes make_sound(double seconds, int rate_hz, int channels, int bits) {
    struct folder folder;
    char path[512];
    struct bytes bytes;
    folder_make(&folder);
    write_wav(folder_path(&folder, "a.wav", path),
              &(struct wav){rate_hz, channels, bits, WAV_PCM, seconds, tone, 0, 0});
    bytes.data = read_bytes(path, &bytes.size);
    folder_remove(&folder);
    return bytes;
}

static inline struct li_decoders *start(int64_t limit_ms) {
    struct li_decoders *decoders = NULL;
    struct li_error err = {0};
    check(li_decoders_new(&(struct li_decoders_options){limit_ms}, &decoders, &err) == LI_OK, "%s",
          err.message);
    return decoders;
}

static inline enum li_status measure(struct li_decoders *decoders, struct bytes bytes,
                                     struct li_measured *out, struct li_error *err) {
    *err = (struct li_error){0};
    return li_decoders_measure(decoders, bytes.data, bytes.size, out, err);
}

#endif
