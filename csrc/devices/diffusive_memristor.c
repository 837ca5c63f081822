/* The diffusive memristor (DM17: Wang et al., Nature Materials 2017, 16, 101): silver particles between two terminals
 * at +-1, which diffuse in a potential that the voltage tilts, a current that tunnels from one to the next, and the
 * heat that it leaves. Lengths in units of half the device, energies of the depth of a pinning well.
 *
 * Edges are taken MN_LANES at a time, one in each lane, so every edge has its own arithmetic whatever stands beside it,
 * and a sum over particles has one order. */
#include "base/cancel.h"
#include "base/normals.h"
#include "base/vector.h"
#include "devices/device.h"

#include <math.h>
#include <string.h>

enum {
    N,
    W_I,
    R_I,
    X_C,
    W_P,
    PHASE,
    R_P,
    LAM,
    V_TH,
    TILT,
    ETA,
    THETA0,
    C_T,
    KAPPA,
    R_T,
    LEFT,
    SUBSTEP,
    POTENTIAL,
    X,
    THETA,
    R,
    LARGEST_GAP,
    N_FIELDS
};

enum { WELLS, PAIRS }; /* POTENTIAL */

enum { MOST_PARTICLES = 128, LARGEST_EXPONENT = 700 };

#define PI 3.141592653589793

/* Products and quotients of a few parameters are numbers. */
#define SANE MN_RANGE(1e-60, 1e60, "[]")
#define SANE_OR_0 MN_RANGE(0.0, 1e60, "[]")

static const mn_field fields[N_FIELDS] = {
    [N] = {"n", "1", .kind = MN_COUNT, MN_RANGE(1.0, MOST_PARTICLES, "[]"), .initial = 40.0,
           .doc = "number of particles, one for all edges of a device"},
    [W_I] = {"w_i", "1", SANE_OR_0, .initial = 4.5, .doc = "interfacial energy: depth of a terminal's well"},
    [R_I] = {"r_i", "1", MN_RANGE(1e-3, 1e60, "[]"), .initial = 0.1,
             .doc = "range of the interfacial energy, of half the device"},
    [X_C] = {"x_c", "1", MN_UNIT_INTERVAL, .initial = 0.85,
             .doc = "distance of the terminals' wells from the middle, of half the device"},
    [W_P] =
        {"w_p", "1", SANE_OR_0, .initial = 1.0,
         .doc = "pinning energy, from the top to the bottom of a pinning well; the unit of all energies where it is 1"},
    [PHASE] = {"phase", "1", MN_RANGE(-1e6, 1e6, "[]"), .initial = 0.0,
               .doc =
                   "phase of the pinning at the middle in turns: at 0, as printed, the two terminals differ, at 0.25 "
                   "they do not"},
    [R_P] = {"r_p", "1", MN_RANGE(1e-3, 1e60, "[]"), .initial = 0.15,
             .doc = "period of the pinning, of half the device"},
    [LAM] = {"lam", "1", MN_POSITIVE, .initial = 0.2, .doc = "tunnelling length, of half the device"},
    [V_TH] = {"v_th", "V", SANE, .initial = 1.0, .doc = "scale of the voltage, about the threshold"},
    [TILT] = {"tilt", "1", MN_RANGE(-1e60, 1e60, "[]"), .initial = 9.0,
              .doc = "force of the voltage on a particle at v_th, in pinning energies over half the device"},
    [ETA] = {"eta", "1", SANE, .initial = 30.0,
             .doc = "friction, in pinning energies / (kappa times half the device squared)"},
    [THETA0] = {"theta0", "1", SANE_OR_0, .initial = 0.45,
                .doc = "temperature around the device, in pinning energies / Boltzmann's constant"},
    [C_T] = {"c_t", "1", SANE_OR_0, .initial = 20.0,
             .doc = "heating: rise of the temperature at v_th were the resistance r_t"},
    [KAPPA] = {"kappa", "1/s", SANE, .initial = 1.0, .doc = "rate of cooling, the scale of time"},
    [R_T] = {"r_t", "ohm", MN_RANGE(1e-100, 1e100, "[]"), .initial = 1.0,
             .doc = "resistance of a gap of no length, the scale of resistance"},
    [LEFT] = {"left", "1", MN_UNIT_INTERVAL, .initial = 0.5,
              .doc = "share of the particles that start at the left terminal, which is the first end of the edge"},
    [SUBSTEP] = {"substep", "s", MN_POSITIVE, .initial = NAN,
                 .otherwise = "0.12 eta / (kappa U'') with the largest curvature U'' of the potential, at most 0.01 / "
                              "kappa",
                 .doc = "longest step of the particles; a step of the simulation has as many equal ones as it takes"},
    [POTENTIAL] = {"potential", "1", MN_WORDS("wells|pairs", PAIRS), .initial = 0.0,
                   .doc = "interfacial energy: \"wells\" of the depth w_i at the terminals, or \"pairs\" of particles "
                          "that attract each other by w_i / n, and wells half as deep; with half of the particles at "
                          "each terminal both hold a particle alike"},
    [X] = {"x", "1", .role = MN_STATE, MN_RANGE(-1.0, 1.0, "[]"), .initial = 0.0,
           .doc = "places of the particles, from the left terminal at -1 to the right one at 1",
           .dimension = "particle", .width = MOST_PARTICLES, .width_field = "n"},
    [THETA] = {"theta", "1", .role = MN_STATE, MN_NOT_NEGATIVE, .initial = 0.0,
               .doc = "temperature of the device, in pinning energies / Boltzmann's constant"},
    [R] = {"r", "ohm", .role = MN_OUTPUT, MN_POSITIVE, .initial = 1.0, .doc = "resistance of the device"},
    [LARGEST_GAP] = {"largest_gap", "1", .role = MN_OUTPUT, MN_RANGE(0.0, 2.0, "[]"), .initial = 0.0,
                     .doc = "longest gap that the current tunnels through, of half the device"},
};

