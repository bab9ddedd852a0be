/* decode: every kind of file gives the sound that was put in, by path and by bytes alike. Everything else:
 * test_decode_refused.c. */
#include "audio/heard.h"

static void test_wavs(void **state) {
    static const struct wav CASES[] = {
        {44100, 2, 16, WAV_PCM, 1.5, tone, 0, 0}, {48000, 1, 24, WAV_PCM, 1.5, tone, 0, 0},
        {8000, 1, 8, WAV_PCM, 1.5, tone, 0, 0},   {192000, 1, 32, WAV_FLOAT, 1.5, tone, 0, 0},
        {44100, 8, 16, WAV_PCM, 1.5, tone, 0, 0}, {96000, 2, 32, WAV_PCM, 1.5, tone, 0, 0},
    };
    char path[512], what[64];
    (void)state;
    folder_path(&folder, "tone.wav", path);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct wav *wav = &CASES[i];
        write_wav(path, wav);
        struct heard heard = listen_to_file(path), again = listen_to_bytes_of(path);
        uint64_t frames = (uint64_t)lround(wav->seconds * wav->rate_hz);
        snprintf(what, sizeof what, "%d Hz %d x %d", wav->rate_hz, wav->channels, wav->bits);
        check_tone(what, &heard, wav->rate_hz, wav->channels, frames, 0);
        assert_string_equal(heard.sound.format, "wav");
        assert_false(heard.sound.cut);
        check_near(heard.sound.promised_s, wav->seconds, 0.001);
        check(again.hash == heard.hash && again.frames == heard.frames, "%s: bytes are heard otherwise",
              what);
    }
}

static const struct {
    const char *name, *format; /* what the decoder calls it */
    const char *command[20];
    int slack; /* frames more or fewer: codecs that count in blocks */
    bool tags, by_path_only;
} ENCODED[] = {
    {"cbr.mp3",
     "mp3",
     {"lame", "-b", "128", "--tt", "Été à Nice", "--ta", "Zoé", "{in}", "{out}"},
     0,
     true,
     false},
    {"vbr.mp3", "mp3", {"lame", "-V2", "--tt", "Été à Nice", "--ta", "Zoé", "{in}", "{out}"}, 0, true, false},
    {"mono22.mp3",
     "mp3",
     {"lame", "-m", "m", "--resample", "22.05", "{in}", "{out}"},
     1500, /* lame counts its padding in the rate before */
     false,
     false},
    {"two.mp2", "mp3", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 1152, false, false},
    {"a.flac",
     "flac",
     {"flac", "-s", "-f", "-T", "TITLE=Été à Nice", "-T", "ARTIST=Zoé", "-o", "{out}", "{in}"},
     0,
     true,
     false},
    {"a.ogg",
     "ogg",
     {"oggenc", "-Q", "-t", "Été à Nice", "-a", "Zoé", "-o", "{out}", "{in}"},
     0,
     true,
     false},
    {"a.opus",
     "ogg",
     {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "-metadata", "title=Été à Nice", "-metadata", "artist=Zoé",
      "{out}"},
     0,
     true,
     false},
    {"a.aiff", "aiff", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 0, false, false},
    {"a.au", "au", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 0, false, false},
    {"a.caf", "caf", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 0, false, false},
    {"a.m4a",
     "mov",
     {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "-c:a", "aac", "{out}"},
     1024,
     false,
     true},
    {"a.aac",
     "aac",
     {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "-c:a", "aac", "{out}"},
     3072,
     false,
     true},
    {"a.oga", "ogg", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "-c:a", "flac", "{out}"}, 0, false, true},
    {"a.wma", "asf", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 4096, false, true},
    {"a.wv", "wv", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 0, false, true},
    {"a.mka",
     "matroska",
     {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "-c:a", "flac", "{out}"},
     0,
     false,
     true},
};

enum { ENCODED_S = 2, ENCODED_COUNT = sizeof ENCODED / sizeof *ENCODED };

static bool made[ENCODED_COUNT]; /* false: its program is not installed */

/* Every program is started once: the files are for more than one test. */
static int encode_all(void **state) {
    const struct wav wav = {44100, 2, 16, WAV_PCM, ENCODED_S, tone, 0, 0};
    char in[512], out[512];
    set_up_folder(state);
    write_wav(folder_path(&folder, "in.wav", in), &wav);
    for (size_t i = 0; i < ENCODED_COUNT; i++) {
        made[i] = encode(ENCODED[i].command, in, folder_path(&folder, ENCODED[i].name, out));
        if (!made[i])
            print_message("%s: %s is not installed\n", ENCODED[i].name, ENCODED[i].command[0]);
    }
    return 0;
}

