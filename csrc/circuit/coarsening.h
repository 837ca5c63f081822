/* Coarser images of a graph: pairs of vertices become one. */
#ifndef MN_COARSENING_H
#define MN_COARSENING_H

#include "circuit/weighted_graph.h"

/* Joins vertices with the neighbour that most edges lead to (heavy-edge matching; Karypis and Kumar, SIAM J. Sci.
 * Comput. 20 (1998) 359), if the two are not heavier than `heaviest` together. `image` gives for each vertex of `fine`
 * that of `coarse`. All memory comes from `pool`. Error: NO_MEMORY. */
int mn_coarsen(const mn_weighted_graph *fine, uint64_t seed, int64_t heaviest, mn_weighted_graph *coarse,
               int32_t *image, mn_pool *pool) MN_CHECKED;

#endif
