/* The chunks of WAV files, made one by one: what stands beside the sound, in any order and in bad shape,
 * neither hides the sound nor keeps the decoder busy. */
#include "audio/heard.h"

enum { RATE_HZ = 8000, FRAMES = 4000, FILE_MAX = 64 * 1024 };

struct file {
    unsigned char bytes[FILE_MAX];
    size_t size;
    bool big_endian;
};

static void add(struct file *file, const void *bytes, size_t size) {
    assert_true(file->size + size <= sizeof file->bytes);
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
}

static void add_number(struct file *file, uint64_t value, int size) {
    for (int i = 0; i < size; i++)
        add(file, &(unsigned char){(unsigned char)(value >> 8 * (file->big_endian ? size - 1 - i : i))}, 1);
}

/* A chunk that says to be so large; its padding is the caller's. */
static void add_chunk(struct file *file, const char *id, uint32_t said, const void *bytes, size_t size) {
    add(file, id, 4);
    add_number(file, said, 4);
    add(file, bytes, size);
}

static void begin(struct file *file, const char *id) {
    file->size = 0;
    file->big_endian = strcmp(id, "RIFX") == 0;
    add(file, id, 4);
    add_number(file, 0, 4); /* as a stream writes it */
    add(file, "WAVE", 4);
}

static void add_format(struct file *file) {
    add_chunk(file, "fmt ", 16, "", 0);
    add_number(file, WAV_PCM, 2);
    add_number(file, 1, 2);
    add_number(file, RATE_HZ, 4);
    add_number(file, 2 * RATE_HZ, 4);
    add_number(file, 2, 2);
    add_number(file, 16, 2);
}

static void add_sound(struct file *file, uint32_t said) {
    add_chunk(file, "data", said, "", 0);
    for (int i = 0; i < FRAMES; i++)
        add_number(file, (uint16_t)(int16_t)lround(32768 * tone((double)i / RATE_HZ, 0)), 2);
}

#define TAGS                                                                                                 \
    "INFO"                                                                                                   \
    "ICMT\2\0\0\0ab"                                                                                         \
    "INAM\7\0\0\0Prelude\0"                                                                                  \
    "IART\3\0\0\0Zo\xc3"
#define GOOD_TAGS                                                                                            \
    "INFO"                                                                                                   \
    "INAM\7\0\0\0Prelude\0"                                                                                  \
    "IART\4\0\0\0Zo\xc3\xa9"

static void check_heard(const char *what, const struct file *file, const char *title, const char *artist) {
    struct heard heard = listen_to_bytes(file->bytes, file->size);
    check_tone(what, &heard, RATE_HZ, 1, FRAMES, 0);
    check(strcmp(heard.sound.title, title) == 0, "%s: titled \"%s\"", what, heard.sound.title);
    check(strcmp(heard.sound.artist, artist) == 0, "%s: by \"%s\"", what, heard.sound.artist);
}

static void test_beside_the_sound(void **state) {
    static const struct {
        const char *what, *id, *bytes;
        uint32_t size, said;
        const char *title, *artist;
    } CASES[] = {
        {"tags", "LIST", GOOD_TAGS, sizeof GOOD_TAGS - 1, sizeof GOOD_TAGS - 1, "Prelude", "Zoé"},
        {"a tag that is no UTF-8", "LIST", TAGS, sizeof TAGS - 1, sizeof TAGS - 1, "Prelude", ""},
        {"another list", "LIST", "adtlINAM\2\0\0\0ab", 14, 14, "", ""},
        {"an empty list", "LIST", "", 0, 0, "", ""},
        {"a list with a length that goes back", "LIST", "INFOabcd\xf8\xff\xff\xff", 12, 12, "", ""},
        {"a list of a kind with such a length", "LIST", "INF\xff\xf7\xff\xff\xff\0\0\0\0", 12, 12, "", ""},
        {"a tag larger than its list", "LIST", "INFOINAM\x40\0\0\0ab", 14, 14, "", ""},
        {"an odd chunk", "abcd", "xyz", 4, 3, "", ""}, /* its NUL is the padding */
        {"an odd chunk without padding", "abcd", "xyz", 3, 3, "", ""},
        {"a fact", "fact", "\xa0\x0f\0\0", 4, 4, "", ""},
        {"a fact without end", "fact", GOOD_TAGS GOOD_TAGS GOOD_TAGS, 3 * (sizeof GOOD_TAGS - 1),
         3 * (sizeof GOOD_TAGS - 1), "", ""},
    };
    static struct file file;
    char what[100];
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        for (int place = 0; place < 3; place++) {
            begin(&file, "RIFF");
            for (int now = 0; now < 3; now++) {
                if (now == place)
                    add_chunk(&file, CASES[i].id, CASES[i].said, CASES[i].bytes, CASES[i].size);
                if (now == 0)
                    add_format(&file);
                else if (now == 1)
                    add_sound(&file, 2 * FRAMES);
            }
            snprintf(what, sizeof what, "%s, place %d", CASES[i].what, place);
            check_heard(what, &file, CASES[i].title, CASES[i].artist);
        }
    }
}

