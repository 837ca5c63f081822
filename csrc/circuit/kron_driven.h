/* The backend for networks whose electrodes are all driven by voltages: the elimination of kron with the electrodes
 * joined to one (joined_electrodes.h). Potentials come from the factor, given what each electrode feeds into its
 * neighbours; currents from Kirchhoff's law (kron_driven_solve.c). */
#ifndef MN_KRON_DRIVEN_H
#define MN_KRON_DRIVEN_H

#include "circuit/kron_state.h"

/* Vertices: the free ones of the elimination, then the electrodes, each its own. */
typedef struct {
    const mn_network *network;
    mn_kron *kron; /* of the network with joined electrodes */
    int64_t n_vertices;
    int32_t *vertex;     /* n_nodes */
    int64_t *start;      /* n_vertices + 1: the ends of a vertex' edges */
    int32_t *other;      /* start[n_vertices]: vertices */
    int32_t *edge;       /* start[n_vertices] */
    double *conductance; /* n_edges (S): of the factor, those below MN_KRON_TINY as 0 */
    /* work space of solve() */
    double *drop;    /* n_vertices: v - reference */
    double *size;    /* n_vertices: what drop[] would be if every electrode were at or above the reference */
    double *source;  /* n_vertices (A): injected */
    double *path;    /* n_vertices (ohm): of resistances from the owner */
    int32_t *owner;  /* n_vertices: the electrode that a vertex goes with, -1 for none */
    int32_t *member; /* n_vertices: vertices that go with an electrode */
    double *current; /* n_electrodes (A) */
    uint8_t *found;  /* n_electrodes: whether the current is */
    mn_pool pool;    /* of the arrays */
} mn_kron_driven;

#endif
