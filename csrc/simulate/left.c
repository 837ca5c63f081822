/* The circuit right before a row at which the drive jumps: the drive from before, states and charges as they are. */
#include "simulate/left.h"

#include "simulate/adaptive.h"
#include "simulate/newton.h"

int mn_left_prepare(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    if (engine->adaptive == NULL) {
        return MN_ERR_BAD_ARGUMENT;
    }
    if (engine->before_left == NULL) {
        engine->before_left = mn_pool_alloc(&simulation->pool, (int64_t)mn_state_size(simulation), 1);
    }
    return engine->before_left == NULL ? MN_ERR_NO_MEMORY : MN_OK;
}

static int solve(mn_simulation *simulation, mn_error *error)
{
    if (simulation->engine->has_links) {
        mn_links_read_states(simulation);
    }
    mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES); /* devices carry another value, too */
    return mn_instant_solve(simulation, error);
}

int mn_left_look(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    engine->has_left = false;
    if (!mn_recorder_wants_left(&simulation->recorder, simulation->step) || !mn_adaptive_drive_left(simulation)) {
        return MN_OK;
    }
    mn_state_save(simulation, engine->before_left);
    int code = solve(simulation, error);
    if (code == MN_OK) {
        mn_recorder_write_left(simulation);
        engine->has_left = true;
    }
    mn_state_load(simulation, engine->before_left);
    return code;
}
