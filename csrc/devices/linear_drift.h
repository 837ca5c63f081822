/* What the linear drift memristors share: a current moves the boundary of a doped region, which covers the fraction x
 * of the device (Strukov et al., Nature 2008, 453, 80). */
#ifndef MN_LINEAR_DRIFT_H
#define MN_LINEAR_DRIFT_H

#include "devices/device.h"
#include "devices/drift_law.h"

#include <math.h>

/* The first fields of their tables; all but WINDOW are filled by linear_drift.def. */
enum { R_ON, R_OFF, MU, D, WINDOW, P, N_COMMON };

/* The state that stands beside a doped fraction of that name. */
#define MN_LOGIT_FIELD(fraction)                                                                                       \
    {                                                                                                                  \
        "logit", "1", .role = MN_STATE, MN_FINITE, .initial = 0.0,                                                     \
                      .doc = "ln(" fraction " / (1 - " fraction ")) where a window has brought " fraction              \
                             " nearer to an end than " fraction " itself can tell, 0 elsewhere"                        \
    }

static inline double mn_drift_conductance(double r_on, double r_off, double x)
{
    return 1.0 / mn_drift_resistance(r_on, r_off, x, 1.0 - x);
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

/* The law of member k but for what its model adds. */
static inline mn_drift_law mn_drift_law_of(const mn_population *population, int64_t k, double push)
{
    double *const *field = population->field;
    return (mn_drift_law){
        .r_on = field[R_ON][k], .r_off = field[R_OFF][k], .window = field[WINDOW][k], .p = field[P][k], .push = push};
}

static inline double mn_drift_push(const mn_population *population, int64_t k, double v)
{
    return mn_drift_per_charge(population, k) * v;
}

/* Whether a step of a member from x to `moved` (which may lie outside the device) is to be taken exactly instead. A
 * member that was put on an end, of which the last step kept nothing, stays there. */
static inline bool mn_drift_is_near_end(const mn_population *population, int64_t k, double x, double kept, double moved)
{
    bool held = kept == 0.0 && moved == x && (x == 0.0 || x == 1.0);
    if (population->field[WINDOW][k] == NONE || held) {
        return false;
    }
    double distance = moved < 0.5 ? moved : 1.0 - moved;
    return kept != 0.0 || distance < MN_TOUCHES_END || (x > 1.0 - MN_ROUNDED && fabs(moved - x) < MN_LOST);
}

/* The boundary stops at the ends of the device. */
static inline double mn_drift_bounded(double x)
{
    double above = x < 0.0 ? 0.0 : x;
    return above > 1.0 ? 1.0 : above;
}

/* Where the ends of its range hold a state, it does not move. */
static inline bool mn_drift_is_held(double x, double rate)
{
    return (x <= 0.0 && rate < 0.0) || (x >= 1.0 && rate > 0.0);
}

/* Writes current, drift l (1/s) and their derivatives of member k, whose boundary is at field[state]. */
static inline void mn_drift_linearise(const mn_population *population, int64_t state, int64_t k, double v,
                                      const mn_linear *linear, double *l, double *l_x, double *l_v)
{
    double *const *field = population->field;
    double conductance = mn_drift_conductance(field[R_ON][k], field[R_OFF][k], field[state][k]);
    double per_charge = mn_drift_per_charge(population, k);
    linear->i[k] = conductance * v;
    linear->i_v[k] = conductance;
    linear->i_x[state][k] = (field[R_OFF][k] - field[R_ON][k]) * conductance * linear->i[k];
    *l = per_charge * linear->i[k];
    *l_x = per_charge * linear->i_x[state][k];
    *l_v = per_charge * conductance;
}

/* A state that adaptive steps do without. */
static inline void mn_drift_still(int64_t state, int64_t k, const mn_linear *linear)
{
    linear->f[state][k] = linear->f_x[state][k] = linear->f_v[state][k] = linear->i_x[state][k] = 0.0;
}

/* Writes the conductance of every member from field[state]. */
static inline void mn_drift_conductances(const mn_population *population, int64_t state, const mn_step *step)
{
    const double *r_on = population->field[R_ON];
    const double *r_off = population->field[R_OFF];
    const double *x = population->field[state];
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = mn_drift_conductance(r_on[k], r_off[k], x[k]);
    }
}

#endif
