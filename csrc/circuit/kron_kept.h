/* Schedules that are kept with a network, so that its next solver need not analyse it again. */
#ifndef MN_KRON_KEPT_H
#define MN_KRON_KEPT_H

#include "circuit/kron_schedule.h"

/* The schedule of a network: where it keeps (mn_network_keep), that of an earlier solver with the same order and
 * fronts, or a new one, which is then kept. `schedule` then has no arrays of its own; either way it is released by
 * mn_kron_schedule_free, before the network. Errors: those of mn_kron_schedule_init. */
int mn_kron_schedule_get(mn_kron_schedule *schedule, const mn_network *network, mn_kron_fronts fronts, mn_order order,
                         mn_cancel *cancel, mn_error *error) MN_CHECKED;
/* The same with all electrodes joined to one (circuit/joined_electrodes.h). */
int mn_kron_schedule_get_joined(mn_kron_schedule *schedule, const mn_network *network, mn_order order,
                                mn_cancel *cancel, mn_error *error) MN_CHECKED;

#endif
