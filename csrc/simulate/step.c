/* The time loop (PNN25 sec. 5; order of a step: drive, conductances, solve, advance, record, commit).
 *
 * The row of a step is written after the new states were computed beside the old ones and found finite, but before they
 * replace them: it shows the step as solved, and a refused step leaves no row. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "base/cancel.h"
#include "base/threads.h"
#include "base/vector.h"
#include "drive/waveform.h"
#include "simulate/adaptive.h"
#include "simulate/cycles.h"
#include "simulate/engine.h"
#include "simulate/event_log.h"
#include "simulate/implicit.h"
#include "simulate/left.h"
#include "simulate/moment.h"
#include "simulate/newton.h"
#include "simulate/reactions.h"
#include "simulate/slices.h"
#include "simulate/step.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { STEPS_BETWEEN_CLOCKS = 64 };

double mn_clock(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) {
        return 0.0; /* GCOV_EXCL_LINE: a clock that fails */
    }
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ------------------------------------------------------------------ drive */

/* Whether the last solve is one of the present step: nothing has moved since, and the drive is what it was. */
static inline bool stands(const mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    return engine->has_constant_drive && engine->has_solution &&
           (engine->reactions == NULL || !mn_reactions_any(simulation));
}

/* Evaluates the drive; *changed tells whether it differs from the boundary of the last solve. */
static int read_drive(mn_simulation *simulation, bool *changed, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    const int64_t n = simulation->network->n_electrodes;
    const double t = mn_simulation_time(simulation);
    mn_simulation_drive_at(simulation, t, engine->role_now, engine->value_now);
    for (int64_t k = 0; k < n; k++) {
        if (!isfinite(engine->value_now[k])) {
            error->electrode = (int32_t)k;
            return mn_error_refuse(error, MN_ERR_NOT_FINITE_DRIVE, "drive", engine->value_now[k]);
        }
        *changed = *changed || engine->role_now[k] != engine->role[k] ||
                   memcmp(&engine->value_now[k], &engine->value[k], sizeof(*engine->value)) != 0;
    }
    if (engine->has_limits) {
        mn_simulation_limits_at(simulation, t, engine->limits.limit);
        *changed = *changed || memcmp(engine->limits.limit, engine->limit, (size_t)n * sizeof(*engine->limit)) != 0;
    }
    return MN_OK;
}

/* Reads the states that devices are linked to, evaluates what they carry, then the drive as above; nothing of it where
 * all of it is known. */
static int read_inputs(mn_simulation *simulation, bool *changed, mn_error *error)
{
    const mn_engine *engine = simulation->engine;
    int code = MN_OK;
    *changed = false;
    if (stands(simulation)) {
        return MN_OK;
    }
    if (engine->has_links) {
        mn_links_read_states(simulation);
    }
    if (engine->has_signals) {
        code = mn_signals_read(simulation, mn_simulation_time(simulation), error);
    }
    return code == MN_OK ? read_drive(simulation, changed, error) : code;
}

/* ------------------------------------------------------------------ looking without a step */

int mn_simulation_solve(mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    bool changed = false;
    mn_error_clear(error);
    if (simulation->engine->implicit != NULL) {
        return mn_implicit_peek(simulation, error);
    }
    int code = read_inputs(simulation, &changed, error);
    return code != MN_OK ? mn_engine_explain(simulation, code, error) : mn_instant_solve(simulation, error);
}

/* ------------------------------------------------------------------ advance */

MN_VECTOR_WIDE
static bool any_not_finite(const double *restrict x, int64_t n)
{
    int64_t n_finite = 0;
    for (int64_t k = 0; k < n; k++) {
        n_finite += fabs(x[k]) < INFINITY;
    }
    return n_finite < n;
}

/* Index of the first number that is not finite, or -1. */
static int64_t find_not_finite(const double *x, int64_t n)
{
    if (!any_not_finite(x, n)) {
        return -1;
    }
    int64_t k = 0;
    while (isfinite(x[k])) {
        k++;
    }
    return k;
}

