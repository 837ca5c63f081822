/* The linear drift memristor that turns short-term into long-term memory: Chen et al., Phys. Lett. A 2014, 378, 2924,
 * in the form of the public simulator MemNNetSim. The doped fraction w decays to a level eps that is retained, with a
 * time constant tau; the current that moves w moves both. */
#include "devices/linear_drift.h"
#include "devices/relax.h"

#include <math.h>

enum { SIGMA = N_COMMON, THETA, A, W_INITIAL, TAU_INITIAL, EPS_INITIAL, W, TAU, EPS, LOGIT, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
#include "devices/linear_drift.def"
    [WINDOW] = {"window", "1", MN_WORDS(MN_WINDOWS, JOGLEKAR), .initial = 0.0,
                .doc = "what slows the doped fraction and the retained level down near the ends: \"none\", f = 1; "
                       "\"strukov\", f = w (1 - w); \"joglekar\", f = 1 - (2 w - 1)^(2 p). The last two are 0 at w = 0 "
                       "and at w = 1: w never gets there, and where it was put there drift and decay both end, for "
                       "good"},
    [SIGMA] = {"sigma", "1", MN_NOT_NEGATIVE, .initial = 0.03,
               .doc = "how much of the drift is retained: deps/dt = sigma l f, where l f is the drift of w"},
    [THETA] = {"theta", "s", MN_NOT_NEGATIVE, .initial = 1e-4,
               .doc = "how much slower the decay gets with the drift: dtau/dt = theta l (a - w)"},
    [A] = {"a", "1", MN_UNIT_INTERVAL, .initial = 0.75,
           .doc = "doped fraction up to which the drift slows the decay down; above, it speeds it up"},
    [W_INITIAL] = {"w_initial", "1", MN_UNIT_INTERVAL, .initial = 0.055, .doc = "doped fraction at the start"},
    [TAU_INITIAL] = {"tau_initial", "s", MN_POSITIVE, .initial = 0.2, .doc = "time constant of the decay at the start"},
    [EPS_INITIAL] = {"eps_initial", "1", MN_UNIT_INTERVAL, .initial = 0.055, .doc = "retained level at the start"},
    [W] = {"w", "1", .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.055,
           .doc = "doped fraction: what the device knows now"},
    [TAU] = {"tau", "s", .role = MN_STATE, MN_NOT_NEGATIVE, .initial = 0.2,
             .doc = "time constant with which w decays to eps; at 0 it does so at once"},
    [EPS] = {"eps", "1", .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.055,
             .doc = "retained level: what w decays to, the long-term memory"},
    [LOGIT] = MN_LOGIT_FIELD("w"),
};

/* Its times are in units of d^2 / (mu 1 V) = 10 ms: tau 20, theta 0.01. */
static const mn_preset_value random_nwns[] = {
    {"r_on", 10.0},       {"r_off", 1600.0},    {"mu", 1e-14},          {"d", 1e-8},
    {"window", STRUKOV},  {"sigma", 0.03},      {"theta", 1e-4},        {"a", 0.75},
    {"w_initial", 0.055}, {"tau_initial", 0.2}, {"eps_initial", 0.055},
};

static const mn_preset presets[] = {
    {.name = "random-nwns",
     .doc = "junctions of a nanowire network under pulses of 20 V, an example of Random-NWNs, as MemNNetSim was called",
     .citation = "Random-NWNs, a simulator of memristive nanowire networks, the example of its fork by A. Bekhit; "
                 "units and equations of MemNNetSim, its SLT HP model",
     MN_ARRAY(value, random_nwns)},
};

static int init(mn_population *population)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        field[W][k] = field[W_INITIAL][k];
        field[TAU][k] = field[TAU_INITIAL][k];
        field[EPS][k] = field[EPS_INITIAL][k];
    }
    return MN_OK;
}

static void conductance(mn_population *population, const mn_step *step)
{
    mn_drift_conductances(population, W, step);
}

/* dw/dt = (l - (w - eps) / tau) f over dt with l, f, tau and eps as they were: w relaxes to eps with the rate f / tau,
 * and of the drift l f dt the share (1 - e) / x is left, x = f dt / tau. */
static double relaxed(double w, double eps, double tau, double drift, double f, double dt)
{
    double x = f > 0.0 ? f * dt / tau : 0.0;
    double share = 1.0, level = w;
    if (x >= MN_SMALL_EXPONENT) {
        double e = mn_exp1(-x);
        share = (1.0 - e) / x;
        level = eps * (1.0 - e) + w * e;
    } else if (x > 0.0) {
        double gone = mn_one_minus_exp_small(x);
        share = gone / x;
        level = w + (eps - w) * gone;
    }
    return level + drift * f * dt * share;
}

/* A step that would bring w to an end, or that follows one: exact at this voltage, tau and eps. At tau = 0 w is at eps
 * at once. */
