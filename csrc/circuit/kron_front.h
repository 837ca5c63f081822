/* Elimination front by front. */
#ifndef MN_KRON_FRONT_H
#define MN_KRON_FRONT_H

#include "circuit/kron_state.h"

/* The whole elimination where the schedule has fronts: shares, totals, n_dead and the terminal weights, which are 0
 * before. Stops between two fronts where kron->cancel says so. */
void mn_kron_eliminate_fronts(mn_kron *kron, const double *conductance);

#endif
