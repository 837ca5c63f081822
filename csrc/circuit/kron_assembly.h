/* Conductances of edges on their way into weights. */
#ifndef MN_KRON_ASSEMBLY_H
#define MN_KRON_ASSEMBLY_H

#include "circuit/kron_state.h"

/* The weights of a part's columns become the sums of the conductances of their edges. */
void mn_kron_assemble_part(mn_kron *kron, const mn_kron_part *part, const double *conductance);
/* The same of what comes behind the columns: terminal weights, and the slot of what carries no equation. */
void mn_kron_assemble_terminals(mn_kron *kron, const double *conductance);

#endif
