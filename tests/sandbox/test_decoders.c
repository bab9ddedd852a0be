/* Sounds measured in processes of their own: the same numbers and sentences as here. What ends these
 * processes: test_ended_decoders.c. */
#include "apart.h"

static void check_same(const struct bytes *bytes, struct li_decoders *decoders, const char *what) {
    struct li_measured here = {0}, apart = {0};
    struct li_error why_here, why_apart;
    enum li_status status = measure(NULL, *bytes, &here, &why_here);
    check(measure(decoders, *bytes, &apart, &why_apart) == status, "%s: %s / %s", what, why_here.message,
          why_apart.message);
    assert_string_equal(why_here.message, why_apart.message);
    check(memcmp(&here.analysis.features, &apart.analysis.features, sizeof here.analysis.features) == 0, "%s",
          what);
    check(memcmp(here.analysis.confidence, apart.analysis.confidence, sizeof here.analysis.confidence) == 0,
          "%s", what);
    check(here.analysis.key == apart.analysis.key && here.analysis.duration_s == apart.analysis.duration_s,
          "%s", what);
    assert_string_equal(here.title, apart.title);
    assert_string_equal(here.warning, apart.warning);
}

static double silence(double t_s, int channel) {
    (void)t_s, (void)channel;
    return 0;
}

static void test_the_same_as_here(void **state) {
    static const struct {
        const char *name;
        struct wav wav;
    } CASES[] = {
        {"stereo", {44100, 2, 16, WAV_PCM, 5, tone, 0, 0}},
        {"a quarter of an hour", {8000, 1, 8, WAV_PCM, 900, tone, 0, 0}},
        {"silence", {44100, 1, 16, WAV_PCM, 5, silence, 0, 0}},
        {"eight channels at 192 kHz", {192000, 8, 16, WAV_PCM, 4, tone, 0, 0}},
        {"too short", {44100, 1, 16, WAV_PCM, 1, tone, 0, 0}},
        {"breaks off", {44100, 1, 16, WAV_PCM, 8, tone, 0, 400000}},
        {"a strange rate", {1000, 1, 16, WAV_PCM, 5, tone, 0, 0}},
        {"too long", {8000, 1, 8, WAV_PCM, LI_DECODE_BYTES_S + 10, tone, 0, 0}},
    };
    struct li_decoders *decoders = start(0);
    struct folder folder;
    char path[512];
    (void)state;
    folder_make(&folder);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        write_wav(folder_path(&folder, "a.wav", path), &CASES[i].wav);
        struct bytes bytes;
        bytes.data = read_bytes(path, &bytes.size);
        check_same(&bytes, decoders, CASES[i].name);
        free(bytes.data);
    }
    check_same(&(struct bytes){(unsigned char *)(uintptr_t) "", 0}, decoders, "nothing");
    check_same(&(struct bytes){(unsigned char *)(uintptr_t) "hello, world", 12}, decoders, "a text");
    folder_remove(&folder);
    li_decoders_free(decoders);
}

/* Every library decodes behind the lock. */
static void test_every_kind(void **state) {
    static const char *const CASES[][12] = {
        {"lame", "--quiet", "{in}", "{out}", NULL},
        {"flac", "-s", "-f", "-o", "{out}", "{in}", NULL},
        {"oggenc", "-Q", "-o", "{out}", "{in}", NULL},
        {"ffmpeg", "-loglevel", "quiet", "-y", "-i", "{in}", "-c:a", "libopus", "-f", "opus", "{out}", NULL},
        {"ffmpeg", "-loglevel", "quiet", "-y", "-i", "{in}", "-f", "aiff", "{out}", NULL},
        {"ffmpeg", "-loglevel", "quiet", "-y", "-i", "{in}", "-f", "adts", "{out}",
         NULL}, /* needs ffmpeg: refused */
    };
    struct li_decoders *decoders = start(0);
    struct folder folder;
    char in[512], out[512];
    (void)state;
    folder_make(&folder);
    write_wav(folder_path(&folder, "in.wav", in), &(struct wav){44100, 2, 16, WAV_PCM, 5, tone, 0, 0});
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        if (!encode(CASES[i], in, folder_path(&folder, "out", out))) {
            print_message("skipped: %s is not installed\n", CASES[i][0]);
            continue;
        }
        struct bytes bytes;
        bytes.data = read_bytes(out, &bytes.size);
        check_same(&bytes, decoders, CASES[i][0]);
        free(bytes.data);
        remove(out);
    }
    folder_remove(&folder);
    li_decoders_free(decoders);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_as_here),
        cmocka_unit_test(test_every_kind),
    };
    if (argc == 2 && strcmp(argv[1], LI_DECODERS_COMMAND) == 0)
        return li_decoders_main();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
