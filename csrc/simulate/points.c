/* Linearisations of populations, and what their edges bring to the nodes. */
#include "base/vector.h"
#include "simulate/points.h"

#include <math.h>
#include <string.h>

static const double NOTHING = 1e-290; /* A/[x] */

double **mn_alloc_states(mn_pool *pool, const mn_population *population)
{
    int64_t n_fields = population->model->n_fields;
    double **field = mn_pool_alloc(pool, n_fields, sizeof(*field));
    for (int64_t f = 0; f < n_fields && field != NULL; f++) {
        if (population->model->field[f].role != MN_PARAMETER) { /* outputs move with the states that they follow from */
            field[f] = mn_pool_alloc(pool, population->n * population->width[f], sizeof(double));
        }
    }
    return field;
}

void mn_point_alloc(mn_pool *pool, mn_point *point, const mn_population *population)
{
    mn_linear *linear = &point->linear;
    double **array[] = {&point->v, &linear->i, &linear->i_v, &linear->q, &linear->q_v};
    double ***states[] = {&point->x, &linear->f, &linear->f_x, &linear->f_v, &linear->i_x};
    for (size_t k = 0; k < sizeof(array) / sizeof(array[0]); k++) {
        *array[k] = mn_pool_alloc(pool, population->n, sizeof(double));
    }
    for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++) {
        *states[k] = mn_alloc_states(pool, population);
    }
    if (population->model->flags & MN_HAS_CHARGE) {
        linear->q_x = mn_alloc_states(pool, population);
    }
}

mn_population mn_view_alloc(mn_pool *pool, const mn_population *population)
{
    mn_population view = *population;
    view.field = mn_pool_alloc(pool, population->model->n_fields, sizeof(*view.field));
    return view;
}

void mn_branch_voltages(const mn_simulation *simulation, int64_t p, const double *restrict potential,
                        double *restrict v)
{
    const mn_members *members = &simulation->engine->members[p];
    const int32_t *restrict a = members->a, *restrict b = members->b;
    const int64_t n = simulation->population[p].n;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        double difference = potential[a[k]] - potential[b[k]];
        v[k] = difference == difference ? difference : 0.0;
    }
}

void mn_branch_differences(const mn_simulation *simulation, int64_t p, mn_run run, const double *restrict x,
                           double *restrict difference)
{
    const mn_members *members = &simulation->engine->members[p];
    const int32_t *restrict a = members->a + run.first, *restrict b = members->b + run.first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < run.n; k++) {
        difference[k] = x[a[k]] - x[b[k]];
    }
}

void mn_view_point(const mn_simulation *simulation, int64_t p, mn_population *view, const mn_point *point)
{
    for (int64_t f = 0; f < view->model->n_fields; f++) {
        view->field[f] = point->x[f] != NULL ? point->x[f] : simulation->population[p].field[f];
    }
}

void mn_point_linearise(mn_simulation *simulation, int64_t p, mn_population *view, mn_point *point, double t,
                        const double *potential)
{
    mn_branch_voltages(simulation, p, potential, point->v);
    mn_view_point(simulation, p, view, point);
    mn_links_read_voltages(simulation, p, potential);
    const mn_step step = mn_step_at(simulation, p, t, point->v);
    view->model->linearise(view, &step, &point->linear);
}

bool mn_has_source(const mn_simulation *simulation, int64_t p, mn_point *point)
{
    mn_population view = simulation->population[p];
    const mn_linear *linear = &point->linear;
    const mn_step step = mn_step_at(simulation, p, 0.0, point->v);
    memset(point->v, 0, (size_t)view.n * sizeof(double));
    view.model->linearise(&view, &step, linear);
    bool found = false;
    for (int64_t f = 0; f < view.model->n_fields; f++) {
        for (int64_t m = 0; m < view.n && linear->i_x[f] != NULL; m++) {
            /* where no voltage drives it, as in an inductor, the current is that of the state and of nothing else */
            found = found || (fabs(linear->i_x[f][m]) > NOTHING && linear->i_v[m] != 0.0);
        }
    }
    return found;
}

void mn_gather_currents(const mn_simulation *simulation, int64_t p, mn_run run, const double *restrict i,
                        double *restrict into)
{
    const mn_members *members = &simulation->engine->members[p];
    const int32_t *restrict a = members->a + run.first, *restrict b = members->b + run.first;
    for (int64_t k = 0; k < run.n; k++) {
        into[a[k]] -= i[k];
        into[b[k]] += i[k];
    }
}

void mn_read_electrodes(const mn_network *network, const double *potential, const double *into, double *voltage,
                        double *current)
{
    memset(current, 0, (size_t)network->n_electrodes * sizeof(double));
    for (int64_t k = 0; k < network->n_nodes; k++) {
        const int32_t e = network->electrode[k];
        if (e >= 0) {
            voltage[e] = potential[k];
            current[e] -= into[k];
        }
    }
}

/* Magnitudes are in the order of their bits, and nan is above infinity. */
MN_VECTOR_WIDE
double mn_largest_magnitude(int64_t n, const double *restrict x, double largest)
{
    int64_t most;
    memcpy(&most, &largest, sizeof(most));
    for (int64_t k = 0; k < n; k++) {
        int64_t bits;
        memcpy(&bits, &x[k], sizeof(bits));
        bits &= INT64_MAX;
        most = bits > most ? bits : most;
    }
    memcpy(&largest, &most, sizeof(largest));
    return largest;
}
