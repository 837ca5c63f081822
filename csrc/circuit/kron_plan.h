/* The schedule of the elimination by star-mesh transforms.
 *
 * The free nodes are eliminated in the order of circuit/ordering. Eliminating node k, with weights w_kj to its
 * remaining neighbours and W_k = sum_j w_kj, replaces its star by a mesh (sum form; Grassmann, Taksar and Heyman 1985):
 *
 *     p_kj = w_kj / W_k,      w_ij <- w_ij + w_ki p_kj for every pair of neighbours i < j,      v_k = sum_j p_kj v_j
 *
 * There is no subtraction, so weights that span any number of decades keep their relative accuracy. Column k holds the
 * weights of node k to the later vertices, in their order; pairs of electrodes land in a dense matrix behind them. */
#ifndef MN_KRON_PLAN_H
#define MN_KRON_PLAN_H

#include "memnet.h"

/* Consecutive columns that are eliminated together: a front, which is a dense block of the weights between its pivots
 * and their later rows, or a small subtree of the elimination tree, by the list of its updates. What is left between
 * the rows, its rest, is added to the front of its parent, or, where all rows are electrodes, to the terminal weights.
 * Fronts are relaxed: columns may have a few rows more than they need, whose weights are 0 and change no sum. */
typedef struct {
    int32_t first;    /* column */
    int32_t n_pivots; /* columns */
    int32_t n_rows;   /* later rows */
    int32_t parent;   /* front; -1: the terminals */
    int32_t child;    /* first front that has this one as its parent, -1: none */
    int32_t sibling;  /* the next one with the same parent, -1: none */
    int32_t quartet;  /* in schedule->quartet, -1: none */
    bool listed;      /* eliminated by list */
    int64_t row;      /* in schedule->row: of a front its pivots and the rows, else the rows alone */
    int64_t place;    /* in schedule->place: n_rows */
    int64_t edge;     /* in schedule->edge: n_edges */
    int64_t n_edges;
    int64_t n_entries; /* of its columns */
    int64_t leaf;      /* where the rest of one of a quartet is in kron->leaves */
    int64_t block;     /* where its rest is in the block, which is also where it is eliminated if it is listed */
    int64_t kept;      /* where its rest is if all are kept */
} mn_kron_front;

/* Columns of equal length that are eliminated together, one in each SIMD lane, and how long such columns may be. */
enum { MN_KRON_BATCH = 4, MN_KRON_BATCH_ROWS = 7 };

/* Listed fronts that are alike, one in each SIMD lane. Nothing is below them, so they are eliminated before their
 * parents, and their rests wait at a place of their own. */
typedef struct {
    int32_t front[MN_KRON_BATCH];
    int32_t model; /* a front that they are like: all quartets that are alike read its lists */
} mn_kron_quartet;

/* How many columns a supernode may have, and how many entries its first one. */
enum { MN_KRON_SUPERNODE_PIVOTS = 4, MN_KRON_SUPERNODE_ENTRIES = 48 };

/* Consecutive listed columns: of one length, in batches or not, or a supernode. In a supernode each column has the next
 * one as its first row and the rows of that one behind it. So the updates between its columns land side by side, and
 * those of all its columns to pairs of the rows that the last one has, its rest, land in the same slots. */
typedef struct {
    int32_t first, end; /* columns */
    int32_t length;     /* entries of each, in a supernode of the first */
    int32_t lanes;      /* MN_KRON_BATCH or 1 */
    int64_t rest;       /* of a supernode: where the slots of its rest are in schedule->rest; else -1 */
    int32_t n_quads;    /* of a supernode: so many times MN_KRON_BATCH slots it has there */
} mn_kron_run;

/* Consecutive listed columns whose memory fits into a cache. Parts of one level have no columns above each other in the
 * elimination tree; those of later levels are above those of earlier ones. */
typedef struct {
    int64_t first, end;           /* columns; their entries follow each other, too */
    int64_t run, run_end;         /* in schedule->run */
    int64_t empty, empty_end;     /* in schedule->empty */
    int64_t further, further_end; /* in schedule->further */
    int32_t level;
} mn_kron_part;

/* Pivots that update the rest of a front together. */
enum { MN_KRON_PIVOTS = 48 };

/* Whether there are fronts: where that pays, nowhere, or everywhere, without lists (for tests). */
typedef enum { MN_KRON_FRONTS_AUTO, MN_KRON_FRONTS_NEVER, MN_KRON_FRONTS_ALWAYS } mn_kron_fronts;

