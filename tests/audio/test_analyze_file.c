/* analyze_file: a path and its bytes give the same numbers, a measurer that has heard others too; what is
 * worth less than it looks is said. */
#include "audio/analyze_file.h"

#include "audio/sound_files.h"

static struct folder folder;

/* Two notes in turn, twice a second, with a hard beginning each: there is a tempo and a key in it. */
static double melody(double t_s, int channel) {
    double note = fmod(t_s, 1) < 0.5 ? 261.63 : 392, since = fmod(t_s, 0.5);
    return 0.4 * exp(-4 * since) * sin(2 * M_PI * note * t_s) * (channel ? 0.9 : 1);
}

static double silence(double t_s, int channel) {
    (void)t_s, (void)channel;
    return 0;
}

static double direct_current(double t_s, int channel) {
    (void)t_s, (void)channel;
    return 0.5;
}

static double clipped(double t_s, int channel) {
    return fmax(-1, fmin(1, 40 * melody(t_s, channel)));
}

static double not_a_number(double t_s, int channel) {
    return fmod(t_s, 0.01) < 0.001 ? NAN : melody(t_s, channel);
}

static double unscaled(double t_s, int channel) {
    return 16384 * melody(t_s, channel);
}

static const struct wav SONG = {44100, 2, 16, WAV_PCM, 8, melody, 0, 0};

/* Numbers that are the same to the last bit, none being none. */
static bool same(double a, double b) {
    return (isnan(a) && isnan(b)) || a == b;
}

static void check_same(const char *what, const struct li_analysis *a, const struct li_analysis *b) {
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        check(same(a->features.value[i], b->features.value[i]), "%s: feature %d is %.17g and %.17g", what, i,
              a->features.value[i], b->features.value[i]);
    check(same(a->duration_s, b->duration_s) && a->key == b->key && same(a->peak_dbfs, b->peak_dbfs) &&
              same(a->tuning_hz, b->tuning_hz) && same(a->onset_rate_hz, b->onset_rate_hz),
          "%s: not the same", what);
}

static void test_file_and_bytes(void **state) {
    struct li_analysis file, bytes;
    struct li_error err = {0};
    char path[512];
    size_t size;
    (void)state;
    write_wav(folder_path(&folder, "song.wav", path), &SONG);
    unsigned char *data = read_bytes(path, &size);
    assert_int_equal(li_analyze_file(path, &file, &err), LI_OK);
    assert_int_equal(li_analyze_bytes(data, size, &bytes, &err), LI_OK);
    check_same("bytes", &file, &bytes);
    check_near(file.duration_s, 8, 1e-9);
    check(isfinite(file.features.value[LI_LOUDNESS]) && file.features.value[LI_LOUDNESS] < 0, "no loudness");
    check(isnan(file.features.value[LI_INSTRUMENTALNESS]) && isnan(file.features.value[LI_LIVENESS]),
          "guessed");
    free(data);
}

/* A measurer keeps nothing of the sounds before: other formats, failures and half sounds included. */
static void test_measurer_forgets(void **state) {
    static const struct {
        const char *name;
        struct wav wav;
        bool heard;
    } BEFORE[] = {
        {"clipped.wav", {44100, 2, 16, WAV_PCM, 5, clipped, 0, 0}, true},
        {"short.wav", {44100, 2, 16, WAV_PCM, 1, clipped, 0, 0}, false},
        {"other.wav", {8000, 1, 16, WAV_PCM, 5, melody, 0, 0}, true},
        {"cut.wav", {44100, 2, 16, WAV_PCM, 5, melody, 0, 100000}, false},
        {"silence.wav", {44100, 2, 16, WAV_PCM, 5, silence, 0, 0}, true},
    };
    struct li_analysis fresh;
    struct li_measured measured;
    struct li_error err = {0};
    char path[512], before[512];
    (void)state;
    write_wav(folder_path(&folder, "song.wav", path), &SONG);
    assert_int_equal(li_analyze_file(path, &fresh, &err), LI_OK);
    struct li_measurer *measurer = li_measurer_new();
    assert_non_null(measurer);
    for (size_t i = 0; i < sizeof BEFORE / sizeof *BEFORE; i++) {
        write_wav(folder_path(&folder, BEFORE[i].name, before), &BEFORE[i].wav);
        enum li_status status = li_measurer_file(measurer, before, &measured, &err);
        check((status == LI_OK) == BEFORE[i].heard, "%s: %s", BEFORE[i].name, err.message);
        assert_int_equal(li_measurer_file(measurer, path, &measured, &err), LI_OK);
        check_same(BEFORE[i].name, &fresh, &measured.analysis);
        assert_string_equal(measured.warning, "");
        assert_non_null(li_measurer_analyzer(measurer));
    }
    li_measurer_free(measurer);
}

