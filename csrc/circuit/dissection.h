/* An elimination order by nested dissection. */
#ifndef MN_DISSECTION_H
#define MN_DISSECTION_H

#include "circuit/separator.h"
#include "circuit/small_stars.h"

typedef struct {
    int32_t leaf; /* parts up to this size are not separated, but ordered by least fill */
    mn_separator_effort separator;
} mn_dissection_effort;

/* Orders what mn_eliminate_small_stars has left over: order[n_gone] and what follows holds those vertices, ascending,
 * and comes back in the order of their elimination. Parts are separated again and again (George 1973), their separators
 * come last. Integers and counters only: the order is a function of pattern, seed and effort, on every machine.
 * Errors: NO_MEMORY, INTERRUPTED. */
int mn_dissect(const mn_pattern *rest, uint64_t seed, const mn_dissection_effort *effort, mn_cancel *cancel,
               int32_t *order, int32_t n_gone) MN_CHECKED;

#endif
