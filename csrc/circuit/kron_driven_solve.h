/* Potentials and currents where all electrodes are driven by voltages. */
#ifndef MN_KRON_DRIVEN_SOLVE_H
#define MN_KRON_DRIVEN_SOLVE_H

#include "circuit/kron_driven_state.h"

/* Errors: those of mn_solver_solve, and UNSUPPORTED where an electrode is not driven by a voltage. */
int mn_kron_driven_solve(mn_kron_driven *driven, const mn_boundary *boundary, const double *injected,
                         const mn_solution *solution, mn_error *error) MN_CHECKED;

#endif
