/* A pool of threads (pthreads) for work that is done again and again, some microseconds to milliseconds apart: who has
 * nothing to do looks for a while before it sleeps. Of n threads, thread t begins with tasks t, t + n, t + 2 n, and so
 * on, or with those that were dealt to it, so that each finds in its cache what it had there the time before; who has
 * waited takes the last ones of others. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, getpid, sched_yield, pthread_sigmask */
#include "base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOKS = 40000,          /* for work, some 25 ns each, before a thread sleeps that does not rest */
    BETWEEN_YIELDS = 64,    /* looks after which another thread may have the processor */
    PATIENCE = 10000,       /* ns, and half of the time that the own share took, before one takes tasks of others */
    STACK = 1 << 20,        /* bytes, of each thread */
    CACHE_LINES_APART = 128 /* bytes between what different threads write */
};

/* One of the threads, 0 the caller's. Its share of the tasks at hand that nobody has taken: in the upper 32 bits the
 * first one, in the lower ones the end. */
typedef struct {
    pthread_t thread;
    mn_threads *threads;
    int64_t index;
    char before[CACHE_LINES_APART];
    _Atomic uint64_t share;
    char after[CACHE_LINES_APART];
} worker;

struct mn_threads {
    int64_t n;
    int64_t n_started; /* without the caller's */
    worker *worker;    /* n */
    pid_t process;     /* that made them */
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool has_mutex, has_wake;
    /* the caller's: who works */
    int64_t n_now; /* n, or 1 */
    mn_choice choice;
    mn_way way;
    int64_t depth;   /* of mn_threads_begin() in others */
    int64_t start;   /* of what began (ns), */
    int64_t n_units; /* and how many of them are done */
    /* the work at hand, written while there is none */
    mn_task *task;
    void *context;
    const int64_t *begin; /* of each thread's tasks; NULL: every n-th one */
    _Atomic int64_t n_tasks;
    char before[CACHE_LINES_APART];
    _Atomic uint64_t n_calls; /* of mn_threads_run so far */
    char between[CACHE_LINES_APART];
    _Atomic int64_t n_done;
    char after[CACHE_LINES_APART];
    _Atomic int64_t n_asleep; /* or about to be: changed with the mutex */
    atomic_bool stops;        /* changed with the mutex */
    atomic_bool rests;        /* no work is to come soon: only a hint, so nothing is ordered by it */
};

