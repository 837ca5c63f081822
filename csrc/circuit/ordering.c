/* Elimination order of the free nodes: approximate minimum degree, computed once for a topology. */
#include "circuit/ordering.h"

#include <amd.h>

/* Numbers the free nodes in node order and writes one vertex an electrode behind them. */
static int64_t number_vertices(const mn_network *network, int32_t *vertex)
{
    int64_t n_free = 0;
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (network->electrode[i] < 0) {
            vertex[i] = (int32_t)n_free++;
        }
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (network->electrode[i] >= 0) {
            vertex[i] = (int32_t)n_free + network->electrode[i];
        }
    }
    return n_free;
}

/* The pattern of the edges between free nodes, each edge once, by columns. Repeated edges stay: AMD copes. */
static void build_pattern(const mn_network *network, int64_t n_free, const int32_t *vertex, int32_t *start,
                          int32_t *index)
{
    int64_t n_pairs = 0;
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = vertex[network->a[e]], b = vertex[network->b[e]];
        if (a < n_free && b < n_free) {
            start[a]++;
            n_pairs++;
        }
    }
    int32_t end = 0;
    for (int64_t i = 0; i <= n_free; i++) {
        end += i < n_free ? start[i] : 0;
        start[i] = end;
    }
    for (int64_t e = network->n_edges - 1; e >= 0 && n_pairs > 0; e--) {
        const int32_t a = vertex[network->a[e]], b = vertex[network->b[e]];
        if (a < n_free && b < n_free) {
            index[--start[a]] = b;
            n_pairs--;
        }
    }
}

int mn_ordering(const mn_network *network, int64_t *n_free, int32_t *vertex)
{
    const int64_t n = number_vertices(network, vertex);

    *n_free = n;
    if (n == 0) {
        return MN_OK;
    }
    if (network->n_edges > INT32_MAX || network->n_nodes + network->n_electrodes > INT32_MAX) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: 2^31 nodes or edges */
    }
    mn_pool pool = {0};
    int32_t *start = mn_pool_alloc(&pool, n + 1, sizeof(int32_t));
    int32_t *index = mn_pool_alloc(&pool, network->n_edges, sizeof(int32_t));
    int32_t *order = mn_pool_alloc(&pool, n, sizeof(int32_t));
    int32_t *rank = mn_pool_alloc(&pool, n, sizeof(int32_t));
    int code = pool.code;
    if (code != MN_OK) {
        goto out;
    }
    build_pattern(network, n, vertex, start, index);
    const int status = amd_order((int32_t)n, start, index, order, NULL, NULL);
    if (status != AMD_OK && status != AMD_OK_BUT_JUMBLED) {
        code = status == AMD_OUT_OF_MEMORY ? MN_ERR_NO_MEMORY : MN_ERR_BUG;
        goto out;
    }
    for (int64_t k = 0; k < n; k++) {
        rank[order[k]] = (int32_t)k;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (network->electrode[i] < 0) {
            vertex[i] = rank[vertex[i]];
        }
    }
out:
    mn_pool_free(&pool);
    return code;
}
