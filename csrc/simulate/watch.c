/* Which members of a population move at the potentials just solved, where the model says above which voltage each does.
 *
 * That voltage belongs to a state, and states that do not move keep theirs. So what a solve has to read of a member is
 * its two nodes and one number, and of members that no voltage of this drive can move nothing at all: those are left
 * out of the list until a branch voltage may be larger than any was since the list was made. */
#include "simulate/watch.h"

#include "base/threads.h"
#include "base/vector.h"
#include "simulate/slices.h"

#include <math.h>
#include <string.h>

/* A bit for each member of a block fits a word. */
enum { BLOCK = 64 };

/* Where voltages grow the list is made for what they may come to next. It is made anew for less after so many solves
 * in which much less was enough. */
static const double growth = 1.5, much_less = 0.8;
enum { SOLVES = 256 };

/* ------------------------------------------------------------------ reach */

/* The largest difference of two of these, 0 where there is none. Rounded as branch voltages are, so none between nodes
 * of such potentials is larger. What has no potential, on an island, is neither below nor above another. */
static double span_of(const double *x, int64_t n)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t k = 0; k < n; k++) {
        low = x[k] < low ? x[k] : low;
        high = x[k] > high ? x[k] : high;
    }
    return high > low ? high - low : 0.0;
}

double mn_watch_reach(const mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    if (simulation->solver.ops->keeps_between && !simulation->engine->injects) {
        return span_of(simulation->voltage, network->n_electrodes);
    }
    return span_of(simulation->potential, network->n_nodes);
}

/* ------------------------------------------------------------------ the list */

int mn_watch_init(mn_simulation *simulation, int64_t index)
{
    const mn_population *population = &simulation->population[index];
    mn_pool *pool = &simulation->pool;
    if (population->model->moves_above == NULL || !simulation->options.event_driven) {
        return MN_OK;
    }
    mn_watch *watch = mn_pool_alloc(pool, 1, sizeof(*watch));
    if (watch == NULL) {
        return pool->code;
    }
    watch->member = mn_pool_alloc(pool, population->n, sizeof(*watch->member));
    watch->a = mn_pool_alloc(pool, population->n, sizeof(*watch->a));
    watch->b = mn_pool_alloc(pool, population->n, sizeof(*watch->b));
    watch->bound = mn_pool_alloc(pool, population->n, sizeof(*watch->bound));
    watch->moving = mn_pool_alloc(pool, population->n, sizeof(*watch->moving));
    simulation->engine->members[index].watch = watch;
    simulation->engine->members[index].watch_is_stale = true;
    simulation->engine->has_watches = true;
    return pool->code;
}

/* Makes the list of members that move at some voltage up to `reach`. */
static void make_list(const mn_members *members, const mn_population *population, double reach)
{
    mn_watch *watch = members->watch;
    int32_t member[MN_BLOCK];
    double bound[MN_BLOCK];
    watch->reach = reach;
    watch->farthest = 0.0;
    watch->n_solves = 0;
    watch->n = 0;
    for (int64_t first = 0; first < population->n; first += MN_BLOCK) {
        const int64_t left = population->n - first, n = left < MN_BLOCK ? left : MN_BLOCK;
        for (int64_t k = 0; k < n; k++) {
            member[k] = (int32_t)(first + k);
        }
        population->model->moves_above(population, n, member, bound);
        for (int64_t k = 0; k < n; k++) {
            if (bound[k] < reach) {
                watch->member[watch->n] = member[k];
                watch->a[watch->n] = members->a[first + k];
                watch->b[watch->n] = members->b[first + k];
                watch->bound[watch->n] = bound[k];
                watch->n++;
            }
        }
    }
}

/* Asks the model again for the members that have moved since the last solve. */
static void renew_moved(mn_watch *watch, const mn_population *population)
{
    int32_t member[MN_BLOCK];
    double bound[MN_BLOCK];
    for (int64_t first = 0; first < watch->n_moving; first += MN_BLOCK) {
        const int64_t left = watch->n_moving - first, n = left < MN_BLOCK ? left : MN_BLOCK;
        const int32_t *place = watch->moving + first;
        for (int64_t k = 0; k < n; k++) {
            member[k] = watch->member[place[k]];
        }
        population->model->moves_above(population, n, member, bound);
        for (int64_t k = 0; k < n; k++) {
            watch->bound[place[k]] = bound[k];
        }
    }
}

/* Sees to it that the list has every member that moves at some voltage up to `reach`, with its bound. */
static void keep_list(mn_members *members, const mn_population *population, double reach)
{
    mn_watch *watch = members->watch;
    if (members->watch_is_stale) {
        make_list(members, population, reach);
        members->watch_is_stale = false;
    } else if (reach > watch->reach) {
        make_list(members, population, growth * reach);
    } else if (watch->n_solves >= SOLVES) {
        const double farthest = watch->farthest > reach ? watch->farthest : reach;
        if (farthest < much_less * watch->reach) {
            make_list(members, population, farthest);
        }
        watch->farthest = 0.0;
        watch->n_solves = 0;
    }
    watch->farthest = reach > watch->farthest ? reach : watch->farthest;
    watch->n_solves++;
}

