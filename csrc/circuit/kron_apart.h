/* What parts of a list leave outside of themselves, where threads eliminate those of a level side by side: each such
 * update has a place of its own behind the slots, and when the level is done they are added one by one, in the order of
 * a scatter by one thread, whose bits these sums then have. */
#ifndef MN_KRON_APART_H
#define MN_KRON_APART_H

#include "base/deal.h"
#include "circuit/kron_state.h"

typedef struct mn_kron_apart {
    int32_t *target; /* n_listed: slots in the part, and places behind all slots */
    int32_t *slot;   /* of each update that is kept apart: where it belongs, in the order of updates */
    int64_t *first;  /* n_parts + 1: those of a part */
    mn_dealt *dealt; /* the parts of each level, dealt out to threads; those of the lowest one with all others */
    int64_t *begin;  /* n_levels x (n_threads + 1): where those of a thread begin in a level's */
    int64_t n_begin; /* n_threads + 1 */
    double *plain;   /* kron->weight as it was before it was lengthened */
    mn_pool pool;
} mn_kron_apart;

/* Whether updates are kept apart now: not where the other threads rest. */
bool mn_kron_apart_is_used(const mn_kron *kron);
/* kron->apart stays NULL where there are fronts. kron->weight becomes a longer array, and no factor is left. Errors:
 * NO_MEMORY, TOO_LARGE. */
int mn_kron_apart_init(mn_kron *kron) MN_CHECKED;
/* kron->weight is what it was; no factor is left either. */
void mn_kron_apart_free(mn_kron *kron);
/* Before a part is eliminated: nothing is kept of it. */
void mn_kron_apart_clear(mn_kron *kron, int64_t part);
/* What threads do of a level, of which part `first` is the first. */
typedef struct {
    const mn_dealt *dealt;
    const int64_t *begin; /* of each thread's tasks in dealt[] */
} mn_kron_deal;
mn_kron_deal mn_kron_apart_deal(const mn_kron *kron, int64_t first);
/* After parts from `begin` to `end` - 1: what they left goes where it belongs. */
void mn_kron_apart_add(mn_kron *kron, int64_t begin, int64_t end);

#endif
