/* Private to csrc/simulate: members whose state moves, found from a voltage that the model says once for each. */
#ifndef MN_WATCH_H
#define MN_WATCH_H

#include "simulate/engine.h"

/* The members of a population that may move while no branch voltage is beyond `reach`, side by side in their order. */
typedef struct mn_watch {
    double reach;    /* V */
    double farthest; /* V: what branch voltages may have been at most in the last n_solves */
    int64_t n_solves;
    int64_t n;
    int32_t *member; /* n_members have room, as in what follows */
    int32_t *a, *b;  /* nodes */
    double *bound;   /* V: the state moves at |v| > bound */
    /* those whose state moved at the last solve, as places in the arrays above: of them alone states may be others now
     */
    int64_t n_moving;
    int32_t *moving;
} mn_watch;

/* Makes watches of the populations whose models have moves_above, where steps of a fixed length ask them. */
int mn_watch_init(mn_simulation *simulation, int64_t index) MN_CHECKED;
/* The largest difference of two potentials, 0 where there is none (V): no branch voltage is beyond it. */
double mn_watch_reach(const mn_simulation *simulation);
/* Writes the branch voltages of the members of population p that move, after a solve, and lists them in active[].
 * Other branch voltages are not written. */
void mn_watch_list(mn_simulation *simulation, int64_t p, double reach);

/* Between two steps: whether every member that is not listed moves at no voltage up to the reach, and listed ones that
 * have not moved at what is noted of them. MN_ERR_BUG where not. */
int mn_watch_verify(const mn_simulation *simulation, int64_t p) MN_CHECKED;

#endif
