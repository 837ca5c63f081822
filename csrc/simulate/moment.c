/* Beside which corners of the drive a moment lies, and how what drives moves there. */
#include "simulate/moment.h"

#include "drive/waveform.h"
#include "simulate/newton.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

/* Of a row: a corner this close to a time is at that time. */
#define CLOSE 1e-9
/* Of a row: where the drive beside a jump is read. */
#define BESIDE_JUMP 1e-13
/* Points beside the moment that a slope is found from, and of a period, how far apart they are: the error is 1e-12. */
enum { POINTS = 6 };
#define OF_PERIOD 0x1p-9

/* ------------------------------------------------------------------ where */

double mn_close_to(const mn_simulation *simulation, double t)
{
    return fmax(CLOSE * simulation->options.dt, 4.0 * 0x1p-52 * fabs(t));
}

double mn_beside_jump(const mn_simulation *simulation, double t)
{
    return fabs(t) * 0x1p-50 + BESIDE_JUMP * simulation->options.dt;
}

double mn_right_of(const mn_simulation *simulation, double t)
{
    const double close = mn_close_to(simulation, t);
    mn_corner corner = mn_engine_next_corner(simulation, t - close);
    double right = t;
    for (; corner.time <= t + close; corner = mn_engine_next_corner(simulation, corner.time)) {
        right = fmax(right, corner.jump ? corner.time + mn_beside_jump(simulation, corner.time) : corner.time);
    }
    return right;
}

/* ------------------------------------------------------------------ values */

double mn_read_at(const mn_simulation *simulation, const mn_drive *drive, int32_t root, double t)
{
    const double close = mn_close_to(simulation, t);
    double right = t;
    if (simulation->engine->adaptive == NULL) {
        return t;
    }
    mn_corner corner = mn_wave_next_corner(drive, root, t - close);
    for (; corner.time <= t + close; corner = mn_wave_next_corner(drive, root, corner.time)) {
        right = corner.jump ? fmax(right, corner.time + mn_beside_jump(simulation, corner.time)) : right;
    }
    return right;
}

static const mn_drive *drive_of(const mn_simulation *simulation)
{
    return simulation->engine->adaptive == NULL ? &simulation->drive : simulation->engine->newton->drive;
}

void mn_simulation_drive_at(const mn_simulation *simulation, double t, uint8_t *role, double *value)
{
    const mn_drive *drive = drive_of(simulation);
    const bool is_adaptive = simulation->engine->adaptive != NULL;
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        const int32_t root = drive->root[e];
        role[e] = MN_FLOATING;
        value[e] = root < 0 ? 0.0 : mn_wave_evaluate(drive, root, mn_read_at(simulation, drive, root, t), &role[e]);
    }
    if (mn_reactions_any(simulation)) {
        mn_reactions_add(simulation, is_adaptive ? mn_right_of(simulation, t) : t, is_adaptive ? 0.0 : MN_REACHED,
                         value);
    }
}

void mn_simulation_limits_at(const mn_simulation *simulation, double t, double *limit)
{
    const mn_drive *drive = drive_of(simulation);
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        const int32_t root = drive->root[e];
        limit[e] = root < 0 ? INFINITY : mn_wave_limit(drive, root, mn_read_at(simulation, drive, root, t));
    }
}

/* ------------------------------------------------------------------ slopes */

/* For how long (s) everything is smooth after t, or with `before` until t; no more than a row is looked back. */
static double smooth_time(const mn_simulation *simulation, double t, bool before)
{
    if (!before) {
        return mn_engine_next_corner(simulation, t).time - t;
    }
    double last = t - simulation->options.dt;
    for (double time = last; time < t; time = mn_engine_next_corner(simulation, time).time) {
        last = time;
    }
    return t - last;
}

/* How far apart the points are, below 0 where they lie before t. */
static double spacing_of(const mn_simulation *simulation, double t, bool before, double smooth, double period)
{
    double spacing = fmin(smooth / (POINTS + 1), OF_PERIOD * period);
    spacing = isfinite(spacing) ? spacing : simulation->options.dt;
    return before ? (t - spacing) - t : (t + spacing) - t; /* as times are rounded */
}

/* Adds to the slopes what the value of electrode e is at point k beside the moment, less the one there. */
static double share_of(int k, double difference, double spacing)
{
    static const double weight[POINTS] = {6.0, -15.0 / 2.0, 20.0 / 3.0, -15.0 / 4.0, 6.0 / 5.0, -1.0 / 6.0};
    return weight[k] * difference / spacing;
}

static double wave_slope(const mn_drive *drive, int32_t root, double t, double spacing)
{
    uint8_t role;
    const double start = mn_wave_evaluate(drive, root, t, &role);
    double slope = 0.0;
    for (int k = 0; k < POINTS; k++) {
        slope += share_of(k, mn_wave_evaluate(drive, root, t + (k + 1) * spacing, &role) - start, spacing);
    }
    return slope;
}

/* Adds what waveforms that reactions have started do. */
static void add_reactions(mn_simulation *simulation, double t, bool before, double smooth, double *slope)
{
    mn_newton *newton = simulation->engine->newton;
    const int64_t n_electrodes = simulation->network->n_electrodes;
    const size_t size = (size_t)n_electrodes * sizeof(double);
    const double spacing = spacing_of(simulation, t, before, smooth, mn_reactions_period(simulation, t));
    double *start = newton->mismatch, *beside = newton->boundary;
    memset(start, 0, size);
    mn_reactions_add(simulation, t, 0.0, start);
    for (int k = 0; k < POINTS; k++) {
        memset(beside, 0, size);
        mn_reactions_add(simulation, t + (k + 1) * spacing, 0.0, beside);
        for (int64_t e = 0; e < n_electrodes; e++) {
            slope[e] += share_of(k, beside[e] - start[e], spacing);
        }
    }
}

void mn_drive_slopes(mn_simulation *simulation, double t, bool before, double *slope)
{
    const mn_drive *drive = simulation->engine->newton->drive;
    const double margin = mn_beside_jump(simulation, t);
    const double at = before ? t - margin : mn_right_of(simulation, t) + margin;
    const double smooth = smooth_time(simulation, at, before);
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        const int32_t root = drive->root[e];
        slope[e] = 0.0;
        if (root >= 0) {
            const double period = mn_wave_period(drive, root, at);
            slope[e] = wave_slope(drive, root, at, spacing_of(simulation, at, before, smooth, period));
        }
    }
    if (mn_reactions_any(simulation)) {
        add_reactions(simulation, at, before, smooth, slope);
    }
}
