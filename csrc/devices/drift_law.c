/* Windowed drift in the logit, at a constant voltage. ds/dt = S(s) has no time in it, so dt is the integral of ds / S:
 * quadrature along s, panel by panel, and a root in the last one. A rest, S = 0, is infinitely far in time: panels
 * halve before it. */
#include "devices/drift_law.h"

#include "devices/relax.h"

#include <math.h>

/* A panel's greatest width: integrands have no singularity nearer to the real axis than pi / 2. */
static const double panel = 0.5;
/* Bounds what a call can cost; 2 FARTHEST_LOGIT panels and the halvings before a rest are fewer. */
enum { MAX_PANELS = 4096, MAX_NEWTON = 12 };
static const double farthest = 1e300;

double mn_drift_logit(double x, double kept)
{
    double kept_x, again;
    if (kept != 0.0) {
        mn_drift_place(kept, &kept_x, &again);
        if (kept_x == x) {
            return kept;
        }
    }
    if (x <= 0.0 || x >= 1.0) {
        return x <= 0.0 ? -MN_FARTHEST_LOGIT : MN_FARTHEST_LOGIT;
    }
    return mn_log1(x) - mn_log1(1.0 - x);
}

void mn_drift_place(double s, double *x, double *kept)
{
    double e = mn_exp1(-fabs(s));
    double nearer = e / (1.0 + e);
    *x = s < 0.0 ? nearer : 1.0 / (1.0 + e);
    *kept = nearer < MN_CLEAR_OF_END ? s : 0.0;
}

/* mn_drift_window / (x (1 - x)) with e = exp(-|s|): 1 for strukov; joglekar's is 4 at x = 1/2 and 4 p at the ends. */
static double steepness(const mn_drift_law *law, double e)
{
    if (law->window == STRUKOV) {
        return 1.0;
    }
    if (law->p == 1.0) {
        return 4.0;
    }
    if (law->p * e < 0x1p-60) {
        return 4.0 * law->p;
    }
    double square = e * e; /* -ln |2 x - 1| = 2 atanh(e) */
    double logarithm = e < 0x1p-9 ? 2.0 * e * (1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square / 7.0)))
                                  : -mn_log1((1.0 - e) / (1.0 + e));
    double exponent = 2.0 * law->p * logarithm;
    double f = exponent < MN_SMALL_EXPONENT ? mn_one_minus_exp_small(exponent) : 1.0 - mn_exp1(-exponent);
    return f * (1.0 + e) * (1.0 + e) / e;
}

/* ds/dt (1/s) where x is doped and the rest undoped; e is the smaller of them over the larger. */
static double speed_at(const mn_drift_law *law, double x, double undoped, double e)
{
    double resistance = mn_drift_resistance(law->r_on, law->r_off, x, undoped);
    double relaxation = law->rate * (x < undoped ? law->level - x : undoped - (1.0 - law->level));
    return (law->push / resistance + relaxation) * steepness(law, e) - (law->decay > 0.0 ? law->decay / undoped : 0.0);
}

static double speed(const mn_drift_law *law, double s)
{
    double e = mn_exp1(-fabs(s));
    double nearer = e / (1.0 + e), farther = 1.0 / (1.0 + e);
    return s < 0.0 ? speed_at(law, nearer, farther, e) : speed_at(law, farther, nearer, e);
}

/* dx/dt (1/s). */
static double drift(const mn_drift_law *law, double x)
{
    double undoped = 1.0 - x;
    double e = x < undoped ? x / undoped : undoped / x;
    return x * undoped * speed_at(law, x, undoped, e);
}

bool mn_drift_is_short(const mn_drift_law *law, double x, double dt)
{
    double undoped = 1.0 - x, nearer = x < undoped ? x : undoped;
    double steepest = law->window == STRUKOV ? 1.0 : law->p > 1.0 ? 4.0 * law->p : 4.0;
    double pushed = fabs(law->push) / (law->r_on * x + law->r_off * undoped) + law->rate;
    double moves = (pushed * steepest * x * undoped + law->decay * x) * dt;
    bool rounded = x > 1.0 - MN_NEAR_ONE && moves > 0.0;
    bool crosses_kink = law->window == JOGLEKAR && law->p != 1.0 && fabs(x - 0.5) <= moves;
    return moves <= MN_SHORT * nearer && !rounded && !crosses_kink;
}

