/* The graphs that dissection works on: a part of a pattern, and coarser images of it. */
#ifndef MN_WEIGHTED_GRAPH_H
#define MN_WEIGHTED_GRAPH_H

#include "memnet.h"

typedef struct {
    int32_t n;
    int32_t *start;     /* n + 1 */
    int32_t *neighbour; /* start[n]: each edge at both ends, no loops */
    int32_t *link;      /* start[n]: how many edges of the finest graph an edge stands for */
    int32_t *weight;    /* n: how many of its vertices a vertex stands for */
} mn_weighted_graph;

/* A number that looks random: the finaliser of SplitMix64 (Steele, Lea and Flood 2014) on a counter. */
static inline uint64_t mn_shaken(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* One below n, n > 0, from the upper 32 bits of a shaken counter. */
static inline int32_t mn_shaken_below(uint64_t x, int32_t n)
{
    return (int32_t)(((mn_shaken(x) >> 32) * (uint64_t)n) >> 32);
}

#endif
