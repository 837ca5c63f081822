/* The circuit of the present step: conductances of all edges as their models have them now, sources, and the solve. */
#include "simulate/engine.h"
#include "simulate/newton.h"
#include "simulate/slices.h"
#include "simulate/watch.h"

#include <math.h>
#include <string.h>

enum { GATHER_SHARE = 64 };

/* ------------------------------------------------------------------ conductances */

/* Whether a gather may pay. One changed edge reaches some ten columns: where more than one edge in GATHER_SHARE
 * changed, the full form is quicker than a gather that gives up half-way. The bits are the same. */
static inline int64_t most_changed(const mn_simulation *simulation)
{
    return (simulation->network->n_edges - 1) / GATHER_SHARE;
}

static inline bool few_changed(const mn_simulation *simulation)
{
    return simulation->engine->n_changed <= most_changed(simulation);
}

static void store_conductances(mn_simulation *simulation, const mn_population *population)
{
    mn_engine *engine = simulation->engine;
    double *restrict conductance = simulation->conductance;
    const double *restrict g = engine->g;
    int64_t k = 0;
    for (; k < population->n && few_changed(simulation); k++) {
        mn_engine_store_conductance(simulation, population->edge[k], g[k]);
    }
    for (; k < population->n; k++) { /* a full factorisation follows, which wants no list */
        conductance[population->edge[k]] = g[k];
    }
    if (population->model->flags & MN_HAS_SOURCE) {
        for (k = 0; k < population->n; k++) {
            int32_t edge = population->edge[k];
            engine->source[edge] = engine->island_edge[edge] ? 0.0 : engine->i0[k];
        }
    }
}

/* Asks a model for the members that have just had an event. */
static void read_event_conductances(mn_simulation *simulation, mn_population *population, const mn_step *step)
{
    mn_engine *engine = simulation->engine;
    population->model->conductance_events(population, step);
    for (int64_t j = 0; j < population->n_events; j++) {
        int32_t edge = population->edge[population->event_member[j]];
        mn_engine_store_conductance(simulation, edge, step->g[j]);
        if ((population->model->flags & MN_HAS_SOURCE) && !engine->island_edge[edge]) {
            engine->source[edge] = step->i0[j]; /* GCOV_EXCL_LINE: no model has both yet */
        }
    }
}

/* Asks a model for all members. */
static void read_conductances(mn_simulation *simulation, int64_t p)
{
    const int64_t n = simulation->population[p].n, most = mn_members_at_once(simulation, p);
    const mn_step step = mn_step_before(simulation, p);
    for (int64_t first = 0; first < n; first += most) {
        const int64_t at_once = n - first < most ? n - first : most;
        mn_population *slice = mn_members_slice(simulation, p, first, at_once);
        const mn_step from = mn_step_from(step, first);
        slice->model->conductance(slice, &from);
        store_conductances(simulation, slice);
    }
}

void mn_engine_read(mn_simulation *simulation)
{
    simulation->engine->in_lanes = false;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        mn_members *members = &simulation->engine->members[p];
        if (members->dirty && mn_slices_pay(simulation, p)) {
            mn_slices_read(simulation, p, most_changed(simulation));
            members->dirty = false;
        } else if (members->dirty) {
            read_conductances(simulation, p);
            members->dirty = false;
        } else if (mn_engine_can_ask_events(population)) {
            const mn_step step = mn_step_before(simulation, p);
            read_event_conductances(simulation, population, &step);
        }
    }
}

/* Adds up what the sources drive into each node. Where they are all 0 the solver is not told of them: potentials then
 * keep the maximum principle to the last bit, and a solve costs less. With `only_connected`, sources on edges without a
 * potential are left out: a device on an island sees 0 V and drives nothing. */
static void sum_sources(mn_simulation *simulation, bool only_connected)
{
    const mn_network *network = simulation->network;
    mn_engine *engine = simulation->engine;
    engine->injects = false;
    for (int64_t e = 0; engine->has_source && e < network->n_edges && !engine->injects; e++) {
        engine->injects = engine->source[e] != 0.0;
    }
    if (!engine->injects) {
        return;
    }
    memset(engine->injected, 0, (size_t)network->n_nodes * sizeof(*engine->injected));
    for (int64_t e = 0; e < network->n_edges; e++) {
        if (!only_connected ||
            !(isnan(simulation->potential[network->a[e]]) || isnan(simulation->potential[network->b[e]]))) {
            engine->injected[network->a[e]] -= engine->source[e];
            engine->injected[network->b[e]] += engine->source[e];
        }
    }
}

/* ------------------------------------------------------------------ solve */

/* Whether members of population p are found by its watch. Steps that are not plain advance all of them. */
static bool watches(const mn_simulation *simulation, int64_t p)
{
    return simulation->engine->members[p].watch != NULL && mn_steps_are_plain(simulation);
}

void mn_members_read_voltages(mn_simulation *simulation, int64_t p, int64_t first, int64_t n)
{
    const mn_members *members = &simulation->engine->members[p];
    const double *restrict potential = simulation->potential;
    const int32_t *restrict a = members->a + first;
    const int32_t *restrict b = members->b + first;
    double *restrict v = members->v + first;
    for (int64_t k = 0; k < n; k++) {
        double difference = potential[a[k]] - potential[b[k]];
        v[k] = difference == difference ? difference : 0.0; /* nan: on an island */
    }
}

