/* Where potentials are so large that the rounding of currents hides what is driven, Kirchhoff's law at each node says
 * nothing any more: a current that finds no way would pass for balanced once the potentials have run away far enough.
 * What edges carry that hide it is nobody's business if nodes that they join are taken together: the law holds for
 * these as well, and there the other edges alone count. */
#include "network/sets.h"
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

/* Of what is driven: an edge whose rounding is more hides it. */
#define HIDES 1e-3
/* Sums of a few numbers are off by so many times what they are made of. */
#define ROUNDING (16.0 * 0x1p-52)

/* Of the largest current that is driven: one below it is the rounding of a waveform. */
#define NOTHING 1e-9

enum { LACK, TOLERANCE, DRIVEN }; /* of newton->of_island */

/* What is driven into an electrode (A). */
static inline double driven_at(const mn_newton *newton, int64_t electrode)
{
    return newton->role[electrode] == MN_CURRENT ? newton->value[electrode] : 0.0;
}

/* The smallest of those, 0 where there are none. */
static double smallest_driven(const mn_simulation *simulation)
{
    const mn_newton *newton = simulation->engine->newton;
    const int64_t n_electrodes = simulation->network->n_electrodes;
    double largest = 0.0, smallest = INFINITY;
    for (int64_t k = 0; k < n_electrodes; k++) {
        largest = fmax(largest, fabs(driven_at(newton, k)));
    }
    for (int64_t k = 0; k < n_electrodes; k++) {
        const double current = fabs(driven_at(newton, k));
        smallest = current > NOTHING * largest ? fmin(smallest, current) : smallest;
    }
    return isfinite(smallest) ? smallest : 0.0;
}

/* Joins nodes by edges that hide a current; whether any does. */
static bool join_hidden(const mn_simulation *simulation, double current)
{
    const mn_network *network = simulation->network;
    const mn_newton *newton = simulation->engine->newton;
    bool any = false;
    for (int64_t e = 0; e < network->n_edges; e++) {
        any = any || ROUNDING * newton->size[e] > HIDES * current;
    }
    if (!any) {
        return false;
    }
    mn_sets_init(network->n_nodes + network->n_electrodes, newton->island);
    for (int64_t e = 0; e < network->n_edges; e++) {
        if (ROUNDING * newton->size[e] > HIDES * current) {
            mn_sets_join(newton->island, newton->slot[network->a[e]], newton->slot[network->b[e]]);
        }
    }
    return true;
}

/* What the nodes that are joined lack together, how much of that may be rounding, and what is driven there. */
static void sum_between(const mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    const mn_newton *newton = simulation->engine->newton;
    double *lack = newton->of_island[LACK], *tolerance = newton->of_island[TOLERANCE];
    double *driven = newton->of_island[DRIVEN];
    const size_t size = (size_t)(network->n_nodes + network->n_electrodes) * sizeof(double);
    memset(driven, 0, size);
    memset(lack, 0, size);
    memset(tolerance, 0, size);
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = mn_sets_root(newton->island, newton->slot[network->a[e]]);
        const int32_t b = mn_sets_root(newton->island, newton->slot[network->b[e]]);
        if (a == b) {
            continue;
        }
        lack[a] -= newton->current[e];
        lack[b] += newton->current[e];
        tolerance[a] += ROUNDING * newton->size[e];
        tolerance[b] += ROUNDING * newton->size[e];
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        const int32_t root = mn_sets_root(newton->island, (int32_t)(network->n_nodes + e));
        lack[root] += driven_at(newton, e);
        driven[root] = fmax(driven[root], fabs(driven_at(newton, e)));
        tolerance[root] = newton->role[e] == MN_VOLTAGE ? INFINITY : tolerance[root];
    }
}

bool mn_newton_adds_up(const mn_simulation *simulation, int32_t *node, double *lacks)
{
    const mn_newton *newton = simulation->engine->newton;
    const double current = smallest_driven(simulation);
    if (current == 0.0 || !join_hidden(simulation, current)) {
        return true;
    }
    sum_between(simulation);
    for (int64_t k = 0; k < simulation->network->n_nodes; k++) {
        const int32_t root = mn_sets_root(newton->island, newton->slot[k]);
        const double lack = newton->of_island[LACK][root], driven = newton->of_island[DRIVEN][root];
        const bool lacks_driven = driven >= current && fabs(lack) > HIDES * driven + newton->of_island[TOLERANCE][root];
        if (!isnan(newton->potential[k]) && lacks_driven) {
            *node = (int32_t)k;
            *lacks = lack;
            return false;
        }
    }
    return true;
}
