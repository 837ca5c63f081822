/* Vertices that cost nothing to eliminate. */
#ifndef MN_SMALL_STARS_H
#define MN_SMALL_STARS_H

#include "circuit/pattern.h"

/* Eliminates free vertices with at most two neighbours as long as there are any: ends of trees go, chains become edges.
 * `order` takes the `n_gone` of them, then the others, ascending. `rest` is what is left: who went, and electrodes,
 * have no neighbours there, and those of the others are not sorted. Error: NO_MEMORY. */
int mn_eliminate_small_stars(const mn_pattern *pattern, mn_pattern *rest, int32_t *order, int32_t *n_gone) MN_CHECKED;

#endif