/* Reads what hooks see of a solve. Where only advance() looks at branch voltages it reads them itself, slice by slice,
 * and where no hook does nobody. */
static void read_branch_voltages(mn_simulation *simulation)
{
    const bool is_plain = mn_steps_are_plain(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_device_model *model = population->model;
        mn_members *members = &simulation->engine->members[p];
        const bool is_fixed = (model->flags & MN_EVENT_DRIVEN) != 0 && model->advance == NULL;
        members->v_is_late = is_plain && model->advance != NULL && members->links == NULL &&
                             !mn_steps_active_only(simulation, population);
        if (!members->v_is_late && !watches(simulation, p) && !(is_plain && is_fixed)) {
            mn_slices_read_voltages(simulation, p);
        }
        if (members->links != NULL) {
            mn_links_read_voltages(simulation, p, simulation->potential);
        }
    }
}

/* The parameter that an error points to: where charges do not fit the voltages at the start, what these start with.
 * What drives jumps later, or an event does, and no parameter of the model is wrong. */
static const char *checked_parameter(const mn_device_model *model, int code, double t)
{
    const char *start = "v_initial";
    if (code == MN_ERR_CHARGE_EVENT || (code == MN_ERR_CHARGE_LOOP && t > 0.0)) {
        return NULL;
    }
    return code == MN_ERR_CHARGE_LOOP && mn_model_field(model, start) >= 0 ? start : model->check;
}

int mn_engine_explain(const mn_simulation *simulation, int code, mn_error *error)
{
    code = code == MN_ERR_NO_BALANCE && simulation->engine->has_links ? MN_ERR_NO_BALANCE_LINKED : code;
    if (isnan(error->time)) {
        error->step = simulation->step;
        error->time = mn_simulation_time(simulation);
    }
    if (error->edge < 0) {
        return mn_error_set(error, code);
    }
    error->node = simulation->network->a[error->edge];
    error->node_b = simulation->network->b[error->edge];
    if (error->noun == NULL && (code == MN_ERR_CONDUCTANCE || code == MN_ERR_NEGATIVE_CONDUCTANCE)) {
        error->noun = "conductance";
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        int64_t k = 0;
        while (k < population->n && population->edge[k] != error->edge) {
            k++;
        }
        const char *name = checked_parameter(population->model, code, error->time);
        int64_t check = name == NULL ? -1 : mn_model_field(population->model, name);
        if (k < population->n) {
            error->model = population->model->name;
            if (check >= 0) {
                error->check = name;
                error->check_value = population->field[check][k];
                error->check_unit = population->model->field[check].unit;
            }
            break;
        }
    }
    return mn_error_set(error, code);
}

static int factor(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    if (engine->has_factor && engine->n_changed == 0) {
        return MN_OK;
    }
    bool gather = engine->has_factor && simulation->options.incremental && few_changed(simulation);
    int64_t n_changed = engine->n_changed;
    engine->has_factor = false;
    engine->n_changed = 0;
    int code = mn_solver_factor(&simulation->solver, simulation->conductance, NULL, gather ? n_changed : -1,
                                gather ? engine->changed : NULL, error);
    if (code != MN_OK) {
        return code;
    }
    mn_solver_info info;
    mn_solver_info_get(&simulation->solver, &info);
    simulation->counters.n_columns += info.n_columns;
    engine->has_factor = true;
    return MN_OK;
}

void mn_engine_list_active(mn_simulation *simulation, int64_t p)
{
    mn_population *population = &simulation->population[p];
    const mn_step step = mn_step_after(simulation, p);
    if (simulation->options.event_driven && population->model->next_event != NULL &&
        population->model->next_event(population, &step) == INT64_MAX) {
        population->n_active = 0;
    }
}

/* Lists what moves while the voltages stay. */
static void list_active(mn_simulation *simulation)
{
    const double reach = simulation->engine->has_watches ? mn_watch_reach(simulation) : 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        if (watches(simulation, p)) {
            mn_watch_list(simulation, p, reach);
        } else {
            mn_engine_list_active(simulation, p);
        }
    }
}

static int solve_injected(mn_simulation *simulation, const double *injected, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    mn_boundary boundary = {.role = engine->role_now, .value = engine->value_now, .imag = NULL};
    const bool is_driven = mn_solver_is_driven(&simulation->solver);
    engine->owes_conductance = is_driven;
    engine->owes_currents = injected == NULL && !engine->has_inflow && !engine->has_limits &&
                            mn_solver_currents_can_wait(&simulation->solver, &boundary);
    mn_solution solution = {.potential = simulation->potential,
                            .voltage = simulation->voltage,
                            .current = engine->owes_currents ? NULL : simulation->current,
                            .conductance = is_driven ? NULL : &simulation->terminal_conductance};
    if (engine->has_limits) {
        return mn_limits_solve(&engine->limits, &simulation->solver, &boundary, injected, &solution, error);
    }
    return mn_solver_solve(&simulation->solver, &boundary, injected, NULL, &solution, error);
}

