#include "simulate/slices.h"

#include "base/threads.h"
#include "simulate/engine.h"

#include <string.h>

/* Members of a slice: of more than one block of any model, and whole ones. */
enum { SLICE = 2048 };

/* The slice that a thread has at hand, as a population: its arrays begin at the first member of the slice, but for
 * blocks, of which each thread has its own. */
typedef struct {
    mn_population population;
    double **field, **next, **low, **high, **scratch;
    double **block; /* as many as any model has */
    const double **linked_x;
} view;

typedef struct mn_slices {
    view *view;       /* one a thread */
    int64_t *n_found; /* of each slice of the population at hand: events, or changed edges */
    mn_pool pool;
} mn_slices;

/* A population that is taken in slices. */
typedef struct {
    mn_simulation *simulation;
    mn_population *population;
    mn_members *members;
    mn_step step;       /* of the whole */
    int32_t *changed;   /* where edges of the whole may be listed, NULL: nobody wants a list */
    atomic_bool is_bad; /* some state is not finite */
} sliced;

static int64_t slices_of(int64_t n)
{
    return (n + SLICE - 1) / SLICE;
}

/* ------------------------------------------------------------------ life */

static int64_t more(int64_t n, int64_t m)
{
    return n > m ? n : m;
}

static void alloc_view(mn_simulation *simulation, view *v, mn_pool *pool)
{
    int64_t n_fields = 0, n_scratch = 0, n_blocks = 0, n_linked = 0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_device_model *model = simulation->population[p].model;
        n_fields = more(n_fields, model->n_fields);
        n_scratch = more(n_scratch, model->n_scratch + model->n_blocks);
        n_blocks = more(n_blocks, model->n_blocks);
        n_linked = more(n_linked, model->n_linked_states);
    }
    v->field = mn_pool_alloc(pool, n_fields, sizeof(double *));
    v->next = mn_pool_alloc(pool, n_fields, sizeof(double *));
    v->low = mn_pool_alloc(pool, n_fields, sizeof(double *));
    v->high = mn_pool_alloc(pool, n_fields, sizeof(double *));
    v->scratch = mn_pool_alloc(pool, n_scratch, sizeof(double *));
    v->linked_x = mn_pool_alloc(pool, n_linked, sizeof(double *));
    v->block = mn_pool_alloc(pool, n_blocks, sizeof(double *));
    for (int64_t k = 0; k < n_blocks && pool->code == MN_OK; k++) {
        v->block[k] = mn_pool_alloc(pool, MN_BLOCK, sizeof(double));
    }
}

int mn_slices_init(mn_simulation *simulation)
{
    const int64_t n_threads = mn_threads_count(simulation->threads);
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

/* Members from `first` on, as many as a slice has. */
static mn_population *look_at(view *v, const mn_population *whole, int64_t first)
{
    const mn_device_model *model = whole->model;
    mn_population *slice = &v->population;
    *slice = *whole;
    slice->n = whole->n - first < SLICE ? whole->n - first : SLICE;
    slice->edge = whole->edge + first;
    slice->length = from(whole->length, first);
    slice->event_member = whole->event_member + first * mn_model_at_once(model);
    slice->event_kind = whole->event_kind + first * mn_model_at_once(model);
    slice->active = whole->active + first;
    slice->n_events = slice->n_active = 0;
    slice->field = v->field, slice->next = v->next, slice->low = v->low, slice->high = v->high;
    slice->scratch = v->scratch;
    for (int64_t f = 0; f < model->n_fields; f++) {
        v->field[f] = from(whole->field[f], first * whole->width[f]);
        v->next[f] = from(whole->next[f], first * whole->width[f]);
        v->low[f] = from(whole->low[f], first);
        v->high[f] = from(whole->high[f], first);
    }
    for (int64_t k = 0; k < model->n_scratch; k++) {
        v->scratch[k] = whole->scratch[k] + first;
    }
    for (int64_t k = 0; k < model->n_blocks; k++) {
        v->scratch[model->n_scratch + k] = v->block[k];
    }
    return slice;
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
                    .population = &simulation->population[p],
                    .members = &simulation->engine->members[p],
                    .step = *step};
}

static void take_slices(sliced *of, mn_task *task)
{
    mn_threads_run(of->simulation->threads, task, of, slices_of(of->population->n));
}

bool mn_slices_pay(const mn_simulation *simulation, int64_t p)
{
    return simulation->engine->slices != NULL && simulation->population[p].n > SLICE;
}

/* ------------------------------------------------------------------ before a solve */

/* Returns how many edges have another conductance, which are listed. */
static int64_t store_and_list(const mn_population *slice, const double *g, double *conductance, int32_t *changed)
{
    int64_t n = 0;
    for (int64_t k = 0; k < slice->n; k++) {
        const int32_t edge = slice->edge[k];
        if (conductance[edge] != g[k]) {
            conductance[edge] = g[k];
            changed[n++] = edge;
        }
    }
    return n;
}

