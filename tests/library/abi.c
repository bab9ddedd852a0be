/* abi.c - prints what programs that were linked with liblistening rely on: sizes and places in its structs,
 * and the numbers of its enums. tools/check_library holds it against abi.txt (64-bit machines). A line that
 * changes or goes away asks for a new soname; a line that is added to the end of the list does not. */
#include <listening.h>
#include <stdio.h>

#define SIZE(type) printf("struct %s size %zu\n", #type, sizeof(struct type))
#define PLACE(type, member) printf("struct %s %s at %zu\n", #type, #member, offsetof(struct type, member))
#define NUMBER(name) printf("%s %d\n", #name, (int)(name))

static void print_structs(void) {
    SIZE(li_error), PLACE(li_error, at), PLACE(li_error, message);
    SIZE(li_features);
    SIZE(li_emotion), PLACE(li_emotion, label), PLACE(li_emotion, color), PLACE(li_emotion, quadrant);
    PLACE(li_emotion, pleasantness), PLACE(li_emotion, activation), PLACE(li_emotion, base_rate);
    SIZE(li_reading), PLACE(li_reading, activation), PLACE(li_reading, term), PLACE(li_reading, p);
    SIZE(li_genre), PLACE(li_genre, label), PLACE(li_genre, parent), PLACE(li_genre, artists);
    PLACE(li_genre, thin), PLACE(li_genre, mean), PLACE(li_genre, spread), PLACE(li_genre, p);
    SIZE(li_estimate), PLACE(li_estimate, spread), PLACE(li_estimate, p), PLACE(li_estimate, pleasantness);
    PLACE(li_estimate, spread_pleasantness), PLACE(li_estimate, genre), PLACE(li_estimate, genre_count);
    PLACE(li_estimate, confidence);
    SIZE(li_evidence), PLACE(li_evidence, pleasantness), PLACE(li_evidence, spread_pleasantness);
    PLACE(li_evidence, weight), PLACE(li_evidence, estimated);
    SIZE(li_profile), PLACE(li_profile, order), PLACE(li_profile, confidence), PLACE(li_profile, variety);
    PLACE(li_profile, pleasantness), PLACE(li_profile, spread);
    SIZE(li_description), PLACE(li_description, energy), PLACE(li_description, genre);
    PLACE(li_description, measured), PLACE(li_description, estimated);
    SIZE(li_analysis), PLACE(li_analysis, features), PLACE(li_analysis, confidence), PLACE(li_analysis, key);
    PLACE(li_analysis, key_confidence), PLACE(li_analysis, time_signature);
    PLACE(li_analysis, time_signature_confidence), PLACE(li_analysis, tempo_alternative_bpm);
    PLACE(li_analysis, onset_rate_hz), PLACE(li_analysis, loudness_range_lu), PLACE(li_analysis, peak_dbfs);
    PLACE(li_analysis, tuning_hz), PLACE(li_analysis, calibrated);
}

static void print_numbers(void) {
    NUMBER(LI_OK), NUMBER(LI_INVALID), NUMBER(LI_NOT_FOUND), NUMBER(LI_TOO_LARGE), NUMBER(LI_BUSY);
    NUMBER(LI_UNSUPPORTED), NUMBER(LI_CORRUPT), NUMBER(LI_FULL), NUMBER(LI_IO), NUMBER(LI_NO_MEMORY);
    NUMBER(LI_EMOTION_COUNT), NUMBER(LI_TERM_COUNT), NUMBER(LI_FEATURE_COUNT), NUMBER(LI_GENRES_MAX);
    NUMBER(LI_DANCEABILITY), NUMBER(LI_ENERGY), NUMBER(LI_VALENCE), NUMBER(LI_ACOUSTICNESS);
    NUMBER(LI_INSTRUMENTALNESS), NUMBER(LI_LIVENESS), NUMBER(LI_SPEECHINESS), NUMBER(LI_LOUDNESS);
    NUMBER(LI_TEMPO), NUMBER(LI_MODE), NUMBER(LI_TERM_VALENCE), NUMBER(LI_TERM_HARSH);
    NUMBER(LI_LANG_EN), NUMBER(LI_LANG_FR);
    NUMBER(LI_RATE_MIN_HZ), NUMBER(LI_RATE_MAX_HZ), NUMBER(LI_CHANNELS_MAX);
}

int main(void) {
    print_structs();
    print_numbers();
    return 0;
}
