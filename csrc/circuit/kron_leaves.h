/* Elimination of listed fronts that are alike, four at a time, before all other fronts. */
#ifndef MN_KRON_LEAVES_H
#define MN_KRON_LEAVES_H

#include "circuit/kron_state.h"

/* Of one quartet. */
void mn_kron_eliminate_quartet(mn_kron *kron, int64_t i, const double *conductance);
/* Of all quartets: leaves the rests in kron->leaves and counts kron->dead. */
void mn_kron_eliminate_leaves(mn_kron *kron, const double *conductance);
/* Of those in which a front is to be redone; keeps kron->n_dead. */
void mn_kron_redo_leaves(mn_kron *kron, const double *conductance);

#endif
