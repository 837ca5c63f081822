/* A fill-reducing elimination order of the free nodes: the cheapest of some candidates. */
#ifndef MN_ORDERING_H
#define MN_ORDERING_H

#include "memnet.h"

/* `vertex` gives for each node of the network its solver vertex: free nodes 0..n_free-1 in elimination order, then one
 * vertex an electrode. Errors: TOO_LARGE, NO_MEMORY, INTERRUPTED. */
int mn_ordering(const mn_network *network, mn_order order, mn_cancel *cancel, int64_t *n_free,
                int32_t *vertex) MN_CHECKED;

#endif
