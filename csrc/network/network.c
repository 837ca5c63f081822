/* The graph that everything else works on: checked edges, electrodes and connected components. */
#include "memnet.h"
#include "network/kept.h"
#include "network/sets.h"

#include <math.h>
#include <string.h>

static int check_sizes(int64_t n_nodes, int64_t n_edges, int64_t n_electrodes, mn_error *error)
{
    if (n_nodes < 1 || n_edges < 0 || n_electrodes < 0 || n_electrodes > n_nodes) {
        return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
    }
    if (n_nodes > INT32_MAX || n_edges > INT32_MAX) {
        return mn_error_set(error, MN_ERR_TOO_LARGE);
    }
    return MN_OK;
}

static int copy_edges(mn_network *network, const int32_t *edges, mn_error *error)
{
    const int64_t n_nodes = network->n_nodes;

    for (int64_t k = 0; k < network->n_edges; k++) {
        const int32_t a = edges[2 * k];
        const int32_t b = edges[2 * k + 1];

        if (a < 0 || a >= n_nodes || b < 0 || b >= n_nodes || a == b) {
            if (error != NULL) {
                error->edge = (int32_t)k;
                error->node = a;
                error->node_b = b;
            }
            return mn_error_set(error, MN_ERR_BAD_EDGE);
        }
        network->a[k] = a;
        network->b[k] = b;
    }
    return MN_OK;
}

static int copy_lengths(mn_network *network, const double *length, mn_error *error)
{
    for (int64_t k = 0; k < network->n_edges; k++) {
        if (!isfinite(length[k]) || length[k] < 0.0) {
            if (error != NULL) {
                error->edge = (int32_t)k;
                error->value = length[k];
            }
            return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
        }
        network->length[k] = length[k];
    }
    return MN_OK;
}

/* first (n_electrodes): the first node of each electrode. */
static int copy_electrodes(mn_network *network, const int32_t *electrode, int32_t *first, mn_error *error)
{
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        first[e] = -1;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        const int32_t e = electrode != NULL ? electrode[i] : -1;

        if (e < -1 || e >= network->n_electrodes) {
            if (error != NULL) {
                error->node = (int32_t)i;
                error->electrode = e;
            }
            return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
        }
        network->electrode[i] = e;
        if (e >= 0 && first[e] < 0) {
            first[e] = (int32_t)i;
        }
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        if (first[e] < 0) {
            if (error != NULL) {
                error->electrode = (int32_t)e;
            }
            return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
        }
    }
    return MN_OK;
}

static void find_components(mn_network *network, const int32_t *first)
{
    int32_t *component = network->component;

    mn_sets_init(network->n_nodes, component);
    for (int64_t k = 0; k < network->n_edges; k++) {
        mn_sets_join(component, network->a[k], network->b[k]);
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (network->electrode[i] >= 0) {
            mn_sets_join(component, (int32_t)i, first[network->electrode[i]]);
        }
    }
    network->n_components = mn_sets_number(network->n_nodes, component);
}

static int count_islands(mn_network *network)
{
    bool *has_electrode = mn_alloc(network->n_components, sizeof *has_electrode);

    if (has_electrode == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (network->electrode[i] >= 0) {
            has_electrode[network->component[i]] = true;
        }
    }
    for (int64_t c = 0; c < network->n_components; c++) {
        network->n_islands += has_electrode[c] ? 0 : 1;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        network->n_island_nodes += has_electrode[network->component[i]] ? 0 : 1;
    }
    mn_dealloc(has_electrode);
    return MN_OK;
}

static int alloc_arrays(mn_network *network, bool has_lengths)
{
    mn_pool *pool = &network->pool;

    network->a = mn_pool_alloc(pool, network->n_edges, sizeof *network->a);
    network->b = mn_pool_alloc(pool, network->n_edges, sizeof *network->b);
    network->length = has_lengths ? mn_pool_alloc(pool, network->n_edges, sizeof *network->length) : NULL;
    network->electrode = mn_pool_alloc(pool, network->n_nodes, sizeof *network->electrode);
    network->component = mn_pool_alloc(pool, network->n_nodes, sizeof *network->component);
    return pool->code;
}

int mn_network_init(mn_network *network, int64_t n_nodes, int64_t n_edges, const int32_t *edges, const double *length,
                    int64_t n_electrodes, const int32_t *electrode, mn_error *error)
{
    int32_t *first = NULL;
    int code = MN_OK;

    memset(network, 0, sizeof *network);
    code = check_sizes(n_nodes, n_edges, n_electrodes, error);
    if (code != MN_OK) {
        goto out;
    }
    network->n_nodes = n_nodes;
    network->n_edges = n_edges;
    network->n_electrodes = n_electrodes;
    code = mn_error_set(error, alloc_arrays(network, length != NULL));
    if (code != MN_OK) {
        goto out;
    }
    code = copy_edges(network, edges, error);
    if (code != MN_OK) {
        goto out;
    }
    code = length != NULL ? copy_lengths(network, length, error) : MN_OK;
    if (code != MN_OK) {
        goto out;
    }
    first = mn_alloc(n_electrodes, sizeof *first);
    code = first != NULL ? copy_electrodes(network, electrode, first, error) : mn_error_set(error, MN_ERR_NO_MEMORY);
    if (code != MN_OK) {
        goto out;
    }
    find_components(network, first);
    code = mn_error_set(error, count_islands(network));
out:
    mn_dealloc(first);
    if (code != MN_OK) {
        mn_network_free(network);
    }
    return code;
}

void mn_network_free(mn_network *network)
{
    mn_kept_free(network);
    mn_pool_free(&network->pool);
    memset(network, 0, sizeof *network);
}
