/* Type C of PNN25: the potentiation-depression rate balance of Miranda, Milano and Ricciardi (PNN25 eq. 8-10, MF23
 * eq. 2-4), stepped with its exact solution at constant voltage. */

#include "base/vector.h"
#include "devices/rate_balance.h"

#include <math.h>

enum { STEP = N_COMMON, G, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
#include "devices/rate_balance.def"
    [STEP] = {"step", "1", MN_WORDS("exact|as-published", 1), .initial = 0.0,
              .doc =
                  "\"exact\", the solution of the rate equation at constant voltage; \"as-published\", the recursion "
                  "of the group's published scripts, which misplaces a bracket and does not tend to g as dt -> 0: "
                  "only to repeat figures made with it"},
    [G] = {"g", "1", .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
           .doc = "memory state: share of the conductance range in use"},
};

/* ------------------------------------------------------------------ published sets, every digit as printed */

static const mn_preset_value pnn_2025[] = {
    {"kappa_p0", 5e-4}, {"kappa_d0", 5e-2}, {"eta_p", 10.0}, {"eta_d", 10.0}, {"g_min", 0.0}, {"g_max", 1.0},
};

static const mn_preset_value natmat_2022[] = {
    {"kappa_p0", 8.422409820914783e-10},
    {"kappa_d0", 0.048697579017353006},
    {"eta_p", 0.19999370301178968},
    {"eta_d", 158.02444821482402},
    {"g_min", 1.123825331225794e-3},
    {"g_max", 3.0515679724941363e-3},
    {"g_initial", 0.0},
};

static const mn_preset_value north_pulse[] = {
    {"kappa_p0", 2.555173332603108574e-6},
    {"kappa_d0", 64.88388862524891465},
    {"eta_p", 34.92155165334443012},
    {"eta_d", 5.590601016803570467},
    {"g_min", 1.014708121672117710e-3},
    {"g_max", 2.723493729125820492e-3},
    {"g_initial", 0.0},
};

static const mn_preset_value grid_example_1[] = {
    {"kappa_p0", 5.266845411489327e-3},
    {"kappa_d0", 102.4538696300204},
    {"eta_p", 0.06665843701293933},
    {"eta_d", 79.91922227381272},
    {"g_min", 1.3655460276781155e-3},
    {"g_max", 5.124529803901193e-3},
    {"g_initial", (2.0231e-3 - 1.3655460276781155e-3) / (5.124529803901193e-3 - 1.3655460276781155e-3)},
};

static const mn_preset_value grid_example_2[] = {
    {"kappa_p0", 3.933e-8}, {"kappa_d0", 7.5e-3}, {"eta_p", 38.0},    {"eta_d", 0.03},
    {"g_min", 1.097e-3},    {"g_max", 14e-3},     {"g_initial", 0.0},
};

static const mn_preset_value connectome_2022[] = {
    {"kappa_p0", 1e-4}, {"kappa_d0", 0.5}, {"eta_p", 10.0}, {"eta_d", 1.0}, {"g_min", 1e-3}, {"g_max", 0.1},
};

static const mn_preset_value stochastic_2025[] = {
    {"kappa_p0", 5.217037178270165e-4},
    {"kappa_d0", 37.93422536389374},
    {"eta_p", 1.2922283233062284},
    {"eta_d", 1.785933208836627},
    {"g_min", 1.4558148272052695e-7},
    {"g_max", 6.857961268862245e-5},
    {"g_initial", (1.23364e-5 - 1.4558148272052695e-7) / (6.857961268862245e-5 - 1.4558148272052695e-7)},
};

