/* One step of the mean field's trace, shared by what follows it and what differentiates it. */
#ifndef THEORY_TRACE_H
#define THEORY_TRACE_H

#include "theory/traces.h"

/* The effective mean field (MF23 eq. 7-10) in terms of G = g_min (1 + chi <g>):
 *
 *     dG/dt = k exp(a_p v / G) (1 - (G - g_min) / range) - kappa_d0 exp(-a_d v / G) (G - g_min)
 *
 * with k = kappa_p0 range and a = eta g_min, which stays finite where g_min or 1 / range vanish and chi and eta do not.
 * An interval has one voltage: x = a v. In terms of <g> the equation is RateBalanceField of memnet.theory, whose
 * integral tests/test_theory_fit.py compares. */
typedef struct {
    double g_min, inverse_range, k_p, kappa_d0;
    double x_p, x_d;
} mn_mean_field;

/* What the end of a step depends on: the members of mn_mean_field in their order, then G at its start. */
enum { MN_BY_G_MIN, MN_BY_INVERSE_RANGE, MN_BY_K_P, MN_BY_KAPPA_D0, MN_BY_X_P, MN_BY_X_D, MN_BY_G, MN_DIRECTIONS };

/* Derivatives of the end of an accepted step of length h from g, the length held. Same formulas as trace.c's. */
void mn_differentiate_step(const mn_mean_field *field, double h, double g, double by[MN_DIRECTIONS]);

#endif