/* What both presets have: the letters as printed, with the decisions that the page of the model tells. */
#define AS_PRINTED                                                                                                     \
    {"n", 40.0}, {"w_i", 4.5}, {"r_i", 0.1}, {"x_c", 0.85}, {"w_p", 1.0}, {"phase", 0.0}, {"r_p", 0.15}, {"lam", 0.2}, \
        {"tilt", 9.0}, {"theta0", 0.45},                                                                               \
    {                                                                                                                  \
        "left", 0.5                                                                                                    \
    }

static const mn_preset_value dm2017[] = {AS_PRINTED, {"eta", 30.0}, {"c_t", 20.0}};
static const mn_preset_value dm2017_printed[] = {AS_PRINTED, {"eta", 1.0}, {"c_t", 1.0}};

static const mn_preset presets[] = {
    {.name = "dm2017",
     .doc = "particles as in the simulations of Fig. 4 and 5, with the friction that the hopping times of the text "
            "lead to, and heat enough to feed back; kappa, v_th and r_t are scales, 1 here",
     .citation = "Wang et al., Nature Materials 2017, 16, 101, Methods",
     MN_ARRAY(value, dm2017)},
    {.name = "dm2017-printed",
     .doc = "the same with friction and heating of 1, as the last sentence of the Methods estimates them: a hop then "
            "takes 0.1 / kappa, not 2 / kappa to 6 / kappa, and heat does nothing",
     .citation = "Wang et al., Nature Materials 2017, 16, 101, Methods",
     MN_ARRAY(value, dm2017_printed)},
};

/* ------------------------------------------------------------------ parameters */

/* The largest |U''|: of wells and pins together; of pairs where all particles are at one place. */
static double curvature(double *const *field, int64_t k)
{
    const double square = field[R_I][k] * field[R_I][k], period = field[R_P][k] * field[R_P][k];
    const double of_terminals = (field[POTENTIAL][k] == WELLS ? 2.0 : 3.0) * field[W_I][k] / square;
    return of_terminals + 2.0 * (PI * PI) * field[W_P][k] / period;
}

