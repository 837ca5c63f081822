/* The stochastic rate balance: noise and jumps on top of the exact step of rate_balance.c (SDS25: Nat. Commun. 2025,
 * doi 10.1038/s41467-025-58741-2). */
#include "devices/rate_balance.h"

#include <math.h>

enum { SIGMA = N_COMMON, JUMP_RATE, JUMP_EXPONENT, JUMP_LOW, JUMP_HIGH, G, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
#include "devices/rate_balance.def"
    [SIGMA] = {"sigma", "1/s^0.5", MN_NOT_NEGATIVE, .initial = 0.0,
               .doc = "strength of the noise: dg = ... + sigma dW"},
    [JUMP_RATE] = {"jump_rate", "1/s", MN_NOT_NEGATIVE, .initial = 0.0,
                   .doc =
                       "mean number of jumps per time; at most one happens in a step, with probability jump_rate dt"},
    [JUMP_EXPONENT] =
        {"jump_exponent", "1", MN_FINITE, .initial = 2.78,
         .doc = "exponent of the power law of the jumps' sizes: density proportional to size^-jump_exponent"},
    [JUMP_LOW] = {"jump_low", "1", MN_RANGE(0.0, 1.0, "(]"), .initial = 6.4e-4, .doc = "smallest jump, in units of g"},
    [JUMP_HIGH] = {"jump_high", "1", MN_RANGE(0.0, 1.0, "(]"), .initial = 1.02e-2,
                   .doc = "largest jump, in units of g"},
    [G] = {"g", "1", .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
           .doc = "memory state: share of the conductance range in use; noise and jumps that would leave the range "
                  "end at its limits"},
};

/* The sizes of the jumps were measured as slopes of the conductance (S/s) over samples 0.6295 s apart. */
#define JUMP(slope) ((slope)*0.6295 / (6.857961268862245e-5 - 1.4558148272052695e-7))

static const mn_preset_value stochastic_2025[] = {
    {"kappa_p0", 5.217037178270165e-4},
    {"kappa_d0", 37.93422536389374},
    {"eta_p", 1.2922283233062284},
    {"eta_d", 1.785933208836627},
    {"g_min", 1.4558148272052695e-7},
    {"g_max", 6.857961268862245e-5},
    {"g_initial", (1.23364e-5 - 1.4558148272052695e-7) / (6.857961268862245e-5 - 1.4558148272052695e-7)},
    {"sigma", 3.2e-4},
    {"jump_rate", 0.08243},
    {"jump_exponent", 2.78},
    {"jump_low", JUMP(6.9259e-8)},
    {"jump_high", JUMP(1.10821e-6)},
};

static const mn_preset presets[] = {
    {.name = "stochastic-2025",
     .doc = "one device that stands for a whole nanowire network, in volts across the network, at 3.6 V in steps of "
            "0.6295 s. It starts at 1.23364e-5 S, which is g_initial; the limits of the jumps are slopes of the "
            "conductance times 0.6295 s",
     .citation = "code of Nat. Commun. 2025, doi 10.1038/s41467-025-58741-2",
     MN_ARRAY(value, stochastic_2025)},
};

static int init(mn_population *population)
{
    return mn_rate_balance_init(population, G);
}

static void conductance(mn_population *population, const mn_step *step)
{
    mn_rate_balance_conductance(population, G, step);
}

/* ------------------------------------------------------------------ noise and jumps */

/* Standard deviation of the noise that gathers in a step, exactly: sigma^2 (1 - exp(-2 x)) / (2 (kP + kD)) under the
 * root, with x = (kP + kD) dt and e = exp(-x). */
static double deviation(double sigma, double dt, double x, double e)
{
    double gathered = 2.0 * x < MN_SMALL_EXPONENT ? mn_one_minus_exp_small(2.0 * x) : 1.0 - e * e;
    double share = x > 0.0 ? gathered / (2.0 * x) : 1.0;
    return sigma * sqrt(share * dt);
}

