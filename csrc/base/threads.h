/* Work that is cut into tasks and done by several threads. Which thread does which task is chance, so tasks write to
 * places of their own, and whoever called sums what they left in the order of the tasks: the bits are then those of one
 * thread. */
#ifndef MN_THREADS_H
#define MN_THREADS_H

#include "memnet.h"

/* Task `index` of those that were asked for, done by thread `thread`, of which 0 is the caller's: two tasks with the
 * same one are never under way at once, so work space goes by it. */
typedef void mn_task(void *context, int64_t index, int64_t thread);

/* Does all tasks from 0 to n_tasks - 1, each thread every n-th one as far as all are equally fast; returns when the
 * last has ended. Tasks must not ask for tasks of the same threads. NULL: one thread, the caller's, does them in their
 * order. At most 2^31 tasks. Allocates nothing. */
void mn_threads_run(mn_threads *threads, mn_task *task, void *context, int64_t n_tasks);

/* The same for what goes from 0 to n - 1: tasks are ranges of `at_once`, the last one shorter. */
typedef void mn_range_task(void *context, int64_t begin, int64_t end);
void mn_threads_run_ranges(mn_threads *threads, mn_range_task *task, void *context, int64_t n, int64_t at_once);

/* How many threads there are to work: 1 for NULL, and in a child of the process that made them, where the others are
 * not. */
int64_t mn_threads_count(const mn_threads *threads);

#endif
