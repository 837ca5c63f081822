#include "simulate/slices.h"

#include "base/fetch.h"
#include "base/threads.h"
#include "simulate/engine.h"

#include <string.h>

_Static_assert(MN_SLICE % MN_BLOCK == 0, "hooks have slices by whole blocks");

/* Between what two threads write, so that no cache line has both: pointers, or numbers. */
enum { APART = 16 };

/* Members that have their bits in one number. */
enum { WORD = 64 };

/* The block that a thread has at hand, as a population, and room for it: as much as any model needs. */
typedef struct {
    double *before[APART];
    mn_population population;
    double **field, **next, **low, **high, **scratch;
    const double **linked_x;
} view;

typedef struct mn_slices {
    view *view;        /* one a thread */
    int64_t *n_found;  /* of each slice of the population at hand: events, or changed edges */
    uint64_t *changed; /* a bit for each member of it: whether its edge changed */
    mn_pool pool;
} mn_slices;

/* A population that is taken in slices. */
typedef struct {
    mn_simulation *simulation;
    int64_t p;
    mn_population *population;
    mn_members *members;
    mn_step step;       /* of the whole */
    atomic_bool is_bad; /* some state is not finite */
} sliced;

static int64_t slices_of(int64_t n)
{
    return (n + MN_SLICE - 1) / MN_SLICE;
}

/* ------------------------------------------------------------------ life */

static int64_t more(int64_t n, int64_t m)
{
    return n > m ? n : m;
}

static void alloc_view(mn_simulation *simulation, view *v, mn_pool *pool)
{
    int64_t n_fields = 0, n_scratch = 0, n_linked = 0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_device_model *model = simulation->population[p].model;
        n_fields = more(n_fields, model->n_fields);
        n_scratch = more(n_scratch, model->n_scratch + model->n_blocks);
        n_linked = more(n_linked, model->n_linked_states);
    }
    v->field = mn_pool_alloc(pool, n_fields + APART, sizeof(double *));
    v->next = mn_pool_alloc(pool, n_fields + APART, sizeof(double *));
    v->low = mn_pool_alloc(pool, n_fields + APART, sizeof(double *));
    v->high = mn_pool_alloc(pool, n_fields + APART, sizeof(double *));
    v->scratch = mn_pool_alloc(pool, n_scratch + APART, sizeof(double *));
    v->linked_x = mn_pool_alloc(pool, n_linked + APART, sizeof(double *));
    for (int64_t k = 0; k < n_scratch && pool->code == MN_OK; k++) {
        v->scratch[k] = mn_pool_alloc(pool, MN_BLOCK + APART, sizeof(double));
    }
}

int mn_slices_init(mn_simulation *simulation)
{
    const int64_t n_threads = mn_threads_most(simulation->threads);
    if (n_threads == 1) {
        return MN_OK;
    }
    mn_slices *slices = mn_alloc(1, sizeof *slices);
    if (slices == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    simulation->engine->slices = slices;
    slices->view = mn_pool_alloc(&slices->pool, n_threads, sizeof(view));
    slices->n_found = mn_pool_alloc(&slices->pool, slices_of(simulation->network->n_edges), sizeof(int64_t));
    slices->changed =
        mn_pool_alloc(&slices->pool, slices_of(simulation->network->n_edges) * MN_SLICE / WORD, sizeof(uint64_t));
    for (int64_t k = 0; k < n_threads && slices->pool.code == MN_OK; k++) {
        alloc_view(simulation, &slices->view[k], &slices->pool);
    }
    return slices->pool.code;
}

void mn_slices_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL && simulation->engine->slices != NULL) {
        mn_pool_free(&simulation->engine->slices->pool);
        mn_dealloc(simulation->engine->slices);
        simulation->engine->slices = NULL;
    }
}

/* ------------------------------------------------------------------ a slice */

/* NULL stays NULL. */
static double *from(double *array, int64_t first)
{
    return array == NULL ? NULL : array + first;
}

static const double *from_const(const double *array, int64_t first)
{
    return array == NULL ? NULL : array + first;
}

/* Members from `first` on, as many as a block has, up to `end` - 1. Events go where the members have their own places,
 * behind n_events others of the slice that begins at member `slice`. */
