/* memnet: simulation of self-organised memristive networks. The public C header.
 *
 * Conventions
 *   A fallible function returns int: MN_OK or a negative MN_ERR_ code, which must be used. Details go to an mn_error,
 *   for which NULL may be given.
 *   The caller owns the structs; <noun>_init allocates only their inside, <noun>_free releases it, is safe
 *   after a failed init and may be called twice. Inputs come first, outputs last.
 *   Sizes are int64_t, ids int32_t with -1 for none. SI units; lengths of disc networks in particle diameters (pd).
 *   Nothing in the library prints, keeps a mutable global or uses libm where its bits would show in a result.
 */
#ifndef MEMNET_H
#define MEMNET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/numbers.h"

#define MN_VERSION "0.1.0"
#define MN_CHECKED __attribute__((warn_unused_result))

/* ------------------------------------------------------------------ base/error */

enum mn_error_index {
    MN_INDEX_OK = 0,
#define MN_ERROR(code, exception, sentence) MN_INDEX_##code,
#include "base/errors.def"
#undef MN_ERROR
    MN_N_ERRORS
};

enum mn_error_code {
    MN_OK = 0,
#define MN_ERROR(code, exception, sentence) MN_ERR_##code = -MN_INDEX_##code,
#include "base/errors.def"
#undef MN_ERROR
};

/* Where a failure happened. Filled at the place of failure; what does not apply is -1, nan or NULL. */
typedef struct {
    int code;
    int64_t replica; /* of mn_solver_solve_many */
    int64_t step;
    double time; /* s */
    int32_t edge;
    int32_t node;
    int32_t node_b; /* the edge's other end */
    int32_t electrode;
    double value;      /* the offending value */
    const char *model; /* device model */
    const char *noun;  /* what the value is: a field of the model, or an argument */
    const char *check; /* the parameter to look at first */
    double check_value;
    const char *check_unit;
    double limit; /* which the value has passed */
    const char *limit_unit;
    int backend_status; /* the backend's own code, e.g. UMFPACK's */
} mn_error;

/* Nothing applies: how an error begins. */
mn_error mn_error_none(void);
void mn_error_clear(mn_error *error);
/* Sets the code, leaves the rest, returns the code: `return mn_error_set(error, MN_ERR_...)`. NULL is allowed. */
int mn_error_set(mn_error *error, int code);
/* The same for a value that is refused: what it is, and itself. */
int mn_error_refuse(mn_error *error, int code, const char *noun, double value);
/* The sentence of a code; "ok" for 0, "unknown error" for anything else that is not a code. */
const char *mn_error_sentence(int code);
/* The name of the Python exception that stands for a code. */
const char *mn_error_exception(int code);
/* One line for a person, at most `size` bytes with the final zero:
 * "step 1204: conductance of edge 812 (n17-n93) is nan; check RateBalance.eta_p (38 1/V)". */
void mn_error_message(const mn_error *error, char *text, size_t size);

/* A broken invariant is a bug of ours, not of the caller: stays on in release builds. */
#define mn_bug_unless(condition)                                                                                       \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            return MN_ERR_BUG;                                                                                         \
        }                                                                                                              \
    } while (0)

/* ------------------------------------------------------------------ base/cancel */

/* The caller's wish that a long call stops, set to true from another thread while the call works. Calls that take one
 * (NULL: nobody will wish it) look at it again and again, and end with MN_ERR_INTERRUPTED as with any other error:
 * nothing that they made is left. The flag is the caller's, who also sets it back. */
typedef atomic_bool mn_cancel;

/* ------------------------------------------------------------------ base/memory */

/* Zeroed memory for `count` objects of `size` bytes; NULL where there is none, where the product overflows, and in
 * the test build at the call that is told to fail. A count of 0 gives a pointer that may be freed. */
void *mn_alloc(int64_t count, size_t size) MN_CHECKED;
/* Grows or shrinks; the old block stays valid when NULL is returned. New bytes are not zeroed. */
void *mn_realloc(void *block, int64_t count, size_t size) MN_CHECKED;
void mn_dealloc(void *block); /* NULL is allowed */