/* An Euler step beyond eta / (kappa U'') leaps over the bottom of a well. */
static double longest_substep(double *const *field, int64_t k)
{
    return field[ETA][k] / (field[KAPPA][k] * curvature(field, k));
}

static int refuse(const mn_population *population, int64_t k, int64_t field, int code, double limit, mn_error *error)
{
    if (error != NULL) {
        error->model = population->model->name;
        error->edge = population->edge[k];
        error->limit = limit;
        error->limit_unit = fields[field].unit;
    }
    return mn_error_refuse(error, code, fields[field].name, population->field[field][k]);
}

static int check_together(const mn_population *population, int64_t first, int64_t n, mn_error *error)
{
    double *const *field = population->field;
    for (int64_t k = first; k < first + n; k++) {
        /* no sum of gaps is above (n + 1) exp(2 / lam) */
        const double room = LARGEST_EXPONENT - mn_log1((field[N][k] + 1.0) * field[R_T][k]);
        if (2.0 / field[LAM][k] > room) {
            return refuse(population, k, LAM, MN_ERR_OVERFLOW, 2.0 / room, error);
        }
        if (field[SUBSTEP][k] > longest_substep(field, k)) { /* not where it is nan */
            return refuse(population, k, SUBSTEP, MN_ERR_LONG_SUBSTEP, longest_substep(field, k), error);
        }
    }
    return MN_OK;
}

/* ------------------------------------------------------------------ lanes */

typedef double lanes[MN_LANES];

/* What some edges need for a step, one a lane. Lanes without an edge repeat the last one. */
typedef struct {
    int64_t n; /* particles */
    int64_t edge[MN_LANES];
    bool has_pairs;
    lanes x_c, per_square, well, pair, per_period, phase, pin, push, lam, per_lam, r_t;
    lanes theta0, heating, mobility, cooled; /* of one sub-step: kappa h / eta, and 1 - exp(-kappa h) */
    lanes n_substeps, r, theta, gap;
    uint64_t first_substep[MN_LANES]; /* of those that the noise is numbered by */
    lanes x[MOST_PARTICLES], sorted[MOST_PARTICLES], force[MOST_PARTICLES], normal[MOST_PARTICLES];
} group;

/* The member in a lane. */
static inline int64_t member_of(const mn_population *population, int64_t first, int lane)
{
    return first + lane < population->n ? first + lane : population->n - 1;
}

/* The smaller of two numbers first, in n places. */
MN_KERNEL void order(int64_t n, double *restrict low, double *restrict high)
{
    MN_INDEPENDENT
    for (int64_t l = 0; l < n; l++) {
        const double a = low[l], b = high[l];
        low[l] = mn_choose(b < a, b, a);
        high[l] = mn_choose(a < b, b, a); /* another condition, or compilers make a branch of the two */
    }
}

/* In each lane, x in ascending order: Batcher's merge exchange (Knuth, The Art of Computer Programming, volume 3,
 * 5.2.2, algorithm M), whose comparisons do not depend on the numbers. Places i with (i & p) = r stand in runs of p,
 * and a run does not reach the places d behind it. */
MN_KERNEL void sort_lanes(int64_t n, lanes *restrict x)
{
    int64_t top = 1;
    while (2 * top < n) {
        top *= 2;
    }
    for (int64_t p = top; p > 0; p /= 2) {
        int64_t q = top, r = 0, d = p;
        for (;;) {
            for (int64_t i = r; i < n - d; i += 2 * p) {
                const int64_t n_run = n - d - i < p ? n - d - i : p;
                order(n_run * MN_LANES, x[i], x[i + d]);
            }
            if (q == p) {
                break;
            }
            d = q - p;
            q /= 2;
            r = p;
        }
    }
}

/* exp((to - from) / lam), to - from > 0, with what the difference and the quotient round off: a large exponent would
 * make that many digits of the result. */
