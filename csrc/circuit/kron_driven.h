/* The backend for networks whose electrodes are all driven by voltages: the elimination of kron with the electrodes
 * joined to one (joined_electrodes.h). Potentials come from the factor, given what each electrode feeds into its
 * neighbours; currents from Kirchhoff's law (kron_driven_solve.c). */
#ifndef MN_KRON_DRIVEN_H
#define MN_KRON_DRIVEN_H

#include "circuit/kron_driven_state.h"

/* The backend's init. `always`: even where it does not pay, which is UNSUPPORTED otherwise (for tests). */
int mn_kron_driven_init(void **state, const mn_network *network, bool always, mn_order order, mn_cancel *cancel,
                        mn_error *error) MN_CHECKED;

#endif
