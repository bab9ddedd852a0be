/* decode: every kind of file gives the sound that was put in, by path and by bytes alike; everything else
 * gives one sentence. */
#include "audio/decode.h"

#include "audio/sound_files.h"

enum { BLOCK_FRAMES = 1000 };

static struct folder folder;

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

static void listen_to(struct li_decoder *decoder, struct heard *heard) {
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

static struct heard listen_to_file(const char *path) {
    struct li_decoder *decoder = NULL;
    struct heard heard = {0};
    heard.status = li_decoder_open_file(path, &decoder, &heard.err);
    if (!heard.status)
        listen_to(decoder, &heard);
    li_decoder_free(decoder);
    return heard;
}

static struct heard listen_to_bytes(const void *bytes, size_t size) {
    struct li_decoder *decoder = NULL;
    struct heard heard = {0};
    heard.status = li_decoder_open_bytes(bytes, size, &decoder, &heard.err);
    if (!heard.status)
        listen_to(decoder, &heard);
    li_decoder_free(decoder);
    return heard;
}

static struct heard listen_to_bytes_of(const char *path) {
    size_t size;
    unsigned char *bytes = read_bytes(path, &size);
    struct heard heard = listen_to_bytes(bytes, size);
    free(bytes);
    return heard;
}

/* ---- good files ---- */

static void check_tone(const char *what, const struct heard *heard, int rate_hz, int channels,
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
    {"a.wma", "asf", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 4096, false, true},
    {"a.wv", "wv", {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "{out}"}, 0, false, true},
    {"a.mka",
     "matroska",
     {"ffmpeg", "-y", "-v", "quiet", "-i", "{in}", "-c:a", "flac", "{out}"},
     0,
     false,
     true},
};

static void test_encoded(void **state) {
    const struct wav wav = {44100, 2, 16, WAV_PCM, 5, tone, 0, 0};
    char in[512], out[512];
    size_t done = 0;
    (void)state;
    write_wav(folder_path(&folder, "in.wav", in), &wav);
    for (size_t i = 0; i < sizeof ENCODED / sizeof *ENCODED; i++) {
        const char *name = ENCODED[i].name;
        if (!encode(ENCODED[i].command, in, folder_path(&folder, name, out))) {
            print_message("%s: %s is not installed\n", name, ENCODED[i].command[0]);
            continue;
        }
        struct heard heard = listen_to_file(out), again = listen_to_bytes_of(out);
        bool mono = strcmp(name, "mono22.mp3") == 0, opus = strcmp(name, "a.opus") == 0;
        int rate_hz = mono ? 22050 : opus ? 48000 : 44100;
        check_tone(name, &heard, rate_hz, mono ? 1 : 2, 5 * (uint64_t)rate_hz, (uint64_t)ENCODED[i].slack);
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

/* Five megabytes of tags before and after the sound cost nothing. */
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

/* ---- bad files ---- */

struct bad {
    const char *name;
    enum li_status status;
    const char *says; /* part of the sentence */
    uint64_t frames;  /* for what is heard as far as it goes */
};

static void check_bad(const struct bad *bad, const struct heard *heard) {
    check(heard->status == bad->status, "%s: status %d: %s", bad->name, (int)heard->status,
          heard->err.message);
    if (bad->status) {
        check(strstr(heard->err.message, bad->says), "%s: says \"%s\"", bad->name, heard->err.message);
        check(!strchr(heard->err.message, '\n') && !strstr(heard->err.message, "/tmp"), "%s: says \"%s\"",
              bad->name, heard->err.message);
    } else {
        check(heard->frames == bad->frames, "%s: %llu frames", bad->name, (unsigned long long)heard->frames);
    }
}

static void write_text(const char *path) {
    FILE *file = fopen(path, "wb");
    for (int i = 0; i < 20000; i++)
        fprintf(file, "This is line %d of a letter, and no music at all.\n", i);
    fclose(file);
}

static void write_noise(const char *path) {
    FILE *file = fopen(path, "wb");
    uint64_t seed = 1;
    for (int i = 0; i < 1 << 20; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        putc((int)(seed >> 56), file);
    }
    fclose(file);
}

static void test_no_sound(void **state) {
    static const struct bad CASES[] = {
        {"no-such-file.mp3", LI_NOT_FOUND, "no such file", 0},
        {"empty.mp3", LI_INVALID, "empty", 0},
        {"text.mp3", LI_INVALID, "no sound file", 0},
        {"noise.mp3", LI_INVALID, "no sound file", 0},
        {"only-tags.mp3", LI_INVALID, "no sound behind", 0},
        {"folder.wav", LI_INVALID, "folder", 0},
        {"pipe.wav", LI_INVALID, "pipe", 0},
        {"loop.wav", LI_INVALID, "circle", 0},
        {"header-only.flac", LI_INVALID, "broken", 0},
        {"header-only.ogg", LI_INVALID, "", 0},
        {"header-only.wav", LI_INVALID, "broken", 0},
        {"zeros.m4a", LI_INVALID, "", 0},
    };
    char path[512], other[512];
    (void)state;
    write_bytes(folder_path(&folder, "empty.mp3", path), "", 0);
    write_text(folder_path(&folder, "text.mp3", path));
    write_noise(folder_path(&folder, "noise.mp3", path));
    write_bytes(folder_path(&folder, "only-tags.mp3", path), "ID3\3\0\0\0\0\0\12TIT2\0\0\0\0\0\0xx", 22);
    write_bytes(folder_path(&folder, "header-only.flac", path), "fLaC", 4);
    write_bytes(folder_path(&folder, "header-only.ogg", path), "OggS\0\2", 6);
    write_bytes(folder_path(&folder, "header-only.wav", path), "RIFF\xff\0\0\0WAVE", 12);
    write_bytes(folder_path(&folder, "zeros.m4a", path),
                "\0\0\0\40ftypM4A \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
    mkdir(folder_path(&folder, "folder.wav", path), 0700);
    mkfifo(folder_path(&folder, "pipe.wav", path), 0600);
    assert_int_equal(symlink(folder_path(&folder, "loop.wav", path), folder_path(&folder, "loop.wav", other)),
                     0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct heard heard = listen_to_file(folder_path(&folder, CASES[i].name, path));
        if (!*CASES[i].says && heard.status == LI_UNSUPPORTED)
            continue; /* no ffmpeg here */
        check_bad(&CASES[i], &heard);
    }
    struct heard device = listen_to_file("/dev/zero");
    check_bad(&(struct bad){"/dev/zero", LI_INVALID, "device", 0}, &device);
    struct heard nothing = listen_to_bytes("", 0);
    check_bad(&(struct bad){"no bytes", LI_INVALID, "empty", 0}, &nothing);
}

/* A first page that claims another codec but is broken (its checksum is none) is passed over, and what comes
 * behind it is heard; libsndfile leaked in such a file (found by fuzzing). */
static void test_ogg_with_a_broken_first_page(void **state) {
    static const char *const COMMAND[] = {"oggenc", "-Q", "-o", "{out}", "{in}", NULL};
    static const char PAGE[] = "OggS\0\2" /* version, first page */
                               "\0\0\0\0\0\0\0\0"
                               "\0\0\0\0"
                               "\0\0\0\0"
                               "none"
                               "\1\5\177FLAC";
    enum { BROKEN = sizeof PAGE - 1, FIRST_PAGE = 58 };
    const struct wav wav = {44100, 2, 16, WAV_PCM, 5, tone, 0, 0};
    char in[512], out[512];
    size_t size;
    (void)state;
    write_wav(folder_path(&folder, "in.wav", in), &wav);
    if (!encode(COMMAND, in, folder_path(&folder, "behind.ogg", out))) {
        print_message("oggenc is not installed\n");
        skip();
    }
    unsigned char *ogg = read_bytes(out, &size), *all = malloc(BROKEN + size);
    memcpy(all, PAGE, BROKEN);
    memcpy(all + BROKEN, ogg, size);
    struct heard heard = listen_to_bytes(all, BROKEN + size);
    check_tone("behind a broken page", &heard, 44100, 2, 5 * 44100, 0);
    struct heard headless = listen_to_bytes(all, BROKEN + FIRST_PAGE);
    check_bad(&(struct bad){"one page behind a broken one", LI_INVALID, "broken from its start", 0},
              &headless);
    free(all);
    free(ogg);
}

/* Without ffmpeg, and with one that fails or answers with nonsense. */
static void test_ffmpeg(void **state) {
    static const struct {
        const char *script;
        struct bad bad;
    } CASES[] = {
        {NULL, {"none", LI_UNSUPPORTED, "need ffmpeg", 0}},
        {"#!/bin/sh\nexit 1\n", {"failing", LI_INVALID, "finds no sound", 0}},
        {"#!/bin/sh\necho 'this is no sound at all, but many words'\n",
         {"nonsense", LI_INVALID, "finds no sound", 0}},
        {"#!/bin/sh\nprintf '.snd\\377\\377\\377\\377\\0\\0\\0\\0\\0\\0\\0\\6\\0\\0\\254D\\0\\0\\0\\2'\n",
         {"an endless header", LI_INVALID, "finds no sound", 0}},
        {"#!/bin/sh\nprintf '.snd\\0\\0\\0\\30\\0\\0\\0\\0\\0\\0\\0\\6\\0\\0\\254D\\0\\0\\0\\11'\n",
         {"nine channels", LI_UNSUPPORTED, "9 channels", 0}},
        {"#!/bin/sh\nprintf "
         "'.snd\\0\\0\\0\\30\\0\\0\\0\\0\\0\\0\\0\\6\\0\\0\\254D\\0\\0\\0\\1\\77\\0\\0\\0\\77\\0\\0\\0x'\n",
         {"two frames and a piece", LI_OK, "", 2}},
    };
    char path[512], programs[512], program[512], *before = strdup(getenv("PATH"));
    (void)state;
    write_bytes(folder_path(&folder, "a.m4a", path), "\0\0\0\40ftypM4A \0\0\0\0", 16);
    mkdir(folder_path(&folder, "programs", programs), 0700);
    setenv("PATH", programs, 1);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        folder_path(&folder, "programs/ffmpeg", program);
        if (CASES[i].script) {
            write_bytes(program, CASES[i].script, strlen(CASES[i].script));
            chmod(program, 0700);
        }
        struct heard heard = listen_to_file(path);
        check_bad(&CASES[i].bad, &heard);
    }
    setenv("PATH", before, 1);
    free(before);
}

static void test_unreadable(void **state) {
    const struct wav wav = {44100, 1, 16, WAV_PCM, 1, tone, 0, 0};
    char path[512];
    (void)state;
    if (geteuid() == 0) {
        print_message("skipped: the superuser may read every file\n");
        skip();
    }
    write_wav(folder_path(&folder, "secret.wav", path), &wav);
    chmod(path, 0);
    struct heard heard = listen_to_file(path);
    check_bad(&(struct bad){"secret.wav", LI_IO, "may not be read", 0}, &heard);
}

static double not_a_number(double t_s, int channel) {
    (void)channel;
    return t_s < 0.25 ? NAN : t_s < 0.5 ? INFINITY : 0.5;
}

/* WAVs with headers that nobody should believe. */
static void test_hostile_wavs(void **state) {
    static const struct {
        struct bad bad;
        struct wav wav;
        bool cut;
    } CASES[] = {
        {{"one sample", LI_OK, "", 1}, {44100, 1, 16, WAV_PCM, 1 / 44100., tone, 0, 0}, false},
        {{"1 Hz", LI_UNSUPPORTED, "1 Hz", 0}, {1, 1, 16, WAV_PCM, 50, tone, 0, 0}, false},
        {{"2 GHz", LI_UNSUPPORTED, "Hz", 0}, {2000000000, 1, 16, WAV_PCM, 1e-8, tone, 500, 0}, false},
        {{"9 channels", LI_UNSUPPORTED, "9 channels", 0}, {44100, 9, 16, WAV_PCM, 1, tone, 0, 0}, false},
        {{"20 hours in 1 kB", LI_OK, "", 489}, {8000, 1, 16, WAV_PCM, 1, tone, 20 * 3600 * 8000, 1022}, true},
        {{"cut", LI_OK, "", 22050}, {44100, 1, 16, WAV_PCM, 2, tone, 0, 44 + 44100}, true},
        {{"NaN", LI_OK, "", 8000}, {8000, 1, 32, WAV_FLOAT, 1, not_a_number, 0, 0}, false},
    };
    char path[512];
    (void)state;
    folder_path(&folder, "hostile.wav", path);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        write_wav(path, &CASES[i].wav);
        struct heard heard = listen_to_file(path), again = listen_to_bytes_of(path);
        check_bad(&CASES[i].bad, &heard);
        check_bad(&CASES[i].bad, &again);
        check(heard.status || heard.sound.cut == CASES[i].cut, "%s: cut is %d", CASES[i].bad.name,
              heard.sound.cut);
    }
}

/* Every beginning of a good file is either heard or refused with a sentence. */
static void test_truncated(void **state) {
    const struct wav wav = {44100, 2, 16, WAV_PCM, 2, tone, 0, 0};
    char in[512], out[512];
    size_t files = 0, size;
    (void)state;
    write_wav(folder_path(&folder, "in.wav", in), &wav);
    for (size_t i = 0; i < sizeof ENCODED / sizeof *ENCODED; i++) {
        if (ENCODED[i].by_path_only ||
            !encode(ENCODED[i].command, in, folder_path(&folder, ENCODED[i].name, out)))
            continue;
        unsigned char *bytes = read_bytes(out, &size);
        uint64_t before = 0;
        for (size_t part = 0; part <= 16; part++) {
            size_t kept = size * part / 16;
            unsigned char *exact = malloc(kept + 1); /* so that reading beyond is seen */
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

static int set_up(void **state) {
    (void)state;
    folder_make(&folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    folder_remove(&folder);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wavs),
        cmocka_unit_test(test_encoded),
        cmocka_unit_test(test_wrong_extension),
        cmocka_unit_test(test_large_tags),
        cmocka_unit_test(test_no_sound),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_ogg_with_a_broken_first_page),
        cmocka_unit_test(test_ffmpeg),
        cmocka_unit_test(test_hostile_wavs),
        cmocka_unit_test(test_truncated),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