static const mn_preset presets[] = {
    {.name = "pnn-2025",
     .doc = "the Type C synapse of percolating networks of nanoparticles",
     .citation = "PNN25: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, Table 1",
     MN_ARRAY(value, pnn_2025)},
    {.name = "natmat-2022",
     .doc = "edges of a grid graph fitted to the response of a nanowire network to a pulse of 2 V. The trace starts at "
            "8.866e-4 S, below g_min, so g_initial is 0",
     .citation = "code of Nat. Mater. 2022, doi 10.1038/s41563-021-01099-9, Fig. 2",
     MN_ARRAY(value, natmat_2022),
     .fitted_field = "step",
     .fitted_choice = "as-published"},
    {.name = "north-pulse",
     .doc =
         "edges of the grid graph of the in materia reservoir computing tasks. They start at g_min, so g_initial is 0",
     .citation =
         "code of Nat. Mater. 2022, doi 10.1038/s41563-021-01099-9, Fig. 3 and 4; code of doi 10.1088/2634-4386/ac4d86",
     MN_ARRAY(value, north_pulse),
     .fitted_field = "step",
     .fitted_choice = "as-published"},
    {.name = "grid-example-1",
     .doc = "edges of a grid graph, first example of its published code (2 V): where its fit starts. The trace starts "
            "at 2.0231e-3 S, which is g_initial",
     .citation = "code of Neuromorph. Comput. Eng. 2022, doi 10.1088/2634-4386/ac4d86, example 1",
     MN_ARRAY(value, grid_example_1),
     .fitted_field = "step",
     .fitted_choice = "as-published"},
    {.name = "grid-example-2",
     .doc = "edges of a grid graph, second example of its published code (3 V): where its fit starts. The trace starts "
            "at 8.988e-4 S, below g_min, so g_initial is 0",
     .citation = "code of Neuromorph. Comput. Eng. 2022, doi 10.1088/2634-4386/ac4d86, example 2",
     MN_ARRAY(value, grid_example_2),
     .fitted_field = "step",
     .fitted_choice = "as-published"},
    {.name = "connectome-2022",
     .doc = "junctions of a network of nanowires, the memristive connectome. No start is given: g_initial keeps its "
            "default",
     .citation = "code of Neural Netw. 2022, doi 10.1016/j.neunet.2022.02.022",
     MN_ARRAY(value, connectome_2022),
     .fitted_field = "step",
     .fitted_choice = "as-published"},
    {.name = "stochastic-2025",
     .doc = "one device that stands for a whole nanowire network, in volts across the network. It starts at 1.23364e-5 "
            "S, which is g_initial",
     .citation = "code of Nat. Commun. 2025, doi 10.1038/s41467-025-58741-2",
     MN_ARRAY(value, stochastic_2025)},
};

int mn_rate_balance_init(mn_population *population, int64_t state)
{
    for (int64_t k = 0; k < population->n; k++) {
        double *initial = &population->field[G_INITIAL][k];
        if (isnan(*initial)) {
            double rate = population->field[KAPPA_P0][k] + population->field[KAPPA_D0][k];
            *initial = rate > 0.0 ? population->field[KAPPA_P0][k] / rate : 0.0;
        }
        population->field[state][k] = *initial;
    }
    return MN_OK;
}

/* PNN25 eq. 10. */
MN_VECTOR_WIDE
static void conductances(int64_t n, const double *restrict g_min, const double *restrict g_max,
                         const double *restrict g, double *restrict conductance)
{
    for (int64_t k = 0; k < n; k++) {
        conductance[k] = g_min[k] * (1.0 - g[k]) + g_max[k] * g[k];
    }
}

void mn_rate_balance_conductance(const mn_population *population, int64_t state, const mn_step *step)
{
    conductances(population->n, population->field[G_MIN], population->field[G_MAX], population->field[state], step->g);
}

/* Members `first` to first + n - 1 of a population. Blocks are small enough for what one pass leaves to be in the
 * nearest cache when the next one reads it. */
enum { BLOCK = 512 };

/* Potentiation stops growing at exp(700) = 1e304: g is 1 long before, and 0 times the exponential stays 0. */
#define MOST_EXPONENT 700.0

/* Exponents of the rates. The comparison keeps nan. */
MN_VECTOR_WIDE
static void rate_exponents(const mn_population *population, int64_t first, int64_t n, const double *restrict v,
                           double *restrict up, double *restrict down)
{
    const double *restrict eta_p = population->field[ETA_P] + first;
    const double *restrict eta_d = population->field[ETA_D] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        double size = fabs(v[k]);
        double p = eta_p[k] * size;
        up[k] = p > MOST_EXPONENT ? MOST_EXPONENT : p;
        down[k] = -(eta_d[k] * size);
    }
}

