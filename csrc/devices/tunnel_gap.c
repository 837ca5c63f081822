/* Type A of PNN25: a tunnel gap in which an atomic-scale filament grows in a strong field and thins under a large
 * current (PNN25 sec. 5.2, eq. 2 and 3; the rule goes back to Pike 2019). Two conductance levels and nothing between.
 *
 * One expression decides whether a member moves, `excess`, and one function moves it, so that scanning all members,
 * stepping all of them and stepping the active ones alone cannot disagree in a bit. */

#include "base/vector.h"
#include "devices/device.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { ALPHA, BETA, G_ON, E_T, I_T, R_D, R_W, W0, D_LEAK, D_AFTER_BREAK, FIELD, D, W, CLOSED, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [ALPHA] = {"alpha", "S", MN_NOT_NEGATIVE, .initial = 1.0,
               .doc = "tunnelling prefactor: conductance of an open gap of length 0"},
    [BETA] = {"beta", "1/pd", MN_NOT_NEGATIVE, .initial = 200.0,
              .doc = "decay of the tunnelling conductance with gap length L: an open gap conducts alpha exp(-beta L), "
                     "and nothing at all where beta L > 300"},
    [G_ON] = {"g_on", "S", MN_NOT_NEGATIVE, .initial = 10.0, .doc = "conductance of a gap that a filament bridges"},
    [E_T] = {"e_t", "V/pd", MN_NOT_NEGATIVE, .initial = 10.0,
             .doc = "threshold field E_T above which the filament of an open gap grows"},
    [I_T] = {"i_t", "A", MN_NOT_NEGATIVE, .initial = 0.01,
             .doc = "threshold current I_T above which a formed filament thins"},
    [R_D] = {"r_d", "pd^2/(V s)", MN_NOT_NEGATIVE, .initial = 1e-6,
             .doc = "growth rate of the filament length per unit of field above threshold"},
    [R_W] = {"r_w", "1/(A s)", MN_NOT_NEGATIVE, .initial = 1e-2,
             .doc = "thinning rate of the filament width per unit of current above threshold"},
    [W0] = {"w0", "1", MN_POSITIVE, .initial = 1.0, .doc = "width of a filament when it forms; only r_w / w0 matters"},
    [D_LEAK] = {"d_leak", "1/s", MN_NOT_NEGATIVE, .initial = 0.0,
                .doc = "rate at which a filament that does not grow retracts: dd/dt = -d_leak d at or below threshold, "
                       "stepped exactly. 0 keeps its length; our reading of the leaky integration that PNN25 mentions"},
    [D_AFTER_BREAK] = {"d_after_break", "1", MN_RANGE(0.0, 1.0, "[)"), .initial = 0.0,
                       .doc = "filament length that stays when a filament breaks, as a fraction of the gap length L"},
    [FIELD] = {"field", "1", MN_WORDS("remaining|gap", 1), .initial = 0.0,
               .doc = "what the field acts across: \"remaining\", E = |v| / (L - d), the gap that is left; \"gap\", "
                      "E = |v| / L, the whole gap"},
    [D] = {"d", "pd", .role = MN_STATE, MN_NOT_NEGATIVE, .initial = 0.0,
           .doc = "length of the growing filament; L while the gap is closed"},
    [W] = {"w", "1", .role = MN_STATE, MN_POSITIVE, .initial = 1.0,
           .doc = "width of the formed filament; w0 while the gap is open"},
    [CLOSED] = {"closed", "1", .kind = MN_FLAG, .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
                .doc = "1 while a filament bridges the gap, 0 while it is open"},
};

enum { TUNNELLING, N_SCRATCH };

enum { BLOCK = 64, CLOSES = 1, BREAKS = -1 };

/* Beyond this beta L an open gap carries no current: exp(-300) is 5e-131. */
static const double beta_length_max = 300.0;

static int init(mn_population *population)
{
    for (int64_t k = 0; k < population->n; k++) {
        population->field[W][k] = population->field[W0][k];
    }
    return MN_OK;
}

static void conductance(mn_population *population, const mn_step *step)
{
    const double *alpha = population->field[ALPHA];
    const double *beta = population->field[BETA];
    const double *g_on = population->field[G_ON];
    const double *closed = population->field[CLOSED];
    const double *length = population->length;
    double *tunnelling = population->scratch[TUNNELLING];
    for (int64_t k = 0; k < population->n; k++) {
        tunnelling[k] = -(beta[k] * length[k]);
    }
    mn_exp(population->n, tunnelling, tunnelling);
    for (int64_t k = 0; k < population->n; k++) {
        double open = beta[k] * length[k] > beta_length_max ? 0.0 : alpha[k] * tunnelling[k];
        step->g[k] = closed[k] != 0.0 ? g_on[k] : open;
    }
}

