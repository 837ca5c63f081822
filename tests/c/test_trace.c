/* theory/trace against closed forms, its own order and its errors. Against a plain twin: tests/test_theory_fit.py. */
#include "check.h"
#include "theory/traces.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { N = 12 };

static const double dt[N] = {0.01, 0.01, 0.5, 3.0, 40.0, 0.2, 0.2, 1.0, 7.0, 1e-6, 300.0, 2.0};

/* Without voltage the equation is linear, and the method exact for it, whatever the step and however stiff. */
static void test_linear(check_count *count)
{
    const double rates[5][2] = {{0.3, 0.02}, {1e-6, 5.0}, {40.0, 1e4}, {0.0, 0.1}, {1e-6, 5.0}};
    const double voltage[N] = {0.0};
    for (int r = 0; r < 5; r++) { /* the last falls to a hundredth of where it starts */
        const double g_min = r == 4 ? 0.02 : 0.2, above = r == 4 ? 3.0 : 0.5;
        const double range = 3.0, k_p = rates[r][0], kappa_d0 = rates[r][1];
        const mn_trace_parameters p = {g_min, range, k_p, kappa_d0, 2.0, 3.0, above};
        double g[N + 1], time = 0.0;
        CHECK(count, mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &p, 1e-10, INT64_MAX, g, NULL) == MN_OK);
        CHECK(count, g[0] == g_min + above);
        const double rate = k_p / range + kappa_d0, end = k_p / rate;
        for (int k = 0; k < N; k++) {
            time += dt[k];
            const double want = g_min + end + (above - end) * exp(-rate * time);
            CHECK(count, fabs(g[k + 1] - want) < 1e-13 * (fabs(want) + above));
        }
    }
}

static void test_order(check_count *count)
{
    const mn_trace_parameters p = {0.1, 4.0, 2e-3, 3.0, 5.0, 8.0, 0.3};
    double voltage[N], best[N + 1], g[N + 1], before = DBL_MAX;
    for (int k = 0; k < N; k++) {
        voltage[k] = k % 3 == 0 ? 1.5 : 0.05;
    }
    CHECK(count, mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &p, 1e-14, INT64_MAX, best, NULL) == MN_OK);
    for (int digits = 3; digits <= 11; digits += 2) {
        double worst = 0.0;
        CHECK(count, mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &p, pow(10.0, -digits), INT64_MAX, g, NULL) ==
                         MN_OK);
        for (int k = 0; k <= N; k++) {
            worst = fmax(worst, fabs(g[k] - best[k]));
        }
        CHECK(count, worst < 100.0 * pow(10.0, -digits));
        CHECK(count, worst < before);
        before = worst;
    }
}

/* A huge range and no g_min are limits of the equation, not errors. */
static void test_limits(check_count *count)
{
    const mn_trace_parameters near = {1e-12, 1e12, 2e-3, 3.0, 2.0, 8.0, 0.3};
    const mn_trace_parameters limit = {0.0, (double)INFINITY, 2e-3, 3.0, 2.0, 8.0, 0.3};
    double voltage[N], g[N + 1], there[N + 1];
    for (int k = 0; k < N; k++) {
        voltage[k] = k < 5 ? 1.0 : 0.1;
    }
    CHECK(count, mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &near, 1e-12, INT64_MAX, g, NULL) == MN_OK);
    CHECK(count, mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &limit, 1e-12, INT64_MAX, there, NULL) == MN_OK);
    for (int k = 0; k <= N; k++) {
        CHECK(count, fabs(g[k] - there[k]) < 1e-9);
    }
}

static void test_rate_balance(check_count *count)
{
    const mn_trace_parameters p = {0.2, 3.0, 0.01, 0.4, 1.5, 2.5, 0.6};
    double voltage[N], g[N + 1], state = 0.2;
    for (int k = 0; k < N; k++) {
        voltage[k] = 0.3 * k;
    }
    CHECK(count, mn_rate_balance_trace(&(mn_intervals){N, dt, voltage}, &p, g, NULL) == MN_OK);
    CHECK(count, fabs(g[0] - 0.8) < 1e-15);
    for (int k = 0; k < N; k++) {
        const double up = 0.01 * exp(1.5 * voltage[k]), down = 0.4 * exp(-2.5 * voltage[k]);
        state = up / (up + down) + (state - up / (up + down)) * exp(-(up + down) * dt[k]);
        CHECK(count, fabs(g[k + 1] - (0.2 + 3.0 * state)) < 1e-14);
    }
}

static void test_errors(check_count *count)
{
    const mn_trace_parameters p = {0.1, 4.0, 2e-3, 3.0, 5.0, 8.0, 0.3};
    double voltage[N], g[N + 1];
    for (int k = 0; k < N; k++) {
        voltage[k] = 1.0;
    }
    CHECK(count, mn_mean_field_trace(&(mn_intervals){0}, &p, 1e-9, 0, g, NULL) == MN_OK);
    CHECK(count, g[0] == 0.4);
    CHECK(count, mn_rate_balance_trace(&(mn_intervals){0}, &p, g, NULL) == MN_OK);
    CHECK(count, mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &p, 1e-9, 5, g, NULL) == MN_ERR_TRACE_STEPS);
    voltage[7] = 1e6;
    CHECK(count,
          mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &p, 1e-9, INT64_MAX, g, NULL) == MN_ERR_TRACE_RANGE);
    CHECK(count, mn_rate_balance_trace(&(mn_intervals){N, dt, voltage}, &p, g, NULL) == MN_ERR_TRACE_RANGE);
    voltage[7] = (double)NAN;
    CHECK(count,
          mn_mean_field_trace(&(mn_intervals){N, dt, voltage}, &p, 1e-9, INT64_MAX, g, NULL) == MN_ERR_TRACE_RANGE);
    CHECK(count, mn_rate_balance_trace(&(mn_intervals){N, dt, voltage}, &p, g, NULL) == MN_ERR_TRACE_RANGE);
}

