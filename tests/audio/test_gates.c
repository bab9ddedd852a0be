/* Gates on the accuracy of tempo and key with rendered songs whose truth is known, and on whether both follow
 * when the sound is changed in a known way. They stand below what bench/accuracy_audio measures
 * (docs/features.md) by what chance may do: they catch a thing that broke, not a point lost. */
#include "check.h"

#include <jansson.h>
#include <listening.h>

#include "audio/decode.h"

enum {
    SONGS_MAX = 64,
    BLOCK_FRAMES = 4096,
    PCM_FRAMES_MAX = 48000 * 31,
};

static const double tempo_tolerance = 0.04; /* Gouyon et al. 2006 */

struct song {
    char path[1024];
    double bpm;
    int key, mode;
};

/* A decoded song. */
struct pcm {
    float *samples;
    size_t frames;
    int rate_hz, channels;
};

struct group {
    struct song song[SONGS_MAX];
    size_t count;
};

/* Reads the truth: 60 renders of 30 songs, piano and band in turns. The shared data may not be here. */
static int load_songs(void **state) {
    static struct group group;
    char path[512];
    const char *shared = getenv("LI_SHARED");
    snprintf(path, sizeof path, "%s/data/pop909/truth.json", shared ? shared : "");
    json_t *truth = json_load_file(path, 0, NULL);
    group.count = 0;
    for (size_t i = 0; i < json_array_size(truth) && group.count < SONGS_MAX; i++) {
        json_t *row = json_array_get(truth, i);
        struct song *song = &group.song[group.count++];
        snprintf(song->path, sizeof song->path, "%s/data/pop909/%s", shared ? shared : "",
                 json_string_value(json_object_get(row, "file")));
        song->bpm = json_number_value(json_object_get(row, "bpm"));
        song->key = (int)json_integer_value(json_object_get(row, "key"));
        song->mode = strcmp(json_string_value(json_object_get(row, "mode")), "major") == 0;
    }
    json_decref(truth);
    *state = &group;
    return 0;
}

static struct group *songs_or_skip(void **state) {
    struct group *group = *state;
    if (group->count == 0) {
        print_message("skipped: the rendered songs LI_SHARED/data/pop909 are not here\n");
        skip();
    }
    return group;
}

static bool near_by(double bpm, double truth) {
    return fabs(bpm / truth - 1) <= tempo_tolerance;
}

/* Right, or one of the octaves and triples that listeners tap too. */
static bool any_level(double bpm, double truth) {
    return near_by(bpm, truth) || near_by(bpm, truth * 2) || near_by(bpm, truth / 2) ||
           near_by(bpm, truth * 3) || near_by(bpm, truth / 3);
}

/* MIREX: right 1, a fifth off 0.5, the relative key 0.3, the parallel key 0.2. */
static double key_weight(int key, int mode, const struct song *truth) {
    int step = (key - truth->key + 12) % 12;
    if (mode == truth->mode)
        return step == 0 ? 1 : step == 5 || step == 7 ? 0.5 : 0;
    if (step == (truth->mode ? 9 : 3))
        return 0.3;
    return step == 0 ? 0.2 : 0;
}

static void test_tempo_and_key(void **state) {
    struct group *group = songs_or_skip(state);
    double octave_right = 0, right = 0, weighted = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct song *song = &group->song[i];
        struct li_analysis heard;
        struct li_error err = {0};
        check(li_analyze_file(song->path, &heard, &err) == LI_OK, "%s: %s", song->path, err.message);
        double bpm = heard.features.value[LI_TEMPO];
        right += near_by(bpm, song->bpm);
        octave_right += any_level(bpm, song->bpm);
        weighted += key_weight(heard.key, (int)heard.features.value[LI_MODE], song);
        check(heard.confidence[LI_TEMPO] >= 0 && heard.confidence[LI_TEMPO] <= 1, "%s", song->path);
        check(heard.key_confidence >= 0 && heard.key_confidence <= 1, "%s", song->path);
    }
    double count = (double)group->count;
    print_message("tempo %.0f %%, any octave %.0f %%, key weighted %.0f %% of %zu renders\n",
                  100 * right / count, 100 * octave_right / count, 100 * weighted / count, group->count);
    check(octave_right >= 0.98 * count, "%.0f of %.0f", octave_right, count);
    check(right / count >= 0.80, "%.2f", right / count);
    check(weighted / count >= 0.80, "%.2f", weighted / count);
}

/* ---- sound changed in a known way ---- */

