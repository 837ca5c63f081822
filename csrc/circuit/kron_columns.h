/* Star-mesh transforms of columns by the list of their updates. */
#ifndef MN_KRON_COLUMNS_H
#define MN_KRON_COLUMNS_H

#include "circuit/kron_state.h"

/* Eliminates the columns of runs from `begin` to `end` - 1; those with W_k = 0 are counted and returned. keep: the
 * updates stay in kron->update. */
int64_t mn_kron_eliminate_runs(mn_kron *kron, int64_t begin, int64_t end, bool keep);
/* The same of columns of a listed front. Targets are places in `weight`, where column k begins at column[k] + offset.
 */
int64_t mn_kron_eliminate_columns(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset);

#endif
