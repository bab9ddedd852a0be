/* Sounds made here in four manners, whose order in energy nobody would doubt: a metal band, a pop band, a
 * piano, a slow pad. A smoke test of the perceptual features, not their accuracy. */
#include "check.h"
#include "synth.h"

enum { RATE_HZ = 44100, SECONDS = 20, FRAMES = RATE_HZ * SECONDS, HARMONICS_MAX = 30 };

/* The sound under construction, one channel. */
struct take {
    float *samples;
    unsigned noise;
};

/* Numerical Recipes' quick generator: -1..1. */
static double noise(struct take *take) {
    take->noise = take->noise * 1664525u + 1013904223u;
    return take->noise / 2147483648.0 - 1;
}

static double hertz(int note) {
    return 440 * pow(2, (note - 69) / 12.0);
}

/* A note of harmonics that fall off as 1/h^tilt, rising in attack_s and dying away with decay_s. */
struct note {
    double at_s, length_s;
    int pitch, harmonics;
    double level, tilt, attack_s, decay_s;
};

static void play(struct take *take, const struct note *note) {
    long first = lround(note->at_s * RATE_HZ), length = lround(note->length_s * RATE_HZ);
    double step = 2 * PI * hertz(note->pitch) / RATE_HZ, share[HARMONICS_MAX + 1];
    int harmonics = 0;
    while (harmonics < note->harmonics && step * (harmonics + 1) < PI) {
        harmonics++;
        share[harmonics] = pow(harmonics, -note->tilt);
    }
    for (long i = 0; i < length && first + i < FRAMES; i++) {
        double t = (double)i / RATE_HZ, sum = 0;
        double envelope =
            fmin(1, t / note->attack_s) * exp(-t / note->decay_s) * fmin(1, (note->length_s - t) / 0.01);
        /* sin((h + 1) x) = 2 cos(x) sin(h x) - sin((h - 1) x) */
        double twice_cosine = 2 * cos(step * (double)i), before = 0, sine = sin(step * (double)i);
        for (int h = 1; h <= harmonics; h++) {
            double next = twice_cosine * sine - before;
            sum += share[h] * sine;
            before = sine;
            sine = next;
        }
        take->samples[first + i] += (float)(note->level * envelope * sum);
    }
}

/* A drum: noise and a low tone, each as loud as it says. */
static void drum(struct take *take, double at_s, double noise_level, double tone_level, double decay_s) {
    long first = lround(at_s * RATE_HZ), length = lround(6 * decay_s * RATE_HZ);
    for (long i = 0; i < length && first + i < FRAMES; i++) {
        double t = (double)i / RATE_HZ;
        double sound = noise_level * noise(take) + tone_level * sin(2 * PI * 60 * t);
        take->samples[first + i] += (float)(sound * exp(-t / decay_s));
    }
}

static const int chords[4][3] = {{57, 60, 64}, {53, 57, 60}, {48, 52, 55}, {55, 59, 62}}; /* Am F C G */

/* Distorted power chords in sixteenths, double bass drum, cymbals, pressed to the limit. */
static void metal(struct take *take) {
    double beat_s = 60 / 170.0;
    for (int b = 0; b * beat_s < SECONDS; b++) {
        int root = chords[b / 4 % 4][0] - 24;
        for (int s = 0; s < 4; s++) {
            double at_s = (b + s / 4.0) * beat_s;
            play(take, &(struct note){at_s, beat_s / 4, root, HARMONICS_MAX, 0.3, 0.8, 0.002, 0.3});
            play(take, &(struct note){at_s, beat_s / 4, root + 7, HARMONICS_MAX, 0.3, 0.8, 0.002, 0.3});
            drum(take, at_s, 0.05, 0.6, 0.04);
        }
        drum(take, b * beat_s, 0.4, 0, 0.25);
        if (b % 2)
            drum(take, b * beat_s, 0.9, 0.3, 0.08);
    }
    for (long i = 0; i < FRAMES; i++)
        take->samples[i] = 0.9F * tanhf(4 * take->samples[i]);
}

/* Chords, bass, kick, snare and hi-hat at 118. */
static void pop(struct take *take) {
    double beat_s = 60 / 118.0;
    for (int b = 0; b * beat_s < SECONDS; b++) {
        double at_s = b * beat_s;
        const int *chord = chords[b / 4 % 4];
        for (int n = 0; n < 3; n++)
            play(take, &(struct note){at_s, beat_s, chord[n], 8, 0.05, 1.2, 0.005, 0.5});
        play(take, &(struct note){at_s, beat_s / 2, chord[0] - 24, 6, 0.15, 1, 0.005, 0.3});
        drum(take, at_s, 0.02, b % 2 ? 0 : 0.4, 0.06);
        if (b % 2)
            drum(take, at_s, 0.25, 0.1, 0.06);
        drum(take, at_s, 0.06, 0, 0.02);
        drum(take, at_s + beat_s / 2, 0.06, 0, 0.02);
    }
}

