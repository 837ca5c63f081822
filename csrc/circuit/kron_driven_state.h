/* What the files of the backend for driven electrodes work on. */
#ifndef MN_KRON_DRIVEN_STATE_H
#define MN_KRON_DRIVEN_STATE_H

#include "circuit/kron_state.h"

/* Places: the nodes, of which those of electrodes stay empty, then the electrodes. Neighbours in a network mostly have
 * numbers close to each other, so what follows a line of them finds its numbers side by side. */
typedef struct {
    const mn_network *network;
    mn_kron *kron; /* of the network with joined electrodes */
    int64_t n_places;
    int32_t *place;      /* n_nodes */
    int64_t *start;      /* n_places + 1: the ends of a place's edges */
    int32_t *other;      /* start[n_places]: places */
    int32_t *edge;       /* start[n_places] */
    double *conductance; /* n_edges (S): of the factor, those below MN_KRON_TINY as 0 */
    /* work space of solve() */
    double *drop;      /* n_places: v - reference */
    double *size;      /* n_places: what drop[] would be if every electrode were at or above the reference */
    double *source;    /* n_places (A): injected */
    int32_t *owner;    /* n_places: the electrode's place that a place goes with, -1 for none */
    int32_t *member;   /* n_places: the set at hand */
    int32_t *from;     /* n_places: through which edge, an index of other[], its members came */
    double *value;     /* n_electrodes (V): of the boundary to which drop[] and size[] belong, */
    bool has_drops;    /* where they still do, and nothing was injected */
    double *strongest; /* n_places (S): of a place's edges, -1 where nobody asked yet */
    double *leaving;   /* n_places (S): conductance by which a walk leaves the set at a member or behind it */
    double *meets;     /* n_places: a lower bound for the part of walks from a member that meet the electrode first */
    double *current;   /* n_electrodes (A) */
    uint8_t *found;    /* n_electrodes: whether the current is */
    mn_pool pool;      /* of the arrays */
} mn_kron_driven;

#endif
