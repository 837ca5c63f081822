/* Many sets of conductances on one network, eight at once in SIMD lanes. */
#ifndef MN_KRON_REPLICAS_H
#define MN_KRON_REPLICAS_H

#include "circuit/kron_state.h"

/* The backend's solve_many(). Leaves kron without a factor. */
int mn_kron_solve_many(mn_kron *kron, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                       const mn_solution *solution, mn_error *error) MN_CHECKED;

#endif
