/* From row to row in implicit steps. */
#include "simulate/implicit.h"
#include "simulate/moment.h"

#include "drive/waveform.h"
#include "simulate/cycles.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ life */

static bool has_trapezoidal(const mn_population *population)
{
    const char *name = population->model->rule_field;
    if ((population->model->flags & MN_HAS_CHARGE) == 0 || name == NULL) {
        return (population->model->flags & MN_HAS_CHARGE) != 0;
    }
    const double *rule = population->field[mn_model_field(population->model, name)];
    for (int64_t k = 0; k < population->n; k++) {
        if (rule[k] != 0.0) {
            return true;
        }
    }
    return false;
}

bool mn_is_implicit(const mn_simulation *simulation)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_device_model *model = population->model;
        if ((model->flags & MN_IMPLICIT) || mn_model_cuts_steps(model) || has_trapezoidal(population)) {
            return true;
        }
    }
    return false;
}

static void alloc_state(mn_pool *pool, const mn_network *network, mn_circuit_state *state)
{
    state->potential = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
    state->charging = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    state->side = mn_pool_alloc(pool, network->n_electrodes, sizeof(*state->side));
}

int mn_implicit_init(mn_simulation *simulation, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_pool *pool = &simulation->pool;
    int code = mn_newton_init(simulation, error);
    if (code != MN_OK) {
        return code;
    }
    mn_implicit *implicit = mn_pool_alloc(pool, 1, sizeof(*implicit));
    if (implicit == NULL) {
        return mn_error_set(error, pool->code);
    }
    alloc_state(pool, network, &implicit->row);
    alloc_state(pool, network, &implicit->now);
    mn_crossings_alloc(pool, &implicit->crossings, network->n_edges);
    implicit->carried = mn_pool_alloc(pool, simulation->n_populations, sizeof(*implicit->carried));
    if (pool->code != MN_OK) {
        return mn_error_set(error, pool->code);
    }
    simulation->engine->implicit = implicit;
    simulation->engine->newton->drive = &implicit->drive;
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        const mn_drive *carried = &simulation->engine->members[p].carried;
        if (carried->n_electrodes > 0) {
            code = mn_drive_copy_exact(&implicit->carried[p], carried, error);
        }
    }
    return code == MN_OK ? mn_implicit_set_drive(simulation, &simulation->drive, error) : code;
}

void mn_implicit_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL && simulation->engine->implicit != NULL) {
        mn_implicit *implicit = simulation->engine->implicit;
        mn_drive_free(&implicit->drive);
        for (int64_t p = 0; p < simulation->n_populations; p++) {
            mn_drive_free(&implicit->carried[p]);
        }
        simulation->engine->implicit = NULL;
    }
}

int mn_implicit_set_drive(mn_simulation *simulation, const mn_drive *drive, mn_error *error)
{
    return mn_drive_copy_exact(&simulation->engine->implicit->drive, drive, error);
}

/* ------------------------------------------------------------------ states */

static void copy_circuit(const mn_simulation *simulation, mn_circuit_state *to, const mn_circuit_state *from)
{
    memcpy(to->potential, from->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    memcpy(to->charging, from->charging, (size_t)simulation->network->n_edges * sizeof(double));
    memcpy(to->side, from->side, (size_t)simulation->network->n_electrodes * sizeof(*to->side));
    to->damped = from->damped;
}

/* From the states of a row to those that go on to the next, or back. */
static void copy_states(mn_simulation *simulation, bool back)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (population->next[f] != NULL) {
                memcpy(back ? population->field[f] : population->next[f],
                       back ? population->next[f] : population->field[f], mn_state_bytes(population, f));
            }
        }
    }
}

static void forget_crossings(mn_simulation *simulation)
{
    mn_implicit *implicit = simulation->engine->implicit;
    if (implicit->has_crossed) {
        mn_crossings_forget(simulation, &implicit->crossings);
        implicit->has_crossed = false;
    }
}

/* ------------------------------------------------------------------ the present row */

/* Finds the first moment, or the first one after a state or the drive was set, and the next[] of every state there. */
static int find_row(mn_simulation *simulation, mn_error *error)
{
    mn_implicit *implicit = simulation->engine->implicit;
    const int64_t n_events = simulation->events.n;
    memcpy(implicit->now.potential, simulation->engine->newton->guess,
           (size_t)simulation->network->n_nodes * sizeof(double));
    memset(implicit->now.charging, 0, (size_t)simulation->network->n_edges * sizeof(double));
    memset(implicit->now.side, 0, (size_t)simulation->network->n_electrodes * sizeof(*implicit->now.side));
    copy_states(simulation, false);
    forget_crossings(simulation);
    int code = mn_crossings_settle(simulation, (double)simulation->step * simulation->options.dt, false, error);
    if (code != MN_OK) {
        simulation->events.n = n_events;
        mn_reactions_forget(simulation);
        mn_cycles_forget(simulation);
        return code;
    }
    copy_circuit(simulation, &implicit->row, &implicit->now);
    return MN_OK;
}

