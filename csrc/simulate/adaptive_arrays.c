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

int mn_adaptive_set_drive(mn_simulation *simulation, const mn_drive *drive, mn_error *error)
{
    int code = mn_drive_copy_exact(&simulation->engine->adaptive->drive, drive, error);
    if (code == MN_OK) {
        memset(simulation->engine->adaptive->side, 0, (size_t)simulation->network->n_electrodes);
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
    int code = mn_drive_copy_exact(&adaptive->drive, &simulation->drive, error);
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        const mn_drive *carried = &simulation->engine->members[p].carried;
        code = mn_drive_copy_exact(&adaptive->members[p].carried, carried, error);
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
    mn_crossings_alloc(pool, &adaptive->crossings, network->n_edges + network->n_electrodes);
    int code = mn_turns_init(simulation);
    if (code == MN_OK) {
        code = copy_drives(simulation, error);
    }
    if (code == MN_OK) {
        code = mn_newton_init(simulation, error);
    }
    if (code != MN_OK) {
        return code;
    }
    simulation->engine->newton->drive = &adaptive->drive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        adaptive->members[p].has_source = mn_has_source(simulation, p, &adaptive->members[p].point[MN_START]);
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
