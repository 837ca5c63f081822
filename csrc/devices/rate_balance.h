/* What the models that balance potentiation against depression share: RateBalance and StochasticRateBalance. */
#ifndef MN_RATE_BALANCE_H
#define MN_RATE_BALANCE_H

#include "devices/device.h"
#include "devices/relax.h"

/* The first fields of their tables, filled by rate_balance.def. */
enum { KAPPA_P0, KAPPA_D0, ETA_P, ETA_D, G_MIN, G_MAX, G_INITIAL, N_COMMON };

/* Writes field[state] from g_initial, or from the equilibrium at 0 V. */
int mn_rate_balance_init(mn_population *population, int64_t state) MN_CHECKED;
void mn_rate_balance_conductance(const mn_population *population, int64_t state, double *conductance_of);
/* Writes next[state], the exact solution after dt at v (PNN25 eq. 9), and leaves in work space what it needed:
 * work[0] = exp(-(kP + kD) dt), work[2] = -(kP + kD) dt, work[3] = kP / (kP + kD). */
void mn_rate_balance_relax(mn_population *population, int64_t state, double dt, const double *v);

#endif
