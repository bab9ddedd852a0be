/* measure_files.c - many files, several threads, answers in the order of the files. Threads run ahead of the
 * answers by a few files only, so that memory stays flat. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/progress.h"

enum { JOBS_MAX = 64, AHEAD = 2 * JOBS_MAX };

struct work {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const struct li_file_list *list;
    size_t next, answered, finished; /* files taken by a thread, given to the caller, measured */
    bool stop;
    bool ready[AHEAD];
    struct li_measured_file slots[AHEAD]; /* file i in slot i % AHEAD */
};

static void measure(struct li_measurer *measurer, const struct li_found_file *file,
                    struct li_measured_file *out) {
    *out = (struct li_measured_file){.path = file->path};
    if (!measurer)
        out->status = li_fail(&out->err, LI_NO_MEMORY, "no memory to analyse a sound");
    else if (file->problem)
        out->status = li_fail(&out->err, LI_IO, "%s", file->problem);
    else
        out->status = li_measurer_file(measurer, file->path, &out->measured, &out->err);
}

static void *run(void *arg) {
    struct work *work = arg;
    struct li_measurer *measurer = li_measurer_new();
    pthread_mutex_lock(&work->lock);
    while (!work->stop && work->next < work->list->count) {
        if (work->next - work->answered >= AHEAD) {
            pthread_cond_wait(&work->changed, &work->lock);
            continue;
        }
        size_t index = work->next++;
        pthread_mutex_unlock(&work->lock);
        measure(measurer, &work->list->files[index], &work->slots[index % AHEAD]);
        pthread_mutex_lock(&work->lock);
        work->ready[index % AHEAD] = true;
        work->finished++;
        pthread_cond_broadcast(&work->changed);
    }
    pthread_mutex_unlock(&work->lock);
    li_measurer_free(measurer);
    return NULL;
}

/* Hands out the answers as they come, in order. */
static void answer_all(struct work *work, li_file_measured *each, void *context) {
    struct li_progress progress;
    li_progress_start(&progress);
    size_t total = work->list->count;
    for (size_t i = 0; i < total && !work->stop; i++) {
        pthread_mutex_lock(&work->lock);
        while (!work->ready[i % AHEAD])
            pthread_cond_wait(&work->changed, &work->lock);
        work->ready[i % AHEAD] = false;
        size_t finished = work->finished;
        pthread_mutex_unlock(&work->lock);
        li_progress_wipe(&progress);
        bool go_on = each(context, &work->slots[i % AHEAD]);
        if (li_progress_due(&progress))
            li_progress_draw(&progress, (double)finished / (double)total, "%zu of %zu files", finished,
                             total);
        pthread_mutex_lock(&work->lock);
        work->answered++;
        work->stop |= !go_on;
        pthread_cond_broadcast(&work->changed);
        pthread_mutex_unlock(&work->lock);
    }
    li_progress_wipe(&progress);
}

enum li_status li_jobs_check(double number, size_t *jobs, struct li_error *err) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (number > JOBS_MAX)
        return li_fail(err, LI_INVALID, "--jobs is 1 to %d threads", JOBS_MAX);
    *jobs = number >= 1 ? (size_t)number : cores < 1 ? 1 : cores < JOBS_MAX ? (size_t)cores : JOBS_MAX;
    return LI_OK;
}

enum li_status li_measure_files(const struct li_file_list *list, size_t jobs, li_file_measured *each,
                                void *context, struct li_error *err) {
    pthread_t threads[JOBS_MAX];
    size_t started = 0;
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return li_fail(err, LI_NO_MEMORY, "no memory to analyse files");
    work->list = list;
    pthread_mutex_init(&work->lock, NULL);
    pthread_cond_init(&work->changed, NULL);
    if (jobs > list->count)
        jobs = list->count;
    int failed = 0;
    while (started < jobs && !failed) {
        failed = pthread_create(&threads[started], NULL, run, work);
        started += !failed;
    }
    enum li_status status = LI_OK;
    if (started || !list->count)
        answer_all(work, each, context);
    else
        status = li_fail_errno(err, failed, "cannot start a thread");
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&work->changed);
    pthread_mutex_destroy(&work->lock);
    free(work);
    return status;
}
