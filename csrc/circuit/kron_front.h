/* Elimination front by front. */
#ifndef MN_KRON_FRONT_H
#define MN_KRON_FRONT_H

#include "circuit/kron_state.h"

/* The whole elimination where the schedule has fronts: shares, totals, n_dead, n_columns and terminal weights; `keep`:
 * and the rests of all fronts. Stops between two fronts where kron->cancel says so. */
void mn_kron_eliminate_fronts(mn_kron *kron, const double *conductance, bool keep);
/* The same from the factor and the rests that are there, where only the conductances of some edges have changed: fronts
 * that these reach are eliminated again, and one whose rest comes out with its old bits stops the spread. */
void mn_kron_redo_fronts(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed);

#endif
