/* Private to csrc/simulate: all edges as differential equations, at some states and potentials. */
#ifndef MN_POINTS_H
#define MN_POINTS_H

#include "simulate/engine.h"

/* What a population is at one point of a step, for all members. */
typedef struct {
    double **x; /* of each state, by the number of its field; NULL for a parameter */
    double *v;  /* n (V): branch voltages, 0 on islands */
    mn_linear linear;
} mn_point;

/* Members `first` to first + n - 1 of a population: few enough for what one pass leaves to be in the nearest cache when
 * the next one reads it. Ends with an n of 0. */
enum { MN_RUN = 256 };

typedef struct {
    int64_t first, n;
} mn_run;

static inline mn_run mn_next_run(mn_run run, int64_t n_members)
{
    const int64_t first = run.first + run.n, left = n_members - first;
    return (mn_run){.first = first, .n = left < MN_RUN ? left : MN_RUN};
}

static inline mn_run mn_first_run(int64_t n_members)
{
    return mn_next_run((mn_run){.first = 0, .n = 0}, n_members);
}

/* Bytes of a state of all members. */
static inline size_t mn_state_bytes(const mn_population *population, int64_t f)
{
    return (size_t)(population->n * population->width[f]) * sizeof(double);
}

/* One array of n a state, NULL for a parameter; NULL where the pool has failed. */
double **mn_alloc_states(mn_pool *pool, const mn_population *population) MN_CHECKED;
/* The arrays of a point; pool->code tells whether there were all. */
void mn_point_alloc(mn_pool *pool, mn_point *point, const mn_population *population);
/* A population that reads its states from points: the arrays of `population`, but for field[], which is its own. */
mn_population mn_view_alloc(mn_pool *pool, const mn_population *population);

/* v of the members of population p at node potentials; 0 where an end has none. */
void mn_branch_voltages(const mn_simulation *simulation, int64_t p, const double *potential, double *v);
/* x[a] - x[b] of a run of population p, for one number a node. */
void mn_branch_differences(const mn_simulation *simulation, int64_t p, mn_run run, const double *x, double *difference);
/* Has `view` read the states of a point, and the parameters of population p. */
void mn_view_point(const mn_simulation *simulation, int64_t p, mn_population *view, const mn_point *point);
/* Linearises population p at point->x and at node potentials; writes point->v and point->linear. */
void mn_point_linearise(mn_simulation *simulation, int64_t p, mn_population *view, mn_point *point, double t,
                        const double *potential);
/* Whether a state moves the current of a member of population p at no voltage, as where a battery is in its edge, with
 * states as they are in the simulation. Asked once, before the first step, so that no step depends on where a run
 * began. Writes point->v and point->linear. */
bool mn_has_source(const mn_simulation *simulation, int64_t p, mn_point *point);
/* The largest magnitude of n numbers, if that is more than `largest`, >= 0; nan is the largest of all. */
double mn_largest_magnitude(int64_t n, const double *x, double largest);
/* Adds what the edges of a run of population p carry into each node, at i (A from a to b). */
void mn_gather_currents(const mn_simulation *simulation, int64_t p, mn_run run, const double *i, double *into);
/* Voltages (n_electrodes, V) and currents into the network (A) of the electrodes, from node potentials and what edges
 * carry into each node. */
void mn_read_electrodes(const mn_network *network, const double *potential, const double *into, double *voltage,
                        double *current);

#endif
