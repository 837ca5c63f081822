/* An elimination order of lattices by straight cuts. */
#ifndef MN_STRAIGHT_CUTS_H
#define MN_STRAIGHT_CUTS_H

#include "memnet.h"

typedef enum {
    MN_CUTS_NONE,    /* no lattice: nothing is written */
    MN_CUTS_AS_GOOD, /* an order that may be better than others */
    MN_CUTS_BEST     /* one that is: cuts go through few nodes */
} mn_cuts;

/* Where free nodes are those of a full lattice (mn_network_place), orders them by nested dissection (George 1973):
 * boxes are cut across their longer sides, along the lattice or along its diagonals, and the nodes on a cut come behind
 * those at its sides. `vertex` gives the free vertices of nodes, in their order, below n_free. O(nodes + edges). Error:
 * NO_MEMORY. */
int mn_straight_cuts(const mn_network *network, int64_t n_free, const int32_t *vertex, mn_cuts *found,
                     int32_t *order) MN_CHECKED;

#endif