static void read_slice(void *context, int64_t index, int64_t thread)
{
    const sliced *of = context;
    mn_engine *engine = of->simulation->engine;
    view *v = &engine->slices->view[thread];
    mn_population *slice = look_at(v, of->population, index * SLICE);
    const mn_step step = step_of(v, of, index * SLICE);
    double *conductance = of->simulation->conductance;
    slice->model->conductance(slice, &step);
    if (of->changed != NULL) {
        engine->slices->n_found[index] = store_and_list(slice, step.g, conductance, of->changed + index * SLICE);
    }
    for (int64_t k = 0; k < slice->n && of->changed == NULL; k++) {
        conductance[slice->edge[k]] = step.g[k];
    }
    for (int64_t k = 0; k < slice->n && (slice->model->flags & MN_HAS_SOURCE) != 0; k++) {
        const int32_t edge = slice->edge[k];
        engine->source[edge] = engine->island_edge[edge] ? 0.0 : step.i0[k];
    }
}

/* Each edge is listed once at most, so there is room for all members behind those that are listed. */
void mn_slices_read(mn_simulation *simulation, int64_t p, bool few)
{
    mn_engine *engine = simulation->engine;
    const mn_step step = mn_step_before(simulation, p);
    sliced of = whole(simulation, p, &step);
    const bool has_room = engine->n_changed + of.population->n <= simulation->network->n_edges;
    int32_t *to = engine->changed + engine->n_changed;
    of.changed = few && has_room ? to : NULL;
    take_slices(&of, read_slice);
    if (of.changed == NULL) {
        engine->n_changed = simulation->network->n_edges; /* no list: any may have */
        return;
    }
    for (int64_t k = 0; k < slices_of(of.population->n); k++) {
        const int64_t n = engine->slices->n_found[k];
        memmove(engine->changed + engine->n_changed, to + k * SLICE, (size_t)n * sizeof(int32_t));
        engine->n_changed += n;
    }
}

/* ------------------------------------------------------------------ after a solve */

static void read_voltages_of_slice(void *context, int64_t index, int64_t thread)
{
    const sliced *of = context;
    const double *restrict potential = of->simulation->potential;
    const int64_t first = index * SLICE, left = of->population->n - first, n = left < SLICE ? left : SLICE;
    const int32_t *restrict a = of->members->a + first, *restrict b = of->members->b + first;
    double *restrict v = of->members->v + first;
    (void)thread;
    for (int64_t k = 0; k < n; k++) {
        const double difference = potential[a[k]] - potential[b[k]];
        v[k] = difference == difference ? difference : 0.0; /* nan: on an island */
    }
}

void mn_slices_read_voltages(mn_simulation *simulation, int64_t p)
{
    sliced of = whole(simulation, p, &(mn_step){.t = 0.0});
    take_slices(&of, read_voltages_of_slice);
}

/* Integer arithmetic so that the loop vectorises. */
static bool all_finite(const double *x, int64_t n)
{
    uint64_t bad = 0;
    for (int64_t k = 0; k < n; k++) {
        uint64_t bits;
        memcpy(&bits, &x[k], sizeof(bits));
        bad |= (uint64_t)((bits & UINT64_C(0x7ff0000000000000)) == UINT64_C(0x7ff0000000000000));
    }
    return bad == 0;
}

static void advance_slice(void *context, int64_t index, int64_t thread)
{
    sliced *of = context;
    mn_slices *slices = of->simulation->engine->slices;
    view *v = &slices->view[thread];
    mn_population *slice = look_at(v, of->population, index * SLICE);
    const mn_step step = step_of(v, of, index * SLICE);
    slice->model->advance(slice, &step);
    slices->n_found[index] = slice->n_events;
    for (int64_t s = 0; s < of->members->n_state_fields; s++) {
        const mn_state_field state = of->members->state_field[s];
        if (!all_finite(slice->next[state.field], slice->n * state.width)) {
            atomic_store(&of->is_bad, true);
        }
    }
}

/* Events of the slices, which lie where their members do, as those of the whole. */
static void join_events(const mn_slices *slices, mn_population *population)
{
    const int64_t at_once = mn_model_at_once(population->model);
    for (int64_t k = 0; k < slices_of(population->n); k++) {
        const int64_t n = slices->n_found[k], first = k * SLICE;
        int32_t *member = population->event_member + population->n_events;
        memmove(member, population->event_member + first * at_once, (size_t)n * sizeof(int32_t));
        memmove(population->event_kind + population->n_events, population->event_kind + first * at_once, (size_t)n);
        for (int64_t j = 0; j < n; j++) {
            member[j] += (int32_t)first;
        }
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
