/* pool.h - a few threads that take jobs from one bounded queue, first in, first out. */
#ifndef LI_BASE_POOL_H
#define LI_BASE_POOL_H

#include <stddef.h>

#include "base/status.h"

struct li_pool;

/* A job and its argument. It runs once, on one of the pool's threads. */
typedef void li_pool_job(void *arg);

/* threads 1..64, capacity = jobs that may wait, 1..1048576. The caller owns *out. */
LI_MUST_USE enum li_status li_pool_new(size_t threads, size_t capacity, struct li_pool **out,
                                       struct li_error *err);

/* Hands over a job. LI_BUSY when the queue is full or the pool is stopping: the job will not run. May be
 * called from any thread, a job included. */
LI_MUST_USE enum li_status li_pool_submit(struct li_pool *pool, li_pool_job *job, void *arg);

/* The same for a job that must not wait: LI_BUSY, too, when each thread has one already. */
LI_MUST_USE enum li_status li_pool_submit_to_idle(struct li_pool *pool, li_pool_job *job, void *arg);

/* Jobs waiting and running now. */
size_t li_pool_load(struct li_pool *pool);

/* Runs every job already taken, then ends the threads. Jobs that come while others still run are taken too;
 * from then on submitting gives LI_BUSY. May be called twice. */
void li_pool_stop(struct li_pool *pool);

/* Stops, and gives back everything: nobody may submit any more. NULL is fine. */
void li_pool_free(struct li_pool *pool);

#endif