/* From the exponentials of the rates to x = (kP + kD) dt, -x, and g_inf = 1 / (1 + kD/kP), where g tends to: 0 without
 * potentiation. */
MN_VECTOR_WIDE
static void rates(const mn_population *population, int64_t first, int64_t n, double dt, const double *restrict up,
                  const double *restrict down, double *restrict minus_x, double *restrict g_inf)
{
    const double *restrict kappa_p0 = population->field[KAPPA_P0] + first;
    const double *restrict kappa_d0 = population->field[KAPPA_D0] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        double k_p = kappa_p0[k] * up[k];
        double k_d = kappa_d0[k] * down[k];
        double ratio = k_d / k_p;
        minus_x[k] = -((k_p + k_d) * dt);
        double limit = 1.0 / (1.0 + ratio);
        g_inf[k] = k_p > 0.0 ? limit : 0.0;
    }
}

/* PNN25 eq. 9 as g_inf (1 - e) + g e with e = exp(-x): sums of positive terms, so g keeps its relative accuracy. In
 * steps much shorter than 1/(kP + kD), where the rounding of e would add up, the increment is computed by itself. */
MN_VECTOR_WIDE
static void relax(int64_t n, const double *restrict minus_x, const double *restrict e, const double *restrict g_inf,
                  const double *restrict g, double *restrict next)
{
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        double x = -minus_x[k];
        double by_increment = g[k] + (g_inf[k] - g[k]) * mn_one_minus_exp_small(x);
        double by_mean = g_inf[k] * (1.0 - e[k]) + g[k] * e[k];
        double value = x < MN_SMALL_EXPONENT ? by_increment : by_mean;
        next[k] = value > 1.0 ? 1.0 : value; /* at most one rounding above */
    }
}

void mn_rate_balance_relax(mn_population *population, int64_t state, const mn_step *step)
{
    for (int64_t first = 0; first < population->n; first += BLOCK) {
        const int64_t left = population->n - first, n = left < BLOCK ? left : BLOCK;
        double *e = population->scratch[DECAY] + first;
        double *down = population->scratch[DEPRESSION] + first;
        double *minus_x = population->scratch[MINUS_X] + first;
        double *g_inf = population->scratch[G_INF] + first;
        rate_exponents(population, first, n, step->v + first, e, down);
        mn_exp(n, e, e);
        mn_exp(n, down, down);
        rates(population, first, n, step->dt, e, down, minus_x, g_inf);
        mn_exp(n, minus_x, e);
        relax(n, minus_x, e, g_inf, population->field[state] + first, population->next[state] + first);
    }
}

/* dg/dt = kP (1 - g) - kD g (PNN25 eq. 8), from the exponentials of the rates; where the exponent of kP is held, it
 * does not grow with |v|. */
MN_VECTOR_WIDE
static void linearise_rates(const mn_population *population, int64_t first, int64_t n, int64_t state,
                            const double *restrict v, const double *restrict up, const double *restrict down,
                            const mn_linear *linear)
{
    double *const *field = population->field;
    const double *restrict kappa_p0 = field[KAPPA_P0] + first, *restrict kappa_d0 = field[KAPPA_D0] + first;
    const double *restrict eta_p = field[ETA_P] + first, *restrict eta_d = field[ETA_D] + first;
    const double *restrict g_min = field[G_MIN] + first, *restrict g_max = field[G_MAX] + first;
    const double *restrict state_g = field[state] + first;
    double *restrict i = linear->i + first, *restrict i_v = linear->i_v + first;
    double *restrict i_x = linear->i_x[state] + first, *restrict f = linear->f[state] + first;
    double *restrict f_x = linear->f_x[state] + first, *restrict f_v = linear->f_v[state] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        double g = state_g[k], side = v[k] < 0.0 ? -1.0 : 1.0;
        double k_p = kappa_p0[k] * up[k], k_d = kappa_d0[k] * down[k];
        double slope = side * eta_p[k] * k_p, k_d_v = -side * eta_d[k] * k_d;
        double k_p_v = eta_p[k] * fabs(v[k]) > MOST_EXPONENT ? 0.0 : slope;
        double conductance = g_min[k] * (1.0 - g) + g_max[k] * g;
        i[k] = conductance * v[k];
        i_v[k] = conductance;
        i_x[k] = (g_max[k] - g_min[k]) * v[k];
        f[k] = k_p * (1.0 - g) - k_d * g;
        f_x[k] = -(k_p + k_d);
        f_v[k] = k_p_v * (1.0 - g) - k_d_v * g;
    }
}

