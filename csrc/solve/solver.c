/* The solver's front: finds the backend by name and hands each call to it. */
#include "solver.h"

#include "base/cancel.h"

#include <string.h>

static const mn_solver_ops *find_backend(const char *name)
{
    const mn_solver_ops *const backends[] = {&mn_kron_ops, &mn_umfpack_ops};
    for (size_t k = 0; name != NULL && k < sizeof backends / sizeof backends[0]; k++) {
        if (strcmp(backends[k]->name, name) == 0) {
            return backends[k];
        }
    }
    return NULL;
}

int mn_solver_init(mn_solver *solver, const char *name, const mn_network *network, bool complex_values,
                   mn_cancel *cancel, mn_error *error)
{
    *solver = (mn_solver){.ops = find_backend(name), .state = NULL, .network = network, .cancel = cancel};
    if (solver->ops == NULL) {
        return mn_error_set(error, MN_ERR_UNKNOWN_SOLVER);
    }
    if (network->n_electrodes < 1) {
        return mn_error_set(error, MN_ERR_NO_ELECTRODE);
    }
    return solver->ops->init(&solver->state, network, complex_values, cancel, error);
}

int mn_solver_factor(mn_solver *solver, const double *conductance, const double *imag, int64_t n_changed,
                     const int32_t *changed, mn_error *error)
{
    if (solver->state == NULL) {
        return mn_error_set(error, MN_ERR_BUG);
    }
    return solver->ops->factor(solver->state, conductance, imag, n_changed, changed, error);
}

int mn_solver_solve(mn_solver *solver, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                    const mn_solution *solution, mn_error *error)
{
    if (solver->state == NULL) {
        return mn_error_set(error, MN_ERR_BUG);
    }
    return solver->ops->solve(solver->state, boundary, injected, injected_imag, solution, error);
}

mn_boundary mn_boundary_row(const mn_network *network, const mn_boundary *boundary, int64_t replica)
{
    return (mn_boundary){.role = boundary->role, .value = boundary->value + replica * network->n_electrodes};
}

static double *row_of(double *array, int64_t replica, int64_t width)
{
    return array == NULL ? NULL : array + replica * width;
}

mn_solution mn_solution_row(const mn_network *network, const mn_solution *solution, int64_t replica)
{
    return (mn_solution){.potential = row_of(solution->potential, replica, network->n_nodes),
                         .voltage = row_of(solution->voltage, replica, network->n_electrodes),
                         .current = row_of(solution->current, replica, network->n_electrodes),
                         .conductance = row_of(solution->conductance, replica, 1)};
}

int mn_solver_solve_each(const mn_solver_ops *ops, void *state, const mn_network *network, int64_t first, int64_t end,
                         const double *conductance, const mn_boundary *boundary, const mn_solution *solution,
                         mn_error *error)
{
    for (int64_t r = first; r < end; r++) {
        const mn_boundary own_boundary = mn_boundary_row(network, boundary, r);
        const mn_solution own_solution = mn_solution_row(network, solution, r);
        int ret = ops->factor(state, conductance + r * network->n_edges, NULL, -1, NULL, error);
        if (ret == MN_OK) {
            ret = ops->solve(state, &own_boundary, NULL, NULL, &own_solution, error);
        }
        if (ret != MN_OK) {
            if (error != NULL) {
                error->replica = r;
            }
            return ret;
        }
    }
    return MN_OK;
}

int mn_solver_solve_many(mn_solver *solver, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                         const mn_solution *solution, mn_error *error)
{
    if (solver->state == NULL) {
        return mn_error_set(error, MN_ERR_BUG);
    }
    if (boundary->imag != NULL || solution->potential_imag != NULL || solution->voltage_imag != NULL ||
        solution->current_imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    if (solver->ops->solve_many != NULL) {
        return solver->ops->solve_many(solver->state, n_replicas, conductance, boundary, solution, error);
    }
    return mn_solver_solve_each(solver->ops, solver->state, solver->network, 0, n_replicas, conductance, boundary,
                                solution, error);
}

int mn_solver_terminal(mn_solver *solver, double *matrix, mn_error *error)
{
    int ret = MN_OK;
    const int64_t n = solver->network->n_electrodes;
    uint8_t *role = mn_alloc(n, sizeof(uint8_t));
    double *value = mn_alloc(n, sizeof(double));
    double *current = mn_alloc(n, sizeof(double));
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.current = current};

    if (role == NULL || value == NULL || current == NULL) {
        ret = mn_error_set(error, MN_ERR_NO_MEMORY);
        goto out;
    }
    memset(role, MN_VOLTAGE, (size_t)n);
    for (int64_t j = 0; j < n; j++) {
        value[j] = 1.0;
        ret = mn_cancelled(solver->cancel) ? mn_error_set(error, MN_ERR_INTERRUPTED)
                                           : mn_solver_solve(solver, &boundary, NULL, NULL, &solution, error);
        if (ret != MN_OK) {
            goto out;
        }
        for (int64_t i = 0; i < n; i++) {
            matrix[i * n + j] = current[i];
        }
        value[j] = 0.0;
    }
out:
    mn_dealloc(role);
    mn_dealloc(value);
    mn_dealloc(current);
    return ret;
}

void mn_solver_info_get(const mn_solver *solver, mn_solver_info *info)
{
    *info = (mn_solver_info){0};
    if (solver->state != NULL) {
        solver->ops->info(solver->state, info);
    }
}

void mn_solver_free(mn_solver *solver)
{
    if (solver->state != NULL) {
        solver->ops->free(solver->state);
    }
    solver->state = NULL;
}
