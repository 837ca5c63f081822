/* The terminal mesh: what is left between the electrodes. */
#ifndef MN_KRON_MESH_H
#define MN_KRON_MESH_H

#include "circuit/kron_state.h"

/* Terminal weights, and what carries no equation, become 0. */
void mn_kron_mesh_clear(mn_kron *kron);
/* Eliminates every electrode whose potential is not given; *conductance on the way, where it is wanted. */
void mn_kron_mesh_reduce(mn_kron *kron, const mn_boundary *boundary, int32_t reference, double *conductance);
/* Potentials of the electrodes from what is given and from the currents that arrive at pivots. */
void mn_kron_mesh_solve(mn_kron *kron, const mn_boundary *boundary, int32_t reference);
/* What flows through the mesh from each electrode that is no pivot to the others (A): n_electrodes, kron's own. */
const double *mn_kron_mesh_flows(mn_kron *kron);

#endif
