/* The tunnelling junction of the Sydney group (tunnelSwitchL of NWNSIM: Hochstetter et al., Nat. Commun. 2021; and of
 * ASN_simulation). The filament of the atomic switch narrows a tunnel gap of length d before it bridges it. */
#include "devices/sydney.h"

enum { D_MAX = N_COMMON, PHI, A, EXPONENT, PREFACTOR, SWITCH_AT, DECAY, LAMBDA, N_FIELDS };

enum { GAP, EXPONENTIAL, BEFORE, AFTER, N_SCRATCH };

enum { PHI_SQUARED, ROOT_OF_PHI }; /* EXPONENT */
enum { LENGTH, LENGTH_SQUARED };   /* PREFACTOR */
enum { RISES = 1, FALLS = -1 };

static const mn_field fields[N_FIELDS] = {
#include "devices/sydney.def"
    [D_MAX] = {"d_max", "nm", MN_NOT_NEGATIVE, .initial = 5.0, .doc = "length of the tunnel gap without a filament"},
    [PHI] = {"phi", "V", MN_POSITIVE, .initial = 0.81, .doc = "height of the tunnel barrier"},
    [A] = {"a", "nm^2", MN_POSITIVE, .initial = 0.17, .doc = "area of the junction"},
    [EXPONENT] = {"exponent", "1", MN_WORDS("phi^2|sqrt(phi)", ROOT_OF_PHI), .initial = 0.0,
                  .doc = "what stands in the exponent, 10.19 d times it: \"phi^2\" as the published codes have it, or "
                         "\"sqrt(phi)\", Simmons' formula, for which 10.19 is in 1/(nm V^0.5)"},
    [PREFACTOR] =
        {"prefactor", "1", MN_WORDS("d|d^2", LENGTH_SQUARED), .initial = 0.0,
         .doc =
             "what stands before the exponential: \"d\" in the code of Nat. Commun. 2021, \"d^2\" in ASN_simulation"},
    [SWITCH_AT] = {"switch_at", "1", MN_RANGE(1.0, INFINITY, "()"), .initial = 1.1,
                   .doc = "conductance, in units of g_off, above which the junction counts as on: to rise above "
                          "switch_at g_off is an event, to fall back to it another"},
};

/* What the tunnel barrier adds to the values and to the words of the presets. */
#define BARRIER(power) {"d_max", 5.0}, {"phi", 0.81}, {"a", 0.17}, {"exponent", PHI_SQUARED}, {"prefactor", power},
#define AS_CODED ", tunnelling as coded there"
#define OF_ASN ", ten times slower, with d^2 before the exponential and a decay that passes 0"
#include "devices/sydney_presets.def"

/* Length (nm) of the gap that the filament leaves. */
static inline double gap_left(double d_max, double lambda, double lambda_crit)
{
    double short_of = lambda_crit - fabs(lambda);
    return d_max * (short_of > 0.0 ? short_of : 0.0) / lambda_crit;
}

/* 1 / (R_t + 1/g_on) + g_off with the tunnel resistance R_t = (2/A) d / sqrt(phi) exp(10.19 d phi^2) / 4.71307e-5 ohm;
 * the numbers are those of the published code. */
static void conductances(const mn_population *population, const double *lambda, double *g)
{
    double *const *field = population->field;
    double *d = population->scratch[GAP];
    double *exponential = population->scratch[EXPONENTIAL];
    for (int64_t k = 0; k < population->n; k++) {
        double phi = field[PHI][k];
        d[k] = gap_left(field[D_MAX][k], lambda[k], field[LAMBDA_CRIT][k]);
        exponential[k] = 10.19 * d[k] * (field[EXPONENT][k] == PHI_SQUARED ? phi * phi : sqrt(phi));
    }
    mn_exp(population->n, exponential, exponential);
    for (int64_t k = 0; k < population->n; k++) {
        double before = field[PREFACTOR][k] == LENGTH ? d[k] : d[k] * d[k];
        double tunnelling = 2.0 / field[A][k] * before / sqrt(field[PHI][k]) * exponential[k] / 4.71307e-5;
        double resistance = d[k] > 0.0 ? tunnelling : 0.0;
        g[k] = 1.0 / (resistance + 1.0 / field[G_ON][k]) + field[G_OFF][k];
    }
}