static void step_near_end(mn_population *population, int64_t k, double push, double dt)
{
    double *const *field = population->field;
    double *w = &population->next[W][k], *kept = &population->next[LOGIT][k];
    double eps = field[EPS][k], tau = field[TAU][k];
    if (tau <= 0.0) {
        *w = eps;
        *kept = eps > 0.0 && eps < 1.0 ? 0.0 : mn_drift_logit(eps, 0.0);
        return;
    }
    mn_drift_law law = mn_drift_law_of(population, k, push);
    law.level = eps;
    law.rate = 1.0 / tau;
    mn_drift_place(mn_drift_after(&law, mn_drift_logit(field[W][k], field[LOGIT][k]), dt), w, kept);
}

/* The device is never doped beyond its ends and never retains more than that; where theta would take tau below 0, it
 * forgets at once. */
static void advance(mn_population *population, const mn_step *step)
{
    double *const *field = population->field;
    double *const *next = population->next;
    const double *v = step->v;
    const double dt = step->dt;
    for (int64_t k = 0; k < population->n; k++) {
        double w = field[W][k];
        double drift = mn_drift(population, k, w, v[k]);
        double f = mn_drift_window(field[WINDOW][k], field[P][k], w);
        double tau = field[TAU][k] + field[THETA][k] * drift * (field[A][k] - w) * dt;
        double moved = relaxed(w, field[EPS][k], field[TAU][k], drift, f, dt);
        next[W][k] = mn_drift_bounded(moved);
        next[LOGIT][k] = 0.0;
        next[TAU][k] = tau < 0.0 ? 0.0 : tau;
        next[EPS][k] = mn_drift_bounded(field[EPS][k] + field[SIGMA][k] * drift * f * dt);
        if (mn_drift_is_near_end(population, k, w, field[LOGIT][k], moved)) {
            step_near_end(population, k, mn_drift_push(population, k, v[k]), dt);
        }
    }
}

/* The rates of w, tau and eps; where tau or eps is held by its range, or tau is 0 and w at eps, they stay. */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double w = field[W][k], tau = field[TAU][k], eps = field[EPS][k], l, l_x, l_v;
        mn_drift_linearise(population, W, k, step->v[k], linear, &l, &l_x, &l_v);
        double f = mn_drift_window(field[WINDOW][k], field[P][k], w);
        double slope = mn_drift_window_slope(field[WINDOW][k], field[P][k], w);
        double forgets = tau > 0.0 ? 1.0 / tau : 0.0, speed = l - (w - eps) * forgets;
        double theta = field[THETA][k], sigma = field[SIGMA][k], to_a = field[A][k] - w;
        bool held = mn_drift_is_held(w, speed * f);
        linear->f[W][k] = held ? 0.0 : speed * f;
        linear->f_x[W][k] = held ? 0.0 : (l_x - forgets) * f + speed * slope;
        linear->f_v[W][k] = held ? 0.0 : l_v * f;
        bool forgotten = tau <= 0.0 && l * to_a < 0.0, full = mn_drift_is_held(eps, l * f);
        linear->f[TAU][k] = forgotten ? 0.0 : theta * l * to_a;
        linear->f_v[TAU][k] = forgotten ? 0.0 : theta * l_v * to_a;
        linear->f[EPS][k] = full ? 0.0 : sigma * l * f;
        linear->f_v[EPS][k] = full ? 0.0 : sigma * l_v * f;
        linear->f_x[TAU][k] = linear->f_x[EPS][k] = linear->i_x[TAU][k] = linear->i_x[EPS][k] = 0.0;
        mn_drift_still(LOGIT, k, linear);
    }
}

const mn_device_model mn_short_long_term_drift = {
    .name = "ShortLongTermDrift",
    .doc =
        "A linear drift memristor that forgets, and forgets less the more it was used. The current moves the "
        "boundary as in LinearDrift, l = (mu r_on / d^2) i, and w decays to a retained level eps with a time "
        "constant tau, dw/dt = (l - (w - eps) / tau) f(w); the same drift raises the retained level, deps/dt = "
        "sigma l f(w), and slows the decay down, dtau/dt = theta l (a - w). So a short-term memory, which lasts tau, "
        "becomes a long-term one, eps; a current the other way undoes both. The device is r_on w + r_off (1 - w). "
        "Each step takes the exact exponential of the decay, stable at any dt, and Euler's step of the rest: without "
        "current and window w is exact, else the error is of first order in dt. 0 <= w <= 1, tau >= 0, 0 <= eps <= 1. "
        "With a window, a step of w that would reach an end, and those that follow it near there, are exact at their "
        "voltage, tau and eps: w comes near the end, and comes back.",
    .citation = "Chen et al., Phys. Lett. A 2014, 378, 2924, doi 10.1016/j.physleta.2014.08.018, as coded in "
                "MemNNetSim, its SLT HP model; Strukov et al., Nature 2008, 453, 80, doi 10.1038/nature06932",
    MN_ARRAY(field, fields),
    .check = "mu",
    MN_ARRAY(preset, presets),
    .init = init,
    .conductance = conductance,
    .advance = advance,
    .linearise = linearise,
};
