/* Thresholds: where in a step the first one is reached, and what happens there. */
#include "simulate/bracket.h"
#include "simulate/event_log.h"
#include "simulate/implicit.h"
#include "simulate/moment.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

enum { MOST_TRIES = 100, MOST_TURNS = 16 };

/* Of a step: how well the time of an event is known, and that of a turn alone, at which nothing jumps. */
#define LOCATED 0x1p-40
#define LOCATED_TURN 0x1p-20

/* ------------------------------------------------------------------ distances */

/* Distances of all members as the iterate has them; the largest, -inf where nothing has a threshold. */
static double read_distances(mn_simulation *simulation, double *distance)
{
    const mn_newton *newton = simulation->engine->newton;
    double largest = -INFINITY;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &simulation->engine->newton->members[p];
        if (!mn_model_cuts_steps(members->view.model)) {
            continue;
        }
        mn_step step = mn_step_at(simulation, p, newton->t, members->point.v);
        step.dt = simulation->options.dt;
        members->view.model->crossing(&members->view, &step, simulation->engine->g);
        for (int64_t k = 0; k < members->view.n; k++) {
            distance[members->view.edge[k]] = simulation->engine->g[k];
            largest = fmax(largest, simulation->engine->g[k]);
        }
    }
    return largest;
}

void mn_crossings_look(mn_simulation *simulation)
{
    (void)read_distances(simulation, simulation->engine->implicit->crossings.before);
}

/* ------------------------------------------------------------------ where */

static bool any_reached(const mn_simulation *simulation)
{
    return mn_any_reached(simulation, &simulation->engine->implicit->crossings);
}

/* Whether the turns of electrodes are looked for: in a row they may be so many that it would never end. */
static bool locates_turns(const mn_simulation *simulation)
{
    return simulation->engine->has_limits && simulation->engine->implicit->n_turns < MOST_TURNS;
}

/* Whether anything happens in the part that was tried, and how far it is beyond that. */
static bool happens(mn_simulation *simulation, double *distance)
{
    *distance = read_distances(simulation, simulation->engine->implicit->crossings.after);
    bool reached = any_reached(simulation);
    if (locates_turns(simulation)) {
        const double beyond = mn_implicit_beyond_turn(simulation);
        const bool turns = mn_implicit_turns(simulation);
        *distance = turns && !reached ? beyond : fmax(*distance, beyond);
        reached = reached || turns;
    }
    return reached;
}

/* How far what happens is from that when the part starts; of a turn the rule of false position finds out. */
static double distance_at_start(const mn_simulation *simulation)
{
    const mn_crossings *crossings = &simulation->engine->implicit->crossings;
    double below = -INFINITY;
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        below = mn_has_reached(crossings, (int32_t)e) ? fmax(below, crossings->before[e]) : below;
    }
    return below;
}

int mn_crossings_try(mn_simulation *simulation, mn_part *part, bool *reached, mn_error *error)
{
    *reached = false;
    int code = mn_layer_try(simulation, part, error);
    const double whole = part->h;
    const bool last = part->last;
    mn_bracket between = {.low = 0.0, .high = whole};
    if (code != MN_OK || !happens(simulation, &between.above)) {
        return code;
    }
    const double located = any_reached(simulation) ? LOCATED : LOCATED_TURN;
    const double margin = fmax(located * whole, 4.0 * 0x1p-52 * fabs(part->t + whole));
    between.below = distance_at_start(simulation);
    bool at_high = true;
    for (int n = 0; n < MOST_TRIES && between.high - between.low > margin; n++) {
        part->h = mn_bracket_try(&between, n, margin);
        part->last = false;
        code = mn_implicit_try(simulation, part, error);
        if (code != MN_OK) {
            return code;
        }
        simulation->step_counters.n_refused++;
        double distance;
        at_high = happens(simulation, &distance);
        mn_bracket_narrow(&between, part->h, distance, at_high);
    }
    part->h = between.high;
    part->last = last && part->h == whole;
    if (!at_high) {
        code = mn_implicit_try(simulation, part, error);
        (void)read_distances(simulation, simulation->engine->implicit->crossings.after);
    }
    *reached = any_reached(simulation);
    simulation->engine->implicit->n_turns += mn_implicit_turns(simulation) ? 1 : 0;
    return code;
}

/* ------------------------------------------------------------------ what happens there */

/* The members of a population that are to cross their thresholds do so. */
static int cross_members(mn_simulation *simulation, int64_t p, double t, mn_error *error)
{
    const mn_implicit *implicit = simulation->engine->implicit;
    const mn_population *population = &simulation->population[p];
    mn_newton_members *members = &simulation->engine->newton->members[p];
    mn_step step = mn_step_at(simulation, p, t, members->point.v);
    step.dt = simulation->options.dt;
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (population->next[f] != NULL) {
            members->view.field[f] = population->next[f];
        }
    }
    members->view.n_events = 0;
    for (int64_t k = 0; k < population->n; k++) {
        if (implicit->crossings.crosses[population->edge[k]]) {
            population->model->cross(&members->view, (int32_t)k, &step);
        }
    }
    return mn_event_log_add(simulation, p, &simulation->engine->newton->members[p].view, t, error);
}

/* The circuit right after t: states and charges are what they were. */
static int find_balance(mn_simulation *simulation, double t, mn_error *error)
{
    mn_implicit *implicit = simulation->engine->implicit;
    const mn_newton *newton = simulation->engine->newton;
    int code = mn_implicit_drive(simulation, mn_right_of(simulation, t), INFINITY, error);
    if (code != MN_OK) {
        return code;
    }
    memcpy(simulation->engine->newton->potential, implicit->now.potential,
           (size_t)simulation->network->n_nodes * sizeof(double));
    mn_implicit_set_sides(simulation);
    code = mn_instant_balance(simulation, true, MN_CHARGES_HELD, error);
    if (code != MN_OK) {
        return code;
    }
    (void)mn_implicit_keep_sides(simulation);
    memcpy(implicit->now.potential, newton->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_newton_members *members = &newton->members[p];
        for (int64_t k = 0; k < members->view.n && (members->view.model->flags & MN_HAS_CHARGE); k++) {
            implicit->now.charging[members->view.edge[k]] = members->charging[k];
        }
    }
    mn_layer_open(simulation);
    return MN_OK;
}

static int cross(mn_simulation *simulation, double t, mn_error *error)
{
    mn_implicit *implicit = simulation->engine->implicit;
    int code = mn_crossings_choose(simulation, &implicit->crossings, t, error);
    implicit->has_crossed = true;
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        if (mn_model_cuts_steps(simulation->population[p].model)) {
            code = cross_members(simulation, p, t, error);
        }
    }
    return code;
}

int mn_crossings_settle(mn_simulation *simulation, double t, bool reached, mn_error *error)
{
    mn_crossings *crossings = &simulation->engine->implicit->crossings;
    const int64_t first = simulation->events.n;
    for (bool again = true; again;) {
        int code = reached ? cross(simulation, t, error) : MN_OK;
        if (code == MN_OK) {
            code = mn_event_log_explain(simulation, find_balance(simulation, t, error), t, first, error);
        }
        if (code != MN_OK) {
            return code;
        }
        memset(crossings->before, 0, (size_t)simulation->network->n_edges * sizeof(double));
        (void)read_distances(simulation, crossings->after);
        reached = again = mn_any_reached(simulation, crossings);
    }
    return MN_OK;
}
