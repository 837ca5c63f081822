/* The rate balance against closed forms in extended precision. */
#include "population.h"

#include <math.h>

/* The exact step in extended precision. */
static long double rate_balance_exact(long double kp0, long double kd0, long double etap, long double etad,
                                      long double v, long double dt, long double g)
{
    long double k_p = kp0 * expl(etap * v);
    long double k_d = kd0 * expl(-etad * v);
    long double x = (k_p + k_d) * dt;
    long double g_inf = kp0 > 0.0L ? 1.0L / (1.0L + kd0 / kp0 * expl(-(etap + etad) * v)) : 0.0L;
    return g_inf * -expm1l(-x) + g * expl(-x);
}

static void test_rate_balance_step(check_count *count)
{
    const double sets[5][4] = {{5e-4, 5e-2, 10.0, 10.0}, /* PNN25, then the published sets */
                               {8.422409820914783e-10, 0.048697579017353006, 0.19999370301178968, 158.02444821482402},
                               {2.555173332603108574e-6, 64.88388862524891465, 34.92155165334443012, 5.590601016803},
                               {1e-4, 0.5, 10.0, 1.0},
                               {5.217037178270165e-4, 37.93422536389374, 1.2922283233062284, 1.785933208836627}};
    const double dts[] = {1e-12, 1e-6, 0.05, 0.15, 1.0, 20.0, 1e3};
    const double starts[] = {0.0, 1e-9, 0.0099, 0.5, 1.0};
    double worst = 0.0;
    for (int s = 0; s < 5; s++) {
        mn_population population;
        mn_error error;
        const setting settings[4] = {
            {"kappa_p0", sets[s][0]}, {"kappa_d0", sets[s][1]}, {"eta_p", sets[s][2]}, {"eta_d", sets[s][3]}};
        NEED(make(&population, "RateBalance", 121, NULL, settings, 4, &error) == MN_OK);
        double v[121];
        v[0] = 0.0;
        for (int k = 1; k < 121; k++) {
            v[k] = (k % 2 ? 1.0 : -1.0) * 1e-3 * pow(10.0, 6.0 * (k - 1) / 119.0); /* 1 mV to 1 kV */
        }
        for (size_t d = 0; d < sizeof(dts) / sizeof(dts[0]); d++) {
            for (size_t b = 0; b < sizeof(starts) / sizeof(starts[0]); b++) {
                for (int k = 0; k < 121; k++) {
                    field_of(&population, "g")[k] = starts[b];
                }
                step(&population, dts[d], v);
                for (int k = 0; k < 121; k++) {
                    long double exact = rate_balance_exact(sets[s][0], sets[s][1], sets[s][2], sets[s][3],
                                                           fabsl((long double)v[k]), dts[d], starts[b]);
                    double got = field_of(&population, "g")[k];
                    double error_of = (double)(fabsl((long double)got - exact) / exact);
                    worst = exact > 1e-290L && error_of > worst ? error_of : worst;
                    CHECK(count, got >= 0.0 && got <= 1.0);
                }
            }
        }
        mn_population_free(&population);
    }
    printf("rate balance: largest relative error %.2g\n", worst);
    CHECK(count, worst <= 1e-12);
}

/* The exact step composes: a million steps of 1 us are one second. */
static void test_rate_balance_composes(check_count *count)
{
    mn_population population;
    mn_error error;
    const double v[2] = {0.0, -0.3};
    NEED(make(&population, "RateBalance", 2, NULL, &(setting){"g_initial", 0.5}, 1, &error) == MN_OK);
    for (int k = 0; k < 1000000; k++) {
        step(&population, 1e-6, v);
    }
    for (int k = 0; k < 2; k++) {
        double exact = (double)rate_balance_exact(5e-4L, 5e-2L, 10.0L, 10.0L, fabsl((long double)v[k]), 1.0L, 0.5L);
        CHECK(count, fabs(field_of(&population, "g")[k] - exact) <= 1e-12);
    }
    mn_population_free(&population);
}

static void test_rate_balance_edges(check_count *count)
{
    mn_population population;
    mn_error error;
    const double v[3] = {0.0, 0.3, 1000.0};
    const setting depression[2] = {{"kappa_p0", 0.0}, {"g_initial", 0.5}};
    NEED(make(&population, "RateBalance", 3, NULL, depression, 2, &error) == MN_OK);
    step(&population, 2.0, v);
    for (int k = 0; k < 3; k++) {
        double exact = (double)(0.5L * expl(-2.0L * 5e-2L * expl(-10.0L * (long double)v[k])));
        CHECK(count, fabs(field_of(&population, "g")[k] - exact) <= 1e-15);
    }
    mn_population_free(&population);
    const setting frozen[3] = {{"kappa_p0", 0.0}, {"kappa_d0", 0.0}, {"g_initial", 0.25}};
    NEED(make(&population, "RateBalance", 3, NULL, frozen, 3, &error) == MN_OK);
    step(&population, 2.0, v);
    for (int k = 0; k < 3; k++) {
        CHECK(count, field_of(&population, "g")[k] == 0.25);
    }
    mn_population_free(&population);
    const setting still[2] = {{"kappa_p0", 0.0}, {"kappa_d0", 0.0}}; /* no equilibrium to start from: 0 */
    NEED(make(&population, "RateBalance", 3, NULL, still, 2, &error) == MN_OK);
    CHECK(count, field_of(&population, "g")[0] == 0.0 && field_of(&population, "g_initial")[0] == 0.0);
    mn_population_free(&population);
    const setting insensitive[2] = {{"eta_p", 0.0}, {"eta_d", 0.0}};
    NEED(make(&population, "RateBalance", 3, NULL, insensitive, 2, &error) == MN_OK);
    CHECK(count, fabs(field_of(&population, "g_initial")[0] - 1.0 / 101.0) <= 1e-17);
    step(&population, 2.0, v);
    for (int k = 0; k < 3; k++) {
        CHECK(count, fabs(field_of(&population, "g")[k] - 1.0 / 101.0) <= 4e-18); /* the equilibrium at any voltage */
    }
    mn_population_free(&population);
}

static void test_rate_balance_published(check_count *count)
{
    mn_population population;
    mn_error error;
    const double v[3] = {0.0, 0.3, 1000.0};
    const setting settings[3] = {{"step", 1.0}, {"g_initial", 0.4}, {"g_min", 0.5}};
    NEED(make(&population, "RateBalance", 3, NULL, settings, 3, &error) == MN_OK);
    step(&population, 0.5, v);
    for (int k = 0; k < 3; k++) {
        long double k_p = 5e-4L * expl(10.0L * (long double)v[k]);
        long double k_d = 5e-2L * expl(-10.0L * (long double)v[k]);
        long double ratio = 100.0L * expl(-20.0L * (long double)v[k]); /* kD / kP */
        long double exact = (1.0L + ratio * 0.4L * expl(-(k_p + k_d) * 0.5L)) / (1.0L + ratio);
        CHECK(count, fabs(field_of(&population, "g")[k] - (double)exact) <= 1e-15);
    }
    double g[3];
    conduct(&population, 1.0, g, NULL);
    CHECK(count, fabs(g[1] - 0.5 * (1.0 + field_of(&population, "g")[1])) <= 1e-15); /* between 0.5 and 1 S */
    CHECK(count, g[2] == 1.0);
    mn_population_free(&population);
}

int main(void)
{
    check_count count = {0, 0};
    test_rate_balance_step(&count);
    test_rate_balance_composes(&count);
    test_rate_balance_edges(&count);
    test_rate_balance_published(&count);
    return check_report(&count, "rate balance");
}
