/* The UMFPACK backend: any real or complex admittance, negative ones included.
 *
 * Every vertex (free node or electrode) is an unknown. Rows of vertices whose potential is given, or that no path of
 * nonzero admittances joins to one, are rows of the identity; the others are Laplacian rows, with the given potentials
 * on the right-hand side. Which vertices are given depends on the roles, so the numeric factorisation is done by the
 * solve that first needs it and kept until values or roles change. */
#include "umfpack_state.h"

#include <math.h>
#include <string.h>

void mn_umfpack_free_numeric(umfpack_state *u)
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
    mn_umfpack_free_numeric(u);
    free_symbolic(u);
    for (int part = 0; part < 2; part++) {
        mn_dealloc(u->g[part]);
        mn_dealloc(u->matrix[part]);
        mn_dealloc(u->right[part]);
        mn_dealloc(u->given[part]);
        mn_dealloc(u->potential[part]);
        mn_dealloc(u->flow[part]);
        mn_dealloc(u->fine[part]);
        mn_dealloc(u->source[part]);
        mn_dealloc(u->correction[part]);
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

int mn_umfpack_translate(int status, mn_error *error)
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
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        u->g[part] = mn_alloc(n_edges, sizeof(double));
        u->matrix[part] = mn_alloc(n_entries, sizeof(double));
        u->right[part] = mn_alloc(n, sizeof(double));
        u->given[part] = mn_alloc(n, sizeof(double));
        u->potential[part] = mn_alloc(n, sizeof(double));
        u->flow[part] = mn_alloc(network->n_electrodes, sizeof(double));
        u->fine[part] = mn_alloc(n, sizeof(double));
        u->source[part] = mn_alloc(n, sizeof(double));
        u->correction[part] = mn_alloc(n, sizeof(double));
        good = good && u->g[part] != NULL && u->matrix[part] != NULL && u->right[part] != NULL &&
               u->given[part] != NULL && u->potential[part] != NULL && u->flow[part] != NULL && u->fine[part] != NULL &&
               u->source[part] != NULL && u->correction[part] != NULL;
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
    ret = mn_umfpack_translate(umfpack_di_triplet_to_col(u->n, u->n, (int32_t)n_entries, row, column, NULL, u->start,
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
    return mn_umfpack_translate(status, error);
}

static int number_vertices(umfpack_state *u, const mn_network *network)
{
    int32_t n_free = 0;
    u->vertex = mn_alloc(network->n_nodes, sizeof(int32_t));
    if (u->vertex == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    if (network->n_nodes + network->n_electrodes + 2 * network->n_edges > INT32_MAX) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: 2^31 nodes or edges */
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
    u->error_bound = NAN;
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
    mn_umfpack_free_numeric(u);
    if (!u->is_complex && imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
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

static void umfpack_info(const void *state, mn_solver_info *info)
{
    const umfpack_state *u = state;
    *info = (mn_solver_info){.n_free = u->n_free,
                             .n_entries = u->start[u->n],
                             .bytes = (int64_t)(u->info[UMFPACK_NUMERIC_SIZE] * u->info[UMFPACK_SIZE_OF_UNIT]),
                             .n_columns = u->n,
                             .rcond = u->info[UMFPACK_RCOND],
                             .error_bound = u->error_bound};
}

const mn_solver_ops mn_umfpack_ops = {
    .name = "umfpack",
    .takes_real = true,
    .takes_complex = true,
    .init = umfpack_init,
    .factor = umfpack_factor,
    .solve = mn_umfpack_solve,
    .info = umfpack_info,
    .free = umfpack_free,
};
