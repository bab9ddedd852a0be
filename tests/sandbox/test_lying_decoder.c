/* A decoder that was taken over answers what it likes: no number or text that a sound cannot have is
 * believed. The room is this program, which lies as the size of the sound tells it. */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "sandbox/decoders_priv.h"

static void write_text(char *out, size_t size, const char *text) {
    snprintf(out, size, "%s", text);
}

/* ---- lies ---- */

static void be_honest(struct li_decode_answer *answer) {
    (void)answer;
}
static void end_beyond(struct li_decode_answer *answer) {
    answer->end = LI_DECODE_LATE + 1;
}
static void end_below(struct li_decode_answer *answer) {
    answer->end = -1;
}
static void status_beyond(struct li_decode_answer *answer) {
    answer->status = LI_STATUS_COUNT;
}
static void status_below(struct li_decode_answer *answer) {
    answer->status = -1;
}
static void two_statuses(struct li_decode_answer *answer) {
    answer->status = LI_INVALID;
    answer->err.status = LI_FULL;
}
static void endless_sentence(struct li_decode_answer *answer) {
    answer->status = answer->err.status = LI_INVALID;
    memset(answer->err.message, 'a', sizeof answer->err.message);
}
static void garbled_sentence(struct li_decode_answer *answer) {
    answer->status = answer->err.status = LI_INVALID;
    write_text(answer->err.message, sizeof answer->err.message, "\xff\xfe");
}
static void endless_title(struct li_decode_answer *answer) {
    memset(answer->measured.title, 'a', sizeof answer->measured.title);
}
static void garbled_artist(struct li_decode_answer *answer) {
    write_text(answer->measured.artist, sizeof answer->measured.artist, "\xc3(");
}
static void endless_warning(struct li_decode_answer *answer) {
    memset(answer->measured.warning, 'a', sizeof answer->measured.warning);
}
static void neither_true_nor_false(struct li_decode_answer *answer) {
    memset(&answer->measured.analysis.calibrated, 2, 1);
}
static void no_duration(struct li_decode_answer *answer) {
    answer->measured.analysis.duration_s = NAN;
}
static void years(struct li_decode_answer *answer) {
    answer->measured.analysis.duration_s = 1e9;
}
static void thirteenth_key(struct li_decode_answer *answer) {
    answer->measured.analysis.key = 12;
}
static void key_below(struct li_decode_answer *answer) {
    answer->measured.analysis.key = -2;
}
static void long_bars(struct li_decode_answer *answer) {
    answer->measured.analysis.time_signature = 17;
}
static void too_sure(struct li_decode_answer *answer) {
    answer->measured.analysis.confidence[LI_ENERGY] = 1.01;
}
static void too_sure_of_the_key(struct li_decode_answer *answer) {
    answer->measured.analysis.key_confidence = -0.01;
}
static void too_much_energy(struct li_decode_answer *answer) {
    answer->measured.analysis.features.value[LI_ENERGY] = 1.01;
}
static void endless_loudness(struct li_decode_answer *answer) {
    answer->measured.analysis.features.value[LI_LOUDNESS] = -INFINITY;
}
static void backwards(struct li_decode_answer *answer) {
    answer->measured.analysis.features.value[LI_TEMPO] = -120;
}
static void backwards_for_others(struct li_decode_answer *answer) {
    answer->measured.analysis.tempo_alternative_bpm = -60;
}
static void endless_peak(struct li_decode_answer *answer) {
    answer->measured.analysis.peak_dbfs = INFINITY;
}
static void refuse(struct li_decode_answer *answer) {
    answer->status = answer->err.status = LI_UNSUPPORTED;
    write_text(answer->err.message, sizeof answer->err.message, "a sentence of the decoder's");
}
static void run_out_of_memory(struct li_decode_answer *answer) {
    answer->status = answer->err.status = LI_NO_MEMORY;
}
static void crash(struct li_decode_answer *answer) {
    answer->end = LI_DECODE_DIED;
    answer->wait_status = SIGSEGV;
}
static void be_killed(struct li_decode_answer *answer) {
    answer->end = LI_DECODE_DIED;
    answer->wait_status = SIGKILL;
}
static void be_late(struct li_decode_answer *answer) {
    answer->end = LI_DECODE_LATE;
}

static const char UNBELIEVED[] = "what no sound can be";

