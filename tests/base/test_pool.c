/* The pool: every job runs once, a full queue says so, and freeing it finishes what was taken. Nothing here
 * sleeps: a gate holds the pool's threads where the test wants them. */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/pool.h"

/* Jobs wait at the gate until it is opened; the test waits until so many have come. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int waiting;
    bool open;
};

static struct gate gate_closed(void) {
    return (struct gate){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};
}

static void pass(void *arg) {
    struct gate *gate = arg;
    pthread_mutex_lock(&gate->lock);
    gate->waiting++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void await_waiting(struct gate *gate, int count) {
    pthread_mutex_lock(&gate->lock);
    while (gate->waiting < count)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void open_gate(struct gate *gate) {
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

static void count(void *arg) {
    atomic_fetch_add((_Atomic int *)arg, 1);
}

static struct li_pool *pool_of(size_t threads, size_t capacity) {
    struct li_pool *pool = NULL;
    struct li_error err = {0};
    check(li_pool_new(threads, capacity, &pool, &err) == LI_OK, "%s", err.message);
    return pool;
}

static void test_limits(void **state) {
    (void)state;
    static const size_t wrong[][2] = {{0, 1}, {65, 1}, {1, 0}, {1, 1048577}, {SIZE_MAX, SIZE_MAX}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct li_pool *untouched = (struct li_pool *)&untouched, *pool = untouched;
        struct li_error err = {0};
        check(li_pool_new(wrong[i][0], wrong[i][1], &pool, &err) == LI_INVALID, "case %zu", i);
        check(pool == untouched && err.message[0], "case %zu", i);
    }
    li_pool_free(pool_of(64, 1));
    li_pool_free(pool_of(1, 1048576));
    li_pool_free(NULL);
}

static void test_every_job_runs_once(void **state) {
    (void)state;
    enum { JOBS = 5000 };
    static _Atomic int runs[JOBS];
    struct li_pool *pool = pool_of(4, JOBS);
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(li_pool_submit(pool, count, &runs[i]), LI_OK);
    li_pool_free(pool);
    for (size_t i = 0; i < JOBS; i++)
        check(runs[i] == 1, "job %zu ran %d times", i, runs[i]);
}

struct recorder {
    int order[8];
    int used;
};
struct numbered {
    struct recorder *recorder;
    int number;
};

static void record(void *arg) {
    struct numbered *job = arg;
    job->recorder->order[job->recorder->used++] = job->number;
}

static void test_first_in_first_out(void **state) {
    (void)state;
    struct gate gate = gate_closed();
    struct recorder recorder = {{0}, 0};
    struct numbered jobs[8];
    struct li_pool *pool = pool_of(1, 8);
    assert_int_equal(li_pool_submit(pool, pass, &gate), LI_OK);
    await_waiting(&gate, 1);
    for (int i = 0; i < 8; i++) {
        jobs[i] = (struct numbered){&recorder, i};
        assert_int_equal(li_pool_submit(pool, record, &jobs[i]), LI_OK);
    }
    open_gate(&gate);
    li_pool_free(pool);
    assert_int_equal(recorder.used, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(recorder.order[i], i);
}

static void test_busy_when_full(void **state) {
    (void)state;
    struct gate gate = gate_closed();
    _Atomic int ran = 0, refused = 0;
    struct li_pool *pool = pool_of(2, 3);
    assert_int_equal(li_pool_load(pool), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(li_pool_submit(pool, pass, &gate), LI_OK);
        await_waiting(&gate, i + 1); /* both threads are held, the queue is empty */
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(li_pool_submit(pool, count, &ran), LI_OK);
    assert_int_equal(li_pool_load(pool), 5);
    for (int i = 0; i < 3; i++)
        assert_int_equal(li_pool_submit(pool, count, &refused), LI_BUSY);
    assert_int_equal(li_pool_load(pool), 5);
    open_gate(&gate);
    li_pool_free(pool);
    assert_int_equal(ran, 3);
    assert_int_equal(refused, 0);
}

struct chain {
    struct li_pool *pool;
    struct gate *gate;
    _Atomic int left, ran;
};

