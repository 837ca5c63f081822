/* The linear system of UMFPACK, refined. */
#ifndef MN_UMFPACK_REFINE_H
#define MN_UMFPACK_REFINE_H

#include "circuit/umfpack_state.h"

/* Potentials of all vertices, and the flows from the electrodes, for the given ones and the currents in source[]. Sets
 * error_bound. Errors: SINGULAR, UMFPACK, NO_MEMORY, INTERRUPTED. */
int mn_umfpack_solve_system(umfpack_state *u, mn_error *error) MN_CHECKED;

#endif
