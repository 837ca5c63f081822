/* The UMFPACK backend: any real or complex admittance, negative ones included.
 *
 * Every vertex (free node or electrode) is an unknown. Rows of vertices whose potential is given, or that no path of
 * nonzero admittances joins to one, are rows of the identity; the others are Laplacian rows, with the given potentials
 * on the right-hand side. Which vertices are given depends on the roles, so the numeric factorisation is done by the
 * solve that first needs it and kept until values or roles change. */
#include "base/cancel.h"
#include "boundary.h"
#include "solver.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <umfpack.h>

typedef struct {
    const mn_network *network;
    mn_cancel *cancel;
    bool is_complex;
    int64_t n_free;
    int32_t n;       /* vertices: free nodes in node order, then the electrodes */
    int32_t *vertex; /* n_nodes */
    /* pattern by columns, and where the values go */
    int32_t *start; /* n + 1 */
    int32_t *index;
    int32_t *place; /* 2 n_edges + n: (a, b) and (b, a) of each edge, then the diagonal */
    void *symbolic;
    double control[UMFPACK_CONTROL];
    double info[UMFPACK_INFO];
    /* values */
    bool valued;
    double *g[2];         /* n_edges: real and imaginary parts of the last factor() */
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
} umfpack_state;

static void free_numeric(umfpack_state *u)
{
    if (u->is_complex) {
        umfpack_zi_free_numeric(&u->numeric);
    } else {
        umfpack_di_free_numeric(&u->numeric);
    }
    u->numeric = NULL;
}

static void free_symbolic(umfpack_state *u)
{
    if (u->is_complex) {
        umfpack_zi_free_symbolic(&u->symbolic);
    } else {
        umfpack_di_free_symbolic(&u->symbolic);
    }
    u->symbolic = NULL;
}

static void umfpack_free(void *state)
{
    umfpack_state *u = state;
    if (u == NULL) {
        return;
    }
    free_numeric(u);
    free_symbolic(u);
    for (int part = 0; part < 2; part++) {
        mn_dealloc(u->g[part]);
        mn_dealloc(u->matrix[part]);
        mn_dealloc(u->right[part]);
        mn_dealloc(u->given[part]);
        mn_dealloc(u->potential[part]);
        mn_dealloc(u->flow[part]);
    }
    mn_dealloc(u->vertex);
    mn_dealloc(u->start);
    mn_dealloc(u->index);
    mn_dealloc(u->place);
    mn_dealloc(u->graph_start);
    mn_dealloc(u->graph_edge);
    mn_dealloc(u->queue);
    mn_dealloc(u->known);
    mn_dealloc(u->wanted);
    mn_dealloc(u->reached);
    mn_dealloc(u);
}

/* ------------------------------------------------------------------ init */

static int translate_status(int status, mn_error *error)
{
    if (status == UMFPACK_OK) {
        return MN_OK;
    }
    if (error != NULL) {
        error->backend_status = status;
    }
    return mn_error_set(error, status == UMFPACK_ERROR_out_of_memory       ? MN_ERR_NO_MEMORY
                               : status == UMFPACK_WARNING_singular_matrix ? MN_ERR_SINGULAR
                                                                           : MN_ERR_UMFPACK);
}

static int allocate(umfpack_state *u, const mn_network *network)
{
    const int64_t n = u->n, n_edges = network->n_edges, n_entries = 2 * n_edges + n;
    bool good = true;
    u->start = mn_alloc(n + 1, sizeof(int32_t));
    u->index = mn_alloc(n_entries, sizeof(int32_t));
    u->place = mn_alloc(n_entries, sizeof(int32_t));
    u->graph_start = mn_alloc(n + 1, sizeof(int32_t));
    u->graph_edge = mn_alloc(2 * n_edges, sizeof(int32_t));
    u->queue = mn_alloc(n, sizeof(int32_t));
    u->known = mn_alloc(n, sizeof(uint8_t));
    u->wanted = mn_alloc(n, sizeof(uint8_t));
    u->reached = mn_alloc(n, sizeof(uint8_t));
    for (int part = 0; part < (u->is_complex ? 2 : 1); part++) {
        u->g[part] = mn_alloc(n_edges, sizeof(double));
        u->matrix[part] = mn_alloc(n_entries, sizeof(double));
        u->right[part] = mn_alloc(n, sizeof(double));
        u->given[part] = mn_alloc(n, sizeof(double));
        u->potential[part] = mn_alloc(n, sizeof(double));
        u->flow[part] = mn_alloc(network->n_electrodes, sizeof(double));
        good = good && u->g[part] != NULL && u->matrix[part] != NULL && u->right[part] != NULL &&
               u->given[part] != NULL && u->potential[part] != NULL && u->flow[part] != NULL;
    }
    good = good && u->start != NULL && u->index != NULL && u->place != NULL && u->graph_start != NULL &&
           u->graph_edge != NULL && u->queue != NULL && u->known != NULL && u->wanted != NULL && u->reached != NULL;
    return good ? MN_OK : MN_ERR_NO_MEMORY;
}

