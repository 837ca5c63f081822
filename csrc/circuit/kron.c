/* The Kron backend's life: memory, the choice between scatter and gather, counters. */
#include "kron.h"

#include <math.h>

static void free_gather(mn_kron_gather *gather)
{
    mn_dealloc(gather->owner);
    mn_dealloc(gather->edge_start);
    mn_dealloc(gather->edge);
    mn_dealloc(gather->incoming_start);
    mn_dealloc(gather->incoming);
    mn_dealloc(gather->dirty);
}

static void kron_free(void *state)
{
    mn_kron *kron = state;
    if (kron == NULL) {
        return;
    }
    free_gather(&kron->gather);
    mn_kron_schedule_free(&kron->schedule);
    mn_dealloc(kron->weight);
    mn_dealloc(kron->share);
    mn_dealloc(kron->total);
    mn_dealloc(kron->kept);
    mn_dealloc(kron->fresh);
    mn_dealloc(kron->panel);
    mn_dealloc(kron->place);
    mn_dealloc(kron->potential);
    mn_dealloc(kron->current);
    mn_dealloc(kron->reached);
    mn_dealloc(kron->mesh);
    mn_dealloc(kron->mesh_total);
    mn_dealloc(kron->mesh_order);
    mn_dealloc(kron->gone);
    mn_dealloc(kron->mesh_star);
    mn_dealloc(kron->mesh_share);
    mn_dealloc(kron->mesh_potential);
    mn_dealloc(kron->mesh_flow);
    mn_dealloc(kron->replicas.block);
    mn_dealloc(kron);
}

