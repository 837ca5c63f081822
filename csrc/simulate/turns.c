/* Electrodes that turn to the limits of their currents, and back. */
#include "simulate/adaptive.h"
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

enum { MOST_TURNS = 100 };

/* What is beyond, as a part of the limit and of the largest voltage: more than a balance takes for rounding
 * (circuit/limits.c), so that what is reached here turns there. */
static const double BEYOND = 1e-11;

/* ------------------------------------------------------------------ what drives */

int mn_turns_init(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const int64_t n_electrodes = simulation->network->n_electrodes;
    mn_pool *pool = &simulation->pool;
    for (int place = 0; place < MN_POINTS; place++) {
        adaptive->asked[place] = mn_pool_alloc(pool, n_electrodes, sizeof(double));
    }
    adaptive->role_asked = mn_pool_alloc(pool, n_electrodes, sizeof(*adaptive->role_asked));
    adaptive->limit = mn_pool_alloc(pool, n_electrodes, sizeof(double));
    adaptive->side = mn_pool_alloc(pool, n_electrodes, sizeof(*adaptive->side));
    adaptive->side_at_row = mn_pool_alloc(pool, n_electrodes, sizeof(*adaptive->side_at_row));
    adaptive->n_turned = mn_pool_alloc(pool, n_electrodes, sizeof(*adaptive->n_turned));
    adaptive->turning_since = -INFINITY;
    return pool->code;
}

void mn_turns_begin(mn_simulation *simulation, const mn_limits *limits)
{
    const mn_engine *engine = simulation->engine;
    mn_adaptive *adaptive = engine->adaptive;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    memcpy(adaptive->role_asked, engine->role_now, n_electrodes * sizeof(*adaptive->role_asked));
    memcpy(adaptive->asked[MN_START], engine->value_now, n_electrodes * sizeof(double));
    memcpy(adaptive->role, engine->role_now, n_electrodes * sizeof(*adaptive->role));
    memset(adaptive->side, 0, n_electrodes * sizeof(*adaptive->side));
    if (engine->has_limits) {
        memcpy(adaptive->role, limits->role, n_electrodes * sizeof(*adaptive->role));
        memcpy(adaptive->side, limits->side, n_electrodes * sizeof(*adaptive->side));
        memcpy(adaptive->limit, limits->limit, n_electrodes * sizeof(double));
    }
    mn_turns_read(simulation, MN_START);
}

void mn_turns_read(mn_simulation *simulation, mn_place place)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        const int side = adaptive->side[e];
        adaptive->value[place][e] = side == 0 ? adaptive->asked[place][e] : side * adaptive->limit[e];
    }
}

/* ------------------------------------------------------------------ who is beyond */

static bool can_turn(const mn_adaptive *adaptive, int64_t e)
{
    return adaptive->role_asked[e] == MN_VOLTAGE && isfinite(adaptive->limit[e]);
}

/* Whether the current of an electrode at its voltage flows into a charge, too: then the rates of voltages have a part
 * in it, which the edges alone do not tell. */
static bool any_charged(const mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const int32_t *electrode = simulation->network->electrode;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        const bool is_charged = (simulation->population[p].model->flags & MN_HAS_CHARGE) != 0;
        for (int64_t m = 0; m < simulation->population[p].n && is_charged; m++) {
            const int32_t a = electrode[ends->a[m]], b = electrode[ends->b[m]];
            if ((a >= 0 && adaptive->side[a] == 0 && can_turn(adaptive, a)) ||
                (b >= 0 && adaptive->side[b] == 0 && can_turn(adaptive, b))) {
                return true;
            }
        }
    }
    return false;
}

static double largest_of(int64_t n, const double *x)
{
    double largest = 0.0;
    for (int64_t k = 0; k < n; k++) {
        largest = fmax(largest, fabs(x[k])); /* of nan and a number the number */
    }
    return largest;
}

/* What edges carry into each node at a point that is linearised, in an array that is free then. */
static const double *gather(mn_simulation *simulation, mn_place place)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double *into = adaptive->injected;
    memset(into, 0, (size_t)simulation->network->n_nodes * sizeof(*into));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const int64_t n = simulation->population[p].n;
        for (mn_run run = mn_first_run(n); run.n > 0; run = mn_next_run(run, n)) {
            mn_gather_currents(simulation, p, run, adaptive->members[p].point[place].linear.i + run.first, into);
        }
    }
    return into;
}

int mn_turns_measure(mn_simulation *simulation, mn_place place, double t, mn_error *error)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_newton *newton = simulation->engine->newton;
    const bool charged = any_charged(simulation);
    int code = charged ? mn_adaptive_look(simulation, place, t, error) : MN_OK;
    if (code != MN_OK) {
        return code;
    }
    mn_read_electrodes(simulation->network, charged ? newton->potential : adaptive->potential[place],
                       charged ? newton->into : gather(simulation, place), adaptive->voltage, adaptive->current);
    const double largest = largest_of(simulation->network->n_electrodes, adaptive->voltage);
    const mn_crossings *crossings = &adaptive->crossings;
    double *distance = (place == MN_END ? crossings->after : crossings->before) + simulation->network->n_edges;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        const double above = adaptive->voltage[e] - adaptive->asked[place][e], side = adaptive->side[e];
        const double of_limit = fabs(adaptive->current[e]) / adaptive->limit[e] - 1.0;
        distance[e] = !can_turn(adaptive, e) ? -(double)INFINITY
                      : side == 0.0          ? of_limit - BEYOND
                                             : side * above - BEYOND * largest;
    }
    return MN_OK;
}

void mn_turns_forget(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    const mn_crossings *crossings = &simulation->engine->adaptive->crossings;
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        crossings->before[network->n_edges + e] = crossings->after[network->n_edges + e] = -INFINITY;
    }
}

int mn_turns_count(mn_simulation *simulation, double t, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_network *network = simulation->network;
    if (t - adaptive->turning_since > mn_adaptive_same_time(simulation, t)) {
        adaptive->turning_since = t;
        memset(adaptive->n_turned, 0, (size_t)network->n_electrodes * sizeof(*adaptive->n_turned));
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        const bool turns = adaptive->crossings.after[network->n_edges + e] > 0.0;
        adaptive->n_turned[e] += turns ? 1 : 0;
        if (adaptive->n_turned[e] > MOST_TURNS) { /* GCOV_EXCL_START: steps that never come to what balances find */
            error->electrode = (int32_t)e;
            error->time = t;
            return mn_error_set(error, MN_ERR_LIMITS);
        } /* GCOV_EXCL_STOP */
    }
    return MN_OK;
}
