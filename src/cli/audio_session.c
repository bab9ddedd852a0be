/* audio_session.c - the sound files of some folders as the tracks of a session. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/files.h"
#include "pipeline/pipeline.h"

struct gathering {
    struct li_measured *measured; /* one each that could be read */
    struct li_sound_track *tracks;
    size_t count, failed;
};

static bool gather(void *context, const struct li_measured_file *file) {
    struct gathering *all = context;
    if (file->status) {
        fprintf(stderr, "listening: %s: %s\n", file->path, file->err.message);
        all->failed++;
        return true;
    }
    const char *slash = strrchr(file->path, '/');
    struct li_measured *kept = &all->measured[all->count];
    *kept = file->measured;
    all->tracks[all->count++] = (struct li_sound_track){.file = li_text_of(slash ? slash + 1 : file->path),
                                                        .title = li_text_of(kept->title),
                                                        .artist = li_text_of(kept->artist),
                                                        .analysis = &kept->analysis};
    return true;
}

/* Leaves at most LI_TRACKS_MAX files in the list, evenly chosen. */
static void thin_out(struct li_file_list *list) {
    size_t all = list->count;
    if (all <= LI_TRACKS_MAX)
        return;
    fprintf(stderr, "listening: there are %zu files; the profile is made of %d of them, evenly chosen\n", all,
            LI_TRACKS_MAX);
    for (size_t i = 0, kept = 0; i < all; i++) {
        if (kept < LI_TRACKS_MAX && i == kept * all / LI_TRACKS_MAX)
            list->files[kept++] = list->files[i];
        else
            free(list->files[i].path);
    }
    list->count = LI_TRACKS_MAX;
}

enum li_status li_audio_session(struct li_pipeline *pipeline, const char *session, const char *const *folders,
                                size_t count, size_t jobs, struct li_error *err) {
    struct li_file_list list = {0};
    struct gathering all = {0};
    struct li_analyze_response response = {0};
    enum li_status status = li_files_find(folders, count, &list, err);
    if (!status && !list.count)
        status = li_fail(err, LI_NOT_FOUND, "there is no sound file in %.100s", folders[0]);
    if (!status) {
        thin_out(&list);
        all.measured = calloc(list.count, sizeof *all.measured);
        all.tracks = calloc(list.count, sizeof *all.tracks);
        if (!all.measured || !all.tracks)
            status = li_fail(err, LI_NO_MEMORY, "no memory for %zu tracks", list.count);
    }
    if (!status)
        status = li_measure_files(&list, jobs, gather, &all, err);
    if (!status && !all.count)
        status = li_fail(err, LI_NOT_FOUND, "no file of these folders can be read as sound");
    if (!status)
        status = li_pipeline_analyze(pipeline,
                                     &(struct li_analyze_request){li_text_of(session), all.tracks, all.count},
                                     &response, err);
    json_decref(response.document);
    free(all.measured);
    free(all.tracks);
    li_files_free(&list);
    return status;
}