static void test_encoded(void **state) {
    char out[512];
    size_t done = 0;
    (void)state;
    for (size_t i = 0; i < ENCODED_COUNT; i++) {
        const char *name = ENCODED[i].name;
        if (!made[i])
            continue;
        folder_path(&folder, name, out);
        struct heard heard = listen_to_file(out), again = listen_to_bytes_of(out);
        bool mono = strcmp(name, "mono22.mp3") == 0, opus = strcmp(name, "a.opus") == 0;
        int rate_hz = mono ? 22050 : opus ? 48000 : 44100;
        check_tone(name, &heard, rate_hz, mono ? 1 : 2, ENCODED_S * (uint64_t)rate_hz,
                   (uint64_t)ENCODED[i].slack);
        check(strcmp(heard.sound.format, ENCODED[i].format) == 0, "%s: called %s", name, heard.sound.format);
        check(strcmp(heard.sound.title, ENCODED[i].tags ? "Été à Nice" : "") == 0, "%s: titled \"%s\"", name,
              heard.sound.title);
        check(strcmp(heard.sound.artist, ENCODED[i].tags ? "Zoé" : "") == 0, "%s: by \"%s\"", name,
              heard.sound.artist);
        if (ENCODED[i].by_path_only)
            check(again.status == LI_UNSUPPORTED, "%s: decoded from memory", name);
        else
            check(again.hash == heard.hash, "%s: bytes are heard otherwise", name);
        done++;
    }
    if (!done)
        skip();
}

/* A name says nothing. */
static void test_wrong_extension(void **state) {
    const struct wav wav = {44100, 1, 16, WAV_PCM, 1, tone, 0, 0};
    char path[512];
    (void)state;
    write_wav(folder_path(&folder, "really-a-wav.mp3", path), &wav);
    struct heard heard = listen_to_file(path);
    check_tone("a WAV named .mp3", &heard, 44100, 1, 44100, 0);
}

/* Five megabytes of tags before the sound change nothing of it. */
static void test_large_tags(void **state) {
    static const char *const COMMAND[] = {"lame", "-b", "128", "{in}", "{out}", NULL};
    const struct wav wav = {44100, 2, 16, WAV_PCM, 5, tone, 0, 0};
    enum { TAG = 5 * 1024 * 1024 };
    char in[512], out[512];
    size_t size;
    (void)state;
    write_wav(folder_path(&folder, "in.wav", in), &wav);
    if (!encode(COMMAND, in, folder_path(&folder, "tags.mp3", out))) {
        print_message("lame is not installed\n");
        skip();
    }
    unsigned char *mp3 = read_bytes(out, &size), *all = calloc(1, 10 + TAG + size);
    /* One APIC frame fills the tag. */
    memcpy(all, "ID3\3\0\0", 6);
    for (int i = 0; i < 4; i++)
        all[6 + i] = (unsigned char)(TAG >> 7 * (3 - i) & 127);
    memcpy(all + 10, "APIC", 4);
    for (int i = 0; i < 4; i++)
        all[14 + i] = (unsigned char)((TAG - 10) >> 8 * (3 - i));
    memcpy(all + 10 + TAG, mp3, size);
    struct heard heard = listen_to_bytes(all, 10 + TAG + size);
    check_tone("5 MB of tags", &heard, 44100, 2, 5 * 44100, 0);
    free(all);
    free(mp3);
}

/* Every beginning of a good file is either heard or refused with a sentence. */
static void test_truncated(void **state) {
    char out[512];
    size_t files = 0, size;
    (void)state;
    for (size_t i = 0; i < ENCODED_COUNT; i++) {
        if (ENCODED[i].by_path_only || !made[i])
            continue;
        unsigned char *bytes = read_bytes(folder_path(&folder, ENCODED[i].name, out), &size);
        uint64_t before = 0;
        for (size_t part = 0; part <= 16; part++) {
            size_t kept = size * part / 16;
            unsigned char *exact = malloc(kept ? kept : 1); /* so that reading beyond is seen */
            memcpy(exact, bytes, kept);
            struct heard heard = listen_to_bytes(exact, kept);
            check(heard.status == LI_OK || ((heard.status == LI_INVALID || heard.status == LI_UNSUPPORTED) &&
                                            strlen(heard.err.message) > 10),
                  "%s cut at %zu: %s", ENCODED[i].name, kept, heard.err.message);
            check(heard.frames >= before || part == 16,
                  "%s cut at %zu gives fewer frames than a shorter piece", ENCODED[i].name, kept);
            before = heard.frames;
            free(exact);
        }
        free(bytes);
        files++;
    }
    if (!files)
        skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wavs),
        cmocka_unit_test(test_encoded),
        cmocka_unit_test(test_wrong_extension),
        cmocka_unit_test(test_large_tags),
        cmocka_unit_test(test_truncated),
    };
    return cmocka_run_group_tests(tests, encode_all, tear_down_folder);
}