static void conductance_events(mn_population *population, const mn_step *step)
{
    double *const *field = population->field;
    for (int64_t j = 0; j < population->n_events; j++) {
        int32_t k = population->event_member[j];
        double beta_length = field[BETA][k] * population->length[k];
        double open = beta_length > beta_length_max ? 0.0 : field[ALPHA][k] * mn_exp1(-beta_length);
        step->g[j] = field[CLOSED][k] != 0.0 ? field[G_ON][k] : open;
    }
}

/* ------------------------------------------------------------------ states */

/* Length over which the voltage of an open gap drops. */
static inline double field_span(double length, double d, double field)
{
    return field == 0.0 ? length - d : length;
}

/* How far the voltage is above E_T times the span (open), or the current above I_T (closed). Growth and thinning need
 * excess > 0. */
static inline double excess_of(double v, double closed, double span, double e_t, double g_on, double i_t)
{
    return closed != 0.0 ? fabs(g_on * v) - i_t : fabs(v) - e_t * span;
}

/* moves[k] != 0 where the state of member first + k moves at v; returns whether any does. */
MN_VECTOR
static uint64_t find_moving(const mn_population *population, int64_t first, int64_t n, const double *v, uint64_t *moves)
{
    const double *restrict length = population->length + first;
    const double *restrict d = population->field[D] + first;
    const double *restrict closed = population->field[CLOSED] + first;
    const double *restrict field = population->field[FIELD] + first;
    const double *restrict e_t = population->field[E_T] + first;
    const double *restrict i_t = population->field[I_T] + first;
    const double *restrict g_on = population->field[G_ON] + first;
    const double *restrict d_leak = population->field[D_LEAK] + first;
    const double *restrict voltage = v + first;
    uint64_t any = 0;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        double span = field_span(length[k], d[k], field[k]);
        double excess = excess_of(voltage[k], closed[k], span, e_t[k], g_on[k], i_t[k]);
        uint64_t driven = (uint64_t)(excess > 0.0);
        uint64_t retracts = (uint64_t)(d_leak[k] * d[k] > 0.0);
        uint64_t reaches = (uint64_t)(d[k] >= length[k]); /* a state put there from outside closes in any field */
        uint64_t open = (uint64_t)(closed[k] == 0.0);
        moves[k] = driven | (open & (retracts | reaches));
        any |= moves[k];
    }
    return any;
}

/* Lists the members of one block whose state moves; returns how many. */
static inline int64_t list_moving(const mn_population *population, int64_t first, const double *v, int32_t *list)
{
    uint64_t moves[BLOCK];
    int64_t left = population->n - first;
    int64_t n = left < BLOCK ? left : BLOCK;
    int64_t n_moving = 0;
    if (find_moving(population, first, n, v, moves) != 0) {
        for (int64_t k = 0; k < n; k++) {
            list[n_moving] = (int32_t)(first + k);
            n_moving += moves[k] != 0;
        }
    }
    return n_moving;
}

/* Thins the filament of a closed gap (PNN25 eq. 3). */
static inline void step_closed(mn_population *population, int32_t k, double dt, double v)
{
    double *const *field = population->field;
    double excess = excess_of(v, 1.0, 0.0, 0.0, field[G_ON][k], field[I_T][k]);
    double w = excess > 0.0 ? field[W][k] - field[R_W][k] * excess * dt : field[W][k];
    bool breaks = w <= 0.0;
    population->next[D][k] = breaks ? field[D_AFTER_BREAK][k] * population->length[k] : field[D][k];
    population->next[W][k] = breaks ? field[W0][k] : w;
    population->next[CLOSED][k] = breaks ? 0.0 : 1.0;
    if (breaks) {
        mn_population_event(population, k, BREAKS);
    }
}

/* Grows the filament of an open gap, or lets it retract (PNN25 eq. 2). */
static inline void step_open(mn_population *population, int32_t k, double dt, double v)
{
    double *const *field = population->field;
    double length = population->length[k];
    double d = field[D][k];
    double span = field_span(length, d, field[FIELD][k]);
    double excess = excess_of(v, 0.0, span, field[E_T][k], 0.0, 0.0);
    if (d < length && excess > 0.0) {
        d += field[R_D][k] * (excess / span) * dt; /* E - E_T = excess / span */
    } else if (d < length && field[D_LEAK][k] > 0.0) {
        d *= mn_exp1(-(field[D_LEAK][k] * dt));
    }
    bool closes = d >= length;
    population->next[D][k] = closes ? length : d;
    population->next[W][k] = closes ? field[W0][k] : field[W][k];
    population->next[CLOSED][k] = closes ? 1.0 : 0.0;
    if (closes) {
        mn_population_event(population, k, CLOSES);
    }
}