MN_KERNEL double tunnelling(double from, double to, double lam, double per_lam)
{
    const mn_double2 gap = mn_double2_sum(to, -from);
    const double quotient = gap.high / lam;
    const mn_double2 back = mn_double2_product(quotient, lam);
    const double lost = ((gap.high - back.high) - back.low + gap.low) * per_lam;
    const mn_exp_parts p = mn_kernel_exp_parts(quotient, lost);
    return (p.s + p.t) * p.first * p.second;
}

/* A gap between two places: what tunnels through it, and whether it is the largest. */
MN_KERNEL void add_gap(group *of, const double *from, const double *to, double *restrict sum)
{
    for (int l = 0; l < MN_LANES; l++) {
        const double gap = to[l] - from[l];
        sum[l] += tunnelling(from[l], to[l], of->lam[l], of->per_lam[l]);
        of->gap[l] = mn_choose(gap > of->gap[l], gap, of->gap[l]);
    }
}

/* DM17 eq. 3, with the N + 1 gaps that N particles leave between the terminals; of a sorted copy, as the noise of a
 * particle belongs to its place in the list. */
MN_KERNEL void measure(group *of)
{
    lanes left, right, sum = {0.0};
    for (int l = 0; l < MN_LANES; l++) {
        left[l] = -1.0;
        right[l] = 1.0;
    }
    memcpy(of->sorted, of->x, (size_t)of->n * sizeof(lanes));
    sort_lanes(of->n, of->sorted);
    memset(of->gap, 0, sizeof(lanes));
    add_gap(of, left, of->sorted[0], sum);
    for (int64_t j = 1; j < of->n; j++) {
        add_gap(of, of->sorted[j - 1], of->sorted[j], sum);
    }
    add_gap(of, of->sorted[of->n - 1], right, sum);
    for (int l = 0; l < MN_LANES; l++) {
        of->r[l] = of->r_t[l] * sum[l];
    }
}

/* ------------------------------------------------------------------ forces */

/* exp(-d^2 / range^2), or a number as good as none: farther out it would be subnormal, which is slow. */
MN_KERNEL double attraction(double d, double per_square)
{
    return mn_kernel_exp(mn_kernel_bounded(-(d * d) * per_square, -600.0, 0.0));
}

/* DM17 eq. 4: what tilts and pins every particle, and draws it to the terminals. */
MN_KERNEL void add_outer_forces(group *of)
{
    for (int64_t j = 0; j < of->n; j++) {
        const double *x = of->x[j];
        double *force = of->force[j];
        for (int l = 0; l < MN_LANES; l++) {
            force[l] = of->push[l] - of->pin[l] * mn_kernel_cos_turns(x[l] * of->per_period[l] + of->phase[l]);
        }
        for (int l = 0; l < MN_LANES; l++) {
            const double a = x[l] + of->x_c[l], b = x[l] - of->x_c[l], per_square = of->per_square[l];
            force[l] -= of->well[l] * (a * attraction(a, per_square) + b * attraction(b, per_square));
        }
    }
}

/* The part of the interfacial energy that is one of pairs. */
MN_KERNEL void add_pair_forces(group *of)
{
    for (int64_t i = 1; i < of->n; i++) {
        for (int64_t j = 0; j < i; j++) {
            for (int l = 0; l < MN_LANES; l++) {
                const double d = of->x[i][l] - of->x[j][l];
                const double pull = of->pair[l] * d * attraction(d, of->per_square[l]);
                of->force[i][l] -= pull;
                of->force[j][l] += pull;
            }
        }
    }
}

/* ------------------------------------------------------------------ noise */

/* The stream of particles is one for all devices, as an edge is of one alone: what else is in the network, and in which
 * order it was named, changes nothing. Counters: the edge; the sub-step, its low bits; which four particles; the step;
 * and the sub-step's high bits. */
#define STREAM_PARTICLES UINT64_C(0x64696666)
#define STREAM_STARTS UINT64_C(0x73746172)

enum { LOW_BITS = 26, STEP_BITS = 44, SUBSTEP_BITS = LOW_BITS + 64 - STEP_BITS };

