/* The Kron backend: its life, and the functions that it gives to the solver. */
#include "circuit/kron.h"

#include "base/threads.h"
#include "circuit/kron_apart.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_factor.h"
#include "circuit/kron_kept.h"
#include "circuit/kron_replicas.h"
#include "circuit/kron_solve.h"
#include "circuit/kron_subtrees.h"
#include "circuit/solver.h"

#include <math.h>

enum { LINE = 64 }; /* bytes */

void mn_kron_free(mn_kron *kron)
{
    if (kron != NULL) {
        mn_kron_subtrees_free(kron);
        mn_kron_apart_free(kron);
        mn_kron_schedule_free(&kron->schedule);
        mn_pool_free(&kron->pool);
        mn_pool_free(&kron->replicas.pool);
        mn_dealloc(kron);
    }
}

/* Lists and updates are filled only once a caller says what changed: until then nobody touches them. */
static void alloc_gather(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_gather *g = &kron->gather;
    mn_pool *pool = &kron->pool;
    g->n_owners = s->n_free + s->n_electrodes * s->n_electrodes + 1;
    g->owner = mn_pool_room(pool, s->n_slots, sizeof(int32_t));
    g->edge_start = mn_pool_alloc(pool, g->n_owners + 1, sizeof(int32_t));
    g->edge = mn_pool_room(pool, s->n_edges, sizeof(int32_t));
    g->incoming_start = mn_pool_alloc(pool, s->n_slots + 1, sizeof(int32_t));
    g->incoming = mn_pool_room(pool, s->n_listed, sizeof(int32_t));
    g->dirty = mn_pool_alloc(pool, (g->n_owners + 63) / 64, sizeof(uint64_t));
    kron->update = mn_pool_room(pool, s->n_listed, sizeof(double));
    kron->column = mn_pool_alloc(pool, s->n_longest + MN_KRON_BATCH * MN_KRON_BATCH_ROWS, sizeof(double));
}

static void alloc_mesh(mn_kron *kron)
{
    const int64_t n = kron->schedule.n_electrodes;
    mn_pool *pool = &kron->pool;
    kron->mesh = mn_pool_alloc(pool, n * n, sizeof(double));
    kron->mesh_total = mn_pool_alloc(pool, n, sizeof(double));
    kron->pivot = mn_pool_alloc(pool, n, sizeof(int32_t));
    kron->is_pivot = mn_pool_alloc(pool, n, sizeof(uint8_t));
    kron->mesh_star = mn_pool_alloc(pool, MN_KRON_PANEL * n, sizeof(double));
    kron->mesh_share = mn_pool_alloc(pool, MN_KRON_PANEL * n, sizeof(double));
    kron->mesh_potential = mn_pool_alloc(pool, n, sizeof(double));
    kron->mesh_flow = mn_pool_alloc(pool, n, sizeof(double));
}

/* The first element from `x` on that begins a cache line. */
static double *aligned(double *x)
{
    const uintptr_t beyond = (uintptr_t)x % LINE;
    return x == NULL || beyond == 0 ? x : x + (LINE - beyond) / sizeof(double);
}

void mn_kron_space_alloc(mn_kron_space *space, mn_pool *pool, int64_t stride, int64_t n_block, int64_t n_quartet)
{
    const int64_t more = LINE / (int64_t)sizeof(double);
    space->front = aligned(mn_pool_alloc(pool, stride * stride + more, sizeof(double)));
    space->panel = aligned(mn_pool_alloc(pool, MN_KRON_PIVOTS * stride + more, sizeof(double)));
    space->quartet = aligned(mn_pool_alloc(pool, MN_KRON_BATCH * n_quartet + more, sizeof(double)));
    space->block = mn_pool_alloc(pool, n_block, sizeof(double));
    space->base = 0;
}

static void alloc_fronts(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_pool *pool = &kron->pool;
    mn_kron_space_alloc(&kron->space, pool, s->stride, s->n_block, s->n_quartet + s->n_longest);
    kron->leaves = mn_pool_alloc(pool, s->n_leaves, sizeof(double));
    kron->kept = mn_pool_room(pool, s->n_kept, sizeof(double)); /* untouched until a caller says what changed */
    kron->redo = mn_pool_alloc(pool, s->n_fronts + 1, sizeof(uint8_t));
}

static int alloc_kron(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n_vertices = s->n_free + s->n_electrodes;
    mn_pool *pool = &kron->pool;
    kron->weight = mn_pool_alloc(pool, s->n_slots + MN_KRON_LANES, sizeof(double));
    kron->share = mn_pool_alloc(pool, s->n_entries + 2 * MN_KRON_LANES, sizeof(double));
    kron->total = mn_pool_room(pool, s->n_free, sizeof(double));
    kron->potential = mn_pool_alloc(pool, n_vertices, sizeof(double));
    kron->current = mn_pool_alloc(pool, n_vertices, sizeof(double));
    kron->reached = mn_pool_alloc(pool, n_vertices, sizeof(uint8_t));
    kron->dead = mn_pool_alloc(pool, s->n_fronts + s->n_parts, sizeof(int32_t));
    alloc_mesh(kron);
    if (s->n_fronts == 0) {
        alloc_gather(kron);
    } else {
        alloc_fronts(kron);
    }
    return pool->code;
}

