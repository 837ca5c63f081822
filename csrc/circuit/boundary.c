/* The electrodes' roles and currents, as every backend must find them, and those of one replica. */
#include "circuit/boundary.h"

#include <math.h>

/* Currents may miss zero by this part of the sum of their magnitudes: rounding of the caller's sums. */
#define SUM_TOLERANCE 1e-12

typedef struct {
    double sum;
    double magnitude;
} current_sum;

int mn_boundary_fail(mn_error *error, int code, int64_t electrode, int64_t node, double value)
{
    if (error != NULL) {
        error->electrode = (int32_t)electrode;
        error->node = (int32_t)node;
        error->value = value;
    }
    return mn_error_set(error, code);
}

static int check_drives(const mn_network *network, const mn_boundary *boundary, const double *value, current_sum *total,
                        mn_error *error)
{
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        if (boundary->role[e] == MN_FLOATING) {
            continue;
        }
        if (!isfinite(value[e])) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_DRIVE, e, -1, value[e]);
        }
        if (boundary->role[e] == MN_CURRENT) {
            total->sum += value[e];
            total->magnitude += fabs(value[e]);
        }
    }
    return MN_OK;
}

static int check_injected(const mn_network *network, const double *injected, current_sum *total, mn_error *error)
{
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (!isfinite(injected[i])) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_DRIVE, -1, i, injected[i]);
        }
        total->sum += injected[i];
        total->magnitude += fabs(injected[i]);
    }
    return MN_OK;
}

static int check_part(const mn_network *network, const mn_boundary *boundary, const double *value,
                      const double *injected, bool must_balance, mn_error *error)
{
    current_sum total = {0.0, 0.0};
    int code = check_drives(network, boundary, value, &total, error);
    if (code == MN_OK && injected != NULL) {
        code = check_injected(network, injected, &total, error);
    }
    if (code == MN_OK && must_balance && fabs(total.sum) > SUM_TOLERANCE * total.magnitude) {
        code = mn_boundary_fail(error, MN_ERR_CURRENT_SUM, -1, -1, total.sum);
    }
    return code;
}

int mn_boundary_check(const mn_network *network, const mn_boundary *boundary, const double *injected,
                      const double *injected_imag, int32_t *reference, mn_error *error)
{
    bool voltage = false, current = false;
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        voltage = voltage || boundary->role[e] == MN_VOLTAGE;
        current = current || boundary->role[e] == MN_CURRENT;
    }
    *reference = voltage ? -1 : 0;
    if (!voltage && !current) {
        return mn_error_set(error, MN_ERR_NO_DRIVE);
    }
    int code = check_part(network, boundary, boundary->value, injected, !voltage, error);
    if (code == MN_OK && boundary->imag != NULL) {
        code = check_part(network, boundary, boundary->imag, injected_imag, !voltage, error);
    }
    return code;
}

/* ------------------------------------------------------------------ replicas */

mn_boundary mn_boundary_of(const mn_network *network, const mn_boundary *boundary, int64_t replica)
{
    return (mn_boundary){.role = boundary->role, .value = boundary->value + replica * network->n_electrodes};
}

static double *part_of(double *array, int64_t replica, int64_t width)
{
    return array == NULL ? NULL : array + replica * width;
}

mn_solution mn_solution_of(const mn_network *network, const mn_solution *solution, int64_t replica)
{
    return (mn_solution){.potential = part_of(solution->potential, replica, network->n_nodes),
                         .voltage = part_of(solution->voltage, replica, network->n_electrodes),
                         .current = part_of(solution->current, replica, network->n_electrodes),
                         .conductance = part_of(solution->conductance, replica, 1)};
}