/* Four particles to a block of random words, two to each of its pairs. */
MN_KERNEL void draw_normals(group *of, uint64_t key, uint64_t substep, uint64_t step)
{
    uint32_t own[MN_LANES];  /* sub-step, its low bits */
    uint64_t draw[MN_LANES]; /* step, and the sub-step's high bits */
    for (int l = 0; l < MN_LANES; l++) {
        const uint64_t number = of->first_substep[l] + substep;
        own[l] = (uint32_t)(number & ((UINT64_C(1) << LOW_BITS) - 1));
        draw[l] = step | number >> LOW_BITS << STEP_BITS;
    }
    for (int64_t j = 0; j < of->n; j += 4) {
        const uint32_t index_high = (uint32_t)((uint64_t)(j / 4) << LOW_BITS);
        uint32_t word[4][MN_LANES];
        for (int l = 0; l < MN_LANES; l++) {
            word[0][l] = (uint32_t)of->edge[l];
            word[1][l] = index_high | own[l];
            word[2][l] = (uint32_t)draw[l];
            word[3][l] = (uint32_t)(draw[l] >> 32);
        }
        mn_kernel_philox(key, word);
        mn_kernel_normals(word[0], word[1], of->normal[j], of->normal[j + 1]);
        mn_kernel_normals(word[2], word[3], of->normal[j + 2], of->normal[j + 3]);
    }
}

/* ------------------------------------------------------------------ sub-steps */

/* A place beyond the terminals as it is between mirrors at +-1; one between them stays to the bit. */
MN_KERNEL double folded(double x)
{
    const double quarter = 0.25 * x, near = copysign(mn_kernel_rint_size(quarter), quarter);
    const double y = x - 4.0 * near; /* within +-2, exactly, up to 2^52 */
    const double turned = mn_choose(y > 1.0, 2.0 - y, mn_choose(y < -1.0, -2.0 - y, y));
    return mn_kernel_bounded(turned, -1.0, 1.0);
}

/* An Euler step of the particles at the temperature where it begins. */
MN_KERNEL void move(group *of, const double *mobility, const double *amplitude)
{
    for (int64_t j = 0; j < of->n; j++) {
        double *x = of->x[j];
        const double *force = of->force[j], *normal = of->normal[j];
        for (int l = 0; l < MN_LANES; l++) {
            x[l] = folded(x[l] + mobility[l] * force[l] + amplitude[l] * normal[l]);
        }
    }
}

/* One sub-step of all lanes; those whose sub-steps are over stay as they are. First the heat, DM17 eq. 5, exact where
 * the resistance stays: what the device is warmer than its surroundings goes towards what the current heats it to. Then
 * the particles, at the temperature from before, and what they conduct. */
MN_KERNEL void take_substep(group *of, uint64_t key, int64_t substep, uint64_t step)
{
    lanes mobility, amplitude;
    for (int l = 0; l < MN_LANES; l++) {
        const int is_over = (double)substep >= of->n_substeps[l];
        const double excess = of->theta[l] - of->theta0[l], reached = of->heating[l] * (of->r_t[l] / of->r[l]);
        mobility[l] = mn_choose(is_over, 0.0, of->mobility[l]);
        amplitude[l] = sqrt(2.0 * of->theta[l] * mobility[l]);
        const double cooled = excess + (reached - excess) * of->cooled[l];
        of->theta[l] = mn_choose(is_over, of->theta[l], of->theta0[l] + cooled);
    }
    draw_normals(of, key, (uint64_t)substep, step);
    add_outer_forces(of);
    if (of->has_pairs) {
        add_pair_forces(of);
    }
    move(of, mobility, amplitude);
    measure(of);
}

/* t is a multiple of dt, rounded. */
static uint64_t step_index(const mn_step *step)
{
    return (uint64_t)(step->t / step->dt + 0.5);
}

/* So many sub-steps take little beside what a caller who wishes to stop can wait. */
enum { SUBSTEPS_BETWEEN_LOOKS = 128 };

MN_VECTOR_WIDE
static void take_some_substeps(group *of, uint64_t key, int64_t first, int64_t end, uint64_t step)
{
    for (int64_t substep = first; substep < end; substep++) {
        take_substep(of, key, substep, step);
    }
}

