/* The life of the backend for driven electrodes, and the functions that it gives to the solver. */
#include "circuit/kron_driven.h"

#include "circuit/kron.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_driven_solve.h"
#include "circuit/kron_factor.h"

/* Joined electrodes are taken where apart they would cost this many hundredths of the updates, or more. */
enum { WORTH_JOINING = 125 };

static void driven_free(void *state)
{
    mn_kron_driven *driven = state;
    if (driven != NULL) {
        mn_kron_free(driven->kron);
        mn_pool_free(&driven->pool);
        mn_dealloc(driven);
    }
}

static int alloc_driven(mn_kron_driven *driven)
{
    const mn_network *network = driven->network;
    const int64_t n = driven->n_places;
    mn_pool *pool = &driven->pool;
    driven->place = mn_pool_alloc(pool, network->n_nodes, sizeof(int32_t));
    driven->start = mn_pool_alloc(pool, n + 1, sizeof(int64_t));
    driven->other = mn_pool_alloc(pool, 2 * network->n_edges, sizeof(int32_t));
    driven->edge = mn_pool_alloc(pool, 2 * network->n_edges, sizeof(int32_t));
    driven->conductance = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    driven->drop = mn_pool_alloc(pool, n, sizeof(double));
    driven->size = mn_pool_alloc(pool, n, sizeof(double));
    driven->source = mn_pool_alloc(pool, n, sizeof(double));
    driven->owner = mn_pool_alloc(pool, n, sizeof(int32_t));
    driven->member = mn_pool_alloc(pool, n, sizeof(int32_t));
    driven->from = mn_pool_alloc(pool, n, sizeof(int32_t));
    driven->strongest = mn_pool_alloc(pool, n, sizeof(double));
    driven->leaving = mn_pool_alloc(pool, n, sizeof(double));
    driven->meets = mn_pool_alloc(pool, n, sizeof(double));
    driven->value = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    driven->current = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    driven->found = mn_pool_alloc(pool, network->n_electrodes, sizeof(uint8_t));
    return pool->code;
}

/* Counting sort of the edges by their ends; edges inside one electrode carry nothing. */
static void list_edges(mn_kron_driven *driven)
{
    const mn_network *network = driven->network;
    int64_t *start = driven->start, end = 0;
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = driven->place[network->a[e]], b = driven->place[network->b[e]];
        start[a] += a != b;
        start[b] += a != b;
    }
    for (int64_t k = 0; k < driven->n_places; k++) {
        end += start[k];
        start[k] = end;
    }
    start[driven->n_places] = end;
    for (int64_t e = network->n_edges - 1; e >= 0; e--) {
        const int32_t a = driven->place[network->a[e]], b = driven->place[network->b[e]];
        if (a != b) {
            driven->other[--start[a]] = b;
            driven->edge[start[a]] = (int32_t)e;
            driven->other[--start[b]] = a;
            driven->edge[start[b]] = (int32_t)e;
        }
    }
}

static int make_driven(mn_kron_driven *driven, bool always, mn_order order, mn_cancel *cancel, mn_error *error)
{
    const mn_network *network = driven->network;
    if (2 * network->n_edges > INT32_MAX || network->n_nodes + network->n_electrodes > INT32_MAX) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED); /* GCOV_EXCL_LINE: some 2^30 edges, whose ends are numbered */
    }
    int code = mn_kron_init_joined(&driven->kron, network, order, cancel, error);
    if (code != MN_OK) {
        return code;
    }
    const mn_kron_schedule *s = &driven->kron->schedule;
    const bool pays = s->n_fronts > 0 && s->n_apart / WORTH_JOINING >= s->n_updates / 100;
    if (!pays && !always) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    driven->n_places = network->n_nodes + network->n_electrodes;
    code = mn_error_set(error, alloc_driven(driven));
    if (code != MN_OK) {
        return code;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        const int32_t e = network->electrode[i];
        driven->place[i] = (int32_t)(e < 0 ? i : network->n_nodes + e);
    }
    list_edges(driven);
    return MN_OK;
}

int mn_kron_driven_init(void **state, const mn_network *network, bool always, mn_order order, mn_cancel *cancel,
                        mn_error *error)
{
    mn_kron_driven *driven = mn_alloc(1, sizeof *driven);
    if (driven == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    driven->network = network;
    const int code = make_driven(driven, always, order, cancel, error);
    if (code != MN_OK) {
        driven_free(driven);
        return code;
    }
    *state = driven;
    return MN_OK;
}

static int driven_init(void **state, const mn_network *network, bool complex_values, mn_order order, mn_cancel *cancel,
                       mn_error *error)
{
    (void)complex_values; /* never */
    return mn_kron_driven_init(state, network, false, order, cancel, error);
}

static int driven_factor(void *state, const double *conductance, const double *imag, int64_t n_changed,
                         const int32_t *changed, mn_error *error)
{
    mn_kron_driven *driven = state;
    const bool incremental = n_changed >= 0 && driven->kron->has_factor;
    driven->has_drops = false;
    if (imag != NULL) {
        driven->kron->has_factor = false;
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    for (int64_t i = 0; i < n_changed && incremental; i++) {
        driven->conductance[changed[i]] = mn_kron_flush(conductance[changed[i]]);
    }
    for (int64_t e = 0; e < driven->network->n_edges && !incremental; e++) {
        driven->conductance[e] = mn_kron_flush(conductance[e]);
    }
    return mn_kron_factor(driven->kron, conductance, n_changed, changed, error);
}

static int driven_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                        const mn_solution *solution, mn_error *error)
{
    if (boundary->imag != NULL || injected_imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    return mn_kron_driven_solve(state, boundary, injected, solution, error);
}

static int driven_use_threads(void *state, mn_threads *threads)
{
    const mn_kron_driven *driven = state;
    return mn_kron_use_threads(driven->kron, threads);
}

static void driven_info(const void *state, mn_solver_info *info)
{
    const mn_kron_driven *driven = state;
    const mn_network *network = driven->network;
    mn_kron_ops.info(driven->kron, info);
    info->bytes += 24 * network->n_edges + 65 * driven->n_places;
}

const mn_solver_ops mn_kron_driven_ops = {
    .name = "kron",
    .takes_real = true,
    .takes_complex = false,
    .keeps_between = true,
    .init = driven_init,
    .factor = driven_factor,
    .solve = driven_solve,
    .use_threads = driven_use_threads,
    .info = driven_info,
    .free = driven_free,
};
