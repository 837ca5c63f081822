/* One implicit step: the trapezoidal rule, and after a start, a jump or an event the rule of Alexander (SIAM J. Numer.
 * Anal. 1977, 14, 1006), which is of second order, too, asks for no rate at the start, and damps whatever is fast. */
#include "base/cancel.h"
#include "simulate/event_log.h"
#include "simulate/implicit.h"
#include "simulate/moment.h"

#include "drive/waveform.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ looking */

void mn_implicit_look(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    const mn_implicit *implicit = simulation->engine->implicit;
    newton->charges = MN_CHARGES_KNOWN;
    newton->c = 0.0;
    memcpy(newton->potential, implicit->now.potential, (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        mn_newton_members *members = &newton->members[p];
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (members->point.x[f] != NULL) {
                memcpy(members->point.x[f], population->next[f], mn_state_bytes(population, f));
            }
        }
        mn_view_point(simulation, p, &members->view, &members->point);
        for (int64_t k = 0; k < population->n; k++) {
            members->before[k] = implicit->now.charging[population->edge[k]];
        }
        if (!mn_follows(population->model)) {
            mn_newton_ask(simulation, p);
        }
    }
    mn_companions(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        memcpy(simulation->engine->members[p].v, newton->members[p].point.v,
               (size_t)simulation->population[p].n * sizeof(double));
    }
}

int mn_implicit_drive(mn_simulation *simulation, double t, double until, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    const mn_implicit *implicit = engine->implicit;
    const double before = isfinite(until) ? until - mn_beside_jump(simulation, until) : INFINITY;
    const double at = t > before ? before : t;
    mn_drive_evaluate(&implicit->drive, at, engine->role_now, engine->value_now);
    mn_reactions_add(simulation, at, 0.0, engine->value_now);
    if (engine->has_limits) {
        mn_drive_limits(&implicit->drive, at, engine->newton->limits.limit);
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_drive *carried = &implicit->carried[p];
        uint8_t role;
        if (carried->n_electrodes > 0) {
            engine->members[p].signal = mn_wave_evaluate(carried, carried->root[0], at, &role);
            if (!isfinite(engine->members[p].signal)) {
                error->model = simulation->population[p].model->name;
                return mn_error_refuse(error, MN_ERR_NOT_FINITE_DRIVE, simulation->population[p].model->signal.name,
                                       engine->members[p].signal);
            }
        }
    }
    engine->newton->t = t;
    return mn_newton_drive(simulation, error);
}

/* ------------------------------------------------------------------ plain populations */

static bool moves_by_rows(const mn_device_model *model)
{
    return (model->flags & (MN_EVENT_DRIVEN | MN_STOCHASTIC)) != 0;
}

/* Moves the states of a plain population on, at the voltages at the start: of a part, or with the last part of a row
 * those whose steps are rows. Whether something happened that a step does not go smoothly over. */
static bool advance_plain(mn_simulation *simulation, int64_t p, const mn_part *part)
{
    const mn_population *population = &simulation->population[p];
    const mn_members *ends = &simulation->engine->members[p];
    mn_newton_members *members = &simulation->engine->newton->members[p];
    const double dt = simulation->options.dt;
    const bool by_rows = moves_by_rows(population->model);
    mn_step step =
        mn_step_at(simulation, p, by_rows ? (double)simulation->step * dt : part->t, by_rows ? ends->v_prev : ends->v);
    step.linked_v = by_rows && ends->links != NULL ? ends->links->v_prev : step.linked_v;
    step.dt = by_rows ? dt : part->h;
    step.cancel = simulation->options.cancel;
    step.part = simulation->engine->part;
    members->view.n_events = 0;
    if (population->model->advance == NULL || (by_rows && !part->last)) {
        return false;
    }
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (members->point.x[f] != NULL) {
            members->view.field[f] = by_rows ? population->field[f] : population->next[f];
        }
    }
    members->view.next = members->point.x;
    population->model->advance(&members->view, &step);
    mn_view_point(simulation, p, &members->view, &members->point);
    return by_rows && members->view.n_events > 0;
}

/* ------------------------------------------------------------------ rules */

typedef enum { TRAPEZOID, FIRST_STAGE, SECOND_STAGE, BACKWARD } stage;