static void take_substeps(group *of, uint64_t key, const mn_step *step)
{
    const uint64_t index = step_index(step) / (step->part == MN_STEP_HALF ? 2 : 1);
    int64_t n = 0;
    for (int l = 0; l < MN_LANES; l++) {
        n = (int64_t)of->n_substeps[l] > n ? (int64_t)of->n_substeps[l] : n;
    }
    for (int64_t first = 0; first < n && !mn_cancelled(step->cancel); first += SUBSTEPS_BETWEEN_LOOKS) {
        const int64_t end = first + SUBSTEPS_BETWEEN_LOOKS;
        take_some_substeps(of, key, first, end < n ? end : n, index);
    }
}

MN_VECTOR_WIDE
static void measure_once(group *of)
{
    measure(of);
}

/* ------------------------------------------------------------------ members */

static void read_places(group *of, const mn_population *population, int64_t first)
{
    for (int l = 0; l < MN_LANES; l++) {
        const int64_t k = member_of(population, first, l);
        of->lam[l] = population->field[LAM][k];
        of->per_lam[l] = 1.0 / of->lam[l];
        of->r_t[l] = population->field[R_T][k];
        for (int64_t j = 0; j < of->n; j++) {
            of->x[j][l] = population->field[X][k * of->n + j];
        }
    }
}

static void read_potential(group *of, const mn_population *population, int64_t first)
{
    of->has_pairs = false;
    for (int l = 0; l < MN_LANES; l++) {
        double *const *field = population->field;
        const int64_t k = member_of(population, first, l);
        const bool is_pairs = field[POTENTIAL][k] == PAIRS;
        const double per_square = 1.0 / (field[R_I][k] * field[R_I][k]), slope = 2.0 * field[W_I][k] * per_square;
        of->has_pairs = of->has_pairs || is_pairs;
        of->per_square[l] = per_square;
        of->well[l] = is_pairs ? 0.5 * slope : slope;
        of->pair[l] = is_pairs ? slope / (double)of->n : 0.0;
        of->x_c[l] = field[X_C][k];
        of->per_period[l] = 1.0 / field[R_P][k];
        of->phase[l] = field[PHASE][k];
        of->pin[l] = PI * field[W_P][k] * of->per_period[l];
    }
}

/* Into how many sub-steps a step is taken. */
static double substeps_of(const mn_step *step, double longest)
{
    const double n_equal = step->part == MN_STEP_WHOLE ? 2.0 : 1.0;
    const double parts = ceil(step->dt / n_equal / longest * (1.0 - 1e-12));
    const double most = (double)(INT64_C(1) << SUBSTEP_BITS) / (step->part == MN_STEP_ALONE ? 1.0 : 2.0);
    return n_equal * mn_bounded(parts, 1.0, most);
}

static void read_step(group *of, const mn_population *population, int64_t first, const mn_step *step)
{
    double *const *field = population->field;
    const bool is_second_half = step->part == MN_STEP_HALF && step_index(step) % 2 == 1;
    for (int l = 0; l < MN_LANES; l++) {
        const int64_t k = member_of(population, first, l);
        const double ratio = step->v[k] / field[V_TH][k];
        of->edge[l] = population->edge[k];
        of->n_substeps[l] = substeps_of(step, field[SUBSTEP][k]);
        of->first_substep[l] = is_second_half ? (uint64_t)of->n_substeps[l] : 0;
        const double h = step->dt / of->n_substeps[l];
        of->push[l] = field[TILT][k] * ratio;
        of->heating[l] = field[C_T][k] * ratio * ratio;
        of->mobility[l] = field[KAPPA][k] * h / field[ETA][k];
        of->cooled[l] = -mn_kernel_expm1(-field[KAPPA][k] * h);
        of->theta0[l] = field[THETA0][k];
        of->theta[l] = field[THETA][k];
        of->r[l] = field[R][k];
        of->gap[l] = field[LARGEST_GAP][k];
    }
}

