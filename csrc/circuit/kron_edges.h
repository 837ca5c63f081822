/* Edges by slot, for schedules without fronts. */
#ifndef MN_KRON_EDGES_H
#define MN_KRON_EDGES_H

#include "circuit/kron_plan.h"

/* Fills first_edge[], empty[] and further[], which it allocates in the schedule's pool, and the places of parts in the
 * last two, from slot[] and the columns. Error: NO_MEMORY. */
int mn_kron_edges_list(mn_kron_schedule *schedule) MN_CHECKED;

#endif
