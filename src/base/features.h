/* features.h - what the features of a track can be: the one table of their ranges, for whoever takes such
 * numbers from elsewhere. */
#ifndef LI_BASE_FEATURES_H
#define LI_BASE_FEATURES_H

#include <listening.h>

struct li_range {
    double min, max;
};

/* The lowest and the highest value that a feature can have. */
struct li_range li_feature_range(enum li_feature feature);

/* Features of which nothing is known: all NAN. */
struct li_features li_features_unknown(void);

/* The value, or NAN for one that only says that nothing was found: a tempo of 0. */
double li_feature_known(enum li_feature feature, double value);

/* Whether a feature can have this value. NAN is none. */
bool li_feature_possible(enum li_feature feature, double value);

#endif