static void test_brothers(void **state) {
    static struct file file;
    static const uint32_t SAID[] = {2 * FRAMES, 0, UINT32_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) {
        begin(&file, "RIFX");
        add_format(&file);
        add_sound(&file, SAID[i]);
        check_heard("big-endian", &file, "", "");
        begin(&file, "RF64");
        add_chunk(&file, "ds64", 28, "", 0);
        add_number(&file, 0, 8);
        add_number(&file, 2 * FRAMES, 8);
        add_number(&file, FRAMES, 8);
        add_number(&file, 0, 4);
        add_format(&file);
        add_sound(&file, SAID[i]);
        if (SAID[i])
            add_chunk(&file, "LIST", sizeof GOOD_TAGS - 1, GOOD_TAGS, sizeof GOOD_TAGS - 1);
        check_heard("with long sizes", &file, SAID[i] ? "Prelude" : "", SAID[i] ? "Zoé" : "");
    }
}

/* What is in the file gives the same as what is in memory. */
static void test_on_disk(void **state) {
    static struct file file;
    char path[512];
    (void)state;
    begin(&file, "RIFF");
    add_chunk(&file, "LIST", sizeof GOOD_TAGS - 1, GOOD_TAGS, sizeof GOOD_TAGS - 1);
    add_format(&file);
    add_sound(&file, 2 * FRAMES);
    write_bytes(folder_path(&folder, "tags.wav", path), file.bytes, file.size);
    struct heard heard = listen_to_file(path), again = listen_to_bytes(file.bytes, file.size);
    check_tone("on disk", &heard, RATE_HZ, 1, FRAMES, 0);
    assert_string_equal(heard.sound.title, "Prelude");
    assert_true(heard.hash == again.hash);
}

static void check_broken(const char *what, const struct file *file) {
    struct heard heard = listen_to_bytes(file->bytes, file->size);
    check(heard.status == LI_INVALID && strstr(heard.err.message, "broken from its start"), "%s: %d, %s",
          what, (int)heard.status, heard.err.message);
}

static void test_broken(void **state) {
    static struct file file;
    static const uint32_t SIZES[] = {0, 13, 97, 0x7fffffff, 0xfffffff8, UINT32_MAX};
    (void)state;
    begin(&file, "RIFF");
    check_broken("nothing", &file);
    add_format(&file);
    check_broken("no sound", &file);
    begin(&file, "RIFF");
    add_sound(&file, 2 * FRAMES);
    check_broken("no format", &file);
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        begin(&file, "RIFF");
        add_chunk(&file, "fmt ", SIZES[i], GOOD_TAGS, sizeof GOOD_TAGS - 1);
        add_sound(&file, 2 * FRAMES);
        check_broken("a strange format", &file);
    }
    for (size_t i = 3; i < sizeof SIZES / sizeof *SIZES; i++) {
        begin(&file, "RIFF");
        add_chunk(&file, "abcd", SIZES[i], "", 0);
        add_format(&file);
        add_sound(&file, 2 * FRAMES);
        check_broken("a chunk larger than the file", &file);
    }
    begin(&file, "RIFF");
    for (int i = 0; i < 5000; i++)
        add_chunk(&file, "abcd", 0, "", 0);
    add_format(&file);
    add_sound(&file, 2 * FRAMES);
    check_broken("thousands of chunks", &file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_the_sound),
        cmocka_unit_test(test_brothers),
        cmocka_unit_test(test_on_disk),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, set_up_folder, tear_down_folder);
}