/* One turn of a loop that waits for another thread. */
static inline void look_again(int64_t round)
{
    if (round % BETWEEN_YIELDS == BETWEEN_YIELDS - 1) {
        (void)sched_yield();
        return;
    }
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Takes a task of a share, the first or the last one: which, -1 where none is left. Whoever has one keeps the work at
 * hand from ending, so it may read what that is. */
static int64_t take(worker *of, bool last)
{
    uint64_t share = atomic_load_explicit(&of->share, memory_order_relaxed);
    for (;;) {
        const uint64_t first = share >> 32, end = share & UINT32_MAX;
        if (first >= end) {
            return -1;
        }
        const uint64_t rest = last ? share - 1 : share + (UINT64_C(1) << 32);
        if (atomic_compare_exchange_weak_explicit(&of->share, &share, rest, memory_order_acquire,
                                                  memory_order_relaxed)) {
            return (int64_t)(last ? end - 1 : first);
        }
    }
}

/* Does what is left of one thread's share, and counts it at the end: each number that two threads write goes from one
 * cache to another and back. */
static void work_off(mn_threads *threads, worker *of, int64_t thread)
{
    const bool last = of->index != thread;
    int64_t n = 0;
    for (int64_t k = take(of, last); k >= 0; k = take(of, last), n++) {
        const int64_t *begin = threads->begin;
        threads->task(threads->context, begin == NULL ? k * threads->n + of->index : begin[of->index] + k, thread);
    }
    if (n > 0) {
        (void)atomic_fetch_add_explicit(&threads->n_done, n, memory_order_release);
    }
}

static int64_t nanoseconds(void)
{
    struct timespec time;
    return clock_gettime(CLOCK_MONOTONIC, &time) == 0 ? time.tv_sec * INT64_C(1000000000) + time.tv_nsec : 0;
}

/* Whether all tasks of a call are done before so many nanoseconds are over. */
static bool wait_for_others(const mn_threads *threads, uint64_t call, int64_t patience)
{
    const int64_t start = nanoseconds();
    for (int64_t round = 0;; round++) {
        if (atomic_load_explicit(&threads->n_done, memory_order_acquire) >= threads->n_tasks ||
            atomic_load_explicit(&threads->n_calls, memory_order_relaxed) != call) {
            return true;
        }
        if (round % BETWEEN_YIELDS == 0 && nanoseconds() - start > patience) {
            return false;
        }
        look_again(round);
    }
}

/* The own share, then those of the others: of threads that have not got a processor, or have far more to do. To take
 * a task from one that is about to begin it would have what it needs go to another cache, this time and the next. */
static void work_off_all(mn_threads *threads, uint64_t call, int64_t thread)
{
    const int64_t start = nanoseconds();
    work_off(threads, &threads->worker[thread], thread);
    if (wait_for_others(threads, call, PATIENCE + (nanoseconds() - start) / 2)) {
        return;
    }
    for (int64_t k = 1; k < threads->n; k++) {
        work_off(threads, &threads->worker[(thread + k) % threads->n], thread);
    }
}

/* Until there is another call, or none will come. Whoever makes it looks at n_asleep after n_calls was written, and
 * this thread at n_calls after n_asleep: one of them sees the other. */
static void sleep_until_called(mn_threads *threads, uint64_t n_calls)
{
    (void)pthread_mutex_lock(&threads->mutex);
    (void)atomic_fetch_add(&threads->n_asleep, 1);
    while (atomic_load(&threads->n_calls) == n_calls && !atomic_load(&threads->stops)) {
        (void)pthread_cond_wait(&threads->wake, &threads->mutex);
    }
    (void)atomic_fetch_sub(&threads->n_asleep, 1);
    (void)pthread_mutex_unlock(&threads->mutex);
}

static void *work(void *given)
{
    const worker *self = given;
    mn_threads *threads = self->threads;
    uint64_t n_calls = 0;
    int64_t round = 0;
    while (!atomic_load_explicit(&threads->stops, memory_order_relaxed)) {
        const uint64_t now = atomic_load_explicit(&threads->n_calls, memory_order_acquire);
        if (now != n_calls) {
            n_calls = now;
            work_off_all(threads, now, self->index);
            round = 0;
        } else if (round < LOOKS && !atomic_load_explicit(&threads->rests, memory_order_relaxed)) {
            look_again(round++);
        } else {
            sleep_until_called(threads, n_calls);
        }
    }
    return NULL;
}

static void wake_all(mn_threads *threads)
{
    (void)pthread_mutex_lock(&threads->mutex);
    (void)pthread_cond_broadcast(&threads->wake);
    (void)pthread_mutex_unlock(&threads->mutex);
}

/* ------------------------------------------------------------------ life */

/* Signals are for the threads that were there before. */
static int start_workers(mn_threads *threads)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0) {
        return MN_ERR_NO_MEMORY; /* GCOV_EXCL_LINE: never on Linux */
    }
    (void)pthread_attr_setstacksize(&attributes, STACK);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int status = 0;
    for (int64_t k = 1; k < threads->n && status == 0; k++) {
        status = pthread_create(&threads->worker[k].thread, &attributes, work, &threads->worker[k]);
        threads->n_started += status == 0;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return status == 0 ? MN_OK : MN_ERR_NO_THREAD;
}

int mn_threads_init(mn_threads **threads, int64_t n, mn_error *error)
{
    *threads = NULL;
    if (n < 1 || n > MN_MOST_THREADS) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "threads", (double)n);
    }
    if (n == 1) {
        return MN_OK;
    }
    mn_threads *pool = mn_alloc(1, sizeof *pool);
    if (pool == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    pool->n = pool->n_now = n;
    pool->choice = mn_choice_start();
    pool->process = getpid();
    pool->worker = mn_alloc(n, sizeof *pool->worker);
    for (int64_t k = 0; k < n && pool->worker != NULL; k++) {
        pool->worker[k].threads = pool;
        pool->worker[k].index = k;
    }
    pool->has_mutex = pthread_mutex_init(&pool->mutex, NULL) == 0;
    pool->has_wake = pthread_cond_init(&pool->wake, NULL) == 0;
    int code = pool->worker != NULL && pool->has_mutex && pool->has_wake ? MN_OK : MN_ERR_NO_MEMORY;
    if (code == MN_OK) {
        code = start_workers(pool);
    }
    if (code != MN_OK) {
        mn_threads_free(pool);
        return mn_error_set(error, code);
    }
    *threads = pool;
    return MN_OK;
}

