/* A pool of threads (pthreads) for work that is done again and again, some microseconds to milliseconds apart: who has
 * nothing to do looks for a while before it sleeps. */
#define _POSIX_C_SOURCE 200809L /* getpid, sched_yield, pthread_sigmask */
#include "base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum {
    LOOKS = 40000,           /* for work, some 25 ns each, before a thread sleeps */
    BETWEEN_YIELDS = 64,    /* looks after which another thread may have the processor */
    STACK = 1 << 20,        /* bytes, of each thread */
    CACHE_LINES_APART = 128 /* bytes between what different threads write */
};

typedef struct {
    pthread_t thread;
    mn_threads *threads;
    int64_t index;
} worker;

struct mn_threads {
    int64_t n; /* with the caller's */
    int64_t n_started;
    worker *worker; /* n - 1 */
    pid_t process;  /* that made them */
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool has_mutex, has_wake;
    /* the work at hand, written while there is none */
    mn_task *task;
    void *context;
    int64_t n_tasks;
    char before[CACHE_LINES_APART];
    _Atomic int64_t n_left; /* tasks that nobody has taken */
    char between[CACHE_LINES_APART];
    _Atomic int64_t n_done;
    char after[CACHE_LINES_APART];
    _Atomic int64_t n_asleep; /* or about to be: changed with the mutex */
    atomic_bool stops;        /* changed with the mutex */
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

/* Takes a task: how many nobody had taken before, 0 where there is none. Whoever has one keeps the work at hand from
 * ending, so it may read what that is. */
static int64_t take(mn_threads *threads)
{
    int64_t left = atomic_load_explicit(&threads->n_left, memory_order_relaxed);
    while (left > 0 && !atomic_compare_exchange_weak_explicit(&threads->n_left, &left, left - 1, memory_order_acquire,
                                                              memory_order_relaxed)) {
    }
    return left;
}

static void do_task(mn_threads *threads, int64_t left, int64_t thread)
{
    threads->task(threads->context, threads->n_tasks - left, thread);
    (void)atomic_fetch_add_explicit(&threads->n_done, 1, memory_order_release);
}

/* Until there is work, or none will come. Whoever brings it looks at n_asleep after n_left was written, and this thread
 * at n_left after n_asleep: one of them sees the other. */
static void sleep_until_called(mn_threads *threads)
{
    (void)pthread_mutex_lock(&threads->mutex);
    (void)atomic_fetch_add(&threads->n_asleep, 1);
    while (atomic_load(&threads->n_left) == 0 && !atomic_load(&threads->stops)) {
        (void)pthread_cond_wait(&threads->wake, &threads->mutex);
    }
    (void)atomic_fetch_sub(&threads->n_asleep, 1);
    (void)pthread_mutex_unlock(&threads->mutex);
}

static void *work(void *given)
{
    const worker *self = given;
    mn_threads *threads = self->threads;
    int64_t round = 0;
    while (!atomic_load_explicit(&threads->stops, memory_order_relaxed)) {
        const int64_t left = take(threads);
        if (left > 0) {
            do_task(threads, left, self->index);
            round = 0;
        } else if (round < LOOKS) {
            look_again(round++);
        } else {
            sleep_until_called(threads);
            round = 0;
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
    for (int64_t k = 0; k < threads->n - 1 && status == 0; k++) {
        threads->worker[k] = (worker){.threads = threads, .index = k + 1};
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
    pool->n = n;
    pool->process = getpid();
    pool->worker = mn_alloc(n - 1, sizeof *pool->worker);
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
        for (int64_t k = 0; k < threads->n_started; k++) {
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

int64_t mn_threads_count(const mn_threads *threads)
{
    return threads == NULL || threads->process != getpid() ? 1 : threads->n;
}

void mn_threads_run(mn_threads *threads, mn_task *task, void *context, int64_t n_tasks)
{
    if (n_tasks < 2 || mn_threads_count(threads) == 1) {
        for (int64_t k = 0; k < n_tasks; k++) {
            task(context, k, 0);
        }
        return;
    }
    threads->task = task;
    threads->context = context;
    threads->n_tasks = n_tasks;
    atomic_store_explicit(&threads->n_done, 0, memory_order_relaxed);
    atomic_store(&threads->n_left, n_tasks);
    if (atomic_load(&threads->n_asleep) > 0) {
        wake_all(threads);
    }
    for (int64_t left = take(threads); left > 0; left = take(threads)) {
        do_task(threads, left, 0);
    }
    for (int64_t round = 0; atomic_load_explicit(&threads->n_done, memory_order_acquire) < n_tasks; round++) {
        look_again(round);
    }
}
