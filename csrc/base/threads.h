/* Work that is cut into tasks and done by several threads. Which thread does which task is chance, so tasks write to
 * places of their own, and whoever called sums what they left in the order of the tasks: the bits are then those of one
 * thread. */
#ifndef MN_THREADS_H
#define MN_THREADS_H

#include "base/choice.h"

/* Task `index` of those that were asked for, done by thread `thread`, of which 0 is the caller's: two tasks with the
 * same one are never under way at once, so work space goes by it. In a child of the process that made the threads the
 * others are not, and the caller's does all. */
typedef void mn_task(void *context, int64_t index, int64_t thread);

/* Does all tasks from 0 to n_tasks - 1, each thread every n-th one as far as all are equally fast; returns when the
 * last has ended. Tasks must not ask for tasks of the same threads. NULL: one thread, the caller's, does them in their
 * order. At most 2^31 tasks. Allocates nothing. */
void mn_threads_run(mn_threads *threads, mn_task *task, void *context, int64_t n_tasks);

/* The same, but thread t begins with tasks begin[t] to begin[t + 1] - 1, of n_threads + 1 numbers. */
void mn_threads_run_dealt(mn_threads *threads, mn_task *task, void *context, const int64_t *begin);

/* The same for what goes from 0 to n - 1: tasks are ranges of `at_once`, the last one shorter. */
typedef void mn_range_task(void *context, int64_t begin, int64_t end);
void mn_threads_run_ranges(mn_threads *threads, mn_range_task *task, void *context, int64_t n, int64_t at_once);

/* How many there are: 1 for NULL. */
int64_t mn_threads_most(const mn_threads *threads);
/* How many of them are to work now: 1 while the others rest. */
int64_t mn_threads_count(const mn_threads *threads);

/* Several threads are not always faster than one: what they tell each other goes from cache to cache, and another
 * program may have their processor. So who does the same again and again, a step or a solve, says where each begins and
 * ends, and the faster way is taken (choice.h), with the same bits. Where the caller's thread is to do all the others
 * rest, and soon sleep. Calls may be nested; those inside count for nothing. */
void mn_threads_begin(mn_threads *threads);
void mn_threads_end(mn_threads *threads);
/* A unit is done of what takes most of the time between the two. */
void mn_threads_count_unit(mn_threads *threads);

/* For tests: what begins next goes this way. */
typedef enum { MN_WAY_FASTER, MN_WAY_ALL, MN_WAY_ONE, MN_WAY_IN_TURN } mn_way;
void mn_threads_force(mn_threads *threads, mn_way way);

#endif
