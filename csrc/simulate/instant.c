/* The circuit at one moment: what the potentials are while states and charges have no time to move. */
#include "drive/waveform.h"
#include "simulate/adaptive.h"
#include "simulate/moment.h"
#include "simulate/newton.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ before */

/* What charges are at the voltages that they have. */
static void read_charges(mn_simulation *simulation, int64_t p)
{
    const mn_device_model *model = simulation->population[p].model;
    mn_newton_members *members = &simulation->engine->newton->members[p];
    const mn_linear *linear = &members->point.linear;
    const size_t size = (size_t)members->view.n * sizeof(double);
    memcpy(members->point.v, members->view.field[mn_model_field(model, model->voltage_field)], size);
    const mn_step step = mn_step_at(simulation, p, simulation->engine->newton->t, members->point.v);
    model->linearise(&members->view, &step, linear);
    memcpy(members->start, linear->q, size);
    memset(members->moved, 0, size);
    memset(members->before, 0, size);
}

/* Points the iteration at the states of population p. */
static void read_states(mn_simulation *simulation, int64_t p, bool next)
{
    const mn_population *population = &simulation->population[p];
    mn_newton_members *members = &simulation->engine->newton->members[p];
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (members->point.x[f] != NULL) {
            const double *from = next ? population->next[f] : population->field[f];
            memcpy(members->point.x[f], from, mn_state_bytes(population, f));
        }
    }
    mn_view_point(simulation, p, &members->view, &members->point);
}

/* A charge between an electrode and a free node fixes that node: to the last bit. */
static void fix_nodes(mn_simulation *simulation, int64_t p)
{
    const mn_network *network = simulation->network;
    const mn_members *ends = &simulation->engine->members[p];
    mn_newton *newton = simulation->engine->newton;
    const mn_device_model *model = simulation->population[p].model;
    const double *v = newton->members[p].point.x[mn_model_field(model, model->voltage_field)];
    for (int64_t k = 0; k < simulation->population[p].n; k++) {
        const int32_t a = ends->a[k], b = ends->b[k];
        const bool a_given = network->electrode[a] >= 0, b_given = network->electrode[b] >= 0;
        const bool holds =
            newton->members[p].point.linear.q_v[k] != 0.0 && newton->companion[simulation->population[p].edge[k]] > 0.0;
        if (!a_given && b_given && holds) {
            newton->potential[a] = newton->potential[b] + v[k];
        } else if (a_given && !b_given && holds) {
            newton->potential[b] = newton->potential[a] - v[k];
        }
    }
}

int mn_instant_balance(mn_simulation *simulation, bool next, mn_charges charges, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    newton->charges = charges;
    newton->c = 0.0;
    memcpy(newton->before, newton->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        read_states(simulation, p, next);
    }
    mn_newton_read_links(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_device_model *model = simulation->population[p].model;
        if (model->flags & MN_HAS_CHARGE) {
            read_charges(simulation, p);
        } else if (!mn_follows(model)) {
            mn_newton_ask(simulation, p);
        }
    }
    int code = mn_newton_drive(simulation, error);
    if (code == MN_OK) {
        code = mn_newton_balance(simulation, error);
    }
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK && charges == MN_CHARGES_HELD; p++) {
        if (simulation->population[p].model->flags & MN_HAS_CHARGE) {
            fix_nodes(simulation, p);
        }
    }
    return code == MN_OK && charges == MN_CHARGES_HELD ? mn_held_currents_balance(simulation, error) : code;
}

/* ------------------------------------------------------------------ after */

/* Of edges that are no conductances: the static current over the voltage, where that is one. */
static void read_chords(const mn_simulation *simulation, double *chord)
{
    const mn_newton *newton = simulation->engine->newton;
    memcpy(chord, newton->slope, (size_t)simulation->network->n_edges * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_newton_members *members = &newton->members[p];
        for (int64_t k = 0; k < members->view.n && mn_follows(members->view.model); k++) {
            const double i = members->point.linear.i[k], v = members->point.v[k];
            if (i / v > 0.0 && isfinite(i / v)) {
                chord[members->view.edge[k]] = i / v;
            }
        }
    }
}

/* What drives the electrodes, those at limits by their currents. */
static mn_boundary boundary_of(const mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    if (engine->has_limits) {
        return (mn_boundary){.role = engine->limits.role, .value = engine->limits.value};
    }
    return (mn_boundary){.role = engine->role_now, .value = engine->value_now};
}

/* Which electrodes are at their limits is a result. */
static void publish_limits(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    const mn_boundary given = {.role = engine->role_now, .value = engine->value_now};
    const size_t n = (size_t)simulation->network->n_electrodes;
    memcpy(engine->limits.limit, engine->newton->limits.limit, n * sizeof(*engine->limits.limit));
    memcpy(engine->limits.side, engine->newton->limits.side, n * sizeof(*engine->limits.side));
    mn_limits_resume(&engine->limits, &given);
}