/* Broken chords in eighths over a low note, at 72, as loud as such recordings are. */
static void piano(struct take *take) {
    double beat_s = 60 / 72.0;
    for (int b = 0; b * beat_s < SECONDS; b++) {
        const int *chord = chords[b / 4 % 4];
        for (int n = 0; n < 2; n++)
            play(take, &(struct note){(b + n / 2.0) * beat_s, 3 * beat_s, chord[(2 * b + n) % 3] + 12, 6, 0.1,
                                      1.8, 0.004, 0.7});
        if (b % 4 == 0)
            play(take, &(struct note){b * beat_s, 4 * beat_s, chord[0] - 12, 6, 0.1, 1.8, 0.004, 1.2});
    }
}

/* Chords that take three seconds to come. */
static void ambient(struct take *take) {
    for (int b = 0; b * 7 < SECONDS; b++)
        for (int n = 0; n < 3; n++)
            play(take, &(struct note){b * 7, 9, chords[b % 4][n], 3, 0.02, 2, 3, 6});
}

/* As loud as recordings of their kind are. */
static const struct manner {
    const char *name;
    void (*play)(struct take *take);
    double rms_dbfs;
} manners[] = {
    {"metal", metal, -9},
    {"pop", pop, -14},
    {"piano", piano, -25},
    {"ambient", ambient, -30},
};
enum { METAL, POP, PIANO, AMBIENT, MANNERS };

static struct li_analysis heard[MANNERS];

static struct li_analysis hear_manner(const struct manner *manner) {
    struct take take = {calloc(FRAMES, sizeof(float)), 1};
    double power = 0;
    assert_non_null(take.samples);
    manner->play(&take);
    for (long i = 0; i < FRAMES; i++)
        power += take.samples[i] * take.samples[i];
    float gain = (float)(pow(10, manner->rms_dbfs / 20) / sqrt(power / FRAMES));
    for (long i = 0; i < FRAMES; i++)
        take.samples[i] = fmaxf(-1, fminf(1, gain * take.samples[i]));
    struct sound sound = {RATE_HZ, 1, FRAMES, take.samples};
    struct li_analysis analysis = sound_analyze(&sound, 4096);
    sound_free(&sound);
    return analysis;
}

static int hear_all(void **state) {
    (void)state;
    for (size_t i = 0; i < MANNERS; i++)
        heard[i] = hear_manner(&manners[i]);
    return 0;
}

static void test_order_of_the_anchors(void **state) {
    (void)state;
    for (size_t i = 0; i < MANNERS; i++) {
        const double *value = heard[i].features.value;
        print_message(
            "%-8s energy %.2f danceability %.2f valence %.2f acousticness %.2f speechiness %.2f loudness "
            "%.1f tempo %.1f\n",
            manners[i].name, value[LI_ENERGY], value[LI_DANCEABILITY], value[LI_VALENCE],
            value[LI_ACOUSTICNESS], value[LI_SPEECHINESS], value[LI_LOUDNESS], value[LI_TEMPO]);
    }
    for (size_t i = 1; i < MANNERS; i++) {
        const char *upper = manners[i - 1].name, *lower = manners[i].name;
        const double *above = heard[i - 1].features.value, *below = heard[i].features.value;
        check(above[LI_ENERGY] > below[LI_ENERGY], "energy: %s %.3f, %s %.3f", upper, above[LI_ENERGY], lower,
              below[LI_ENERGY]);
        check(above[LI_ACOUSTICNESS] < below[LI_ACOUSTICNESS], "acousticness: %s %.3f, %s %.3f", upper,
              above[LI_ACOUSTICNESS], lower, below[LI_ACOUSTICNESS]);
    }
    check(heard[METAL].features.value[LI_ENERGY] - heard[PIANO].features.value[LI_ENERGY] > 0.3,
          "metal is too near piano");
    check(heard[POP].features.value[LI_DANCEABILITY] > heard[AMBIENT].features.value[LI_DANCEABILITY],
          "ambient dances more than pop");
    check(heard[POP].features.value[LI_VALENCE] > heard[AMBIENT].features.value[LI_VALENCE],
          "ambient is brighter than pop");
}

static void test_tempo_of_the_bands(void **state) {
    (void)state;
    double bpm = heard[METAL].features.value[LI_TEMPO];
    check_near(heard[POP].features.value[LI_TEMPO], 118, 118 * 0.01);
    check(fabs(bpm / 170 - 1) < 0.01 || fabs(bpm / 85 - 1) < 0.01, "%g", bpm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_of_the_anchors),
        cmocka_unit_test(test_tempo_of_the_bands),
    };
    return cmocka_run_group_tests(tests, hear_all, NULL);
}
