/* Conductance traces of one-variable models under a sampled voltage: what a fit computes many times over. */
#include "theory/trace.h"

#include <math.h>
#include <string.h>

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

static double force_at(const mn_mean_field *field, double g, double *slope)
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
static double try_step(const mn_mean_field *field, double h, double tolerance, bool must, double *g, bool *accepted)
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

/* ------------------------------------------------------------------ derivatives along a trace */

/* How G at the end of an interval depends on G at its start and on what the interval has, from step to step. */
static void add_step(const mn_mean_field *field, double h, double g, double by[MN_DIRECTIONS])
{
    double step[MN_DIRECTIONS];
    mn_differentiate_step(field, h, g, step);
    for (int k = 0; k < MN_DIRECTIONS; k++) {
        by[k] = step[MN_BY_G] * by[k] + (k == MN_BY_G ? 0.0 : step[k]);
    }
}

/* The row after interval k from the row before it: by_g times that, and what the interval adds itself. */
static void next_row(const mn_trace_jacobian *jacobian, int64_t k, double by_g, const double own[MN_TRACE_PARAMETERS],
                     double by_voltage)
{
    const int64_t width = MN_TRACE_PARAMETERS + jacobian->n_jumps;
    const double *before = jacobian->values + k * width;
    double *after = jacobian->values + (k + 1) * width;
    for (int64_t c = 0; c < width; c++) {
        after[c] = by_g * before[c] + (c < MN_TRACE_PARAMETERS ? own[c] : 0.0);
    }
    for (int64_t j = 0; j < jacobian->n_jumps; j++) {
        if (jacobian->jump[j] == k) {
            after[MN_TRACE_PARAMETERS + j] += by_voltage;
        }
    }
}

/* The first row: G = g_min + above. */
static void first_row(const mn_trace_jacobian *jacobian)
{
    const size_t width = (size_t)(MN_TRACE_PARAMETERS + jacobian->n_jumps);
    memset(jacobian->values, 0, width * sizeof(double));
    jacobian->values[0] = 1.0;
    jacobian->values[MN_TRACE_PARAMETERS - 1] = 1.0;
}

/* ------------------------------------------------------------------ traces */

static int follow(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                  double tolerance, int64_t most, double *conductance, const mn_trace_jacobian *jacobian)
{
    mn_mean_field field = {.g_min = p[0], .inverse_range = 1.0 / p[1], .k_p = p[2], .kappa_d0 = p[3]};
    double g = p[0] + p[6], trial = n > 0 ? dt[0] : 0.0;
    int64_t n_steps = 0;
    conductance[0] = g;
    if (jacobian != NULL) {
        first_row(jacobian);
    }
    for (int64_t k = 0; k < n; k++) {
        const double least = 1e-9 * dt[k], end = 1e-12 * dt[k];
        double left = dt[k], by[MN_DIRECTIONS] = {[MN_BY_G] = 1.0};
        field.x_p = p[4] * voltage[k];
        field.x_d = p[5] * voltage[k];
        while (left > end) {
            if (++n_steps > most) {
                return MN_ERR_TRACE_STEPS;
            }
            const double h = trial >= left ? left : left > 1.5 * trial ? trial : 0.5 * left, start = g;
            bool accepted;
            const double change = try_step(&field, h, tolerance, h <= least, &g, &accepted);
            if (!isfinite(change) || !isfinite(g)) {
                return MN_ERR_TRACE_RANGE;
            }
            if (accepted && jacobian != NULL) {
                add_step(&field, h, start, by);
            }
            left -= accepted ? h : 0.0;
            if (!accepted || h >= trial || left > end) { /* the rest of an interval says nothing about the next one */
                trial = h * change;
            }
        }
        conductance[k + 1] = g;
        if (jacobian != NULL) {
            const double own[MN_TRACE_PARAMETERS] = {
                by[MN_BY_G_MIN],
                -field.inverse_range * field.inverse_range * by[MN_BY_INVERSE_RANGE],
                by[MN_BY_K_P],
                by[MN_BY_KAPPA_D0],
                by[MN_BY_X_P] * voltage[k],
                by[MN_BY_X_D] * voltage[k],
            };
            next_row(jacobian, k, by[MN_BY_G], own, by[MN_BY_X_P] * p[4] + by[MN_BY_X_D] * p[5]);
        }
    }
    return MN_OK;
}

int mn_mean_field_trace(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                        double tolerance, int64_t most, double *conductance)
{
    return follow(n, dt, voltage, p, tolerance, most, conductance, NULL);
}

int mn_mean_field_jacobian(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                           double tolerance, int64_t most, double *conductance, const mn_trace_jacobian *jacobian)
{
    return follow(n, dt, voltage, p, tolerance, most, conductance, jacobian);
}

static int balance(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                   double *conductance, const mn_trace_jacobian *jacobian)
{
    double g = p[6] / p[1];
    conductance[0] = p[0] + p[6];
    if (jacobian != NULL) {
        first_row(jacobian);
    }
    for (int64_t k = 0; k < n; k++) {
        const double v = voltage[k], up_1 = mn_exp1(p[4] * v), down_1 = mn_exp1(-p[5] * v);
        const double up = p[2] * up_1, down = p[3] * down_1;
        const double rate = up + down, kept = mn_exp1(-rate * dt[k]);
        const double before = g;
        g = up / rate * (1.0 - kept) + g * kept;
        if (!isfinite(g)) {
            return MN_ERR_TRACE_RANGE;
        }
        conductance[k + 1] = p[0] + p[1] * g;
        if (jacobian != NULL) {
            const double share = up / rate, moved = 1.0 - kept, shrink = dt[k] * kept * (share - before);
            const double by_up = p[1] * (down / rate / rate * moved + shrink);
            const double by_down = p[1] * (shrink - share / rate * moved);
            const double own[MN_TRACE_PARAMETERS] = {
                moved, g - kept * before, by_up * up_1, by_down * down_1, by_up * up * v, -by_down * down * v, 0.0,
            };
            next_row(jacobian, k, kept, own, by_up * up * p[4] - by_down * down * p[5]);
        }
    }
    return MN_OK;
}

int mn_rate_balance_trace(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                          double *conductance)
{
    return balance(n, dt, voltage, p, conductance, NULL);
}

int mn_rate_balance_jacobian(int64_t n, const double *dt, const double *voltage, const double p[MN_TRACE_PARAMETERS],
                             double *conductance, const mn_trace_jacobian *jacobian)
{
    return balance(n, dt, voltage, p, conductance, jacobian);
}