/* ------------------------------------------------------------------ what moves */

/* Voltages of the members at places `first` on. Single loads are quicker here than what gathers them in a register. */
static void read_voltages(const mn_watch *watch, int64_t first, int64_t n, const double *restrict potential,
                          double *restrict v)
{
    const int32_t *restrict a = watch->a + first;
    const int32_t *restrict b = watch->b + first;
    for (int64_t k = 0; k < n; k++) {
        v[k] = potential[a[k]] - potential[b[k]];
    }
}

/* Bit k is set where the member at place first + k moves, at v[k]. */
MN_VECTOR_WIDE
static uint64_t find_moving(const mn_watch *watch, int64_t first, int64_t n, double *restrict v)
{
    const double *restrict bound = watch->bound + first;
    uint64_t moving = 0;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        v[k] = v[k] == v[k] ? v[k] : 0.0; /* nan: on an island */
        moving |= (uint64_t)(fabs(v[k]) > bound[k]) << k;
    }
    return moving;
}

/* Lists what moves of the places from `begin` to `end` - 1, from place `to` of the lists on; returns how many. */
static int64_t list_moving(mn_simulation *simulation, int64_t p, int64_t begin, int64_t end, int64_t to)
{
    const mn_population *population = &simulation->population[p];
    const mn_members *members = &simulation->engine->members[p];
    const mn_watch *watch = members->watch;
    double v[BLOCK];
    int64_t n_moving = 0;
    for (int64_t first = begin; first < end; first += BLOCK) {
        const int64_t left = end - first, n = left < BLOCK ? left : BLOCK;
        read_voltages(watch, first, n, simulation->potential, v);
        for (uint64_t left_over = find_moving(watch, first, n, v); left_over != 0; left_over &= left_over - 1) {
            const int place = __builtin_ctzll(left_over);
            const int32_t member = watch->member[first + place];
            watch->moving[to + n_moving] = (int32_t)first + place;
            population->active[to + n_moving++] = member;
            members->v[member] = v[place];
        }
    }
    return n_moving;
}

/* What threads do side by side: slices, each of which lists where its places begin. */
typedef struct {
    mn_simulation *simulation;
    int64_t p;
} listing;

static void list_slice(void *context, int64_t begin, int64_t end)
{
    const listing *of = context;
    int64_t *n_found = mn_slices_found(of->simulation);
    n_found[begin / MN_SLICE] = list_moving(of->simulation, of->p, begin, end, begin);
}

static int64_t list_side_by_side(mn_simulation *simulation, int64_t p)
{
    const mn_population *population = &simulation->population[p];
    const mn_watch *watch = simulation->engine->members[p].watch;
    const int64_t *n_found = mn_slices_found(simulation);
    listing of = {.simulation = simulation, .p = p};
    int64_t n_moving = 0;
    mn_threads_run_ranges(simulation->threads, list_slice, &of, watch->n, MN_SLICE);
    for (int64_t first = 0; first < watch->n; first += MN_SLICE) {
        const size_t n = (size_t)n_found[first / MN_SLICE];
        memmove(watch->moving + n_moving, watch->moving + first, n * sizeof(*watch->moving));
        memmove(population->active + n_moving, population->active + first, n * sizeof(*population->active));
        n_moving += (int64_t)n;
    }
    return n_moving;
}

void mn_watch_list(mn_simulation *simulation, int64_t p, double reach)
{
    mn_population *population = &simulation->population[p];
    mn_members *members = &simulation->engine->members[p];
    mn_watch *watch = members->watch;
    members->bounds_in_lanes = false;
    renew_moved(watch, population);
    keep_list(members, population, reach);
    watch->n_moving = mn_slices_are_used(simulation) && watch->n > MN_LEAST_SLICED
                          ? list_side_by_side(simulation, p)
                          : list_moving(simulation, p, 0, watch->n, 0);
    population->n_active = watch->n_moving;
}

int mn_watch_verify(const mn_simulation *simulation, int64_t p)
{
    const mn_population *population = &simulation->population[p];
    const mn_members *members = &simulation->engine->members[p];
    const mn_watch *watch = members->watch;
    const double *potential = simulation->potential;
    int64_t place = 0, moving = 0;
    for (int32_t k = 0; watch != NULL && !members->watch_is_stale && k < population->n; k++) {
        double bound;
        population->model->moves_above(population, 1, &k, &bound);
        if (place == watch->n || watch->member[place] != k) {
            const double v = potential[members->a[k]] - potential[members->b[k]];
            mn_bug_unless(bound >= watch->reach && !(simulation->solved && fabs(v) > bound));
            continue;
        }
        const bool has_moved = moving < watch->n_moving && watch->moving[moving] == place;
        mn_bug_unless(has_moved || watch->bound[place] == bound);
        moving += has_moved;
        place++;
    }
    mn_bug_unless(watch == NULL || members->watch_is_stale || (place == watch->n && moving == watch->n_moving));
    return MN_OK;
}
