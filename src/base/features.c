#include "base/features.h"

#include <math.h>

/* The features of Spotify's Web API ("Get track's audio features"), and what bounds those without a bound of
 * their own:
 * - loudness, in LUFS or in dB below full scale. 16 bits reach down to -98 dB; eight channels at full scale
 *   measure at most +14 LUFS (ITU-R BS.1770-4: the sum of the channels, 1.5 dB for those at the sides, 4 dB
 *   for high sounds). Spotify's own numbers went up to +2.3 in the 21,853 tracks of docs/emotions.md. Our
 *   analyser refuses what is louder.
 * - tempo. 0 is how Spotify says that none was found. Beats that come faster than 400 a minute, every 150 ms,
 *   are not heard as beats (London, Hearing in Time, 2012, chapter 2).
 * - mode. 0 minor, 1 major; a mean lies between. */
static const struct li_range RANGES[LI_FEATURE_COUNT] = {
    [LI_DANCEABILITY] = {0, 1}, [LI_ENERGY] = {0, 1},           [LI_VALENCE] = {0, 1},
    [LI_ACOUSTICNESS] = {0, 1}, [LI_INSTRUMENTALNESS] = {0, 1}, [LI_LIVENESS] = {0, 1},
    [LI_SPEECHINESS] = {0, 1},  [LI_LOUDNESS] = {-100, 20},     [LI_TEMPO] = {0, 400},
    [LI_MODE] = {0, 1},
};

struct li_range li_feature_range(enum li_feature feature) {
    return RANGES[feature];
}

struct li_features li_features_unknown(void) {
    struct li_features features;
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        features.value[f] = NAN;
    return features;
}

double li_feature_known(enum li_feature feature, double value) {
    return feature == LI_TEMPO && value == 0 ? NAN : value;
}

bool li_feature_possible(enum li_feature feature, double value) {
    return value >= RANGES[feature].min && value <= RANGES[feature].max;
}
