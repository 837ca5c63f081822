/* One solve with UMFPACK. */
#ifndef MN_UMFPACK_SOLVE_H
#define MN_UMFPACK_SOLVE_H

#include "memnet.h"

/* The backend's solve(). */
int mn_umfpack_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                     const mn_solution *solution, mn_error *error) MN_CHECKED;

#endif
