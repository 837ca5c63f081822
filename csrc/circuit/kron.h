/* Kron reduction by star-mesh transforms (kron_schedule.h): the backend of the solver for real conductances >= 0. */
#ifndef MN_KRON_H
#define MN_KRON_H

#include "circuit/kron_state.h"

/* The backend's init for real values, with a say in the fronts. */
int mn_kron_init(void **state, const mn_network *network, mn_kron_fronts fronts, mn_order order, mn_cancel *cancel,
                 mn_error *error) MN_CHECKED;
/* The same with all electrodes joined to one; only factor() is then good for anything. */
int mn_kron_init_joined(mn_kron **joined, const mn_network *network, mn_order order, mn_cancel *cancel,
                        mn_error *error) MN_CHECKED;
/* Work space for several threads, NULL: for one; a factor is lost. Errors: NO_MEMORY, TOO_LARGE, and there is one
 * thread. */
int mn_kron_use_threads(mn_kron *kron, mn_threads *threads) MN_CHECKED;
void mn_kron_free(mn_kron *kron); /* NULL is allowed */

#endif
