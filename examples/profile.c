/* profile.c - the C library in ten lines: the features of three tracks in, a sentence about the taste out.
 *
 *     cc examples/profile.c $(pkg-config --cflags --libs listening) -o profile && ./profile
 */
#include <listening.h>
#include <math.h>
#include <stdio.h>

int main(void) {
    /* danceability, energy, valence, acousticness, instrumentalness, liveness, speechiness, dB, bpm, mode */
    const struct li_features tracks[] = {
        {{0.80, 0.74, 0.88, 0.12, 0.00, 0.10, 0.06, -5.1, 118, 1}},
        {{0.66, 0.83, 0.71, 0.05, 0.01, 0.22, 0.04, -4.4, 126, 1}},
        {{0.72, 0.61, 0.79, NAN, NAN, NAN, 0.05, NAN, NAN, NAN}}, /* NAN: not known */
    };
    struct li_reading readings[3];
    struct li_evidence evidence[3];
    struct li_profile profile;
    char text[512];

    for (size_t i = 0; i < 3; i++) {
        li_emotion_read(&tracks[i], &readings[i]);
        evidence[i] = (struct li_evidence){.p = readings[i].p,
                                           .pleasantness = readings[i].pleasantness,
                                           .activation = readings[i].activation,
                                           .weight = 1};
    }
    li_profile_compute(evidence, 3, &profile);
    li_profile_describe(&(struct li_description){&profile, 0.73, 0.73, "pop", 3, 0}, LI_LANG_EN, text,
                        sizeof text);
    puts(text);
    return 0;
}
