/* What is no sound, or only a part of one, gives one sentence, or what can be heard of it. */
#include <pthread.h>
#include <stdatomic.h>

#include "audio/heard.h"

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

/* AAC in Apple's CAF, which is known to exist and not decoded; and a CAF of which nothing is right but its
 * name. */
static const char PACKED[] = "caff\0\1\0\0"
                             "desc\0\0\0\0\0\0\0\40"
                             "\x40\xe5\x88\x80\0\0\0\0" /* 44100 Hz */
                             "aac \0\0\0\0\0\0\0\2\0\0\0\1\0\0\0\1\0\0\0\20"
                             "data\0\0\0\0\0\0\0\10\0\0\0\0\0\0\0\0";
static const char SPOILT[] = "caff\0\1\0\0none\0\0\0\0\0\0\0\0";

struct beside {
    atomic_bool stop;
    size_t opened, wrong; /* read once the thread has ended */
};

static void *open_spoilt(void *arg) {
    struct beside *beside = arg;
    while (!atomic_load(&beside->stop)) {
        struct heard heard = listen_to_bytes(SPOILT, sizeof SPOILT - 1);
        beside->opened++;
        beside->wrong += heard.status != LI_INVALID || !strstr(heard.err.message, "broken from its start");
    }
    return NULL;
}

/* libsndfile keeps its reason in one place for all threads; each file has its own nevertheless. */
static void test_unknown_packing(void **state) {
    struct beside beside = {.stop = false};
    pthread_t thread;
    size_t wrong = 0;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, open_spoilt, &beside), 0);
    for (int i = 0; i < 20000; i++) {
        struct heard heard = listen_to_bytes(PACKED, sizeof PACKED - 1);
        wrong +=
            heard.status != LI_UNSUPPORTED || !strstr(heard.err.message, "packed in a way that is not known");
    }
    atomic_store(&beside.stop, true);
    pthread_join(thread, NULL);
    check(!wrong && !beside.wrong, "%zu of 20000 and %zu of %zu files were given another's reason", wrong,
          beside.wrong, beside.opened);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_sound),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_ogg_with_a_broken_first_page),
        cmocka_unit_test(test_unknown_packing),
        cmocka_unit_test(test_ffmpeg),
        cmocka_unit_test(test_hostile_wavs),
    };
    return cmocka_run_group_tests(tests, set_up_folder, tear_down_folder);
}
