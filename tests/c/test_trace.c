/* theory/trace against closed forms, its own order and its errors. Against a plain twin: tests/test_theory_fit.py. */
#include "check.h"
#include "memnet.h"

#include <float.h>
#include <math.h>

enum { N = 12 };

static const double dt[N] = {0.01, 0.01, 0.5, 3.0, 40.0, 0.2, 0.2, 1.0, 7.0, 1e-6, 300.0, 2.0};

/* Without voltage the equation is linear, and the method exact for it, whatever the step and however stiff. */
static void test_linear(check_count *count)
{
    const double rates[4][2] = {{0.3, 0.02}, {1e-6, 5.0}, {40.0, 1e4}, {0.0, 0.1}};
    const double voltage[N] = {0.0};
    for (int r = 0; r < 4; r++) {
        const double g_min = 0.2, range = 3.0, k_p = rates[r][0], kappa_d0 = rates[r][1], above = 0.5;
        const double p[MN_TRACE_PARAMETERS] = {g_min, range, k_p, kappa_d0, 2.0, 3.0, above};
        double g[N + 1], time = 0.0;
        CHECK(count, mn_mean_field_trace(N, dt, voltage, p, 1e-10, INT64_MAX, g) == MN_OK);
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
    const double p[MN_TRACE_PARAMETERS] = {0.1, 4.0, 2e-3, 3.0, 5.0, 8.0, 0.3};
    double voltage[N], best[N + 1], g[N + 1], before = DBL_MAX;
    for (int k = 0; k < N; k++) {
        voltage[k] = k % 3 == 0 ? 1.5 : 0.05;
    }
    CHECK(count, mn_mean_field_trace(N, dt, voltage, p, 1e-14, INT64_MAX, best) == MN_OK);
    for (int digits = 3; digits <= 11; digits += 2) {
        double worst = 0.0;
        CHECK(count, mn_mean_field_trace(N, dt, voltage, p, pow(10.0, -digits), INT64_MAX, g) == MN_OK);
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
    const double near[MN_TRACE_PARAMETERS] = {1e-12, 1e12, 2e-3, 3.0, 2.0, 8.0, 0.3};
    const double limit[MN_TRACE_PARAMETERS] = {0.0, (double)INFINITY, 2e-3, 3.0, 2.0, 8.0, 0.3};
    double voltage[N], g[N + 1], there[N + 1];
    for (int k = 0; k < N; k++) {
        voltage[k] = k < 5 ? 1.0 : 0.1;
    }
    CHECK(count, mn_mean_field_trace(N, dt, voltage, near, 1e-12, INT64_MAX, g) == MN_OK);
    CHECK(count, mn_mean_field_trace(N, dt, voltage, limit, 1e-12, INT64_MAX, there) == MN_OK);
    for (int k = 0; k <= N; k++) {
        CHECK(count, fabs(g[k] - there[k]) < 1e-9);
    }
}

static void test_rate_balance(check_count *count)
{
    const double p[MN_TRACE_PARAMETERS] = {0.2, 3.0, 0.01, 0.4, 1.5, 2.5, 0.6};
    double voltage[N], g[N + 1], state = 0.2;
    for (int k = 0; k < N; k++) {
        voltage[k] = 0.3 * k;
    }
    CHECK(count, mn_rate_balance_trace(N, dt, voltage, p, g) == MN_OK);
    CHECK(count, fabs(g[0] - 0.8) < 1e-15);
    for (int k = 0; k < N; k++) {
        const double up = 0.01 * exp(1.5 * voltage[k]), down = 0.4 * exp(-2.5 * voltage[k]);
        state = up / (up + down) + (state - up / (up + down)) * exp(-(up + down) * dt[k]);
        CHECK(count, fabs(g[k + 1] - (0.2 + 3.0 * state)) < 1e-14);
    }
}

static void test_errors(check_count *count)
{
    const double p[MN_TRACE_PARAMETERS] = {0.1, 4.0, 2e-3, 3.0, 5.0, 8.0, 0.3};
    double voltage[N], g[N + 1];
    for (int k = 0; k < N; k++) {
        voltage[k] = 1.0;
    }
    CHECK(count, mn_mean_field_trace(0, NULL, NULL, p, 1e-9, 0, g) == MN_OK);
    CHECK(count, g[0] == 0.4);
    CHECK(count, mn_rate_balance_trace(0, NULL, NULL, p, g) == MN_OK);
    CHECK(count, mn_mean_field_trace(N, dt, voltage, p, 1e-9, 5, g) == MN_ERR_TRACE_STEPS);
    voltage[7] = 1e6;
    CHECK(count, mn_mean_field_trace(N, dt, voltage, p, 1e-9, INT64_MAX, g) == MN_ERR_TRACE_RANGE);
    CHECK(count, mn_rate_balance_trace(N, dt, voltage, p, g) == MN_ERR_TRACE_RANGE);
    voltage[7] = (double)NAN;
    CHECK(count, mn_mean_field_trace(N, dt, voltage, p, 1e-9, INT64_MAX, g) == MN_ERR_TRACE_RANGE);
    CHECK(count, mn_rate_balance_trace(N, dt, voltage, p, g) == MN_ERR_TRACE_RANGE);
}

int main(void)
{
    check_count count = {0};
    test_linear(&count);
    test_order(&count);
    test_limits(&count);
    test_rate_balance(&count);
    test_errors(&count);
    return check_report(&count, "trace");
}
