/* The law of a linear drift memristor whose window holds the boundary between its ends, as an equation for the logit
 * s = ln(x / (1 - x)) of the doped fraction: there the ends are infinitely far, and no step reaches them. */
#ifndef MN_DRIFT_LAW_H
#define MN_DRIFT_LAW_H

#include "memnet.h"

/* What slows the boundary down near its ends. */
#define MN_WINDOWS "none|strukov|joglekar"
enum { NONE, STRUKOV, JOGLEKAR };

/* joglekar: (2 x - 1)^(2 p) as a power of the square; p = 1, the usual one, needs no logarithm. Again as a function of
 * the logit, f / (x (1 - x)), in drift_law.c. */
static inline double mn_drift_window(double window, double p, double x)
{
    if (window == STRUKOV) {
        return x * (1.0 - x);
    }
    if (window == JOGLEKAR) {
        double square = (2.0 * x - 1.0) * (2.0 * x - 1.0);
        return 1.0 - (p == 1.0 ? square : mn_exp1(p * mn_log1(square)));
    }
    return 1.0;
}

/* Its derivative. */
static inline double mn_drift_window_slope(double window, double p, double x)
{
    double middle = 2.0 * x - 1.0;
    if (window == STRUKOV) {
        return -middle;
    }
    if (window == JOGLEKAR) {
        double power = p == 1.0 ? 1.0 : middle == 0.0 ? 0.0 : mn_exp1((p - 1.0) * mn_log1(middle * middle));
        return -4.0 * p * middle * power;
    }
    return 0.0;
}

/* Strukov 2008 eq. 5 (ohm): doped and undoped region in series; undoped is 1 - doped. */
static inline double mn_drift_resistance(double r_on, double r_off, double doped, double undoped)
{
    return r_on * doped + r_off * undoped;
}

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
