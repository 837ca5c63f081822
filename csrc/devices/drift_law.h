/* The law of a linear drift memristor whose window holds the boundary between its ends, as an equation for the logit
 * s = ln(x / (1 - x)) of the doped fraction: there the ends are infinitely far, and no step reaches them. */
#ifndef MN_DRIFT_LAW_H
#define MN_DRIFT_LAW_H

#include "devices/linear_drift.h"

#include <math.h>

/* dx/dt = (push / r(x) + rate (level - x)) f(x) - decay x, r(x) = r_on x + r_off (1 - x). */
typedef struct {
    double r_on, r_off; /* ohm */
    double window;      /* STRUKOV or JOGLEKAR */
    double p;           /* 1 */
    double push;        /* (mu r_on / d^2) v, ohm/s */
    double level, rate; /* what x relaxes to, and how fast (1/s) */
    double decay;       /* 1/s */
} mn_drift_law;

/* Where Euler's step would end nearer to an end than this, or beyond it, it is taken exactly. */
#define MN_TOUCHES_END 0x1p-48
/* Beyond 1 - MN_ROUNDED x loses too much of steps that are shorter than MN_LOST: they are taken exactly, too. */
#define MN_ROUNDED 0x1p-26
#define MN_LOST 0x1p-45
/* Beyond 1 - MN_NEAR_ONE many short steps would round x too often. */
#define MN_NEAR_ONE 0x1p-18
/* A step is short that covers less than this share of what is left to the nearer end. */
#define MN_SHORT (1.0 / 64.0)
/* After an exact step all steps are exact until the boundary is this far from the end. */
#define MN_CLEAR_OF_END 0.0625
/* Where a device goes that is put exactly on an end and may leave it. */
#define MN_FARTHEST_LOGIT 700.0

/* The state that stands beside a doped fraction of that name. */
#define MN_LOGIT_FIELD(fraction)                                                                                       \
    {                                                                                                                  \
        .name = "logit", .unit = "1",                                                                                  \
        .doc = "ln(" fraction " / (1 - " fraction ")) where a window has brought " fraction                            \
               " nearer to an end than " fraction " itself can tell, 0 elsewhere",                                     \
        .role = MN_STATE, .initial = 0.0, .low = -INFINITY, .high = INFINITY, .bounds = "()"                           \
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

/* Whether a step at a constant push moves x by so little of what is left to either end that the classical rule of Runge
 * and Kutta is as good as exact. Drift and decay each count: where they cancel, a step may yet be stiff. */
bool mn_drift_is_short(const mn_drift_law *law, double x, double dt);
/* x after a short step. */
double mn_drift_short(const mn_drift_law *law, double x, double dt);
/* Logit of the state x; `kept` is what the last step left of it, 0 where that was Euler's. */
double mn_drift_logit(double x, double kept);
/* Writes the state of a logit: x, and what must be kept beside it. */
void mn_drift_place(double s, double *x, double *kept);
/* Logit after dt at a constant push, exact but for rounding and quadrature: 1e-9 of dt, and towards a rest 1e-8 of the
 * logit. */
double mn_drift_after(const mn_drift_law *law, double s, double dt);

#endif
