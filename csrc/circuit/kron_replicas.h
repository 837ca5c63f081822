/* Many sets of conductances on one network, eight at once in SIMD lanes. */
#ifndef MN_KRON_REPLICAS_H
#define MN_KRON_REPLICAS_H

#include "circuit/kron_state.h"
#include "circuit/solver.h"

/* The backend's functions of these names; all but the first leave kron without a factor. */
int mn_kron_prepare_together(mn_kron *kron, mn_together *together) MN_CHECKED;
void mn_kron_solve_together(mn_kron *kron, int64_t n, mn_replica *replica, const double *lanes);
int mn_kron_solve_many(mn_kron *kron, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                       const mn_solution *solution, mn_error *error) MN_CHECKED;

#endif