/* Columns of the pattern from (row, column) pairs; UMFPACK joins repeated ones and says where each went. */
static int build_pattern(umfpack_state *u, mn_error *error)
{
    const mn_network *network = u->network;
    const int64_t n_edges = network->n_edges, n_entries = 2 * n_edges + u->n;
    int ret = MN_OK;
    int32_t *row = mn_alloc(n_entries, sizeof(int32_t));
    int32_t *column = mn_alloc(n_entries, sizeof(int32_t));
    if (row == NULL || column == NULL) {
        ret = mn_error_set(error, MN_ERR_NO_MEMORY);
        goto out;
    }
    for (int64_t e = 0; e < n_edges; e++) {
        row[2 * e] = column[2 * e + 1] = u->vertex[network->a[e]];
        row[2 * e + 1] = column[2 * e] = u->vertex[network->b[e]];
    }
    for (int32_t i = 0; i < u->n; i++) {
        row[2 * n_edges + i] = column[2 * n_edges + i] = i;
    }
    ret = translate_status(umfpack_di_triplet_to_col(u->n, u->n, (int32_t)n_entries, row, column, NULL, u->start,
                                                     u->index, NULL, u->place),
                           error);
out:
    mn_dealloc(row);
    mn_dealloc(column);
    return ret;
}

static void build_graph(umfpack_state *u)
{
    const mn_network *network = u->network;
    int32_t end = 0;
    for (int64_t e = 0; e < network->n_edges; e++) {
        u->graph_start[u->vertex[network->a[e]]]++;
        u->graph_start[u->vertex[network->b[e]]]++;
    }
    for (int32_t i = 0; i <= u->n; i++) {
        end += i < u->n ? u->graph_start[i] : 0;
        u->graph_start[i] = end;
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        u->graph_edge[--u->graph_start[u->vertex[network->a[e]]]] = (int32_t)e;
        u->graph_edge[--u->graph_start[u->vertex[network->b[e]]]] = (int32_t)e;
    }
}

static int analyse(umfpack_state *u, mn_error *error)
{
    int status;
    if (u->is_complex) {
        umfpack_zi_defaults(u->control);
        u->control[UMFPACK_STRATEGY] = UMFPACK_STRATEGY_SYMMETRIC; /* the automatic choice depends on the values */
        status = umfpack_zi_symbolic(u->n, u->n, u->start, u->index, NULL, NULL, &u->symbolic, u->control, u->info);
    } else {
        umfpack_di_defaults(u->control);
        u->control[UMFPACK_STRATEGY] = UMFPACK_STRATEGY_SYMMETRIC;
        status = umfpack_di_symbolic(u->n, u->n, u->start, u->index, NULL, &u->symbolic, u->control, u->info);
    }
    return translate_status(status, error);
}

