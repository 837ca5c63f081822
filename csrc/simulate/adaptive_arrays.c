/* The arrays of adaptive steps, and their own exact copies of what drives. */
#include "circuit/solver.h"
#include "drive/waveform.h"
#include "simulate/adaptive.h"
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

static void alloc_members(mn_pool *pool, mn_adaptive_members *members, const mn_population *population)
{
    members->view = mn_view_alloc(pool, population);
    for (int place = 0; place < MN_POINTS; place++) {
        mn_point_alloc(pool, &members->point[place], population);
    }
    members->k1 = mn_alloc_states(pool, population);
    members->k2 = mn_alloc_states(pool, population);
    members->r = mn_alloc_states(pool, population);
    members->inverse = mn_alloc_states(pool, population);
    members->g = mn_pool_alloc(pool, population->n, sizeof(double));
    for (int stage = 0; stage < MN_STAGES; stage++) {
        members->k_v[stage] = mn_pool_alloc(pool, population->n, sizeof(double));
    }
    members->largest = mn_pool_alloc(pool, population->model->n_fields, sizeof(double));
    if (population->model->flags & MN_HAS_SIGNAL) {
        for (int k = 0; k < MN_RATES; k++) {
            members->i_t[k] = mn_pool_alloc(pool, population->n, sizeof(double));
            members->f_t[k] = mn_alloc_states(pool, population);
        }
    }
    members->largest_at_row = mn_pool_alloc(pool, population->model->n_fields, sizeof(double));
    if (population->model->flags & MN_HAS_CHARGE) {
        members->charge1 = mn_pool_alloc(pool, population->n, sizeof(double));
        members->charge2 = mn_pool_alloc(pool, population->n, sizeof(double));
    }
}

static void alloc_arrays(mn_pool *pool, mn_adaptive *adaptive, const mn_network *network)
{
    double **node[] = {&adaptive->k[0], &adaptive->k[1], &adaptive->k[2], &adaptive->injected, &adaptive->around};
    double **electrode[] = {&adaptive->boundary, &adaptive->voltage, &adaptive->current};
    for (size_t k = 0; k < sizeof(node) / sizeof(node[0]); k++) {
        *node[k] = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
    }
    for (size_t k = 0; k < sizeof(electrode) / sizeof(electrode[0]); k++) {
        *electrode[k] = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    }
    for (int place = 0; place < MN_POINTS; place++) {
        adaptive->potential[place] = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
        adaptive->value[place] = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    }
    adaptive->role = mn_pool_alloc(pool, network->n_electrodes, sizeof(uint8_t));
    adaptive->role_now = mn_pool_alloc(pool, network->n_electrodes, sizeof(uint8_t));
    adaptive->companion = mn_pool_alloc(pool, network->n_edges, sizeof(double));
}

static int copy_exactly(const mn_drive *drive, mn_drive *copy, mn_error *error)
{
    mn_drive exact;
    int code = mn_drive_init(&exact, drive->n_electrodes, drive->root, drive->n_waves, drive->wave, error);
    if (code != MN_OK) {
        mn_drive_free(&exact);
        return code;
    }
    mn_drive_be_exact(&exact);
    mn_drive_free(copy);
    *copy = exact;
    return MN_OK;
}

int mn_adaptive_set_drive(mn_simulation *simulation, const mn_drive *drive, mn_error *error)
{
    int code = copy_exactly(drive, &simulation->engine->adaptive->drive, error);
    if (code == MN_OK) {
        mn_adaptive_restart(simulation);
    }
    return code;
}

void mn_adaptive_restart(mn_simulation *simulation)
{
    simulation->engine->adaptive->h = 0.0;
    simulation->engine->adaptive->age = 0.0;
}

static int copy_drives(mn_simulation *simulation, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    int code = copy_exactly(&simulation->drive, &adaptive->drive, error);
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        code = copy_exactly(&simulation->engine->members[p].carried, &adaptive->members[p].carried, error);
    }
    return code;
}

int mn_adaptive_init(mn_simulation *simulation, double rtol, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_pool *pool = &simulation->pool;
    mn_adaptive *adaptive = mn_pool_alloc(pool, 1, sizeof(*adaptive));
    if (adaptive == NULL) {
        return pool->code;
    }
    simulation->engine->adaptive = adaptive;
    adaptive->rtol = rtol;
    adaptive->worst = -1;
    alloc_arrays(pool, adaptive, network);
    adaptive->members = mn_pool_alloc(pool, simulation->n_populations, sizeof(*adaptive->members));
    for (int64_t p = 0; p < simulation->n_populations && pool->code == MN_OK; p++) {
        const mn_population *population = &simulation->population[p];
        alloc_members(pool, &adaptive->members[p], population);
        adaptive->has_thresholds = adaptive->has_thresholds || population->model->crossing != NULL;
    }
    for (int k = 0; k < 2 && adaptive->has_thresholds; k++) {
        adaptive->distance[k] = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    }
    if (pool->code != MN_OK) {
        return pool->code;
    }
    int code = copy_drives(simulation, error);
    if (code == MN_OK) {
        code = mn_newton_init(simulation, error);
    }
    if (code != MN_OK) {
        return code;
    }
    return mn_solver_init(&adaptive->umfpack, "umfpack", network, false, simulation->options.cancel, error);
}

void mn_adaptive_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL && simulation->engine->adaptive != NULL) {
        mn_solver_free(&simulation->engine->adaptive->umfpack);
        mn_drive_free(&simulation->engine->adaptive->drive);
        for (int64_t p = 0; simulation->engine->adaptive->members != NULL && p < simulation->n_populations; p++) {
            mn_drive_free(&simulation->engine->adaptive->members[p].carried);
        }
    }
}