static int refuse_state(const mn_simulation *simulation, const mn_population *population, int64_t field, int64_t index,
                        mn_error *error)
{
    error->edge = population->edge[index / population->width[field]];
    error->noun = population->model->field[field].name;
    error->value = population->next[field][index];
    return mn_engine_explain(simulation, MN_ERR_NOT_FINITE_STATE, error);
}

/* The first number of the listed members that is not finite, or -1. */
static int64_t find_active_not_finite(const mn_population *population, const double *next, int64_t width)
{
    int64_t n_finite = 0; /* counted first, without a jump for each */
    for (int64_t k = 0; k < population->n_active && width == 1; k++) {
        n_finite += fabs(next[population->active[k]]) < INFINITY;
    }
    for (int64_t k = 0; k < population->n_active && width == 1 && n_finite < population->n_active; k++) {
        if (!isfinite(next[population->active[k]])) {
            return population->active[k];
        }
    }
    for (int64_t k = 0; k < population->n_active && width > 1; k++) {
        int64_t first = population->active[k] * width, bad = find_not_finite(next + first, width);
        if (bad >= 0) {
            return first + bad;
        }
    }
    return -1;
}

/* Checks the next states of all members of a population, or of those that are listed. */
static int check_next(const mn_simulation *simulation, const mn_members *members, const mn_population *population,
                      bool active_only, mn_error *error)
{
    for (int64_t s = 0; s < members->n_state_fields; s++) {
        const mn_state_field state = members->state_field[s];
        const double *next = population->next[state.field];
        int64_t bad = active_only ? find_active_not_finite(population, next, state.width)
                                  : find_not_finite(next, population->n * state.width);
        if (bad >= 0) {
            return refuse_state(simulation, population, state.field, bad, error);
        }
    }
    return MN_OK;
}

/* Events of a step of fixed length happen at its start, at the voltages that cause them. */
static int react(mn_simulation *simulation, mn_error *error)
{
    int code = mn_reactions_note_events(simulation, mn_simulation_time(simulation), error);
    if (code == MN_OK) {
        code = mn_cycles_note_events(simulation, error);
    }
    if (code == MN_OK) {
        code = mn_cycles_look(simulation, error);
    }
    if (code != MN_OK) {
        mn_reactions_forget(simulation);
        mn_cycles_forget(simulation);
        return mn_engine_explain(simulation, code, error);
    }
    return MN_OK;
}

/* Members `first` to first + n - 1: their voltages, next states, events, and whether the states are good. */
static int advance_slice(mn_simulation *simulation, int64_t p, int64_t first, int64_t n, mn_error *error)
{
    const mn_members *members = &simulation->engine->members[p];
    mn_population *population = &simulation->population[p];
    mn_population *slice = mn_members_slice(simulation, p, first, n);
    const mn_step step = mn_step_from(mn_step_after(simulation, p), first);
    if (members->v_is_late) {
        mn_members_read_voltages(simulation, p, first, n);
    }
    population->model->advance(slice, &step);
    if (slice != population) {
        mn_population_take_events(population, slice, first);
    }
    if (mn_cancelled(step.cancel)) {
        return mn_error_set(error, MN_ERR_INTERRUPTED);
    }
    return check_next(simulation, members, slice, false, error);
}

/* By several threads. Where some state is not finite the first is found as one thread finds it. */
static int advance_side_by_side(mn_simulation *simulation, int64_t p, mn_error *error)
{
    const mn_members *members = &simulation->engine->members[p];
    const int64_t n = simulation->population[p].n, most = mn_members_at_once(simulation, p);
    const bool all_finite = mn_slices_advance(simulation, p);
    int code = mn_cancelled(simulation->options.cancel) ? mn_error_set(error, MN_ERR_INTERRUPTED) : MN_OK;
    for (int64_t first = 0; first < n && code == MN_OK && !all_finite; first += most) {
        const mn_population *slice = mn_members_slice(simulation, p, first, n - first < most ? n - first : most);
        code = check_next(simulation, members, slice, false, error);
    }
    return code;
}

