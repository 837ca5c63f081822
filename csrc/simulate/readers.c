/* Slopes of edges with what they read of others, by differences: their models know them not. */
#include "simulate/readers.h"

#include <math.h>
#include <string.h>

/* Of what is read, or of 1 V: how far it is moved to either side. What is left of curvature and of rounding is then
 * little beside the slope. */
static const double MOVE = 1e-6;

/* ------------------------------------------------------------------ life */

static void alloc_reader(mn_pool *pool, mn_reader *reader, const mn_population *population)
{
    const int64_t n_states = population->model->n_linked_states;
    reader->i_u = mn_pool_alloc(pool, population->n, sizeof(double));
    reader->f_u = mn_alloc_states(pool, population);
    reader->i_y = mn_pool_alloc(pool, n_states, sizeof(*reader->i_y));
    reader->states = mn_pool_alloc(pool, n_states, sizeof(*reader->states));
    for (int64_t s = 0; s < n_states && reader->i_y != NULL; s++) {
        reader->i_y[s] = mn_pool_alloc(pool, population->n, sizeof(double));
    }
    for (int side = 0; side < 2; side++) {
        mn_point_alloc(pool, &reader->beside[side], population);
        reader->moved[side] = mn_pool_alloc(pool, population->n, sizeof(double));
    }
}

/* The edge that the edge which member k reads reads itself, or that edge where it reads none. */
static int32_t read_by_linked(const mn_simulation *simulation, const mn_links *links, int64_t k)
{
    const mn_links *next = simulation->engine->members[links->population[k]].links;
    return next == NULL ? links->edge[k] : next->edge[links->member[k]];
}

static void number_transfers(const mn_simulation *simulation, mn_readers *readers)
{
    int64_t n = 0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_links *links = simulation->engine->members[p].links;
        mn_reader *reader = &readers->reader[p];
        reader->own = reader->of_linked = -1;
        for (int linked = 0; linked < 2 && links != NULL; linked++) {
            if (linked == 1 && population->model->n_linked_states == 0) {
                continue;
            }
            *(linked == 0 ? &reader->own : &reader->of_linked) = n;
            for (int64_t k = 0; k < population->n; k++, n++) {
                const int32_t control = linked == 0 ? links->edge[k] : read_by_linked(simulation, links, k);
                readers->transfer[n] = (mn_transfer){.edge = population->edge[k], .control = control};
            }
        }
    }
}

static int64_t count_transfers(const mn_simulation *simulation)
{
    int64_t n = 0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const bool reads = simulation->engine->members[p].links != NULL;
        const bool reads_states = reads && simulation->population[p].model->n_linked_states > 0;
        n += simulation->population[p].n * ((int64_t)reads + (int64_t)reads_states);
    }
    return n;
}

int mn_readers_init(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    if (!engine->has_links || engine->readers != NULL) {
        return MN_OK;
    }
    mn_pool pool = {0};
    mn_readers *readers = mn_pool_alloc(&pool, 1, sizeof(*readers));
    if (readers == NULL) {
        return mn_error_set(error, pool.code);
    }
    readers->n_transfers = count_transfers(simulation);
    readers->transfer = mn_pool_alloc(&pool, readers->n_transfers, sizeof(*readers->transfer));
    readers->conductance = mn_pool_alloc(&pool, readers->n_transfers, sizeof(double));
    readers->reader = mn_pool_alloc(&pool, simulation->n_populations, sizeof(*readers->reader));
    for (int64_t p = 0; p < simulation->n_populations && pool.code == MN_OK; p++) {
        if (engine->members[p].links != NULL) {
            alloc_reader(&pool, &readers->reader[p], &simulation->population[p]);
        }
    }
    int code = mn_error_set(error, pool.code);
    if (code == MN_OK) {
        number_transfers(simulation, readers);
        code = mn_solver_init_directed(&readers->solver, simulation->network, readers->n_transfers, readers->transfer,
                                       simulation->options.cancel, error);
    }
    if (code != MN_OK) {
        mn_pool_free(&pool);
        return code;
    }
    readers->pool = pool;
    engine->readers = readers;
    return MN_OK;
}

void mn_readers_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL && simulation->engine->readers != NULL) {
        mn_pool pool = simulation->engine->readers->pool; /* in a block of its own */
        mn_solver_free(&simulation->engine->readers->solver);
        simulation->engine->readers = NULL;
        mn_pool_free(&pool);
    }
}

/* ------------------------------------------------------------------ slopes */

/* Moves a voltage to either side. */
static void move_voltages(const mn_reader *reader, int64_t n, const double *u)
{
    for (int64_t k = 0; k < n; k++) {
        const double move = MOVE * fmax(1.0, fabs(u[k]));
        reader->moved[0][k] = u[k] - move;
        reader->moved[1][k] = u[k] + move;
    }
}

/* Moves state s of the linked edges to either side, as far as its range goes. */
static void move_states(const mn_simulation *simulation, const mn_reader *reader, int64_t n, const mn_links *links,
                        int64_t s)
{
    for (int64_t k = 0; k < n; k++) {
        const mn_population *other = &simulation->population[links->population[k]];
        const int64_t f = links->field[s * n + k], m = links->member[k];
        const double low = mn_low_of(other, f, m), high = mn_high_of(other, f, m), y = links->x[s][k];
        const double whole = isfinite(high - low) ? high - low : fmax(fabs(y), 1.0);
        const double move = MOVE * (y == 0.0 ? whole : fmin(whole, fabs(y)));
        reader->moved[0][k] = mn_bounded(y - move, low, high);
        reader->moved[1][k] = mn_bounded(y + move, low, high);
    }
}

/* Slopes over what was moved; none where that did not move, or a law is no number beside it. */
static void divide(const mn_reader *reader, int64_t n, const double *below, const double *above, double *slope)
{
    for (int64_t k = 0; k < n; k++) {
        const double found = (above[k] - below[k]) / (reader->moved[1][k] - reader->moved[0][k]);
        slope[k] = isfinite(found) ? found : 0.0;
    }
}

void mn_reader_linearise(mn_simulation *simulation, int64_t p, mn_population *view, double t, const double *v)
{
    const mn_links *links = simulation->engine->members[p].links;
    const mn_device_model *model = view->model;
    mn_reader *reader = &simulation->engine->readers->reader[p];
    const mn_linear *below = &reader->beside[0].linear, *above = &reader->beside[1].linear;
    const int64_t n = view->n;
    mn_step step = mn_step_at(simulation, p, t, v);
    move_voltages(reader, n, links->v);
    for (int side = 0; side < 2; side++) {
        step.linked_v = reader->moved[side];
        model->linearise(view, &step, &reader->beside[side].linear);
    }
    divide(reader, n, below->i, above->i, reader->i_u);
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (reader->f_u[f] != NULL) {
            divide(reader, n, below->f[f], above->f[f], reader->f_u[f]);
        }
    }
    step.linked_v = links->v;
    step.linked_x = reader->states;
    for (int64_t s = 0; s < model->n_linked_states; s++) {
        move_states(simulation, reader, n, links, s);
        for (int side = 0; side < 2; side++) {
            memcpy(reader->states, links->x, (size_t)model->n_linked_states * sizeof(*reader->states));
            reader->states[s] = reader->moved[side];
            model->linearise(view, &step, &reader->beside[side].linear);
        }
        divide(reader, n, below->i, above->i, reader->i_y[s]);
    }
}

bool mn_readers_count(const mn_readers *readers)
{
    for (int64_t k = 0; readers != NULL && k < readers->n_transfers; k++) {
        if (readers->conductance[k] != 0.0) {
            return true;
        }
    }
    return false;
}
