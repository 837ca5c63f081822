/* The work arrays of the step loop, what the loop needs to know of all models together, and what has become stale. */
#include "simulate/engine.h"

#include "drive/waveform.h"

#include <string.h>

/* Thresholds may be reached more than once in a step: for so many times there is room before it begins. */
enum { MIN_CROSSINGS = 1024, CROSSINGS = 16 };

/* ------------------------------------------------------------------ members of one population */

static void list_ends(mn_members *members, const mn_network *network, const mn_population *population)
{
    for (int64_t k = 0; k < population->n; k++) {
        members->a[k] = network->a[population->edge[k]];
        members->b[k] = network->b[population->edge[k]];
    }
    members->dirty = true;
}

static void list_states(mn_members *members, const mn_population *population)
{
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (population->next[f] != NULL) {
            members->state_field[members->n_state_fields++] =
                (mn_state_field){.field = f, .width = population->width[f]};
        }
    }
}

int mn_engine_add_members(mn_simulation *simulation, int64_t index)
{
    const mn_population *population = &simulation->population[index];
    mn_members *members = &simulation->engine->members[index];
    mn_pool *pool = &simulation->pool;
    members->a = mn_pool_alloc(pool, population->n, sizeof(*members->a));
    members->b = mn_pool_alloc(pool, population->n, sizeof(*members->b));
    members->v = mn_pool_alloc(pool, population->n, sizeof(*members->v));
    members->v_prev = mn_pool_alloc(pool, population->n, sizeof(*members->v_prev));
    members->state_field = mn_pool_alloc(pool, population->model->n_fields, sizeof(*members->state_field));
    members->states = population->field;
    if (mn_population_slice_init(&members->slice, population, pool) == MN_OK) {
        list_ends(members, simulation->network, population);
        list_states(members, population);
    }
    return pool->code;
}

/* ------------------------------------------------------------------ life */

int mn_engine_init(mn_simulation *simulation, int64_t n_populations)
{
    int64_t n_edges = simulation->network->n_edges;
    int64_t n_electrodes = simulation->network->n_electrodes;
    mn_pool *pool = &simulation->pool;
    mn_engine *engine = mn_pool_alloc(pool, 1, sizeof(*engine));
    simulation->engine = engine;
    if (engine == NULL) {
        return pool->code;
    }
    engine->members = mn_pool_alloc(pool, n_populations, sizeof(*engine->members));
    engine->island_edge = mn_pool_alloc(pool, n_edges, sizeof(*engine->island_edge));
    engine->role = mn_pool_alloc(pool, n_electrodes, sizeof(*engine->role));
    engine->value = mn_pool_alloc(pool, n_electrodes, sizeof(*engine->value));
    engine->limit = mn_pool_alloc(pool, n_electrodes, sizeof(*engine->limit));
    engine->role_now = mn_pool_alloc(pool, n_electrodes, sizeof(*engine->role_now));
    engine->value_now = mn_pool_alloc(pool, n_electrodes, sizeof(*engine->value_now));
    engine->g = mn_pool_alloc(pool, n_edges, sizeof(*engine->g));
    engine->i0 = mn_pool_alloc(pool, n_edges, sizeof(*engine->i0));
    engine->changed = mn_pool_alloc(pool, n_edges, sizeof(*engine->changed));
    int code = mn_limits_init(&engine->limits, n_electrodes);
    return pool->code == MN_OK ? code : pool->code;
}

/* Marks edges of components that hold no electrode. */
static int mark_island_edges(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    uint8_t *has_electrode = mn_alloc(network->n_components, sizeof(*has_electrode));
    if (has_electrode == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        if (network->electrode[k] >= 0) {
            has_electrode[network->component[k]] = 1;
        }
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        simulation->engine->island_edge[e] = !has_electrode[network->component[network->a[e]]];
    }
    mn_dealloc(has_electrode);
    return MN_OK;
}

int mn_engine_survey(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    mn_pool *pool = &simulation->pool;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        engine->has_source = engine->has_source || (population->model->flags & MN_HAS_SOURCE) != 0;
        engine->has_long_steps = engine->has_long_steps || (population->model->flags & MN_LONG_STEPS) != 0;
        engine->has_cut_steps = engine->has_cut_steps || mn_model_cuts_steps(population->model);
        engine->max_events +=
            population->model->advance == NULL ? 0 : population->n * mn_model_at_once(population->model);
        engine->max_events += population->model->crossing == NULL ? 0 : MIN_CROSSINGS + CROSSINGS * population->n;
    }
    if (engine->has_source) {
        engine->source = mn_pool_alloc(pool, simulation->network->n_edges, sizeof(*engine->source));
        engine->injected = mn_pool_alloc(pool, simulation->network->n_nodes, sizeof(*engine->injected));
    }
    return pool->code == MN_OK ? mark_island_edges(simulation) : pool->code;
}

void mn_engine_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL) {
        mn_limits_free(&simulation->engine->limits);
        for (int64_t p = 0; p < simulation->n_populations; p++) {
            mn_drive_free(&simulation->engine->members[p].carried);
        }
        mn_pool_free(&simulation->engine->adjacency);
        simulation->engine = NULL;
    }
}

/* ------------------------------------------------------------------ what is stale */

void mn_engine_look_at_drive(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    engine->has_constant_drive = mn_drive_is_constant(&simulation->drive) && !engine->has_signals;
    engine->has_limits = mn_drive_has_limits(&simulation->drive);
    memset(engine->limits.side, 0, (size_t)simulation->network->n_electrodes * sizeof(*engine->limits.side));
}

void mn_engine_outdate(mn_simulation *simulation, mn_stale what)
{
    mn_engine *engine = simulation->engine;
    simulation->solved = false;
    engine->has_solution = false;
    engine->has_row = 0;
    if (what == MN_STALE_CONDUCTANCES) {
        engine->has_factor = false;
        engine->n_changed = 0;
        engine->in_lanes = false;
        for (int64_t p = 0; p < simulation->n_populations; p++) {
            engine->members[p].dirty = true;
            engine->members[p].watch_is_stale = true;
            engine->members[p].bounds_in_lanes = false;
        }
    }
}
