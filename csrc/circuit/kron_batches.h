/* The order in which listed columns are eliminated: part by part, in batches. */
#ifndef MN_KRON_BATCHES_H
#define MN_KRON_BATCHES_H

#include "circuit/kron_analysis.h"
#include "circuit/kron_plan.h"

/* Numbers the free vertices anew, so that columns of equal length, none of which is below another in the elimination
 * tree, stand side by side in batches of MN_KRON_BATCH. Fills lanes[], and part[] and run[], which it allocates in
 * the schedule's pool, and changes vertex[] and what the work space says of the order. Error: NO_MEMORY. */
int mn_kron_batches_form(mn_kron_schedule *schedule, mn_kron_analysis *work) MN_CHECKED;

#endif
