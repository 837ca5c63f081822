/* Thresholds: where in a step the first one is reached, and what happens there. */
#include "simulate/bracket.h"
#include "simulate/event_log.h"
#include "simulate/implicit.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

enum { MOST_TRIES = 100, MOST_CROSSINGS = 16 };

/* Of a step: how well the time of an event is known. */
#define LOCATED 0x1p-40

/* ------------------------------------------------------------------ distances */

/* Distances of all members as the iterate has them; the largest, -inf where nothing has a threshold. */
static double read_distances(mn_simulation *simulation, double *distance)
{
    const mn_newton *newton = simulation->engine->newton;
    double largest = -INFINITY;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &simulation->engine->newton->members[p];
        if (members->view.model->crossing == NULL) {
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
    (void)read_distances(simulation, simulation->engine->implicit->distance[0]);
}

/* Whether a member is at its threshold at the end: beyond it, or exactly there and not so before. */
static inline bool has_reached(const mn_implicit *implicit, int32_t edge)
{
    const double before = implicit->distance[0][edge], after = implicit->distance[1][edge];
    return after > 0.0 || (after == 0.0 && before < 0.0);
}

static bool any_reached(const mn_simulation *simulation)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n && population->model->crossing != NULL; k++) {
            if (has_reached(simulation->engine->implicit, population->edge[k])) {
                return true;
            }
        }
    }
    return false;
}

/* ------------------------------------------------------------------ where */

int mn_crossings_try(mn_simulation *simulation, mn_part *part, bool *reached, mn_error *error)
{
    double *end = simulation->engine->implicit->distance[1];
    int code = mn_layer_try(simulation, part, error);
    if (code != MN_OK) {
        return code;
    }
    const double whole = part->h, margin = fmax(LOCATED * whole, 4.0 * 0x1p-52 * fabs(part->t + part->h));
    const bool last = part->last;
    mn_bracket between = {.low = 0.0, .high = whole, .below = -INFINITY, .above = read_distances(simulation, end)};
    *reached = any_reached(simulation);
    if (!*reached) {
        return MN_OK;
    }
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        const double start = simulation->engine->implicit->distance[0][e];
        between.below =
            has_reached(simulation->engine->implicit, (int32_t)e) ? fmax(between.below, start) : between.below;
    }
    bool at_high = true;
    for (int n = 0; n < MOST_TRIES && between.high - between.low > margin; n++) {
        part->h = mn_bracket_try(&between, n, margin);
        part->last = false;
        code = mn_implicit_try(simulation, part, error);
        if (code != MN_OK) {
            return code;
        }
        simulation->step_counters.n_refused++;
        const double distance = read_distances(simulation, end);
        at_high = any_reached(simulation);
        mn_bracket_narrow(&between, part->h, distance, at_high);
    }
    part->h = between.high;
    part->last = last && part->h == whole;
    if (!at_high) {
        code = mn_implicit_try(simulation, part, error);
        (void)read_distances(simulation, end);
    }
    return code;
}

/* ------------------------------------------------------------------ what happens there */

/* Members of a population that have reached their thresholds cross them. */
static int cross_members(mn_simulation *simulation, int64_t p, double t, mn_error *error)
{
    mn_implicit *implicit = simulation->engine->implicit;
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
        const int32_t edge = population->edge[k];
        if (!has_reached(implicit, edge)) {
            continue;
        }
        if (++implicit->n_crossed[edge] > MOST_CROSSINGS) {
            error->edge = edge;
            error->value = t;
            error->noun = "time";
            return mn_error_set(error, MN_ERR_ENDLESS_EVENTS);
        }
        implicit->has_crossed = true;
        population->model->cross(&members->view, (int32_t)k, &step);
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

int mn_crossings_settle(mn_simulation *simulation, double t, bool reached, mn_error *error)
{
    mn_implicit *implicit = simulation->engine->implicit;
    int code = MN_OK;
    for (bool again = true; again;) {
        for (int64_t p = 0; p < simulation->n_populations && reached; p++) {
            if (simulation->population[p].model->crossing != NULL) {
                code = cross_members(simulation, p, t, error);
                if (code != MN_OK) {
                    return code;
                }
            }
        }
        code = find_balance(simulation, t, error);
        if (code != MN_OK) {
            return code;
        }
        memset(implicit->distance[0], 0, (size_t)simulation->network->n_edges * sizeof(double));
        (void)read_distances(simulation, implicit->distance[1]);
        reached = again = any_reached(simulation);
    }
    return MN_OK;
}
