/* Solvers without memory. */
#include "base/threads.h"
#include "check.h"
#include "circuit/kron.h"
#include "circuit/kron_driven.h"
#include "circuit/ordering.h"
#include "circuit/solver.h"
#include "oom.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t solution_hash(const bench *b)
{
    uint64_t h = HASH(3, b->potential, N_NODES);
    h = HASH(h, b->current, N_ELECTRODES);
    h = HASH(h, b->potential_imag, N_NODES);
    return HASH(h, b->current_imag, N_ELECTRODES);
}

static int order_nodes(bench *b, mn_error *error)
{
    int32_t vertex[N_NODES];
    int code = mn_error_set(error, mn_ordering(&b->network, MN_ORDER_BEST, NULL, &b->answer, vertex));
    if (code == MN_OK) {
        b->answer = (int64_t)HASH(7, vertex, N_NODES);
    }
    return code;
}

/* Lines of ARRAY x ARRAY cells between two electrodes, and where their nodes are. */
enum { ARRAY = 8, N_CELLS = ARRAY * ARRAY, N_LATTICE = 2 * N_CELLS + 2 };
static double lattice_position[2 * N_LATTICE];

static void with_array(bench *b)
{
    static int32_t edge[2 * 4 * N_CELLS], electrode[N_LATTICE];
    int64_t n_edges = 0;
    for (int32_t v = 0; v < N_CELLS; v++) {
        const int32_t bit = N_CELLS + v;
        const int32_t ends[][2] = {{v, bit},
                                   {v, v % ARRAY < ARRAY - 1 ? v + 1 : N_LATTICE - 1},
                                   {bit, v + ARRAY < N_CELLS ? bit + ARRAY : N_LATTICE - 2}};
        for (int k = 0; k < 3; k++, n_edges++) {
            edge[2 * n_edges] = ends[k][0];
            edge[2 * n_edges + 1] = ends[k][1];
        }
        electrode[v] = electrode[bit] = -1;
        lattice_position[2 * v] = lattice_position[2 * bit] = v % ARRAY;
        lattice_position[2 * v + 1] = lattice_position[2 * bit + 1] = (double)(v / ARRAY);
    }
    electrode[N_LATTICE - 2] = 0;
    electrode[N_LATTICE - 1] = 1;
    NEED(mn_network_init(&b->network, N_LATTICE, n_edges, edge, NULL, 2, electrode, NULL) == MN_OK);
}

static int place_array(bench *b, mn_error *error)
{
    return mn_network_place(&b->network, lattice_position, error);
}

static uint64_t place_result(const bench *b)
{
    return HASH(HASH(3, b->network.column, N_LATTICE), b->network.row, N_LATTICE);
}

static void with_places(bench *b)
{
    with_array(b);
    NEED(place_array(b, NULL) == MN_OK);
}

static int order_array(bench *b, mn_error *error)
{
    int32_t vertex[N_LATTICE];
    int code = mn_error_set(error, mn_ordering(&b->network, MN_ORDER_FAST, NULL, &b->answer, vertex));
    if (code == MN_OK) {
        b->answer = (int64_t)HASH(7, vertex, N_LATTICE);
    }
    return code;
}

static int make_solver(bench *b, mn_error *error)
{
    return mn_solver_init(&b->solver, b->solver_name, &b->network, b->complex_values, NULL, error);
}

/* On a network that keeps what the solver finds out. */
static int make_kept(bench *b, mn_error *error)
{
    const int code = mn_error_set(error, mn_network_keep(&b->network));
    return code != MN_OK ? code
                         : mn_solver_init_ordered(&b->solver, b->solver_name, &b->network, b->complex_values,
                                                  MN_ORDER_BEST, NULL, error);
}

/* Whatever the bench asks for: networks as small as its own take no fronts by themselves. */
static int make_fronts(bench *b, mn_error *error)
{
    void *state = NULL;
    const int code = mn_kron_init(&state, &b->network, MN_KRON_FRONTS_ALWAYS, MN_ORDER_FAST, NULL, error);
    b->answer = code;
    mn_kron_ops.free(state);
    return code;
}