/* Conductances that went to 0, or an electrode that floats now, may have left a source on an island. A solve without
 * sources tells which nodes have a potential; then only the sources between those count. */
static int solve_sources(mn_simulation *simulation, mn_error *error)
{
    const mn_engine *engine = simulation->engine;
    sum_sources(simulation, false);
    int code = solve_injected(simulation, engine->injects ? engine->injected : NULL, error);
    if (code != MN_ERR_CURRENT_ISLAND || !engine->injects) {
        return code;
    }
    mn_error_clear(error);
    code = solve_injected(simulation, NULL, error);
    if (code == MN_OK) {
        sum_sources(simulation, true);
        code = solve_injected(simulation, engine->injected, error);
    }
    return code;
}

/* What a good solve leaves: its boundary, and what devices see of it. */
static void accept(mn_simulation *simulation, bool sees)
{
    mn_engine *engine = simulation->engine;
    size_t n = (size_t)simulation->network->n_electrodes;
    memcpy(engine->role, engine->role_now, n * sizeof(*engine->role));
    memcpy(engine->value, engine->value_now, n * sizeof(*engine->value));
    if (engine->has_limits) {
        memcpy(engine->limit, engine->limits.limit, n * sizeof(*engine->limit));
    }
    if (sees) {
        read_branch_voltages(simulation);
    }
    mn_inflow_read(simulation);
    if (sees && simulation->options.event_driven) {
        list_active(simulation);
    }
    simulation->counters.n_solves++;
    if (engine->newton != NULL) {
        engine->newton->is_published = 0;
    }
    engine->has_solution = true;
    simulation->solved = true;
}

/* Of a solve before one that fails, if they were still to be found: its factor is gone. Nothing counts as solved then,
 * so nobody reads them before the next solve. */
static void lose_currents(mn_simulation *simulation, bool owed)
{
    for (int64_t e = 0; e < simulation->network->n_electrodes && owed; e++) {
        simulation->current[e] = NAN;
    }
    simulation->engine->owes_currents = false;
}

/* Solves with the conductances as they were read and the boundary in role_now, value_now. */
int mn_engine_solve_read(mn_simulation *simulation, mn_error *error)
{
    const bool owed = simulation->engine->owes_currents;
    int code = factor(simulation, error);
    if (code == MN_OK) {
        code = solve_sources(simulation, error);
    }
    if (code != MN_OK) {
        lose_currents(simulation, owed);
        mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
        return mn_engine_explain(simulation, code, error);
    }
    accept(simulation, true);
    mn_accuracy_join(&simulation->accuracy, &simulation->solver.accuracy);
    return MN_OK;
}

void mn_engine_find_currents(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    const mn_boundary boundary = {.role = engine->role, .value = engine->value, .imag = NULL};
    const mn_solution solution = {.current = simulation->current};
    if (engine->owes_currents) {
        const int code = mn_solver_solve(&simulation->solver, &boundary, NULL, NULL, &solution, NULL);
        lose_currents(simulation, code != MN_OK);
    }
}

void mn_engine_find_conductance(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    const mn_boundary boundary = {.role = engine->role, .value = engine->value, .imag = NULL};
    const mn_solution solution = {.conductance = &simulation->terminal_conductance};
    mn_engine_find_currents(simulation); /* while the solver still has what they are found from */
    if (engine->owes_conductance) {
        const int code = mn_solver_solve(&simulation->solver, &boundary, NULL, NULL, &solution, NULL);
        simulation->terminal_conductance = code == MN_OK ? simulation->terminal_conductance : (double)NAN;
    }
    engine->owes_conductance = false;
}

int mn_engine_solve(mn_simulation *simulation, mn_error *error)
{
    mn_engine_read(simulation);
    return mn_engine_solve_read(simulation, error);
}

/* ------------------------------------------------------------------ one of several simulations */

bool mn_engine_joins(mn_simulation *simulation, int64_t n_changed)
{
    const mn_engine *engine = simulation->engine;
    const bool all = n_changed > most_changed(simulation) || (!simulation->options.incremental && n_changed > 0);
    if (!all || engine->has_limits || engine->controls != NULL || engine->newton != NULL) {
        return false;
    }
    sum_sources(simulation, false);
    return !engine->injects;
}

mn_replica mn_engine_replica(mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    return (mn_replica){.conductance = simulation->conductance,
                        .boundary = {.role = engine->role_now, .value = engine->value_now, .imag = NULL},
                        .solution = {.potential = simulation->potential,
                                     .voltage = simulation->voltage,
                                     .current = simulation->current,
                                     .conductance = &simulation->terminal_conductance}};
}

void mn_engine_accept(mn_simulation *simulation, int64_t n_columns, bool sees)
{
    mn_engine *engine = simulation->engine;
    engine->has_factor = false; /* another solver had it, and found all there is to find */
    engine->owes_currents = engine->owes_conductance = false;
    engine->n_changed = 0;
    simulation->counters.n_columns += n_columns;
    accept(simulation, sees);
}
