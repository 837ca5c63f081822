/* Compliance as a linear complementarity problem: electrode e has the current I_e in [-L_e, L_e], and its voltage
 * differs from the given one only at an end of that, below it at L_e, above it at -L_e. With conductances >= 0 voltages
 * rise with currents (the matrix is positive definite), so there is one solution.
 *
 * Rounds that turn all electrodes which disagree find it nearly always at once. Should they not, turning only the first
 * one that disagrees ends (Murty, Opsearch 1974, 11, 123; so it is for ranges): with the ones before an electrode
 * settled, its voltage rises with its current, so from its limit it goes to its voltage once and perhaps to the other
 * limit, and never back. */
#include "circuit/limits.h"

#include <math.h>
#include <string.h>

/* What rounding may leave, as a part of the limit and of the largest voltage. */
#define SLACK 1e-12

enum { ALL_AT_ONCE = 20, MOST_ROUNDS = 10000 };

int mn_limits_init(mn_limits *limits, int64_t n_electrodes)
{
    memset(limits, 0, sizeof(*limits));
    mn_pool *pool = &limits->pool;
    limits->n_electrodes = n_electrodes;
    limits->limit = mn_pool_alloc(pool, n_electrodes, sizeof(*limits->limit));
    limits->side = mn_pool_alloc(pool, n_electrodes, sizeof(*limits->side));
    limits->role = mn_pool_alloc(pool, n_electrodes, sizeof(*limits->role));
    limits->value = mn_pool_alloc(pool, n_electrodes, sizeof(*limits->value));
    limits->voltage = mn_pool_alloc(pool, n_electrodes, sizeof(*limits->voltage));
    limits->current = mn_pool_alloc(pool, n_electrodes, sizeof(*limits->current));
    for (int64_t e = 0; pool->code == MN_OK && e < n_electrodes; e++) {
        limits->limit[e] = INFINITY;
    }
    return pool->code;
}

void mn_limits_free(mn_limits *limits)
{
    mn_pool_free(&limits->pool);
    memset(limits, 0, sizeof(*limits));
}

/* The boundary with the electrodes at their limits. */
static void set_boundary(mn_limits *limits, const mn_boundary *boundary)
{
    for (int64_t e = 0; e < limits->n_electrodes; e++) {
        limits->role[e] = limits->side[e] == 0 ? boundary->role[e] : (uint8_t)MN_CURRENT;
        limits->value[e] = limits->side[e] == 0 ? boundary->value[e] : limits->side[e] * limits->limit[e];
    }
}

static double largest_voltage(const mn_limits *limits)
{
    double largest = 0.0;
    for (int64_t e = 0; e < limits->n_electrodes; e++) {
        largest = fabs(limits->voltage[e]) > largest ? fabs(limits->voltage[e]) : largest; /* nan is not */
    }
    return largest;
}

/* Where an electrode belongs by the voltage and the current that were found. */
static int8_t side_of(const mn_limits *limits, int64_t e, double given, double slack)
{
    double limit = limits->limit[e] * (1.0 + SLACK), current = limits->current[e];
    double above = limits->voltage[e] - given;
    if (limits->side[e] != 0) {
        return limits->side[e] * above > slack ? 0 : limits->side[e];
    }
    return (int8_t)((current > limit) - (current < -limit));
}

void mn_limits_begin(mn_limits *limits, const mn_boundary *boundary)
{
    limits->n_rounds = 0;
    memset(limits->side, 0, (size_t)limits->n_electrodes * sizeof(*limits->side));
    set_boundary(limits, boundary);
}

void mn_limits_resume(mn_limits *limits, const mn_boundary *boundary)
{
    limits->n_rounds = 0;
    for (int64_t e = 0; e < limits->n_electrodes; e++) {
        if (boundary->role[e] != MN_VOLTAGE || !isfinite(limits->limit[e])) {
            limits->side[e] = 0;
        }
    }
    set_boundary(limits, boundary);
}

int mn_limits_turn(mn_limits *limits, const mn_boundary *boundary, bool *again, mn_error *error)
{
    const double slack = SLACK * largest_voltage(limits);
    const bool all = limits->n_rounds < ALL_AT_ONCE;
    *again = false;
    for (int64_t e = 0; e < limits->n_electrodes && (all || !*again); e++) {
        if (boundary->role[e] == MN_VOLTAGE && isfinite(limits->limit[e])) {
            const int8_t side = side_of(limits, e, boundary->value[e], slack);
            limits->turned = side != limits->side[e] ? (int32_t)e : limits->turned;
            *again = *again || side != limits->side[e];
            limits->side[e] = side;
        }
    }
    set_boundary(limits, boundary);
    limits->n_rounds++;
    if (*again && limits->n_rounds == MOST_ROUNDS) {
        error->electrode = limits->turned;
        return mn_error_set(error, MN_ERR_LIMITS);
    }
    return MN_OK;
}

int mn_limits_solve(mn_limits *limits, mn_solver *solver, const mn_boundary *boundary, const double *injected,
                    const mn_solution *solution, mn_error *error)
{
    const mn_boundary trial = {.role = limits->role, .value = limits->value};
    const mn_solution ends = {.voltage = limits->voltage, .current = limits->current};
    mn_limits_begin(limits, boundary);
    for (bool again = true; again;) {
        int code = mn_solver_solve(solver, &trial, injected, NULL, &ends, error);
        if (code == MN_OK) {
            code = mn_limits_turn(limits, boundary, &again, error);
        }
        if (code != MN_OK) {
            return code;
        }
    }
    return mn_solver_solve(solver, &trial, injected, NULL, solution, error);
}
