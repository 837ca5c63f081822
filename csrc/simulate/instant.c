/* The circuit at one moment: what the potentials are while states and charges have no time to move. */
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
    model->linearise(&members->view, &(mn_step){.t = simulation->engine->newton->t, .v = members->point.v}, linear);
    memcpy(members->start, linear->q, size);
    memset(members->moved, 0, size);
    memset(members->before, 0, size);
}

void mn_instant_prepare(mn_simulation *simulation, mn_charges charges)
{
    mn_newton *newton = simulation->engine->newton;
    newton->t = (double)simulation->step * simulation->options.dt;
    newton->charges = charges;
    newton->c = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        mn_newton_members *members = &newton->members[p];
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (members->point.x[f] != NULL) {
                memcpy(members->point.x[f], population->field[f], (size_t)population->n * sizeof(double));
            }
        }
        mn_view_point(simulation, p, &members->view, &members->point);
        if (population->model->flags & MN_HAS_CHARGE) {
            read_charges(simulation, p);
        }
        if (!mn_follows(population->model)) {
            mn_newton_ask(simulation, p, newton->t, simulation->options.dt, simulation->engine->members[p].v_prev);
        }
    }
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

/* Between the driven electrodes, of all chords. A network that they do not join has none. */
static void read_terminal_conductance(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    const mn_boundary boundary = {.role = simulation->engine->role_now, .value = simulation->engine->value_now};
    const mn_solution solution = {.conductance = &simulation->terminal_conductance};
    mn_solver *solver = &simulation->solver;
    read_chords(simulation, newton->size);
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        solver = newton->size[e] < 0.0 ? &newton->umfpack : solver;
    }
    newton->solver = NULL;
    int code = mn_solver_factor(solver, newton->size, NULL, -1, NULL, NULL);
    if (code == MN_OK) {
        code = mn_solver_solve(solver, &boundary, NULL, NULL, &solution, NULL);
    }
    simulation->terminal_conductance = code == MN_OK ? simulation->terminal_conductance : (double)NAN;
}

/* What flows into the network at each electrode: the sum over its edges, or what is driven. */
static void read_electrodes(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    const mn_engine *engine = simulation->engine;
    const mn_newton *newton = engine->newton;
    memset(simulation->current, 0, (size_t)network->n_electrodes * sizeof(double));
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const int32_t e = network->electrode[k];
        if (e >= 0) {
            simulation->voltage[e] = newton->potential[k];
            simulation->current[e] -= newton->into[k];
        }
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        if (engine->role_now[e] != MN_VOLTAGE) {
            simulation->current[e] = engine->role_now[e] == MN_CURRENT ? engine->value_now[e] : 0.0;
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
    engine->edge_current = newton->published;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        memcpy(engine->members[p].v, newton->members[p].point.v, (size_t)simulation->population[p].n * sizeof(double));
    }
    memcpy(engine->role, engine->role_now, n_electrodes * sizeof(*engine->role));
    memcpy(engine->value, engine->value_now, n_electrodes * sizeof(*engine->value));
    read_electrodes(simulation);
    read_terminal_conductance(simulation);
    engine->has_factor = false;
    engine->n_changed = 0;
    engine->has_solution = true;
    simulation->solved = true;
}

/* ------------------------------------------------------------------ the two of them */

static int balance_and_publish(mn_simulation *simulation, mn_charges charges, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    const size_t size = (size_t)simulation->network->n_nodes * sizeof(double);
    newton->solver = NULL; /* others use it between two calls */
    mn_instant_prepare(simulation, charges);
    memcpy(newton->potential, simulation->potential, size);
    int code = mn_newton_drive(simulation, error);
    if (code == MN_OK) {
        code = mn_newton_balance(simulation, error);
    }
    if (code == MN_OK) {
        mn_newton_publish(simulation);
    }
    return code;
}

int mn_instant_solve(mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    if (simulation->engine->newton == NULL) {
        return mn_engine_solve(simulation, error);
    }
    mn_error_clear(error);
    int code = balance_and_publish(simulation, MN_CHARGES_HELD, error);
    return code == MN_OK ? MN_OK : mn_engine_explain(simulation, code, error);
}

/* A node that nothing defines: something that moves reaches it, but nothing that conducts. */
static int find_undefined_node(const mn_simulation *simulation, mn_error *error)
{
    const mn_network *network = simulation->network;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n && mn_follows(population->model); k++) {
            const int32_t a = network->a[population->edge[k]], b = network->b[population->edge[k]];
            if (!simulation->engine->island_edge[population->edge[k]] &&
                (isnan(simulation->potential[a]) || isnan(simulation->potential[b]))) {
                error->node = isnan(simulation->potential[a]) ? a : b;
                return mn_error_set(error, MN_ERR_UNDEFINED_NODE);
            }
        }
    }
    return MN_OK;
}

int mn_static_solve(mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    mn_engine *engine = simulation->engine;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    mn_simulation_drive_at(simulation, mn_simulation_time(simulation), engine->role_now, engine->value_now);
    int code = engine->has_limits ? MN_ERR_NO_LIMITS : mn_newton_init(simulation, error);
    if (code == MN_OK) {
        code = balance_and_publish(simulation, MN_CHARGES_OPEN, error);
    }
    if (code == MN_OK) {
        code = find_undefined_node(simulation, error);
    }
    if (code != MN_OK) {
        mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
        return mn_engine_explain(simulation, code, error);
    }
    return MN_OK;
}