/* Blocks that are released together. A zeroed one is empty. */
typedef struct {
    void *last; /* block */
    int code;   /* NO_MEMORY once a block was not to be had, else MN_OK */
} mn_pool;
/* As mn_alloc, for `size` > 0. After a failure every further one fails: allocate all, then look at pool->code once. */
void *mn_pool_alloc(mn_pool *pool, int64_t count, size_t size) MN_CHECKED;
/* The same without zeros: what nobody writes to costs nothing. */
void *mn_pool_room(mn_pool *pool, int64_t count, size_t size) MN_CHECKED;
void mn_pool_join(mn_pool *pool, mn_pool *more); /* takes over all blocks of another, which is then empty and good */
void mn_pool_free(mn_pool *pool);                /* the pool is then empty and good */

/* ------------------------------------------------------------------ base/threads */

enum { MN_MOST_THREADS = 1024 };

/* Threads that work together on one call after the other: the caller's and n - 1 more, which wait in between. One call
 * at a time may use them. A child of the process (fork) that made them works on with the caller's alone. */
typedef struct mn_threads mn_threads;

/* n from 1, for which *threads is NULL, to MN_MOST_THREADS. Errors: BAD_ARGUMENT (error->value), NO_MEMORY, NO_THREAD.
 */
int mn_threads_init(mn_threads **threads, int64_t n, mn_error *error) MN_CHECKED;
void mn_threads_free(mn_threads *threads); /* NULL is allowed */

/* ------------------------------------------------------------------ network/network */

typedef struct {
    int64_t n_nodes;
    int64_t n_edges;
    int64_t n_electrodes;
    int32_t *a;         /* n_edges: first end; branch voltage is v[a] - v[b] */
    int32_t *b;         /* n_edges: second end */
    double *length;     /* n_edges, or NULL: gap length (pd) */
    int32_t *electrode; /* n_nodes: electrode of the node, -1 for a free node */
    int32_t *component; /* n_nodes: id of the connected component, electrodes joined into one node each */
    int32_t *column;    /* n_nodes, or NULL: where the nodes are in a lattice, in columns and rows */
    int32_t *row;
    int64_t n_components;
    int64_t n_islands; /* components without an electrode */
    int64_t n_island_nodes;
    struct mn_kept *kept; /* what solvers found out about it; NULL: nothing is kept */
    mn_pool pool;         /* of the arrays */
} mn_network;

/* A network from its edges (n_edges pairs a, b in a row). Copies everything. `length` may be NULL. `electrode` gives
 * the electrode of each node or -1, NULL for none; ids are below n_electrodes and each has at least one node. O(nodes +
 * edges). Errors: BAD_EDGE (error->edge), BAD_ARGUMENT, TOO_LARGE, NO_MEMORY. */
int mn_network_init(mn_network *network, int64_t n_nodes, int64_t n_edges, const int32_t *edges, const double *length,
                    int64_t n_electrodes, const int32_t *electrode, mn_error *error) MN_CHECKED;
void mn_network_free(mn_network *network);
/* Says where nodes are (n_nodes pairs x, y), which helps solvers where these are the places of a lattice: few different
 * coordinates. Of others nothing is kept. O(nodes). Error: NO_MEMORY. */
int mn_network_place(mn_network *network, const double *position, mn_error *error) MN_CHECKED;
/* From now on the analyses of solvers are kept until the network is freed, so that the next solver on it, in whatever
 * thread, need not make them again. Error: NO_MEMORY. */
int mn_network_keep(mn_network *network) MN_CHECKED;
/* Number of edges on the path of least resistance from electrode `from` to electrode `to`, each edge a resistance
 * exp(beta * length), or 1 where the network has no lengths; -1 where there is no path. O(E log E). */
int mn_network_path(const mn_network *network, double beta, int32_t from, int32_t to, int64_t *n_path) MN_CHECKED;

/* ------------------------------------------------------------------ network/discs */

typedef struct {
    double width, height; /* pd, > 0 */
    double coverage;      /* inside (0, 0.6763) */
    double max_gap;       /* pd, > 0: pairs of groups closer than this are gaps */
    bool periodic_x, periodic_y;
    uint64_t seed;
    mn_cancel *cancel; /* for mn_discs_init, NULL for none */
} mn_discs_options;

/* Discs of diameter 1 thrown at random, the groups of those that overlap, and the gaps between groups. */
typedef struct {
    mn_discs_options options;
    int64_t n_discs;
    double *x, *y;  /* n_discs: centres (pd) */
    int32_t *group; /* n_discs: group of the disc; groups are numbered by their first disc */
    int64_t n_groups;
    double *group_x, *group_y; /* n_groups: mean centre of the discs */
    int64_t n_gaps;
    int32_t *gap;       /* 2 n_gaps: groups (a < b), sorted by (a, b), one gap a pair */
    int32_t *gap_disc;  /* 2 n_gaps: the two discs nearest to each other, of a and of b */
    double *gap_length; /* n_gaps: shortest centre distance - 1 (pd), 0 < length < max_gap */
    mn_pool pool;       /* of the arrays */
} mn_discs;

