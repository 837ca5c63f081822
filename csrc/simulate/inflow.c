/* Devices that read the current of the electrode at the first node of their edge (MN_READS_INFLOW): which one that is,
 * and what it takes from the network. */
#include "drive/waveform.h"
#include "simulate/implicit.h"

static int refuse(const mn_simulation *simulation, const mn_population *population, int64_t member, mn_error *error)
{
    const int32_t edge = population->edge[member];
    error->model = population->model->name;
    error->edge = edge;
    error->node = simulation->network->a[edge];
    error->node_b = simulation->network->b[edge];
    return mn_error_set(error, MN_ERR_INFLOW);
}

static bool reads(const mn_population *population)
{
    return (population->model->flags & MN_READS_INFLOW) != 0;
}

static int init_population(mn_simulation *simulation, int64_t p, mn_error *error)
{
    const mn_population *population = &simulation->population[p];
    mn_members *members = &simulation->engine->members[p];
    members->inflow = mn_pool_alloc(&simulation->pool, population->n, sizeof(*members->inflow));
    members->inflow_electrode = mn_pool_alloc(&simulation->pool, population->n, sizeof(*members->inflow_electrode));
    if (simulation->pool.code != MN_OK) {
        return simulation->pool.code;
    }
    for (int64_t k = 0; k < population->n; k++) {
        members->inflow_electrode[k] = simulation->network->electrode[members->a[k]];
        if (members->inflow_electrode[k] < 0) {
            return refuse(simulation, population, k, error);
        }
    }
    return MN_OK;
}

/* Newton's method would have to follow what other edges do to the electrode. */
static int check_steps(const mn_simulation *simulation, mn_error *error)
{
    if (mn_is_implicit(simulation) || simulation->engine->adaptive != NULL) {
        return mn_error_set(error, MN_ERR_INFLOW_STEPS);
    }
    return MN_OK;
}

int mn_inflow_init(mn_simulation *simulation, mn_error *error)
{
    int code = MN_OK;
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        if (reads(&simulation->population[p])) {
            simulation->engine->has_inflow = true;
            error->model = simulation->population[p].model->name;
            code = check_steps(simulation, error);
            code = code == MN_OK ? init_population(simulation, p, error) : code;
        }
    }
    return code == MN_OK ? mn_inflow_check_drive(simulation, &simulation->drive, error) : code;
}

int mn_inflow_check_drive(const mn_simulation *simulation, const mn_drive *drive, mn_error *error)
{
    for (int64_t p = 0; simulation->engine->has_inflow && p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; reads(population) && k < population->n; k++) {
            const int32_t electrode = simulation->engine->members[p].inflow_electrode[k];
            const int32_t root = drive->root[electrode];
            if (root < 0 || (mn_wave_roles(drive, root) & 1u << MN_FLOATING) != 0) {
                error->electrode = electrode;
                return refuse(simulation, population, k, error);
            }
        }
    }
    return MN_OK;
}

void mn_inflow_read(mn_simulation *simulation)
{
    for (int64_t p = 0; simulation->engine->has_inflow && p < simulation->n_populations; p++) {
        const mn_members *members = &simulation->engine->members[p];
        for (int64_t k = 0; members->inflow != NULL && k < simulation->population[p].n; k++) {
            members->inflow[k] = -simulation->current[members->inflow_electrode[k]];
        }
    }
}
