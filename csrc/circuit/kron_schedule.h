/* The schedule of the elimination by star-mesh transforms.
 *
 * The free nodes are eliminated in the order of circuit/ordering. Eliminating node k, with weights w_kj to its
 * remaining neighbours and W_k = sum_j w_kj, replaces its star by a mesh (sum form; Grassmann, Taksar and Heyman 1985):
 *
 *     p_kj = w_kj / W_k,      w_ij <- w_ij + w_ki p_kj for every pair of neighbours i < j,      v_k = sum_j p_kj v_j
 *
 * There is no subtraction, so weights that span any number of decades keep their relative accuracy. Column k holds the
 * weights of node k to the later vertices, in their order; pairs of electrodes land in a dense matrix behind them. */
#ifndef MN_KRON_SCHEDULE_H
#define MN_KRON_SCHEDULE_H

#include "memnet.h"

/* Consecutive columns with the same later rows, eliminated together as a dense block without a list of pair updates. */
typedef struct {
    int32_t first;    /* column */
    int32_t n_pivots; /* at most MN_KRON_PIVOTS */
} mn_kron_front;

enum { MN_KRON_PIVOTS = 32 };

/* Whether columns go into dense fronts: where that pays, nowhere, or wherever two columns match (for tests). */
typedef enum { MN_KRON_FRONTS_AUTO, MN_KRON_FRONTS_NEVER, MN_KRON_FRONTS_ALWAYS } mn_kron_fronts;

/* The topology, analysed once. Solver vertices: free nodes in elimination order, then the electrodes. */
typedef struct {
    int64_t n_nodes;
    int64_t n_edges;
    int64_t n_free;
    int64_t n_electrodes;
    int64_t n_entries;
    int64_t n_slots;   /* entries, then n_electrodes^2 terminal weights (upper triangle used), then one that takes what
                          carries no equation */
    int64_t n_updates; /* of one elimination */
    int64_t n_listed;  /* of these, in the list; the others are computed in dense fronts */
    int64_t n_longest; /* entries of the longest column */
    int64_t n_islands; /* columns without entries: the last ones of parts without an electrode */
    int64_t n_island_nodes;
    int64_t bytes;
    int32_t *vertex; /* n_nodes: solver vertex */
    int32_t *slot;   /* n_edges: where the conductance goes */
    int64_t *column; /* n_free + 1: first entry */
    int32_t *row;    /* n_entries: the later vertex, ascending within a column */
    int64_t *pair;   /* n_free + 1: first pair update */
    int32_t *target; /* n_listed: slot that the update is added to; pairs (i, j > i) of a column in row order */
    int32_t *lead;   /* n_free: first of the consecutive columns that have the same later rows */
    int64_t n_fronts;
    mn_kron_front *front; /* n_fronts, ascending */
    /* n_electrodes: the later electrodes to which one can have a terminal weight lie in [terminal_first, terminal_end),
     * which is empty where there is none; terminal weights outside stay 0 */
    int32_t *terminal_first, *terminal_end;
    int32_t *island_node; /* n_island_nodes: nodes with no path of edges to an electrode */
    mn_pool pool;         /* of the arrays */
} mn_kron_schedule;

/* Errors: TOO_LARGE (error->value: bytes), NO_MEMORY, INTERRUPTED. */
int mn_kron_schedule_init(mn_kron_schedule *schedule, const mn_network *network, mn_kron_fronts fronts, mn_order order,
                          mn_cancel *cancel, mn_error *error) MN_CHECKED;
void mn_kron_schedule_free(mn_kron_schedule *schedule);

#endif