/* n_discs = round(-ln(1 - coverage) 4/pi width height) discs, uniform. O(n_discs) by cell lists and union-find.
 * Errors: COVERAGE, BAD_ARGUMENT, TOO_LARGE, NO_MEMORY, INTERRUPTED. */
int mn_discs_init(mn_discs *discs, const mn_discs_options *options, mn_error *error) MN_CHECKED;
void mn_discs_free(mn_discs *discs);

/* ------------------------------------------------------------------ network/wires */

typedef struct {
    double width, height; /* > 0: the box that the centres lie in */
    int64_t n_wires;      /* >= 1 */
    double length;        /* > 0: mean of the normal distribution that lengths are drawn from */
    double length_sd;     /* >= 0: its standard deviation; lengths are drawn again until they are > 0; 0: all equal */
    double direction;     /* turns, from the x axis */
    double spread;        /* turns, >= 0: standard deviation of the direction; inf: every direction is as likely */
    uint64_t seed;
    int64_t max_bytes; /* memory that may be used at a time, >= 0; 0: 16 GiB */
    mn_cancel *cancel; /* for mn_wires_init, NULL for none */
} mn_wires_options;

/* Straight wires and the junctions where two of them meet: cross, touch or overlap. Lengths in any one unit. */
typedef struct {
    double grid; /* coordinates are multiples of this power of two */
    int64_t n_wires;
    double *end;    /* 4 n_wires: x, y of the first end, x, y of the second */
    double *length; /* n_wires */
    int64_t n_junctions;
    int32_t *junction; /* 2 n_junctions: wires (a < b), sorted by (a, b), one junction a pair */
    double *along;     /* 2 n_junctions: place on a and on b, as fractions of the wire from its first end */
    double *point;     /* 2 n_junctions: x, y */
    mn_pool pool;      /* of the arrays */
} mn_wires;

/* Wires thrown at random, centres uniform in the box; wires may reach out of it. Meetings are decided exactly for ends
 * on the grid, which is at most 2^-49 of the extent. O(n_wires + n_junctions) by cell lists.
 * Networks that would need too much memory are refused before it is allocated, or before most of the work is done: see
 * expected_junctions and try_sample. Errors: BAD_ARGUMENT, WIRE_LENGTH (a length that is not positive, or below 8 units
 * of the grid), TOO_LARGE (error->value: an estimate of the memory, GB), NO_MEMORY, INTERRUPTED. */
int mn_wires_init(mn_wires *wires, const mn_wires_options *options, mn_error *error) MN_CHECKED;
/* The same from given ends (4 n_wires, as in mn_wires), which are rounded to the grid: ends that are multiples of
 * 2^-49 times the largest coordinate stay as they are. Errors: BAD_ARGUMENT, WIRE_LENGTH (error->node: the wire),
 * TOO_LARGE (as above), NO_MEMORY, INTERRUPTED. max_bytes and cancel as in mn_wires_options. */
int mn_wires_place(mn_wires *wires, int64_t n_wires, const double *end, int64_t max_bytes, mn_cancel *cancel,
                   mn_error *error) MN_CHECKED;
void mn_wires_free(mn_wires *wires);
/* Which wires have a point in common with a pad: a closed rectangle (may be unbounded) or disc, rounded to the grid and
 * then exact. inside (2 n_wires): the part of the wire in the pad, as fractions of the wire; nan where there is none.
 * Errors: BAD_ARGUMENT (a rectangle turned round; a disc much farther away or larger than the network). */
int mn_wires_rectangle(const mn_wires *wires, double x_low, double x_high, double y_low, double y_high, double *inside,
                       int64_t *n_touching) MN_CHECKED;
int mn_wires_disc(const mn_wires *wires, double x, double y, double radius, double *inside,
                  int64_t *n_touching) MN_CHECKED;

/* ------------------------------------------------------------------ network/lattices */

/* The diagonals of a grid's cells, and their names in Python. */
#define MN_DIAGONALS(X) X(NONE, "none") X(RANDOM, "random") X(BOTH, "both")
typedef enum {
#define MN_MEMBER(name, text) MN_DIAGONALS_##name,
    MN_DIAGONALS(MN_MEMBER)
#undef MN_MEMBER
} mn_diagonals;