void mn_rate_balance_linearise(mn_population *population, int64_t state, const mn_step *step, const mn_linear *linear)
{
    for (int64_t first = 0; first < population->n; first += BLOCK) {
        const int64_t left = population->n - first, n = left < BLOCK ? left : BLOCK;
        const double *v = step->v + first;
        double up[BLOCK], down[BLOCK];
        rate_exponents(population, first, n, v, up, down);
        mn_exp(n, up, up);
        mn_exp(n, down, down);
        linearise_rates(population, first, n, state, v, up, down, linear);
    }
}

static int init(mn_population *population)
{
    return mn_rate_balance_init(population, G);
}

static void conductance(mn_population *population, const mn_step *step)
{
    mn_rate_balance_conductance(population, G, step);
}

/* Whether any member asks for the published scripts' step. A double, so that compilers turn the loop into vector
 * instructions. */
MN_VECTOR_WIDE
static bool any_as_published(int64_t n, const double *restrict step)
{
    double any = 0.0;
    for (int64_t k = 0; k < n; k++) {
        any = step[k] != 0.0 ? 1.0 : any;
    }
    return any > 0.0;
}

/* The published scripts' g_inf (1 + (kD / kP) g e), for the members that ask for it. */
static void step_as_published(mn_population *population)
{
    const double *e = population->scratch[DECAY];
    const double *g_inf = population->scratch[G_INF];
    const double *step = population->field[STEP];
    const double *g = population->field[G];
    double *next = population->next[G];
    const int64_t n = any_as_published(population->n, step) ? population->n : 0;
    for (int64_t k = 0; k < n; k++) {
        if (step[k] != 0.0) {
            double value = g_inf[k] + (1.0 - g_inf[k]) * g[k] * e[k];
            next[k] = value > 1.0 ? 1.0 : value;
        }
    }
}

static void advance(mn_population *population, const mn_step *step)
{
    mn_rate_balance_relax(population, G, step);
    step_as_published(population);
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    mn_rate_balance_linearise(population, G, step, linear);
}

const mn_device_model mn_rate_balance = {
    .name = "RateBalance",
    .doc =
        "A memristive synapse (Type C): potentiation and depression balance in dg/dt = kP (1 - g) - kD g, with rates "
        "kP = kappa_p0 exp(eta_p |v|) and kD = kappa_d0 exp(-eta_d |v|), and the conductance is "
        "g_min (1 - g) + g_max g. Each step takes the exact solution at the voltage just solved, "
        "g -> g_inf (1 - e) + g e with g_inf = kP / (kP + kD) and e = exp(-(kP + kD) dt), so no dt is unstable and "
        "no voltage overflows. At 0 V the state relaxes in 1 / (kappa_p0 + kappa_d0), 19.8 s with the defaults; "
        "above 0.23 V potentiation wins.",
    .citation = "PNN25: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, eq. 8-10; MF23: Ann. Phys. 2023, 535, "
                "2300090, doi 10.1002/andp.202300090, eq. 2-4",
    MN_ARRAY(field, fields),
    .n_scratch = N_SCRATCH,
    .check = "eta_p",
    .fixed_field = "step",
    MN_ARRAY(preset, presets),
    .init = init,
    .conductance = conductance,
    .advance = advance,
    .linearise = linearise,
};
