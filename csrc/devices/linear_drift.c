/* The linear drift memristor: Strukov et al., Nature 2008, 453, 80, eq. 5 and 6, with the window of Joglekar and Wolf
 * (Eur. J. Phys. 2009, 30, 661) and the decay of Sillin et al. (Nanotechnology 2013, 24, 384004). */
#include "devices/linear_drift.h"

#include <math.h>

enum { V_THRESHOLD = N_COMMON, DECAY, X_INITIAL, X, LOGIT, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
#include "devices/linear_drift.def"
    [WINDOW] = {"window", "1", MN_WORDS(MN_WINDOWS, JOGLEKAR), .initial = 0.0,
                .doc = "what slows the boundary down near the ends: \"none\", f = 1; \"strukov\", f = x (1 - x); "
                       "\"joglekar\", f = 1 - (2 x - 1)^(2 p). The last two are 0 at x = 0 and at x = 1: a boundary "
                       "never gets there, and one that was put there never returns, other than by decay"},
    [V_THRESHOLD] = {"v_threshold", "V", MN_NOT_NEGATIVE, .initial = 0.0,
                     .doc = "the boundary drifts only where |v| > v_threshold"},
    [DECAY] = {"decay", "1/s", MN_NOT_NEGATIVE, .initial = 0.0,
               .doc = "rate at which the doped fraction decays, 1/tau: dx/dt = ... - decay x, at any voltage"},
    [X_INITIAL] = {"x_initial", "1", MN_UNIT_INTERVAL, .initial = 0.1, .doc = "doped fraction at the start"},
    [X] = {"x", "1", .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.1, .doc = "doped fraction"},
    [LOGIT] = MN_LOGIT_FIELD("x"),
};

static const mn_preset_value memtorch[] = {
    {"r_on", 100.0},      {"r_off", 16e3}, {"mu", 1e-14},         {"d", 1e-8},
    {"window", JOGLEKAR}, {"p", 1.0},      {"v_threshold", 0.55},
};

static const mn_preset_value mnns[] = {
    {"r_on", 10.0},
    {"r_off", 1600.0},
    {"mu", 1e-14},
    {"d", 1e-8},
};

/* Its tau is 100 in units of d^2 / (mu 1 V) = 10 ms. */
static const mn_preset_value mnns_decay[] = {
    {"r_on", 10.0},      {"r_off", 1600.0}, {"mu", 1e-14},       {"d", 1e-8},
    {"window", STRUKOV}, {"decay", 1.0},    {"x_initial", 0.05},
};

static const mn_preset presets[] = {
    {.name = "memtorch",
     .doc = "the linear ion drift device of MemTorch, written above 0.55 V",
     .citation = "MemTorch, a simulator of memristive deep learning, its linear ion drift model",
     MN_ARRAY(value, memtorch)},
    {.name = "mnns",
     .doc = "junctions of the nanowire networks of MemNNetSim: r_off is 160 r_on, and at 1 V d^2 / mu is 10 ms",
     .citation = "MemNNetSim, a simulator of memristive nanowire networks, its HP model",
     MN_ARRAY(value, mnns)},
    {.name = "mnns-decay",
     .doc = "the same junctions when they forget: the decay of Sillin et al. with tau = 1 s, from x = 0.05, under 20 V "
            "across the network",
     .citation = "MemNNetSim, a simulator of memristive nanowire networks, its decay HP model and its example of a DC "
                 "bias",
     MN_ARRAY(value, mnns_decay)},
};

static int init(mn_population *population)
{
    for (int64_t k = 0; k < population->n; k++) {
        population->field[X][k] = population->field[X_INITIAL][k];
    }
    return MN_OK;
}

static void conductance(mn_population *population, const mn_step *step)
{
    mn_drift_conductances(population, X, step);
}

/* A step of a boundary that a window holds between the ends: short ones by a rule of fourth order, others exact. On an
 * end the window is 0, and only the decay leaves the upper one. */
