/* sound.c - gives the benches of sound the library's own answers: a path in, a line of tab-separated cells
 * out.
 *
 *     bench-sound        what was heard
 *     bench-sound terms  the inputs of the perceptual features, and the descriptors that they come from
 *     bench-sound onset  the onset strength: values a second, the values, the times of the beats in seconds
 *
 * The first line names the cells. A file that cannot be analysed gives its path, "error" and the sentence.
 * The terms are what tools/calibrate reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/analyze_file.h"
#include "audio/audio.h"

static void name_analysis(void) {
    printf("file\tduration_s");
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        printf("\t%s", li_feature_id((enum li_feature)f));
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        printf("\t%s_confidence", li_feature_id((enum li_feature)f));
    printf("\tkey\tkey_confidence\ttime_signature\ttime_signature_confidence\ttempo_alternative_bpm"
           "\tonset_rate_hz\tloudness_range_lu\tpeak_dbfs\ttuning_hz\tcalibrated\n");
}

static void print_analysis(const struct li_analysis *heard, const struct li_analyzer *analyzer) {
    (void)analyzer;
    printf("\t%.6f", heard->duration_s);
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        printf("\t%.6g", heard->features.value[f]);
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        printf("\t%.6g", heard->confidence[f]);
    printf("\t%d\t%.6g\t%d\t%.6g\t%.6g\t%.6g\t%.6g\t%.6g\t%.6g\t%d", heard->key, heard->key_confidence,
           heard->time_signature, heard->time_signature_confidence, heard->tempo_alternative_bpm,
           heard->onset_rate_hz, heard->loudness_range_lu, heard->peak_dbfs, heard->tuning_hz,
           heard->calibrated);
}

static void name_terms(void) {
    printf("file");
    for (size_t i = 0; li_audio_term_id(i); i++)
        printf("\t%s", li_audio_term_id(i));
    for (size_t i = 0; li_descriptor_id(i); i++)
        printf("\traw_%s", li_descriptor_id(i));
    putchar('\n');
}

static void print_terms(const struct li_analysis *heard, const struct li_analyzer *analyzer) {
    (void)heard;
    const struct li_descriptors *descriptors = li_analyzer_descriptors(analyzer);
    double term[LI_SOUND_TERM_COUNT];
    li_audio_terms(descriptors, term);
    for (size_t i = 0; i < LI_SOUND_TERM_COUNT; i++)
        printf("\t%.6g", term[i]);
    for (size_t i = 0; i < LI_DESCRIPTOR_COUNT; i++)
        printf("\t%.6g", descriptors->value[i]);
}

static void name_onset(void) {
    puts("file\tvalues_a_second\tvalues\tbeats_s");
}

static void print_onset(const struct li_analysis *heard, const struct li_analyzer *analyzer) {
    (void)heard;
    struct li_trace trace;
    li_analyzer_trace(analyzer, &trace);
    printf("\t%.6f\t", trace.onset_rate_hz);
    for (size_t i = 0; i < trace.onset_count; i++)
        printf(i ? " %.5g" : "%.5g", (double)trace.onset[i]);
    putchar('\t');
    for (size_t i = 0; i < trace.beat_count; i++)
        printf(i ? " %.3f" : "%.3f", (double)trace.beat_s[i] - trace.onset_start_s);
}

static const struct mode {
    const char *name;
    void (*names)(void);
    void (*print)(const struct li_analysis *heard, const struct li_analyzer *analyzer);
} modes[] = {
    {"heard", name_analysis, print_analysis},
    {"terms", name_terms, print_terms},
    {"onset", name_onset, print_onset},
};

static int answer(const struct mode *mode) {
    struct li_measurer *measurer = li_measurer_new();
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    if (!measurer) {
        fprintf(stderr, "bench-sound: no memory\n");
        return 1;
    }
    mode->names();
    while ((length = getline(&line, &size, stdin)) >= 0) {
        struct li_measured found;
        struct li_error err = {0};
        if (length > 0 && line[length - 1] == '\n')
            line[length - 1] = '\0';
        printf("%s", line);
        if (li_measurer_file(measurer, line, &found, &err) == LI_OK)
            mode->print(&found.analysis, li_measurer_analyzer(measurer));
        else
            printf("\terror\t%s", err.message);
        putchar('\n');
    }
    free(line);
    li_measurer_free(measurer);
    return 0;
}

int main(int argc, char **argv) {
    const char *wanted = argc == 2 ? argv[1] : argc == 1 ? "heard" : "";
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(wanted, modes[i].name) == 0)
            return answer(&modes[i]);
    fprintf(stderr, "bench-sound: use heard, terms or onset; paths come on standard input\n");
    return 2;
}