static int advance_one_by_one(mn_simulation *simulation, int64_t p, mn_error *error)
{
    const int64_t n = simulation->population[p].n, most = mn_members_at_once(simulation, p);
    int code = MN_OK;
    for (int64_t first = 0; first < n && code == MN_OK; first += most) {
        code = advance_slice(simulation, p, first, n - first < most ? n - first : most, error);
    }
    return code;
}

static int advance_all(mn_simulation *simulation, int64_t p, mn_error *error)
{
    const int code = mn_slices_pay(simulation, p) ? advance_side_by_side(simulation, p, error)
                                                  : advance_one_by_one(simulation, p, error);
    simulation->engine->members[p].v_is_late = simulation->engine->members[p].v_is_late && code != MN_OK;
    return code;
}

static int advance_active(mn_simulation *simulation, int64_t p, mn_error *error)
{
    mn_population *population = &simulation->population[p];
    const mn_step step = mn_step_after(simulation, p);
    if (population->n_active == 0) {
        return MN_OK;
    }
    population->model->advance_active(population, &step);
    if (mn_cancelled(step.cancel)) {
        return mn_error_set(error, MN_ERR_INTERRUPTED);
    }
    return check_next(simulation, &simulation->engine->members[p], population, true, error);
}

static int advance_population(mn_simulation *simulation, int64_t p, mn_error *error)
{
    const mn_population *population = &simulation->population[p];
    return mn_steps_active_only(simulation, population) ? advance_active(simulation, p, error)
                                                        : advance_all(simulation, p, error);
}

/* Computes the new states beside the old ones. */
static int advance(mn_simulation *simulation, mn_error *error)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        population->n_events = 0;
        int code = population->model->advance == NULL ? MN_OK : advance_population(simulation, p, error);
        if (code != MN_OK) {
            return code;
        }
    }
    const bool listens = simulation->engine->reactions != NULL || simulation->engine->cycles != NULL;
    return listens ? react(simulation, error) : MN_OK;
}

static void log_events(mn_simulation *simulation, mn_population *population)
{
    mn_event_log *log = &simulation->events;
    for (int64_t k = 0; k < population->n_events; k++) {
        log->step[log->n] = simulation->step;
        log->time[log->n] = (double)simulation->step * simulation->options.dt;
        log->edge[log->n] = population->edge[population->event_member[k]];
        log->kind[log->n] = population->event_kind[k];
        log->n++;
    }
    simulation->counters.n_events += population->n_events;
}

static void commit_active(const mn_population *population, double *restrict now, const double *restrict next,
                          int64_t width)
{
    for (int64_t k = 0; k < population->n_active && width == 1; k++) {
        now[population->active[k]] = next[population->active[k]];
    }
    for (int64_t k = 0; k < population->n_active && width > 1; k++) {
        int64_t first = population->active[k] * width;
        memcpy(now + first, next + first, (size_t)width * sizeof(double));
    }
}

static void commit_population(mn_simulation *simulation, int64_t p)
{
    mn_population *population = &simulation->population[p];
    const mn_members *members = &simulation->engine->members[p];
    const bool active_only = mn_steps_active_only(simulation, population);
    for (int64_t s = 0; s < members->n_state_fields; s++) {
        const mn_state_field state = members->state_field[s];
        double *now = population->field[state.field], *next = population->next[state.field];
        if (active_only) {
            commit_active(population, now, next, state.width);
        } else {
            population->next[state.field] = now;
            population->field[state.field] = next;
        }
    }
    if (active_only) {
        simulation->counters.n_active_steps += population->n_active;
    }
}

