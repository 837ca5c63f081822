/* Who is whose neighbour among the vertices of the solver: free nodes in node order, then one vertex an electrode. */
#ifndef MN_PATTERN_H
#define MN_PATTERN_H

#include "memnet.h"

/* Neighbours ascend and stand once; there are no loops and no pairs of electrodes. */
typedef struct {
    int32_t n_free;
    int32_t n;          /* vertices */
    int32_t *start;     /* n + 1 */
    int32_t *neighbour; /* start[n] */
    mn_pool pool;       /* of the arrays */
} mn_pattern;

/* `vertex` gives the vertex of each node. Errors: TOO_LARGE, NO_MEMORY. */
int mn_pattern_init(mn_pattern *pattern, const mn_network *network, int64_t n_free, const int32_t *vertex) MN_CHECKED;
void mn_pattern_free(mn_pattern *pattern);

#endif