/* Where charges start, after a look or a first stage, and what they carry beside (q - start)/c. */
static void ask_charges(mn_simulation *simulation, int64_t p, stage which, double h)
{
    mn_newton_members *members = &simulation->engine->newton->members[p];
    for (int64_t k = 0; k < members->view.n; k++) {
        const bool trapezoidal = mn_is_trapezoidal(&simulation->population[p], k);
        const double carried = which == TRAPEZOID ? members->before[k] : members->charging[k];
        members->start[k] = members->point.linear.q[k];
        members->moved[k] = 0.0;
        if (which == TRAPEZOID) {
            members->c[k] = trapezoidal ? 0.5 * h : h;
            members->before[k] = trapezoidal ? -carried : 0.0;
        } else if (which != SECOND_STAGE) {
            members->c[k] = which == BACKWARD ? h : MN_STAGE * h;
            members->before[k] = 0.0;
        } else {
            members->c[k] = trapezoidal ? MN_STAGE * h : h;
            members->before[k] = trapezoidal ? (2.0 - 1.0 / MN_STAGE) * carried : MN_STAGE * carried;
        }
    }
}

/* The same of states, x = base + c f. */
static void ask_states(mn_simulation *simulation, int64_t p, stage which, double h)
{
    const mn_population *population = &simulation->population[p];
    mn_newton_members *members = &simulation->engine->newton->members[p];
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        const double *x = members->point.x[f], *rate = members->point.linear.f[f], *start = population->next[f];
        for (int64_t k = 0; k < population->n && x != NULL; k++) {
            if (which == TRAPEZOID) {
                members->base[f][k] = x[k] + 0.5 * h * rate[k];
            } else if (which != SECOND_STAGE) {
                members->base[f][k] = x[k];
                members->rate[f][k] = rate[k];
            } else {
                members->base[f][k] = start[k] + (1.0 / MN_STAGE - 1.0) * (x[k] - start[k]);
            }
        }
    }
}

static int balance(mn_simulation *simulation, stage which, const mn_part *part, double t, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    newton->charges = MN_CHARGES_STEP;
    newton->c = part->h * (which == BACKWARD ? 1.0 : which == TRAPEZOID ? 0.5 : MN_STAGE);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_device_model *model = simulation->population[p].model;
        if (mn_follows(model)) {
            ask_states(simulation, p, which, part->h);
        }
        if (model->flags & MN_HAS_CHARGE) {
            ask_charges(simulation, p, which, part->h);
        }
    }
    int code = mn_implicit_drive(simulation, t, part->until, error);
    if (code != MN_OK) {
        return code;
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        if (!mn_follows(simulation->population[p].model)) {
            mn_newton_ask(simulation, p);
        }
    }
    return mn_newton_balance(simulation, error);
}

/* ------------------------------------------------------------------ a step */

static size_t bytes_of_sides(const mn_simulation *simulation)
{
    return (size_t)simulation->network->n_electrodes * sizeof(*simulation->engine->implicit->now.side);
}

void mn_implicit_set_sides(mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    memcpy(engine->newton->limits.side, engine->implicit->now.side, bytes_of_sides(simulation));
}

bool mn_implicit_turns(const mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    return memcmp(engine->newton->limits.side, engine->implicit->now.side, bytes_of_sides(simulation)) != 0;
}

bool mn_implicit_keep_sides(mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    const bool turned = mn_implicit_turns(simulation);
    memcpy(engine->implicit->now.side, engine->newton->limits.side, bytes_of_sides(simulation));
    return turned;
}

/* From one kind to the other this goes through 0 without a jump: where the current passes the limit, the voltage falls
 * behind the given one, and where the voltage passes that, the current falls behind the limit. */
double mn_implicit_beyond_turn(const mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    const mn_limits *limits = &engine->newton->limits;
    double scale = 0.0, beyond = -INFINITY;
    for (int64_t e = 0; e < limits->n_electrodes; e++) {
        scale = fmax(scale, fmax(fabs(limits->voltage[e]), fabs(engine->value_now[e])));
    }
    for (int64_t e = 0; e < limits->n_electrodes; e++) {
        const int before = engine->implicit->now.side[e], after = limits->side[e];
        const double of_limit = fabs(limits->current[e]) / limits->limit[e] - 1.0;
        const double above = (limits->voltage[e] - engine->value_now[e]) / scale;
        if (engine->role_now[e] == MN_VOLTAGE && isfinite(limits->limit[e])) {
            beyond = fmax(beyond, before == 0 && after == 0 ? of_limit
                                  : before == 0             ? -after * above
                                  : after == before         ? before * above
                                  : after == 0              ? 1.0 - before * limits->current[e] / limits->limit[e]
                                                            : 1.0);
        }
    }
    return beyond;
}

