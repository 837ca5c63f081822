/* Nodes that only currents that are held reach, those of inductors: at one moment nothing that conducts defines their
 * potentials, but the currents go on balancing there, so their rates do. Nodes that conductances join are an island:
 * within it the currents that are held find a balance, and islands are shifted as a whole until their rates do. */
#include "network/sets.h"
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

/* Of the residuals at the start: where the method of conjugate gradients ends. */
#define ENOUGH 1e-15
/* What may be lacking of a sum of currents, in units of what rounding explains. */
#define NEARLY 1e4

enum { STEPS_WITHIN = 4 };

typedef enum { SHIFT, RESIDUAL, DIRECTION, PRODUCT, DIAGONAL } vector;

static inline bool is_cut(const mn_newton *newton, int32_t edge)
{
    return newton->companion[edge] == 0.0 && newton->pull[edge] > 0.0;
}

/* How the current of each edge grows, and how its rate follows the voltage: newton->growth (A/s) and pull (A/(s V)). */
static void read_rates(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    const size_t size = (size_t)simulation->network->n_edges * sizeof(double);
    memset(newton->growth, 0, size);
    memset(newton->pull, 0, size);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_newton_members *members = &newton->members[p];
        const mn_linear *linear = &members->point.linear;
        for (int64_t f = 0; f < members->view.model->n_fields && mn_follows(members->view.model); f++) {
            for (int64_t k = 0; k < members->view.n && linear->i_x[f] != NULL; k++) {
                newton->growth[members->view.edge[k]] += linear->i_x[f][k] * linear->f[f][k];
                newton->pull[members->view.edge[k]] += linear->i_x[f][k] * linear->f_v[f][k];
            }
        }
    }
}

/* ------------------------------------------------------------------ a linear system */

/* What edges of weights > 0 join: nodes within open islands, or those islands as a whole. */
typedef struct {
    const double *weight; /* n_edges */
    const int32_t *id;    /* of a slot */
    int64_t n;
} linear_system;

static inline bool is_unknown(const mn_newton *newton, int64_t id)
{
    return newton->is_open[newton->island[id]] && newton->of_island[DIAGONAL][id] > 0.0;
}

static void multiply(const mn_simulation *simulation, const linear_system *system, const double *x, double *product)
{
    const mn_network *network = simulation->network;
    const int32_t *slot = simulation->engine->newton->slot;
    memset(product, 0, (size_t)system->n * sizeof(double));
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = system->id[slot[network->a[e]]], b = system->id[slot[network->b[e]]];
        product[a] += system->weight[e] * (x[a] - x[b]);
        product[b] -= system->weight[e] * (x[a] - x[b]);
    }
}

static void read_diagonal(const mn_simulation *simulation, const linear_system *system)
{
    const mn_network *network = simulation->network;
    const mn_newton *newton = simulation->engine->newton;
    double *diagonal = newton->of_island[DIAGONAL];
    memset(diagonal, 0, (size_t)system->n * sizeof(double));
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = system->id[newton->slot[network->a[e]]], b = system->id[newton->slot[network->b[e]]];
        diagonal[a] += a == b ? 0.0 : system->weight[e];
        diagonal[b] += a == b ? 0.0 : system->weight[e];
    }
}

/* The sum of x y over what is unknown, or of x y / diagonal. */
static double product_of(const mn_newton *newton, const double *x, const double *y, int64_t n, bool scaled)
{
    double sum = 0.0;
    for (int64_t k = 0; k < n; k++) {
        if (is_unknown(newton, k)) {
            sum += x[k] * y[k] / (scaled ? newton->of_island[DIAGONAL][k] : 1.0);
        }
    }
    return sum;
}

/* Finds newton->of_island[SHIFT] from [RESIDUAL] by conjugate gradients, with the diagonal as preconditioner. */
static void find_shifts(mn_simulation *simulation, const linear_system *system)
{
    mn_newton *newton = simulation->engine->newton;
    double *shift = newton->of_island[SHIFT], *residual = newton->of_island[RESIDUAL];
    double *direction = newton->of_island[DIRECTION], *product = newton->of_island[PRODUCT];
    memset(shift, 0, (size_t)system->n * sizeof(double));
    memset(direction, 0, (size_t)system->n * sizeof(double));
    read_diagonal(simulation, system);
    const double first = product_of(newton, residual, residual, system->n, true);
    double size = first, last = INFINITY;
    for (int64_t step = 0; step < 2 * system->n && size > ENOUGH * ENOUGH * first; step++) {
        for (int64_t k = 0; k < system->n; k++) {
            const double own = is_unknown(newton, k) ? residual[k] / newton->of_island[DIAGONAL][k] : 0.0;
            direction[k] = own + size / last * direction[k];
        }
        multiply(simulation, system, direction, product);
        const double length = size / product_of(newton, direction, product, system->n, false);
        if (!isfinite(length)) {
            return;
        }
        for (int64_t k = 0; k < system->n; k++) {
            shift[k] += length * direction[k];
            residual[k] -= length * product[k];
        }
        last = size;
        size = product_of(newton, residual, residual, system->n, true);
    }
}

