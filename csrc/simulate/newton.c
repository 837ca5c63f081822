/* Newton's method for the node potentials: in increments, so that small currents keep their digits beside large
 * potentials. */
#include "simulate/newton.h"

#include "base/cancel.h"
#include "circuit/boundary.h"
#include "network/sets.h"
#include "simulate/readers.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST_STEPS = 100, MOST_HALVINGS = 60, MOST_PARTS = 200 };
/* A charge that jumps by the same so many times in a row will go on. */
enum { SURE = 3 };

/* Of what a step promises to take away, by first order, it must take this share (Armijo). */
#define SHARE 0.01
/* Of the largest potential: how far a step may go that is taken for rounding. */
#define LAST_DIGITS 1e-4
/* Of a step: what is off in it. */
#define STEP_ROUNDING (4.0 * 0x1p-52)
/* Where no step helps any more: still a balance, if so many times what rounding explains is lacking. */
#define NEARLY 1e4
/* Of the voltages at hand: what a charge that is held cannot jump by. */
#define JUMPS 1e-6
/* Relatively: what of a jump makes it another one. */
#define SAME 1e-3
/* Parts of the drive in which it is put on where Newton fails with the whole, and the least part. */
#define FIRST_PART 0x1p-3
#define LEAST_PART 0x1p-24

/* How far charges that are held have jumped in the last step, and how often by the same before. */
typedef struct {
    double last; /* V */
    int n_same;
} charge_jumps;

/* ------------------------------------------------------------------ what is asked */

int mn_newton_set_boundary(mn_simulation *simulation, const mn_boundary *boundary, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    int32_t reference;
    int code = mn_boundary_check(simulation->network, boundary, NULL, NULL, &reference, error);
    if (code != MN_OK) {
        return code;
    }
    const size_t n = (size_t)simulation->network->n_electrodes;
    memcpy(newton->role, boundary->role, n * sizeof(*newton->role));
    memcpy(newton->value, boundary->value, n * sizeof(*newton->value));
    if (reference >= 0) { /* without a voltage the first electrode is at 0 V, and takes what the others leave */
        newton->role[reference] = MN_VOLTAGE;
        newton->value[reference] = 0.0;
    }
    return MN_OK;
}

int mn_newton_drive(mn_simulation *simulation, mn_error *error)
{
    const mn_boundary boundary = {.role = simulation->engine->role_now, .value = simulation->engine->value_now};
    return mn_newton_set_boundary(simulation, &boundary, error);
}

bool mn_newton_lags(const mn_simulation *simulation, int64_t p)
{
    const mn_engine *engine = simulation->engine;
    const bool is_plain = !mn_follows(simulation->population[p].model);
    const bool is_static = engine->newton->charges == MN_CHARGES_OPEN;
    return engine->members[p].links != NULL && engine->implicit != NULL && is_plain && !is_static;
}

void mn_newton_ask(mn_simulation *simulation, int64_t p)
{
    const mn_engine *engine = simulation->engine;
    mn_newton *newton = engine->newton;
    mn_population *view = &newton->members[p].view;
    const bool has_source = (view->model->flags & MN_HAS_SOURCE) != 0;
    mn_step step = mn_step_at(simulation, p, newton->t, NULL);
    step.dt = simulation->options.dt;
    step.v_prev = engine->members[p].v_prev;
    if (mn_newton_lags(simulation, p)) {
        step.linked_v = engine->members[p].links->v_prev;
    }
    step.g = engine->g;
    step.i0 = engine->i0;
    view->model->conductance(view, &step);
    for (int64_t k = 0; k < view->n; k++) {
        newton->g[view->edge[k]] = engine->g[k];
        newton->i0[view->edge[k]] = has_source ? engine->i0[k] : 0.0;
    }
}

void mn_newton_read_links(mn_simulation *simulation)
{
    const mn_engine *engine = simulation->engine;
    for (int64_t p = 0; engine->has_links && p < simulation->n_populations; p++) {
        engine->members[p].states = engine->newton->members[p].point.x;
    }
    mn_links_read_states(simulation);
    for (int64_t p = 0; engine->has_links && p < simulation->n_populations; p++) {
        engine->members[p].states = simulation->population[p].field;
        mn_links_read_voltages(simulation, p, engine->newton->potential);
    }
}

/* ------------------------------------------------------------------ which nodes have a potential */