/* Lists and kept updates are filled only once a caller says what changed: until then they are untouched zero pages. */
static int allocate_gather(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_gather *g = &kron->gather;
    g->n_owners = s->n_free + s->n_electrodes * s->n_electrodes + 1;
    g->owner = mn_alloc(s->n_slots, sizeof(int32_t));
    g->edge_start = mn_alloc(g->n_owners + 1, sizeof(int32_t));
    g->edge = mn_alloc(s->n_edges, sizeof(int32_t));
    g->incoming_start = mn_alloc(s->n_slots + 1, sizeof(int32_t));
    g->incoming = mn_alloc(s->n_listed, sizeof(int32_t));
    g->dirty = mn_alloc((g->n_owners + 63) / 64, sizeof(uint64_t));
    kron->kept = mn_alloc(s->n_listed, sizeof(double));
    kron->fresh = mn_alloc(s->n_longest + 1, sizeof(double));
    if (g->owner == NULL || g->edge_start == NULL || g->edge == NULL || g->incoming_start == NULL ||
        g->incoming == NULL || g->dirty == NULL || kron->kept == NULL || kron->fresh == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    return MN_OK;
}

static int allocate_mesh(mn_kron *kron)
{
    const int64_t n = kron->schedule.n_electrodes;
    kron->mesh = mn_alloc(n * n, sizeof(double));
    kron->mesh_total = mn_alloc(n, sizeof(double));
    kron->mesh_order = mn_alloc(n, sizeof(int32_t));
    kron->gone = mn_alloc(n, sizeof(uint8_t));
    kron->mesh_star = mn_alloc(MN_KRON_PANEL * n, sizeof(double));
    kron->mesh_share = mn_alloc(MN_KRON_PANEL * n, sizeof(double));
    kron->mesh_potential = mn_alloc(n, sizeof(double));
    kron->mesh_flow = mn_alloc(n, sizeof(double));
    if (kron->mesh == NULL || kron->mesh_total == NULL || kron->mesh_order == NULL || kron->gone == NULL ||
        kron->mesh_star == NULL || kron->mesh_share == NULL || kron->mesh_potential == NULL ||
        kron->mesh_flow == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    return MN_OK;
}

static int allocate(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n_vertices = s->n_free + s->n_electrodes;
    kron->weight = mn_alloc(s->n_slots, sizeof(double));
    kron->share = mn_alloc(s->n_entries, sizeof(double));
    kron->total = mn_alloc(s->n_free, sizeof(double));
    kron->panel = mn_alloc(mn_kron_panel_size(s), sizeof(double));
    kron->place = mn_alloc(s->n_longest, sizeof(int32_t));
    kron->potential = mn_alloc(n_vertices, sizeof(double));
    kron->current = mn_alloc(n_vertices, sizeof(double));
    kron->reached = mn_alloc(n_vertices, sizeof(uint8_t));
    if (kron->weight == NULL || kron->share == NULL || kron->total == NULL || kron->panel == NULL ||
        kron->place == NULL || kron->potential == NULL || kron->current == NULL || kron->reached == NULL ||
        allocate_mesh(kron) != MN_OK) {
        return MN_ERR_NO_MEMORY;
    }
    return s->n_fronts > 0 ? MN_OK : allocate_gather(kron);
}

int mn_kron_init(void **state, const mn_network *network, mn_kron_fronts fronts, mn_cancel *cancel, mn_error *error)
{
    mn_kron *kron = mn_alloc(1, sizeof *kron);
    if (kron == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    int ret = mn_kron_schedule_init(&kron->schedule, network, fronts, cancel, error);
    if (ret != MN_OK) {
        goto out;
    }
    ret = allocate(kron);
    if (ret != MN_OK) {
        ret = mn_error_set(error, ret);
        goto out;
    }
    kron->network = network;
    kron->cancel = cancel;
    *state = kron;
    kron = NULL;
out:
    kron_free(kron);
    return ret;
}

static int kron_init(void **state, const mn_network *network, bool complex_values, mn_cancel *cancel, mn_error *error)
{
    (void)complex_values; /* never */
    return mn_kron_init(state, network, MN_KRON_FRONTS_AUTO, cancel, error);
}

static int refuse_conductance(mn_error *error, int64_t edge, double value)
{
    if (error != NULL) {
        error->edge = (int32_t)edge;
        error->value = value;
    }
    return mn_error_set(error, value < 0.0 && isfinite(value) ? MN_ERR_NEGATIVE_CONDUCTANCE : MN_ERR_CONDUCTANCE);
}

static inline bool allowed(double g)
{
    return g >= 0.0 && g <= MN_KRON_HUGE;
}

static int check_conductances(const mn_kron *kron, const double *conductance, mn_error *error)
{
    double bad = 0.0; /* a double, so that compilers turn the loop into vector instructions */
    for (int64_t e = 0; e < kron->schedule.n_edges; e++) {
        bad = allowed(conductance[e]) ? bad : 1.0;
    }
    for (int64_t e = 0; bad > 0.0 && e < kron->schedule.n_edges; e++) {
        if (!allowed(conductance[e])) {
            return refuse_conductance(error, e, conductance[e]);
        }
    }
    return MN_OK;
}

static int check_changed(const double *conductance, int64_t n_changed, const int32_t *changed, mn_error *error)
{
    for (int64_t i = 0; i < n_changed; i++) {
        if (!allowed(conductance[changed[i]])) {
            return refuse_conductance(error, changed[i], conductance[changed[i]]);
        }
    }
    return MN_OK;
}

static int kron_factor(void *state, const double *conductance, const double *imag, int64_t n_changed,
                       const int32_t *changed, mn_error *error)
{
    mn_kron *kron = state;
    const bool incremental = n_changed >= 0 && kron->factored;
    kron->factored = false;
    if (imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    const int ret = incremental ? check_changed(conductance, n_changed, changed, error)
                                : check_conductances(kron, conductance, error);
    if (ret != MN_OK) {
        return ret;
    }
    /* Dense fronts keep no updates, so with them every factor is a full one. */
    const bool gathers = kron->schedule.n_fronts == 0;
    if (!incremental || !gathers || !mn_kron_gather_changed(kron, conductance, n_changed, changed)) {
        /* Keeping the updates costs a stream of writes: only for callers that have said what changed before. */
        const bool keep = gathers && (n_changed >= 0 || kron->gather.ready);
        if (!mn_kron_scatter(kron, conductance, keep)) {
            return mn_error_set(error, MN_ERR_INTERRUPTED);
        }
    }
    kron->factored = true;
    return MN_OK;
}

static int kron_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                      const mn_solution *solution, mn_error *error)
{
    mn_kron *kron = state;
    if (!kron->factored) {
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
    mn_kron *kron = state;
    const int ret = mn_kron_solve_many(kron, n_replicas, conductance, boundary, solution, error);
    kron->factored = false;
    return ret;
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
    .init = kron_init,
    .factor = kron_factor,
    .solve = kron_solve,
    .solve_many = kron_solve_many,
    .info = kron_info,
    .free = kron_free,
};
