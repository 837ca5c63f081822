/* An elimination order by approximate minimum degree. */
#ifndef MN_MINIMUM_DEGREE_H
#define MN_MINIMUM_DEGREE_H

#include "memnet.h"

/* SuiteSparse AMD on n vertices, whose edges may stand at one end or at both, and more than once. Errors: NO_MEMORY,
 * TOO_LARGE. */
int mn_minimum_degree(int32_t n, const int32_t *start, const int32_t *neighbour, int32_t *order) MN_CHECKED;

#endif
