/* Looking at the caller's wish to stop. A look is a plain load: loops take one every few thousand operations at most.
 */
#ifndef MN_CANCEL_H
#define MN_CANCEL_H

#include "memnet.h"

static inline bool mn_cancelled(mn_cancel *cancel)
{
    return cancel != NULL && atomic_load_explicit(cancel, memory_order_relaxed);
}

/* Loops with short rounds look in those that this names. */
static inline bool mn_cancelled_at(mn_cancel *cancel, int64_t round)
{
    return (round & 0xffff) == 0 && mn_cancelled(cancel);
}

#endif
