/* Thresholds in adaptive steps: where in a step the first one is reached, and what happens there. */
#include "simulate/adaptive.h"
#include "simulate/bracket.h"
#include "simulate/cycles.h"
#include "simulate/event_log.h"
#include "simulate/moment.h"
#include "simulate/newton.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

enum { MOST_TRIES = 100 };

/* Of a step: how well the time of an event is known, in units of rtol; and where an electrode may turn beside a charge,
 * which has to bear by what its voltage went too far. */
static const double LOCATED = 1e-3, LOCATED_TURN = 0x1p-40;

/* ------------------------------------------------------------------ distances */

/* Distances of the members of a population at their voltages v, and the states that `view` reads. */
static void read_population(mn_simulation *simulation, int64_t p, mn_population *view, double t, const double *v,
                            double *distance)
{
    double *of_members = simulation->engine->g;
    const mn_step step = mn_step_at(simulation, p, t, v);
    view->model->crossing(view, &step, of_members);
    for (int64_t k = 0; k < view->n; k++) {
        distance[view->edge[k]] = of_members[k];
    }
}

/* Distances at a point. */
static void read_distances(mn_simulation *simulation, mn_place place, double t)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double *distance = place == MN_END ? adaptive->crossings.after : adaptive->crossings.before;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        if (members->view.model->crossing != NULL) {
            mn_view_point(simulation, p, &members->view, &members->point[place]);
            simulation->engine->members[p].signal = members->signal[place];
            read_population(simulation, p, &members->view, t, members->point[place].v, distance);
        }
    }
}

/* The largest distance at the start or at the end, of the edges that have reached their thresholds, or of all. */
static double largest(const mn_simulation *simulation, bool at_end, bool reached_only)
{
    const mn_crossings *crossings = &simulation->engine->adaptive->crossings;
    const double *distance = at_end ? crossings->after : crossings->before;
    double most = -INFINITY;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n && population->model->crossing != NULL; k++) {
            const int32_t edge = population->edge[k];
            if (!reached_only || mn_has_reached(crossings, edge)) {
                most = fmax(most, distance[edge]);
            }
        }
    }
    for (int64_t e = 0; e < simulation->network->n_electrodes && simulation->engine->has_limits; e++) {
        const int64_t slot = simulation->network->n_edges + e;
        if (!reached_only || mn_has_reached(crossings, slot)) {
            most = fmax(most, distance[slot]);
        }
    }
    return most;
}

static bool any_reached(const mn_simulation *simulation)
{
    return largest(simulation, true, true) > -INFINITY;
}

/* ------------------------------------------------------------------ where */

static int measure(mn_simulation *simulation, mn_place place, double t, mn_error *error)
{
    return simulation->engine->has_limits ? mn_turns_measure(simulation, place, t, error) : MN_OK;
}

static int try_part(mn_simulation *simulation, const mn_adaptive_part *part, mn_error *error)
{
    const double t = part->from + part->s;
    double size;
    mn_adaptive_read_drive(simulation, part);
    simulation->step_counters.n_refused++;
    int code = mn_adaptive_try(simulation, t, part->h, &size, error);
    read_distances(simulation, MN_END, t + part->h);
    return code == MN_OK ? measure(simulation, MN_END, t + part->h, error) : code;
}

int mn_adaptive_locate(mn_simulation *simulation, mn_adaptive_part *part, bool *reached, mn_error *error)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const double t = part->from + part->s, whole = part->h;
    const bool is_close = simulation->engine->has_limits && simulation->engine->newton->has_followers;
    const double located = is_close ? LOCATED_TURN : LOCATED * adaptive->rtol;
    const double margin = fmax(located * whole, 4.0 * 0x1p-52 * fabs(t + whole));
    read_distances(simulation, MN_START, t);
    read_distances(simulation, MN_END, t + whole);
    int code = measure(simulation, MN_END, t + whole, error);
    *reached = code == MN_OK && any_reached(simulation);
    if (!*reached) {
        return code;
    }
    code = measure(simulation, MN_START, t, error);
    if (code != MN_OK) {
        return code;
    }
    mn_bracket between = {
        .high = whole, .below = largest(simulation, false, true), .above = largest(simulation, true, true)};
    bool at_high = true;
    for (int n = 0; n < MOST_TRIES && between.high - between.low > margin; n++) {
        part->h = mn_bracket_try(&between, n, margin);
        code = try_part(simulation, part, error);
        if (code != MN_OK) {
            return code;
        }
        at_high = any_reached(simulation);
        mn_bracket_narrow(&between, part->h, largest(simulation, true, at_high), at_high);
    }
    part->h = between.high;
    return at_high ? MN_OK : try_part(simulation, part, error);
}

/* ------------------------------------------------------------------ what happens there */

