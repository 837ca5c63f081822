/* Makes the schedule of an elimination (kron_plan.h). */
#ifndef MN_KRON_SCHEDULE_H
#define MN_KRON_SCHEDULE_H

#include "circuit/kron_plan.h"

/* Errors: TOO_LARGE (error->value: bytes), NO_MEMORY, INTERRUPTED. */
int mn_kron_schedule_init(mn_kron_schedule *schedule, const mn_network *network, mn_kron_fronts fronts, mn_order order,
                          mn_cancel *cancel, mn_error *error) MN_CHECKED;
void mn_kron_schedule_free(mn_kron_schedule *schedule);

#endif
