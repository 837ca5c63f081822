/* Linear drift memristors against steps by hand and fine steps. */
#include "population.h"

#include <math.h>

/* ------------------------------------------------------------------ linear drift */

/* One step by hand: r = 100 0.25 + 16000 0.75 = 12025 ohm, i = v / r, dx = 1e-14 100 / 1e-16 i f dt - decay x dt. With
 * a window it is exact: here that is Runge and Kutta's rule in 64 parts. */
static long double drift_rate(int window, long double p, long double x)
{
    long double f = window == 1 ? x * (1.0L - x) : 1.0L - powl(fabsl(2.0L * x - 1.0L), 2.0L * p);
    return 1e4L * 1.5L / (100.0L * x + 16e3L * (1.0L - x)) * f - 2.0L * x;
}

static long double drift_in_parts(int window, long double p, long double x, long double dt)
{
    for (int part = 0; part < 64; part++) {
        long double h = dt / 64.0L;
        long double a = drift_rate(window, p, x), b = drift_rate(window, p, x + 0.5L * h * a);
        long double c = drift_rate(window, p, x + 0.5L * h * b), d = drift_rate(window, p, x + h * c);
        x += h * (a + 2.0L * b + 2.0L * c + d) / 6.0L;
    }
    return x;
}

static void test_linear_drift_step(check_count *count)
{
    const double v = 1.5;
    const long double drift = 1e4L * 1.5L / 12025.0L * 1e-3L;
    const int windows[4] = {0, 1, 2, 2};
    const double p[4] = {1.0, 1.0, 1.0, 2.5};
    for (int k = 0; k < 8; k++) {
        const double dt = k < 4 ? 1e-3 : 0.1;
        const int kind = k % 4;
        if (kind == 0 && k > 0) {
            continue; /* Euler's step is tested once */
        }
        const setting settings[4] = {{"window", windows[kind]}, {"p", p[kind]}, {"x_initial", 0.25}, {"decay", 2.0}};
        double g = 0.0;
        mn_population population;
        mn_error error;
        NEED(make(&population, "LinearDrift", 1, NULL, settings, 4, &error) == MN_OK);
        conduct(&population, dt, &g, NULL);
        CHECK(count, g == 1.0 / 12025.0);
        step(&population, dt, &v);
        long double exact = kind ? drift_in_parts(windows[kind], (long double)p[kind], 0.25L, (long double)dt)
                                 : 0.25L + drift - 2.0L * 0.25L * 1e-3L;
        long double off = fabsl((long double)field_of(&population, "x")[0] - exact);
        CHECK(count, off <= (kind == 0 ? 1e-16L : 1e-11L));
        mn_population_free(&population);
    }
}

/* At and below the threshold only the decay moves x; the ends of the device hold it. */
static void test_linear_drift_limits(check_count *count)
{
    const double v[4] = {0.55, -0.56, 1e6, -1e6};
    const setting settings[2] = {{"v_threshold", 0.55}, {"x_initial", 0.5}};
    mn_population population;
    mn_error error;
    NEED(make(&population, "LinearDrift", 4, NULL, settings, 2, &error) == MN_OK);
    step(&population, 1e-3, v);
    const double *x = field_of(&population, "x");
    CHECK(count, x[0] == 0.5 && x[1] < 0.5 && x[1] > 0.49 && x[2] == 1.0 && x[3] == 0.0);
    mn_population_free(&population);
    for (int window = 1; window < 3; window++) { /* both windows hold the boundary at the ends, for good */
        NEED(make(&population, "LinearDrift", 4, NULL, &(setting){"window", window}, 1, &error) == MN_OK);
        double *state = field_of(&population, "x");
        state[0] = 0.0, state[1] = 1.0, state[2] = 0.0, state[3] = 1.0;
        step(&population, 1e-3, v);
        x = field_of(&population, "x");
        CHECK(count, x[0] == 0.0 && x[1] == 1.0 && x[2] == 0.0 && x[3] == 1.0);
        mn_population_free(&population);
    }
}

