/* One solve with UMFPACK: what is given and what a current can reach, and the results. */
#include "circuit/umfpack_solve.h"

#include "circuit/boundary.h"
#include "circuit/umfpack_refine.h"

#include <math.h>
#include <string.h>

static bool conducts(const umfpack_state *u, int64_t e)
{
    return u->g[0][e] != 0.0 || (u->is_complex && u->g[1][e] != 0.0);
}

/* Marks in wanted[] the vertices given in reached[] at entry and those that no path joins to them; reached[] grows. */
static void find_reached(umfpack_state *u)
{
    int64_t n_queue = 0;
    for (int32_t i = 0; i < u->n; i++) {
        u->wanted[i] = u->reached[i];
        if (u->reached[i]) {
            u->queue[n_queue++] = i;
        }
    }
    for (int64_t q = 0; q < n_queue; q++) {
        const int32_t i = u->queue[q];
        for (int32_t r = u->graph_start[i]; r < u->graph_start[i + 1]; r++) {
            const int32_t e = u->graph_edge[r];
            const int32_t a = u->vertex[u->network->a[e]], b = u->vertex[u->network->b[e]];
            const int32_t j = a == i ? b : a;
            if (!u->reached[j] && conducts(u, e)) {
                u->reached[j] = 1;
                u->queue[n_queue++] = j;
            }
        }
    }
    for (int32_t i = 0; i < u->n; i++) {
        u->wanted[i] |= !u->reached[i];
    }
}

static const double *part_of(const double *real, const double *imag, int part)
{
    return part == 0 ? real : imag;
}

/* Given potentials, currents and reachability from the roles. */
static int load_boundary(umfpack_state *u, const mn_boundary *boundary, const double *const injected[2],
                         int32_t reference, mn_error *error)
{
    const mn_network *network = u->network;
    for (int32_t i = 0; i < u->n; i++) {
        const int64_t e = i - u->n_free;
        u->reached[i] = e >= 0 && (boundary->role[e] == MN_VOLTAGE || e == reference);
    }
    find_reached(u);
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        const double *value = part_of(boundary->value, boundary->imag, part);
        memset(u->given[part], 0, (size_t)u->n * sizeof(double));
        memset(u->source[part], 0, (size_t)u->n * sizeof(double));
        for (int64_t e = 0; e < network->n_electrodes && value != NULL; e++) {
            const int64_t i = u->n_free + e;
            if (boundary->role[e] == MN_VOLTAGE) {
                u->given[part][i] = value[e];
            } else if (boundary->role[e] == MN_CURRENT && value[e] != 0.0 && !u->reached[i]) {
                return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, e, -1, value[e]);
            } else if (boundary->role[e] == MN_CURRENT) {
                u->source[part][i] = value[e];
            }
        }
        for (int64_t k = 0; k < network->n_nodes && injected[part] != NULL; k++) {
            const int32_t i = u->vertex[k];
            if (injected[part][k] != 0.0 && !u->reached[i]) {
                return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, -1, k, injected[part][k]);
            }
            u->source[part][i] += injected[part][k];
        }
    }
    return MN_OK;
}

static int check_finite(const umfpack_state *u, mn_error *error)
{
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        for (int64_t k = 0; k < u->network->n_nodes; k++) {
            const double v = u->potential[part][u->vertex[k]];
            if (!isfinite(v)) {
                return mn_boundary_fail(error, MN_ERR_NOT_FINITE_POTENTIAL, -1, k, v);
            }
        }
    }
    return MN_OK;
}

static void write_part(const umfpack_state *u, int part, double *potential, double *voltage)
{
    for (int64_t k = 0; k < u->network->n_nodes && potential != NULL; k++) {
        const int32_t i = u->vertex[k];
        potential[k] = u->reached[i] ? u->potential[part][i] : (double)NAN;
    }
    for (int64_t e = 0; e < u->network->n_electrodes && voltage != NULL; e++) {
        const int64_t i = u->n_free + e;
        voltage[e] = u->reached[i] ? u->potential[part][i] : (double)NAN;
    }
}

/* An electrode held at a voltage feeds what flows into the network less what is injected at its own nodes. */
static void write_currents(const umfpack_state *u, const mn_boundary *boundary, const double *injected, int part,
                           double *current)
{
    const mn_network *network = u->network;
    const double *value = part_of(boundary->value, boundary->imag, part);
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        current[e] = boundary->role[e] == MN_VOLTAGE                    ? u->flow[part][e]
                     : boundary->role[e] == MN_CURRENT && value != NULL ? value[e]
                                                                        : 0.0;
    }
    for (int64_t k = 0; k < network->n_nodes && injected != NULL; k++) {
        const int32_t e = network->electrode[k];
        if (e >= 0 && boundary->role[e] == MN_VOLTAGE) {
            current[e] -= injected[k];
        }
    }
}

/* A second solve: 1 V at the first driven electrode, 0 V at the other driven ones. Costs a factorisation of its own
 * where currents are driven, since other vertices are then given. */
static int solve_conductance(umfpack_state *u, const mn_boundary *boundary, double *conductance, mn_error *error)
{
    int64_t first = -1, n_driven = 0;
    memset(u->reached, 0, (size_t)u->n);
    memset(u->given[0], 0, (size_t)u->n * sizeof(double));
    memset(u->source[0], 0, (size_t)u->n * sizeof(double));
    for (int64_t e = 0; e < u->network->n_electrodes; e++) {
        if (boundary->role[e] != MN_FLOATING) {
            u->reached[u->n_free + e] = 1;
            first = first < 0 ? e : first;
            n_driven++;
        }
    }
    *conductance = NAN;
    if (n_driven < 2 || u->is_complex) {
        return MN_OK;
    }
    const double bound = u->error_bound; /* of the solve before */
    u->given[0][u->n_free + first] = 1.0;
    find_reached(u);
    const int code = mn_umfpack_solve_system(u, error);
    if (code == MN_OK) {
        *conductance = u->flow[0][first];
        u->error_bound = fmax(u->error_bound, bound);
    }
    return code;
}

int mn_umfpack_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                     const mn_solution *solution, mn_error *error)
{
    umfpack_state *u = state;
    const double *const currents[2] = {injected, injected_imag};
    int32_t reference;
    if (!u->has_values) {
        return mn_error_set(error, MN_ERR_BUG); /* GCOV_EXCL_LINE: solver.c asks first */
    }
    if (!u->is_complex && (boundary->imag != NULL || injected_imag != NULL)) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    int code = mn_boundary_check(u->network, boundary, injected, injected_imag, &reference, error);
    if (code != MN_OK) {
        return code;
    }
    code = load_boundary(u, boundary, currents, reference, error);
    if (code != MN_OK) {
        return code;
    }
    code = mn_umfpack_solve_system(u, error);
    if (code != MN_OK) {
        return code;
    }
    code = check_finite(u, error);
    if (code != MN_OK) {
        return code;
    }
    write_part(u, 0, solution->potential, solution->voltage);
    if (solution->current != NULL) {
        write_currents(u, boundary, injected, 0, solution->current);
    }
    if (u->is_complex) {
        write_part(u, 1, solution->potential_imag, solution->voltage_imag);
        if (solution->current_imag != NULL) {
            write_currents(u, boundary, injected_imag, 1, solution->current_imag);
        }
    }
    return solution->conductance == NULL ? MN_OK : solve_conductance(u, boundary, solution->conductance, error);
}