static void step_members(mn_population *population, int64_t n, const int32_t *member, const mn_step *step)
{
    for (int64_t j = 0; j < n; j++) {
        int32_t k = member[j];
        if (population->field[CLOSED][k] != 0.0) {
            step_closed(population, k, step->dt, step->v[k]);
        } else {
            step_open(population, k, step->dt, step->v[k]);
        }
    }
}

static void advance(mn_population *population, const mn_step *step)
{
    size_t size = (size_t)population->n * sizeof(double);
    int32_t moving[BLOCK];
    memcpy(population->next[D], population->field[D], size);
    memcpy(population->next[W], population->field[W], size);
    memcpy(population->next[CLOSED], population->field[CLOSED], size);
    for (int64_t first = 0; first < population->n; first += BLOCK) {
        int64_t n = list_moving(population, first, step->v, moving);
        step_members(population, n, moving, step);
    }
}

static inline double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof(x));
    return x;
}

/* Of NEAR numbers around `quotient` the last one with g_on v <= i_t; 0 where they do not say which that is. */
static inline double largest_near(double g_on, double i_t, double quotient)
{
    enum { NEAR = 8 };
    uint64_t first, n_still = 0;
    if (!(quotient > 2.0 * DBL_MIN && quotient < 0.5 * DBL_MAX)) {
        return 0.0;
    }
    memcpy(&first, &quotient, sizeof(first));
    first -= NEAR / 2;
    for (uint64_t k = 0; k < NEAR; k++) {
        n_still += g_on * of_bits(first + k) <= i_t; /* products are in the order of v */
    }
    return n_still > 0 && n_still < NEAR ? of_bits(first + n_still - 1) : 0.0;
}

/* The largest |v| at which |g_on v| <= i_t, as both are rounded: beside i_t / g_on, or else anywhere. Doubles >= 0 are
 * in the order of their bits. */
static double largest_still(double g_on, double i_t)
{
    const double quotient = i_t / g_on, near = largest_near(g_on, i_t, quotient);
    if (near > 0.0) {
        return near;
    }
    double low = quotient * (1.0 - 4.0 * DBL_EPSILON), high = quotient * (1.0 + 4.0 * DBL_EPSILON);
    low = g_on * low <= i_t ? low : 0.0;
    high = g_on * high > i_t ? high : INFINITY;
    uint64_t still, moves;
    memcpy(&still, &low, sizeof(still));
    memcpy(&moves, &high, sizeof(moves));
    while (moves - still > 1) {
        const uint64_t middle = still + (moves - still) / 2;
        if (excess_of(of_bits(middle), 1.0, 0.0, 0.0, g_on, i_t) > 0.0) {
            moves = middle;
        } else {
            still = middle;
        }
    }
    return of_bits(still);
}

/* The voltage at which `excess` of each is 0. */
static void moves_above(const mn_population *population, int64_t n, const int32_t *member, double *bound)
{
    double *const *field = population->field;
    for (int64_t j = 0; j < n; j++) {
        const int32_t k = member[j];
        const double length = population->length[k], d = field[D][k];
        if (field[CLOSED][k] != 0.0) {
            bound[j] = largest_still(field[G_ON][k], field[I_T][k]);
        } else if (field[D_LEAK][k] * d > 0.0 || d >= length) {
            bound[j] = -1.0;
        } else {
            bound[j] = field[E_T][k] * field_span(length, d, field[FIELD][k]);
        }
    }
}

static void advance_active(mn_population *population, const mn_step *step)
{
    step_members(population, population->n_active, population->active, step);
}

const mn_device_model mn_tunnel_gap = {
    .name = "TunnelGap",
    .doc =
        "A tunnel gap that spikes (Type A). Open, it conducts alpha exp(-beta L) whatever its filament has grown to. "
        "Where the field exceeds e_t the filament grows, d += r_d (E - e_t) dt, and when d reaches L the gap closes: "
        "its conductance jumps to g_on. The current I through a closed gap thins the filament where |I| > i_t, "
        "w -= r_w (|I| - i_t) dt, and at w <= 0 it breaks: the gap is open again, with d = d_after_break L and "
        "w = w0. Both events are logged (+1 closed, -1 broken). Only |v| and |I| count, so the gap is unipolar. "
        "The forms of the growth and thinning laws are the simplest with the published thresholds and rates; the "
        "rates are ours to choose.",
    .citation = "PNN25: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, sec. 5.1-5.2, eq. 2 and 3",
    MN_ARRAY(field, fields),
    .n_scratch = N_SCRATCH,
    .flags = MN_EVENT_DRIVEN | MN_NEEDS_LENGTH,
    .check = "g_on",
    .init = init,
    MN_SWITCHES,
    .conductance = conductance,
    .advance = advance,
    .moves_above = moves_above,
    .advance_active = advance_active,
    .conductance_events = conductance_events,
};
