/* A small network with a solver, and what tests of solvers do with it. */
#ifndef CIRCUIT_H
#define CIRCUIT_H

#include "check.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

enum { MAX_NODES = 64, MAX_EDGES = 512, MAX_ELECTRODES = 8 };

static const char *const BACKENDS[] = {"kron", "umfpack"};

/* A small circuit under test with everything it gives back. */
typedef struct {
    mn_network network;
    mn_solver solver;
    mn_error error;
    uint8_t role[MAX_ELECTRODES];
    double value[MAX_ELECTRODES];
    double potential[MAX_NODES], voltage[MAX_ELECTRODES], current[MAX_ELECTRODES], conductance;
} circuit;

static inline bool near_to(double x, double y, double tolerance)
{
    return fabs(x - y) <= tolerance * (fabs(y) > 1.0 ? fabs(y) : 1.0);
}

/* electrodes: n_electrodes nodes, one each. */
static inline void circuit_init(circuit *c, const char *backend, int64_t n_nodes, int64_t n_edges, const int32_t *edges,
                                int64_t n_electrodes, const int32_t *electrodes)
{
    int32_t electrode[MAX_NODES];
    for (int64_t i = 0; i < n_nodes; i++) {
        electrode[i] = -1;
    }
    for (int64_t e = 0; e < n_electrodes; e++) {
        electrode[electrodes[e]] = (int32_t)e;
    }
    memset(c, 0, sizeof *c);
    mn_error_clear(&c->error);
    NEED(mn_network_init(&c->network, n_nodes, n_edges, edges, NULL, n_electrodes, electrode, &c->error) == MN_OK);
    NEED(mn_solver_init(&c->solver, backend, &c->network, false, NULL, &c->error) == MN_OK);
}

static inline void circuit_free(circuit *c)
{
    mn_solver_free(&c->solver);
    mn_network_free(&c->network);
}

static inline int factor(circuit *c, const double *g)
{
    return mn_solver_factor(&c->solver, g, NULL, -1, NULL, &c->error);
}

static inline int solve(circuit *c, const double *injected)
{
    const mn_boundary boundary = {.role = c->role, .value = c->value};
    const mn_solution solution = {
        .potential = c->potential, .voltage = c->voltage, .current = c->current, .conductance = &c->conductance};
    mn_error_clear(&c->error);
    return mn_solver_solve(&c->solver, &boundary, injected, NULL, &solution, &c->error);
}

static inline void drive(circuit *c, int64_t electrode, mn_role role, double value)
{
    c->role[electrode] = (uint8_t)role;
    c->value[electrode] = value;
}

#endif
