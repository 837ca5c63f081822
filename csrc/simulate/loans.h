/* Private to csrc/simulate: what simulations that step together have in common stands once in memory, so that the
 * nearest caches hold more of the rest. Equal parameters and ends of edges are lent by the first simulation, and
 * scratch, which outlives no hook. Nobody may set a parameter meanwhile. */
#ifndef MN_LOANS_H
#define MN_LOANS_H

#include "memnet.h"

/* Where a simulation has a pointer, and which one is its own. */
typedef struct {
    double **place;
    double *own;
} mn_loan;

typedef struct {
    int32_t **place;
    int32_t *own;
} mn_index_loan;

typedef struct {
    int64_t n, n_index;
    mn_loan *loan;
    mn_index_loan *index_loan;
    mn_pool pool;
} mn_loans;

/* Lends what the first of n simulations has to the others. Error: NO_MEMORY; nothing is lent then. */
int mn_loans_init(mn_loans *loans, int64_t n, mn_simulation *const *simulation) MN_CHECKED;
/* Gives each its own again. */
void mn_loans_free(mn_loans *loans);

#endif
