/* A network whose electrodes are joined to one. Where the potentials of all electrodes are given, its elimination is
 * enough: the weights of a node to the electrodes are then one, however many there are, and no front has to carry a row
 * for each of them. */
#ifndef MN_JOINED_ELECTRODES_H
#define MN_JOINED_ELECTRODES_H

#include "circuit/kron_schedule.h"

/* The schedule of that network, and its n_apart. Errors: those of mn_kron_schedule_init. */
int mn_joined_schedule_init(mn_kron_schedule *schedule, const mn_network *network, mn_order order, mn_cancel *cancel,
                            mn_error *error) MN_CHECKED;

#endif