/* Submits itself again until none is left, also while the pool is being freed. */
static void link_of_chain(void *arg) {
    struct chain *chain = arg;
    if (chain->gate)
        pass(chain->gate);
    atomic_fetch_add(&chain->ran, 1);
    if (atomic_fetch_sub(&chain->left, 1) > 1 && li_pool_submit(chain->pool, link_of_chain, chain) != LI_OK)
        atomic_store(&chain->left, -1000000);
}

static void *free_pool(void *arg) {
    li_pool_free(arg);
    return NULL;
}

static void test_free_drains_what_jobs_submit(void **state) {
    (void)state;
    enum { LINKS = 500 };
    struct gate gate = gate_closed();
    for (size_t threads = 1; threads <= 3; threads++) {
        gate = gate_closed();
        struct chain chain = {pool_of(threads, 4), &gate, LINKS, 0};
        pthread_t freeing;
        assert_int_equal(li_pool_submit(chain.pool, link_of_chain, &chain), LI_OK);
        await_waiting(&gate, 1);
        assert_int_equal(pthread_create(&freeing, NULL, free_pool, chain.pool), 0);
        open_gate(&gate);
        pthread_join(freeing, NULL);
        assert_int_equal(chain.ran, LINKS);
        assert_int_equal(chain.left, 0);
    }
}

static void *submit_many(void *arg) {
    struct chain *chain = arg;
    for (int i = 0; i < 1000; i++)
        while (li_pool_submit(chain->pool, count, &chain->ran) == LI_BUSY)
            atomic_fetch_add(&chain->left, 1); /* counts refusals; the queue is short on purpose */
    return NULL;
}

static void test_many_submitters(void **state) {
    (void)state;
    enum { SUBMITTERS = 4 };
    pthread_t threads[SUBMITTERS];
    struct chain chain = {pool_of(3, 16), NULL, 0, 0};
    for (int i = 0; i < SUBMITTERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, submit_many, &chain), 0);
    for (int i = 0; i < SUBMITTERS; i++)
        pthread_join(threads[i], NULL);
    li_pool_free(chain.pool);
    assert_int_equal(chain.ran, SUBMITTERS * 1000);
}

struct crowd {
    struct li_pool *pool;
    struct gate gate, start;
    _Atomic int taken;
};

static void *submit_to_idle(void *arg) {
    struct crowd *crowd = arg;
    pass(&crowd->start);
    if (li_pool_submit_to_idle(crowd->pool, pass, &crowd->gate) == LI_OK)
        atomic_fetch_add(&crowd->taken, 1);
    return NULL;
}

/* However many come at once, a thread takes one job, and none waits behind it. */
static void test_idle_threads_alone(void **state) {
    enum { CROWD = 16, IDLE = 3, ROUNDS = 50 };
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct crowd crowd = {pool_of(IDLE, 8), gate_closed(), gate_closed(), 0};
        pthread_t threads[CROWD];
        for (int i = 0; i < CROWD; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, submit_to_idle, &crowd), 0);
        await_waiting(&crowd.start, CROWD);
        open_gate(&crowd.start);
        for (int i = 0; i < CROWD; i++)
            pthread_join(threads[i], NULL);
        assert_int_equal(crowd.taken, IDLE);
        assert_int_equal(li_pool_load(crowd.pool), IDLE);
        assert_int_equal(li_pool_submit(crowd.pool, pass, &crowd.gate), LI_OK); /* this one waits */
        assert_int_equal(li_pool_submit_to_idle(crowd.pool, pass, &crowd.gate), LI_BUSY);
        open_gate(&crowd.gate);
        li_pool_free(crowd.pool);
        assert_int_equal(crowd.gate.waiting, IDLE + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_every_job_runs_once),
        cmocka_unit_test(test_first_in_first_out),
        cmocka_unit_test(test_busy_when_full),
        cmocka_unit_test(test_free_drains_what_jobs_submit),
        cmocka_unit_test(test_many_submitters),
        cmocka_unit_test(test_idle_threads_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