/* Between the driven electrodes, of all chords. A network that they do not join has none. */
static void read_terminal_conductance(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    const mn_boundary boundary = boundary_of(simulation);
    const mn_solution solution = {.conductance = &simulation->terminal_conductance};
    read_chords(simulation, newton->size);
    mn_solver *solver = mn_newton_solver(simulation, newton->size);
    newton->solver = NULL;
    int code = mn_solver_factor(solver, newton->size, NULL, -1, NULL, NULL);
    if (code == MN_OK) {
        code = mn_solver_solve(solver, &boundary, NULL, NULL, &solution, NULL);
    }
    simulation->engine->owes_currents = simulation->engine->owes_conductance = false;
    simulation->terminal_conductance = code == MN_OK ? simulation->terminal_conductance : (double)NAN;
}

/* What flows into the network at each electrode: the sum over its edges, or what is driven. */
static void read_electrodes(mn_simulation *simulation)
{
    const mn_boundary boundary = boundary_of(simulation);
    const mn_newton *newton = simulation->engine->newton;
    mn_read_electrodes(simulation->network, newton->potential, newton->into, simulation->voltage, simulation->current);
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        if (boundary.role[e] != MN_VOLTAGE) {
            simulation->current[e] = boundary.role[e] == MN_CURRENT ? boundary.value[e] : 0.0;
        }
    }
}

void mn_newton_publish(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    const mn_network *network = simulation->network;
    const mn_newton *newton = engine->newton;
    const size_t n_electrodes = (size_t)network->n_electrodes;
    memcpy(simulation->potential, newton->potential, (size_t)network->n_nodes * sizeof(double));
    memcpy(simulation->conductance, newton->slope, (size_t)network->n_edges * sizeof(double));
    memcpy(newton->published, newton->current, (size_t)network->n_edges * sizeof(double));
    engine->newton->is_published = 1;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        memcpy(engine->members[p].v, newton->members[p].point.v, (size_t)simulation->population[p].n * sizeof(double));
    }
    memcpy(engine->role, engine->role_now, n_electrodes * sizeof(*engine->role));
    memcpy(engine->value, engine->value_now, n_electrodes * sizeof(*engine->value));
    if (engine->has_limits) {
        publish_limits(simulation);
    }
    read_electrodes(simulation);
    read_terminal_conductance(simulation);
    engine->has_factor = false;
    engine->n_changed = 0;
    engine->has_solution = true;
    simulation->solved = true;
    simulation->counters.n_solves++;
}

/* ------------------------------------------------------------------ the two of them */

static int balance_and_publish(mn_simulation *simulation, mn_charges charges, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    newton->solver = NULL; /* others use it between two calls */
    newton->t = mn_simulation_time(simulation);
    memcpy(newton->potential, newton->guess, (size_t)simulation->network->n_nodes * sizeof(double));
    int code = mn_instant_balance(simulation, false, charges, error);
    if (code == MN_OK) {
        mn_newton_publish(simulation);
    }
    return code;
}

int mn_instant_solve(mn_simulation *simulation, mn_error *error)
{
    const mn_engine *engine = simulation->engine;
    bool is_plain = engine->newton == NULL || (engine->adaptive == NULL && engine->implicit == NULL);
    if (is_plain || !engine->newton->has_followers) {
        return mn_engine_solve(simulation, error);
    }
    if (engine->has_limits && engine->adaptive != NULL) {
        const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
        memcpy(engine->newton->limits.limit, engine->limits.limit, n_electrodes * sizeof(double));
        memcpy(engine->newton->limits.side, engine->adaptive->side, n_electrodes * sizeof(*engine->adaptive->side));
    }
    mn_error_clear(error);
    int code = balance_and_publish(simulation, MN_CHARGES_HELD, error);
    return code == MN_OK ? MN_OK : mn_engine_explain(simulation, code, error);
}

int mn_simulation_solve_static(mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    mn_engine *engine = simulation->engine;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    const double t = mn_simulation_time(simulation);
    mn_simulation_drive_at(simulation, t, engine->role_now, engine->value_now);
    int code = mn_newton_init(simulation, error);
    if (code == MN_OK && engine->has_limits) {
        mn_simulation_limits_at(simulation, t, engine->newton->limits.limit);
        memset(engine->newton->limits.side, 0, (size_t)simulation->network->n_electrodes);
    }
    if (code == MN_OK) {
        code = mn_signals_read(simulation, t, error);
    }
    if (code == MN_OK) {
        code = balance_and_publish(simulation, MN_CHARGES_OPEN, error);
    }
    if (code != MN_OK) {
        mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
        (void)mn_engine_explain(simulation, code, error);
        error->step = -1; /* nothing steps here */
        error->time = NAN;
    }
    return code;
}
