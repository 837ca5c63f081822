/* Type B of PNN25: a tunnel gap that a hillock narrows without bridging it (MF23 eq. 29, PNN25 sec. 5.3, eq. 4-6). */

#include "base/vector.h"
#include "devices/device.h"

#include <math.h>

enum { MU, KAPPA, ALPHA, BETA, TAU, Z_MAX_FRACTION, Z, N_FIELDS };

enum { EXPONENT, N_SCRATCH };

static const mn_field fields[N_FIELDS] = {
    [MU] = {"mu", "pd^2/V", MN_NOT_NEGATIVE, .initial = 3.46e-5,
            .doc = "strength of the field-driven growth; mu / kappa has the published value"},
    [KAPPA] = {"kappa", "1", MN_POSITIVE, .initial = 3.8e-2, .doc = "strength of the relaxation, relative to mu"},
    [ALPHA] = {"alpha", "S", MN_NOT_NEGATIVE, .initial = 10.0,
               .doc = "tunnelling prefactor: conductance of a gap of length 0"},
    [BETA] = {"beta", "1/pd", MN_NOT_NEGATIVE, .initial = 200.0,
              .doc = "decay of the tunnelling conductance with the gap D - z that is left: the conductance is "
                     "alpha exp(-beta (D - z)), and exactly 0 where beta (D - z) > 300"},
    [TAU] = {"tau", "s", MN_POSITIVE, .initial = 20.0,
             .doc = "relaxation time, the T of PNN25; tau = 1 / kappa gives MF23 eq. 29"},
    [Z_MAX_FRACTION] = {"z_max_fraction", "1", MN_RANGE(0.0, 1.0, "[)"), .initial = 0.5,
                        .doc = "the hillock's largest height, as a fraction of the gap length D"},
    [Z] = {"z", "pd", .role = MN_STATE, MN_NOT_NEGATIVE, .initial = 0.0, .own_range = "[0, z_max_fraction D]",
           .doc = "height of the hillock, at most z_max_fraction D"},
};

/* Beyond this beta (D - z) a gap carries no current: exp(-300) is 5e-131. */
static const double beta_gap_max = 300.0;

/* z inside [0, limit]; nan stays nan. States are read through it too, so one put in from outside cannot leave. */
static inline double clamp(double z, double limit)
{
    double below = z > limit ? limit : z;
    return below < 0.0 ? 0.0 : below;
}

static void ranges(mn_population *population, int64_t first, int64_t n)
{
    for (int64_t k = first; k < first + n; k++) {
        population->low[Z][k] = 0.0;
        population->high[Z][k] = population->field[Z_MAX_FRACTION][k] * population->length[k];
    }
}

static void conductance(mn_population *population, const mn_step *step)
{
    const double *alpha = population->field[ALPHA];
    const double *beta = population->field[BETA];
    const double *fraction = population->field[Z_MAX_FRACTION];
    const double *z = population->field[Z];
    const double *length = population->length;
    double *exponent = population->scratch[EXPONENT];
    double *g = step->g;
    for (int64_t k = 0; k < population->n; k++) {
        exponent[k] = -(beta[k] * (length[k] - clamp(z[k], fraction[k] * length[k])));
    }
    mn_exp(population->n, exponent, g);
    for (int64_t k = 0; k < population->n; k++) {
        double tunnelling = alpha[k] * g[k];
        g[k] = exponent[k] < -beta_gap_max ? 0.0 : tunnelling;
    }
}

MN_VECTOR
static void advance(mn_population *population, const mn_step *step)
{
    const double *restrict mu = population->field[MU];
    const double *restrict kappa = population->field[KAPPA];
    const double *restrict tau = population->field[TAU];
    const double *restrict fraction = population->field[Z_MAX_FRACTION];
    const double *restrict length = population->length;
    const double *restrict old = population->field[Z];
    const double *restrict v = step->v;
    const double dt = step->dt;
    double *restrict next = population->next[Z];
    MN_INDEPENDENT
    for (int64_t k = 0; k < population->n; k++) {
        double limit = fraction[k] * length[k];
        double z = clamp(old[k], limit);
        double push = mu[k] * fabs(v[k]) / (kappa[k] * (length[k] - z));
        next[k] = clamp(z + (push - z) * dt / tau[k], limit);
    }
}

/* dz/dt = ((mu / kappa) |v| / (D - z) - z) / tau (PNN25 eq. 4); the clamp holds z. */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    conductance(population, &(mn_step){.g = linear->i_v});
    for (int64_t k = 0; k < population->n; k++) {
        double length = population->length[k], limit = field[Z_MAX_FRACTION][k] * length;
        double z = clamp(field[Z][k], limit), v = step->v[k], left = length - z;
        double per_volt = field[MU][k] / (field[KAPPA][k] * left), push = per_volt * fabs(v);
        double rate = (push - z) / field[TAU][k];
        bool held = (z <= 0.0 && rate < 0.0) || (z >= limit && rate > 0.0);
        linear->i[k] = linear->i_v[k] * v;
        linear->i_x[Z][k] = field[BETA][k] * linear->i[k];
        linear->f[Z][k] = held ? 0.0 : rate;
        linear->f_x[Z][k] = held ? 0.0 : (push / left - 1.0) / field[TAU][k];
        linear->f_v[Z][k] = held ? 0.0 : (v < 0.0 ? -per_volt : per_volt) / field[TAU][k];
    }
}

const mn_device_model mn_hillock = {
    .name = "Hillock",
    .doc =
        "A memristive tunnel gap (Type B). The field raises a hillock of height z in a gap of length D, which relaxes "
        "where the field is weak: dz/dt = ((mu / kappa) |v| / (D - z) - z) / tau, with 0 <= z <= z_max_fraction D, "
        "and the conductance alpha exp(-beta (D - z)) follows. A gap longer than 2 sqrt(mu |v| / kappa) settles at "
        "z (D - z) = mu |v| / kappa; a shorter one runs to the clamp, so gaps of one network respond differently. "
        "Explicit Euler steps: the error is of first order in dt, which should stay well below tau.",
    .citation = "PNN25: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, Table 1, eq. 4-6; MF23: Ann. Phys. "
                "2023, 535, 2300090, doi 10.1002/andp.202300090, eq. 29",
    MN_ARRAY(field, fields),
    .n_scratch = N_SCRATCH,
    .flags = MN_NEEDS_LENGTH,
    .check = "alpha",
    .ranges = ranges,
    .conductance = conductance,
    .advance = advance,
    .linearise = linearise,
};
