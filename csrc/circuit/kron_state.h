/* What the files of the Kron backend work on: schedule, factor and work space. */
#ifndef MN_KRON_STATE_H
#define MN_KRON_STATE_H

#include "circuit/kron_schedule.h"
#include "circuit/solver.h"

/* Electrodes eliminated from the terminal mesh in one pass. */
enum { MN_KRON_PANEL = 8 };

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

/* Work space of a group of replicas; the lanes of an element lie side by side, on a cache line of their own. */
typedef struct {
    double *weight;    /* n_slots x 8: w, then, column by column, p in its place; NULL before the first group */
    double *potential; /* vertices x 8 */
    double *star;      /* n_longest x 8: the column at hand */
    /* of conductances that lie in lanes, in the order in which slots take them: */
    int32_t *edge_place;  /* n_edges: where an edge is */
    int32_t *first_place; /* n_entries: where the first edge of a slot is; of a slot without one, where any is */
    int64_t n_dead[MN_MOST_TOGETHER];
    mn_pool pool; /* of the arrays */
} mn_kron_replicas;

/* Work space of a thread that eliminates fronts; of each line of eight numbers the first lies on a cache line of its
 * own. */
typedef struct {
    double *front;   /* stride^2: the one at hand */
    double *panel;   /* MN_KRON_PIVOTS x stride: shares of its pivots */
    double *quartet; /* MN_KRON_BATCH x (n_quartet + n_longest): blocks of four listed fronts, then shares */
    double *block;   /* rests of those whose parents are to come, from that on which mn_kron_front.block calls `base` */
    int64_t base;
} mn_kron_space;

typedef struct {
    const mn_network *network;
    mn_cancel *cancel;
    mn_kron_schedule schedule;
    mn_threads *threads;               /* NULL for one; what else they need: */
    struct mn_kron_subtrees *subtrees; /* where there are fronts */
    struct mn_kron_apart *apart;       /* where there are none */
    const int32_t *target;             /* of listed updates, as schedule.target or apart->target has them */
    mn_kron_gather gather;
    /* the factor */
    bool has_factor;
    bool has_updates; /* update[], or kept[], belongs to this factor */
    int64_t n_dead;   /* free vertices with W_k = 0 */
    int32_t *dead;    /* n_fronts + n_parts: of these, at the last elimination */
    int64_t n_columns;
    double *weight;      /* n_slots: w */
    double *share;       /* n_entries: p */
    double *total;       /* n_free: W */
    double *update;      /* n_listed: the pair updates */
    double *column;      /* n_longest: the one being redone */
    mn_kron_space space; /* for fronts of the whole tree */
    double *leaves;      /* n_leaves: rests of fronts in quartets */
    /* of all fronts, for factors that say what has changed: */
    double *kept;  /* n_kept: rests, where has_updates */
    uint8_t *redo; /* n_fronts + 1, the last for the terminals */
    /* work space of solve() */
    double *potential; /* vertices */
    double *current;   /* vertices: injected, carried forward */
    uint8_t *reached;  /* vertices */
    double *mesh;      /* n_electrodes^2 */
    double *mesh_total;
    int64_t n_pivots;       /* electrodes eliminated from the mesh */
    int32_t *pivot;         /* n_pivots: in the order of their elimination */
    uint8_t *is_pivot;      /* n_electrodes */
    double *mesh_star;      /* MN_KRON_PANEL x n_electrodes: rows at hand */
    double *mesh_share;     /* MN_KRON_PANEL x n_electrodes */
    double *mesh_potential; /* n_electrodes */
    double *mesh_flow;      /* n_electrodes */
    mn_kron_replicas replicas;
    mn_pool pool; /* of the arrays but those of the schedule and of the replicas */
} mn_kron;

/* Room for fronts of up to `stride` rows, n_block numbers in rests, and quartets of blocks of n_quartet numbers. Errors
 * are those of the pool. */
void mn_kron_space_alloc(mn_kron_space *space, mn_pool *pool, int64_t stride, int64_t n_block, int64_t n_quartet);

#endif