/* Gives a potential to nodes that conductances join to an electrode at a voltage, and takes it from others; whether
 * that changes any. */
static bool find_islands(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    int32_t *parent = newton->parent, driven = -1;
    const int64_t n_slots = network->n_nodes + network->n_electrodes;
    bool changed = false;
    mn_sets_init(n_slots, parent);
    for (int64_t e = 0; e < network->n_edges; e++) {
        if (newton->companion[e] != 0.0) {
            mn_sets_join(parent, newton->slot[network->a[e]], newton->slot[network->b[e]]);
        }
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        if (newton->role[e] == MN_VOLTAGE) {
            driven = driven < 0 ? (int32_t)(network->n_nodes + e) : driven;
            mn_sets_join(parent, driven, (int32_t)(network->n_nodes + e));
        }
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const bool joined = mn_sets_root(parent, newton->slot[k]) == mn_sets_root(parent, driven);
        if (joined == (bool)isnan(newton->potential[k])) {
            newton->potential[k] = joined ? 0.0 : (double)NAN;
            changed = true;
        }
    }
    return changed;
}

/* ------------------------------------------------------------------ how far from a balance */

static void read_mismatch(mn_simulation *simulation, double part)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const int32_t e = network->electrode[k];
        if (e >= 0) {
            newton->mismatch[e] = newton->role[e] == MN_VOLTAGE ? part * newton->value[e] - newton->potential[k] : 0.0;
        }
    }
}

/* How far the step goes (V). */
static double stride_of(const mn_simulation *simulation)
{
    double stride = 0.0;
    for (int64_t k = 0; k < simulation->network->n_nodes; k++) {
        stride = fmax(stride, fabs(simulation->engine->newton->step[k])); /* of nan and a number the number */
    }
    return stride;
}

/* What counts in a comparison of two iterates: of all nodes (lack^2 / conductance), and of electrodes. What the
 * rounding of a step of that length leaves does not count; the next step is shorter. */
static double merit_of(const mn_simulation *simulation, double stride)
{
    const mn_network *network = simulation->network;
    const mn_newton *newton = simulation->engine->newton;
    double sum = 0.0;
    for (int64_t k = 0; k < network->n_nodes + network->n_electrodes; k++) {
        const double tolerance = newton->tolerance[k] + STEP_ROUNDING * newton->weight[k] * stride;
        const double excess = fabs(newton->lack[k]) - tolerance;
        if (!(excess <= 0.0) || isinf(tolerance)) {
            sum += excess * (excess / newton->weight[k]);
        }
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        sum += newton->mismatch[e] * newton->mismatch[e] * newton->weight[network->n_nodes + e];
    }
    return sum;
}

/* Whether all is where it should be, up to `times` what rounding explains. */
static bool is_balanced(const mn_simulation *simulation, double times)
{
    const mn_network *network = simulation->network;
    const mn_newton *newton = simulation->engine->newton;
    for (int64_t k = 0; k < network->n_nodes + network->n_electrodes; k++) {
        if (!(fabs(newton->lack[k]) <= times * newton->tolerance[k]) || isinf(newton->tolerance[k])) {
            return false;
        }
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        if (newton->mismatch[e] != 0.0) {
            return false;
        }
    }
    int32_t node;
    double lack;
    const bool settled = newton->settled || (times > 1.0 && newton->unsettled <= times);
    return settled && mn_newton_adds_up(simulation, &node, &lack);
}

static void read_weights(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    memset(newton->weight, 0, (size_t)(network->n_nodes + network->n_electrodes) * sizeof(double));
    for (int64_t e = 0; e < network->n_edges; e++) {
        newton->weight[newton->slot[network->a[e]]] += fabs(newton->companion[e]);
        newton->weight[newton->slot[network->b[e]]] += fabs(newton->companion[e]);
    }
    const mn_readers *readers = simulation->engine->readers;
    for (int64_t k = 0; readers != NULL && k < readers->n_transfers; k++) { /* a gate may do so and carry nothing */
        const int32_t control = readers->transfer[k].control;
        newton->weight[newton->slot[network->a[control]]] += fabs(readers->conductance[k]);
        newton->weight[newton->slot[network->b[control]]] += fabs(readers->conductance[k]);
    }
}

/* ------------------------------------------------------------------ one step */

mn_solver *mn_newton_solver(mn_simulation *simulation, const double *conductance)
{
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        if (conductance[e] < 0.0) {
            return &simulation->engine->newton->umfpack;
        }
    }
    return &simulation->solver;
}