/* Whatever the bench asks for: its networks have too few electrodes. */
static int make_driven(bench *b, mn_error *error)
{
    void *state = NULL;
    const int code = mn_kron_driven_init(&state, &b->network, true, MN_ORDER_FAST, NULL, error);
    b->answer = code;
    mn_kron_driven_ops.free(state);
    return code;
}

static int make_threads(bench *b, mn_error *error)
{
    return mn_threads_init(&b->threads, 3, error);
}

static void drop_threads(bench *b)
{
    mn_threads_free(b->threads);
    b->threads = NULL;
}

static uint64_t threads_result(const bench *b)
{
    return (uint64_t)mn_threads_count(b->threads);
}

/* Whatever the bench asks for: with lists, with fronts, and with joined electrodes. */
static int use_threads(bench *b, mn_error *error)
{
    const mn_solver_ops *const ops[] = {&mn_kron_ops, &mn_kron_ops, &mn_kron_driven_ops};
    void *state[] = {NULL, NULL, NULL};
    int code = mn_kron_init(&state[0], &b->network, MN_KRON_FRONTS_NEVER, MN_ORDER_FAST, NULL, error);
    if (code == MN_OK) {
        code = mn_kron_init(&state[1], &b->network, MN_KRON_FRONTS_ALWAYS, MN_ORDER_FAST, NULL, error);
    }
    if (code == MN_OK) {
        code = mn_kron_driven_init(&state[2], &b->network, true, MN_ORDER_FAST, NULL, error);
    }
    for (int k = 0; k < 3 && code == MN_OK; k++) {
        code = mn_error_set(error, ops[k]->use_threads(state[k], b->threads));
    }
    b->answer = code;
    for (int k = 0; k < 3; k++) {
        ops[k]->free(state[k]);
    }
    return code;
}

static void with_threads(bench *b)
{
    oom_with_network(b);
    NEED(make_threads(b, NULL) == MN_OK);
}

static void drop_threads_and_network(bench *b)
{
    drop_threads(b);
    oom_drop_network(b);
}

static void drop_solver(bench *b)
{
    mn_solver_free(&b->solver);
}

static int factor(bench *b, mn_error *error)
{
    return mn_solver_factor(&b->solver, b->conductance, b->complex_values ? b->length : NULL, -1, NULL, error);
}

static int solve(bench *b, mn_error *error)
{
    const uint8_t role[] = {MN_VOLTAGE, MN_VOLTAGE, MN_FLOATING};
    const double value[] = {1, 0, 0}, imag[] = {0.5, 0, 0};
    const mn_boundary boundary = {role, value, b->complex_values ? imag : NULL};
    const mn_solution solution = {.potential = b->potential,
                                  .potential_imag = b->complex_values ? b->potential_imag : NULL,
                                  .current = b->current,
                                  .current_imag = b->complex_values ? b->current_imag : NULL,
                                  .conductance = b->complex_values ? NULL : &b->terminal};
    return mn_solver_solve(&b->solver, &boundary, NULL, NULL, &solution, error);
}

enum { N_REPLICAS = 11 };

/* More than a group, from the bench's conductances; b->answer stands for all potentials. */
static int solve_many(bench *b, mn_error *error)
{
    const uint8_t role[] = {MN_VOLTAGE, MN_VOLTAGE, MN_FLOATING};
    double *g = malloc((size_t)(N_REPLICAS * b->n_edges) * sizeof *g);
    double *potential = malloc(N_REPLICAS * N_NODES * sizeof *potential);
    double value[N_REPLICAS * N_ELECTRODES] = {0};
    NEED(g != NULL && potential != NULL);
    for (int64_t k = 0; k < N_REPLICAS * b->n_edges; k++) {
        g[k] = b->conductance[k % b->n_edges] * (double)(1 + k / b->n_edges % 3);
    }
    for (int64_t r = 0; r < N_REPLICAS; r++) {
        value[N_ELECTRODES * r] = (double)(1 + r);
    }
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.potential = potential};
    const int code = mn_solver_solve_many(&b->solver, N_REPLICAS, g, &boundary, &solution, error);
    b->answer = code == MN_OK ? (int64_t)HASH(8, potential, N_REPLICAS * N_NODES) : 0;
    free(g);
    free(potential);
    return code;
}