static const struct {
    const char *name;
    void (*lie)(struct li_decode_answer *answer);
    enum li_status status;
    const char *says;
    size_t missing; /* bytes that the answer is short; all of them: there is none */
} CASES[] = {
    {"the truth", be_honest, LI_OK, "", 0},
    {"an end beyond", end_beyond, LI_INVALID, UNBELIEVED, 0},
    {"an end below", end_below, LI_INVALID, UNBELIEVED, 0},
    {"a status beyond", status_beyond, LI_INVALID, UNBELIEVED, 0},
    {"a status below", status_below, LI_INVALID, UNBELIEVED, 0},
    {"two statuses", two_statuses, LI_INVALID, UNBELIEVED, 0},
    {"a sentence without end", endless_sentence, LI_INVALID, UNBELIEVED, 0},
    {"a sentence that is no text", garbled_sentence, LI_INVALID, UNBELIEVED, 0},
    {"a title without end", endless_title, LI_INVALID, UNBELIEVED, 0},
    {"an artist that is no text", garbled_artist, LI_INVALID, UNBELIEVED, 0},
    {"a warning without end", endless_warning, LI_INVALID, UNBELIEVED, 0},
    {"a bool of two", neither_true_nor_false, LI_INVALID, UNBELIEVED, 0},
    {"no duration", no_duration, LI_INVALID, UNBELIEVED, 0},
    {"years", years, LI_INVALID, UNBELIEVED, 0},
    {"a thirteenth key", thirteenth_key, LI_INVALID, UNBELIEVED, 0},
    {"a key below unknown", key_below, LI_INVALID, UNBELIEVED, 0},
    {"17 beats a bar", long_bars, LI_INVALID, UNBELIEVED, 0},
    {"more than sure", too_sure, LI_INVALID, UNBELIEVED, 0},
    {"less than unsure", too_sure_of_the_key, LI_INVALID, UNBELIEVED, 0},
    {"an energy above 1", too_much_energy, LI_INVALID, UNBELIEVED, 0},
    {"a loudness without end", endless_loudness, LI_INVALID, UNBELIEVED, 0},
    {"a tempo below 0", backwards, LI_INVALID, UNBELIEVED, 0},
    {"another tempo below 0", backwards_for_others, LI_INVALID, UNBELIEVED, 0},
    {"a peak without end", endless_peak, LI_INVALID, UNBELIEVED, 0},
    {"a refusal", refuse, LI_UNSUPPORTED, "a sentence of the decoder's", 0},
    {"no memory", run_out_of_memory, LI_TOO_LARGE, "more memory", 0},
    {"a crash", crash, LI_INVALID, "its decoder crashed", 0},
    {"killed", be_killed, LI_BUSY, "try again", 0},
    {"late", be_late, LI_TOO_LARGE, "more than 60 s", 0},
    {"half an answer", be_honest, LI_BUSY, "try again", sizeof(struct li_decode_answer) / 2},
    {"no answer", be_honest, LI_BUSY, "try again", sizeof(struct li_decode_answer)},
};
enum { CASE_COUNT = sizeof CASES / sizeof *CASES };

/* ---- the room ---- */

static struct li_decode_answer honest_answer(void) {
    struct li_decode_answer answer = {.end = LI_DECODE_ANSWERED};
    struct li_analysis *analysis = &answer.measured.analysis;
    for (size_t i = 0; i < LI_FEATURE_COUNT; i++)
        analysis->features.value[i] = analysis->confidence[i] = 0.5;
    analysis->features.value[LI_LOUDNESS] = -14;
    analysis->features.value[LI_TEMPO] = 120;
    analysis->features.value[LI_LIVENESS] = NAN; /* unknown is no lie */
    analysis->duration_s = 30;
    write_text(answer.measured.title, sizeof answer.measured.title, "Été à Nice");
    return answer;
}

/* Takes jobs from standard input and lies. */
static int lie_for_ever(void) {
    for (;;) {
        struct li_decode_job job = {0};
        union {
            struct cmsghdr header;
            char bytes[CMSG_SPACE(sizeof(int) * LI_JOB_DESCRIPTORS)];
        } control;
        struct iovec part = {&job, sizeof job};
        struct msghdr message = {
            .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
        int descriptors[LI_JOB_DESCRIPTORS];
        if (recvmsg(STDIN_FILENO, &message, 0) != sizeof job || job.size < 1 || job.size > CASE_COUNT)
            return 0;
        memcpy(descriptors, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof descriptors);
        struct li_decode_answer answer = honest_answer();
        CASES[job.size - 1].lie(&answer);
        size_t size = sizeof answer - CASES[job.size - 1].missing;
        if (size && send(descriptors[LI_JOB_ANSWER], &answer, size, 0) != (ssize_t)size)
            return 1;
        close(descriptors[LI_JOB_BYTES]);
        close(descriptors[LI_JOB_ANSWER]);
    }
}

/* ---- the test ---- */

static void test_lies(void **state) {
    static const unsigned char BYTES[CASE_COUNT];
    struct li_decoders *decoders = NULL;
    (void)state;
    assert_int_equal(li_decoders_new(&(struct li_decoders_options){0}, &decoders, NULL), LI_OK);
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct li_measured measured = {.title = "untouched"};
        struct li_error err = {0};
        enum li_status status = li_decoders_measure(decoders, BYTES, i + 1, &measured, &err);
        check(status == CASES[i].status && strstr(err.message, CASES[i].says), "%s: status %d: %s",
              CASES[i].name, (int)status, err.message);
        assert_string_equal(measured.title, status ? "untouched" : "Été à Nice");
    }
    li_decoders_free(decoders);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lies)};
    if (argc == 2 && strcmp(argv[1], LI_DECODERS_COMMAND) == 0)
        return lie_for_ever();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