static void windowed_step(mn_population *population, int64_t k, double push, double dt)
{
    double *const *field = population->field;
    mn_drift_law law = mn_drift_law_of(population, k, push);
    law.decay = field[DECAY][k];
    double x = field[X][k], kept = field[LOGIT][k];
    double *after = &population->next[X][k], *kept_after = &population->next[LOGIT][k];
    *kept_after = 0.0;
    if (kept == 0.0 && (x == 0.0 || (x == 1.0 && law.decay == 0.0))) {
        *after = x;
    } else if (kept == 0.0 && mn_drift_is_short(&law, x, dt)) {
        *after = mn_drift_short(&law, x, dt);
    } else {
        mn_drift_place(mn_drift_after(&law, mn_drift_logit(x, kept), dt), after, kept_after);
    }
}

/* Strukov 2008 eq. 6. Without a window an explicit Euler step, and the boundary stops at the ends of the device. */
static void advance(mn_population *population, const mn_step *step)
{
    double *const *field = population->field;
    const double *v = step->v;
    const double dt = step->dt;
    for (int64_t k = 0; k < population->n; k++) {
        bool drifts = fabs(v[k]) > field[V_THRESHOLD][k];
        if (field[WINDOW][k] != NONE) {
            windowed_step(population, k, drifts ? mn_drift_push(population, k, v[k]) : 0.0, dt);
            continue;
        }
        double x = field[X][k];
        double drift = drifts ? mn_drift(population, k, x, v[k]) : 0.0;
        population->next[X][k] = mn_drift_bounded(x + (drift - field[DECAY][k] * x) * dt);
        population->next[LOGIT][k] = 0.0;
    }
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double x = field[X][k], v = step->v[k], decay = field[DECAY][k], l, l_x, l_v;
        mn_drift_linearise(population, X, k, v, linear, &l, &l_x, &l_v);
        double drifts = fabs(v) > field[V_THRESHOLD][k] ? 1.0 : 0.0;
        double f = drifts * mn_drift_window(field[WINDOW][k], field[P][k], x);
        double slope = drifts * mn_drift_window_slope(field[WINDOW][k], field[P][k], x);
        double rate = l * f - decay * x;
        bool held = mn_drift_is_held(x, rate);
        linear->f[X][k] = held ? 0.0 : rate;
        linear->f_x[X][k] = held ? 0.0 : l_x * f + l * slope - decay;
        linear->f_v[X][k] = held ? 0.0 : l_v * f;
        mn_drift_still(LOGIT, k, linear);
    }
}

const mn_device_model mn_linear_drift = {
    .name = "LinearDrift",
    .doc = "A linear drift memristor. Charge moves the boundary between a doped and an undoped region, dx/dt = (mu "
           "r_on / d^2) i f(x) - decay x, and the device is their resistances in series, r_on x + r_off (1 - x). "
           "Bipolar: the sign of the current, from the first node of the edge to the second, decides the direction. "
           "0 <= x <= 1. Without a window explicit Euler steps: the error is of first order in dt. With one, a step "
           "is the solution of the equation at the step's voltage (1e-8 of what is left to an end), so that x comes "
           "near the end, and comes back: after a closed cycle of an imposed voltage it is where it was.",
    .citation = "Strukov et al., Nature 2008, 453, 80, doi 10.1038/nature06932, eq. 5 and 6; Joglekar and Wolf, Eur. "
                "J. Phys. 2009, 30, 661, doi 10.1088/0143-0807/30/4/001; Sillin et al., Nanotechnology 2013, 24, "
                "384004, doi 10.1088/0957-4484/24/38/384004",
    MN_ARRAY(field, fields),
    .check = "mu",
    MN_ARRAY(preset, presets),
    .init = init,
    .conductance = conductance,
    .advance = advance,
    .linearise = linearise,
};