double mn_drift_short(const mn_drift_law *law, double x, double dt)
{
    double first = drift(law, x);
    double second = drift(law, x + 0.5 * dt * first);
    double third = drift(law, x + 0.5 * dt * second);
    double fourth = drift(law, x + dt * third);
    return x + dt * (first + 2.0 * (second + third) + fourth) / 6.0;
}

/* Time from a to b: Gauss and Legendre's rule of six points. */
static double time_between(const mn_drift_law *law, double a, double b)
{
    static const double node[3] = {0.2386191860831969, 0.6612093864662645, 0.9324695142031521};
    static const double weight[3] = {0.4679139345726910, 0.3607615730481386, 0.1713244923791704};
    double middle = 0.5 * (a + b), half = 0.5 * (b - a), sum = 0.0;
    for (int k = 0; k < 3; k++) {
        double below = speed(law, middle - half * node[k]), above = speed(law, middle + half * node[k]);
        sum += weight[k] * half * (1.0 / below + 1.0 / above);
    }
    return sum;
}

/* Where between a and b the time since a is dt; all of the panel takes `whole`. */
static double within(const mn_drift_law *law, double a, double b, double whole, double dt)
{
    double s = a + (b - a) * (dt / whole);
    for (int k = 0; k < MAX_NEWTON; k++) {
        double change = (dt - time_between(law, a, s)) * speed(law, s);
        double next = s + change;
        bool past = b > a ? next > b : next<b, before = b> a ? next < a : next > a;
        next = past ? b : before ? a : next;
        bool same = fabs(next - s) <= 0x1p-50 * (1.0 + fabs(s));
        s = next;
        if (same) {
            break;
        }
    }
    return s;
}

/* Beyond it x or 1 - x is below 1e-17 of all that it stands beside, so that a constant push gives a constant speed. */
static double tail_of(const mn_drift_law *law)
{
    double ratio = fabs(mn_log1(law->r_off / law->r_on)), steep = law->p > 1.0 ? mn_log1(law->p) : 0.0;
    double tail = 40.0 + ratio + (law->window == JOGLEKAR ? steep : 0.0);
    return tail < MN_FARTHEST_LOGIT ? tail : MN_FARTHEST_LOGIT;
}

/* End of the panel that begins at s: it does not cross 0, where |2 x - 1|^2p has a kink, nor the tail. */
static double panel_end(double s, double direction, double width, double tail)
{
    double end = s + direction * width;
    double stop = direction * s < -tail ? -direction * tail : direction * s < 0.0 ? 0.0 : end;
    return direction * (end - stop) > 0.0 ? stop : end;
}

/* Whether the speed changes so little in a panel that no rest is in it or near. */
static bool is_even(double now, double then)
{
    return now != 0.0 && then / now >= 0.5 && then / now <= 2.0;
}

double mn_drift_after(const mn_drift_law *law, double s, double dt)
{
    const double tail = tail_of(law);
    double now = speed(law, s), left = now == 0.0 ? 0.0 : dt, width = panel;
    const double direction = now > 0.0 ? 1.0 : -1.0;
    for (int k = 0; k < MAX_PANELS && left > 0.0 && fabs(s) < farthest; k++) {
        double end = panel_end(s, direction, width, tail), then = speed(law, end);
        if (!is_even(now, then)) {
            width *= 0.5;
            left = width > 0x1p-50 * (1.0 + fabs(s)) ? left : 0.0;
            continue;
        }
        double time = time_between(law, s, end);
        if (time >= left) {
            return within(law, s, end, time, left);
        }
        bool in_tail = direction * end < -tail || direction * end >= tail; /* the next panel, too: wide ones may do */
        bool constant = in_tail && fabs(then - now) <= 0x1p-50 * fabs(now);
        width = constant || 2.0 * width < panel ? 2.0 * width : panel;
        left -= time;
        s = end;
        now = then;
    }
    return s;
}
