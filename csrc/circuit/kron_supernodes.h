/* Supernodes: listed columns whose rows are nested (mn_kron_run). */
#ifndef MN_KRON_SUPERNODES_H
#define MN_KRON_SUPERNODES_H

#include "circuit/kron_lanes.h"
#include "circuit/kron_state.h"

/* A supernode of m pivots has a place for each of its rows but the first pivot. Column t begins at place t, and all its
 * columns end at one place, so what belongs to a row lies below each other. Places are taken by eights. */
enum { MN_KRON_SUPERNODE_BLOCKS = MN_KRON_SUPERNODE_ENTRIES / MN_KRON_LANES };

_Static_assert(MN_KRON_SUPERNODE_ENTRIES % MN_KRON_LANES == 0, "whole blocks");
_Static_assert((int)MN_KRON_SUPERNODE_PIVOTS <= (int)MN_KRON_BATCH, "every column begins among the first four places");

static inline int64_t mn_kron_blocks_of(const mn_kron_run *run)
{
    return (run->length + MN_KRON_LANES - 1) / MN_KRON_LANES;
}

/* Masks of eight places: the first `n` off, and all but the first `n` off. */
static inline const int64_t *mn_kron_places_from(int64_t n)
{
    static const int64_t mask[2 * MN_KRON_LANES] = {0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1};
    return mask + MN_KRON_LANES - n;
}

static inline const int64_t *mn_kron_places_before(int64_t n)
{
    static const int64_t mask[2 * MN_KRON_LANES] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
    return mask + MN_KRON_LANES - n;
}

/* *x where a mask is on, else 0. */
MN_INLINE void mn_quad_keep(mn_quad *x, const int64_t *mask)
{
    *x = (mn_quad)((mn_quad_bits)*x & *(const mn_quad_bits *)mask);
}

/* mn_kron_join_lanes() of lanes that begin with place t. */
MN_INLINE double mn_kron_join_from(int64_t t, const mn_quad *low, const mn_quad *high)
{
    const double at[MN_KRON_LANES] = {(*low)[0],  (*low)[1],  (*low)[2],  (*low)[3],
                                      (*high)[0], (*high)[1], (*high)[2], (*high)[3]};
    double lane[MN_KRON_LANES];
    for (int64_t i = 0; i < MN_KRON_LANES; i++) {
        lane[i] = at[(t + i) % MN_KRON_LANES];
    }
    return mn_kron_join_lanes(lane);
}

/* Eliminates runs from `run` to `end` - 1, which are supernodes, with the bits of one column after the other; those
 * with W_k = 0 are counted and returned. weight[] of their columns is afterwards not what they had when they were
 * eliminated, and a few shares behind those of the last one are 0. */
int64_t mn_kron_eliminate_supernodes(mn_kron *kron, const mn_kron_run *run, const mn_kron_run *end);

#endif