static void write(const group *of, const mn_population *population, int64_t first)
{
    for (int l = 0; l < MN_LANES && first + l < population->n; l++) {
        const int64_t k = first + l;
        for (int64_t j = 0; j < of->n; j++) {
            population->next[X][k * of->n + j] = of->x[j][l];
        }
        population->next[THETA][k] = of->theta[l];
        population->next[R][k] = of->r[l];
        population->next[LARGEST_GAP][k] = of->gap[l];
    }
}

static void advance(mn_population *population, const mn_step *step)
{
    const uint64_t key = mn_philox_key(population->seed, STREAM_PARTICLES);
    group of;
    of.n = population->width[X];
    for (int64_t first = 0; first < population->n; first += MN_LANES) {
        read_places(&of, population, first);
        read_potential(&of, population, first);
        read_step(&of, population, first, step);
        take_substeps(&of, key, step);
        write(&of, population, first);
    }
}

static void derive(mn_population *population)
{
    group of;
    of.n = population->width[X];
    for (int64_t first = 0; first < population->n; first += MN_LANES) {
        read_places(&of, population, first);
        measure_once(&of);
        for (int l = 0; l < MN_LANES && first + l < population->n; l++) {
            population->field[R][first + l] = of.r[l];
            population->field[LARGEST_GAP][first + l] = of.gap[l];
        }
    }
}

static void conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = 1.0 / population->field[R][k];
    }
}

/* Two clusters as wide as the surroundings leave them in their wells. */
static void place(mn_population *population, int64_t k)
{
    double *const *field = population->field;
    const int64_t n = population->width[X];
    const double n_left = floor(field[LEFT][k] * (double)n + 0.5), warmth = 0.5 * field[THETA0][k];
    const double spread = field[R_I][k] * (warmth < field[W_I][k] ? sqrt(warmth / field[W_I][k]) : warmth > 0.0);
    for (int64_t j = 0; j < n; j++) {
        const uint64_t index = (uint64_t)population->edge[k] | (uint64_t)j << 32;
        const double center = (double)j < n_left ? -field[X_C][k] : field[X_C][k];
        field[X][k * n + j] = folded(center + spread * mn_normal(population->seed, STREAM_STARTS, index, 0));
    }
}

static int init(mn_population *population)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        if (isnan(field[SUBSTEP][k])) {
            const double of_potential = 0.12 * longest_substep(field, k), of_heat = 0.01 / field[KAPPA][k];
            field[SUBSTEP][k] = of_potential < of_heat ? of_potential : of_heat;
        }
        field[THETA][k] = field[THETA0][k];
        place(population, k);
    }
    return MN_OK;
}

const mn_device_model mn_diffusive_memristor = {
    .name = "DiffusiveMemristor",
    .doc =
        "A volatile memristor of silver particles that diffuse. n particles between two terminals follow eta dx/dt = "
        "-U'(x) + tilt v / v_th + sqrt(2 eta theta) xi, in units of half the device and of kappa, in a potential U of "
        "one well at each terminal and many pinning wells between them, and turn round at the terminals. The current "
        "tunnels from terminal to particle to terminal, r = r_t sum of exp(gap / lam) over the n + 1 gaps, and heats "
        "the device: dtheta/dt = kappa (c_t (v / v_th)^2 r_t / r - (theta - theta0)). A voltage pulls the particles "
        "out of their wells until they bridge the terminals; without one they fall back. Sub-steps of the particles "
        "are Euler's, each at the temperature where it begins, the heat of a sub-step is exact at its resistance, and "
        "the voltage stays what it was when the step of the simulation began. The random numbers belong to the "
        "simulation's seed, the edge, the step, the sub-step and the particle.",
    .citation = "Wang et al., Nature Materials 2017, 16, 101, doi 10.1038/nmat4756, eq. 3 to 5",
    MN_ARRAY(field, fields),
    .flags = MN_STOCHASTIC | MN_LONG_STEPS | MN_HALVES,
    .check = "c_t",
    MN_ARRAY(preset, presets),
    .init = init,
    .check_together = check_together,
    .derive = derive,
    .conductance = conductance,
    .advance = advance,
};
