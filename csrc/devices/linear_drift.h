/* What the linear drift memristors share: a current moves the boundary of a doped region, which covers the fraction x
 * of the device (Strukov et al., Nature 2008, 453, 80). */
#ifndef MN_LINEAR_DRIFT_H
#define MN_LINEAR_DRIFT_H

#include "devices/device.h"

/* The first fields of their tables; all but WINDOW are filled by linear_drift.def. */
enum { R_ON, R_OFF, MU, D, WINDOW, P, N_COMMON };

#define MN_WINDOWS "none|strukov|joglekar"
enum { NONE, STRUKOV, JOGLEKAR }; /* WINDOW */

/* Strukov 2008 eq. 5: doped and undoped region in series. */
static inline double mn_drift_conductance(double r_on, double r_off, double x)
{
    return 1.0 / (r_on * x + r_off * (1.0 - x));
}

/* How far (1/C) a charge moves a member's boundary, before the window. */
static inline double mn_drift_per_charge(const mn_population *population, int64_t k)
{
    double *const *field = population->field;
    return field[MU][k] * field[R_ON][k] / (field[D][k] * field[D][k]);
}

/* Strukov 2008 eq. 6: the rate (1/s) at which a member's boundary moves at v, before the window. */
static inline double mn_drift(const mn_population *population, int64_t k, double x, double v)
{
    double *const *field = population->field;
    double current = mn_drift_conductance(field[R_ON][k], field[R_OFF][k], x) * v;
    return mn_drift_per_charge(population, k) * current;
}

/* joglekar: (2 x - 1)^(2 p) as a power of the square; p = 1, the usual one, needs no logarithm. */
static inline double mn_drift_window(const mn_population *population, int64_t k, double x)
{
    double window = population->field[WINDOW][k];
    if (window == STRUKOV) {
        return x * (1.0 - x);
    }
    if (window == JOGLEKAR) {
        double p = population->field[P][k];
        double square = (2.0 * x - 1.0) * (2.0 * x - 1.0);
        return 1.0 - (p == 1.0 ? square : mn_exp1(p * mn_log1(square)));
    }
    return 1.0;
}

/* The boundary stops at the ends of the device. */
static inline double mn_drift_bounded(double x)
{
    double above = x < 0.0 ? 0.0 : x;
    return above > 1.0 ? 1.0 : above;
}

/* Writes the conductance of every member from field[state]. */
void mn_linear_drift_conductance(const mn_population *population, int64_t state, double *g);

#endif
