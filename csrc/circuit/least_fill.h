/* The order of few vertices that makes the fewest new neighbours at each turn. */
#ifndef MN_LEAST_FILL_H
#define MN_LEAST_FILL_H

#include "memnet.h"

/* Orders vertices 0 to n - 1; their neighbours may be others, up to n_all - 1, which are eliminated later. Each turn
 * takes the vertex whose elimination joins the fewest pairs, of equals the one with the fewest neighbours, then the
 * first. Pairs of vertices from n on cost nothing: they will be joined anyway. O(n^2 c^2) for c neighbours, O(n n_all)
 * bits. Error: NO_MEMORY. */
int mn_least_fill(int32_t n, int32_t n_all, const int32_t *start, const int32_t *neighbour, int32_t *order) MN_CHECKED;

#endif