/* The bounded power law by inversion: u in [0, 1) goes to a size between low and high. */
static double jump_size(double exponent, double low, double high, double u)
{
    double decades = mn_log1(high / low);
    double q = 1.0 - exponent;
    double grown = fabs(q * decades) < 1e-7 ? u * decades : mn_log1(1.0 + u * (mn_exp1(q * decades) - 1.0)) / q;
    return low * mn_exp1(grown);
}

/* Up with probability 1/2 + (g_inf - g) / (2 (1 + 2 high)): towards where g tends to. One uniform number decides
 * whether there is a jump and its direction, the other its size. */
static double jump(const mn_population *population, int64_t k, double dt, double toward, const double u[2])
{
    double *const *field = population->field;
    double high = field[JUMP_HIGH][k];
    double happens = field[JUMP_RATE][k] * dt;
    happens = happens > 1.0 ? 1.0 : happens;
    if (u[0] >= happens) {
        return 0.0;
    }
    double up = 0.5 + toward / (2.0 * (1.0 + 2.0 * high));
    double size = jump_size(field[JUMP_EXPONENT][k], field[JUMP_LOW][k], high, u[1]);
    return u[0] < happens * up ? size : -size;
}

/* Counters of the random numbers: (edge, step) for the noise, and past the largest edge for the jumps. */
static void advance(mn_population *population, const mn_step *step)
{
    const uint64_t jumps = UINT64_C(1) << 32;
    const double dt = step->dt;
    const uint64_t index = (uint64_t)(step->t / dt + 0.5); /* t is a multiple of dt, rounded */
    const double *sigma = population->field[SIGMA];
    const double *jump_rate = population->field[JUMP_RATE];
    const double *g = population->field[G];
    double *const *scratch = population->scratch;
    double *next = population->next[G];
    mn_rate_balance_relax(population, G, step);
    for (int64_t k = 0; k < population->n; k++) {
        uint64_t edge = (uint64_t)population->edge[k];
        double value = next[k];
        if (sigma[k] > 0.0) {
            value += deviation(sigma[k], dt, -scratch[MINUS_X][k], scratch[DECAY][k]) *
                     mn_normal(population->seed, population->stream, edge, index);
        }
        if (jump_rate[k] > 0.0) {
            double u[2];
            mn_uniform2(population->seed, population->stream, jumps + edge, index, u);
            value += jump(population, k, dt, scratch[G_INF][k] - g[k], u);
        }
        double above = value < 0.0 ? 0.0 : value;
        next[k] = above > 1.0 ? 1.0 : above;
    }
}

/* The mean of what fluctuates. */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    mn_rate_balance_linearise(population, G, step, linear);
}

const mn_device_model mn_stochastic_rate_balance = {
    .name = "StochasticRateBalance",
    .doc = "A memristive synapse that fluctuates. The rate balance, dg/dt = kP (1 - g) - kD g, with noise sigma dW and "
           "with jumps: each step takes the exact solution of RateBalance, adds the noise that gathers in dt, normal "
           "with variance sigma^2 (1 - exp(-2 (kP + kD) dt)) / (2 (kP + kD)), and with probability jump_rate dt a jump "
           "whose size follows a bounded power law and which goes up with probability 1/2 + (g_inf - g) / (2 (1 + 2 "
           "jump_high)). g stays in [0, 1]. The random numbers belong to the simulation's seed, the edge and the step, "
           "so runs repeat whatever their pieces. Without noise and jumps it is RateBalance, bit for bit.",
    .citation = "Nat. Commun. 2025, doi 10.1038/s41467-025-58741-2 and its code",
    MN_ARRAY(field, fields),
    .n_scratch = N_SCRATCH,
    .flags = MN_STOCHASTIC,
    .check = "sigma",
    MN_ARRAY(preset, presets),
    .init = init,
    .conductance = conductance,
    .advance = advance,
    .linearise = linearise,
};
