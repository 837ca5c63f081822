/* A fill-reducing elimination order (SuiteSparse AMD). */
#ifndef MN_ORDERING_H
#define MN_ORDERING_H

#include "memnet.h"

/* `vertex` gives for each node of the network its solver vertex: free nodes 0..n_free-1 in elimination order, then one
 * vertex an electrode. Errors: TOO_LARGE, NO_MEMORY. */
int mn_ordering(const mn_network *network, int64_t *n_free, int32_t *vertex) MN_CHECKED;

#endif
