/* The circuit right before a row at which the drive jumps: the drive from before, states and charges as they are. */
#include "simulate/left.h"

#include "simulate/adaptive.h"
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

int mn_left_prepare(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    const size_t size = mn_recorder_has_left(&simulation->recorder) ? mn_state_size(simulation) : 0;
    if (size <= engine->left_size) {
        return MN_OK;
    }
    mn_pool pool = {0}; /* that of the simulation would never again be good after a failure */
    unsigned char *bytes = mn_pool_alloc(&pool, (int64_t)size, 1);
    if (bytes == NULL) {
        return pool.code;
    }
    mn_pool_join(&simulation->pool, &pool);
    engine->before_left = bytes;
    engine->left_size = size;
    return MN_OK;
}

/* Whether the drive jumps at a row, and *first, its first corner there. */
static bool jumps_at(const mn_simulation *simulation, double row, double *first)
{
    const double same = mn_adaptive_same_time(simulation, row);
    mn_corner corner = mn_engine_next_corner(simulation, row - same);
    bool jumps = false;
    for (*first = corner.time; corner.time <= row + same; corner = mn_engine_next_corner(simulation, corner.time)) {
        jumps = jumps || corner.jump;
    }
    return jumps;
}

/* Electrodes and devices are driven with what was there before. */
static void drive(mn_simulation *simulation, double before)
{
    mn_engine *engine = simulation->engine;
    const mn_adaptive *adaptive = engine->adaptive;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    mn_adaptive_read_before(simulation, before);
    memcpy(engine->role_now, adaptive->role_now, n_electrodes * sizeof(*engine->role_now));
    memcpy(engine->value_now, adaptive->asked[MN_END], n_electrodes * sizeof(double));
    memcpy(engine->limits.limit, adaptive->limit, n_electrodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        if (adaptive->members[p].carried.n_electrodes > 0) {
            engine->members[p].signal = adaptive->members[p].signal[MN_END];
        }
    }
}

static int solve(mn_simulation *simulation, mn_error *error)
{
    if (simulation->engine->has_links) {
        mn_links_read_states(simulation);
    }
    mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES); /* devices carry another value, too */
    simulation->engine->newton->is_before = true;
    int code = mn_instant_solve(simulation, error);
    simulation->engine->newton->is_before = false;
    return code;
}

int mn_left_look(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    const double row = mn_simulation_time(simulation);
    double first;
    engine->has_left = false;
    if (simulation->step == 0 || !mn_recorder_wants_left(&simulation->recorder, simulation->step) ||
        !jumps_at(simulation, row, &first)) {
        return MN_OK;
    }
    drive(simulation, fmin(first, row));
    mn_state_save(simulation, engine->before_left);
    int code = solve(simulation, error);
    if (code == MN_OK) {
        mn_recorder_write_left(simulation);
        engine->has_left = true;
    }
    mn_state_load(simulation, engine->before_left);
    return code;
}