/* In a child of the process that made them there is nobody to wait for, and nobody knows who held the mutex. */
void mn_threads_free(mn_threads *threads)
{
    if (threads == NULL) {
        return;
    }
    if (threads->process == getpid()) {
        atomic_store(&threads->stops, true);
        if (threads->n_started > 0) {
            wake_all(threads);
        }
        for (int64_t k = 1; k <= threads->n_started; k++) {
            (void)pthread_join(threads->worker[k].thread, NULL);
        }
        if (threads->has_wake) {
            (void)pthread_cond_destroy(&threads->wake);
        }
        if (threads->has_mutex) {
            (void)pthread_mutex_destroy(&threads->mutex);
        }
    }
    mn_dealloc(threads->worker);
    mn_dealloc(threads);
}

/* ------------------------------------------------------------------ work */

int64_t mn_threads_most(const mn_threads *threads)
{
    return threads == NULL ? 1 : threads->n;
}

int64_t mn_threads_count(const mn_threads *threads)
{
    return threads == NULL ? 1 : threads->n_now;
}

static bool are_several_next(const mn_threads *threads)
{
    switch (threads->way) {
    case MN_WAY_ALL:
        return true;
    case MN_WAY_ONE:
        return false;
    case MN_WAY_IN_TURN:
        return threads->n_now == 1;
    default:
        return mn_choice_several(&threads->choice);
    }
}

void mn_threads_begin(mn_threads *threads)
{
    if (threads == NULL || threads->depth++ > 0) {
        return;
    }
    threads->n_now = are_several_next(threads) ? threads->n : 1;
    atomic_store_explicit(&threads->rests, threads->n_now == 1, memory_order_relaxed);
    threads->n_units = 0;
    threads->start = nanoseconds();
}

void mn_threads_end(mn_threads *threads)
{
    if (threads == NULL || --threads->depth > 0) {
        return;
    }
    if (threads->way == MN_WAY_FASTER) {
        mn_choice_tell(&threads->choice, threads->n_units, 1e-9 * (double)(nanoseconds() - threads->start));
    }
}

void mn_threads_count_unit(mn_threads *threads)
{
    if (threads != NULL) {
        threads->n_units++;
    }
}

void mn_threads_force(mn_threads *threads, mn_way way)
{
    if (threads != NULL) {
        threads->way = way;
    }
}

/* How many of the tasks thread k begins with. */
static uint64_t share_of(const mn_threads *threads, int64_t n_tasks, int64_t k)
{
    const int64_t *begin = threads->begin;
    return (uint64_t)(begin == NULL ? (n_tasks - k + threads->n - 1) / threads->n : begin[k + 1] - begin[k]);
}

static void run(mn_threads *threads, mn_task *task, void *context, const int64_t *begin, int64_t n_tasks)
{
    if (n_tasks < 2 || mn_threads_count(threads) == 1 || threads->process != getpid()) {
        for (int64_t k = 0; k < n_tasks; k++) {
            task(context, k, 0);
        }
        return;
    }
    threads->task = task;
    threads->context = context;
    threads->begin = begin;
    atomic_store_explicit(&threads->n_tasks, n_tasks, memory_order_relaxed);
    atomic_store_explicit(&threads->n_done, 0, memory_order_relaxed);
    for (int64_t k = 0; k < threads->n; k++) {
        atomic_store_explicit(&threads->worker[k].share, share_of(threads, n_tasks, k), memory_order_release);
    }
    const uint64_t call = atomic_fetch_add(&threads->n_calls, 1) + 1;
    if (atomic_load(&threads->n_asleep) > 0) {
        wake_all(threads);
    }
    work_off_all(threads, call, 0);
    for (int64_t round = 0; atomic_load_explicit(&threads->n_done, memory_order_acquire) < n_tasks; round++) {
        look_again(round);
    }
}

void mn_threads_run(mn_threads *threads, mn_task *task, void *context, int64_t n_tasks)
{
    run(threads, task, context, NULL, n_tasks);
}

void mn_threads_run_dealt(mn_threads *threads, mn_task *task, void *context, const int64_t *begin)
{
    run(threads, task, context, begin, begin[mn_threads_most(threads)]);
}

typedef struct {
    mn_range_task *task;
    void *context;
    int64_t n, at_once;
} ranges;

static void do_range(void *context, int64_t index, int64_t thread)
{
    const ranges *of = context;
    const int64_t begin = index * of->at_once, left = of->n - begin;
    (void)thread;
    of->task(of->context, begin, begin + (left < of->at_once ? left : of->at_once));
}

void mn_threads_run_ranges(mn_threads *threads, mn_range_task *task, void *context, int64_t n, int64_t at_once)
{
    ranges of = {.task = task, .context = context, .n = n, .at_once = at_once};
    if (mn_threads_count(threads) == 1) {
        task(context, 0, n);
    } else {
        mn_threads_run(threads, do_range, &of, (n + at_once - 1) / at_once);
    }
}