static void conductance(mn_population *population, const mn_step *step)
{
    conductances(population, population->field[LAMBDA], step->g);
}

/* The events of the published trains: a conductance that comes to be above switch_at g_off, or no longer is. */
static void advance(mn_population *population, const mn_step *step)
{
    double *const *field = population->field;
    double *was = population->scratch[BEFORE];
    double *is = population->scratch[AFTER];
    mn_sydney_move(population, DECAY, LAMBDA, step, population->next[LAMBDA]);
    conductances(population, field[LAMBDA], was);
    conductances(population, population->next[LAMBDA], is);
    for (int64_t k = 0; k < population->n; k++) {
        double level = field[SWITCH_AT][k] * field[G_OFF][k];
        if ((was[k] > level) != (is[k] > level)) {
            mn_population_event(population, (int32_t)k, is[k] > level ? RISES : FALLS);
        }
    }
}

/* dlambda/dt = (|v| - v_set) to the side of v above v_set, -b (v_reset - |v|) to the side of lambda below v_reset. */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    conductances(population, field[LAMBDA], linear->i_v);
    for (int64_t k = 0; k < population->n; k++) {
        double lambda = field[LAMBDA][k], v = step->v[k], size = fabs(v), side = lambda < 0.0 ? -1.0 : 1.0;
        double phi = field[PHI][k], d = population->scratch[GAP][k], bridged = linear->i_v[k] - field[G_OFF][k];
        double steepness = 10.19 * (field[EXPONENT][k] == PHI_SQUARED ? phi * phi : sqrt(phi));
        double power = field[PREFACTOR][k] == LENGTH ? 1.0 : 2.0;
        /* 1 / bridged = R_t + 1 / g_on, and dR_t/dd = R_t (power / d + steepness) */
        double tunnelling = d > 0.0 ? 1.0 / bridged - 1.0 / field[G_ON][k] : 0.0;
        double by_gap = d > 0.0 ? -bridged * bridged * tunnelling * (power / d + steepness) : 0.0;
        bool grows = size > field[V_SET][k], decays = size < field[V_RESET][k] && lambda != 0.0;
        double rate = (grows ? copysign(size - field[V_SET][k], v) : 0.0) -
                      (decays ? side * field[B][k] * (field[V_RESET][k] - size) : 0.0);
        bool held = fabs(lambda) >= field[LAMBDA_MAX][k] && rate * side > 0.0;
        linear->i[k] = linear->i_v[k] * v;
        linear->i_x[LAMBDA][k] = -side * field[D_MAX][k] / field[LAMBDA_CRIT][k] * by_gap * v;
        linear->f[LAMBDA][k] = held ? 0.0 : rate;
        linear->f_x[LAMBDA][k] = 0.0;
        linear->f_v[LAMBDA][k] = held ? 0.0 : (grows ? 1.0 : 0.0) + (decays ? side * copysign(field[B][k], v) : 0.0);
    }
}

const mn_device_model mn_tunnel_switch = {
    .name = "TunnelSwitch",
    .doc = "A junction of silver nanowires that tunnels. Its filament gathers flux lambda as that of AtomicSwitch, and "
           "leaves a gap d = d_max max(0, lambda_crit - |lambda|) / lambda_crit with the resistance R_t = (2 / a) d / "
           "sqrt(phi) exp(10.19 d phi^2) / 4.71307e-5 ohm; the conductance is 1 / (R_t + 1 / g_on) + g_off. The codes "
           "that were published differ in two places, which are choices here: exponent and prefactor. Explicit Euler "
           "steps; 1 ms is the dt of the published code. A conductance that rises above switch_at g_off is logged as "
           "an event (+1), one that falls back to it as another (-1): the trains that were published count these.",
    .citation = "Hochstetter et al., Nat. Commun. 2021, doi 10.1038/s41467-021-24260-z, and its code (tunnelSwitchL); "
                "ASN_simulation",
    MN_ARRAY(field, fields),
    .n_scratch = N_SCRATCH,
    .check = "g_on",
    MN_ARRAY(preset, presets),
    MN_SWITCHES,
    .conductance = conductance,
    .advance = advance,
    .linearise = linearise,
};