/* ------------------------------------------------------------------ short- and long-term drift */

/* One step by hand, r and drift l as above: w to eps with the rate f / tau, and what is left of l f dt. The steps of
 * 1 ms take the series of 1 - exp(-x), those of 1 s the exponential. */
static void test_short_long_term_step(check_count *count)
{
    const double windows[3] = {0.0, 1.0, 2.0};
    const long double f[3] = {1.0L, 0.1875L, 0.75L}, l = 1e4L * 1.5L / 12025.0L; /* 1/s at 1.5 V */
    for (int k = 0; k < 6; k++) {
        const double v = k % 2 ? -0.3 : 1.5, dt = k < 3 ? 1e-3 : 0.25;
        const setting settings[7] = {{"window", windows[k % 3]},
                                     {"w_initial", 0.25},
                                     {"tau_initial", 0.5},
                                     {"eps_initial", 0.125},
                                     {"sigma", 0.25},
                                     {"theta", 0.0625},
                                     {"a", 0.75}};
        double g = 0.0;
        mn_population population;
        mn_error error;
        NEED(make(&population, "ShortLongTermDrift", 1, NULL, settings, 7, &error) == MN_OK);
        conduct(&population, dt, &g, NULL);
        CHECK(count, g == 1.0 / 12025.0);
        step(&population, dt, &v);
        long double drift = l * (long double)v / 1.5L, time = (long double)dt;
        long double gone = -expm1l(-f[k % 3] * time / 0.5L);
        long double w = 0.25L + (0.125L - 0.25L) * gone + drift * 0.5L * gone;
        CHECK(count, fabsl((long double)field_of(&population, "w")[0] - w) <= 2e-16L);
        long double tau = 0.5L + 0.0625L * drift * 0.5L * time, eps = 0.125L + 0.25L * drift * f[k % 3] * time;
        CHECK(count, fabsl((long double)field_of(&population, "tau")[0] - tau) <= 2e-16L);
        CHECK(count, fabsl((long double)field_of(&population, "eps")[0] - eps) <= 2e-16L);
        mn_population_free(&population);
    }
}

/* However long the step and hard the drive, the states stay in their ranges; with tau = 0 the device forgets at once,
 * and where a window holds the boundary it does not even then. */
static void test_short_long_term_limits(check_count *count)
{
    const double v[5] = {0.0, 1e9, -1e9, 1e300, -1e300}, none[3] = {0.0, 0.0, 0.0};
    for (int window = 0; window < 3; window++) {
        mn_population population;
        mn_error error;
        NEED(make(&population, "ShortLongTermDrift", 5, NULL, &(setting){"window", window}, 1, &error) == MN_OK);
        for (int n = 0; n < 20; n++) {
            step(&population, n % 2 ? 1e-9 : 1e6, v);
            const double *w = field_of(&population, "w"), *eps = field_of(&population, "eps");
            const double *tau = field_of(&population, "tau");
            for (int k = 0; k < 5; k++) {
                CHECK(count, w[k] >= 0.0 && w[k] <= 1.0 && eps[k] >= 0.0 && eps[k] <= 1.0 && tau[k] >= 0.0);
            }
        }
        mn_population_free(&population);

        NEED(make(&population, "ShortLongTermDrift", 3, NULL, &(setting){"window", window}, 1, &error) == MN_OK);
        double *w = field_of(&population, "w"), *tau = field_of(&population, "tau");
        w[0] = 0.5, w[1] = 0.0, w[2] = 1.0, tau[0] = tau[1] = tau[2] = 0.0;
        step(&population, 1e-9, none);
        const double *now = field_of(&population, "w");
        CHECK(count, now[0] == 0.055 && now[1] == (window ? 0.0 : 0.055) && now[2] == (window ? 1.0 : 0.055));
        mn_population_free(&population);
    }
}

int main(void)
{
    check_count count = {0, 0};
    test_linear_drift_step(&count);
    test_linear_drift_limits(&count);
    test_short_long_term_step(&count);
    test_short_long_term_limits(&count);
    return check_report(&count, "linear drift");
}
