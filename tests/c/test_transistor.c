/* The transistor of level 1 against its law written out by regions, as SPICE has it. */
#include "population.h"

#include <math.h>

enum { N = 1 };

static const double k = 2e-4, v_t = 0.7, modulation = 0.05;

/* Drain to source, v >= 0. */
static double forward(double v, double v_gs)
{
    double over = v_gs - v_t, grown = 1.0 + modulation * v;
    return over <= 0.0 ? 0.0 : v < over ? k * (over * v - 0.5 * v * v) * grown : 0.5 * k * over * over * grown;
}

static double channel(double v, double v_gs)
{
    return v >= 0.0 ? forward(v, v_gs) : -forward(-v, v_gs - v);
}

static void compare(check_count *count, mn_population *population, double v, double v_gs, double sign)
{
    double i, i_v, h = 1e-6;
    const mn_linear linear = {.i = &i, .i_v = &i_v};
    double at = sign * v, gate = sign * v_gs;
    population->model->linearise(population, &(mn_step){.v = &at, .linked_v = &gate}, &linear);
    double exact = sign * channel(v, v_gs);
    double slope = (channel(v + h, v_gs) - channel(v - h, v_gs)) / (2.0 * h);
    double rounding = 0x1p-50 * k * (v * v + v_gs * v_gs + v_t * v_t);
    CHECK(count, fabs(i - exact) <= rounding);
    CHECK(count, fabs(i_v - slope) <= 1e-9 && i_v >= 0.0);
}

static void test_regions(check_count *count, double polarity)
{
    const setting settings[] = {{"k", k}, {"v_t", v_t}, {"modulation", modulation}, {"polarity", polarity}};
    mn_population population;
    mn_error error;
    int64_t n_off = 0, n_saturated = 0, n_linear = 0;
    NEED(make(&population, "Transistor", N, NULL, settings, 4, &error) == MN_OK);
    for (int a = -20; a <= 20; a++) {
        for (int b = -10; b <= 20; b++) {
            double v = 0.1 * a + 0.013, v_gs = 0.15 * b + 0.021, over = v_gs - v_t;
            n_off += over <= 0.0 && over - v <= 0.0;
            n_saturated += over > 0.0 && over - v <= 0.0;
            n_linear += over > 0.0 && over - v > 0.0;
            compare(count, &population, v, v_gs, polarity == 0.0 ? 1.0 : -1.0);
        }
    }
    CHECK(count, n_off > 100 && n_saturated > 50 && n_linear > 100);
    mn_population_free(&population);
}

int main(void)
{
    check_count count = {0, 0};
    test_regions(&count, 0.0);
    test_regions(&count, 1.0);
    return check_report(&count, "transistor");
}
