/* The solver's front: finds the backend by name and hands each call to it. */
#include "circuit/solver.h"

#include "base/cancel.h"
#include "base/threads.h"
#include "circuit/boundary.h"
#include "circuit/scaling.h"
#include "circuit/umfpack_state.h"

#include <math.h>
#include <string.h>

/* Fewer cost little, whatever is done with them. */
enum { MANY_ELECTRODES = 8 };

/* Edges that a thread looks at before it takes others. */
enum { EDGES_AT_ONCE = 4096 };

static const mn_solver_ops *find_backend(const char *name, bool complex_values)
{
    const mn_solver_ops *const backends[] = {&mn_kron_ops, &mn_kron_complex_ops, &mn_umfpack_ops};
    for (size_t k = 0; name != NULL && k < sizeof backends / sizeof backends[0]; k++) {
        const bool takes = complex_values ? backends[k]->takes_complex : backends[k]->takes_real;
        if (takes && strcmp(backends[k]->name, name) == 0) {
            return backends[k];
        }
    }
    return NULL;
}

int mn_solver_init(mn_solver *solver, const char *name, const mn_network *network, bool complex_values,
                   mn_cancel *cancel, mn_error *error)
{
    return mn_solver_init_ordered(solver, name, network, complex_values, MN_ORDER_AUTO, cancel, error);
}

static int init_backend(mn_solver *solver, const mn_solver_ops *ops, const mn_network *network, bool complex_values,
                        mn_order order, mn_cancel *cancel, mn_error *error)
{
    *solver = (mn_solver){.ops = ops, .network = network, .cancel = cancel};
    solver->accuracy = mn_accuracy_none();
    if (solver->ops == NULL) {
        return mn_error_set(error, MN_ERR_UNKNOWN_SOLVER);
    }
    if (network->n_electrodes < 1) {
        return mn_error_set(error, MN_ERR_NO_ELECTRODE);
    }
    int code = mn_scaling_init(&solver->scaling, network, complex_values);
    if (code != MN_OK) {
        return mn_error_set(error, code);
    }
    code = solver->ops->init(&solver->state, network, complex_values, order, cancel, error);
    if (code != MN_OK) {
        mn_scaling_free(solver->scaling);
        solver->scaling = NULL;
    }
    return code;
}

int mn_solver_init_ordered(mn_solver *solver, const char *name, const mn_network *network, bool complex_values,
                           mn_order order, mn_cancel *cancel, mn_error *error)
{
    return init_backend(solver, find_backend(name, complex_values), network, complex_values, order, cancel, error);
}

int mn_solver_init_driven(mn_solver *solver, const char *name, const mn_network *network, mn_order order,
                          mn_cancel *cancel, mn_error *error)
{
    const mn_solver_ops *ops = find_backend(name, false);
    if (ops == &mn_kron_ops && network->n_electrodes >= MANY_ELECTRODES) {
        const int code = init_backend(solver, &mn_kron_driven_ops, network, false, order, cancel, error);
        if (code != MN_ERR_UNSUPPORTED) {
            return code;
        }
        mn_error_clear(error);
    }
    return init_backend(solver, ops, network, false, order, cancel, error);
}

bool mn_solver_is_driven(const mn_solver *solver)
{
    return solver->ops == &mn_kron_driven_ops;
}

int mn_solver_init_directed(mn_solver *solver, const mn_network *network, int64_t n_transfers,
                            const mn_transfer *transfer, mn_cancel *cancel, mn_error *error)
{
    *solver = (mn_solver){.ops = &mn_umfpack_ops, .network = network, .cancel = cancel};
    solver->accuracy = mn_accuracy_none();
    int code = mn_scaling_init(&solver->scaling, network, false);
    if (code != MN_OK) {
        return mn_error_set(error, code);
    }
    const mn_transfers transfers = {.n = n_transfers, .transfer = transfer};
    code = mn_umfpack_init_directed(&solver->state, network, &transfers, cancel, error);
    if (code != MN_OK) {
        mn_scaling_free(solver->scaling);
        solver->scaling = NULL;
    }
    return code;
}

