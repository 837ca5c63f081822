/* The tree of fronts: which columns are eliminated together, and where what they leave is added. */
#ifndef MN_KRON_TREE_H
#define MN_KRON_TREE_H

#include "circuit/kron_analysis.h"
#include "circuit/kron_plan.h"

/* Orders the columns by subtree and cuts them into fronts: columns, pairs, first rows, and how long the other arrays
 * are. `all`: even columns that a list would do better. Errors: NO_MEMORY. */
int mn_kron_tree_cut(mn_kron_schedule *schedule, mn_kron_analysis *work, bool all) MN_CHECKED;
/* Rows, places, targets, edges and blocks. Errors: NO_MEMORY, INTERRUPTED. */
int mn_kron_tree_fill(mn_kron_schedule *schedule, mn_kron_analysis *work, mn_cancel *cancel) MN_CHECKED;
/* Bytes of these arrays and of the work space of an elimination. */
int64_t mn_kron_tree_bytes(const mn_kron_schedule *schedule);

/* Weights between the rows of a front. */
static inline int64_t mn_kron_rest_size(const mn_kron_front *f)
{
    return (int64_t)f->n_rows * (f->n_rows - 1) / 2;
}

/* A front is a square: a row for each pivot, empty ones up to a multiple of four, and one for each of its rows, padded
 * to lines of eight numbers. */
static inline int64_t mn_kron_front_margin(const mn_kron_front *f)
{
    return ((int64_t)f->n_pivots + 3) / 4 * 4;
}

static inline int64_t mn_kron_front_stride(const mn_kron_front *f)
{
    return (mn_kron_front_margin(f) + f->n_rows + 7) / 8 * 8;
}

#endif