/* Publishes the row, as drive and next[] have it. */
static int publish_row(mn_simulation *simulation, mn_error *error)
{
    mn_implicit *implicit = simulation->engine->implicit;
    const double t = (double)simulation->step * simulation->options.dt;
    int code = mn_implicit_drive(simulation, mn_right_of(simulation, t), INFINITY, error);
    if (code != MN_OK) {
        return code;
    }
    copy_circuit(simulation, &implicit->now, &implicit->row);
    mn_implicit_set_sides(simulation);
    mn_implicit_look(simulation);
    mn_newton_publish(simulation);
    return MN_OK;
}

int mn_implicit_solve(mn_simulation *simulation, mn_error *error)
{
    const int64_t n_events = simulation->events.n;
    int code = MN_OK;
    if (simulation->engine->has_row == 0) {
        code = find_row(simulation, error);
        if (code == MN_OK) {
            mn_reactions_keep(simulation, mn_simulation_time(simulation));
            (void)mn_cycles_keep(simulation);
            copy_states(simulation, true);
            simulation->counters.n_events += simulation->events.n - n_events;
            simulation->engine->has_row = 1;
        }
    }
    if (code == MN_OK) {
        copy_states(simulation, false);
        code = publish_row(simulation, error);
    }
    return code == MN_OK ? MN_OK : mn_engine_explain(simulation, code, error);
}

int mn_implicit_peek(mn_simulation *simulation, mn_error *error)
{
    const int64_t n_events = simulation->events.n;
    if (simulation->engine->has_row != 0) {
        return mn_implicit_solve(simulation, error);
    }
    int code = find_row(simulation, error);
    if (code == MN_OK) {
        code = publish_row(simulation, error);
        simulation->events.n = n_events;
        mn_reactions_forget(simulation);
        mn_cycles_forget(simulation);
    }
    return code == MN_OK ? MN_OK : mn_engine_explain(simulation, code, error);
}

/* ------------------------------------------------------------------ to the next row */

/* Where the part that starts at t ends: at the next corner, or at the row. */
static mn_part next_part(const mn_simulation *simulation, double t, double row)
{
    const double close = mn_close_to(simulation, row);
    mn_corner corner = mn_engine_next_moment(simulation, mn_right_of(simulation, t), close);
    mn_part part = {.t = t, .h = row - t, .until = INFINITY, .last = true};
    part.bends = corner.time <= row + close;
    part.jumps = part.bends && corner.jump;
    if (corner.time < row - close) {
        part.h = corner.time - t;
        part.last = false;
    }
    part.until = part.jumps ? corner.time : (double)INFINITY;
    return part;
}

static int advance(mn_simulation *simulation, mn_error *error)
{
    const double dt = simulation->options.dt, row = (double)(simulation->step + 1) * dt;
    double t = (double)simulation->step * dt;
    simulation->engine->implicit->n_turns = 0;
    simulation->engine->implicit->n_damped = 0;
    while (t < row) {
        bool reached;
        mn_part part = next_part(simulation, t, row);
        const double end = part.last ? row : part.t + part.h;
        const double whole = part.h;
        const int64_t n_noted = mn_reactions_noted(simulation);
        mn_crossings_look(simulation);
        int code = mn_crossings_try(simulation, &part, &reached, error);
        const bool cut = part.h < whole;
        const double now = cut ? t + part.h : end;
        if (code == MN_OK) {
            code = mn_implicit_accept(simulation, now, error);
        }
        if (code != MN_OK) {
            return code;
        }
        if (part.h > mn_close_to(simulation, t)) {
            forget_crossings(simulation);
        }
        t = now;
        if (part.bends && !cut) {
            mn_layer_open(simulation);
        }
        const bool turns = part.bends && simulation->engine->newton->has_charge_loops; /* what loops carry jumps */
        if (reached || ((part.jumps || turns) && !cut) || mn_reactions_noted(simulation) != n_noted) {
            code = mn_crossings_settle(simulation, t, reached, error);
        }
        if (code != MN_OK) {
            return code;
        }
        if (t < row) {
            mn_implicit_look(simulation);
        }
    }
    return MN_OK;
}

int mn_implicit_advance(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    const int64_t n_events = simulation->events.n;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        memcpy(engine->members[p].v_prev, engine->members[p].v, (size_t)simulation->population[p].n * sizeof(double));
        simulation->population[p].n_events = 0;
    }
    mn_links_keep_voltages(simulation);
    int code = advance(simulation, error);
    if (code == MN_OK) {
        code = mn_cycles_look(simulation, error);
    }
    if (code != MN_OK) {
        simulation->events.n = n_events;
        mn_reactions_forget(simulation);
        mn_cycles_forget(simulation);
        mn_links_restore_voltages(simulation);
        return mn_engine_explain(simulation, code, error);
    }
    simulation->counters.n_events += simulation->events.n - n_events;
    return MN_OK;
}

void mn_implicit_commit(mn_simulation *simulation)
{
    mn_implicit *implicit = simulation->engine->implicit;
    const mn_circuit_state old = implicit->row;
    implicit->row = implicit->now;
    implicit->now = old;
    memcpy(simulation->engine->newton->guess, simulation->potential,
           (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (population->next[f] != NULL) {
                double *field = population->field[f];
                population->field[f] = population->next[f];
                population->next[f] = field;
            }
        }
    }
    mn_reactions_keep(simulation, mn_simulation_time(simulation));
    (void)mn_cycles_keep(simulation);
    simulation->step++;
}