typedef struct {
    int64_t n_nodes;
    int64_t n_edges;
    int32_t *edge; /* 2 n_edges: nodes (a < b), sorted by (a, b) */
} mn_lattice;

/* A square grid; node = row * columns + column. Each cell has no diagonal, one of its two with equal chance, or both.
 * O(nodes). Errors: BAD_ARGUMENT, TOO_LARGE, NO_MEMORY, INTERRUPTED. */
int mn_grid_init(mn_lattice *lattice, int64_t rows, int64_t columns, mn_diagonals diagonals, uint64_t seed,
                 mn_cancel *cancel, mn_error *error) MN_CHECKED;
/* A graph with round(n_nodes degree / 2) edges, all such graphs being equally likely: `degree` is the mean one. It need
 * not be connected. O(nodes + edges). Errors: BAD_ARGUMENT, TOO_LARGE, NO_MEMORY, INTERRUPTED. */
int mn_random_network_init(mn_lattice *lattice, int64_t n_nodes, double degree, uint64_t seed, mn_cancel *cancel,
                           mn_error *error) MN_CHECKED;
void mn_lattice_free(mn_lattice *lattice);

/* ------------------------------------------------------------------ circuit: see circuit/solver.h for backends */

typedef enum { MN_FLOATING = 0, MN_VOLTAGE = 1, MN_CURRENT = 2 } mn_role;

/* What is done to each electrode at one moment. Current is positive into the network. */
typedef struct {
    const uint8_t *role; /* n_electrodes: mn_role */
    const double *value; /* n_electrodes: V or A; ignored where floating */
    const double *imag;  /* imaginary parts, NULL for a real problem */
} mn_boundary;

/* Arrays are the caller's; any may be NULL where it is not wanted. */
typedef struct {
    double *potential;      /* n_nodes (V); nan where no path of conductances > 0 leads to a driven electrode */
    double *potential_imag; /* n_nodes, complex problems only */
    double *voltage;        /* n_electrodes (V), nan as above */
    double *voltage_imag;
    double *current; /* n_electrodes (A) into the network */
    double *current_imag;
    double *conductance; /* 1 (S): from the first driven electrode to the other driven ones joined, floating ones left
                            floating; nan with fewer than two driven. Real problems only. */
} mn_solution;

typedef struct {
    int64_t n_free;       /* free nodes that are eliminated */
    int64_t n_entries;    /* stored entries of the factor */
    int64_t n_updates;    /* pair updates of one factorisation */
    int64_t bytes;        /* memory of the schedule */
    int64_t n_columns;    /* columns redone by the last factor() */
    double rcond;         /* reciprocal condition estimate, nan where the backend has none */
    double error_bound;   /* of the last solve: of potentials, relative to the largest, and of currents likewise; nan
                             where the backend needs none, inf where no digit is certain */
    bool ill_conditioned; /* error_bound is above MN_ERROR_BOUND */
    bool underflow;       /* some result of the last solve is too small for a double to hold in full (2.2e-308) */
} mn_solver_info;

/* Errors up to here are taken for granted with umfpack, and with complex values. */
#define MN_ERROR_BOUND 1e-10

/* As in mn_solver_info, the worst of some solves. */
typedef struct {
    double rcond;
    double error_bound;
    bool underflow;
} mn_accuracy;

typedef struct {
    const struct mn_solver_ops *ops;
    void *state;
    const mn_network *network; /* must outlive the solver */
    struct mn_scaling *scaling;
    bool has_factor;
    mn_accuracy accuracy; /* of the last call: solve, solve_many or terminal */
    mn_cancel *cancel;    /* must outlive the solver; NULL for none */
    mn_threads *threads;  /* the same */
} mn_solver;

/* How much is done for an elimination order with few updates (kron): approximate minimum degree alone; nested
 * dissection tried as well where that pays within some hundred factorisations, and taken where it saves 15 % of the
 * updates; or several dissections, and the best of all taken. Another order gives other last bits. */
typedef enum { MN_ORDER_AUTO, MN_ORDER_FAST, MN_ORDER_BEST } mn_order;

/* name: "kron" or "umfpack". Analyses the topology once. `cancel` is looked at here and in every call of the solver,
 * between calls of SuiteSparse, which cannot be stopped. Errors: UNKNOWN_SOLVER, NO_ELECTRODE, TOO_LARGE, NO_MEMORY,
 * UMFPACK, INTERRUPTED. */
