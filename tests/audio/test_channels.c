/* Which channel is which: a tone in each in turn is as loud, and is the same channel, in every kind of file.
 */
#include "audio/heard.h"

enum { RATE_HZ = 48000 }; /* Opus knows no other */

static int sounding; /* the channel that has the tone */

static double low_tone(double t_s, int channel) {
    return channel == sounding ? 0.25 * sin(2 * M_PI * 100 * t_s) : 0; /* low enough for an LFE's encoder */
}

/* The encoders take the order of WAV and bring it into their own. */
static const struct encoder {
    const char *name;
    const char *command[16];
} ENCODERS[] = {
    {"a.flac", {"flac", "-s", "-f", "--channel-map=none", "-o", "{out}", "{in}"}},
    {"a.ogg", {"oggenc", "-Q", "-q", "5", "-o", "{out}", "{in}"}},
    {"a.opus", {"opusenc", "--quiet", "--bitrate", "510", "{in}", "{out}"}},
    /* {map}: the channels by their numbers, for it guesses others where the WAV does not name them; without
     * the family it writes five to eight in an order that it does not say. */
    {"b.opus",
     {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "-af", "{map}", "-c:a", "libopus", "-mapping_family", "1",
      "{out}"}},
};

enum { ENCODER_COUNT = sizeof ENCODERS / sizeof *ENCODERS };

static const char *const MAPS[LI_CHANNELS_MAX + 1] = {
    [3] = "channelmap=0|1|2:3.0",         [4] = "channelmap=0|1|2|3:quad",
    [5] = "channelmap=0|1|2|3|4:5.0",     [6] = "channelmap=0|1|2|3|4|5:5.1",
    [7] = "channelmap=0|1|2|3|4|5|6:6.1", [8] = "channelmap=0|1|2|3|4|5|6|7:7.1",
};

static bool encode_channels(const struct encoder *encoder, int channels, const char *in, const char *out) {
    const char *command[17] = {0};
    for (size_t i = 0; encoder->command[i]; i++)
        command[i] = strcmp(encoder->command[i], "{map}") == 0 ? MAPS[channels] : encoder->command[i];
    return encode(command, in, out);
}

/* The number of the loudest channel. */
static int loudest(const char *path) {
    static float block[BLOCK_FRAMES * LI_CHANNELS_MAX];
    struct li_decoder *decoder = NULL;
    struct li_error err = {0};
    double power[LI_CHANNELS_MAX] = {0};
    size_t frames = 1;
    check(li_decoder_open_file(path, &decoder, &err) == LI_OK, "%s: %s", path, err.message);
    int channels = li_decoder_sound(decoder)->channels, most = 0;
    while (frames) {
        check(li_decoder_read(decoder, block, BLOCK_FRAMES, &frames, &err) == LI_OK, "%s", err.message);
        for (size_t i = 0; i < frames * (size_t)channels; i++)
            power[i % (size_t)channels] += (double)block[i] * (double)block[i];
    }
    li_decoder_free(decoder);
    for (int c = 1; c < channels; c++)
        most = power[c] > power[most] ? c : most;
    return most;
}

/* LUFS; what is all but silent counts as silence, for codecs leave a trace of a channel in others. */
static double loudness(const char *path) {
    struct li_analysis heard;
    struct li_error err = {0};
    check(li_analyze_file(path, &heard, &err) == LI_OK, "%s: %s", path, err.message);
    return fmax(-60, heard.features.value[LI_LOUDNESS]);
}

static void test_every_channel(void **state) {
    static bool missing[ENCODER_COUNT];
    struct wav wav = {RATE_HZ, 0, 16, WAV_PCM, 3.2, low_tone, 0, 0};
    char in[512], out[512];
    size_t done = 0;
    (void)state;
    folder_path(&folder, "in.wav", in);
    for (wav.channels = 3; wav.channels <= LI_CHANNELS_MAX; wav.channels++)
        for (sounding = 0; sounding < wav.channels; sounding++) {
            write_wav(in, &wav);
            double wanted = loudness(in);
            for (size_t i = 0; i < ENCODER_COUNT; i++) {
                const struct encoder *encoder = &ENCODERS[i];
                folder_path(&folder, encoder->name, out);
                missing[i] = missing[i] || !encode_channels(encoder, wav.channels, in, out);
                if (missing[i])
                    continue;
                int found = loudest(out);
                double lufs = loudness(out);
                check(found == sounding, "%s, channel %d of %d is number %d", encoder->name, sounding,
                      wav.channels, found);
                check(fabs(lufs - wanted) < 0.3, "%s, channel %d of %d: %g, not %g LUFS", encoder->name,
                      sounding, wav.channels, lufs, wanted);
                done++;
            }
        }
    for (size_t i = 0; i < ENCODER_COUNT; i++)
        if (missing[i])
            print_message("%s: %s is not installed\n", ENCODERS[i].name, ENCODERS[i].command[0]);
    if (!done)
        skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_channel)};
    return cmocka_run_group_tests(tests, set_up_folder, tear_down_folder);
}
