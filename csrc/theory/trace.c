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
static void next_row(const mn_trace_jacobian *jacobian, int64_t k, double by_g, const mn_trace_parameters *own,
                     double by_voltage)
{
    const int64_t width = MN_N_TRACE_PARAMETERS + jacobian->n_jumps;
    const double *before = jacobian->values + k * width;
    double *after = jacobian->values + (k + 1) * width, added[MN_N_TRACE_PARAMETERS];
    memcpy(added, own, sizeof(added));
    for (int64_t c = 0; c < width; c++) {
        after[c] = by_g * before[c] + (c < MN_N_TRACE_PARAMETERS ? added[c] : 0.0);
    }
    for (int64_t j = 0; j < jacobian->n_jumps; j++) {
        if (jacobian->jump[j] == k) {
            after[MN_N_TRACE_PARAMETERS + j] += by_voltage;
        }
    }
}

/* The first row: G = g_min + above. */
static void first_row(const mn_trace_jacobian *jacobian)
{
    const mn_trace_parameters start = {.g_min = 1.0, .above = 1.0};
    memset(jacobian->values, 0, (size_t)(MN_N_TRACE_PARAMETERS + jacobian->n_jumps) * sizeof(double));
    memcpy(jacobian->values, &start, sizeof(start));
}

/* ------------------------------------------------------------------ traces */

int mn_mean_field_trace(const mn_intervals *intervals, const mn_trace_parameters *p, double tolerance, int64_t most,
                        double *conductance, const mn_trace_jacobian *jacobian)
{
    mn_mean_field field = {.g_min = p->g_min, .inverse_range = 1.0 / p->range, .k_p = p->k_p, .kappa_d0 = p->kappa_d0};
    double g = p->g_min + p->above, trial = intervals->n > 0 ? intervals->dt[0] : 0.0;
    int64_t n_steps = 0;
    conductance[0] = g;
    if (jacobian != NULL) {
        first_row(jacobian);
    }
    for (int64_t k = 0; k < intervals->n; k++) {
        const double dt = intervals->dt[k], v = intervals->voltage[k], least = 1e-9 * dt, end = 1e-12 * dt;
        double left = dt, by[MN_DIRECTIONS] = {[MN_BY_G] = 1.0};
        field.x_p = p->slope_p * v;
        field.x_d = p->slope_d * v;
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
            const mn_trace_parameters own = {
                .g_min = by[MN_BY_G_MIN],
                .range = -field.inverse_range * field.inverse_range * by[MN_BY_INVERSE_RANGE],
                .k_p = by[MN_BY_K_P],
                .kappa_d0 = by[MN_BY_KAPPA_D0],
                .slope_p = by[MN_BY_X_P] * v,
                .slope_d = by[MN_BY_X_D] * v,
            };
            next_row(jacobian, k, by[MN_BY_G], &own, by[MN_BY_X_P] * p->slope_p + by[MN_BY_X_D] * p->slope_d);
        }
    }
    return MN_OK;
}

/* The law of devices/rate_balance.c for one edge whose parameters a fit varies: where a rate overflows it gives up, and
 * does not hold the exponent. tests/test_theory_fit.py compares the two. */
int mn_rate_balance_trace(const mn_intervals *intervals, const mn_trace_parameters *p, double *conductance,
                          const mn_trace_jacobian *jacobian)
{
    double g = p->above / p->range;
    conductance[0] = p->g_min + p->above;
    if (jacobian != NULL) {
        first_row(jacobian);
    }
    for (int64_t k = 0; k < intervals->n; k++) {
        const double dt = intervals->dt[k], v = intervals->voltage[k];
        const double up_1 = mn_exp1(p->slope_p * v), down_1 = mn_exp1(-p->slope_d * v);
        const double up = p->k_p * up_1, down = p->kappa_d0 * down_1;
        const double rate = up + down, kept = mn_exp1(-rate * dt);
        const double before = g;
        g = up / rate * (1.0 - kept) + g * kept;
        if (!isfinite(g)) {
            return MN_ERR_TRACE_RANGE;
        }
        conductance[k + 1] = p->g_min + p->range * g;
        if (jacobian != NULL) {
            const double share = up / rate, moved = 1.0 - kept, shrink = dt * kept * (share - before);
            const double by_up = p->range * (down / rate / rate * moved + shrink);
            const double by_down = p->range * (shrink - share / rate * moved);
            const mn_trace_parameters own = {
                .g_min = moved,
                .range = g - kept * before,
                .k_p = by_up * up_1,
                .kappa_d0 = by_down * down_1,
                .slope_p = by_up * up * v,
                .slope_d = -by_down * down * v,
            };
            next_row(jacobian, k, kept, &own, by_up * up * p->slope_p - by_down * down * p->slope_d);
        }
    }
    return MN_OK;
}