int mn_solver_init(mn_solver *solver, const char *name, const mn_network *network, bool complex_values,
                   mn_cancel *cancel, mn_error *error) MN_CHECKED;
/* The same with an order, which only kron takes; mn_solver_init has MN_ORDER_AUTO. */
int mn_solver_init_ordered(mn_solver *solver, const char *name, const mn_network *network, bool complex_values,
                           mn_order order, mn_cancel *cancel, mn_error *error) MN_CHECKED;
/* Lets calls that follow work with several threads, which must outlive the solver; the bits are those of one. Allocates
 * what that takes. NULL, and backends other than kron: the caller's alone. Errors: NO_MEMORY, TOO_LARGE, after which it
 * is so, too. */
int mn_solver_use_threads(mn_solver *solver, mn_threads *threads, mn_error *error) MN_CHECKED;
/* Takes new conductances (n_edges, S; imag NULL for real): any doubles, with at most 298 decades between the largest
 * and the smallest that joins parts of the network which larger ones do not. Those, and drives, that are far from 1 are
 * scaled by powers of two, which is exact. n_changed < 0: any may have changed; otherwise only those of the edges
 * listed in `changed` differ from the last call. The bits of the factor do not depend on which way was used. A failed
 * factor leaves the solver without a factor: the next call redoes everything, solve() is then NO_FACTOR. Errors:
 * CONDUCTANCE, NEGATIVE_CONDUCTANCE, RANGE (error->edge, value), UMFPACK, NO_MEMORY, INTERRUPTED. */
int mn_solver_factor(mn_solver *solver, const double *conductance, const double *imag, int64_t n_changed,
                     const int32_t *changed, mn_error *error) MN_CHECKED;
/* Solves with the last factor. `injected` (n_nodes, A into the node; NULL for none). With no voltage-driven electrode
 * the currents must sum to zero and the first electrode is at 0 V. Allocates nothing in the kron backend. Errors:
 * NO_FACTOR, NO_DRIVE, CURRENT_ISLAND, CURRENT_SUM, SINGULAR, NOT_FINITE_POTENTIAL, RANGE, UMFPACK. */
int mn_solver_solve(mn_solver *solver, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                    const mn_solution *solution, mn_error *error) MN_CHECKED;
/* factor() and solve() for many sets of conductances on one network: replica r has row r of `conductance` (n_replicas x
 * n_edges) and of boundary->value (n_replicas x n_electrodes), and all have the same roles. Each array of `solution`
 * has one row (conductance: one number) a replica. Real problems only. The bits are those of one replica after the
 * other; the kron backend takes 8 at once in SIMD lanes where it has no fronts (lattices have), with memory that
 * it allocates at the first call and keeps. Afterwards the solver is without a factor. Errors: those of factor() and
 * solve() with error->replica, of the first replica that fails; the rows before it are written. NO_MEMORY,
 * UNSUPPORTED (imaginary parts). */
int mn_solver_solve_many(mn_solver *solver, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                         const mn_solution *solution, mn_error *error) MN_CHECKED;
/* Terminal conductance matrix (n_electrodes x n_electrodes, S, row major): current = matrix * voltage, all driven.
 * Errors: those of solve(). */
int mn_solver_terminal(mn_solver *solver, double *matrix, mn_error *error) MN_CHECKED;
/* No solve yet. */
mn_accuracy mn_accuracy_none(void);
/* Makes *worst the worse of the two. */
void mn_accuracy_join(mn_accuracy *worst, const mn_accuracy *accuracy);
void mn_solver_info_get(const mn_solver *solver, mn_solver_info *info);
void mn_solver_free(mn_solver *solver);

/* ------------------------------------------------------------------ devices: see devices/device.h for models */

typedef struct mn_device_model mn_device_model;

int64_t mn_model_count(void);
const mn_device_model *mn_model_get(int64_t index);     /* NULL outside the list */
const mn_device_model *mn_model_find(const char *name); /* NULL where there is none */

/* ------------------------------------------------------------------ drive: see drive/waves.def for the waveforms */

typedef enum {
#define MN_LEAF(kind, ...) MN_WAVE_##kind,
#define MN_NODE(kind, ...) MN_WAVE_##kind,
#include "drive/waves.def"
#undef MN_LEAF
#undef MN_NODE
    MN_WAVE_N
} mn_wave_kind;

