/* Star-mesh transforms of supernodes: listed columns whose rows are nested. */
#ifndef MN_KRON_SUPERNODES_H
#define MN_KRON_SUPERNODES_H

#include "circuit/kron_state.h"

/* Eliminates the columns of a run that is a supernode, with the bits of one column after the other; those with W_k = 0
 * are counted and returned. The weights of its columns are read, and not kept as they are when they are eliminated. */
int64_t mn_kron_eliminate_supernodes(mn_kron *kron, const mn_kron_run *run, const mn_kron_run *end);

#endif