static mn_population *look_at(view *v, const mn_population *whole, int64_t slice, int64_t first, int64_t end,
                              int64_t n_events)
{
    const int64_t at = slice * mn_model_at_once(whole->model) + n_events;
    mn_population *block = &v->population;
    *block = *whole;
    block->field = v->field, block->next = v->next, block->low = v->low, block->high = v->high;
    mn_population_slice(block, whole, first, end - first < MN_BLOCK ? end - first : MN_BLOCK);
    block->scratch = v->scratch;
    block->event_member = whole->event_member + at;
    block->event_kind = whole->event_kind + at;
    return block;
}

static mn_step step_of(view *v, const sliced *of, int64_t first)
{
    mn_step step = of->step;
    step.v = from_const(step.v, first);
    step.v_prev = from_const(step.v_prev, first);
    step.g = from(step.g, first);
    step.i0 = from(step.i0, first);
    step.linked_v = from_const(step.linked_v, first);
    step.inflow = from_const(step.inflow, first);
    for (int64_t k = 0; step.linked_x != NULL && k < of->population->model->n_linked_states; k++) {
        v->linked_x[k] = of->step.linked_x[k] + first;
    }
    step.linked_x = step.linked_x == NULL ? NULL : v->linked_x;
    return step;
}

static sliced whole(mn_simulation *simulation, int64_t p, const mn_step *step)
{
    return (sliced){.simulation = simulation,
                    .p = p,
                    .population = &simulation->population[p],
                    .members = &simulation->engine->members[p],
                    .step = *step};
}

static void take_slices(sliced *of, mn_task *task)
{
    mn_threads_run(of->simulation->threads, task, of, slices_of(of->population->n));
}

int64_t *mn_slices_found(const mn_simulation *simulation)
{
    return simulation->engine->slices->n_found;
}

bool mn_slices_are_used(const mn_simulation *simulation)
{
    return simulation->engine->slices != NULL && mn_threads_count(simulation->threads) > 1;
}

bool mn_slices_pay(const mn_simulation *simulation, int64_t p)
{
    return mn_slices_are_used(simulation) && simulation->population[p].n > MN_LEAST_SLICED;
}

/* ------------------------------------------------------------------ before a solve */

/* Returns how many edges have another conductance, for each of which a bit is set. */
static int64_t store_and_mark(const mn_population *block, const double *g, double *conductance, uint64_t *changed)
{
    int64_t n_changed = 0;
    for (int64_t first = 0; first < block->n; first += WORD, changed++) {
        const int64_t end = first + WORD < block->n ? first + WORD : block->n;
        *changed = 0;
        for (int64_t k = first; k < end; k++) {
            const int32_t edge = block->edge[k];
            if (conductance[edge] != g[k]) {
                conductance[edge] = g[k];
                *changed |= UINT64_C(1) << (k - first);
            }
        }
        n_changed += __builtin_popcountll(*changed);
    }
    return n_changed;
}

static int64_t end_of_slice(const sliced *of, int64_t index)
{
    const int64_t end = (index + 1) * MN_SLICE;
    return end < of->population->n ? end : of->population->n;
}

static void read_slice(void *context, int64_t index, int64_t thread)
{
    const sliced *of = context;
    mn_engine *engine = of->simulation->engine;
    view *v = &engine->slices->view[thread];
    double *conductance = of->simulation->conductance;
    const int64_t slice = index * MN_SLICE, end = end_of_slice(of, index);
    int64_t n_changed = 0;
    for (int64_t first = slice; first < end; first += MN_BLOCK) {
        mn_population *block = look_at(v, of->population, slice, first, end, 0);
        const mn_step step = step_of(v, of, first);
        for (int64_t k = 0; k < block->n; k++) {
            mn_fetch_to_write(conductance + block->edge[k]);
        }
        block->model->conductance(block, &step);
        n_changed += store_and_mark(block, step.g, conductance, engine->slices->changed + first / WORD);
        for (int64_t k = 0; k < block->n && (block->model->flags & MN_HAS_SOURCE) != 0; k++) {
            const int32_t edge = block->edge[k];
            engine->source[edge] = engine->island_edge[edge] ? 0.0 : step.i0[k];
        }
    }
    engine->slices->n_found[index] = n_changed;
}

