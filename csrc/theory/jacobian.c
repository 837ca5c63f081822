/* Derivatives of one step of a trace, by carrying a value and its derivatives through the formulas of trace.c (forward
 * differentiation): exact to rounding, whatever the number of jumps that a fit adds. */
#include "theory/trace.h"

#include <math.h>

typedef struct {
    double value, by[MN_DIRECTIONS];
} dual;

static dual constant(double value)
{
    return (dual){.value = value};
}

static dual variable(double value, int direction)
{
    dual x = {.value = value};
    x.by[direction] = 1.0;
    return x;
}

/* f(x), with its value and its derivative at x. */
static dual apply(const dual *x, double value, double derivative)
{
    dual result = {.value = value};
    for (int k = 0; k < MN_DIRECTIONS; k++) {
        result.by[k] = derivative * x->by[k];
    }
    return result;
}

/* p x + q y */
static dual combine(double p, dual x, double q, dual y)
{
    dual result = {.value = p * x.value + q * y.value};
    for (int k = 0; k < MN_DIRECTIONS; k++) {
        result.by[k] = p * x.by[k] + q * y.by[k];
    }
    return result;
}

static dual times(dual x, dual y)
{
    dual result = {.value = x.value * y.value};
    for (int k = 0; k < MN_DIRECTIONS; k++) {
        result.by[k] = x.by[k] * y.value + x.value * y.by[k];
    }
    return result;
}

static dual exponential(dual x)
{
    const double value = mn_exp1(x.value);
    return apply(&x, value, value);
}

typedef struct {
    dual phi_1, phi_3;
} dual_phi;

/* (e^z - 1) / z and (e^z - 1 - z - z^2 / 2) / z^3; their derivatives from z phi_1' = e^z - phi_1 and
 * z^2 phi_3' = phi_1' - 1/2 - 2 z phi_3, or by series where these cancel. */
static dual_phi phi(dual z)
{
    const double x = z.value;
    if (fabs(x) < 0.1) {
        double phi_1 = 0.0, phi_3 = 0.0, slope_1 = 0.0, slope_3 = 0.0, power = 1.0, factorial = 1.0;
        for (int k = 0; k < 12; k++) { /* power x^k, factorial (k + 1)! */
            const double later = factorial * (k + 2) * (k + 3);
            phi_1 += power / factorial;
            phi_3 += power / later;
            factorial *= k + 2;
            slope_1 += (k + 1) * power / factorial;
            slope_3 += (k + 1) * power / (later * (k + 4));
            power *= x;
        }
        return (dual_phi){apply(&z, phi_1, slope_1), apply(&z, phi_3, slope_3)};
    }
    const double e = mn_exp1(x);
    const double phi_1 = (e - 1.0) / x, phi_3 = ((phi_1 - 1.0) / x - 0.5) / x;
    const double slope_1 = (e - phi_1) / x, slope_3 = ((slope_1 - 0.5) / x - 2.0 * phi_3) / x;
    return (dual_phi){apply(&z, phi_1, slope_1), apply(&z, phi_3, slope_3)};
}

typedef struct {
    dual g_min, inverse_range, k_p, kappa_d0, x_p, x_d;
} dual_field;

static dual force_at(const dual_field *field, dual g, dual *slope)
{
    const dual w = apply(&g, 1.0 / g.value, -1.0 / (g.value * g.value)), y = combine(1.0, g, -1.0, field->g_min);
    const dual up_by = times(field->x_p, w), down_by = times(field->x_d, w);
    const dual up = times(field->k_p, exponential(up_by));
    const dual down = times(field->kappa_d0, exponential(apply(&down_by, -down_by.value, -1.0)));
    const dual room = combine(1.0, constant(1.0), -1.0, times(y, field->inverse_range));
    if (slope != NULL) {
        const dual rise = combine(1.0, field->inverse_range, 1.0, times(times(up_by, w), room));
        const dual fall = combine(1.0, constant(1.0), 1.0, times(times(down_by, w), y));
        *slope = combine(-1.0, times(up, rise), -1.0, times(down, fall));
    }
    return combine(1.0, times(up, room), -1.0, times(down, y));
}

void mn_differentiate_step(const mn_mean_field *field, double h, double g, double by[MN_DIRECTIONS])
{
    const dual_field at = {
        variable(field->g_min, MN_BY_G_MIN), variable(field->inverse_range, MN_BY_INVERSE_RANGE),
        variable(field->k_p, MN_BY_K_P),     variable(field->kappa_d0, MN_BY_KAPPA_D0),
        variable(field->x_p, MN_BY_X_P),     variable(field->x_d, MN_BY_X_D),
    };
    const dual start = variable(g, MN_BY_G);
    dual slope;
    const dual force = force_at(&at, start, &slope);
    const dual_phi f = phi(apply(&slope, h * slope.value, h));
    const dual move = times(f.phi_1, force);
    const dual stage = combine(1.0, start, h, move);
    const dual there = force_at(&at, stage, NULL);
    const dual straight = combine(1.0, force, h, times(slope, move));
    const dual end = combine(1.0, stage, 2.0 * h, times(f.phi_3, combine(1.0, there, -1.0, straight)));
    for (int k = 0; k < MN_DIRECTIONS; k++) {
        by[k] = end.by[k];
    }
}