static void shift_nodes(mn_simulation *simulation, const linear_system *system)
{
    mn_newton *newton = simulation->engine->newton;
    for (int64_t k = 0; k < simulation->network->n_nodes; k++) {
        if (newton->is_open[newton->island[newton->slot[k]]]) {
            newton->potential[k] += newton->of_island[SHIFT][system->id[newton->slot[k]]];
        }
    }
    mn_companions(simulation);
}

/* ------------------------------------------------------------------ within islands, and between them */

/* One step of Newton's method for what nodes of an island differ in. */
static void balance_within(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    const linear_system system = {newton->growth, newton->itself, network->n_nodes + network->n_electrodes};
    double *weight = newton->growth;
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = newton->slot[network->a[e]], b = newton->slot[network->b[e]];
        const bool counts = newton->is_open[newton->island[a]] && newton->island[a] == newton->island[b];
        weight[e] = counts ? fmax(newton->companion[e], 0.0) : 0.0;
    }
    memcpy(newton->of_island[RESIDUAL], newton->lack, (size_t)system.n * sizeof(double));
    find_shifts(simulation, &system);
    shift_nodes(simulation, &system);
}

static void balance_between(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    const linear_system system = {newton->pull, newton->island, network->n_nodes + network->n_electrodes};
    double *residual = newton->of_island[RESIDUAL];
    read_rates(simulation);
    memset(residual, 0, (size_t)system.n * sizeof(double));
    for (int64_t e = 0; e < network->n_edges; e++) {
        newton->pull[e] = is_cut(newton, (int32_t)e) ? newton->pull[e] : 0.0;
        residual[newton->island[newton->slot[network->a[e]]]] -= newton->pull[e] > 0.0 ? newton->growth[e] : 0.0;
        residual[newton->island[newton->slot[network->b[e]]]] += newton->pull[e] > 0.0 ? newton->growth[e] : 0.0;
    }
    find_shifts(simulation, &system);
    shift_nodes(simulation, &system);
}

/* ------------------------------------------------------------------ islands */

/* Which islands are open: those without a potential that cuts join to a node that has one. */
static bool find_open(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    const int64_t n = network->n_nodes + network->n_electrodes;
    bool any = false;
    for (int64_t k = 0; k < n; k++) {
        newton->island[k] = mn_sets_root(newton->parent, (int32_t)k);
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        if (is_cut(newton, (int32_t)e)) {
            mn_sets_join(newton->parent, newton->slot[network->a[e]], newton->slot[network->b[e]]);
        }
    }
    memset(newton->is_open, 0, (size_t)n * sizeof(*newton->is_open));
    int32_t driven = -1;
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        driven = newton->role[e] == MN_VOLTAGE ? (int32_t)(network->n_nodes + e) : driven;
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const int32_t slot = newton->slot[k];
        if (isnan(newton->potential[k]) && mn_sets_root(newton->parent, slot) == mn_sets_root(newton->parent, driven)) {
            newton->is_open[newton->island[slot]] = 1;
            any = true;
        }
    }
    return any;
}

/* An island into which more current flows than out of it has none that could balance. */
static int check_sums(mn_simulation *simulation, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    double *lack = newton->of_island[RESIDUAL], *tolerance = newton->of_island[PRODUCT];
    const size_t size = (size_t)(network->n_nodes + network->n_electrodes) * sizeof(double);
    memset(lack, 0, size);
    memset(tolerance, 0, size);
    for (int64_t k = 0; k < network->n_nodes + network->n_electrodes; k++) {
        lack[newton->island[k]] += newton->lack[k];
        tolerance[newton->island[k]] += newton->tolerance[k];
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const int32_t island = newton->island[newton->slot[k]];
        if (newton->is_open[island] && fabs(lack[island]) > NEARLY * tolerance[island]) {
            error->node = (int32_t)k;
            return mn_error_refuse(error, MN_ERR_CURRENT_CUT, "current left over", lack[island]);
        }
    }
    return MN_OK;
}

int mn_held_currents_balance(mn_simulation *simulation, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    read_rates(simulation);
    if (!find_open(simulation)) {
        return MN_OK;
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        if (newton->is_open[newton->island[newton->slot[k]]]) {
            newton->potential[k] = isnan(newton->before[k]) ? 0.0 : newton->before[k];
        }
    }
    mn_companions(simulation);
    for (int n = 0; n < STEPS_WITHIN; n++) {
        balance_within(simulation);
    }
    balance_between(simulation);
    return check_sums(simulation, error);
}