int mn_solver_use_threads(mn_solver *solver, mn_threads *threads, mn_error *error)
{
    const int code = solver->ops->use_threads == NULL ? MN_OK : solver->ops->use_threads(solver->state, threads);
    solver->has_factor = solver->has_factor && solver->ops->use_threads == NULL;
    solver->threads = code == MN_OK ? threads : NULL;
    return mn_error_set(error, code);
}

/* ------------------------------------------------------------------ factor */

static int factor_scaled(mn_solver *solver, const double *conductance, const double *imag, mn_error *error)
{
    mn_scaling *scaling = solver->scaling;
    if (imag != NULL && scaling->conductance[1] == NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    int code = mn_scale_conductances(scaling, conductance, imag, error);
    if (code != MN_OK) {
        return code;
    }
    code = solver->ops->factor(solver->state, scaling->conductance[0], imag == NULL ? NULL : scaling->conductance[1],
                               -1, NULL, error);
    if (code != MN_OK && error != NULL && error->edge >= 0) {
        const bool in_imag = imag != NULL && !isfinite(imag[error->edge]);
        error->value = in_imag ? imag[error->edge] : conductance[error->edge];
    }
    return code;
}

typedef struct {
    const double *x;
    atomic_bool any_strange;
} inspection;

static void look_at(void *context, int64_t begin, int64_t end)
{
    inspection *of = context;
    if (!mn_everyday(end - begin, of->x + begin)) {
        atomic_store(&of->any_strange, true);
    }
}

/* mn_everyday() of the conductances of all edges. */
static bool everyday_conductances(const mn_solver *solver, const double *conductance)
{
    inspection of = {.x = conductance};
    if (conductance != NULL) {
        mn_threads_run_ranges(solver->threads, look_at, &of, solver->network->n_edges, EDGES_AT_ONCE);
    }
    return !atomic_load(&of.any_strange);
}

int mn_solver_factor(mn_solver *solver, const double *conductance, const double *imag, int64_t n_changed,
                     const int32_t *changed, mn_error *error)
{
    if (solver->state == NULL) {
        return mn_error_set(error, MN_ERR_BUG);
    }
    const bool incremental = n_changed >= 0 && solver->has_factor && solver->scaling->shift == 0;
    const bool everyday =
        incremental ? mn_everyday_at(conductance, n_changed, changed) && mn_everyday_at(imag, n_changed, changed)
                    : everyday_conductances(solver, conductance) && everyday_conductances(solver, imag);
    int code;
    if (!incremental) {
        mn_threads_count_unit(solver->threads);
    }
    if (everyday) {
        mn_scaling_reset(solver->scaling);
        code = solver->ops->factor(solver->state, conductance, imag, incremental ? n_changed : -1, changed, error);
    } else {
        code = factor_scaled(solver, conductance, imag, error);
    }
    solver->has_factor = code == MN_OK;
    return code;
}

int mn_solver_factor_directed(mn_solver *solver, const double *conductance, const double *transfer, mn_error *error)
{
    const int code = mn_solver_factor(solver, conductance, NULL, -1, NULL, error);
    return code == MN_OK ? mn_umfpack_set_transfers(solver->state, transfer, solver->scaling->shift, error) : code;
}

/* ------------------------------------------------------------------ accuracy */

mn_accuracy mn_accuracy_none(void)
{
    return (mn_accuracy){.rcond = NAN, .error_bound = NAN, .underflow = false};
}

void mn_accuracy_join(mn_accuracy *worst, const mn_accuracy *accuracy)
{
    worst->rcond = fmin(worst->rcond, accuracy->rcond); /* of nan and a number the number */
    worst->error_bound = fmax(worst->error_bound, accuracy->error_bound);
    worst->underflow = worst->underflow || accuracy->underflow;
}

/* ------------------------------------------------------------------ solve */

static bool everyday_drives(const mn_network *network, const mn_boundary *boundary, const double *const injected[2])
{
    bool everyday = mn_everyday(network->n_nodes, injected[0]) && mn_everyday(network->n_nodes, injected[1]);
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        everyday = everyday && (boundary->role[e] == MN_FLOATING ||
                                (mn_everyday(1, boundary->value + e) &&
                                 mn_everyday(1, boundary->imag == NULL ? NULL : boundary->imag + e)));
    }
    return everyday;
}

