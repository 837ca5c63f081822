/* What the files of the UMFPACK backend share. */
#ifndef MN_UMFPACK_STATE_H
#define MN_UMFPACK_STATE_H

#include "circuit/transfers.h"
#include "memnet.h"

#include <umfpack.h>

typedef struct {
    const mn_network *network;
    mn_transfers transfers;
    mn_cancel *cancel;
    bool is_complex;
    int64_t n_free;
    int32_t n;       /* vertices: free nodes in node order, then the electrodes */
    int32_t *vertex; /* n_nodes */
    /* pattern by columns, and where the values go */
    int32_t *start; /* n + 1 */
    int32_t *index;
    /* 2 n_edges + n + 4 transfers.n: (a, b) and (b, a) of each edge, the diagonal, and of each transfer from c, d to
     * a, b the places (a, c), (a, d), (b, c), (b, d) */
    int32_t *place;
    void *symbolic;
    double control[UMFPACK_CONTROL];
    double info[UMFPACK_INFO];
    /* values */
    bool has_values;
    double *g[2];         /* n_edges: real and imaginary parts of the last factor() */
    double *t;            /* transfers.n: the same of transfers, which are real */
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
    mn_pool pool;          /* of the arrays */
} umfpack_state;

/* Real and imaginary, or real alone. */
static inline int mn_umfpack_parts(const umfpack_state *u)
{
    return u->is_complex ? 2 : 1;
}

/* The backend's init() and free(). */
int mn_umfpack_init(void **state, const mn_network *network, bool complex_values, mn_order order, mn_cancel *cancel,
                    mn_error *error) MN_CHECKED;
int mn_umfpack_init_directed(void **state, const mn_network *network, const mn_transfers *transfers, mn_cancel *cancel,
                             mn_error *error) MN_CHECKED;
/* The conductances of transfers, times 2^shift, behind a factor(). Error: CONDUCTANCE. */
int mn_umfpack_set_transfers(void *state, const double *conductance, int shift, mn_error *error) MN_CHECKED;
void mn_umfpack_free(void *state);
void mn_umfpack_free_numeric(umfpack_state *u);
/* The library's code for a status of UMFPACK. */
int mn_umfpack_translate(int status, mn_error *error) MN_CHECKED;

#endif
