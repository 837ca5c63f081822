/* The arrays of Newton's method. */
#include "simulate/newton.h"
#include "simulate/readers.h"

#include <string.h>

static void alloc_members(mn_pool *pool, mn_newton_members *members, const mn_population *population)
{
    members->view = mn_view_alloc(pool, population);
    mn_point_alloc(pool, &members->point, population);
    members->base = mn_alloc_states(pool, population);
    members->rate = mn_alloc_states(pool, population);
    members->old = mn_alloc_states(pool, population);
    members->dx = mn_alloc_states(pool, population);
    double **array[] = {&members->start,    &members->moved,     &members->before, &members->c,
                        &members->charging, &members->old_moved, &members->dq,     &members->dv};
    for (size_t k = 0; k < sizeof(array) / sizeof(array[0]); k++) {
        *array[k] = mn_pool_alloc(pool, population->n, sizeof(double));
    }
}

static void alloc_arrays(mn_pool *pool, mn_newton *newton, const mn_network *network)
{
    const int64_t n_edges = network->n_edges, n_nodes = network->n_nodes, n_electrodes = network->n_electrodes;
    double **of_edges[] = {&newton->g,        &newton->i0,   &newton->current,   &newton->slope,  &newton->companion,
                           &newton->factored, &newton->size, &newton->published, &newton->growth, &newton->pull};
    double **of_nodes[] = {&newton->potential, &newton->old,   &newton->step,
                           &newton->into,      &newton->guess, &newton->before};
    double **of_slots[] = {&newton->lack,         &newton->tolerance,    &newton->weight,       &newton->of_island[0],
                           &newton->of_island[1], &newton->of_island[2], &newton->of_island[3], &newton->of_island[4]};
    double **of_electrodes[] = {&newton->value, &newton->mismatch, &newton->boundary, &newton->slopes};
    for (size_t k = 0; k < sizeof(of_edges) / sizeof(of_edges[0]); k++) {
        *of_edges[k] = mn_pool_alloc(pool, n_edges, sizeof(double));
    }
    for (size_t k = 0; k < sizeof(of_nodes) / sizeof(of_nodes[0]); k++) {
        *of_nodes[k] = mn_pool_alloc(pool, n_nodes, sizeof(double));
    }
    for (size_t k = 0; k < sizeof(of_slots) / sizeof(of_slots[0]); k++) {
        *of_slots[k] = mn_pool_alloc(pool, n_nodes + n_electrodes, sizeof(double));
    }
    for (size_t k = 0; k < sizeof(of_electrodes) / sizeof(of_electrodes[0]); k++) {
        *of_electrodes[k] = mn_pool_alloc(pool, n_electrodes, sizeof(double));
    }
    newton->role = mn_pool_alloc(pool, n_electrodes, sizeof(*newton->role));
    newton->slot = mn_pool_alloc(pool, n_nodes, sizeof(*newton->slot));
    newton->parent = mn_pool_alloc(pool, n_nodes + n_electrodes, sizeof(*newton->parent));
    newton->island = mn_pool_alloc(pool, n_nodes + n_electrodes, sizeof(*newton->island));
    newton->itself = mn_pool_alloc(pool, n_nodes + n_electrodes, sizeof(*newton->itself));
    newton->is_open = mn_pool_alloc(pool, n_nodes + n_electrodes, sizeof(*newton->is_open));
}

int mn_newton_init(mn_simulation *simulation, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_pool pool = {0};
    if (simulation->engine->newton != NULL) {
        return MN_OK;
    }
    mn_newton *newton = mn_pool_alloc(&pool, 1, sizeof(*newton));
    int code = pool.code;
    if (code != MN_OK) {
        goto out;
    }
    newton->members = mn_pool_alloc(&pool, simulation->n_populations, sizeof(*newton->members));
    alloc_arrays(&pool, newton, network);
    for (int64_t p = 0; p < simulation->n_populations && pool.code == MN_OK; p++) {
        alloc_members(&pool, &newton->members[p], &simulation->population[p]);
        const mn_device_model *model = simulation->population[p].model;
        newton->has_followers = newton->has_followers || mn_follows(model) || (model->flags & MN_HAS_LINK) != 0;
    }
    code = pool.code;
    if (code != MN_OK) {
        goto out;
    }
    for (int64_t k = 0; k < network->n_nodes + network->n_electrodes; k++) {
        newton->itself[k] = (int32_t)k;
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        int32_t electrode = network->electrode[k];
        newton->slot[k] = electrode < 0 ? (int32_t)k : (int32_t)(network->n_nodes + electrode);
    }
    code = mn_limits_init(&newton->limits, network->n_electrodes);
    if (code == MN_OK) {
        code = mn_solver_init(&newton->umfpack, "umfpack", network, false, simulation->options.cancel, error);
    }
    if (code != MN_OK) {
        mn_limits_free(&newton->limits);
    }
out:
    if (code != MN_OK) {
        mn_pool_free(&pool);
        return mn_error_set(error, code);
    }
    newton->pool = pool;
    simulation->engine->newton = newton;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        members->has_source = mn_follows(members->view.model) && mn_has_source(simulation, p, &members->point);
    }
    newton->has_charge_loops = mn_charges_join_electrodes(simulation);
    code = mn_readers_init(simulation, error);
    if (code != MN_OK) { /* so that it is whole or not there, and is made again */
        mn_newton_free(simulation);
    }
    return code;
}

void mn_newton_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL && simulation->engine->newton != NULL) {
        mn_pool pool = simulation->engine->newton->pool;
        mn_solver_free(&simulation->engine->newton->umfpack);
        mn_limits_free(&simulation->engine->newton->limits);
        simulation->engine->newton = NULL;
        mn_pool_free(&pool);
    }
}