/* Members that are to cross their thresholds do so: `view` has the states, which then are others. */
static int cross_members(mn_simulation *simulation, int64_t p, mn_population *view, double t, const double *v,
                         mn_error *error)
{
    const mn_step step = mn_step_at(simulation, p, t, v);
    view->n_events = 0;
    for (int64_t k = 0; k < view->n; k++) {
        if (simulation->engine->adaptive->crossings.crosses[view->edge[k]]) {
            view->model->cross(view, (int32_t)k, &step);
        }
    }
    return mn_event_log_add(simulation, p, view, t, error);
}

/* The voltage of a charge is a state of its own at rows alone. Where members cross, it is one here, too: what they
 * leave there is the voltage with which the circuit goes on. */
static void copy_voltages(mn_adaptive_members *members, bool back)
{
    const mn_device_model *model = members->view.model;
    mn_point *at = &members->point[MN_START];
    if (model->flags & MN_HAS_CHARGE) {
        double *of_charge = at->x[mn_model_field(model, model->voltage_field)];
        memcpy(back ? at->v : of_charge, back ? of_charge : at->v, (size_t)members->view.n * sizeof(double));
    }
}

/* What is at its threshold now, whatever it was before. */
static void forget_start(const mn_simulation *simulation)
{
    const mn_crossings *crossings = &simulation->engine->adaptive->crossings;
    memcpy(crossings->after, crossings->before, (size_t)simulation->network->n_edges * sizeof(*crossings->after));
}

int mn_adaptive_cross(mn_simulation *simulation, double t, bool located, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const int64_t first = simulation->events.n;
    int code = located && simulation->engine->has_limits ? mn_turns_count(simulation, t, error) : MN_OK;
    bool again = located;
    if (!located) {
        mn_turns_forget(simulation);
        read_distances(simulation, MN_START, t);
        forget_start(simulation);
        again = any_reached(simulation);
    }
    if (again) {
        mn_crossings_forget(simulation, &adaptive->crossings);
    }
    while (again && code == MN_OK) {
        code = mn_crossings_choose(simulation, &adaptive->crossings, t, error);
        for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
            mn_adaptive_members *members = &adaptive->members[p];
            if (members->view.model->crossing != NULL) {
                mn_view_point(simulation, p, &members->view, &members->point[MN_START]);
                copy_voltages(members, false);
                code = cross_members(simulation, p, &members->view, t, members->point[MN_START].v, error);
                copy_voltages(members, true);
            }
        }
        if (code == MN_OK) {
            code = mn_event_log_explain(simulation, mn_adaptive_settle(simulation, t, error), t, first, error);
            mn_turns_forget(simulation);
        }
        read_distances(simulation, MN_START, t);
        forget_start(simulation);
        again = any_reached(simulation);
    }
    return code;
}

/* Keeps the states of the present row in next[], or brings them back. */
static void copy_states(mn_simulation *simulation, bool back)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            double *x = population->field[f], *kept = population->next[f];
            if (kept != NULL) {
                memcpy(back ? x : kept, back ? kept : x,
                       (size_t)(population->n * population->width[f]) * sizeof(double));
            }
        }
    }
}

/* One round of mn_adaptive_cross_row: *again, whether anything was at its threshold. */
static int cross_present(mn_simulation *simulation, bool *again, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    mn_adaptive *adaptive = engine->adaptive;
    const double t = mn_simulation_time(simulation);
    const int64_t first = simulation->events.n;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        if (simulation->population[p].model->crossing != NULL) {
            read_population(simulation, p, &simulation->population[p], t, engine->members[p].v,
                            adaptive->crossings.before);
        }
    }
    forget_start(simulation);
    *again = any_reached(simulation);
    if (!*again) {
        return MN_OK;
    }
    int code = mn_crossings_choose(simulation, &adaptive->crossings, t, error);
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        if (simulation->population[p].model->crossing != NULL) {
            code = cross_members(simulation, p, &simulation->population[p], t, engine->members[p].v, error);
        }
    }
    if (code != MN_OK) {
        return code;
    }
    mn_simulation_drive_at(simulation, t, engine->role_now, engine->value_now);
    mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
    adaptive->h = 0.0;
    return mn_event_log_explain(simulation, mn_instant_solve(simulation, error), t, first, error);
}

int mn_adaptive_cross_row(mn_simulation *simulation, mn_error *error)
{
    const int64_t n_events = simulation->events.n;
    bool again = simulation->engine->adaptive->has_thresholds;
    int code = MN_OK;
    if (!again) {
        return MN_OK;
    }
    mn_turns_forget(simulation);
    copy_states(simulation, false);
    mn_crossings_forget(simulation, &simulation->engine->adaptive->crossings);
    while (again && code == MN_OK) {
        code = cross_present(simulation, &again, error);
    }
    if (code != MN_OK) {
        simulation->events.n = n_events;
        mn_reactions_forget(simulation);
        mn_cycles_forget(simulation);
        copy_states(simulation, true);
        mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
        return code;
    }
    simulation->counters.n_events += simulation->events.n - n_events;
    mn_reactions_keep(simulation, mn_simulation_time(simulation));
    (void)mn_cycles_keep(simulation);
    return MN_OK;
}
