/* What threads do side by side: parts, which are subtrees of the tree of fronts, and then the fronts above them, one
 * after the other, by blocks of rows where they are large. Each weight is the same sum as with one thread. */
#ifndef MN_KRON_PARTS_H
#define MN_KRON_PARTS_H

#include "circuit/kron_state.h"

/* Fronts of one subtree, the last of which is its root. */
typedef struct {
    int32_t first, last;
    int64_t rest; /* where that of the root is in rest[] */
    double work;
} mn_kron_part;

typedef struct mn_kron_parts {
    mn_threads *threads;
    int64_t n_parts;
    mn_kron_part *part; /* the longest first */
    int64_t n_top;
    int32_t *top;         /* n_top: roots of parts and the fronts above them, ascending */
    int32_t *part_of;     /* n_fronts: the part of which it is the root, -1: none */
    double *rest;         /* of all roots */
    mn_kron_space *space; /* one a thread */
    mn_pool pool;
} mn_kron_parts;

/* Cuts the tree for these threads, in place of what was cut before; kron->parts stays NULL where one thread does as
 * well. Error: NO_MEMORY. */
int mn_kron_parts_init(mn_kron *kron, mn_threads *threads) MN_CHECKED;
void mn_kron_parts_free(mn_kron *kron);

#endif