/* ------------------------------------------------------------------ derivatives */

enum { N_JUMPS = 2, WIDTH = MN_N_TRACE_PARAMETERS + N_JUMPS };

/* A trace of the model, mean field or balance, with its derivatives where rows are given. */
static int follow(bool is_field, const double *voltage, const mn_trace_parameters *p, double *g,
                  const mn_trace_jacobian *rows)
{
    const mn_intervals intervals = {N, dt, voltage};
    return is_field ? mn_mean_field_trace(&intervals, p, 1e-12, INT64_MAX, g, rows)
                    : mn_rate_balance_trace(&intervals, p, g, rows);
}

/* Column c of the Jacobian by Richardson's extrapolation of central differences, error h^4. */
static void differences(check_count *count, bool is_field, const double *voltage, const mn_trace_parameters *p,
                        const int64_t *jump, int c, double *slope)
{
    double g[4][N + 1], by_number[MN_N_TRACE_PARAMETERS];
    memcpy(by_number, p, sizeof(by_number));
    const bool is_jump = c >= MN_N_TRACE_PARAMETERS;
    const double at = is_jump ? voltage[jump[c - MN_N_TRACE_PARAMETERS]] : by_number[c];
    const double h = 2e-3 * (at == 0.0 ? 1.0 : fabs(at)), shift[4] = {h, -h, 2.0 * h, -2.0 * h};
    for (int k = 0; k < 4; k++) {
        mn_trace_parameters q;
        double v[N], shifted[MN_N_TRACE_PARAMETERS];
        memcpy(shifted, p, sizeof(shifted));
        memcpy(v, voltage, sizeof(v));
        *(is_jump ? &v[jump[c - MN_N_TRACE_PARAMETERS]] : &shifted[c]) += shift[k];
        memcpy(&q, shifted, sizeof(q));
        CHECK(count, follow(is_field, v, &q, g[k], NULL) == MN_OK);
    }
    for (int k = 0; k <= N; k++) {
        slope[k] = (8.0 * (g[0][k] - g[1][k]) - (g[2][k] - g[3][k])) / (12.0 * h);
    }
}

static void test_derivatives(check_count *count)
{
    const mn_trace_parameters p[2] = {{0.2, 3.0, 0.01, 0.4, 0.5, 0.25, 0.6}, {0.1, 4.0, 0.02, 0.3, 0.6, 0.8, 0.3}};
    const int64_t jump[N_JUMPS] = {3, 7};
    double voltage[N], g[N + 1], plain[N + 1], slope[N + 1], values[N + 1][WIDTH];
    const mn_trace_jacobian jacobian = {N_JUMPS, jump, &values[0][0]};
    for (int k = 0; k < N; k++) {
        voltage[k] = k % 4 == 2 ? 0.0 : 0.15 * k;
    }
    for (int m = 0; m < 2; m++) {
        CHECK(count, follow(m == 1, voltage, &p[m], g, &jacobian) == MN_OK);
        CHECK(count, follow(m == 1, voltage, &p[m], plain, NULL) == MN_OK);
        CHECK(count, memcmp(g, plain, sizeof(g)) == 0);
        for (int c = 0; c < WIDTH; c++) {
            double largest = 0.0, worst = 0.0;
            differences(count, m == 1, voltage, &p[m], jump, c, slope);
            for (int k = 0; k <= N; k++) {
                largest = fmax(largest, fabs(slope[k]));
                worst = fmax(worst, fabs(values[k][c] - slope[k]));
            }
            CHECK(count, largest > 0.0 && worst <= 1e-6 * largest);
        }
        for (int j = 0; j < N_JUMPS; j++) { /* nothing before a jump depends on it */
            for (int64_t k = 0; k <= jump[j]; k++) {
                CHECK(count, values[k][MN_N_TRACE_PARAMETERS + j] == 0.0);
            }
        }
    }
}

/* Intervals so short that phi's series carries them have the derivatives of Euler's step, dG = dt (dF + dF/dG dG). */
static void test_short_derivatives(check_count *count)
{
    const mn_trace_parameters p = {0.2, 3.0, 0.01, 0.4, 0.5, 0.25, 0.6};
    const double time[1] = {1e-7}, voltage[1] = {0.8};
    double g[2], values[2][MN_N_TRACE_PARAMETERS];
    const mn_trace_jacobian jacobian = {0, NULL, &values[0][0]};
    CHECK(count, mn_mean_field_trace(&(mn_intervals){1, time, voltage}, &p, 1e-12, INT64_MAX, g, &jacobian) == MN_OK);
    const double start = 0.8, up = exp(0.5 * 0.8 / start), down = exp(-0.25 * 0.8 / start);
    CHECK(count, fabs(values[1][2] / time[0] - up * (1.0 - 0.6 / 3.0)) <= 1e-6);
    CHECK(count, fabs(values[1][3] / time[0] + down * 0.6) <= 1e-6);
    CHECK(count, fabs(values[1][6] - 1.0) <= 1e-6 && values[0][6] == 1.0 && values[0][0] == 1.0);
}

int main(void)
{
    check_count count = {0};
    test_linear(&count);
    test_order(&count);
    test_limits(&count);
    test_rate_balance(&count);
    test_errors(&count);
    test_derivatives(&count);
    test_short_derivatives(&count);
    return check_report(&count, "trace");
}
