/* Back-substitution. */
#ifndef MN_KRON_SUBSTITUTE_H
#define MN_KRON_SUBSTITUTE_H

#include "circuit/kron_state.h"

/* Potentials of the free vertices, kron->potential, from those of the electrodes; `injected`: and from the currents
 * that were carried forward. */
void mn_kron_substitute(mn_kron *kron, bool injected);
/* The lowest and the highest potential of the electrodes that have one. */
void mn_kron_potential_range(const mn_kron *kron, double *low, double *high);

#endif
