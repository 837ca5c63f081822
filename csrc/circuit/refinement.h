/* A lighter separator by moves of single vertices. */
#ifndef MN_REFINEMENT_H
#define MN_REFINEMENT_H

#include "circuit/separation.h"

/* A move that waits: the greatest gain comes first, of equals the youngest. */
typedef struct {
    int64_t key; /* gain, then the number of the entry */
    int32_t vertex;
} mn_move;

/* Work space for graphs up to a size. */
typedef struct {
    int32_t *gain;
    int32_t *locked; /* the number of the pass that moved the vertex last */
    int32_t *log;    /* vertices in the order of their moves */
    uint8_t *from;   /* where they came from */
    mn_move *heap;
    int64_t n_heap;
    uint32_t n_entered;
    int32_t pass;
} mn_refinement;

/* Error: NO_MEMORY. */
int mn_refinement_init(mn_refinement *work, const mn_weighted_graph *largest, mn_pool *pool) MN_CHECKED;

/* One pass (Fiduccia and Mattheyses 1982; one-sided as in Hendrickson and Rothberg, SIAM J. Sci. Comput. 20 (1998)
 * 468): separator vertices move to one side, and their neighbours on the other into the separator. What the best moment
 * of the pass was stays. */
void mn_refine(mn_separation *separation, int to, mn_refinement *work);

#endif