static void test_what_is_said(void **state) {
    static const struct {
        const char *name;
        struct wav wav;
        enum li_status status;
        const char *says; /* a warning, or an error */
    } CASES[] = {
        {"fine", {44100, 2, 16, WAV_PCM, 4, melody, 0, 0}, LI_OK, ""},
        {"silence", {44100, 2, 16, WAV_PCM, 4, silence, 0, 0}, LI_OK, "silence"},
        {"direct current", {44100, 2, 16, WAV_PCM, 4, direct_current, 0, 0}, LI_OK, ""},
        {"clipped", {44100, 2, 16, WAV_PCM, 4, clipped, 0, 0}, LI_OK, ""},
        {"NaN", {44100, 2, 32, WAV_FLOAT, 4, not_a_number, 0, 0}, LI_OK, ""},
        {"in units of 16 bits", {44100, 2, 32, WAV_FLOAT, 4, unscaled, 0, 0}, LI_INVALID, "full scale"},
        {"in units of 16 bits, breaks off",
         {44100, 1, 32, WAV_FLOAT, 8, unscaled, 0, 44 + 4 * 44100 * 4},
         LI_INVALID,
         "full scale"},
        {"eight channels", {48000, 8, 16, WAV_PCM, 4, melody, 0, 0}, LI_OK, ""},
        {"breaks off", {8000, 1, 16, WAV_PCM, 8, melody, 0, 44 + 80000}, LI_OK, "5.0 seconds"},
        {"breaks off soon",
         {8000, 1, 16, WAV_PCM, 8, melody, 0, 44 + 16000},
         LI_INVALID,
         "after 1.0 seconds"},
        {"breaks off a little too soon",
         {8000, 1, 16, WAV_PCM, 8, melody, 0, 44 + 47800},
         LI_INVALID,
         "after 2.9 seconds"},
        {"20 hours",
         {8000, 1, 16, WAV_PCM, 1, melody, 20 * 3600 * 8000, 1022},
         LI_INVALID,
         "after 0.0 seconds"},
        {"one sample", {8000, 1, 16, WAV_PCM, 1 / 8000., melody, 0, 0}, LI_INVALID, "3 s"},
        {"no sample", {8000, 1, 16, WAV_PCM, 0, melody, 0, 0}, LI_INVALID, "no sound"},
    };
    struct li_error err = {0};
    char path[512];
    (void)state;
    struct li_measurer *measurer = li_measurer_new();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_measured measured;
        write_wav(folder_path(&folder, "case.wav", path), &CASES[i].wav);
        enum li_status status = li_measurer_file(measurer, path, &measured, &err);
        check(status == CASES[i].status, "%s: status %d: %s", CASES[i].name, (int)status, err.message);
        const char *said = status ? err.message : measured.warning;
        check(strstr(said, CASES[i].says) && (*CASES[i].says || !*said), "%s: says \"%s\"", CASES[i].name,
              said);
        if (status)
            continue;
        for (int f = 0; f < LI_FEATURE_COUNT; f++)
            check(!isinf(measured.analysis.features.value[f]), "%s: feature %d is infinite", CASES[i].name,
                  f);
    }
    li_measurer_free(measurer);
}

static double late(double t_s, int channel) {
    return t_s < 2 ? 0 : melody(t_s, channel);
}

