#include "base/deal.h"

#include <stdlib.h>

static int by_cost(const void *a, const void *b)
{
    const mn_dealt *x = a, *y = b;
    return x->cost > y->cost ? -1 : x->cost < y->cost ? 1 : x->task - y->task;
}

static int by_thread(const void *a, const void *b)
{
    const mn_dealt *x = a, *y = b;
    return x->thread != y->thread ? x->thread - y->thread : by_cost(a, b);
}

/* The thread that has least to do. */
static int32_t idlest(int64_t n_threads, const double *load)
{
    int32_t least = 0;
    for (int32_t t = 1; t < n_threads; t++) {
        least = load[t] < load[least] ? t : least;
    }
    return least;
}

int mn_deal(int64_t n, mn_dealt *dealt, int64_t n_threads, int64_t *begin)
{
    double *load = mn_alloc(n_threads, sizeof *load);
    if (load == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    qsort(dealt, (size_t)n, sizeof *dealt, by_cost);
    for (int64_t k = 0; k < n; k++) {
        dealt[k].thread = idlest(n_threads, load);
        load[dealt[k].thread] += dealt[k].cost;
    }
    mn_dealloc(load);
    qsort(dealt, (size_t)n, sizeof *dealt, by_thread);
    for (int64_t t = 0, k = 0; t <= n_threads; t++) {
        while (k < n && dealt[k].thread < t) {
            k++;
        }
        begin[t] = k;
    }
    return MN_OK;
}