/* The value that an error names, as the caller gave it. */
static void restore_value(const mn_solver *solver, const mn_boundary *boundary, const double *injected, int shift,
                          mn_error *error)
{
    if (error == NULL || !isfinite(error->value)) {
        return;
    }
    if (error->electrode >= 0) {
        error->value = boundary->value[error->electrode];
    } else if (error->node >= 0 && injected != NULL) {
        error->value = injected[error->node];
    } else {
        error->value = ldexp(error->value, -shift - solver->scaling->shift);
    }
}

static int solve_scaled(mn_solver *solver, const mn_boundary *boundary, const double *const injected[2],
                        const mn_solution *solution, mn_error *error)
{
    mn_scaling *scaling = solver->scaling;
    int shift = 0;
    if ((boundary->imag != NULL || injected[1] != NULL) && scaling->value[1] == NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    int code = mn_scale_drives(scaling, boundary, injected, &shift, error);
    if (code != MN_OK) {
        return code;
    }
    const mn_boundary scaled = {
        .role = boundary->role, .value = scaling->value[0], .imag = boundary->imag == NULL ? NULL : scaling->value[1]};
    code = solver->ops->solve(solver->state, &scaled, injected[0] == NULL ? NULL : scaling->injected[0],
                              injected[1] == NULL ? NULL : scaling->injected[1], solution, error);
    if (code != MN_OK) {
        restore_value(solver, boundary, injected[0], shift, error);
        return code;
    }
    return mn_unscale_solution(scaling, shift, solution, &solver->accuracy.underflow, error);
}

/* Of unscaled numbers, which are never so large that a current could overflow. */
bool mn_solver_currents_can_wait(const mn_solver *solver, const mn_boundary *boundary)
{
    const double *const injected[2] = {NULL, NULL};
    return mn_solver_is_driven(solver) && solver->scaling->shift == 0 &&
           everyday_drives(solver->network, boundary, injected);
}

int mn_solver_solve(mn_solver *solver, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                    const mn_solution *solution, mn_error *error)
{
    const double *const currents[2] = {injected, injected_imag};
    mn_solver_info info;
    if (solver->state == NULL) {
        return mn_error_set(error, MN_ERR_BUG);
    }
    if (!solver->has_factor) {
        return mn_error_set(error, MN_ERR_NO_FACTOR);
    }
    solver->accuracy = mn_accuracy_none();
    const bool scaled = solver->scaling->shift != 0 || !everyday_drives(solver->network, boundary, currents);
    const int code = scaled ? solve_scaled(solver, boundary, currents, solution, error)
                            : solver->ops->solve(solver->state, boundary, injected, injected_imag, solution, error);
    solver->ops->info(solver->state, &info);
    solver->accuracy.rcond = info.rcond;
    solver->accuracy.error_bound = info.error_bound;
    return code;
}

/* ------------------------------------------------------------------ many replicas */

static bool everyday_replicas(const mn_network *network, int64_t n_replicas, const double *conductance,
                              const mn_boundary *boundary)
{
    const double *const injected[2] = {NULL, NULL};
    bool everyday = mn_everyday(n_replicas * network->n_edges, conductance);
    for (int64_t r = 0; r < n_replicas && everyday; r++) {
        const mn_boundary own = mn_boundary_of(network, boundary, r);
        everyday = everyday_drives(network, &own, injected);
    }
    return everyday;
}

/* One after the other, each with its own scale and accuracy. */
static int solve_one_by_one(mn_solver *solver, int64_t n_replicas, const double *conductance,
                            const mn_boundary *boundary, const mn_solution *solution, mn_error *error)
{
    const mn_network *network = solver->network;
    mn_accuracy accuracy = mn_accuracy_none();
    int code = MN_OK;
    for (int64_t r = 0; r < n_replicas && code == MN_OK; r++) {
        const mn_boundary own_boundary = mn_boundary_of(network, boundary, r);
        const mn_solution own_solution = mn_solution_of(network, solution, r);
        mn_threads_begin(solver->threads);
        code = mn_solver_factor(solver, conductance + r * network->n_edges, NULL, -1, NULL, error);
        if (code == MN_OK) {
            code = mn_solver_solve(solver, &own_boundary, NULL, NULL, &own_solution, error);
        }
        mn_threads_end(solver->threads);
        if (code != MN_OK && error != NULL) {
            error->replica = r;
        }
        mn_accuracy_join(&accuracy, &solver->accuracy);
    }
    solver->accuracy = accuracy;
    return code;
}

int mn_solver_solve_many(mn_solver *solver, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                         const mn_solution *solution, mn_error *error)
{
    int code;
    if (solver->state == NULL) {
        return mn_error_set(error, MN_ERR_BUG);
    }
    if (boundary->imag != NULL || solution->potential_imag != NULL || solution->voltage_imag != NULL ||
        solution->current_imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    if (solver->ops->solve_many != NULL && everyday_replicas(solver->network, n_replicas, conductance, boundary)) {
        mn_scaling_reset(solver->scaling);
        solver->accuracy = mn_accuracy_none();
        code = solver->ops->solve_many(solver->state, n_replicas, conductance, boundary, solution, error);
    } else {
        code = solve_one_by_one(solver, n_replicas, conductance, boundary, solution, error);
    }
    solver->has_factor = false;
    return code;
}

int mn_solver_prepare_together(mn_solver *solver, mn_together *together, mn_error *error)
{
    *together = (mn_together){.possible = false};
    if (solver->ops->prepare_together == NULL) {
        return MN_OK;
    }
    return mn_error_set(error, solver->ops->prepare_together(solver->state, together));
}

void mn_solver_solve_together(mn_solver *solver, int64_t n, mn_replica *replica, const double *lanes)
{
    const double *const injected[2] = {NULL, NULL};
    bool everyday = true;
    for (int64_t l = 0; l < n; l++) {
        replica[l].is_solved = false;
        everyday = everyday && (replica[l].is_idle || everyday_drives(solver->network, &replica[l].boundary, injected));
    }
    if (everyday) {
        mn_scaling_reset(solver->scaling);
        solver->ops->solve_together(solver->state, n, replica, lanes);
    }
    solver->has_factor = false;
}

/* ------------------------------------------------------------------ terminals, life */

int mn_solver_terminal(mn_solver *solver, double *matrix, mn_error *error)
{
    const int64_t n = solver->network->n_electrodes;
    mn_pool pool = {0};
    uint8_t *role = mn_pool_alloc(&pool, n, sizeof(uint8_t));
    double *value = mn_pool_alloc(&pool, n, sizeof(double));
    double *current = mn_pool_alloc(&pool, n, sizeof(double));
    mn_accuracy accuracy = mn_accuracy_none();
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.current = current};
    int code = mn_error_set(error, pool.code);
    if (code != MN_OK) {
        goto out;
    }
    memset(role, MN_VOLTAGE, (size_t)n);
    for (int64_t j = 0; j < n; j++) {
        value[j] = 1.0;
        code = mn_cancelled(solver->cancel) ? mn_error_set(error, MN_ERR_INTERRUPTED)
                                            : mn_solver_solve(solver, &boundary, NULL, NULL, &solution, error);
        if (code != MN_OK) {
            goto out;
        }
        for (int64_t i = 0; i < n; i++) {
            matrix[i * n + j] = current[i];
        }
        value[j] = 0.0;
        mn_accuracy_join(&accuracy, &solver->accuracy);
    }
    solver->accuracy = accuracy;
out:
    mn_pool_free(&pool);
    return code;
}

void mn_solver_info_get(const mn_solver *solver, mn_solver_info *info)
{
    if (solver->state == NULL) {
        *info = (mn_solver_info){0};
    } else {
        solver->ops->info(solver->state, info);
        info->rcond = solver->accuracy.rcond;
        info->error_bound = solver->accuracy.error_bound;
        info->underflow = solver->accuracy.underflow;
        info->ill_conditioned = info->error_bound > MN_ERROR_BOUND;
    }
}

void mn_solver_free(mn_solver *solver)
{
    if (solver->state != NULL) {
        solver->ops->free(solver->state);
    }
    mn_scaling_free(solver->scaling);
    solver->scaling = NULL;
    solver->state = NULL;
}