/* Of the members whose bits are set. */
static void list_changed(const mn_population *population, const uint64_t *changed, mn_engine *engine)
{
    for (int64_t first = 0; first < population->n; first += WORD, changed++) {
        for (uint64_t left = *changed; left != 0; left &= left - 1) {
            engine->changed[engine->n_changed++] = population->edge[first + __builtin_ctzll(left)];
        }
    }
}

/* Each edge is listed once at most; without a list any may have changed. */
void mn_slices_read(mn_simulation *simulation, int64_t p, int64_t most)
{
    mn_engine *engine = simulation->engine;
    const mn_step step = mn_step_before(simulation, p);
    sliced of = whole(simulation, p, &step);
    int64_t n = engine->n_changed;
    take_slices(&of, read_slice);
    for (int64_t k = 0; k < slices_of(of.population->n); k++) {
        n += engine->slices->n_found[k];
    }
    if (n <= most) {
        list_changed(of.population, engine->slices->changed, engine);
    } else {
        engine->n_changed = simulation->network->n_edges;
    }
}

/* ------------------------------------------------------------------ after a solve */

static void read_voltages_of_slice(void *context, int64_t index, int64_t thread)
{
    const sliced *of = context;
    const int64_t first = index * MN_SLICE;
    (void)thread;
    mn_members_read_voltages(of->simulation, of->p, first, end_of_slice(of, index) - first);
}

void mn_slices_read_voltages(mn_simulation *simulation, int64_t p)
{
    sliced of = whole(simulation, p, &(mn_step){.t = 0.0});
    take_slices(&of, read_voltages_of_slice);
}

/* Whether all next states are. Integer arithmetic so that the loop vectorises. */
static bool has_finite_states(const mn_members *members, const mn_population *block)
{
    uint64_t bad = 0;
    for (int64_t s = 0; s < members->n_state_fields; s++) {
        const mn_state_field state = members->state_field[s];
        const double *x = block->next[state.field];
        for (int64_t k = 0; k < block->n * state.width; k++) {
            uint64_t bits;
            memcpy(&bits, &x[k], sizeof(bits));
            bad |= (uint64_t)((bits & UINT64_C(0x7ff0000000000000)) == UINT64_C(0x7ff0000000000000));
        }
    }
    return bad == 0;
}

static void advance_slice(void *context, int64_t index, int64_t thread)
{
    sliced *of = context;
    mn_slices *slices = of->simulation->engine->slices;
    view *v = &slices->view[thread];
    const int64_t slice = index * MN_SLICE, end = end_of_slice(of, index);
    int64_t n_events = 0;
    for (int64_t first = slice; first < end; first += MN_BLOCK) {
        mn_population *block = look_at(v, of->population, slice, first, end, n_events);
        const mn_step step = step_of(v, of, first);
        if (of->members->v_is_late) {
            mn_members_read_voltages(of->simulation, of->p, first, block->n);
        }
        block->model->advance(block, &step);
        for (int64_t k = 0; k < block->n_events; k++) {
            block->event_member[k] += (int32_t)first;
        }
        n_events += block->n_events;
        if (!has_finite_states(of->members, block)) {
            atomic_store(&of->is_bad, true);
        }
    }
    slices->n_found[index] = n_events;
}

/* Events of the slices, which lie where their members do, one behind the other. */
static void join_events(const mn_slices *slices, mn_population *population)
{
    const int64_t at_once = mn_model_at_once(population->model);
    for (int64_t k = 0; k < slices_of(population->n); k++) {
        const int64_t n = slices->n_found[k], first = k * MN_SLICE;
        int32_t *member = population->event_member + population->n_events;
        memmove(member, population->event_member + first * at_once, (size_t)n * sizeof(int32_t));
        memmove(population->event_kind + population->n_events, population->event_kind + first * at_once, (size_t)n);
        population->n_events += n;
    }
}

bool mn_slices_advance(mn_simulation *simulation, int64_t p)
{
    const mn_step step = mn_step_after(simulation, p);
    sliced of = whole(simulation, p, &step);
    take_slices(&of, advance_slice);
    join_events(simulation->engine->slices, of.population);
    return !atomic_load(&of.is_bad);
}
