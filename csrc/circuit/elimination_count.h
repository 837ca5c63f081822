/* What an elimination order costs, without eliminating. */
#ifndef MN_ELIMINATION_COUNT_H
#define MN_ELIMINATION_COUNT_H

#include "circuit/pattern.h"

/* The pair updates of one elimination: sum over the free vertices of c (c - 1) / 2, where c later vertices, electrodes
 * among them, are left at a vertex when its turn comes. `order` lists the free vertices. MN_MANY_UPDATES stands for
 * that many and more. In O(m log n), by the elimination tree and its leaves (Gilbert, Ng and Peyton, SIAM J. Matrix
 * Anal. Appl. 15 (1994) 1075). Error: NO_MEMORY. */
int mn_count_updates(const mn_pattern *pattern, const int32_t *order, int64_t *n_updates) MN_CHECKED;

#define MN_MANY_UPDATES (INT64_MAX / 4)

#endif
