/* Waveforms that devices carry (mn_device_spec.wave): each is a drive of its own with one root, so that another drive
 * of the electrodes leaves it as it is. */
#include "drive/waveform.h"
#include "simulate/adaptive.h"
#include "simulate/engine.h"
#include "simulate/moment.h"
#include "simulate/reactions.h"

#include <math.h>

static bool carries(const mn_members *members)
{
    return members->carried.n_electrodes > 0;
}

int mn_signal_init(mn_simulation *simulation, int64_t index, const mn_device_spec *device, mn_error *error)
{
    const mn_device_model *model = simulation->population[index].model;
    mn_members *members = &simulation->engine->members[index];
    const int32_t root = (int32_t)(device->n_waves - 1);
    if (device->n_waves == 0) {
        members->signal = (model->flags & MN_HAS_SIGNAL) != 0 ? model->signal.initial : 0.0;
        return MN_OK;
    }
    error->model = model->name;
    if ((model->flags & MN_HAS_SIGNAL) == 0) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "waves", (double)device->n_waves);
    }
    int code = mn_drive_init(&members->carried, 1, &root, device->n_waves, device->wave, error);
    if (code != MN_OK) {
        error->electrode = -1;
        return code;
    }
    error->model = NULL;
    simulation->engine->has_signals = true;
    return MN_OK;
}

int mn_signals_read(mn_simulation *simulation, double t, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_members *members = &engine->members[p];
        if (!carries(members)) {
            continue;
        }
        uint8_t role;
        const mn_drive *carried = engine->adaptive == NULL ? &members->carried : &engine->adaptive->members[p].carried;
        const double at = mn_read_at(simulation, carried, carried->root[0], t);
        double value = mn_wave_evaluate(carried, carried->root[0], at, &role);
        if (!isfinite(value)) {
            error->model = simulation->population[p].model->name;
            return mn_error_refuse(error, MN_ERR_NOT_FINITE_DRIVE, simulation->population[p].model->signal.name, value);
        }
        if (value != members->signal) {
            members->signal = value;
            members->dirty = true;
            engine->has_solution = false;
        }
    }
    return MN_OK;
}

/* The first corner after t of any waveform; .jump whether one that jumps is in (t, until]. */
static mn_corner corner_until(const mn_simulation *simulation, double t, double until)
{
    mn_corner first = mn_drive_corner_until(&simulation->drive, t, until);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_corner corner = mn_drive_corner_until(&simulation->engine->members[p].carried, t, until);
        first.time = fmin(first.time, corner.time);
        first.jump = first.jump || corner.jump;
    }
    mn_reactions_join_corner(simulation, t, until, &first);
    return first;
}

mn_corner mn_engine_next_corner(const mn_simulation *simulation, double t)
{
    mn_corner first = corner_until(simulation, t, t);
    return isfinite(first.time) ? corner_until(simulation, t, first.time) : first;
}

mn_corner mn_engine_next_moment(const mn_simulation *simulation, double t, double close)
{
    mn_corner first = corner_until(simulation, t, t);
    return isfinite(first.time) ? corner_until(simulation, t, first.time + close) : first;
}
