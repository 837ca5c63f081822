/* Potentials and currents from the factor. */
#ifndef MN_KRON_SOLVE_H
#define MN_KRON_SOLVE_H

#include "circuit/kron_state.h"

int mn_kron_solve(mn_kron *kron, const mn_boundary *boundary, const double *injected, const mn_solution *solution,
                  mn_error *error) MN_CHECKED;

/* The part of mn_kron_solve() that looks at electrodes alone, from kron's terminal weights and n_dead, nothing
 * injected: conductance, voltage and current of `solution`. *everywhere is false, and voltage and current are not
 * written, where a node that edges join to an electrode has no potential. */
int mn_kron_solve_electrodes(mn_kron *kron, const mn_boundary *boundary, const mn_solution *solution, bool *everywhere,
                             mn_error *error) MN_CHECKED;
/* Currents at vertices, kron->current, carried forward: each pivot gives its own to those behind it. */
void mn_kron_carry_forward(mn_kron *kron);
/* From the flags of the electrodes: whether all but islands are reached. Where not, or where currents are injected,
 * sets the flags of the free vertices. */
bool mn_kron_reach(mn_kron *kron, bool injected);

#endif
