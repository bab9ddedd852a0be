/* files.h - the sound files that words on a command line mean, and measuring them by several threads. */
#ifndef LI_CLI_FILES_H
#define LI_CLI_FILES_H

#include <stdbool.h>

#include "audio/analyze_file.h"

/* ---- find_files.c ---- */

struct li_found_file {
    char *path;
    const char *problem; /* why it cannot be looked at: a constant sentence, or NULL */
};

/* Zeroed is an empty list. */
struct li_file_list {
    struct li_found_file *files;
    size_t count, capacity;
    size_t passed_over; /* files in folders whose name does not end as a sound file's */
};

/* Adds what words mean: files as they are, and of folders every sound file in them and below, by name. Hidden
 * ones are left out; a folder that is met again (by a symbolic link, perhaps in a circle) is not looked at
 * twice. */
LI_MUST_USE enum li_status li_files_find(const char *const *words, size_t count, struct li_file_list *list,
                                         struct li_error *err);

void li_files_free(struct li_file_list *list);

/* ---- measure_files.c ---- */

struct li_measured_file {
    const char *path;
    enum li_status status;
    struct li_error err;         /* when status is not LI_OK */
    struct li_measured measured; /* when it is */
};

/* Called for each file in the order of the list, from the caller's thread. False ends the work. */
typedef bool li_file_measured(void *context, const struct li_measured_file *file);

/* Measures the files by so many threads (1..64), with a progress bar on standard error when that is a
 * terminal. Memory does not grow with the list. */
LI_MUST_USE enum li_status li_measure_files(const struct li_file_list *list, size_t jobs,
                                            li_file_measured *each, void *context, struct li_error *err);

/* The number that --jobs gives: 0 = one a core. LI_INVALID for others than 0..64. */
LI_MUST_USE enum li_status li_jobs_check(double number, size_t *jobs, struct li_error *err);

/* ---- audio_session.c ---- */

struct li_pipeline;

/* Makes the tracks of a session of the sound files in these folders (at most LI_TRACKS_MAX, evenly chosen
 * among more). Says on standard error what could not be read. */
LI_MUST_USE enum li_status li_audio_session(struct li_pipeline *pipeline, const char *session,
                                            const char *const *folders, size_t count, size_t jobs,
                                            struct li_error *err);

#endif
