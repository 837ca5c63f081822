/* The life of the UMFPACK backend: vertices, pattern, graph, symbolic analysis. */
#include "circuit/umfpack_state.h"

#include <math.h>

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

void mn_umfpack_free(void *state)
{
    umfpack_state *u = state;
    if (u == NULL) {
        return;
    }
    mn_umfpack_free_numeric(u);
    free_symbolic(u);
    mn_pool_free(&u->pool);
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

static int64_t entries_of(const umfpack_state *u)
{
    return 2 * u->network->n_edges + u->n + 4 * u->transfers.n;
}

static int alloc_state(umfpack_state *u)
{
    const int64_t n = u->n, n_edges = u->network->n_edges, n_entries = entries_of(u);
    mn_pool *pool = &u->pool;
    u->start = mn_pool_alloc(pool, n + 1, sizeof(int32_t));
    u->index = mn_pool_alloc(pool, n_entries, sizeof(int32_t));
    u->place = mn_pool_alloc(pool, n_entries, sizeof(int32_t));
    u->graph_start = mn_pool_alloc(pool, n + 1, sizeof(int32_t));
    u->graph_edge = mn_pool_alloc(pool, 2 * n_edges, sizeof(int32_t));
    u->queue = mn_pool_alloc(pool, n, sizeof(int32_t));
    u->t = mn_pool_alloc(pool, u->transfers.n, sizeof(double));
    u->known = mn_pool_alloc(pool, n, sizeof(uint8_t));
    u->wanted = mn_pool_alloc(pool, n, sizeof(uint8_t));
    u->reached = mn_pool_alloc(pool, n, sizeof(uint8_t));
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        u->g[part] = mn_pool_alloc(pool, n_edges, sizeof(double));
        u->matrix[part] = mn_pool_alloc(pool, n_entries, sizeof(double));
        u->right[part] = mn_pool_alloc(pool, n, sizeof(double));
        u->given[part] = mn_pool_alloc(pool, n, sizeof(double));
        u->potential[part] = mn_pool_alloc(pool, n, sizeof(double));
        u->flow[part] = mn_pool_alloc(pool, u->network->n_electrodes, sizeof(double));
        u->fine[part] = mn_pool_alloc(pool, n, sizeof(double));
        u->source[part] = mn_pool_alloc(pool, n, sizeof(double));
        u->correction[part] = mn_pool_alloc(pool, n, sizeof(double));
    }
    return pool->code;
}

/* Columns of the pattern from (row, column) pairs; UMFPACK joins repeated ones and says where each went. */
static int build_pattern(umfpack_state *u, mn_error *error)
{
    const mn_network *network = u->network;
    const int64_t n_edges = network->n_edges, n_entries = entries_of(u);
    mn_pool pool = {0};
    int32_t *row = mn_pool_alloc(&pool, n_entries, sizeof(int32_t));
    int32_t *column = mn_pool_alloc(&pool, n_entries, sizeof(int32_t));
    int code = mn_error_set(error, pool.code);
    if (code != MN_OK) {
        goto out;
    }
    for (int64_t e = 0; e < n_edges; e++) {
        row[2 * e] = column[2 * e + 1] = u->vertex[network->a[e]];
        row[2 * e + 1] = column[2 * e] = u->vertex[network->b[e]];
    }
    for (int32_t i = 0; i < u->n; i++) {
        row[2 * n_edges + i] = column[2 * n_edges + i] = i;
    }
    for (int64_t k = 0; k < u->transfers.n; k++) {
        const mn_transfer transfer = u->transfers.transfer[k];
        int32_t *rows = row + 2 * n_edges + u->n + 4 * k, *columns = column + 2 * n_edges + u->n + 4 * k;
        rows[0] = rows[1] = u->vertex[network->a[transfer.edge]];
        rows[2] = rows[3] = u->vertex[network->b[transfer.edge]];
        columns[0] = columns[2] = u->vertex[network->a[transfer.control]];
        columns[1] = columns[3] = u->vertex[network->b[transfer.control]];
    }
    code = mn_umfpack_translate(umfpack_di_triplet_to_col(u->n, u->n, (int32_t)n_entries, row, column, NULL, u->start,
                                                          u->index, NULL, u->place),
                                error);
out:
    mn_pool_free(&pool);
    return code;
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
    u->vertex = mn_pool_alloc(&u->pool, network->n_nodes, sizeof(int32_t));
    if (u->vertex == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    if (network->n_nodes + network->n_electrodes + 2 * network->n_edges + 4 * u->transfers.n > INT32_MAX) {
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

static int init(void **state, const mn_network *network, bool complex_values, const mn_transfers *transfers,
                mn_cancel *cancel, mn_error *error)
{
    umfpack_state *u = mn_alloc(1, sizeof *u);
    if (u == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    u->network = network;
    u->cancel = cancel;
    u->is_complex = complex_values;
    u->transfers = *transfers;
    u->info[UMFPACK_RCOND] = NAN;
    u->error_bound = NAN;
    int code = mn_error_set(error, number_vertices(u, network));
    if (code != MN_OK) {
        goto out;
    }
    code = mn_error_set(error, alloc_state(u));
    if (code != MN_OK) {
        goto out;
    }
    code = build_pattern(u, error);
    if (code != MN_OK) {
        goto out;
    }
    build_graph(u);
    code = analyse(u, error);
    if (code != MN_OK) {
        goto out;
    }
    *state = u;
    u = NULL;
out:
    mn_umfpack_free(u);
    return code;
}

int mn_umfpack_init(void **state, const mn_network *network, bool complex_values, mn_order order, mn_cancel *cancel,
                    mn_error *error)
{
    (void)order; /* UMFPACK has its own */
    const mn_transfers none = {0};
    return init(state, network, complex_values, &none, cancel, error);
}

int mn_umfpack_init_directed(void **state, const mn_network *network, const mn_transfers *transfers, mn_cancel *cancel,
                             mn_error *error)
{
    return init(state, network, false, transfers, cancel, error);
}
