/* Lists of pairs of ids, such as the edges of a network. */
#ifndef MN_PAIRS_H
#define MN_PAIRS_H

#include "memnet.h"

/* Sorts n_pairs pairs (a, b) of ids below n_ids by a, then by b; equal pairs keep their order. O(n_pairs + n_ids).
 * Error: NO_MEMORY; the pairs are then as they were. */
int mn_pairs_sort(int64_t n_ids, int64_t n_pairs, int32_t *pair) MN_CHECKED;

#endif