/* With what edges read of others; it is not kept for a step with the same companions. */
static int factor_directed(mn_simulation *simulation, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    mn_readers *readers = simulation->engine->readers;
    simulation->step_counters.n_factorisations++;
    newton->factored[0] = NAN;
    newton->solver = &readers->solver;
    return mn_solver_factor_directed(newton->solver, newton->companion, readers->conductance, error);
}

static int factor(mn_simulation *simulation, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    const size_t size = (size_t)simulation->network->n_edges * sizeof(double);
    const bool is_directed = mn_readers_count(simulation->engine->readers);
    if (!is_directed && newton->solver != NULL && memcmp(newton->factored, newton->companion, size) == 0) {
        return MN_OK;
    }
    newton->solver = NULL;
    if (is_directed) {
        return factor_directed(simulation, error);
    }
    mn_solver *solver = mn_newton_solver(simulation, newton->companion);
    int code = mn_solver_factor(solver, newton->companion, NULL, -1, NULL, error);
    simulation->step_counters.n_factorisations++;
    simulation->step_counters.n_negative += solver == &newton->umfpack;
    if (code == MN_OK) {
        memcpy(newton->factored, newton->companion, size);
        newton->solver = solver;
    }
    return code;
}

/* The step to where all currents would balance if every edge were its companion. */
static int find_step(mn_simulation *simulation, double part, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    int code = factor(simulation, error);
    if (code != MN_OK) {
        return code;
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        newton->boundary[e] = newton->role[e] == MN_CURRENT ? part * newton->value[e] : newton->mismatch[e];
    }
    const mn_boundary boundary = {.role = newton->role, .value = newton->boundary};
    const mn_solution solution = {.potential = newton->step};
    const double *injected = mn_companions_add_linked(simulation);
    code = mn_solver_solve(newton->solver, &boundary, injected, NULL, &solution, error);
    simulation->step_counters.n_solves++;
    if (code == MN_OK) {
        mn_accuracy_join(&simulation->accuracy, &newton->solver->accuracy);
        mn_companions_step(simulation);
    }
    return code;
}

static void keep_iterate(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    memcpy(newton->old, newton->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        const size_t size = (size_t)members->view.n * sizeof(double);
        memcpy(members->old_moved, members->moved, size);
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            if (members->old[f] != NULL && mn_follows(members->view.model)) {
                memcpy(members->old[f], members->point.x[f], size);
            }
        }
    }
}

/* Goes a share of the step from the old iterate, and looks what all edges are there. */
static void go(mn_simulation *simulation, double share, double part)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const int32_t e = network->electrode[k];
        const bool arrives = share == 1.0 && e >= 0 && newton->role[e] == MN_VOLTAGE;
        newton->potential[k] = arrives ? part * newton->value[e] : newton->old[k] + share * newton->step[k];
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        const mn_device_model *model = members->view.model;
        for (int64_t k = 0; k < members->view.n && (model->flags & MN_HAS_CHARGE); k++) {
            members->moved[k] = members->old_moved[k] + share * members->dq[k];
        }
        for (int64_t f = 0; f < model->n_fields && mn_follows(model) && newton->c > 0.0; f++) {
            for (int64_t k = 0; k < members->view.n && members->dx[f] != NULL; k++) {
                const double low = mn_low_of(&members->view, f, k), high = mn_high_of(&members->view, f, k);
                members->point.x[f][k] = mn_bounded(members->old[f][k] + share * members->dx[f][k], low, high);
            }
        }
    }
    mn_companions(simulation);
    read_mismatch(simulation, part);
}

/* ------------------------------------------------------------------ charges that are held */

/* What would still flow, flows: the method of multipliers. After a whole step little of it is left. */
static void keep_charges(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        for (int64_t k = 0; k < members->view.n && (members->view.model->flags & MN_HAS_CHARGE); k++) {
            members->before[k] += members->moved[k] / newton->hold;
            members->moved[k] = 0.0;
        }
    }
    newton->hold = 0.0;
    mn_companions(simulation);
}

/* The largest voltage (V) by which a charge that is held has jumped in the last step, and its edge: 0 where that is
 * little of what any voltage has done (`reach`), which sources within edges may have brought where potentials are 0. */
