/* Conductance traces of one-variable models under a sampled voltage: what a fit computes many times over. */
#include "memnet.h"

#include <math.h>

/* The effective mean field (MF23 eq. 7-10) in terms of G = g_min (1 + chi <g>):
 *
 *     dG/dt = k exp(a_p v / G) (1 - (G - g_min) / range) - kappa_d0 exp(-a_d v / G) (G - g_min)
 *
 * with k = kappa_p0 range and a = eta g_min, which stays finite where g_min or 1 / range vanish and chi and eta do not.
 * An interval has one voltage: x = a v. */
typedef struct {
    double g_min, inverse_range, k_p, kappa_d0;
    double x_p, x_d;
} mean_field;

/* (e^z - 1) / z and (e^z - 1 - z - z^2 / 2) / z^3; by their series where the differences would cancel. */
typedef struct {
    double phi_1, phi_3;
} phi_functions;

static phi_functions phi(double z)
{
    if (fabs(z) < 0.1) {
        double q = 1.0;
        for (int k = 11; k > 3; k--) {
            q = 1.0 + z / k * q;
        }
        return (phi_functions){1.0 + z / 2.0 * (1.0 + z / 3.0 * q), q / 6.0};
    }
    const double phi_1 = (mn_exp1(z) - 1.0) / z;
    return (phi_functions){phi_1, ((phi_1 - 1.0) / z - 0.5) / z};
}

static double force_at(const mean_field *field, double g, double *slope)
{
    const double w = 1.0 / g, y = g - field->g_min;
    const double up = field->k_p * mn_exp1(field->x_p * w);
    const double down = field->kappa_d0 * mn_exp1(-field->x_d * w);
    const double room = 1.0 - y * field->inverse_range;
    if (slope != NULL) {
        *slope = -up * (field->inverse_range + field->x_p * w * w * room) - down * (1.0 + field->x_d * w * w * y);
    }
    return up * room - down * y;
}

/* One step of length h from *g: the exponential Rosenbrock method of order 3 with its stage of order 2 as an error
 * estimate (exprb32; Hochbruck, Ostermann and Schweitzer, SIAM J. Numer. Anal. 47 (2009) 786). Exact for a linear
 * equation, so stiff rates do not limit h. Returns the length to try next, relative to h; *g moves only where the error
 * is within the tolerance, which *accepted tells. nan where a number overflows. */
static double try_step(const mean_field *field, double h, double tolerance, bool must, double *g, bool *accepted)
{
    double slope;
    const double force = force_at(field, *g, &slope);
    const phi_functions f = phi(h * slope);
    const double stage = *g + h * f.phi_1 * force;
    *accepted = false;
    if (stage < 0.2 * *g) { /* 1 / G must not jump: the linearisation says nothing there */
        return 0.25;
    }
    const double there = force_at(field, stage, NULL);
    const double correction = 2.0 * h * f.phi_3 * ((there - force) - slope * (stage - *g));
    const double error = fabs(correction);
    double change = error > 0.0 ? 0.9 * mn_exp1(mn_log1(tolerance / error) / 3.0) : 4.0;
    change = change > 4.0 ? 4.0 : change < 0.1 ? 0.1 : change;
    if (!isfinite(error)) {
        return (double)NAN;
    }
    if (error > tolerance && !must) {
        return change < 0.9 ? change : 0.9;
    }
    *g = stage + correction;
    *accepted = true;
    return change;
}

int mn_mean_field_trace(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                        double tolerance, int64_t most, double *conductance)
{
    mean_field field = {.g_min = p[0], .inverse_range = 1.0 / p[1], .k_p = p[2], .kappa_d0 = p[3]};
    double g = p[0] + p[6], trial = n > 0 ? dt[0] : 0.0;
    int64_t n_steps = 0;
    conductance[0] = g;
    for (int64_t k = 0; k < n; k++) {
        const double least = 1e-9 * dt[k], end = 1e-12 * dt[k];
        double left = dt[k];
        field.x_p = p[4] * voltage[k];
        field.x_d = p[5] * voltage[k];
        while (left > end) {
            if (++n_steps > most) {
                return MN_ERR_TRACE_STEPS;
            }
            const double h = trial >= left ? left : left > 1.5 * trial ? trial : 0.5 * left;
            bool accepted;
            const double change = try_step(&field, h, tolerance, h <= least, &g, &accepted);
            if (!isfinite(change) || !isfinite(g)) {
                return MN_ERR_TRACE_RANGE;
            }
            left -= accepted ? h : 0.0;
            if (!accepted || h >= trial || left > end) { /* the rest of an interval says nothing about the next one */
                trial = h * change;
            }
        }
        conductance[k + 1] = g;
    }
    return MN_OK;
}

int mn_rate_balance_trace(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                          double *conductance)
{
    double g = p[6] / p[1];
    conductance[0] = p[0] + p[6];
    for (int64_t k = 0; k < n; k++) {
        const double up = p[2] * mn_exp1(p[4] * voltage[k]), down = p[3] * mn_exp1(-p[5] * voltage[k]);
        const double rate = up + down, kept = mn_exp1(-rate * dt[k]);
        g = up / rate * (1.0 - kept) + g * kept;
        if (!isfinite(g)) {
            return MN_ERR_TRACE_RANGE;
        }
        conductance[k + 1] = p[0] + p[1] * g;
    }
    return MN_OK;
}