static int try_part(mn_simulation *simulation, mn_part *part, mn_error *error)
{
    /* a corner that counts as one at the start may lie behind stages of parts in its layer: they come after it, too */
    const double start = mn_right_of(simulation, part->t);
    int code = mn_implicit_drive(simulation, start, INFINITY, error);
    if (code != MN_OK) {
        return code;
    }
    mn_implicit_set_sides(simulation);
    mn_implicit_look(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        if (!mn_follows(simulation->population[p].model) && advance_plain(simulation, p, part)) {
            part->rule = MN_BACKWARD;
        }
    }
    if (mn_cancelled(simulation->options.cancel)) { /* a model that looks at it has not moved on */
        return mn_error_set(error, MN_ERR_INTERRUPTED);
    }
    const double end = fmax(start, part->t + part->h);
    if (part->rule != MN_ALEXANDER) {
        return balance(simulation, part->rule == MN_BACKWARD ? BACKWARD : TRAPEZOID, part, end, error);
    }
    code = balance(simulation, FIRST_STAGE, part, fmax(start, part->t + MN_STAGE * part->h), error);
    return code == MN_OK ? balance(simulation, SECOND_STAGE, part, end, error) : code;
}

int mn_implicit_try(mn_simulation *simulation, mn_part *part, mn_error *error)
{
    int code = try_part(simulation, part, error);
    if (code == MN_OK && part->rule == MN_TRAPEZOID && mn_implicit_turns(simulation)) { /* charges: currents jump */
        part->rule = MN_ALEXANDER;
        code = try_part(simulation, part, error);
    }
    return code;
}

static int check_finite(const mn_simulation *simulation, int64_t p, mn_error *error)
{
    const mn_population *population = &simulation->population[p];
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        const double *x = simulation->engine->newton->members[p].point.x[f];
        for (int64_t k = 0; k < population->n && x != NULL; k++) {
            if (!isfinite(x[k])) {
                error->edge = population->edge[k];
                return mn_error_refuse(error, MN_ERR_NOT_FINITE_STATE, population->model->field[f].name, x[k]);
            }
        }
    }
    return MN_OK;
}

/* The voltage of a charge is a state; on an island it stays. */
static void keep_voltages(mn_simulation *simulation, int64_t p)
{
    const mn_newton *newton = simulation->engine->newton;
    const mn_newton_members *members = &newton->members[p];
    mn_population *population = &simulation->population[p];
    const mn_members *ends = &simulation->engine->members[p];
    double *v = population->next[mn_model_field(population->model, population->model->voltage_field)];
    for (int64_t k = 0; k < population->n; k++) {
        const double difference = newton->potential[ends->a[k]] - newton->potential[ends->b[k]];
        v[k] = isnan(difference) ? v[k] : difference;
        simulation->engine->implicit->now.charging[population->edge[k]] = members->charging[k];
    }
}

int mn_implicit_accept(mn_simulation *simulation, double end, mn_error *error)
{
    mn_circuit_state *now = &simulation->engine->implicit->now;
    const mn_newton *newton = simulation->engine->newton;
    memcpy(now->potential, newton->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    now->damped = simulation->engine->implicit->damped;
    if (mn_implicit_keep_sides(simulation)) {
        mn_layer_open(simulation);
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        int code = check_finite(simulation, p, error);
        if (code == MN_OK) {
            code = mn_event_log_add(simulation, p, &simulation->engine->newton->members[p].view, end, error);
        }
        if (code != MN_OK) {
            return code;
        }
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (population->next[f] != NULL) {
                memcpy(population->next[f], newton->members[p].point.x[f], mn_state_bytes(population, f));
            }
        }
        if (population->model->flags & MN_HAS_CHARGE) {
            keep_voltages(simulation, p);
        }
    }
    simulation->step_counters.n_steps++;
    return MN_OK;
}