static double largest_jump(const mn_simulation *simulation, double reach, int32_t *edge)
{
    const mn_newton *newton = simulation->engine->newton;
    double largest = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_newton_members *members = &newton->members[p];
        for (int64_t k = 0; k < members->view.n && (members->view.model->flags & MN_HAS_CHARGE); k++) {
            const double q_v = members->point.linear.q_v[k], jump = members->moved[k] / q_v;
            const double least = JUMPS * (reach + fabs(members->start[k] / q_v)) + DBL_MIN; /* below, no digits count */
            if (q_v > 0.0 && fabs(jump) > least && fabs(jump) > fabs(largest)) {
                *edge = members->view.edge[k];
                largest = jump;
            }
        }
    }
    return largest;
}

/* A loop of voltages and charges gives way nowhere: a charge moves by the same in every step. Others do so less and
 * less, but not at once where currents change much from step to step. */
static int find_charge_loop(const mn_simulation *simulation, double reach, charge_jumps *jumps, mn_error *error)
{
    int32_t edge = -1;
    const double jump = largest_jump(simulation, reach, &edge);
    const bool same = jump != 0.0 && fabs(jump - jumps->last) <= SAME * fabs(jump);
    jumps->n_same = same ? jumps->n_same + 1 : 0;
    jumps->last = jump;
    if (jumps->n_same < SURE) {
        return MN_OK;
    }
    error->edge = edge;
    return mn_error_refuse(error, MN_ERR_CHARGE_LOOP, "jump", jump);
}

/* ------------------------------------------------------------------ iteration */

/* The largest share of the step, by halves, that helps; 0: none does. Without `damped`, any that gives numbers. */
static double search(mn_simulation *simulation, double part, bool damped)
{
    const double stride = stride_of(simulation), merit = merit_of(simulation, stride);
    double share = 1.0;
    keep_iterate(simulation);
    for (int n = 0; n < MOST_HALVINGS; n++, share *= 0.5) {
        go(simulation, share, part);
        const double left = merit_of(simulation, stride);
        if (left <= (1.0 - SHARE * share) * merit || (!damped && isfinite(left))) {
            return share;
        }
    }
    go(simulation, 0.0, part);
    return 0.0;
}

/* Where most is missing in the last iterate: of a current, or of the voltage of an electrode where none is. An edge
 * that the solver could not take says more. */
static int lacks_balance(const mn_simulation *simulation, mn_error *error)
{
    const mn_network *network = simulation->network;
    const mn_newton *newton = simulation->engine->newton;
    int64_t node = -1, electrode = 0;
    double most = 0.0;
    if (error->edge >= 0) {
        error->noun = error->noun != NULL ? error->noun : "conductance";
        return mn_error_set(error, MN_ERR_NO_BALANCE);
    }
    mn_error_clear(error);
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const double lack = fabs(newton->lack[newton->slot[k]]), excess = lack - newton->tolerance[newton->slot[k]];
        if (excess > most || isnan(excess)) {
            most = isnan(excess) ? (double)INFINITY : excess;
            node = k;
        }
    }
    if (node >= 0) {
        error->node = (int32_t)node;
        return mn_error_refuse(error, MN_ERR_NO_BALANCE, "current missing", newton->lack[newton->slot[node]]);
    }
    double hidden;
    if (!mn_newton_adds_up(simulation, &error->node, &hidden)) {
        return mn_error_refuse(error, MN_ERR_NO_BALANCE, "current missing", hidden);
    }
    for (int64_t e = 1; e < network->n_electrodes; e++) {
        electrode = fabs(newton->mismatch[e]) > fabs(newton->mismatch[electrode]) ? e : electrode;
    }
    if (newton->mismatch[electrode] == 0.0) {
        return mn_error_set(error, MN_ERR_NO_BALANCE); /* it is states that do not settle */
    }
    error->electrode = (int32_t)electrode;
    return mn_error_refuse(error, MN_ERR_NO_BALANCE, "voltage missing", newton->mismatch[electrode]);
}

/* Whether nothing is left but what the rounding of a step leaves, and steps get no shorter: a part of the circuit hangs
 * on so small conductances that its potential has no more digits. */
static bool is_exhausted(const mn_simulation *simulation, double *stride)
{
    const mn_newton *newton = simulation->engine->newton;
    const double last = *stride;
    int32_t node;
    double lack;
    *stride = stride_of(simulation);
    return newton->settled && mn_newton_adds_up(simulation, &node, &lack) && merit_of(simulation, *stride) == 0.0 &&
           *stride > 0.5 * last && *stride <= LAST_DIGITS * newton->scale;
}