static int terminal(bench *b, mn_error *error)
{
    return mn_solver_terminal(&b->solver, b->matrix, error);
}

static uint64_t solved_result(const bench *b)
{
    return solution_hash(b);
}

/* The solution shows that the factor is right. */
static uint64_t factor_result(const bench *b)
{
    bench *scratch = malloc(sizeof *scratch);
    NEED(scratch != NULL);
    *scratch = *b;
    NEED(solve(scratch, NULL) == MN_OK);
    uint64_t h = solution_hash(scratch);
    free(scratch);
    return h;
}

static uint64_t solver_result(const bench *b)
{
    bench *scratch = malloc(sizeof *scratch);
    NEED(scratch != NULL);
    *scratch = *b;
    NEED(factor(scratch, NULL) == MN_OK);
    uint64_t h = factor_result(scratch);
    free(scratch);
    return h;
}

static uint64_t terminal_result(const bench *b)
{
    return HASH(factor_result(b), b->matrix, N_ELECTRODES * N_ELECTRODES);
}

static uint64_t answer_result(const bench *b)
{
    return (uint64_t)b->answer;
}

static bool is_usable(bench *b)
{
    return factor(b, NULL) == MN_OK && solve(b, NULL) == MN_OK;
}

static void with_solver(bench *b)
{
    mn_error error;
    oom_with_network(b);
    NEED(make_solver(b, &error) == MN_OK);
}

static void with_factor(bench *b)
{
    mn_error error;
    with_solver(b);
    NEED(factor(b, &error) == MN_OK);
}

static void drop_factor(bench *b)
{
    mn_solver_free(&b->solver);
    mn_solver_free(&b->solver);
    mn_network_free(&b->network);
}

/* A failed factor leaves none. */
static bool has_no_factor(bench *b)
{
    return solve(b, NULL) == MN_ERR_NO_FACTOR;
}

const oom_entry oom_solver_entries[] = {
    {"mn_ordering", oom_with_network, order_nodes, NULL, oom_drop_network, answer_result, oom_network_result, NULL,
     false, false},
    {"mn_network_place", with_array, place_array, NULL, oom_drop_network, place_result, NULL, NULL, false, false},
    {"mn_ordering of a lattice", with_places, order_array, NULL, oom_drop_network, answer_result, NULL, NULL, false,
     false},
    {"mn_solver_init", oom_with_network, make_solver, drop_solver, oom_drop_network, solver_result, NULL, NULL, false,
     false},
    {"mn_network_keep", oom_with_network, make_kept, drop_solver, oom_drop_network, solver_result, NULL, NULL, false,
     false},
    {"mn_kron_init", oom_with_network, make_fronts, NULL, oom_drop_network, answer_result, oom_network_result, NULL,
     false, false},
    {"mn_kron_driven_init", oom_with_network, make_driven, NULL, oom_drop_network, answer_result, oom_network_result,
     NULL, false, false},
    {"mn_threads_init", NULL, make_threads, drop_threads, NULL, threads_result, NULL, NULL, false, false},
    {"mn_solver_use_threads", with_threads, use_threads, NULL, drop_threads_and_network, answer_result,
     oom_network_result, NULL, false, false},
    {"mn_solver_factor", with_factor, factor, NULL, drop_factor, factor_result, NULL, has_no_factor, true, false},
    {"mn_solver_solve", with_factor, solve, NULL, drop_factor, solved_result, NULL, NULL, true, false},
    {"mn_solver_solve_many", with_factor, solve_many, NULL, drop_factor, answer_result, NULL, is_usable, false, true},
    {"mn_solver_terminal", with_factor, terminal, NULL, drop_factor, terminal_result, NULL, NULL, false, true},
};
const int64_t oom_n_solver_entries = sizeof oom_solver_entries / sizeof oom_solver_entries[0];