/* One node of a waveform expression; children of a node stand before it in the array. */
typedef struct {
    mn_wave_kind kind;
    double p[6];       /* the numbers among its arguments */
    int64_t n_samples; /* length of `samples` */
    double *samples;   /* the arrays among its arguments, of one length, one after the other */
    int64_t n_children;
    int32_t *children; /* indices of nodes that stand before this one */
    double reached;    /* a boundary this close, as a part of its own period, counts as reached: mn_drive_init's */
} mn_wave;

typedef struct {
    int64_t n_electrodes;
    int64_t n_waves;
    mn_wave *wave; /* n_waves, own copies */
    int32_t *root; /* n_electrodes: the wave of each electrode, -1 for floating */
} mn_drive;

/* Copies everything. Checks the expression: finite parameters, positive periods, one role in a sum, no cycles.
 * Errors: BAD_ARGUMENT (error->electrode, value; error->noun names what), NO_MEMORY. */
int mn_drive_init(mn_drive *drive, int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave,
                  mn_error *error) MN_CHECKED;
void mn_drive_free(mn_drive *drive);
/* role and value (n_electrodes) at time t (s). A boundary that lies within 1e-9 of its own period after t counts as
 * reached, so that t = step * dt may be rounded. */
void mn_drive_evaluate(const mn_drive *drive, double t, uint8_t *role, double *value);
/* One wave alone, for plots and tests. */
double mn_wave_evaluate(const mn_drive *drive, int32_t wave, double t, uint8_t *role);

/* Where a waveform jumps, or turns: has another slope or curvature from there on. */
typedef struct {
    double time; /* s; infinite: there is none */
    bool jump;
} mn_corner;

/* The first corner after t (s); until then the wave is smooth, up to the 1e-9 of mn_drive_evaluate. Pieces that join
 * with equal values and slopes count as a corner, too. Nothing is allocated. */
mn_corner mn_wave_next_corner(const mn_drive *drive, int32_t wave, double t);

/* ------------------------------------------------------------------ simulate/recorder */

/* What a channel copies, and its name for Python. */
#define MN_QUANTITIES(X)                                                                                               \
    X(CURRENT, "current")                   /* index: electrodes (A) */                                                \
    X(VOLTAGE, "voltage")                   /* index: electrodes (V) */                                                \
    X(LIMITED, "limited")                   /* index: electrodes; 1: its current is at its limit, 0: it is not */      \
    X(CONDUCTANCE, "conductance")           /* 1 (S) */                                                                \
    X(POTENTIAL, "potential")               /* index: nodes (V) */                                                     \
    X(BRANCH_VOLTAGE, "branch_voltage")     /* index: edges (V) */                                                     \
    X(BRANCH_CURRENT, "branch_current")     /* index: edges (A), from a to b */                                        \
    X(EDGE_CONDUCTANCE, "edge_conductance") /* index: edges (S) */                                                     \
    X(STATE, "state")                       /* index: of `population`, the numbers of `field` */                       \
    X(MEMBER_CURRENT, "member_current")     /* index: nodes of one electrode (A): into the network at each */

typedef enum {
#define MN_MEMBER(name, text) MN_RECORD_##name,
    MN_QUANTITIES(MN_MEMBER)
#undef MN_MEMBER
        MN_RECORD_N
} mn_quantity;

/* One recorded quantity. It writes a row of `width` doubles at step k when k % every == 0, or, where `steps` is given,
 * when k is in that sorted list. The buffer is the caller's. With `left`, which only adaptive steps know, a row at
 * which the drive jumps is the circuit before the jump; all others are the same without. */
typedef struct {
    mn_quantity quantity;
    int64_t width;
    int32_t *index;     /* width, own copy */
    int32_t population; /* MN_RECORD_STATE only */
    int32_t field;      /* MN_RECORD_STATE only: index in the field table */
    bool left;          /* of a jump */
    int64_t every;
    int64_t n_steps;
    int64_t *steps;   /* own copy, or NULL */
    double *rows;     /* caller's */
    int64_t capacity; /* rows */
    int64_t n_rows;   /* rows written */
} mn_channel;

typedef struct {
    int64_t n_channels;
    mn_channel *channel;
} mn_recorder;

/* ------------------------------------------------------------------ simulate/simulation */

/* A device model and the edges it sits on: see devices/device.h. */
typedef struct mn_device_spec mn_device_spec;

