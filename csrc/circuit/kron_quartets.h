/* Listed fronts that are alike, four at a time: lattices have the same few ones at every place. */
#ifndef MN_KRON_QUARTETS_H
#define MN_KRON_QUARTETS_H

#include "circuit/kron_plan.h"

/* Finds them in a tree that is filled, and sorts the edges of listed fronts by slot. Error: NO_MEMORY. */
int mn_kron_quartets_form(mn_kron_schedule *schedule) MN_CHECKED;

#endif
