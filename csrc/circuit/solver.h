/* What a solver backend provides: a name, which two may share that take real and complex values, five functions over an
 * opaque state, and three more where it has a faster way for many replicas. mn_solver_* in memnet.h call them; their
 * comments there say what each must do, and tests/c/test_solver.c runs against every backend alike. */
#ifndef MN_SOLVER_H
#define MN_SOLVER_H

#include "circuit/transfers.h"
#include "memnet.h"

/* Replicas that can be solved together, one in each SIMD lane. */
enum { MN_MOST_TOGETHER = 8 };

/* One of them: its own conductances, drives and results. Nothing is injected. */
typedef struct {
    const double *conductance; /* n_edges (S); not looked at where conductances lie in lanes */
    mn_boundary boundary;
    mn_solution solution;
    bool is_idle;   /* nobody: a lane is free */
    bool is_solved; /* an answer */
} mn_replica;

/* Where the potentials of replicas lie after they were solved together, until others are: those of node i in the lanes
 * from MN_MOST_TOGETHER * place[i] on. A lane without an answer, and an island, have any number there. */
typedef struct {
    bool possible; /* whether anything can be solved together */
    const int32_t *place;
    const double *potential;   /* (V) */
    const int32_t *edge_place; /* n_edges: where the conductances of an edge are in `lanes`, in octets */
    int64_t n_island_nodes;    /* without a path to an electrode, and without a potential */
    const int32_t *island_node;
} mn_together;

typedef struct mn_solver_ops {
    const char *name;
    bool takes_real, takes_complex;
    bool keeps_between; /* potentials lie between those of the electrodes, to the last bit, without injected currents */
    int (*init)(void **state, const mn_network *network, bool complex_values, mn_order order, mn_cancel *cancel,
                mn_error *error);
    int (*factor)(void *state, const double *conductance, const double *imag, int64_t n_changed, const int32_t *changed,
                  mn_error *error);
    int (*solve)(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                 const mn_solution *solution, mn_error *error);
    /* NULL where nothing is faster than one replica after the other. */
    int (*solve_many)(void *state, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                      const mn_solution *solution, mn_error *error);
    /* NULL where nothing is solved together. */
    int (*prepare_together)(void *state, mn_together *together);
    void (*solve_together)(void *state, int64_t n, mn_replica *replica, const double *lanes);
    /* NULL where one thread does all. */
    int (*use_threads)(void *state, mn_threads *threads);
    void (*info)(const void *state, mn_solver_info *info);
    void (*free)(void *state);
} mn_solver_ops;

/* Allocates what mn_solver_solve_together needs. Error: NO_MEMORY. */
int mn_solver_prepare_together(mn_solver *solver, mn_together *together, mn_error *error) MN_CHECKED;
/* factor() and solve() of at most MN_MOST_TOGETHER replicas at once, with their bits. Those that cannot be solved so
 * have is_solved false afterwards, and say nothing of why: some conductance is negative or to be scaled, a node is cut
 * off, a drive is refused; they want a factor and a solve of their own. `lanes`, NULL where each has an array of its
 * own: the conductance of edge e in replica r is lanes[MN_MOST_TOGETHER * edge_place[e] + r], on a cache line for each
 * edge, and 0 or from MN_EVERYDAY_LEAST to MN_EVERYDAY_MOST unless the replica is idle; all potentials are then found,
 * whoever wants them written, or, where no replica is solved, those of before are kept. Allocates nothing. The solver
 * is then without a factor. */
void mn_solver_solve_together(mn_solver *solver, int64_t n, mn_replica *replica, const double *lanes);

/* A solver (umfpack) for networks with transfers, which have to live as long as it; and its factor() with their
 * conductances (S). It finds which nodes have a potential from the conductances of the edges alone. Errors: those of
 * mn_solver_init and mn_solver_factor. */
int mn_solver_init_directed(mn_solver *solver, const mn_network *network, int64_t n_transfers,
                            const mn_transfer *transfer, mn_cancel *cancel, mn_error *error) MN_CHECKED;
int mn_solver_factor_directed(mn_solver *solver, const double *conductance, const double *transfer,
                              mn_error *error) MN_CHECKED;

/* As mn_solver_init_ordered, for real values, and for solves in which every electrode is driven by a voltage, which
 * fewer updates may then do for: solve() with another role may say UNSUPPORTED. Every solver made so for a network with
 * an order is of the same kind and gives the same bits, which may be others than those of mn_solver_init_ordered. */
int mn_solver_init_driven(mn_solver *solver, const char *name, const mn_network *network, mn_order order,
                          mn_cancel *cancel, mn_error *error) MN_CHECKED;
/* Whether solve() says so. */
bool mn_solver_is_driven(const mn_solver *solver);
/* Whether a solve with the factor at hand and nothing injected may leave the currents to a later one, of the same
 * factor and boundary: that one finds the same bits, without fail, and in a small part of the time. */
bool mn_solver_currents_can_wait(const mn_solver *solver, const mn_boundary *boundary);

extern const mn_solver_ops mn_kron_ops;
extern const mn_solver_ops mn_kron_driven_ops;
extern const mn_solver_ops mn_kron_complex_ops;
extern const mn_solver_ops mn_umfpack_ops;

#endif