/* The bytes of a file behind an ID3v2 tag (id3.org, ID3v2.4.0 section 3.1) of so many, all padding. */
static unsigned char *put_tag_before(const char *path, size_t tag, size_t *size) {
    unsigned char *sound = read_bytes(path, size), *all = calloc(1, 10 + tag + *size);
    assert_non_null(all);
    memcpy(all, "ID3\3\0\0", 6);
    for (int i = 0; i < 4; i++)
        all[6 + i] = (unsigned char)(tag >> 7 * (3 - i) & 127);
    memcpy(all + 10 + tag, sound, *size);
    *size += 10 + tag;
    free(sound);
    return all;
}

/* Only a first frame that tells the length of an MP3 file makes a promise; the library's guess from the size
 * of the file counts tags as sound, and takes the first frame's bitrate for that of all. */
static void test_what_an_mp3_promises(void **state) {
    static const struct {
        const char *name;
        const char *command[8];
        size_t tag;
        double kept; /* share of the file */
        const char *says;
    } CASES[] = {
        {"told", {"lame", "--quiet", "-b", "128", "{in}", "{out}"}, 100, 1, ""},
        {"told, large tag", {"lame", "--quiet", "-b", "128", "{in}", "{out}"}, 1 << 20, 1, ""},
        {"told, cut", {"lame", "--quiet", "-b", "128", "{in}", "{out}"}, 100, 0.6, "breaks off"},
        {"told, cut, variable", {"lame", "--quiet", "-V", "4", "{in}", "{out}"}, 100, 0.6, "breaks off"},
        {"untold", {"lame", "--quiet", "-b", "128", "-t", "{in}", "{out}"}, 100, 1, ""},
        {"untold, large tag", {"lame", "--quiet", "-b", "128", "-t", "{in}", "{out}"}, 1 << 20, 1, ""},
        {"untold, variable", {"lame", "--quiet", "-V", "4", "-t", "{in}", "{out}"}, 100, 1, ""},
    };
    const struct wav wav = {44100, 2, 16, WAV_PCM, 8, late, 0, 0};
    char in[512], out[512];
    (void)state;
    write_wav(folder_path(&folder, "in.wav", in), &wav);
    struct li_measurer *measurer = li_measurer_new();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct li_measured measured;
        struct li_error err = {0};
        size_t size;
        if (!encode(CASES[i].command, in, folder_path(&folder, "told.mp3", out))) {
            print_message("skipped: lame is not installed\n");
            li_measurer_free(measurer);
            skip();
        }
        unsigned char *bytes = put_tag_before(out, CASES[i].tag, &size);
        enum li_status status =
            li_measurer_bytes(measurer, bytes, (size_t)((double)size * CASES[i].kept), &measured, &err);
        check(status == LI_OK, "%s: %s", CASES[i].name, err.message);
        check(strstr(measured.warning, CASES[i].says) && (*CASES[i].says || !*measured.warning),
              "%s: says \"%s\"", CASES[i].name, measured.warning);
        free(bytes);
    }
    li_measurer_free(measurer);
}

/* A few kilobytes that stand for 31 minutes are too much for memory, and no matter for a file. */
static void test_long_sounds(void **state) {
    static const char *const COMMAND[] = {"flac", "-s", "-f", "-o", "{out}", "{in}", NULL};
    const struct wav wav = {8000, 1, 8, WAV_PCM, LI_DECODE_BYTES_S + 60, silence, 0, 0};
    struct li_analysis analysis;
    struct li_error err = {0};
    char in[512], out[512];
    size_t size;
    (void)state;
    write_wav(folder_path(&folder, "long.wav", in), &wav);
    if (!encode(COMMAND, in, folder_path(&folder, "long.flac", out))) {
        print_message("skipped: flac is not installed\n");
        skip();
    }
    unsigned char *data = read_bytes(out, &size);
    assert_int_equal(li_analyze_bytes(data, size, &analysis, &err), LI_TOO_LARGE);
    assert_non_null(strstr(err.message, "30 minutes"));
    assert_int_equal(li_analyze_file(out, &analysis, &err), LI_OK);
    check_near(analysis.duration_s, wav.seconds, 1e-6);
    free(data);
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
        cmocka_unit_test(test_file_and_bytes), cmocka_unit_test(test_measurer_forgets),
        cmocka_unit_test(test_what_is_said),   cmocka_unit_test(test_what_an_mp3_promises),
        cmocka_unit_test(test_long_sounds),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
