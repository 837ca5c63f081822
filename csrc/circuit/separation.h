/* A graph in two sides, which no edge joins, and the separator between them. */
#ifndef MN_SEPARATION_H
#define MN_SEPARATION_H

#include "circuit/weighted_graph.h"

enum { MN_SEPARATOR = 2 /* beside sides 0 and 1 */, MN_MOST_ON_A_SIDE = 650 /* per mille of the weight */ };

typedef struct {
    const mn_weighted_graph *graph;
    uint8_t *side;     /* n: 0, 1 or MN_SEPARATOR */
    int64_t weight[3]; /* of the sides and the separator */
} mn_separation;

static inline void mn_separation_weigh(mn_separation *separation)
{
    separation->weight[0] = separation->weight[1] = separation->weight[MN_SEPARATOR] = 0;
    for (int32_t v = 0; v < separation->graph->n; v++) {
        separation->weight[separation->side[v]] += separation->graph->weight[v];
    }
}

/* What a side should weigh at most. */
static inline int64_t mn_separation_limit(const mn_separation *separation)
{
    const int64_t *const weight = separation->weight;
    return (weight[0] + weight[1] + weight[MN_SEPARATOR]) * MN_MOST_ON_A_SIDE / 1000;
}

static inline void mn_separation_move(mn_separation *separation, int32_t v, int side)
{
    separation->weight[separation->side[v]] -= separation->graph->weight[v];
    separation->weight[side] += separation->graph->weight[v];
    separation->side[v] = (uint8_t)side;
}

/* How far the sides are from equal weights. */
static inline int64_t mn_separation_gap(const mn_separation *separation)
{
    const int64_t gap = separation->weight[0] - separation->weight[1];
    return gap < 0 ? -gap : gap;
}

#endif
