/* Dense fronts: columns that share their later rows. */
#ifndef MN_KRON_FRONT_H
#define MN_KRON_FRONT_H

#include "circuit/kron_state.h"

/* Eliminates a dense front; returns its number of columns with W_k = 0. */
int64_t mn_kron_eliminate_front(mn_kron *kron, const mn_kron_front *front);
/* Doubles of work space for the schedule's fronts. */
int64_t mn_kron_panel_size(const mn_kron_schedule *schedule);

#endif