static void kron_free(void *state)
{
    mn_kron_free(state);
}

/* Arrays for the schedule that is there; `code` is what making that gave. */
static int finish_init(int code, mn_kron *kron, const mn_network *network, mn_cancel *cancel, mn_error *error)
{
    kron->network = network;
    kron->cancel = cancel;
    kron->target = kron->schedule.target;
    return code == MN_OK ? mn_error_set(error, alloc_kron(kron)) : code;
}

int mn_kron_init(void **state, const mn_network *network, mn_kron_fronts fronts, mn_order order, mn_cancel *cancel,
                 mn_error *error)
{
    mn_kron *kron = mn_alloc(1, sizeof *kron);
    if (kron == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    int code = mn_kron_schedule_get(&kron->schedule, network, fronts, order, cancel, error);
    code = finish_init(code, kron, network, cancel, error);
    if (code != MN_OK) {
        mn_kron_free(kron);
        return code;
    }
    *state = kron;
    return MN_OK;
}

int mn_kron_init_joined(mn_kron **joined, const mn_network *network, mn_order order, mn_cancel *cancel, mn_error *error)
{
    mn_kron *kron = mn_alloc(1, sizeof *kron);
    if (kron == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    int code = mn_kron_schedule_get_joined(&kron->schedule, network, order, cancel, error);
    code = finish_init(code, kron, network, cancel, error);
    if (code != MN_OK) {
        mn_kron_free(kron);
        return code;
    }
    *joined = kron;
    return MN_OK;
}

static int kron_init(void **state, const mn_network *network, bool complex_values, mn_order order, mn_cancel *cancel,
                     mn_error *error)
{
    (void)complex_values; /* never */
    return mn_kron_init(state, network, MN_KRON_FRONTS_AUTO, order, cancel, error);
}

static int kron_factor(void *state, const double *conductance, const double *imag, int64_t n_changed,
                       const int32_t *changed, mn_error *error)
{
    mn_kron *kron = state;
    if (imag != NULL) {
        kron->has_factor = false;
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    return mn_kron_factor(kron, conductance, n_changed, changed, error);
}

static int kron_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                      const mn_solution *solution, mn_error *error)
{
    mn_kron *kron = state;
    if (!kron->has_factor) {
        return mn_error_set(error, MN_ERR_BUG); /* GCOV_EXCL_LINE: solver.c asks first */
    }
    if (boundary->imag != NULL || injected_imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    return mn_kron_solve(kron, boundary, injected, solution, error);
}

static int kron_solve_many(void *state, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                           const mn_solution *solution, mn_error *error)
{
    return mn_kron_solve_many(state, n_replicas, conductance, boundary, solution, error);
}

static int kron_prepare_together(void *state, mn_together *together)
{
    return mn_kron_prepare_together(state, together);
}

static void kron_solve_together(void *state, int64_t n, mn_replica *replica, const double *lanes)
{
    mn_kron_solve_together(state, n, replica, lanes);
}

int mn_kron_use_threads(mn_kron *kron, mn_threads *threads)
{
    mn_kron_subtrees_free(kron);
    mn_kron_apart_free(kron);
    kron->has_factor = kron->has_updates = false;
    kron->threads = mn_threads_most(threads) > 1 ? threads : NULL;
    int code = kron->threads == NULL ? MN_OK : mn_kron_subtrees_init(kron);
    if (code == MN_OK && kron->threads != NULL) {
        code = mn_kron_apart_init(kron);
    }
    if (code != MN_OK) {
        kron->threads = NULL;
    }
    return code;
}

static int kron_use_threads(void *state, mn_threads *threads)
{
    return mn_kron_use_threads(state, threads);
}

static void kron_info(const void *state, mn_solver_info *info)
{
    const mn_kron *kron = state;
    *info = (mn_solver_info){.n_free = kron->schedule.n_free,
                             .n_entries = kron->schedule.n_entries,
                             .n_updates = kron->schedule.n_updates,
                             .bytes = kron->schedule.bytes,
                             .n_columns = kron->n_columns,
                             .rcond = NAN,
                             .error_bound = NAN};
}

const mn_solver_ops mn_kron_ops = {
    .name = "kron",
    .takes_real = true,
    .takes_complex = false,
    .keeps_between = true,
    .init = kron_init,
    .factor = kron_factor,
    .solve = kron_solve,
    .solve_many = kron_solve_many,
    .prepare_together = kron_prepare_together,
    .solve_together = kron_solve_together,
    .use_threads = kron_use_threads,
    .info = kron_info,
    .free = kron_free,
};
