/* Whether several threads or one do the same again and again in less time, found by trying. What is done, its units,
 * may be short or long and come by the million; what the clock says of them hangs on the machine and on what else it
 * has to do, and may change at any time. So the other way is tried now and then, for a few units, and after so long
 * that this costs a small share of the time. Nobody's results may depend on which way is taken.
 *
 * One thread is the safe way: what disturbs it disturbs several as well, and more. So its time is the least of some
 * last ones, which several threads have to stay below on average, and that twice before they are taken. */
#ifndef MN_CHOICE_H
#define MN_CHOICE_H

#include "memnet.h"

enum { MN_CHOICE_KEPT = 4 };

/* What units took. */
typedef struct {
    int64_t n_units;
    double seconds;
} mn_taken;

typedef struct {
    bool several;               /* whether several threads are taken, but for trials */
    bool trial;                 /* the other way is being tried */
    mn_taken warmed;            /* since the way changed, before any are counted: caches are cold, and threads asleep */
    mn_taken window;            /* those that are counted */
    double one[MN_CHOICE_KEPT]; /* seconds a unit of one thread in the last windows, the oldest first; 0: not yet */
    double mean;                /* of several threads in the last window */
    int64_t in_a_row;           /* windows that speak for the other way */
    double lost;                /* seconds, to what turned out to be the slower way */
    double spent;               /* seconds since the last trial */
    double pause;               /* that have to be spent before the next one */
} mn_choice;

/* Nothing is known, and the first units go to several threads. */
mn_choice mn_choice_start(void);
/* Whether what comes next is for several threads. */
bool mn_choice_several(const mn_choice *choice);
/* It was n_units units in so many seconds; of 0 units nothing is learnt. */
void mn_choice_tell(mn_choice *choice, int64_t n_units, double seconds);

#endif