typedef struct {
    const char *solver;
    double dt; /* s, > 0 */
    uint64_t seed;
    bool incremental;  /* redo only what a changed edge reaches; the bits are the same */
    bool event_driven; /* skip solves between events where every model allows it; the bits are the same */
    mn_cancel *cancel; /* for every call, as in mn_solver_init; must outlive the simulation; NULL for none */
    double rtol;       /* of adaptive steps, MN_LEAST_RTOL to MN_MOST_RTOL; 0 for steps of the length dt */
    mn_order order;
    int64_t n_threads; /* that a step works with, to MN_MOST_THREADS; 0: one. The bits are the same */
} mn_simulation_options;

/* Beyond this errors of adaptive steps say nothing. */
#define MN_MOST_RTOL 0.5
#define MN_LEAST_RTOL 1e-14 /* what rounding leaves of an error */

typedef enum { MN_DONE = 0, MN_BUDGET = 1 } mn_reason;

typedef struct {
    int64_t n;
    int64_t capacity;
    int64_t *step; /* step whose voltages caused the event */
    double *time;  /* s: of that step, or where a threshold was reached after it */
    int32_t *edge;
    int8_t *kind; /* +1 closed, -1 opened, or the model's own */
    mn_pool pool; /* of the arrays */
} mn_event_log;

typedef struct {
    int64_t n_solves;  /* factor + solve */
    int64_t n_columns; /* factor columns redone */
    int64_t n_events;
    int64_t n_active_steps; /* member steps taken between solves */
} mn_counters;

/* Of steps whose length is not dt. */
typedef struct {
    int64_t n_steps;   /* taken */
    int64_t n_refused; /* tried and not taken */
    int64_t n_factorisations;
    int64_t n_solves;
    int64_t n_negative; /* factorisations with a negative companion, by umfpack */
} mn_step_counters;

typedef struct mn_population mn_population;

typedef struct {
    /* parameters */
    const mn_network *network; /* must outlive the simulation */
    mn_simulation_options options;
    mn_drive drive;
    /* state */
    int64_t step;
    mn_solver solver;
    mn_solver other_solver; /* of the other kind, for drives that want it; without a state before the first */
    int64_t n_populations;
    mn_population *population;
    mn_recorder recorder;
    mn_event_log events;
    double *conductance; /* n_edges: of the last solve */
    double *potential;   /* n_nodes */
    double *voltage;     /* n_electrodes */
    double *current;     /* n_electrodes: of many driven ones once they are found (simulate/engine.h) */
    double terminal_conductance;
    bool solved;              /* false before the first step and after a state was set */
    mn_accuracy accuracy;     /* of all solves since the caller set it to mn_accuracy_none() */
    struct mn_engine *engine; /* work arrays of the step loop */
    mn_threads *threads;      /* NULL for one */
    mn_pool pool;             /* of all arrays but those of what the simulation holds */
    /* counters */
    mn_counters counters;
    mn_step_counters step_counters;
} mn_simulation;

/* Every edge belongs to exactly one device. Copies specs, waves and parameters; keeps the network's address.
 * Errors: those of the solver, UNKNOWN_MODEL, PARAMETER (error->model, noun, edge, value), NEEDS_LENGTH, BAD_ARGUMENT,
 * NOT_SMOOTH (rtol > 0; error->model, and where it is one choice of it: noun, edge, value). */
int mn_simulation_init(mn_simulation *simulation, const mn_network *network, int64_t n_devices,
                       const mn_device_spec *device, int64_t n_waves, const mn_wave *wave, const int32_t *root,
                       const mn_simulation_options *options, mn_error *error) MN_CHECKED;
void mn_simulation_free(mn_simulation *simulation);
/* Takes at most n_steps, and about `budget` seconds (inf: no limit) or until the event log may overflow. Allocates
 * nothing. On an error the simulation stays at the last good step and may go on after set_state.
 * *reason: MN_DONE or MN_BUDGET; *n_done: steps taken. */
int mn_simulation_run(mn_simulation *simulation, int64_t n_steps, double budget, mn_reason *reason, int64_t *n_done,
                      mn_error *error) MN_CHECKED;
/* Solves at the present step without recording or advancing, so that potential, current and conductance are those of
 * the next row. */
