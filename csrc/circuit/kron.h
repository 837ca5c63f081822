/* Kron reduction by star-mesh transforms: what kron*.c share. Private to the backend.
 *
 * The free nodes are eliminated in the order of circuit/ordering. Eliminating node k, with weights w_kj to its remaining
 * neighbours and W_k = sum_j w_kj, replaces its star by a mesh (sum form; Grassmann, Taksar and Heyman 1985):
 *
 *     p_kj = w_kj / W_k,      w_ij <- w_ij + w_ki p_kj for every pair of neighbours i < j,      v_k = sum_j p_kj v_j
 *
 * There is no subtraction, so weights that span any number of decades keep their relative accuracy. Column k holds the
 * weights of node k to the later vertices, rows ascending; pairs of electrodes land in a dense matrix behind them.
 *
 * Equal bits on every machine: sums run in one order, and every product below MN_KRON_TINY becomes 0 by an explicit
 * choice, so that no subnormal number arises, however the processor would treat one. That loses nothing: elimination
 * preserves effective conductance, so the largest weight of a node stays above the bottleneck of its widest path to the
 * electrodes divided by the number of nodes, and conductances of devices end far above (guarantee: exp(-300) S). */
#ifndef MN_KRON_H
#define MN_KRON_H

#include "solver.h"

#include <float.h>
#include <math.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define MN_KRON_TINY 0x1p-960
/* The largest conductance taken: the sum over as many edges as 32-bit ids allow is then finite. */
#define MN_KRON_HUGE 0x1p960

/* Consecutive columns with the same later rows, eliminated together as a dense block without a list of pair updates. */
typedef struct {
    int32_t first;    /* column */
    int32_t n_pivots; /* at most MN_KRON_PIVOTS */
} mn_kron_front;

enum { MN_KRON_PIVOTS = 32 };

/* Whether columns go into dense fronts: where that pays, nowhere, or wherever two columns match (for tests). */
typedef enum { MN_KRON_FRONTS_AUTO, MN_KRON_FRONTS_NEVER, MN_KRON_FRONTS_ALWAYS } mn_kron_fronts;

/* Electrodes eliminated from the terminal mesh in one pass. */
enum { MN_KRON_PANEL = 8 };

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
    int32_t *island_node; /* n_island_nodes: nodes with no path of edges to an electrode */
} mn_kron_schedule;

/* What lands where, turned around: filled at the first call that says what has changed. The owner of a slot is its
 * column, or, behind the columns, one owner for each terminal weight and one for the slot without an equation. */
typedef struct {
    bool ready;
    int64_t n_owners;
    int32_t *owner;          /* n_slots */
    int32_t *edge_start;     /* n_owners + 1 */
    int32_t *edge;           /* n_edges: edges of an owner, ascending */
    int32_t *incoming_start; /* n_slots + 1 */
    int32_t *incoming;       /* n_listed: updates that land in a slot, in pivot order */
    uint64_t *dirty;         /* one bit an owner */
} mn_kron_gather;

/* Replicas that run through the schedule together, one in each lane. */
enum { MN_KRON_REPLICAS = 8 };

/* Work space of a group of replicas; the lanes of an element lie side by side, on a cache line of their own. */
typedef struct {
    double *block;     /* NULL before the first group */
    double *weight;    /* n_slots x 8: w, then, column by column, p in its place */
    double *potential; /* vertices x 8 */
    double *star;      /* n_longest x 8: the column at hand */
    int64_t n_dead[MN_KRON_REPLICAS];
} mn_kron_replicas;

typedef struct {
    const mn_network *network;
    mn_cancel *cancel;
    mn_kron_schedule schedule;
    mn_kron_gather gather;
    /* the factor */
    bool factored;
    bool kept_valid; /* kept[] belongs to this factor */
    int64_t n_dead;  /* free vertices with W_k = 0 */
    int64_t n_columns;
    double *weight; /* n_slots: w */
    double *share;  /* n_entries: p */
    double *total;  /* n_free: W */
    double *kept;   /* n_updates: the pair updates */
    double *fresh;  /* n_longest: a column being redone */
    double *panel;  /* work space of dense fronts */
    int32_t *place; /* n_longest: where a front's rows stand in a column */
    /* work space of solve() */
    double *potential; /* vertices */
    double *current;   /* vertices: injected, carried forward */
    uint8_t *reached;  /* vertices */
    double *mesh;      /* n_electrodes^2 */
    double *mesh_total;
    int64_t n_gone;         /* electrodes eliminated from the mesh */
    int32_t *mesh_order;    /* n_gone: in the order of their elimination */
    uint8_t *gone;          /* n_electrodes */
    double *mesh_star;      /* MN_KRON_PANEL x n_electrodes: rows at hand */
    double *mesh_share;     /* MN_KRON_PANEL x n_electrodes */
    double *mesh_potential; /* n_electrodes */
    double *mesh_flow;      /* n_electrodes */
    mn_kron_replicas replicas;
} mn_kron;

/* The backend's init for real values, with a say in the dense fronts. */
int mn_kron_init(void **state, const mn_network *network, mn_kron_fronts fronts, mn_cancel *cancel,
                 mn_error *error) MN_CHECKED;