/* Puts the new states in the place of the old ones: nothing can fail any more. */
static void commit(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        mn_members *members = &engine->members[p];
        bool event_driven = (population->model->flags & MN_EVENT_DRIVEN) != 0;
        if (population->model->advance != NULL || engine->adaptive != NULL) {
            commit_population(simulation, p);
            log_events(simulation, population);
        }
        mn_engine_outdate_members(simulation, p);
        if (!event_driven) {
            double *v = members->v;
            members->v = members->v_prev;
            members->v_prev = v;
        }
    }
    if (engine->newton != NULL) {
        memcpy(engine->newton->guess, simulation->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    }
    if (engine->has_links) {
        mn_links_keep_voltages(simulation);
    }
    if (engine->reactions != NULL) {
        mn_reactions_keep(simulation, mn_simulation_time(simulation));
    }
    if (mn_cycles_keep(simulation) && engine->adaptive != NULL) {
        mn_adaptive_restart(simulation);
    }
    simulation->step++;
}

/* Writes the rows of the present step, for which there is room. */
static inline void record(mn_simulation *simulation)
{
    if (simulation->recorder.n_channels > 0) {
        mn_recorder_write(simulation);
    }
}

/* A step that has come so far cannot fail any more but for a lack of room. */
static inline int look_for_room(const mn_simulation *simulation, mn_error *error)
{
    const bool has_room = mn_recorder_has_room(&simulation->recorder, simulation->step);
    return has_room ? MN_OK : mn_engine_explain(simulation, MN_ERR_RECORD_FULL, error);
}

/* ------------------------------------------------------------------ kinds of steps */

/* One step; *solved tells whether the circuit was solved. */
typedef int step_function(mn_simulation *simulation, bool *solved, mn_error *error);

/* Of a network whose rows are found by Newton's method. */
static int take_implicit_step(mn_simulation *simulation, bool *solved, mn_error *error)
{
    *solved = true;
    int code = mn_implicit_solve(simulation, error);
    if (code == MN_OK && simulation->engine->controls != NULL) {
        mn_controls_look(simulation);
    }
    if (code == MN_OK) {
        code = look_for_room(simulation, error);
    }
    if (code == MN_OK) {
        code = mn_implicit_advance(simulation, error);
    }
    if (code == MN_OK) {
        record(simulation);
        mn_implicit_commit(simulation);
    }
    return code;
}

/* Looks at the circuit of the present step, as just solved, and compares steps from there where it is asked for. */
static int look(mn_simulation *simulation, bool changed, mn_error *error)
{
    const mn_engine *engine = simulation->engine;
    if (engine->controls != NULL) {
        mn_controls_look(simulation);
    }
    return engine->step_check == NULL ? MN_OK : mn_step_check_look(simulation, changed, error);
}

/* Solves the circuit of the present step. */
static int solve(mn_simulation *simulation, bool changed, mn_error *error)
{
    int code =
        simulation->engine->newton == NULL ? mn_engine_solve(simulation, error) : mn_instant_solve(simulation, error);
    return code == MN_OK ? look(simulation, changed, error) : code;
}

static int take_adaptive_step(mn_simulation *simulation, bool *solved, mn_error *error)
{
    bool changed = false;
    int code = mn_left_look(simulation, error);
    if (code == MN_OK) {
        code = read_inputs(simulation, &changed, error);
    }
    *solved = changed || !simulation->engine->has_solution || !simulation->options.event_driven;
    if (code == MN_OK && *solved) {
        code = solve(simulation, changed, error);
    }
    if (code == MN_OK) {
        code = mn_adaptive_cross_row(simulation, error);
    }
    if (code == MN_OK) {
        code = look_for_room(simulation, error);
    }
    if (code == MN_OK) {
        code = mn_adaptive_advance(simulation, error);
    }
    if (code != MN_OK) {
        return mn_engine_explain(simulation, code, error);
    }
    record(simulation);
    commit(simulation);
    return MN_OK;
}

