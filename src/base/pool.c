#include "base/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { THREADS_MAX = 64, CAPACITY_MAX = 1048576 };

struct job {
    li_pool_job *run;
    void *arg;
};

struct li_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct job *ring;
    size_t size; /* in threads */
    size_t capacity, first, waiting, running;
    bool stopping;
    size_t thread_count; /* that were started and not joined */
    pthread_t threads[THREADS_MAX];
};

static void *work(void *arg) {
    struct li_pool *pool = arg;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->waiting && !(pool->stopping && !pool->running))
            pthread_cond_wait(&pool->work, &pool->lock);
        if (!pool->waiting)
            break; /* stopping, and nothing runs that could submit more */
        struct job job = pool->ring[pool->first];
        pool->first = (pool->first + 1) % pool->capacity;
        pool->waiting--;
        pool->running++;
        pthread_mutex_unlock(&pool->lock);
        job.run(job.arg);
        pthread_mutex_lock(&pool->lock);
        pool->running--;
        if (pool->stopping)
            pthread_cond_broadcast(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

enum li_status li_pool_new(size_t threads, size_t capacity, struct li_pool **out, struct li_error *err) {
    if (threads < 1 || threads > THREADS_MAX || capacity < 1 || capacity > CAPACITY_MAX)
        return li_fail(err, LI_INVALID, "a pool has 1 to %d threads and room for 1 to %d jobs", THREADS_MAX,
                       CAPACITY_MAX);
    struct li_pool *pool = calloc(1, sizeof *pool);
    struct job *ring = calloc(capacity, sizeof *ring);
    if (!pool || !ring) {
        free(pool);
        free(ring);
        return li_fail(err, LI_NO_MEMORY, "no memory for %zu waiting jobs", capacity);
    }
    pool->ring = ring;
    pool->size = threads;
    pool->capacity = capacity;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    for (size_t i = 0; i < threads; i++) {
        int failed = pthread_create(&pool->threads[i], NULL, work, pool);
        if (failed) {
            li_pool_free(pool);
            return li_fail_errno(err, failed, "cannot start a worker thread");
        }
        pool->thread_count++;
    }
    *out = pool;
    return LI_OK;
}

/* load_max: of the jobs that wait and run before this one. */
static enum li_status submit(struct li_pool *pool, li_pool_job *run, void *arg, size_t load_max) {
    enum li_status status = LI_OK;
    pthread_mutex_lock(&pool->lock);
    bool stopped = pool->stopping && !pool->running; /* a draining job may still add to the queue */
    if (stopped || pool->waiting == pool->capacity || pool->waiting + pool->running > load_max) {
        status = LI_BUSY;
    } else {
        pool->ring[(pool->first + pool->waiting++) % pool->capacity] = (struct job){run, arg};
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return status;
}

enum li_status li_pool_submit(struct li_pool *pool, li_pool_job *run, void *arg) {
    return submit(pool, run, arg, SIZE_MAX);
}

enum li_status li_pool_submit_to_idle(struct li_pool *pool, li_pool_job *run, void *arg) {
    return submit(pool, run, arg, pool->size - 1);
}

size_t li_pool_load(struct li_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    size_t load = pool->waiting + pool->running;
    pthread_mutex_unlock(&pool->lock);
    return load;
}

void li_pool_stop(struct li_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->thread_count; i++)
        pthread_join(pool->threads[i], NULL);
    pool->thread_count = 0;
}

void li_pool_free(struct li_pool *pool) {
    if (!pool)
        return;
    li_pool_stop(pool);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool->ring);
    free(pool);
}