/* Errors: TOO_LARGE (error->value: bytes), NO_MEMORY, INTERRUPTED. */
int mn_kron_schedule_init(mn_kron_schedule *schedule, const mn_network *network, mn_kron_fronts fronts,
                          mn_cancel *cancel, mn_error *error) MN_CHECKED;
void mn_kron_schedule_free(mn_kron_schedule *schedule);

/* False where kron->cancel stopped it: the factor is then unfinished. */
bool mn_kron_scatter(mn_kron *kron, const double *conductance, bool keep) MN_CHECKED;
/* Redoes what the changed edges reach. False where so much is reached that a scatter is cheaper: the factor is then
 * unfinished. */
bool mn_kron_gather_changed(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed);

/* Eliminates a dense front; returns its number of columns with W_k = 0. */
int64_t mn_kron_eliminate_front(mn_kron *kron, const mn_kron_front *front);
/* Doubles of work space for the schedule's fronts. */
int64_t mn_kron_panel_size(const mn_kron_schedule *schedule);

/* Eliminates every electrode whose potential is not given; *conductance on the way, where it is wanted. */
void mn_kron_mesh_reduce(mn_kron *kron, const mn_boundary *boundary, int32_t reference, double *conductance);
/* Potentials of the electrodes from what is given and from the currents that arrive at those that are gone. */
void mn_kron_mesh_solve(mn_kron *kron, const mn_boundary *boundary, int32_t reference);
/* What flows through the mesh from each electrode that is not gone to the others (A): n_electrodes, kron's own. */
const double *mn_kron_mesh_flows(mn_kron *kron);

int mn_kron_solve(mn_kron *kron, const mn_boundary *boundary, const double *injected, const mn_solution *solution,
                  mn_error *error) MN_CHECKED;

int mn_kron_solve_many(mn_kron *kron, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                       const mn_solution *solution, mn_error *error) MN_CHECKED;
/* The part of mn_kron_solve() that looks at electrodes alone, from kron's terminal weights and n_dead, nothing
 * injected: conductance, voltage and current of `solution`. *everywhere is false, and voltage and current are not
 * written, where a node that edges join to an electrode has no potential. */
int mn_kron_solve_electrodes(mn_kron *kron, const mn_boundary *boundary, const mn_solution *solution, bool *everywhere,
                             mn_error *error) MN_CHECKED;
/* The lowest and the highest potential of the electrodes that have one. */
void mn_kron_potential_range(const mn_kron *kron, double *low, double *high);

/* In loops over arrays, which compilers vectorise. */
static inline double mn_kron_flush(double x)
{
    return x < MN_KRON_TINY ? 0.0 : x;
}

/* The same for numbers of any sign. */
static inline double mn_kron_flush_signed(double x)
{
    return fabs(x) < MN_KRON_TINY ? 0.0 : x;
}

/* As mn_kron_flush() for a number on its own: compilers would choose a jump or a detour through integer registers. */
static inline double mn_kron_flush_one(double x)
{
#if defined(__SSE2__)
    const __m128d v = _mm_set_sd(x);
    return _mm_cvtsd_f64(_mm_and_pd(v, _mm_cmpge_sd(v, _mm_set_sd(MN_KRON_TINY))));
#else
    return mn_kron_flush(x);
#endif
}

/* Long sums run in this many lanes: their rounding errors grow with the length of a lane, and Kirchhoff's law at a node
 * holds as well as its sums do. */
enum { MN_KRON_LANES = 8 };

static inline double mn_kron_join_lanes(const double lane[MN_KRON_LANES])
{
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* W_k. */
static inline double mn_kron_total(int64_t n, const double *weight)
{
    double total = 0.0;
    if (n < MN_KRON_LANES) {
        for (int64_t q = 0; q < n; q++) {
            total += weight[q];
        }
        return total;
    }
    double lane[MN_KRON_LANES] = {0.0};
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            lane[i] += weight[q + i];
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        lane[i] += weight[q];
    }
    return mn_kron_join_lanes(lane);
}

/* p_kj = w_kj / W_k; all 0 where W_k = 0, so that nothing is carried on. A weight is 0 or at least MN_KRON_TINY, so a
 * share can be subnormal only where W_k is large: it is then 0. */
static inline void mn_kron_shares(int64_t n, const double *weight, double total, double *share)
{
    const double divisor = total > 0.0 ? total : 1.0;
    for (int64_t q = 0; q < n; q++) {
        share[q] = weight[q] / divisor;
    }
    for (int64_t q = 0; q < n && divisor > 0x1p60; q++) {
        share[q] = share[q] < DBL_MIN ? 0.0 : share[q];
    }
}

/* Subnormal operands and results as 0 while a kernel runs. The bits do not depend on it (see above); products that are
 * about to be flushed are then not slow on the way. */
static inline uint64_t mn_kron_fast_subnormals(void)
{
#if defined(__SSE2__)
    const unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040u); /* FTZ, DAZ */
    return mode;
#elif defined(__aarch64__)
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (UINT64_C(1) << 24))); /* FZ */
    return mode;
#else
    return 0;
#endif
}

static inline void mn_kron_restore_subnormals(uint64_t mode)
{
#if defined(__SSE2__)
    _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
    (void)mode;
#endif
}

#endif
