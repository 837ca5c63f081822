/* What the models that balance potentiation against depression share: RateBalance and StochasticRateBalance. */
#ifndef MN_RATE_BALANCE_H
#define MN_RATE_BALANCE_H

#include "devices/device.h"

/* The first fields of their tables, filled by rate_balance.def. */
enum { KAPPA_P0, KAPPA_D0, ETA_P, ETA_D, G_MIN, G_MAX, G_INITIAL, N_COMMON };

/* Writes field[state] from g_initial, or from the equilibrium at 0 V. */
int mn_rate_balance_init(mn_population *population, int64_t state) MN_CHECKED;
void mn_rate_balance_conductance(const mn_population *population, int64_t state, double *conductance_of);
/* Writes next[state], the exact solution after dt at v (PNN25 eq. 9), and leaves in work space what it needed:
 * work[0] = exp(-(kP + kD) dt), work[2] = -(kP + kD) dt, work[3] = kP / (kP + kD). */
void mn_rate_balance_relax(mn_population *population, int64_t state, double dt, const double *v);

/* 1 - exp(-x) for 0 <= x < MN_SMALL_EXPONENT, where the subtraction would cancel; what is left out is below 5e-17 of
 * it. */
#define MN_SMALL_EXPONENT (1.0 / 128.0)
static inline double mn_one_minus_exp_small(double x)
{
    double series = 1.0 / 24.0 - x * (1.0 / 120.0 - x * (1.0 / 720.0));
    return x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * series)));
}

#endif