int mn_simulation_solve(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* The same of the circuit at rest, where charges carry nothing while all other states are what they are: allocates what
 * that takes, once. A node that nothing but charges or currents that are held reaches has no potential: nan. */
int mn_simulation_solve_static(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Replaces the drive of the electrodes, not the waveforms of devices; the step goes on counting. */
int mn_simulation_set_drive(mn_simulation *simulation, int64_t n_waves, const mn_wave *wave, const int32_t *root,
                            mn_error *error) MN_CHECKED;
/* State or parameter `field` (table index) of the members of a population; n values, n width of a vector. Finite and
 * within the field's range, of a state with ranges of its members' own within these; of a count what it is. Errors:
 * PARAMETER, BAD_ARGUMENT (an output too). */
int mn_simulation_set_field(mn_simulation *simulation, int64_t population, int64_t field, const double *value,
                            mn_error *error) MN_CHECKED;
const double *mn_simulation_field(const mn_simulation *simulation, int64_t population, int64_t field);
/* Ends of the ranges of a state's members: n values, or NULL where these are those of its table. */
const double *mn_simulation_low(const mn_simulation *simulation, int64_t population, int64_t field);
const double *mn_simulation_high(const mn_simulation *simulation, int64_t population, int64_t field);
/* v[a] - v[b] of every edge at the last solve, 0 where a node has no potential. */
void mn_simulation_branch_voltage(const mn_simulation *simulation, double *v);
/* Current from a to b through every edge at the last solve, its device's source included; 0 where a node has no
 * potential. */
void mn_simulation_branch_current(const mn_simulation *simulation, double *i);
/* Adds a channel; index and steps are copied. Errors: BAD_ARGUMENT (index or field out of range), NO_MEMORY. */
int mn_simulation_record(mn_simulation *simulation, const mn_channel *channel) MN_CHECKED;
/* Points channel `k` at a buffer and starts counting its rows at 0. */
int mn_simulation_bind(mn_simulation *simulation, int64_t k, double *rows, int64_t capacity) MN_CHECKED;
void mn_simulation_record_clear(mn_simulation *simulation);
/* Whether some model has a threshold, so that events have times between those of rows. */
bool mn_simulation_locates_events(const mn_simulation *simulation);
/* Forgets the logged events (after the caller copied them). */
void mn_simulation_events_clear(mn_simulation *simulation);
/* Walks every invariant: counts, ranges, active lists, equality of kept and recomputed conductances. For tests. */
int mn_simulation_verify(mn_simulation *simulation, mn_error *error) MN_CHECKED;

/* ------------------------------------------------------------------ simulate/checkpoint */

typedef struct {
    unsigned char *bytes; /* the whole file, or what `mn_checkpoint_encode` wrote */
    size_t size;
    const unsigned char *note; /* the caller's bytes, inside `bytes` */
    size_t note_size;
} mn_checkpoint;

/* Writes state, step and `note` beside `path`, flushes and renames: a crash leaves the old file. A link is followed,
 * the mode of the old file stays. Errors: CHECKPOINT_WRITE (error->backend_status: errno), NOT_REGULAR, NO_MEMORY. */
int mn_checkpoint_write(mn_simulation *simulation, const char *path, const void *note, size_t note_size,
                        mn_error *error) MN_CHECKED;
/* The same bytes in memory: how many there are, and writing them to `bytes`, which holds that many. */
size_t mn_checkpoint_size(const mn_simulation *simulation, size_t note_size);
void mn_checkpoint_encode(mn_simulation *simulation, const void *note, size_t note_size, unsigned char *bytes);
/* Copies and checks bytes. Errors: CHECKPOINT_FORMAT, CHECKPOINT_DAMAGED, NO_MEMORY. */
int mn_checkpoint_decode(mn_checkpoint *checkpoint, const void *bytes, size_t size, mn_error *error) MN_CHECKED;
/* Reads and checks a whole file. Errors: CHECKPOINT_READ (errno), CHECKPOINT_FORMAT, CHECKPOINT_DAMAGED, NO_MEMORY. */
int mn_checkpoint_init(mn_checkpoint *checkpoint, const char *path, mn_error *error) MN_CHECKED;
/* Puts the state into a simulation built with the same network, devices and options. Error: CHECKPOINT_MISMATCH,
 * CHECKPOINT_DAMAGED; the simulation is then unchanged. */
int mn_checkpoint_restore(const mn_checkpoint *checkpoint, mn_simulation *simulation, mn_error *error) MN_CHECKED;
void mn_checkpoint_free(mn_checkpoint *checkpoint);

#endif