int mn_step_begin(mn_simulation *simulation, mn_step_begun *begun, mn_error *error)
{
    int code = read_inputs(simulation, &begun->changed, error);
    if (code != MN_OK) {
        return mn_engine_explain(simulation, code, error);
    }
    begun->solves = begun->changed || !simulation->engine->has_solution || !simulation->options.event_driven;
    return MN_OK;
}

/* What follows the solve. */
static int finish(mn_simulation *simulation, mn_error *error)
{
    int code = look_for_room(simulation, error);
    if (code == MN_OK) {
        code = advance(simulation, error);
    }
    if (code == MN_OK) {
        record(simulation);
        commit(simulation);
    }
    return code;
}

int mn_step_end(mn_simulation *simulation, const mn_step_begun *begun, mn_error *error)
{
    int code = begun->solves ? look(simulation, begun->changed, error) : MN_OK;
    return code == MN_OK ? finish(simulation, error) : code;
}

static int take_fixed_step(mn_simulation *simulation, bool *solved, mn_error *error)
{
    mn_step_begun begun;
    int code = mn_step_begin(simulation, &begun, error);
    *solved = code == MN_OK && begun.solves;
    if (*solved) {
        code = solve(simulation, begun.changed, error);
    }
    return code == MN_OK ? finish(simulation, error) : code;
}

/* Of a network that rests. */
static int take_resting_step(mn_simulation *simulation, bool *solved, mn_error *error)
{
    *solved = false;
    int code = look_for_room(simulation, error);
    if (code == MN_OK) {
        record(simulation);
        simulation->step++;
    }
    return code;
}

/* Whether this step and all that follow are like the last one, of fixed length: nothing drives the network in another
 * way, and no state moves. */
static bool rests(const mn_simulation *simulation)
{
    bool rests = stands(simulation) && simulation->options.event_driven;
    for (int64_t p = 0; p < simulation->n_populations && rests; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_device_model *model = population->model;
        rests = (model->flags & MN_EVENT_DRIVEN) != 0 && population->n_events == 0 &&
                (model->advance == NULL || (model->advance_active != NULL && population->n_active == 0));
    }
    return rests;
}

static step_function *choose_step(const mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    return engine->implicit != NULL   ? take_implicit_step
           : engine->adaptive != NULL ? take_adaptive_step
                                      : take_fixed_step;
}

bool mn_steps_plainly(const mn_simulation *simulation)
{
    return choose_step(simulation) == take_fixed_step && simulation->engine->newton == NULL;
}

bool mn_step_has_room(const mn_simulation *simulation)
{
    return simulation->events.capacity - simulation->events.n >= simulation->engine->max_events;
}

int mn_simulation_run(mn_simulation *simulation, int64_t n_steps, double budget, mn_reason *reason, int64_t *n_done,
                      mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    double start = mn_clock();
    int64_t since_clock = 0;
    *n_done = 0;
    *reason = MN_DONE;
    mn_error_clear(error);
    int prepared = mn_left_prepare(simulation);
    if (prepared != MN_OK) {
        return mn_error_set(error, prepared);
    }
    step_function *take_step = choose_step(simulation);
    while (*n_done < n_steps) {
        bool solved = false;
        if (!mn_step_has_room(simulation)) {
            *reason = MN_BUDGET;
            break;
        }
        mn_threads_begin(simulation->threads);
        int code = take_step(simulation, &solved, error);
        mn_threads_end(simulation->threads);
        if (code == MN_ERR_EVENTS_FULL) {
            code = mn_event_log_grow(simulation, error); /* the row left no trace, and is taken again */
            if (code == MN_OK) {
                continue;
            }
        }
        if (code != MN_OK) {
            return code;
        }
        if (!solved && take_step == take_fixed_step && rests(simulation)) {
            take_step = take_resting_step;
        }
        (*n_done)++;
        since_clock++;
        if (solved || since_clock >= STEPS_BETWEEN_CLOCKS) {
            since_clock = 0;
            if (*n_done < n_steps && mn_clock() - start >= budget) {
                *reason = MN_BUDGET;
                break;
            }
        }
    }
    return MN_OK;
}
