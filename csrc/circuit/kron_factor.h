/* The numeric elimination. */
#ifndef MN_KRON_FACTOR_H
#define MN_KRON_FACTOR_H

#include "circuit/kron_state.h"

/* The backend's factor() for real values, which makes has_factor what it returns. */
int mn_kron_factor(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed,
                   mn_error *error) MN_CHECKED;

#endif
