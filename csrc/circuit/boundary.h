/* What every backend checks of the electrodes' roles and the currents before it solves, and replicas one by one. */
#ifndef MN_BOUNDARY_H
#define MN_BOUNDARY_H

#include "memnet.h"

/* Finite drives, somebody driven, and, with no voltage-driven electrode, currents that sum to zero (1e-12 of the sum
 * of their magnitudes). *reference: -1, or the electrode that is held at 0 V because no voltage is driven. Errors:
 * NOT_FINITE_DRIVE, NO_DRIVE, CURRENT_SUM. */
int mn_boundary_check(const mn_network *network, const mn_boundary *boundary, const double *injected,
                      const double *injected_imag, int32_t *reference, mn_error *error) MN_CHECKED;
/* An error of the library that concerns one electrode or one node (-1 for none) and a value. Returns the code. */
int mn_boundary_fail(mn_error *error, int code, int64_t electrode, int64_t node, double value);
/* What belongs to `replica` of the arrays that mn_solver_solve_many was given. */
mn_boundary mn_boundary_of(const mn_network *network, const mn_boundary *boundary, int64_t replica);
mn_solution mn_solution_of(const mn_network *network, const mn_solution *solution, int64_t replica);

#endif
