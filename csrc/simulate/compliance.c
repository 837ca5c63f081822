/* Limits of currents where potentials are found by Newton's method: rounds of balances (circuit/limits.h). */
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

/* Rounds, beside one of each electrode: a round of balances costs much more than one of conductances. */
enum { MOST_BALANCES = 200 };

/* Which electrodes are at their limits when the rounds begin. One of them must lead to a balance: a voltage that an
 * exponential law cannot bear, or a charge that would jump, is no obstacle at the limit, nor the reverse. Where a
 * current falls with its voltage there are several balances at the limit, and the one on the way up from 0 V is not
 * beyond the voltage. */
typedef enum { AS_THEY_WERE, NONE, ALL, GUESSES } guess;

/* The boundary that is asked for. */
static mn_boundary given(const mn_simulation *simulation)
{
    return (mn_boundary){.role = simulation->engine->role_now, .value = simulation->engine->value_now};
}

static void begin(mn_simulation *simulation, guess which)
{
    mn_limits *limits = &simulation->engine->newton->limits;
    const mn_boundary boundary = given(simulation);
    for (int64_t e = 0; e < limits->n_electrodes && which != AS_THEY_WERE; e++) {
        const double value = boundary.value[e];
        limits->side[e] = which == NONE ? 0 : (int8_t)((value > 0.0) - (value < 0.0));
    }
    if (which == ALL) {
        memset(simulation->engine->newton->potential, 0, (size_t)simulation->network->n_nodes * sizeof(double));
    }
    mn_limits_resume(limits, &boundary);
}

/* A charge that is held carries nothing before it is asked to. */
static void release_charges(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    for (int64_t p = 0; p < simulation->n_populations && newton->charges == MN_CHARGES_HELD; p++) {
        const size_t size = (size_t)simulation->population[p].n * sizeof(double);
        memset(newton->members[p].moved, 0, size);
        memset(newton->members[p].before, 0, size);
    }
}

/* The balance for the roles and values that are set, and what charges in loops carry then. */
static int balance_set(mn_simulation *simulation, mn_error *error)
{
    const mn_newton *newton = simulation->engine->newton;
    int code = mn_newton_balance_given(simulation, error);
    const bool has_loops = newton->charges == MN_CHARGES_HELD && newton->has_charge_loops;
    return code == MN_OK && has_loops ? mn_charge_loops_balance(simulation, error) : code;
}

static int go_round(mn_simulation *simulation, guess which, mn_error *error)
{
    const mn_newton *newton = simulation->engine->newton;
    mn_limits *limits = &simulation->engine->newton->limits;
    const mn_boundary boundary = given(simulation), trial = {.role = limits->role, .value = limits->value};
    begin(simulation, which);
    for (bool again = true; again;) {
        release_charges(simulation);
        int code = mn_newton_set_boundary(simulation, &trial, error);
        if (code == MN_OK) {
            code = balance_set(simulation, error);
        }
        if (code == MN_OK) {
            mn_read_electrodes(simulation->network, newton->potential, newton->into, limits->voltage, limits->current);
            code = mn_limits_turn(limits, &boundary, &again, error);
        }
        if (code == MN_OK && again && limits->n_rounds >= MOST_BALANCES + limits->n_electrodes) {
            error->electrode = limits->turned;
            code = mn_error_set(error, MN_ERR_LIMITS);
        }
        if (code != MN_OK) {
            return code;
        }
    }
    return MN_OK;
}

static bool another_may_do(int code)
{
    return code == MN_ERR_NO_BALANCE || code == MN_ERR_CHARGE_LOOP || code == MN_ERR_LIMITS;
}

int mn_newton_balance(mn_simulation *simulation, mn_error *error)
{
    if (!simulation->engine->has_limits) {
        return balance_set(simulation, error);
    }
    int code = go_round(simulation, AS_THEY_WERE, error);
    for (guess which = NONE; which < GUESSES && another_may_do(code); which++) {
        mn_error_clear(error);
        code = go_round(simulation, which, error);
    }
    return code;
}
