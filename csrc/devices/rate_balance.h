/* What the models that balance potentiation against depression share: RateBalance and StochasticRateBalance. */
#ifndef MN_RATE_BALANCE_H
#define MN_RATE_BALANCE_H

#include "devices/device.h"
#include "devices/relax.h"

/* The first fields of their tables, filled by rate_balance.def. */
enum { KAPPA_P0, KAPPA_D0, ETA_P, ETA_D, G_MIN, G_MAX, G_INITIAL, N_COMMON };

/* Their scratch: exp(-x), the exponential of depression, -x and g_inf, with x = (kP + kD) dt, g_inf = kP / (kP + kD).
 */
enum { DECAY, DEPRESSION, MINUS_X, G_INF, N_SCRATCH };

/* Writes field[state] from g_initial, or from the equilibrium at 0 V. */
int mn_rate_balance_init(mn_population *population, int64_t state) MN_CHECKED;
void mn_rate_balance_conductance(const mn_population *population, int64_t state, const mn_step *step);
/* Writes next[state], the exact solution after dt at v (PNN25 eq. 9), and leaves in scratch what it needed. The same
 * law for one edge, for fits and with derivatives: theory/trace.c; as a mean field: memnet.theory. */
void mn_rate_balance_relax(mn_population *population, int64_t state, const mn_step *step);
/* The differential equation of field[state], without noise. */
void mn_rate_balance_linearise(mn_population *population, int64_t state, const mn_step *step, const mn_linear *linear);

#endif
