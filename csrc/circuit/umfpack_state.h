/* What the files of the UMFPACK backend share. */
#ifndef MN_UMFPACK_STATE_H
#define MN_UMFPACK_STATE_H

#include "solver.h"

#include <umfpack.h>

typedef struct {
    const mn_network *network;
    mn_cancel *cancel;
    bool is_complex;
    int64_t n_free;
    int32_t n;       /* vertices: free nodes in node order, then the electrodes */
    int32_t *vertex; /* n_nodes */
    /* pattern by columns, and where the values go */
    int32_t *start; /* n + 1 */
    int32_t *index;
    int32_t *place; /* 2 n_edges + n: (a, b) and (b, a) of each edge, then the diagonal */
    void *symbolic;
    double control[UMFPACK_CONTROL];
    double info[UMFPACK_INFO];
    /* values */
    bool valued;
    double *g[2];         /* n_edges: real and imaginary parts of the last factor() */
    int32_t *graph_start; /* n + 1: edges at a vertex, for reachability */
    int32_t *graph_edge;
    int32_t *queue; /* n */
    /* numeric factorisation and what it was made for */
    void *numeric;
    uint8_t *known;       /* n: rows of the identity in `numeric` */
    uint8_t *wanted;      /* n: rows of the identity for the solve at hand */
    uint8_t *reached;     /* n */
    double *matrix[2];    /* entries, without the rows and columns that are known */
    double *right[2];     /* n */
    double *given[2];     /* n */
    double *potential[2]; /* n */
    double *flow[2];      /* n_electrodes: current that leaves each electrode into the network */
    /* refinement */
    double *fine[2];       /* n: what the potentials lack below their last bit */
    double *source[2];     /* n: currents into unknown vertices */
    double *correction[2]; /* n */
    double contraction;    /* of `numeric`: what a correction leaves of an error */
    double error_bound;    /* of the last solve */
} umfpack_state;

/* Real and imaginary, or real alone. */
static inline int mn_umfpack_parts(const umfpack_state *u)
{
    return u->is_complex ? 2 : 1;
}

/* circuit/umfpack.c */
void mn_umfpack_free_numeric(umfpack_state *u);
int mn_umfpack_translate(int status, mn_error *error) MN_CHECKED;

/* circuit/umfpack_refine.c: potentials of all vertices, and the flows from the electrodes, for the given ones and the
 * currents in source[]. Sets error_bound. Errors: SINGULAR, UMFPACK, NO_MEMORY. */
int mn_umfpack_solve_system(umfpack_state *u, mn_error *error) MN_CHECKED;

/* circuit/umfpack_solve.c */
int mn_umfpack_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                     const mn_solution *solution, mn_error *error) MN_CHECKED;

#endif
