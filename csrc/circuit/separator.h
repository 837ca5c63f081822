/* A small separator of a graph. */
#ifndef MN_SEPARATOR_H
#define MN_SEPARATOR_H

#include "circuit/separation.h"

/* How much is done for a light separator. */
typedef struct {
    int band;      /* steps from a separator within which a lighter one is looked for */
    int n_cuts;    /* such looks, at most, on each level */
    int n_growths; /* first separations of the coarsest graph, of which the best is taken */
} mn_separator_effort;

/* Separates a connected graph whose vertices all have weight 1: writes side 0, 1 or MN_SEPARATOR of each. A side may
 * come out empty. The result is a function of graph, seed and effort. Errors: NO_MEMORY, INTERRUPTED. */
int mn_separate(const mn_weighted_graph *graph, uint64_t seed, const mn_separator_effort *effort, mn_cancel *cancel,
                uint8_t *side) MN_CHECKED;

#endif