/* The topology, analysed once. Solver vertices: free nodes in elimination order, then the electrodes. */
typedef struct {
    int64_t n_nodes;
    int64_t n_edges;
    int64_t n_free;
    int64_t n_electrodes;
    int64_t n_entries;
    int64_t n_slots;   /* entries, unless there are fronts, then n_electrodes^2 terminal weights (upper triangle used),
                          then one that takes what carries no equation */
    int64_t n_inner;   /* slots before the terminal weights: n_entries, 0 where there are fronts */
    int64_t n_updates; /* of one elimination */
    int64_t n_apart;   /* with joined electrodes: what n_updates would be in this order if they were apart */
    int64_t n_listed;  /* of these, in the list; the others are computed in fronts */
    int64_t n_longest; /* entries of the longest column */
    int64_t n_islands; /* columns without entries: the last ones of parts without an electrode */
    int64_t n_island_nodes;
    int64_t bytes;
    int32_t *vertex;    /* n_nodes: solver vertex */
    int32_t *slot;      /* n_edges: where the conductance goes; with fronts, of edge[]: in the front */
    int64_t *column;    /* n_free + 1: first entry; those of a batch lie alternately, a column's `lanes` apart */
    int32_t *length;    /* n_free: entries of a column */
    uint8_t *lanes;     /* n_free: columns of the batch that the column is in, 1: none */
    int32_t *row;       /* the later vertices of a column, ascending; columns of a front share them */
    int64_t n_parts;    /* 0 where there are fronts */
    mn_kron_part *part; /* n_parts: lower levels first */
    int64_t n_runs;
    mn_kron_run *run; /* n_runs: part by part */
    int64_t n_rest;
    int32_t *rest; /* n_rest: slots of the pairs (i, j > i) of a supernode's last column, the last row first; each row
                      is filled up to a multiple of MN_KRON_BATCH with slots of the first column, to which 0 is added */
    uint8_t *rest_pair; /* of each MN_KRON_BATCH slots of a supernode, whichever it is, how far before the end of its
                           columns i and the first j are */
    /* without fronts, where conductances go, turned around: */
    int32_t *first_edge; /* n_entries: the first edge of a slot; 0 where there is none */
    int32_t *empty;      /* n_empty: entries without an edge, ascending */
    int32_t *further; /* n_further: edges that are not the first of a slot, or are of one behind the entries; by slot */
    int64_t n_empty, n_further;
    int64_t *pair;      /* n_free + 1: first pair update */
    int32_t *target;    /* n_listed: slot that the update is added to; pairs (i, j > i) of a column in row order */
    int64_t *first_row; /* n_free: where the rows of a column begin in row[]; that of column[] without fronts */
    int64_t n_fronts;
    mn_kron_front *front; /* n_fronts: children before parents */
    int64_t n_quartets;
    mn_kron_quartet *quartet; /* n_quartets */
    int64_t n_quartet;        /* numbers in the block of the largest of their fronts */
    int64_t n_leaves;         /* doubles of all their rests */
    int32_t *place; /* n_places: where rows of fronts stand in those of their parents, or which electrode it is */
    int32_t *edge;  /* n_edges: edges by front, behind them those that have none */
    int32_t *owner; /* n_edges: the front of an edge, n_fronts for none */
    int64_t n_rows; /* length of row[] */
    int64_t n_places;
    int64_t n_block; /* doubles that rests need, when each goes as soon as its parent has it */
    int64_t n_kept;  /* doubles of all rests */
    int64_t stride;  /* rows, and numbers in one, of the largest front */
    /* n_electrodes: the later electrodes to which one can have a terminal weight lie in [terminal_first, terminal_end),
     * which is empty where there is none; terminal weights outside stay 0 */
    int32_t *terminal_first, *terminal_end;
    int32_t *island_node; /* n_island_nodes: nodes with no path of edges to an electrode */
    mn_pool pool;         /* of the arrays */
} mn_kron_schedule;

/* The first part of the level of which the last one is end - 1. */
static inline int64_t mn_kron_level_begin(const mn_kron_schedule *s, int64_t end)
{
    int64_t begin = end - 1;
    while (begin > 0 && s->part[begin - 1].level == s->part[end - 1].level) {
        begin--;
    }
    return begin;
}

/* The part behind the last one of a level, of which the first one is `begin`. */
static inline int64_t mn_kron_level_end(const mn_kron_schedule *s, int64_t begin)
{
    int64_t end = begin + 1;
    while (end < s->n_parts && s->part[end].level == s->part[begin].level) {
        end++;
    }
    return end;
}

/* Entry q of column k; that with q = length[k] ends a loop. */
static inline int64_t mn_kron_entry(const mn_kron_schedule *s, int64_t k, int64_t q)
{
    return s->column[k] + q * s->lanes[k];
}

#endif