/* Errors of the solver that speak of the iterate, and not of what was asked. */
static bool leads_nowhere(int code)
{
    return code == MN_ERR_SINGULAR || code == MN_ERR_NOT_FINITE_POTENTIAL || code == MN_ERR_NOT_FINITE_DRIVE ||
           code == MN_ERR_CONDUCTANCE || code == MN_ERR_RANGE;
}

/* With a part of the drive; NO_BALANCE where the last iterate is none. */
static int iterate(mn_simulation *simulation, double part, bool damped, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    double stride = INFINITY, reach = 0.0;
    charge_jumps jumps = {0.0, 0};
    mn_error_clear(error);
    mn_companions(simulation);
    for (int n = 0; n < MOST_STEPS; n++) {
        if (find_islands(simulation)) {
            mn_companions(simulation);
        }
        read_mismatch(simulation, part);
        if (is_balanced(simulation, 1.0)) {
            return MN_OK;
        }
        if (mn_cancelled(simulation->options.cancel)) {
            return mn_error_set(error, MN_ERR_INTERRUPTED);
        }
        mn_companions_read_transfers(simulation);
        read_weights(simulation);
        int code = find_step(simulation, part, error);
        if (leads_nowhere(code)) {
            break;
        }
        if (code != MN_OK) {
            return code;
        }
        const double share = search(simulation, part, damped);
        if (share == 0.0) {
            break;
        }
        if (is_exhausted(simulation, &stride)) {
            return MN_OK;
        }
        reach = fmax(reach, fmax(stride, newton->scale));
        if (newton->charges == MN_CHARGES_HELD && share == 1.0) {
            code = damped ? find_charge_loop(simulation, reach, &jumps, error) : MN_OK;
            if (code != MN_OK) {
                return code;
            }
            keep_charges(simulation);
        }
    }
    return is_balanced(simulation, NEARLY) ? MN_OK : lacks_balance(simulation, error);
}

/* Where the method starts anew: no voltage anywhere, states and charges as they were. */
static void start_anew(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    memset(newton->potential, 0, (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        const size_t size = (size_t)members->view.n * sizeof(double);
        memset(members->moved, 0, size);
        if (newton->charges == MN_CHARGES_HELD) {
            memset(members->before, 0, size);
        }
        for (int64_t f = 0; f < members->view.model->n_fields && newton->c > 0.0; f++) {
            if (members->base[f] != NULL && mn_follows(members->view.model)) {
                memcpy(members->point.x[f], members->base[f], size);
            }
        }
    }
    newton->hold = 0.0;
}

/* Puts the drive on part by part. Where a part is too much the iterate is spoilt, and all begins again in smaller ones.
 */
static int go_by_parts(mn_simulation *simulation, mn_error *error)
{
    double step = FIRST_PART, part = 0.0;
    int code = MN_OK;
    start_anew(simulation);
    for (int n = 0; n < MOST_PARTS && step >= LEAST_PART; n++) {
        part = part + step > 1.0 ? 1.0 : part + step;
        code = iterate(simulation, part, true, error);
        if (code == MN_OK && part == 1.0) {
            return MN_OK;
        }
        if (code != MN_OK && code != MN_ERR_NO_BALANCE) {
            return code;
        }
        if (code == MN_ERR_NO_BALANCE) {
            step *= 0.25;
            part = 0.0;
            start_anew(simulation);
        }
    }
    return code == MN_OK ? lacks_balance(simulation, error) : code;
}

int mn_newton_balance_given(mn_simulation *simulation, mn_error *error)
{
    mn_readers *readers = simulation->engine->readers;
    simulation->engine->newton->hold = 0.0;
    if (readers != NULL) { /* no balance depends on the one before */
        memset(readers->conductance, 0, (size_t)readers->n_transfers * sizeof(double));
    }
    int code = iterate(simulation, 1.0, true, error);
    const mn_error first = *error; /* nearest to what was asked for: what it says is lacking tells most */
    if (code == MN_ERR_NO_BALANCE) {
        code = iterate(simulation, 1.0, false, error);
    }
    if (code == MN_ERR_NO_BALANCE) {
        code = go_by_parts(simulation, error);
    }
    if (code == MN_ERR_NO_BALANCE) {
        *error = first;
    }
    if (code == MN_OK) {
        mn_error_clear(error);
    }
    return code;
}
