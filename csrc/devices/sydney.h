/* What the junctions of the Sydney group share: a filament that is known by its flux linkage lambda (V s), which grows
 * above one voltage and decays below another (NWNSIM: the code of Hochstetter et al., Nat. Commun. 2021). */
#ifndef MN_SYDNEY_H
#define MN_SYDNEY_H

#include "devices/device.h"

#include <math.h>

/* The first fields of their tables, filled by sydney.def. */
enum { V_SET, V_RESET, LAMBDA_CRIT, LAMBDA_MAX, B, G_ON, G_OFF, N_COMMON };

/* An explicit Euler step of one filament, in the order of the published code: growth to the side of v, then decay
 * towards 0 and never past it, then the bound. */
static inline double mn_sydney_moved(double lambda, double v, double dt, double v_set, double v_reset, double b,
                                     double lambda_max)
{
    double size = fabs(v);
    double growth = size > v_set ? (size - v_set) * dt : 0.0;
    double grown = lambda + copysign(growth, v);
    double decay = size < v_reset ? b * (v_reset - size) * dt : 0.0;
    double left = fabs(grown) - decay;
    double kept = left < 0.0 ? 0.0 : left;
    double bounded = kept > lambda_max ? lambda_max : kept;
    return copysign(bounded, grown) + 0.0; /* 0 has no sign */
}

/* Writes moved[] of every member. */
void mn_sydney_move(const mn_population *population, const double *lambda, double dt, const double *v, double *moved);

#endif
