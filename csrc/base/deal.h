/* Tasks of known cost, dealt out to threads so that all have about as much to do. */
#ifndef MN_DEAL_H
#define MN_DEAL_H

#include "memnet.h"

typedef struct {
    double cost; /* of the task: only ratios count */
    int32_t task;
    int32_t thread; /* that begins with it */
} mn_dealt;

/* Given the cost of each task, sorts the n tasks by thread, so that those of thread t are from begin[t] to
 * begin[t + 1] - 1, the costliest first. Costliest tasks are dealt first, each to whoever has least (Graham 1969).
 * Error: NO_MEMORY. */
int mn_deal(int64_t n, mn_dealt *dealt, int64_t n_threads, int64_t *begin) MN_CHECKED;

#endif