static struct pcm decode(const char *path) {
    struct li_decoder *decoder;
    struct li_error err = {0};
    struct pcm pcm = {0};
    size_t frames = 1;
    check(li_decoder_open_file(path, &decoder, &err) == LI_OK, "%s: %s", path, err.message);
    pcm.rate_hz = li_decoder_sound(decoder)->rate_hz;
    pcm.channels = li_decoder_sound(decoder)->channels;
    pcm.samples = malloc(sizeof *pcm.samples * PCM_FRAMES_MAX * (size_t)pcm.channels);
    assert_non_null(pcm.samples);
    while (frames && pcm.frames + BLOCK_FRAMES <= PCM_FRAMES_MAX) {
        float *at = pcm.samples + pcm.frames * (size_t)pcm.channels;
        check(li_decoder_read(decoder, at, BLOCK_FRAMES, &frames, &err) == LI_OK, "%s", err.message);
        pcm.frames += frames;
    }
    li_decoder_free(decoder);
    return pcm;
}

static struct li_analysis hear(const struct pcm *pcm) {
    struct li_analyzer *analyzer;
    struct li_analysis heard;
    struct li_error err = {0};
    check(li_analyzer_new(pcm->rate_hz, pcm->channels, &analyzer, &err) == LI_OK, "%s", err.message);
    li_analyzer_push(analyzer, pcm->samples, pcm->frames);
    check(li_analyzer_finish(analyzer, &heard, &err) == LI_OK, "%s", err.message);
    li_analyzer_free(analyzer);
    return heard;
}

/* The same samples said to be of another rate sound higher and faster by exactly that much: no resampler and
 * its faults between. */
static void test_key_and_tempo_follow_the_pitch(void **state) {
    static const int steps[] = {-3, -1, 2, 4};
    struct group *group = songs_or_skip(state);
    int keys = 0, tempi = 0, count = 0;
    for (size_t i = 0; i < group->count; i += 7) {
        struct pcm pcm = decode(group->song[i].path);
        struct li_analysis before = hear(&pcm);
        int rate_hz = pcm.rate_hz;
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            double factor = pow(2, steps[k] / 12.0);
            pcm.rate_hz = (int)lround(rate_hz * factor);
            struct li_analysis after = hear(&pcm);
            keys += after.key == (before.key + steps[k] + 12) % 12 &&
                    after.features.value[LI_MODE] == before.features.value[LI_MODE];
            tempi += any_level(after.features.value[LI_TEMPO], before.features.value[LI_TEMPO] * factor);
            count++;
        }
        free(pcm.samples);
    }
    print_message("key follows %d, tempo follows %d of %d\n", keys, tempi, count);
    check(keys >= 0.85 * count, "%d of %d", keys, count);
    check(tempi >= 0.95 * count, "%d of %d", tempi, count);
}

static void test_gain_changes_the_loudness_alone(void **state) {
    struct group *group = songs_or_skip(state);
    for (size_t i = 0; i < group->count; i += 13) {
        struct pcm pcm = decode(group->song[i].path);
        struct li_analysis before = hear(&pcm);
        for (size_t k = 0; k < pcm.frames * (size_t)pcm.channels; k++)
            pcm.samples[k] *= 0.25F; /* exact: only the exponent changes */
        struct li_analysis after = hear(&pcm);
        free(pcm.samples);
        assert_int_equal(after.key, before.key);
        check_near(after.features.value[LI_MODE], before.features.value[LI_MODE], 0);
        check_near(after.features.value[LI_TEMPO], before.features.value[LI_TEMPO], 0.05);
        check_near(after.features.value[LI_LOUDNESS], before.features.value[LI_LOUDNESS] - 20 * log10(4),
                   0.1);
        check_near(after.peak_dbfs, before.peak_dbfs - 20 * log10(4), 0.001);
        check(after.features.value[LI_ENERGY] <= before.features.value[LI_ENERGY],
              "%s: softer, yet more energy", group->song[i].path);
    }
}

/* Both channels alike, or one channel with the same: the same music. */
static void test_one_channel_is_heard_as_two_alike(void **state) {
    struct group *group = songs_or_skip(state);
    struct pcm pcm = decode(group->song[0].path);
    assert_int_equal(pcm.channels, 2);
    for (size_t k = 0; k < pcm.frames; k++)
        pcm.samples[2 * k + 1] = pcm.samples[2 * k];
    struct li_analysis two = hear(&pcm);
    for (size_t k = 0; k < pcm.frames; k++)
        pcm.samples[k] = pcm.samples[2 * k];
    pcm.channels = 1;
    struct li_analysis one = hear(&pcm);
    free(pcm.samples);
    assert_int_equal(one.key, two.key);
    check_near(one.features.value[LI_TEMPO], two.features.value[LI_TEMPO], 0.01);
    check_near(one.features.value[LI_LOUDNESS], two.features.value[LI_LOUDNESS], 0.01);
    check_near(one.features.value[LI_ENERGY], two.features.value[LI_ENERGY], 0.001);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tempo_and_key),
        cmocka_unit_test(test_key_and_tempo_follow_the_pitch),
        cmocka_unit_test(test_gain_changes_the_loudness_alone),
        cmocka_unit_test(test_one_channel_is_heard_as_two_alike),
    };
    return cmocka_run_group_tests(tests, load_songs, NULL);
}