static int number_vertices(umfpack_state *u, const mn_network *network)
{
    int32_t n_free = 0;
    u->vertex = mn_alloc(network->n_nodes, sizeof(int32_t));
    if (u->vertex == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    if (network->n_nodes + network->n_electrodes + 2 * network->n_edges > INT32_MAX) {
        return MN_ERR_TOO_LARGE;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        u->vertex[i] = network->electrode[i] < 0 ? n_free++ : -1;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (u->vertex[i] < 0) {
            u->vertex[i] = n_free + network->electrode[i];
        }
    }
    u->n_free = n_free;
    u->n = n_free + (int32_t)network->n_electrodes;
    return MN_OK;
}

static int umfpack_init(void **state, const mn_network *network, bool complex_values, mn_cancel *cancel,
                        mn_error *error)
{
    umfpack_state *u = mn_alloc(1, sizeof *u);
    if (u == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    u->network = network;
    u->cancel = cancel;
    u->is_complex = complex_values;
    u->info[UMFPACK_RCOND] = NAN;
    int ret = number_vertices(u, network);
    if (ret == MN_OK) {
        ret = allocate(u, network);
    }
    if (ret != MN_OK) {
        ret = mn_error_set(error, ret);
        goto out;
    }
    ret = build_pattern(u, error);
    if (ret != MN_OK) {
        goto out;
    }
    build_graph(u);
    ret = analyse(u, error);
    if (ret != MN_OK) {
        goto out;
    }
    *state = u;
    u = NULL;
out:
    umfpack_free(u);
    return ret;
}

/* ------------------------------------------------------------------ factor */

static int umfpack_factor(void *state, const double *conductance, const double *imag, int64_t n_changed,
                          const int32_t *changed, mn_error *error)
{
    umfpack_state *u = state;
    const double *value[2] = {conductance, imag};
    const size_t size = (size_t)u->network->n_edges * sizeof(double);
    (void)n_changed; /* a new factorisation costs the same, whatever changed */
    (void)changed;
    u->valued = false;
    free_numeric(u);
    if (!u->is_complex && imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    for (int part = 0; part < (u->is_complex ? 2 : 1); part++) {
        if (value[part] == NULL) {
            memset(u->g[part], 0, size);
            continue;
        }
        for (int64_t e = 0; e < u->network->n_edges; e++) {
            if (!isfinite(value[part][e])) {
                if (error != NULL) {
                    error->edge = (int32_t)e;
                    error->value = value[part][e];
                }
                return mn_error_set(error, MN_ERR_CONDUCTANCE);
            }
            u->g[part][e] = value[part][e];
        }
    }
    u->valued = true;
    return MN_OK;
}

/* The matrix with rows and columns of known vertices replaced by those of the identity. */
static void assemble(umfpack_state *u, int part)
{
    const mn_network *network = u->network;
    const int64_t n_edges = network->n_edges;
    const int32_t *diagonal = u->place + 2 * n_edges;
    double *matrix = u->matrix[part];
    memset(matrix, 0, (size_t)u->start[u->n] * sizeof(double));
    for (int64_t e = 0; e < n_edges; e++) {
        const int32_t a = u->vertex[network->a[e]], b = u->vertex[network->b[e]];
        const double g = u->g[part][e];
        if (a == b) {
            continue;
        }
        if (!u->known[a]) {
            matrix[diagonal[a]] += g;
        }
        if (!u->known[b]) {
            matrix[diagonal[b]] += g;
        }
        if (!u->known[a] && !u->known[b]) {
            matrix[u->place[2 * e]] -= g;
            matrix[u->place[2 * e + 1]] -= g;
        }
    }
    for (int32_t i = 0; i < u->n; i++) {
        if (u->known[i]) {
            matrix[diagonal[i]] = part == 0 ? 1.0 : 0.0;
        }
    }
}

/* Makes `numeric` the factorisation for the vertices in wanted[]. */
static int ensure_numeric(umfpack_state *u, mn_error *error)
{
    int status;
    if (u->numeric != NULL && memcmp(u->known, u->wanted, (size_t)u->n) == 0) {
        return MN_OK;
    }
    if (mn_cancelled(u->cancel)) {
        return mn_error_set(error, MN_ERR_INTERRUPTED);
    }
    free_numeric(u);
    memcpy(u->known, u->wanted, (size_t)u->n);
    assemble(u, 0);
    if (u->is_complex) {
        assemble(u, 1);
        status = umfpack_zi_numeric(u->start, u->index, u->matrix[0], u->matrix[1], u->symbolic, &u->numeric,
                                    u->control, u->info);
    } else {
        status = umfpack_di_numeric(u->start, u->index, u->matrix[0], u->symbolic, &u->numeric, u->control, u->info);
    }
    if (status != UMFPACK_OK) {
        free_numeric(u);
    }
    return translate_status(status, error);
}

/* ------------------------------------------------------------------ solve */

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

/* right[] holds the currents into unknown vertices; moves the given potentials to it. */
static void move_given(umfpack_state *u)
{
    for (int64_t e = 0; e < u->network->n_edges; e++) {
        const int32_t end[2] = {u->vertex[u->network->a[e]], u->vertex[u->network->b[e]]};
        const double gr = u->g[0][e], gi = u->is_complex ? u->g[1][e] : 0.0;
        for (int k = 0; k < 2; k++) {
            const int32_t i = end[k], j = end[1 - k];
            if (u->known[i] || !u->known[j]) {
                continue;
            }
            const double vi = u->is_complex ? u->given[1][j] : 0.0;
            u->right[0][i] += gr * u->given[0][j] - gi * vi;
            if (u->is_complex) {
                u->right[1][i] += gr * vi + gi * u->given[0][j];
            }
        }
    }
    for (int part = 0; part < (u->is_complex ? 2 : 1); part++) {
        for (int32_t i = 0; i < u->n; i++) {
            u->right[part][i] = u->known[i] ? u->given[part][i] : u->right[part][i];
        }
    }
}

/* Potentials of all vertices for the given ones and the currents in right[]. */
static int solve_system(umfpack_state *u, mn_error *error)
{
    int ret = ensure_numeric(u, error);
    if (ret != MN_OK) {
        return ret;
    }
    const double rcond = u->info[UMFPACK_RCOND];
    move_given(u);
    if (u->is_complex) {
        ret = translate_status(umfpack_zi_solve(UMFPACK_A, u->start, u->index, u->matrix[0], u->matrix[1],
                                                u->potential[0], u->potential[1], u->right[0], u->right[1], u->numeric,
                                                u->control, u->info),
                               error);
    } else {
        ret = translate_status(umfpack_di_solve(UMFPACK_A, u->start, u->index, u->matrix[0], u->potential[0],
                                                u->right[0], u->numeric, u->control, u->info),
                               error);
    }
    u->info[UMFPACK_RCOND] = rcond;
    return ret;
}

/* Row sums of the Laplacian at the electrodes: the current that leaves each into the network. */
static void find_flows(umfpack_state *u)
{
    const mn_network *network = u->network;
    for (int part = 0; part < (u->is_complex ? 2 : 1); part++) {
        memset(u->flow[part], 0, (size_t)network->n_electrodes * sizeof(double));
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t end[2] = {u->vertex[network->a[e]], u->vertex[network->b[e]]};
        for (int k = 0; k < 2; k++) {
            const int64_t i = end[k], j = end[1 - k], f = i - u->n_free;
            if (f < 0 || i == j) {
                continue;
            }
            const double vr = u->potential[0][i] - u->potential[0][j];
            if (u->is_complex) {
                const double vi = u->potential[1][i] - u->potential[1][j];
                u->flow[0][f] += u->g[0][e] * vr - u->g[1][e] * vi;
                u->flow[1][f] += u->g[0][e] * vi + u->g[1][e] * vr;
            } else {
                u->flow[0][f] += u->g[0][e] * vr;
            }
        }
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
    for (int part = 0; part < (u->is_complex ? 2 : 1); part++) {
        const double *value = part_of(boundary->value, boundary->imag, part);
        memset(u->given[part], 0, (size_t)u->n * sizeof(double));
        memset(u->right[part], 0, (size_t)u->n * sizeof(double));
        for (int64_t e = 0; e < network->n_electrodes && value != NULL; e++) {
            const int64_t i = u->n_free + e;
            if (boundary->role[e] == MN_VOLTAGE) {
                u->given[part][i] = value[e];
            } else if (boundary->role[e] == MN_CURRENT && value[e] != 0.0 && !u->reached[i]) {
                return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, e, -1, value[e]);
            } else if (boundary->role[e] == MN_CURRENT) {
                u->right[part][i] = value[e];
            }
        }
        for (int64_t k = 0; k < network->n_nodes && injected[part] != NULL; k++) {
            const int32_t i = u->vertex[k];
            if (injected[part][k] != 0.0 && !u->reached[i]) {
                return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, -1, k, injected[part][k]);
            }
            u->right[part][i] += injected[part][k];
        }
    }
    return MN_OK;
}

static int check_finite(const umfpack_state *u, mn_error *error)
{
    for (int part = 0; part < (u->is_complex ? 2 : 1); part++) {
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
    memset(u->right[0], 0, (size_t)u->n * sizeof(double));
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
    u->given[0][u->n_free + first] = 1.0;
    find_reached(u);
    const int ret = solve_system(u, error);
    if (ret == MN_OK) {
        find_flows(u);
        *conductance = u->flow[0][first];
    }
    return ret;
}

static int umfpack_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                         const mn_solution *solution, mn_error *error)
{
    umfpack_state *u = state;
    const double *const currents[2] = {injected, injected_imag};
    int32_t reference;
    if (!u->valued) {
        return mn_error_set(error, MN_ERR_BUG);
    }
    if (!u->is_complex && (boundary->imag != NULL || injected_imag != NULL)) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    int ret = mn_boundary_check(u->network, boundary, injected, injected_imag, &reference, error);
    if (ret == MN_OK) {
        ret = load_boundary(u, boundary, currents, reference, error);
    }
    if (ret == MN_OK) {
        ret = solve_system(u, error);
    }
    if (ret == MN_OK) {
        ret = check_finite(u, error);
    }
    if (ret != MN_OK) {
        return ret;
    }
    find_flows(u);
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

static void umfpack_info(const void *state, mn_solver_info *info)
{
    const umfpack_state *u = state;
    *info = (mn_solver_info){.n_free = u->n_free,
                             .n_entries = u->start[u->n],
                             .bytes = (int64_t)(u->info[UMFPACK_NUMERIC_SIZE] * u->info[UMFPACK_SIZE_OF_UNIT]),
                             .n_columns = u->n,
                             .rcond = u->info[UMFPACK_RCOND]};
}

const mn_solver_ops mn_umfpack_ops = {
    .name = "umfpack",
    .init = umfpack_init,
    .factor = umfpack_factor,
    .solve = umfpack_solve,
    .info = umfpack_info,
    .free = umfpack_free,
};
