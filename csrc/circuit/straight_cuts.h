/* An elimination order of lattices by straight cuts. */
#ifndef MN_STRAIGHT_CUTS_H
#define MN_STRAIGHT_CUTS_H

#include "memnet.h"

/* Where nodes are those of a full lattice (mn_network_place), orders the free ones by nested dissection (George 1973):
 * boxes are cut across their longer sides, and the nodes along a cut come behind those at its sides. *found: whether it
 * is such a lattice; else nothing is written. `vertex` gives the free vertices of nodes, in their order, below n_free.
 * O(nodes + edges). Error: NO_MEMORY. */
int mn_straight_cuts(const mn_network *network, int64_t n_free, const int32_t *vertex, bool *found,
                     int32_t *order) MN_CHECKED;

#endif
